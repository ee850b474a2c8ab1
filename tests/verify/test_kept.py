"""A workbook that an engine has loaded serves the next one: what it gives is what a fresh load gives, whatever differs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from jixiao.master import ScoringBook, open_scoring_book
from jixiao.office import ErrorText, Workbook, open_workbook
from jixiao.verify import GROUPS, Results, Witnesses

EDITS = 12
Change = Callable[[ScoringBook, random.Random], None]


def _spots(book: ScoringBook, *, formula: bool) -> list[tuple[str, str]]:
    """Cells of the sheets that scores are made of, with a formula or without one."""
    sheets = ("评分表", "要点核定", "取数", "目标完成", next(iter(book.links.values())).sheet)
    return [
        (name, cell.ref)
        for name in sheets
        for cell in book.sheet(name).cells()
        if (cell.formula is not None) == formula and (formula or cell.value is not None)
    ]


def figures(book: ScoringBook, dice: random.Random) -> None:
    for sheet, ref in dice.sample(_spots(book, formula=False), EDITS):
        book.sheet(sheet).set(ref, dice.choice((Decimal("0.005"), Decimal(-3), Decimal(10**12), Decimal(0))))


def texts(book: ScoringBook, dice: random.Random) -> None:
    for sheet, ref in dice.sample(_spots(book, formula=False), EDITS):
        book.sheet(sheet).set(ref, dice.choice(("不适用", "=1+1", "12", " 甲&<乙>", "是", True)))


def blanks(book: ScoringBook, dice: random.Random) -> None:
    for sheet, ref in dice.sample(_spots(book, formula=False), EDITS):
        book.sheet(sheet).set(ref, None)


def fresh_cells(book: ScoringBook, dice: random.Random) -> None:
    for row in range(300, 300 + EDITS):
        book.sheet(dice.choice(("取数", "评分表"))).set(f"C{row}", Decimal(row))


def links(book: ScoringBook, dice: random.Random) -> None:
    """Some typed over, one turned to another cell."""
    places = [book.plan.places[key] for key in dice.sample(sorted(book.links), 4)]
    for place in places[:3]:
        book.sheet(place.sheet).set(place.ref, Decimal(dice.randrange(10**6)) / 100, formula=None)
    other = dice.choice(list(book.links.values()))
    book.sheet(places[3].sheet).set(places[3].ref, Decimal(1), formula=other.formula())


def formulas(book: ScoringBook, dice: random.Random) -> None:
    written = (
        "1+2",
        'IF(1=1,"改",2)',
        "1/0",
        "C5+",
        "IFERROR(1/0,7)",
        "SUM(C5:C9)",
        "没有的名称",
        "'=1'&\"2\"",
    )
    for sheet, ref in dice.sample(_spots(book, formula=True), 4):
        book.sheet(sheet).set(ref, Decimal(7), formula=dice.choice(written))


def errors(book: ScoringBook, dice: random.Random) -> None:
    for sheet, ref in dice.sample(_spots(book, formula=False), 3):
        book.sheet(sheet).set(ref, ErrorText("#N/A"))


def names(book: ScoringBook, dice: random.Random) -> None:
    _part(
        book,
        rf'(<definedName name="{book.plan.names["三公经费决算数"]}"[^>]*>[^<]*\$)\d+(</definedName>)',
        r"\g<1>1\2",
    )


def dates(book: ScoringBook, dice: random.Random) -> None:
    _part(book, r"<workbookPr ", '<workbookPr date1904="1" ')


def _part(book: ScoringBook, pattern: str, new: str) -> None:
    package = book.book.package
    text = package.read("xl/workbook.xml").decode()
    assert re.search(pattern, text)
    package.replace("xl/workbook.xml", re.sub(pattern, new, text).encode())


CHANGES: tuple[Change, ...] = (figures, texts, blanks, fresh_cells, links, formulas, errors, names, dates)


def _edited(path: Path, changes: list[Change], seed: int) -> Workbook:
    book, dice = open_scoring_book(path), random.Random(seed)
    for change in changes:
        change(book, dice)
    return open_workbook(book.book.to_bytes())


def _same(one: Results, other: Results) -> list[tuple[object, object, object]]:
    places = one.keys() | other.keys()
    return [(p, one.get(p), other.get(p)) for p in places if one.get(p) != other.get(p)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_kept_workbook_gives_what_a_fresh_load_gives(filled: Path, change: Change) -> None:
    """There and back again, by both engines, each asked in turn."""
    kept = Witnesses()
    for number, changes in enumerate(([], [change], [change, figures], [])):
        book = _edited(filled, changes, number)
        for engine in GROUPS["fast"]:
            assert _same(kept.recompute(engine, book, ""), Witnesses().recompute(engine, book, "")) == []


READING = {
    "by its address": ("取数", "'{0}'!$A$200+1"),
    "in another spelling": ("取数", "SUM( '{0}' ! A200 )"),
    "in an area": ("取数", "SUM('{0}'!A199:B201)"),
    "from its own sheet": ("{0}", "A200*2"),
}


@pytest.mark.parametrize("how", READING)
def test_a_cell_that_no_formula_read_is_known_when_one_reads_it(filled: Path, how: str) -> None:
    """It was passed over while nothing read it."""
    kept, (place, formula) = Witnesses(), READING[how]

    def changed(number: int) -> Workbook:
        book = open_scoring_book(filled)
        name = next(iter(book.links.values())).sheet
        book.sheet(name).set("A200", Decimal(number))
        if number > 2:
            book.sheet(place.format(name)).set("C300", Decimal(0), formula=formula.format(name))
        return open_workbook(book.book.to_bytes())

    for number in range(1, 5):
        book = changed(number)
        for engine in GROUPS["fast"]:
            assert _same(kept.recompute(engine, book, ""), Witnesses().recompute(engine, book, "")) == []


def test_engines_asked_at_different_times_keep_their_own_figures(filled: Path) -> None:
    kept = Witnesses()
    for number in range(6):
        book = _edited(filled, [random.Random(number).choice(CHANGES[:6])], number)
        engine = GROUPS["fast"][number % 3 % 2]
        assert _same(kept.recompute(engine, book, ""), Witnesses().recompute(engine, book, "")) == []


def test_texts_that_are_numbers_into_a_table_are_read_in_their_own_table(tmp_path: Path) -> None:
    """Programs number the texts of a workbook as they meet them: the same cell, number 0, is another text there."""
    kept = Witnesses()
    for words in ("甲乙", "乙甲", "乙丙", "甲甲"):
        path = tmp_path / "字.xlsx"
        with xlsxwriter.Workbook(path) as made:
            sheet = made.add_worksheet("表")
            sheet.write_column(0, 0, list(words))
            sheet.write_formula("B1", '=A1&IF(A2="甲",1,2)')
        book = open_workbook(path.read_bytes())
        assert book.sheet("表").formulas_mark is not None
        told = words[0] + ("1" if words[1] == "甲" else "2")
        for engine in GROUPS["fast"]:
            assert kept.recompute(engine, book, "") == {("表", "B1"): told}
