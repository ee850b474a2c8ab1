"""What a workbook keeps of its sources, as plain data in its hidden sheet: facts and records, with links to their cells."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from jixiao.master.plan import BLOCKS, CHECK_LETTERS, CHECKS, HIDDEN, LIST_FIRST
from jixiao.model import Fact, Found, Record, Refused, Source, Value, half_up, plain
from jixiao.office import Cell, CellValue, Workbook, as_typed, column_letter, split_ref

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook

PLACES = 6
MOST_ARGUMENTS = 200  # a function takes at most 255
LONGEST = 8000
HOLDS, TAIL, FAILS, UNCHECKED = "一致", "尾差", "不一致", "未核对"
Live = tuple[Value, str | None]
"""A value and the formula that gives it."""
ALIKE = ("file", "sheet", "form", "document", "sha256", "found")
"""What the sources of one table share."""


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


class Link(NamedTuple):
    """A live formula to a cell of an imported table; its number is divided by ``divisor`` (元 to 万元: 10000).

    ``blank_is_zero``: the form says that an empty cell of this table means zero.
    """

    sheet: str
    ref: str
    divisor: Decimal = Decimal(1)
    blank_is_zero: bool = False

    @property
    def address(self) -> str:
        """``'Z01'!$C$5``."""
        row, column = split_ref(self.ref)
        return f"{quoted(self.sheet)}!${column_letter(column)}${row}"

    def formula(self) -> str:
        """``IF(ISNUMBER(x),ROUND(x/10000,6),"")``: text and blanks do not become numbers by themselves."""
        x = self.address
        over = f"/{plain(self.divisor)}" if self.divisor != 1 else ""
        blank = f'IF({x}="",0,"")' if self.blank_is_zero else '""'
        return f"IF(ISNUMBER({x}),ROUND({x}{over},{PLACES}),{blank})"

    def value(self, cell: Cell | None) -> Decimal | None:
        """The number that the formula gives for the cell that it points at."""
        number = cell.number if cell is not None else None
        if number is not None:
            return self.figure(number)
        empty = cell is None or cell.value is None or cell.value == ""
        return Decimal(0) if self.blank_is_zero and empty else None

    def figure(self, number: Decimal) -> Decimal:
        """The number that the formula gives for one that stands there."""
        return half_up(number / self.divisor, PLACES)

    def said(self, *, within: str = "") -> str:
        """``Z01!C5÷10000``, for who reads of it; ``within`` a sheet without its name."""
        sheet = f"{self.sheet}!" if self.sheet != within else ""
        over = f"÷{plain(self.divisor)}" if self.divisor != 1 else ""
        return f"{sheet}{self.ref}{over}{'（空白计0）' if self.blank_is_zero else ''}"

    def now(self, book: Workbook) -> Decimal | None:
        """The number that the formula gives in a workbook; None also where its table was deleted."""
        if not book.has(self.sheet):
            return self.value(None)
        sheet = book.sheet(self.sheet)
        number = sheet.number_at(self.ref)
        return self.figure(number) if number is not None else self.value(sheet.get(self.ref))

    def data(self) -> list[Any]:
        """As plain data."""
        return [self.sheet, self.ref, str(self.divisor), self.blank_is_zero]

    @classmethod
    def of(cls, data: Sequence[Any]) -> Link:
        """From plain data."""
        return cls(data[0], data[1], Decimal(data[2]), bool(data[3]))

    @classmethod
    @functools.lru_cache(maxsize=4096)
    def read(cls, formula: str) -> Link | None:
        """The link whose own formula this is, or None: a sheet renamed in Excel and a cell that moved are followed.

        Office programs leave out quotes and ``$`` where they may, so those are not compared.
        """
        match = _FORMULA.fullmatch(formula.strip().lstrip("="))
        if match is None or not Decimal(match["over"] or 1):
            return None
        sheet, ref = match["sheet"], f"{match['column']}{match['row']}"
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        return cls(name, ref, Decimal(match["over"] or 1), match["zero"] is not None)


# what ``Link.formula`` writes
_FORMULA = re.compile(
    r"IF\(ISNUMBER\((?P<x>(?P<sheet>'(?:[^']|'')+'|[^'!]+)!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[1-9]\d{0,6}))\),"
    r"ROUND\((?P=x)(?:/(?P<over>\d+(?:\.\d+)?))?,6\),"
    r'(?:""|(?P<zero>IF\((?P=x)="",0,""\)))\)'
)


class Sources:
    """The sources of a block: what many share is written once, before the rows."""

    def __init__(self, alike: Iterable[Sequence[str]] = ()) -> None:
        self.alike = [tuple(row) for row in alike]
        self._at = {row: number for number, row in enumerate(self.alike)}

    def data(self, source: Source) -> list[Any]:
        """A source as plain data."""
        shared = tuple(str(getattr(source, name)) for name in ALIKE)
        if shared not in self._at:
            self._at[shared] = len(self.alike)
            self.alike.append(shared)
        box = [list(source.box)] if source.box else []
        return [self._at[shared], source.cell, source.label, *box]

    def of(self, data: Sequence[Any]) -> Source:
        """From plain data; workbooks of format 1 write each source in full, ``found`` last."""
        if len(data) > 4:
            file, sheet, cell, label, form, document, sha256, found = data
            return Source(file, sheet, cell, label, form, document, sha256, Found(found))
        number, cell, label, *box = data
        file, sheet, form, document, sha256, found = self.alike[int(number)]
        place = tuple(int(number) for number in box[0]) if box else ()
        return Source(file, sheet, cell, label, form, document, sha256, Found(found), place)


Shelf = tuple[Sources, list[Any]]


class Located(NamedTuple):
    """A fact and, where its table is in this workbook, the link to its cell there."""

    fact: Fact
    link: Link | None

    def data(self, sources: Sources) -> list[Any]:
        """As plain data; the link stands last."""
        fact, link = self.fact, self.link.data() if self.link else None
        value, source = value_data(fact.value), sources.data(fact.source)
        return [fact.name, value, source, fact.raw, fact.unit, str(fact.divisor), fact.note, link]

    @classmethod
    def of(cls, data: Sequence[Any], sources: Sources, book: Workbook | None) -> Located:
        """From plain data; a linked fact with the value that its cell has now, with none where no workbook is given."""
        name, value, source, raw, unit, divisor, *note, linked = data  # earlier workbooks keep no note
        link = Link.of(linked) if linked else None
        if link is not None:
            now = link.now(book) if book is not None else None
            shown = "" if now is None else now
        else:
            shown = value_of(value)
        said = note[0] if note else ""
        return cls(
            Fact(name, shown, sources.of(source), raw=raw, unit=unit, divisor=Decimal(divisor), note=said),
            link,
        )


class Kept(NamedTuple):
    """A record, with the links of those of its fields whose table is in this workbook."""

    record: Record
    links: dict[str, Link]

    @property
    def name(self) -> str:
        """What a row is matched by."""
        return str(self.record["name"] or "").strip()

    def data(self, sources: Sources) -> list[Any]:
        """As plain data."""
        item = self.record
        values = {name: value_data(value) for name, value in item.values.items()}
        places = {name: sources.data(source) for name, source in item.sources.items()}
        links = {name: link.data() for name, link in self.links.items()}
        return [item.kind, values, places, item.form, item.document, item.block, item.line, links]

    @classmethod
    def of(cls, data: Sequence[Any], sources: Sources, book: Workbook) -> Kept:
        """From plain data; linked fields with the value that their cell has now."""
        kind, values, places, form, document, block, line, linked = data
        links = {name: Link.of(link) for name, link in linked.items()}
        made = {name: value_of(value) for name, value in values.items()}
        made |= {name: link.now(book) for name, link in links.items()}
        found = {name: sources.of(source) for name, source in places.items()}
        return cls(Record(kind, made, found, form, document, block, int(line)), links)


class Sealed(NamedTuple):
    """What a source or a facts file gave an entry: as it stood there, as it was written, and by which link."""

    value: Value
    source: Source
    raw: str = ""
    link: Link | None = None

    def proof(self) -> list[str]:
        """What the columns of 取数 say of where it comes from."""
        source = self.source
        table = source.sheet or source.document
        return [source.found.value, source.file, table, source.cell, source.label, self.raw]

    def data(self, key: str, sources: Sources) -> list[Any]:
        """As plain data, with the key of the entry first."""
        link = self.link.data() if self.link else None
        return [key, value_data(self.value), sources.data(self.source), self.raw, link]

    @classmethod
    def of(cls, data: Sequence[Any], sources: Sources) -> Sealed:
        """From plain data; format 1 remembers only the value."""
        _, value, *rest = data
        if not rest:
            return cls(value_of(value), Source(""))
        source, raw, link = rest
        return cls(value_of(value), sources.of(source), raw, Link.of(link) if link else None)


def raw_text(fact: Fact) -> str:
    """A figure as it stood in its source, with its unit."""
    raw = fact.raw if fact.raw.strip() else "（空白）"
    return f"{raw} {'' if raw.endswith(fact.unit) else fact.unit}".strip()


Imported = dict[str, tuple[str, CellValue]]
"""The cells of an imported table as they came: address -> kept style, which has the number format, and value."""


def imported_data(cells: Imported) -> dict[str, dict[str, Any]]:
    """As plain data: style -> address -> value."""
    made: dict[str, dict[str, Any]] = {}
    for ref, (style, value) in cells.items():
        made.setdefault(style, {})[ref] = value_data(value)
    return made


def imported_of(data: Mapping[str, Mapping[str, Any]]) -> Imported:
    """From plain data."""
    return {ref: (style, value_of(value)) for style, cells in data.items() for ref, value in cells.items()}


@functools.lru_cache(maxsize=16)
def shelf_of(text: str) -> Shelf:
    """A block as data, with the sources that its rows name. Many workbooks keep the same: nobody changes it."""
    made: Any = json.loads(text, parse_float=Decimal, parse_int=Decimal) if text else []
    whole = made if isinstance(made, dict) else {"sources": (), "rows": made}
    return Sources(whole["sources"]), whole["rows"]


def row_count(text: str) -> int:
    """How many rows a block has that ``keep_block`` wrote, each a list that begins with a text; it is not taken apart.

    Quotes inside of texts are escaped, so that what stands between two rows stands nowhere else.
    """
    rows = text.rpartition('"rows":')[2]
    return rows.count('],["') + rows.startswith('[["')


@functools.lru_cache(maxsize=4)
def tables_of(text: str) -> dict[str, Imported]:
    """The imported tables of a block as they came, by sheet; nobody changes them."""
    return tables(shelf_of(text)[1])


def tables(rows: Sequence[Any]) -> dict[str, Imported]:
    """The same of its rows."""
    return {name: imported_of(cells) for name, cells in rows}


def sealed_of(sources: Sources, rows: Sequence[Any]) -> dict[str, Sealed]:
    """The seals of a block."""
    return {row[0]: Sealed.of(row, sources) for row in rows}


class CheckSide(NamedTuple):
    """One side of a row of 勾稽: its words, its place, its figure when it was written, and the links that add up to it.

    A link stands with its sign. There are none where not all figures of the side stand in this workbook.
    """

    text: str
    place: str
    value: Decimal | None
    terms: tuple[tuple[int, Link], ...] = ()

    def formula(self) -> str | None:
        """``ROUND(SUM(a,b)/10000-SUM(c)/10000,6)``, or None where the side is not linked."""
        groups: dict[tuple[int, Decimal], list[str]] = {}
        for sign, link in self.terms:
            groups.setdefault((sign, link.divisor), []).append(link.address)
        pieces: list[str] = []
        for (sign, divisor), addresses in groups.items():
            over = f"/{plain(divisor)}" if divisor != 1 else ""
            for start in range(0, len(addresses), MOST_ARGUMENTS):
                lead = "0-" if sign < 0 and not pieces else "-" if sign < 0 else "+" if pieces else ""
                pieces.append(f"{lead}SUM({','.join(addresses[start : start + MOST_ARGUMENTS])}){over}")
        text = f"ROUND({''.join(pieces)},{PLACES})"
        return text if pieces and len(text) <= LONGEST else None

    def now(self, book: Workbook) -> Decimal | None:
        """The figure that its cells give now; None where a table is gone."""
        if not self.terms:
            return self.value
        total = Decimal(0)
        for sign, link in self.terms:
            if not book.has(link.sheet):
                return None
            number = book.sheet(link.sheet).number_at(link.ref)
            if number:
                total += sign * number / link.divisor
        return as_typed(half_up(total, PLACES))

    def stands(self, row: int, book: Workbook, column: str = "左方数值") -> tuple[str, bool, Decimal | None]:
        """Its cell on 勾稽, whether that is linked, and its figure: what the linked cells give now, else what stands there.

        None where a table is gone.
        """
        ref, sheet = f"{CHECK_LETTERS[column]}{row}", book.sheet(CHECKS)
        if not self.terms or sheet.formula_at(ref) is None:
            return ref, False, sheet.number_at(ref)
        return ref, True, self.now(book)

    def data(self) -> list[Any]:
        """As plain data."""
        terms = [[sign, *link.data()] for sign, link in self.terms]
        return [self.text, self.place, value_data(self.value), terms]

    @classmethod
    def of(cls, data: Sequence[Any]) -> CheckSide:
        """From plain data."""
        text, place, value, terms = data
        return cls(text, place, value_of(value), tuple((int(sign), Link.of(link)) for sign, *link in terms))


class CheckRow(NamedTuple):
    """A row of 勾稽 as it was written; what stands in its cells follows from it."""

    id: str
    title: str
    unit: str
    left: CheckSide
    right: CheckSide
    relation: str
    tolerance: Decimal

    def verdict(self, left: Decimal | None, right: Decimal | None) -> tuple[Value, str]:
        """Difference and verdict of two figures; blank and 未核对 where one is missing."""
        if left is None or right is None:
            return "", UNCHECKED
        difference = half_up(left - right, PLACES)
        if {"=": difference == 0, ">=": difference >= 0, ">": difference > 0}[self.relation]:
            return difference, HOLDS
        if self.relation != ">" and abs(difference) <= self.tolerance:
            return difference, TAIL
        return difference, FAILS

    def cells(self, row: int) -> list[Value | Live]:
        """Values and formulas, in the order of the columns."""
        left, right, gap, most = (
            f"{CHECK_LETTERS[name]}{row}" for name in ("左方数值", "右方数值", "差额", "允许差")
        )
        difference, outcome = self.verdict(self.left.value, self.right.value)
        both = f"COUNT({left},{right})=2"
        tail = f'"{FAILS}"' if self.relation == ">" else f'IF(ABS({gap})<={most},"{TAIL}","{FAILS}")'
        agrees = f'IF({gap}{self.relation}0,"{HOLDS}",{tail})'
        sides = [("" if s.value is None else s.value, s.formula()) for s in (self.left, self.right)]
        return [
            str(row - LIST_FIRST + 1),
            self.id,
            self.title,
            self.left.text,
            sides[0],
            self.right.text,
            sides[1],
            (difference, f'IF({both},ROUND({left}-{right},{PLACES}),"")'),
            self.tolerance,
            (outcome, f'IF({both},{agrees},"{UNCHECKED}")'),
            self.left.place,
            self.right.place,
            "",
            "",
        ]

    def data(self) -> list[Any]:
        """As plain data."""
        sides = [self.left.data(), self.right.data()]
        return [self.id, self.title, self.unit, *sides, self.relation, str(self.tolerance)]

    @classmethod
    def of(cls, data: Sequence[Any]) -> CheckRow:
        """From plain data."""
        ident, title, unit, left, right, relation, tolerance = data
        sides = CheckSide.of(left), CheckSide.of(right)
        return cls(ident, title, unit, *sides, relation, Decimal(tolerance))


_FIGURE = re.compile(r'\{"d":"[^"]*"\}')  # inside a text its quotes would be escaped


def without_figures(text: str) -> str:
    """The text of a block without its figures: workbooks with the same tables have the same."""
    return _FIGURE.sub("null", text)


def bare_checks(text: str) -> list[CheckRow]:
    """The rows of 勾稽 from the text of their block, without the figures that their sides had."""
    return _checks(without_figures(text))


@functools.lru_cache(maxsize=16)
def _checks(text: str) -> list[CheckRow]:
    return [CheckRow.of(data) for data in json.loads(text)] if text else []


def alike(one: CellValue, other: CellValue) -> bool:
    """Whether two contents are one for who reads them: numbers to 15 digits, texts but for their blanks."""
    one, other = None if one == "" else one, None if other == "" else other
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one == other or as_typed(one) == as_typed(other)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or one.split() == other.split()
    return type(one) is type(other) and one == other


def clean(cell: Cell) -> Value:
    """A cell's value as an entry: numbers as typed, text without surrounding blanks, empty as None."""
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if isinstance(cell.value, Decimal):
        return cell.number
    return (cell.value or "").strip() or None


