"""The facts file of fill --facts (YAML or JSON): facts, rows, judgements and self-evaluation by 中文 names, exactly as written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model import (
    MAX_DEFINITION,
    MOST,
    NOT_APPLICABLE,
    Body,
    Concept,
    DefinitionError,
    Fact,
    FactSet,
    Found,
    Record,
    Refused,
    Source,
    UsageStop,
    Value,
    body_of,
    concepts,
    load_yaml,
    nearest,
    read_regular,
    reason,
)
from jixiao.text import AMOUNT_UNITS, TOO_LARGE, Measured, measured, read_quantity

HEAD = ("department", "body", "goal", "result")
PARTS = (*HEAD, "funds", "indicators")
INDICATOR = ("group", "name", "target", "done", "points")
MORE = ("reason", "achieved", "share", "way", "pass")
FUND = ("budget", "adjusted", "spent")


def read_goals(body: Body, table: str, file: str) -> list[Record]:
    """The records of one form; ``table`` is the project's name, empty for the unit's own form."""
    made: list[Record] = []
    head: dict[str, Any] = {name: body.text(name) for name in HEAD if name in body}
    if head:
        made.append(_record("goal_heads", {"table": table, **head}, file, body.line))
    for item in body.parts("funds", []):
        item.only(("name",), FUND)
        figures = {name: item.number(name) for name in FUND if name in item}
        made.append(
            _record("goal_funds", {"table": table, "name": item.text("name"), **figures}, file, item.line)
        )
    for item in body.parts("indicators", []):
        item.only(("group", "name"), (*INDICATOR[2:], *MORE))
        values: dict[str, Any] = {
            name: item.text(name) for name in (*INDICATOR, *MORE) if name in item and name != "points"
        }
        if "points" in item:
            values["points"] = item.number("points")
        made.append(_record("goals", {"table": table, **values}, file, item.line))
    return made


def _record(kind: str, values: dict[str, Decimal | str | None], file: str, line: int) -> Record:
    source = Source(file, label=str(values.get("name") or values["table"] or kind), found=Found.NAMED)
    return Record(kind, values, dict.fromkeys(values, source), document=file, line=line)


KEYS = (
    "unit", "year", "rubric", "facts", "projects", "targets", "second_sources", "ledger", "not_applicable",
    "awarded", "self_scores", "verdicts", "texts", "total", "ratios",
    "main_table",
)  # fmt: skip
ROW_FIELDS = {
    "projects": (
        "name",
        "budget",
        "adjusted",
        "spent",
        "targets",
        "targets_met",
        "on_time",
        "fund",
        "kind",
    ),
    "targets": ("name", "unit", "planned", "done", "direction"),
    "ledger": ("code", "name", "opening", "debit", "credit", "closing"),
}
TEXT_FIELDS = ("name", "unit", "code", "on_time", "direction", "fund", "kind")
UNIT_OF_ROWS = {"projects": "万元", "targets": "", "ledger": "元"}
AMOUNTS = (*FUND, "opening", "debit", "credit", "closing")


@dataclass(frozen=True, slots=True)
class Award:
    """Points that a person awarded, with the reason."""

    points: Decimal
    reason: str


@dataclass(slots=True)
class Named:
    """What a facts file says."""

    file: str
    unit: str = ""
    year: str = ""
    sha256: str = ""
    facts: FactSet = field(default_factory=FactSet)
    second: FactSet = field(default_factory=FactSet)
    records: list[Record] = field(default_factory=list)
    not_applicable: dict[str, str] = field(default_factory=dict)
    awarded: dict[str, Award] = field(default_factory=dict)
    self_scores: dict[str, Decimal] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_named(path: Path, own: Iterable[Concept] = ()) -> Named:
    """Read a facts file. Refused (3): unreadable or malformed; UsageStop (2): an unknown name.

    ``own`` are the names of the workbook's rubric, which may have some that no other has.
    """
    known = {**concepts(), **{concept.name: concept for concept in own}}
    try:
        data = _load(path)
        data.only((), KEYS)
        made = Named(path.name, str(data.get("unit") or ""), str(data.get("year") or ""))
        for name, body in _mapping(data, "facts").items():
            made.facts.add([_fact(name, body, data["facts"], path.name, name, known)])
        for body in _rows(data, "second_sources"):
            body.only(("fact", "value"), ("unit", "from"))
            made.second.add([_fact(str(body["fact"]), body, body, path.name, "fact", known)])
        for kind in ROW_FIELDS:
            made.records += [_row(kind, body, path.name, n) for n, body in enumerate(_rows(data, kind), 1)]
        for body in _rows(data, "projects"):
            made.records += read_goals(body, body.text("name"), path.name)
        if "main_table" in data:
            made.records += read_goals(data.part("main_table").only((), PARTS), "", path.name)
        made.not_applicable = {
            name: str(reason or "") for name, reason in _mapping(data, "not_applicable").items()
        }
        for name, body in _mapping(data, "awarded").items():
            made.awarded[name] = _award(name, body, data["awarded"], path.name)
        for name, body in _mapping(data, "self_scores").items():
            made.self_scores[name] = _points(name, body, data["self_scores"])
        for name, body in _mapping(data, "verdicts").items():
            made.verdicts[name] = _verdict(body)
        made.sha256 = hashlib.sha256(read_regular(path, MAX_DEFINITION)[0]).hexdigest()
        texts = _mapping(data, "texts")
        made.texts = {name: texts.text(name).strip() for name in texts}
    except DefinitionError as error:
        raise Refused("J190", Source(path.name), problem=str(error)) from error
    return made


def _load(path: Path) -> Body:
    if not path.exists():
        raise Refused("J191", Source(path.name), file=path.name)
    if path.suffix.lower() != ".json":
        return load_yaml(path)
    try:
        raw, _ = read_regular(path, MAX_DEFINITION)
        if len(raw) > MAX_DEFINITION:
            raise DefinitionError(path.name, 0, "文件过大")
        data = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)
    except OSError as error:
        raise DefinitionError(path.name, 0, f"无法读取（{reason(error)}）") from error
    except (ValueError, RecursionError) as error:
        raise DefinitionError(path.name, 0, "不是有效的 JSON") from error
    if not isinstance(data, dict):
        raise DefinitionError(path.name, 0, "最外层应为对象")
    return body_of(data, path.name)


def _mapping(data: Body, key: str) -> Body:
    body = data.get(key)
    if body is None:
        return Body()
    if not isinstance(body, Body):
        raise data.fail(f"“{key}”应为“名称: 值”", key)
    return body


def _rows(data: Body, key: str) -> list[Body]:
    body = data.get(key) or []
    if not isinstance(body, list) or not all(isinstance(item, Body) for item in body):
        raise data.fail(f"“{key}”应为列表，每项是“名称: 值”", key)
    return body


def _fact(name: str, body: Any, at: Body, file: str, key: str, known: Mapping[str, Concept]) -> Fact:
    if name not in known:
        raise UsageStop("J192", Source(file), name=name, near=nearest(name, known))
    concept = known[name]
    document, unit, raw = "", "", body
    if isinstance(body, Body):
        if body is not at:
            body.only(("value",), ("unit", "from", "note"))
        raw, unit, document = body["value"], str(body.get("unit", "")), str(body.get("from", ""))
    source = Source(file, label=name, document=document, found=Found.NAMED)
    if raw == NOT_APPLICABLE or concept.unit == "文字":
        return Fact(name, str(raw), source, raw=str(raw), unit=unit or concept.unit)
    made = _measured(raw, unit, concept.unit, concept.name, at, key)
    value, own = made.value or Decimal(0), unit or (made.unit if concept.is_amount else concept.unit)
    return Fact(name, value, source, raw=str(raw), unit=own, divisor=made.divisor)


def typed_fact(name: str, raw: Value, document: str, concept: Concept) -> Fact:
    """What a person typed for a fact, ``document`` saying where it is from; ValueError in Chinese where it is none."""
    at = body_of({"value": raw, "from": document}, "待填")
    try:
        fact = _fact(name, at, body_of({}, "待填"), "待填", name, {name: concept})
    except DefinitionError as error:
        raise ValueError(error.problem) from error
    return fact._replace(source=fact.source._replace(found=Found.TYPED))


def _measured(raw: Any, stated: str, wanted: str, name: str, at: Body, key: str) -> Measured:
    """A figure of the file in the wanted unit, as any cell would be read; DefinitionError says why it is none.

    An amount without any unit is in the wanted one: so the file is described. A rate has to say that it is one.
    """
    plain: Decimal | bool | str
    try:
        plain = raw if isinstance(raw, bool) else Decimal(str(raw))  # 1e3, which a cell's text may not say
    except ArithmeticError:
        plain = str(raw)
    found = read_quantity(plain)
    if not stated and not found.unit and wanted in AMOUNT_UNITS:
        stated = wanted
    made = measured(found, stated, wanted)
    if made.apart and made.value is not None:
        raise at.fail(f"“{name}”写了两个单位：{made.unit}、{stated}", key)
    if made.value is not None and abs(made.value) * AMOUNT_UNITS.get(wanted, Decimal(1)) >= MOST:
        made = Measured(None, why=TOO_LARGE)
    if made.value is None:
        shapes = {"日期": "2023-04-28", "%": "92.5%"}
        if made.unit:
            raise at.fail(f"“{name}”的单位应为{wanted or stated}，不是{made.unit}", key)
        if wanted in shapes and made.why != TOO_LARGE:
            raise at.fail(f"“{name}”应写成 {shapes[wanted]} 的形式", key)
        raise at.fail(
            f"“{name}”的{made.why}" if made.why == TOO_LARGE else f"“{name}”应为数字，不是“{raw}”", key
        )
    return made


def _row(kind: str, body: Body, file: str, line: int) -> Record:
    more = PARTS if kind == "projects" else ()
    body.only(
        ("code", "closing") if kind == "ledger" else ("name",), (*ROW_FIELDS[kind], "from", "note", *more)
    )
    values: dict[str, Decimal | str | None] = {}
    for name in ROW_FIELDS[kind]:
        raw = body.get(name)
        if raw is None:
            values[name] = None
        elif name in TEXT_FIELDS:
            values[name] = str(raw)
        else:
            unit = UNIT_OF_ROWS[kind] if name in AMOUNTS else ""
            stated = str(body.get("unit", "")) if kind == "targets" else ""
            values[name] = _measured(raw, stated, unit, name, body, name).value
    label = str(body.get("name", body.get("code", "")))
    document = str(body.get("from", "科目余额表" if kind == "ledger" else ""))
    source = Source(file, label=label, document=document, found=Found.NAMED)
    return Record(kind, values, dict.fromkeys(values, source), document=document, line=line)


def _points(name: str, raw: Any, at: Body) -> Decimal:
    return _measured(raw, "", "分", name, at, name).value or Decimal(0)


def _award(name: str, body: Any, at: Body, file: str) -> Award:
    if isinstance(body, Body):
        body.only(("value",), ("reason", "from"))
        return Award(
            _points(name, body["value"], body), str(body.get("reason", body.get("from", f"据《{file}》核定")))
        )
    return Award(_points(name, body, at), f"据《{file}》核定")


def _verdict(body: Any) -> dict[str, Any]:
    if not isinstance(body, Body):
        return {"verdict": str(body)}
    body.only((), ("verdict", "points", "reason", "evidence", "premise"))
    return dict(body)
