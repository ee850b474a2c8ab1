"""An existing scoring workbook in memory: opened safely, read, scored, its cells changed one by one."""
