"""The 遂溪 sources: every fact of the case that a table holds, with its unit and proof, under every variant of layout."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import intake
from jixiao.intake import Reading
from jixiao.model import Body, load_yaml
from tests.intake.grids import (
    Grid,
    as_text,
    grids,
    in_wan,
    spaced,
    stacked,
    swapped,
    unmerged,
    with_columns,
    with_rows,
    xlsx,
)
from tests.intake.variants import VARIANTS, apply

FOLDER = Path(__file__).resolve().parents[2] / "workbooks" / "specimens" / "suixi-2022"
FILES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
BOOKS = tuple(name for name in FILES if name.endswith(".xlsx"))
ELSEWHERE = {
    *("上年末国库集中支付存量资金", "本年末国库集中支付存量资金", "群众信访件数"),
    *("非统一政策预算调整事项数", "受表彰工作项数", "被问责问题数"),  # counts that only a person states
}
Key = dict[tuple[str, str], set[Any]]


def case() -> Body:
    return load_yaml(FOLDER / "case.yaml")


@pytest.fixture(scope="module")
def suixi() -> Reading:
    return intake.read([FOLDER / name for name in FILES])


def key(reading: Reading) -> Key:
    """All facts by concept and form, with all their values."""
    found: Key = {}
    for fact in reading.facts:
        found.setdefault((fact.name, fact.source.form), set()).add(fact.value)
    return found


def records(reading: Reading) -> dict[str, list[dict[str, Any]]]:
    return {kind: [record.values for record in items] for kind, items in reading.records.items()}


@pytest.mark.parametrize("name", [name for name in case()["facts"] if name not in ELSEWHERE])
def test_every_fact_of_the_case_is_found_where_the_case_says(suixi: Reading, name: str) -> None:
    body = case()["facts"][name]
    facts = suixi.facts.of(name)
    right = [fact for fact in facts if fact.value == body["value"]]
    assert right, f"{name}: {[(f.value, f.source.place()) for f in facts]}"
    document = body["from"].split()[0]
    if document not in ("三定方案", "部门决算报表"):
        assert any(fact.source.document == document for fact in right)
    for fact in right:
        assert fact.source.cell and fact.source.label and fact.source.sha256
        assert fact.divisor == {"元": 10000, "万元": 1}.get(fact.unit, 1)


def test_the_documents_that_disagree_are_all_there(suixi: Reading) -> None:
    assert [f.value for f in suixi.facts.of("固定资产原值", document="整体绩效自评基础信息表")] == [
        Decimal("32.42")
    ]
    assert [f.value for f in suixi.facts.of("收入决算数", document="科目余额表")] == [Decimal("177.06")]
    assert not suixi.findings.errors and suixi.recognised


def test_ledger_targets_and_projects_are_rows_with_proof(suixi: Reading) -> None:
    row = next(r for r in suixi.records["ledger"] if r["code"] == "8001020101")
    assert (row["name"], row["closing"], row["closing_side"]) == ("零余额现金", Decimal("-291.96"), "借")
    assert row.sources["closing"].cell == "H33" and row.sources["closing"].document == "科目余额表"
    targets = {r["name"]: (r["unit"], r["planned"], r["done"]) for r in suixi.records["targets"]}
    assert targets == {t["name"]: (t["unit"], t["planned"], t["done"]) for t in case()["targets"]}
    spent = {r["name"]: r["spent"] for r in suixi.records["projects"] if r["spent"] is not None}
    assert spent == {p["name"]: p["spent"] for p in case()["projects"]}


def test_no_fact_the_case_contradicts(suixi: Reading) -> None:
    """Whatever else is read under a name of the case equals the case, or is one of its named contradictions."""
    odd = {(entry["fact"], entry["value"]) for entry in case()["second_sources"]}
    for fact in suixi.facts:
        body = case()["facts"].get(fact.name)
        assert body is None or fact.value == body["value"] or (fact.name, fact.value) in odd, fact


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("variant", sorted(VARIANTS))
@pytest.mark.parametrize("file", BOOKS)
def test_the_layout_does_not_matter(tmp_path: Path, file: str, variant: str, seed: int) -> None:
    VARIANTS[variant](FOLDER / file, tmp_path / file, seed)
    plain, changed = intake.read([FOLDER / file]), intake.read([tmp_path / file])
    assert key(changed) == key(plain) and records(changed) == records(plain)


@pytest.mark.parametrize("seed", range(4))
def test_several_changes_at_once(tmp_path: Path, seed: int) -> None:
    file = "决算报表.xlsx"
    names = [name for name in sorted(VARIANTS) if name != "numbers_as_text"]
    chosen = [*random.Random(seed).sample(names, 4), "numbers_as_text"]
    apply(chosen, FOLDER / file, tmp_path / file, seed)
    assert key(intake.read([tmp_path / file])) == key(intake.read([FOLDER / file])), chosen


def no_titles(sheet: Grid) -> Grid:
    cells = {at: value for at, value in sheet.cells.items() if at[0] != 1}
    return Grid(sheet.name, cells, [span for span in sheet.spans if span[0] != 1])


Change = Callable[[list[Grid], random.Random], list[Grid]]
CHANGES: dict[str, Change] = {
    "blank rows": lambda g, c: [with_rows(s, [c.randrange(8, s.height) for _ in range(3)]) for s in g],
    "blank columns": lambda g, c: [with_columns(s, [c.randrange(s.width) for _ in range(2)]) for s in g],
    "spaced labels": lambda g, c: [spaced(s, c) for s in g],
    "numbers as text": lambda g, c: [as_text(s, c) for s in g],
    "no merged cells": lambda g, c: [unmerged(s) for s in g],
    "one sheet": lambda g, c: [stacked(*g)],
    "title in the sheet name": lambda g, c: [no_titles(s) for s in g],
    "no sheet names": lambda g, c: [Grid(f"Sheet{i}", s.cells, s.spans) for i, s in enumerate(g)],
    "blocks exchanged": lambda g, c: [swapped(g[0], range(6, 20), range(20, 34), 5), *g[1:]],
    "periods exchanged": lambda g, c: [swapped(g[0], range(8, 12), range(16, 20), 5), *g[1:]],
    "line number before label": lambda g, c: [swapped(g[0], range(20, 21), range(21, 22), 5), *g[1:]],
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_the_final_accounts_however_they_are_laid_out(tmp_path: Path, change: str, seed: int) -> None:
    source = FOLDER / "决算报表.xlsx"
    sheets = CHANGES[change](grids(source.read_bytes(), source.name), random.Random(seed))
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx(*sheets))
    assert key(intake.read([path])) == key(intake.read([source]))


def test_amounts_in_wan_give_the_same_facts_with_divisor_one(tmp_path: Path) -> None:
    source = FOLDER / "决算报表.xlsx"
    first, staff, running = grids(source.read_bytes(), source.name)
    sheets = [
        in_wan(first, lambda row, column: column in (2, 7, 21)),
        staff,
        in_wan(running, lambda row, column: column in (2, 7)),
    ]
    (tmp_path / "x.xlsx").write_bytes(xlsx(*sheets))
    reading = intake.read([tmp_path / "x.xlsx"])
    assert key(reading) == key(intake.read([source]))
    assert {fact.unit for fact in reading.facts.of("收入决算数")} == {"万元"}


def test_headings_alone_prove_the_main_tables(tmp_path: Path) -> None:
    source = FOLDER / "决算报表.xlsx"
    sheets = [no_titles(sheet) for sheet in grids(source.read_bytes(), source.name)]
    for number, sheet in enumerate(sheets):
        sheet.name = f"Sheet{number}"
    (tmp_path / "x.xlsx").write_bytes(xlsx(*sheets))
    assert [s.form for s in intake.read([tmp_path / "x.xlsx"]).sheets] == ["财决01-1", "", "财决附03"]


def test_the_ending_of_a_file_means_nothing(tmp_path: Path) -> None:
    for name in FILES:
        other = tmp_path / f"{name}.{'xls' if name.endswith('xlsx') else 'dat'}"
        shutil.copy(FOLDER / name, other)
        assert key(intake.read([other])) == key(intake.read([FOLDER / name]))
