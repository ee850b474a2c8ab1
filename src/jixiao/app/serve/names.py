"""Names of uploaded files: shown to people and written into workbooks, so only letters that say what they are."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from jixiao.model import Refused

LONGEST = 100  # letters; 300 bytes of Chinese would be too long for some file systems
LONGEST_BYTES = 200
TABLES = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt", ".html", ".htm", ".xml"))
FACTS = frozenset((".yaml", ".yml", ".json"))
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


def clean_name(given: str) -> str:
    """A bare file name from whatever a browser calls a file; Refused (J878) where its kind is not one we read."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(letter for letter in bare if unicodedata.category(letter)[0] != "C" or letter == " ")
    shown = _UNSAFE.sub("_", shown).strip(" .")
    stem, suffix = PurePosixPath(shown).stem, PurePosixPath(shown).suffix.lower()
    if suffix not in TABLES | FACTS:
        raise Refused("J878", file=shown[:LONGEST] or "（没有名称）")
    stem = stem[: LONGEST - len(suffix)]
    while len(f"{stem}{suffix}".encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    name = f"{stem.strip(' .') or '文件'}{suffix}"
    return f"_{name}" if _DEVICE.fullmatch(name) else name


def is_facts(name: str) -> bool:
    """Whether a file of this name holds named facts."""
    return PurePosixPath(name).suffix in FACTS
