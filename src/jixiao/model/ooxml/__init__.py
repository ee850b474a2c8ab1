"""Lossless reading and patching of .xlsx and .xlsm packages with the standard library alone.

A changed cell changes its own bytes; every other part keeps its compressed bytes. Light on purpose: it stands
on the path of ``jixiao score``, where importing a spreadsheet library would cost more than the scoring.
"""

from jixiao.model.ooxml.book import Book
from jixiao.model.ooxml.cells import Cell, ErrorText
from jixiao.model.ooxml.fresh import sheet_xml
from jixiao.model.ooxml.hyperlinks import with_links
from jixiao.model.ooxml.package import Package
from jixiao.model.ooxml.refs import column_letter, column_number, join_ref, split_area, split_ref
from jixiao.model.ooxml.sheet import Sheet
from jixiao.model.ooxml.splice import KEEP, Keep
from jixiao.model.ooxml.text import as_typed

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
