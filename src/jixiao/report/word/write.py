"""Report -> bytes of a .docx; equal reports give equal bytes."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import docx

from jixiao.report.blocks import Annex, Bars, Block, Grid, Heading, Paragraph, Report
from jixiao.report.word import page
from jixiao.report.word.chart import chart
from jixiao.report.word.contents import annex_mark, contents, mark, total_pages
from jixiao.report.word.grid import table
from jixiao.report.word.nodes import node, paragraph, run
from jixiao.report.word.paged import paged
from jixiao.report.word.styles import dress
from jixiao.report.wording import clean

EPOCH = datetime.datetime(2022, 1, 1, tzinfo=datetime.UTC)
ZIP_DATE = (2022, 1, 1, 0, 0, 0)
DRAFT = "草稿"
LONGEST = 255  # characters of a property
# points of a landscape page that a table may fill: 160 mm, on the first page less the annex title and its lines
ROOM, FIRST_ROOM = 440.0, 350.0


class _Pen:
    """One document being written."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.document: Any = docx.Document()
        dress(self.document)
        page.settle(self.document)
        self.body = self.document.element.body
        for child in list(self.body):
            self.body.remove(child)
        self.headings = self.charts = 0

    def add(self, *elements: Any) -> None:
        """Append to the body."""
        for element in elements:
            self.body.append(element)

    def bookmarked(self, style: str, text: str, name: str, number: int, **settings: Any) -> Any:
        """A heading that the contents point at."""
        start, end = node("w:bookmarkStart", id=number, name=name), node("w:bookmarkEnd", id=number)
        return paragraph(style, start, run(text), end, **settings)

    def block(self, block: Block, *, landscape: bool = False) -> None:
        """One block of the text."""
        if isinstance(block, Heading):
            self.add(self.bookmarked(f"heading{block.level}", block.text, mark(self.headings), self.headings))
            self.headings += 1
        elif isinstance(block, Paragraph):
            self.add(_paragraph(block))
        elif isinstance(block, Bars):
            self.charts += 1
            self.add(chart(self.document, block, self.charts), paragraph("Caption", run(block.caption)))
        else:
            self.grid(block, landscape=landscape)

    def grid(self, grid: Grid, *, landscape: bool) -> None:
        """A table with its caption above and the unit at the right."""
        if grid.caption:
            self.add(paragraph("Caption", run(grid.caption)))
        if grid.note:
            self.add(paragraph("Note", run(grid.note)))
        width = page.text_width(landscape=landscape)
        pieces = _pieces(grid) if landscape else [grid]
        for number, piece in enumerate(pieces):
            if number:
                thin = node("w:spacing", before=0, after=0, line=20, lineRule="exact")
                self.add(paragraph("Cell", page=node("w:pageBreakBefore"), gap=thin))
            self.add(table(piece, width))
        gap = node("w:spacing", before=0, after=0, line=120, lineRule="exact")
        self.add(paragraph("Cell", gap=gap))

    def cover(self) -> None:
        """The cover page: title, and the labelled lines at its foot."""
        report = self.report
        self.add(
            paragraph(
                "Title",
                run(report.title),
                spacing=node("w:spacing", before=2600, after=200, line=760, lineRule="exact"),
            )
        )
        if report.draft:
            self.add(paragraph("Title", run("（草稿）")))
        gap = 4200 if not report.draft else 3400
        for number, (label, text) in enumerate(report.cover):
            before = node("w:spacing", before=gap if number == 0 else 0, line=700, lineRule="exact")
            self.add(paragraph("CoverLine", run(f"{label}{text}"), spacing=before))

    def contents(self) -> None:
        """The contents on a page of their own."""
        blocks = [*_notice(self.report), *self.report.blocks]
        page_now, entries = total_pages(blocks) + 1, []
        for annex in self.report.annexes:
            entries.append((f"{annex.label}　{annex.title}", page_now))
            page_now += _pages_of(annex)
        self.add(paragraph("Normal", node("w:r", node("w:br", type="page"))))
        self.add(*contents(blocks, entries))

    def annex(self, annex: Annex, number: int) -> None:
        """One annex; the first follows a section break, the others begin a page."""
        new_page = node("w:pageBreakBefore") if number else None
        self.add(paragraph("AnnexLabel", run(annex.label), page=new_page))
        self.add(self.bookmarked("AnnexTitle", annex.title, annex_mark(number), 5000 + number))
        if annex.line:
            self.add(paragraph("AnnexLine", run(annex.line)))
        for block in annex.blocks:
            self.block(block, landscape=True)

    def close_section(self, properties: Any) -> None:
        """End a section after what was written last."""
        last = self.body[-1]
        if last.tag.endswith("}p"):
            last.pPr.append(properties)
        else:
            self.add(node("w:p", node("w:pPr", properties)))


