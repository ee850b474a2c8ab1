"""One department's real published tables, pasted page by page from a PDF: every figure is found with proof."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import intake
from jixiao.intake import Reading
from jixiao.model import load_yaml
from jixiao.office import split_ref

CASE = Path(__file__).parent / "cases" / "public-2024"
BOOK = CASE / "普陀区委社会工作部-2024-部门决算.xlsx"
# how a key of expected.yaml reads in a fact's own label: the row's label, and a word of the headings
LABELS = {
    ("收入决算表", "财政拨款收入"): ("合计", "财政拨款收入"),
    ("收入决算表", "本年收入合计"): ("合计", "本年收入合计"),
    ("支出决算表", "本年支出合计"): ("合计", "本年支出合计"),
    ("支出决算表", "基本支出"): ("合计", "基本支出"),
    ("支出决算表", "项目支出"): ("合计", "项目支出"),
    ("财政拨款收入支出决算总表", "一般公共预算财政拨款支出"): ("本年支出合计", "一般公共预算财政拨款"),
}
D = Decimal


@pytest.fixture(scope="module")
def public() -> Reading:
    return intake.read([BOOK])


def expected() -> list[tuple[str, str, Decimal]]:
    record = load_yaml(CASE / "expected.yaml")
    return [
        (table, key, value)
        for table, figures in record.items()
        if table != "notes" and isinstance(figures, dict)
        for key, value in figures.items()
    ]


@pytest.mark.parametrize(("table", "key", "value"), expected())
def test_every_published_figure_is_found_with_proof(
    public: Reading, table: str, key: str, value: Decimal
) -> None:
    row, word = LABELS.get((table, key), (key, ""))
    facts = [
        fact
        for fact in public.facts
        if fact.source.form == f"公开-{table}"
        and row in fact.source.label.split(" · ")[0]
        and word in fact.source.label
        and fact.raw
    ]
    assert facts and {fact.value for fact in facts} == {value}
    for fact in facts:
        cell = next(sheet for sheet in public.sheets if sheet.name == fact.source.sheet)
        assert fact.unit == "万元" and fact.divisor == 1
        assert len(fact.source.sha256) == 64 and cell.used


def test_the_figure_stands_in_the_cell_that_proves_it(public: Reading) -> None:
    sheets = {sheet.name: sheet for sheet in public.sheets}
    for fact in public.facts:
        row, column = split_ref(fact.source.cell)
        cell = sheets[fact.source.sheet].cells.get((row, column))
        assert (cell.value if cell else "") == fact.raw
        assert cell is None or cell.meant == fact.value


def test_pages_are_joined_and_the_empty_table_is_said(public: Reading) -> None:
    codes = [finding.code for finding in public.findings]
    assert codes.count("J131") == 3 and codes.count("J122") == 3 and not public.findings.errors
    assert not [fact for fact in public.facts if fact.name.startswith("三公")]
    functions = [record for record in public.records["functions"] if record.form == "公开-收入决算表"]
    assert sum(record.amount("合计") or 0 for record in functions if record["level"] == 1) == D("307.82")
    assert [record["code"] for record in functions][-1] == "2210203"


def test_every_class_is_the_sum_of_its_parts(public: Reading) -> None:
    economics = {str(record["code"]): record.amount("合计") or D(0) for record in public.records["economics"]}
    for code in ("301", "302", "303"):
        parts = [amount for key, amount in economics.items() if key.startswith(code) and len(key) == 5]
        assert abs(sum(parts, D(0)) - economics[code]) <= D("0.03")
