"""What a cross-check leaves: two sides with the facts they are made of, one of three outcomes, and its own words."""

from __future__ import annotations

import string
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model import Fact, Level, Source, half_up, percent, plain
from jixiao.text import AMOUNT_UNITS, shown_amount

WORDS = (
    "left", "right", "left_value", "right_value", "difference", "row", "share", "more", "change", "carried",
)  # fmt: skip
"""What the sentence of an identity may say."""
GROUP_WORDS = ("count",)
GENERAL = {
    "=": "{left}为{left_value}，{right}为{right_value}，前者比后者{more}{difference}",
    ">=": "{left}为{left_value}，小于{right}的{right_value}，相差{difference}",
    ">": "{right}为{right_value}，达到{left}（{left_value}）",
}
NEGATIVE = "{left}为{left_value}，出现负数"
CARRIED = "年初财政拨款结转和结余"
PLACES_A_SIDE = 3


class Outcome(StrEnum):
    """The text is what the 勾稽 sheet shows; a rounding tail holds, but is said."""

    HOLDS = "一致"
    TAIL = "尾差"
    FAILS = "不一致"
    UNCHECKED = "未核对"


@dataclass(frozen=True, slots=True)
class Term:
    """A fact with its sign (+1 or -1) in a sum, and the fixed factor that it is taken times."""

    sign: int
    fact: Fact
    factor: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal | None:
        """What it adds to its side; None where the fact is not a number."""
        value = self.fact.value
        return self.sign * self.factor * value if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a check: what it is in words, and the facts that add up to it (empty: not located).

    ``constant`` is set only where a side is a fixed number, the 0 of a balance that may not be negative.
    """

    text: str
    terms: tuple[Term, ...]
    constant: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The sum, in the facts' own unit; None when nothing is located or a fact is not a number."""
        amounts = [term.amount for term in self.terms]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts) or (not self.terms and self.constant is None):
            return None
        return sum(known, self.constant or Decimal(0))

    @property
    def sources(self) -> list[Source]:
        """Its places: a few, figures before zeros."""
        facts = [term.fact for term in self.terms]
        facts = [fact for fact in facts if fact.value] or facts
        return [fact.source for fact in facts[:PLACES_A_SIDE]]


@dataclass(frozen=True, slots=True)
class Checked:
    """One check carried out. ``relation`` is ``=``, ``>=`` (left at least right: a balance not negative) or ``>``.

    ``tolerance`` is in the unit of the sides; ``missing`` names what was not located; ``reference`` the legal
    basis; ``absent`` names the tables that were not there at all. ``basis``: what is missing is the paper that the
    left side needs. ``advice`` is empty where the general advice fits. ``also`` are further figures of its condition.
    ``says`` and ``group`` are the sentences of its identity, ``row`` the row that it was made for.
    """

    id: str
    title: str
    left: Side
    right: Side
    relation: str
    tolerance: Decimal
    unit: str
    level: Level
    outcome: Outcome
    missing: str = ""
    reference: str = ""
    absent: str = ""
    basis: bool = False
    advice: str = ""
    also: tuple[Fact, ...] = ()
    says: str = ""
    group: str = ""
    row: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of both sides, left first."""
        return self.left.terms + self.right.terms

    @property
    def difference(self) -> Decimal | None:
        """Left minus right, None when not checked."""
        left, right = self.left.value, self.right.value
        return left - right if left is not None and right is not None else None

    @property
    def places(self) -> list[Source]:
        """The places of both sides, left first, then those of the condition."""
        also = (fact.source for fact in self.also)
        return list(dict.fromkeys([*self.left.sources, *self.right.sources, *also]))

    @property
    def documents(self) -> list[str]:
        """The kinds of documents that the figures stand in, left first."""
        return list(dict.fromkeys(term.fact.source.document for term in self.terms))

    def words(self) -> dict[str, str]:
        """What sentences may say of a check whose figures are there: ``WORDS``, and its name, title and reference."""
        left, right = self.left.value or Decimal(0), self.right.value or Decimal(0)
        gap = abs(left - right)
        first = self.left.terms[0].fact if self.left.terms else None
        whole = first.value if first else None
        return {
            "id": self.id,
            "title": self.title,
            "reference": self.reference,
            "name": first.name if first else "",
            "left": self.left.text,
            "right": self.right.text,
            "left_value": amount(left, self.unit),
            "right_value": amount(right, self.unit),
            # rates are apart by points, not by percent
            "difference": f"{amount(gap * 100, '')}个百分点" if self.unit == "%" else amount(gap, self.unit),
            "row": self.row,
            "share": percent(half_up(right / whole, 4)) if isinstance(whole, Decimal) and whole else "",
            "more": "多" if left > right else "少",
            "change": f"{'增加' if left > 0 else '减少'}{amount(abs(left), self.unit)}",
            "carried": "扣除上年结转后" if self._carried() else "",
        }

    def _carried(self) -> bool:
        """Whether what last year left is taken off the left side."""
        return any(term.fact.name == CARRIED and term.fact.value for term in self.left.terms)

    def said(self) -> dict[str, str]:
        """``says``, ``group`` and ``item`` of a check that fails, for whoever writes of it; empty where there is none.

        ``says`` is the sentence of its identity, else the general one of its relation: a title names what should
        hold, and quoted after "not" it reads as the opposite of what was found.
        """
        words = self.words()
        negative = self.relation == ">=" and self.right.constant is not None
        template = self.says or (NEGATIVE if negative else GENERAL[self.relation])
        item = f"{self.row}（{words['share']}）" if self.row and self.relation == ">" else self.row
        if self.row and not self.says:
            words["left"] = f"{words['left']}（{self.row}）"
        return {"says": template.format(**words), "group": self.group, "item": item}


def names_in(template: str) -> set[str]:
    """The names in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def amount(value: Decimal, unit: str) -> str:
    """A figure with its unit; money with two decimals at least, a share as percent."""
    if unit == "%":
        return percent(value)
    return f"{shown_amount(value, column=True) if unit in AMOUNT_UNITS else plain(value)}{unit}"
