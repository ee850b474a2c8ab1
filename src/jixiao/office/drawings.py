"""What is laid over the cells of a sheet: charts with what they show, pictures, text boxes, controls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jixiao.office import markup
from jixiao.office.grid import TRUE
from jixiao.office.markup import Element
from jixiao.office.refs import MAX_COLUMN, MAX_ROW, digits
from jixiao.office.workbook import Workbook

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""
EVERYWHERE: Box = (1, 1, MAX_ROW, MAX_COLUMN)
_KINDS = {"pic": "图片", "sp": "文本框或图形", "cxnSp": "线条", "grpSp": "图形组合", "graphicFrame": "图表"}
_LAID = {
    "picture": "背景图片", "legacyDrawingHF": "页眉页脚图片", "control": "控件", "oleObject": "嵌入对象",
    "tablePart": "套用的表格样式",
}  # fmt: skip
_VML = re.compile(
    rb"<(?:\w+:)?ClientData\s[^>]*ObjectType=\"(\w+)\"[^>]*>(.*?)</(?:\w+:)?ClientData>", re.DOTALL
)
_NUMBERS = re.compile(rb"<(?:\w+:)?(Row|Column)>\s*(\d{1,7})\s*<")


class Chart(NamedTuple):
    """What a chart shows: its titles, its series (name, categories, values), and the number formats of its labels."""

    titles: tuple[str, ...]
    series: tuple[tuple[str, str, str], ...]
    formats: tuple[str, ...] = ()


class Shape(NamedTuple):
    """Something laid over cells: what it is, in Chinese, the cells, and what a chart shows."""

    what: str
    box: Box
    chart: Chart | None = None


def shapes(book: Workbook, sheet: str) -> Iterator[Shape]:
    """Everything laid over a sheet, as far as it is seen; notes on cells are not where they show only when asked for."""
    names = {aside.name.rpartition("\n")[2] for aside in book.sheet(sheet).outline.asides}
    yield from (Shape(what, EVERYWHERE) for name, what in _LAID.items() if name in names)
    if "sparklineGroup" in names:
        yield Shape("迷你图", EVERYWHERE)
    if not names & {"drawing", "legacyDrawing"}:
        return
    for relation in book.package.relations(book.part(sheet)):
        part = None if relation.external else book.package.find(relation.target)
        if part is not None and relation.kind == "drawing":
            yield from _drawn(book, part)
        elif part is not None and relation.kind == "vmlDrawing":
            for kind, body in _VML.findall(book.package.read(part)):
                place = {name: int(number) + 1 for name, number in _NUMBERS.findall(body)}
                row, column = place.get(b"Row", 1), place.get(b"Column", 1)
                if kind != b"Note":
                    yield Shape("控件", EVERYWHERE)
                elif re.search(rb"<(?:\w+:)?Visible", body):
                    yield Shape("一直显示的批注", (row, column, row, column))


def _drawn(book: Workbook, part: str) -> Iterator[Shape]:
    found = markup.elements(markup.utf8(book.package.read(part), part), part)
    charts = {r.id: r.target for r in book.package.relations(part) if r.kind == "chart" and not r.external}
    for at, anchor in enumerate(found):
        if anchor.parent != 0 or not anchor.name.endswith("Anchor"):
            continue
        inside = [e for e in found[at + 1 :] if e.start < anchor.end]
        if all(e.attrs.get("hidden") in TRUE for e in inside if e.name == "cNvPr"):
            continue
        kinds = [_KINDS[e.name] for e in inside if e.name in _KINDS]
        target = next((charts.get(e.attrs.get("r:id", ""), "") for e in inside if e.name == "chart"), "")
        own = book.package.find(target) if target else None
        chart = _chart(markup.elements(markup.utf8(book.package.read(own), own), own)) if own else None
        yield Shape(kinds[0] if kinds else "图形", _box(inside, anchor.name), chart)


def _box(inside: Sequence[Element], kind: str) -> Box:
    if kind == "absoluteAnchor":
        return EVERYWHERE
    spots = [(digits(e.text.strip()) or 0) + 1 for e in inside if e.name in ("col", "row")]
    if len(spots) < 4:  # the size is told in lengths
        spots = [*spots[:2], MAX_COLUMN, MAX_ROW] if len(spots) >= 2 else [1, 1, MAX_COLUMN, MAX_ROW]
    left, top, right, bottom = spots[:4]
    return top, left, bottom, right


def _chart(found: Sequence[Element]) -> Chart:
    def text(at: int, *names: str) -> str:
        """The first text in an element of one of the names, somewhere inside another."""
        box = found[at]
        inside = (e for e in found[at + 1 :] if e.start < box.end)
        return next((e.text for e in inside if e.name in names and e.text), "")

    def part(at: int, name: str) -> int:
        return next((n for n, e in enumerate(found) if e.parent == at and e.name == name), -1)

    series = [at for at, e in enumerate(found) if e.name == "ser"]
    rows = []
    for at in series:
        name, labels, values = (part(at, word) for word in ("tx", "cat", "val"))
        rows.append(
            (
                text(name, "f", "v") if name >= 0 else "",
                text(labels, "f", "v") if labels >= 0 else "",
                text(values, "f", "v") if values >= 0 else "",
            )
        )
    titles = [
        "".join(e.text for e in found[at + 1 :] if e.start < box.end and e.name == "t")
        for at, box in enumerate(found)
        if box.name == "title"
    ]
    formats = [
        e.attrs.get("formatCode", "")
        for e in found
        if e.name == "numFmt" and found[e.parent].name == "dLbls" and e.attrs.get("sourceLinked") not in TRUE
    ]
    return Chart(tuple(titles), tuple(rows), tuple(dict.fromkeys(formats)))
