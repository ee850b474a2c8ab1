"""Filling: what intake read and a facts file names -> entries, links, rows and cross-checks of a scoring workbook."""
