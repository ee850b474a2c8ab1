"""An officer's own workbook with a 评分表 that was not made by us: found among the uploads, and filled by the desk."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jixiao.app import desk
from jixiao.app.serve.rooms import Session
from jixiao.model import Refused, UsageStop
from jixiao.office.ooxml import Book, split_ref

MOST_SHEETS, TOP_ROWS, TOP_CELLS = 60, 40, 4_000
NOT_HERE = "J833"  # the desk's word for a sheet without a 评分表


def sheets_of(book: Book) -> list[str]:
    """The sheets that look like a 评分表: 三级指标 (or 评价指标) and a column of points among their first rows."""
    from jixiao.app.desk.foreign.recognise import GOT
    from jixiao.authoring.official.headings import plain_word

    found = []
    for name in book.sheet_names[:MOST_SHEETS]:
        if "/worksheets/" not in f"/{book.part(name)}":
            continue
        first = itertools.islice(book.sheet(name).cells(), TOP_CELLS)
        words = {
            plain_word(cell.value)
            for cell in first
            if isinstance(cell.value, str) and len(cell.value) < 20 and split_ref(cell.ref)[0] <= TOP_ROWS
        }
        if words & {"三级指标", "评价指标"} and words & set(GOT):
            found.append(name)
    return found


def fill(session: Session, name: str, rubric: str, definitions: Sequence[Path]) -> dict[str, Any]:
    """Fill 得分 and 评分说明 in an uploaded workbook; the desk's answer as data. UsageStop where there is nothing to fill.

    ``need`` is ``rubric`` and ``options`` are ids where the desk cannot tell which rubric the table follows.
    """
    from jixiao.app.desk.packed import act_on_file
    from jixiao.office.guard import open_package

    if name not in session.tables:
        raise UsageStop("J881", what="填写")
    data = (session.given / name).read_bytes()
    words = {"rubric": rubric} if rubric else {}
    for sheet in sheets_of(open_package(data)):
        asked = desk.Request("score", sheet=sheet, words=words)
        answer, made, cells = act_on_file(
            data, name, asked, memory=desk.Memory(), definitions=tuple(definitions)
        )
        if answer.ok:
            session.keep_filled(name, made)
        if answer.ok or NOT_HERE not in {finding["code"] for finding in answer.findings}:
            return {**answer.data(), "cells": [f"{at}!{ref}" for at, ref, _ in cells], "file": name}
    raise Refused(NOT_HERE, sheet=name)


def filled(session: Session) -> tuple[str, bytes]:
    """The workbook that was filled: its name and bytes; UsageStop where none was."""
    if not session.filled:
        raise UsageStop("J881", what="下载")
    return session.filled, (session.folder / "own" / session.filled).read_bytes()
