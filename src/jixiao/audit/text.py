"""Plain text as pieces: lines that a page break tore apart are joined, lines with tabs are rows of a table."""

from __future__ import annotations

import re

from jixiao.audit.document import Piece, heading_level, plain

TORN = 40  # characters: a shorter line that ends without a stop is a title, not a torn paragraph
_ENDS = "。；！？：;!?:)）》"
_LABEL = re.compile(r"[^，。、]{2,10}[：:]")


def pieces_of(text: str) -> list[Piece]:
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


def joined(page: str) -> str:
    """The lines of a printed page as paragraphs: a line as long as its neighbours and without a stop goes on."""
    lines = [line.strip() for line in page.split("\n") if line.strip()]
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
