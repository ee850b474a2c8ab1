"""A written report as blocks: paragraphs and table rows in their order, with headings, places and contents list.

The text of a .docx, a .txt or the text layer of a .pdf, which the office reads by content, not by name; sizes are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.model import LimitReached, NotRegular, Refused, Source, read_regular
from jixiao.office import sniff
from jixiao.office.document import NotRead, Paragraph, TooMuch, decoded, lines_of, read_word
from jixiao.text import narrow, unquoted, unspaced

_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|附件|附表")
_CONTENTS = re.compile(r"(.{2,60}?)(?:[\t.…·—]|\s{2,})+-?\s?(\d{1,4})\s?-?$")
PROBLEMS = "存在问题"  # the heading under which a report tells what it found wanting itself
LONGEST = 6_000  # characters of a paragraph or cell


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: paragraph number, or table, row and cell (all from 1); page where it is known."""

    paragraph: int
    table: int = 0
    row: int = 0
    cell: int = 0
    page: int = 0
    heading: str = ""

    def shown(self) -> str:
        """The place in Chinese, as a reader would look for it."""
        page = f"第{self.page}页" if self.page else ""
        if self.table:
            return f"{page}表{self.table}第{self.row}行第{self.cell}格"
        where = f"{page}第{self.paragraph}段"
        return f"{where}（{self.heading}）" if self.heading else where


@dataclass(slots=True)
class Block:
    """A paragraph (one text) or a table row (several cells), already in the form of ``plain``."""

    number: int
    cells: tuple[str, ...]
    table: int = 0
    row: int = 0
    page: int = 0
    level: int = 0  # 1, 2, 3 for a heading
    path: tuple[str, ...] = ()  # headings above, and the block itself where it is one
    loose: bool = False  # words of a table that lost its cells: nothing of it is held against anything

    @property
    def text(self) -> str:
        """The whole block as one text."""
        return "\t".join(self.cells)

    def place(self, cell: int = 0) -> Place:
        """The place of a cell."""
        heading = self.path[-1] if self.path else ""
        return Place(self.number, self.table, self.row, cell + 1 if self.table else 0, self.page, heading)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents list."""

    title: str
    page: int | None
    number: int


@dataclass(slots=True)
class Report:
    """A whole report."""

    name: str
    blocks: list[Block] = field(default_factory=list)
    contents: list[Entry] = field(default_factory=list)

    def paragraphs(self) -> Iterator[Block]:
        """The blocks outside tables."""
        return (block for block in self.blocks if not block.table)

    def rows(self) -> Iterator[Block]:
        """The rows of tables."""
        return (block for block in self.blocks if block.table)

    def texts(self) -> Iterator[tuple[Block, int, str]]:
        """Every paragraph and every cell of a table: block, number of the cell, text."""
        return ((block, cell, text) for block in self.blocks for cell, text in enumerate(block.cells))

    def section(self, title: str) -> list[Block]:
        """The paragraphs under the first heading whose words contain a title."""
        return [
            block
            for block in self.paragraphs()
            if any(title in heading for heading in block.path) and not block.level
        ]


def read_report(path: Path) -> Report:
    """A .docx, .txt or .pdf as a report. Refused: not one of them; LimitReached: too large."""
    return _built(path.name, pieces_of(path))


def report_of(name: str, text: str) -> Report:
    """A plain text as a report: lines are paragraphs, lines with tabs rows of a table."""
    return _built(name, of_text(text))


def _built(name: str, pieces: list[Piece]) -> Report:
    """Contents list taken out, headings found, every block numbered."""
    report = Report(name)
    path: list[str] = []
    rows: dict[int, int] = {}
    in_contents = False
    for number, piece in enumerate(_bounded(pieces), 1):
        texts = tuple(plain(cell) for cell in piece.cells)
        if not any(texts):
            continue
        if not piece.table and texts[0] in ("目录", "目次", "contents"):
            in_contents = True
            continue
        entry = _entry(piece, number) if in_contents else None
        if entry is not None:
            report.contents.append(entry)
            continue
        in_contents = in_contents and not report.contents
        block = Block(number, texts, piece.table, page=piece.page, loose=piece.loose)
        if piece.table:
            rows[piece.table] = block.row = rows.get(piece.table, 0) + 1
        else:
            _place_heading(block, path, piece.level)
        block.path = tuple(path)
        report.blocks.append(block)
    return report


def _bounded(pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces whose paragraphs are cut and whose cells end at a length that no office writes."""
    for piece in pieces:
        if piece.table:
            yield replace(piece, cells=tuple(cell[:LONGEST] for cell in piece.cells))
            continue
        text = piece.cells[0]
        for at in range(0, max(len(text), 1), LONGEST):
            yield replace(piece, cells=(text[at : at + LONGEST],))


