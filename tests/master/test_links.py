"""A link is known by its own formula: as office programs write it again, but not once somebody has typed into it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.master import ScoringBook, open_scoring_book, read_entries

SPECIMENS = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
FACT = "年度支出决算数"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("links") / "评分簿.xlsx"
    pipeline.new("suixi-2022", path)
    pipeline.fill(path, [SPECIMENS / "决算报表.xlsx"])
    return path


@pytest.fixture
def book(filled: Path) -> ScoringBook:
    return open_scoring_book(filled)


def retyped(book: ScoringBook, formula: str) -> None:
    place = book.plan.places[FACT]
    book.sheet(place.sheet).set(place.ref, Decimal(1), formula=formula)
    read_entries(book)


@pytest.mark.parametrize("left_out", ["", "'", "$"])
def test_an_office_program_may_write_it_more_simply(book: ScoringBook, left_out: str) -> None:
    link, value = book.links[FACT], book.entries[FACT]
    retyped(book, link.formula().replace(left_out, "") if left_out else link.formula())
    assert (book.links[FACT], book.entries[FACT]) == (link, value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",6)", ",2)"),
        ("/10000", "*10000"),
        ("/10000", "/1E4"),
        ("ROUND(", "ROUND(1+"),
        ('""', "0"),
        ("IF(", "IF(IF("),
        ("ISNUMBER", "ISTEXT"),
    ],
)
def test_what_somebody_typed_into_it_is_a_formula_of_their_own(book: ScoringBook, old: str, new: str) -> None:
    formula = book.links[FACT].formula()
    assert old in formula
    retyped(book, formula.replace(old, new, 1))
    assert FACT not in book.links
    assert book.formulas[FACT] == formula.replace(old, new, 1)
    assert book.entries[FACT] == 1


def test_a_table_renamed_in_excel_is_followed(book: ScoringBook) -> None:
    link = book.links[FACT]
    retyped(book, link.formula().replace(link.sheet, "改了名的表"))
    assert "J567" in {finding.code for finding in book.findings}
    assert FACT not in book.formulas
