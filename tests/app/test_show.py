"""`jixiao show`: where a fact stands, in words and as the picture of its printed place."""

from __future__ import annotations

import struct
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.model import Refused, UsageStop
from tests.office.pdf_maker import LINES, Paper, pdf

pytest.importorskip("pypdfium2")
NAME, TITLE = "一般公共预算财政拨款收入", "收入支出决算总表"


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook filled from a PDF that lies beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "决算.pdf").write_bytes(pdf(Paper().text(50, 50, "封面"), Paper().table()))
    book = pipeline.new("suixi-2022", tmp_path / "评分簿.xlsx")
    pipeline.fill(book, [tmp_path / "决算.pdf"])
    return book


def pixels(data: bytes) -> tuple[int, int, bytes]:
    width, height = struct.unpack(">2I", data[16:24])
    return width, height, zlib.decompress(data[41 : 41 + struct.unpack(">I", data[33:37])[0]])


def test_the_place_is_told_and_drawn(printed: Path, run: Any, tmp_path: Path) -> None:
    told = run("show", printed, NAME)
    assert told.code == 0 and "1234.56" in told.out and "决算.pdf 第2页!C5" in told.out.replace("\n", "")
    assert "距左边 88 毫米、距上边 42 毫米" in told.out.replace(
        "\n    ", ""
    ) and "原文“1,234.56”" in told.out.replace("\n    ", "")
    assert run("show", printed, NAME, "-o", tmp_path / "图.png").code == 0
    data = (tmp_path / "图.png").read_bytes()
    width, height, rows = pixels(data)
    assert (width, height) == (2 * 842, 2 * 100) and len(data) < 60_000
    line = rows[(3 * width + 1) * 100 :][: 3 * width + 1]  # through the middle of the frame
    red = [at for at in range(width) if line[1 + 3 * at : 4 + 3 * at] == b"\xd0\x21\x21"]
    assert red[0] == 2 * 249 and red[-1] == 2 * 321 + 1 and len(red) == 4


def test_it_is_data_too(printed: Path, run: Any) -> None:
    made = run("show", printed, NAME, "--json").data
    assert (made["value"], made["unit"]) == (None, "万元"), "no fact of this rubric: nothing has its value"
    assert made["places"][0] == {
        "value": "1234.56", "raw": "1,234.56", "file": "决算.pdf", "sheet": "第2页", "cell": "C5",
        "label": "一、一般公共预算财政拨款收入 · 收入/决算数", "box": [2, 250, 120, 320, 140],
    }  # fmt: skip


def test_the_file_must_be_at_hand_and_the_same(printed: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "决算.pdf").rename(tmp_path / "移走.pdf")
    assert "没有找到“决算.pdf”" in run("show", printed, NAME).out
    refused = run("show", printed, NAME, "-o", "图.png")
    assert refused.code == 3 and "[J891]" in refused.line
    assert run("show", printed, NAME, "--source", "移走.pdf", "-o", "图.png").code == 0
    (tmp_path / "决算.pdf").write_bytes(pdf(Paper().table(LINES)))
    assert "不是导入时的那个文件" in run("show", printed, NAME).out
    assert run("show", printed, NAME, "--source", "没有.pdf").code == 3


def test_other_facts_have_words_only(book: Path, run: Any) -> None:
    told = run("show", book, "年度支出决算数")
    assert told.code == 0 and "139.4" in told.out and "决算报表.xlsx" in told.out and "没有图" not in told.out
    with pytest.raises(Refused):
        pipeline.show(book.parent / "没有.xlsx", "年度支出决算数")
    with pytest.raises(UsageStop, match="年度支出决算数"):
        pipeline.show(book, "年度支出决算")


def test_the_imported_page_is_a_sheet_of_the_workbook(printed: Path) -> None:
    from jixiao.office import open_workbook

    book = open_workbook(printed.read_bytes())
    assert TITLE in book.sheet_names
    cell = book.sheet(TITLE).get("C5")
    assert cell is not None and cell.value == Decimal("1234.56")
    facts = pipeline.read(printed).of(NAME)
    assert facts[0].source.box == (2, 250, 120, 320, 140) and facts[0].source.sheet == "第2页"
