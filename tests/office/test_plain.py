"""The quick reader of worksheet parts sees exactly what the parser sees, and leaves alone what it does not know."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jixiao.model import Stop
from jixiao.office import guard
from jixiao.office.ooxml import Book, Cell, Sheet, column_letter, plain, reader
from jixiao.office.ooxml import sheet as sheet_module
from jixiao.office.ooxml.cells import Value
from tests.office import hostile_files as hostile
from tests.office.part_spellings import OTHER, PLAIN

MASTERS = Path(__file__).resolve().parents[2] / "workbooks" / "masters"
STRINGS = ("甲", "乙")
MC = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


def part(body: str, *, head: str = "", tail: str = "", root: str = MC, declared: str = "") -> bytes:
    xml = f'<?xml version="1.0"{declared}?>\n<worksheet xmlns="{hostile.MAIN}" {root}>{head}<sheetData>{body}</sheetData>'
    return f"{xml}{tail}</worksheet>".encode()


def quick(data: bytes) -> Sheet:
    return Sheet(data, "表", lambda: STRINGS)


def slow(data: bytes) -> Sheet:
    with patch.object(sheet_module, "read_plain", lambda *_: None):
        return quick(data)


def seen(made: Sheet, ref: str) -> Cell | str | None:
    try:
        return made.get(ref)
    except Stop as stop:
        return stop.finding.line()


def compare(data: bytes) -> Sheet | None:
    """Read a part both ways and hold everything against each other; None where both refuse it alike."""
    refusals = []
    for read in (quick, slow):
        try:
            read(data)
        except Stop as stop:
            refusals.append(stop.finding.line())
    if refusals:
        assert len(refusals) == 2 and refusals[0] == refusals[1]
        return None
    made, known = quick(data), slow(data)
    assert made.merged == known.merged
    refs = [*known._grid.slots, "A1", "B1", "C7", "XFD1048576"]
    assert [seen(made, ref) for ref in refs] == [seen(known, ref) for ref in refs]
    return made


def test_patterns_stay_linear() -> None:
    """A row as wide as the grid, and texts that almost match, take no time that grows with their square."""
    wide = "".join(
        f'<c r="{column_letter(n)}1" t="str"><f>A1</f><v>x&amp;y</v></c>' for n in range(1, 16_385)
    )
    assert plain.read_plain(part(f'<row r="1">{wide}</row>'), "表") is not None
    assert plain.read_plain(part(f'<row r="1">{wide}<c/></row>'), "表") is None
    for text in ("&amp;" * 200_000, "<v>" * 200_000, '<c r="A1"' * 100_000, ' ht="1"' * 100_000):
        assert plain.read_plain(part(f'<row r="1"><c r="A1" t="str"><v>{text}'), "表") is None


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_part_is_read_without_the_parser(name: str) -> None:
    made = compare(part(PLAIN[name]))
    assert made is not None and made._plain is not None and made._parsed is None


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_the_parsers(name: str) -> None:
    assert plain.read_plain(part(OTHER[name]), "表") is None
    compare(part(OTHER[name]))


CELL = PLAIN["number"]


@pytest.mark.parametrize(
    "data",
    [
        part(CELL, root=""),
        part(CELL, head="<sheetPr>&bad;</sheetPr>"),
        part(CELL, tail="<row r='9'><c r='A9'/></row>"),
        part(CELL, tail=f"<sheetData>{PLAIN['nothing']}</sheetData>"),
        part(CELL, head=f"<!--<sheetData>{CELL}</sheetData>-->"),
        part(CELL, head='<x xmlns="other">', tail="</x>"),
        part(CELL, tail="<open>"),
        part(CELL, declared=' encoding="GB18030"'),
        part(CELL, declared=' encoding="US-ASCII"'),
        part(PLAIN["as Excel"], root=""),
        part(CELL).replace(hostile.MAIN.encode(), b"other"),
        part(CELL).replace(b"<sheetData>", b"<x:sheetData>"),
        part(CELL).replace(b"<v>", b"<v>\xff", 1),
        part(CELL).decode().encode("utf-16"),
        part(CELL, head="<!DOCTYPE x>"),
        part(""),
    ],
)  # fmt: skip
def test_what_stands_around_the_cells_is_the_parsers(data: bytes) -> None:
    compare(data)


def test_limits_are_those_of_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_CELLS", 1)
    assert compare(part(CELL)) is None


def test_a_part_too_large_to_hold_is_the_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_PLAIN", 100)
    assert plain.read_plain(part(CELL), "表") is None


PIECES = st.sampled_from(
    [
        *PLAIN.values(),
        *OTHER.values(),
        "<",
        "&",
        "]]>",
        "</row>",
        "</c>",
        "<c/>",
        '<row r="5">',
        "<!--",
        "-->",
        " ",
        "甲",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=4))
def test_any_mixture_reads_alike(pieces: list[str]) -> None:
    compare(part("".join(pieces)))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(PLAIN)), st.data())
def test_a_damaged_part_reads_alike(name: str, data: st.DataObject) -> None:
    made = bytearray(
        part(PLAIN[name] + '<row r="7"><c r="C7" t="str"><f>B1</f><v>甲</v></c></row>' * (name[0] != "l"))
    )
    first = made.index(b"<sheetData>") - 9
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(first, len(made) - 1))
        made[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from(
                [
                    b"",
                    b"<",
                    b">",
                    b'"',
                    b"&",
                    b"/",
                    b" ",
                    b"1",
                    b"A",
                    b"\x00",
                    b"\xe7",
                    b"=",
                    b"c",
                    b"v",
                    b"r",
                ]
            )
        )
    compare(bytes(made))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    st.sampled_from(
        [Decimal("0.1"), Decimal("0.10"), Decimal(1), Decimal("1E+2"), "", "x", "a<b", "_x000D_", "a\x01"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(PLAIN)),
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "$b$1", "C1", "D3", "Z9"]), VALUES, st.sampled_from(["", "C9", None])
        ),
        max_size=4,
    ),
)
@example("empty text", [("A1", "", "")])
@example("escapes", [("A1", "_x000D_x_x0041_", "")])
def test_changes_are_written_alike(name: str, changes: list[tuple[str, Value, str | None]]) -> None:
    fast, known = quick(part(PLAIN[name])), slow(part(PLAIN[name]))
    for ref, value, formula in changes:
        said = []
        for made in (fast, known):
            try:
                if formula == "":
                    made.set(ref, value)
                else:
                    made.set(ref, value, formula=formula)
            except Stop as stop:
                said.append(stop.finding.line())
        assert len(said) in (0, 2) and len(set(said)) < 2
        assert (fast.changed, fast.formulas_changed) == (known.changed, known.formulas_changed)
    assert fast.to_bytes() == known.to_bytes()


@pytest.mark.parametrize("file", sorted(MASTERS.glob("*.xlsx")), ids=lambda file: file.stem)
def test_our_own_workbooks_are_plain(file: Path) -> None:
    data = file.read_bytes()
    book = guard.open_package(data)
    for name in book.sheet_names:
        sheet = book.sheet(name)
        assert sheet._parsed is None
        with patch.object(sheet_module, "read_plain", lambda *_: None):
            known = Sheet(book.package.read(book.part(name)), name, book.strings)
        assert [sheet.get(ref) for ref in known._grid.slots] == list(known.cells())


def test_the_check_measures_alike_and_the_book_is_read_once() -> None:
    bodies = {**PLAIN, **OTHER}
    for name, body in bodies.items():
        data = hostile.book(part=part(body, tail='<mergeCells><mergeCell ref="B2:C9"/></mergeCells>'))
        outcomes: list[tuple[int | str, ...]] = []
        for read in (plain.read_plain, lambda *_: None):
            with patch.object(guard, "read_plain", read):
                try:
                    (extent,) = guard.inspect_package(data)
                    outcomes.append((extent.cells, extent.row, extent.column, extent.merged))
                except Stop as stop:
                    outcomes.append((stop.finding.code,))
        assert outcomes[0] == outcomes[1], name
    data = hostile.book(part=part(CELL))
    opened, cell = guard.open_package(data), Book.open(data).sheet("表1").get("A1")
    with patch.object(type(opened.package), "read", side_effect=AssertionError):
        assert opened.sheet("表1").get("A1") == cell
