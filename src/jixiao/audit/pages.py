"""The text layer of a .pdf as pieces: the only importer of pypdf, which is an optional extra."""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from jixiao.audit.document import Piece, heading_level, plain
from jixiao.audit.text import joined
from jixiao.audit.text import pieces_of as of_text
from jixiao.model import LimitReached, Refused, Source, UsageStop

_GLUED = re.compile(r"\d\.\d+\.\d|\d[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d+(?:\.\d+)?[一-龥]{2,}\d")
MAX_PAGES = 400
MAX_SECONDS = 60
MAX_PAGE = 200_000  # characters of one page


def pieces_of(data: bytes, file: str, clock: Callable[[], float] = time.monotonic) -> list[Piece]:
    """Paragraphs of every page. UsageStop: pypdf is missing; Refused: damaged or encrypted; LimitReached."""
    try:
        import pypdf
    except ImportError as error:
        raise UsageStop("J765", Source(file)) from error
    logging.getLogger("pypdf").setLevel(
        logging.CRITICAL
    )  # its remarks on other people's files are none of ours
    try:
        texts = _texts(pypdf.PdfReader(io.BytesIO(data)), file, clock)
    except (Refused, LimitReached):
        raise
    except Exception as error:  # whatever the library stumbles over, the file is not one
        raise Refused("J750", Source(file), file=file, why="PDF 文件已损坏或无法读取") from error
    return list(_loosened(of_text("\f".join(texts))))


def _loosened(pieces: list[Piece]) -> Iterator[Piece]:
    """The text layer knows no cells: lines that are no sentences, and all behind 附件, are kept unchecked."""
    annex, body = False, False
    for piece in pieces:
        text = plain("".join(piece.cells))
        body = body or "。" in text
        annex = annex or (body and text.startswith(("附件", "附表")))
        sentence = text.endswith(("。", "；", "：", ":", ";")) or heading_level(text) > 0
        glued = _GLUED.search(text) is not None
        yield replace(piece, loose=annex or glued or (body and not sentence))


def _texts(reader: Any, file: str, clock: Callable[[], float]) -> list[str]:
    """The text of every page, lines joined to paragraphs."""
    until = clock() + MAX_SECONDS
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("J750", Source(file), file=file, why="文件已加密")
    if len(reader.pages) > MAX_PAGES:
        raise LimitReached("J751", Source(file), file=file, most=f"{MAX_PAGES}页")
    texts: list[str] = []
    for page in reader.pages:
        if clock() > until:
            raise LimitReached("J751", Source(file), file=file, most=f"{MAX_SECONDS}秒的读取时间")
        texts.append(joined((page.extract_text() or "")[:MAX_PAGE].replace("\f", "\n")))
    return texts
