"""The workbooks that are measured: the specimen filled, and many that differ from it in entries and imported figures."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from jixiao import pipeline
from jixiao.master import ScoringBook, open_scoring_book, put_entry, read_entries, rescore
from jixiao.office import save_new

SPECIMEN = Path(__file__).resolve().parents[1] / "workbooks" / "specimens" / "suixi-2022"
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
CHANGES = 12  # entries that differ


def filled(path: Path) -> Path:
    """The specimen, filled from its sources."""
    pipeline.new("suixi-2022", path, unit="遂溪县招商局")
    pipeline.fill(path, [SPECIMEN / name for name in SOURCES], facts_file=SPECIMEN / "judgements.yaml")
    return path


def edited(base: Path, path: Path) -> Path:
    """The workbook after somebody typed one figure and no program has calculated it: every score is to be renewed."""
    book = open_scoring_book(base)
    key = next(iter(book.links))
    put_entry(book, key, Decimal("1.23"))
    return save_new(path, book.book.to_bytes())


def many(base: Path, folder: Path, count: int) -> list[Path]:
    """Scored workbooks whose entries and imported figures differ, always the same ones; the last has a false formula."""
    made = []
    for number in range(1, count + 1):
        book, dice = open_scoring_book(base), random.Random(number)
        _vary(book, dice)
        rescore(book)
        if number == count:
            place = book.plan.places["合计.得分"]
            book.sheet(place.sheet).set(place.ref, Decimal(100), formula=None)
        made.append(save_new(folder / f"评分簿{number:02}.xlsx", book.book.to_bytes()))
    return made


def _vary(book: ScoringBook, dice: random.Random) -> None:
    put_entry(book, "封面.单位", f"单位{dice.randrange(10**6)}")
    for link in dice.sample(list(book.links.values()), 5):
        book.sheet(link.sheet).set(link.ref, Decimal(dice.randrange(10**8)) / 100)
    read_entries(book)
    choices = [key for key, entry in book.net.entries.items() if entry.kind == "choice"]
    for key in dice.sample(choices, CHANGES):
        put_entry(book, key, dice.choice(book.net.entries[key].choices))
    for key in dice.sample(list(book.rubric.facts), 3):
        if book.net.entries[key].kind == "number":
            put_entry(book, key, Decimal(dice.randrange(10**6)) / 100)
