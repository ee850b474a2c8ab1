"""Names that come with a request: of a workbook and of a sheet. They are compared with what is open, and never run."""

from __future__ import annotations

import re
import unicodedata

from jixiao.model import Refused

LONGEST_BOOK, LONGEST_SHEET = 2_048, 100
_ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\/?.]|/(?!/)|https?://[^/\\]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_SHEET = frozenset("[]:*?/\\")


def checked_book(name: str) -> str:
    """A workbook's full name as it is, or Refused: a path that climbs, a device, a relative path, hidden letters."""
    _plain(name, "工作簿名称", LONGEST_BOOK)
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
    _plain(name, "工作表名称", LONGEST_SHEET)
    if _SHEET & set(name):
        raise Refused("J853", what="工作表名称", why="含有不能用的符号")
    return name


def _plain(name: str, what: str, most: int) -> None:
    """Refuse what is too long, or holds letters that control, turn the direction, or stand for nothing."""
    if len(name) > most:
        raise Refused("J853", what=what, why="过长")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        raise Refused("J853", what=what, why="含有看不见的字符")
