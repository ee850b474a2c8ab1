"""Sentences with figures in them, live in a cell: joining, and numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.model.expr.base import ATOM, JOIN, Cells, Env, Expr, Value, Words, half_up, plain, quote
from jixiao.model.expr.nodes import Const, Ref


class Say(Expr):
    """Texts and expressions joined into one sentence; a node that gives text is joined as it is."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Expr | str) -> None:
        merged: list[Expr] = []
        for part in parts:
            node = Const(part) if isinstance(part, str) else part
            for piece in node.parts if isinstance(node, Say) else (node,):
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

    def formula(self, cells: Cells) -> str:
        return "&".join(part.inner(cells, JOIN) for part in self.parts) or '""'

    def sentence(self, words: Words) -> str:
        return "".join(part.sentence(words) for part in self.parts)

    def children(self) -> tuple[Expr, ...]:
        return self.parts


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


class Show(Expr):
    """The value of a key as text.

    ``amount``: at least two decimals, at most six (139.40, 30.629); ``rate``: a fraction as a percentage with at
    most two decimals (5.74%, 100%); ``plain``: at most two decimals without trailing zeros (4.5, 7);
    ``date``: 2023-04-27. An outcome is shown as it is, a blank cell as ``blank``.
    """

    __slots__ = ("blank", "key", "style")

    def __init__(self, key: str, style: str, blank: str = "（未填）") -> None:
        if style not in ("amount", "rate", "plain", "date", "text"):
            raise ValueError(style)
        self.key, self.style, self.blank = Ref(key), style, blank

    def number(self, env: Env) -> Value:
        value = self.key.number(env)
        if not isinstance(value, Decimal):
            return _text(value) or self.blank
        if self.style == "amount":
            text = format(half_up(value, 6), "f")
            whole, _, fraction = text.partition(".")
            return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}".replace("-0.00", "0.00")
        if self.style == "rate":
            return plain(half_up(value * 100, 2)) + "%"
        if self.style == "date":
            return _date(value)
        return plain(half_up(value, 2))

    def formula(self, cells: Cells) -> str:
        cell = cells(self.key.key)
        other = f'IF({cell}="",{quote(self.blank)},{cell})'
        if self.style == "text":
            return other
        return f"IF(ISNUMBER({cell}),{self._digits(cell)},{other})"

    def _digits(self, cell: str) -> str:
        if self.style == "amount":
            return f'TEXT(ROUND({cell},6),"0.00####")'
        if self.style == "date":
            return f'TEXT({cell},"yyyy-mm-dd")'
        value = f"ROUND({cell}*100,2)" if self.style == "rate" else f"ROUND({cell},2)"
        whole = f"ROUND({cell},2)" if self.style == "rate" else f"ROUND({cell},0)"
        tenth = f"ROUND({cell}*100,1)" if self.style == "rate" else f"ROUND({cell},1)"
        if self.style == "rate":
            whole = f"ROUND({cell}*100,0)"
        sign = '&"%"' if self.style == "rate" else ""
        shown = f'IF({value}={whole},TEXT({value},"0"),IF({value}={tenth},TEXT({value},"0.0"),TEXT({value},"0.00")))'
        return shown + sign

    def sentence(self, words: Words) -> str:
        return self.key.sentence(words)

    def refs(self) -> Iterator[str]:
        yield self.key.key


def _date(serial: Decimal) -> str:
    from datetime import date, timedelta  # only where a date is shown

    return (date(1899, 12, 30) + timedelta(days=int(serial))).isoformat()
