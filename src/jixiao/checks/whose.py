"""Unit and year that imported tables say of themselves, against those of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.model import Findings, Source

HEAD_ROWS = 6
"""Where a table names its unit and year."""
_NAMES = "单位名称|填报单位|编制单位|核算单位|部门名称|预算单位|部门（单位）名称|填报部门|编报单位"
_UNIT = re.compile(rf"(?:{_NAMES})\s*[:：]\s*([^\s:：，,;；（(]{{2,40}})")
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?:度|\d{1,2}月|\s*$)")


def whose(unit: str, year: str, said: Iterable[tuple[str, Source]]) -> Findings:
    """Tables of another unit or year: ``said`` are the texts of the tables' first rows with their cells.

    A blank unit or year of the workbook is not compared; a name that contains the other one is the same unit.
    """
    made = Findings()
    years: dict[tuple[str, str], dict[str, Source]] = {}
    foreign: dict[tuple[str, str], list[Source]] = {}
    for text, source in said:
        match = _UNIT.search(text)
        if match and unit and not _same(match[1], unit):
            foreign.setdefault((source.file, match[1]), []).append(source)
        for found in _YEAR.findall(text):
            years.setdefault((source.file, source.sheet), {}).setdefault(found, source)
    for (file, name), sources in foreign.items():
        made.add("J232", *list(dict.fromkeys(sources))[:3], file=file, said=name, unit=unit)
    told: set[str] = set()
    for (file, _), found in years.items():
        if year and year not in found and file not in told:
            told.add(file)
            made.add("J233", *found.values(), file=file, said="、".join(found), year=year)
    return made


def _same(one: str, other: str) -> bool:
    a, b = (re.sub(r"[\s（）()]", "", name) for name in (one, other))
    return a in b or b in a
