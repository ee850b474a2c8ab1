"""A quantity, wherever it is written: value, kind, unit, period, as written; doubts are said instead of guessed away.

``read_quantity`` reads a cell or a field whole, ``find_quantities`` every figure of a running text, ``measured`` brings what was
read into the unit that is wanted. Accepted: thousands separators, full-width digits, brackets, △, 负 and a trailing minus for
negatives, percent, 百分之九十五, 零点五, a unit and a period behind the number, the side of a balance (贷), a remark behind it
(12.5（含上年结转）). A dash means "nothing here" and is left to the form. Everything else is text or doubtful, with the reason,
and never becomes a number (``1 234,5``, 大写金额, ``1.2e3``, ``00123``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jixiao.model import MOST
from jixiao.text.dates import dated, of_serial, read_date, serial
from jixiao.text.normalise import narrow, uncoded, unspaced
from jixiao.text.numbers import denoise
from jixiao.text.numerals import COUNTING, NUMERAL, count, number
from jixiao.text.units import AMOUNT_UNITS, OF_CELLS, UNITS, Sort, unit_pattern, units_of

MAX_TEXT = 60
TOO_LARGE = "数过大，达到十万亿"
# 一 alone is a dash that was typed with the wrong key
NIL = frozenset(
    (
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "―",
        "─",
        "──",
        "一",
        "/",
        "\\",
        "无",
        "不适用",
        "未发生",
        "*",
        "¥-",
        "￥-",
        "N/A",
        "n/a",
    )
)
_ERROR = re.compile(r"#+|#[A-Z0-9/_]+[!?]?|ERR:\d+")
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PER = r"(?:/|每)(?P<period>年度?|季度?|月|周|天|日|学期)|一(?P<yearly>年)"
_NAMES = (*units_of(*OF_CELLS), "万", "亿")
_CELL = unit_pattern(_NAMES)
_SHAPE = re.compile(
    rf"(?:(?P<side>[借贷])[方余]?:?)?(?P<cur>[¥￥]|人民币)?(?P<sign>[-+△▲负])?(?P<cur2>[¥￥])?(?P<open>\()?(?P<num>{_PLAIN})"
    rf"(?P<close>\))?(?P<trail>-)?(?P<unit>{_CELL})?整?(?:{_PER})?(?P<close2>\))?(?P<side2>[借贷])?",
    re.ASCII,
)
# what stands behind a figure and is none of it; a remark has words
_REMARK = re.compile(
    r"(?P<head>[^()]*\d[^()]*|\([^()]*\)[^()]*)"
    r"(?:\((?P<note>[%‰]|(?:[^()]|\([^()]*\))*[一-鿿](?:[^()]|\([^()]*\))*)\)|[,;。](?P<more>(?:其中|包?含|不含|未含|包括|另).+))"
)
_ROUGH = re.compile("约|预计|预估|暂|估|左右|待|拟|未审")
_SHARE = re.compile(
    rf"负?(?:(?P<of>[百千万])分之(?P<part>[{NUMERAL}]+(?:点[{NUMERAL}]+)?|\d+(?:\.\d+)?)"
    r"|(?P<tens>[一二三四五六七八九\d])成(?P<half>[一二三四五六七八九半])?)"
)
_RANKS = "十百千万亿"
_CAPITALS = re.compile(r"(?:人民币)?[零〇壹贰叁肆伍陆柒捌玖拾佰仟万萬亿圆元整角分正]{3,}")
_EXPONENT = re.compile(r"[-+]?[\d.,]+[eE][-+]?\d+", re.ASCII)
_GROUPS = re.compile(rf"[-+△▲(]?[\d.,'\s]*\d[\d.,'\s]*\)?(?:{_CELL})?")


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


class Quantity(NamedTuple):
    """``value`` is set only where ``state`` is NUMBER, as printed (5.74% gives 5.74 with unit %).

    ``unit`` is the unit printed behind the number (recorded, not applied: see ``base``), ``period`` what it is counted
    per (5次/年), ``written`` the text read (a date as its day), ``why`` says in Chinese what is doubtful, ``note`` is a remark
    behind the figure and ``side`` the side of a balance, 借 or 贷.
    """

    state: State
    value: Decimal | None = None
    unit: str = ""
    why: str = ""
    period: str = ""
    written: str = ""
    note: str = ""
    side: str = ""

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
DAY = "是日期"
NO_UNIT = "没有单位"


def read_quantity(value: str | Decimal | bool | None, *, shown: str = "number", unit: str = "") -> Quantity:
    """Read one cell value or field; never raises. What no budget can reach (``MOST``) is doubtful.

    ``shown`` is what the cell's number format makes of a number (number, percent, date), or in Chinese what is wrong with
    it; ``unit`` the unit that the format prints.
    """
    read = _number(value, shown, unit) if isinstance(value, Decimal) else _read(value)
    if read.base is None or abs(read.base) < MOST:
        return read
    return Quantity(State.DOUBTFUL, why=TOO_LARGE, written=read.written)


def _read(value: str | bool | None) -> Quantity:
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return Quantity(State.TEXT, why="是逻辑值")
    return read_text(value)


def _number(value: Decimal, shown: str, unit: str) -> Quantity:
    """A number as its cell shows it: 0.95 of the format 0% is 95 of the unit %, and a date is its day and no number."""
    if not value.is_finite():
        return Quantity(State.DOUBTFUL, why="不是有限的数")
    if shown == "date":
        day = of_serial(value)
        return Quantity(State.DOUBTFUL, why=DAY, written=dated(day) if day else "")
    if shown not in ("number", "percent"):
        return Quantity(State.DOUBTFUL, why=shown, written=f"{value:f}")
    scaled, unit = (value * 100, "%") if shown == "percent" else (value, unit)
    scaled = scaled + 0 if scaled else Decimal(0)  # no negative zero
    plain = f"{scaled.normalize():f}" if abs(scaled.adjusted()) < MAX_TEXT else str(scaled)
    return Quantity(State.NUMBER, scaled, unit, written=plain + unit)


@functools.lru_cache(maxsize=8192)
def read_text(text: str) -> Quantity:
    """Read a quantity written as text."""
    plain = narrow(uncoded(text[: MAX_TEXT * 4].strip())).strip()
    joined = unspaced(plain)
    if not joined:
        return BLANK
    if joined in NIL:
        return Quantity(State.NIL, written=text)
    if _ERROR.fullmatch(joined.upper()):
        return Quantity(State.ERROR, why=joined.upper(), written=text)
    read = _whole(joined, text)
    remark = _REMARK.fullmatch(joined) if read.value is None else None
    if remark is not None and (head := _whole(remark["head"], text)).value is not None:
        read = _remarked(head, remark["note"] or remark["more"])
    if read.value is not None and re.search(r"\d[\s\u00a0]+[\d.,]", plain):
        return Quantity(State.DOUBTFUL, why="数字中间有空格", written=text)
    return read


def _whole(joined: str, text: str) -> Quantity:
    """A figure with its unit and nothing behind it."""
    if len(joined) > MAX_TEXT:
        return Quantity(State.TEXT, written=text)
    shape = _SHAPE.fullmatch(joined)
    return _in_words(joined, text) if shape is None else _from_shape(shape, text)


def _remarked(head: Quantity, note: str) -> Quantity:
    """A figure with a remark in brackets: its unit, its side, something about it, or that it is none yet."""
    if note in _NAMES:
        if head.unit in ("", note):
            return head._replace(unit=note)
        return Quantity(State.DOUBTFUL, why="写了两个单位", written=head.written)
    if note in ("借", "贷", "借方", "贷方") and not head.side:
        return head._replace(side=note[0])
    if _ROUGH.search(note):
        return Quantity(State.DOUBTFUL, why=f"注明“{note}”", written=head.written)
    return head._replace(note=note)


def _in_words(joined: str, text: str) -> Quantity:
    doubts = {_CAPITALS: "大写金额", _EXPONENT: "科学记数法", _GROUPS: "分节或小数点的写法无法确定"}
    for shape, why in doubts.items():
        if shape.fullmatch(joined):
            return Quantity(State.DOUBTFUL, why=why, written=text)
    share = _SHARE.fullmatch(joined)
    value, unit = _share(share) if share else _spelled(joined.removeprefix("负"))
    if value is None:
        return Quantity(State.TEXT, written=text)
    return Quantity(State.NUMBER, -value if joined[0] == "负" else value, unit, written=text)


def _share(found: re.Match[str]) -> tuple[Decimal | None, str]:
    """百分之九十五, 千分之三, 九成五."""
    if found["tens"]:
        whole, half = number(found["tens"]), number("五" if found["half"] == "半" else found["half"] or "零")
        return (None, "") if whole is None or half is None else (whole * 10 + half, "%")
    part = number(found["part"])
    if part is None or found["of"] != "万":
        return part, "‰" if found["of"] == "千" else "%"
    return part / 100, "%"


def _spelled(joined: str) -> tuple[Decimal | None, str]:
    """A figure in numerals with its unit: 零点五, 三点五万元, 三万五千元.

    A numeral alone (二) numbers a line as often as it is a figure: it needs a point or a unit, and 万元 is a heading. The
    unit is the longest whose own numeral is above those of the figure: 三万五千元 are 35000元 and no 千元.
    """
    for unit in (
        (*(name for name in _NAMES if joined.endswith(name)), "") if joined and joined[0] in NUMERAL else ()
    ):
        figure, own = joined.removesuffix(unit), _RANKS.find(unit[:1] or "元")
        if (unit or "点" in figure) and not (own >= 0 and any(rank in figure for rank in _RANKS[own:])):
            value = number(figure)
            if value is not None:
                return value, unit
    return None, ""


def _from_shape(shape: re.Match[str], text: str) -> Quantity:
    digits = shape["num"].replace(",", "")
    brackets = (shape["open"] is not None, shape["close"] is not None or shape["close2"] is not None)
    marks = sum((shape["sign"] in ("-", "△", "▲", "负"), shape["trail"] is not None, brackets[0]))
    doubt = ""
    if brackets[0] != brackets[1] or (shape["close"] and shape["close2"]):
        doubt = "括号不成对"
    elif marks > 1 or (marks and shape["sign"] == "+"):
        doubt = "正负号重复"
    elif re.match(r"0\d", digits):
        doubt = "数字以零开头，像编码"
    elif shape["side"] and shape["side2"]:
        doubt = "写了两个方向"
    if doubt:
        return Quantity(State.DOUBTFUL, why=doubt, written=text)
    value = denoise(Decimal(digits))
    period = shape["period"] or shape["yearly"] or ""
    signed = value.copy_negate() if marks and value else value
    side = shape["side"] or shape["side2"] or ""
    return Quantity(State.NUMBER, signed, shape["unit"] or "", period=period, written=text, side=side)


# ---- a quantity in the unit that is wanted

_PEOPLE = ("人", "名", "位")


class Measured(NamedTuple):
    """``value`` in the wanted unit, None with ``why`` in Chinese; ``unit`` is the one it was read in, ``divisor`` exact.

    ``apart``: the figure brings a unit of its own, another one than is stated for it; its own counts.
    """

    value: Decimal | None
    unit: str = ""
    divisor: Decimal = Decimal(1)
    why: str = ""
    apart: bool = False


def measured(found: Quantity, stated: str, wanted: str) -> Measured:
    """A quantity in a wanted unit: a unit of money, ``%`` (a fraction comes out), ``日期`` (a serial number), a count.

    ``stated`` is the unit that heading, row or table state, empty where none does. The figure's own unit goes before it, and
    no figure is multiplied twice. An empty ``wanted`` leaves the figure in the stated unit, else as it stands.
    """
    if wanted == "日期":
        day = read_date(unspaced(narrow(found.written)))
        return (
            Measured(Decimal(serial(day[0])), wanted)
            if day and day[1] == "日"
            else Measured(None, why="不是日期")
        )
    if found.value is None:
        return Measured(None, why=found.why or "不是数字")
    if found.period:
        return Measured(None, why=f"是每{found.period}的数")
    money = "元" if (wanted or stated) in AMOUNT_UNITS else ""
    own = found.unit + money if found.unit in ("万", "亿") else found.unit
    unit = own or stated or ("" if money else wanted)
    if wanted == "%" and not own and not stated:
        return Measured(None, why="没有百分号，不能确定是百分数还是小数")
    if money and not unit:
        return Measured(None, why=NO_UNIT)
    target = wanted or stated or unit
    if not _alike(unit, target):
        return Measured(None, unit, why=f"单位是{unit}")
    divisor = (Decimal(1) if wanted == "%" else _worth(target)) / _worth(unit)
    return Measured(
        found.value / divisor if found.value else Decimal(0),
        unit,
        divisor,
        apart=bool(own and stated and _worth(own) != _worth(stated)),
    )


def _worth(unit: str) -> Decimal:
    return UNITS[unit].worth if unit in UNITS else Decimal(1)


def _alike(one: str, other: str) -> bool:
    """Whether two units measure the same: 元 and 万元, 人 and 万人; counts of things are told from people only."""
    a, b = UNITS.get(one), UNITS.get(other)
    if one in ("万", "亿"):
        return b is None or b.sort in (Sort.COUNT, Sort.SIZE, Sort.TIMES)
    if a is None or b is None or a.sort is not b.sort:
        return one == other or not one
    if a.sort is Sort.COUNT:
        return a.base == b.base or (a.base in _PEOPLE) == (b.base in _PEOPLE)
    return a.base == b.base


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
_FEW = f"[一两{COUNTING[1:]}]"
_PART = rf"(?:{_FEW}+(?:点[{NUMERAL}]+)?|\d+(?:\.\d+)?)"
# 成立, 三成员 and the like hold no share
_WORDED = re.compile(
    rf"(?P<least>超过?|过|逾|高于|大于)?(?P<most>不足|不到|不及|低于|未到|未超过?|不超过?)?[近约]?(?:翻了?近?(?P<fold>{_FEW})番"
    rf"|(?P<below>[百千万]|{_FEW}+)分之(?P<above>{_PART})|(?P<tens>[两{COUNTING[:9]}])成(?P<ones>[{COUNTING[:9]}半])?(?![立果本效绩员功品长就熟都])"
    rf"|(?P<half>一半|半数|(?<=[过超占])半)|(?P<times>{_PART})倍)(?P<more>多|以上)?"
)
_ROUGHLY = Decimal(10)
"""Per cent within which a share said in words is meant: 九成 is no 90.00%."""


class Found(NamedTuple):
    """A figure of a text: ``start`` to ``end`` with its sign and unit, ``figure`` without the unit, ``digits`` decimals.

    A share or a multiple in words (九成以上, 三分之一, 4倍, 翻一番) has its words as ``figure`` and its value in %; ``ulp`` is
    the least that was meant to be told apart, ``side`` 1 where it is at least, -1 where it is at most that much.
    """

    start: int
    end: int
    figure: str
    value: Decimal
    unit: str
    kind: Kind
    ulp: Decimal
    side: int = 0

    @property
    def digits(self) -> int:
        """How many decimals are written."""
        return len(self.figure.partition(".")[2]) if self.figure[-1].isdigit() else 0


def find_quantities(text: str) -> Iterator[Found]:
    """Every figure of a narrow text in its order; list numbers, years and numbers of papers are told apart."""
    worded = [made for found in _WORDED.finditer(text) if (made := _in_running_words(found)) is not None]
    told = _told(text)
    for found in _FIGURE.finditer(_GLUED.sub(r"\1、", text)):
        while worded and worded[0].start < found.end():
            yield (last := worded.pop(0))
            if found.start() < last.end:
                break
        else:
            before = text[found.start() - 1 : found.start()] if found.start() else ""
            if before.isascii() and before.isalpha():
                continue
            figure, unit = (found["sign"] or "") + found["num"], found["unit"] or ""
            kind = told.get(found.start("num")) or kind_of(unit)
            value, ulp = Decimal(figure.replace(",", "")), Decimal(1).scaleb(-len(figure.partition(".")[2]))
            yield Found(found.start(), found.end(), figure, value, unit, kind, ulp)
    yield from worded


def _in_running_words(found: re.Match[str]) -> Found | None:
    """九成以上, 不足三分之一, 一半, 4倍, 翻一番 in per cent; None where it is no number."""
    value, ulp = Decimal(50), _ROUGHLY
    if found["times"] or found["fold"]:
        times = number(found["times"] or found["fold"])
        if times is None:
            return None
        value = times * 100 if found["times"] else (2 ** int(times) - 1) * Decimal(100)
        ulp = Decimal(100).scaleb(-len(str(times).partition(".")[2])) if found["times"] else 2 * _ROUGHLY
    elif found["tens"]:
        value = Decimal(
            10 * count(found["tens"]) + (5 if found["ones"] == "半" else count(found["ones"] or ""))
        )
        ulp = ulp / 5 if found["ones"] else ulp
    elif found["below"]:
        below = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}.get(found["below"]) or number(
            found["below"]
        )
        above = number(found["above"])
        if not below or above is None:
            return None
        value, ulp = above * 100 / below, min(ulp, 100 / below)
    side = 1 if found["least"] or found["more"] or (found[0][0] == "过") else -1 if found["most"] else 0
    return Found(found.start(), found.end(), found[0], value, "%", Kind.RATE, ulp, side)


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
