"""Reference: the legal basis of a rule: document title, 文号, article, and how sure we are of it."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.strict import Body


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
