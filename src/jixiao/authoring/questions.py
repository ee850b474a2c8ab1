"""What an import left open, as questions in plain words: the choices, what each gives, an answer, the changed definition.

A question stands in the definition (``rubric.Question``). Each sort of question (``_SORTS``) offers choices and may take a
sentence; both are a *change* of the definition, and what a choice gives is told by the rubric as changed. The doors (terminal,
sheet 待定) only show it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from jixiao.authoring.criteria.bands import written
from jixiao.authoring.criteria.clauses import Given
from jixiao.authoring.criteria.wholetext import read_text
from jixiao.authoring.official.footnotes import grades, under
from jixiao.authoring.official.importing import (
    HUNDRED,
    NO_ZERO,
    UNSURE_UNIT,
    UNTOLD,
    bonus,
    common_grades,
    named,
    unsettled,
)
from jixiao.authoring.official.names import Vocabulary, names_in, renamed
from jixiao.authoring.official.rules import Subject, data, read_rule
from jixiao.model import (
    COUNTS,
    NOT_APPLICABLE,
    PENDING,
    UNITS,
    DefinitionError,
    Interval,
    Source,
    Value,
    body_of,
    concepts,
    gaps,
    half_up,
    nearest,
    percent,
    plain,
)
from jixiao.rubric import KINDS, REST, Part, Question, Rubric, edges, keys, needs_row, read_data
from jixiao.text import LONGEST, read_quantity

Data = dict[str, Any]
Change = Callable[[Data], None]
BY_PERSON = "由评价人判定"
_UNITS = ("个", "件", "人", "次", "天", "万元", "%", "分")
_READINGS = 4
_READ = ("levels", "extras", "quantities", "total")
"""Sections of a definition that read figures."""


class AnswerError(ValueError):
    """An answer that cannot be used, with the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: what a person picks, the rule as a sentence after it, and the points at the question's values."""

    label: str
    change: Change
    sentence: str = ""
    points: tuple[str, ...] = ()


@dataclass(slots=True)
class Asked:
    """A question with its choices. ``values``: figures at which they are told; ``takes``: what may be typed, empty for nothing."""

    question: Question
    choices: list[Choice] = field(default_factory=list)
    values: tuple[str, ...] = ()
    takes: str = ""


def asked(rubric: Rubric, question: Question) -> Asked:
    """The choices of a question and what each gives."""
    base = data(rubric.data["rubric"])
    offered, _, takes = _SORTS[question.asks]
    made: list[tuple[str, Change, Rubric, Part | None]] = []
    for label, change in offered(base, question):
        try:
            after = _changed(base, question, change)
        except AnswerError:
            continue
        made.append((label, change, after, _part(after, question)))
    values = _samples([part for _, _, _, part in made if part is not None], rubric, question)
    choices = [
        Choice(label, change, *_told(part, after, question, values)) for label, change, after, part in made
    ]
    return Asked(question, choices, _heads(made[0][2], made[0][3], question, values) if made else (), takes)


def typed(rubric: Rubric, question: Question, text: str) -> tuple[Choice, tuple[str, ...]]:
    """A sentence as an answer, with the values at which its points are told; ``AnswerError`` says why not."""
    take = _SORTS[question.asks][1]
    if take is None or not text.strip():
        raise AnswerError("这个问题只能从所列的办法中选择")
    if len(text) > LONGEST:
        raise AnswerError(f"文字超过{LONGEST}个字，请分条填写")
    base = data(rubric.data["rubric"])
    change = take(base, question, text.strip())
    after = _changed(base, question, change)
    part = _part(after, question)
    values = _samples([part] if part is not None else [], after, question)
    choice = Choice(text.strip(), change, *_told(part, after, question, values))
    return choice, _heads(after, part, question, values)


def tried(rubric: Rubric, question: Question, choice: Choice, text: str) -> str:
    """The points of a choice at a value that a person names; empty where it is no value of the rule."""
    after = _changed(data(rubric.data["rubric"]), question, choice.change)
    part = _part(after, question)
    value = _value(text, _unit(after, part)) if part is not None and part.reads else None
    return _told(part, after, question, [value])[1][0] if value is not None else ""