def _entry(piece: Piece, number: int) -> Entry | None:
    raw = narrow("\t".join(piece.cells)).strip()
    found = _CONTENTS.fullmatch(raw)
    if found is not None:
        return Entry(plain(found[1]), int(found[2]), number)
    title = plain(raw)
    return Entry(title, None, number) if _NUMBERED.match(title) and "\t" in piece.cells[0] else None


def _place_heading(block: Block, path: list[str], told: int) -> None:
    level = heading_level(block.cells[0]) or told
    if level:
        path[level - 1 :] = [*("" for _ in range(level - 1 - len(path))), block.cells[0]]
        block.level = level


MAX_BYTES = 50_000_000
MAX_PIECES = 20_000
MAX_CHARACTERS = 2_000_000
MAX_DIGITS = 40  # of one number: no report has such a one
HEADING = 40  # characters; a longer line is a paragraph
SHORT = 10  # characters of a numbered line that may end in a stop and still be a heading
TORN = 40  # characters: a shorter line that ends without a stop is a title, not a torn paragraph
_ENDLESS = re.compile(rf"\d{{{MAX_DIGITS + 1}}}")
_ENDS = "。；！？：;!?:)）》"
_LABEL = re.compile(r"[^，。、]{2,10}[：:]")
_GLUED = re.compile(r"\d\.\d+\.\d|\d[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d")
_STYLE = re.compile(r"(?:heading|标题)?\s?([123])", re.IGNORECASE)
_KINDS = {
    "ole": "这是加密的文件，或旧格式的表格",
    "html": "这是网页文件，不是 Word 文档",
    "xml": "这是 XML 文件，不是 Word 文档",
}
_WIDE_STOPS = re.compile("([，：；！？…]+)")
_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_THIRD = re.compile(r"(?:0\.)?\d{1,5}[.、](?=\D)")


@dataclass(frozen=True, slots=True)
class Piece:
    """The cells of a row or one paragraph, raw; ``table`` counts tables from 1."""

    cells: tuple[str, ...]
    table: int = 0
    page: int = 0
    level: int = 0  # of a heading, where the file itself tells
    loose: bool = False  # words of a table that lost its cells


def plain(text: str) -> str:
    """Text as it is compared: narrow digits and brackets, no blanks, no quotation marks.

    Wide stops stay wide: they end a clause, where 1,000 and 12:30 are one figure.
    """
    parts = _WIDE_STOPS.split(text)
    parts[::2] = map(narrow, parts[::2])
    return unquoted(unspaced("".join(parts)))


def heading_level(text: str) -> int:
    """1 for 一、 2 for （一） 3 for 1. where the line is short and no sentence; 0 for anything else."""
    ended = text.removesuffix("。") if not _THIRD.match(text) or len(text) <= SHORT else text
    if len(text) > HEADING or ended.endswith(("；", "，", ";", ",")) or "。" in ended:
        return 0
    return next((level for level, shape in enumerate((_FIRST, _SECOND, _THIRD), 1) if shape.match(text)), 0)


def pieces_of(path: Path) -> list[Piece]:
    """The paragraphs and tables of a .docx, .txt or .pdf. Refused: not one of them; LimitReached: too large."""
    try:
        data, _ = read_regular(path, MAX_BYTES)
        if len(data) > MAX_BYTES:
            raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_BYTES // 1_000_000} MB")
    except FileNotFoundError as error:
        raise Refused("J773", Source(path.name), file=path.name) from error
    except OSError as error:
        why = error.strerror if isinstance(error, NotRegular) else "无法打开，可能没有读取权限"
        raise Refused("J750", Source(path.name), file=path.name, why=why) from error
    try:
        pieces = _pieces(data, path.name)
    except NotRead as error:
        raise Refused("J750", Source(path.name), file=path.name, why=str(error)) from error
    except TooMuch as error:
        raise LimitReached("J751", Source(path.name), file=path.name, most=str(error)) from error
    if len(pieces) > MAX_PIECES or sum(len(c) for p in pieces for c in p.cells) > MAX_CHARACTERS:
        raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_PIECES}段")
    if any(_ENDLESS.search(cell) for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why=f"含有超过{MAX_DIGITS}位的数字")
    if not any(cell.strip() for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why="没有文字，可能是扫描件")
    return pieces


