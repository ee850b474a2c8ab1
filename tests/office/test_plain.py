"""The quick reader of worksheet parts sees exactly what the parser sees, and leaves alone what it does not know."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jixiao.model import Stop
from jixiao.office import Cell, CellValue, Worksheet, column_letter, open_workbook
from tests.office import hostile_files as hostile
from tests.office.part_spellings import OTHER, PLAIN

MASTERS = Path(__file__).resolve().parents[2] / "workbooks" / "masters"
STRINGS = ("甲", "乙")
MC = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


def part(body: str, *, head: str = "", tail: str = "", root: str = MC, declared: str = "") -> bytes:
    xml = f'<?xml version="1.0"{declared}?>\n<worksheet xmlns="{hostile.MAIN}" {root}>{head}<sheetData>{body}</sheetData>'
    return f"{xml}{tail}</worksheet>".encode()


def read(data: bytes) -> Worksheet:
    return Worksheet(data, "表", lambda: STRINGS)


def seen(made: Worksheet, ref: str) -> Cell | str | None:
    try:
        return made.get(ref)
    except Stop as stop:
        return stop.finding.line()


def parsed(data: bytes) -> Worksheet:
    """The same part after the parser has taken it apart, which it does where all cells are asked for."""
    made = read(data)
    with contextlib.suppress(Stop):  # what is wrong with one cell is said when that is asked for
        list(made.cells())
    return made


def compare(data: bytes) -> Worksheet | None:
    """Ask for every cell one by one, then again when the parser has been through; None where the part is refused."""
    try:
        made = read(data)
    except Stop:
        return None
    known = parsed(data)
    assert made.merged == known.merged
    places = {(row, column) for row in (1, 2, 3, 5, 7, 1_048_576) for column in (1, 2, 3, 4, 28, 16_384)}
    refs = [f"{column_letter(column)}{row}" for row, column in sorted(places)]
    assert [seen(made, ref) for ref in refs] == [seen(known, ref) for ref in refs]
    return made


def test_patterns_stay_linear() -> None:
    """A row as wide as the grid, and texts that almost match, take no time that grows with their square."""
    wide = "".join(
        f'<c r="{column_letter(n)}1" t="str"><f>A1</f><v>x&amp;y</v></c>' for n in range(1, 16_385)
    )
    assert read(part(f'<row r="1">{wide}</row>')).held == 0
    for text in ("&amp;" * 200_000, "<v>" * 200_000, '<c r="A1"' * 100_000, ' ht="1"' * 100_000):
        with pytest.raises(Stop):
            read(part(f'<row r="1"><c r="A1" t="str"><v>{text}'))


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_part_is_read_without_the_parser(name: str) -> None:
    made = compare(part(PLAIN[name]))
    assert made is not None and made.held == 0


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_the_parsers(name: str) -> None:
    made = compare(part(OTHER[name]))
    assert made is None or made.held > 0


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
def test_changes_are_written_alike(name: str, changes: list[tuple[str, CellValue, str | None]]) -> None:
    fast, known = read(part(PLAIN[name])), parsed(part(PLAIN[name]))
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
    book = open_workbook(file.read_bytes())
    for name in book.sheet_names:
        sheet = book.sheet(name)
        assert sheet.held == 0
        known = list(Worksheet(sheet.to_bytes(), name, book.strings).cells())
        assert [sheet.get(cell.ref) for cell in known] == known


def test_parts_are_told_apart_by_all_that_stands_around_what_they_hold() -> None:
    """One after the other, as workbooks come: what is remembered of a part never answers for another."""
    rows = {
        "甲": '<row r="1"><c r="A1" t="str"><f>B1</f><v>甲&amp;</v></c><c r="B1"><v>1</v></c></row>',
        "乙": '<row r="1"><c r="A1" t="str"><f>B1</f><v>乙</v></c><c r="B1"><v>22</v></c></row>',
        "丙": '<row r="1"><c r="A1" t="str"><f>C1</f><v>丙</v></c><c r="B1" s="1"><v>3</v></c></row>',
        "丁": '<row r="1"><c r="A1" t="str"><f>B1</f><v>丁</v></c><c r="B1" t="str"><v>3</v></c></row>',
    }
    for _ in range(3):
        for name, body in rows.items():
            made = compare(part(body))
            assert made is not None and made.held == 0
            cell = made.get("A1")
            assert cell is not None and str(cell.value).rstrip("&") == name


def test_threads_may_read_at_the_same_time() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(number: int) -> None:
        more = "".join(f'<c r="{column_letter(n + 2)}1"><v>1</v></c>' for n in range(number % 90))
        body = f'<row r="1"><c r="A1"><v>{number}</v></c>{more}</row>'
        cell = Worksheet(part(body), f"表{number % 70}").get("A1")
        assert cell is not None and cell.value == number

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(2_000)))
