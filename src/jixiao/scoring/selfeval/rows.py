"""One row of a self-evaluation form: what a person fills, what it earns, and why, each one expression."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model import (
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Expr,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Ratio,
    Ref,
    Round,
    Say,
    Show,
    percent,
)
from jixiao.rubric import SelfTable

QUALITATIVE = "定性"
SIGNS = ("≥", "≤", "＝", "＞", "＜", QUALITATIVE)
SMALLER = ("≤", "＜")
BY_SHARE, ALL_OR_NOTHING = "按完成比例", "直接赋分"
WAYS = (BY_SHARE, ALL_OR_NOTHING)
FILLED = (
    "三级指标", "分值", "性质", "指标值", "单位", "完成值", "达成程度", "给分比例", "计分方式", "及格线", "偏差原因",
    "自评分", "核定分", "核定理由",
)  # fmt: skip
RATES = ("给分比例", "及格线")
NUMBERS = ("分值", "自评分", "核定分")
NO_POINTS = "未填分值"
WHOLE = Const(Decimal("1.5"))  # no rate that is written as a fraction exceeds it


def row_items(form: SelfTable, row: str) -> dict[str, Expr]:
    """The computed cells of a row; ``row`` is the start of its keys, ``项目自评1[3].``."""
    return {
        f"{row}年度指标值": _shown(row, "指标值"),
        f"{row}实际完成值": _shown(row, "完成值"),
        f"{row}完成率": _rate(row),
        f"{row}规则分": _points(form, row),
        f"{row}得分": If(_used(row), _decided(row, Ref(f"{row}核定分"), Ref(f"{row}规则分")), Const("")),
        f"{row}评分说明": _explained(form, row),
    }


def _used(row: str) -> Expr:
    return Logic("OR", Logic("NOT", Is(f"{row}三级指标", "")), IsNumber(f"{row}分值"))


def _decided(row: str, yes: Expr, no: Expr) -> Expr:
    """``yes`` where a person's points count: with a reason, and not below zero or above the full points."""
    given, full = Ref(f"{row}核定分"), Ref(f"{row}分值")
    there = Logic(
        "AND", IsNumber(f"{row}核定分"), IsNumber(f"{row}分值"), Logic("NOT", Is(f"{row}核定理由", ""))
    )
    fits = Logic("AND", Compare(">=", given, Const(0)), Compare("<=", given, full))
    return If(there, If(fits, yes, no), no)


def _qualitative(row: str) -> Expr:
    return Is(f"{row}性质", QUALITATIVE)


def _smaller(row: str) -> Expr:
    return Logic("OR", *(Is(f"{row}性质", sign) for sign in SMALLER))


def _figures(row: str) -> Expr:
    return Logic("AND", IsNumber(f"{row}指标值"), IsNumber(f"{row}完成值"))


def _shown(row: str, name: str) -> Expr:
    """``≥10个``, as the official form writes it: the sign stands before a target only."""
    key = f"{row}{name}"
    unit = Show(f"{row}单位", "text", blank="")
    sign = Show(f"{row}性质", "text", blank="≥")
    figure = Say(sign, Show(key, "plain"), unit) if name == "指标值" else Say(Show(key, "plain"), unit)
    return If(IsNumber(key), figure, Show(key, "text", blank=""))


def _rate(row: str) -> Expr:
    """How far a figure reached its target; for smaller-is-better target over result. Blank where it has no meaning."""
    target, done = Ref(f"{row}指标值"), Ref(f"{row}完成值")
    rate = If(_smaller(row), Ratio(target, done, Const("")), Ratio(done, target, Const("")))
    fits = Logic("AND", Compare(">", target, Const(0)), Compare(">=", done, Const(0)))
    return If(_quantitative(row), If(fits, rate, Const("")), Const(""))


def _quantitative(row: str) -> Expr:
    return Logic("AND", Logic("NOT", _qualitative(row)), _figures(row))


def _points(form: SelfTable, row: str) -> Expr:
    figured = If(_figures(row), _comparable(row, _figured(form, row), Const(PENDING)), Const(PENDING))
    ruled = If(_qualitative(row), _graded(form, row), figured)
    sound = If(Compare("<", Ref(f"{row}分值"), Const(0)), Const(PENDING), ruled)
    return If(_used(row), If(IsNumber(f"{row}分值"), sound, Const(PENDING)), Const(""))


def _comparable(row: str, yes: Expr, no: Expr) -> Expr:
    """``no`` where per cent stands beside a fraction: 95 with the unit %, and 0.9 that a cell shows as 90%."""
    target, done = Ref(f"{row}指标值"), Ref(f"{row}完成值")
    mixed = Logic(
        "OR",
        Logic(
            "AND", Compare(">", target, WHOLE), Compare(">", done, Const(0)), Compare("<=", done, Const(1))
        ),
        Logic(
            "AND", Compare(">", done, WHOLE), Compare(">", target, Const(0)), Compare("<=", target, Const(1))
        ),
    )
    return If(Is(f"{row}单位", "%"), If(mixed, no, yes), yes)


