"""Whose report it is: another unit or another year than the workbook's, told by the title and the words."""

from __future__ import annotations

import re
from collections import Counter

from jixiao.audit.document import Report
from jixiao.audit.known import KnownValues
from jixiao.audit.pieces import plain
from jixiao.model import Finding, Source, make

OTHER = "报告的单位或年度与评分簿不同"
FIRST, SHORT = 8, 60  # blocks at the top that may be a title, characters of one
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!\d{1,2}月)")
_BODY = re.compile(
    r"[一-龥]{2,20}?(?:局|委员会|中心|办公室|厅|研究院|政府|总队|支队|法院|检察院|协会|联合会|学校|医院)"
)
_PREFIX = re.compile(r"^.*?(?:关于|年度?)")


def differs(report: Report, truth: KnownValues) -> Finding | None:
    """The finding that a report is of another unit or year; None where it is the same or nothing tells."""
    top = [block.text for block in report.paragraphs()][:FIRST]
    titles = [text for text in top if len(text) <= SHORT and "。" not in text]
    text = "".join(block.text for block in report.blocks)
    said = [
        word for word in (_unit(titles, text, plain(truth.unit)), _year(titles, text, truth.year)) if word
    ]
    if not said:
        return None
    own = f"{truth.unit}{truth.year}年度"
    return make("J769", Source(report.name, "标题"), said="、".join(said), own=own)


def _unit(titles: list[str], text: str, unit: str) -> str:
    if not unit or unit in text:
        return ""
    bodies = [_PREFIX.sub("", found[0]) for title in titles for found in _BODY.finditer(title)]
    others = [body for body in bodies if len(body) > 2 and body not in unit and unit not in body]
    return others[0] if others and len(others) == len(bodies) else ""


def _year(titles: list[str], text: str, year: str) -> str:
    named = [found[1] for title in titles for found in _YEAR.finditer(title)]
    if not year or not named or year in named:
        return ""
    counts = Counter(found[1] for found in _YEAR.finditer(text))
    other = max(named, key=lambda each: counts[each])
    return f"{other}年" if counts[other] > counts[year] else ""
