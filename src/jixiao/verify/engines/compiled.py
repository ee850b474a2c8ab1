"""Recomputation by two compiled engines: the file as it is, with its own formulas, names and links.

What the file remembers of earlier calculations is taken out first, so that no engine can repeat it instead of
calculating. Both libraries are young: one is never asked without the other, they only read, and what they give unlike
Excel is listed as data in tests/verify/engine_cases.yaml. They are imported when first used; they are optional.

Loading takes ten times as long as calculating what depends on some changed figures. So a loaded workbook is kept, and
the next one is held against it, cell by cell: where names, settings and sheets are the same, only the cells that differ
and that a formula reads are put in, each with its own content. Anything else is loaded
afresh, and so is a workbook in an unusual spelling.
"""

from __future__ import annotations

import datetime
import importlib.util
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, TypeVar

from jixiao.model import make
from jixiao.office import Cell, Workbook, join_ref, resolved, split_ref
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Place, Results
from jixiao.verify.vocabulary import bounded, offences

FORMUALIZER, CELLRUNE = "formualizer", "cellrune"
_HEAD = rb"(?P<head>(?:[A-Za-z_][\w.-]*:)?)"
_FORMULA = re.compile(rb"<" + _HEAD + rb"f[\s/>]")
_HOLDER = re.compile(rb"<" + _HEAD + rb"c\s(?:[^>]*\s)?r=\"([A-Z]+[0-9]+)\"(?:\s[^>]*)?>\s*<(?P=head)f[\s/>]")
_REMEMBERED = re.compile(
    rb"(<" + _HEAD + rb"f(?:\s[^>]*)?(?:/>|(?<!/)>[^<]*</(?P=head)f\s*>))"
    rb"\s*<(?P=head)v(?:\s[^>]*)?(?:/>|(?<!/)>.*?</(?P=head)v\s*>)",
    re.DOTALL,
)
_EMPTY_VALUE = re.compile(rb"<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>)")
_EMPTY_CELL = re.compile(rb"(<(?:\w+:)?c\s[^<>]*?)\st=\"\w+\"([^<>]*(?:/>|></))")
_EMPTY_SIGNS = (b"<v></v>", b"<v/>", b"<v />", b'"></c>')
"""Cells that have a type or a value and no content, as some libraries write them: the engines take them for damage."""
_ERRORS = {
    "div": "#DIV/0!", "na": "#N/A", "name": "#NAME?", "null": "#NULL!", "num": "#NUM!", "ref": "#REF!",
    "value": "#VALUE!", "circ": "#CIRC!",
}  # fmt: skip
_NOT_CALCULATED = {
    "calculation.unsupported_function": "#NAME?", "calculation.unsupported_name": "#NAME?",
    "calculation.resource_limit_exceeded": "#LIMIT!",
}  # fmt: skip
_DAY_0 = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a serial day has no time zone


def unavailable(name: str) -> str | None:
    """None where a library is installed, else the reason and what to do, in Chinese."""
    return None if importlib.util.find_spec(name) else "没有安装 Python 库，请安装 jixiao[verify]"


_APART = re.compile(r"/(?:charts|drawings|media|printerSettings|theme)/|/(?:sharedStrings|calcChain)\.xml$")
"""Parts that no calculation looks at; texts are compared where they stand."""
SECONDS = 4  # for a calculation; both engines together stay below what a file may take
MOST_KEPT = 3
MOST_PUT = 1_000  # cells; more than that are loaded as fast
MOST_READ = 200_000  # cells that formulas read; where there are more, all cells are compared
MOST_BOOKS = 1_000  # the engines' memory grows a little with each


class BareBook:
    """A workbook without remembered results, and where its formulas stand; made once for all engines."""

    def __init__(self, book: Workbook) -> None:
        self.formulas: dict[str, list[str]] = {}
        parts: dict[str, bytes] = {}
        for name in book.worksheets:
            part = book.part(name)
            data = book.package.read(part)
            if any(sign in data for sign in _EMPTY_SIGNS):
                parts[part] = data = _EMPTY_CELL.sub(rb"\1\2", _EMPTY_VALUE.sub(b"", data))
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


Made = TypeVar("Made")
Input = float | str | bool | None


@dataclass(frozen=True, slots=True)
class Put:
    """A cell that holds something else now: a value, or a formula (with its ``=``)."""

    place: Place
    value: Input
    formula: str = ""


class Witness(Protocol):
    """An engine with a workbook loaded: ``results`` are those of its formula cells, ``put`` renews them."""

    results: Results

    def __init__(self, bare: BareBook, seconds: float) -> None: ...

    def put(self, puts: Sequence[Put]) -> None:
        """Give cells another content and calculate what depends on them."""


