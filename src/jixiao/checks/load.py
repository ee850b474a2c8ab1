"""identities/<form set>/<year>.yaml -> Identity, strictly: a mistake is an error with file and line."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path

from jixiao.checks import says, terms
from jixiao.checks.identity import APPLIES, COUNTED, KINDS, RELATIONS, Identity, Operand, Rows, Tolerance
from jixiao.model import (
    Body,
    Expr,
    Level,
    ParseError,
    Reference,
    concepts,
    is_condition,
    load_yaml,
    nearest,
    parse,
    read_reference,
)

TOP = ("tables", "tolerance", "reference", "identities")
TOP_OPTIONAL = ("applies", "authority", "level")
NEEDED = ("id", "title", "left", "right")
HOW = ("relation", "tolerance", "level", "reference", "basis", "advice", "says", "group")
WHEN = ("optional", "together", "applies", "each", "unless", "over", "when")


@dataclass(frozen=True, slots=True)
class Definitions:
    """All identities, and the kinds of documents in order of authority for a figure that several hold."""

    identities: tuple[Identity, ...]
    authority: tuple[str, ...]


@functools.cache
def shipped() -> Definitions:
    """The package's own, read once."""
    root = Path(str(resources.files("jixiao.checks").joinpath("identities")))
    return _read(sorted(root.glob("*/*.yaml")))


def load(folders: Sequence[Path] = ()) -> Definitions:
    """The package's identities and those of the user's folders (DIR/identities/**.yaml).

    A user's identity with a shipped id replaces it; the user's order of authority comes first.
    """
    made = shipped()
    for folder in folders:
        own = _read(sorted((folder / "identities").rglob("*.yaml")))
        replaced = {identity.id for identity in own.identities}
        kept = tuple(identity for identity in made.identities if identity.id not in replaced)
        made = Definitions(kept + own.identities, tuple(dict.fromkeys(own.authority + made.authority)))
    return made


def _read(paths: Sequence[Path]) -> Definitions:
    found: list[Identity] = []
    authority: list[str] = []
    seen: set[str] = set()
    for path in paths:
        record = load_yaml(path)
        identities, order = read_file(record)
        authority += order
        for body in record["identities"]:
            if body["id"] in seen:
                raise body.fail(f"编号“{body['id']}”重复", "id")
            seen.add(body["id"])
        found += identities
    return Definitions(tuple(found), tuple(dict.fromkeys(authority)))


def read_file(record: Body) -> tuple[list[Identity], list[str]]:
    """One definition file, checked: its identities and its order of authority."""
    record.only(TOP, TOP_OPTIONAL)
    if not isinstance(record["tables"], Body) or not isinstance(record["identities"], list):
        raise record.fail("tables 应为“简称: 表的标识”，identities 应为列表")
    tables = {str(name): _names(ids) for name, ids in record["tables"].items()}
    found: list[Identity] = []
    for body in record["identities"]:
        if not isinstance(body, Body):
            raise record.fail("identities 的每一项应为“键: 值”", "identities")
        body.only(NEEDED, HOW + WHEN)
        found += [_identity(body, record, tables, one) for one in _variants(body)]
    unused = set(tables) - {name for identity in found for name in identity.tables}
    if unused:
        raise record.fail(f"“{'、'.join(sorted(unused))}”没有用到", "tables")
    return found, list(_names(record.get("authority", [])))


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _variants(body: Body) -> Iterator[dict[str, str]]:
    """``over: {field: concept}`` makes one identity for each pair; {field} and {concept} stand for them."""
    over = body.get("over")
    if over is None:
        yield {}
    elif isinstance(over, Body):
        for field, name in over.items():
            yield {"field": str(field), "concept": str(name)}
    elif isinstance(over, list):
        for field in over:
            yield {"field": str(field), "concept": str(field)}
    else:
        raise body.fail("over 应为列表或“栏: 名称”", "over")


def _identity(body: Body, file: Body, tables: dict[str, tuple[str, ...]], names: dict[str, str]) -> Identity:
    def text(key: str) -> str:
        return _filled(str(body[key]), names)

    def side(key: str) -> tuple[Operand, ...]:
        try:
            return terms.read_side(text(key))
        except ParseError as error:
            raise body.fail(str(error), key) from error

    left, right, each = side("left"), side("right"), _each(body)
    if not left:
        raise body.fail("左方不能为 0", "left")
    when = _when(body, text("when")) if "when" in body else None
    asked = tuple(terms.operand(Decimal(1), key, {}) for key in when.refs()) if when else ()
    for one in asked:
        if not one.own and one.name not in concepts():
            raise body.fail(f"when 中的“{one.name}”是未知的名称", "when")
    used = _tables(body, tables, left + right + asked, each)
    return Identity(
        id=str(body["id"]),
        title=text("title"),
        left=left,
        right=right,
        relation=_one_of(body, "relation", str(body.get("relation", "=")), RELATIONS),
        tolerance=_tolerance(body if "tolerance" in body else file),
        level=Level(_one_of(body, "level", str(body.get("level", file.get("level", "error"))), tuple(Level))),
        unit=_unit(body, left + right, each),
        tables=used,
        applies=_one_of(body, "applies", str(body.get("applies", file.get("applies", "any"))), APPLIES),
        optional=_keys(body, "optional", left + right, names),
        together=_keys(body, "together", left + right, names),
        unless=_unless(body, text("unless"), tables) if "unless" in body else None,
        each=each,
        reference=_reference(body, file),
        when=when,
        basis=body.flag("basis", False),
        advice=str(body.get("advice", "")),
        says=_sentence(body, "says", names, says.WORDS),
        group=_sentence(body, "group", names, says.GROUP_WORDS),
    )


