"""The gaps between the library ``formulas`` and Excel, closed for the functions of ``vocabulary.ALLOWED``.

Importing this module imports ``formulas`` (slow) and adjusts its function table for the whole process;
only ``formulas_engine`` does so, and only when used. The library still does the calculating: what is added
here prepares its arguments (text that looks like a number is text; 15 significant digits; half away from
zero) or, where the library rounds in binary, rounds in decimal. The cases are in
``tests/verify/engine_cases.yaml``.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

import formulas
import numpy as np
import schedula as sh
from formulas.functions import wrap_func, wrap_ranges_func, wrap_ufunc
from formulas.functions.info import FalseArray, iserror
from formulas.functions.operators import LOGIC_OPERATORS, OPERATORS, logic_input_parser, logic_wrap
from formulas.tokens.operand import Error, XlError

EMPTY = sh.EMPTY
"""The library's blank cell."""

FUNCTIONS: dict[str, Any] = formulas.get_functions()
VALUE: Any = Error.errors["#VALUE!"]

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?\s*")
_PICTURE = re.compile(r"(?P<group>#,##)?0(\.(?P<places>[0#]+))?(?P<percent>%)?")
# LibreOffice's and Excel's rule for the rest of a sum that ought to be nothing (1.1-1-0.1).
_NOTHING = 2.0**-48


def digits15(number: float) -> Decimal:
    """A float as the 15 significant digits that Excel holds it to."""
    return Decimal(format(float(number), ".15g"))


def number(value: Any) -> float:
    """A number out of a cell, or ValueError; stricter than ``float``: no ``nan``, ``inf`` or ``1_000``."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return float(value)


def numbers(*values: Any) -> Iterable[float]:
    """The arguments of an arithmetic function."""
    return map(number, values)


def is_text(value: Any) -> bool:
    """Text proper: neither a blank nor an error, which the library keeps as kinds of ``str``."""
    return isinstance(value, str) and not isinstance(value, sh.Token)


def is_plain_number(value: Any) -> bool:
    """A number as ISNUMBER means it."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def rounded(value: float, places: float, mode: str = ROUND_HALF_UP) -> float:
    """ROUND, ROUNDUP, ROUNDDOWN on 15 digits; never minus zero."""
    if abs(value) >= 1e15:
        return value
    return float(digits15(value).quantize(Decimal(1).scaleb(-int(places)), mode)) + 0.0


def whole(value: float) -> float:
    """INT on 15 digits; never minus zero."""
    return float(digits15(value).to_integral_value(ROUND_FLOOR)) + 0.0


def _snapped(function: Callable[[float, float], float]) -> Callable[[float, float], float]:
    """Addition or subtraction whose residue of binary noise is nothing."""

    def operation(x: float, y: float) -> float:
        result = function(x, y)
        return 0.0 if abs(result) < abs(x) * _NOTHING else result

    return operation


