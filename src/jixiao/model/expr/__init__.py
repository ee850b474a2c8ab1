"""One expression, three readings: exact number, Excel formula, Chinese sentence."""

from jixiao.model.expr.base import (
    NOT_APPLICABLE,
    OUTCOMES,
    PENDING,
    Env,
    Expr,
    ExprError,
    Value,
    half_up,
    percent,
    plain,
)
from jixiao.model.expr.conditions import Compare, Given, If, Is, IsNumber, Logic, guarded, guarded_for
from jixiao.model.expr.nodes import Arith, Call, Const, OrZero, Ratio, Ref, Round, Scoped, Whole
from jixiao.model.expr.rules import Bands, Interval, Steps, amount, gaps, mapped, overlap, share
from jixiao.model.expr.sorts import is_condition
from jixiao.model.expr.sums import Count, Total, Where
from jixiao.model.expr.text import Say, Show

__all__ = [
    "NOT_APPLICABLE", "OUTCOMES", "PENDING", "Arith", "Bands", "Call", "Compare", "Const", "Count", "Env",
    "Expr", "ExprError", "Given", "If", "Interval", "Is", "IsNumber", "Logic", "OrZero", "Ratio", "Ref",
    "Round", "Say", "Scoped", "Show", "Steps", "Total", "Value", "Where", "Whole", "amount", "gaps", "guarded",
    "guarded_for", "half_up", "is_condition", "mapped", "overlap", "percent", "plain", "share",
]  # fmt: skip
