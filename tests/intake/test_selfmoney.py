"""A self-evaluation form: its cells by what they show, money by its own unit, funds against their total, days as days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import jixiao
from jixiao.intake import Reading, read

D = Decimal
ROWS: list[list[Any]] = [
    ["产出指标", "数量指标", "修缮间数", "≥40间", "42间", 50, 50],
    ["效益指标", "社会效益指标", "使用率", "≥90%", "95%", 30, 30],
    ["满意度指标", "满意度指标", "满意度", "≥90%", "92%", 10, 10],
]
FUNDS = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金")


def form(
    folder: Path,
    *,
    money: Sequence[Sequence[Any]] = ((80, 80, 60),),
    unit: str = "单位：万元",
    block: str = "项目资金",
    rows: Sequence[Sequence[Any]] = ROWS,
    shown: Mapping[str, str] | None = None,
    year: str = "2024",
) -> Path:
    """A form written as an office would; ``shown`` are number formats."""
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    lines: list[list[Any]] = [
        [f"项目支出绩效自评表（{year}年度）", *[None] * 5, unit],
        ["项目名称", "校舍修缮"],
    ]
    lines.append([block, None, None, "年初预算数", "全年预算数", "全年执行数", "分值"])
    lines += [[None, None, name, *figures] for name, figures in zip(FUNDS, money, strict=False)]
    lines.append(["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"])
    for line in (*lines, *rows, ["总分", None, None, None, None, 100, 100]):
        sheet.append([None if cell == "" else cell for cell in line])
    for ref, code in (shown or {}).items():
        sheet[ref].number_format = code
    path = folder / "自评.xlsx"
    book.save(path)
    return path


def money_of(reading: Reading) -> tuple[Decimal | None, ...]:
    return tuple(reading.records["projects"][0].amount(name) for name in ("budget", "adjusted", "spent"))


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("money", "unit", "block"),
    [
        (("80万元", "80万元", "60万元"), "", "项目资金"),
        (("80万元", "800000元", "60万元（含上年结转）"), "", "项目资金"),
        (("八十万元", "80万", "￥600,000.00元"), "", "项目资金"),
        ((800000, "800,000.00", "６００，０００"), "金额单位：元", "项目资金"),
        ((80, 80, 60), "", "项目资金（万元）"),
        ((800, 800, 600), "单位：千元", "项目资金"),
        (("80万元", 80, 60), "单位：万元", "项目资金"),
    ],
)
def test_money_is_read_by_the_unit_nearest_to_it(
    money: Sequence[Any], unit: str, block: str, tmp_path: Path
) -> None:
    reading = read([form(tmp_path, money=[money], unit=unit, block=block)])
    assert money_of(reading) == (D(80), D(80), D(60)) and not reading.findings.errors


def test_a_unit_of_its_own_against_the_one_above_is_said(tmp_path: Path) -> None:
    reading = read([form(tmp_path, money=[(80, "800000元", 60)])])
    assert money_of(reading) == (D(80), D(80), D(60)) and codes(reading) == ["J135"]


def test_a_unit_in_the_number_format_counts(tmp_path: Path) -> None:
    path = form(tmp_path, unit="", shown=dict.fromkeys(("D4", "E4", "F4"), '0.00"万元"'))
    assert money_of(read([path])) == (D(80), D(80), D(60))


@pytest.mark.parametrize("code", ["0!.0,", '#,##0,"千元"', ";;;"])
def test_a_format_that_shows_another_figure_is_a_question(code: str, tmp_path: Path) -> None:
    reading = read([form(tmp_path, shown={"F4": code})])
    assert money_of(reading)[2] is None
    assert [f.sources[0].cell for f in reading.findings if f.code == "J116"] == ["F4"]


@pytest.mark.parametrize(
    "odd", ["约60", "60/80", "6 0", "1e2", "60%", "60人", 1e14, dt.date(2024, 5, 1), "12,34"]
)
def test_an_amount_that_is_none_is_said_with_its_cell(odd: object, tmp_path: Path) -> None:
    reading = read([form(tmp_path, money=[(80, 80, odd)])])
    assert money_of(reading)[2] is None
    said = [finding for finding in reading.findings if finding.code in ("J116", "J133")]
    assert [finding.sources[0].cell for finding in said] == ["F4"]


@pytest.mark.parametrize(
    ("money", "wrong"),
    [
        ([("", "", ""), (70, 70, 55), (10, 10, 5)], True),
        ([(0, 0, 0), (70, 70, 55), (10, 10, 5)], True),
        ([(80, 80, 60), (70, 70, 55), (10, 10, 5)], False),
        ([(80, 80, 60), (70, 70, 55), (9, 10, 5), (0, 0, 0)], True),
        ([(80, 80, 60), (70, 70, 55)], False),
        ([(80, 80, 60), (90, 80, 60)], True),
        ([(80, 80, 60), ("", "", "")], False),
    ],
)
def test_funds_that_are_not_the_total_are_said(
    money: Sequence[Sequence[Any]], wrong: bool, tmp_path: Path
) -> None:
    reading = read([form(tmp_path, money=money)])
    assert ("J144" in codes(reading)) is wrong
    figures = [row for row in money[1:] if set(row) != {""}]
    assert [record["name"] for record in reading.records.get("goal_funds", ())] == [
        FUNDS[number].removeprefix("其中：") for number in range(1, len(figures) + 1)
    ]


def scored(
    tmp_path: Path, rows: Sequence[Sequence[Any]], shown: Mapping[str, str]
) -> tuple[Decimal | None, list[str]]:
    """The total of a workbook filled from a form, and what was said."""
    book = jixiao.new("project-2020", tmp_path / "簿.xlsx", unit="某校", year="2024")
    done = jixiao.fill(book, [form(tmp_path, rows=rows, shown=shown)])
    return jixiao.score(book).total, [finding.line() for finding in done.findings]


def test_percent_cells_are_percentages(tmp_path: Path) -> None:
    rows = [
        ["产出指标", "数量指标", "修缮间数", 40, 30, 20, 15],
        ["", "质量指标", "合格率", 1, 1.2, 15, 15],
        ["", "时效指标", "按期完工率", 1, 0.9, 15, 13.5],
        ["效益指标", "社会效益指标", "使用率", "≥60%", 0.54, 30, 27],
        ["满意度指标", "满意度指标", "满意度", "≥90%", 0.965, 10, 10],
    ]
    shown = dict.fromkeys(("D7", "E7", "D8", "E8", "E9"), "0%") | {"E10": "0.0%"}
    total, said = scored(tmp_path, rows, shown)
    assert total == D("88.0") and [one[:6] for one in said] == ["[J420]"]  # 120 % is more than there can be


def test_a_result_above_one_hundred_per_cent_typed_as_a_fraction_is_a_question(tmp_path: Path) -> None:
    rows = [*ROWS[:1], ["效益指标", "社会效益指标", "使用率", "100%", 1.2, 30, 30], ROWS[2]]
    _, said = scored(tmp_path, rows, {})
    assert len(said) == 1 and "小数" in said[0] and "E7" not in said[0]


@pytest.mark.parametrize(
    ("target", "done", "met"),
    [
        ("2024年6月30日前", dt.date(2024, 6, 30), True),
        ("2024年9月底前", "2024年8月", True),
        (dt.date(2024, 6, 30), dt.date(2024, 5, 20), True),
        ("2024年6月30日前", dt.date(2024, 7, 1), False),
        ("6月30日前", dt.date(2024, 5, 1), False),
        ("2024年6月30日前", "按时完成", False),
    ],
)
def test_a_day_is_held_against_a_day(target: object, done: object, met: bool, tmp_path: Path) -> None:
    rows = [["产出指标", "时效指标", "完工时间", target, done, 50, 50], *ROWS[1:]]
    shown = {ref: "yyyy-mm-dd" for ref, value in (("D6", target), ("E6", done)) if isinstance(value, dt.date)}
    book = jixiao.new("project-2020", tmp_path / "簿.xlsx", unit="某校", year="2024")
    jixiao.fill(book, [form(tmp_path, rows=rows, shown=shown)])
    assert jixiao.score(book).total == (D("97.5") if met else D("47.5"))


def test_hidden_rows_and_columns_of_a_form_are_said(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Sheet"].row_dimensions[7].hidden = True
    book["Sheet"].column_dimensions["E"].hidden = True
    book.save(path)
    (said,) = (finding.message for finding in read([path]).findings if finding.code == "J130")
    assert "第7行" in said and "E列" in said


def test_a_form_of_another_year_is_said_when_it_is_filled(tmp_path: Path) -> None:
    book = jixiao.new("project-2020", tmp_path / "簿.xlsx", unit="某校", year="2024")
    done = jixiao.fill(book, [form(tmp_path, year="2023")])
    assert [finding.code for finding in done.findings] == ["J233"]
