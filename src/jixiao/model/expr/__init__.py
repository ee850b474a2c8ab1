"""One expression, three readings: exact number, Excel formula, Chinese sentence."""
