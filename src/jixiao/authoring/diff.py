"""What changed between two tables: indicators, weights, thresholds, rule kinds, redistribution, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.authoring.editing.layout import QUANTITIES, TABLES
from jixiao.model import Interval, Reference, plain, read_reference
from jixiao.rubric import KINDS, PARAMETERS, Rubric

_LABELS = {key: param.label for key, param in PARAMETERS.items()}
_LABELS |= {column.key: column.title for column in TABLES[QUANTITIES] if column.key not in _LABELS}
_LABELS["kind"] = "规则类型"
LIKE = Decimal("0.6")
"""From here on an indicator that came is one that went, renamed."""
LONGEST = 1_000
_COMMON_KINDS = ("point", "sum")
Bodies = Mapping[str, Mapping[str, Any]]
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

    def about(self, ident: str) -> str:
        """Where an indicator stands and what it weighs."""
        return f"{self.places[ident]}，{plain(self.bodies[ident]['weight'])}分"


def _table(a: Rubric, b: Rubric) -> Iterator[Change]:
    told = (
        ("table", "年度", str(a.year), str(b.year)),
        ("table", "表名", a.title, b.title),
        ("reference", "依据", a.reference.line(), b.reference.line()),
        ("table", "总分上限", plain(a.cap), plain(b.cap)),
    )
    yield from (Change(what, "", "", label, one, other) for what, label, one, other in told if one != other)


def _indicators(old: _Table, new: _Table) -> Iterator[Change]:
    for title, weight in new.levels.items():
        if old.levels.get(title, weight) != weight:
            yield Change("weight", "", title, "权重", plain(old.levels[title]), plain(weight))
    pairs = paired(old.bodies, new.bodies)
    for ident, body in new.bodies.items():
        if ident not in pairs:
            yield Change("added", ident, body["title"], "指标", "", new.about(ident))
        else:
            yield from _indicator(old, pairs[ident], new, ident)
    for ident, body in old.bodies.items():
        if ident not in pairs.values():
            yield Change("removed", ident, body["title"], "指标", old.about(ident), "")


def _indicator(old: _Table, was: str, new: _Table, ident: str) -> Iterator[Change]:
    before, after = old.bodies[was], new.bodies[ident]
    titles = (before["title"], after["title"])
    weights = (plain(before["weight"]), plain(after["weight"]))
    texts = [(str(before.get(key, "")), str(after.get(key, ""))) for key in ("description", "criteria")]
    follows = (
        {titles} if titles[0] != titles[1] else set()
    )  # what follows the name or the weight is no change of its own
    told = [
        ("renamed", "名称", *titles),
        ("moved", "所属", old.places[was], new.places[ident]),
        ("weight", "权重", *weights),
    ]
    for label, one, other in _compared(before["rule"], after["rule"], ""):
        if (one, other) not in follows | {weights} or label not in ("满分", "计分依据", "名称"):
            told.append(("kind" if label.endswith("规则类型") else "rule", label, one, other))
    own = [("text", "指标说明", *texts[0]), ("text", "评分标准", *texts[1])]
    own.append(("reference", "依据", _cited(before, old.base), _cited(after, new.base)))
    told += [one for one in own if one[2:] not in follows | {weights}]
    yield from (
        Change(what, ident, titles[1], label, *pair) for what, label, *pair in told if pair[0] != pair[1]
    )


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
        label = f"{where}{_LABELS[key]}"
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _mapped(one, other, label)
        elif (
            isinstance(one, list)
            and isinstance(other, list)
            and all(isinstance(x, dict) for x in one + other)
        ):
            yield from _listed(one, other, label)
        else:
            yield label, _said(one), _said(other)


def _mapped(one: Mapping[str, Any], other: Mapping[str, Any], label: str) -> Iterator[tuple[str, str, str]]:
    """Bands, situations and the like by their keys; what keeps its points but not its key has moved its threshold."""
    gone = {key: value for key, value in one.items() if key not in other}
    come = {key: value for key, value in other.items() if key not in one}
    for key, value in list(gone.items()):
        same = [k for k, v in come.items() if v == value]
        if len(same) == 1 and [k for k, v in gone.items() if v == value] == [key]:
            yield f"{label}（{_given(value)}）", _range(key), _range(same[0])
            del come[same[0]], gone[key]
    if len(gone) == len(come) and all(map(_interval, (*gone, *come))):  # as many bands, all of them changed
        for (key, value), (after, points) in zip(_downward(gone), _downward(come), strict=True):
            yield label, f"{_range(key)}得{_given(value)}", f"{_range(after)}得{_given(points)}"
        gone, come = {}, {}
    for key, value in gone.items():
        yield f"{label} {_range(key)}", _given(value), ""
    for key, value in one.items():
        if key in other and other[key] != value:
            yield f"{label} {_range(key)}", _said(value), _said(other[key])
    for key, value in come.items():
        yield f"{label} {_range(key)}", "", _given(value)


def _interval(key: str) -> Interval | None:
    try:
        return Interval.parse(key)
    except ValueError:
        return None


def _downward(bands: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Bands from the highest figure down."""

    def low(item: tuple[str, Any]) -> Decimal:
        found = _interval(item[0])
        return found.low if found is not None and found.low is not None else Decimal("-Infinity")

    return sorted(bands.items(), key=low, reverse=True)


