"""A filled 绩效自评表 as units hand it in -> records: the project with its money, its goal, every indicator row.

Found by its headings, wherever they stand and in whatever order: 三级指标, 指标值, 完成值, 分值. The money block has
年初预算数, 全年预算数 and 全年执行数. Nothing is taken from a fixed address; a sheet without these headings is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.intake import labels, units
from jixiao.intake.page import Page, text_of
from jixiao.intake.sheet import UNCALCULATED, SourceCell
from jixiao.model.finding import Findings
from jixiao.model.numbers import AMOUNT_UNITS, Kind, parse_text
from jixiao.model.record import Record
from jixiao.model.source import Source

FORM = "绩效自评表"
TEN_THOUSAND = AMOUNT_UNITS["万元"]
HEADS = {
    "first": ("一级指标",),
    "second": ("二级指标",),
    "name": ("三级指标", "指标名称"),
    "sign": ("指标性质", "计算符号"),
    "target": ("年度指标值", "指标值", "年初指标值", "年初目标值", "目标值", "年度指标值(A)", "年初目标值(A)"),
    "unit": ("计量单位", "度量单位"),
    "done": ("实际完成值", "全年完成值", "完成值", "全年实际完成值", "实际完成值(B)"),
    "points": ("分值", "权重", "指标权重", "指标权重(分)", "分值(权重)"),
    "scored": ("得分", "自评得分", "指标得分", "指标得分(分)"),
    "reason": (
        "偏差原因分析及改进措施", "偏差原因分析", "未完成原因分析", "未完成原因和改进措施", "备注",
        "偏差原因", "未完成原因及改进措施",
    ),
}  # fmt: skip
NEEDED = ("name", "target", "done", "points")
MONEY = {
    "budget": ("年初预算数", "年初预算"),
    "adjusted": ("全年预算数", "调整后预算数", "全年(调整)预算数", "全年调整预算数", "全年预算数(A)"),
    "spent": ("全年执行数", "预算执行数", "执行数", "全年执行数(B)"),
}
TOTALS = ("年度资金总额", "总额", "合计", "资金总额", "年度预算总额", "部门预算总额")
PROJECT, UNIT_NAME = ("项目名称",), ("单位名称", "部门名称", "部门(单位)名称")
BODIES = {"department": ("主管部门", "项目主管部门"), "body": ("实施单位", "项目实施单位", "项目单位")}
GOALS = {
    "goal": ("预期目标", "年度目标", "年初设定目标"),
    "result": ("实际完成情况", "目标实际完成情况", "全年实际完成情况"),
}
_NUMBERED = re.compile(r"^指标\s*\d*\s*[:：.、]?\s*")
_DOTS = re.compile(r"[.…·。]*")
_SIGN = re.compile(r"^[≥≤＞＜>=<＝]")


@dataclass(slots=True)
class Filled:
    """One form: its records, and the row it begins on."""

    records: list[Record] = field(default_factory=list)
    title: str = FORM
    top: int = 1


def read_form(page: Page, findings: Findings) -> Filled | None:
    """The form on a page; None where its headings are not there. Cells that could not be read are findings."""
    found = _headings(page)
    if found is None:
        return None
    form = _Form(page, *found)
    filled = form.read()
    if form.worth is None and form.money_head() is not None:
        findings.add(
            "J113", page.sheet.source(form.head, 1, filled.title), title=filled.title, units="", hint=""
        )
    for (row, column), fault in sorted(page.faults.items()):
        source = page.sheet.source(row, column, filled.title)
        if row <= form.head or column in form.columns.values():
            code = "J123" if fault == UNCALCULATED else "J115"
            findings.add(code, source, **({} if fault == UNCALCULATED else {"value": fault}))
    return filled


def _headings(page: Page) -> tuple[int, dict[str, int]] | None:
    for row in sorted(page.rows):
        columns: dict[str, int] = {}
        for column, cell in page.rows[row]:
            key = labels.heading(text_of(cell))
            for name, words in HEADS.items():
                if key in words:
                    columns.setdefault(name, column)
        if all(name in columns for name in NEEDED):
            return row, columns
    return None


class _Form:
    def __init__(self, page: Page, head: int, columns: dict[str, int]) -> None:
        self.page, self.head, self.columns = page, head, columns
        self.table = ""
        found = units.search(((row, column), text) for row, column, text in page.texts(1, head))
        self.worth = AMOUNT_UNITS[next(iter(found))] if len(found) == 1 else None

    def read(self) -> Filled:
        """Everything on the sheet."""
        title = next((labels.plain(t) for _, _, t in self.page.texts(1, self.head) if "自评表" in t), FORM)
        made = Filled(title=title)
        named = self._beside(PROJECT)
        self.table = named[0] if named else ""
        money = self._money()
        if self.table:
            source = self._source(named[1]) if named else self._source((self.head, 1))
            values = {"name": self.table, **{name: value for name, (value, _) in money.items()}}
            proofs = {"name": source, **{name: self._source(where) for name, (_, where) in money.items()}}
            made.records.append(Record("projects", dict(values), proofs, FORM, title, line=self.head))
        made.records += self._heads(title)
        made.records += self._indicators(title)
        return made

    def _source(self, place: tuple[int, int]) -> Source:
        return self.page.sheet.source(*place, form=FORM, document=FORM)

    def _beside(self, words: tuple[str, ...]) -> tuple[str, tuple[int, int]] | None:
        """The text to the right of a label above the list."""
        for row in range(self.page.first, self.head):
            cells = self.page.rows.get(row, [])
            for index, (_, cell) in enumerate(cells[:-1]):
                if labels.row(text_of(cell)) in words:
                    column, right = cells[index + 1]
                    text = labels.tidy(text_of(right))
                    return (text, (row, column)) if text else None
        return None

    def _money(self) -> dict[str, tuple[Decimal, tuple[int, int]]]:
        """The total row of the money block, in 万元; nothing where its unit is not stated."""
        found = self.money_head()
        if found is None or self.worth is None:
            return {}
        row, columns = found
        for line in range(row + 1, min(row + 6, self.head)):
            label = next(
                (
                    labels.row(text_of(c))
                    for col, c in self.page.rows.get(line, [])
                    if col < min(columns.values())
                ),
                "",
            )
            figures = {name: (_number(self.page.cell(line, c)), (line, c)) for name, c in columns.items()}
            known = {
                name: (value * self.worth / TEN_THOUSAND, place)
                for name, (value, place) in figures.items()
                if value is not None
            }
            if known and (not label or any(label.startswith(word) for word in TOTALS) or line == row + 1):
                return known
        return {}

    def money_head(self) -> tuple[int, dict[str, int]] | None:
        """The row of the money block's headings, and its columns."""
        for row in range(self.page.first, self.head):
            columns: dict[str, int] = {}
            for column, cell in self.page.rows.get(row, []):
                key = labels.heading(text_of(cell))
                for name, words in MONEY.items():
                    if key in words:
                        columns.setdefault(name, column)
            if "spent" in columns and len(columns) > 1:
                return row, columns
        return None

    def _heads(self, title: str) -> list[Record]:
        values: dict[str, Decimal | str | None] = {"table": self.table}
        proofs = {"table": self._source((self.head, 1))}
        for name, words in BODIES.items():
            found = self._beside(words)
            if found:
                values[name], proofs[name] = found[0], self._source(found[1])
        for name, words in GOALS.items():
            below = self._below(words)
            if below:
                values[name], proofs[name] = below[0], self._source(below[1])
        return [Record("goal_heads", values, proofs, FORM, title)] if len(values) > 1 else []

    def _below(self, words: tuple[str, ...]) -> tuple[str, tuple[int, int]] | None:
        for row in range(self.page.first, self.head):
            for column, cell in self.page.rows.get(row, []):
                if labels.row(text_of(cell)) in words:
                    text = self.page.text(row + 1, column).strip()
                    return (text, (row + 1, column)) if text else None
        return None

    def _indicators(self, title: str) -> Iterator[Record]:
        first = second = ""
        for row in range(self.head + 1, self.page.last + 1):
            texts = {name: self.page.text(row, column).strip() for name, column in self.columns.items()}
            if any(
                labels.row(text_of(c))[:2] in ("总分", "合计") for _, c in self.page.rows.get(row, [])[:1]
            ):
                return
            first = _group(texts.get("first", "")) or first
            if texts.get("first") and not texts.get("second"):
                second = ""
            second = _group(texts.get("second", "")) or second
            name = _NUMBERED.sub("", labels.tidy(texts["name"]))
            if not name or _DOTS.fullmatch(name):
                continue
            yield self._indicator(row, name, second or first, texts, title)

    def _indicator(self, row: int, name: str, group: str, texts: dict[str, str], title: str) -> Record:
        values: dict[str, Decimal | str | None] = {"table": self.table, "group": group, "name": name}
        places = dict.fromkeys(values, (row, self.columns["name"]))
        for field_ in ("target", "done"):
            text = self._shown(row, self.columns[field_])
            unit, sign = texts.get("unit", ""), texts.get("sign", "")
            if text and unit and not text.endswith(unit) and parse_text(text).kind is Kind.NUMBER:
                text += unit
            if text and field_ == "target" and _SIGN.match(sign) and not _SIGN.match(text):
                text = sign[0] + text
            values[field_], places[field_] = text or None, (row, self.columns[field_])
        for field_ in ("points", "scored"):
            if field_ in self.columns:
                values[field_] = _number(self.page.cell(row, self.columns[field_]))
                places[field_] = (row, self.columns[field_])
        if texts.get("reason"):
            values["reason"], places["reason"] = texts["reason"], (row, self.columns["reason"])
        proofs = {key: self._source(place) for key, place in places.items()}
        return Record("goals", values, proofs, FORM, title, line=row)

    def _shown(self, row: int, column: int) -> str:
        """A target or result as written; a fraction that is no text stays a plain number."""
        cell = self.page.cell(row, column)
        if cell is None or cell.value is None:
            return ""
        if isinstance(cell.value, Decimal):
            return format(cell.value.normalize(), "f")
        return text_of(cell).strip()


def _group(text: str) -> str:
    """``产出指标(50分)`` -> ``产出指标``."""
    return re.sub(r"\(.*?\)", "", labels.plain(text))


def _number(cell: SourceCell | None) -> Decimal | None:
    if cell is None:
        return None
    if isinstance(cell.value, Decimal):
        return cell.value
    parsed = parse_text(cell.value) if isinstance(cell.value, str) else None
    return parsed.value if parsed is not None and parsed.kind is Kind.NUMBER else None
