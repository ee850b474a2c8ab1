"""A rubric -> an editable workbook. The only importer of the writing library in this room."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from jixiao.authoring.editing import layout
from jixiao.authoring.editing.layout import COLUMNS, EXTRA, HEAD_ROW, Column, rows_of, written
from jixiao.authoring.questions import Asked, asked
from jixiao.office import column_letter
from jixiao.rubric import Rubric

LAST_ROW = 2_000
LINE, TALLEST, WIDE = 16, 400, 90
"""Height of a line of text and of the highest row, in points; width of the column of 基本信息, in characters."""
_HINTS = {
    layout.BASICS: "改好后用 jixiao rubric import 导回。名称、表头和工作表不要改。",
    layout.ITEMS: "一行一个指标或要点；“要点合计”的指标，各要点写在它下面的行。规则类型从下拉中选，用不到的参数留空；没有用到的列已收起，点表格上方的＋展开。",
    layout.QUANTITIES: "由数据计算的比率等。算式用名称、+ - * / 和括号；分母为0时写分值、待核定或不适用。",
    layout.FACTS: "所需数据及其来源文件，按优先次序，用顿号分开。",
    layout.CONCEPTS: "只有这张评分表使用的填报项。",
    layout.MOVES: "不适用时分值的去向。“从”“移到”写指标或要点的名称。",
    layout.GRADES: "等级的得分区间，如 [90,)。",
    layout.DECISIONS: "原文有疑义之处及其处理。",
    layout.QUESTIONS: "导入时没能确定的：每行从下拉中选一种办法，或自己写一句，写明决定人；右边写出选中的办法在三个数值上的得分，数值可以改。改好后用 jixiao rubric import 导回。",
    layout.WAYS: "各题可选的办法，和“待定”表所写的三个数值的得分；供对照，不要改。",
    layout.CHOICES: "下拉列表的内容，供选择用，不要改。",
}


def export_rubric(rubric: Rubric) -> bytes:
    """The workbook as bytes; ``import_edited`` reads the same definition back."""
    data = rubric.data["rubric"]
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": rubric.name})
        pen = _Pen(book)
        _basics(pen, data)
        pen.table(layout.ITEMS, COLUMNS, _items(data))
        for sheet, columns in layout.TABLES.items():
            if sheet != layout.QUESTIONS:
                pen.table(sheet, columns, rows_of(sheet, data))
        if rubric.questions:
            pen.table(layout.QUESTIONS, layout.TABLES[layout.QUESTIONS], rows_of(layout.QUESTIONS, data))
            _answers(pen, [asked(rubric, question) for question in rubric.questions])
        pen.lists()
    return target.getvalue()


_LISTS = (
    *(column for column in (*layout.RULE, *layout.TABLES[layout.QUESTIONS]) if column.words),
    Column("flag", "是否", 18, "flag"),
)
"""One list of words for each column that holds a word, and one for all that hold 是 or 否."""
_TITLE = [column.key for column in COLUMNS].index("title")


class _Pen:
    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1}
        self.cell = book.add_format(base)
        self.middle = {
            False: book.add_format({**base, "align": "center"}),
            True: book.add_format({**base, "align": "center", "bg_color": "#F5F7FA"}),
        }
        self.part = book.add_format({**base, "bg_color": "#F5F7FA"})
        self.head = book.add_format(
            {**base, "bold": True, "bg_color": "#DCE6F1", "align": "center", "valign": "vcenter"}
        )
        self.title = book.add_format({"font_name": "黑体", "font_size": 14})
        self.hint = book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#5A6675"})

    def sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, f"{layout.MARK}·{name}", self.title)
        sheet.write_string(1, 0, _HINTS[name], self.hint)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW - 1)
        return sheet

    def table(self, name: str, columns: tuple[Column, ...], rows: Any) -> None:
        sheet, listed = self.sheet(name), list(rows)
        for at, column in enumerate(columns):
            idle = column.rule and not any(column.name in body for body in listed)
            sheet.set_column(at, at, column.width, None, {"level": 1, "hidden": True} if idle else {})
            sheet.write_string(HEAD_ROW - 1, at, column.title, self.head)
            if column.about:
                sheet.write_comment(HEAD_ROW - 1, at, column.about)
            self.choices(sheet, at, column)
        items = name == layout.ITEMS
        sheet.freeze_panes(HEAD_ROW, _TITLE + 1 if items else 1)
        if items:  # printed over three pages side by side, each with the indicator at its left
            sheet.fit_to_pages(3, 0)
            sheet.repeat_columns(_TITLE, _TITLE)
        for row, body in enumerate(listed, HEAD_ROW):
            look = self.part if name == layout.ITEMS and "level1" not in body else self.cell
            shown = [written(body.get(column.name), column) for column in columns]
            fits = [_lines(value, column.width) for value, column in zip(shown, columns, strict=True)]
            sheet.set_row(row, min(TALLEST, LINE * max(fits)))
            for at, value in enumerate(shown):
                self.put(sheet, row, at, value, look)

    def choices(self, sheet: Any, at: int, column: Column) -> None:
        if column.choices:
            letter = "ABCDEFGH"[[listed.choices for listed in _LISTS].index(column.choices)]
            source = f"={layout.CHOICES}!${letter}${HEAD_ROW + 1}:${letter}${HEAD_ROW + len(column.choices)}"
            spec = {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_message": "请从下拉中选择",
            }
            sheet.data_validation(HEAD_ROW, at, LAST_ROW, at, spec)

    def lists(self) -> None:
        """The sheet with the words of the drop-downs: a list typed into a rule holds at most 255 characters."""
        sheet = self.sheet(layout.CHOICES)
        for at, column in enumerate(_LISTS):
            sheet.set_column(at, at, 18)
            sheet.write_string(HEAD_ROW - 1, at, column.title, self.head)
            for row, word in enumerate(column.choices, HEAD_ROW):
                sheet.write_string(row, at, word, self.cell)

    def put(self, sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
        if value is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self.middle[look is self.part])
        else:
            sheet.write_string(row, column, value, look)


VALUES, NOT_BY_FIGURE = 3, "—"


def _answers(pen: _Pen, questions: Sequence[Asked]) -> None:
    """Drop-downs of 待定, and beside them the points at values that a person may change; the ways stand on their own sheet."""
    sheet, ways, row = pen.book.get_worksheet_by_name(layout.QUESTIONS), pen.sheet(layout.WAYS), HEAD_ROW
    columns = layout.TABLES[layout.QUESTIONS]
    choice, first = [c.key for c in columns].index("answer.choice"), len(columns)
    heads = [f"{what}{number}" for number in range(1, VALUES + 1) for what in ("数值", "得分")]
    for at, head in enumerate((*heads, "可以写的")):
        sheet.set_column(first + at, first + at, 40 if head == "可以写的" else 9)
        sheet.write_string(HEAD_ROW - 1, first + at, head, pen.head)
    for at, (head, width) in enumerate(
        (("编号", 6), ("办法", 44), ("规则", 80), *((f"得分{n}", 9) for n in range(1, VALUES + 1)))
    ):
        ways.set_column(at, at, width)
        ways.write_string(HEAD_ROW - 1, at, head, pen.head)
    for line, question in enumerate(questions, HEAD_ROW):
        top = row
        values = [f"{layout.QUESTIONS}!${column_letter(first + 2 * n + 1)}${line + 1}" for n in range(VALUES)]
        for own in question.choices:
            pen.put(ways, row, 0, Decimal(question.question.id), pen.cell)
            pen.put(ways, row, 1, own.label, pen.cell)
            pen.put(ways, row, 2, own.sentence, pen.cell)
            told = own.points[:VALUES] or (NOT_BY_FIGURE,) * len(question.values[:VALUES])
            for n, points in enumerate(told):
                if own.formula is not None:
                    ways.write_formula(
                        row,
                        3 + n,
                        f"={own.formula(values[n])}",
                        pen.middle[False],
                        float(points.removesuffix("分")) if points.endswith("分") else points,
                    )
                else:
                    pen.put(ways, row, 3 + n, points, pen.cell)
            row += 1
        pen.put(sheet, line, first + 2 * VALUES, question.takes or None, pen.cell)
        if top == row:
            continue
        names = f"{layout.WAYS}!$B${top + 1}:$B${row}"
        sheet.data_validation(line, choice, line, choice, {"validate": "list", "source": f"={names}"})
        shares = pen.book.add_format({"num_format": "0.##%", "border": 1, "bg_color": "#FFFBE6"})
        plain_figure = pen.book.add_format({"border": 1, "bg_color": "#FFFBE6"})
        for n, value in enumerate(question.samples[:VALUES]):
            sheet.write_number(
                line, first + 2 * n, float(value), shares if question.unit == "%" else plain_figure
            )
        chosen = f"${column_letter(choice + 1)}{line + 1}"
        for n in range(len(question.values[:VALUES])):
            points = f"{layout.WAYS}!${column_letter(4 + n)}${top + 1}:${column_letter(4 + n)}${row}"
            text = f'=IF({chosen}="","",INDEX({points},MATCH({chosen},{names},0)))'
            sheet.write_formula(line, first + 2 * n + 1, text, pen.middle[False], "")


def _lines(value: Any, width: int) -> int:
    """How many lines a cell takes: a Chinese character is two wide."""
    if not isinstance(value, str):
        return 1
    long = (sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in value.split("\n"))
    return sum(max(1, -(-length // max(1, width - 1))) for length in long)


def _basics(pen: _Pen, data: Mapping[str, Any]) -> None:
    sheet = pen.sheet(layout.BASICS)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, WIDE)
    for at, title in enumerate(("项目", "内容")):
        sheet.write_string(HEAD_ROW - 1, at, title, pen.head)
    flat = flattened(data)
    flat["extras"] = data["extras"]["title"] if "extras" in data else None
    for row, column in enumerate(layout.BASIC_ROWS, HEAD_ROW):
        sheet.write_string(row, 0, column.title, pen.head)
        shown = written(flat.get(column.key), column)
        sheet.set_row(row, min(TALLEST, LINE * _lines(shown, WIDE)))
        pen.put(sheet, row, 1, str(shown) if isinstance(shown, Decimal) else shown, pen.cell)


def flattened(data: Mapping[str, Any]) -> dict[str, Any]:
    """The basics of a definition by the keys of their rows."""
    made = dict(data)
    made.update({f"reference.{key}": value for key, value in data["reference"].items()})
    made["grades.reference"] = data["grades"]["reference"]
    made["rest"] = {key: value for key, value in data.items() if key not in layout.BASIC_KEYS} or None
    return made


def _items(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for first in data["levels"]:
        for second in first["levels"]:
            above = {
                "level1": first["title"],
                "weight1": first["weight"],
                "level2": second["title"],
                "weight2": second["weight"],
            }
            for body in second["indicators"]:
                yield from _rows({**above}, body)
    extras = data.get("extras", {"title": "", "indicators": []})
    for body in extras["indicators"]:
        yield from _rows({"level1": EXTRA + extras["title"]}, body)


def _rows(above: dict[str, Any], body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    row = {**above, **{key: body.get(key) for key in ("id", "title", "weight", "description", "criteria")}}
    row.update({f"reference.{key}": value for key, value in body["reference"].items()})
    yield {**row, **_rule({key: value for key, value in body["rule"].items() if key != "parts"})}
    for part in body["rule"].get("parts", []):
        yield _rule(part)


def _rule(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A rule by columns; what has no column of its own stands in 其他参数."""
    own = {column.key: column for column in layout.RULE if column.key != "rest"}
    fits = {key: value for key, value in spec.items() if key in own and _fits(value, own[key])}
    rest = {key: value for key, value in spec.items() if key not in fits}
    return {**{f"rule.{key}": value for key, value in fits.items()}, **({"rule.rest": rest} if rest else {})}


def _fits(value: Any, column: Column) -> bool:
    """Whether a cell of this column reads back to the same value."""
    if isinstance(value, (str, dict, list)) and not value:
        return False
    shown = written(value, column)
    try:
        return shown is not None and layout.read(shown, column) == value
    except ValueError:
        return False