def _given(value: Any) -> str:
    return f"{plain(value)}分" if isinstance(value, Decimal) else _said(value)


def _range(key: str) -> str:
    """``[90%,95%)`` as people read it; another key as it is."""
    interval = _interval(key)
    return key if interval is None else interval.spoken("数值", as_percent="%" in key)


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
    """A part or an item in a few words: its kind and full points first."""
    head = [_kind(body["kind"])] if "kind" in body else []
    head += [f"{plain(body['full'])}分"] if isinstance(body.get("full"), Decimal) else []
    rest = (f"{_LABELS[key]}：{_said(value)}" for key, value in body.items() if key not in ("kind", "full"))
    return "，".join([*head, *rest])


def _kind(kind: Any) -> str:
    return KINDS[kind].title if kind else ""


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return "；".join(f"{_LABELS.get(key, key)}：{_said(item)}" for key, item in value.items())
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
    told = ([f"{one.spoken('得分', as_percent=False)}为{grade}" for one, grade in r.grades] for r in (a, b))
    old, new = ("；".join(words) for words in told)
    if old != new:
        yield Change("grade", "", "", "等级", old, new)


def paired(old: Bodies, new: Bodies) -> dict[str, str]:
    """New id -> old id; ``old`` and ``new`` hold the definitions of the indicators by id."""
    pairs = {ident: ident for ident in new if ident in old}
    titles = {body["title"]: ident for ident, body in old.items() if ident not in pairs}
    for ident, body in new.items():
        if ident not in pairs and body["title"] in titles:
            pairs[ident] = titles[body["title"]]
    gone = [ident for ident in old if ident not in pairs.values()]
    come = [ident for ident in new if ident not in pairs]
    likes = ((likeness(old[was], new[now]), was, now) for was in gone for now in come)
    for like, was, now in sorted(likes, key=lambda item: -item[0]):
        if like >= LIKE and now not in pairs and was not in pairs.values():
            pairs[now] = was
    return pairs


def likeness(before: Mapping[str, Any], after: Mapping[str, Any]) -> Decimal:
    """How alike two indicators of different names are, from 0 to 1: their names, their criteria, their rules.

    Points that a person checks look alike everywhere, so that their rules say nothing.
    """
    named = _alike(before["title"], after["title"])
    if "criteria" in before and "criteria" in after:
        return max(named, _alike(before["criteria"][:LONGEST], after["criteria"][:LONGEST]))
    own = before["rule"] == after["rule"] and before["rule"]["kind"] not in _COMMON_KINDS
    same = own and before.get("description") == after.get("description")
    return Decimal(1) if same else named


def _alike(one: str, other: str) -> Decimal:
    import difflib  # only where an indicator went and another came

    return Decimal(str(difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()))
