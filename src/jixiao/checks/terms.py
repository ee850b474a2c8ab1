"""Text of a side -> signed operands: ``总表.本年收入合计 + sum(支出表.functions[top].合计) - 结余分配``.

Sums over rows are written ``sum(table.kind[conditions].field)``; conditions, joined by commas, are
``field=a|b``, ``field^=a|b`` (begins with) and one of ``top``, ``last``, ``under``, ``same``; ``count(table.kind)``
is how many rows there are. In a check made for each row, ``each.field`` is that row's own figure. A member may have a
fixed factor (``each.budget * 0.2``). The rest is read by the parser that rules use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.checks.identity import FIELD_WORDS, KINDS, Operand, Rows, Test, Where
from jixiao.model import Arith, Const, Expr, ParseError, Ref, parse, percent

PLACES = {"top": "最上级", "last": "末级", "under": "所属下级", "same": "同一科目"}
ROW_WORDS = {"projects": "项目", "ledger": "科目"}
_TABLE = r"(?P<table>\w+)\.(?P<kind>[a-z]+)(?:\[(?P<where>[^\]]*)\])?"
_SUM = re.compile(rf"sum\(\s*{_TABLE}\.(?P<field>\w+)\s*\)")
_COUNT = re.compile(rf"count\(\s*{_TABLE}\s*\)")
_ROWS = re.compile(_TABLE)
_EXACT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_TEST = re.compile(r"(?P<field>\w+)\s*(?P<op>\^?=)\s*(?P<values>[^,\s][^,]*)")


def read_side(text: str) -> tuple[Operand, ...]:
    """The operands of a side, in order; ``0`` gives none. ParseError where the text is not a signed sum."""
    sums: dict[str, re.Match[str]] = {}

    def keep(match: re.Match[str]) -> str:
        sums[name := f"_{len(sums) + 1}"] = match
        return name

    plain = _COUNT.sub(keep, _SUM.sub(keep, text))
    return tuple(operand(factor, key, sums) for factor, key in _signed(parse(plain), Decimal(1)))


def read_rows(text: str) -> Rows:
    """``table.kind[conditions]``: the rows that a check is made for."""
    match = _ROWS.fullmatch(text.strip())
    if match is None:
        raise ParseError(f"“{text}”应写成 表.记录[条件]")
    return Rows(match["table"], _kind(match), _where(match["where"]))


def _signed(node: Expr, factor: Decimal) -> Iterator[tuple[Decimal, str]]:
    if isinstance(node, Ref):
        yield factor, node.key
    elif isinstance(node, Arith) and node.op in "+-":
        yield from _signed(node.a, factor)
        yield from _signed(node.b, factor if node.op == "+" else -factor)
    elif isinstance(node, Arith) and isinstance(node.b, Const) and isinstance(node.b.value, Decimal):
        if not (node.b.value > 0 and _EXACT.fullmatch(f"{1 / node.b.value:f}")):
            raise ParseError(f"系数 {node.b.value} 应大于 0，且倒数是有限小数（如 0.2、0.5）")
        yield from _signed(node.a, factor * node.b.value)
    elif not (isinstance(node, Const) and node.value == 0):
        raise ParseError("勾稽的一方只能由名称用 + 和 - 连接，或者写 0")


def operand(factor: Decimal, key: str, sums: dict[str, re.Match[str]]) -> Operand:
    """One member of a side; ``sums`` are the sums and counts that stand under made-up names."""
    sign, size = (1 if factor > 0 else -1), abs(factor)
    if match := sums.get(key):
        text = re.sub(r"\s+", "", match[0])
        where, name = _where(match["where"]), match.groupdict().get("field") or ""
        return Operand(sign, name, match["table"], _kind(match), where, text=text, factor=size)
    table, _, name = key.rpartition(".")
    own = table == "each"
    return Operand(sign, name, "" if own else table, own=own, text=key, factor=size)


def _kind(match: re.Match[str]) -> str:
    if match["kind"] not in KINDS:
        raise ParseError(f"未知的记录“{match['kind']}”，可用：{'、'.join(KINDS)}")
    return match["kind"]


def _where(text: str | None) -> Where:
    tests: list[Test] = []
    place = ""
    for part in (piece.strip() for piece in (text or "").split(",")):
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
    said, table = "", None
    for operand in operands:
        sign = "＋" if operand.sign > 0 else "－"
        said += sign if said or operand.sign < 0 else ""
        if operand.table and operand.table != table:
            said += f"{operand.table}："
        table = operand.table or table
        said += _spoken(operand) + (f"×{percent(operand.factor)}" if operand.factor != 1 else "")
    return said


def _spoken(operand: Operand) -> str:
    name = FIELD_WORDS.get(operand.name, operand.name)
    if not operand.kind:
        return name
    parts = "".join(_tested(test) for test in operand.where.tests)
    if not operand.name:
        return f"{parts}{ROW_WORDS.get(operand.kind, '行')}数"
    return f"{parts}{PLACES.get(operand.where.place, '')}各行{name}之和"


def _tested(test: Test) -> str:
    listed = "、".join(test.values)
    return f"{listed}类" if test.field == "code" else f"“{listed}”"