def answered(rubric: Rubric, question: Question, choice: Choice, *, why: str, who: str, when: str) -> Data:
    """The definition with a question answered: the change, and the decision with its reason, person and day."""

    def change(base: Data) -> None:
        choice.change(base)
        says = question.says or question.why
        says = f"{question.at}：{says}" if question.at else says
        decided = (
            choice.label if choice.sentence in ("", choice.label) else f"{choice.label}（{choice.sentence}）"
        )
        body = {
            "about": question.about,
            "says": says,
            "decided": decided,
            "reason": why,
            "who": who,
            "when": when,
        }
        base.setdefault("decisions", []).append(body)

    made: Data = data(_changed(data(rubric.data["rubric"]), question, change).data["rubric"])
    return made


def _changed(base: Data, question: Question, change: Change) -> Rubric:
    """The rubric after a change, its question taken off and names that nothing reads any more left out."""
    after = copy.deepcopy(base)
    before = _read_names(after)
    listed = after.get("questions", [])
    place = next((n for n, body in enumerate(listed) if body["id"] == question.id), 0)
    after["questions"] = [*listed]
    known = {body["id"] for body in listed}
    change(after)
    _tidy(after, before)
    fresh = [body for body in after["questions"] if body["id"] not in known]
    others = [body for body in after["questions"] if body["id"] in known - {question.id}]
    after["questions"] = [
        *others[:place],
        *fresh,
        *others[place:],
    ]  # what an answer leaves open is asked next
    if not after["questions"]:
        del after["questions"]
    try:
        return read_data(body_of(after, "评分表"))
    except DefinitionError as error:
        raise AnswerError(error.problem) from error


def _items(base: Data) -> Iterator[Data]:
    for first in base["levels"]:
        for second in first["levels"]:
            yield from second["indicators"]
    yield from base.get("extras", {}).get("indicators", [])


def _item(base: Data, title: str) -> Data:
    found = next((body for body in _items(base) if body["title"] == title), None)
    if found is None:
        raise AnswerError(f"评分表中已没有“{title}”")
    return found


def _spec(base: Data, question: Question) -> Data:
    """The rule that a question is about."""
    rule: Data = _item(base, question.about)["rule"]
    parts = rule.get("parts", [])
    if question.point > len(parts):
        raise AnswerError(f"“{question.about}”已没有第{question.point}个要点")
    return parts[question.point - 1] if question.point else rule


def _read_names(base: Data) -> set[str]:
    return set(names_in([base[key] for key in _READ if key in base]))


def _tidy(base: Data, before: set[str]) -> None:
    """Without the names of its own, and the questions about them, that were read before and are not now."""
    while gone := {*_own_names(base)} & before - _read_names(base):
        kept = Vocabulary.of(base)
        for name in gone:
            kept.quantities.pop(name, None)
            kept.new.pop(name, None)
        kept.write(base)
        base["questions"] = [
            body
            for body in base["questions"]
            if body["asks"] not in ("unit", "zero") or body["about"] not in gone
        ]


def _own_names(base: Data) -> Iterator[str]:
    yield from (body["name"] for body in base.get("quantities", []))
    yield from (body["name"] for body in base.get("concepts", {}).values())


def _ask(base: Data, asks: str, about: str, says: str, *, why: str, point: int = 0, at: str = "") -> None:
    """A question that an answer leaves."""
    number = max((int(body["id"]) for body in base["questions"]), default=0) + 1
    body = {"id": Decimal(number), "asks": asks, "about": about, "says": says, "why": why}
    body |= {"point": Decimal(point), "at": at}
    base["questions"].append({key: value for key, value in body.items() if value})


# what a choice gives


def _part(rubric: Rubric, question: Question) -> Part | None:
    """The rule that shows what an answer gives."""
    if question.asks == "zero":
        leaves = (part for item in rubric.indicators() for part in item.rule.leaves())
        return next((part for part in leaves if question.about in part.reads), None)
    if question.asks not in ("rule", "value"):
        return None
    found = next((item.rule for item in rubric.indicators() if item.key == question.about), None)
    parts = found.parts if found is not None else []
    return parts[question.point - 1] if 0 < question.point <= len(parts) else found


def _unit(rubric: Rubric, part: Part | None) -> str:
    """The unit of the figure that a rule reads first; empty where it reads none."""
    if part is None or not part.reads:
        return ""
    name = part.reads[0]
    return rubric.quantities[name].unit if name in rubric.quantities else rubric.facts[name].concept.unit


