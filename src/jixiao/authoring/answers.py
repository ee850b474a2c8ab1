"""The sorts of questions: what each offers, what may be typed, and how an answer changes the definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from jixiao.authoring.criteria.bands import written
from jixiao.authoring.criteria.clauses import Given
from jixiao.authoring.criteria.wholetext import read_text
from jixiao.authoring.official.footnotes import grades
from jixiao.authoring.official.importing import bonus
from jixiao.authoring.official.names import alike, strange
from jixiao.authoring.official.rules import Subject, read_rule
from jixiao.authoring.official.underway import (
    HUNDRED,
    AnswerError,
    Data,
    Draft,
    coined,
    common_grades,
    keys_of,
    named,
    numbered,
    points_of,
    stretches,
    unsettled,
)
from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    UNITS,
    Interval,
    Source,
    concepts,
    gaps,
    nearest,
    percent,
    plain,
)
from jixiao.rubric import KINDS, REST, Question
from jixiao.text import LONGEST

Change = Callable[[Draft], None]
BY_PERSON = "由评价人判定"
_UNITS = ("个", "件", "人", "次", "天", "万元", "%", "分")
_READINGS = 4


def spec_of(draft: Draft, question: Question) -> Data:
    """The rule that a question is about."""
    rule: Data = draft.item(question.about)["rule"]
    parts = rule.get("parts", [])
    if question.point > len(parts):
        raise AnswerError(f"“{question.about}”已没有第{question.point}个要点")
    return parts[question.point - 1] if question.point else rule


Offers = Iterator[tuple[str, Change]]


def _rule_choices(draft: Draft, question: Question) -> Offers:
    """Readings of the text that leave out one of its statements, or scale its points; a person's judgement."""
    text, full = question.says, Decimal(spec_of(draft, question)["full"])
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
    fewer: list[tuple[str, Change]] = []
    for label, reading, own in readings:
        change = _reads(question, reading, own)
        trial = Draft.of(draft.data)
        try:
            change(trial)
        except AnswerError:
            continue
        spec = spec_of(trial, question)
        if spec["kind"] == "weighted" and KINDS[spec["parts"][0]["kind"]].by != "figures":
            continue  # points that a person adds up may be those of one item among several
        if reading != text and unsettled(spec):
            continue  # nothing is gained by leaving words out
        if spec not in seen and len(seen) < _READINGS:
            seen.append(spec)
            if reading == text:
                yield label, change
            else:
                fewer.append((label, change))
    yield BY_PERSON, lambda _: None
    yield from fewer  # whoever takes the first answer everywhere drops no word of the table


def _rule_typed(draft: Draft, question: Question, text: str) -> Change:
    return _reads(question, text, Decimal(spec_of(draft, question)["full"]))


def _reads(question: Question, text: str, own: Decimal) -> Change:
    """The rule of a sentence in place of what the question is about; ``own`` are the points that the sentence gives in all."""

    def change(draft: Draft) -> None:
        body, full = draft.item(question.about), Decimal(spec_of(draft, question)["full"])
        if body["rule"]["kind"] == "bonus":
            spec, why = bonus(text, question.about, draft.vocabulary)
        else:
            shared = "" if question.point else body.get("criteria", "")
            subject = Subject(question.about, body["description"], draft.vocabulary, shared)
            made = read_rule(text, own, subject, partly=True)
            spec, why = made.spec, made.why
        if why:
            raise AnswerError("；".join(dict.fromkeys(why)))
        _gaps_filled(spec)
        if own != full:
            part = {**spec, "title": spec.get("title", question.about)}
            spec = {"kind": "weighted", "full": full, "base": own, "parts": [part]}
        draft.ask_stretches(question.about, text, _placed(draft, body, question, spec))
        draft.ask_names([spec])

    return change


def _gaps_filled(spec: Data) -> None:
    """Stretches of which a text says nothing stand in its rule as 待核定."""
    for part in [spec, *spec.get("parts", [])]:
        bands = stretches(part)
        if bands and REST not in bands:
            unit = "%" if any("%" in text for text in bands) else ""
            for gap in gaps([Interval.parse(text) for text in bands], None, None):
                bands[written(gap, unit)] = PENDING


