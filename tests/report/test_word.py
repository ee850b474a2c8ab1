"""The Word file: typography, contents, annex table, chart, draft mark, equal bytes; LibreOffice opens it."""

from __future__ import annotations

import io
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from jixiao.model import Finding
from jixiao.report import Annex, Block, Cell, Grid, Heading, Paragraph, Report, as_docx, to_pdf
from tests.report.report_reading import drafted

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def made(suixi: Path) -> bytes:
    return as_docx(drafted(suixi, "核查"))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode("utf-8")


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_equal_reports_are_equal_files(suixi: Path, made: bytes) -> None:
    assert as_docx(drafted(suixi, "核查")) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {info.date_time for info in package.infolist()} == {(2022, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml" and package.namelist()[1:] == sorted(
            package.namelist()[1:]
        )


def test_the_typography_is_that_of_a_public_document(made: bytes) -> None:
    styles = opened(made).styles
    fonts = {
        "Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "heading 1": "黑体", "heading 2": "楷体_GB2312", "heading 3": "仿宋_GB2312",
    }  # fmt: skip
    for name, font in fonts.items():
        style = next(s for s in styles if s.name.lower() == name.lower())
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    normal = styles.element.find(f"{qn('w:style')}[@{qn('w:styleId')}='Normal']")
    spacing, indent = (normal.pPr.find(qn(f"w:{tag}")) for tag in ("spacing", "ind"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("560", "exact")  # 28 points
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert normal.rPr.find(qn("w:sz")).get(qn("w:val")) == "32"  # 三号
    assert 'w:altName w:val="仿宋"' in part(made, "word/fontTable.xml")


def test_pages_sections_and_numbers(made: bytes) -> None:
    document = opened(made)
    cover, body, annex = document.sections
    assert (round(body.top_margin.mm), round(body.left_margin.mm), round(body.page_width.mm)) == (37, 28, 210)
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    assert body._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert cover._sectPr.find(qn("w:footerReference")) is None
    for footer in (body.footer, body.even_page_footer):
        xml = footer._element.xml
        assert " PAGE " in xml and "－ " in xml
    assert document.settings.odd_and_even_pages_header_footer


def test_the_contents_show_without_an_update(made: bytes) -> None:
    xml = part(made, "word/document.xml")
    assert 'TOC \\o "1-2" \\h \\z \\u' in xml
    anchors, marks = (
        set(re.findall(pattern, xml))
        for pattern in (r'w:anchor="(\w+)"', r'bookmarkStart [^>]*w:name="(\w+)"')
    )
    assert anchors and anchors <= marks
    entries = [p.text for p in opened(made).paragraphs if p.style.name.startswith("toc")]
    assert entries[0] == "一、评价部门概要\t1" and re.fullmatch(
        r"附件1　整体支出绩效指标核查评分表\t\d+", entries[-2]
    )
    assert xml.count('w:fldCharType="begin"') == xml.count('w:fldCharType="end"')


def test_the_annex_table_is_a_real_one(made: bytes) -> None:
    tables = [
        t
        for t in opened(made)._body._element.iter(qn("w:tbl"))
        if len(t.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")) == 10
    ]
    rows = [row for table in tables for row in table.findall(qn("w:tr"))]
    assert len(tables) > 1  # one a page, so that merged labels are printed on each
    for table in tables:
        heads = [
            row
            for row in table.findall(qn("w:tr"))
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        ]
        assert len(heads) == 3
        first = table.findall(qn("w:tr"))[3]
        assert "".join(t.text or "" for t in first.find(qn("w:tc")).iter(qn("w:t")))
    assert [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None] == []
    for row in rows:
        spans = [
            int(s.get(qn("w:val")))
            if (s := cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")) is not None
            else 1
            for cell in row.findall(qn("w:tc"))
        ]
        assert sum(spans) == 10
    assert len(rows) - 3 * len(tables) == 31  # 30 indicators and the total


def test_the_chart_is_native(made: bytes) -> None:
    xml = part(made, "word/charts/chart1.xml")
    assert "<c:barChart>" in xml and "<c:v>预算编制情况</c:v>" in xml and "<c:v>0.77</c:v>" in xml
    assert "/word/charts/chart1.xml" in part(made, "[Content_Types].xml")


def test_a_draft_carries_its_mark(suixi: Path, made: bytes) -> None:
    data = as_docx(drafted(suixi, "自评", draft=True))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        headers = [name for name in package.namelist() if name.startswith("word/header")]
        assert len(headers) == 2 and all("草稿" in package.read(name).decode() for name in headers)
    text = "\n".join(p.text for p in opened(data).paragraphs)
    assert "不得作为正式报告使用" in text
    assert "草稿" not in "\n".join(p.text for p in opened(made).paragraphs)


def test_every_line_of_a_cell_has_the_size_of_its_table() -> None:
    grid = Grid((1,), (), ((Cell("甲\n乙"),),), points=8)
    body = opened(as_docx(Report("题", [], blocks=[grid]))).element.body
    assert [size.get(qn("w:val")) for size in body.iter(qn("w:sz"))] == ["16", "16"]


def test_text_is_text(tmp_path: Path) -> None:
    evil = "<w:t>&amp; ]]> \x0b\x07 {x}\u202e"
    grid = Grid((1, 1), ((Cell(evil), Cell("")),), ((Cell(evil, rows=2), Cell(evil)), (Cell(evil),)))
    report = Report(
        evil,
        [("", evil)],
        blocks=[Heading(1, evil), Paragraph(evil, lead=evil), grid],
        annexes=[Annex(evil, evil, evil, (grid,))],
    )
    text = "\n".join(p.text for p in opened(as_docx(report)).paragraphs)
    assert "<w:t>&amp; ]]>  {x}" in text and "\x07" not in text and "\u202e" not in text


def test_a_long_table_of_an_annex_is_cut_between_rows_and_labels_are_repeated() -> None:
    rows = [((Cell("组", rows=90),) if n == 0 else ()) + (Cell(f"第{n}行"),) for n in range(90)]
    grid = Grid((1, 1), ((Cell("a"), Cell("b")),), tuple(rows), points=9)
    tables = opened(as_docx(Report("题", [], annexes=[Annex("附件", "表", "", (grid,))]))).tables
    assert len(tables) > 2
    assert [table.cell(1, 0).text for table in tables] == ["组"] * len(tables)
    assert [row.cells[1].text for table in tables for row in table.rows[1:]] == [
        f"第{n}行" for n in range(90)
    ]


def entries(*blocks: Block) -> list[str]:
    return [
        p.text
        for p in opened(as_docx(Report("题", [], blocks=list(blocks)))).paragraphs
        if p.style.name[:3] == "toc"
    ]


def test_page_numbers_are_reckoned_by_lines() -> None:
    lines = [Paragraph("文" * 20)]
    # 22 lines a page: a heading does not stand alone at the foot
    assert entries(Heading(1, "一"), *lines * 20, Heading(1, "二"), Paragraph("文")) == ["一\t1", "二\t2"]
    assert entries(Heading(1, "一"), *lines * 19, Heading(1, "二"), Paragraph("文")) == ["一\t1", "二\t1"]


def printed_pages(pdf: bytes) -> list[str]:
    """The text of each page of a PDF, without blanks."""
    library = pytest.importorskip("pypdfium2")
    with library.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
def test_libreoffice_prints_every_chapter_near_the_page_that_the_contents_say(
    made: bytes, changli: Path
) -> None:
    for data in (made, as_docx(drafted(changli, "自评"))):
        pdf = to_pdf(data, "报告.docx")
        assert isinstance(pdf, bytes)
        _, listed, *pages = printed_pages(pdf)
        assert "目录" in listed and len(pages) >= 4
        for entry in (p.text for p in opened(data).paragraphs if p.style.name.startswith("toc")):
            title, number = "".join(entry.split("\t")[0].split()), int(entry.split("\t")[1])
            # reckoned: with the fonts of this machine a page may end a line earlier
            assert any(title in page for page in pages[max(0, number - 2) : number + 1]), entry


def test_without_an_office_there_is_a_note_and_no_pdf(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys.modules["jixiao.office.converting"], "find_office", lambda: None)
    result = to_pdf(b"", "报告.docx")
    assert isinstance(result, Finding) and result.code == "J704"
    monkeypatch.setattr(sys.modules["jixiao.office.converting"], "find_office", lambda: "/no/such/soffice")
    gone = to_pdf(b"", "报告.docx")
    assert isinstance(gone, Finding) and gone.code == "J704"
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nno-such-program-at-all\n")  # a starter whose own programs are not found
    script.chmod(0o755)
    monkeypatch.setattr(sys.modules["jixiao.office.converting"], "find_office", lambda: str(script))
    unusable = to_pdf(b"", "报告.docx")
    assert isinstance(unusable, Finding) and unusable.code == "J704"
    monkeypatch.setattr(sys.modules["jixiao.office.converting"], "find_office", lambda: "/bin/false")
    broken = to_pdf(b"", "报告.docx")
    assert isinstance(broken, Finding) and broken.code == "J705"
