"""Writing cells as few blocks: only what changes, together where nothing of somebody else's stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.app.desk.blocks import Block, Spot, area_of, typed_value, values_of
from jixiao.app.desk.busy import is_busy, patiently
from jixiao.app.desk.live import LiveSheet, same_value
from jixiao.model import Busy, CannotWrite, Source
from jixiao.office.ooxml import Cell, join_ref
from jixiao.text import numbers

Content = Decimal | str | None
BRIDGE = 200  # cells between two written ones that are written again as they are, rather than a call more


@dataclass(frozen=True, slots=True)
class Write:
    """New content of a cell: a number, a text, a formula with ``=``, or nothing."""

    spot: Spot
    content: Content

    @property
    def ref(self) -> str:
        """``C5``."""
        return join_ref(*self.spot)


def write_all(sheet: LiveSheet, writes: Sequence[Write]) -> None:
    """Make all writes, or none: ``CannotWrite`` (J840) puts back what was written before it; ``Busy`` likewise."""
    done: list[tuple[str, list[list[Any]]]] = []
    wanted = {write.spot: write.content for write in writes}
    for top, left, bottom, right in boxes(sheet.block, list(wanted)):
        area = area_of(top, left, bottom, right)
        spots = [[(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        before = [[raw_of(sheet.block, spot) for spot in line] for line in spots]
        after = [
            [_raw(wanted[spot]) if spot in wanted else raw_of(sheet.block, spot) for spot in line]
            for line in spots
        ]
        try:
            _put(sheet, area, after)
        except Exception as error:
            _back(sheet, done)
            if isinstance(error, Busy) or is_busy(error):
                raise
            place = Source("", sheet.name, join_ref(top, left))
            raise CannotWrite("J840", place, sheet=sheet.name, why="受保护或不可写") from error
        done.append((area, before))
    if writes and not _landed(sheet, writes):
        _back(sheet, done)
        place = Source("", sheet.name, writes[0].ref)
        raise CannotWrite("J840", place, sheet=sheet.name, why="单元格没有接受写入的内容，可能被合并")


def raw_of(block: Block, spot: Spot) -> Any:
    """The content of a cell as it is written back: the same cell again."""
    cell = block.cells.get(spot)
    return _raw(content_of(cell))


def content_of(cell: Cell | None) -> Content:
    """What a cell holds: its formula with ``=``, else its number or text."""
    if cell is None:
        return None
    if cell.formula is not None:
        return f"={cell.formula}"
    if isinstance(cell.value, bool):
        return "=TRUE" if cell.value else "=FALSE"
    return _as_text(cell.value) if isinstance(cell.value, str) else cell.value


def _as_text(text: str) -> str:
    """A text that would be read as a number, a date or a formula when it is written keeps its quotation mark."""
    head = text.lstrip()[:1]
    risky = head in "=+-@'" or head.isdecimal() or head in "(（.￥$％%" or text.upper() in ("TRUE", "FALSE")
    return f"'{text}" if head and risky else text


def _raw(content: Content) -> float | str:
    if content is None:
        return ""
    return float(content) if isinstance(content, Decimal) else content


def boxes(block: Block, spots: Sequence[Spot]) -> list[tuple[int, int, int, int]]:
    """The areas to write, as few as may be: side by side columns together where that takes fewer of them."""
    columns = sorted({column for _, column in spots})
    single = [(column, column) for column in columns]
    rows, taken = {row for row, _ in spots}, set(spots)
    beside = [(row, column) for row in rows for column in columns if (row, column) not in taken]
    if columns and columns[-1] - columns[0] == len(columns) - 1 and all(_harmless(block, s) for s in beside):
        together = _areas(block, spots, [(columns[0], columns[-1])])
        return min(together, _areas(block, spots, single), key=len)
    return _areas(block, spots, single)


def _areas(block: Block, spots: Sequence[Spot], groups: Sequence[Spot]) -> list[tuple[int, int, int, int]]:
    """The areas over each group of columns: rows whose other cells may be written along are bridged."""
    wanted, made = set(spots), []
    for left, right in groups:
        mine = sorted({row for row, column in spots if left <= column <= right})
        top = last = 0
        for row in mine:
            free = [
                (r, c)
                for r in range(last + 1 if top else row, row + 1)
                for c in range(left, right + 1)
                if (r, c) not in wanted
            ]
            bridged = top and row - last <= BRIDGE and all(_harmless(block, spot) for spot in free)
            if top and not bridged:
                made.append((top, left, last, right))
            if not bridged:
                top = row
            last = row
        if top:
            made.append((top, left, last, right))
    return made


def _harmless(block: Block, spot: Spot) -> bool:
    cell = block.cells.get(spot)
    if cell is None:
        return True
    return cell.formula is None and isinstance(cell.value, Decimal) and spot not in block.dates


def _put(sheet: LiveSheet, area: str, rows: list[list[Any]]) -> None:
    def call() -> None:
        sheet.sheet.range(area).raw_value = rows

    patiently(call)


def _back(sheet: LiveSheet, done: Sequence[tuple[str, list[list[Any]]]]) -> None:
    for area, before in reversed(done):
        _put(sheet, area, before)


def _landed(sheet: LiveSheet, writes: Sequence[Write]) -> bool:
    """Whether the cells hold what was written: a cell inside a merged area swallows it without a word."""
    rows, columns = [w.spot[0] for w in writes], [w.spot[1] for w in writes]
    top, left = min(rows), min(columns)
    area = sheet.sheet.range(area_of(top, left, max(rows), max(columns)))
    found = values_of(area, sheet.clean)
    for write in writes:
        if isinstance(write.content, str) and write.content.startswith("="):
            continue
        value = typed_value(found[write.spot[0] - top][write.spot[1] - left])
        if not _is(value, write.content):
            return False
    return True


def _is(value: Any, wanted: Content) -> bool:
    if isinstance(wanted, str):
        return same_value(value, wanted.removeprefix("'"))
    if isinstance(wanted, Decimal) and isinstance(
        value, str
    ):  # a cell of the format text keeps a number as one
        return numbers.parse_text(value).value == wanted
    return same_value(value, wanted)
