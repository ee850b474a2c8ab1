"""One reader of quantities, numerals, list numbers and dates: the same writing means the same at every door."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao import text as door
from jixiao.model import UNITS as CONCEPT_UNITS
from jixiao.model import Body, load_yaml
from jixiao.text import State, find_quantities, measured, read_periods, read_quantity

CASES = load_yaml(Path(__file__).parent / "quantities.yaml")


def cases(name: str) -> pytest.MarkDecorator:
    bodies = CASES.parts(name)
    return pytest.mark.parametrize("body", bodies, ids=[repr(str(body["text"])) for body in bodies])


@cases("quantities")
def test_a_quantity_in_any_writing_is_exact_or_no_number_at_all(body: Body) -> None:
    body.only(("text",), ("value", "unit", "kind", "base", "period", "state", "note", "side"))
    made = read_quantity(body.text("text"))
    assert made.state == body.get("state", "number")
    assert made.value == body.get("value")
    if "value" in body:
        assert (made.unit, made.period) == (body.get("unit", ""), body.get("period", ""))
        assert made.kind == body.get("kind", "bare")
    if "base" in body:
        assert made.base == body.number("base")
    assert (made.note, made.side) == (body.get("note", ""), body.get("side", ""))
    assert made.why or made.state is not State.DOUBTFUL


@cases("found")
def test_figures_of_a_running_text_are_found_in_digits_and_in_words(body: Body) -> None:
    body.only(("text", "found"))
    made = [[f.figure, f.value, f.unit, f.ulp, f.side] for f in find_quantities(body.text("text"))]
    assert made == body["found"]


@cases("measured")
def test_a_quantity_is_brought_into_the_wanted_unit_once(body: Body) -> None:
    body.only(("text", "stated", "wanted"), ("value", "divisor", "apart", "why"))
    made = measured(read_quantity(str(body["text"])), body["stated"], body["wanted"])
    assert (made.value, made.why) == (body.get("value"), body.get("why", ""))
    assert made.apart is body.get("apart", False)
    assert made.divisor == body.get("divisor", made.divisor)


@cases("periods")
def test_the_time_that_a_caption_names(body: Body) -> None:
    body.only(("text",), ("since", "year", "start", "end"))
    made = [
        (p.since, p.year, ".".join(map(str, p.start or ())), ".".join(map(str, p.end)))
        for p in read_periods(body.text("text"))
    ]
    wanted = (body.get("since"), body.get("year"), body.get("start"), body.get("end"))
    assert made == ([wanted] if "end" in body else [])


@pytest.mark.parametrize(
    ("value", "shown", "unit", "said"),
    [
        ("0.95", "percent", "", "95%"),
        ("1.205", "percent", "", "120.5%"),
        ("45044", "date", "", "2023年4月28日"),
        ("20", "number", "万元", "20万元"),
        ("-0", "number", "", "0"),
    ],
)
def test_a_number_is_what_its_cell_shows(value: str, shown: str, unit: str, said: str) -> None:
    made = read_quantity(Decimal(value), shown=shown, unit=unit)
    assert made.written == said
    assert (made.state is State.DOUBTFUL) == (shown == "date")


@cases("numerals")
def test_a_numeral_is_a_number_or_none(body: Body) -> None:
    assert door.number(body.text("text")) == body.get("value")


@pytest.mark.parametrize("value", range(1, 100))
def test_numerals_go_both_ways(value: int) -> None:
    assert door.count(door.numeral(value)) == value


@cases("numbering")
def test_the_number_of_a_line_is_told_from_its_words(body: Body) -> None:
    text = body.text("text")
    mark = door.mark_at(text)
    assert (
        (mark.style, mark.number) == (body["style"], body["number"])
        if "style" in body and mark
        else mark is None
    )
    assert door.unnumbered(text) == body.get("words", text)


def test_numbers_of_a_list_stand_behind_stops_and_are_written_as_they_are_read() -> None:
    found = door.marks("1.公开；2.完整。（1）及时：①两日内")
    assert [(mark.style, mark.number) for mark in found] == [("1.", 1), ("1.", 2), ("(1)", 1), ("①", 1)]
    assert [door.numbered(style, 3) for style in door.LISTS] == [
        "三、",
        "(三)",
        "3.",
        "3、",
        "3)",
        "(3)",
        "③",
    ]


@cases("dates")
def test_a_date_is_the_last_day_that_it_names(body: Body) -> None:
    made = door.read_date(body.text("text"))
    assert (made[0].isoformat(), made[1]) == (body["day"], body["exact"]) if made else "day" not in body


def test_serial_numbers_are_days() -> None:
    day = door.of_serial(Decimal(45043))
    assert day is not None
    assert (door.dated(day), door.serial(day)) == ("2023年4月27日", 45043)
    assert door.of_serial(Decimal("1e12")) is None


@cases("figures")
def test_every_figure_of_a_text_has_its_kind(body: Body) -> None:
    found = list(door.find_quantities(body.text("text")))
    assert [item.kind.value for item in found] == list(body["kinds"])
    assert [item.value for item in found] == list(body["values"])


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_every_amount_to_the_cent_survives_a_float_and_every_writing(amount: Decimal) -> None:
    assert door.from_float(float(amount)) == amount
    for text in (f"{amount}", f"{amount:,}", f"\u3000{amount}\n"):
        assert read_quantity(text).value == amount


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    made = read_quantity(text)
    assert (made.value is None) == (made.state is not State.NUMBER)
    assert list(door.find_quantities(text)) is not None
    door.notation(text)
    door.label_key(text)


def test_booleans_blanks_and_infinities_are_no_numbers() -> None:
    assert read_quantity(None).state is State.BLANK
    assert read_quantity(True).value is None
    assert read_quantity(Decimal("NaN")).value is None
    assert read_quantity(door.from_float(float("inf"))).value is None


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
    assert door.from_float(value) == Decimal(expected)


def test_numbers_of_programs_are_exact_and_absurd_ones_are_none() -> None:
    assert door.from_machine("1.2345E+3") == Decimal("1234.5")
    assert door.from_machine("139.40000000000001") == Decimal("139.4")
    for text in ("1E999999999", "NaN", "-INF", "x", "9" * 100):
        assert door.from_machine(text) is None


def test_units_convert_exactly_and_hold_those_of_concepts() -> None:
    for raw, unit, divisor in (("1394000.00", "元", "10000"), ("139.4", "万元", "1"), ("1394", "千元", "10")):
        assert door.convert(Decimal(raw), unit, "万元") == (Decimal("139.4"), Decimal(divisor))
    assert door.convert(Decimal("1.5"), "亿元", "万元") == (Decimal(15000), Decimal("0.0001"))
    assert set(CONCEPT_UNITS) - set(door.UNITS) == {"日期", "文字"}


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("139.4", "万元", "139.40万元"),
        ("60", "万元", "60万元"),
        ("30.6290001", "万元", "30.629万元"),
        ("0.0574", "%", "5.74%"),
        ("1", "%", "100%"),
        ("8", "人", "8人"),
        ("45043", "日期", "2023年4月27日"),
        ("0.12345", "数", "0.1235"),
    ],
)
def test_a_value_is_shown_as_official_text_writes_it(value: str, unit: str, shown: str) -> None:
    assert door.shown(Decimal(value), unit) == shown


def test_columns_of_a_table_line_up() -> None:
    assert door.shown_amount(Decimal(60), column=True) == "60.00"
    assert door.shown_rates([Decimal(1), None, Decimal("0.995")]) == ["100.00%", "不适用", "99.50%"]
    assert door.shown_rates([Decimal(1), None]) == ["100%", "不适用"]


def test_five_strengths_of_normalising() -> None:
    text = " 其中：“三公”〔经费〕ＡＢ、支出２ "
    assert door.narrow(text) == " 其中:“三公”〔经费〕AB、支出2 "
    assert door.label_key(text) == "其中:三公(经费)AB、支出2"
    assert door.bare(text) == "其中:三公经费AB支出2"
    assert door.letters(text) == "其中三公经费AB支出2"
    assert door.label_key("①基本支出") == "1、基本支出"
    assert door.uncoded('="1601"') == "1601"


def test_denial_is_told_from_what_it_denies() -> None:
    assert door.affirmed("未按时公开") == door.affirmed("按时公开")
    assert door.denies("没有公开")
    assert not door.denies("按时公开")
    assert door.goes_wrong("逾期公开")
    assert not door.goes_wrong("不断改进")
