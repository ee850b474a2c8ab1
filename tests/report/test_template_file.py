"""A place's own Word template: the names and texts of the ordinary report; a template is a hostile input."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import docx
import pytest

from jixiao import pipeline
from jixiao.model import Refused, UsageStop
from tests.report.report_reading import cli, drafted, put, said

needs = pytest.mark.skipif(find_spec("docxtpl") is None, reason="docxtpl is not installed")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return tmp_path / "模板.docx"


def write(path: Path, *paragraphs: str, rows: tuple[tuple[str, ...], ...] = (), header: str = "") -> Path:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    table = made.add_table(0, len(rows[0])) if rows else None
    for row in rows:
        assert table is not None
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.sections[0].header.paragraphs[0].text = header
    made.save(str(path))
    return path


def filled(book: Path, template: Path, *, draft: bool = True) -> list[str]:
    target = book.with_name("出.docx")
    pipeline.report(book, target, template=template, draft=draft)
    made = docx.Document(str(target))
    rows = ["|".join(cell.text for cell in row.cells) for table in made.tables for row in table.rows]
    return [*(p.text for p in made.paragraphs), *rows, made.sections[0].header.paragraphs[0].text]


@needs
def test_a_template_says_what_the_report_says(book: Path, template: Path) -> None:
    put(book, {"文字.部门职能": "甲 & 乙 <w:p> {{ 总分 }}\n第二段"})
    pipeline.score(book)
    write(
        template,
        "{{ 单位 }}总分{{ 总分 }}，即{{ 总分|数值 }}分",
        "{% if 总分 > 90 %}优{% else %}{{ 等级 }}{% endif %}{% if 等级 == '良' %}！{% endif %}",
        "{{ 文字.部门职能 }}",
        "{{ 章节.相关建议 }}",
        rows=(("{%tr for 行 in 指标 %}", ""), ("{{ 行.三级指标 }}", "{{ 行.得分 }}"), ("{%tr endfor %}", "")),
        header="{{ 评分表 }}",
    )
    made = filled(book, template, draft=False)
    assert made[:4] == ["遂溪县招商局总分82.27分，即82.27分", "良！", "甲 & 乙 <w:p> {{ 总分 }}", "第二段"]
    report = drafted(book, "核查")
    assert [line for line in made if line.startswith("1.建立")] == [
        line for line in said(report).splitlines() if line.startswith("1.建立")
    ]
    rows = [line for line in made if "|" in line]
    assert len(rows) == 30 and "绩效目标完成效率|3.87" in rows and "资金下达合法性|不适用" in rows
    assert made[-1] == "整体支出绩效指标核查评分表"


@needs
def test_what_has_no_value_is_marked_in_a_draft_and_no_report(book: Path, template: Path) -> None:
    write(template, "转移支付{{ 转移支付合计 }}", "{% if 转移支付合计 %}有{% endif %}")
    assert filled(book, template)[:2] == ["转移支付〔缺少：转移支付合计〕", ""]
    with pytest.raises(Refused) as stop:
        filled(book, template, draft=False)
    assert stop.value.finding.code == "J716" and "转移支付合计" in stop.value.finding.message


@needs
@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("{{ 总得分 }}", "J712", "“总得分”，是否指“总分”"),
        ("{{ 文字.部门职责 }}", "J712", "是否指“部门职能”"),
        ("{% for 行 in 指标 %}{{ 行.评分说法 }}{% endfor %}", "J712", "是否指“评分说明”"),
        ("{{ 总分 ", "J713", "总分"),
        ("{% if 总分 %}", "J713", "总分"),
        ("{{ 单位.__class__ }}", "J712", "__class__"),
        ("{{ ''.__class__ }}", "J714", "__class__"),
        ("{{ 单位['__class__'] }}", "J714", "[ ]"),
        ("{{ 单位|attr('text') }}", "J714", "attr"),
        ("{{ 单位.text }}", "J712", "text"),
        ("{{ lipsum(1) }}", "J714", "调用"),
        ("{% set 甲 = 1 %}", "J714", "set"),
        ("{% include '/etc/passwd' %}", "J714", "include"),
        ("{{ 9 ** 99999999 }}", "J714", "运算"),
        ("".join("{% for a in 指标 %}" for _ in range(6)) + "{% endfor %}" * 6, "J714", "循环"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "J714", ""),
    ],
)
def test_a_template_reaches_nothing_but_its_names(
    book: Path, template: Path, text: str, code: str, told: str
) -> None:
    with pytest.raises((Refused, UsageStop)) as stop:
        filled(book, write(template, text))
    assert stop.value.finding.code == code and told in stop.value.finding.message
    assert not book.with_name("出.docx").exists()


def changed(data: bytes, part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return out.getvalue()


TYPES = b"http://schemas.openxmlformats.org"
OUTSIDE = (
    b'<?xml version="1.0"?><Relationships xmlns="' + TYPES + b'/package/2006/relationships"><Relationship Id="r1" Type="'
    + TYPES + b'/officeDocument/2006/relationships/attachedTemplate" Target="http://x/y.dotm" TargetMode="External"/>'
    b"</Relationships>"
)  # fmt: skip


@needs
@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("word/vbaProject.bin", b"x", "宏"),
        ("word/embeddings/a.xlsx", b"x", "嵌入"),
        ("word/_rels/settings.xml.rels", OUTSIDE, "外部"),
        ("word/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "文档类型"),
    ],
)
def test_what_a_report_may_not_carry_is_no_template(
    book: Path, template: Path, part: str, content: bytes, told: str
) -> None:
    data = write(template, "{{ 总分 }}").read_bytes()
    template.write_bytes(changed(data, part, content))
    with pytest.raises(Refused) as stop:
        filled(book, template)
    assert stop.value.finding.code == "J714" and told in stop.value.finding.message


@needs
@pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04" + b"\0" * 90])
def test_what_is_no_document_is_refused_in_one_line(
    book: Path, template: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    template.write_bytes(data)
    assert cli("report", book, "-o", book.with_name("出.docx"), "--template", template, "--draft") == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_name_is_listed_with_its_meaning_and_an_example(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {one.written: one for one in pipeline.report_names(book)}
    assert found["{{ 总分 }}"].example == "82.27分"
    assert found["{{ 年度支出决算数 }}"].example == "139.40万元"
    assert found["{{ 文字.部门职能 }}"].example and found["{{ 章节.存在问题 }}"].example
    assert [one.written for one in found.values() if not one.about] == []
    assert cli("report", book, "--names") == 0
    assert "{{ 总分 }}" in capsys.readouterr().out
    assert cli("report", book) == 2


def test_a_page_takes_no_template(book: Path, template: Path) -> None:
    with pytest.raises(UsageStop) as stop:
        pipeline.report(book, book.with_name("出.html"), template=template)
    assert stop.value.finding.code == "J706"
