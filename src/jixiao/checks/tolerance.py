"""How far two sides may differ because their figures were rounded for printing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checks.checked import Term
from jixiao.checks.identity import Tolerance
from jixiao.model import Fact
from jixiao.text.numbers import AMOUNT_UNITS

TWO_PLACES = Tolerance(Decimal("0.01"), Decimal("0.01"))
"""A figure against the same figure elsewhere: half a hundredth for each side that is not printed in 元."""


def allowed(rule: Tolerance, left: Sequence[Term], right: Sequence[Term], unit: str) -> Decimal:
    """The tolerance in ``unit``.

    Each figure printed in 万元 (千元, 亿元) may be off by half a step. Where both sides hold such figures that is a
    whole step per figure summed on the longer side; 元 and counts are exact.
    """
    if rule.percent is not None:
        larger = max(abs(_total(left)), abs(_total(right)))
        return larger * rule.percent / 100
    loose, tight = sorted((_slack(rule.step, left, unit), _slack(rule.step, right, unit)), reverse=True)
    scale = max((_scale(term.fact, unit) for term in (*left, *right)), default=Decimal(0))
    return min(2 * loose if tight else loose, rule.most * scale)


def _slack(step: Decimal, terms: Sequence[Term], unit: str) -> Decimal:
    """Half a step for each figure that is not zero, and for one at least: a zero may stand for 0.004."""
    scales = [_scale(term.fact, unit) * term.factor for term in terms]
    used = [scale for scale, term in zip(scales, terms, strict=True) if scale and term.fact.value]
    return step / 2 * (sum(used, Decimal(0)) or max(scales, default=Decimal(0)))


def _scale(fact: Fact, unit: str) -> Decimal:
    """How many of ``unit`` one printed unit is worth; 0 where the figure is exact (元, counts)."""
    if unit not in AMOUNT_UNITS:
        return Decimal(0)
    printed = fact.unit or unit
    if printed == "元" or printed not in AMOUNT_UNITS:
        return Decimal(0)
    return AMOUNT_UNITS[printed] / AMOUNT_UNITS[unit]


def _total(terms: Sequence[Term]) -> Decimal:
    return sum((term.amount or Decimal(0) for term in terms), Decimal(0))
