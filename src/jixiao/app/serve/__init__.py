"""serve: the resident service behind every button, on this machine and for this user alone.

It answers the doorbell of the spreadsheet programs (``bell``), and serves one page on loopback (``web``, ``pane/``)
where a workbook and its sources are dropped. No rule of scoring is here: every verb calls the pipeline.
The page's libraries are imported in this folder only, when the service starts.
"""
