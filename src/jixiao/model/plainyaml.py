"""A narrow kind of YAML read without the YAML library, whose import would cost more than scoring a workbook.

Two levels, one line a value: what the catalogue of findings is written in. Text that uses more than that is not
read here at all (None), so the caller can fall back on ``strict``; a test holds the two readings against each other.
"""

from __future__ import annotations


def read_plain(text: str) -> dict[str, dict[str, str]] | None:
    """``NAME:`` lines, each followed by ``  key: text`` lines, as data; None where the text is anything else."""
    made: dict[str, dict[str, str]] = {}
    body: dict[str, str] | None = None
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        key, _, raw = line.partition(":")
        if key in made or not key.strip().isidentifier():
            return None
        if not line.startswith(" "):
            if raw:
                return None
            body = made[key] = {}
            continue
        value = _value(raw)
        name = key[2:]
        if body is None or value is None or not key.startswith("  ") or name.startswith(" ") or name in body:
            return None
        body[name] = value
    return made


def _value(raw: str) -> str | None:
    if not raw.startswith(" "):
        return None
    text = raw.strip()
    if text.startswith('"'):
        inner = text[1:-1]
        if len(text) < 2 or not text.endswith('"') or '"' in inner or "\\" in inner.replace("\\\\", ""):
            return None
        return inner.replace("\\\\", "\\")
    special = (
        not text or text[0] in "'|>&*!%@`[]{},?-#~0123456789+." or text.lower() in ("null", "true", "false")
    )
    if special or ": " in text or " #" in text or text.endswith(":"):
        return None
    return text
