"""A workbook that a browser handed over as bytes. Cells are written into it losslessly; formulas are not calculated here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from jixiao.app.exchange import BookCopy, CellWrite, Formula, Host, SheetCopy, content_of, within_reach
from jixiao.model import CannotWrite, Refused, Source, UsageStop
from jixiao.office import Worksheet, join_ref, open_workbook, split_area, split_ref

MOST = 2_000  # rows and columns of a merged area that are looked at


class Handover(Host):
    """A workbook called ``name``, from its bytes; stops of the package check (Refused, LimitReached) are raised.

    ``written`` are the cells that were written, in order; ``to_bytes`` is the workbook with them.
    """

    calculates = False

    def __init__(self, data: bytes, name: str) -> None:
        self.name, self.book = name, open_workbook(data)
        self.written: list[CellWrite] = []

    def to_bytes(self) -> bytes:
        """The workbook as it is now: the very bytes that came, where nothing was written."""
        return self.book.to_bytes()

    def sheet(self, wanted: str) -> str:
        """The sheet that is meant, or the first one that is shown."""
        sheets = self.copy().sheet_names
        if not wanted:
            return next((name for name in sheets if self.book.state(name) == "visible"), sheets[0])
        if wanted not in sheets:
            raise UsageStop("J832", Source(self.name, wanted), sheet=wanted)
        return wanted

    def copy(self) -> BookCopy:
        """The sheets as they stand in the file, with what was written."""
        tables = [name for name in self.book.sheet_names if "/worksheets/" in f"/{self.book.part(name)}"]
        return BookCopy(self.name, tables, self.book.names, self._read)

    def _read(self, name: str, formulas: bool) -> SheetCopy:
        cells = [c for c in self.book.sheet(name).cells() if c.value is not None or c.formula is not None]
        spots = [split_ref(cell.ref) for cell in cells] or [(1, 1)]
        rows, columns = [row for row, _ in spots], [column for _, column in spots]
        box, cut = within_reach((min(rows), min(columns), max(rows), max(columns)))
        made = SheetCopy(name, *box[2:], cut=cut)
        for spot, cell in zip(spots, cells, strict=False):
            if spot[0] <= made.rows and spot[1] <= made.columns:
                # the text of a shared formula stands in another cell
                text = None if cell.formula is None or not formulas else cell.formula or str(cell.value)
                made.put(spot, cell.value, text)
        return made

    def write(self, copy: BookCopy, writes: Sequence[CellWrite]) -> None:
        """Write cells into the file: none of them where one lies inside a merged area, which takes nothing."""
        sheets = list(dict.fromkeys(write.sheet for write in writes))
        covered = {name: _covered(self.book.sheet(name)) for name in sheets}
        for write in writes:
            if write.content is not None and write.ref in covered[write.sheet]:
                place, why = Source("", write.sheet, write.ref), "单元格没有接受写入的内容，可能被合并"
                raise CannotWrite("J840", place, sheet=write.sheet, why=why)
        for write in sorted(writes, key=lambda write: (sheets.index(write.sheet), write.spot)):
            sheet = self.book.sheet(write.sheet)
            before = content_of(sheet.get(write.ref))
            if type(before) is type(write.content) and before == write.content:
                continue
            formula = str(write.content) if isinstance(write.content, Formula) else None
            sheet.set(write.ref, None if formula else write.content, formula=formula)
            self.written.append(write)

    def saved(self) -> NoReturn:
        """It has no file that we could save."""
        raise Refused("J847", Source(self.name), book=self.name)


def _covered(sheet: Worksheet) -> set[str]:
    """Cells of merged areas, but for the first of each."""
    found: set[str] = set()
    for top, left, bottom, right in map(split_area, sheet.merged):
        rows, columns = range(top, min(bottom, MOST) + 1), range(left, min(right, MOST) + 1)
        inside = [join_ref(row, column) for row in rows for column in columns]
        found.update(inside[1:])
    return found
