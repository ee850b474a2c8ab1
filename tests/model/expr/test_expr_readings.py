"""The nodes, one by one: what is written, what is calculated, what is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Every,
    ExprError,
    Given,
    If,
    Interval,
    Is,
    Line,
    Logic,
    Pieces,
    Ratio,
    Ref,
    Round,
    Stepped,
    Value,
    Where,
    Whole,
    amount,
    gaps,
    half_up,
    overlap,
    parse,
    plain,
)
from jixiao.verify import offences


def name(key: str) -> str:
    return key


WRITTEN = {
    "a - (b - c)": ("a-(b-c)", "a－（b－c）"),
    "a - b - c": ("a-b-c", "a－b－c"),
    "(a - b) - c": ("a-b-c", "a－b－c"),
    "a + (b + c)": ("a+b+c", "a＋b＋c"),
    "(a + b) * c": ("(a+b)*c", "（a＋b）×c"),
    "a + b * c": ("a+b*c", "a＋b×c"),
    "a * (b * c)": ("a*(b*c)", "a×（b×c）"),
    "a * -2": ("a*(-2)", "a×（-2）"),
    "a + -2": ("a+(-2)", "a＋（-2）"),
    "-a * b": ("(0-a)*b", "（0－a）×b"),
    "a / (b / c)": (
        'IF(ROUND(IF(c=0,"待核定",ROUND(b/c,6)),6)=0,"待核定",ROUND(a/ROUND(IF(c=0,"待核定",ROUND(b/c,6)),6),6))',
        "a÷（b÷c）",
    ),
    "a / (b + c)": ("IF(ROUND(b+c,6)=0,0,ROUND(a/ROUND(b+c,6),6))", "a÷（b＋c）"),
    "(a - b) / b": ("IF(b=0,0,ROUND(ROUND(a-b,6)/b,6))", "（a－b）÷b"),
    "abs(a - b) / b": ("IF(b=0,0,ROUND(ROUND(ABS(a-b),6)/b,6))", "（a－b）的绝对值÷b"),
    "max(a, b) * c": ("MAX(a,b)*c", "（a与b中的较大者）×c"),
    "min(a + b, c)": ("MIN(a+b,c)", "（a＋b）与c中的较小者"),
    "abs(a)": ("ABS(a)", "a的绝对值"),
    "sum(a, b) / c": ("IF(c=0,0,ROUND(ROUND(SUM(a,b),6)/c,6))", "（a、b合计）÷c"),
    "a / 100": ("ROUND(a/100,6)", "a÷100"),
    "round(a * b, 2)": ("ROUND(a*b,2)", "a×b"),
    "a + b > c": ("ROUND(a+b,6)>c", "a＋b＞c"),
    "a <= b < c": ("AND(a<=b,b<c)", "a≤b且b＜c"),
    "(a > b or b > c) and a > c": ("AND(OR(a>b,b>c),a>c)", "（a＞b或b＞c）且a＞c"),
    "a > b or b > c and a > c": ("OR(a>b,AND(b>c,a>c))", "a＞b或b＞c且a＞c"),
    "not (a > b and b > c)": ("NOT(AND(a>b,b>c))", "并非（a＞b且b＞c）"),
    "not a > b": ("NOT(a>b)", "并非a＞b"),
    "a == '是'": ('a="是"', "a为“是”"),
    "a != '写着\"好\"'": ('NOT(a="写着""好""")', '并非a为“写着"好"”'),
    "when(a > 0, 1, '不适用')": ('IF(a>0,1,"不适用")', "a＞0的，1；否则，不适用"),
    "when(filled(a), a, b)": ("IF(ISNUMBER(a),a,b)", "a已填的，a；否则，b"),
}


@pytest.mark.parametrize("text", [text for text in WRITTEN if text != "a / (b / c)"])
def test_formula_and_sentence_keep_the_brackets_that_are_needed(text: str) -> None:
    made = parse(text, zero=Const(0))
    assert (made.formula(name), made.sentence(name)) == WRITTEN[text]
    assert offences("=" + made.formula(name)) == []


