"""Variants of .xlsx sources, as other offices and other software would hand over the same table.

Every variant is ``function(in_path, out_path, seed)``: it reads a workbook, changes how each of its sheets
is laid out or written but not what it says, and writes another. The same seed gives the same variant.
``VARIANTS`` lists them by name; ``apply`` runs several in a row (``numbers_as_text`` last: the others need
numbers). Amounts are told from counts and row numbers by their number format.
"""

from __future__ import annotations

import itertools
import random
import re
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake.sheet_moves import (
    AMOUNT_FORMAT,
    blocks,
    cells,
    each_sheet,
    first_table_row,
    last_table_row,
    remap,
    rescale,
    split_merges,
    texts,
)

Variant = Callable[[Path, Path, int], None]

_CJK = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
_SHEET_NAMES = ("Sheet1", "表一", "附表", "报表（定稿）", "2022", "Z99 汇总", "复件 决算")


def rows_inserted(in_path: Path, out_path: Path, seed: int) -> None:
    """Blank rows above the table and between its rows, and one row that holds only a remark."""
    rng = random.Random(seed)

    def change(sheet: Worksheet) -> None:
        head = first_table_row(sheet)
        body = range(head + 3, sheet.max_row + 1)
        cuts = sorted(rng.sample(body, min(len(body), rng.randint(1, 4)))) if body else []
        above = rng.randint(0, 3)
        remap(sheet, lambda r, c: (r + above + sum(cut <= r for cut in cuts), c))
        if cuts:
            sheet.cell(cuts[0] + above, 1, "（以下按批复口径填列）")

    each_sheet(in_path, out_path, change)


def columns_moved(in_path: Path, out_path: Path, seed: int) -> None:
    """The whole sheet shifted right by one to five columns."""
    rng = random.Random(seed)

    def change(sheet: Worksheet) -> None:
        shift = rng.randint(1, 5)
        remap(sheet, lambda r, c: (r, c + shift))

    each_sheet(in_path, out_path, change)


def blocks_reordered(in_path: Path, out_path: Path, seed: int) -> None:
    """The label blocks that stand side by side in another order; a sheet with one block stays as it is."""
    rng = random.Random(seed)

    def change(sheet: Worksheet) -> None:
        head, starts = blocks(sheet)
        if len(starts) < 2:
            return
        edges = [*starts, sheet.max_column + 1]
        spans = list(itertools.pairwise(edges))
        order = rng.sample(spans, len(spans))
        if order == spans:
            order = [*spans[1:], spans[0]]
        moved, column = {}, starts[0]
        for first, end in order:
            moved.update({old: column + old - first for old in range(first, end)})
            column += end - first
        # the group heading above the blocks (支出 over two of them) belongs to each block it covers
        split_merges(sheet, head - 1, starts)
        last = last_table_row(sheet)
        inside = range(first_table_row(sheet), last + 1)
        remap(sheet, lambda r, c: (r, moved.get(c, c)) if r in inside else (r, c))

    each_sheet(in_path, out_path, change)


def unit_to_wan(in_path: Path, out_path: Path, seed: int) -> None:
    """Sheets in 元 rewritten in 万元: amounts divided by 10,000, the unit cell changed; other sheets stay."""
    each_sheet(in_path, out_path, lambda sheet: rescale(sheet, "元", "万元", Decimal(1) / 10000))


def unit_to_yuan(in_path: Path, out_path: Path, seed: int) -> None:
    """Sheets in 万元 rewritten in 元, also where a row or a heading states the unit; other sheets stay."""
    each_sheet(in_path, out_path, lambda sheet: rescale(sheet, "万元", "元", Decimal(10000)))


