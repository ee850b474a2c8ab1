"""foreign: a workbook that was not made by us, with a 评分表 of official columns on the active sheet."""

from __future__ import annotations

from jixiao.app.desk.foreign.fill import score_foreign

__all__ = ["score_foreign"]
