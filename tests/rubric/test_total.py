"""Caps of the total that hang on another fact (G): the total may not be above what the execution rate allows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model import DefinitionError, Value
from jixiao.scoring import build_net
from tests.properties.nets import OneSheet
from tests.rubric import small_table

CAPS = 'total: {cap: 100, caps: [{x: 支出率, bands: {"(,50%)": 59, "[50%,60%)": 69, "[60%,80%)": 89, "[80%,)": 100}}]}\n'
END = "decisions:\n"


def capped(caps: str = CAPS) -> OneSheet:
    return OneSheet(build_net(small_table.read((END, caps + END))))


NET = capped()


def entries(rate: str | None, total: str) -> dict[str, Value]:
    """Awards that add up to a total, and the figures behind the rate."""
    given: dict[str, Value] = {
        "收入": Decimal(100),
        "支出": None if rate is None else Decimal(rate),
        "满意度": Decimal(100),
    }
    left = Decimal(total)
    for title, most in (("支出完成", Decimal(40)), ("申报", Decimal(20)), ("满意情况", Decimal(40))):
        given[f"{title}.核定分"] = min(left, most)
        given[f"{title}.核定理由"] = "核查"
        left -= min(left, most)
    return given


@pytest.mark.parametrize(
    ("rate", "total", "want"),
    [
        ("76", "93.2", "89"),
        ("58", "91", "69"),
        ("48", "91", "59"),
        ("80", "93.2", "93.2"),
        ("79.9999", "93.2", "89"),
        ("60", "88", "88"),
        ("49.9999", "59", "59"),
        ("50", "59.01", "59.01"),
        ("48", "0", "0"),
    ],
)
def test_the_total_is_not_above_what_the_rate_allows(rate: str, total: str, want: str) -> None:
    given = entries(rate, total)
    assert NET.numbers(given)["合计.得分"] == Decimal(want)
    assert NET.checked(given) == []


def test_a_missing_rate_does_not_cap_and_keeps_the_grade_open() -> None:
    values = NET.numbers(entries(None, "93.2"))
    assert values["合计.得分"] == Decimal("93.2")
    assert values["合计.待核定数"] == 1
    assert values["合计.等级"] == "待核定"
    assert NET.numbers(entries("100", "93.2"))["合计.等级"] == "优"


def test_the_cap_asks_for_its_fact() -> None:
    rubric = small_table.read((END, CAPS + END))
    assert {"收入", "支出"} <= set(rubric.facts)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"(,50%)": 59, ', "", "应覆盖全部取值"),
        ("59", "待核定", "总分上限应为分值"),
        ("x: 支出率", "x: 支出比", "未知的名称“支出比”"),
        ("caps:", "limits:", "未知的键“limits”"),
    ],
)
def test_a_cap_that_cannot_be_applied_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        capped(CAPS.replace(old, new))
