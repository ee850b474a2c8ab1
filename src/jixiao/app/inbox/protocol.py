"""What a button asks and what it is answered: plain lines, versioned, read strictly.

A request is ASCII, at most 16 KB, names as the hex of their UTF-16 letters::

    jixiao/2 score
    host=excel
    addin=0.1.0
    window=67432
    book=0043003A005C8BC452067C3F002E0078006C00730078
    sheet=8BC452068868
    end

An answer is one ASCII line ``jixiao/2 taken|done|failed|refused KEY`` (KEY names a message of the add-in, or ``-``),
then the same in Chinese as UTF-8 for hosts that can read it, in one line or more, then ``end``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from jixiao.model import Refused, Stop, read_plain

PROTOCOL = "jixiao/2"
HELLO = "hello"  # asks only whether somebody is there
STOP = "stop"  # asks the service to end, after what it was asked before
MOST_BYTES = 16_384
MOST_TEXT = 4_000  # letters of an answer, which then fits into MOST_BYTES in any script
HOSTS = ("excel", "wps", "libreoffice", "cli")
STATES = ("taken", "done", "failed", "refused")
KEYS = ("host", "addin", "window", "book", "sheet")
_IDENT = re.compile(r"[0-9]{14}-[0-9]{6,12}")
_FIRST = re.compile(r"(jixiao/[0-9]{1,4}) ([a-z]{1,20})")
_ANSWER = re.compile(r"jixiao/[0-9]{1,4} (taken|done|failed|refused) ([a-z]{1,20}|-)")
_LETTERS = re.compile(r"(?:[0-9A-Fa-f]{4})*")
LONGEST_BOOK, LONGEST_SHEET = 2_048, 100
_ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\/?.]|/(?!/)|https?://[^/\\]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_SHEET = frozenset("[]:*?/\\")


class Turned(Refused):
    """A request that is turned away with a message of its own: ``key`` names it in addin/excel/messages.yaml."""

    def __init__(self, key: str, code: str, **words: object) -> None:
        super().__init__(code, **words)
        self.key = key


class Button(NamedTuple):
    """One request of the list: its name, and the button that rings with it in ribbon, VBA and menu."""

    name: str
    button: str
    callback: str
    label: str
    tip: str
    about: str
    needs: str


@dataclass(frozen=True, slots=True)
class ButtonRequest:
    """What a button asks. ``book`` and ``sheet`` are names to recognise the open workbook by, never to open a file by.

    ``book`` is a full path, an address (OneDrive) or, for a workbook never saved, a bare name; ``window`` is the
    number of Excel's window on Windows, 0 elsewhere. ``folder`` is the inbox that it came through, for later answers.
    """

    ident: str
    verb: str
    host: str = "cli"
    addin: str = ""
    window: int = 0
    book: str = ""
    sheet: str = ""
    folder: Path | None = field(default=None, compare=False)


class ButtonAnswer(NamedTuple):
    """What a button is answered: a state, the name of a message that the add-in has, and the words in Chinese."""

    state: str
    key: str = "-"
    text: str = ""


def taken(text: str = "") -> ButtonAnswer:
    """The request is understood and will be carried out."""
    return ButtonAnswer("taken", "-", text)


def done(text: str = "") -> ButtonAnswer:
    """The work is finished."""
    return ButtonAnswer("done", "-", text)


def failed(text: str) -> ButtonAnswer:
    """The work could not be finished; ``text`` says why."""
    return ButtonAnswer("failed", "-", text)


def refused(key: str, text: str = "") -> ButtonAnswer:
    """The request will not be carried out; ``key`` names a message of addin/excel/messages.yaml."""
    return ButtonAnswer("refused", key, text)


def refusal(stop: Stop) -> ButtonAnswer:
    """The answer to a request that could not be accepted."""
    return refused(stop.key if isinstance(stop, Turned) else "refused", stop.finding.line())


@functools.cache
def buttons() -> dict[str, Button]:
    """The requests that are accepted, in the order of the ribbon."""
    listed = read_plain(Path(__file__).with_name("requests.yaml").read_text("utf-8"))
    assert listed is not None
    return {name: Button(name=name, **body) for name, body in listed.items()}


def is_ident(text: str) -> bool:
    """Whether a file name without its ending may be that of a request: time and a random number."""
    return _IDENT.fullmatch(text) is not None


def render(request: ButtonRequest) -> bytes:
    """A request as the bytes of its file."""
    lines = [
        f"{PROTOCOL} {request.verb}",
        f"host={request.host}",
        f"addin={request.addin}",
        f"window={request.window}",
        f"book={letters(request.book)}",
        f"sheet={letters(request.sheet)}",
        "end",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def parse(ident: str, data: bytes) -> ButtonRequest:
    """A request from the bytes of its file; Refused where they are anything but one that we accept."""
    if len(data) > MOST_BYTES:
        raise Refused("J850", why=f"超过 {MOST_BYTES} 字节")
    if not data.isascii():
        raise Refused("J850", why="含有不该有的字符")
    lines = data.decode("ascii").replace("\r\n", "\n").split("\n")
    first = _FIRST.fullmatch(lines[0])
    if first is None:
        raise Refused("J850", why="不是请求")
    if first[1] != PROTOCOL:
        raise Turned("version", "J851", theirs=first[1], ours=PROTOCOL)
    if lines[-2:] != ["end", ""]:
        raise Refused("J850", why="没有写完")
    return _request(ident, first[2], _values(lines[1:-2]))


def _values(lines: list[str]) -> dict[str, str]:
    pairs = [line.partition("=") for line in lines]
    if tuple(key for key, _, _ in pairs) != KEYS:
        raise Refused("J850", why="内容不齐")
    return {key: value for key, _, value in pairs}


def _request(ident: str, verb: str, values: dict[str, str]) -> ButtonRequest:
    wanted = buttons().get(verb)
    if wanted is None and verb not in (HELLO, STOP):
        raise Refused("J852", verb=verb)
    if values["host"] not in HOSTS:
        raise Refused("J853", what="程序", why="不认识")
    if not re.fullmatch(r"[0-9A-Za-z.+-]{0,40}", values["addin"]):
        raise Refused("J853", what="加载项版本", why="写法不对")
    if not re.fullmatch(r"[0-9]{1,20}", values["window"]):
        raise Refused("J853", what="窗口", why="不是数字")
    book, sheet = _text(values["book"], "工作簿名称"), _text(values["sheet"], "工作表名称")
    if wanted is not None and wanted.needs == "book" and not book:
        raise Turned("workbook", "J854")
    return ButtonRequest(
        ident,
        verb,
        values["host"],
        values["addin"],
        int(values["window"]),
        checked_book(book),
        checked_sheet(sheet),
    )


def letters(text: str) -> str:
    """Four hex digits for each UTF-16 unit of a text."""
    return text.encode("utf-16-be", "surrogatepass").hex().upper()


def _text(code: str, what: str) -> str:
    if not _LETTERS.fullmatch(code):
        raise Refused("J853", what=what, why="写法不对")
    try:
        return bytes.fromhex(code).decode("utf-16-be")
    except UnicodeDecodeError:
        raise Refused("J853", what=what, why="写法不对") from None


def render_answer(answer: ButtonAnswer) -> bytes:
    """An answer as the bytes of its file: lines are kept, blank ones left out, and what is too long is cut."""
    lines = (" ".join(line.split()) for line in answer.text.splitlines())
    text = "\n".join(line for line in lines if line)
    if len(text) > MOST_TEXT:
        text = text[: MOST_TEXT - 1] + "…"
    return f"{PROTOCOL} {answer.state} {answer.key}\n{text}\nend\n".encode("utf-8", "replace")


def parse_answer(data: bytes) -> ButtonAnswer | None:
    """An answer from the bytes of its file, None where it is not (yet) one."""
    lines = data[:MOST_BYTES].decode("utf-8", "replace").split("\n")
    first = _ANSWER.fullmatch(lines[0])
    if first is None or lines[-2:] != ["end", ""]:
        return None
    return ButtonAnswer(first[1], first[2], "\n".join(lines[1:-2]))


def checked_book(name: str) -> str:
    """A workbook's full name as it is, or Refused: a path that climbs, a device, a relative path, hidden letters."""
    _visible(name, "工作簿名称", LONGEST_BOOK)
    if not name:
        return name
    separate = re.split(r"[\\/]", name)
    if len(separate) > 1 and not _ABSOLUTE.match(name):
        raise Refused("J853", what="工作簿名称", why="不是完整路径")
    if any(part in (".", "..") for part in separate):
        raise Refused("J853", what="工作簿名称", why="路径含有“..”")
    on_windows = "\\" in name or _DRIVE.match(name) is not None
    if on_windows and ":" in name[2:]:
        raise Refused("J853", what="工作簿名称", why="含有冒号")
    if any(_DEVICE.fullmatch(part) for part in separate):
        raise Refused("J853", what="工作簿名称", why="是系统保留的名称")
    return name


def checked_sheet(name: str) -> str:
    """A sheet's name as it is, or Refused where no spreadsheet program would allow it."""
    _visible(name, "工作表名称", LONGEST_SHEET)
    if _SHEET & set(name):
        raise Refused("J853", what="工作表名称", why="含有不能用的符号")
    return name


def _visible(name: str, what: str, most: int) -> None:
    """Refuse what is too long, or holds letters that control, turn the direction, or stand for nothing."""
    if len(name) > most:
        raise Refused("J853", what=what, why="过长")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        raise Refused("J853", what=what, why="含有看不见的字符")
