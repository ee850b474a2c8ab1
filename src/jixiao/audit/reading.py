"""A report file -> Report: by content, not by name; sizes bounded, nothing of the file carried out."""

from __future__ import annotations

from pathlib import Path

from jixiao.audit.document import Piece, Report, build
from jixiao.model.finding import LimitReached, Refused
from jixiao.model.guard import sniff
from jixiao.model.source import Source

MAX_BYTES = 50_000_000
MAX_PIECES = 20_000
MAX_CHARACTERS = 2_000_000


def read_report(path: Path) -> Report:
    """The paragraphs and tables of a .docx, .txt or .pdf. Refused: not one of them; LimitReached: too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise Refused("J750", Source(path.name), file=path.name, why="无法打开") from error
    pieces = _pieces(data, path.name)
    if len(pieces) > MAX_PIECES or sum(len(c) for p in pieces for c in p.cells) > MAX_CHARACTERS:
        raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_PIECES}段")
    if not any(cell.strip() for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why="没有文字，可能是扫描件")
    return build(path.name, pieces)


def _pieces(data: bytes, name: str) -> list[Piece]:
    kind = sniff(data) if data else "other"
    if kind == "zip":
        from jixiao.audit.word import pieces_of as of_word

        return of_word(data, name)
    if kind == "pdf":
        from jixiao.audit.pages import pieces_of as of_pdf

        return of_pdf(data, name)
    if kind == "text":
        from jixiao.audit.text import pieces_of as of_text

        return of_text(_decoded(data, name))
    raise Refused("J750", Source(name), file=name, why="只能读取 .docx、.txt 和有文字层的 .pdf")


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Refused("J750", Source(name), file=name, why="文字编码无法识别")