def _placed(draft: Draft, body: Data, question: Question, spec: Data) -> list[tuple[int, Data]]:
    """Put a rule in place; a sum inside a sum is taken apart, and later points count on. Its points by number."""
    if not question.point:
        body["rule"] = spec
        return numbered(spec)
    place, rule, parts = question.point - 1, body["rule"], points_of(spec)
    for part in parts:
        part.setdefault("title", rule["parts"][place].get("title", question.about))
    rule["parts"][place : place + 1] = parts
    more = len(parts) - 1
    if more and any(move["from"].startswith(f"{question.about}_") for move in draft.data.get("moves", [])):
        raise AnswerError("这个指标的分值会移到别处，请写成一个要点，不要分成几个")
    for other in draft.questions:
        if other["about"] == question.about and other.get("point", 0) > question.point:
            other["point"] += more
    return list(enumerate(parts, question.point))


def _value_choices(draft: Draft, question: Question) -> Offers:
    """The points of the stretches beside the open one, between them, and in proportion to a band of full points."""
    bands = stretches(spec_of(draft, question))
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
    full, stretch = Decimal(spec_of(draft, question)["full"]), Interval.parse(question.at)
    between = len(known) == 2 and all(isinstance(value, Decimal) for value, _ in known)
    if (
        between and stretch.low == stretch.high
    ):  # where two stretches meet: the better one first, as 以内 and （含） have it
        most, least = sorted((value for value, _ in known), reverse=True)
        known = [(most, f"归得分高的一档，{_points(most)}"), (least, f"归得分低的一档，{_points(least)}")]
    elif between:
        known.append(({"between": [value for value, _ in known]}, "在相邻两档之间按比例"))
    if above and bands[above[0]] == full and stretch.high is not None and stretch.low != stretch.high:
        over = dict.fromkeys((stretch.high, Decimal(1)))
        known += [({"rate": one}, f"按比例：满分×数值÷{percent(one)}") for one in over]
    if Decimal(0) not in [value for value, _ in known]:
        known.append((Decimal(0), "得0分"))
    yield from ((label, _settles(question, value)) for value, label in known)
    yield "由评价人核定", lambda _: None


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
    def change(draft: Draft) -> None:
        spec = spec_of(draft, question)
        if question.at not in stretches(spec):
            raise AnswerError(f"“{question.about}”的规则已没有这一段")
        if not isinstance(value, Decimal) and spec["kind"] == "bands":
            spec |= {"kind": "pieces", "pieces": spec.pop("bands")}
        stretches(spec)[question.at] = value

    return change


def _value_typed(draft: Draft, question: Question, text: str) -> Change:
    full = Decimal(spec_of(draft, question)["full"])
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


def _zero_choices(draft: Draft, question: Question) -> Offers:
    words: list[tuple[str, Any]] = [
        (NOT_APPLICABLE, NOT_APPLICABLE)
    ]  # whatever stands above: nothing was to be done
    if draft.vocabulary.quantities.get(question.about, {}).get("unit") == "%":
        words += [("按100%计算", Decimal(1)), ("按0计算", Decimal(0))]
    words.append(("由评价人核定", PENDING))
    yield from ((label, _told(question.about, "zero", value)) for label, value in words)


def _unit_choices(_: Draft, question: Question) -> Offers:
    yield from ((f"单位是{unit}", _told(question.about, "unit", unit)) for unit in _UNITS)
    near = nearest(question.about, concepts())
    if near:
        yield f"就是“{near}”（{concepts()[near].unit}）", _is(question, near)


def _same_choices(_: Draft, question: Question) -> Offers:
    own: list[tuple[str, Change]] = [("是另一个数，单独填写", lambda _: None)]
    near: list[tuple[str, Change]] = []
    for name in alike(question.about):
        about = concepts()[name].about
        near.append((f"就是“{name}”{f'（{about}）' if about else ''}", _is(question, name)))
    yield from own + near if strange(question.about) else near + own


def _same_typed(draft: Draft, question: Question, text: str) -> Change:
    if text == question.about or text not in {*concepts(), *draft.own_names()}:
        raise AnswerError("应是已有的名称")
    return _is(question, text)


def _unit_typed(draft: Draft, question: Question, text: str) -> Change:
    if text in UNITS:
        return _told(question.about, "unit", text)
    if text not in {*concepts(), *draft.own_names()} or text == question.about:
        raise AnswerError(f"应是单位（{'、'.join(UNITS)}）或已有的名称")
    return _is(question, text)


def _told(name: str, key: str, value: Any) -> Change:
    """The unit of a figure of its own, or what a rate is where its denominator is zero."""

    def change(draft: Draft) -> None:
        held: dict[str, Data] = {"unit": draft.vocabulary.new, "zero": draft.vocabulary.quantities}[key]
        if name not in held:
            raise AnswerError(f"评分表中已没有“{name}”")
        held[name][key] = value

    return change


def _is(question: Question, name: str) -> Change:
    """The same figure under a name that is there already."""
    return lambda draft: draft.rename(question.about, name)


