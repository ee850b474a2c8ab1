"""The add-in: put where the spreadsheet programs load it, and looked after. How it is made is in ``addin/making``.

The add-in has no rules and does no work. Its buttons ring the doorbell (``app/doorbell``) and say who answered.
"""
