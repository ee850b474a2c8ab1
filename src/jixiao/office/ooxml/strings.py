"""The shared strings of a workbook: index to plain text, rich text joined, phonetic guides left out."""

from __future__ import annotations

from xml.parsers import expat

from jixiao.office.ooxml import spans
from jixiao.office.ooxml.text import unescape


def shared_strings(data: bytes, part: str) -> list[str]:
    """All shared strings in order; Refused when the part is not well-formed."""
    data = spans.utf8(data, part)
    found: list[str] = []
    pieces: list[str] = []
    phonetic = 0
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def on_start(name: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            if not phonetic:
                parser.CharacterDataHandler = pieces.append
        elif local == "rPh":
            phonetic += 1

    def on_end(name: str) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "si":
            found.append(unescape("".join(pieces)))
            pieces.clear()
        elif local == "rPh":
            phonetic -= 1

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    parser.StartDoctypeDeclHandler = spans.refuse_doctype
    spans.run(parser, data, part)
    return found
