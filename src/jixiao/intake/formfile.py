"""forms/**.yaml -> Form, strictly: an unknown, missing or doubled key or concept is an error with file and line."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao.intake import labels
from jixiao.intake.definition import STRUCTURE, Blank, Block, Column, Form, Keys, Line, Rows
from jixiao.model import Body, concepts, load_yaml, nearest
from jixiao.text import AMOUNT_UNITS, label_key

LAYOUTS = ("rows", "columns")
TAKES = ("listed", "coded", "named")
LINE_KEYS = ("label", "code", "after", "before", "optional", "blank")
Record = Body


@functools.cache
def shipped() -> tuple[Form, ...]:
    """The forms of the package, loaded once."""
    from jixiao.intake.listing import shipped_codes

    root = Path(str(resources.files("jixiao.intake").joinpath("forms")))
    return tuple(_load_all(sorted(root.glob("*/*/*.yaml")), shipped_codes()))


def load(folders: Sequence[Path]) -> tuple[Form, ...]:
    """The package's forms and those of the user's definition folders (DIR/forms/**.yaml).

    A user's form with the id of a shipped one replaces it. DefinitionError when a file is wrong.
    """
    from jixiao.intake.listing import shipped_codes

    own: dict[str, Form] = {}
    for folder in folders:
        for form in _load_all(sorted((folder / "forms").rglob("*.yaml")), shipped_codes()):
            own[form.id] = form
    return tuple(form for form in shipped() if form.id not in own) + tuple(own.values())


def _load_all(paths: Iterable[Path], codes: dict[str, dict[str, str]]) -> list[Form]:
    found: dict[str, Form] = {}
    for path in paths:
        record = load_yaml(path)
        family = (path.parent.parent.name, path.stem, path.parent.name)
        for form in _forms(record, family, codes):
            if form.id in found:
                raise record.fail(f"表的标识“{form.id}”重复", "id")
            found[form.id] = form
    return list(found.values())


def _forms(record: Record, family: tuple[str, str, str], codes: dict[str, dict[str, str]]) -> list[Form]:
    if "others" in record:
        record.only(("others",))
        return [_decoy(title, family) for title in record["others"]]
    return [from_record(record, family, codes)]


def _decoy(title: str, family: tuple[str, str, str]) -> Form:
    ident, key = f"其他：{title}", label_key(title)
    return Form(
        ident, title, (key,), "", "rows", Blank.PENDING, None, (), frozenset(), family=family, decoy=True
    )


def from_record(record: Record, family: tuple[str, str, str], codes: dict[str, dict[str, str]]) -> Form:
    """One form file, checked."""
    record.only(
        ("id", "title", "document", "blank", "blocks"),
        ("also", "layout", "dash", "words", "frame", "without", "untitled", "unit"),
    )
    layout = str(record.get("layout", "rows"))
    if layout not in LAYOUTS:
        raise record.fail(f"layout 应为 {'、'.join(LAYOUTS)}", "layout")
    if record.get("unit", "元") not in AMOUNT_UNITS:
        raise record.fail(f"未知的单位“{record['unit']}”", "unit")
    words = _words(record)
    frame = _keys(record.get("frame", []), words)
    blocks = tuple(_block(str(name), body, words, codes) for name, body in record["blocks"].items())
    titles = [str(record["title"]), *map(str, record.get("also", []))]
    return Form(
        id=str(record["id"]),
        title=titles[0],
        titles=tuple(label_key(title) for title in titles),
        document=str(record["document"]),
        layout=layout,
        blank=_blank(record, "blank"),
        dash=_blank(record, "dash") if record.get("dash") else None,
        blocks=blocks,
        vocabulary=_vocabulary(blocks, words, frame),
        frame=frame,
        without=_keys(record.get("without", []), words),
        untitled=bool(record.get("untitled", False)),
        unit=str(record.get("unit", "")),
        family=family,
    )


def _words(record: Record) -> dict[str, Keys]:
    """Heading words and how else they are printed, by key."""
    found: dict[str, Keys] = {}
    for word, others in record.get("words", {}).items():
        keys = frozenset(labels.heading(str(item)) for item in [word, *others])
        found[labels.heading(str(word))] = keys
    return found


def _keys(items: Iterable[Any] | str, words: dict[str, Keys]) -> Keys:
    names = [items] if isinstance(items, str) else items
    keys = [labels.heading(str(item)) for item in names]
    return frozenset().union(*(words.get(key, frozenset((key,))) for key in keys))


def _blank(record: Record, key: str) -> Blank:
    try:
        return Blank(str(record[key]))
    except ValueError:
        raise record.fail(f"{key} 应为 zero 或 pending", key) from None


def _vocabulary(blocks: Sequence[Block], words: dict[str, Keys], frame: Keys) -> Keys:
    keys = set(STRUCTURE) | frame
    for group in words.values():
        keys |= group
    for block in blocks:
        keys |= block.head | block.label | block.code
        for column in block.columns:
            for spec in column.specs:
                keys |= frozenset().union(*spec)
    return frozenset(keys)


def _block(name: str, body: Record, words: dict[str, Keys], codes: dict[str, dict[str, str]]) -> Block:
    body.only(("columns",), ("head", "label", "code", "lines", "records", "optional", "repeat"))
    columns = tuple(_column(str(key), value, body, words) for key, value in body["columns"].items())
    names = [column.name for column in columns]
    for column in columns:
        for other in filter(None, (column.filled, column.beside, column.unless)):
            if other not in names:
                raise body["columns"].fail(f"没有名为“{other}”的列", column.name)
    lines = tuple(_line(line, names) for line in body.get("lines", []))
    rows = _rows(body["records"], names, codes) if "records" in body else None
    by_label: dict[str, tuple[Line, ...]] = {}
    by_code: dict[str, tuple[Line, ...]] = {}
    for line in lines:
        for key in line.labels:
            by_label[key] = (*by_label.get(key, ()), line)
        for key in line.codes:
            by_code[key] = (*by_code.get(key, ()), line)
    return Block(
        name=name,
        head=_keys(body.get("head", []), words),
        label=_keys(body.get("label", ["项目"]), words),
        code=_keys(body.get("code", []), words),
        columns=columns,
        lines=lines,
        rows=rows,
        optional=bool(body.get("optional", False)),
        repeat=bool(body.get("repeat", False)),
        by_label=by_label,
        by_code=by_code,
        listed={labels.row(label): code for label, code in rows.codes} if rows else {},
    )


def _column(name: str, value: Any, body: Record, words: dict[str, Keys]) -> Column:
    if isinstance(value, list):
        return Column(name, _specs(value, words))
    if not isinstance(value, Record):
        raise body["columns"].fail(f"列“{name}”应为标题词的列表", name)
    value.only(("words",), ("optional", "filled", "beside", "unless", "text"))
    return Column(
        name,
        _specs(value["words"], words),
        bool(value.get("optional", False)),
        str(value.get("filled", "")),
        str(value.get("beside", "")),
        str(value.get("unless", "")),
        bool(value.get("text", False)),
    )


def _specs(value: list[Any], words: dict[str, Keys]) -> tuple[tuple[Keys, ...], ...]:
    """One list of words, or a list of such lists as alternatives."""
    alternatives = value if value and isinstance(value[0], list) else [value]
    return tuple(tuple(_keys(str(word), words) for word in spec) for spec in alternatives)


def _line(record: Record, columns: Sequence[str]) -> Line:
    record.only(("label",), (*LINE_KEYS[1:], *columns))
    printed = record["label"] if isinstance(record["label"], list) else [record["label"]]
    known = concepts()
    facts = []
    for column in columns:
        name = record.get(column)
        if name is None:
            continue
        if name not in known:
            raise record.fail(f"未知的指标名称“{name}”，是否为“{nearest(str(name), known)}”", column)
        facts.append((column, str(name)))
    return Line(
        label=str(printed[0]),
        labels=frozenset(labels.row(str(item)) for item in printed),
        facts=tuple(facts),
        codes=frozenset(_listed(record.get("code"))),
        after=frozenset(labels.row(item) for item in _listed(record.get("after"))),
        before=frozenset(labels.row(item) for item in _listed(record.get("before"))),
        optional=bool(record.get("optional", False)),
        blank=_blank(record, "blank") if "blank" in record else None,
    )


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def _rows(record: Record, columns: Sequence[str], codes: dict[str, dict[str, str]]) -> Rows:
    record.only(("kind", "take", "fields"), ("codes", "skip"))
    if record["take"] not in TAKES:
        raise record.fail(f"take 应为 {'、'.join(TAKES)}", "take")
    for name, column in record["fields"].items():
        if column not in columns:
            raise record["fields"].fail(f"没有名为“{column}”的列", name)
    listing = record.get("codes", "")
    if listing and listing not in codes:
        raise record.fail(f"没有名为“{listing}”的科目表", "codes")
    return Rows(
        kind=str(record["kind"]),
        take=str(record["take"]),
        fields=tuple((str(name), str(column)) for name, column in record["fields"].items()),
        codes=tuple(codes.get(listing, {}).items()),
        skip=frozenset(labels.row(item) for item in _listed(record.get("skip"))),
    )
