"""A form as data: how it is recognised and which concept stands at which row and column; forms/**.yaml -> Form, strictly."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao.intake import labels
from jixiao.model import Body, concepts, load_yaml, nearest, read_yaml
from jixiao.text import AMOUNT_UNITS, label_key

Keys = frozenset[str]
STRUCTURE: Keys = frozenset(
    (
        "项目",
        "行次",
        "栏次",
        "序号",
        "合计",
        "小计",
        "金额",
        "类",
        "款",
        "项",
        "备注",
        "科目编码",
        "科目名称",
        "栏次行次",
        "类型",
        "单位名称",
        "单位代码",
        "资金来源",
        "资金性质",
        "一般公共预算",
        "一般公共预算拨款",
        "一般公共预算拨款收入",
        "一般公共预算财政拨款",
        "政府性基金预算",
        "政府性基金预算拨款",
        "政府性基金预算拨款收入",
        "政府性基金预算财政拨款",
        "国有资本经营预算",
        "国有资本经营预算拨款",
        "国有资本经营预算拨款收入",
        "国有资本经营预算财政拨款",
        "财政拨款",
        "财政专户管理资金",
        "单位资金",
        "其他资金",
        "事业收入",
        "事业单位经营收入",
        "经营收入",
        "其他收入",
        "上年结转",
    )
)
"""Words that belong to the headings of every form and say nothing about a quantity."""
TOTALS: Keys = frozenset(("合计", "小计", "总计", "金额"))
"""A column's heading may end in one of these without changing what the column is."""


class Blank(StrEnum):
    """What an empty cell of a form means."""

    ZERO = "zero"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: ``specs`` are alternatives, each a list of words that its headings must be made of.

    ``filled`` names the column whose figures show that this one has been filled in, so that its blanks are zeros;
    ``beside`` the column it stands next to, when its own heading occurs several times (方向); ``unless`` a column
    whose presence makes this one void (本年累计 before 本期). ``at`` says of what time its figures are (``TIMES``), ``side``
    which side of a balance they are: 借, 贷, or the column that tells it; ``against`` is the column of the other side;
    ``title`` is its heading for people.
    """

    name: str
    specs: tuple[tuple[Keys, ...], ...]
    optional: bool = False
    filled: str = ""
    beside: str = ""
    unless: str = ""
    text: bool = False
    at: str = ""
    side: str = ""
    against: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its label keys, its code, and the concept in each named column.

    ``after`` and ``before`` tell equal labels apart: the row must stand below, or above, the row labelled so. ``side`` is the
    side on which the balance of the account normally stands: one on the other side is negative.
    """

    label: str
    labels: Keys
    facts: tuple[tuple[str, str], ...]
    codes: Keys = frozenset()
    after: Keys = frozenset()
    before: Keys = frozenset()
    optional: bool = False
    blank: Blank | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Row tables kept whole: ``kind`` of record, which rows (listed, coded, named), fields by column."""

    kind: str
    take: str
    fields: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...] = ()
    skip: Keys = frozenset()


@dataclass(frozen=True)
class Block:
    """A label column and its value columns; a form may hold several side by side.

    ``flows`` are the beginnings of the codes whose balance is nothing when a year begins (income and expense accounts).
    """

    name: str
    head: Keys
    label: Keys
    code: Keys
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rows: Rows | None = None
    optional: bool = False
    repeat: bool = False
    flows: tuple[str, ...] = ()
    by_label: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    by_code: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)

    @functools.cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError is our own bug (the loader has checked every name)."""
        return self.by_name[name]


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A form that fills a sheet (layout ``sheet``): texts beside or below their labels, a money block, and a list of rows.

    ``title`` is a word that its title ends in; a title that holds ``named`` says that the form is about something which has to
    have a name. ``totals`` are the labels of the row of the money block that counts, ``funds`` what the rows below it are
    called, and how else; the list needs the headings ``needed`` and goes down to a row that begins with one of ``ends``.
    Labels and headings are keys.
    """

    id: str
    title: str
    named: str
    beside: dict[str, Keys]
    below: dict[str, Keys]
    money: dict[str, Keys]
    totals: tuple[str, ...]
    funds: dict[str, str]
    rows: dict[str, Keys]
    needed: tuple[str, ...]
    ends: tuple[str, ...]


SHEET_FIELDS = {
    "beside": ("name", "department", "body"),
    "below": ("goal", "result"),
    "money": ("budget", "adjusted", "spent"),
    "rows": ("first", "second", "name", "sign", "target", "unit", "done", "points", "scored", "reason"),
}
"""What a sheet form may say, by where it stands; the fields of the records ``projects``, ``goal_heads`` and ``goals``."""


@dataclass(frozen=True)
class Form:
    """One form: ``titles`` are keys (longest wins), ``layout`` is rows or columns.

    ``without`` are heading words that must be absent, ``frame`` heading words that only wrap others; ``untitled``
    says whether the headings alone prove the form. ``unit`` is set only for documents always kept in it.
    ``decoy`` marks a known other table, recognised so that nothing is read from it. ``periodic`` is printed for any period
    (a ledger): a month or day in its captions is its own. ``at`` is the time of its columns where they say none.
    """

    id: str
    title: str
    titles: tuple[str, ...]
    document: str
    layout: str
    blank: Blank
    dash: Blank | None
    blocks: tuple[Block, ...]
    vocabulary: Keys
    frame: Keys = frozenset()
    without: Keys = frozenset()
    untitled: bool = False
    unit: str = ""
    family: tuple[str, str, str] = ("", "", "")
    decoy: bool = False
    periodic: bool = False
    at: str = "year"
    sheet: SheetForm | None = None

    @functools.cached_property
    def naming(self) -> Keys:
        """The headings of label and code columns."""
        return frozenset().union(*(block.label | block.code for block in self.blocks))


@functools.cache
def shipped_codes() -> dict[str, dict[str, str]]:
    """Title -> code for every list; a title may be printed in several ways."""
    text = resources.files("jixiao.intake").joinpath("forms", "codes.yaml").read_text("utf-8")
    return {
        name: {str(title): str(code) for code, titles in body.items() for title in titles}
        for name, body in read_yaml(text, "codes.yaml").items()
    }


@functools.cache
def aside(kind: str) -> tuple[str, ...]:
    """What is not needed of recognised tables: the ends of ``headings``, the beginnings of ``notes``, as keys."""
    text = resources.files("jixiao.intake").joinpath("forms", "aside.yaml").read_text("utf-8")
    return tuple(label_key(str(word)) for word in read_yaml(text, "aside.yaml")[kind])


LAYOUTS = ("rows", "columns", "sheet")
TAKES = ("listed", "coded", "named")
TIMES = ("year", "start", "to date", "end", "last")
"""A year's turnover; a balance at its beginning; what has come together since; a balance at its end; the year before."""
SIDES = ("借", "贷")
LINE_KEYS = ("label", "code", "after", "before", "optional", "blank", "side")
Record = Body


