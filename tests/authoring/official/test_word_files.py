"""Word files: merged cells, automatic numbers, insertions; and files made to hurt."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import jixiao.office.document  # noqa: F401 - what is put in its place has to be there
from jixiao.authoring import read_table
from jixiao.model import Stop

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评价标准")


def word(path: Path, criteria: list[str], *, numbered: bool = False) -> Path:
    document = docx.Document()
    document.add_paragraph("部门整体支出绩效评分表")
    table = document.add_table(rows=2, cols=len(HEAD))
    for cell, text in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("投入", "预算", "甲", "100", "说明"), strict=False):
        cell.text = text
    last = table.rows[1].cells[-1]
    last.text = criteria[0]
    for line in criteria[1:]:
        last.add_paragraph(line)
    if numbered:
        for paragraph in last.paragraphs:
            spec = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(spec))
    document.save(str(path))
    return path


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    table = read_table(word(tmp_path / "a.docx", ["有制度，得60分", "执行好，得40分"], numbered=True))
    assert table.rows[0].criteria == "1.有制度，得60分\n2.执行好，得40分"
    assert table.title == "部门整体支出绩效评分表"


def test_the_place_is_named_by_table_row_and_column(tmp_path: Path) -> None:
    row = read_table(word(tmp_path / "a.docx", ["x"])).rows[0]
    assert row.place.place() == "a.docx 第1个表格第2行第3列（甲）"


def rewritten(source: Path, target: Path, part: str, change: bytes, other: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(change, other) if name == part else data)
    return target


@pytest.mark.parametrize(
    ("change", "other"),
    [
        (b"<?xml version", b'<!DOCTYPE x [<!ENTITY a "b">]><?xml version'),
        (b"<w:body>", b"<w:body"),
        (b"<w:tbl>", b"<w:tbl>" * 300),
    ],
)
def test_hostile_parts_are_refused(tmp_path: Path, change: bytes, other: bytes) -> None:
    good = word(tmp_path / "a.docx", ["x"])
    with pytest.raises(Stop):
        read_table(rewritten(good, tmp_path / "b.docx", "word/document.xml", change, other))


def test_a_cell_over_a_billion_columns_is_bounded(tmp_path: Path) -> None:
    good = word(tmp_path / "a.docx", ["x"])
    wide = b'<w:tcPr><w:gridSpan w:val="99999"/>'
    bad = rewritten(good, tmp_path / "b.docx", "word/document.xml", b"<w:tcPr>", wide)
    with pytest.raises(Stop):
        read_table(bad)


def test_without_an_office_a_document_of_the_old_format_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["jixiao.office.converting"], "find_office", lambda: None)
    begin = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path = tmp_path / "旧.doc"
    path.write_bytes(begin + "WordDocument".encode("utf-16-le") + bytes(2048))
    with pytest.raises(Stop) as stop:
        read_table(path)
    assert stop.value.finding.code == "J330" and "LibreOffice" in str(stop.value)
