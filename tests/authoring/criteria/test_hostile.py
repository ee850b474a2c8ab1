"""Whatever is pasted as criteria text: no exception, no endless reading, and nothing called understood by accident."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.authoring import Understood, read_criteria
from jixiao.text import read_target

WORDS = (
    "得", "扣", "计", "分", "每", "超过", "低于", "不", "以上", "以下", "（", "）", "含", "1", "90%", "3分", "、", "，", "；", "。", "：", "按比例",
    "得分＝", "×", "÷", "/", "－", "~", "≥", "≤", "＜", "否则", "满分", "百分点", "个", "项", "扣完为止", "最高", "酌情", "完成率", "(1)", "1.", "①",
    "\n", "±", "第", "名", "前", "且", "或", "一", "半", "零", "万元", "2023年", "=", "|", "‰", "成", "倍", "在", "为", "的", "时", "基础上",
)  # fmt: skip


def safe(made: Understood) -> None:
    """A reading says whether it understood, and never gives points outside 0 and the full points."""
    assert made.understood or made.questions
    for value in ("92.8%", "-15%", "3", "0", "是", "否", "1e9", "９９", ""):
        points = made.points_at(value)
        assert points is None or 0 <= points <= Decimal(5)


@pytest.mark.parametrize("seed", range(40))
def test_words_in_any_order_are_read_or_asked(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        safe(read_criteria("".join(chance.choices(WORDS, k=chance.randint(1, 30))), Decimal(5)))


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_asked(text: str) -> None:
    safe(read_criteria(text, Decimal(5)))
    read_target(text)


@pytest.mark.parametrize(
    "text",
    [
        "得" * 3000,
        "(" * 2000,
        "（" * 1000 + "）" * 1000,
        "1." * 1000,
        "每" * 2000,
        "90%~" * 500,
        "得分=" + "(a/b)×" * 330,
        "，".join(f"{n}%以上得1分" for n in range(150)),
        "按" + "比例" * 900,
        "酌情" * 1000,
        "扣完" * 1000,
        "a,b、c；" * 400,
        "≥90%且" * 400 + "得3分",
        "不足1个百分点" * 200,
        "甲、乙和" * 500,
        "；".join(f"第{n}名得1分" for n in range(200)),
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_end(text: str) -> None:
    safe(read_criteria(text, Decimal(5)))
    read_target(text)


def test_a_text_that_is_too_long_is_a_question() -> None:
    made = read_criteria("完成率≥90%得5分；" * 300, Decimal(5))
    assert not made.understood and "2000" in made.questions[0]
