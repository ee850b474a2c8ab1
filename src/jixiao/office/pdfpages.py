"""A PDF with a text layer -> a Book, a sheet a page: ruled tables become cells, the words around them rows of their own.

PDFium runs in a process of its own (``pdfium_worker``) and tells where characters and lines stand; everything else is
decided here. Nothing is guessed: a cell that can be read in two ways carries a question mark, which no reader of numbers
takes, a page that cannot be read is kept as one line that says so, and a file that shows nothing else is not read at all.
Free words stand in column A and tables begin in column B, so that no sentence is ever taken for the label of a row.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from jixiao.model import Finding, Source, UsageStop, make
from jixiao.office.book import Book, Sheet
from jixiao.office.problems import NotRead, TooMuch
from jixiao.office.ruling import UNKNOWN, Char, Table, is_figure, level, spelled, tables_of
from jixiao.text import narrow

SECONDS = 10.0  # the worker ends itself after 8 seconds of work, where the system counts them
PATIENCE = 60.0
MAX_CELLS, MAX_MEETINGS = 200_000, 2_000_000  # of a file: places of its tables, pairs of lines
FREE = 1
"""The column of the words outside tables."""
_FAILED = {"damaged": "文件已损坏", "picture": "没有这一页", "password": "有密码，请先取消密码"}


def _asked(words: Sequence[str], data: bytes) -> bytes:
    """The answer of the worker; NotRead where it broke down, TooMuch where it ran into its bounds."""
    call = [sys.executable, "-P", str(Path(__file__).with_name("pdfium_worker.py")), *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by our own interpreter, no shell
            call,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS if sys.platform == "win32" else PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuch(f"{SECONDS:.0f}秒的读取时间") from error
    if done.returncode:
        import signal

        if -done.returncode in (getattr(signal, "SIGXCPU", 0), getattr(signal, "SIGKILL", 0)):
            raise TooMuch("读取时间")
        raise NotRead("文件已损坏，读取时中断")
    if done.stdout.startswith(b'{"failed"'):
        why, *most = json.loads(done.stdout)["failed"]
        if why == "library":
            raise UsageStop("J155")
        raise TooMuch(most[0]) if most else NotRead(_FAILED[why])
    return done.stdout


def picture_of(data: bytes, place: Sequence[int]) -> bytes:
    """The strip of a page around a place (page, left, top, right, bottom), the place framed, as PNG; NotRead, TooMuch."""
    return _asked([*map(str, place)], data)


@dataclass(slots=True)
class Leaf:
    """A page as it is read: ``why`` it cannot be, its tables, and the lines of words outside them, by their height."""

    number: int
    why: str
    tables: list[Table] = field(default_factory=list)
    words: list[tuple[float, str]] = field(default_factory=list)
    columns: int = 0  # lines that look like the rows of a table, without its lines

    def parts(self) -> list[tuple[float, str | Table]]:
        """Lines and tables from the top down."""
        parts: list[tuple[float, str | Table]] = [*self.words]
        return sorted(
            [*parts, *((table.rows[0].at, table) for table in self.tables)], key=lambda part: part[0]
        )


def leaves(data: bytes) -> list[Leaf]:
    """The pages of a file; NotRead, TooMuch, UsageStop without PDFium."""
    room = [MAX_MEETINGS, MAX_CELLS]
    return [_leaf(number, page, room) for number, page in enumerate(json.loads(_asked([], data))["pages"], 1)]


def _leaf(number: int, page: dict[str, Any], room: list[int]) -> Leaf:
    chars = [Char(*values) for values in page["chars"]]
    made = Leaf(number, _unreadable(page, chars))
    if made.why:
        return made
    made.tables = tables_of(page["lines"], room)
    for table in sorted(made.tables, key=len):
        chars = table.take(chars)
    for line in level(chars):
        text = spelled(line)
        if text:
            made.words.append((line[0].foot, text))
            figures = sum(is_figure(part) for part in text.split("　"))
            made.columns += figures > 1 or (figures == 1 and "　" in text)
    return made


def _unreadable(page: dict[str, Any], chars: list[Char]) -> str:
    """What speaks against the text of a page, by what is measured on it; empty where it can be read."""
    seen = [char for char in chars if char.text.strip()]
    if page["hidden"] > max(len(seen), 20):
        return "是带识别文字的扫描件，识别的数字可能有错"
    if len(seen) < 10 and page["image"] > 0.4:
        return "是扫描件，没有文字"
    if len(seen) < 10 and page["paths"] > 300:
        return "文字已转成图形"
    if sum(char.text == UNKNOWN for char in seen) > 0.2 * len(seen):
        return "字体没有文字对照，读出的不是原字"
    letters = [char for char in narrow("".join(char.text for char in seen)) if "\u4e00" <= char <= "\u9fff"]
    if len(letters) > 20 and sum(map(_common, letters)) < 0.75 * len(letters):
        return "字体的文字对照是乱的，读出的不是原字"
    digits = [char for char in seen if char.text.isdecimal()]
    if len(digits) > 10 and sum(char.flaw for char in digits) > 0.3 * len(digits):
        return "数字看不见，或字体的数字对照是乱的"
    return ""


def why_unread(pages: list[Leaf]) -> str:
    """Why most of the pages that cannot be read cannot be; empty where all can."""
    whys = Counter(leaf.why for leaf in pages if leaf.why)
    return whys.most_common(1)[0][0] if whys else ""


def _common(letter: str) -> bool:
    """Whether a character is one of the 3,755 of daily use: official text has hardly any other."""
    try:
        return letter.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def read(data: bytes, file: str, sha256: str) -> Book:
    """The pages of a PDF as sheets. NotRead: nothing in it can be taken for a table; TooMuch; UsageStop without PDFium."""
    pages = leaves(data)
    if not any(page.tables for page in pages):
        bare = any(page.columns > 2 for page in pages)
        raise NotRead(why_unread(pages) or ("表格没有框线" if bare else "没有表格"))
    book = Book(file, [Sheet(file, sha256, f"第{page.number}页") for page in pages], typed=False, paged=True)
    doubts = [place for sheet, page in zip(book.sheets, pages, strict=True) for place in _laid(sheet, page)]
    book.findings = list(_told(file, pages, doubts))
    return book


def _laid(sheet: Sheet, page: Leaf) -> Iterator[Source]:
    """Put a page on a sheet; the places of doubtful cells."""
    row, last = 1, max((len(table.columns) for table in page.tables), default=FREE)
    if page.why:
        sheet.put(row, FREE, f"（本页没有读取：{page.why}）")
    for _, part in page.parts():
        if isinstance(part, str):
            sheet.put(row, FREE, part)
            if last > FREE:
                sheet.spans.append((row, FREE, row, last))
            row += 1
            continue
        for region in part.regions:
            text, box = region.text(), (page.number, *part.place(region))
            spots = [(row + y, FREE + 1 + x) for y, x in region.places]
            if region.doubtful:
                yield sheet.source(*spots[0])
            elif len(spots) > 1 and not region.torn:
                sheet.spans.append((*spots[0], *spots[-1]))
                spots = spots[:1]
            for spot in spots:
                sheet.boxes[spot] = box
                if text:
                    sheet.put(*spot, text)
        wide = enumerate(pairwise(rule.at for rule in part.columns), FREE + 1)
        sheet.widths = {FREE: 3.0} | (sheet.widths or {}) | {n: max(4.0, (b - a) / 5.2) for n, (a, b) in wide}
        row += len(part.rows) - 1


def _told(file: str, pages: list[Leaf], doubts: list[Source]) -> Iterator[Finding]:
    """What could not be read for sure."""
    for why in dict.fromkeys(page.why for page in pages if page.why):
        some = [str(page.number) for page in pages if page.why == why]
        yield make("J152", Source(file, f"第{some[0]}页"), pages="、".join(some), why=why)
    if some := [str(page.number) for page in pages if page.columns > 2]:
        yield make("J153", Source(file, f"第{some[0]}页"), pages="、".join(some))
    if doubts:
        shown = "、".join(f"{place.sheet} {place.cell}" for place in doubts[:10])
        yield make("J154", doubts[0], count=len(doubts), places=shown)
