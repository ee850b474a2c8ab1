"""What changed between two tables: indicators, weights, thresholds, rule kinds, redistribution, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.model.expr import plain
from jixiao.model.reference import Reference, read_reference
from jixiao.rubric.editing.layout import KINDS
from jixiao.rubric.nouns import Rubric

LABELS = {
    "full": "满分", "title": "名称", "x": "计分依据", "bands": "档次", "options": "情形", "each": "每档", "deduct": "扣分", "start": "起点",
    "mode": "不足一档的处理", "inclusive": "是否含端点", "downward": "扣分方向", "over": "满分标准", "cap": "上限", "of": "满分制",
    "when": "条件", "otherwise": "否则得分", "graded": "可否部分给分", "requires": "前提材料", "applies": "可否不适用", "first": "例外情形",
    "items": "计数项", "penalties": "减分项", "shows": "列示", "note": "附注", "parts": "要点", "pieces": "分段", "points": "得分",
    "value": "算式", "zero": "分母为0时", "unit": "单位", "kind": "规则类型", "pass": "及格线", "list": "名次得分", "centre": "中心值",
    "share": "每档扣满分的比例", "because": "说明", "rest": "其余", "best": "最优值", "about": "说明",
}  # fmt: skip
_NONE = "（无）"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``before`` and ``after`` as people write them (empty: there is none).

    ``what``: added, removed, renamed, moved, weight, kind, rule, text, reference, quantity, move, grade or table.
    """

    what: str
    id: str
    title: str
    label: str
    before: str
    after: str

    def line(self) -> str:
        """The difference in one Chinese line."""
        named = f"“{self.title}”" if self.title else ""
        if self.what in ("added", "removed"):
            about = self.after or self.before
            return f"{'新增' if self.what == 'added' else '删去'}{self.label}{named}" + (
                f"（{about}）" if about else ""
            )
        if self.what == "renamed":
            return f"指标“{self.before}”改名为“{self.after}”"
        before, after = ("".join(text.split("\n")) or _NONE for text in (self.before, self.after))
        return f"{named}{self.label}：{before} → {after}"

    def data(self) -> dict[str, str]:
        """As plain data for ``--json``."""
        return {key: getattr(self, key) for key in ("what", "id", "title", "label", "before", "after")}


def diff(a: Rubric, b: Rubric) -> list[Change]:
    """What is different in ``b``, the later table, in its order; indicators are the same by id, else by title."""
    old, new = _Table(a), _Table(b)
    return [*_table(a, b), *_indicators(old, new), *_quantities(a, b), *_moves(a, b), *_grades(a, b)]


class _Table:
    """Indicators by id, each with its place and definition."""

    def __init__(self, rubric: Rubric) -> None:
        self.base = rubric.reference
        self.bodies: dict[str, Mapping[str, Any]] = {}
        self.places: dict[str, str] = {}
        data = rubric.data["rubric"]
        self.levels: dict[str, Decimal] = {}
        for first in data["levels"]:
            self.levels[first["title"]] = first["weight"]
            for second in first["levels"]:
                place = f"{first['title']}／{second['title']}"
                self.levels[place] = second["weight"]
                for body in second["indicators"]:
                    self._take(body, place)
        for body in data.get("extras", {}).get("indicators", []):
            self._take(body, data["extras"]["title"])

    def _take(self, body: Mapping[str, Any], place: str) -> None:
        self.bodies[body["id"]] = body
        self.places[body["id"]] = place


def _table(a: Rubric, b: Rubric) -> Iterator[Change]:
    pairs = (
        ("年度", str(a.year), str(b.year)),
        ("表名", a.title, b.title),
        ("依据", a.reference.line(), b.reference.line()),
    )
    for label, before, after in pairs:
        if before != after:
            yield Change("reference" if label == "依据" else "table", "", "", label, before, after)
    if a.cap != b.cap:
        yield Change("table", "", "", "总分上限", plain(a.cap), plain(b.cap))


def _indicators(old: _Table, new: _Table) -> Iterator[Change]:
    for title in {**old.levels, **new.levels}:
        if title in old.levels and title in new.levels and old.levels[title] != new.levels[title]:
            yield Change("weight", "", title, "权重", plain(old.levels[title]), plain(new.levels[title]))
    pairs = _paired(old, new)
    for ident, body in new.bodies.items():
        if ident not in pairs:
            yield Change(
                "added", ident, body["title"], "指标", "", f"{new.places[ident]}，{plain(body['weight'])}分"
            )
        else:
            yield from _indicator(old, pairs[ident], new, ident)
    for ident, body in old.bodies.items():
        if ident not in pairs.values():
            yield Change(
                "removed", ident, body["title"], "指标", f"{old.places[ident]}，{plain(body['weight'])}分", ""
            )


