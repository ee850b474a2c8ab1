"""Where things stand: Source, the place of a figure and how it was found; Reference, the legal basis of a rule."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from jixiao.model.strict import Body


class Found(StrEnum):
    """How a value was found; the text is what the 取数 sheet shows."""

    LABEL = "按行列标题定位"
    CODE = "按科目编码定位"
    NAMED = "按名称录入"
    TYPED = "人工填写"
    COMPUTED = "计算"
    ALIKE = "同一数据的另一名称"


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


class Reference(NamedTuple):
    """Where a rule is written. ``checked`` is False where the text could not be compared with the document."""

    title: str
    number: str = ""
    article: str = ""
    checked: bool = True

    def line(self) -> str:
        """One line for a cell or a message."""
        number = f"（{self.number}）" if self.number else ""
        note = "" if self.checked else "（未核对原文）"
        return f"《{self.title}》{number}{self.article}{note}"


def read_reference(body: Body, base: Reference | None = None) -> Reference:
    """A reference of a definition; what it leaves out is taken from the document-level one."""
    body.only((), ("title", "number", "article", "checked"))
    title = body.text("title", base.title if base else "")
    if not title:
        raise body.fail("引用缺少文件标题 title")
    same = base is not None and title == base.title
    number = body.text("number", base.number if same and base else "")
    checked = body.flag("checked", base.checked if base else True)
    return Reference(title, number, body.text("article", ""), checked)
