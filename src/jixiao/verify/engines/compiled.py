"""Recomputation by two compiled engines: the file as it is, with its own formulas, names and links.

What the file remembers of earlier calculations is taken out first, so that no engine can repeat it instead of
calculating. Both libraries are young: one is never asked without the other, they only read, and what they give unlike
Excel is listed as data in tests/verify/engine_cases.yaml. They are imported when first used; they are optional.
"""

from __future__ import annotations

import datetime
import importlib.util
import re
from collections.abc import Iterable
from typing import Any

from jixiao.model import make
from jixiao.office import Workbook, join_ref, split_ref
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Place, Results

FORMUALIZER, CELLRUNE = "formualizer", "cellrune"
_HEAD = rb"(?P<head>(?:[A-Za-z_][\w.-]*:)?)"
_FORMULA = re.compile(rb"<" + _HEAD + rb"f[\s/>]")
_HOLDER = re.compile(rb"<" + _HEAD + rb"c\s(?:[^>]*\s)?r=\"([A-Z]+[0-9]+)\"(?:\s[^>]*)?>\s*<(?P=head)f[\s/>]")
_REMEMBERED = re.compile(
    rb"(<" + _HEAD + rb"f(?:\s[^>]*)?(?:/>|(?<!/)>[^<]*</(?P=head)f\s*>))"
    rb"\s*<(?P=head)v(?:\s[^>]*)?(?:/>|(?<!/)>.*?</(?P=head)v\s*>)",
    re.DOTALL,
)
_ERRORS = {
    "div": "#DIV/0!", "na": "#N/A", "name": "#NAME?", "null": "#NULL!", "num": "#NUM!", "ref": "#REF!",
    "value": "#VALUE!", "circ": "#CIRC!",
}  # fmt: skip
_DAY_0 = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a serial day has no time zone


def unavailable(name: str) -> str | None:
    """None where a library is installed, else the reason and what to do, in Chinese."""
    return None if importlib.util.find_spec(name) else "没有安装 Python 库，请安装 jixiao[verify]"


class BareBook:
    """A workbook without remembered results, and where its formulas stand; made once for all engines."""

    def __init__(self, book: Workbook) -> None:
        self.formulas: dict[str, list[str]] = {}
        parts: dict[str, bytes] = {}
        for name in book.worksheets:
            part = book.part(name)
            data = book.package.read(part)
            count = len(_FORMULA.findall(data))
            if not count:
                continue
            refs = [found[1].decode("ascii") for found in _HOLDER.findall(data)]
            if len(refs) != count:  # written in an unusual way: the parser knows
                slots = book.grid(name).slots.items()
                refs = [ref for ref, slot in slots if slot.f_attrs is not None]
            self.formulas[name] = refs
            parts[part] = _REMEMBERED.sub(rb"\1", data)
        self.data = book.package.bytes_with(parts)


def recompute(name: str, bare: BareBook, file: str) -> Results:
    """Every formula cell of a workbook, calculated afresh by one of the two."""
    if why := unavailable(name):
        raise EngineFailure(make("J611", engine=name, why=why))
    try:
        return dict(_formualizer(bare) if name == FORMUALIZER else _cellrune(bare))
    except (
        Exception
    ) as error:  # each library raises its own kinds; whatever it is, the workbook was not calculated
        raise EngineFailure(make("J613", engine=name, file=file, why=str(error)[:200])) from error


def _formualizer(bare: BareBook) -> Iterable[tuple[Place, EngineValue]]:
    import formualizer

    book = formualizer.Workbook.from_bytes(bare.data)
    book.set_changelog_enabled(False)
    book.evaluate_all()
    for sheet, refs in bare.formulas.items():
        for ref in refs:
            yield (sheet, ref), _of_formualizer(book.get_value(sheet, *split_ref(ref)))


def _of_formualizer(value: Any) -> EngineValue:
    """Its numbers, texts and booleans are Python's; a date is the serial number that a cell holds."""
    if isinstance(value, dict):
        kind = str(value.get("kind", ""))
        return ErrorValue(_ERRORS.get(kind.lower(), kind or "#VALUE!"))
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, datetime.date):
        moment = datetime.datetime.combine(value, datetime.time()) if type(value) is datetime.date else value
        return (moment - _DAY_0) / datetime.timedelta(days=1)
    return float(value)


def _cellrune(bare: BareBook) -> Iterable[tuple[Place, EngineValue]]:
    import cellrune

    with cellrune.Workbook.from_bytes(bare.data) as book:
        book.calculate()
        for sheet, refs in bare.formulas.items():
            spots = {ref: split_ref(ref) for ref in refs}
            last = join_ref(
                max(row for row, _ in spots.values()), max(column for _, column in spots.values())
            )
            rows = book.read_values(sheet, "A1", last)
            for ref, (row, column) in spots.items():
                yield (sheet, ref), _of_cellrune(rows[row - 1][column - 1])


def _of_cellrune(value: Any) -> EngineValue:
    """Every value says its kind; what it does not calculate is no value."""
    kind = value["kind"]
    if kind == "blank":
        return None
    if kind == "error":
        return ErrorValue(value["value"])
    if kind in ("unavailable", "unsupported"):
        unknown = ("calculation.unsupported_function", "calculation.unsupported_name")
        return ErrorValue("#NAME?" if value.get("code") in unknown else "#CALC!")
    return value["value"]  # type: ignore[no-any-return]
