"""Files as text that a person can read in a difference: JSON, workbooks, Word files, YAML."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
WIDE = 160  # characters of JSON on one line
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SEAL = re.compile(r"\b[GHJKMNPQRSTUVWXY]{4}(?:-[GHJKMNPQRSTUVWXY]{4}){4}\b")  # of everything a workbook says


_MOVING = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z)?"), "<time>"),
    (re.compile(r"\b20\d{6}-\d{6}(?:-\d+)?\b"), "<stamp>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (SEAL, "<seal>"),
    (re.compile(r"jixiao \d+\.\d+\.\d+\S*"), "jixiao <version>"),
    (re.compile(r"[^\s“]*jixiao-\w+\.log"), "<log>"),
)


def steady(text: str) -> str:
    """A text without what differs from run to run: the working folder, times, versions, hashes of sources."""
    for place in (Path.cwd(), ROOT):
        text = text.replace(str(place), "<folder>")
    for pattern, word in _MOVING:
        text = pattern.sub(word, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def json_text(text: str) -> str:
    """JSON with one thing a line; items of one shape as rows of values under their keys."""
    return "\n".join(_lines(json.loads(text), ""))


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(value: Any, indent: str) -> Iterator[str]:
    if len(_short(value)) <= WIDE or not value or not isinstance(value, (dict, list)):
        yield indent + _short(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if len(_short(item)) <= WIDE:
                yield f"{indent}{key}: {_short(item)}"
            else:
                yield f"{indent}{key}:"
                yield from _lines(item, f"{indent}  ")
    else:
        shapes: list[Any] = []
        for item in value:
            shape = _shape(item)
            if isinstance(item, dict) and shape not in shapes:
                shapes.append(shape)
                yield f"{indent}{len(shapes)}: {_short(shape)}"
            if isinstance(item, dict):
                yield f"{indent}- {shapes.index(shape) + 1} {_short(_values(item))}"
            else:
                yield from _lines(item, f"{indent}- ")


def _shape(value: Any) -> Any:
    """The keys of an object, those of its inner objects and of lists of like objects with them."""
    if isinstance(value, dict):
        return [key if (inner := _shape(item)) is None else {key: inner} for key, item in value.items()]
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        shapes = [_shape(item) for item in value]
        return {"each": shapes[0]} if shapes.count(shapes[0]) == len(shapes) else None
    return None


def _values(value: Any) -> Any:
    """An object without the keys that its shape tells."""
    if isinstance(value, dict):
        return [_values(item) for item in value.values()]
    if isinstance(value, list) and _shape(value) is not None:
        return [_values(item) for item in value]
    return value


def dump(file: Path, sheets: Sequence[str] | None = None) -> str:
    """A file as text; of a workbook the named sheets in full and the others by a digest, all where none is named."""
    data = file.read_bytes()
    if not data.startswith(b"PK"):
        return data.decode("utf-8")
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    lines = _word(parts) if "word/document.xml" in parts else _workbook(parts, sheets)
    return "\n".join(lines)


KEPT: dict[str, str] = {}  # what the digests of this case stand for


def whole(name: str, lines: Sequence[str]) -> str:
    """A digest in place of lines, which are kept under a name for the eye of who finds another digest."""
    KEPT[name] = steady("\n".join(lines))
    return f"{len(lines)} lines {digest(KEPT[name])}"


def digest(text: str | bytes) -> str:
    """A short hash of a text."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode("utf-8")).hexdigest()[:12]


def _canonical(data: bytes) -> bytes:
    try:
        text = ET.canonicalize(data.decode("utf-8"), strip_text=False)
        return SEAL.sub("<seal>", text).encode("utf-8")
    except (ET.ParseError, UnicodeDecodeError):
        return data


def _parts(parts: dict[str, bytes], shown: set[str]) -> Iterator[str]:
    """Every part that is not shown as text, by a digest of its content."""
    for name in sorted(parts.keys() - shown):
        # times of writing stand in the core properties
        yield f"part {name} {'' if name == 'docProps/core.xml' else digest(_canonical(parts[name]))}".rstrip()


# -------------------------------------------------------------------------------------------------- workbooks


def _workbook(parts: dict[str, bytes], wanted: Sequence[str] | None) -> Iterator[str]:
    book = ET.fromstring(parts["xl/workbook.xml"])
    rels = {
        node.get("Id"): node.get("Target", "") for node in ET.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    strings = _strings(parts.get("xl/sharedStrings.xml"))
    formats = _formats(parts["xl/styles.xml"])
    shown = {"xl/workbook.xml", "xl/sharedStrings.xml"}
    names = [
        f"name {name.get('name')} [{name.get('localSheetId', '')}] = {name.text}"
        for name in book.iter(f"{MAIN}definedName")
    ]
    yield from [f"names {whole('names', names)}"] if wanted == [] else names
    for entry in book.iter(f"{MAIN}sheet"):
        name, target = str(entry.get("name")), rels[entry.get(f"{RELS}id")].lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        shown.add(path)
        text = list(_sheet(ET.fromstring(parts[path]), strings, formats))
        state = f" {entry.get('state')}" if entry.get("state") else ""
        if wanted is None or name in wanted:
            yield f"sheet {name}{state}"
            yield from (f"  {line}" for line in text)
        else:
            yield f"sheet {name}{state} {whole(name, text)}"
            yield from (
                f"  {line}" for line in text if line.startswith(("pageSetup", "printOptions", "headerFooter"))
            )
    yield from _parts(parts, shown)


def _strings(data: bytes | None) -> list[str]:
    if data is None:
        return []
    return ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in ET.fromstring(data)]


