"""Numbers that only count: lists go 1, 2, 3; the contents list has the headings of the text and rising pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from jixiao.audit.blocks import Report
from jixiao.audit.statement import Inside, Statement
from jixiao.audit.tablecells import CRITERIA
from jixiao.model import Finding, Source, make
from jixiao.text import Kind, mark_at

_HEADED = ("一、", "(一)", "1.", "1、")


def lists(statements: Sequence[Statement]) -> None:
    """List numbers: each is one more than the last of its list, or begins a new one with 1."""
    chapters: dict[tuple[tuple[str, ...], bool], list[Statement]] = {}
    inner: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        figure = item.figure
        if figure.kind is not Kind.ORDINAL or figure.column == CRITERIA:
            continue
        bracketed = figure.text[figure.start - 1 : figure.start] == "("
        if figure.start <= 1 and not figure.block.table:
            path = figure.block.path if bracketed else figure.block.path[:2]
            chapters.setdefault((path, bracketed), []).append(item)
        else:
            inner.setdefault(figure.at, []).append(item)
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
    return apart if sum(map(_right, apart)) > _right(items) else [items]


def _right(items: list[Statement]) -> int:
    """How many numbers are their place in the list."""
    return sum(item.figure.value == number for run in _runs(items) for number, item in enumerate(run, 1))


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
        counted(item, number, "编号", "编号顺序")


def counted(item: Statement, number: int, subject: str, source: str) -> None:
    """A figure that has to be its place in a list."""
    item.holds(item.figure.value == number, subject, str(number), source, Inside.ORDER)


def contents(report: Report) -> Iterator[Finding]:
    """The contents list against the headings, its pages, and the chapters of the text."""
    headings = {block.cells[0] for block in report.blocks if block.level}
    parent = ""
    for entry in report.contents:
        mark = mark_at(entry.title, _HEADED)
        number = entry.title[: mark.end] if mark is not None else ""
        parent = entry.title if number.endswith("、") else parent
        if number and headings and entry.title not in headings:
            near = _under(report, parent, number) or "没有这个标题"
            yield make("J756", Source(report.name, f"目录第{entry.number}行"), title=entry.title, found=near)
    pages = [(entry, entry.page) for entry in report.contents if entry.page is not None]
    for (_, before), (after, page) in pairwise(pages):
        if page < before:
            place = Source(report.name, f"目录第{after.number}行")
            yield make("J757", place, title=after.title, page=page, before=before)
    yield from _chapters(report)


def _under(report: Report, parent: str, number: str) -> str:
    """The heading with the same number under the same chapter."""
    for block in report.blocks:
        own = bool(block.path) and (block.path[0] == parent or not number.startswith("("))
        if block.level and own and block.cells[0].startswith(number):
            return block.cells[0]
    return ""


def _chapters(report: Report) -> Iterator[Finding]:
    """Chapters of the text count 一、二、三 without a gap."""
    for before, after in pairwise(block for block in report.blocks if block.level == 1):
        one, two = (mark_at(block.cells[0], ("一、",)) for block in (before, after))
        if one is not None and two is not None and two.number != one.number + 1:
            place = Source(report.name, after.place().shown())
            yield make("J758", place, title=after.cells[0], before=before.cells[0])
