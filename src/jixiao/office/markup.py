"""XML parts as bytes: where their elements stand, edits that change nothing else, and text as a part holds it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Concatenate, ParamSpec, TypeVar
from xml.parsers import expat

from jixiao.office.problems import limit, refuse

MAX_DEPTH = 200
MAX_PART = 32_000_000  # bytes of a part held element by element
MAX_TEXT = 32_767  # characters in one cell
TYPED_DIGITS = 15  # significant digits Excel keeps of what a person types
_OPEN = re.compile(rb"""<[^\s/>"']+(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# what XML 1.0 cannot hold at all; the carriage return is legal but would come back as a line feed
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")

Edit = tuple[int, int, bytes]
Rest = ParamSpec("Rest")
Read = TypeVar("Read")


@dataclass(slots=True)
class Element:
    """One element: local name, namespace, attributes (local names; ``ns:name`` where prefixed), byte places.

    ``start``..``open_end`` is the start tag, ``close``..``end`` the end tag (``close == end`` for ``<a/>``);
    ``text`` is the character data directly inside; ``parent`` an index into the list, -1 at the top.
    """

    name: str
    space: str
    attrs: dict[str, str]
    start: int
    open_end: int
    parent: int
    close: int = 0
    end: int = 0
    text: str = ""


def is_wide(data: bytes) -> bool:
    """Whether a part is written in UTF-16."""
    return data[:2] in _WIDE or b"\x00" in data[:4]


def utf8(data: bytes, part: str) -> bytes:
    """The part as UTF-8; UTF-16 is re-encoded, any other encoding is refused (the format allows no other)."""
    if is_wide(data):
        try:
            text = data.decode("utf-16" if data[:2] in _WIDE else "utf-16-le")
        except UnicodeDecodeError:
            refuse("J510", part=part, why="编码不对")
        text = re.sub(r"^\ufeff?<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text)
        return text.encode("utf-8", "replace")
    declared = _DECLARED.match(data[:200].removeprefix(b"\xef\xbb\xbf"))
    named = "utf-8" if declared is None else declared[1].decode("ascii")
    if named.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        refuse("J510", part=part, why=f"编码 {named} 不受支持")
    return data


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


def remembered(
    entries: int, longest: int
) -> Callable[[Callable[Concatenate[bytes, Rest], Read]], Callable[Concatenate[bytes, Rest], Read]]:
    """What was read of some bytes is known when they come again, of ``longest`` bytes at most.

    Workbooks of one rubric have most of their bytes in common. What is read so is never changed.
    """

    def wrapped(read: Callable[Concatenate[bytes, Rest], Read]) -> Callable[Concatenate[bytes, Rest], Read]:
        known = functools.lru_cache(entries)(read)

        def either(data: bytes, /, *rest: Rest.args, **named: Rest.kwargs) -> Read:
            return (known if len(data) <= longest else read)(data, *rest, **named)  # type: ignore[arg-type]

        return either

    return wrapped


@remembered(32, 500_000)
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
        for key in [key for key in attrs if "\n" in key]:
            own, _, short = key.rpartition("\n")
            attrs[f"r:{short}" if own.endswith("/relationships") else f"{own}:{short}"] = attrs.pop(key)
        at = parser.CurrentByteIndex
        found.append(Element(local, space, attrs, at, tag_end(data, at), stack[-1]))
        stack.append(len(found) - 1)

    def on_end(_: str) -> None:
        element = found[stack.pop()]
        element.close, element.end = closing(data, element.open_end, parser.CurrentByteIndex)

    def on_text(text: str) -> None:
        found[stack[-1]].text += text

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    parser.CharacterDataHandler = on_text
    run(parser, data, part)
    return found


def run(parser: expat.XMLParserType, data: bytes, part: str) -> None:
    """Let a prepared parser read the whole part; Refused when it is not well-formed or has a document type."""
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        refuse("J510", part=part, why=f"第{error.lineno}行不是有效的 XML")
    except UnicodeDecodeError:
        refuse("J510", part=part, why="编码不对")


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Replace byte ranges (start, end, new); several insertions at one place keep the order given."""
    out: list[bytes] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        out += (data[at:start], new)
        at = end
    out.append(data[at:])
    return b"".join(out)


def insertion(data: bytes, parent: Element, child: bytes) -> Edit:
    """The edit that adds a child as the last one of an element, which may be written ``<a/>``."""
    if parent.close != parent.end:
        return parent.close, parent.close, child
    tag = data[parent.start : parent.open_end]
    name = tag[1:].split(None, 1)[0].rstrip(b"/>")
    return parent.start, parent.end, opened(tag) + child + b"</" + name + b">"


def opened(tag: bytes) -> bytes:
    """A start tag that waits for content: ``<a/>`` is ``<a>``."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


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


def children(found: list[Element], parent: str) -> list[Element]:
    """The direct children of the first element of that name."""
    index = next((i for i, element in enumerate(found) if element.name == parent), -2)
    return [element for element in found if element.parent == index]


def first(found: Iterable[Element], name: str) -> Element | None:
    """The first element of that name, or None."""
    return next((element for element in found if element.name == name), None)


def resolved(text: str) -> str:
    """Character data with its five named entities as letters."""
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return text


def clean(text: str) -> str:
    """Text without the characters no XML document may hold (control characters, half surrogates)."""
    return _ILLEGAL.sub("", text)


def unescape(text: str) -> str:
    """Resolve ``_x000D_`` escapes; one that stands for an illegal character is dropped."""
    if "_x" not in text:
        return text
    return clean(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def escape(text: str) -> bytes:
    """Text as character data of a cell; illegal characters are dropped, look-alike escapes kept literal."""
    text = clean(text)
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: "_x005F" + match[0], text)
    return markup(text).replace(b"\r", b"_x000D_")


def markup(text: str) -> bytes:
    """Text as XML character data: only ``& < >`` change."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode("utf-8")


def attribute(text: str) -> bytes:
    """Text as the value of an attribute between double quotes."""
    out = markup(clean(text)).replace(b'"', b"&quot;")
    return out.replace(b"\n", b"&#10;").replace(b"\r", b"&#13;").replace(b"\t", b"&#9;")


def parse_number(text: str) -> Decimal | None:
    """The exact decimal of the text in ``<v>``, or None when it is no finite number a double can hold."""
    text = text.strip()
    if _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return value if abs(value) < Decimal("1.7E308") else None


def format_number(value: Decimal | int) -> bytes:
    """A finite number as ``<v>`` holds it; ValueError for NaN, infinities and what no double can hold."""
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal("1.7E308"):
        raise ValueError("not a number a cell can hold")
    exponent = number.adjusted()
    text = format(number, "f") if -20 <= exponent <= 30 else format(number, "E")
    if "." in text and "E" not in text:
        text = text.rstrip("0").rstrip(".")
    return (text if text not in ("-0", "") else "0").encode("ascii")


def as_typed(value: Decimal) -> Decimal:
    """The number a person typed: Excel may store 0.29 as 0.28999999999999998, shown and meant as 0.29."""
    if len(value.as_tuple().digits) < TYPED_DIGITS:
        return value
    return Decimal(format(float(value), f".{TYPED_DIGITS}g"))
