"""A path -> Book: the file is read once, sniffed by content, checked before any reader sees it, then read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jixiao.intake.sheet import Book
from jixiao.model.finding import LimitReached, Refused

MAX_FILE = 200_000_000


def open_book(path: Path) -> Book:
    """Read one source file of any supported kind; raises Refused or LimitReached with one clear line."""
    data = _bytes(path)
    return read_book(data, path.name)


def read_book(data: bytes, file: str) -> Book:
    """Read the bytes of a source file; ``file`` is its bare name, used in proofs and messages."""
    if not data:
        raise Refused("J104", file=file)
    sha256 = hashlib.sha256(data).hexdigest()
    kind = _kind(data, file)
    if kind in ("zip", "ods", "ole"):
        from jixiao.intake.readers import workbook

        return workbook.read(data, file, sha256, kind)
    if kind == "html":
        from jixiao.intake.readers import markup

        return markup.read(data, file, sha256)
    if kind == "xml":
        from jixiao.intake.readers import spreadsheetml

        return spreadsheetml.read(data, file, sha256)
    from jixiao.intake.readers import delimited

    return delimited.read(data, file, sha256)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Refused("J103", file=path.name)
        if path.stat().st_size > MAX_FILE:
            raise LimitReached("J107", file=path.name, what="文件过大")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("J102", file=path.name) from error
    except OSError as error:
        raise Refused("J101", file=path.name, why=f"无法打开：{error.strerror}") from error


def _kind(data: bytes, file: str) -> str:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        return "ods" if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in data[:200] else "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"%pdf"):
        raise Refused("J106", file=file, why="PDF 文件")
    if b"<html" in head or b"<table" in head or head.startswith(b"<!doctype html"):
        return "html"
    if head.startswith(b"<?xml") or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "xml"
    return "text"