def _pieces(grid: Grid) -> list[Grid]:
    """A table of an annex, cut into one a page."""
    return paged(grid, page.text_width(landscape=True), FIRST_ROOM, ROOM)


def _pages_of(annex: Annex) -> int:
    """How many pages an annex takes, as its tables are cut."""
    return max(1, sum(len(_pieces(block)) for block in annex.blocks if isinstance(block, Grid)))


def write(report: Report) -> bytes:
    """The report as a Word document."""
    pen = _Pen(report)
    pen.cover()
    pen.contents()
    marks = page.watermarks(pen.document, DRAFT) if report.draft else ()
    pen.close_section(page.section(references=marks))
    for block in (*_notice(report), *report.blocks):
        pen.block(block)
    numbers = page.footers(pen.document)
    if report.annexes:
        pen.close_section(page.section(start=1, references=numbers))
        for number, annex in enumerate(report.annexes):
            pen.annex(annex, number)
        pen.add(page.section(landscape=True))
    else:
        pen.add(page.section(start=1, references=numbers))
    _describe(pen.document, report)
    buffer = io.BytesIO()
    pen.document.save(buffer)
    return _packed(buffer.getvalue())


def _notice(report: Report) -> list[Block]:
    """What a draft says before anything else."""
    if not report.draft:
        return []
    lead = "本文为草稿，不得作为正式报告使用。" + ("以下事项未完成：" if report.pending else "")
    items = [Paragraph(f"（{n}）{text}。", look="missing") for n, text in enumerate(report.pending, 1)]
    return [Paragraph(lead, look="missing"), *items]


def _paragraph(block: Paragraph) -> Any:
    style = {"basis": "Basis", "missing": "Missing"}.get(block.look, "Normal")
    parts = []
    if block.lead:
        strong = node("w:b") if block.lead.endswith("。") else None
        parts.append(
            run(
                block.lead,
                *(mark for mark in (node("w:rFonts", hint="eastAsia"), strong) if mark is not None),
            )
        )
    for piece in _MISSING.split(block.text):
        if piece:
            open_piece = block.look == "missing" or _MISSING.fullmatch(piece)
            parts.append(run(piece, *(_marked() if open_piece else ())))
    return paragraph(style, *parts)


def _marked() -> tuple[Any, ...]:
    """The look of what a draft lacks."""
    return (
        node("w:rFonts", hint="eastAsia"),
        node("w:color", val="C00000"),
        node("w:highlight", val="yellow"),
    )


_MISSING = re.compile(r"(〔(?:缺少数据|待填写)：[^〕]*〕)")


def _describe(document: Any, report: Report) -> None:
    about = document.core_properties
    about.title = clean(report.title).replace("\n", "")[:LONGEST]
    about.author = about.last_modified_by = "jixiao"
    about.subject, about.keywords, about.comments, about.category = (
        clean(report.keywords)[:LONGEST],
        "",
        "",
        "",
    )
    about.created = about.modified = EPOCH
    about.revision, about.language = 1, "zh-CN"


def _packed(data: bytes) -> bytes:
    """The package with its parts in order and one date, so that equal reports are equal files."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
            target.writestr(info, source.read(name))
    return buffer.getvalue()
