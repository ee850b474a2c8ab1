"""Cross-checks -> the rows of 勾稽: both sides live, difference and verdict beside them, both places named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jixiao.checks import Checked
from jixiao.checks.checked import Side
from jixiao.master.book import put
from jixiao.master.book.checkcells import PLACES, LinkedSide, verdict
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.filling.bring import Copies, copies_of, proved_link
from jixiao.master.plan import CHECK_FIRST, CHECKS
from jixiao.model import Value, half_up
from jixiao.office.ooxml import join_ref, with_links

PLACE_COLUMNS = range(11, 13)
"""左方出处, 右方出处."""


def put_checks(book: ScoringBook, checked: Sequence[Checked]) -> None:
    """One row a check, in the order of the identities; earlier rows are replaced."""
    copies = copies_of(book)
    rows: list[put.Row] = []
    kept: list[Any] = []
    jumps: dict[str, str] = {}
    for number, item in enumerate(checked, 1):
        left, right = _linked(book, copies, item.left), _linked(book, copies, item.right)
        rows.append(_row(number, item, left, right))
        kept.append([left.data(), right.data(), item.relation, str(item.tolerance)])
        for column, side in zip(PLACE_COLUMNS, (item.left, item.right), strict=True):
            place = _jump(copies, side)
            if place:
                jumps[join_ref(CHECK_FIRST + number - 1, column)] = place
    put.put_rows(book, CHECKS, CHECK_FIRST, rows)
    xml = with_links(book.sheet(CHECKS).to_bytes(), jumps, PLACE_COLUMNS, CHECK_FIRST)
    book.book.replace_sheet(CHECKS, xml)
    put.keep_block(book, "checks", kept)


def _jump(copies: Copies, side: Side) -> str:
    """The cell of this workbook that a click on the place of a side leads to: its first figure brought in."""
    for term in side.terms:
        source = term.fact.source
        name = copies.of(source)
        if name and source.cell:
            return f"'{name.replace(chr(39), chr(39) * 2)}'!{source.cell}"
    return ""


def _linked(book: ScoringBook, copies: Copies, side: Side) -> LinkedSide:
    terms = []
    for term in side.terms:
        link = proved_link(book, copies, term.fact.source, term.fact.value, term.fact.divisor)
        if link is None:
            return LinkedSide(())
        terms.append((term.sign, replace(link, divisor=link.divisor / term.factor)))
    return LinkedSide(tuple(terms))


def _side_value(side: Side, item: Checked) -> Value:
    value = side.value
    if value is None and side is item.right and item.relation == ">=" and not side.terms:
        return Decimal(0)
    return half_up(value, PLACES) if value is not None else ""


def _row(number: int, item: Checked, left: LinkedSide, right: LinkedSide) -> put.Row:
    row = CHECK_FIRST + number - 1
    style = put.figure_style(item.unit or "万元")
    values = [_side_value(side, item) for side in (item.left, item.right)]
    numbers = [value if isinstance(value, Decimal) else None for value in values]
    difference, outcome = verdict(numbers[0], numbers[1], item.relation, item.tolerance)
    both = f"COUNT(E{row},G{row})=2"
    tail = f'IF(ABS(H{row})<=I{row},"尾差","不一致")'
    if item.relation == ">":
        tail = '"不一致"'
    agrees = f'IF(H{row}{item.relation}0,"一致",{tail})'
    return [
        (str(number), None, "center"),
        (item.id, None, "center"),
        (item.title, None, "small"),
        (item.left.text, None, "small"),
        (values[0], left.formula(), style),
        (item.right.text, None, "small"),
        (values[1], right.formula(), style),
        (difference, f'IF({both},ROUND(E{row}-G{row},{PLACES}),"")', style),
        (item.tolerance, None, style),
        (outcome, f'IF({both},{agrees},"未核对")', "center"),
        (_places(item.left, item), None, "small"),
        (_places(item.right, item), None, "small"),
    ]


def _places(side: Side, item: Checked) -> str:
    if not side.terms:
        return f"缺：{item.missing}" if item.missing else ""
    more = f"；等{len(side.terms)}处" if len(side.terms) > 1 else ""
    return side.terms[0].fact.source.place() + more
