"""A cross-check as data, and the reader of identities/<form set>/<year>.yaml: a mistake is an error with file and line.

A side is a signed sum: ``总表.本年收入合计 + sum(支出表.functions[top].合计) - 结余分配``. Sums over rows are written
``sum(table.kind[conditions].field)``; conditions, joined by commas, are ``field=a|b``, ``field^=a|b`` (begins with)
and one of ``top``, ``last``, ``under``, ``same``; ``count(table.kind)`` is how many rows there are. In a check made for
each row, ``each.field`` is that row's own figure. A member may have a fixed factor (``each.budget * 0.2``); a fixed
number is a side alone.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path

from jixiao.checks.checked import GROUP_WORDS, WORDS, names_in
from jixiao.model import (
    Body,
    Expr,
    Level,
    ParseError,
    Reference,
    concepts,
    is_condition,
    load_yaml,
    meant,
    parse,
    percent,
    plain,
    read_reference,
    syntax,
)

TYPED = "按名称录入"
"""Stands for a form id where records were typed in a facts file instead of being read from a table."""
OWN = "评分簿"
"""Stands for a form id where records are what the sheets of a scoring workbook say, whoever wrote it there."""
LAST = "上年:"
"""Stands before a form id for that table of the year before; ``上年:*`` is any document of that year."""
RELATIONS = ("=", ">=", ">")
APPLIES = ("any", "all")
KINDS = {
    "functions": "万元",
    "economics": "万元",
    "projects": "万元",
    "ledger": "元",
    "targets": "",
    "money": "万元",
    "rates": "",
}
"""Kinds of records that can be summed, and the unit of their amounts; a target is in a unit of its own.

``money`` and ``rates`` are those of self-evaluation forms, as they stand in a workbook; rates are in per cent.
"""
UNSIGNED = "unsigned"
COUNTED = "个"
"""The unit of ``count(…)``."""
FIELD_WORDS = {
    "opening": "期初余额",
    "debit": "借方发生额",
    "credit": "贷方发生额",
    "closing": "期末余额",
    "balance": "期末余额",
    "start": "期初余额",
    "budget": "预算数",
    "adjusted": "调整后预算",
    "spent": "支出数",
    "planned": "计划值",
    "done": "完成值",
}
"""Fields with an English name, as a person reads them; ``balance`` and ``start`` are debit positive."""
FIXED = "界限"
ROW_WORDS = {"projects": "项目", "ledger": "科目", "targets": "目标"}
PLACES = {"top": "最上级", "last": "末级", "under": "所属下级", "same": "同一科目"}
_EXACT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_TEST = re.compile(r"(?P<field>\w+)\s*(?P<op>\^?=)\s*(?P<values>[^,\s][^,]*)")

TOP = ("tables", "tolerance", "reference", "identities")
TOP_OPTIONAL = ("applies", "authority", "level")
NEEDED = ("id", "title", "left", "right")
HOW = ("relation", "tolerance", "level", "reference", "basis", "advice", "says", "group", "unit", "quiet")
WHEN = ("optional", "together", "applies", "each", "unless", "over", "when")


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a row: a field is one of the texts, or (``prefix``) begins with one of them."""

    field: str
    values: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows of a table: ``tests`` on fields, then ``place`` among the codes.

    ``top`` has no row above it, ``last`` none below; ``under`` is directly below the row that the check
    stands for, ``same`` has its code.
    """

    tests: tuple[Test, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table: those that a side adds up, or that a check is made for, one check each."""

    table: str
    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class Operand:
    """A signed member of a side: a concept of a table, a concept wherever it stands (no ``table``), or rows.

    With ``kind`` it is the sum of ``name`` over the rows ``where`` (no ``name``: how many rows); with ``own`` the
    row's own ``name``. ``factor`` multiplies it: 0.2 for a fifth of the budget; it is the number itself where there is
    neither ``name`` nor ``kind``. ``text`` is how the definition writes it, for ``optional`` and ``together``.
    """

    sign: int
    name: str
    table: str = ""
    kind: str = ""
    where: Where = Where()
    own: bool = False
    text: str = ""
    factor: Decimal = Decimal(1)

    @property
    def fixed(self) -> bool:
        """Whether it is a number of the definition, not one that was read."""
        return not (self.name or self.kind)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two sides may differ by rounding: ``step`` of the printed unit per figure, ``most`` at most.

    Figures printed in 元 have no tolerance. With ``percent`` it is that share of the larger side instead.
    """

    step: Decimal
    most: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One cross-check.

    ``tables``: the ids of the forms that each short name stands for; the first present counts.
    ``optional``: operands that a form may lack; absent, not missing.
    ``together``: operands that are printed all or none; with none there is nothing to check.
    ``applies``: any, at least one of the tables has to be there; all, every one of them.
    ``unless``: a concept, with the ids of its forms, whose presence makes the check superfluous.
    ``when``: a condition over the same names; where it is false or cannot be decided there is nothing to check.
    ``basis``: the right side is the paper that the left side needs; without it the left side is still shown.
    ``advice``: what to do, where the catalogue's advice is too general.
    ``says``: what a report says where it fails; ``group``: what it says of many rows that fail.
    ``quiet``: what everybody expects, so that only a failure is shown.
    """

    id: str
    title: str
    left: tuple[Operand, ...]
    right: tuple[Operand, ...]
    relation: str
    tolerance: Tolerance
    level: Level
    unit: str
    tables: dict[str, tuple[str, ...]]
    reference: Reference
    applies: str = "any"
    optional: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    unless: tuple[str, tuple[str, ...]] | None = None
    each: Rows | None = None
    when: Expr | None = None
    basis: bool = False
    advice: str = ""
    says: str = ""
    group: str = ""
    quiet: bool = False

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Both sides, left first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Definitions:
    """All identities, and the kinds of documents in order of authority for a figure that several hold."""

    identities: tuple[Identity, ...]
    authority: tuple[str, ...]


