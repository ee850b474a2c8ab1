"""A recognised table: which form, which rows of which sheets, which columns hold what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jixiao.intake import labels
from jixiao.intake.definition import TOTALS, Block, Form
from jixiao.intake.headings import Header
from jixiao.intake.page import Page, code_of

PUBLISHED = "部门决算公开表"


@dataclass(slots=True)
class Group:
    """One label block of a table on a sheet: its label and code columns, and the columns found for each name."""

    block: Block
    labels: list[int]
    codes: list[int]
    columns: dict[str, list[int]]
    units: list[int]
    spare: list[int] = field(default_factory=list)

    def label(self, page: Page, row: int) -> str:
        """The row's label as printed; a text in the code column counts when the label columns are blank."""
        for column in (*self.labels, *self.codes):
            text = page.text(row, column)
            if text.strip() and not code_of(text):
                return text
        for column in self.spare:  # 合计 merged from 序号 over the label column
            text = page.text(row, column)
            if labels.row(text) in TOTALS:
                return text
        return ""

    def code(self, page: Page, row: int) -> str:
        """The row's account code; one split over several columns (类 款 项) is put together."""
        whole = ""
        for column in self.codes or self.labels:
            part = code_of(page.text(row, column))
            whole = part if part.startswith(whole) and len(part) > 3 else whole + part
        return whole

    def shifted(self, by: int) -> Group:
        """The same block with every column moved, for a page that lost or gained columns on the left."""
        return Group(
            self.block,
            [column + by for column in self.labels],
            [column + by for column in self.codes],
            {name: [column + by for column in columns] for name, columns in self.columns.items()},
            [column + by for column in self.units],
            [column + by for column in self.spare],
        )


@dataclass(slots=True)
class Part:
    """The rows of a table on one sheet."""

    page: Page
    groups: list[Group]
    rows: list[int]
    header: Header
    shift: int = 0

    def shown(self, column: int) -> str:
        """The headings above a column, for people."""
        return self.header.shown(column - self.shift)

    def keys(self, column: int) -> tuple[str, ...]:
        """The headings above a column, as keys."""
        return self.header.keys(column - self.shift)


@dataclass(slots=True)
class Table:
    """A table of one form, over one part or several (continued on other sheets or below a repeated heading)."""

    form: Form
    title: str
    parts: list[Part]
    score: int = 0
    units: dict[str, str] = field(default_factory=dict)
    top: int = 0
    number: str = ""

    @property
    def document(self) -> str:
        """The kind of document; a published form with a 财决 number in its caption is that table of the accounts."""
        return self.number if self.number and self.form.document == PUBLISHED else self.form.document

    @property
    def bottom(self) -> int:
        """The last row of the last part."""
        part = self.parts[-1]
        return part.rows[-1] if part.rows else part.header.bottom

    @property
    def unit(self) -> str:
        """The unit of money stated for the table; empty when none or contradictory ones are."""
        if len(self.units) == 1:
            return next(iter(self.units))
        return "" if self.units else self.form.unit

    def walk(self, block: Block) -> Iterator[tuple[Part, Group, int]]:
        """The rows of a block in order, over all parts."""
        for part in self.parts:
            for group in part.groups:
                if group.block is block:
                    for row in part.rows:
                        yield part, group, row

    def keys(self, block: Block) -> set[str]:
        """The row label keys of a block."""
        return {
            labels.row(text) for part, group, row in self.walk(block) if (text := group.label(part.page, row))
        }
