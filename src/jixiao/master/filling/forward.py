"""Next year's workbook from this year's: what lasts goes over, what was found and judged in the year stays behind."""

from __future__ import annotations

import datetime
from decimal import Decimal

from jixiao.intake import Named
from jixiao.master.filling import fill_book
from jixiao.master.filling.recheck import earlier, recheck, year_of
from jixiao.master.scoringbook import ScoringBook, rescore, scoring_book_of
from jixiao.master.sheets import build
from jixiao.model import Fact, FactSet, Findings, Found, Source, plain
from jixiao.office import open_workbook
from jixiao.rubric import FactNeed, Rubric
from jixiao.scoring import REVIEWER, UNIT, YEAR

LASTING = ("委托单位", "评价机构", "部门职能", "机构设置")
"""Texts that are as true next year; the others tell of the year."""
_LAST, _NOW = "上年", ("", "本年")
"""How a name says that a figure is last year's, and what stands there in the name of the same one in its own year."""


def roll_forward(last: ScoringBook, rubric: Rubric, unit: str = "", year: str = "") -> tuple[bytes, Findings]:
    """The workbook of a rubric for the year after another one, and what was carried and what not.

    Unit, reviewer, lasting texts, and each figure that the rubric calls 上年… where the earlier workbook has it; no
    verdict, award or reason. Without a ``year`` the next one. UsageStop: the other workbook is of another unit (J591)
    or of no earlier year (J590).
    """
    was, file = year_of(last), last.path.name
    cover = {
        UNIT: unit or last.entries.get(UNIT),
        YEAR: year or (str(int(was) + 1) if was else None),
        REVIEWER: last.entries.get(REVIEWER),
    }
    book = scoring_book_of(last.path, last.fingerprint, open_workbook(build(rubric, cover)))
    earlier(book, last, last.path)
    wanted = {name: _was(last, need) for name, need in rubric.facts.items() if name.startswith(_LAST)}
    told = {need: last.entries.get(need.entry) for need in rubric.texts}
    texts = {need.title: str(text) for need, text in told.items() if text and need.key in LASTING}
    facts = FactSet([fact for fact in wanted.values() if fact is not None])
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    fill_book(book, None, Named(file, sha256=last.fingerprint.sha256, facts=facts, texts=texts), now)
    recheck(book, ())
    rescore(book)
    book.book.force_full_calc()
    findings, taken = Findings(), [name for name, fact in wanted.items() if fact is not None]
    cover_told = {"单位": UNIT, "评价人": REVIEWER}
    kept = [word for word, key in cover_told.items() if cover[key]] + [*texts, *taken]
    findings.add(
        "J800", Source(file), file=file, year=cover[YEAR] or "（未填写）", names="、".join(kept) or "没有"
    )
    left = [name for name, fact in wanted.items() if fact is None]
    left += [need.title for need, text in told.items() if text and need.key not in LASTING]
    findings.add("J806", Source(file), file=file, names="".join(f"、{name}" for name in left))
    return book.to_bytes(), findings


def _was(last: ScoringBook, need: FactNeed) -> Fact | None:
    """What the earlier workbook holds of a figure of last year, in the same unit."""
    for now in _NOW:
        name = now + need.concept.name.removeprefix(_LAST)
        own, value = last.rubric.facts.get(name), last.entries.get(name)
        if own is None or own.concept.unit != need.concept.unit or not isinstance(value, Decimal):
            continue
        place, seal = last.plan.places[name], last.sealed().get(name)
        document = seal.source.document if seal is not None else ""
        source = Source(last.path.name, place.sheet, place.ref, name, document=document, found=Found.NAMED)
        return Fact(need.concept.name, value, source, plain(value), own.concept.unit)
    return None
