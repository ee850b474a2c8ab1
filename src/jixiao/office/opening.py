"""A path -> Book: the file is read once, sniffed by content, checked before any reader sees it, then read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jixiao.model import LimitReached, Refused, Source, Stop
from jixiao.office import guard
from jixiao.office.sheet import Book

MAX_FILE = 200_000_000
MAX_TEXT = 30_000_000
"""Formats that are text (.csv, HTML, XML) are larger than this only when something is wrong."""


def open_book(path: Path) -> Book:
    """Read one source file of any supported kind; raises Refused or LimitReached with one clear line."""
    data = _bytes(path)
    return read_book(data, path.name)


def read_book(data: bytes, file: str) -> Book:
    """Read the bytes of a source file; ``file`` is its bare name, used in proofs and messages."""
    if not data:
        raise Refused("J104", file=file)
    sha256 = hashlib.sha256(data).hexdigest()
    kind = guard.sniff(data)
    if kind not in ("zip", "ole", "pdf") and len(data) > MAX_TEXT:
        raise LimitReached("J107", file=file, what="文件过大")
    if kind == "pdf":
        raise Refused("J106", file=file, why="PDF 文件")
    if kind in ("zip", "ole"):
        _check(data, file)
        from jixiao.office.readers import legacy, workbook

        return workbook.read(data, file, sha256) if kind == "zip" else legacy.read(data, file, sha256)
    if kind == "html":
        from jixiao.office.readers import markup

        return markup.read(data, file, sha256)
    if kind == "xml":
        from jixiao.office.readers import spreadsheetml

        return spreadsheetml.read(data, file, sha256)
    from jixiao.office.readers import delimited

    return delimited.read(data, file, sha256)


def _check(data: bytes, file: str) -> None:
    """The package check, its refusals worded with the name of the file."""
    try:
        guard.check_package(data)
    except Stop as stop:
        found, words = stop.finding, dict(stop.finding.args)
        if found.code == "J505":
            raise Refused("J105", file=file) from stop
        if found.code == "J501":
            raise Refused("J106", file=file, why=words.get("why", "")) from stop
        place = found.sources[0] if found.sources else Source("")
        raise type(stop)(found.code, Source(file, place.sheet, place.cell), **words) from stop


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
