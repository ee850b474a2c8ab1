"""The sheets and columns of the editable workbook, and how a value of a definition is written in a cell. Pure.

The columns of a rule are those parameters of rule kinds that have a width.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.authoring.yamltext import flow
from jixiao.model import read_yaml
from jixiao.rubric import ASKS, KINDS, PARAMETERS

MARK = "评分表定义"
BASICS, ITEMS, QUANTITIES, FACTS, CONCEPTS, MOVES, GRADES, DECISIONS, QUESTIONS = (
    "基本信息", "指标", "计算", "取数", "自有名称", "分值调整", "等级", "疑义处理", "待定",
)  # fmt: skip
HEAD_ROW = 3
YES, NO = "是", "否"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?")

WAYS = "待定办法"
"""The ways to answer each question of 待定 with what each gives; it holds nothing of the definition."""
CHOICES = "选项"
"""The sheet with the words of the drop-downs; it holds nothing of the definition."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the definition, its heading, width, and what its cells hold.

    ``sort``: text, number (a number, or a percentage as text), flag (是/否), lines (``键：值`` one a line), data (YAML on
    one line), word (one of ``words``), list (、 between). ``rule``: the key belongs to the rule.
    """

    key: str
    title: str
    width: int
    sort: str = "text"
    rule: bool = False
    about: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The key among all keys of a row; keys of a rule begin with ``rule.``."""
        return f"rule.{self.key}" if self.rule else self.key

    @property
    def choices(self) -> list[str]:
        """The words of its drop-down, none where a cell is typed."""
        return [YES, NO] if self.sort == "flag" else list(self.words.values())


LEVELS = (
    Column("level1", "一级指标", 14), Column("weight1", "一级权重", 8, "number"),
    Column("level2", "二级指标", 14), Column("weight2", "二级权重", 8, "number"),
    Column("id", "编号", 14, about="各年度之间认得出同一指标的编号，不要改"),
    Column("title", "三级指标", 20), Column("weight", "权重", 7, "number"),
)  # fmt: skip
_SORTS = {
    "number": "number", "flag": "flag", "word": "word", "names": "list", "items": "data", "cases": "data",
    "bands": "lines", "options": "lines", "ranges": "lines", "named": "lines",
}  # fmt: skip
"""What a cell holds of each sort of parameter; text of any other."""
RULE = (
    Column("kind", "规则类型", 14, "word", True, words={name: kind.title for name, kind in KINDS.items()}),
    *(
        Column(
            param.key,
            param.head or param.label,
            param.width,
            _SORTS.get(param.sort, "text"),
            True,
            param.about,
            param.words,
        )
        for param in PARAMETERS.values()
        if param.width
    ),
    Column("rest", "其他参数", 30, "data", True),
)
TEXTS = (
    Column("description", "指标说明", 50),
    Column("criteria", "评分标准", 60),
    Column("reference.title", "依据文件", 30),
    Column("reference.number", "文号", 18),
    Column("reference.article", "条款", 24),
    Column("reference.checked", "已核对原文", 10, "flag"),
)
COLUMNS = (*LEVELS, *RULE, *TEXTS)
EXTRA = "加减分项："
"""Rows of the section beside the hundred have this and the section's title as their 一级指标."""

TABLES: dict[str, tuple[Column, ...]] = {
    QUANTITIES: (
        Column("name", "名称", 34), Column("unit", "单位", 8), Column("value", "算式", 80), Column("zero", "分母为0时", 12, "number"),
        Column("about", "说明", 50),
    ),
    FACTS: (Column("name", "名称", 34), Column("from", "来源文件", 50, "list"), Column("note", "说明", 50)),
    CONCEPTS: (
        Column("id", "编号", 24), Column("name", "名称", 34), Column("unit", "单位", 8), Column("about", "说明", 50),
    ),
    MOVES: (Column("from", "从", 30), Column("to", "移到", 50, "list"), Column("mode", "方式", 10), Column("reason", "原因", 60)),
    GRADES: (Column("range", "得分区间", 18), Column("grade", "等级", 12)),
    DECISIONS: (
        Column("about", "指标", 26), Column("says", "原文", 60), Column("decided", "处理", 60), Column("reason", "理由", 50),
        Column("who", "决定人", 10), Column("when", "日期", 12),
    ),
    QUESTIONS: (
        Column("id", "编号", 6, "number"), Column("about", "指标或名称", 20), Column("point", "要点", 6, "number"),
        Column("says", "原文", 46), Column("why", "疑问", 36), Column("at", "哪一段", 12),
        Column("asks", "问什么", 10, "word", words=ASKS),
        Column("answer.choice", "选择", 34), Column("answer.typed", "或自己写", 40), Column("answer.why", "理由", 24),
        Column("answer.who", "决定人", 10),
    ),
}  # fmt: skip
SECTIONS = {
    QUANTITIES: "quantities",
    FACTS: "facts",
    MOVES: "moves",
    DECISIONS: "decisions",
    QUESTIONS: "questions",
}
"""Sheets that hold a list of plain rows, and their section of the definition."""

