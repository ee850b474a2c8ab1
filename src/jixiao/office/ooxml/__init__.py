"""Lossless reading and patching of .xlsx and .xlsm packages with the standard library alone.

A changed cell changes its own bytes; every other part keeps its compressed bytes. Light on purpose: it stands
on the path of ``jixiao score``, where importing a spreadsheet library would cost more than the scoring.
"""

from jixiao.office.ooxml.book import Book
from jixiao.office.ooxml.cells import Cell, ErrorText
from jixiao.office.ooxml.fresh import sheet_xml
from jixiao.office.ooxml.hyperlinks import with_links
from jixiao.office.ooxml.package import Package
from jixiao.office.ooxml.refs import column_letter, column_number, join_ref, split_area, split_ref
from jixiao.office.ooxml.sheet import Sheet
from jixiao.office.ooxml.splice import KEEP, Keep
from jixiao.office.ooxml.text import as_typed

__all__ = [
    "KEEP",
    "Book",
    "Cell",
    "ErrorText",
    "Keep",
    "Package",
    "Sheet",
    "as_typed",
    "column_letter",
    "column_number",
    "join_ref",
    "sheet_xml",
    "split_area",
    "split_ref",
    "with_links",
]
