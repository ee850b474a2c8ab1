"""A source file is read by ``jixiao.read`` as by ``jixiao fill``, whatever its format."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import jixiao
from tests.office import hostile_files

LINES = (
    ("收入支出决算总表",),
    ("单位：万元",),
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目", "决算数"),
    ("本年收入合计", "1234.5", "本年支出合计", "1234.5"),
)
CSV = "\r\n".join(",".join((*line, "", "", "")[:4]) for line in LINES)
HTML = (
    "<table>" + "".join("<tr>" + "".join(f"<td>{c}" for c in line) + "</tr>" for line in LINES) + "</table>"
)
ODS = "".join(
    "<table:table-row>"
    + "".join(f'<table:table-cell><text:p xmlns:text="urn:t">{c}</text:p></table:table-cell>' for c in line)
    + "</table:table-row>"
    for line in LINES
)
FILES = {
    "统一码.csv": CSV.encode(),
    "国标.csv": CSV.encode("gb18030"),
    "网页.xls": HTML.encode(),
    "开放.ods": hostile_files.ods(ODS),
}


@pytest.mark.parametrize("name", FILES)
def test_read_and_fill_agree(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(FILES[name])
    assert jixiao.read(source).of("本年收入合计")[0].value == Decimal("1234.5")
    done = jixiao.fill(jixiao.new("suixi-2022", tmp_path / "簿.xlsx"), [source])
    assert done.sheets == 1
