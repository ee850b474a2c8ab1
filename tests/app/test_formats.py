"""One door, one behaviour: every verb, by command line and by Python, on every format. What one door reads, every door reads.

A verb that does not take a format says so in one Chinese line, by the same finding and exit code at both doors.
"""

from __future__ import annotations

import base64
import functools
import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
import xlwt

import jixiao
from jixiao import pipeline
from jixiao.model import Stop
from jixiao.office import converted, find_office
from tests.app.conftest import Run
from tests.intake import grids
from tests.office import hostile_files
from tests.office.pdf_maker import Paper, pdf

Lines = Sequence[Sequence[str]]
ACCOUNTS: Lines = (
    ("收入支出决算总表", "", "", ""),
    ("单位：万元", "", "", ""),
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目", "决算数"),
    ("本年收入合计", "1234.5", "本年支出合计", "1234.5"),
)
POINTS: Lines = (
    ("某县部门整体支出绩效评价评分表", "", "", "", ""),
    ("一级指标", "二级指标", "三级指标", "权重", "评分标准"),
    ("投入", "目标", "目标合理性", "60", "绩效目标合理的得60分，否则不得分"),
    ("过程", "执行", "预算执行率", "40", "预算执行率≥95%得40分，低于95%不得分"),
)


def binary(lines: Lines) -> bytes:
    """As Excel 97 and WPS 2003 save it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            sheet.write(row, column, float(text) if text[:1].isdigit() else text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(lines: Lines) -> bytes:
    """A document: the title, then the table."""
    document = docx.Document()
    document.add_paragraph(lines[0][0])
    table = document.add_table(0, len(lines[0]))
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    document.add_paragraph()  # a program that saves the old format loses a table that ends a document
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@functools.cache
def old_word(lines: Lines) -> bytes:
    """The document as programs of before 2007 save it."""
    return converted(word(lines), "docx", "doc:MS Word 97")


def paper(lines: Lines) -> bytes:
    """A page with the ruled table, its title and unit above."""
    columns = [60 + 140 * number for number in range(len(lines[0]) + 1)]
    return pdf(Paper().table(lines[2:], columns))


def text(lines: Lines, mark: str = ",") -> str:
    return "\r\n".join(mark.join(line) for line in lines)


def rows(lines: Lines, row: str, cell: str) -> str:
    """Marked up: a row and a cell as templates."""
    return "".join(row.format("".join(cell.format(words) for words in line)) for line in lines)


def html(lines: Lines) -> str:
    return f"<html><body><table>{rows(lines, '<tr>{}</tr>', '<td>{}</td>')}</table></body></html>"


def xml(lines: Lines) -> str:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    body = rows(lines, "<Row>{}</Row>", '<Cell><Data ss:Type="String">{}</Data></Cell>')
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="表"><Table>{body}</Table>'
        "</Worksheet></Workbook>"
    )


def mhtml(lines: Lines) -> bytes:
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=part\r\n\r\n--part\r\n"
    part = "Content-Location: 表.htm\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return (head + part).encode() + base64.encodebytes(html(lines).encode()) + b"\r\n--part--\r\n"


def ods(lines: Lines) -> bytes:
    cell = '<table:table-cell><text:p xmlns:text="urn:t">{}</text:p></table:table-cell>'
    return hostile_files.ods(rows(lines, "<table:table-row>{}</table:table-row>", cell))


def xlsx(lines: Lines) -> bytes:
    return grids.xlsx(grids.rows("表", lines))


TABLES: dict[str, Callable[[Lines], bytes]] = {
    "表.xlsx": xlsx,
    "表.xlsm": xlsx,
    "表.xls": binary,
    "表.et": binary,
    "表.ods": ods,
    "表.csv": lambda lines: text(lines).encode(),
    "国标.csv": lambda lines: text(lines).encode("gb18030"),
    "制表符.xls": lambda lines: text(lines, "\t").encode("utf-16"),
    "网页.xls": lambda lines: html(lines).encode("gb18030"),
    "网页.html": lambda lines: html(lines).encode(),
    "标记.xls": lambda lines: xml(lines).encode(),
    "存档.mht": mhtml,
    "存档.xls": mhtml,
    "文.docx": word,
    "页.pdf": paper,
    **({"旧.doc": old_word} if find_office() else {}),
}
"""One table, as the programs that people have save it."""
OTHERS = {
    "字.txt": "本年收入合计1234.5万元。".encode(),
    "字.rtf": rb"{\rtf1 \u25968? 1234.5}",
    "图.png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "包.zip": hostile_files.pack({"a.txt": b"a"}),
    "空.xlsx": b"",
    "夹.xlsx": None,
    "没有.xlsx": ...,
}
"""No tables: None is a folder, ... nothing at all."""

WRITTEN = ("表.csv", "国标.csv", "制表符.xls", "文.docx", "旧.doc", "页.pdf", "字.txt")
"""What a written report may be: documents, and any plain text."""

BOOK, REPORT = "簿.xlsx", "报告.docx"
DOORS: dict[str, tuple[Sequence[str], list[str], Callable[[str], Any]]] = {
    # verb: the files that it takes, the command, the same from Python
    "fill": (tuple(TABLES), ["fill", BOOK, "FILE"], lambda file: jixiao.fill(BOOK, [file])),
    "read": (tuple(TABLES), [], jixiao.read),
    "check --last": (
        tuple(TABLES),
        ["check", BOOK, "--last", "FILE"],
        lambda file: pipeline.check(Path(BOOK), previous=[Path(file)]),
    ),
    "fill --facts": ((), ["fill", BOOK, "--facts", "FILE"], lambda file: jixiao.fill(BOOK, [], facts=file)),
    "fill into": ((), ["fill", "FILE", REPORT], lambda file: jixiao.fill(file, [REPORT])),
    "score": ((), ["score", "FILE"], jixiao.score),
    "check": ((), ["check", "FILE"], jixiao.check),
    "verify": ((), ["verify", "FILE"], jixiao.verify),
    "verify --seal": ((), ["verify", BOOK, "--seal", "FILE"], lambda file: jixiao.verify(BOOK, seal=file)),
    "seal": ((), ["seal", "FILE"], jixiao.seal),
    "show": ((), ["show", "FILE", "收入决算数"], lambda file: jixiao.show(file, "收入决算数")),
    "report": ((), ["report", "FILE", "-o", "出.docx"], lambda file: jixiao.report(file, "出.docx")),
    "compare": ((), ["compare", BOOK, "FILE"], lambda file: jixiao.compare(BOOK, file)),
    "audit": (WRITTEN, ["audit", "FILE", BOOK], lambda file: jixiao.audit(file, BOOK)),
    "audit with": ((), ["audit", REPORT, "FILE"], lambda file: jixiao.audit(REPORT, file)),
    "new": ((), ["new", "FILE", "-o", "新.xlsx"], lambda file: jixiao.new(file, "新.xlsx")),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: bytes) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / BOOK).write_bytes(empty)
    (tmp_path / REPORT).write_bytes(word(ACCOUNTS))
    return tmp_path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return pipeline.new("suixi-2022", tmp_path_factory.mktemp("空") / BOOK).read_bytes()


def put(file: str, lines: Lines) -> None:
    content: Any = TABLES[file](lines) if file in TABLES else OTHERS[file]
    if content is None:
        Path(file).mkdir()
    elif content is not ...:
        Path(file).write_bytes(content)


def outcome(call: Callable[[str], Any], file: str) -> tuple[str, int]:
    """Finding and exit code of the door of Python; an empty code where it took the file."""
    try:
        made = call(file)
    except Stop as stop:
        return stop.finding.code, stop.exit_code
    if isinstance(made, list):  # verify lists what it could not open
        return made[0].findings.items[0].code, made[0].exit_code
    return "", 0


@pytest.mark.parametrize("verb", DOORS)
def test_both_doors_take_the_same_files(verb: str, here: Path, run: Run, empty: bytes) -> None:
    taken, command, call = DOORS[verb]
    for file in (*TABLES, *OTHERS):
        put(file, ACCOUNTS)
        code, left = outcome(call, file)
        assert (left == 0) == (file in taken), (verb, file, code)
        (here / BOOK).write_bytes(empty)
        if not command:
            continue
        ran = run(*(file if word == "FILE" else word for word in command))
        assert "Traceback" not in ran.err, (verb, file)
        if left == 0:
            assert ran.code in (0, 1), (verb, file, ran.err)  # 1: findings of level error
        else:
            assert (ran.code, ran.out) == (left, ""), (verb, file, ran.err)
            assert f"[{code}]" in ran.line and re.search("[一-鿿]{4}", ran.line), (verb, file)
            assert Path(file).stem in ran.line, (verb, file, ran.line)
            assert (here / BOOK).read_bytes() == empty, (verb, file)
    assert not (here / "新.xlsx").exists() and not (here / "出.docx").exists()


@pytest.mark.parametrize("file", TABLES)
def test_every_format_gives_the_same_figure_and_the_same_rubric(file: str, here: Path, run: Run) -> None:
    put(file, ACCOUNTS)
    assert [fact.value for fact in jixiao.read(file).of("本年收入合计")] == [Decimal("1234.5")]
    put(file, POINTS)
    linted, imported = run("rubric", "lint", file), run("rubric", "import", file, "-o", "新.yaml")
    if file == "页.pdf":
        assert (linted.code, imported.code) == (3, 3) and "J330" in linted.line == imported.line
        return
    assert (linted.code, imported.code) == (0, 0), (linted.err, imported.err)
    made = pipeline.rubric("新.yaml")
    assert [(one.key, one.rule.full) for one in made.indicators()] == [
        ("目标合理性", Decimal(60)),
        ("预算执行率", Decimal(40)),
    ]
