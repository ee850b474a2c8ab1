"""A report file -> Report: by content, not by name; sizes bounded, nothing of the file carried out."""

from __future__ import annotations

import re
from pathlib import Path

from jixiao.audit.document import Piece, Report, build
from jixiao.model import LimitReached, Refused, Source
from jixiao.office.guard import sniff

MAX_BYTES = 50_000_000
MAX_PIECES = 20_000
MAX_CHARACTERS = 2_000_000
MAX_DIGITS = 40  # of one number: no report has such a one
_ENDLESS = re.compile(rf"\d{{{MAX_DIGITS + 1}}}")
_KINDS = {
    "ole": "这是旧格式的 Word 文件（.doc）或加密的文件",
    "html": "这是网页文件，不是 Word 文档",
    "xml": "这是 XML 文件，不是 Word 文档",
}


def read_report(path: Path) -> Report:
    """The paragraphs and tables of a .docx, .txt or .pdf. Refused: not one of them; LimitReached: too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("J773", Source(path.name), file=path.name) from error
    except OSError as error:
        why = "这是文件夹" if path.is_dir() else "无法打开，可能没有读取权限"
        raise Refused("J750", Source(path.name), file=path.name, why=why) from error
    pieces = _pieces(data, path.name)
    if len(pieces) > MAX_PIECES or sum(len(c) for p in pieces for c in p.cells) > MAX_CHARACTERS:
        raise LimitReached("J751", Source(path.name), file=path.name, most=f"{MAX_PIECES}段")
    if any(_ENDLESS.search(cell) for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why=f"含有超过{MAX_DIGITS}位的数字")
    if not any(cell.strip() for piece in pieces for cell in piece.cells):
        raise Refused("J750", Source(path.name), file=path.name, why="没有文字，可能是扫描件")
    return build(path.name, pieces)


def _pieces(data: bytes, name: str) -> list[Piece]:
    suffix = name.rpartition(".")[2].lower()
    if not data:
        raise Refused("J750", Source(name), file=name, why="文件是空的")
    kind = sniff(data)
    if data.startswith(b"{\\rtf"):
        raise Refused("J750", Source(name), file=name, why="这是 RTF 文件")
    if kind == "text" and suffix in ("docx", "pdf", "doc"):
        raise Refused("J750", Source(name), file=name, why=f"扩展名是 .{suffix}，内容却是纯文字")
    if kind == "zip":
        from jixiao.audit.word import pieces_of as of_word

        return of_word(data, name)
    if kind == "pdf":
        from jixiao.audit.pages import pieces_of as of_pdf

        return of_pdf(data, name)
    if kind == "text":
        from jixiao.audit.text import pieces_of as of_text

        text = _decoded(data, name)
        endless = _ENDLESS.search(text)
        return of_text(text) if endless is None else [Piece((endless[0],))]
    why = _KINDS.get(kind, "只能读取 .docx、.txt 和有文字层的 .pdf")
    raise Refused("J750", Source(name), file=name, why=why)


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Refused("J750", Source(name), file=name, why="文字编码无法识别")
