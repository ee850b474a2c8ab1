"""Office: files in and out. Workbooks and documents are read by content into typed cells and paragraphs, behind one guard.

A scoring workbook is patched without loss (``open_workbook``), everything else is read (``open_book``); what is written
is saved so that nothing is ever lost (``save_over``, ``save_new``). Light: libraries are imported by the reader that needs
them, and written documents have a module of their own, ``office.document``, which scoring does not load.
"""

from typing import TYPE_CHECKING

from jixiao.model import later
from jixiao.office.grid import Aside, Cell, ErrorText
from jixiao.office.grid import Value as CellValue
from jixiao.office.guard import open_workbook, sniff
from jixiao.office.markup import as_typed, clean, parse_number, resolved
from jixiao.office.package import Package
from jixiao.office.plain import Content
from jixiao.office.plain import Shape as PlainShape
from jixiao.office.refs import (
    MAX_COLUMN,
    MAX_ROW,
    column_letter,
    column_number,
    digits,
    join_ref,
    measure,
    split_area,
    split_ref,
)
from jixiao.office.saving import MAX_FILE, Fingerprint, check_writable, load, save_new, save_over
from jixiao.office.spelling import canonical
from jixiao.office.workbook import Workbook, single_area
from jixiao.office.worksheet import KEEP, Keep, Worksheet

if TYPE_CHECKING:
    from jixiao.office.book import UNCALCULATED, Book, Place, Sheet, Span
    from jixiao.office.bounds import Overrun, bounded
    from jixiao.office.converting import PDF, NoOffice, NotConverted, converted, find_office
    from jixiao.office.drawings import Chart, Shape, shapes
    from jixiao.office.formats import DATE
    from jixiao.office.fresh import sheet_xml, with_links
    from jixiao.office.looks import Look, contrast, rich_text, same_format, shows_alike
    from jixiao.office.opening import check_package, open_book, read_book

__all__ = [
    "DATE",
    "KEEP",
    "MAX_COLUMN",
    "MAX_FILE",
    "MAX_ROW",
    "PDF",
    "UNCALCULATED",
    "Aside",
    "Book",
    "Cell",
    "CellValue",
    "Chart",
    "Content",
    "ErrorText",
    "Fingerprint",
    "Keep",
    "Look",
    "NoOffice",
    "NotConverted",
    "Overrun",
    "Package",
    "Place",
    "PlainShape",
    "Shape",
    "Sheet",
    "Span",
    "Workbook",
    "Worksheet",
    "as_typed",
    "bounded",
    "canonical",
    "check_package",
    "check_writable",
    "clean",
    "column_letter",
    "column_number",
    "contrast",
    "converted",
    "digits",
    "find_office",
    "join_ref",
    "load",
    "measure",
    "open_book",
    "open_workbook",
    "parse_number",
    "read_book",
    "resolved",
    "rich_text",
    "same_format",
    "save_new",
    "save_over",
    "shapes",
    "sheet_xml",
    "shows_alike",
    "single_area",
    "sniff",
    "split_area",
    "split_ref",
    "with_links",
]

if not TYPE_CHECKING:
    __getattr__ = later(
        __name__,
        {
            "bounds": ("Overrun", "bounded"),
            "converting": ("PDF", "NoOffice", "NotConverted", "converted", "find_office"),
            "book": ("UNCALCULATED", "Book", "Place", "Sheet", "Span"),
            "formats": ("DATE",),
            "fresh": ("sheet_xml", "with_links"),
            "looks": ("Look", "contrast", "rich_text", "same_format", "shows_alike"),
            "drawings": ("Chart", "Shape", "shapes"),
            "opening": ("check_package", "open_book", "read_book"),
        },
    )