def _samples(parts: Sequence[Part], rubric: Rubric, question: Question) -> list[Decimal]:
    """Three values: inside and beside an open stretch, else the least, a middle and the highest where the rules change."""
    read = [part for part in parts if part.reads]
    if question.asks == "zero" or not read:
        return []
    leaves = [leaf for part in read for leaf in part.leaves()]
    found = sorted({value for leaf in leaves for value in edges(leaf.points, read[0].reads[0])})
    if question.at:
        stretch = Interval.parse(question.at)
        inner = [value for value in found if stretch.has(value)]
        below = [value for value in found if inner and value < inner[0]]
        above = [value for value in found if inner and value > inner[-1]]
        return [*below[-1:], *inner[len(inner) // 2 :][:1], *above[:1]]
    share = _unit(rubric, read[0]) == "%"
    step = Decimal("0.05") if share else Decimal(1)
    found = [value for value in found if 0 <= value <= (Decimal("1.5") if share else value)] or found
    if not found:
        return [Decimal("0.5"), Decimal("0.8"), Decimal(1)] if share else [Decimal(0), step, 2 * step]
    least = max(found[0] - step, Decimal(0))
    last = found[-1] if len(found) > 1 else found[0] + step
    return [least, found[(len(found) - 1) // 2], last]


def _heads(
    rubric: Rubric, part: Part | None, question: Question, values: Sequence[Decimal]
) -> tuple[str, ...]:
    unit = _unit(rubric, part)
    if question.asks == "zero":
        return ("分母为0时",) if part is not None else ()
    return tuple(percent(value) if unit == "%" else f"{plain(value)}{unit}" for value in values)


def _told(
    part: Part | None, rubric: Rubric, question: Question, values: Sequence[Decimal]
) -> tuple[str, tuple[str, ...]]:
    """The rule as a sentence, and its points at some values of the figure that it reads first.

    Of its other figures, counts are taken for 0 and the rest for 1: nothing happened, nothing is missing.
    """
    if part is None:
        return "", ()
    if question.asks == "zero":
        zero = next(
            body["zero"] for body in rubric.data["rubric"]["quantities"] if body["name"] == question.about
        )
        return part.criteria, (
            _at(part, rubric, question.about, zero) if isinstance(zero, Decimal) else str(zero),
        )
    return part.criteria, tuple(_at(part, rubric, part.reads[0], value) for value in values if part.reads)


def _at(part: Part, rubric: Rubric, name: str, value: Decimal) -> str:
    def env(key: str) -> Value:
        if key == name:
            return value
        for inner in part.parts:
            if key == keys.Keys(inner.key).points:
                return inner.points.number(env)
        if key not in part.reads:
            return None
        needed = rubric.facts.get(key)
        return Decimal(0) if needed is not None and needed.concept.unit in COUNTS else Decimal(1)

    made = part.points.number(env)
    return f"{plain(half_up(made, 2))}分" if isinstance(made, Decimal) else str(made or PENDING)


def _value(text: str, unit: str) -> Decimal | None:
    read = read_quantity(text)
    return read.base if read.unit in ("", unit) or unit == "%" else None


# the sorts of questions: what is offered, what may be typed

Offers = Iterator[tuple[str, Change]]


def _rule_choices(base: Data, question: Question) -> Offers:
    """Readings of the text that leave out one of its statements, or scale its points; a person's judgement."""
    text, full = question.says, Decimal(_spec(base, question)["full"])
    told = read_text(text[:LONGEST])
    statements = list(told.statements())
    readings = [("按读懂的部分计分，没有写明的逐段另答", text, full)]
    for nodes in statements if len(statements) > 1 else []:
        said = told.between(nodes[0].start, nodes[-1].end).strip(" 。；;，,\n")
        readings.append((f"不计“{said}”，按其余的文字计分", told.without(nodes), full))
    effects = (getattr(node, "effect", None) for node in told.nodes)
    best = {one.points for one in effects if isinstance(one, Given) and one.points is not None} - {full}
    readings += [
        (f"按文中的{plain(own)}分计，再折算为{plain(full)}分", text, own)
        for own in sorted(one for one in best if one > 0)
    ]
    seen: list[Data] = []
    for label, reading, own in readings:
        change = _reads(question, reading, own)
        trial = copy.deepcopy(base)
        try:
            change(trial)
        except AnswerError:
            continue
        spec = _spec(trial, question)
        if spec["kind"] == "weighted" and KINDS[spec["parts"][0]["kind"]].by != "figures":
            continue  # points that a person adds up may be those of one item among several
        if reading != text and unsettled(spec):
            continue  # nothing is gained by leaving words out
        if spec not in seen and len(seen) < _READINGS:
            seen.append(spec)
            yield label, change
    yield BY_PERSON, lambda _: None


def _rule_typed(base: Data, question: Question, text: str) -> Change:
    return _reads(question, text, Decimal(_spec(base, question)["full"]))


def _reads(question: Question, text: str, own: Decimal) -> Change:
    """The rule of a sentence in place of what the question is about; ``own`` are the points that the sentence gives in all."""

    def change(base: Data) -> None:
        body, full = _item(base, question.about), Decimal(_spec(base, question)["full"])
        vocabulary = Vocabulary.of(base)
        if body["rule"]["kind"] == "bonus":
            spec, why = bonus(text, question.about, vocabulary)
        else:
            shared = "" if question.point else body.get("criteria", "")
            subject = Subject(question.about, body["description"], vocabulary, shared)
            made = read_rule(text, own, subject, partly=True)
            spec, why = made.spec, made.why
        if why:
            raise AnswerError("；".join(dict.fromkeys(why)))
        _gaps_filled(spec)
        if own != full:
            part = {**spec, "title": spec.get("title", question.about)}
            spec = {"kind": "weighted", "full": full, "base": own, "parts": [part]}
        parts = _placed(base, body, question, spec)
        vocabulary.write(base)
        for name in vocabulary.guessed:
            _ask(base, "unit", name, vocabulary.new[name]["about"], why=UNSURE_UNIT)
        for number, part in parts:
            for stretch in unsettled(part):
                _ask(base, "value", question.about, text, why=UNTOLD, point=number, at=stretch)
        known = {body["about"] for body in base["questions"] if body["asks"] == "zero"}
        for name, held in vocabulary.quantities.items():
            if held.get("zero") == PENDING and name in {*names_in(spec)} - known:
                _ask(base, "zero", name, str(held["value"]), why=NO_ZERO)

    return change


def _gaps_filled(spec: Data) -> None:
    """Stretches of which a text says nothing stand in its rule as 待核定."""
    for part in [spec, *spec.get("parts", [])]:
        bands = _bands(part)
        if bands and REST not in bands:
            unit = "%" if any("%" in text for text in bands) else ""
            for gap in gaps([Interval.parse(text) for text in bands], None, None):
                bands[written(gap, unit)] = PENDING


def _placed(base: Data, body: Data, question: Question, spec: Data) -> list[tuple[int, Data]]:
    """Put a rule in place; the points of a sum inside a sum are taken apart, and later points count on. (number, point)s."""
    parts = spec.get("parts", []) if spec["kind"] == "sum" else [spec]
    if not question.point:
        body["rule"] = spec
        return list(enumerate(parts, 1)) if spec["kind"] == "sum" else [(0, spec)]
    place, rule = question.point - 1, body["rule"]
    for part in parts:
        part.setdefault("title", rule["parts"][place].get("title", question.about))
    rule["parts"][place : place + 1] = parts
    more = len(parts) - 1
    if more and any(move["from"].startswith(f"{question.about}_") for move in base.get("moves", [])):
        raise AnswerError("这个指标的分值会移到别处，请写成一个要点，不要分成几个")
    for other in base["questions"]:
        if other["about"] == question.about and other.get("point", 0) > question.point:
            other["point"] += more
    return list(enumerate(parts, question.point))


def _value_choices(base: Data, question: Question) -> Offers:
    """The points of the stretches beside the open one, between them, and in proportion to a band of full points."""
    bands = _bands(_spec(base, question))
    if bands.get(question.at) != PENDING:
        return
    order = sorted(((_from(text), text) for text in bands if text != REST), key=lambda pair: pair[0])
    place = [text for _, text in order].index(question.at)
    below, above = (
        [text for _, text in order[place - 1 : place]],
        [text for _, text in order[place + 1 :][:1]],
    )
    near = [(text, word) for side, word in ((below, "较低"), (above, "较高")) for text in side]
    known = [
        (bands[text], f"归{word}的一档，{_points(bands[text])}")
        for text, word in near
        if bands[text] != PENDING
    ]
    full, stretch = Decimal(_spec(base, question)["full"]), Interval.parse(question.at)
    if (
        len(known) == 2
        and all(isinstance(value, Decimal) for value, _ in known)
        and stretch.low != stretch.high
    ):
        known.append(({"between": [value for value, _ in known]}, "在相邻两档之间按比例"))
    if above and bands[above[0]] == full and stretch.high is not None and stretch.low != stretch.high:
        over = dict.fromkeys((stretch.high, Decimal(1)))
        known += [({"rate": one}, f"按比例：满分×数值÷{percent(one)}") for one in over]
    if Decimal(0) not in [value for value, _ in known]:
        known.append((Decimal(0), "得0分"))
    yield from ((label, _settles(question, value)) for value, label in known)
    yield "由评价人核定", lambda _: None


def _bands(spec: Data) -> Data:
    """The stretches of a rule over one figure."""
    found: Data = spec.get("bands") or spec.get("pieces") or {}
    return found


def _from(text: str) -> tuple[bool, Decimal, Decimal, bool]:
    """Where a stretch begins, to put stretches in order."""
    stretch = Interval.parse(text)
    low = stretch.low if stretch.low is not None else Decimal(0)
    return (
        stretch.low is not None,
        low,
        stretch.high if stretch.high is not None else low,
        not stretch.low_closed,
    )


def _points(value: Any) -> str:
    return f"得{plain(value)}分" if isinstance(value, Decimal) else "照这一档的算法"


def _settles(question: Question, value: Any) -> Change:
    def change(base: Data) -> None:
        spec = _spec(base, question)
        if question.at not in _bands(spec):
            raise AnswerError(f"“{question.about}”的规则已没有这一段")
        if not isinstance(value, Decimal) and spec["kind"] == "bands":
            spec |= {"kind": "pieces", "pieces": spec.pop("bands")}
        _bands(spec)[question.at] = value

    return change


def _value_typed(base: Data, question: Question, text: str) -> Change:
    full = Decimal(_spec(base, question)["full"])
    points = _number(text.removesuffix("分").removeprefix("得"))
    if not 0 <= points <= full:
        raise AnswerError(f"应是0到{plain(full)}之间的分值")
    return _settles(question, points)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise AnswerError("应是一个数") from error
    if not number.is_finite():
        raise AnswerError("应是一个数")
    return number


def _zero_choices(base: Data, question: Question) -> Offers:
    words: list[tuple[str, Any]] = [(NOT_APPLICABLE, NOT_APPLICABLE), ("由评价人核定", PENDING)]
    unit = next((b["unit"] for b in base.get("quantities", []) if b["name"] == question.about), "")
    if unit == "%":
        words = [("按100%计算", Decimal(1)), ("按0计算", Decimal(0)), *words]
    yield from ((label, _with_zero(question, value)) for label, value in words)


def _with_zero(question: Question, value: Any) -> Change:
    def change(base: Data) -> None:
        found = [body for body in base.get("quantities", []) if body["name"] == question.about]
        if not found:
            raise AnswerError(f"评分表中已没有“{question.about}”")
        found[0]["zero"] = value

    return change


def _unit_choices(base: Data, question: Question) -> Offers:
    yield from ((f"单位是{unit}", _with_unit(question, unit)) for unit in _UNITS)
    near = nearest(question.about, concepts())
    if near:
        yield f"就是“{near}”（{concepts()[near].unit}）", _is(question, near)


def _unit_typed(base: Data, question: Question, text: str) -> Change:
    if text in UNITS:
        return _with_unit(question, text)
    known = {**{name: one.unit for name, one in concepts().items()}, **dict.fromkeys(_own_names(base), "")}
    if text not in known or text == question.about:
        raise AnswerError(f"应是单位（{'、'.join(UNITS)}）或已有的名称")
    return _is(question, text)


def _with_unit(question: Question, unit: str) -> Change:
    def change(base: Data) -> None:
        vocabulary = Vocabulary.of(base)
        if question.about not in vocabulary.new:
            raise AnswerError(f"评分表中已没有“{question.about}”")
        vocabulary.new[question.about]["unit"] = unit
        vocabulary.write(base)

    return change


def _is(question: Question, name: str) -> Change:
    """The same figure under a name that is there already."""

    def change(base: Data) -> None:
        for key in _READ:
            if key in base:
                base[key] = renamed(base[key], question.about, name)

    return change


def _note_choices(_: Data, __: Question) -> Offers:
    yield "由评价人掌握，不计入评分", lambda _: None


def _note_typed(base: Data, question: Question, text: str) -> Change:
    def change(after: Data) -> None:
        vocabulary = Vocabulary.of(after)
        found = under([(text, Source(""))], vocabulary, Decimal(after.get("total", {}).get("cap", HUNDRED)))
        if found.unread or not (found.caps or found.grades):
            raise AnswerError("没有读懂；可写总分上限，如“预算执行率低于60%的，总分不超过79分”")
        vocabulary.write(after)
        if found.caps:
            total = after.setdefault("total", {})
            total["caps"] = [*total.get("caps", []), *found.caps]
        if found.grades:
            after["grades"]["bands"] = found.grades

    return change


def _grade_choices(_: Data, __: Question) -> Offers:
    yield "按全国办法划分：满分的90%、80%、60%以上为优、良、中，以下为差", lambda _: None


def _grades_typed(base: Data, question: Question, text: str) -> Change:
    bands = grades(text)
    if not bands:
        raise AnswerError(
            "没有读懂；应写明每一等的分数，如“90分以上为优，80-90分为良，60-80分为中，60分以下为差”"
        )

    def change(after: Data) -> None:
        after["grades"] = {"bands": bands, "reference": {**after["reference"], "article": "等级划分"}}

    return change


def _year_choices(base: Data, _: Question) -> Offers:
    yield f"{plain(Decimal(base['year']))}年", lambda _: None


def _year_typed(base: Data, question: Question, text: str) -> Change:
    year = _number(text.removesuffix("年度").removesuffix("年"))
    if year != year.to_integral_value() or not 2000 <= year <= 2100:
        raise AnswerError("年度应是四位数，如2024")
    return _headed("year", year)


def _place_typed(base: Data, question: Question, text: str) -> Change:
    if not 2 <= len(text) <= 30:
        raise AnswerError("请写地区的名称，如“昌黎县”")
    return _headed("jurisdiction", text)


def _headed(key: str, value: Any) -> Change:
    """Place or year, and the full name that says them."""

    def change(base: Data) -> None:
        old = named(base["jurisdiction"], int(base["year"]), base["title"])
        base[key] = value
        if base["name"] == old:
            base["name"] = named(base["jurisdiction"], int(base["year"]), base["title"])

    return change


def _none(_: Data, __: Question) -> Offers:
    return iter(())


def _total_choices(base: Data, _: Question) -> Offers:
    cap = Decimal(base["total"]["cap"])
    yield f"满分就是{plain(cap)}分，等级的分数线按满分的比例", lambda _: None
    if base["grades"]["bands"] == common_grades(cap / HUNDRED):

        def kept(after: Data) -> None:
            after["grades"]["bands"] = common_grades(Decimal(1))

        yield f"满分就是{plain(cap)}分，等级的分数线仍是90、80、60分", kept


def _move_choices(_: Data, __: Question) -> Offers:
    yield "不移动，由评价人掌握", lambda _: None


def _move_typed(base: Data, question: Question, text: str) -> Change:
    target = text.strip('“”"')
    _item(base, target)
    if target == question.about:
        raise AnswerError("应是另一个指标的名称")

    def change(after: Data) -> None:
        rule = _item(after, question.about)["rule"]
        several = rule["kind"] == "sum"
        for number, part in enumerate(rule["parts"] if several else [rule], 1):
            part["applies"] = True
            start = _key(question.about, part, number if several else 0)
            end = _key(target, _item(after, target)["rule"], 0)
            after.setdefault("moves", []).append({"from": start, "to": [end], "reason": question.says[:120]})

    return change


def _key(title: str, spec: Mapping[str, Any], number: int) -> str:
    """The key of a point as the rubric gives it."""
    if number:
        return f"{title}_{number}"
    return f"{title}_1" if needs_row(body_of(dict(spec), "评分表")) else title


Typed = Callable[[Data, Question, str], Change]
_SORTS: dict[str, tuple[Callable[[Data, Question], Offers], Typed | None, str]] = {
    "rule": (
        _rule_choices,
        _rule_typed,
        "一句计分规则，如“完成率≥95%得满分，每低1个百分点扣0.5分，扣完为止”",
    ),
    "value": (_value_choices, _value_typed, "这一段的分值，如 2.5"),
    "zero": (_zero_choices, None, ""),
    "unit": (_unit_choices, _unit_typed, "单位，或者它就是哪一个已有的名称"),
    "note": (_note_choices, _note_typed, "一句总分上限或等级划分，如“预算执行率低于60%的，总分不超过79分”"),
    "grades": (
        _grade_choices,
        _grades_typed,
        "各等的分数，如“90分以上为优，80-90分为良，60-80分为中，60分以下为差”",
    ),
    "year": (_year_choices, _year_typed, "评价年度，如 2024"),
    "place": (_none, _place_typed, "地区，如 昌黎县"),
    "total": (_total_choices, None, ""),
    "move": (_move_choices, _move_typed, "分值移到哪个指标：写指标的名称"),
}
