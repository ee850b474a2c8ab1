"""Grades of the total as a table states them (90分（含）以上为优…) -> bands of a definition; nothing where they do not meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria.bands import CONTESTED, Band, intervals, sort, written
from jixiao.authoring.criteria.parsing import phrases
from jixiao.authoring.criteria.phrases import Mark, Phrase, Range, Words
from jixiao.authoring.criteria.statements import normalise
from jixiao.authoring.official.headings import words
from jixiao.text import LONGEST

_GRADE = re.compile(
    r"(?:[为属是评定等级:()“”的,;、]|综合评价|绩效|评价|结果)*(?P<label>优秀?|良好?|中等?|合格|一般|较差|差|不合格|及格|不及格)(?:等级?|等次|级|档)?[:()“”的,;、]*"
)
HUNDRED = Decimal(100)


def grades(text: str) -> dict[str, str]:
    """``{"[90,)": "优", …}`` from the best to the worst, empty where the text names none or leaves a gap or overlap."""
    if not re.search(r"优", text) or len(text) > LONGEST:
        return {}
    bands = [band for line in re.split(r"[。;\n]", normalise(text)) for band in _bands(line)]
    labels = [str(band.value) for band in bands]
    if not 3 <= len(bands) <= 6 or len(set(labels)) != len(labels):
        return {}
    made = sort(_open_ended(bands), [], counted=False, show="")
    held = [atom for atom in made.atoms if atom[2] is not None]
    if made.overlaps or made.contested or made.gaps or any(v == CONTESTED for _, _, v in held):
        return {}
    return {written(interval, ""): str(value) for interval, value in reversed(intervals(made))}


def _bands(line: str) -> Iterator[Band]:
    """Ranges of one line with the grade that stands beside each: behind it (为优), else before it (优：)."""
    found = _joined(phrases(re.sub(r"[(](\d{2,3}[^()]*)[)]", r",\1,", line)) or [])
    told = [(p, _label(p)) for p in found if isinstance(p, (Range, Words))]
    ranges = [
        n for n, (p, _) in enumerate(told) if isinstance(p, Range) and p.unit in ("", "分") and not p.bare
    ]
    for n in ranges:
        behind = told[n + 1][1] if n + 1 < len(told) else ""
        before = told[n - 1][1] if n else ""
        first = told[0][1] != ""
        label = before if first else behind
        phrase = told[n][0]
        if label and isinstance(phrase, Range):
            yield Band(phrase.low, phrase.low_mark, phrase.high, phrase.high_mark, label)


def _joined(found: list[Phrase]) -> list[Phrase]:
    """75分以上90分以下: two halves of one range."""
    made: list[Phrase] = []
    for phrase in found:
        last = made[-1] if made else None
        if (
            isinstance(phrase, Range) and isinstance(last, Range)
            and last.high is None and phrase.low is None and last.end == phrase.start
        ):  # fmt: skip
            made[-1] = replace(last, high=phrase.high, high_mark=phrase.high_mark, end=phrase.end)
        else:
            made.append(phrase)
    return made


def _label(phrase: Phrase) -> str:
    found = _GRADE.fullmatch(phrase.text) if isinstance(phrase, Words) else None
    return found["label"] if found else ""


def _open_ended(bands: list[Band]) -> list[Band]:
    """90~100 and 0~60 are meant to the ends of the scale; a lower end that is shared belongs to the better grade."""
    lows = {band.low for band in bands if band.low is not None}
    for band in bands:
        if band.high == HUNDRED:
            band.high, band.high_mark = None, Mark.SOFT
        if band.low == 0:
            band.low, band.low_mark = None, Mark.SOFT
        if band.high in lows and band.high_mark in (Mark.SOFT, Mark.LAW):
            band.high_mark = Mark.OUT
        if band.low is not None and band.low_mark in (Mark.SOFT, Mark.HALF, Mark.LAW):
            band.low_mark = Mark.IN
    return bands


def is_grading(text: str) -> bool:
    """Whether a text of a table states the grades of the total."""
    return bool(grades(text)) and not any(word in text for word in words()["extra"])
