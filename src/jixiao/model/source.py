"""Source: the place where a figure stands (file, sheet, cell, label), and Origin: how it came there."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Found(StrEnum):
    """How a value was found; the text is what the 取数 sheet shows."""

    LABEL = "按行列标题定位"
    CODE = "按科目编码定位"
    NAMED = "按名称录入"
    TYPED = "人工填写"
    COMPUTED = "计算"


class Source(NamedTuple):
    """Where a value stands.

    ``file`` is a bare file name (never a path: workbooks travel), ``cell`` an A1 address on ``sheet``;
    ``label`` joins the row and column headings that prove the place; ``form`` is the id of the form
    definition that claimed the table, ``document`` the kind of document (部门预算批复 …). ``box`` is the place on
    paper where the file has pages: page from 1, then left, top, right and bottom in points from its upper left corner.
    """

    file: str
    sheet: str = ""
    cell: str = ""
    label: str = ""
    form: str = ""
    document: str = ""
    sha256: str = ""
    found: Found = Found.LABEL
    box: tuple[int, ...] = ()

    def place(self) -> str:
        """The place in one line, as a finding prints it: 文件 表!单元格（标题）."""
        cell = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        text = " ".join(part for part in (self.file, cell) if part)
        return f"{text}（{self.label}）" if self.label else text