BASIC_ROWS = (
    Column("id", "评分表编号", 0), Column("title", "表名", 0), Column("name", "全称", 0), Column("jurisdiction", "地区", 0),
    Column("year", "年度", 0, "number"), Column("reference.title", "文件", 0), Column("reference.number", "文号", 0),
    Column("reference.article", "条款", 0), Column("reference.checked", "已核对原文", 0, "flag"),
    Column("total", "合计", 0, "data"), Column("grades.reference", "等级的依据", 0, "data"), Column("footnote", "注", 0),
    Column("extras", "加减分栏目", 0), Column("rest", "其他内容", 0, "data"),
)  # fmt: skip


BASIC_KEYS = (
    "id", "title", "name", "jurisdiction", "year", "reference", "total", "grades", "footnote", "extras", "levels", "concepts",
    *SECTIONS.values(),
)  # fmt: skip
"""Sections of a definition that have rows or sheets of their own; what else there is stands in 其他内容."""


def titles(sheet: str) -> dict[str, str]:
    """Key -> heading of the columns of a sheet, as messages call them."""
    columns = COLUMNS if sheet == ITEMS else BASIC_ROWS if sheet == BASICS else TABLES.get(sheet, ())
    return {column.key: column.title for column in columns if column.key != "rest"}


def written(value: Any, column: Column) -> str | Decimal | None:
    """A value of a definition as a cell holds it; None for an empty cell."""
    sort = column.sort
    if value is None:
        return None
    if sort == "flag":
        return YES if value else NO
    if sort == "word":
        return column.words.get(str(value), str(value))
    if sort == "lines":
        return "\n".join(
            f"{key}：{item:f}" if isinstance(item, Decimal) else f"{key}：{item}"
            for key, item in value.items()
        )
    if sort == "list":
        return flow(value) if any("、" in str(item) for item in value) else "、".join(value)
    return flow(value) if sort == "data" else value if isinstance(value, Decimal) else str(value)


def read(cell: str | Decimal | bool, column: Column) -> Any:
    """A cell as a value of a definition; ValueError in Chinese where it holds something else."""
    sort = column.sort
    if sort == "number":
        return cell if isinstance(cell, Decimal) else _number(str(cell))
    text = format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()
    if sort == "flag":
        if text not in (YES, NO):
            raise ValueError(f"应为“{YES}”或“{NO}”")
        return text == YES
    if sort == "word":
        return next((key for key, word in column.words.items() if text in (key, word)), text)
    if sort == "lines":
        return dict(_line(line) for line in text.splitlines() if line.strip())
    if sort == "data" or (sort == "list" and text.startswith("[")):
        return read_yaml(f"值: {text}", "单元格")["值"]
    return text.split("、") if sort == "list" else text


def _number(text: str) -> Any:
    return Decimal(text) if _NUMBER.fullmatch(text.strip()) else text.strip()


def _line(line: str) -> tuple[str, Any]:
    key, sign, value = line.strip().rpartition("：")
    if not sign:
        key, sign, value = line.strip().rpartition(":")
    if not key:
        raise ValueError(f"“{line.strip()}”应写成“键：值”")
    return key.strip(), _number(value)


def rows_of(sheet: str, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rows that a sheet holds of a definition."""
    if sheet == CONCEPTS:
        return [{"id": ident, **body} for ident, body in data.get("concepts", {}).items()]
    if sheet == GRADES:
        return [{"range": text, "grade": grade} for text, grade in data["grades"]["bands"].items()]
    return list(data.get(SECTIONS[sheet], []))