def _graded(form: SelfTable, row: str) -> Expr:
    """A person picks the grade and a share inside its range."""
    given = Ref(f"{row}给分比例")
    points: Expr = Const(PENDING)
    for label, inside in reversed(form.qualitative):
        fits = If(inside.test(given), Round(Arith("*", Ref(f"{row}分值"), given), 2), Const(PENDING))
        points = If(Is(f"{row}达成程度", label), fits, points)
    return If(IsNumber(f"{row}给分比例"), points, Const(PENDING))


def _figured(form: SelfTable, row: str) -> Expr:
    target, done, full = Ref(f"{row}指标值"), Ref(f"{row}完成值"), Round(Ref(f"{row}分值"), 2)
    strict = Logic("OR", Is(f"{row}性质", "＞"), Is(f"{row}性质", "＜"))
    # a strict target that is reached exactly is not met, yet its share is 100 %: a person decides
    edge = If(Logic("AND", strict, Compare("=", done, target)), Const(PENDING), full)
    smaller = If(Compare("<=", done, target), edge, _share(form, row))
    # more than a target that is to be met exactly: neither met nor a share of it, a person decides
    equal = If(Compare(">", done, target), Const(PENDING), full)
    reached = If(Is(f"{row}性质", "＝"), equal, edge)
    larger = If(Compare(">=", done, target), reached, _share(form, row))
    return If(_smaller(row), smaller, larger)


def _share(form: SelfTable, row: str) -> Expr:
    """What an unmet figure earns. No share exists of a target of zero: nothing is earned; below zero a person decides."""
    rate, target = Ref(f"{row}完成率"), Ref(f"{row}指标值")
    earned: Expr = Round(Arith("*", Ref(f"{row}分值"), Call("MAX", Const(0), rate)), 2)
    if form.least > 0:
        earned = If(Compare("<", rate, Const(form.least)), Const(0), earned)
    line = Ref(f"{row}及格线")
    below = If(Compare(">", line, Const(1)), Const(PENDING), If(Compare("<", rate, line), Const(0), earned))
    earned = If(Is(f"{row}计分方式", ALL_OR_NOTHING), Const(0), If(IsNumber(f"{row}及格线"), below, earned))
    odd = If(Compare("=", target, Const(0)), Const(0), Const(PENDING))
    return If(IsNumber(f"{row}完成率"), earned, odd)


def _explained(form: SelfTable, row: str) -> Expr:
    decided = Say("核定得", Show(f"{row}核定分", "plain"), "分（", Show(f"{row}核定理由", "text"), "）")
    unused = Say("核定分", Show(f"{row}核定分", "plain"), "分没有写理由或超出0至分值，未采用；")
    given = If(IsNumber(f"{row}核定分"), unused, Const(""))
    said = Say(given, If(_qualitative(row), _said_grade(form, row), _said_figures(form, row)))
    shown = _decided(row, decided, said)
    return If(_used(row), If(IsNumber(f"{row}分值"), shown, Const(NO_POINTS)), Const(""))


def _said_grade(form: SelfTable, row: str) -> Expr:
    ranges = "；".join(f"{label}{_range(inside)}" for label, inside in form.qualitative)
    picked = Say(Show(f"{row}达成程度", "text"), "，按", Show(f"{row}给分比例", "rate"), "给分")
    return If(IsNumber(f"{row}规则分"), picked, Const(f"请选择达成程度并填写给分比例（{ranges}）"))


def _range(inside: Interval) -> str:
    left, right = ("（含）" if closed else "（不含）" for closed in (inside.low_closed, inside.high_closed))
    low, high = inside.low or Decimal(0), inside.high or Decimal(1)
    return f"{percent(low)}{left}至{percent(high)}{right}"


def _said_figures(form: SelfTable, row: str) -> Expr:
    rate = Show(f"{row}完成率", "rate")
    far: Expr = Const("")
    if form.over > 0:
        above = Compare(">=", Ref(f"{row}完成率"), Const(form.over))
        larger = Logic("AND", Logic("NOT", _smaller(row)), IsNumber(f"{row}完成率"))
        warn = f"，达到指标值的{percent(form.over)}以上，请分析指标值是否偏低"
        far = If(larger, If(above, Const(warn), Const("")), Const(""))
    met = Say("完成指标值", far)
    unmet: Expr = If(
        IsNumber(f"{row}完成率"), Say("未完成，完成率", rate), Const("未完成，指标值为0，不按比例计分")
    )
    if form.least > 0:
        unmet = Say(unmet, f"（低于{percent(form.least)}不得分）")
    line = If(
        IsNumber(f"{row}及格线"),
        If(
            Compare("=", Ref(f"{row}规则分"), Const(0)),
            Say("，及格线", Show(f"{row}及格线", "rate")),
            Const(""),
        ),
        Const(""),
    )
    unmet = Say(unmet, If(Is(f"{row}计分方式", ALL_OR_NOTHING), Const("，直接赋分不得分"), line))
    full = Compare("=", Ref(f"{row}规则分"), Round(Ref(f"{row}分值"), 2))
    ruled = If(full, met, unmet)
    mixed = Const("指标值与完成值一个是百分数、一个是小数，请按同一写法填写")
    missing = If(
        _figures(row), _comparable(row, Const("是否完成须由评价人核定"), mixed), Const("缺指标值或完成值")
    )
    return If(IsNumber(f"{row}规则分"), ruled, missing)
