"""A form as data: how it is recognised and which concept stands at which row and column. Loaded by formfile.py."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from enum import StrEnum

Keys = frozenset[str]
STRUCTURE: Keys = frozenset(
    (
        "项目",
        "行次",
        "栏次",
        "序号",
        "合计",
        "小计",
        "金额",
        "类",
        "款",
        "项",
        "备注",
        "科目编码",
        "科目名称",
        "栏次行次",
    )
)
"""Words that belong to the headings of every form and say nothing about a quantity."""
TOTALS: Keys = frozenset(("合计", "小计", "总计", "金额"))
"""A column's heading may end in one of these without changing what the column is."""


class Blank(StrEnum):
    """What an empty cell of a form means."""

    ZERO = "zero"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: ``specs`` are alternatives, each a list of words that its headings must be made of.

    ``filled`` names the column whose figures show that this one has been filled in, so that its blanks are zeros;
    ``beside`` the column it stands next to, when its own heading occurs several times (方向); ``unless`` a column
    whose presence makes this one void (本年累计 before 本期).
    """

    name: str
    specs: tuple[tuple[Keys, ...], ...]
    optional: bool = False
    filled: str = ""
    beside: str = ""
    unless: str = ""
    text: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its label keys, its code, and the concept in each named column.

    ``after`` and ``before`` tell equal labels apart: the row must stand below, or above, the row labelled so.
    """

    label: str
    labels: Keys
    facts: tuple[tuple[str, str], ...]
    codes: Keys = frozenset()
    after: Keys = frozenset()
    before: Keys = frozenset()
    optional: bool = False
    blank: Blank | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Row tables kept whole: ``kind`` of record, which rows (listed, coded, named), fields by column."""

    kind: str
    take: str
    fields: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...] = ()
    skip: Keys = frozenset()


@dataclass(frozen=True)
class Block:
    """A label column and its value columns; a form may hold several side by side."""

    name: str
    head: Keys
    label: Keys
    code: Keys
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rows: Rows | None = None
    optional: bool = False
    repeat: bool = False
    by_label: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    by_code: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)

    @functools.cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError is our own bug (the loader has checked every name)."""
        return self.by_name[name]


@dataclass(frozen=True)
class Form:
    """One form: ``titles`` are keys (longest wins), ``layout`` is rows or columns.

    ``without`` are heading words that must be absent, ``frame`` heading words that only wrap others; ``untitled``
    says whether the headings alone prove the form. ``unit`` is set only for documents always kept in it.
    ``decoy`` marks a known other table, recognised so that nothing is read from it.
    """

    id: str
    title: str
    titles: tuple[str, ...]
    document: str
    layout: str
    blank: Blank
    dash: Blank | None
    blocks: tuple[Block, ...]
    vocabulary: Keys
    frame: Keys = frozenset()
    without: Keys = frozenset()
    untitled: bool = False
    unit: str = ""
    family: tuple[str, str, str] = ("", "", "")
    decoy: bool = False

    @functools.cached_property
    def naming(self) -> Keys:
        """The headings of label and code columns."""
        return frozenset().union(*(block.label | block.code for block in self.blocks))
