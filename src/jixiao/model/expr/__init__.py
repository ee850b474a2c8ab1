"""One expression, three readings: exact number, Excel formula, Chinese sentence."""

from jixiao.model.expr.base import (
    DIGITS,
    NOT_APPLICABLE,
    OUTCOMES,
    PENDING,
    Cells,
    Env,
    Expr,
    ExprError,
    Value,
    Words,
    half_up,
    percent,
    plain,
)
from jixiao.model.expr.conditions import Compare, Given, If, Is, IsNumber, Logic, guarded, guarded_for
from jixiao.model.expr.nodes import Arith, Call, Const, OrZero, Ratio, Ref, Round, Scoped, Whole
from jixiao.model.expr.parse import ParseError, parse
from jixiao.model.expr.rules import Bands, Interval, Steps, amount, gaps, mapped, overlap, share
from jixiao.model.expr.sorts import is_condition
from jixiao.model.expr.sums import Count, Total, Where
from jixiao.model.expr.text import FIRST_DAY, LAST_DAY, Say, Show

__all__ = [
    "DIGITS", "FIRST_DAY", "LAST_DAY", "NOT_APPLICABLE", "OUTCOMES", "PENDING", "Arith", "Bands", "Call",
    "Cells", "Compare", "Const", "Count", "Env", "Expr", "ExprError", "Given", "If", "Interval", "Is",
    "IsNumber", "Logic", "OrZero", "ParseError", "Ratio", "Ref", "Round", "Say", "Scoped", "Show", "Steps",
    "Total", "Value", "Where", "Whole", "Words", "amount", "gaps", "guarded", "guarded_for", "half_up",
    "is_condition", "mapped", "overlap", "parse", "percent", "plain", "share",
]  # fmt: skip
