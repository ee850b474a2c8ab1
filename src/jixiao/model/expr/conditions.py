"""Conditions, choices, the guard that keeps outcomes out of arithmetic, and what an expression gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from jixiao.model.expr.base import (
    ALL,
    ANY,
    COMPARE,
    CONFIRMED,
    JOIN,
    NONE_HAPPENED,
    NOT_APPLICABLE,
    PENDING,
    Cells,
    Code,
    Env,
    Expr,
    ExprError,
    Value,
    Words,
    decimal,
    literal,
    quote,
)
from jixiao.model.expr.nodes import Const, Count, OrZero, Ratio, Ref, Round, Total

SPOKEN = {"=": "＝", "<>": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥"}


class Compare(Expr):
    """Two numbers compared; a computed side is rounded to six places first, in every reading."""

    __slots__ = ("a", "b", "op")
    binds = says = COMPARE

    def __init__(self, op: str, a: Expr, b: Expr) -> None:
        if op not in SPOKEN:
            raise ExprError(f"comparison {op}")
        self.op = op
        self.a, self.b = (s if isinstance(s, (Const, Ref, Round)) else Round(s) for s in (a, b))

    def number(self, env: Env) -> Value:
        a, b = decimal(self.a.number(env), "compare"), decimal(self.b.number(env), "compare")
        if self.op in ("=", "<>"):
            return (a == b) is (self.op == "=")
        if self.op in ("<", ">="):
            return (a < b) is (self.op == "<")
        return (a > b) is (self.op == ">")

    def code(self, to: Code) -> str:
        sign = {"=": "==", "<>": "!="}.get(self.op, self.op)
        return f"({to.decimal(self.a)} {sign} {to.decimal(self.b)})"

    def formula(self, cells: Cells) -> str:
        return f"{self.a.inner(cells, COMPARE + 1)}{self.op}{self.b.inner(cells, COMPARE + 1)}"

    def script(self, cells: Cells) -> str:
        op = {"=": "===", "<>": "!=="}.get(self.op, self.op)
        return f"(cmp({self.a.script(cells)},{self.b.script(cells)}){op}0)"

    def sentence(self, words: Words) -> str:
        return f"{self.a.spoken(words, JOIN)}{SPOKEN[self.op]}{self.b.spoken(words, JOIN)}"

    def children(self) -> tuple[Expr, ...]:
        return (self.a, self.b)


def says(value: Value, text: str) -> bool:
    """Whether a cell holds a text; capitals and small letters are the same, a blank cell is the empty text."""
    return not text if value is None else isinstance(value, str) and value.lower() == text.lower()


class Is(Expr):
    """A person's entry is this text (a verdict, an outcome); a blank cell is the empty text.

    Capitals and small letters are the same, as ``=`` has them in a spreadsheet.
    """

    __slots__ = ("key", "text")
    binds = says = COMPARE

    def __init__(self, key: str, text: str) -> None:
        self.key, self.text = Ref(key), text

    def number(self, env: Env) -> Value:
        return says(self.key.number(env), self.text)

    def code(self, to: Code) -> str:
        return f"{to.value(says)}({self.key.code(to)}, {self.text!r})"

    def formula(self, cells: Cells) -> str:
        return f"{self.key.formula(cells)}={Const(self.text).formula(cells)}"

    def script(self, cells: Cells) -> str:
        return f"same({self.key.script(cells)},{literal(self.text)})"

    def sentence(self, words: Words) -> str:
        return f"{self.key.sentence(words)}{'为“' + self.text + '”' if self.text else '未填'}"

    def children(self) -> tuple[Expr, ...]:
        return (self.key,)


class IsNumber(Expr):
    """The cell holds a number (not blank, not an outcome)."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = Ref(key)

    def number(self, env: Env) -> Value:
        return isinstance(self.key.number(env), Decimal)

    def code(self, to: Code) -> str:
        return f"isinstance({self.key.code(to)}, {to.value(Decimal)})"

    def formula(self, cells: Cells) -> str:
        return f"ISNUMBER({self.key.formula(cells)})"

    def script(self, cells: Cells) -> str:
        return f"isNumber({self.key.script(cells)})"

    def sentence(self, words: Words) -> str:
        return f"{self.key.sentence(words)}已填"

    def children(self) -> tuple[Expr, ...]:
        return (self.key,)


def among(text: str, column: object) -> bool:
    """Whether a row of a column holds a text."""
    if not isinstance(column, tuple):
        raise ExprError("not a column")
    return text in column


class Among(Expr):
    """A row of a column holds this text."""

    __slots__ = ("column", "text")

    def __init__(self, column: str, text: str) -> None:
        self.column, self.text = column, text

    def number(self, env: Env) -> Value:
        return among(self.text, env(self.column))

    def code(self, to: Code) -> str:
        return f"{to.value(among)}({self.text!r}, {to.cells(self.column)})"

    def formula(self, cells: Cells) -> str:
        return f"SUMPRODUCT(({cells(self.column)}={quote(self.text)})*1)>0"

    def script(self, cells: Cells) -> str:
        return f"{cells(self.column)}.includes({literal(self.text)})"

    def sentence(self, words: Words) -> str:
        return f"{words(self.column)}中有“{self.text}”"

    def refs(self) -> Iterator[str]:
        yield self.column


