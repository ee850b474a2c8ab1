"""Numbers that only count: lists go 1, 2, 3; the contents list has the headings of the text and rising pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jixiao.audit.document import Entry, Report
from jixiao.audit.figures import Sort
from jixiao.audit.statement import Statement
from jixiao.model import Finding, Source, make

_MARK = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、])")
_CHINESE = "一二三四五六七八九十"


def lists(statements: Sequence[Statement]) -> None:
    """List numbers: each is one more than the last of its list, or begins a new one with 1."""
    chapters: dict[tuple[tuple[str, ...], bool], list[Statement]] = {}
    inner: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        figure = item.figure
        if figure.sort is not Sort.ORDINAL or figure.column == "标准":
            continue
        bracketed = figure.block.cells[figure.cell][figure.start - 1 : figure.start] == "("
        if figure.start <= 1 and not figure.block.table:
            path = figure.block.path if bracketed else figure.block.path[:2]
            chapters.setdefault((path, bracketed), []).append(item)
        else:
            inner.setdefault((figure.block.number, figure.cell), []).append(item)
    for items in (*(part for own in chapters.values() for part in _split(own)), *inner.values()):
        for run in _runs(items):
            _count(run)


def _split(items: list[Statement]) -> list[list[Statement]]:
    """Numbered headings and numbered paragraphs of a chapter: lists of their own where more of them count right so."""
    made: dict[tuple[str, ...], list[Statement]] = {}
    for item in items:
        block = item.figure.block
        made.setdefault(() if block.level else block.path, []).append(item)
    apart = list(made.values())
    together = sum(_right(run) for run in _runs(items))
    return apart if sum(_right(run) for own in apart for run in _runs(own)) > together else [items]


def _right(run: list[Statement]) -> int:
    return sum(item.figure.value == number for number, item in enumerate(run, 1))


def _runs(items: list[Statement]) -> Iterator[list[Statement]]:
    """Lists one behind the other: a 1 begins a new one, unless the next number goes on with the old one."""
    run: list[Statement] = []
    for index, item in enumerate(items):
        behind = items[index + 1].figure.value if index + 1 < len(items) else None
        if run and item.figure.value == 1 and behind not in (None, len(run) + 2):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _count(items: list[Statement]) -> None:
    """A number that is not its place in the list is wrong, unless the numbers around it count on from another start.

    A lone number in a cell has to be 1.
    """
    wrong = [item for number, item in enumerate(items, 1) if item.figure.value != number]
    lone = len(items) == 1 and items[0].figure.start == 0 and items[0].figure.block.table > 0
    counting = any(
        two.figure.value == one.figure.value + 1
        for one, two in pairwise(items)
        if one in wrong and two in wrong
    )
    few = 2 * len(wrong) <= len(items)
    if wrong and not lone and not few and (counting or len(items) < 3):
        return
    for number, item in enumerate(items, 1):
        if item not in wrong:
            item.agrees("编号", str(number), "编号顺序")
        else:
            item.disagrees("编号", str(number), "编号顺序", "编号不连续")


def contents(report: Report) -> list[Finding]:
    """The contents list against the headings, and its pages."""
    found: list[Finding] = []
    headings = {block.cells[0] for block in report.blocks if block.level}
    parent = ""
    for entry in report.contents:
        mark = _MARK.match(entry.title)
        parent = entry.title if mark and mark[0].endswith("、") else parent
        if entry.title in headings or mark is None or not headings:
            continue
        near = _under(report, parent, mark[0])
        place = Source(report.name, f"目录第{entry.number}行")
        found.append(make("J756", place, title=entry.title, found=near or "没有这个标题"))
    found += _pages(report)
    return found + _chapters(report)


def _under(report: Report, parent: str, mark: str) -> str:
    """The heading with the same number under the same chapter."""
    for block in report.blocks:
        own = bool(block.path) and (block.path[0] == parent or not mark.startswith("("))
        if block.level and own and block.cells[0].startswith(mark):
            return block.cells[0]
    return ""


def _pages(report: Report) -> list[Finding]:
    entries = [entry for entry in report.contents if entry.page is not None]
    return [
        make(
            "J757",
            Source(report.name, f"目录第{after.number}行"),
            title=after.title,
            page=after.page,
            before=before.page,
        )
        for before, after in pairwise(entries)
        if _page(after) < _page(before)
    ]


def _page(entry: Entry) -> int:
    return entry.page or 0


def _chapters(report: Report) -> list[Finding]:
    """Chapters of the text count 一、二、三 without a gap."""
    found = []
    marks = [block for block in report.blocks if block.level == 1]
    for before, after in pairwise(marks):
        one, two = (_CHINESE.find(b.cells[0][0]) if b.cells[0][1:2] == "、" else -1 for b in (before, after))
        if one >= 0 and two >= 0 and two != one + 1:
            place = Source(report.name, after.place().shown())
            found.append(make("J758", place, title=after.cells[0], before=before.cells[0]))
    return found
