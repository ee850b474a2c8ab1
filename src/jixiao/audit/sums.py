"""Totals and their parts inside one paragraph: they add up, or it is said which one is wrong where that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from jixiao.audit.binding import trimmed
from jixiao.audit.conflicts import Conflict, no_sum, tail
from jixiao.audit.figures import Sort
from jixiao.audit.scope import difference_of
from jixiao.audit.statement import Outcome, Statement, shown
from jixiao.audit.subjects import vocabulary
from jixiao.audit.words import partitions

NO_SUM = "各项之和与合计不符"


def sums_of(own: list[Statement]) -> list[Conflict]:
    """Settle the open totals and parts of one paragraph or cell; what leaves is what contradicts itself."""
    return [*_parts(own), *_of_which(own), *_known_parts(own), *_plots(own)]


def _known_parts(own: list[Statement]) -> Iterator[Conflict]:
    """基本支出，其中：人员经费、公用经费: parts that are known to be all of the total, each named once in its sentence."""
    for index, total in enumerate(own):
        parts = _behind_total(own, index)
        for known in partitions():
            if not _said(total, known.total) or len(parts) != len(known.parts):
                continue
            if all(_said(part, words) for part, words in zip(parts, known.parts, strict=True)):
                yield from add_up(total, parts)


def _plots(own: list[Statement]) -> Iterator[Conflict]:
    """Pieces of land of one area are never larger than it."""
    for index, total in enumerate(own):
        parts = _behind_total(own, index) if total.figure.sort is Sort.AREA else []
        if len(parts) > 1 and sum(part.figure.value for part in parts) > total.figure.value:
            yield from add_up(total, parts)


def _said(item: Statement, words: Sequence[str]) -> bool:
    return trimmed(item.figure.clause, vocabulary().between).removeprefix("其中").endswith(tuple(words))


def _behind_total(own: list[Statement], index: int) -> list[Statement]:
    """The figures of one unit behind 其中 in the sentence of a total, shares between them left out."""
    total = own[index]
    text = total.figure.block.cells[total.figure.cell]
    if not re.match(r"[，,(]其中", text[total.figure.end :]) or total.scope or difference_of(total.figure):
        return []
    parts: list[Statement] = []
    for item in own[index + 1 :]:
        if item.figure.sentence != total.figure.sentence:
            break
        if item.figure.unit == total.figure.unit:
            parts.append(item)
        elif item.figure.unit != "%":
            return []
    return parts


def _parts(own: list[Statement]) -> Iterator[Conflict]:
    """A total and as many parts as the paragraph itself counts: they have to add up."""
    counts = {
        int(s.figure.value)
        for s in own
        if s.figure.sort is Sort.COUNT and s.figure.value == int(s.figure.value)
    }
    by_words: dict[tuple[str, str], list[Statement]] = {}
    for item in own:
        if item.figure.sort in (Sort.AMOUNT, Sort.AREA) and len(item.figure.clause) >= 3:
            by_words.setdefault((item.figure.clause[-4:], item.figure.unit), []).append(item)
    for (_, unit), parts in by_words.items():
        if len(parts) < 3 or len(parts) not in counts:
            continue
        totals = [
            s for s in own
            if s.figure.unit == unit and s not in parts and "总" in s.figure.clause and s.figure.start < parts[0].figure.start
        ]  # fmt: skip
        if len(totals) == 1:
            yield from add_up(totals[0], parts)


def _of_which(own: list[Statement]) -> Iterator[Conflict]:
    """10人，其中8人为…，2人为…: a partition in so many words."""
    for index, total in enumerate(own):
        text = total.figure.block.cells[total.figure.cell]
        if total.figure.sort is not Sort.COUNT:
            continue
        yield from _at_most(total, own, index, text)
        if not re.match(r"[，,]其中:?\d", text[total.figure.end :]):
            continue
        parts = []
        for part in own[index + 1 :]:
            if part.figure.sentence != total.figure.sentence or not part.figure.right.startswith("为"):
                break
            parts.append(part)
        if len(parts) > 1 and all(part.figure.unit == total.figure.unit for part in parts):
            yield from add_up(total, parts)


def _at_most(total: Statement, own: list[Statement], index: int, text: str) -> Iterator[Conflict]:
    """8人，其中：非参公事业人员8人: one part alone is at most the whole."""
    if not re.match(r"[，,]其中:?[^\d，。；、]{2,14}\d", text[total.figure.end :]) or index + 1 >= len(own):
        return
    part = own[index + 1]
    if part.figure.unit != total.figure.unit or not part.open:
        return
    whole = total.worth(total.figure.unit)
    if whole is None or difference_of(total.figure) or total.scope:
        return
    if part.figure.value > whole and total.open:
        yield no_sum(total, [part], part.figure.shown)
    elif part.figure.value > whole:
        part.disagrees(
            "其中数", f"不超过{shown(whole)}{total.figure.unit}", "同句的合计", "各项之和与合计不符"
        )
    elif part.figure.value == whole:
        part.agrees("其中数", total.figure.shown, "同句的合计")


def add_up(total: Statement, parts: Sequence[Statement]) -> Iterator[Conflict]:
    """Compare a sum with its total: the one figure that nothing else confirms is the wrong one, else it is a conflict."""
    unit = total.figure.unit
    whole, values = total.worth(unit), [part.worth(unit) for part in parts]
    worth = [value for value in values if value is not None]
    if whole is None or len(worth) < len(parts):
        return
    added = sum(worth, Decimal(0))
    source = "+".join(shown(value) for value in worth)
    if added.quantize(total.figure.ulp, rounding=ROUND_HALF_UP) == whole:
        for item in (total, *parts):
            if item.open:
                item.agrees("合计", f"{shown(added)}{unit}", source)
        return
    if total.figure.digits and abs(added - whole) < total.figure.ulp:
        yield tail(total, parts, f"{shown(added)}{unit}", f"{shown(added - whole)}{unit}")
        return
    doubtful = [item for item in (total, *parts) if item.outcome is not Outcome.AGREES]
    if not doubtful:
        return
    if len(doubtful) > 1 or not doubtful[0].open:
        yield no_sum(total, parts, f"{shown(added)}{unit}")
    elif doubtful[0] is total:
        total.disagrees("合计", f"{shown(added)}{unit}", source, NO_SUM)
    else:
        own = next(value for part, value in zip(parts, worth, strict=True) if part is doubtful[0])
        value = f"{shown(whole - added + own)}{unit}"
        doubtful[0].disagrees("合计的一项", value, f"合计{shown(whole)}：{source}", NO_SUM)