class Logic(Expr):
    """``AND``, ``OR`` or ``NOT`` of conditions. All sides are read, as spreadsheets do."""

    __slots__ = ("args", "name")

    @property
    def says(self) -> int:  # type: ignore[override]
        """或 binds more weakly than 且, 且 more weakly than a comparison."""
        return {"NOT": COMPARE, "AND": ALL, "OR": ANY}[self.name]

    def __init__(self, name: str, *args: Expr) -> None:
        if name not in ("AND", "OR", "NOT") or not args or (name == "NOT" and len(args) != 1):
            raise ExprError(f"logic {name}/{len(args)}")
        self.name, self.args = name, args

    def number(self, env: Env) -> Value:
        values = [bool(arg.number(env)) for arg in self.args]
        return all(values) if self.name == "AND" else any(values) if self.name == "OR" else not values[0]

    def code(self, to: Code) -> str:
        made = [arg.code(to) if is_condition(arg) else f"bool({arg.code(to)})" for arg in self.args]
        return (
            f"({(' & ' if self.name == 'AND' else ' | ').join(made)})"
            if self.name != "NOT"
            else f"(not {made[0]})"
        )

    def formula(self, cells: Cells) -> str:
        return f"{self.name}({','.join(arg.formula(cells) for arg in self.args)})"

    def script(self, cells: Cells) -> str:
        inner = ",".join(arg.script(cells) for arg in self.args)
        return (
            f"!{inner}" if self.name == "NOT" else f"{'every' if self.name == 'AND' else 'some'}([{inner}])"
        )

    def sentence(self, words: Words) -> str:
        if self.name == "NOT":
            return f"并非{self.args[0].spoken(words, COMPARE)}"
        return ("且" if self.name == "AND" else "或").join(arg.spoken(words, self.says) for arg in self.args)

    def children(self) -> tuple[Expr, ...]:
        return self.args


class If(Expr):
    """One of two; only the branch taken is read."""

    __slots__ = ("no", "test", "yes")
    says = ANY - 1

    def __init__(self, test: Expr, yes: Expr, no: Expr) -> None:
        self.test, self.yes, self.no = test, yes, no

    def number(self, env: Env) -> Value:
        return (self.yes if self.test.number(env) else self.no).number(env)

    def code(self, to: Code) -> str:
        test = self.test.code(to)
        return f"({self.yes.code(to)} if {test} else {self.no.code(to)})"

    def taken(self, env: Env) -> Expr:
        return self.yes if self.test.number(env) else self.no

    def formula(self, cells: Cells) -> str:
        return f"IF({self.test.formula(cells)},{self.yes.formula(cells)},{self.no.formula(cells)})"

    def script(self, cells: Cells) -> str:
        return f"({self.test.script(cells)}?{self.yes.script(cells)}:{self.no.script(cells)})"

    def sentence(self, words: Words) -> str:
        test, yes, no = (part.sentence(words) for part in (self.test, self.yes, self.no))
        return f"{test}的，{yes}；否则，{no}"

    def children(self) -> tuple[Expr, ...]:
        return (self.test, self.yes, self.no)

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        return If(self.test, self.yes.mapped(change), self.no.mapped(change))


def outcome(values: Iterable[Value]) -> str:
    """What is said where not all values are numbers: 不适用 where the others are, else 待核定."""
    settled = all(isinstance(value, Decimal) or value == NOT_APPLICABLE for value in values)
    return NOT_APPLICABLE if settled else PENDING


