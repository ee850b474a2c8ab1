"""Official table to rubric: criteria texts read, table layouts, lint, editing in Excel, difference of two tables."""
