"""Audit: a written report held against a scoring workbook, figure by figure, and two workbooks held side by side."""