class _Watch:
    """Looks a few times a second whether a calculation takes too long: cheaper than a thread for each.

    Too long is by the clock and by what this process worked: where others keep the machine busy, waiting is no work.
    """

    EVERY = 0.2

    def __init__(self) -> None:
        self._running: dict[object, tuple[float, float, Callable[[], object]]] = {}
        self._stopped: set[object] = set()
        self._thread: threading.Thread | None = None

    def _look(self) -> None:
        while True:
            time.sleep(self.EVERY)
            for key, (end, worked, cancel) in list(self._running.items()):
                if time.monotonic() > end and time.process_time() > worked and key in self._running:
                    self._stopped.add(key)
                    cancel()

    def run(self, seconds: float, calculate: Callable[[], Made], cancel: Callable[[], object]) -> Made:
        """What an engine gives within some seconds; TimeoutError where it was told to stop."""
        if self._thread is None or not self._thread.is_alive():  # in a copy of the process there is none
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        key = object()
        self._running[key] = time.monotonic() + seconds, time.process_time() + seconds, cancel
        try:
            return calculate()
        except Exception as error:
            raise TimeoutError if key in self._stopped else error from error
        finally:
            del self._running[key]
            self._stopped.discard(key)


_WATCH = _Watch()


class _Formualizer:
    def __init__(self, bare: BareBook, seconds: float) -> None:
        import formualizer

        self._book = formualizer.Workbook.from_bytes(bare.data)
        self._book.set_changelog_enabled(False)
        self._seconds = seconds
        self._cells = {
            (sheet, ref): (sheet, *split_ref(ref)) for sheet, refs in bare.formulas.items() for ref in refs
        }
        self.put(())

    def put(self, puts: Sequence[Put]) -> None:
        for put in puts:
            cell = (put.place[0], *split_ref(put.place[1]))
            if put.formula:
                self._book.set_formula(*cell, put.formula)
                self._cells[put.place] = cell
            else:
                self._book.set_value(*cell, put.value)
                self._cells.pop(put.place, None)
        _WATCH.run(self._seconds, self._book.evaluate_all, self._book.cancel)
        get = self._book.get_value
        self.results: Results = {place: _of_formualizer(get(*cell)) for place, cell in self._cells.items()}


def _of_formualizer(value: Any) -> EngineValue:
    """Its numbers, texts and booleans are Python's; a date is the serial number that a cell holds."""
    if isinstance(value, float | bool | str) or value is None:
        return value
    if isinstance(value, dict):
        kind = str(value.get("kind", ""))
        return ErrorValue(_ERRORS.get(kind.lower(), kind or "#VALUE!"))
    if isinstance(value, datetime.date):
        moment = datetime.datetime.combine(value, datetime.time()) if type(value) is datetime.date else value
        return (moment - _DAY_0) / datetime.timedelta(days=1)
    return float(value)


class _Cellrune:
    def __init__(self, bare: BareBook, seconds: float) -> None:
        import cellrune

        self._book, self._seconds = cellrune.Workbook.from_bytes(bare.data), seconds
        self._revision = _WATCH.run(self._seconds, self._book.calculate, self._book.cancel_calculation)[
            "semantic_revision"
        ]
        self.results: Results = {}
        for sheet, refs in bare.formulas.items():
            spots = {ref: split_ref(ref) for ref in refs}
            last = join_ref(max(r for r, _ in spots.values()), max(c for _, c in spots.values()))
            rows = self._book.read_values(sheet, "A1", last)
            self.results |= {(sheet, ref): _of_cellrune(rows[r - 1][c - 1]) for ref, (r, c) in spots.items()}

    def put(self, puts: Sequence[Put]) -> None:
        changes = [_change_of_cellrune(put) for put in puts]
        self._revision = self._book.apply_changes(self._revision, changes)["result_revision"]
        delta = _WATCH.run(self._seconds, self._book.recalculate, self._book.cancel_calculation)
        for item in delta["changed_cells"]:
            found: Any = item["result"]
            place = (item["cell"]["sheet_name"], item["cell"]["address"])
            self.results[place] = _of_cellrune(found.get("value", found))
        for put in puts:  # its result may be what stood there before
            self.results.pop(put.place, None)
            if put.formula:
                sheet, ref = put.place
                self.results[put.place] = _of_cellrune(self._book.read_values(sheet, ref, ref)[0][0])


def _of_cellrune(value: Any) -> EngineValue:
    """Every value says its kind; what it does not calculate is no value."""
    kind = value["kind"]
    if kind == "blank":
        return None
    if kind == "error":
        return ErrorValue(value["value"])
    if kind in ("unavailable", "unsupported"):
        return ErrorValue(_NOT_CALCULATED.get(value.get("code"), "#CALC!"))
    return value["value"]  # type: ignore[no-any-return]