def test_a_quotient_below_the_line_keeps_its_brackets() -> None:
    inner = Ratio(Ref("b"), Ref("c"), Const(PENDING))
    made = Ratio(Ref("a"), inner, Const(PENDING))
    assert (made.formula(name), made.sentence(name)) == WRITTEN["a / (b / c)"]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("4.625", 2, "4.63"),
        ("2.772", 2, "2.77"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("0.285", 2, "0.29"),
        ("-0.0000004", 6, "0.000000"),
        ("-0.001", 2, "0.00"),
        ("0.2849999999999999999", 2, "0.29"),  # a spreadsheet keeps fifteen digits
        ("0.28499999999999", 2, "0.28"),
    ],
)
def test_rounding_is_half_away_from_zero(value: str, places: int, expected: str) -> None:
    assert str(half_up(Decimal(value), places)) == expected


def test_a_sum_of_decimals_has_no_binary_noise() -> None:
    values: dict[str, Value] = {"a": Decimal("0.3"), "b": Decimal("0.1"), "c": Decimal("0.2")}
    assert parse("a - b - c == 0").number(values.__getitem__) is True
    assert parse("a - b - c").formula(name) == "a-b-c"
    assert parse("a - b - c == 0").formula(name) == "ROUND(a-b-c,6)=0"


def test_begun_steps_and_whole_steps() -> None:
    for value, down, up in (
        ("2", 2, 2),
        ("2.000001", 2, 3),
        ("2.0000004", 2, 2),
        ("-0.5", -1, 0),
        ("0", 0, 0),
    ):
        values: dict[str, Value] = {"a": Decimal(value)}
        assert Whole(Ref("a")).number(values.__getitem__) == down
        assert Whole(Ref("a"), up=True).number(values.__getitem__) == up
    assert Whole(Ref("a")).formula(name) == "INT(ROUND(a,6))"
    assert Arith("-", Const(3), Whole(Ref("a"), up=True)).formula(name) == "3-(0-INT(0-ROUND(a,6)))"


GIVEN = [
    (("1", "2"), "3"),
    (("1", None), PENDING),
    (("1", ""), PENDING),
    (("1", "约3"), PENDING),
    (("1", NOT_APPLICABLE), NOT_APPLICABLE),
    ((NOT_APPLICABLE, NOT_APPLICABLE), NOT_APPLICABLE),
    ((NOT_APPLICABLE, PENDING), PENDING),
    ((NOT_APPLICABLE, None), PENDING),
]


@pytest.mark.parametrize(("values", "expected"), GIVEN)
def test_outcomes_go_through_and_never_become_numbers(
    values: tuple[str | None, str | None], expected: str
) -> None:
    made = Given(["a", "b"], Arith("+", Ref("a"), Ref("b")))
    facts = dict(zip("ab", (Decimal(v) if v in ("1", "2") else v for v in values), strict=True))
    got = made.number(facts.__getitem__)
    assert got == (Decimal(3) if expected == "3" else expected)


def test_the_outcome_can_be_replaced() -> None:
    made = Given(["a"], Ref("a"), otherwise=Const(""))
    assert made.number({"a": None}.__getitem__) == ""
    assert made.formula(name) == 'IF(ISNUMBER(a),a,"")'


def test_arithmetic_on_an_outcome_is_our_own_mistake() -> None:
    with pytest.raises(ExprError):
        Arith("+", Ref("a"), Const(1)).number({"a": NOT_APPLICABLE}.__getitem__)


@pytest.mark.parametrize(("name", "count"), [("ABS", 0), ("ABS", 2), ("MIN", 0), ("SUM", 1)])
def test_a_function_without_a_sentence_or_of_other_arguments_is_none(name: str, count: int) -> None:
    with pytest.raises(ExprError):
        Call(name, *[Const(1)] * count)


@pytest.mark.parametrize(
    ("base", "slope", "said"),
    [
        ("0", "0.5", "得分＝0.5×x"),
        ("3", "0.5", "得分＝3＋0.5×x"),
        ("3", "-2", "得分＝3－2×x"),
        ("0", "-2", "得分＝0－2×x"),
    ],
)
def test_a_line_is_said_as_it_is_reckoned(base: str, slope: str, said: str) -> None:
    line = Line(Ref("x"), Decimal(base), Decimal(slope), Decimal(0), Decimal(5), as_percent=False)
    assert line.sentence(lambda key: key).startswith(said + "，")


