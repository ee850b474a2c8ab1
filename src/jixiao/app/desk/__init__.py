"""desk: the buttons at work on the open workbook of a running spreadsheet program, over xlwings alone.

``act(app, request)`` is the one door: plain data in, plain data out. Sheets are read and written as whole blocks;
a sheet is never touched where nothing changes.
"""

from __future__ import annotations

from jixiao.app.desk.host import Host, Silent, StatusBar
from jixiao.app.desk.press import act, warm
from jixiao.app.desk.request import VERBS, Answer, Request
from jixiao.app.desk.undo import Memory

__all__ = ["VERBS", "Answer", "Host", "Memory", "Request", "Silent", "StatusBar", "act", "warm"]
