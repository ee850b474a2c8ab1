"""Clauses told in words beside a rule over a figure: what they say of the whole rule, or why they are apart from it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.bandsort import Band
from jixiao.authoring.criteria.beside import BEYOND, exempt, own, veto
from jixiao.authoring.criteria.phrases import Change, Clause, Given, Mark, Sign
from jixiao.authoring.criteria.work import Work

_FALLING = re.compile(r"^[,，]?(?:负增长|为负数?)")
_NO_GAIN = re.compile(r"^[,，]?(?:未|没有|无)(?:提高|增长|上升|增加|提升|改善|下降|降低|减少|压减)的?$")
_NONE_DONE = re.compile(
    r"^[,，]?(?:均|都)?(?:未|没有|没|无)(?:开展|组织|进行|完成|建立|举办|安排|召开|获得|实施)?的?$"
)
_NEGATIVE = ("未", "没", "无", "不", "否", "零")


def in_order(clause: Clause) -> bool:
    """What gives points comes before what takes all of them: a denial is known by what it denies."""
    none = isinstance(clause.action, Given) and clause.action.points == 0
    return none and not clause.ranges and not clause.otherwise


def apart(work: Work, clause: Clause, value: Any) -> bool:
    """Whether a clause in words is a matter of its own: a veto, or a penalty that the rule cannot hold."""
    action = clause.action
    if isinstance(value, Decimal) and _no_gain(work, clause, value):
        return True
    if isinstance(value, Decimal) and _falling(work, clause):
        work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.OUT, value))
        return True
    if clause.unless and value != 0:
        work.built.ask(f"“{clause.text}”不满足时怎样扣分没有写明")
        return True
    none = isinstance(action, Given) and value == 0
    if clause.unless or (none and not own(work, clause)):
        veto(work, clause)
        return True
    if value == work.full and isinstance(action, Given) and exempt(work, clause):
        return True
    if isinstance(action, Sign) and action.what == "discretion" and clause.words and not own(work, clause):
        work.built.ask(f"“{clause.text}{action.text}”没有给出算法，由评价人核定")
        return True
    if isinstance(action, Change) and (action.sign > 0 or not own(work, clause, loosely=False)):
        work.built.ask(f"“{clause.text}”的加减分与数值的得分怎样合并没有写明")
        return True
    return False


def _no_gain(work: Work, clause: Clause, value: Decimal) -> bool:
    """未提高不得分 beside bands of what was gained: up to zero nothing was."""
    if work.counted and value == 0 and _NONE_DONE.match(clause.text) and work.bands and not work.steps:
        nothing = not any(b.strength(Decimal(0), counted=True) for b in work.bands)
        work.bands += [Band(Decimal(0), Mark.IN, Decimal(0), Mark.IN, value)] if nothing else []
        return nothing
    rising = work.unit == "%" and bool(work.bands) and not work.steps
    if not rising or value != 0 or not _NO_GAIN.match(clause.text):
        return False
    if any(v is not None and v < 0 for b in work.bands for v in (b.low, b.high)):
        return False
    for band in work.bands:
        if band.low is None and band.high is not None and band.high > 0:
            band.low, band.low_mark = Decimal(0), Mark.OUT
    work.bands.append(Band(None, Mark.SOFT, Decimal(0), Mark.IN, value))
    return True


def _falling(work: Work, clause: Clause) -> bool:
    """负增长不得分 beside bands of growth from zero on."""
    rising = bool(work.bands) and all(b.low is not None and b.low >= 0 for b in work.bands)
    return rising and work.unit == "%" and bool(_FALLING.search(clause.text))


def in_words(work: Work, clause: Clause, value: Any) -> None:
    """Points that words give: all of them, or none."""
    negative = any(sign in clause.text[:6] for sign in _NEGATIVE)
    if value == work.full and (work.said_full or full_band(work)) and not own(work, clause):
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")
    elif value == work.full:
        work.said_full, work.full_words = True, clause.text
        work.full_first = clause is work.reading.clauses[0]
    elif value == 0:
        work.said_zero = True
        if work.rest is None and work.bands and not work.steps and BEYOND.search(clause.text):
            work.rest = value  # 达到90%得3分，未达到的不得分
        elif not negative:
            work.built.ask(f"“{clause.text}”与数值的关系没有写明")
    else:
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")


def points_of(given: Given, full: Decimal) -> Decimal | None:
    """Points of an award; None where a person picks between two."""
    if given.most is not None:
        return None
    if given.share is not None:
        return full * given.share
    return given.points


def full_band(work: Work) -> Band | None:
    """The band that gives most."""
    values = [b for b in work.bands if isinstance(b.value, Decimal)]
    best = max((b.value for b in values), default=None)
    return next((b for b in values if b.value == best), None)