def _pieces(data: bytes, name: str) -> list[Piece]:
    suffix = name.rpartition(".")[2].lower()
    if not data:
        raise Refused("J750", Source(name), file=name, why="文件是空的")
    kind = sniff(data)
    if data.startswith(b"{\\rtf"):
        raise Refused("J750", Source(name), file=name, why="这是 RTF 文件")
    if kind == "text" and suffix in ("docx", "pdf", "doc"):
        raise Refused("J750", Source(name), file=name, why=f"扩展名是 .{suffix}，内容却是纯文字")
    if kind in ("zip", "doc"):
        return _of_word(data)
    if kind == "pdf":
        return list(_loosened(of_text("\f".join(map(_joined, lines_of(data))))))
    if kind == "text":
        text = decoded(data)
        endless = _ENDLESS.search(text)
        return of_text(text) if endless is None else [Piece((endless[0],))]
    why = _KINDS.get(kind, "只能读取 .docx、.doc、.txt 和有文字层的 .pdf")
    raise Refused("J750", Source(name), file=name, why=why)


# ---- plain text


def of_text(text: str) -> list[Piece]:
    """The paragraphs and table rows of a text; a form feed begins a new page."""
    made: list[Piece] = []
    table, in_table = 0, False
    pages = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    for page, content in enumerate(pages, 1):
        number = page if len(pages) > 1 else 0
        for line in content.split("\n"):
            if not line.strip():
                continue
            if line.count("\t") >= 2:
                table += not in_table
                in_table = True
                made.append(Piece(tuple(line.split("\t")), table, number))
                continue
            if in_table and _goes_on(made[-1], line):
                made[-1] = Piece((*made[-1].cells[:-1], made[-1].cells[-1] + line), table, number)
                continue
            in_table = False
            if made and _torn(made[-1], line):
                made[-1] = Piece((made[-1].cells[0] + line.strip(),), 0, made[-1].page)
            else:
                made.append(Piece((line,), 0, number))
    return made


def _joined(lines: list[str]) -> str:
    """The lines of a printed page as paragraphs: a line as long as its neighbours and without a stop goes on."""
    lengths = sorted(len(plain(line)) for line in lines)
    full = lengths[len(lengths) * 4 // 5] * 4 // 5 if lengths else 0
    made: list[str] = []
    for line in lines:
        last = plain(made[-1].rpartition("\n")[2]) if made else ""
        goes_on = bool(last) and len(last) >= max(full, 12) and last[-1] not in _ENDS and "\t" not in line
        if goes_on and not heading_level(plain(line)) and not _LABEL.match(plain(line)):
            made[-1] += "\n" + line
        else:
            made.append(line)
    return "\n".join(text.replace("\n", "") for text in made)


def _goes_on(last: Piece, line: str) -> bool:
    """Whether a line belongs to the last row: its tab was torn off with the rest of the cell."""
    return (
        "\t" in line and len(last.cells) > 2 and plain(line)[:1] in "((" and heading_level(plain(line)) == 0
    )


def _torn(last: Piece, line: str) -> bool:
    if last.table or "\t" in line or "\t" in last.cells[0]:
        return False
    before, after = plain(last.cells[0]), plain(line)
    if len(before) < TORN or before[-1:] in _ENDS or heading_level(before):
        return False
    begins = heading_level(after) or _LABEL.match(after) or after[:1] in "①②③④⑤⑥⑦⑧⑨"
    return not begins and after not in ("目录", "目次")


# ---- Word and PDF


def _of_word(data: bytes) -> list[Piece]:
    made: list[Piece] = []
    tables = 0
    for block in read_word(data):
        if isinstance(block, Paragraph):
            found = _STYLE.fullmatch(block.style)
            made.append(Piece((block.text,), level=int(found[1]) if found else 0))
        else:
            tables += 1
            made += [Piece(tuple(cell.text for cell in row.cells), tables) for row in block.rows]
    return made


def _loosened(pieces: list[Piece]) -> Iterator[Piece]:
    """Beside ruled tables a page knows no cells: lines that are no sentences, and all behind 附件, are kept unchecked."""
    annex, body = False, False
    for piece in pieces:
        text = plain("".join(piece.cells))
        body = body or "。" in text
        annex = annex or (body and text.startswith(("附件", "附表")))
        sentence = text.endswith(("。", "；", "：", ":", ";")) or heading_level(text) > 0
        glued = _GLUED.search(text) is not None
        yield replace(piece, loose=not piece.table and (annex or glued or (body and not sentence)))