def value_data(value: Value) -> Any:
    """A value as plain data; a decimal keeps every digit."""
    return {"d": str(value)} if isinstance(value, Decimal) else value


def value_of(value: Any) -> Any:
    """The value of ``value_data``."""
    return Decimal(value["d"]) if isinstance(value, dict) else value


UNREAD = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading data that is not shaped as it was kept raises."""


class State(StrEnum):
    """How far a workbook is; the text is what people read."""

    DRAFT = "草稿"
    REVIEWED = "已复核"
    FINAL = "定稿"


class Step(NamedTuple):
    """A step of the review: the state since then, by whom, when (``2026-11-30 14:20``), why where it was taken back.

    ``seal`` is the printed digest of what was signed, ``groups`` the digests of its parts, ``held`` its figures by group and
    name; the last two are kept of the last step only.
    """

    state: State
    who: str = ""
    when: str = ""
    why: str = ""
    seal: str = ""
    groups: Mapping[str, str] = {}
    held: Mapping[str, Mapping[str, str]] = {}

    @classmethod
    def of(cls, data: Sequence[Any]) -> Step:
        """From plain data."""
        state, who, when, why, seal, groups, held = data
        figures = {name: dict(said) for name, said in held.items()}
        return cls(State(state), who, when, why, seal, dict(groups), figures)

    @property
    def lines(self) -> tuple[str, ...]:
        """As 封面 says it, in two lines; nothing for a draft that nobody reviewed."""
        if not self.who:
            return ()
        what = f"退回{self.state}" if self.state is State.DRAFT else self.state.value
        return (
            f"{what}：{self.who}，{self.when}",
            f"理由：{self.why}" if self.why else f"封存摘要 {self.seal}",
        )

    @property
    def said(self) -> str:
        """The same in one line, as messages say it."""
        return "，".join(self.lines)


P = ParamSpec("P")
R = TypeVar("R")


def kept_whole(work: Callable[Concatenate[ScoringBook, P], R]) -> Callable[Concatenate[ScoringBook, P], R]:
    """Work on a workbook: where it fails because somebody wrote into the hidden sheet, one line says so (Refused).

    The blocks are looked at only after something went wrong, so that a good workbook does not pay for it.
    """

    @functools.wraps(work)
    def done(book: ScoringBook, /, *args: P.args, **named: P.kwargs) -> R:
        try:
            return work(book, *args, **named)
        except UNREAD as error:
            if _sound(book):
                raise
            raise Refused("J598", Source(book.path.name, HIDDEN), file=book.path.name) from error

    return done


def _sound(book: ScoringBook) -> bool:
    """Whether every block reads as what it was kept as."""
    try:
        shelves = {block: shelf_of(book.text(block)) for block in BLOCKS if block != "definition"}
        for block, noun in (("located", Located.of), ("records", Kept.of)):
            for row in shelves[block][1]:
                noun(row, shelves[block][0], book.book)
        sealed_of(*shelves["sealed"])
        tables(shelves["tables"][1])
        rows: list[object] = [CheckRow.of(row) for row in shelves["checks"][1]]
        rows += [Step.of(row) for row in shelves["reviews"][1]]
        return len(rows) >= 0 and all(isinstance(row[3], str) for row in shelves["sources"][1])
    except UNREAD:
        return False