@functools.cache
def shipped() -> Definitions:
    """The package's own, read once."""
    root = Path(str(resources.files("jixiao.checks").joinpath("identities")))
    return _read(sorted(root.glob("*/*.yaml")), None)


def load(folders: Sequence[Path] = (), forms: Collection[str] = ()) -> Definitions:
    """The package's identities and those of the user's folders (DIR/identities/**.yaml).

    A user's identity with a shipped id replaces it; the user's order of authority comes first. ``forms`` are the
    ids of all forms: a table of the user's that is none of them would never be there, and its check would be
    silent, so it is a DefinitionError.
    """
    made = shipped()
    for folder in folders:
        own = _read(sorted((folder / "identities").rglob("*.yaml")), forms)
        replaced = {identity.id for identity in own.identities}
        kept = tuple(identity for identity in made.identities if identity.id not in replaced)
        made = Definitions(kept + own.identities, tuple(dict.fromkeys(own.authority + made.authority)))
    return made


def _read(paths: Sequence[Path], forms: Collection[str] | None) -> Definitions:
    found: list[Identity] = []
    authority: list[str] = []
    seen: set[str] = set()
    for path in paths:
        record = load_yaml(path).only(TOP, TOP_OPTIONAL)
        authority += _names(record.get("authority", []))
        for body in record.parts("identities"):
            if body.only(NEEDED, HOW + WHEN)["id"] in seen:
                raise body.fail(f"编号“{body['id']}”重复", "id")
            seen.add(body["id"])
        found += _file(record, forms)
    return Definitions(tuple(found), tuple(dict.fromkeys(authority)))


def _file(record: Body, forms: Collection[str] | None) -> list[Identity]:
    tables = {str(name): _names(ids) for name, ids in record.part("tables").items()}
    if forms is not None:
        _known(record.part("tables"), tables, forms)
    found = [
        _Entry(body, record, tables, names).identity()
        for body in record.parts("identities")
        for names in _variants(body)
    ]
    unused = set(tables) - {name for identity in found for name in identity.tables}
    if unused:
        raise record.fail(f"“{'、'.join(sorted(unused))}”没有用到", "tables")
    return found


