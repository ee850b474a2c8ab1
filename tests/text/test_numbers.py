"""Text and floats become exact decimals, or nothing at all with the reason said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.text import numbers
from jixiao.text.numbers import Kind

NUMBERS = [
    ("1,234.50", "1234.50", ""),
    ("１２３．４", "123.4", ""),
    ("（123.45）", "-123.45", ""),
    ("(1,234)", "-1234", ""),
    ("△12.5", "-12.5", ""),
    ("▲12.5", "-12.5", ""),
    ("12.5-", "-12.5", ""),
    ("－12.5", "-12.5", ""),
    ("\u221212.5", "-12.5", ""),
    ("307.82\n", "307.82", ""),
    ("\u00a01\u3000", "1", ""),
    ("5.74%", "5.74", "%"),
    ("139.40万元", "139.40", "万元"),
    ("1.5 亿元", "1.5", "亿元"),
    ("(1,234万元)", "-1234", "万元"),
    ("￥12.00", "12.00", ""),
    ("8人", "8", "人"),
    ("0.0900000762939453", "0.09", ""),
    ("-0", "0", ""),
    (".5", "0.5", ""),
    ("+5", "5", ""),
]
DOUBTFUL = [
    "1 234,5",
    "1.2e3",
    "00123",
    "壹仟元整",
    "人民币壹佰万元整",
    "1,23",
    "1.2.3",
    "(12",
    "-(5",
    "--5",
    "1,2345",
]
TEXTS = ["5²", "½", "٣", "约6.6", "3个工作日", "≥95", "达到90%以上", "$5", "(-5)"]


@pytest.mark.parametrize(("text", "value", "unit"), NUMBERS)
def test_a_number_in_any_accepted_writing_is_exact(text: str, value: str, unit: str) -> None:
    parsed = numbers.parse(text)
    assert (parsed.kind, parsed.value, parsed.unit) == (Kind.NUMBER, Decimal(value), unit)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_can_be_read_in_two_ways_is_no_number(text: str) -> None:
    parsed = numbers.parse(text)
    assert parsed.value is None and parsed.kind in (Kind.DOUBTFUL, Kind.TEXT)
    if parsed.kind is Kind.DOUBTFUL:
        assert parsed.why


@pytest.mark.parametrize("text", TEXTS)
def test_a_phrase_with_digits_is_no_number(text: str) -> None:
    assert numbers.parse(text).value is None


@pytest.mark.parametrize("text", ["—", "-", "一", "——", "–", "无", "不适用", "/"])
def test_a_dash_is_left_to_the_form(text: str) -> None:
    assert numbers.parse(text).kind is Kind.NIL


@pytest.mark.parametrize("text", ["#REF!", "#DIV/0!", "#N/A", "＃REF!"])
def test_an_error_value_stays_an_error(text: str) -> None:
    assert numbers.parse(text).kind is Kind.ERROR


@pytest.mark.parametrize("text", [None, "", " ", "\n", "\u3000\u00a0", "\ufeff"])
def test_blank_is_blank(text: str | None) -> None:
    assert numbers.parse(text).kind is Kind.BLANK


def test_booleans_and_infinities_are_no_numbers() -> None:
    assert numbers.parse(True).value is None
    assert numbers.parse(Decimal("NaN")).value is None
    assert numbers.parse(numbers.from_float(float("inf"))).value is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0900000762939453, "0.09"),
        (1393987.2100000002, "1393987.21"),
        (2080505.0, "2080505"),
        (139.4, "139.4"),
        (76.7991234, "76.7991234"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_float_noise_is_rounded_and_nothing_else(value: float, expected: str) -> None:
    assert numbers.from_float(value) == Decimal(expected)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_every_amount_to_the_cent_survives_a_float_and_every_writing(amount: Decimal) -> None:
    assert numbers.from_float(float(amount)) == amount
    for text in (f"{amount}", f"{amount:,}", f"\u3000{amount}\n"):
        assert numbers.parse(text).value == amount


@given(st.text(max_size=80))
def test_no_text_breaks_the_parser(text: str) -> None:
    parsed = numbers.parse(text)
    assert (parsed.value is None) == (parsed.kind is not Kind.NUMBER)


def test_numbers_of_programs_are_exact_and_absurd_ones_are_none() -> None:
    assert numbers.from_machine("1.2345E+3") == Decimal("1234.5")
    assert numbers.from_machine("139.40000000000001") == Decimal("139.4")
    for text in ("1E999999999", "NaN", "-INF", "x", "9" * 100):
        assert numbers.from_machine(text) is None


@pytest.mark.parametrize(
    ("raw", "unit", "value", "divisor"),
    [
        ("1394000.00", "元", "139.4", "10000"),
        ("139.4", "万元", "139.4", "1"),
        ("1394", "千元", "139.4", "10"),
    ],
)
def test_units_of_money_convert_exactly(raw: str, unit: str, value: str, divisor: str) -> None:
    assert numbers.convert(Decimal(raw), unit, "万元") == (Decimal(value), Decimal(divisor))
    assert numbers.convert(Decimal("1.5"), "亿元", "万元") == (Decimal(15000), Decimal("0.0001"))
