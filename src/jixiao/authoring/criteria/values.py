"""Values as a person writes them beside a text: 92.8%, -15%, 3, 3项, 第2名, 3/4, 是, 否."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.authoring.criteria.built import NO, YES
from jixiao.authoring.criteria.rewriting import normalise

_YES = {
    "是",
    "有",
    "符合",
    "达标",
    "达到",
    "完成",
    "已完成",
    "按时",
    "及时",
    "Y",
    "YES",
    "yes",
    "true",
    "√",
    "对",
    "满足",
    "合格",
}
_NO = {
    "否",
    "无",
    "没有",
    "不符合",
    "未达标",
    "未达到",
    "未完成",
    "不及时",
    "N",
    "NO",
    "no",
    "false",
    "×",
    "不是",
    "不满足",
    "不合格",
}
_VALUE = re.compile(r"(?:第)?([-+]?\d+(?:\.\d+)?)(%|百分点|倍|万元|亿元|元|分|[^\d\s%]{0,3})?")
_FRACTION = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")
_SCALE = {"万元": 10000, "亿元": 100000000}


def verdict(text: str) -> str:
    """是 or 否 where the text says one, else empty."""
    word = normalise(text).strip("。;,")
    return YES if word in _YES else NO if word in _NO else ""


def value(text: str, unit: str) -> Decimal | None:
    """A value in the unit of the rule; None where it is not a number, or its unit is another one."""
    word = normalise(text[:60])
    part = _FRACTION.fullmatch(word)
    if part and Decimal(part[2]) and unit in ("%", ""):
        return Decimal(part[1]) / Decimal(part[2])
    found = _VALUE.fullmatch(word)
    if not found:
        return None
    number, own = Decimal(found[1]), found[2] or ""
    if own in ("%", "百分点"):
        return number / 100 if unit in ("%", "") else None
    if unit == "%":
        # a plain number beside a text in percent is the ratio itself; 95 could be 95% as well
        return number if own in ("", "倍") and abs(number) <= 2 else None
    if own in _SCALE:
        return number * _SCALE[own] if unit == "元" else None
    if own and unit and own != unit:
        return None
    return number
