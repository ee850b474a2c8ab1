"""Chinese official text: normalising, numerals, list numbering, quantities with unit and period, dates."""
