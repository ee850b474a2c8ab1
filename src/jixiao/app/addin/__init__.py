"""The add-in: built from the text files of addin/, put where the spreadsheet programs load it, and looked after.

The add-in has no rules and does no work. Its buttons ring the doorbell (``app/doorbell``) and say who answered.
"""
