"""What is printed is what the rubric prescribes: every fixed text, and nothing that hides a figure or shows another one.

Cells first; ``arranged`` looks at sheets and workbook. Compared is what a person sees: programs number styles anew, and
people widen columns and colour cells.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from jixiao.master import HIDDEN, Plan, Prescribed, ScoringBook, Spec, Wanted, alike
from jixiao.model import Findings, Value, plain
from jixiao.office import (
    Content,
    Look,
    PlainShape,
    Workbook,
    parse_number,
    resolved,
    rich_text,
    same_format,
    shows_alike,
    split_area,
    split_ref,
)
from jixiao.verify.structure import check_formula

SHOWN, LISTED = 60, 20
LONG = 20  # letters; a longer text needs its lines
Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Printed:
    """One sheet as it is held against what is prescribed, nothing of an imported table; ``filled`` shows something."""

    book: ScoringBook
    name: str
    own: Prescribed
    findings: Findings
    filled: set[str] = field(default_factory=set)
    _spots: set[tuple[int, int]] | None = None

    def add(self, code: str, ref: str, **words: object) -> None:
        """A finding at a cell of this sheet, or of the whole sheet."""
        said: dict[str, Any] = {name: shown(value) for name, value in words.items()}
        self.findings.add(code, self.book.source(self.name, ref), **said)

    @property
    def spots(self) -> set[tuple[int, int]]:
        """Row and column of the cells that show something, from 1."""
        if self._spots is None:
            self._spots = set(map(split_ref, self.filled))
        return self._spots


def shown(value: object) -> str:
    """A content in a message."""
    if isinstance(value, Decimal):
        return plain(value)
    return str("" if value is None else value).replace("\n", " ")[:SHOWN] or "空白"


def check_cells(sheet: Printed, looks: Looks) -> None:
    """Every cell of one of our own sheets."""
    wanted, changed, clean = sheet.own.cells, sheet.own.changed, looks.clean
    pieces, area = looks.in_pieces(sheet.name), own_area(sheet.own.area)
    rows = {split_ref(ref)[0] for ref in changed}
    for cell, text in looks.unproved(sheet, rows, Same(wanted), area):
        ref, style, kind, live, formula, _, _ = cell
        want = changed.get(ref) or wanted.get(ref)
        if want is None:
            if area is None or _inside(area, ref):
                sheet.add("J630", ref, found=_content(sheet, ref), expected="")
            continue
        as_written = (formula, live, kind != "e") if live else (None, text, True)
        as_wanted = (want.formula, "<f>", True) if live else (want.formula, want.value, True)
        if as_written != as_wanted and not want.free:
            _differs(sheet, cell, want)
        if pieces or (style, id(want.spec)) not in clean:
            _look(sheet, looks, cell, want.spec, pieces)
    for ref in (sheet.own.due - sheet.filled) | (changed.keys() - sheet.filled):
        want = changed.get(ref) or wanted[ref]
        if not want.free:
            _differs(sheet, Content(ref, "", "", "", "", "", ""), want)


def _differs(sheet: Printed, cell: Content, want: Wanted) -> None:
    """A cell that is not written as it is prescribed: in another spelling, or something else."""
    if want.formula is None:
        found = _content(sheet, cell.ref)
        if cell.live or not _same(found, want.value):
            sheet.add("J630", cell.ref, found=found, expected=want.value)
    elif resolved(cell.formula) != want.formula or cell.kind == "e" or ' t="' in cell.live:
        check_formula(sheet.book, sheet.name, cell.ref, want.formula, sheet.findings)


def check_table(
    sheet: Printed, looks: Looks, kept: Mapping[str, Spec], told: Collection[tuple[str, str]]
) -> None:
    """Every cell of an imported table; its contents are compared with the seals elsewhere.

    ``kept`` are the looks that were given to it, by style; ``told`` the cells that are named as changed already.
    """
    pieces = looks.in_pieces(sheet.name)
    rows = {split_ref(ref)[0] for name, ref in told if name == sheet.name and ref}
    asked = tuple((style, Same(spec)) for style, spec in kept.items())
    for cell, _ in looks.unproved(sheet, rows, asked, kept=kept):
        spec = None if (sheet.name, cell.ref) in told else kept.get(cell.style)
        if pieces or (cell.style, id(spec)) not in looks.clean:
            _look(sheet, looks, cell, spec, pieces)


def _look(
    sheet: Printed, looks: Looks, cell: Content, spec: Spec | None, pieces: Mapping[str, list[Look]]
) -> None:
    for what, found, expected in looks.wrong(cell, spec, pieces):
        sheet.add("J631", cell.ref, what=what, found=found, expected=expected)


def _inside(area: Box, ref: str) -> bool:
    row, column = split_ref(ref)
    return area[0] <= row <= area[2] and area[1] <= column <= area[3]


def _content(sheet: Printed, ref: str) -> Value:
    """What a cell holds, a formula as such."""
    own = sheet.book.sheet(sheet.name)
    cell = own.get(ref)
    if cell is None:
        return None
    return cell.value if cell.formula is None else f"={own.formula(cell)}"


def _same(found: Value, wanted: Value | float) -> bool:
    return alike(found, wanted if isinstance(wanted, str | bool) or wanted is None else Decimal(str(wanted)))


class Same:
    """A thing that is known by its identity, and kept so that it stays its own."""

    __slots__ = ("_one",)

    def __init__(self, one: object) -> None:
        self._one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._one is other._one

    def __hash__(self) -> int:
        return id(self._one)


class _Known(NamedTuple):
    """What was right of one shape: its cells that show something, which of its contents count, and those that were right."""

    filled: frozenset[str]
    counting: tuple[int, ...]
    right: set[tuple[bytes, ...]]


class _Right:
    """Sheets, and rows of others, in which nothing was wrong, by their shape and all that was asked of them.

    Workbooks of one rubric have most of them in common but for their figures, of which nothing is asked here.
    """

    MOST = 6_000  # contents; then all is forgotten

    def __init__(self) -> None:
        self._known: dict[object, _Known] = {}
        self._count = 0

    def knows(self, key: object, held: Sequence[bytes]) -> frozenset[str] | None:
        """The cells that show something, where these contents were found right."""
        known = self._known.get(key)
        if known is None or tuple([held[at] for at in known.counting]) not in known.right:
            return None
        return known.filled

    def add(
        self, key: object, held: Sequence[bytes], filled: frozenset[str], counting: Iterable[int]
    ) -> None:
        """One more of them."""
        if self._count > self.MOST:
            self._known.clear()
            self._count = 0
        known = self._known.setdefault(key, _Known(filled, tuple(counting), set()))
        known.right.add(tuple([held[at] for at in known.counting]))
        self._count += 1


RIGHT = _Right()
_CLEAN: dict[object, dict[tuple[str, int], Spec | None]] = {}
_AROUND: list[dict[str, bytes]] = []
MOST_AROUND = 8


def _around(book: Workbook) -> Same:
    """What stands for all of a workbook beside its worksheets."""
    parts = book.around()
    found = next((one for one in _AROUND if one == parts), parts)
    _AROUND[:] = [found, *(one for one in _AROUND if one is not found)][:MOST_AROUND]
    return Same(found)


class Looks:
    """The looks of a workbook's cells, judged once for each style and what is prescribed of it.

    ``clean`` are the pairs that need no look at the content.
    """

    def __init__(self, book: ScoringBook) -> None:
        self._book, self._cells, self._rich = book.book, book.book.styles().cells, book.book.rich_texts()
        self._texts, self._around = book.book.strings(), _around(book.book)
        self._numbered = {str(number): text for number, text in enumerate(self._texts)}
        self._styles = Same(self._cells)
        if len(_CLEAN) > MOST_AROUND:
            _CLEAN.clear()
        self.clean = _CLEAN.setdefault(self._styles, {})
        self._judged: dict[tuple[str, int], list[tuple[str, str, str]]] = {}

    def knows(self, name: str, mark: object, told: Callable[[], Mapping[str, Value]] = dict) -> bool:
        """Whether a whole sheet is as one was that was right where the same was asked, and says what is ``told``."""
        plain = self._book.sheet(name).plain
        if mark is None or plain is None:
            return False
        right = RIGHT.knows((self._around, Same(plain.shape), mark), plain.held) is not None
        return right and plain.says(told())

    @contextlib.contextmanager
    def once(self, plan: Plan, findings: Findings) -> Iterator[bool]:
        """A look at what stands beside the sheets: whether it is still to be taken, for workbooks that have the same there."""
        key, before = (self._around, Same(plan)), len(findings)
        open_yet = RIGHT.knows(key, ()) is None
        yield open_yet
        if open_yet and len(findings) == before:
            RIGHT.add(key, (), frozenset(), ())

    @contextlib.contextmanager
    def keeping(
        self, sheet: Printed, mark: object, told: Collection[str] = (), kept: Mapping[str, Spec] | None = None
    ) -> Iterator[None]:
        """A look over a whole sheet, which is known as right if nothing is found wrong."""
        before, plain = len(sheet.findings), self._book.sheet(sheet.name).plain
        yield
        if mark is not None and plain is not None and len(sheet.findings) == before:
            counting = self._counting(plain.shape, sheet.own, told, kept)
            RIGHT.add((self._around, Same(plain.shape), mark), plain.held, frozenset(), counting)

    def _counting(
        self, shape: PlainShape, own: Prescribed, told: Collection[str], kept: Mapping[str, Spec] | None
    ) -> Iterator[int]:
        """The contents of a sheet, or of a row, by which something was judged; what is told is asked for otherwise."""
        for ref, at in shape.holds.items():
            slot = shape.slots[ref]
            style, want = str(slot.style) if slot.style else "", own.changed.get(ref) or own.cells.get(ref)
            asked, spec = want is not None, want.spec if want is not None else None
            if kept is not None:
                asked, spec = True, kept.get(style)
            fixed = want is not None and not want.free and slot.formula is None
            judged = asked and (fixed or (style, id(spec)) not in self.clean)
            if (judged or slot.kind == "s") and ref not in told:
                yield at

    def unproved(
        self, sheet: Printed, changed: Collection[int], *asked: object, kept: Mapping[str, Spec] | None = None
    ) -> Iterator[tuple[Content, str]]:
        """The cells that show something, with their texts, but for the rows that were found right in another workbook.

        The rows of ``changed`` are asked for something else in this workbook; a shared formula stands in other rows too.
        """
        own = sheet.book.sheet(sheet.name)
        if own.plain is None:
            yield from self._showing(sheet, own.contents())
            return
        for row in own.plain.rows.values():
            shape, alone = row.shape, row.shape.number not in changed and b't="shared"' not in row.data
            key = (self._styles, Same(self._texts), Same(shape), *asked)
            refs = RIGHT.knows(key, row.held) if alone else None
            if refs is not None:
                sheet.filled |= refs
                continue
            told = len(sheet.findings)
            yield from self._showing(sheet, row.line.contents)
            if alone and len(sheet.findings) == told:
                filled = frozenset(sheet.filled & shape.slots.keys())
                RIGHT.add(key, row.held, filled, self._counting(shape, sheet.own, (), kept))

    def _showing(self, sheet: Printed, contents: Mapping[str, Content]) -> Iterator[tuple[Content, str]]:
        """Those of some cells that show something, with their texts."""
        for cell in contents.values():
            if (text := self._text(cell)) or cell.live:
                sheet.filled.add(cell.ref)
                yield cell, text

    def _text(self, cell: Content) -> str:
        return self._numbered.get(cell.value, "") if cell.kind == "s" else cell.own or cell.value

    def in_pieces(self, name: str) -> dict[str, list[Look]]:
        """The cells of a sheet whose text is made of pieces, with their looks."""
        sheet = self._book.sheet(name)
        made = {ref: rich_text(data, self._book.styles()) for ref, data in sheet.pieces()}
        if self._rich:
            for cell in sheet.contents().values():
                if cell.kind == "s" and cell.value in self._rich:
                    made[cell.ref] = self._rich[cell.value]
        return made

    def wrong(
        self, cell: Content, spec: Spec | None, pieces: Mapping[str, list[Look]]
    ) -> Iterator[tuple[str, str, str]]:
        """What of a cell's look hides its content or shows another: what, as it is, as prescribed."""
        look, key = self._look(cell.style), (cell.style, id(spec))
        if key not in self._judged:
            self._judged[key] = [(what, found, _said_of(what, spec)) for what, found in look.faults()]
        yield from self._judged[key]
        text = self._text(cell)
        code, wraps = str((spec or {}).get("num_format", "")), bool(spec and spec.get("text_wrap"))
        if (
            not same_format(look.format, code)
            if spec is not None
            else not look.format.replace(";", "").strip() and look.format
        ):
            number = parse_number(text) if cell.kind in ("", "n") else None
            if not shows_alike(look.format, code, text if number is None else number):
                yield "数字格式", look.format or "常规", code or "常规"
        elif (look.wrapped or not wraps) and not self._judged[key]:
            self.clean[key] = spec
        if wraps and not look.wrapped and len(text) > LONG:
            yield "自动换行", "取消", "有"
        for run in pieces.get(cell.ref, ()):
            yield from ((what, found, "全文可见") for what, found in run.faults(look.paper))

    def _look(self, style: str) -> Look:
        number = int(style or 0)
        return self._cells[number] if number < len(self._cells) else Look()


def _said_of(what: str, spec: Spec | None) -> str:
    """What is prescribed instead."""
    told = {
        "文字和底色": ("font_color", "bg_color"), "字号": ("font_size",), "字体": ("font_name",),
    }.get(what, ())  # fmt: skip
    parts = (str((spec or {}).get(name, "")).lstrip("#") for name in told)
    return "／".join(part for part in parts if part) or "无"


def own_area(area: str) -> Box | None:
    """A print area as a box, None where everything is printed."""
    return split_area(area.replace("$", "")) if area and "," not in area else None


def sheets_of(book: ScoringBook) -> tuple[list[str], list[str]]:
    """The imported tables that are there, and the sheets that are neither ours nor imported."""
    moved = {name: move.sheet for name, move in book.moves.items()}
    tables = [moved.get(row[3], row[3]) for row in book.kept("sources") if row[3]]
    there = [name for name in dict.fromkeys(tables) if name in book.book.worksheets]
    known = {*book.plan.sheets, HIDDEN, *there}
    return there, [name for name in book.book.sheet_names if name not in known]
