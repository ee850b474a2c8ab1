"""提分: what scoring lists, that it stands only for the figures it was reckoned on, and that nobody is left with a stale one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.master import open_scoring_book
from jixiao.model import Value
from jixiao.office import save_over
from jixiao.verify import verify

SHEET, LIST, SEAL = "提分", 5, "L3"
FACTS = {
    "年度支出决算数": "845.31",
    "财政下达预算数": "931.88",
    "三公经费预算数": "9.5",
    "三公经费决算数": "9.87",
}


def put(path: Path, given: dict[str, Value]) -> None:
    """Values into entries, or into a cell ``提分!H5``, without scoring."""
    book = open_scoring_book(path)
    for key, value in given.items():
        sheet, mark, ref = key.partition("!")
        place = book.plan.places.get(key)
        book.sheet(sheet if mark else place.sheet if place else "").set(
            ref or (place.ref if place else ""), value
        )
    save_over(path, book.to_bytes(), book.fingerprint)


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = pipeline.new("suixi-2022", tmp_path / "簿.xlsx", unit="某馆")
    put(path, {name: Decimal(value) for name, value in FACTS.items()})
    pipeline.score(path)
    return path


def rows(path: Path) -> list[list[Any]]:
    """The list as it stands."""
    sheet, made = open_scoring_book(path).sheet(SHEET), list[list[Any]]()
    while any(
        row := [
            cell.value if (cell := sheet.get(f"{c}{LIST + len(made)}")) else None for c in "ABCDEFGHIJKLM"
        ]
    ):
        made.append(row)
    return made


def stale(path: Path) -> list[tuple[str, str]]:
    """Where verify says that the list is not of the figures as they are, and what should stand there."""
    (made,) = verify([path], engines=[])
    return [(f.sources[0].cell, dict(f.args)["wanted"]) for f in made.findings if f.code == "J639"]


def test_an_indicator_stands_beside_every_figure_that_wins_points(scored: Path) -> None:
    found = {(row[1], row[5]): row for row in rows(scored) if row[5]}
    told = found["支出完成率", "年度支出决算数"]
    assert [told[2], *told[6:11]] == [1, Decimal("845.31"), Decimal("931.88"), "＋86.57万元", 1, 1]
    assert told[11] == "支出完成率90.71%→100%"
    assert "财决01-1表" in told[12]
    assert found["", "财政下达预算数"][7] == Decimal("845.31")
    assert found["公用经费控制率：“三公”经费不超预算", "三公经费决算数"][8] == "－0.37万元"
    waiting = [row for row in rows(scored) if "满意度" in row[1]]
    assert [(row[5], row[12]) for row in waiting] == [
        ("待核定，补齐所列材料后才能计算", "单位提供“满意度得分”")
    ]


def test_what_was_listed_is_what_verify_reckons_again(scored: Path) -> None:
    assert stale(scored) == []
    put(scored, {f"{SHEET}!{SEAL}": "0"})  # so that it reckons
    assert stale(scored) == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"年度支出决算数": Decimal(850)}, "I3"),
        ({"三公经费决算数": Decimal("9.88"), "三公经费预算数": Decimal("9.49")}, "E47"),  # the sums stay
        ({"预算编制合理性_1.判定": "不符合"}, "E5"),
        ({f"{SHEET}!H9": Decimal(1)}, "H9"),
        ({f"{SHEET}!B7": "甲"}, "B7"),
    ],
    ids=["a figure", "two figures with one sum", "a verdict", "a threshold", "a title"],
)
def test_a_list_that_is_not_of_the_figures_as_they_are_is_named(
    scored: Path, given: dict[str, Value], where: str
) -> None:
    before = rows(scored)
    put(scored, given)
    ((cell, _),) = stale(scored)
    assert cell == where
    assert pipeline.score(scored).gains
    assert stale(scored) == []
    assert (rows(scored) == before) is any(key.startswith(SHEET) for key in given)


def test_a_blank_workbook_and_one_without_the_sheet_claim_nothing(tmp_path: Path) -> None:
    path = pipeline.new("suixi-2022", tmp_path / "簿.xlsx", unit="某馆")
    assert stale(path) == []
    assert rows(path) == []