@functools.cache
def shipped() -> tuple[Form, ...]:
    """The forms of the package, loaded once."""
    from jixiao.intake.definition import shipped_codes

    root = Path(str(resources.files("jixiao.intake").joinpath("forms")))
    return tuple(_load_all(sorted(root.glob("*/*/*.yaml")), shipped_codes()))


def load(folders: Sequence[Path]) -> tuple[Form, ...]:
    """The package's forms and those of the user's definition folders (DIR/forms/**.yaml).

    A user's form with the id of a shipped one replaces it. DefinitionError when a file is wrong.
    """
    from jixiao.intake.definition import shipped_codes

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
    return [
        _sheet_form(record, family) if record.get("layout") == "sheet" else from_record(record, family, codes)
    ]


def _decoy(title: str, family: tuple[str, str, str]) -> Form:
    ident, key = f"其他：{title}", label_key(title)
    return Form(
        ident, title, (key,), "", "rows", Blank.PENDING, None, (), frozenset(), family=family, decoy=True
    )


def _sheet_form(record: Record, family: tuple[str, str, str]) -> Form:
    record.only(("id", "title", "layout", *SHEET_FIELDS, "totals", "needed", "ends"), ("named", "funds"))
    fields: dict[str, dict[str, Keys]] = {}
    for place, known in SHEET_FIELDS.items():
        body = record.part(place).only((), known)
        key = labels.heading if place in ("money", "rows") else labels.row
        fields[place] = {name: frozenset(map(key, body.texts(name))) for name in body}
    needed = record.texts("needed")
    if not {"name", "target", "done"} <= set(needed) <= set(fields["rows"]):
        raise record.fail("needed 应有 name、target、done，都写在 rows 中", "needed")
    sheet = SheetForm(
        id=record.text("id"),
        title=record.text("title"),
        named=record.text("named", ""),
        totals=tuple(record.texts("totals")),
        funds={
            labels.row(str(label)): str(name)
            for name, others in record.get("funds", {}).items()
            for label in (name, *others)
        },
        needed=tuple(needed),
        ends=tuple(record.texts("ends")),
        **fields,
    )
    no_keys: Keys = frozenset()
    return Form(
        sheet.id,
        sheet.id,
        (),
        sheet.id,
        "sheet",
        Blank.PENDING,
        None,
        (),
        no_keys,
        family=family,
        sheet=sheet,
    )


def from_record(record: Record, family: tuple[str, str, str], codes: dict[str, dict[str, str]]) -> Form:
    """One form file, checked."""
    record.only(
        ("id", "title", "document", "blank", "blocks"),
        ("also", "layout", "dash", "words", "frame", "without", "untitled", "unit", "periodic", "at"),
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
        periodic=bool(record.get("periodic", False)),
        at=_time(record, "year"),
    )


def _time(record: Record, default: str = "") -> str:
    time = str(record.get("at", default))
    if time not in (*TIMES, ""):
        raise record.fail(f"at 应为 {'、'.join(TIMES)}", "at")
    return time


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
    body.only(("columns",), ("head", "label", "code", "lines", "records", "optional", "repeat", "flows"))
    columns = tuple(_column(str(key), value, body, words) for key, value in body["columns"].items())
    names = [column.name for column in columns]
    for column in columns:
        for other in filter(None, (column.filled, column.beside, column.unless, column.side, column.against)):
            if other not in (*names, *SIDES):
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
        flows=tuple(map(str, body.get("flows", []))),
        by_label=by_label,
        by_code=by_code,
        listed={labels.row(label): code for label, code in rows.codes} if rows else {},
    )


def _column(name: str, value: Any, body: Record, words: dict[str, Keys]) -> Column:
    if isinstance(value, list):
        return Column(name, _specs(value, words), title=_title(value))
    if not isinstance(value, Record):
        raise body["columns"].fail(f"列“{name}”应为标题词的列表", name)
    value.only(("words",), ("optional", "filled", "beside", "unless", "text", "at", "side", "against"))
    return Column(
        name,
        _specs(value["words"], words),
        bool(value.get("optional", False)),
        str(value.get("filled", "")),
        str(value.get("beside", "")),
        str(value.get("unless", "")),
        bool(value.get("text", False)),
        _time(value),
        str(value.get("side", "")),
        str(value.get("against", "")),
        _title(value["words"]),
    )


def _title(words: list[Any]) -> str:
    return "/".join(map(str, words[0] if isinstance(words[0], list) else words))


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
        side=str(record.get("side", "")),
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
