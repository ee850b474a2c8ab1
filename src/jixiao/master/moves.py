"""Where the cells of imported tables stand now: a sheet renamed, rows or columns inserted or taken out of it.

The program that did it followed the cells in every formula; what the hidden sheet keeps of them is followed here, by
the content of the table as it came. A table that was sorted has moved its content under the formulas, not its cells:
the formulas tell the two apart.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from jixiao.master.kept import Imported, Link, alike
from jixiao.office import CellValue, Worksheet, canonical, join_ref, split_ref

MOST = 4_000_000  # pairs of rows that are compared
RENAMED = 0.9  # share of its contents by which a table is known under another name

Lines = dict[int, dict[int, CellValue]]
"""Row -> column -> content."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a table stands now: ``rows`` and ``columns`` tell for those that held something what became of them, 0: gone.

    ``was`` are the earlier addresses of the cells that were asked for, ``gone`` those of which nothing is left.
    """

    sheet: str
    rows: Mapping[int, int] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def ref(self, ref: str) -> str | None:
        """The present address of a cell, None where its row or column is gone."""
        row, column = (
            _at(pairs, number)
            for pairs, number in zip((self.rows, self.columns), split_ref(ref), strict=True)
        )
        if row < 1 or column < 1:
            self.gone.append(ref)
            return None
        made = join_ref(row, column)
        self.was[made] = ref
        return made

    def link(self, data: Sequence[Any] | None) -> list[Any] | None:
        """A link as plain data, as it reads now."""
        ref = self.ref(data[1]) if data else None
        return [self.sheet, ref, *data[2:]] if data and ref else None


def _at(pairs: Mapping[int, int], number: int) -> int:
    """What became of a row or column; one that held nothing goes with the one before it."""
    if number in pairs or not pairs:
        return pairs.get(number, number)
    known = [one for one in sorted(pairs) if pairs[one]]
    before = known[max(bisect.bisect(known, number) - 1, 0)] if known else number
    return number + (pairs.get(before, before) - before if before < number else 0)


def moved(sheet: Worksheet, sealed: Imported, name: str, readers: Iterable[tuple[str, str]]) -> Move | None:
    """How a table moved on its sheet, None where its cells are where they were.

    ``readers`` are cells of it and formulas that read them, as they stand now: they followed, or they did not.
    """
    if _in_place(sheet, sealed):
        return None
    old, new = _lines((ref, value) for ref, (_, value) in sealed.items()), _now(sheet)
    pairs = _matched(old, new)
    if pairs is None:
        return None
    made = Move(name, dict.fromkeys(old, 0) | pairs, _columns(old, new, pairs))
    if all(other in (one, 0) for one, other in (*made.rows.items(), *made.columns.items())):
        return None  # what is gone was emptied: a row that is taken out brings others up
    followed = stayed = 0
    for ref, formula in readers:
        now = made.ref(ref)
        if now != ref:
            followed += bool(now) and _reads(formula, name, now or "")
            stayed += _reads(formula, name, ref)
    made.gone.clear()
    return made if followed >= stayed else None


def _in_place(sheet: Worksheet, sealed: Imported) -> bool:
    """Whether every text and most figures stand where they stood: what differs was changed, nothing moved."""
    there = Counter[bool]()
    for ref, (_, value) in sealed.items():
        if value not in (None, ""):
            cell = sheet.get(ref)
            same = alike(value, None if cell is None else cell.value)
            if not same and isinstance(value, str):
                return False
            there[same] += 1
    return there[True] > there[False]


def renamed(sheets: Mapping[str, Worksheet], sealed: Imported) -> str:
    """The sheet that holds a table under another name, or an empty text."""
    wanted = Counter(_known(value) for _, value in sealed.values())
    for name, sheet in sheets.items():
        there = Counter(_known(value) for line in _now(sheet).values() for value in line.values())
        if wanted and (wanted & there).total() >= RENAMED * wanted.total():
            return name
    return ""


def _reads(formula: str, sheet: str, ref: str) -> bool:
    """Whether a formula reads a cell."""
    address = canonical(Link(sheet, ref).address)
    rest = canonical(formula).partition(address)
    return bool(rest[1]) and not rest[2][:1].isdigit()


def _lines(cells: Iterable[tuple[str, CellValue]]) -> Lines:
    made: Lines = {}
    for place, value in sorted(((split_ref(ref), value) for ref, value in cells), key=lambda item: item[0]):
        if value not in (None, ""):
            made.setdefault(place[0], {})[place[1]] = value
    return made


def _now(sheet: Worksheet) -> Lines:
    return _lines((cell.ref, cell.value) for cell in sheet.cells())


def _known(value: CellValue) -> str:
    return "".join(str(value).split())


def _matched(old: Lines, new: Lines) -> dict[int, int] | None:
    """Old rows -> new ones. A row that was changed is known by its first text, or stands where it stood among others."""
    if len(old) * len(new) > MOST:
        return None
    one, other = ([tuple(map(_known, line.values())) for line in lines.values()] for lines in (old, new))
    before, after, made = list(old), list(new), dict[int, int]()
    for kind, first, last, begin, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and last - first == end - begin):
            made |= dict(zip(before[first:last], after[begin:end], strict=True))
        elif kind == "replace":
            free = {other[at][0]: after[at] for at in reversed(range(begin, end))}
            made |= {before[at]: free[one[at][0]] for at in range(first, last) if one[at][0] in free}
    return made


def _columns(old: Lines, new: Lines, pairs: Mapping[int, int]) -> dict[int, int]:
    """Where most rows say that each column went; 0 for one that no row knows any more."""
    votes: dict[int, Counter[int]] = {column: Counter() for line in old.values() for column in line}
    for row, now in pairs.items():
        one, other = old[row], new[now]
        same = SequenceMatcher(
            None, [*map(_known, one.values())], [*map(_known, other.values())], autojunk=False
        )
        columns = list(one), list(other)
        for first, begin, size in same.get_matching_blocks():
            for step in range(size):
                votes[columns[0][first + step]][columns[1][begin + step]] += 1
    return {column: found.most_common(1)[0][0] if found else 0 for column, found in votes.items()}


def follow(block: str, rows: Sequence[Any], moves: Mapping[str, Move]) -> None:
    """What a block of the hidden sheet keeps of cells, brought to where they stand now; what is gone is blank there."""
    for row in rows:
        if block in ("located", "sealed") and row[-1] and row[-1][0] in moves:
            row[-1] = moves[row[-1][0]].link(row[-1])
            if row[-1] is None and block == "located":
                row[1] = ""
        elif block == "records":
            _follow_record(row, moves)
        elif block == "checks":
            for side in (row[3], row[4]):
                _follow_side(side, moves)
        elif block == "sources" and row[3] in moves:
            row[3] = moves[row[3]].sheet
        elif block == "tables" and row[0] in moves:
            move = moves[row[0]]
            cells = {
                style: {move.ref(ref): value for ref, value in part.items()} for style, part in row[1].items()
            }
            row[:] = [
                move.sheet,
                {style: {k: v for k, v in part.items() if k} for style, part in cells.items()},
            ]


def _follow_record(row: list[Any], moves: Mapping[str, Move]) -> None:
    for name, link in list(row[-1].items()):
        if link[0] in moves:
            now = moves[link[0]].link(link)
            if now is None:
                row[1][name] = None
                del row[-1][name]
            else:
                row[-1][name] = now


def _follow_side(side: list[Any], moves: Mapping[str, Move]) -> None:
    terms = [[sign, moves[link[0]].link(link) if link[0] in moves else link] for sign, *link in side[3]]
    whole = all(link for _, link in terms)
    side[3] = [[sign, *link] for sign, link in terms] if whole else []
    side[2] = side[2] if whole else None
