"""Text and reader values -> exact decimals, with the doubt said instead of guessed away.

Accepted: thousands separators, full-width digits, brackets, △ and a trailing minus for negatives, percent, a unit
behind the number. A dash means "nothing here" and is left to the form. Everything else is returned as text or as
doubtful, with the reason, and never becomes a number (``1 234,5``, 大写金额, ``1.2e3``, ``00123``).
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

NOISE_PLACES = Decimal("0.000001")
"""Binary float noise is rounded here: six places of 万元 are a hundredth of a 元."""
NOISE_DIGITS = 15
"""A float printed with this many significant digits and more than six places is noise (0.0900000762939453)."""
MAX_TEXT = 60
MAX_EXPONENT = 40

AMOUNT_UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "百万元": Decimal(1000000),
    "亿元": Decimal(100000000),
}
"""Units of money and their worth in 元."""
COUNT_UNITS = (
    "人",
    "个",
    "件",
    "次",
    "亩",
    "辆",
    "台",
    "套",
    "批次",
    "人次",
    "批",
    "户",
    "家",
    "处",
    "项",
    "分",
    "天",
)

NIL = frozenset(("-", "--", "---", "—", "——", "–", "―", "─", "──", "一", "/", "\\", "无", "不适用", "*"))
ERRORS = frozenset(
    (
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
    )
)

# full-width forms one by one: NFKC would also turn 5² into 52
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}
_BLANKS = re.compile(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_UNITS = "|".join(sorted((*AMOUNT_UNITS, *COUNT_UNITS), key=len, reverse=True))
_SHAPE = re.compile(
    rf"(?P<cur>[¥￥]|人民币)?(?P<sign>[-+△▲])?(?P<cur2>[¥￥])?(?P<open>\()?(?P<num>{_PLAIN})(?P<close>\))?"
    rf"(?P<trail>-)?(?P<unit>%|{_UNITS})?(?P<close2>\))?",
    re.ASCII,
)
_CAPITALS = re.compile(r"(?:人民币)?[零〇壹贰叁肆伍陆柒捌玖拾佰仟万萬亿圆元整角分正]{3,}")
_EXPONENT = re.compile(r"[-+]?[\d.,]+[eE][-+]?\d+", re.ASCII)


class Kind(StrEnum):
    """What stands in a cell."""

    NUMBER = "number"
    BLANK = "blank"
    NIL = "nil"  # a dash or its like: nothing, or not applicable; the form says which
    ERROR = "error"  # an error value such as #REF!
    TEXT = "text"
    DOUBTFUL = "doubtful"  # looks like a number, but could be read in two ways


@dataclass(frozen=True, slots=True)
class Parsed:
    """A cell read as a number: ``value`` is set only for NUMBER, as printed (5.74% gives 5.74 with unit %).

    ``unit`` is a unit printed behind the number (recorded, not applied), ``why`` says in Chinese what is doubtful.
    """

    kind: Kind
    value: Decimal | None = None
    unit: str = ""
    why: str = ""


BLANK = Parsed(Kind.BLANK)


def parse(value: str | Decimal | bool | None) -> Parsed:
    """Read one cell value; never raises."""
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return Parsed(Kind.TEXT, why="是逻辑值")
    if isinstance(value, Decimal):
        return Parsed(Kind.NUMBER, value) if value.is_finite() else Parsed(Kind.DOUBTFUL, why="不是有限的数")
    return parse_text(value)


@functools.lru_cache(maxsize=8192)
def parse_text(text: str) -> Parsed:
    """Read a number written as text."""
    plain = text[: MAX_TEXT * 4].translate(_NARROW).strip()
    joined = _BLANKS.sub("", plain)
    if not joined:
        return BLANK
    if joined in NIL:
        return Parsed(Kind.NIL)
    if joined.upper() in ERRORS:
        return Parsed(Kind.ERROR, why=joined.upper())
    if len(joined) > MAX_TEXT:
        return Parsed(Kind.TEXT)
    shape = _SHAPE.fullmatch(joined)
    if shape is None:
        return _not_a_number(joined)
    if re.search(r"\d[\s\u00a0]+[\d.,]", plain):
        return Parsed(Kind.DOUBTFUL, why="数字中间有空格")
    return _from_shape(shape)


def _not_a_number(text: str) -> Parsed:
    if _EXPONENT.fullmatch(text):
        return Parsed(Kind.DOUBTFUL, why="科学记数法")
    if _CAPITALS.fullmatch(text):
        return Parsed(Kind.DOUBTFUL, why="大写金额")
    if re.fullmatch(r"[-+]?[\d.,\s]+", text):
        return Parsed(Kind.DOUBTFUL, why="分节或小数点的写法无法确定")
    return Parsed(Kind.TEXT)


def _from_shape(shape: re.Match[str]) -> Parsed:
    digits = shape["num"].replace(",", "")
    brackets = (shape["open"] is not None, shape["close"] is not None or shape["close2"] is not None)
    if brackets[0] != brackets[1] or (shape["close"] and shape["close2"]):
        return Parsed(Kind.DOUBTFUL, why="括号不成对")
    marks = sum((shape["sign"] in ("-", "△", "▲"), shape["trail"] is not None, brackets[0]))
    if marks > 1 or (marks and shape["sign"] == "+"):
        return Parsed(Kind.DOUBTFUL, why="正负号重复")
    if re.match(r"0\d", digits):
        return Parsed(Kind.DOUBTFUL, why="数字以零开头，像编码")
    number = denoise(Decimal(digits))
    return Parsed(Kind.NUMBER, number.copy_negate() if marks and number else number, shape["unit"] or "")


def denoise(number: Decimal) -> Decimal:
    """Round away binary float noise; a number that is not noise is returned as it is.

    Noise is more than six decimal places together with fifteen or more significant digits; then six places, half
    away from zero. 76.7991234 stays, 0.0900000762939453 becomes 0.09.
    """
    _sign, digits, exponent = number.as_tuple()
    if (
        not isinstance(exponent, int)
        or exponent >= -6
        or len(digits) < NOISE_DIGITS
        or number.adjusted() > 20
    ):
        return number
    short = number.quantize(NOISE_PLACES, rounding=ROUND_HALF_UP).normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]


def from_float(value: float) -> Decimal:
    """A reader's binary float as the decimal that was meant: its shortest text, noise rounded away.

    Whole floats lose their ``.0``. NaN and infinities come back as the same special decimals.
    """
    if not math.isfinite(value):
        return Decimal(repr(value))
    if value.is_integer() and abs(value) < 1e15:
        return Decimal(int(value))
    return denoise(Decimal(repr(value)))


def from_machine(text: str) -> Decimal | None:
    """A number as a program wrote it (XML, HTML attributes), exponents allowed; None when it is none, or absurd."""
    try:
        number = Decimal(text.strip()) if len(text) < MAX_TEXT else Decimal("NaN")
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return None
    return denoise(number)


def convert(value: Decimal, unit: str, target: str) -> tuple[Decimal, Decimal]:
    """Bring an amount from ``unit`` to ``target`` exactly: (converted, divisor). KeyError for an unknown unit."""
    divisor = AMOUNT_UNITS[target] / AMOUNT_UNITS[unit]
    return value / divisor, divisor
