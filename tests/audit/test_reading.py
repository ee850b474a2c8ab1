"""Reports as files: .docx, .txt in two encodings, .pdf; damaged, hostile and empty ones."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from jixiao.audit import KnownValues, Report, read_report, report_of
from jixiao.model import LimitReached, Refused, Stop, UsageStop
from tests.audit.mutations import audited
from tests.growth import grows_no_faster
from tests.office.pdf_maker import Paper
from tests.office.pdf_maker import pdf as pdf_of

TEXT = "一、概况\n\n支出决算数139.40万元，支出完成率100%。\n\n（一）人员\n\n在职人员8人。\n"
PDF_LINES = ("1. Budget 139.40, spent 139.40.", "2. Rate 100%.")


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><w:document {SPACE}>'


def saved(tmp_path: Path, data: bytes, name: str = "报告.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def word(body: str) -> bytes:
    """A .docx whose document part has a body of our own."""
    made = docx.Document()
    out = io.BytesIO()
    made.save(out)
    source, target = zipfile.ZipFile(io.BytesIO(out.getvalue())), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = (
                    body if body.startswith("<?xml") else f"{HEAD}<w:body>{body}</w:body></w:document>"
                ).encode()
            package.writestr(name, data)
    return target.getvalue()


def pdf() -> bytes:
    """A page with a text layer, written by hand."""
    content = "BT /F1 12 Tf 50 700 Td " + " ".join(f"({line}) Tj 0 -20 Td" for line in PDF_LINES) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + end.encode()


def texts(report: Report) -> list[str]:
    return [block.text for block in report.blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_chinese_offices(tmp_path: Path, encoding: str) -> None:
    report = read_report(saved(tmp_path, TEXT.encode(encoding)))
    assert texts(report) == [
        "一、概况",
        "支出决算数139.40万元，支出完成率100%。",
        "(一)人员",
        "在职人员8人。",
    ]
    assert report.blocks[3].path == ("一、概况", "(一)人员")


def test_word_paragraphs_tables_and_headings(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("概况", 1)
    made.add_paragraph("支出决算数139.40万元。")
    table = made.add_table(2, 3)
    for cell, text in zip(table.rows[1].cells, ("支出完成率", "4", "7"), strict=True):
        cell.text = text
    made.add_paragraph("在职人员8人。")
    path = tmp_path / "报告.docx"
    made.save(str(path))
    report = read_report(path)
    assert texts(report) == ["概况", "支出决算数139.40万元。", "支出完成率\t4\t7", "在职人员8人。"]
    assert report.blocks[0].level == 1
    assert report.blocks[2].place(2).shown() == "表1第1行第3格"
    assert report.blocks[3].path == ("概况",)


def test_deleted_words_are_not_read(tmp_path: Path) -> None:
    gone, new = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", "<w:ins><w:r><w:t>8</w:t></w:r></w:ins>"
    body = f"<w:p><w:r><w:t>决算数</w:t></w:r>{gone}{new}</w:p>"
    assert texts(read_report(saved(tmp_path, word(body), "a.docx"))) == ["决算数8"]


def test_a_text_layer_is_read_page_by_page(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    report = read_report(saved(tmp_path, pdf(), "报告.pdf"))
    assert "Budget139.40,spent139.40." in "".join(texts(report)).replace(" ", "")
    assert report.blocks[0].page == 0 or report.blocks[0].page == 1


def test_a_ruled_table_of_a_page_is_a_table(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    lines = [("指标", "分值", "得分"), ("支出完成率", "5", "4"), ("结转结余率", "3", "3")]
    paper = Paper(595, 842).text(60, 50, "一、概况").text(60, 70, "在职人员8人。")
    made = pdf_of(paper.table(lines, (60, 200, 300, 400), top=150, title="评分表", unit="单位：分"))
    report = read_report(saved(tmp_path, made, "报告.pdf"))
    assert texts(report)[-3:] == ["指标\t分值\t得分", "支出完成率\t5\t4", "结转结余率\t3\t3"]
    assert [block.loose for block in report.blocks[-3:]] == [False, False, False]
    assert report.blocks[-2].place(2).shown() == "表1第2行第3格"


def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """A library in the place of the one that reads PDF."""
    library = tmp_path / "in its place"
    (library / "pypdfium2").mkdir(parents=True)
    (library / "pypdfium2" / "__init__.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(library))


@pytest.mark.skipif(sys.platform == "win32", reason="no bound of processor time")
def test_a_file_that_takes_too_long_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(tmp_path, monkeypatch, "import time; time.sleep(100)")
    monkeypatch.setattr("jixiao.office.pdfpages.PATIENCE", 1.0)
    with pytest.raises(LimitReached, match="读取时间"):
        read_report(saved(tmp_path, pdf(), "报告.pdf"))


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(tmp_path, monkeypatch, "raise ImportError")
    with pytest.raises(UsageStop) as stop:
        read_report(saved(tmp_path, pdf(), "报告.pdf"))
    assert stop.value.finding.code == "J155"


BOMB = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><w:document {SPACE}><w:body/></w:document>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.txt", b""),
        ("空白.txt", b" \n \n"),
        ("图.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("乱码.txt", b"\xff\xfe\xfa\x00\x01"),
        ("坏.docx", b"PK\x03\x04 no more"),
        ("实体.docx", word(BOMB)),
        ("断.docx", word("<w:p>")),
        ("坏.pdf", b"%PDF-1.4\n nothing"),
        ("网页.txt", b"<html><body>1</body></html>"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    if name.endswith(".pdf"):
        pytest.importorskip("pypdfium2")
    with pytest.raises(Stop) as stop:
        read_report(saved(tmp_path, data, name))
    assert stop.value.exit_code in (3, 5)


def test_a_workbook_is_no_report(tmp_path: Path, suixi_book: Path) -> None:
    with pytest.raises(Refused):
        read_report(suixi_book)
    with pytest.raises(Refused):
        read_report(tmp_path / "没有.docx")


def test_deep_nesting_is_read_without_recursion(tmp_path: Path) -> None:
    depth = 20_000
    body = (
        "<w:sdt><w:sdtContent>" * depth
        + "<w:p><w:r><w:t>8</w:t></w:r></w:p>"
        + "</w:sdtContent></w:sdt>" * depth
    )
    assert texts(read_report(saved(tmp_path, word(body), "a.docx"))) == ["8"]


def test_a_torn_paragraph_is_joined_and_a_title_is_not() -> None:
    long = "这是一个很长的段落，" * 5 + "在职人员8"
    report = report_of("a", f"关于报告的标题\n\n{long}\n\n人。\n\n单位：某局")
    assert texts(report) == ["关于报告的标题", f"{long}人。", "单位：某局"]


def test_the_contents_list_is_no_text() -> None:
    report = report_of("a", ("目 录\n\n一、概况\t- 1 -\n二、结论………3\n\n一、概况\n\n很好。"))
    assert [(entry.title, entry.page) for entry in report.contents] == [("一、概况", 1), ("二、结论", 3)]
    assert texts(report) == ["一、概况", "很好。"]


@pytest.mark.parametrize("unit", ["1,1", "比", "占1的", "一二三、", "三公", "(1)", "2022年", "决算数9万元"])
def test_a_text_four_times_as_long_takes_about_four_times_as_long(
    suixi_known: KnownValues, unit: str
) -> None:
    """One sentence that says the same again and again: each with each would be sixteen times."""
    assert grows_no_faster(lambda text: audited(text, suixi_known), unit, 12_000)


def test_a_text_of_too_many_figures_is_told(suixi_known: KnownValues) -> None:
    with pytest.raises(LimitReached) as stop:
        audited("1,1" * 20_001, suixi_known)
    assert stop.value.finding.code == "J751"
