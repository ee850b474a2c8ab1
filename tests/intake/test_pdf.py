"""Tables printed as PDF: every fact is right or not found, whatever was done to the page; nothing is wrong."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import intake
from jixiao.model import Refused, load_yaml
from tests.house.tree import ROOT
from tests.office.pdf_maker import COLUMNS, LINES, WHOLE, Paper, pdf

pytest.importorskip("pypdfium2")
CASE = ROOT / "conformance" / "facts" / "putuo-guihua-2024"
SUIXI = ROOT / "workbooks" / "specimens" / "suixi-2022"
OFFICE = shutil.which("soffice")
ALL = {*WHOLE}
ZEROS = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "使用非财政拨款结余")


def facts(path: Path) -> dict[tuple[str, str], set[Any]]:
    made: dict[tuple[str, str], set[Any]] = {}
    for fact in intake.read([path]).facts:
        made.setdefault((fact.source.form, fact.name), set()).add(fact.value)
    return made


def read(tmp_path: Path, data: bytes) -> intake.Reading:
    path = tmp_path / "决算.pdf"
    path.write_bytes(data)
    return intake.read([path])


def values(reading: intake.Reading) -> dict[str, set[Any]]:
    made: dict[str, set[Any]] = {}
    for fact in reading.facts:
        made.setdefault(fact.name, set()).add(fact.value)
    return made


def wrong(found: dict[str, set[Any]], zeros: Iterable[str] = ZEROS) -> dict[str, set[Any]]:
    """What a table of LINES never said. Two figures for one name are a finding of their own, and none is taken."""
    said = {**WHOLE, **dict.fromkeys(zeros, "0")}
    return {name: got for name, got in found.items() if name in said and Decimal(said[name]) not in got}


def test_a_published_account_is_read_whole() -> None:
    """Eleven pages, two tables over two pages each: 40 of 40 figures, each with its page and its place there."""
    reading = intake.read([CASE / "部门决算.pdf"])
    said = load_yaml(CASE / "expected.yaml")
    for form, wanted in said["facts"].items():
        for name, each in wanted.items():
            found = [
                fact for fact in reading.facts.of(name, form=form) if fact.value == Decimal(each["value"])
            ]
            assert found, (form, name)
            assert len(reading.facts.of(name, form=form)) == len(found), (form, name)
            assert found[0].source.sheet == f"第{each['page']}页"
            page, left, top, right, bottom = found[0].source.box
            assert page == each["page"] and left < right and top < bottom
    for cell in said["cells"]:
        sheet = reading.sheets[int(cell["page"]) - 1]
        (row,) = [row for (row, _), found in sheet.cells.items() if found.value == cell["row"]]
        assert cell["text"] in [
            sheet.cells[row, column].value for column in range(1, 12) if (row, column) in sheet.cells
        ]
    assert not [found for found in reading.findings if found.code in ("J152", "J153", "J154")]


def each_alone(left: float, _: float, base: float, words: str, paper: Paper) -> None:
    for number, letter in enumerate(words):
        paper.text(left + 5 + 5 * number, base, letter)


def doubled(left: float, _: float, base: float, words: str, paper: Paper) -> None:
    paper.text(left + 5, base, words).text(left + 5.3, base, words)


def made(put: Callable[..., Any] | None = None, **how: Any) -> bytes:
    paper = Paper()
    return pdf(paper.table(put=None if put is None else lambda *at: put(*at, paper), **how))


def strips() -> bytes:
    paper = Paper().table(ruled=False)
    for row in range(len(LINES) + 1):
        paper.strip(60, 80 + 20 * row, 580, 80.5 + 20 * row)
    for x in COLUMNS:
        paper.strip(x, 80, x + 0.5, 80 + 20 * len(LINES))
    return pdf(paper)


def dots() -> bytes:
    paper = Paper().table(ruled=False)
    for row in range(len(LINES) + 1):
        for n in range(208):
            paper.strip(60 + 2.5 * n, 80 + 20 * row, 61 + 2.5 * n, 81 + 20 * row)
    for x in COLUMNS:
        for n in range(8 * len(LINES)):
            paper.strip(x, 80 + 2.5 * n, x + 1, 81 + 2.5 * n)
    return pdf(paper)


def two_boxes() -> bytes:
    left, right = [line[:2] for line in LINES], [line[2:] for line in LINES]
    return pdf(Paper().table(left, COLUMNS[:3]).table(right, (340, 510, 580), title="", unit=""))


def framed() -> bytes:
    paper = Paper().table()
    for x, y, u, v in ((20, 20, 820, 20), (820, 20, 820, 580), (20, 580, 820, 580), (20, 20, 20, 580)):
        paper.line(x, y, u, v)
    return pdf(paper)


SPENDING = [
    ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"),
    ("合计", "", "987.70", "500.00", "487.70"),
]
RIGHT: dict[str, Callable[[], bytes]] = {
    "线": made,
    "填充的细条": strips,
    "虚线": lambda: pdf(Paper().raw("[3 2] 0 d").table()),
    "点线": dots,
    "两侧无线": lambda: made(without=[(row, 3, "right") for row in range(len(LINES))]),
    "线不对齐": lambda: made(seam=1.6),
    "分页": lambda: pdf(Paper().table(LINES[:7]), Paper().table(LINES[7:], title="", unit="")),
    "分页重复表头": lambda: pdf(Paper().table(LINES[:7]), Paper().table([*LINES[:2], *LINES[7:]], title="收入支出决算总表（续）")),
    "页眉页脚": lambda: pdf(
        *(Paper().text(60, 30, "某局2023年度部门决算").table(lines, title=title, unit=unit).text(400, 560, f"— {n} —")
          for n, (lines, title, unit) in enumerate(((LINES[:7], "收入支出决算总表", "单位：万元"), (LINES[7:], "", "")), 1))
    ),
    "一页两表": lambda: pdf(Paper(842, 800).table(height=18).table(SPENDING, (60, 150, 320, 410, 490, 580), top=480, title="支出决算表")),
    "左右两框": two_boxes,
    "外框": framed,
    "字体说错了字高": lambda: made()
        .replace(b"/Ascent 1000 /Descent -200", b"/Ascent 0220 /Descent -036"),
    "字距": lambda: made(lambda left, _, y, words, paper: paper.text(left + 5, y, words, gap=2)),
    "逐字排": lambda: made(each_alone),
    "描两遍": lambda: made(doubled),
    "斜水印": lambda: pdf(Paper().table().raw("q .7 .7 -.7 .7 100 100 cm BT /F1 60 Tf 0 0 Td <83497a3f4ec54f9b> Tj ET Q")),
    "大水印": lambda: pdf(Paper().table().text(150, 250, "内部资料草稿", 70)),
    "看不见的数": lambda: pdf(Paper().table().text(300, 93 + 20, "9.99", more="3 Tr").raw("0 Tr")),
    "三百页": lambda: pdf(Paper().table(), *[Paper().text(50, 50, "本页为文字说明。" * 9)] * 299),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_every_fact_is_found(name: str, tmp_path: Path) -> None:
    found = values(read(tmp_path, RIGHT[name]()))
    assert {key: found.get(key) for key in WHOLE} == {key: {Decimal(value)} for key, value in WHOLE.items()}


def test_a_row_cut_by_the_page_gives_no_zero(tmp_path: Path) -> None:
    """The figure of the last row stands at the head of the next page, where nothing says whose it is."""
    reading = read(
        tmp_path,
        pdf(Paper().table(LINES[:8]), Paper().table([("", "77.00", "", ""), *LINES[8:]], title="", unit="")),
    )
    found = values(reading)
    assert "附属单位上缴收入" not in found and found["本年收入合计"] == {Decimal("1234.56")}
    assert any("附属单位上缴收入" in found.line() for found in reading.findings.errors)


@pytest.mark.parametrize("side", ["right", "below"])
def test_a_lost_piece_of_a_line_never_gives_a_wrong_fact(side: str, tmp_path: Path) -> None:
    right = 0
    places = [(row, column) for row in range(1, len(LINES) - 1) for column in range(row % 2, 4, 2)]
    for row, column in places:
        try:
            found = values(read(tmp_path, made(without=[(row, column, side)])))
        except Refused:
            continue
        assert wrong(found) == {}, (row, column)
        right += sum(name in found for name in WHOLE)
    assert right > 0.8 * len(places) * len(WHOLE)


DOUBTED: dict[str, Callable[[], bytes]] = {
    "数字压线": lambda: made(lambda _, right, y, words, paper: paper.text(right - 14, y, words)),
    "数字压上线": lambda: made(lambda left, _, y, words, paper: paper.text(left + 5, y - 9, words)),
    "数中有空": lambda: made(lambda left, _, y, words, paper: paper.text(left + 5, y, words[:1] + " " + words[1:])),
    "两数相叠": lambda: made(lambda left, _, y, words, paper: paper.text(left + 5, y, words).text(left + 7, y, "8888.88")),
    "全角数字出格": lambda: made(lambda left, _, y, words, paper: paper.text(left + 9, y, "１，２３４．５６")),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTED)
def test_a_figure_that_can_be_read_in_two_ways_is_not_taken(name: str, tmp_path: Path) -> None:
    reading = read(tmp_path, DOUBTED[name]())
    found = values(reading)
    assert not {key for key in WHOLE if key != "结余分配"} & found.keys() and wrong(found) == {}
    assert any(each.code in ("J154", "J116") for each in reading.findings)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_printed_as_pdf_says_the_same(tmp_path: Path) -> None:
    names = ("决算报表.xlsx", "自评基础信息表.xlsx", "预算批复.xlsx", "资产报表.xls")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*convert, *(str(SUIXI / name) for name in names)], check=True, capture_output=True, timeout=180
    )
    for name in names:
        assert facts((tmp_path / name).with_suffix(".pdf")) == facts(SUIXI / name)
