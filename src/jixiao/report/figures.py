"""Figures of reports: named expressions and comparisons in words, from figures.yaml."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jixiao.model import Expr, ExprError, Value, load_yaml
from jixiao.report.template import Env, read_expr, there
from jixiao.report.wording import amount, rate


@dataclass(frozen=True, slots=True)
class Figure:
    """A named expression with the unit it is written in."""

    name: str
    unit: str
    expr: Expr

    def value(self, env: Env) -> Value:
        """Its value, or None where a figure that it reads is not there."""
        if not all(there(env(name)) for name in self.expr.refs()):
            return None
        try:
            return self.expr.number(env)
        except (ExprError, ArithmeticError):
            return None


@dataclass(frozen=True, slots=True)
class Change:
    """Two amounts compared in words."""

    name: str
    now: str
    was: str
    base: str

    def value(self, env: Env) -> Value:
        """``比年初预算增加7.57万元，增长5.74%``; None where an amount is not there."""
        now, was = env(self.now), env(self.was)
        if not isinstance(now, Decimal) or not isinstance(was, Decimal):
            return None
        return compared(now, was, self.base)


def compared(now: Decimal, was: Decimal, base: str) -> str:
    """Two amounts in 万元 compared: by how much, and by which rate where there is a positive base."""
    if now == was:
        return f"与{base}持平"
    more = now > was
    text = f"比{base}{'增加' if more else '减少'}{amount(abs(now - was))}万元"
    return f"{text}，{'增长' if more else '下降'}{rate(abs(now - was) / was)}" if was > 0 else text


@functools.cache
def figures() -> dict[str, Figure | Change]:
    """All figures by name, read once."""
    data = load_yaml(Path(__file__).with_name("figures.yaml")).only(("figures", "changes"))
    made: dict[str, Figure | Change] = {}
    for name in data.part("figures"):
        body = data.part("figures").part(name).only(("unit", "value"))
        made[name] = Figure(name, body.text("unit"), read_expr(body.text("value"), body, "value"))
    for name in data.part("changes"):
        body = data.part("changes").part(name).only(("now", "was", "base"))
        if name in made:
            raise body.fail(f"名称“{name}”重复")
        made[name] = Change(name, body.text("now"), body.text("was"), body.text("base"))
    return made
