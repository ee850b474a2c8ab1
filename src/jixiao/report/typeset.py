"""Report -> bytes of a .docx in the typography of a Chinese public document; equal reports give equal bytes.

Paper, margins, styles, page numbers and the watermark of a draft stand in ``house.docx``: open it in Word to change them.
Its three sections are cover and contents, text, and annexes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docx

from jixiao.report.elements import (
    chart,
    chart_height,
    cut,
    field,
    lines,
    node,
    paragraph,
    placed,
    row_heights,
    run,
    table,
)
from jixiao.report.parts import Annex, Bars, Block, Grid, Heading, Paragraph, Report
from jixiao.report.phrasing import clean

HOUSE = Path(__file__).with_name("house.docx")
ZIP_DATE = (2022, 1, 1, 0, 0, 0)
LONGEST = 255  # characters of a property
TEXT_WIDTH, ANNEX_WIDTH = 8844, 14570  # twips: 156 and 257 mm
LINES, POINTS = 22, 28.0  # of a page: lines of 28 points in 225 mm
CHARACTERS = 27.6  # of 16 points in a line
BASIS_POINTS, BASIS_CHARACTERS = 20.0, 36.8
# points of a landscape page that a table may fill: 160 mm, on the first page less the annex title and its lines
ROOM, FIRST_ROOM = 440.0, 350.0
LEVELS = 2  # of headings in the contents
LINE, DENSEST, CONTENTS = (
    560,
    420,
    11760,
)  # twips: a line of the contents, the least one, the room under their title


def write(report: Report) -> bytes:
    """The report as a Word document."""
    pen = _Pen(report)
    if report.letter:
        pen.add(paragraph("Title", run(report.title), spacing=_spacing(760, after=200)))
    else:
        pen.cover()
        pen.contents()
        pen.close_section(pen.sections[0])
    for block in pen.blocks:
        pen.block(block)
    if report.annexes:
        pen.close_section(pen.sections[1])
        for number, annex in enumerate(report.annexes):
            pen.annex(annex, number)
    pen.body.append(pen.sections[2 if report.annexes else 1])
    pen.describe()
    buffer = io.BytesIO()
    pen.document.save(buffer)
    return _packed(buffer.getvalue())


def mark(number: int, *, annex: bool = False) -> str:
    """The bookmark of a heading or annex."""
    return f"_Toc{(980000001 if annex else 900000001) + number}"


class _Pen:
    """One document being written."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.document: Any = docx.Document(str(HOUSE))
        self.sections = [section._sectPr for section in self.document.sections]  # noqa: SLF001 - no other way to them
        self.body = self.document.element.body
        for child in list(self.body):
            self.body.remove(child)
        if not report.draft:
            self._unmark()
        self.blocks = [*_notice(report), *report.blocks]
        self.headings = self.charts = 0

    def _unmark(self) -> None:
        """Take the watermark off: the headers of the first section, which the others take over."""
        for reference in self.sections[0].findall(f"{{{self.sections[0].nsmap['w']}}}headerReference"):
            self.document.part.drop_rel(reference.rId)
            self.sections[0].remove(reference)

    def add(self, *elements: Any) -> None:
        """Append to the body."""
        for element in elements:
            self.body.append(element)

    def bookmarked(self, style: str, text: str, name: str, number: int, *, new_page: bool = False) -> None:
        """A heading that the contents point at."""
        start, end = node("w:bookmarkStart", id=number, name=name), node("w:bookmarkEnd", id=number)
        alone = {
            "page": node("w:pageBreakBefore"),
            "ind": node("w:ind", firstLine=0),
            "jc": node("w:jc", val="center"),
        }
        self.add(paragraph(style, start, run(text), end, **(alone if new_page else {})))

    def block(self, block: Block, *, landscape: bool = False) -> None:
        """One block of the text."""
        if isinstance(block, Heading):
            name = mark(self.headings)
            self.bookmarked(f"heading{block.level}", block.text, name, self.headings, new_page=block.new_page)
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
        for style, text in (("Caption", grid.caption), ("Note", grid.note)):
            if text:
                self.add(paragraph(style, run(text)))
        for number, piece in enumerate(_pieces(grid) if landscape else [grid]):
            if number:
                self.add(paragraph("Cell", page=node("w:pageBreakBefore"), gap=_spacing(20)))
            self.add(table(piece, ANNEX_WIDTH if landscape else TEXT_WIDTH))
        self.add(paragraph("Cell", gap=_spacing(120)))

    def cover(self) -> None:
        """The cover page: title, and the labelled lines at its foot."""
        report = self.report
        self.add(paragraph("Title", run(report.title), spacing=_spacing(760, before=2600, after=200)))
        if report.draft:
            self.add(paragraph("Title", run("（草稿）")))
        gap = 3400 if report.draft else 4200
        for label, text in report.cover:
            before = node("w:spacing", before=gap, line=700, lineRule="exact")
            self.add(paragraph("CoverLine", run(f"{label}{text}"), spacing=before))
            gap = 0

    def contents(self) -> None:
        """The contents on a page of their own: a field that Word can update, with entries that stand there from the start."""
        where = pages(self.blocks)
        headings = [block for block in self.blocks if isinstance(block, Heading)]
        entries = [
            (block.level, block.text, page, mark(number))
            for number, (block, page) in enumerate(zip(headings, where, strict=False))
            if block.level <= LEVELS
        ]
        page = (where[-1] if self.blocks else 1) + 1
        for number, annex in enumerate(self.report.annexes):
            entries.append((1, f"{annex.label}　{annex.title}", page, mark(number, annex=True)))
            page += max(1, sum(len(_pieces(block)) for block in annex.blocks if isinstance(block, Grid)))
        self.add(paragraph("Normal", node("w:r", node("w:br", type="page"))))
        self.add(paragraph("ContentsTitle", run("目　　录")), *_entries(entries))

    def annex(self, annex: Annex, number: int) -> None:
        """One annex; the first follows a section break, the others begin a page."""
        self.add(
            paragraph("AnnexLabel", run(annex.label), page=node("w:pageBreakBefore") if number else None)
        )
        self.bookmarked("AnnexTitle", annex.title, mark(number, annex=True), 5000 + number)
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

    def describe(self) -> None:
        """Title and subject as the properties of the file."""
        about = self.document.core_properties
        about.title = clean(self.report.title).replace("\n", "")[:LONGEST]
        about.subject = clean(self.report.keywords)[:LONGEST]


