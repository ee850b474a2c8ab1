"""The text of a rule: what is accepted, and what is refused, in Chinese and with the place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jixiao.model import NONE_HAPPENED, Arith, Const, OrZero, ParseError, Value, guarded, parse

REFUSED = {
    "a.b.c": "“a.b.c”不是名称",
    "a.b().c": "“a.b().c”不是名称",
    "(lambda: 1)()": "不是可用的函数",
    "lambda x: x": "“lambda x: x”不能用在表达式中",
    "__import__('os').system('ls')": "不是可用的函数",
    "__import__('os')": "不是可用的函数",
    "import os": "不是有效的表达式",
    "[a for a in b]": "不能用在表达式中",
    "{1: 2}": "不能用在表达式中",
    "a[0]": "“a[0]”不能用在表达式中",
    "f'{a}'": "不能用在表达式中",
    "(a := 1)": "不能用在表达式中",
    "a if b else c": "不能用在表达式中",
    "*a": "不是有效的表达式",
    "a ** b": "“a ** b”的运算符不支持",
    "9 ** 9 ** 9 ** 9": "的运算符不支持",
    "a // b": "的运算符不支持",
    "a % b": "的运算符不支持",
    "a @ b": "的运算符不支持",
    "~a": "“~a”的运算符不支持",
    "+a": "“+a”的运算符不支持",
    "a is b": "的比较方式不支持",
    "a in b": "的比较方式不支持",
    "a < '是'": "文字只能用 == 或 != 比较",
    "'是' == a": "“'是'”是文字，不能参与运算",
    "a + '是'": "“'是'”是文字",
    "(a > b) + 1": "“a > b”是条件，不能参与运算",
    "abs(a > b)": "“a > b”是条件",
    "a / b + 1": "“a / b”是可能是文字的结果，不能参与运算；请先给它起名",
    "a / b > 1": "“a / b”是可能是文字的结果",
    "when(a > 0, 1, '待核定') + 1": "是可能是文字的结果",
    "when(a, 1, 2)": "“a”不是条件",
    "when(a > 1, b > 1, 2)": "“b > 1”是条件，不是数值",
    "a and b": "“a”不是条件",
    "not a": "“a”不是条件",
    "a / 0": "“a / 0”的分母是0",
    "a / 0.00": "的分母是0",
    "1e3": "“1e3”应写成普通十进制数字",
    "1e999999999": "应写成普通十进制数字",
    "0x10": "应写成普通十进制数字",
    "1_000": "应写成普通十进制数字",
    "1234567890123456": "整数最多15位",
    "1j": "“1j”不是数字或文字",
    "True": "“True”不是数字或文字",
    "None": "“None”不是数字或文字",
    "...": "不是数字或文字",
    "b'a'": "不是数字或文字",
    "round(a, 7)": "小数位数应为0至6的整数",
    "round(a, -1)": "小数位数应为0至6的整数",
    "round(a, '2')": "小数位数应为0至6的整数",
    "round(a, 1.5)": "小数位数应为0至6的整数",
    "sum()": "不是可用的函数（可用：",
    "sum(a + b)": "“a + b”不是名称",
    "sum(*a)": "不是名称",
    "min(a, key=b)": "不是可用的函数",
    "eval('1')": "“eval('1')”不是可用的函数",
    "": "不是有效的表达式",
    "a +": "“a +”不是有效的表达式",
    "a; b": "不是有效的表达式",
    "a\x00b": "不是有效的表达式",
    "（a＋b）": "不是有效的表达式",
    "a >= 90%": "不是有效的表达式",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_rule_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, zero=Const("待核定"))
    assert REFUSED[text] in str(caught.value)


def test_a_division_needs_a_declared_outcome() -> None:
    for text in ("a / b", "mean(a, b)", "when(c > 0, a / b, 1)"):
        with pytest.raises(ParseError, match="zero 写明"):
            parse(text)
        parse(text, zero=Const("不适用"))
    parse("a / 100")


@pytest.mark.parametrize("text", ["a" * 601, "1" + "+1" * 600])
def test_long_texts_are_refused(text: str) -> None:
    with pytest.raises(ParseError, match="超过600个字符"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "-" * 500 + "a",
        "a" + "-a" * 200,
        "not " * 140 + "a > 1",
        "abs(" * 90 + "a" + ")" * 90,
        "(" * 250 + "a" + ")" * 250,
    ],
)
def test_deep_nesting_is_refused_or_flat(text: str) -> None:
    """Brackets alone make no depth; operations do."""
    try:
        parse(text)
    except ParseError as error:
        assert "不是有效的表达式" in str(error) or "超过50层" in str(error)  # noqa: PT017
    else:
        assert text.startswith("((")


def test_forty_terms_are_not_deep() -> None:
    made = parse("+".join(["甲"] * 40))
    assert made.number({"甲": Decimal(2)}.__getitem__) == 80


def test_operations_go_fifty_deep_and_no_further() -> None:
    assert parse("甲" + "+甲" * 49).number({"甲": Decimal(2)}.__getitem__) == 100
    assert parse("max(" + ",".join(["甲+1"] * 60) + ")").number({"甲": Decimal(2)}.__getitem__) == 3
    with pytest.raises(ParseError, match="超过50层"):  # what stands beside is no depth, and takes none away
        parse("甲+(" * 50 + "甲" + ")" * 50)
    with pytest.raises(ParseError) as refused:
        parse("甲" + "+甲" * 50)
    assert str(refused.value) == "“甲+甲+甲+甲+甲+甲+甲+甲+甲+甲+…”的运算超过50层，请分成几个有名称的算式"


def test_names_are_those_of_the_vocabulary_and_columns() -> None:
    assert list(parse("三公经费决算数 - sum(目标.已实现)").refs()) == ["三公经费决算数", "目标.已实现"]


def test_single_facts_in_a_sum_are_never_taken_for_zero() -> None:
    made = guarded(parse("sum(a, b)"))
    cases: list[tuple[tuple[Value, Value], Value]] = [
        ((Decimal(1), Decimal(2)), Decimal(3)),
        ((Decimal(1), "不适用"), Decimal(1)),
        ((Decimal(1), None), "待核定"),
        (("待核定", Decimal(2)), "待核定"),
        (("不适用", "不适用"), "不适用"),
    ]
    for (a, b), expected in cases:
        facts: dict[str, Value] = {"a": a, "b": b}
        assert made.number(facts.__getitem__) == expected


ASKED: list[Value] = [None, "", Decimal(3), "不适用", "待核定", "三"]


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        (None, ["待核定", "待核定", 6, "不适用", "待核定", "待核定"]),
        ("是", [0, 0, 6, "不适用", "待核定", "待核定"]),
        ("否", ["待核定", "待核定", 6, "不适用", "待核定", "待核定"]),
    ],
)
def test_a_count_of_events_is_0_only_where_a_person_says_so(confirmed: Value, expected: list[Value]) -> None:
    made = guarded(Arith("*", OrZero("a"), Const(2)))
    assert [made.number({"a": v, NONE_HAPPENED: confirmed}.__getitem__) for v in ASKED] == expected


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("sum(表.列)", (Decimal(1), None, "", Decimal(0)), Decimal(1)),
        ("sum(表.列)", (None, "", "不适用"), "待核定"),
        ("sum(表.列)", (Decimal(1), "待核定"), "待核定"),
        ("count(表.列)", (None, ""), Decimal(0)),
        ("count(表.列)", (Decimal(1), "待核定"), "待核定"),
        ("sum(表.列) / count(表.列)", (Decimal(1), Decimal(0)), Decimal("0.5")),
        ("sum(表.列) / count(表.列)", (None,), "不适用"),
    ],
)
def test_a_column_waits_for_its_rows_and_no_row_is_not_none(
    text: str, column: tuple[Value, ...], expected: Value
) -> None:
    env: dict[str, Any] = {"表.列": column}
    assert guarded(parse(text, zero=Const("不适用"))).number(env.__getitem__) == expected


def test_a_choice_needs_only_the_branch_that_it_takes() -> None:
    made = guarded(parse("when(filled(a), a, b)"))
    cases: list[tuple[tuple[Value, Value], Value]] = [
        ((Decimal(1), None), Decimal(1)),
        ((None, Decimal(2)), Decimal(2)),
        (("不适用", Decimal(2)), Decimal(2)),
        ((None, None), "待核定"),
        ((None, "不适用"), "不适用"),
    ]
    for (a, b), expected in cases:
        facts: dict[str, Value] = {"a": a, "b": b}
        assert made.number(facts.__getitem__) == expected
