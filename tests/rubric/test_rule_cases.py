"""Every rule kind and every indicator, case by case from the data files, in the number and the formula reading."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.rubric import KINDS
from tests.properties import casebook
from tests.properties.casebook import RULES, Case
from tests.properties.nets import OneSheet

KIND_FILES = sorted((RULES / "cases").glob("*.yaml"))
INDICATOR_FILES = sorted(casebook.INDICATORS.glob("*.yaml"))
NET = casebook.suixi()
# no figure decides: a person's verdict has no threshold and no denominator
JUDGED_ONLY = {name for name, kind in KINDS.items() if kind.by == "person"}


def _kind_cases() -> list[object]:
    return [
        pytest.param(casebook.kinds(file)[0][rule], case, id=f"{file.stem}：{rule}：{case.name}")
        for file in KIND_FILES
        for rule, case in casebook.kinds(file)[1]
    ]


def _indicator_cases() -> list[object]:
    return [
        pytest.param(case, id=f"{title}：{case.name}")
        for title, cases in map(casebook.indicator, INDICATOR_FILES)
        for case in cases
    ]


def _holds(net: OneSheet, case: Case) -> None:
    values = net.numbers(case.entries)
    assert {title: values[f"{title}.规则分"] for title in case.points} == case.points
    assert {title: values[f"{title}.满分"] for title in case.full} == case.full
    assert case.says in str(values[f"{case.title}.说明"])


@pytest.mark.parametrize(("net", "case"), _kind_cases())
def test_the_rule_gives_what_the_case_says(net: OneSheet, case: Case) -> None:
    _holds(net, case)
    assert net.checked(case.entries) == []


@pytest.mark.parametrize("case", _indicator_cases())
def test_the_indicator_gives_what_the_case_says(case: Case) -> None:
    _holds(NET, case)


@pytest.mark.parametrize("file", INDICATOR_FILES, ids=lambda file: file.stem)
def test_the_cases_of_an_indicator_read_alike_as_formulas(file: Path) -> None:
    for case in casebook.indicator(file)[1]:
        assert NET.checked(case.entries) == []


def test_every_kind_has_cases_on_its_edges_and_where_it_cannot_apply() -> None:
    # a block is what the rows of a form earn: tests/scoring/selfeval
    assert {file.stem for file in KIND_FILES} == {*KINDS, "moves"} - {"block"}
    for file in KIND_FILES:
        about = {case.about for _, case in casebook.kinds(file)[1]}
        wanted = {"full", "none", "missing", "not-applicable"}
        if file.stem not in JUDGED_ONLY:
            wanted.add("boundary")
        assert wanted <= about, (file.name, wanted - about)


def test_every_indicator_has_cases_on_its_edges_and_where_it_cannot_apply() -> None:
    indicators = {indicator.id: indicator for indicator in NET.net.rubric.indicators()}
    assert {file.stem for file in INDICATOR_FILES} == set(indicators)
    for file in INDICATOR_FILES:
        leaves = list(indicators[file.stem].rule.leaves())
        about = {case.about for case in casebook.indicator(file)[1]}
        wanted = {"full", "missing"} | ({"none"} if len(leaves) < 5 else set())
        if any(part.kind not in JUDGED_ONLY for part in leaves):
            wanted.add("boundary")
        if any(part.reads or any(ask.field == "适用" for ask in part.asks) for part in leaves):
            wanted.add("not-applicable")
        assert wanted <= about, (file.name, wanted - about)


def test_a_case_with_a_wrong_number_would_be_noticed() -> None:
    rule, case = casebook.kinds(RULES / "cases" / "bands.yaml")[1][0]
    net = casebook.kinds(RULES / "cases" / "bands.yaml")[0][rule]
    wrong = Case(case.name, case.about, case.title, case.entries, {case.title: Decimal(-1)}, {}, "")
    with pytest.raises(AssertionError):
        _holds(net, wrong)
