"""RowTable: a table of rows of the 目标完成 sheet: entry columns and computed ones."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model import OUTCOMES, Body, Const, Expr, Given, ParseError, is_condition, meant, parse


class Column(NamedTuple):
    """One column. ``expr`` is None for an entry; ``choices`` make a drop-down, ``low`` and ``high`` limit a number.

    Expressions name the columns of their own row; ``unit`` 比例 is a share that is written as a percentage.
    ``judged``: a person decides what stands there, no document.
    """

    name: str
    unit: str
    width: int = 0
    choices: tuple[str, ...] = ()
    expr: Expr | None = None
    text: str = ""
    low: Expr | None = None
    high: Expr | None = None
    judged: bool = False


class RowTable(NamedTuple):
    """A table with a fixed number of rows; keys are ``目标[3].完成率`` and, for a whole column, ``目标.完成率``."""

    name: str
    title: str
    rows: int
    columns: tuple[Column, ...]

    def key(self, row: int, column: str) -> str:
        """Key of one cell; rows count from 1."""
        return f"{self.name}[{row}].{column}"

    def column(self, name: str) -> Column:
        """The column of this name (KeyError if there is none)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def read_tables(data: Body) -> dict[str, RowTable]:
    """tables.yaml, or its copy inside a workbook."""
    made: dict[str, RowTable] = {}
    for name in data:
        body = data.part(name).only(("title", "rows", "columns"))
        columns: list[Column] = []
        for spec in body.parts("columns"):
            columns.append(_column(spec, [c.name for c in columns]))
        made[name] = RowTable(name, body.text("title"), body.whole("rows"), tuple(columns))
    return made


def _column(spec: Body, before: list[str]) -> Column:
    spec.only(("name", "unit", "width"), ("choices", "needs", "value", "zero"))
    expr: Expr | None = None
    text = spec.text("value", "")
    needs = spec.texts("needs", [])
    if text:
        zero = Const(spec.text("zero")) if "zero" in spec else None
        if zero is not None and zero.value not in OUTCOMES:
            raise spec.fail("zero 应为不适用或待核定", "zero")
        try:
            body = parse(text, zero=zero)
        except ParseError as error:
            raise spec.fail(str(error), "value") from error
        if is_condition(body):
            raise spec.fail("“value”是条件，不是数值；可写成 when(条件, 1, 0)", "value")
        for ref in (*needs, *body.refs()):
            if ref not in before:
                raise spec.fail(f"用到了前面没有的列“{ref}”", "value")
        expr = Given(needs, body, otherwise=Const(""))
    choices = tuple(spec.texts("choices", []))
    return Column(spec.text("name"), spec.text("unit"), spec.whole("width"), choices, expr, text)


def chosen(data: Body, tables: Body) -> Body:
    """The row tables that the rubric uses: those it names, else all."""
    if "tables" not in data:
        return tables
    names = data.texts("tables")
    for name in names:
        if name not in tables:
            raise data.fail(f"没有名为“{name}”的表{meant(name, tables)}，可用：{'、'.join(tables)}", "tables")
    made = Body({name: tables[name] for name in tables if name in names})
    made.where, made.line, made.lines = tables.where, tables.line, tables.lines
    return made


def widened(tables: Body, name: str, rows: int) -> Body:
    """The tables with at least so many rows in one of them."""
    if name not in tables or tables.part(name).whole("rows") >= rows:
        return tables
    made, body = Body(tables), Body(tables.part(name))
    for copy, source in ((made, tables), (body, tables.part(name))):
        copy.where, copy.line, copy.lines = source.where, source.line, source.lines
    body["rows"] = Decimal(rows)
    made[name] = body
    return made
