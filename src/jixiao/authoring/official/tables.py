"""A file -> the official tables in it: its grids, the tables that they hold, and what does not add up in each."""

from __future__ import annotations

from pathlib import Path

from jixiao.authoring.official.checking import check
from jixiao.authoring.official.files import grids
from jixiao.authoring.official.reading import tables
from jixiao.authoring.official.table import OfficialTable
from jixiao.model import Refused, Source, UsageStop


def read_tables(path: Path) -> list[OfficialTable]:
    """Every official table of a .xlsx or .docx file, one split over pages or sheets put together again.

    ``Refused`` where the file is none of these, is damaged, or holds no table with levels of indicators.
    """
    found = tables(grids(path), path.name)
    if not found:
        raise Refused("J332", Source(path.name))
    for table in found:
        check(table)
    return found


def read_table(path: Path, title: str = "") -> OfficialTable:
    """The official table of a file; where it holds several, the one whose title contains ``title``.

    ``UsageStop`` where the title fits none of them or more than one.
    """
    found = read_tables(path)
    wanted = [table for table in found if title in table.title] if title else found
    if len(wanted) == 1:
        return wanted[0]
    raise UsageStop(
        "J333", Source(path.name), count=len(found), titles="、".join(f"“{table.title}”" for table in found)
    )
