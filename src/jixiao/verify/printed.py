"""What is printed is what the rubric prescribes: every fixed text, and nothing that hides a figure or shows another one.

Cells first; ``arranged`` looks at sheets and workbook. Compared is what a person sees: programs number styles anew, and
people widen columns and colour cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.master import HIDDEN, Prescribed, ScoringBook, Spec, Wanted, alike
from jixiao.model import Findings, Value, plain
from jixiao.office import Content, Look, parse_number, resolved, rich_text, shows_alike, split_area, split_ref
from jixiao.verify.structure import check_formula

SHOWN, LISTED = 60, 20
LONG = 20  # letters; a longer text needs its lines
Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Printed:
    """One sheet as it is held against what is prescribed, nothing of an imported table; ``filled`` shows something.

    ``by_result``: whether of the row at hand some look was judged by what a formula gives.
    """

    book: ScoringBook
    name: str
    own: Prescribed
    findings: Findings
    filled: set[str] = field(default_factory=set)
    by_result: bool = False
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
    for cell, text in looks.unproved(sheet, rows, wanted, area):
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
            sheet.by_result |= bool(live) and (bool(pieces) or (style, id(want.spec)) not in clean)
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
    asked = tuple((style, id(spec)) for style, spec in kept.items())
    for cell, _ in looks.unproved(sheet, rows, asked):
        spec = None if (sheet.name, cell.ref) in told else kept.get(cell.style)
        if pieces or (cell.style, id(spec)) not in looks.clean:
            _look(sheet, looks, cell, spec, pieces)
            sheet.by_result |= bool(cell.live)


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


class _Right:
    """The bytes of rows in which nothing was wrong, with their cells that show something, by all that was asked of them.

    Workbooks of one rubric have most rows in common. Objects are known by identity, and kept so that it stays theirs.
    """

    MOST = 6_000  # rows; then all is forgotten

    def __init__(self) -> None:
        self._known: dict[object, tuple[tuple[object, ...], dict[bytes, frozenset[str]]]] = {}
        self._count = 0

    def rows(self, *asked: object) -> dict[bytes, frozenset[str]]:
        """The rows that are right where this is asked."""
        key = tuple(one if isinstance(one, tuple) else id(one) for one in asked)
        self._count += key not in self._known
        return self._known.setdefault(key, (asked, {}))[1]

    def add(self, rows: dict[bytes, frozenset[str]], data: bytes, refs: frozenset[str]) -> None:
        """One more of them."""
        if self._count > self.MOST:
            self._known.clear()
            self._count = 0
        rows[data] = refs
        self._count += 1


_RIGHT = _Right()


class Looks:
    """The looks of a workbook's cells, judged once for each style and what is prescribed of it.

    ``clean`` are the pairs that need no look at the content.
    """

    def __init__(self, book: ScoringBook) -> None:
        self._book, self._cells, self._rich = book.book, book.book.styles().cells, book.book.rich_texts()
        self._texts = book.book.strings()
        self._numbered = {str(number): text for number, text in enumerate(self._texts)}
        self.clean: set[tuple[str, int]] = set()
        self._judged: dict[tuple[str, int], list[tuple[str, str, str]]] = {}

    def unproved(
        self, sheet: Printed, changed: Collection[int], *asked: object
    ) -> Iterator[tuple[Content, str]]:
        """The cells that show something, with their texts, but for the rows that were found right in another workbook.

        A row stays right as long as its bytes, the styles, the shared texts and all that is ``asked`` of it are the same.
        What its formulas gave counts only where a look was judged by it.
        The rows of ``changed`` are asked for something else in this workbook; a shared formula stands in other rows too.
        """
        right = _RIGHT.rows(self._cells, self._texts, *asked)
        for line in sheet.book.sheet(sheet.name).lines():
            data = line.data
            own = bool(changed) and bool(data) and int(line.attributes["r"]) in changed
            refs = right.get(data) or right.get(line.bare) if not own else None
            if refs is None:
                sheet.by_result = False
                found = [
                    (cell, text) for cell in line.contents.values() if (text := self._text(cell)) or cell.live
                ]
                refs, told = frozenset(cell.ref for cell, _ in found), len(sheet.findings)
                yield from found
                alone = bool(data) and not own and b't="shared"' not in data
                if alone and len(sheet.findings) == told:
                    _RIGHT.add(right, data if sheet.by_result else line.bare, refs)
            sheet.filled |= refs

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
            look.format != code
            if spec is not None
            else not look.format.replace(";", "").strip() and look.format
        ):
            number = parse_number(text) if cell.kind in ("", "n") else None
            if not shows_alike(look.format, code, text if number is None else number):
                yield "数字格式", look.format or "常规", code or "常规"
        elif (look.wrapped or not wraps) and not self._judged[key]:
            self.clean.add(key)
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
