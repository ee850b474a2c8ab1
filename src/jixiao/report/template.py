"""The language of sentence templates: a text with ``{figures}`` in it, and when it is said.

``{收入决算数}`` is written in the unit of that name, ``{收入决算数 - 收入预算数|万元}`` is an expression of the rules' own
language in the unit behind the bar, ``{when(a > b, '大于', '小于')|文字}`` chooses a word. A clause whose figures are not
all there is left out; a sentence without its first clause is left out whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model import (
    NOT_APPLICABLE,
    OUTCOMES,
    Body,
    Const,
    Expr,
    ExprError,
    ParseError,
    Ref,
    Value,
    is_condition,
    meant,
    parse,
)
from jixiao.report.phrasing import written
from jixiao.report.traced import Traced, Within

Env = Callable[[str], Value]
Unit = Callable[[str], str]

_HOLE = re.compile(r"\{([^{}|]+)(?:\|([^{}|]+))?\}")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)?")
OPENERS = "，。；：、（）！？"
JOINTS = "，。；：、（！？"
ENDINGS = "。！？；：）"


class Hole(NamedTuple):
    """A figure in a text: its expression, and the unit it is written in (empty: that of the name)."""

    expr: Expr
    unit: str = ""


class Text(NamedTuple):
    """A text with figures."""

    pieces: tuple[str | Hole, ...]

    def names(self) -> Iterator[str]:
        """Every name that the text reads."""
        for piece in self.pieces:
            if isinstance(piece, Hole):
                yield from piece.expr.refs()

    def said(self, env: Env, unit: Unit) -> str:
        """The text with its figures, or an empty text where one of them is not there."""
        made = []
        for piece in self.pieces:
            if isinstance(piece, str):
                made.append(piece)
                continue
            if not all(there(env(name)) for name in piece.expr.refs()):
                return ""
            value = piece.expr.number(env)
            if not there(value):
                return ""
            own = piece.unit or (unit(piece.expr.key) if isinstance(piece.expr, Ref) else "")
            if isinstance(value, Decimal) and not isinstance(piece.expr, Ref):
                value = Traced(value, Within(piece.expr, env))
            made.append(written(value, own))
        return "".join(made)


class Clause(NamedTuple):
    """A part of a sentence: said where ``when`` holds and its figures are there, else ``otherwise`` (or nothing)."""

    text: Text
    when: Expr | None = None
    otherwise: tuple[Clause, ...] = ()

    def names(self) -> Iterator[str]:
        """Every name that it may read."""
        yield from self.text.names()
        yield from self.when.refs() if self.when is not None else ()
        for other in self.otherwise:
            yield from other.names()

    def said(self, env: Env, unit: Unit) -> str:
        """The clause, or an empty text."""
        if self.when is None or holds(self.when, env):
            text = self.text.said(env, unit)
            if text:
                return text
        return next((text for other in self.otherwise if (text := other.said(env, unit))), "")


class Sentence(NamedTuple):
    """Clauses joined by commas; the first one carries the others."""

    clauses: tuple[Clause, ...]

    def names(self) -> Iterator[str]:
        """Every name that it may read."""
        for clause in self.clauses:
            yield from clause.names()

    def said(self, env: Env, unit: Unit) -> str:
        """The sentence with its full stop, or an empty text."""
        head = self.clauses[0].said(env, unit)
        if not head:
            return ""
        for clause in self.clauses[1:]:
            text = clause.said(env, unit)
            if text:
                head += text if text[0] in OPENERS or head[-1] in JOINTS else f"，{text}"
        head = head.rstrip("，、；")
        return head if head[-1] in ENDINGS and head[-1] != "）" else f"{head}。"

    def lacking(self, env: Env) -> list[str]:
        """The names of the first clause that have no value."""
        return [name for name in dict.fromkeys(self.clauses[0].text.names()) if not there(env(name))]


class Live(NamedTuple):
    """A sentence that was said, with what it reads: a page says it anew when a figure changes."""

    sentence: Sentence
    env: Env
    unit: Unit


def there(value: Value) -> bool:
    """Whether a value can be written: not blank, and no outcome that stands for the lack of a figure."""
    return value is not None and value != "" and value not in OUTCOMES


def holds(condition: Expr, env: Env) -> bool:
    """Whether a condition holds; one whose figures are not there does not."""
    try:
        return condition.number(env) is True
    except (ExprError, ArithmeticError):
        return False


class Reader:
    """Reads texts of definitions whose names are all known; anything else is a ``DefinitionError`` with file and line."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known

    def text(self, text: str, at: Body, key: str = "say") -> Text:
        """A text with figures."""
        pieces: list[str | Hole] = []
        last = 0
        for match in _HOLE.finditer(text):
            pieces += [
                text[last : match.start()],
                self._hole(match[1].strip(), (match[2] or "").strip(), at, key),
            ]
            last = match.end()
        pieces.append(text[last:])
        if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
            raise at.fail(f"“{text}”的花括号不成对", key)
        return Text(tuple(piece for piece in pieces if piece))

    def _hole(self, text: str, unit: str, at: Body, key: str) -> Hole:
        if _NAME.fullmatch(text):
            known(text, self.known, at, key)
            return Hole(Ref(text), unit)
        if not unit:
            raise at.fail(f"算式“{text}”应在竖线后写明单位", key)
        return Hole(self.expr(text, at, key), unit)

    def expr(self, text: str, at: Body, key: str) -> Expr:
        """An expression of the rules' language; a zero denominator gives 不适用."""
        try:
            made = parse(text, zero=Const(NOT_APPLICABLE))
        except ParseError as error:
            raise at.fail(str(error), key) from error
        for name in made.refs():
            known(name, self.known, at, key)
        return made

    def condition(self, at: Body, key: str = "when") -> Expr | None:
        """An expression that is true or false; None where the key is not there."""
        if key not in at:
            return None
        made = self.expr(at.text(key), at, key)
        if not is_condition(made):
            raise at.fail(f"“{at.text(key)}”不是条件", key)
        return made

    def clause(self, body: object, at: Body) -> Clause:
        """A text, ``{say, when, otherwise}``, or ``{first: [clauses]}``."""
        if isinstance(body, Decimal):
            body = format(body, "f")
        if isinstance(body, str):
            return Clause(self.text(body, at))
        if not isinstance(body, Body):
            raise at.fail("应为文字，或 say、first")
        if "first" in body:
            first, *others = (self.clause(item, body) for item in body.only(("first",))["first"])
            return first._replace(otherwise=(*first.otherwise, *others))
        body.only(("say",), ("when", "otherwise"))
        other = (self.clause(body["otherwise"], body),) if "otherwise" in body else ()
        return Clause(self.text(body.text("say"), body), self.condition(body), other)

    def sentences(self, body: object, at: Body) -> tuple[Sentence, ...]:
        """One sentence, or a list of sentences, each a clause or a list of clauses."""
        items = body if isinstance(body, list) else [body]
        return tuple(
            Sentence(tuple(self.clause(part, at) for part in (item if isinstance(item, list) else [item])))
            for item in items
        )


def known(name: str, names: Collection[str], at: Body, key: str, what: str = "名称") -> str:
    """The name, or the error that says what is known nearest to it."""
    if name in names:
        return name
    raise at.fail(f"未知的{what}“{name}”{meant(name, names)}", key)


def said_all(sentences: Sequence[Sentence], env: Env, unit: Unit) -> str:
    """The sentences that can be said, one after another."""
    return "".join(sentence.said(env, unit) for sentence in sentences)


def over(values: Mapping[str, Value], base: Env) -> Env:
    """Names of a row before the others."""
    return lambda key: values[key] if key in values else base(key)