def labels_spaced(in_path: Path, out_path: Path, seed: int) -> None:
    """Labels with blanks and full-width blanks inside, indents, line breaks inside and at the end."""
    rng = random.Random(seed)

    def spaced(text: str) -> str:
        way = rng.randrange(5)
        if way == 0:
            return _CJK.sub(" ", text)
        if way == 1:
            return _CJK.sub("　", text)
        if way == 2 and (gaps := [m.start() for m in _CJK.finditer(text)]):
            cut = rng.choice(gaps)
            return f"{text[:cut]}\n{text[cut:]}"
        return f"　 {text}" if way == 3 else f"{text} \n"

    def change(sheet: Worksheet) -> None:
        for cell in texts(sheet):
            if len(_CJK.findall(cell.value)) and "单位" not in cell.value:
                cell.value = spaced(cell.value)

    each_sheet(in_path, out_path, change)


def sheets_renamed(in_path: Path, out_path: Path, seed: int) -> None:
    """Sheet names that say nothing, and the sheets in another order."""
    rng = random.Random(seed)
    book = load_workbook(in_path)
    names = rng.sample(_SHEET_NAMES, len(book.worksheets))
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"临时{number}"
    for sheet, name in zip(book.worksheets, names, strict=True):
        sheet.title = name
    order = rng.sample(book.sheetnames, len(book.sheetnames))
    for target, name in enumerate(order):
        book.move_sheet(name, target - book.sheetnames.index(name))
    book.save(out_path)


def numbers_as_text(in_path: Path, out_path: Path, seed: int) -> None:
    """Figures typed as text: separators, full-width digits, trailing line break, brackets for minus."""
    rng = random.Random(seed)

    def typed(number: float, amount: bool) -> str:
        value = Decimal(str(number))
        text = f"{abs(value):,.2f}" if amount else f"{abs(value):f}"
        if value < 0:
            text = f"({text})" if rng.random() < 0.5 else f"-{text}"
        way = rng.randrange(4)
        if way == 0:
            return text.replace(",", "")
        if way == 1:
            return text.translate(_FULL_WIDTH)
        return f"{text}\n" if way == 2 else text

    def change(sheet: Worksheet) -> None:
        for cell in cells(sheet):
            if isinstance(cell.value, (int, float)) and not cell.number_format.endswith("%"):
                cell.value = typed(cell.value, cell.number_format == AMOUNT_FORMAT)
                cell.number_format = "@"

    each_sheet(in_path, out_path, change)


def title_moved(in_path: Path, out_path: Path, seed: int) -> None:
    """The title in another place: lower down, under the caption lines, or in one cell to the right."""
    rng = random.Random(seed)

    def change(sheet: Worksheet) -> None:
        way, down = rng.randrange(3), rng.randint(1, 3)
        title = next(cell for cell in texts(sheet))
        top, under = title.row, first_table_row(sheet) - 1
        if way == 0:
            remap(sheet, lambda r, c: (r + down, c))
        elif way == 1:
            remap(sheet, lambda r, c: (under if r == top else r - 1 if top < r <= under else r, c))
        else:
            for merged in [m for m in sheet.merged_cells.ranges if title.coordinate in m]:
                sheet.unmerge_cells(str(merged))
            text, title.value = title.value, None
            sheet.cell(top, rng.randint(title.column + 1, sheet.max_column), text)

    each_sheet(in_path, out_path, change)


VARIANTS: dict[str, Variant] = {
    function.__name__: function
    for function in (
        rows_inserted,
        columns_moved,
        blocks_reordered,
        unit_to_wan,
        unit_to_yuan,
        labels_spaced,
        sheets_renamed,
        numbers_as_text,
        title_moved,
    )
}


def apply(names: Sequence[str], in_path: Path, out_path: Path, seed: int) -> None:
    """Several variants in a row, by their names in ``VARIANTS``; KeyError for an unknown name."""
    with tempfile.TemporaryDirectory() as folder:
        source = in_path
        for number, name in enumerate(names):
            target = Path(folder) / f"{number}{in_path.suffix}"
            VARIANTS[name](source, target, seed + number)
            source = target
        out_path.write_bytes(source.read_bytes())
