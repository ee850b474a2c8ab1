"""Texts and figures in sentences: as people write them, and as every engine writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model import NOT_APPLICABLE, PENDING, Const, Is, Say, Show
from jixiao.verify import offences


def name(key: str) -> str:
    return key


SHOWN = {
    "amount": [("139.4", "139.40"), ("30.629", "30.63"), ("531.876452", "531.88"), ("0.0049", "0.0049"),
               ("0.005", "0.01"), ("0", "0.00"), ("-0.001", "-0.001"), ("-5", "-5.00"),
               ("0.0000004", "0.00"), ("-0.0000004", "0.00"), ("1234567.891", "1234567.89")],
    "rate": [("0.057422", "5.74%"), ("1", "100%"), ("0", "0%"), ("0.56", "56%"), ("0.538732", "53.87%"),
             ("-0.15", "-15%"), ("0.285", "28.5%"), ("-0.00001", "0%"), ("1.0256", "102.56%")],
    "plain": [("4.5", "4.5"), ("7", "7"), ("3.87", "3.87"), ("4.625", "4.63"), ("-6", "-6"),
              ("-0.001", "0"), ("100", "100")],
    "date": [("45043", "2023年4月27日"), ("61", "1900年3月1日"), ("60", "（不是日期）"), ("20230427", "（不是日期）"),
             ("2958465", "9999年12月31日"), ("-3", "（不是日期）"), ("45043.75", "2023年4月27日")],
    "text": [("12", "12.00"), ("0.125", "0.13")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("style", "value", "shown"), [(s, *pair) for s, pairs in SHOWN.items() for pair in pairs]
)
def test_figures_are_shown_as_people_write_them(style: str, value: str, shown: str) -> None:
    assert Show("x", style).number({"x": Decimal(value)}.__getitem__) == shown
    assert offences("=" + Show("x", style).formula(name)) == []


@pytest.mark.parametrize("style", SHOWN)
def test_an_outcome_is_shown_as_it_is_and_a_blank_as_told(style: str) -> None:
    show = Show("x", style, blank="没有")
    assert [show.number({"x": v}.__getitem__) for v in (NOT_APPLICABLE, PENDING, None, "")] == [
        NOT_APPLICABLE, PENDING, "没有", "没有",
    ]  # fmt: skip


def test_an_unknown_style_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="fancy"):
        Show("x", "fancy")


def test_long_texts_are_split_and_quotes_doubled() -> None:
    long = '"' * 200 + "甲" * 300
    made = Const(long)
    assert made.formula(name).count("&") == 1
    assert offences("=" + made.formula(name)) == []
    assert offences("=" + Is("a", long).formula(name)) == []
    assert Say("a", made).formula(name).startswith('"a' + '""' * 200)
    assert Const('说"好"').formula(name) == '"说""好"""'
    assert Const("").formula(name) == '""'


def test_a_text_never_breaks_the_line_of_a_formula() -> None:
    made = Const("第一行\n第二行\t。")
    assert made.number(name) == made.sentence(name) == "第一行 第二行 。"
    assert offences("=" + made.formula(name)) == []


def test_texts_are_joined_and_neighbours_merged() -> None:
    made = Say("得", Show("x", "plain"), "分", Say("，", "完"))
    assert made.number({"x": Decimal("4.50")}.__getitem__) == "得4.5分，完"
    assert len(made.parts) == 3
    assert Say().formula(name) == '""'


def test_capitals_do_not_matter_and_spaces_do() -> None:
    for value, same in (
        ("a级", True),
        ("A级", True),
        ("A级 ", False),
        ("Ａ级", False),
        (None, False),
        (Decimal(1), False),
    ):
        assert Is("x", "A级").number({"x": value}.__getitem__) is same
    assert [Is("x", "").number({"x": v}.__getitem__) for v in (None, "", Decimal(0), " ")] == [
        True,
        True,
        False,
        False,
    ]
