"""Real tables: the specimens say exactly what was planted in them, the published tables nothing.

Every figure that an identity contains is watched: changed by one, that identity fails and no other.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.checks import Checked, Outcome, check, findings, place
from jixiao.intake import read
from jixiao.model import Fact, FactSet, Found, Level, Record, Source, load_yaml
from tests.checks.written_tables import Written

SUIXI = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
TABLES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
Key = tuple[str, str, str]
Reading = tuple[FactSet, list[Record]]


@functools.cache
def _suixi() -> Reading:
    reading = read([SUIXI / name for name in TABLES])
    typed = load_yaml(SUIXI / "judgements.yaml")
    facts = FactSet(list(reading.facts))
    for body in typed["second_sources"]:
        source = Source("judgements.yaml", document=body["from"], found=Found.NAMED)
        facts.add([Fact(body["fact"], body["value"], source, unit=body.get("unit", "万元"))])
    return facts, [row for rows in reading.records.values() for row in rows]


def _published() -> Reading:
    """The published tables of a department, written down: nothing of intake is needed."""
    made = Written()
    for form, body in load_yaml(Path(__file__).with_name("published_2024.yaml")).items():
        for name, value in body["facts"].items():
            made.fact(form, name, value, document="部门决算公开表")
        rows = body["rows"]
        for code, name, *figures in rows["listed"] if rows else ():
            level = Decimal({3: 1, 5: 2, 7: 3}[len(code)])
            values = {
                "code": code,
                "name": name,
                "level": level,
                **dict(zip(rows["fields"], figures, strict=True)),
            }
            made.row(form, rows["kind"], values, document="部门决算公开表")
    return made.facts, made.records


def _failed(checked: Iterable[Checked]) -> list[tuple[str, str, str]]:
    return sorted(
        (one.title, f"{one.left.value:f}", f"{one.right.value:f}")
        for one in checked
        if one.outcome is Outcome.FAILS
    )


def test_specimens_say_exactly_what_was_planted_in_them() -> None:
    facts, rows = _suixi()
    assert _failed(check(facts, rows)) == [
        ("固定资产原值：国有资产报表与整体绩效自评基础信息表", "36.58", "32.42"),
        ("在用固定资产原值：国有资产报表与评分表 评分说明", "36.58", "26.59"),
        ("在职人数：部门决算报表与12月工资表 (含2名购买服务人员)", "8", "10"),
        ("应申报绩效目标项目数与批复的项目数", "1", "2"),
        ("政府采购实际金额不超采购计划", "0", "0.95"),
        ("财政拨款收入决算与账面财政拨款预算收入", "139.4", "177.06"),
        ("货币资金和资金结存余额不为负（8001020101 零余额现金）", "-291.96", "0"),
    ]
    said = findings(check(facts, rows))
    assert sorted(finding.level for finding in said) == [Level.ERROR] * 4 + [Level.WARNING] * 4
    assert all(len(finding.sources) >= 2 for finding in said if finding.code != "J204")


def test_most_of_what_the_specimens_print_is_checked() -> None:
    facts, rows = _suixi()
    checked = check(facts, rows)
    outcomes = Counter(one.outcome for one in checked)
    assert outcomes[Outcome.HOLDS] >= 140
    waiting = [one for one in checked if one.outcome is Outcome.UNCHECKED]
    assert [one.id for one in waiting if not one.absent] == ["调整1"]
    assert {one.absent for one in waiting if one.absent} == {"上年决算表", "上年账表"}


def test_claim_that_nothing_was_overspent_is_proved() -> None:
    proofs = [one for one in check(*_suixi()) if one.title.startswith("公用经费和“三公”经费均不超年初预算")]
    assert [(f"{one.left.value:f}", f"{one.right.value:f}", one.outcome) for one in proofs] == [
        ("4", "2.24", Outcome.HOLDS),
        ("5.68", "3.06", Outcome.HOLDS),
    ]


def test_adjustment_without_a_paper_names_all_three_figures() -> None:
    (found,) = [finding for finding in findings(check(*_suixi())) if finding.code == "J208"]
    assert all(figure in found.message for figure in ("139.40万元", "131.83万元", "7.57万元"))
    assert [source.cell for source in found.sources] == ["L34", "D11", "P34"]


def _real() -> Reading:
    """The published tables as they were pasted out of a PDF, read by intake."""
    folder = Path(__file__).parents[1] / "intake" / "cases" / "public-2024"
    reading = read(sorted(folder.glob("*.xlsx")))
    return reading.facts, [row for rows in reading.records.values() for row in rows]


@pytest.mark.parametrize("tables", [_published, _real])
def test_published_tables_hold_and_their_tails_are_one_note(tables: Callable[[], Reading]) -> None:
    checked = check(*tables())
    assert not _failed(checked)
    tails = {
        (one.title, f"{one.left.value:f}", f"{one.right.value:f}")
        for one in checked
        if one.outcome is Outcome.TAIL
    }
    assert tails == {
        ("一般公共预算基本支出等于人员经费加公用经费", "105.58", "105.59"),
        ("基本支出表各类等于所属款之和（302 商品和服务支出）", "10.23", "10.22"),
    }
    assert [finding.code for finding in findings(checked)] in (
        ["J206"],
        ["J206", "J207"],
    )  # no budget beside it
    waiting = {one.absent for one in checked if one.outcome is Outcome.UNCHECKED} - {""}
    assert waiting <= {"三公表", "上年总表", "上年财拨表"}


def _cell(source: Source) -> Key:
    return (source.file, source.sheet, source.cell)


def _changed(reading: Reading, cell: Key, by: int) -> Reading:
    """The reading with one cell changed: as a fact, and in the row it belongs to."""
    facts = FactSet(
        [
            fact._replace(value=fact.value + by)
            if _cell(fact.source) == cell and isinstance(fact.value, Decimal)
            else fact
            for fact in reading[0]
        ]
    )
    rows = []
    for row in reading[1]:
        values = dict(row.values)
        for name, source in row.sources.items():
            if _cell(source) == cell and isinstance(old := values[name], Decimal):
                values[name] = old + by * (10000 if row.kind == "ledger" else 1)
        rows.append(replace(row, values=values) if values != row.values else row)
    return facts, rows


def _cells(one: Checked) -> set[Key]:
    return {_cell(term.fact.source) for term in (*one.left.terms, *one.right.terms)}


def _name(one: Checked) -> tuple[str, str, frozenset[tuple[str, ...]]]:
    places = frozenset(place(term.fact) for term in (*one.left.terms, *one.right.terms))
    return one.id, one.title, places


def _hold_only_where_untouched(reading: Reading, cell: Key, before: dict[object, Outcome], by: int) -> int:
    """How many checks contain the cell; asserts that those and no others changed to a failure."""
    after = check(*_changed(reading, cell, by))
    containing = [one for one in after if cell in _cells(one)]
    for one in after:
        new = one.outcome is Outcome.FAILS and before.get(_name(one)) is not Outcome.FAILS
        if cell not in _cells(one):
            assert not new, (cell, one.id, one.title)
        elif (
            one.relation == "="
            and one.outcome is not Outcome.UNCHECKED
            and before.get(_name(one)) is not Outcome.FAILS
        ):
            assert new, (cell, one.id, one.title)
    return len(containing)


def _all_cells(reading: Reading) -> list[Key]:
    found = {
        _cell(fact.source): None
        for fact in reading[0]
        if isinstance(fact.value, Decimal) and fact.source.cell
    }
    for row in reading[1]:
        for name, source in row.sources.items():
            if isinstance(row.values.get(name), Decimal) and row.kind != "targets":
                found[_cell(source)] = None
    return list(found)


SEED = 20240428


@pytest.mark.parametrize(("tables", "share"), [(_suixi, 0.2), (_published, 0.1), (_real, 0.1)])
def test_each_figure_is_watched_by_exactly_its_checks(tables: Callable[[], Reading], share: float) -> None:
    reading = tables()
    before: dict[object, Outcome] = {_name(one): one.outcome for one in check(*reading)}
    cells = _all_cells(reading)
    dice = random.Random(SEED)
    chosen = dice.sample(cells, int(len(cells) * share))
    watched = Counter(
        bool(_hold_only_where_untouched(reading, cell, before, dice.choice((1, -1, 3)))) for cell in chosen
    )
    assert watched[True] > watched[False]
