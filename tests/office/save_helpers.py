"""Workbooks and questions shared by the tests of saving."""

from __future__ import annotations

import functools
import io
import random
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from jixiao.model import Stop
from jixiao.office import check_package, open_workbook, sheet_xml

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes, locks and signals")


@functools.cache
def empty() -> bytes:
    """A workbook whose A1 is 0; made once, for it carries the time of its making."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    book = open_workbook(out.getvalue())
    book.replace_sheet("Sheet", sheet_xml({(1, 1): (0, None)}))
    return book.to_bytes()


@functools.cache
def workbook(ballast: int = 0) -> bytes:
    """The empty workbook with random bytes added, to make it another or a larger one."""
    out = io.BytesIO(empty())
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("customXml/ballast.bin")
        archive.writestr(info, random.Random(1).randbytes(ballast))
    return out.getvalue()


def counts(data: bytes) -> set[object]:
    """The distinct figures of a book of ``saving_child``: one when it is whole."""
    check_package(data)
    sheet = open_workbook(data).sheet("Sheet")
    return {cell.value for cell in sheet.cells()}


def beside(path: Path) -> list[str]:
    return sorted(other.name for other in path.parent.iterdir() if other != path)


def code(stop: pytest.ExceptionInfo[Stop]) -> tuple[str, int]:
    return stop.value.finding.code, stop.value.exit_code