def _compared(function: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A comparison of (type, value) pairs at 15 digits."""

    def key(pair: tuple[int, Any]) -> tuple[int, Any]:
        return (pair[0], float(format(pair[1], ".15g"))) if isinstance(pair[1], float) else pair

    return lambda x, y: function(key(x), key(y))


def as_text(value: Any) -> str:
    """A value joined by ``&``: numbers with 15 digits, blanks as nothing."""
    if value is EMPTY:
        return ""
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return str(value)
    plain = digits15(value)
    text = format(plain, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if len(text) <= 21 else format(float(value), ".6G")


def texts(*values: Any) -> Iterable[str]:
    """The arguments of ``&``."""
    return map(as_text, values)


def prepared(value: Any, picture: Any) -> tuple[Any, Any]:
    """The arguments of TEXT, rounded in decimal first, so that the library's binary formatting cannot err."""
    match = _PICTURE.fullmatch(picture) if isinstance(picture, str) else None
    if match is None or not is_plain_number(value):
        return value, picture
    places = len(match["places"] or "") + (2 if match["percent"] else 0)
    value = rounded(value, places)
    if match["group"] and abs(value) < 1000:
        picture = picture.replace("#,##", "")  # the library leaves the comma standing before small figures
    return value, picture


def _without_text(value: Any) -> Any:
    """A range whose texts are blanks: aggregates pass over text, also over text that looks like a number."""
    if isinstance(value, np.ndarray) and value.size and any(map(is_text, value.flat)):
        return np.array([EMPTY if is_text(v) else v for v in value.flat], object).reshape(value.shape)
    return value


def _zero_text(value: Any) -> Any:
    """A range for SUMPRODUCT: text and blanks count as 0."""
    if isinstance(value, np.ndarray):
        flat = [0.0 if is_text(v) or v is EMPTY else v for v in value.flat]
        return np.array(flat, object).reshape(value.shape)
    return value


def _raw(name: str) -> Callable[..., Any]:
    """The library's own function below its wrappers."""
    entry = FUNCTIONS[name]
    function: Callable[..., Any] = inspect.unwrap(entry["function"] if isinstance(entry, dict) else entry)
    return function


def _aggregate(name: str, prepare: Callable[[Any], Any]) -> Callable[..., Any]:
    raw = _raw(name)
    result: Callable[..., Any] = wrap_func(lambda *values: raw(*map(prepare, values)))
    return result


def _countif() -> Callable[..., Any]:
    """COUNTIF in which an order criterion (">=2") passes over text."""
    raw = _raw("COUNTIF")

    def count(cells: Any, criterion: Any) -> Any:
        plain = np.asarray(criterion, object).ravel()[0]
        order = isinstance(plain, str) and plain[:1] in "<>" and plain[:2] != "<>"
        if order and _NUMBER.fullmatch(plain.lstrip("<>=")):
            cells = _without_text(np.asarray(cells, object))
        return raw(cells, criterion)

    result: Callable[..., Any] = wrap_func(count)
    return result


Scalar = tuple[Callable[..., Any], Callable[..., Iterable[Any]] | None, bool]
"""(function of plain values, what prepares them, whether blanks reach it as blanks)."""

SCALARS: dict[str, Scalar] = {}
"""The element-wise functions and operators for plain values; the same functions as in the tables."""


def _element(
    name: str, function: Callable[..., Any], prepare: Callable[..., Iterable[Any]], blanks: bool
) -> None:
    SCALARS[name] = (function, prepare, blanks)


def _install() -> None:
    """Adjust the library's tables; runs once, on import."""
    for name in ("+", "-"):
        _element(name, _snapped(inspect.unwrap(OPERATORS[name])), numbers, False)
    for name in ("*", "/", "^", "U-", "%"):
        _element(name, inspect.unwrap(OPERATORS[name]), numbers, False)
    _element("ABS", _raw("ABS"), numbers, False)
    for name, mode in (("ROUND", ROUND_HALF_UP), ("ROUNDUP", ROUND_UP), ("ROUNDDOWN", ROUND_DOWN)):
        _element(name, functools.partial(rounded, mode=mode), numbers, False)
    _element("INT", whole, numbers, False)
    _element("TEXT", _raw("TEXT"), prepared, False)
    _element("&", lambda x, y: x + y, texts, True)
    for name, (function, prepare, blanks) in SCALARS.items():
        table = OPERATORS if name in OPERATORS else FUNCTIONS
        extra = {"args_parser": lambda *a: a} if blanks else {}
        table[name] = wrap_ufunc(function, input_parser=prepare, **extra)
    for name, compare in LOGIC_OPERATORS.items():
        function = _compared(compare)
        OPERATORS[name] = logic_wrap(function)
        _element(name, function, logic_input_parser, True)
    SCALARS["NOT"] = (_raw("NOT"), None, False)
    for name in ("SUM", "COUNT", "MIN", "MAX"):
        FUNCTIONS[name] = _aggregate(name, _without_text)
    FUNCTIONS["SUMPRODUCT"] = _aggregate("SUMPRODUCT", _zero_text)
    FUNCTIONS["COUNTIF"] = _countif()
    FUNCTIONS["ISNUMBER"] = wrap_ranges_func(
        functools.partial(iserror, check=is_plain_number, array=FalseArray)
    )


_install()

CHOOSE: Callable[..., Any] = _raw("IF")
"""The library's IF, given two things to choose from."""


def error_in(values: Iterable[Any]) -> Any:
    """The first error among plain values, or None."""
    return next((value for value in values if isinstance(value, XlError)), None)


def apply_scalar(entry: Scalar, values: tuple[Any, ...]) -> Any:
    """An element-wise function on plain values, with the library's rules for errors and non-numbers."""
    function, prepare, blanks = entry
    error = error_in(values)
    if error is not None:
        return error
    if not blanks:
        values = tuple(0 if value is EMPTY else value for value in values)
    try:
        result = function(*(prepare(*values) if prepare else values))
    except (ValueError, TypeError, ArithmeticError):
        return VALUE
    if isinstance(result, np.generic):
        result = result.item()
    if isinstance(result, float) and result - result != 0.0:  # nan or infinite
        return Error.errors["#NUM!"]
    return Error.errors["#NUM!"] if isinstance(result, complex) else result