def _sentence(body: Body, key: str, names: dict[str, str], words: Sequence[str]) -> str:
    """A sentence for reports: only the words that a failing check has, no quoted titles in it."""
    text = _filled(str(body.get(key, "")), names)
    unknown = says.names(text) - set(words)
    if unknown:
        raise body.fail(f"{key} 中只能用 {'、'.join(words)}，不能用 {'、'.join(sorted(unknown))}", key)
    return text


def _when(body: Body, text: str) -> Expr:
    try:
        made = parse(text)
    except ParseError as error:
        raise body.fail(str(error), "when") from error
    if not is_condition(made):
        raise body.fail("when 应为条件（比较），如 a == b", "when")
    return made


def _one_of(body: Body, key: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise body.fail(f"{key} 应为 {'、'.join(allowed)}", key)
    return value


def _each(body: Body) -> Rows | None:
    if "each" not in body:
        return None
    try:
        return terms.read_rows(str(body["each"]))
    except ParseError as error:
        raise body.fail(str(error), "each") from error


def _tables(
    body: Body, tables: dict[str, tuple[str, ...]], operands: tuple[Operand, ...], each: Rows | None
) -> dict[str, tuple[str, ...]]:
    names = {operand.table for operand in operands if operand.table} | ({each.table} if each else set())
    for name in names:
        if name not in tables:
            raise body.fail(f"没有在 tables 中写明“{name}”")
    if each is None and any(o.own or o.where.place in ("under", "same") for o in operands):
        raise body.fail("each.、under 和 same 只能与 each 一起使用")
    return {name: ids for name, ids in tables.items() if name in names}


def _unless(body: Body, text: str, tables: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    table, _, name = text.rpartition(".")
    if name not in concepts() or (table and table not in tables):
        raise body.fail(f"unless 中的“{text}”应为 表.名称", "unless")
    return name, tables.get(table, ())


def _unit(body: Body, operands: tuple[Operand, ...], each: Rows | None) -> str:
    """The common unit; ledger rows are in 元 and are brought to 万元 beside other amounts."""
    units: set[str] = set()
    for operand in operands:
        if operand.own:
            units.add(KINDS[each.kind] if each else "")
        elif operand.kind and not operand.name:
            units.add(COUNTED)
        elif operand.kind:
            units.add(KINDS[operand.kind])
        elif operand.name not in concepts():
            close = nearest(operand.name, concepts())
            raise body.fail(f"未知的名称“{operand.name}”" + (f"，是不是“{close}”" if close else ""))
        else:
            units.add(concepts()[operand.name].unit)
    if units == {"元", "万元"}:
        return "万元"
    if len(units) != 1:
        raise body.fail(f"两方单位不同：{'、'.join(sorted(units))}")
    return units.pop()


def _tolerance(body: Body) -> Tolerance:
    given = body["tolerance"]
    if not isinstance(given, Body):
        raise body.fail("tolerance 应为 {step, most} 或 {percent}", "tolerance")
    if "percent" in given:
        given.only(("percent",))
        return Tolerance(Decimal(0), Decimal(0), _number(given, "percent"))
    given.only(("step", "most"))
    return Tolerance(_number(given, "step"), _number(given, "most"))


def _number(given: Body, key: str) -> Decimal:
    value = given[key]
    if not isinstance(value, Decimal) or value < 0:
        raise given.fail(f"{key} 应为不小于 0 的数", key)
    return value


def _keys(body: Body, key: str, operands: tuple[Operand, ...], names: dict[str, str]) -> frozenset[str]:
    known = {operand.key for operand in operands}
    found: set[str] = set()
    for item in _names(body.get(key, [])):
        written = "".join(_filled(item, names).split())
        if written not in known:
            raise body.fail(f"{key} 中的“{item}”不在左方或右方", key)
        found.add(written)
    return frozenset(found)


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def _reference(body: Body, file: Body) -> Reference:
    base = read_reference(file["reference"])
    return read_reference(body["reference"], base) if "reference" in body else base