def _change_of_cellrune(put: Put) -> Any:
    change = {"sheet": put.place[0], "address": put.place[1]}
    if put.formula:
        return change | {"kind": "set_formula", "formula": put.formula}
    if put.value is None:
        return change | {"kind": "set_value", "value": {"kind": "blank"}}
    kinds = {bool: "logical", str: "text", float: "number"}
    return change | {"kind": "set_value", "value": {"kind": kinds[type(put.value)], "value": put.value}}


_WITNESSES: dict[str, type[Witness]] = {FORMUALIZER: _Formualizer, CELLRUNE: _Cellrune}


def loaded(name: str, book: Workbook, *, bare: BareBook | None = None, seconds: float = SECONDS) -> Witness:
    """One of the two engines with a workbook loaded."""
    return _WITNESSES[name](bare or BareBook(book), seconds)


Read = dict[str, set[str]]
"""By sheet those of its cells that formulas and names read."""
Areas = set[tuple[str, int, int, int, int]]
"""Sheet, first row, first column, last row, last column of what formulas read."""
_NAMING = re.compile(
    r"""(?P<text>"(?:[^"]|"")*+")|(?:'(?P<quoted>[^'\[\]:]++)'!|(?P<bare>[^\W\d][\w.]*+)!)?
    (?P<area>(?:\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}:)?\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w.(!:])
    |(?P<word>[^\W\d][\w.]*+)(?![!:])|[0-9.]++(?![\w!:])|[-+*/^&=<>%(),\ ]""",
    re.VERBOSE,
)
"""What formulas are made of that name every cell which they read; one with anything else in it may read any."""
_MADE = ("INDIRECT", "OFFSET")  # these read what they are told by a text or a number


def _reads(formula: str, own: str, made: Areas) -> bool:
    """Add the areas that a formula on a sheet reads; False where it may read one that it does not name."""
    at = 0
    while at < len(formula):
        match = _NAMING.match(formula, at)
        if match is None or (match["word"] or "").upper() in _MADE:
            return False
        at = match.end()
        if match["area"]:
            sheet, box = match["quoted"] or match["bare"] or own, bounded(match["area"])
            if box is None or not sheet:
                return False
            made.add((sheet.casefold(), *box))
    return True