def _formats(data: bytes) -> list[str]:
    """Number format of each cell style, and a digest of everything else of it."""
    root = ET.fromstring(data)
    codes = {node.get("numFmtId"): str(node.get("formatCode")) for node in root.iter(f"{MAIN}numFmt")}
    tables = {
        kind: list(root.find(f"{MAIN}{kind}") or []) for kind in ("fonts", "fills", "borders", "cellXfs")
    }
    made = []
    for xf in tables["cellXfs"]:
        number = xf.get("numFmtId", "0")
        looks = [
            ET.tostring(tables[kind][int(xf.get(key, "0"))], "unicode")
            for kind, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId"))
        ]
        inner = "".join(ET.tostring(node, "unicode") for node in xf)
        look = digest("".join([*looks, inner]))[:4]
        code = codes.get(number, "" if number == "0" else f"#{number}")
        made.append(f"⟨{code}·{look}⟩")
    return made


def _sheet(root: ET.Element, strings: list[str], formats: list[str]) -> Iterator[str]:
    for node in root:
        tag = node.tag.removeprefix(MAIN)
        if tag != "sheetData":
            for item in node if tag in ("cols", "mergeCells", "dataValidations", "hyperlinks") else [node]:
                yield _element(item)
            continue
        for row in node:
            about = " ".join(
                f"{key}={value}" for key, value in sorted(row.attrib.items()) if key not in ("r", "spans")
            )
            if about:
                yield f"row {row.get('r')} {about}"
            yield from _cells(row, strings, formats)


def _cells(row: ET.Element, strings: list[str], formats: list[str]) -> Iterator[str]:
    """The cells of a row that hold something, one a line; then the blank ones, by their looks."""
    blank: dict[str, list[str]] = {}
    for cell in row:
        if len(cell):
            yield _cell(cell, strings, formats)
        else:
            blank.setdefault(formats[int(cell.get("s", "0"))], []).append(str(cell.get("r")))
    yield from (f"blank {look} {' '.join(cells)}" for look, cells in blank.items())


def _cell(cell: ET.Element, strings: list[str], formats: list[str]) -> str:
    formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
    text = value.text or "" if value is not None else ""
    kind = cell.get("t", "")
    if kind == "s":
        text = _short(strings[int(text)])
    elif kind == "inlineStr":
        text = _short("".join(t.text or "" for t in cell.iter(f"{MAIN}t")))
    elif kind:
        text = f"{kind}:{_short(text)}"
    made = f"={formula.text or ''} " if formula is not None else ""
    return f"{cell.get('r')} {formats[int(cell.get('s', '0'))]} {made}{text}".rstrip()


def _element(node: ET.Element) -> str:
    """An element and all within it on one line, without the names of its namespaces."""
    tag = node.tag.rpartition("}")[2]
    about = "".join(f" {key.rpartition('}')[2]}={value}" for key, value in sorted(node.attrib.items()))
    inner = "".join(f" <{_element(child)}>" for child in node)
    text = f" {node.text.strip()}" if node.text and node.text.strip() else ""
    return f"{tag}{about}{text}{inner}"


# ------------------------------------------------------------------------------------------------- Word files


def _word(parts: dict[str, bytes]) -> Iterator[str]:
    shown = {"word/document.xml"}
    yield from _body(ET.fromstring(parts["word/document.xml"])[0], "")
    for name in sorted(parts):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            shown.add(name)
            yield f"part {name}"
            yield from _body(ET.fromstring(parts[name]), "  ")
    yield f"document {digest(_canonical(parts['word/document.xml']))}"
    yield from _parts(parts, shown)


def _body(body: ET.Element, indent: str) -> Iterator[str]:
    for node in body:
        tag = node.tag.removeprefix(WORD)
        if tag == "p":
            style = node.find(f"{WORD}pPr/{WORD}pStyle")
            name = style.get(f"{WORD}val") if style is not None else ""
            yield f"{indent}[{name}] {_said(node)}".rstrip()
            yield from (f"{indent}  {_element(section)}" for section in node.iter(f"{WORD}sectPr"))
        elif tag == "tbl":
            yield f"{indent}table"
            for row in node.iter(f"{WORD}tr"):
                cells = [
                    "⏎".join(_said(paragraph) for paragraph in cell.iter(f"{WORD}p")) + _spans(cell)
                    for cell in row.iter(f"{WORD}tc")
                ]
                yield f"{indent}  | {' | '.join(cells)} |"
        else:
            yield f"{indent}{_element(node)}"


def _said(paragraph: ET.Element) -> str:
    marks = {"tab": "⇥", "br": "⏎", "drawing": "▣"}
    pieces = []
    for node in paragraph.iter():
        tag = node.tag.removeprefix(WORD)
        if tag in ("t", "instrText"):
            pieces.append(node.text or "")
        elif tag in marks and not (tag == "tab" and node.get(f"{WORD}val")):
            pieces.append(marks[tag])
    return "".join(pieces)


def _spans(cell: ET.Element) -> str:
    wide, high = cell.find(f"{WORD}tcPr/{WORD}gridSpan"), cell.find(f"{WORD}tcPr/{WORD}vMerge")
    said = f"↔{wide.get(f'{WORD}val')}" if wide is not None else ""
    return said + (f"↕{high.get(f'{WORD}val', '')}" if high is not None else "")
