"""What an expression gives: a number, a text, a condition, or a number that may turn out to be an outcome."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.expr.base import Expr
from jixiao.model.expr.conditions import Compare, Given, If, Is, IsNumber, Logic
from jixiao.model.expr.nodes import Const, Ratio, Round

NUMBER, TEXT, CONDITION, EITHER = "数字", "文字", "条件", "可能是文字的结果"


def sort(node: Expr) -> str:
    """One of NUMBER, TEXT, CONDITION, EITHER. A reference is a number: a guard stands before it."""
    if isinstance(node, (Compare, Is, IsNumber, Logic)):
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