def test_only_the_branch_taken_is_read() -> None:
    made = If(Is("a", ""), Const(0), Arith("+", Ref("a"), Const(1)))
    assert made.number({"a": None}.__getitem__) == 0
    assert Logic("AND", Is("a", ""), Is("b", "是")).number({"a": "", "b": "是"}.__getitem__) is True


def test_a_zero_below_the_line_has_the_declared_outcome() -> None:
    for zero in (Const(PENDING), Const(NOT_APPLICABLE), Const(0), Const(1)):
        assert (
            Ratio(Ref("a"), Ref("b"), zero).number({"a": Decimal(5), "b": Decimal(0)}.__getitem__)
            == zero.value
        )
    assert Ratio(Ref("a"), Const(0), Const(PENDING)).formula(name) == '"待核定"'
    tiny = {"a": Decimal(5), "b": Decimal("0.3"), "c": Decimal("0.30000049")}
    made = Ratio(Ref("a"), Arith("-", Ref("b"), Ref("c")), Const(PENDING))
    assert made.number(tiny.__getitem__) == PENDING


INTERVALS = {
    "[90%,100%)": (("0.9", "0.95", "0.999999"), ("0.899999", "1"), "90%≤x＜100%", "AND(x>=0.9,x<1)"),
    "(10%,20%]": (("0.100001", "0.2"), ("0.1", "0.200001"), "10%＜x≤20%", "AND(x>0.1,x<=0.2)"),
    "[95%,)": (("0.95", "9"), ("0.949999",), "x≥95%", "x>=0.95"),
    "(,-15%]": (("-0.15", "-9"), ("-0.149999",), "x≤-15%", "x<=-0.15"),
    "(0,)": (("0.000001",), ("0", "-1"), "x＞0%", "x>0"),
    "(,70%)": (("0.699999", "-1"), ("0.7",), "x＜70%", "x<0.7"),
    "[100%,100%]": (("1",), ("0.999999", "1.000001"), "x＝100%", "x=1"),
    "(,)": (("-5", "0", "5"), (), "x为任意值", "0=0"),
    "[ -20% , -10% )": (("-0.2", "-0.15"), ("-0.1", "-0.200001"), "-20%≤x＜-10%", "AND(x>=-0.2,x<-0.1)"),
}


@pytest.mark.parametrize("text", INTERVALS)
def test_each_side_of_an_interval_is_open_or_closed_by_itself(text: str) -> None:
    inside, outside, said, formula = INTERVALS[text]
    made = Interval.parse(text)
    test = made.test(Ref("x"))
    assert made.spoken("x", as_percent=True) == said
    assert test.formula(name) == formula
    for value, within in [*((v, True) for v in inside), *((v, False) for v in outside)]:
        facts: dict[str, Value] = {"x": Decimal(value)}
        assert (made.has(Decimal(value)), test.number(facts.__getitem__)) == (within, within)


@pytest.mark.parametrize(
    "text", ["90%-100%", "[90%,80%]", "(90%,90%)", "[90%,90%)", "[1.2.3,4]", "[九成,1]", "[1,2", "[１,２]"]
)
def test_what_is_no_interval_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match=r"区间|不是数字"):
        Interval.parse(text)


def test_gaps_and_overlaps_are_seen_on_open_and_closed_sides() -> None:
    def bands(*texts: str) -> list[Interval]:
        return [Interval.parse(text) for text in texts]

    assert gaps(bands("(,3)", "[3,5)", "[5,)"), None, None) == []
    assert gaps(bands("(,3)", "(3,)"), None, None) == [Interval.parse("[3,3]")]
    assert gaps(bands("[80,89]", "[90,)"), Decimal(80), None) == [Interval.parse("(89,90)")]
    assert overlap(*bands("[3,5]", "[5,)")) == Interval.parse("[5,5]")
    assert overlap(*bands("[3,5)", "[5,)")) is None


def test_outside_all_bands_a_person_decides() -> None:
    made = Pieces(Ref("x"), [(Interval.parse("[0,1]"), Const(1))])
    assert made.number({"x": Decimal(2)}.__getitem__) == PENDING
    assert made.formula(name) == 'IF(AND(x>=0,x<=1),1,"待核定")'