def _spacing(line: int, before: int = 0, after: int = 0) -> Any:
    return node("w:spacing", before=before, after=after, line=line, lineRule="exact")


def _pieces(grid: Grid) -> list[Grid]:
    """A table of an annex, cut into one a page."""
    return cut(grid, ANNEX_WIDTH, FIRST_ROOM, ROOM)


def _entries(entries: Sequence[tuple[int, str, int, str]]) -> Iterator[Any]:
    """The lines of the contents inside their field."""
    opening, closing = (
        field(f'TOC \\o "1-{LEVELS}" \\h \\z \\u', "")[:3],
        node("w:r", node("w:fldChar", fldCharType="end")),
    )
    line = max(DENSEST, min(LINE, CONTENTS // max(len(entries), 1)))  # one page, where they fit on one
    for number, (level, title, page, target) in enumerate(entries, 1):
        reference = field(f"PAGEREF {target} \\h", str(page))
        words = (run(title), node("w:r", node("w:tab")), *reference)
        link = node("w:hyperlink", *words, anchor=target, history=1)
        last = [closing] if number == len(entries) else []
        fitted = _spacing(line) if line < LINE else None
        yield paragraph(f"toc{level}", *(opening if number == 1 else ()), link, *last, spacing=fitted)


def pages(blocks: Sequence[Block]) -> list[int]:
    """The page of every heading in order, then the last page.

    Reckoned: lines of fixed height and characters of one width make pages predictable.
    """
    made: list[int] = []
    page, used, whole = 1, 0.0, LINES * POINTS
    for number, block in enumerate([*blocks, Heading(1, "")]):
        for tall in _heights(block):
            # a heading stays with the line after it
            needed = tall + (POINTS * _kept(blocks, number) if isinstance(block, Heading) else 0.0)
            if used + needed > whole + 0.5 or (isinstance(block, Heading) and block.new_page):
                page, used = page + 1, 0.0
            if isinstance(block, Heading):
                made.append(page)
            used += tall
    return made


def _kept(blocks: Sequence[Block], number: int) -> int:
    """How many lines after a heading must stand on its page."""
    after = 1
    for block in blocks[number + 1 :]:
        if not isinstance(block, Heading):
            break
        after += 1
    return after


def _heights(block: Block) -> list[float]:
    """Heights in points of the pieces of a block that are not split."""
    if isinstance(block, Heading):
        return [POINTS]
    if isinstance(block, Paragraph):
        tall, room = (BASIS_POINTS, BASIS_CHARACTERS) if block.look == "basis" else (POINTS, CHARACTERS)
        return [tall] * lines(f"　　{block.lead}{block.text}", room)
    if isinstance(block, Bars):
        return [chart_height(block) * 72 / 25.4 + 6 + 24]
    first, *others = row_heights(block, TEXT_WIDTH, placed(block))
    return [(24.0 if block.caption else 0) + (18.0 if block.note else 0) + first, *others]


def _notice(report: Report) -> list[Block]:
    """What a draft says before anything else."""
    if not report.draft:
        return []
    lead = "本文为草稿，不得作为正式报告使用。" + ("以下事项未完成：" if report.pending else "")
    items = [Paragraph(f"（{n}）{text}。", look="missing") for n, text in enumerate(report.pending, 1)]
    return [Paragraph(lead, look="missing"), *items]


def _paragraph(block: Paragraph) -> Any:
    def east() -> Any:
        return node("w:rFonts", hint="eastAsia")

    parts = []
    if block.lead:
        parts.append(run(block.lead, east(), *([node("w:b")] if block.lead.endswith("。") else [])))
    pieces, rest = list[tuple[str, bool]](), block.text
    for gap in block.gaps:
        before, _, rest = rest.partition(gap)
        pieces += [(before, False), (gap, True)]
    for piece, lacks in [*pieces, (rest, block.look == "missing")]:
        red = (node("w:color", val="C00000"), node("w:highlight", val="yellow")) if lacks else ()
        if piece:
            parts.append(run(piece, east(), *red))
    return paragraph({"basis": "Basis", "missing": "Missing"}.get(block.look, "Normal"), *parts)


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
