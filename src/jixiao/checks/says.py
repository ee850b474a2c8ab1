"""What a report says of a check that fails: the sentence of its identity, or a general one by its relation.

A title names what should hold; quoted after "not" it reads as the opposite of what was found.
"""

from __future__ import annotations

import string
from decimal import Decimal

from jixiao.checks.checked import Checked
from jixiao.checks.wording import amount
from jixiao.model import half_up, percent

WORDS = (
    "left", "right", "left_value", "right_value", "difference", "row", "share", "more", "change", "carried",
)  # fmt: skip
GROUP_WORDS = ("count",)
CARRIED = "年初财政拨款结转和结余"
GENERAL = {
    "=": "{left}为{left_value}，{right}为{right_value}，前者比后者{more}{difference}",
    ">=": "{left}为{left_value}，小于{right}的{right_value}，相差{difference}",
    ">": "{right}为{right_value}，达到{left}（{left_value}）",
}
NEGATIVE = "{left}为{left_value}，出现负数"


def said(one: Checked) -> dict[str, str]:
    """``says``, ``group`` and ``item`` of a check that fails, for whoever writes of it; empty where there is none."""
    template, words = one.says or general(one), _words(one)
    if one.row and not one.says:
        words["left"] = f"{words['left']}（{one.row}）"
    return {"says": template.format(**words), "group": one.group, "item": _item(one, words)}


def general(one: Checked) -> str:
    """The sentence of a relation, where an identity has none of its own."""
    return NEGATIVE if one.relation == ">=" and one.right.constant is not None else GENERAL[one.relation]


def names(text: str) -> set[str]:
    """The names in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _words(one: Checked) -> dict[str, str]:
    left, right = one.left.value or Decimal(0), one.right.value or Decimal(0)
    gap = abs(left - right)
    whole = one.left.terms[0].fact.value if one.left.terms else None
    share = percent(half_up(right / whole, 4)) if isinstance(whole, Decimal) and whole else ""
    points = f"{amount(gap * 100, '')}个百分点" if one.unit == "%" else amount(gap, one.unit)
    return {
        "left": one.left.text,
        "right": one.right.text,
        "left_value": amount(left, one.unit),
        "right_value": amount(right, one.unit),
        "difference": points,
        "row": one.row,
        "share": share,
        "more": "多" if left > right else "少",
        "carried": "扣除上年结转后" if _carried(one) else "",
        "change": f"{'增加' if left > 0 else '减少'}{amount(abs(left), one.unit)}",
    }


def _carried(one: Checked) -> bool:
    """Whether what last year left is taken off the left side."""
    return any(term.fact.name == CARRIED and term.fact.value for term in one.left.terms)


def _item(one: Checked, words: dict[str, str]) -> str:
    return f"{one.row}（{words['share']}）" if one.row and one.relation == ">" else one.row