def _known(body: Body, tables: dict[str, tuple[str, ...]], forms: Collection[str]) -> None:
    """Every id is that of a form, alone or of the year before; ``上年:*`` and what is typed are no forms."""
    for name, ids in tables.items():
        for ident in ids:
            form = ident.removeprefix(LAST)
            if ident not in (TYPED, OWN, f"{LAST}*") and form not in forms:
                near = meant(ident, [ident.removesuffix(form) + one for one in forms])
                raise body.fail(f"“{name}”：没有标识为“{ident}”的表样{near}", name)


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _variants(body: Body) -> Iterator[dict[str, str]]:
    """``over: {field: concept}`` makes one identity for each pair; {field} and {concept} stand for them.

    ``over: unsigned`` are all figures of the vocabulary that may not be less than 0.
    """
    over = body.get("over")
    if over == UNSIGNED:
        over = [c.name for c in concepts().values() if c.unit not in ("日期", "文字") and not c.signed]
    if over is None:
        yield {}
    elif isinstance(over, (Body, list)):
        for field in over:
            yield {"field": str(field), "concept": str(over[field] if isinstance(over, Body) else field)}
    else:
        raise body.fail(f"over 应为列表、“栏: 名称”或 {UNSIGNED}", "over")


class _Entry:
    """One entry of a file, read for one of its variants."""

    def __init__(
        self, body: Body, file: Body, tables: dict[str, tuple[str, ...]], names: dict[str, str]
    ) -> None:
        self.body, self.file, self.tables, self.names = body, file, tables, names

    def identity(self) -> Identity:
        """The entry, checked."""
        body, file = self.body, self.file
        left, right = self.side("left"), self.side("right")
        if not left:
            raise body.fail("左方不能为 0", "left")
        each, when = self.each(), self.when()
        base = read_reference(file["reference"])
        return Identity(
            id=str(body["id"]),
            title=self.text("title"),
            left=left,
            right=right,
            relation=self.one_of("relation", "=", RELATIONS),
            tolerance=_tolerance(body if "tolerance" in body else file),
            level=Level(self.one_of("level", "error", tuple(Level))),
            unit=self.unit(left + right, each),
            tables=self.used(left + right + self.asked(when), each),
            reference=read_reference(body["reference"], base) if "reference" in body else base,
            applies=self.one_of("applies", "any", APPLIES),
            optional=self.keys("optional", left + right),
            together=self.keys("together", left + right),
            unless=self.unless(),
            each=each,
            when=when,
            basis=body.flag("basis", False),
            advice=str(body.get("advice", "")),
            says=self.sentence("says", WORDS),
            group=self.sentence("group", GROUP_WORDS),
            quiet=body.flag("quiet", False),
        )

    def filled(self, text: object) -> str:
        """A text with the names of the variant."""
        made = str(text)
        for name, value in self.names.items():
            made = made.replace("{" + name + "}", value)
        return made

    def text(self, key: str) -> str:
        """The text under a key."""
        return self.filled(self.body.get(key, ""))

    def side(self, key: str) -> tuple[Operand, ...]:
        """The operands under a key."""
        try:
            return read_side(self.text(key))
        except ParseError as error:
            raise self.body.fail(str(error), key) from error

    def each(self) -> Rows | None:
        """The rows that the check is made for."""
        if "each" not in self.body:
            return None
        try:
            return read_rows(self.text("each"))
        except ParseError as error:
            raise self.body.fail(str(error), "each") from error

    def when(self) -> Expr | None:
        """The condition of the check."""
        if "when" not in self.body:
            return None
        try:
            made = parse(self.text("when"))
        except ParseError as error:
            raise self.body.fail(str(error), "when") from error
        if not is_condition(made):
            raise self.body.fail("when 应为条件（比较），如 a == b", "when")
        return made

    def asked(self, when: Expr | None) -> tuple[Operand, ...]:
        """What the condition reads."""
        found = tuple(map(named, when.refs())) if when else ()
        for one in found:
            if not one.own and one.name not in concepts():
                raise self.body.fail(f"when 中的“{one.name}”是未知的名称", "when")
        return found

    def one_of(self, key: str, default: str, allowed: Sequence[str]) -> str:
        """A word under a key of the entry or else of the file."""
        value = str(self.body.get(key, self.file.get(key, default)))
        if value not in allowed:
            raise self.body.fail(f"{key} 应为 {'、'.join(allowed)}", key)
        return value

    def sentence(self, key: str, words: Sequence[str]) -> str:
        """A sentence for reports: only the words that a failing check has."""
        text = self.text(key)
        if unknown := names_in(text) - set(words):
            raise self.body.fail(
                f"{key} 中只能用 {'、'.join(words)}，不能用 {'、'.join(sorted(unknown))}", key
            )
        return text

    def used(self, operands: tuple[Operand, ...], each: Rows | None) -> dict[str, tuple[str, ...]]:
        """The tables that the entry names."""
        names = {operand.table for operand in operands if operand.table} | ({each.table} if each else set())
        for name in names - self.tables.keys():
            raise self.body.fail(f"没有在 tables 中写明“{name}”")
        if each is None and any(o.own or o.where.place in ("under", "same") for o in operands):
            raise self.body.fail("each.、under 和 same 只能与 each 一起使用")
        return {name: ids for name, ids in self.tables.items() if name in names}

    def unless(self) -> tuple[str, tuple[str, ...]] | None:
        """The concept whose presence makes the check superfluous."""
        if "unless" not in self.body:
            return None
        table, _, name = self.text("unless").rpartition(".")
        if name not in concepts() or (table and table not in self.tables):
            raise self.body.fail(f"unless 中的“{self.text('unless')}”应为 表.名称", "unless")
        return name, self.tables.get(table, ())

    def unit(self, operands: tuple[Operand, ...], each: Rows | None) -> str:
        """The common unit; ledger rows are in 元 and are brought to 万元 beside other amounts.

        ``unit`` of the entry says it where a figure is held against another kind of figure: money against people.
        """
        units: set[str] = set()
        for operand in operands:
            if operand.fixed:
                continue
            if operand.own:
                units.add(KINDS[each.kind] if each else "")
            elif operand.kind:
                units.add(KINDS[operand.kind] if operand.name else COUNTED)
            elif operand.name in concepts():
                units.add(concepts()[operand.name].unit)
            else:
                raise self.body.fail(f"未知的名称“{operand.name}”{meant(operand.name, concepts())}")
        if "unit" in self.body:
            return self.body.text("unit")
        if units == {"元", "万元"}:
            return "万元"
        if len(units) != 1:
            raise self.body.fail(f"两方单位不同：{'、'.join(sorted(units))}")
        return units.pop()

    def keys(self, key: str, operands: tuple[Operand, ...]) -> frozenset[str]:
        """Members of the sides, named as they are written there."""
        known = {operand.text for operand in operands}
        found = {"".join(self.filled(item).split()): item for item in _names(self.body.get(key, []))}
        for written, item in found.items():
            if written not in known:
                raise self.body.fail(f"{key} 中的“{item}”不在左方或右方", key)
        return frozenset(found)