def test_what_no_stretch_takes_is_said_where_it_is_told() -> None:
    made = Pieces(Ref("x"), [(Interval.parse("[60%,)"), Const(3))], Const(0), as_percent=True)
    assert made.formula(name) == "IF(x>=0.6,3,0)"
    assert made.sentence(name) == "x≥60%，得3分；其余，得0分"
    endless = Pieces(Ref("x"), [(Interval.parse("(,)"), Ref("y"))])
    assert endless.formula(name) == "y"


STEPS = {
    Every(Decimal("0.05")): "满分5分，x每增加5%（含）扣0.5分，扣完为止",
    Every(Decimal("0.05"), inclusive=False): "满分5分，x每增加5%（不含）扣0.5分，扣完为止",
    Every(
        Decimal("0.01"), Decimal(1), mode="started"
    ): "满分5分，x超过100%的部分，每增加1%（不足一档按一档计）扣0.5分，扣完为止",
    Every(Decimal("0.05"), Decimal(1), "down"): "满分5分，x低于100%的部分，每降低5%（含）扣0.5分，扣完为止",
    Every(Decimal("0.01"), Decimal(1), "both"): "满分5分，x偏离100%的部分，每变动1%（含）扣0.5分，扣完为止",
    Every(Decimal("0.01"), mode="proportional"): "满分5分，x每增加1%扣0.5分，按比例计算，扣完为止",
}


@pytest.mark.parametrize("every", STEPS)
def test_steps_say_how_they_count(every: Every) -> None:
    made = Stepped(Ref("x"), every, Decimal(5), Decimal("-0.5"), as_percent=True, whole=True)
    assert made.sentence(name) == STEPS[every]


def test_steps_that_add_say_where_they_end() -> None:
    made = Stepped(Ref("x"), Every(Decimal(2)), Decimal(1), Decimal(1), Decimal(4), as_percent=False)
    assert made.sentence(name) == "1分起，x每增加2（含）加1分，最多得4分"
    assert made.formula(name) == "MIN(4,1+1*MAX(0,INT(ROUND(ROUND(x/2,6),6))))"


def test_numbers_are_written_without_exponent() -> None:
    assert [plain(Decimal(v)) for v in ("1E+3", "0.9000", "-0.00", "1E-6", "-15")] == [
        "1000",
        "0.9",
        "0",
        "0.000001",
        "-15",
    ]
    assert [amount(text) for text in ("90%", "-15%", "3", "0.5")] == [
        Decimal("0.9"),
        Decimal("-0.15"),
        3,
        Decimal("0.5"),
    ]
    for text in ("1e3", "９０%", "", "--1", "90 %", "1,000", "9" * 16):
        with pytest.raises(ValueError, match="不是数字或百分数"):
            amount(text)


def test_a_comparison_rounds_what_was_computed_and_nothing_else() -> None:
    assert Compare("<", Ref("a"), Ref("b")).formula(name) == "a<b"
    assert Compare(">=", Round(Ref("a"), 2), Const(1)).formula(name) == "ROUND(a,2)>=1"
    assert Compare("=", Arith("-", Ref("a"), Ref("b")), Const(0)).formula(name) == "ROUND(a-b,6)=0"


def test_a_sum_over_rows_of_one_kind_takes_only_those() -> None:
    node = Where("表.金额", "表.类别", "甲")
    columns: dict[str, tuple[object, ...]] = {
        "表.类别": ("甲", "乙", "甲", None),
        "表.金额": (Decimal(1), Decimal(2), Decimal("3.5"), Decimal(4)),
    }
    assert node.number(lambda key: columns[key]) == Decimal("4.5")  # type: ignore[arg-type,return-value]
    assert node.formula(name) == 'SUMPRODUCT((表.类别="甲")*1,表.金额)'
    assert list(node.refs()) == ["表.类别", "表.金额"]


@pytest.mark.parametrize("values", [(Decimal(1), ("甲",)), ((Decimal(1),), "甲"), (Decimal(1), "甲")])
def test_a_sum_by_text_is_over_whole_columns(values: tuple[Value, Value]) -> None:
    column, test = values
    with pytest.raises(ExprError, match="not a column"):
        Where("列", "标", "甲").number({"列": column, "标": test}.__getitem__)