class Given(Expr):
    """The body where every key holds a number; else 待核定 if one is missing or pending, else 不适用.

    ``otherwise`` replaces both outcomes (a row of a table that is not filled in gives an empty text).
    """

    __slots__ = ("body", "keys", "otherwise")

    def __init__(self, keys: Sequence[str], body: Expr, otherwise: Expr | None = None) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self.body, self.otherwise = body, otherwise

    def number(self, env: Env) -> Value:
        values = [env(key) for key in self.keys]
        if all(isinstance(value, Decimal) for value in values):
            return self.body.number(env)
        if self.otherwise is not None:
            return self.otherwise.number(env)
        return outcome(values)

    def code(self, to: Code) -> str:
        cells = [to.cells(key) for key in self.keys]
        known = " and ".join(f"isinstance({cell}, {to.value(Decimal)})" for cell in cells) or "True"
        other = (
            f"{to.value(outcome)}(({', '.join(cells)},))"
            if self.otherwise is None
            else self.otherwise.code(to)
        )
        return f"({self.body.code(to)} if {known} else {other})"

    def taken(self, env: Env) -> Expr:
        known = all(isinstance(env(key), Decimal) for key in self.keys)
        return self.body if known else self.otherwise or self

    def formula(self, cells: Cells) -> str:
        names = [cells(key) for key in self.keys]
        if not names:
            return self.body.formula(cells)
        full = f"ISNUMBER({names[0]})" if len(names) == 1 else f"COUNT({','.join(names)})={len(names)}"
        return f"IF({full},{self.body.formula(cells)},{self._else(names, cells)})"

    def _else(self, names: list[str], cells: Cells) -> str:
        if self.otherwise is not None:
            return self.otherwise.formula(cells)
        if len(names) == 1:
            return f'IF({names[0]}="{NOT_APPLICABLE}","{NOT_APPLICABLE}","{PENDING}")'
        settled = ",".join(f'OR(ISNUMBER({name}),{name}="{NOT_APPLICABLE}")' for name in names)
        return f'IF(AND({settled}),"{NOT_APPLICABLE}","{PENDING}")'

    def script(self, cells: Cells) -> str:
        keys = f"[{','.join(map(cells, self.keys))}]"
        other = self.otherwise.script(cells) if self.otherwise is not None else f"outcome({keys})"
        return f"({keys}.every(isNumber)?{self.body.script(cells)}:{other})"

    def sentence(self, words: Words) -> str:
        return self.body.sentence(words)

    @property
    def says(self) -> int:  # type: ignore[override]
        """As the body."""
        return self.body.says

    def children(self) -> tuple[Expr, ...]:
        guards: tuple[Expr, ...] = tuple(Ref(key) for key in self.keys)
        return (*guards, self.body, *((self.otherwise,) if self.otherwise is not None else ()))

    def mapped(self, change: Callable[[Expr], Expr]) -> Expr:
        return Given(self.keys, self.body.mapped(change), self.otherwise)


def guarded(body: Expr) -> Expr:
    """The body behind the guard that its references need; of a choice, only what its test and the branch taken need."""
    if isinstance(body, If):
        return guarded_for(body.test, If(body.test, guarded(body.yes), guarded(body.no)))
    return guarded_for(body, body)


def guarded_for(read: Expr, body: Expr, otherwise: Expr | None = None) -> Expr:
    """The body behind the guard that ``read``, a part of it, needs; ``otherwise`` replaces the outcomes.

    A plain reference must hold a number (``Given``). Single facts in a sum, count or mean may be 不适用 and are then
    left out. A count of events may be blank where a person confirmed that none happened. No row of a column may wait, and
    a sum needs one row at least: nothing registered is not none. Anything else makes 待核定.
    """
    keys = list(dict.fromkeys(_plain_refs(read)))
    made = Given(keys, body, otherwise) if keys else body
    totals = [node for node in read.walk() if isinstance(node, Total)]
    for column in dict.fromkeys(key for node in totals for key in node.keys if "." in key):
        ready: list[Expr] = [Logic("NOT", Among(column, PENDING))]
        if not any(isinstance(node, Count) and column in node.keys for node in totals):
            ready.append(Compare(">", Count([column]), Const(0)))
        made = If(ready[0] if len(ready) == 1 else Logic("AND", *ready), made, otherwise or Const(PENDING))
    facts = dict.fromkeys(key for node in totals for key in node.keys if "." not in key)
    events = dict.fromkeys(node.key for node in read.walk() if isinstance(node, OrZero))
    if not facts and not events:
        return made
    mean = any(isinstance(node, Count) for node in totals)  # it has its own outcome for no figure
    alone = {} if mean else facts or ({} if keys else events)
    if alone:
        none = otherwise or Const(NOT_APPLICABLE)
        made = If(Logic("AND", *(Is(key, NOT_APPLICABLE) for key in alone)), none, made)
    settled = [
        Logic("OR", IsNumber(key), Is(key, NOT_APPLICABLE), *([none_happened(key)] if key in events else []))
        for key in dict.fromkeys([*facts, *events])
    ]
    return If(Logic("AND", *settled), made, otherwise or Const(PENDING))


def none_happened(key: str) -> Expr:
    """Whether a person confirmed that events did not happen of which no count is entered."""
    return Logic("AND", Is(key, ""), Is(NONE_HAPPENED, CONFIRMED))


def _plain_refs(node: Expr) -> list[str]:
    if type(node) is Ref:
        return [node.key]
    if isinstance(node, (Is, IsNumber)):
        return []
    return [key for child in node.children() for key in _plain_refs(child)]


NUMBER, TEXT, CONDITION, EITHER = "数字", "文字", "条件", "可能是文字的结果"


def sort(node: Expr) -> str:
    """One of NUMBER, TEXT, CONDITION, EITHER. A reference is a number: a guard stands before it."""
    if isinstance(node, (Among, Compare, Is, IsNumber, Logic)):
        return CONDITION
    if isinstance(node, Const):
        return NUMBER if isinstance(node.value, Decimal) else TEXT
    if isinstance(node, Ratio):
        return NUMBER if sort(node.zero) == NUMBER else EITHER
    if isinstance(node, If):
        yes, no = sort(node.yes), sort(node.no)
        return yes if yes == no else EITHER
    if isinstance(node, Given):
        return EITHER
    return sort(node.a) if isinstance(node, Round) else NUMBER


def is_condition(node: Expr) -> bool:
    """Whether the expression is true or false."""
    return sort(node) == CONDITION
