"""A quantity, wherever it is written: value, kind, unit, period, as written; doubts are said instead of guessed away.

``read_quantity`` reads a cell or a field whole, ``find_quantities`` every figure of a running text. Accepted:
thousands separators, full-width digits, brackets, △ and a trailing minus for negatives, percent, 百分之九十五, 零点五,
a unit and a period behind the number. A dash means "nothing here" and is left to the form. Everything else is text or
doubtful, with the reason, and never becomes a number (``1 234,5``, 大写金额, ``1.2e3``, ``00123``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model import MOST
from jixiao.text.normalise import narrow, uncoded, unspaced
from jixiao.text.numbers import denoise
from jixiao.text.numerals import NUMERAL, number
from jixiao.text.units import OF_CELLS, UNITS, Sort, unit_pattern, units_of

MAX_TEXT = 60
TOO_LARGE = "数过大，达到十万亿"
# 一 alone is a dash that was typed with the wrong key
NIL = frozenset(("-", "--", "---", "—", "——", "–", "―", "─", "──", "一", "/", "\\", "无", "不适用", "*"))
ERRORS = frozenset(
    [
        "#REF!",
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#VALUE!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
    ]
)
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PER = r"(?:/|每)(?P<period>年度?|季度?|月|周|天|日|学期)|一(?P<yearly>年)"
_CELL = unit_pattern(units_of(*OF_CELLS))
_SHAPE = re.compile(
    rf"(?P<cur>[¥￥]|人民币)?(?P<sign>[-+△▲])?(?P<cur2>[¥￥])?(?P<open>\()?(?P<num>{_PLAIN})(?P<close>\))?"
    rf"(?P<trail>-)?(?P<unit>{_CELL})?(?:{_PER})?(?P<close2>\))?",
    re.ASCII,
)
# a numeral alone (二) numbers a line as often as it is a figure: it needs a point, 百分之 or a unit; 万元 is a heading
_NUMERAL = f"[{NUMERAL}]"
_WORDS = re.compile(
    rf"(?P<minus>负)?(?:(?P<of>[百千])分之(?P<part>{_NUMERAL}+(?:点{_NUMERAL}+)?)"
    rf"|(?P<point>{_NUMERAL}+点{_NUMERAL}+)(?P<unit>{_CELL})?|(?P<whole>[零〇一二两三四五六七八九十]{_NUMERAL}*?)(?P<kind>{_CELL}))"
)
_CAPITALS = re.compile(r"(?:人民币)?[零〇壹贰叁肆伍陆柒捌玖拾佰仟万萬亿圆元整角分正]{3,}")
_EXPONENT = re.compile(r"[-+]?[\d.,]+[eE][-+]?\d+", re.ASCII)


class State(StrEnum):
    """What stands in a cell."""

    NUMBER = "number"
    BLANK = "blank"
    NIL = "nil"  # a dash or its like: nothing, or not applicable; the form says which
    ERROR = "error"  # an error value such as #REF!
    TEXT = "text"
    DOUBTFUL = "doubtful"  # looks like a number, but could be read in two ways


class Kind(StrEnum):
    """What a figure is."""

    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    POINTS = "points"
    SIZE = "size"
    YEAR = "year"
    DATE = "date"
    ORDINAL = "ordinal"  # of a list
    DOCUMENT = "document"  # the number of a paper
    BARE = "bare"  # no unit
    TEXT = "text"


_KINDS = {
    Sort.MONEY: Kind.AMOUNT,
    Sort.RATE: Kind.RATE,
    Sort.POINTS: Kind.POINTS,
    Sort.COUNT: Kind.COUNT,
    Sort.SIZE: Kind.SIZE,
    Sort.DATE: Kind.DATE,
}


def kind_of(unit: str) -> Kind:
    """What a figure with this unit is."""
    if unit == "年":
        return Kind.YEAR
    return _KINDS.get(UNITS[unit].sort, Kind.BARE) if unit in UNITS else Kind.BARE


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` is set only where ``state`` is NUMBER, as printed (5.74% gives 5.74 with unit %).

    ``unit`` is the unit printed behind the number (recorded, not applied: see ``base``), ``period`` what it is counted
    per (5次/年), ``written`` the text read, ``why`` says in Chinese what is doubtful.
    """

    state: State
    value: Decimal | None = None
    unit: str = ""
    why: str = ""
    period: str = ""
    written: str = ""

    @property
    def kind(self) -> Kind:
        """What the figure is; TEXT where it is none."""
        return Kind.TEXT if self.value is None else kind_of(self.unit)

    @property
    def base(self) -> Decimal | None:
        """The value in the base unit: 15万元 is 150000 (元), 5.74% is 0.0574."""
        worth = UNITS[self.unit].worth if self.unit in UNITS else Decimal(1)
        return None if self.value is None else self.value * worth


BLANK = Quantity(State.BLANK)


def read_quantity(value: str | Decimal | bool | None) -> Quantity:
    """Read one cell value or field; never raises. What no budget can reach (``MOST``) is doubtful."""
    read = _read(value)
    return (
        read
        if read.base is None or abs(read.base) < MOST
        else Quantity(State.DOUBTFUL, why=TOO_LARGE, written=read.written)
    )


