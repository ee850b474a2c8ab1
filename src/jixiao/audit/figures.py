"""Every figure of a text: value as written, unit, what kind of figure it is, and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from jixiao.audit.document import Block, Place, Report
from jixiao.text import AMOUNT_UNITS

MAX_FIGURES = 20_000
BEFORE, BEHIND, CLAUSE = 600, 300, 60  # characters around a figure that tell what it is
COUNTED = (
    "个百分点",
    "人次",
    "批次",
    "人",
    "名",
    "个",
    "家",
    "次",
    "辆",
    "项",
    "件",
    "户",
    "台",
    "套",
    "处",
    "批",
    "条",
)
_AMOUNTS = "亿元|百万元|万元|千元|元"
_REST = "天|日|月|年|号|倍|亩|公里|平方米"
_UNIT = rf"{_AMOUNTS}|%|{'|'.join(COUNTED)}|分(?!别|值|析|配|管|类|解|为)|{_REST}"
_FIGURE = re.compile(
    rf"(?P<sign>(?<![\d\])])-)?(?P<num>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>{_UNIT})?"
)
_STOP = re.compile(r"[。；;！？!?\n]")
_CLAUSE = re.compile(r"[。；;！？!?\n，,、：:()]")
_DATE = re.compile(r"(\d+)年(\d+)月(?:(\d+)日)?")
_LIST = re.compile(r"(?:^|(?<=[。；;，\n]))(0\.\d{1,4}|\d{1,6})[.、)](?=\D)")
_DECIMAL = re.compile(r"\(?((\d{1,6})\.(\d{1,6}))[.、)](?=[\u4e00-\u9fff])")
DEEPEST = 20  # 3.12、 numbers a paragraph of chapter 3; 30.629、 numbers nothing
_GLUED = re.compile(
    r"(?:^|(?<=[。；;，,\n%]))(\d{1,2}(?=\.(?:19|20)\d\d年)|[1-9](?=\.\d{1,6}(?:\.\d+)?%[<≤]))\."
)
_BRACKETED = re.compile(r"\((0\.\d{1,4}|\d{1,6})\)(?=[\u4e00-\u9fff])")
_DOCUMENT = re.compile(r"[\[〔](\d+)[\]〕](?:第)?(\d+)号")
_SPAN = re.compile(r"(\d{4})-(\d{4})")


class Sort(StrEnum):
    """What kind of figure it is."""

    AMOUNT = "amount"
    PERCENT = "percent"
    POINTS = "points"
    COUNT = "count"
    AREA = "area"
    YEAR = "year"
    DATE = "date"
    ORDINAL = "ordinal"
    DOCUMENT = "document"
    BARE = "bare"


@dataclass(slots=True)
class Figure:
    """One figure. ``value`` is the number as written in ``unit``; ``digits`` the decimals written.

    ``left`` is the text of the sentence up to the figure, ``clause`` its last clause, ``right`` what follows up to
    the next stop; ``sentence`` the whole sentence.
    """

    block: Block
    cell: int
    start: int
    end: int
    written: str
    value: Decimal
    digits: int
    unit: str
    sort: Sort
    left: str = ""
    clause: str = ""
    right: str = ""
    sentence: str = ""
    title: str = ""  # the indicator of the table row it stands in
    column: str = ""  # what the cell of the table is: 权重, 得分, 说明, 标准
    place: Place = field(default_factory=lambda: Place(0))

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return f"{self.written}{self.unit}"

    @property
    def ulp(self) -> Decimal:
        """One unit of the last digit written."""
        return Decimal(1).scaleb(-self.digits)


def figures(report: Report) -> list[Figure]:
    """All figures of a report in their order, the contents list left out."""
    made: list[Figure] = []
    for block in report.blocks:
        for index, text in enumerate(block.cells):
            made += _in_text(block, index, text)
            if len(made) > MAX_FIGURES:
                from jixiao.model import LimitReached

                raise LimitReached("J751", file=report.name, most=f"{MAX_FIGURES}个数字")
    return made


def in_text(text: str) -> list[Figure]:
    """The figures of a single text, already in the form of ``plain``."""
    return _in_text(Block(0, (text,)), 0, text)


def _in_text(block: Block, cell: int, text: str) -> list[Figure]:
    if not any(letter.isdigit() for letter in text):
        return []
    sorts = _marked(text)
    made = []
    for found in _FIGURE.finditer(_GLUED.sub(_apart, text)):
        before = text[found.start() - 1 : found.start()]
        if before.isascii() and before.isalpha():
            continue
        made.append(_figure(block, cell, text, found, sorts))
    return made


def _apart(found: re.Match[str]) -> str:
    """A list number glued to the figure behind it (2.2022年, 3.20%<…): its stop is no decimal point."""
    return f"{found[1]}、"


def _marked(text: str) -> dict[int, Sort]:
    """Positions whose kind is told by a longer pattern: dates, list numbers, document numbers, spans of years."""
    marks: dict[int, Sort] = {}
    for found in _DATE.finditer(text):
        marks[found.start(1)] = Sort.YEAR
        marks |= {found.start(n): Sort.DATE for n in (2, 3) if found[n]}
    marks |= {found.start(1): Sort.ORDINAL for found in _GLUED.finditer(text)}
    for shape in (_LIST, _BRACKETED):
        marks |= {found.start(1): Sort.ORDINAL for found in shape.finditer(text)}
    odd = _DECIMAL.match(text)
    if odd is not None and max(int(odd[2]), int(odd[3])) > DEEPEST:
        marks[odd.start(1)] = Sort.ORDINAL
    for found in _DOCUMENT.finditer(text):
        marks[found.start(1)], marks[found.start(2)] = Sort.YEAR, Sort.DOCUMENT
    for found in _SPAN.finditer(text):
        marks[found.start(1)] = marks[found.start(2)] = Sort.YEAR
    return marks


def _figure(block: Block, cell: int, text: str, found: re.Match[str], sorts: dict[int, Sort]) -> Figure:
    written = (found["sign"] or "") + found["num"]
    unit = found["unit"] or ""
    value = Decimal(written.replace(",", ""))
    left = text[max(0, found.start() - BEFORE) : found.start()]
    begin = found.start() - len(left)
    sentence_at = max((m.end() for m in _STOP.finditer(left)), default=0)
    rest = text[found.end() : found.end() + BEHIND]
    stop = _STOP.search(rest)
    sentence = text[begin + sentence_at : found.end() + (stop.start() if stop else len(rest))]
    left = left[sentence_at:]
    clause_at = max((m.end() for m in _CLAUSE.finditer(left)), default=0)
    right = _CLAUSE.split(rest, maxsplit=1)[0][:CLAUSE] if rest else ""
    sort = sorts.get(found.start("num")) or _sort(unit, found["num"])
    digits = len(written.partition(".")[2])
    return Figure(
        block, cell, found.start(), found.end(), written, value, digits, unit, sort,
        left, left[clause_at:][-CLAUSE:], right, sentence, place=block.place(cell),
    )  # fmt: skip


def _sort(unit: str, digits: str) -> Sort:
    if unit in AMOUNT_UNITS:
        return Sort.AMOUNT
    by_unit = {
        "%": Sort.PERCENT,
        "分": Sort.POINTS,
        "亩": Sort.AREA,
        "年": Sort.YEAR,
        "个百分点": Sort.PERCENT,
    }
    if unit in by_unit:
        return by_unit[unit]
    if unit in COUNTED:
        return Sort.COUNT
    return Sort.DATE if unit in ("月", "日") else Sort.BARE
