"""Sentences with figures in them, live in a cell: joining, and numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from jixiao.model.expr.base import (
    ATOM,
    JOIN,
    PENDING,
    Cells,
    Code,
    Env,
    Expr,
    Value,
    Words,
    half_up,
    literal,
    plain,
    quote,
)
from jixiao.model.expr.nodes import Const, Ref

FIRST_DAY, LAST_DAY = 61, 2958466
"""Serial numbers that every spreadsheet reads as the same day: 1900-03-01 up to the end of the year 9999."""
NO_DATE = "（不是日期）"


class Say(Expr):
    """Texts and expressions joined into one sentence; a node that gives text is joined as it is."""

    __slots__ = ("parts",)
    parts: tuple[Expr, ...]

    def __init__(self, *parts: Expr | str) -> None:
        merged: list[Expr] = []
        for part in parts:
            node = Const(part) if isinstance(part, str) else part
            pieces: tuple[Expr, ...] = node.parts if isinstance(node, Say) else (node,)
            for piece in pieces:
                last = merged[-1] if merged else None
                if isinstance(piece, Const) and isinstance(last, Const):
                    merged[-1] = Const(f"{last.value}{piece.value}")
                else:
                    merged.append(piece)
        self.parts = tuple(merged)

    @property
    def binds(self) -> int:  # type: ignore[override]
        """A single piece needs no joining."""
        return JOIN if len(self.parts) > 1 else ATOM

    def number(self, env: Env) -> Value:
        return "".join(_text(part.number(env)) for part in self.parts)

    def code(self, to: Code) -> str:
        said = (
            p.code(to) if isinstance(p, (Const, Show)) else f"{to.value(_text)}({p.code(to)})"
            for p in self.parts
        )
        return f"({' + '.join(said) or repr('')})"

    def formula(self, cells: Cells) -> str:
        return "&".join(part.inner(cells, JOIN) for part in self.parts) or '""'

    def script(self, cells: Cells) -> str:
        return f"say([{','.join(part.script(cells) for part in self.parts)}])"

    def sentence(self, words: Words) -> str:
        return "".join(part.sentence(words) for part in self.parts)

    def children(self) -> tuple[Expr, ...]:
        return self.parts


def settled(expr: Expr, env: Env, tell: Callable[[Expr], str] | None = None) -> str:
    """What an explanation says of points that are given: without the clauses whose figure is still 待核定.

    ``tell`` words each piece; without it a piece is its value.
    """
    clauses = [("", False)]
    for leaf in _said(expr, env):
        text = tell(leaf) if tell is not None else _text(leaf.number(env))
        if isinstance(leaf, Const):  # commas of our own end a clause, those of a value do not
            ended, *others = re.split(r"(?<=[，；])", text)
            clauses[-1] = (clauses[-1][0] + ended, clauses[-1][1])
            clauses += [(other, False) for other in others]
        else:
            clauses[-1] = (clauses[-1][0] + text, clauses[-1][1] or leaf.number(env) == PENDING)
    return "".join(text for text, waits in clauses if not waits)


def _said(expr: Expr, env: Env) -> Iterator[Expr]:
    """The pieces of a sentence that are said, of every choice the branch that is taken."""
    taken = expr.taken(env)
    if taken is not expr:
        yield from _said(taken, env)
    elif isinstance(expr, Say):
        for part in expr.parts:
            yield from _said(part, env)
    else:
        yield expr


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def figure(value: Value, style: str, blank: str) -> str:
    """A value as ``Show`` shows it."""
    if not isinstance(value, Decimal):
        return _text(value) or blank
    if style == "amount":
        if half_up(value, 2) or not value:
            return format(half_up(value, 2), "f")
        whole, _, fraction = format(half_up(value, 6), "f").partition(".")
        return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
    if style == "rate":
        return plain(half_up(value, 4) * 100) + "%"
    if style == "date":
        return _date(value) if FIRST_DAY <= value < LAST_DAY else NO_DATE
    if style == "text":  # a number typed where words belong
        return format(half_up(value, 2), "f")
    return plain(half_up(value, 2))


def style_in(unit: str) -> str:
    """How ``Show`` shows a figure of a unit."""
    by_name = {"%": "rate", "日期": "date", "文字": "text"}
    return by_name.get(unit, "amount" if unit.endswith("元") else "plain")


def unit_behind(unit: str) -> str:
    """The unit as it stands behind the figure: nothing where the figure says it itself or there is none."""
    return "" if unit in ("%", "日期", "文字", "数值") else unit


class Show(Expr):
    """The value of a key as text.

    ``amount``: two decimals (139.40), up to six where two would say 0 (0.0012); ``rate``: a fraction as a percentage with at
    most two decimals (5.74%, 100%); ``plain``: at most two decimals without trailing zeros (4.5, 7);
    ``date``: 2023年4月27日; ``text``: as it is, a number with two decimals.
    An outcome is shown as it is, a blank cell as ``blank``.
    """

    __slots__ = ("blank", "key", "style")

    def __init__(self, key: str, style: str, blank: str = "（未填）") -> None:
        if style not in ("amount", "rate", "plain", "date", "text"):
            raise ValueError(style)
        self.key, self.style, self.blank = Ref(key), style, blank

    def number(self, env: Env) -> Value:
        return figure(self.key.number(env), self.style, self.blank)

    def code(self, to: Code) -> str:
        return f"{to.value(figure)}({self.key.code(to)}, {self.style!r}, {self.blank!r})"

    def formula(self, cells: Cells) -> str:
        cell = cells(self.key.key)
        other = f'IF({cell}="",{quote(self.blank)},{cell})'
        return f"IF(ISNUMBER({cell}),{self._digits(cell)},{other})"

    def _digits(self, cell: str) -> str:
        # every figure is rounded before TEXT sees it: engines format an unrounded one differently
        if self.style == "amount":
            small, whole = f'TEXT(ROUND({cell},6),"0.00####")', f'TEXT(ROUND({cell},2),"0.00")'
            return f"IF(AND({cell}<>0,ROUND({cell},2)=0),{small},{whole})"
        if self.style == "date":
            day = f'YEAR({cell})&"年"&MONTH({cell})&"月"&DAY({cell})&"日"'
            return f"IF(AND({cell}>={FIRST_DAY},{cell}<{LAST_DAY}),{day},{quote(NO_DATE)})"
        if self.style == "text":
            return f'TEXT(ROUND({cell},2),"0.00")'
        places, sign = ((2, 3, 4), "%") if self.style == "rate" else ((0, 1, 2), "")
        whole, tenth, full = (f"ROUND({cell},{n})" for n in places)
        last = f'TEXT({full},"0.00{sign}")'
        return (
            f'IF({full}={whole},TEXT({whole},"0{sign}"),IF({full}={tenth},TEXT({tenth},"0.0{sign}"),{last}))'
        )

    def script(self, cells: Cells) -> str:
        return f"show({cells(self.key.key)},{literal(self.style)},{literal(self.blank)})"

    def sentence(self, words: Words) -> str:
        return self.key.sentence(words)

    def refs(self) -> Iterator[str]:
        yield self.key.key


def _date(serial: Decimal) -> str:
    from datetime import date, timedelta  # only where a date is shown

    day = date(1899, 12, 30) + timedelta(days=int(serial))
    return f"{day.year}年{day.month}月{day.day}日"