def _read(value: str | Decimal | bool | None) -> Quantity:
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return Quantity(State.TEXT, why="是逻辑值")
    if isinstance(value, Decimal):
        return (
            Quantity(State.NUMBER, value)
            if value.is_finite()
            else Quantity(State.DOUBTFUL, why="不是有限的数")
        )
    return read_text(value)


@functools.lru_cache(maxsize=8192)
def read_text(text: str) -> Quantity:
    """Read a quantity written as text."""
    plain = narrow(uncoded(text[: MAX_TEXT * 4].strip())).strip()
    joined = unspaced(plain)
    if not joined:
        return BLANK
    if joined in NIL:
        return Quantity(State.NIL, written=text)
    if joined.upper() in ERRORS:
        return Quantity(State.ERROR, why=joined.upper(), written=text)
    if len(joined) > MAX_TEXT:
        return Quantity(State.TEXT, written=text)
    shape = _SHAPE.fullmatch(joined)
    if shape is None:
        return _in_words(joined, text)
    if re.search(r"\d[\s\u00a0]+[\d.,]", plain):
        return Quantity(State.DOUBTFUL, why="数字中间有空格", written=text)
    return _from_shape(shape, text)


def _in_words(joined: str, text: str) -> Quantity:
    if _CAPITALS.fullmatch(joined):
        return Quantity(State.DOUBTFUL, why="大写金额", written=text)
    if _EXPONENT.fullmatch(joined):
        return Quantity(State.DOUBTFUL, why="科学记数法", written=text)
    if re.fullmatch(r"[-+]?[\d.,\s]+", joined):
        return Quantity(State.DOUBTFUL, why="分节或小数点的写法无法确定", written=text)
    words = _WORDS.fullmatch(joined)
    value = number(words["part"] or words["point"] or words["whole"]) if words else None
    if words is None or value is None:
        return Quantity(State.TEXT, written=text)
    unit = ("%" if words["of"] == "百" else "‰") if words["of"] else words["unit"] or words["kind"] or ""
    return Quantity(State.NUMBER, -value if words["minus"] else value, unit, written=text)


def _from_shape(shape: re.Match[str], text: str) -> Quantity:
    digits = shape["num"].replace(",", "")
    brackets = (shape["open"] is not None, shape["close"] is not None or shape["close2"] is not None)
    marks = sum((shape["sign"] in ("-", "△", "▲"), shape["trail"] is not None, brackets[0]))
    doubt = ""
    if brackets[0] != brackets[1] or (shape["close"] and shape["close2"]):
        doubt = "括号不成对"
    elif marks > 1 or (marks and shape["sign"] == "+"):
        doubt = "正负号重复"
    elif re.match(r"0\d", digits):
        doubt = "数字以零开头，像编码"
    if doubt:
        return Quantity(State.DOUBTFUL, why=doubt, written=text)
    value = denoise(Decimal(digits))
    period = shape["period"] or shape["yearly"] or ""
    signed = value.copy_negate() if marks and value else value
    return Quantity(State.NUMBER, signed, shape["unit"] or "", period=period, written=text)


# ---- figures of a running text

_ALL = unit_pattern(units_of(), guarded=True)
_FIGURE = re.compile(
    rf"(?P<sign>(?<![\d\])])-)?(?P<num>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>{_ALL})?",
    re.ASCII,
)
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


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a text: ``start`` to ``end`` with its sign and unit, ``figure`` without the unit, ``digits`` decimals."""

    start: int
    end: int
    figure: str
    value: Decimal
    unit: str
    kind: Kind

    @property
    def digits(self) -> int:
        """How many decimals are written."""
        return len(self.figure.partition(".")[2])


def find_quantities(text: str) -> Iterator[Found]:
    """Every figure of a narrow text in its order; list numbers, years and numbers of papers are told apart."""
    if not any(letter.isdigit() for letter in text):
        return
    told = _told(text)
    for found in _FIGURE.finditer(_GLUED.sub(r"\1、", text)):
        before = text[found.start() - 1 : found.start()] if found.start() else ""
        if before.isascii() and before.isalpha():
            continue
        figure, unit = (found["sign"] or "") + found["num"], found["unit"] or ""
        kind = told.get(found.start("num")) or kind_of(unit)
        yield Found(found.start(), found.end(), figure, Decimal(figure.replace(",", "")), unit, kind)


def _told(text: str) -> dict[int, Kind]:
    """Places whose kind a longer pattern tells: dates, list numbers, numbers of papers, spans of years."""
    told: dict[int, Kind] = {}
    for found in _DATE.finditer(text):
        told[found.start(1)] = Kind.YEAR
        told |= {found.start(n): Kind.DATE for n in (2, 3) if found[n]}
    for shape in (_GLUED, _LIST, _BRACKETED):
        told |= {found.start(1): Kind.ORDINAL for found in shape.finditer(text)}
    odd = _DECIMAL.match(text)
    if odd is not None and max(int(odd[2]), int(odd[3])) > DEEPEST:
        told[odd.start(1)] = Kind.ORDINAL
    for found in _DOCUMENT.finditer(text):
        told[found.start(1)], told[found.start(2)] = Kind.YEAR, Kind.DOCUMENT
    for found in _SPAN.finditer(text):
        told[found.start(1)] = told[found.start(2)] = Kind.YEAR
    return told