def _note_typed(_: Draft, __: Question, text: str) -> Change:
    def change(draft: Draft) -> None:
        found = draft.under([(text, Source(""))], draft.full)
        if found.unread or not (found.caps or found.grades):
            raise AnswerError("没有读懂；可写总分上限，如“预算执行率低于60%的，总分不超过79分”")

    return change


def _grades_typed(_: Draft, __: Question, text: str) -> Change:
    bands = grades(text)
    if not bands:
        raise AnswerError(
            "没有读懂；应写明每一等的分数，如“90分以上为优，80-90分为良，60-80分为中，60分以下为差”"
        )
    return lambda draft: draft.grade(bands)


def _year_choices(draft: Draft, _: Question) -> Offers:
    yield f"{plain(Decimal(draft.data['year']))}年", lambda _: None


def _year_typed(_: Draft, __: Question, text: str) -> Change:
    year = _number(text.removesuffix("年度").removesuffix("年"))
    if year != year.to_integral_value() or not 2000 <= year <= 2100:
        raise AnswerError("年度应是四位数，如2024")
    return _headed("year", year)


def _place_typed(_: Draft, __: Question, text: str) -> Change:
    if not 2 <= len(text) <= 30:
        raise AnswerError("请写地区的名称，如“昌黎县”")
    return _headed("jurisdiction", text)


def _titled(draft: Draft) -> dict[str, str]:
    """Name and id as place, year and title make them."""
    place, year, title = (draft.data[key] for key in ("jurisdiction", "year", "title"))
    return {"name": named(place, int(year), title), "id": coined(place, int(year), title)}


def _headed(key: str, value: Any) -> Change:
    """Place or year, and the full name and the id that say them."""

    def change(draft: Draft) -> None:
        base, before = draft.data, _titled(draft)
        base[key] = value
        for own, made in _titled(draft).items():
            if base[own] == before[own]:
                base[own] = made

    return change


def _total_choices(draft: Draft, _: Question) -> Offers:
    yield f"满分就是{plain(draft.full)}分，等级的分数线按满分的比例", lambda _: None
    if draft.data["grades"]["bands"] == common_grades(draft.full):

        def kept(after: Draft) -> None:
            after.data["grades"]["bands"] = common_grades(HUNDRED)

        yield f"满分就是{plain(draft.full)}分，等级的分数线仍是90、80、60分", kept


def _move_typed(draft: Draft, question: Question, text: str) -> Change:
    target = text.strip('“”"')
    draft.item(target)
    if target == question.about:
        raise AnswerError("应是另一个指标的名称")

    def change(after: Draft) -> None:
        rule, to = after.item(question.about)["rule"], keys_of(target, after.item(target)["rule"])
        if len(to) > 1:
            raise AnswerError(f"“{target}”有几个要点，不能确定移到哪一个")
        for part in points_of(rule):
            part["applies"] = True
        for start in keys_of(question.about, rule):
            body = {"from": start, "to": to, "reason": question.says[:120]}
            after.data.setdefault("moves", []).append(body)

    return change


def _left(*labels: str) -> Callable[[Draft, Question], Offers]:
    """Choices that leave the definition as it is."""
    return lambda _, __: ((label, lambda _: None) for label in labels)


Typed = Callable[[Draft, Question, str], Change]
SORTS: dict[str, tuple[Callable[[Draft, Question], Offers], Typed | None, str]] = {
    "rule": (
        _rule_choices,
        _rule_typed,
        "一句计分规则，如“完成率≥95%得满分，每低1个百分点扣0.5分，扣完为止”",
    ),
    "value": (_value_choices, _value_typed, "这一段的分值，如 2.5"),
    "zero": (_zero_choices, None, ""),
    "unit": (_unit_choices, _unit_typed, "单位，或者它就是哪一个已有的名称"),
    "same": (_same_choices, _same_typed, "它就是哪一个已有的名称"),
    "note": (
        _left("由评价人掌握，不计入评分"),
        _note_typed,
        "一句总分上限或等级划分，如“预算执行率低于60%的，总分不超过79分”",
    ),
    "grades": (
        _left("按全国办法划分：满分的90%、80%、60%以上为优、良、中，以下为差"),
        _grades_typed,
        "各等的分数，如“90分以上为优，80-90分为良，60-80分为中，60分以下为差”",
    ),
    "year": (_year_choices, _year_typed, "评价年度，如 2024"),
    "place": (_left(), _place_typed, "地区，如 昌黎县"),
    "total": (_total_choices, None, ""),
    "move": (_left("不移动，由评价人掌握"), _move_typed, "分值移到哪个指标：写指标的名称"),
}
