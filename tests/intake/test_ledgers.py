"""A ledger gives a year's figures only where it is of the year; balances have a side, and accounts their leaves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao.intake import Reading, read
from tests.intake.grids import rows, xlsx

D = Decimal
PLAIN = ["科目编码", "科目名称", "期初余额", "本期借方发生额", "本期贷方发生额", "期末余额"]
BODY: list[list[Any]] = [
    ["1601", "固定资产", D(400000), D(30000), "", D(430000)],
    ["6001", "财政拨款预算收入", "", "", D(900000), D(900000)],
]
LATE: list[list[Any]] = [BODY[0], ["6001", "财政拨款预算收入", D(700000), "", D(200000), D(900000)]]


def ledger(
    folder: Path,
    title: str = "科目余额表",
    body: list[list[Any]] = BODY,
    head: list[str] = PLAIN,
    *,
    above: str = "",
    below: str = "",
    name: str = "账.xlsx",
) -> Reading:
    lines = [[title], [above], head, *body, [below]]
    path = folder / name
    path.write_bytes(xlsx(rows("余额", lines)))
    return read([path])


def of(reading: Reading, name: str) -> list[Decimal | str]:
    return [fact.value for fact in reading.facts.of(name)]


ASSETS, INCOME = "固定资产原值", "收入决算数"


@pytest.mark.parametrize(
    ("words", "assets", "income"),
    [
        ({}, True, True),
        ({"above": "会计期间：2024年1月至2024年12月"}, True, True),
        ({"above": "2024.01-2024.12"}, True, True),
        ({"title": "2024年度科目余额表"}, True, True),
        ({"title": "某局2024年12月科目余额表"}, True, True),
        ({"above": "截止日期：2024年12月31日"}, True, True),
        ({"above": "期间：202401-202406"}, False, False),
        ({"title": "科目余额表（2024年1-6月）"}, False, False),
        ({"title": "2024年上半年科目余额表"}, False, False),
        ({"title": "某局2024年6月科目余额表"}, False, False),
        ({"above": "第三季度"}, False, False),
        ({"below": "会计期间：2024年1月—2024年9月"}, False, False),
        ({"name": "科目余额表2024.01-2024.08.xlsx"}, False, False),
        ({"name": "科目余额表202408.xlsx"}, False, False),
        ({"above": "期间：2024年12月1日至2024年12月31日"}, True, False),
        ({"above": "打印日期：2025年1月8日"}, True, True),
        ({"name": "账20250108.xlsx"}, True, True),
    ],
)
def test_only_a_whole_year_fills_the_figures_of_a_year(
    words: dict[str, str], assets: bool, income: bool, tmp_path: Path
) -> None:
    reading = ledger(tmp_path, **words)  # type: ignore[arg-type]
    assert of(reading, ASSETS) == ([D(43)] if assets else [])
    assert of(reading, INCOME) == ([D(90)] if income else [])
    said = [finding for finding in reading.findings if finding.code == "J136"]
    assert len(said) == (not (assets and income))
    assert all("采用" in finding.message and finding.sources[0].cell for finding in said)
    rows_ = {record["code"]: record for record in reading.records["ledger"]}
    assert (rows_["6001"]["credit"] is None) is not income


def test_income_that_was_there_when_it_began_shows_a_part_of_the_year(tmp_path: Path) -> None:
    reading = ledger(tmp_path, body=LATE)
    assert of(reading, INCOME) == [] and of(reading, ASSETS) == [D(43)]
    (said,) = (finding.message for finding in reading.findings if finding.code == "J136")
    assert "余额!C5" in said


def test_what_has_come_together_since_january_is_the_years(tmp_path: Path) -> None:
    head = [
        "科目编码",
        "科目名称",
        "期初余额",
        "本期借方发生额",
        "本期贷方发生额",
        "本年累计借方",
        "本年累计贷方",
        "期末余额",
    ]
    body = [[*row[:5], row[3] or 0, D(900000) if row[0] == "6001" else "", row[5]] for row in LATE]
    assert of(ledger(tmp_path, "2024年12月科目余额表", body, head), INCOME) == [D(90)]
    half = ledger(tmp_path, "2024年6月科目余额表", body, head)
    assert of(half, INCOME) == [] and of(half, ASSETS) == []


def test_columns_of_months_are_no_year(tmp_path: Path) -> None:
    head = ["科目编码", "科目名称", "期初余额", "11月贷方", "12月贷方", "期末余额"]
    reading = ledger(tmp_path, head=head, body=[["6001", "财政拨款预算收入", "", D(1), D(2), D(3)]])
    assert of(reading, INCOME) == []
    assert "11月" in next(finding.message for finding in reading.findings if finding.code == "J136")


@pytest.mark.parametrize(
    ("head", "row", "value"),
    [
        (["期末方向", "期末余额"], ["借", D(430000)], D(43)),
        (["期末方向", "期末余额"], ["贷", D(430000)], D(-43)),
        (["期末借方余额", "期末贷方余额"], [D(430000), ""], D(43)),
        (["期末借方余额", "期末贷方余额"], ["", D(430000)], D(-43)),
        (["期末余额"], ["430,000.00 贷"], D(-43)),
        (["期末余额"], ["借 430,000.00"], D(43)),
        (["期末余额"], ["(430,000.00)"], D(-43)),
    ],
)
def test_a_balance_has_a_side(head: list[str], row: list[Any], value: Decimal, tmp_path: Path) -> None:
    other: list[Any] = ["", D(9)][-len(row) :]
    body = [["1601", "固定资产", *row], ["2001", "短期借款", *other]]
    reading = ledger(tmp_path, body=body, head=["科目编码", "科目名称", *head])
    assert of(reading, ASSETS) == [value]
    said = "J145" in {finding.code for finding in reading.findings}
    assert said is (value < 0 and row != ["(430,000.00)"])


@pytest.mark.parametrize("code", ['="1601"', "'1601", "\t1601", "1601 ", "１６０１", D(1601)])
def test_a_code_may_be_guarded_as_text(code: object, tmp_path: Path) -> None:
    reading = ledger(tmp_path, body=[[code, "固定资产", "", "", "", D(430000)]])
    assert of(reading, ASSETS) == [D(43)] and reading.records["ledger"][0]["code"] == "1601"


def test_an_account_that_is_not_printed_is_the_sum_of_its_leaves(tmp_path: Path) -> None:
    body: list[list[Any]] = [
        ["160101", "房屋", "", "", "", D(300000)],
        ["16010101", "办公房屋", "", "", "", D(300000)],
        ["160103", "设备", "", "", "", D(130000)],
        ["160201", "累计折旧", "", "", "", D(9)],
    ]
    (fact,) = ledger(tmp_path, body=body).facts.of(ASSETS)
    assert fact.value == D(43) and "2个明细" in fact.source.label and fact.raw == "300000+130000"
    broken = [*body[:2], ["160103", "设备", "", "", "", "约13万"]]
    assert of(ledger(tmp_path, body=broken), ASSETS) == []


def test_a_ledger_of_another_unit_or_year_is_said_at_fill(tmp_path: Path) -> None:
    def filled(above: str, title: str = "科目余额表") -> list[str]:
        ledger(tmp_path, title, above=above)
        book = jixiao.new(
            "suixi-2022", tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx", unit="甲县农业局", year="2024"
        )
        found = jixiao.fill(book, [tmp_path / "账.xlsx"]).findings
        return [finding.code for finding in found if finding.code in ("J232", "J233")]

    assert filled("单位名称：甲县农业局 2024年度") == []
    assert filled("编制单位：甲县农业局（本级）　会计年度：2024年") == []
    assert filled("单位：乙县水利局　2024年度") == ["J232"]
    assert filled("核算单位：甲县农业局　期间：2023.01-2023.12") == ["J233"]
    assert filled("", "乙县水利局2023年度科目余额表") == ["J232", "J233"]
    assert filled("单位：元") == []
