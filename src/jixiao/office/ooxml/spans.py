"""Where the elements of a small XML part stand, in bytes: it can be changed without being rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from jixiao.office.ooxml.problems import limit, refuse

MAX_DEPTH = 200
MAX_TOKEN = 16_000_000  # bytes of one tag or comment: the parser starts it again with every piece
MAX_PART = 32_000_000  # bytes of a part held element by element
_OPEN = re.compile(rb"""<[^\s/>"']+(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

Edit = tuple[int, int, bytes]


class Element:
    """One element: local name, namespace, attributes (local names; ``ns:name`` where prefixed), byte places.

    ``start``..``open_end`` is the start tag, ``close``..``end`` the end tag (``close == end`` for ``<a/>``);
    ``text`` is the character data directly inside; ``parent`` an index into the list, -1 at the top.
    """

    __slots__ = ("attrs", "close", "end", "name", "open_end", "parent", "space", "start", "text")

    def __init__(
        self, name: str, space: str, attrs: dict[str, str], start: int, open_end: int, parent: int
    ) -> None:
        self.name, self.space, self.attrs = name, space, attrs
        self.start, self.open_end, self.parent = start, open_end, parent
        self.close = self.end = 0
        self.text = ""


def utf8(data: bytes, part: str) -> bytes:
    """The part as UTF-8; UTF-16 is re-encoded, any other encoding is refused (the format allows no other)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        try:
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le")
        except UnicodeDecodeError:
            refuse("J510", part=part, why="编码不对")
        text = re.sub(r"^\ufeff?<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text)
        return text.encode("utf-8", "replace")
    declared = _declared(data)
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        refuse("J510", part=part, why=f"编码 {declared[1].decode()} 不受支持")
    return data


def says_utf8(data: bytes) -> bool:
    """Whether a part announces UTF-8, or nothing, which means the same."""
    declared = _declared(data)
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8")


def _declared(data: bytes) -> re.Match[bytes] | None:
    return _DECLARED.match(data[:200].removeprefix(b"\xef\xbb\xbf"))


def tag_end(data: bytes, start: int) -> int:
    """The byte behind the start tag that begins at ``start``, which a parser has accepted."""
    match = _OPEN.match(data, start)
    if match is None:  # only when the offsets and the bytes do not belong together
        raise ValueError(f"no start tag at byte {start}")
    return match.end()


def closing(data: bytes, open_end: int, at: int) -> tuple[int, int]:
    """(first, last + 1) byte of an end tag which the parser is at; ``open_end`` twice for ``<a/>``.

    For ``<a/>`` the parser reports the byte behind it, which for ``<a></a>`` is where the end tag begins.
    """
    if data[open_end - 2 : open_end] == b"/>":
        return open_end, open_end
    return at, data.index(b">", at) + 1


def refuse_doctype(*_: object) -> None:
    """Handler for expat: the format forbids document types, and every entity attack begins with one."""
    refuse("J509", part="XML")


def elements(data: bytes, part: str, *, namespaces: bool = True) -> list[Element]:
    """All elements in document order; Refused when the part is not well-formed XML.

    ``namespaces=False`` reads a piece cut out of a part, whose prefixes are declared further up.
    """
    if len(data) > MAX_PART:
        limit("J512", size=f"{len(data) // 1_000_000} MB", most=f"{MAX_PART // 1_000_000} MB")
    found: list[Element] = []
    stack: list[int] = [-1]
    parser = expat.ParserCreate("utf-8", "\n") if namespaces else expat.ParserCreate("utf-8")
    mark = "\n" if namespaces else ":"
    parser.buffer_text = True

    def on_start(name: str, attrs: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            refuse("J510", part=part, why="嵌套过深")
        space, _, local = name.rpartition(mark)
        at = parser.CurrentByteIndex
        names = {_attribute_name(key): value for key, value in attrs.items()}
        found.append(Element(local, space, names, at, tag_end(data, at), stack[-1]))
        stack.append(len(found) - 1)

    def on_end(_: str) -> None:
        element = found[stack.pop()]
        element.close, element.end = closing(data, element.open_end, parser.CurrentByteIndex)

    def on_text(text: str) -> None:
        found[stack[-1]].text += text

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = on_text, refuse_doctype
    run(parser, data, part)
    return found


def _attribute_name(key: str) -> str:
    space, _, local = key.rpartition("\n")
    if not space:
        return local
    return f"r:{local}" if space.endswith("/relationships") else f"{space}:{local}"


def run(parser: expat.XMLParserType, data: bytes, part: str) -> None:
    """Let a prepared parser read the whole part; Refused when it is not well-formed."""
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        refuse("J510", part=part, why=f"第{error.lineno}行不是有效的 XML")
    except UnicodeDecodeError:
        refuse("J510", part=part, why="编码不对")


def read_along(parser: expat.XMLParserType, chunks: Iterable[bytes], part: str) -> Iterator[bytes]:
    """Pass the pieces of a part on while a parser reads them; Refused when they are not well-formed."""
    parser.StartDoctypeDeclHandler = refuse_doctype
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
                limit("J512", size=f"{MAX_TOKEN // 1_000_000} MB+", most=f"{MAX_TOKEN // 1_000_000} MB")
            yield chunk
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        refuse("J510", part=part, why=f"第{error.lineno}行不是有效的 XML")
    except (LookupError, UnicodeDecodeError) as error:
        if isinstance(error, (KeyError, IndexError)):
            raise
        refuse("J510", part=part, why="编码不受支持")


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Replace byte ranges (start, end, new); several insertions at one place keep the order given."""
    out: list[bytes] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        out += (data[at:start], new)
        at = end
    out.append(data[at:])
    return b"".join(out)


def prefix(data: bytes, element: Element) -> bytes:
    """The prefix the element is written with, colon included, or nothing."""
    name = data[element.start + 1 : element.open_end].split(None, 1)[0].rstrip(b"/>")
    head, colon, _ = name.rpartition(b":")
    return head + colon


def with_attributes(tag: bytes, changes: dict[bytes, bytes | None]) -> bytes:
    """A start tag with attributes set (values escaped) or, for None, dropped; the others keep their bytes."""
    left = dict(changes)

    def change(match: re.Match[bytes]) -> bytes:
        if match[1] not in left:
            return match[0]
        value = left.pop(match[1])
        return b"" if value is None else b" " + match[1] + b'="' + value + b'"'

    tag = _ATTRIBUTE.sub(change, tag)
    extra = b"".join(b" " + key + b'="' + value + b'"' for key, value in left.items() if value is not None)
    stop = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:stop].rstrip() + extra + tag[stop:]


def attribute_edit(data: bytes, element: Element, changes: dict[bytes, bytes | None]) -> Edit:
    """The edit that sets attributes on an element's start tag."""
    return element.start, element.open_end, with_attributes(data[element.start : element.open_end], changes)
