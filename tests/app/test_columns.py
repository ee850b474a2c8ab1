"""Widths, wrapping and tables of Chinese text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.app import terminal

TEXT = st.text(alphabet="预算编制，。（）“”abc 123.45%[]é", max_size=80)


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("预算", 4), ("（1）", 5), ("“a”", 3), ("e\u0301", 1)]
)
def test_width(text: str, columns: int) -> None:
    assert terminal.width(text) == columns
    assert (
        terminal.width(terminal.padded(text, 10))
        == terminal.width(terminal.padded(text, 10, right=True))
        == 10
    )


@given(TEXT, st.integers(8, 40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = terminal.wrap(text, columns)
    assert all(terminal.width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("差异率5.74%，得4.5分", 10, ["差异率", "5.74%，得", "4.5分"]),
        ("支出（决算）数", 6, ["支出", "（决", "算）数"]),
        ("two words", 5, ["two", "words"]),
        ("一\n二", 5, ["一", "二"]),
        ("", 5, [""]),
    ],
)
def test_where_a_line_breaks(text: str, columns: int, lines: list[str]) -> None:
    assert terminal.wrap(text, columns) == lines


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert terminal.printable("a\x1b[31mb\x07") == "a [31mb "
    table = terminal.Table([terminal.Column("a")])
    table.row("\x1b]0;x\x07")
    assert "\x1b" not in table.draw(60) and "\x07" not in table.draw(60)


def test_hanging_sets_later_lines_in() -> None:
    first, second = terminal.hanging("预算编制情况说明", 10).split("\n")
    assert (first, second) == ("预算编制情", "    况说明")


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4), st.integers(60, 160))
def test_a_table_keeps_to_its_width_and_lines_up(rows: list[tuple[str, str, str]], columns: int) -> None:
    table = terminal.Table(
        [
            terminal.Column("编号"),
            terminal.Column("说明", share=2),
            terminal.Column("数", share=1, right=True),
        ]
    )
    for n, row in enumerate(rows):
        table.row(str(n), *row[1:])
    lines = table.draw(columns).splitlines()
    assert all(terminal.width(line) <= columns for line in lines)
    assert set(lines[1]) == {"-"}
