"""One cause behind many failing checks is one finding: a wrong unit, a wrong figure, exchanged columns, a foreign table."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.checks import Outcome, check, findings
from jixiao.model import FactSet, Finding, Level, Source
from jixiao.text import AMOUNT_UNITS
from tests.checks.test_sources import Reading, _suixi
from tests.checks.written_tables import Written

Change = Callable[[Source, Decimal, str], Decimal]
TEN_THOUSAND, THOUSAND = Decimal(10000), Decimal(1000)


def _changed(change: Change) -> Reading:
    facts, rows = _suixi()
    made = FactSet(
        [
            fact._replace(value=change(fact.source, fact.value, fact.unit))
            if isinstance(fact.value, Decimal)
            else fact
            for fact in facts
        ]
    )
    changed = []
    for row in rows:
        values = dict(row.values)
        for name, source in row.sources.items():
            if isinstance(old := values.get(name), Decimal) and name != "level":
                values[name] = change(source, old, "元")
        changed.append(replace(row, values=values))
    return made, changed


def _new(change: Change) -> tuple[list[Finding], int]:
    """Findings that the change brings, and how many checks it makes fail."""
    known = {finding.message for finding in findings(check(*_suixi()))}
    made = check(*_changed(change))
    before = sum(one.outcome is Outcome.FAILS for one in check(*_suixi()))
    failing = sum(one.outcome is Outcome.FAILS for one in made)
    return [finding for finding in findings(made) if finding.message not in known], failing - before


def _errors(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found if finding.level is Level.ERROR]


def _times(factor: Decimal, file: str, sheet: str = "", cell: str = "") -> Change:
    def change(source: Source, value: Decimal, unit: str) -> Decimal:
        mine = source.file.startswith(file) and source.sheet.startswith(sheet) and cell in ("", source.cell)
        return value * factor if mine and unit in AMOUNT_UNITS else value

    return change


@pytest.mark.parametrize(
    ("file", "sheet", "factor", "said", "at_least"),
    [
        ("自评基础信息表", "基础信息表", TEN_THOUSAND, "单位写的是万元，这些数更像是元", 10),
        ("预算批复", "", TEN_THOUSAND, "单位写的是万元，这些数更像是元", 12),
        ("预算批复", "收支预算", Decimal(10), "单位写的是万元，这些数更像是千元", 9),
        ("决算报表", "", 1 / TEN_THOUSAND, "单位写的是元，这些数更像是万元", 12),
        ("决算报表", "", THOUSAND, "正好相差 1000 倍", 12),
        ("资产报表", "", 1 / TEN_THOUSAND, "单位写的是元，这些数更像是万元", 2),
        ("资产报表", "", 1 / THOUSAND, "单位写的是元，这些数更像是千元", 2),
        ("科目余额表", "", 1 / TEN_THOUSAND, "单位写的是元，这些数更像是万元", 2),
    ],
)
def test_table_in_the_wrong_unit_is_one_finding(
    file: str, sheet: str, factor: Decimal, said: str, at_least: int
) -> None:
    found, failing = _new(_times(factor, file, sheet))
    causes = [finding for finding in found if finding.code == "J211"]
    assert len(causes) == 1 and failing >= at_least
    assert said in causes[0].message and file in causes[0].message
    assert causes[0].sources[0].file.startswith(file) and len({s.file for s in causes[0].sources}) > 1
    assert _errors(found) in (["J211"], ["J211", "J204"])  # the negative balance is said with its new figure


@pytest.mark.parametrize("factor", [TEN_THOUSAND, 1 / TEN_THOUSAND, THOUSAND])
@pytest.mark.parametrize("cell", ["AD10", "P34", "E34"])
def test_one_figure_in_the_wrong_unit_is_one_finding(cell: str, factor: Decimal) -> None:
    found, failing = _new(_times(factor, "决算报表", "Z01_1", cell))
    assert failing >= 2
    assert _errors(found) == ["J212"]
    (cause,) = [finding for finding in found if finding.code == "J212"]
    assert cause.sources[0].cell == cell


def test_one_wrong_figure_is_named_with_the_figure_that_fits() -> None:
    def change(source: Source, value: Decimal, _: str) -> Decimal:
        return value + 3 if (source.cell, source.sheet[:5]) == ("P34", "Z01_1") else value

    found, failing = _new(change)
    assert failing == 5 and _errors(found) == ["J213"]
    (cause,) = [finding for finding in found if finding.code == "J213"]
    assert "为 142.40万元" in cause.message and "改为 139.40万元" in cause.message
    assert cause.sources[0].cell == "P34"


def _exchanged(file: str, sheet: str, one: str, other: str) -> Change:
    facts, rows = _suixi()
    known = {
        source.cell: value
        for source, value in [
            *((fact.source, fact.value) for fact in facts),
            *((source, row.values.get(name)) for row in rows for name, source in row.sources.items()),
        ]
        if source.file.startswith(file) and source.sheet.startswith(sheet) and isinstance(value, Decimal)
    }

    def change(source: Source, value: Decimal, _: str) -> Decimal:
        letters = source.cell.rstrip("0123456789")
        there = {one: other, other: one}.get(letters)
        if there and source.file.startswith(file) and source.sheet.startswith(sheet):
            return known.get(there + source.cell[len(letters) :], value)
        return value

    return change


@pytest.mark.parametrize(
    ("file", "sheet", "one", "other"),
    [("自评基础信息表", "基础信息表", "D", "E"), ("决算报表", "Z01_1", "H", "P")],
)
def test_exchanged_columns_are_one_finding(file: str, sheet: str, one: str, other: str) -> None:
    found, failing = _new(_exchanged(file, sheet, one, other))
    assert failing >= 8
    (cause,) = [finding for finding in found if finding.code == "J214"]
    assert f"{one} 列与 {other} 列可能填反" in cause.message
    assert len(_errors(found)) <= 3


@pytest.mark.parametrize("file", ["自评基础信息表", "预算批复", "决算报表"])
def test_table_of_another_unit_is_one_finding(file: str) -> None:
    def change(source: Source, value: Decimal, _: str) -> Decimal:
        return value * Decimal("1.5") if source.file.startswith(file) else value

    found, failing = _new(change)
    assert failing >= 10
    (cause,) = [finding for finding in found if finding.code == "J215"]
    assert file in cause.message and "可能不是同一单位" in cause.message
    # staff, typed under several documents, and what the table now says of itself stay apart
    assert len([code for code in _errors(found) if code != "J215"]) <= 3


def test_unrelated_mistakes_stay_apart() -> None:
    def change(source: Source, value: Decimal, _: str) -> Decimal:
        odd = {("自评基础信息表.xlsx", "D7"): 2, ("预算批复.xlsx", "C5"): 1}
        return value + odd.get((source.file, source.cell), 0) if source.sheet != "项目支出情况表" else value

    found, _ = _new(change)
    assert not {"J211", "J212", "J214", "J215"} & {finding.code for finding in found}
    assert len(_errors(found)) >= 2


def test_many_wrong_figures_take_no_time() -> None:
    dice = random.Random(5)

    def change(_: Source, value: Decimal, __: str) -> Decimal:
        return value + dice.randint(1, 99)

    found, failing = _new(change)
    assert failing > 100 and len(found) > 20


def test_an_inequality_alone_tells_of_no_unit() -> None:
    """Any factor makes the part smaller than the whole: that is no sign of a wrong unit."""
    made = Written()
    made.fact("公开-三公经费支出决算表", "公务接待费决算数", "8.31", document="甲")
    made.fact("公开-三公经费支出决算表", "国内接待费决算数", "9.3", document="乙")
    made.fact("公开-三公经费支出决算表", "三公经费决算数", "2", document="乙")
    checked = check(made.facts)
    assert [one.id for one in checked if one.outcome is Outcome.FAILS] == ["限额9", "限额9"]
    assert set(_errors(list(findings(checked)))) == {"J205"}
