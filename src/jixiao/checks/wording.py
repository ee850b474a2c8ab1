"""Figures, places and lists as findings say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from jixiao.checks.checked import Checked, Side
from jixiao.model import Fact, Source, percent, plain
from jixiao.text.numbers import AMOUNT_UNITS

PLACES_A_SIDE = 3
LISTED = 5


def amount(value: Decimal, unit: str) -> str:
    """A figure with its unit; money with two decimals at least, a share as percent."""
    if unit == "%":
        return percent(value)
    shown = plain(value)
    if unit in AMOUNT_UNITS:
        whole, _, cents = shown.partition(".")
        shown = f"{whole}.{cents:0<2}"
    return f"{shown}{unit}"


def sources(side: Side) -> list[Source]:
    """The places of a side: a few, figures before zeros."""
    facts = [term.fact for term in side.terms]
    facts = [fact for fact in facts if fact.value] or facts
    return [fact.source for fact in facts[:PLACES_A_SIDE]]


def both(one: Checked) -> list[Source]:
    """The places of both sides, left first, then those of the condition."""
    return list(dict.fromkeys([*sources(one.left), *sources(one.right), *(fact.source for fact in one.also)]))


def documents(one: Checked) -> list[str]:
    """The kinds of documents that the figures stand in, left first."""
    return list(dict.fromkeys(term.fact.source.document for term in (*one.left.terms, *one.right.terms)))


def table(fact: Fact) -> str:
    """The table of a fact as a person calls it: the document, and the file that it stands in."""
    source = fact.source
    return " ".join(dict.fromkeys(part for part in (source.document or source.form, source.file) if part))


def listed(items: Iterable[str]) -> str:
    """The first few of some texts, and how many there are."""
    unique = list(dict.fromkeys(items))
    return "；".join(unique[:LISTED]) + (f"；等 {len(unique)} 项" if len(unique) > LISTED else "")


def few(places: Iterable[Source]) -> Sequence[Source]:
    """The first few places, each once."""
    return list(dict.fromkeys(places))[: 2 * LISTED]
