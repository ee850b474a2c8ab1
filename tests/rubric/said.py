"""A criteria sentence of ours, read back as a reader of the paper would: figure -> points. It knows no rule, only the words."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

PENDING = "待核定"
_NUMBER = r"-?[0-9.]+%?"
_RANGE = re.compile(
    rf"(?:(?P<low>{_NUMBER})(?P<left>[≤＜]))?率(?:的绝对值|偏离(?P<centre>{_NUMBER})的幅度)?"
    rf"(?:(?P<sign>[≤＜≥＞＝])(?P<high>{_NUMBER}))?(?:为任意值)?"
)
_RATE = re.compile(rf"得分＝率(?:÷(?P<over>{_NUMBER}))?×(?P<full>[0-9.]+)分(?:，最高按(?P<cap>{_NUMBER})计)?")
_LINE = re.compile(
    rf"得分＝(?:(?P<base>-?[0-9.]+)(?P<sign>[＋－]))?(?P<slope>[0-9.]+)×(?:率|（率－(?P<origin>{_NUMBER})）)，最低0分，最高(?P<full>[0-9.]+)分"
)
_STEPS = re.compile(
    rf"(?:满分(?P<whole>[0-9.]+)分|(?P<from>[0-9.]+)分起)，率(?:(?P<beyond>超过|低于|偏离)(?P<start>{_NUMBER})的部分，)?"
    rf"每(?:增加|降低|变动)(?P<each>{_NUMBER})(?P<edge>（含）|（不含）|（不足一档按一档计）)?(?P<verb>扣|加)(?P<points>[0-9.]+)分"
    r"(?:，按比例计算)?，(?:扣完为止|最低得(?P<least>[0-9.]+)分|最多得(?P<most>[0-9.]+)分)"
)
_LINEAR = re.compile(r"在([0-9.]+)分与([0-9.]+)分之间按直线插值计分")


def points(text: str, rate: Decimal) -> Decimal | str:
    """What a sentence over the one figure 率 gives, in points of two decimals."""
    made = _given(text, rate)
    return made if isinstance(made, str) else _round(made, 2)


def _given(text: str, rate: Decimal) -> Decimal | str:
    if text.startswith(("得分＝", "满分")):
        return _points(text, rate, None)
    for piece in text.split("；"):
        head, _, rule = piece.partition("，")
        found = _RANGE.fullmatch(head)
        if head == "其余" or (found is not None and _inside(found, rate)):
            return _points(rule, rate, found)
    return PENDING


def _inside(found: re.Match[str], rate: Decimal) -> bool:
    value = rate
    if "的绝对值" in found[0] or found["centre"]:
        value = _round(abs(rate - _number(found["centre"] or "0")), 6)
    above = (
        found["low"] is None
        or value > _number(found["low"])
        or (found["left"] == "≤" and value == _number(found["low"]))
    )
    if found["sign"] is None:
        return above
    end = _number(found["high"])
    held = {"≤": value <= end, "＜": value < end, "≥": value >= end, "＞": value > end, "＝": value == end}
    return above and held[found["sign"]]


def _points(rule: str, rate: Decimal, stretch: re.Match[str] | None) -> Decimal | str:
    if PENDING in rule:
        return PENDING
    if rule == "不得分":
        return Decimal(0)
    if match := re.fullmatch(r"得([0-9.]+)分", rule):
        return Decimal(match[1])
    if match := _RATE.fullmatch(rule):
        share = max(Decimal(0), _round(rate / _number(match["over"] or "1"), 6))
        return Decimal(match["full"]) * min(share, _number(match["cap"] or "1"))
    if match := _LINE.fullmatch(rule):
        slope = Decimal(match["slope"]) * (-1 if match["sign"] == "－" else 1)
        made = Decimal(match["base"] or 0) + slope * (rate - _number(match["origin"] or "0"))
        return min(max(made, Decimal(0)), Decimal(match["full"]))
    if match := _LINEAR.fullmatch(rule):
        assert stretch is not None
        low, high = _number(stretch["low"]), _number(stretch["high"])
        a, b = Decimal(match[1]), Decimal(match[2])
        return a + (b - a) * _round((rate - low) / (high - low), 6)
    match = _STEPS.fullmatch(rule)
    assert match is not None, rule
    return _stepped(match, rate)


def _stepped(match: re.Match[str], rate: Decimal) -> Decimal:
    start = _number(match["start"] or "0")
    beyond = {"低于": start - rate, "偏离": abs(rate - start)}.get(match["beyond"] or "", rate - start)
    steps = _round(beyond / _number(match["each"]), 6)
    if match["edge"] == "（含）":
        steps = steps.to_integral_value(ROUND_FLOOR)
    elif match["edge"] == "（不足一档按一档计）":
        steps = steps.to_integral_value(ROUND_CEILING)
    elif match["edge"]:
        steps = steps.to_integral_value(ROUND_CEILING) - 1
    change = Decimal(match["points"]) * max(Decimal(0), steps)
    base = Decimal(match["whole"] or match["from"])
    if match["verb"] == "加":
        return min(base + change, Decimal(match["most"]))
    return max(base - change, Decimal(match["least"] or 0))


def _number(text: str) -> Decimal:
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
