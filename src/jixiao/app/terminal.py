"""What a person sees on a terminal: lines wrapped to its width, tables whose Chinese columns line up, findings, progress.

A Chinese character takes two columns. Characters whose width depends on the terminal (“ ” … ×) are counted as
one, as terminals of today draw them, and are never used to draw the table itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TextIO
from unicodedata import combining, east_asian_width

from jixiao.model import LEVEL_TITLES, Finding, Level

PIPED = 120  # columns where nobody says how wide the paper is
NARROWEST, WIDEST = 60, 200
GAP = "  "
AFTER, EVERY, MARKS = 1.0, 0.25, "|/-\\"  # seconds until progress shows and between its marks
_NOT_FIRST = frozenset("，。；：、？！）》」』】”’％%…)],.;:!?")  # never begins a line
_NOT_LAST = frozenset("（《「『【“‘([")  # never ends one


def width(text: str) -> int:
    """Columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_wide(letter) for letter in text)


def _wide(letter: str) -> int:
    if letter.isascii():
        return 1
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """A text filled up with blanks to a width."""
    blank = " " * max(0, columns - width(text))
    return blank + text if right else text + blank


def printable(text: str) -> str:
    """A text without control characters: what stands in a workbook must not steer somebody's terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def terminal_width(stream: TextIO | None = None) -> int:
    """Columns of the terminal that a stream writes to; COLUMNS goes before, a file counts as 120."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked) > 0:
        columns = int(asked)
    else:
        try:
            columns = os.get_terminal_size((stream or sys.stdout).fileno()).columns or PIPED
        except (OSError, ValueError, AttributeError):
            columns = PIPED
    return max(NARROWEST, min(WIDEST, columns))


def wrap(text: str, columns: int, later: int | None = None) -> list[str]:
    """Lines of at most ``columns``, or of ``later`` from the second on.

    Words and numbers stay whole where they fit, and punctuation begins no line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap(printable(paragraph), max(2, columns), max(2, later or columns))
    return lines


def _wrap(text: str, columns: int, later: int) -> list[str]:
    if width(text) <= columns:
        return [text]
    lines: list[str] = []
    line, used, most = "", 0, columns
    for piece in _pieces(text, min(columns, later)):
        took = width(piece)
        if used + took > most and line:
            lines.append(line.rstrip())
            line, used, most = "", 0, later
            if piece.isspace():
                continue
        line, used = line + piece, used + took
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, columns: int) -> list[str]:
    """What may not be torn apart: words and figures, and a character with the punctuation that belongs to it."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1] if pieces else ""
        word = (
            letter.isascii() and letter not in " ()[]" and last[-1:].isascii() and last[-1:] not in (" ", "")
        )
        joins = bool(last) and not last.isspace() and (word or letter in _NOT_FIRST or last[-1] in _NOT_LAST)
        if joins and width(last) + _wide(letter) <= columns:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def hanging(text: str, columns: int, indent: str = "    ") -> str:
    """A paragraph whose second and later lines are set in."""
    return ("\n" + indent).join(wrap(text, columns, columns - width(indent)))


class Column:
    """A column of a table: its heading, the width it must have, and whether figures stand on the right.

    ``least`` of 0 lets the column be as wide as its content; columns with ``share`` divide what is left over.
    """

    __slots__ = ("least", "right", "share", "title")

    def __init__(self, title: str, *, right: bool = False, share: int = 0, least: int = 0) -> None:
        self.title, self.right, self.share, self.least = title, right, share, least