def _paired(old: _Table, new: _Table) -> dict[str, str]:
    """New id -> old id: the same id, else the same title where the old id is gone."""
    pairs = {ident: ident for ident in new.bodies if ident in old.bodies}
    titles = {body["title"]: ident for ident, body in old.bodies.items() if ident not in pairs}
    for ident, body in new.bodies.items():
        if ident not in pairs and body["title"] in titles:
            pairs[ident] = titles[body["title"]]
    return pairs


def _indicator(old: _Table, was: str, new: _Table, ident: str) -> Iterator[Change]:
    before, after = old.bodies[was], new.bodies[ident]
    title = after["title"]
    if before["title"] != title:
        yield Change("renamed", ident, title, "名称", before["title"], title)
    if old.places[was] != new.places[ident]:
        yield Change("moved", ident, title, "所属", old.places[was], new.places[ident])
    if before["weight"] != after["weight"]:
        yield Change("weight", ident, title, "权重", plain(before["weight"]), plain(after["weight"]))
    for label, one, other in _compared(before["rule"], after["rule"], ""):
        yield Change("kind" if label.endswith("规则类型") else "rule", ident, title, label, one, other)
    for key, label in (("description", "指标说明"), ("criteria", "评分标准")):
        if before.get(key, "") != after.get(key, ""):
            yield Change("text", ident, title, label, str(before.get(key, "")), str(after.get(key, "")))
    one, other = _cited(before, old.base), _cited(after, new.base)
    if one != other:
        yield Change("reference", ident, title, "依据", one, other)


def _cited(body: Mapping[str, Any], base: Reference) -> str:
    """Where an indicator is written; only the article where it is in the table's own document, which is told once."""
    found = read_reference(body["reference"], base)
    return found.article if (found.title, found.number) == (base.title, base.number) else found.line()


def _compared(a: Mapping[str, Any], b: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, str]]:
    """Parameters of two rules that are not the same: (label, before, after)."""
    if a.get("kind") != b.get("kind"):
        yield f"{where}规则类型", _kind(a.get("kind")), _kind(b.get("kind"))
        return
    for key in dict.fromkeys((*a, *b)):
        one, other = a.get(key), b.get(key)
        if one == other:
            continue
        label = f"{where}{LABELS.get(key, key)}"
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _mapped(one, other, label)
        elif (
            isinstance(one, list)
            and isinstance(other, list)
            and all(isinstance(x, dict) for x in (*one, *other))
        ):
            yield from _listed(one, other, label)
        else:
            yield label, _said(one), _said(other)


def _mapped(one: Mapping[str, Any], other: Mapping[str, Any], label: str) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys((*one, *other)):
        if one.get(key) != other.get(key):
            yield f"{label} {key}", _said(one.get(key)), _said(other.get(key))


def _listed(one: list[Any], other: list[Any], label: str) -> Iterator[tuple[str, str, str]]:
    """Parts, exceptions or items, by their order."""
    for place in range(max(len(one), len(other))):
        named = f"{label}{place + 1}"
        if place >= len(one):
            yield named, "", _summary(other[place])
        elif place >= len(other):
            yield named, _summary(one[place]), ""
        else:
            yield from _compared(one[place], other[place], f"{named} ")


def _summary(body: Mapping[str, Any]) -> str:
    return "，".join(
        f"{LABELS.get(key, key)}{_kind(value) if key == 'kind' else _said(value)}"
        for key, value in body.items()
    )


def _kind(kind: Any) -> str:
    return KINDS.get(kind, str(kind or ""))


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return "；".join(f"{key}：{_said(item)}" for key, item in value.items())
    return "、".join(_said(item) for item in value) if isinstance(value, list) else str(value)


def _quantities(a: Rubric, b: Rubric) -> Iterator[Change]:
    old, new = (
        {body["name"]: body for body in rubric.data["rubric"].get("quantities", [])} for rubric in (a, b)
    )
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield Change("added", "", name, "计算项", "", new[name]["value"])
        elif name not in new:
            yield Change("removed", "", name, "计算项", old[name]["value"], "")
        else:
            for label, before, after in _compared(old[name], new[name], ""):
                yield Change("quantity", "", name, label, before, after)


def _moves(a: Rubric, b: Rubric) -> Iterator[Change]:
    old, new = ({move.source: "、".join(move.targets) for move in rubric.moves} for rubric in (a, b))
    for source in dict.fromkeys((*old, *new)):
        if old.get(source) != new.get(source):
            yield Change("move", "", source, "不适用时分值移到", old.get(source, ""), new.get(source, ""))


def _grades(a: Rubric, b: Rubric) -> Iterator[Change]:
    old, new = (
        "；".join(
            f"{interval.spoken('得分', as_percent=False)}为{grade}" for interval, grade in rubric.grades
        )
        for rubric in (a, b)
    )
    if old != new:
        yield Change("grade", "", "", "等级", old, new)
