"""Part: a rule after its kind has read it: points, explanation and criteria, all from one expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model import (
    NOT_APPLICABLE,
    Arith,
    Body,
    Concept,
    Const,
    Expr,
    If,
    Is,
    IsNumber,
    ParseError,
    Ratio,
    Ref,
    Say,
    Show,
    Total,
    Words,
    is_condition,
    meant,
    none_happened,
    parse,
    style_in,
    unit_behind,
)
from jixiao.rubric.keys import Keys

APPLIES = ("适用", NOT_APPLICABLE)


class Ask(NamedTuple):
    """One entry that a person makes: a drop-down or points, in a cell of 要点核定.

    ``choices`` is empty for a free number between ``low`` and ``high``.
    """

    key: str
    field: str
    choices: tuple[str, ...] = ()
    low: Expr | None = None
    high: Expr | None = None


@dataclass(slots=True)
class Part:
    """One scoring point: what it gives and why.

    ``rule`` is what the definition says; ``points`` the same with points moved here and with 不适用, a number or an outcome
    before rounding to two decimals; ``explain`` the sentence with the figures. ``asks`` are a person's entries, ``events`` the
    facts that it counts up from nothing, ``choices`` decide by name which fact is meant. A part with ``parts`` joins them.
    """

    key: str
    title: str
    full: Decimal
    kind: str
    rule: Expr
    points: Expr
    explain: Expr
    asks: list[Ask] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    reads: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    choices: Mapping[str, If] = field(default_factory=dict)
    note: str = ""
    requires: str = ""

    @property
    def criteria(self) -> str:
        """The rule in Chinese."""
        return self.sentence(words)

    def sentence(self, words: Words) -> str:
        """The same with other words for the keys."""
        said = [
            f"{words(name)}：{one.test.sentence(words)}的，取{one.yes.sentence(words)}；否则，取{one.no.sentence(words)}"
            for name, one in self.choices.items()
        ]
        return self.rule.sentence(words) + (f"（{'；'.join(said)}）" if said else "")

    def leaves(self) -> Iterator[Part]:
        """The parts that have a row of their own in 要点核定."""
        if self.parts:
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self

    @property
    def judged(self) -> bool:
        """Whether a person decides (part of) it."""
        return any(ask.field != "适用" for ask in self.asks)

    @property
    def optional(self) -> bool:
        """Whether a person may say that it does not apply."""
        return any(ask.field == "适用" for ask in self.asks)


class Quantity(NamedTuple):
    """A named number computed from facts: its expression, unit, and where the definition comes from.

    ``choice`` is the expression as written where it decides which of several facts is meant.
    """

    name: str
    unit: str
    expr: Expr
    text: str
    reads: tuple[str, ...]
    about: str = ""
    choice: If | None = None


@dataclass(slots=True)
class Context:
    """What a kind may look at: the vocabulary, the quantities defined so far, and who receives moved points."""

    concepts: Mapping[str, Concept]
    quantities: Mapping[str, Quantity]
    receivers: frozenset[str]
    columns: Mapping[str, str]
    adders: frozenset[str] = frozenset()  # of the receivers: those whose moved points are added in full

    def unit(self, key: str) -> str:
        """Unit of a concept, a quantity or a table column; KeyError where the name is unknown."""
        if key in self.quantities:
            return self.quantities[key].unit
        if key in self.columns:
            return self.columns[key]
        return self.concepts[key].unit

    def known(self, key: str) -> bool:
        """Whether a rule may use this name."""
        return key in self.concepts or key in self.quantities or key in self.columns

    def moved(self, key: str, points: Expr, base: Decimal) -> Expr:
        """What a part earns after moves: in proportion to its new full points, or with the moved points on top."""
        full = Ref(Keys(key).full)
        if key in self.adders:
            return Arith("+", points, Arith("-", full, Const(base)))
        return Ratio(Arith("*", points, full), Const(base), Const(0))

    def expression(self, spec: Body, key: str, zero: Expr | None = None) -> Expr:
        """The value under a key of a definition, all its names known."""
        made = self._parsed(spec, key, zero)
        if is_condition(made):
            raise spec.fail(f"“{key}”是条件，不是数值；可写成 when(条件, 1, 0)", key)
        return made

    def condition(self, spec: Body, key: str) -> Expr:
        """The condition under a key of a definition, all its names known."""
        made = self._parsed(spec, key, None)
        if not is_condition(made):
            raise spec.fail(f"“{key}”应为条件（比较），如 a >= b", key)
        return made

    def _parsed(self, spec: Body, key: str, zero: Expr | None) -> Expr:
        try:
            made = parse(spec.text(key), zero=zero)
        except ParseError as error:
            raise spec.fail(str(error), key) from error
        self.check_names(made, spec, key)
        self._check_columns(made, spec, key)
        return made

    def _check_columns(self, made: Expr, spec: Body, key: str) -> None:
        if isinstance(made, Total):
            mixed = len(made.keys) > 1 and any(name in self.columns for name in made.keys)
            if mixed:
                raise spec.fail("合计表格的列时，括号内只能有一列", key)
        elif isinstance(made, Ref) and made.key in self.columns:
            raise spec.fail(f"“{made.key}”是一整列，只能用在 sum、count、mean 中", key)
        for child in made.children():
            self._check_columns(child, spec, key)

    def fact(self, key: str) -> bool:
        """Whether the key is a fact."""
        return key in self.concepts and key not in self.quantities

    def choices(self, reads: Iterable[str]) -> Iterator[tuple[str, If]]:
        """The quantities among and behind these figures that decide which fact is meant."""
        for quantity in (self.quantities[key] for key in reads if key in self.quantities):
            if quantity.choice is not None:
                yield quantity.name, quantity.choice
            yield from self.choices(quantity.reads)

    def check_names(self, made: Expr, spec: Body, key: str) -> None:
        """Refuse a name outside the vocabulary, with the nearest known one."""
        for name in made.refs():
            if not self.known(name):
                hint = meant(name, [*self.concepts, *self.quantities, *self.columns])
                raise spec.fail(f"未知的名称“{name}”{hint}", key)


def words(key: str) -> str:
    """A key as criteria name it: without the table it stands in."""
    return key.rsplit(".", maxsplit=1)[-1]


def facts_said(context: Context, reads: tuple[str, ...], events: tuple[str, ...] = ()) -> Expr:
    """All figures that a rule reads, quantities spelled out by their facts first; of a choice the fact that is meant."""
    keys: list[str] = []
    for key in reads:
        if key in context.quantities and context.quantities[key].choice is None:
            keys += context.quantities[key].reads
        keys.append(key)
    pieces: list[Expr | str] = []
    for key in dict.fromkeys(k for k in keys if k not in context.columns):
        quantity = context.quantities.get(key)
        if quantity is None or quantity.choice is None:
            said = _said(context, key, events=key in events)
        else:
            yes, no = (
                facts_said(context, tuple(one.refs())) for one in (quantity.choice.yes, quantity.choice.no)
            )
            said = If(quantity.choice.test, yes, no)
        pieces += ["，", said] if pieces else [said]
    return Say(*pieces)


def _said(context: Context, key: str, *, events: bool) -> Expr:
    """``年度支出决算数139.40万元``: a name, its value and unit, live."""
    unit = context.unit(key)
    value: Expr = Show(key, style_in(unit), blank="未登记" if events else "（未填）")
    tail = unit_behind(unit)
    shown = If(IsNumber(key), Say(value, tail), value) if tail else value
    if events:
        shown = If(none_happened(key), Const(f"确认为0{tail}"), shown)
    return Say(words(key), shown)


def got(points_key: str) -> Expr:
    """``得4.5分``, or the outcome."""
    return If(IsNumber(points_key), Say("得", Show(points_key, "plain"), "分"), Ref(points_key))


def reason(key: str) -> Expr:
    """The reason that a person wrote for a part, in brackets; nothing where there is none."""
    return If(Is(Keys(key).why, ""), Const(""), Say("（", Show(Keys(key).why, "text"), "）"))


def explained(part: Part) -> Expr:
    """The explanation of a part inside a sum: figures and result for a computed one, verdict for a judged one."""
    said = part.explain if part.judged else Say(part.explain, "，", got(Keys(part.key).points))
    if not part.optional:
        return said
    return If(Is(Keys(part.key).points, NOT_APPLICABLE), Say(NOT_APPLICABLE, reason(part.key)), said)
