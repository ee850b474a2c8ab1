"""Definition data -> YAML text that ``strict`` reads back to the same data: texts, numbers, truth values, lists, mappings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

WIDTH = 110
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z_][\u4e00-\u9fffA-Za-z0-9_（）、，。；：“”《》〔〕％＝÷×≤≥—·．]*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n", "none", "nan", "inf"))


def to_yaml(data: Mapping[str, Any]) -> str:
    """The text of a definition; its keys in their order. TypeError for what a definition cannot hold."""
    return "\n".join(_mapping(data, 0)) + "\n"


def _mapping(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{'  ' * depth}{_text(str(key))}:", value, depth)


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    short = flow(value)
    if not isinstance(value, (Mapping, list)) or not value or len(head) + len(short) + 1 <= WIDTH:
        yield f"{head} {short}"
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping(value, depth + 1)
    else:
        yield head
        yield from _items(value, depth + 1)


def _items(values: list[Any], depth: int) -> Iterator[str]:
    margin = "  " * depth
    for value in values:
        short = flow(value)
        if not isinstance(value, Mapping) or not value or len(margin) + len(short) + 2 <= WIDTH:
            yield f"{margin}- {short}"
            continue
        lines = list(_mapping(value, depth + 1))
        yield f"{margin}- {lines[0].lstrip()}"
        yield from lines[1:]


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Decimal, int)):
        return format(Decimal(value), "f")
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"a definition holds no {type(value).__name__}")


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and len(text) <= WIDTH:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in quoted)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
