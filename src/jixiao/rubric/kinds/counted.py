"""Kinds that count events: deductions from the full points, and bonus points beside the hundred."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model import Arith, Bands, Body, Call, Const, Expr, Interval, gaps, guarded, plain
from jixiao.rubric.kinds.computed import COMMON, finish, number, quantity, read_bands, words
from jixiao.rubric.kinds.part import Context, Part


def _costs(item: Body) -> list[tuple[Interval, Const]]:
    """Bands that are added to other costs: each a number, and together the whole line, so that none is an outcome."""
    made = read_bands(item, "bands")
    if any(not isinstance(value.value, Decimal) for _, value in made):
        raise item.fail("计分档次只能是分值", "bands")
    if gaps([interval for interval, _ in made], None, None):
        raise item.fail("计分档次应覆盖全部取值，最低一档写成“(,3)”，最高一档写成“[5,)”", "bands")
    return made


def _items(spec: Body, context: Context, key: str = "items") -> tuple[list[Expr], list[str], list[str]]:
    terms: list[Expr] = []
    said: list[str] = []
    reads: list[str] = []
    if not spec.parts(key):
        raise spec.fail(f"“{key}”至少要有一项", key)
    for item in spec.parts(key):
        item.only(("x",), ("each", "bands", "cap"))
        if ("each" in item) == ("bands" in item):
            raise item.fail("each 与 bands 应当且只能写一个", "x")
        x = quantity(item, context)
        reads.append(x.key)
        cap = f"，累计最多{plain(number(item, 'cap'))}分" if "cap" in item else ""
        if "bands" in item:
            rule: Expr = Bands(x, _costs(item), verb="计")
            said.append(rule.sentence(words))
        else:
            each = number(item, "each")
            rule = Arith("*", Const(each), x)
            said.append(f"{words(x.key)}每1项计{plain(each)}分{cap}")
        if "cap" in item:
            rule = Call("MIN", Const(number(item, "cap")), rule)
        terms.append(rule)
    return terms, said, reads


def _summed(terms: list[Expr]) -> Expr:
    total = terms[0]
    for term in terms[1:]:
        total = Arith("+", total, term)
    return total


def deductions(spec: Body, key: str, context: Context) -> Part:
    """Full points less what counted events cost, never below zero; an item counts ``each`` or by ``bands``."""
    spec.only(("kind", "full", "items"), COMMON)
    full = number(spec, "full")
    terms, said, reads = _items(spec, context)
    rule = guarded(Call("MAX", Const(0), Arith("-", Const(full), _summed(terms))))
    criteria = f"满分{plain(full)}分，按下列各项扣分（计为扣分值），扣完为止：" + "；".join(said)
    return finish(spec, key, context, rule, criteria, reads)


def bonus(spec: Body, key: str, context: Context) -> Part:
    """Points beside the hundred: counted awards less counted accountabilities, each with its cap (family X)."""
    spec.only(("kind", "full", "items", "penalties"), COMMON)
    plus, said, reads = _items(spec, context)
    minus, said_minus, reads_minus = _items(spec, context, "penalties")
    rule = guarded(Arith("-", _summed(plus), _summed(minus)))
    criteria = "加分：" + "；".join(said) + "。减分（计为扣分值）：" + "；".join(said_minus)
    return finish(spec, key, context, rule, criteria, [*reads, *reads_minus])
