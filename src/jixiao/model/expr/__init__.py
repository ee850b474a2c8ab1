"""One expression, three readings: exact number, Excel formula, Chinese sentence."""

from jixiao.model.expr.base import NOT_APPLICABLE, OUTCOMES, PENDING, Env, Expr, ExprError, Value, half_up, percent, plain
from jixiao.model.expr.conditions import Compare, Given, If, Is, IsNumber, Logic, guarded
from jixiao.model.expr.nodes import Arith, Call, Const, Count, OrZero, Ratio, Ref, Round, Scoped, Total, Whole
from jixiao.model.expr.rules import Bands, Interval, Steps, amount, mapped, share
from jixiao.model.expr.text import Say, Show

__all__ = [
    "NOT_APPLICABLE", "OUTCOMES", "PENDING", "Arith", "Bands", "Call", "Compare", "Const", "Count", "Env", "Expr",
    "ExprError", "Given", "If", "Interval", "Is", "IsNumber", "Logic", "OrZero", "Ratio", "Ref", "Round", "Say", "Scoped", "Show",
    "Steps", "Total", "Value", "Whole", "amount", "guarded", "half_up", "mapped", "percent", "plain", "share",
]  # fmt: skip
