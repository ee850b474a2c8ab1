"""Grades of the total as a table states them (90分（含）以上为优…) -> bands of a definition; nothing where they do not meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.authoring.criteria.bands import Band, intervals, laid_out, written
from jixiao.authoring.criteria.clauses import Range, Side
from jixiao.authoring.criteria.grammar import grammar
from jixiao.authoring.criteria.peg import Run
from jixiao.authoring.criteria.wholetext import read_text
from jixiao.authoring.official.headings import words
from jixiao.text import LONGEST

_GRADE = re.compile(
    r"(?:[为属是评定等级的]|综合评价|绩效|评价|结果)*(?P<label>优秀?|良好?|中等?|合格|一般|较差|差|不合格|及格|不及格)(?:等级?|等次|级|档)?的?"
)
HUNDRED = Decimal(100)


def grades(text: str) -> dict[str, str]:
    """``{"[90,)": "优", …}`` from the best to the worst, empty where the text names none or leaves a gap or overlap."""
    if "优" not in text or len(text) > LONGEST:
        return {}
    bands = list(_bands(text))
    if not 3 <= len(bands) <= 6 or len({band.value for band in bands}) != len(bands):
        return {}
    line = laid_out(_open_ended(bands), [], counted=False, unit="分")
    gaps = any(value is None for _, _, value in line.atoms)
    if line.overlaps or line.contested or gaps:
        return {}
    return {written(interval, ""): str(value) for interval, value in reversed(intervals(line))}


def _bands(text: str) -> Iterator[Band]:
    """Each range of points with the grade beside it: behind it (为优), or before it where a grade comes first (优：)."""
    told = list(_told(text))
    places = [n for n, one in enumerate(told) if isinstance(one, Range)]
    first = bool(told) and isinstance(told[0], str)
    for n in places:
        near = n - 1 if first else n + 1
        label, one = told[near] if 0 <= near < len(told) else "", told[n]
        if isinstance(label, str) and label and isinstance(one, Range):
            yield Band(one.low, one.low_side, one.high, one.high_side, label)


def _told(text: str) -> Iterator[Range | str]:
    """Ranges of points and names of grades in their order."""
    found = read_text(text).tokens
    run, at = Run(found), 0
    while at < len(found):
        for rule in ("between", "interval", "span", "compare", "suffixed"):
            end, made = grammar().read(run, rule, at)
            if end > at and isinstance(made, Range) and made.unit in ("", "分"):
                yield from _labels(made.subject)
                yield made
                yield from _labels(made.tail)
                at = end
                break
        else:
            yield from _labels(found[at].text)
            at += 1


def _labels(text: str) -> Iterator[str]:
    found = _GRADE.fullmatch(text)
    if found:
        yield found["label"]


def _open_ended(bands: list[Band]) -> list[Band]:
    """90~100 and 0~60 are meant to the ends of the scale; a lower end that is shared belongs to the better grade."""
    lows = {band.low for band in bands if band.low is not None}
    for band in bands:
        if band.high == HUNDRED:
            band.high, band.high_side = None, Side.END
        if band.low == 0:
            band.low, band.low_side = None, Side.END
        if band.high in lows and band.high_side in (Side.END, Side.LAW):
            band.high_side = Side.OUT
        if band.low is not None and band.low_side in (Side.END, Side.HALF, Side.LAW):
            band.low_side = Side.IN
    return bands


def is_grading(text: str) -> bool:
    """Whether a text of a table states the grades of the total."""
    return bool(grades(text)) and not any(word in text for word in words()["extra"])