def _cells(areas: Areas) -> Read | None:
    """The cells of areas by sheet; None where they are too many to be written down."""
    if sum((bottom - top + 1) * (right - left + 1) for _, top, left, bottom, right in areas) > MOST_READ:
        return None
    made: Read = {}
    for sheet, top, left, bottom, right in areas:
        made.setdefault(sheet, set()).update(
            join_ref(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )
    return made


def _read(book: Workbook) -> Read | None:
    """What the formulas and names of a workbook read; None where one may read a cell that it does not name, or too many.

    A formula that other cells share says nothing of what those read.
    """
    made: Areas = set()
    names = [("", name.text) for name in book.all_names if not name.name.startswith("_xlnm.")]
    held = {name: book.sheet(name).contents().values() for name in book.worksheets}
    live = [(name, cell) for name, cells in held.items() for cell in cells if cell.live]
    shared = any(" t=" in cell.live for _, cell in live)
    texts = [*names, *((name, resolved(cell.formula)) for name, cell in live)]
    return _cells(made) if not shared and all(_reads(text, name, made) for name, text in texts) else None


class _Kept:
    """A workbook as the engines have it now, and everything of it that the next one is held against."""

    def __init__(self, book: Workbook, seconds: float) -> None:
        self.books, self._seconds = 1, seconds
        self._loaded: dict[str, Witness] = {}
        self._waiting: dict[str, list[Put]] = {}
        self._bare: tuple[Workbook, BareBook] | None = None
        self._book, self._frame = book, _frame(book)

    @cached_property
    def _read(self) -> Read | None:
        """What its formulas read, made when a second workbook is held against it: a single one never asks."""
        return _read(self._book)

    def takes(self, book: Workbook) -> bool:
        """Whether a workbook is this one with other things in some cells; if so it is this one from now on."""
        if book is self._book:
            return True
        puts = self._puts(book) if _frame(book) == self._frame else None
        if puts is None:
            return False
        for waiting in self._waiting.values():
            waiting.extend(puts)
        self._book = book
        self.books += 1
        return True

    def _puts(self, book: Workbook) -> list[Put] | None:
        """The cells that a workbook holds otherwise; None where one cannot be put in as it stands in the file."""
        puts: dict[Place, Put] = {}
        texts = book.strings() != self._book.strings()  # a text is a number into their table
        for name in book.worksheets:
            sheet, last = book.sheet(name), self._book.sheet(name)
            read = None if self._read is None else self._read.get(name.casefold(), set())
            refs = last.differing(sheet, read, texts=texts)
            if refs is None:
                return None
            for ref in refs:
                old, new = last.get(ref), sheet.get(ref)
                if _holds(old) == _holds(new):
                    continue
                if not _simple(old) or not _simple(new) or len(puts) == MOST_PUT:
                    return None
                puts[name, ref] = _put(name, ref, new)
        return [*puts.values()] if self._told(book, puts) else None

    def _told(self, book: Workbook, puts: dict[Place, Put]) -> bool:
        """Add the cells that new formulas read and that were passed over while nothing read them; False where they may be any."""
        areas: Areas = set()
        if self._read is None:
            return True
        if not all(_reads(put.formula[1:], put.place[0], areas) for put in puts.values() if put.formula):
            return False
        new = _cells(areas)
        if new is None:
            return False
        for name in [name for name in book.worksheets if name.casefold() in new]:
            seen = self._read.setdefault(name.casefold(), set())
            for ref in new[name.casefold()] - seen:
                cell = book.sheet(name).get(ref)
                if cell is not None and cell.formula is None:
                    if not _simple(cell):
                        return False
                    puts.setdefault((name, ref), _put(name, ref, cell))
            seen |= new[name.casefold()]
        return True

    def results(self, name: str, *, ours: bool = False) -> Results:
        """What an engine gives; whatever it raises, it begins anew the next time.

        ``formualizer`` does not bound texts that grow from cell to cell: what exceeds a limit of ``cellrune`` never
        comes to it, unless all formulas are ``ours``, which make no such texts.
        """
        if name == FORMUALIZER and not ours and ErrorValue("#LIMIT!") in self.results(CELLRUNE).values():
            raise ValueError("公式得出的文字过长或区域过大")
        witness, waiting = self._loaded.pop(name, None), self._waiting.pop(name, [])
        if witness is None:
            bare = self._bare if self._bare is not None and self._bare[0] is self._book else None
            self._bare = bare or (self._book, BareBook(self._book))
            witness = loaded(name, self._book, bare=self._bare[1], seconds=self._seconds)
        elif waiting:
            witness.put(waiting)
            self._bare = None
        self._loaded[name], self._waiting[name] = witness, []
        return witness.results


def _frame(book: Workbook) -> dict[str, bytes]:
    """All that a calculation depends on beside the cells."""
    return {part: data for part, data in book.around().items() if not _APART.search(part)}


def _holds(cell: Cell | None) -> tuple[Input, str | None]:
    """What a cell holds as far as a calculation goes: a value, or a formula whose result is to be calculated."""
    if cell is None:
        return None, None
    if cell.formula is not None:
        return (
            None,
            f"{cell.formula}" if cell.shared is None else f"{cell.shared} {cell.master} {cell.formula}",
        )
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value, None


def _put(sheet: str, ref: str, cell: Cell | None) -> Put:
    value, formula = _holds(cell)
    return Put((sheet, ref), value, "" if formula is None else "=" + formula)


def _simple(cell: Cell | None) -> bool:
    """Whether a cell that differs can be put in as it stands in the file: nothing that engines might read in two ways."""
    if cell is None or cell.formula is None:
        return cell is None or not cell.error
    return cell.shared is None and not offences("=" + cell.formula)


class Witnesses:
    """Both engines, with the workbooks last loaded, and some seconds for a calculation. Not to be shared between threads."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._kept: list[_Kept] = []

    def recompute(self, name: str, book: Workbook, file: str, *, ours: bool = False) -> Results:
        """Every formula cell of a workbook, calculated anew by one of the two; ``ours`` where a rubric prescribes them all."""
        if why := unavailable(name):
            raise EngineFailure(make("J611", engine=name, why=why))
        try:
            return dict(self._of(book).results(name, ours=ours))
        except TimeoutError as error:
            raise EngineFailure(make("J612", engine=name, file=file, seconds=self.seconds)) from error
        except (
            Exception
        ) as error:  # each library raises its own kinds; whatever it is, the workbook was not calculated
            raise EngineFailure(make("J613", engine=name, file=file, why=str(error)[:200])) from error

    def _of(self, book: Workbook) -> _Kept:
        """The workbook that is this one but for its figures, the latest first; else this one from now on."""
        found = next((kept for kept in self._kept if kept.takes(book)), None) or _Kept(book, self.seconds)
        others = [kept for kept in self._kept if kept is not found]
        self._kept = [found, *others][:MOST_KEPT] if found.books < MOST_BOOKS else others
        return found