class Table:
    """Rows under headings, drawn with blanks and hyphens; long cells are wrapped, never cut."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.rows: list[tuple[str, ...] | str] = []

    def row(self, *cells: str) -> None:
        """One row, a text for each column."""
        self.rows.append(cells)

    def heading(self, text: str) -> None:
        """A line across the whole table."""
        self.rows.append(text)

    def draw(self, total: int) -> str:
        """The table as text of at most ``total`` columns."""
        widths = self._widths(total)
        rule = "-" * (sum(widths) + len(GAP) * (len(widths) - 1))
        lines = [*self._lines(tuple(c.title for c in self.columns), widths), rule]
        for row in self.rows:
            lines += wrap(row, total) if isinstance(row, str) else self._lines(row, widths)
        return "\n".join(lines)

    def _lines(self, cells: Sequence[str], widths: Sequence[int]) -> list[str]:
        wrapped = [wrap(cell, columns) for cell, columns in zip(cells, widths, strict=True)]
        lines = []
        for number in range(max(len(lines) for lines in wrapped)):
            pieces = [
                padded(parts[number] if number < len(parts) else "", columns, right=column.right)
                for parts, columns, column in zip(wrapped, widths, self.columns, strict=True)
            ]
            lines.append(GAP.join(pieces).rstrip())
        return lines

    def _widths(self, total: int) -> list[int]:
        cells = [row for row in self.rows if not isinstance(row, str)]
        natural = [
            max([column.least, *(width(printable(row[n])) for row in cells)], default=0)
            for n, column in enumerate(self.columns)
        ]
        widths = [
            max(column.least, 0 if column.least else width(column.title), natural[n])
            if not column.share
            else 0
            for n, column in enumerate(self.columns)
        ]
        left = total - sum(widths) - len(GAP) * (len(widths) - 1)
        open_columns = [n for n, column in enumerate(self.columns) if column.share]
        wanted = {n: max(natural[n], width(self.columns[n].title)) for n in open_columns}
        while open_columns:
            shares = sum(self.columns[n].share for n in open_columns)
            fitting = [n for n in open_columns if wanted[n] <= left * self.columns[n].share // shares]
            for n in fitting or open_columns:
                widths[n] = wanted[n] if fitting else max(2, left * self.columns[n].share // shares)
            if not fitting:
                break
            left -= sum(widths[n] for n in fitting)
            open_columns = [n for n in open_columns if n not in fitting]
        return widths


def say(text: str = "") -> None:
    """One line or block on the standard output."""
    sys.stdout.write(f"{text}\n")


def json_text(data: Any) -> str:
    """Data as JSON, for programs."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def say_json(data: Any) -> None:
    """The same on the standard output."""
    say(json_text(data))


def say_findings(findings: Iterable[Finding], title: str = "发现") -> None:
    """Findings, the serious ones first, each a paragraph; nothing where there are none."""
    items = sorted(findings, key=lambda item: tuple(Level).index(item.level))
    if not items:
        return
    counts = [
        f"{LEVEL_TITLES[level]}{n}" for level in tuple(Level) if (n := sum(i.level is level for i in items))
    ]
    say(f"{title} {len(items)} 项：{'，'.join(counts)}")
    columns = terminal_width()
    for item in items:
        say(hanging(f"{LEVEL_TITLES[item.level]} {item.line()}", columns))


class Progress:
    """``with Progress() as say:`` … ``say("读取3个文件")``; silent where stderr is no terminal."""

    def __init__(self) -> None:
        self.text, self.started = "", time.monotonic()
        self.drawn, self.over = 0, threading.Event()
        self.shown = sys.stderr.isatty()
        self.thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Self:
        if self.shown:
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        if self.shown:
            self.thread.join()
            if self.drawn:
                self._put("")
                sys.stderr.write("\r")
                sys.stderr.flush()

    def __call__(self, text: str) -> None:
        """What is being done now."""
        self.text = text

    def _draw(self) -> None:
        pause = AFTER
        while not self.over.wait(pause):
            pause = EVERY
            seconds = time.monotonic() - self.started
            mark = MARKS[int(seconds / EVERY) % len(MARKS)]
            self._put(f"{mark} {self.text or '处理中'}（{seconds:.0f} 秒）")

    def _put(self, text: str) -> None:
        line = wrap(text, terminal_width(sys.stderr) - 1)[0]
        sys.stderr.write("\r" + padded(line, self.drawn))
        sys.stderr.flush()
        self.drawn = width(line)


def write_log(words: Sequence[str], error: BaseException) -> str:
    """Write the traceback, the command and the versions to a new file of the temporary folder; its path.

    Where even that cannot be written, the text that stands for the path says so.
    """
    import platform
    import tempfile
    import traceback

    import jixiao

    lines = [
        f"jixiao {jixiao.__version__}  Python {sys.version.split()[0]}  {platform.platform()}",
        f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {list(words)!r}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    try:
        handle, path = tempfile.mkstemp(prefix="jixiao-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(lines))
    except OSError:
        return "屏幕截图（日志无法写入）"
    return path