def _tolerance(body: Body) -> Tolerance:
    given = body["tolerance"]
    if not isinstance(given, Body):
        raise body.fail("tolerance 应为 {step, most} 或 {percent}", "tolerance")
    given.only(("percent",) if "percent" in given else ("step", "most"))
    for key in given:
        if not isinstance(given[key], Decimal) or given[key] < 0:
            raise given.fail(f"{key} 应为不小于 0 的数", key)
    return Tolerance(given.get("step", Decimal(0)), given.get("most", Decimal(0)), given.get("percent"))


def read_side(text: str) -> tuple[Operand, ...]:
    """The operands of a side, in order; ``0`` gives none. ParseError where the text is not a signed sum."""
    quoted = _quoted(text)
    made = tuple(_members(syntax(quoted), quoted, Decimal(1)))
    if len(made) > 1 and any(operand.fixed for operand in made):
        raise ParseError("固定的数只能单独作为一方")
    return made


def read_rows(text: str) -> Rows:
    """``table.kind[conditions]``: the rows that a check is made for."""
    return _rows(syntax(_quoted(text)), text)


def _quoted(text: str) -> str:
    """Conditions stand in brackets and are no syntax of Python: they become texts, the rest is read as it stands."""
    return text.strip().replace("[", "['").replace("]", "']")


def _members(node: ast.expr, text: str, factor: Decimal) -> Iterator[Operand]:
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
            yield from _members(left, text, factor)
            yield from _members(right, text, factor if isinstance(sign, ast.Add) else -factor)
        case ast.UnaryOp(ast.USub(), inner):
            yield from _members(inner, text, -factor)
        case ast.BinOp(inner, ast.Mult(), ast.Constant(int() | float() as times)):
            yield from _members(inner, text, factor * _times(Decimal(str(times))))
        case ast.Constant(int() as number):
            if number:
                yield Operand(_sign(factor), "", text=str(number), factor=abs(factor) * number)
        case ast.Call(ast.Name("sum"), [ast.Attribute(rows, field)], []):
            yield _of_rows(_rows(rows, text), field, ast.get_source_segment(text, node) or "", factor)
        case ast.Call(ast.Name("count"), [rows], []):
            yield _of_rows(_rows(rows, text), "", ast.get_source_segment(text, node) or "", factor)
        case ast.Attribute(ast.Name(table), name):
            yield named(f"{table}.{name}", factor)
        case ast.Name(name):
            yield named(name, factor)
        case _:
            raise ParseError("勾稽的一方只能由名称用 + 和 - 连接，或者只写一个整数")


def _times(value: Decimal) -> Decimal:
    if not (value > 0 and _EXACT.fullmatch(f"{1 / value:f}")):
        raise ParseError(f"系数 {value} 应大于 0，且倒数是有限小数（如 0.2、0.5）")
    return value


def named(key: str, factor: Decimal = Decimal(1)) -> Operand:
    """A concept, of a table or wherever it stands, or a field of the row that a check stands for."""
    table, _, name = key.rpartition(".")
    own = table == "each"
    return Operand(_sign(factor), name, "" if own else table, own=own, text=key, factor=abs(factor))


def _of_rows(rows: Rows, field: str, written: str, factor: Decimal) -> Operand:
    text = "".join(written.replace("['", "[").replace("']", "]").split())
    return Operand(_sign(factor), field, rows.table, rows.kind, rows.where, text=text, factor=abs(factor))


def _sign(factor: Decimal) -> int:
    return 1 if factor > 0 else -1


def _rows(node: ast.expr, text: str) -> Rows:
    match node:
        case ast.Attribute(ast.Name(table), kind):
            where = ""
        case ast.Subscript(ast.Attribute(ast.Name(table), kind), ast.Constant(str(where))):
            pass
        case _:
            raise ParseError(f"“{text}”应写成 表.记录[条件]")
    if kind not in KINDS:
        raise ParseError(f"未知的记录“{kind}”，可用：{'、'.join(KINDS)}")
    return Rows(table, kind, _where(where))


def _where(text: str) -> Where:
    tests: list[Test] = []
    place = ""
    for part in (piece.strip() for piece in text.split(",")):
        if part in PLACES and not place:
            place = part
        elif match := _TEST.fullmatch(part):
            values = tuple(value.strip() for value in match["values"].split("|"))
            tests.append(Test(match["field"], values, prefix=match["op"] == "^="))
        elif part:
            raise ParseError(f"看不懂条件“{part}”")
    return Where(tuple(tests), place)


def words(operands: tuple[Operand, ...]) -> str:
    """A side as a person reads it; the table's short name stands before its figures."""
    if not operands:
        return "0"
    if operands[0].fixed:
        return FIXED
    said, table = "", None
    for operand in operands:
        sign = "＋" if operand.sign > 0 else "－"
        said += sign if said or operand.sign < 0 else ""
        if operand.table and operand.table != table:
            said += f"{operand.table}："
        table = operand.table or table
        times = percent(operand.factor) if operand.factor < 1 else plain(operand.factor)
        said += _spoken(operand) + (f"×{times}" if operand.factor != 1 else "")
    return said


def _spoken(operand: Operand) -> str:
    name = FIELD_WORDS.get(operand.name, operand.name)
    if not operand.kind:
        return name
    parts = "".join(
        f"{'、'.join(test.values)}类" if test.field == "code" else f"“{'、'.join(test.values)}”"
        for test in operand.where.tests
    )
    if not operand.name:
        return f"{parts}{ROW_WORDS.get(operand.kind, '行')}数"
    return f"{parts}{PLACES.get(operand.where.place, '')}各行{name}之和"
