"""What an import left open, as questions in plain words: the choices, what each gives, an answer, the changed definition.

A question stands in the definition (``rubric.Question``). Each sort of question (``SORTS``) offers choices and may take a
sentence; both are a *change* of the definition, and what a choice gives is told by the rubric as changed. The doors (terminal,
sheet 待定) only show it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.answers import SORTS, Change
from jixiao.authoring.official.underway import AnswerError, Data, Draft
from jixiao.model import (
    COUNTS,
    PENDING,
    Interval,
    Value,
    half_up,
    percent,
    plain,
)
from jixiao.rubric import Part, Question, Rubric, edges, keys
from jixiao.text import LONGEST, read_quantity


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: what a person picks, the rule as a sentence after it, and the points at the question's values.

    ``formula`` writes the points of the figure that stands in a cell; None where no figure decides them.
    """

    label: str
    change: Change
    sentence: str = ""
    points: tuple[str, ...] = ()
    formula: Callable[[str], str] | None = None


@dataclass(slots=True)
class Asked:
    """A question with its choices. ``values``: figures at which they are told; ``takes``: what may be typed, else empty."""

    question: Question
    choices: list[Choice] = field(default_factory=list)
    values: tuple[str, ...] = ()
    takes: str = ""
    samples: tuple[Decimal, ...] = ()
    unit: str = ""


def together(rubric: Rubric) -> list[list[Question]]:
    """The open questions in their order; those that are the same question about several items stand together.

    So are rates whose denominator may be zero, names without a unit, and points at which two stretches meet.
    """
    made: dict[tuple[object, ...], list[Question]] = {}
    for question in rubric.questions:
        kind: tuple[object, ...] = (question.asks, question.id)
        if question.asks == "zero":
            kind = (question.asks, rubric.quantities[question.about].unit == "%")
        elif question.asks == "unit":
            kind = (question.asks,)
        elif question.at and (edge := Interval.parse(question.at)).low == edge.high:
            kind = (question.asks, "edge")
        made.setdefault(kind, []).append(question)
    return list(made.values())


def same(rubric: Rubric, question: Question, choice: Choice) -> Choice | None:
    """The choice of another question that says the same, whatever points it comes to there."""
    word = choice.label.partition("，")[0]
    return next(
        (held for held in asked(rubric, question).choices if held.label.partition("，")[0] == word), None
    )


def asked(rubric: Rubric, question: Question) -> Asked:
    """The choices of a question and what each gives."""
    offered, _, takes = SORTS[question.asks]
    made: list[tuple[str, Change, Rubric, Part | None]] = []
    for label, change in offered(_draft(rubric), question):
        try:
            after = _changed(rubric, question, change)
        except AnswerError:
            continue
        made.append((label, change, after, _part(after, question)))
    values = _samples([(part, after) for _, _, after, part in made if part is not None], question)
    choices = [
        Choice(label, change, *_told(part, after, question, values)) for label, change, after, part in made
    ]
    if not made:
        return Asked(question, takes=takes)
    _, _, first, part = made[0]
    heads, unit = _heads(first, part, question, values), _unit(first, part)
    return Asked(question, choices, heads, takes, tuple(values), unit)


def typed(rubric: Rubric, question: Question, text: str) -> tuple[Choice, tuple[str, ...]]:
    """A sentence as an answer, with the values at which its points are told; ``AnswerError`` says why not."""
    take = SORTS[question.asks][1]
    if take is None or not text.strip():
        raise AnswerError("这个问题只能从所列的办法中选择")
    if len(text) > LONGEST:
        raise AnswerError(f"文字超过{LONGEST}个字，请分条填写")
    change = take(_draft(rubric), question, text.strip())
    after = _changed(rubric, question, change)
    part = _part(after, question)
    values = _samples([(part, after)] if part is not None else [], question)
    choice = Choice(text.strip(), change, *_told(part, after, question, values))
    return choice, _heads(after, part, question, values)


def tried(rubric: Rubric, question: Question, choice: Choice, text: str) -> str:
    """The points of a choice at a value that a person names; empty where it is no value of the rule."""
    after = _changed(rubric, question, choice.change)
    part = _part(after, question)
    read, unit = read_quantity(text), _unit(after, part)
    if not (unit and read.base is not None and (read.unit in ("", unit) or unit == "%")):
        return ""
    return _told(part, after, question, [read.base])[1][0]


def answered(rubric: Rubric, question: Question, choice: Choice, *, why: str, who: str, when: str) -> Data:
    """The definition with a question answered: the change, and the decision with its reason, person and day."""

    def change(draft: Draft) -> None:
        choice.change(draft)
        says = question.says or question.why
        told = "" if choice.sentence in ("", choice.label) else f"（{choice.sentence}）"
        draft.data.setdefault("decisions", []).append({
            "about": question.about, "says": f"{question.at}：{says}" if question.at else says,
            "decided": choice.label + told, "reason": why, "who": who, "when": when,
        })  # fmt: skip

    return Draft.of(_changed(rubric, question, change).data["rubric"]).whole()


def _draft(rubric: Rubric) -> Draft:
    return Draft.of(rubric.data["rubric"])


def _changed(rubric: Rubric, question: Question, change: Change) -> Rubric:
    """The rubric after a change, its question taken off and names that nothing reads any more left out."""
    draft = _draft(rubric)
    known = [body["id"] for body in draft.questions]
    place, before = known.index(question.id) if question.id in known else 0, draft.reads()
    change(draft)
    draft.tidy(before)
    fresh = [body for body in draft.questions if body["id"] not in known]
    others = [body for body in draft.questions if body["id"] in known and body["id"] != question.id]
    draft.questions = [*others[:place], *fresh, *others[place:]]  # what an answer leaves open is asked next
    return draft.rubric()


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


def _samples(parts: Sequence[tuple[Part, Rubric]], question: Question) -> list[Decimal]:
    """Three values: inside and beside an open stretch, else the least, a middle and the highest where the rules change."""
    read = [part for part, _ in parts if part.reads]
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
    share = next(_unit(rubric, part) for part, rubric in parts if part.reads) == "%"
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
) -> tuple[str, tuple[str, ...], Callable[[str], str] | None]:
    """The rule as a sentence, and its points at some values of the figure that it reads first.

    Of its other figures, counts are taken for 0 and the rest for 1: nothing happened, nothing is missing.
    """
    if part is None:
        return "", (), None
    if question.asks == "zero":
        zero = next(
            body["zero"] for body in rubric.data["rubric"]["quantities"] if body["name"] == question.about
        )
        given = _at(part, rubric, question.about, zero) if isinstance(zero, Decimal) else str(zero)
        return part.criteria, (given,), None
    if not part.reads:
        return part.criteria, (), None
    name = part.reads[0]
    points = tuple(_at(part, rubric, name, value) for value in values)
    return part.criteria, points, lambda cell: _formula(part, rubric, name, cell)


def _assumed(part: Part, rubric: Rubric, key: str) -> Decimal | None:
    """What stands for a figure beside the one that is tried: a count for 0, another for 1; None where it is none of them."""
    if key not in part.reads:
        return None
    needed = rubric.facts.get(key)
    return Decimal(0) if needed is not None and needed.concept.unit in COUNTS else Decimal(1)


def _inner(part: Part, key: str) -> Part | None:
    """The part inside another whose points a key stands for."""
    return next((inner for inner in part.parts if key == keys.Keys(inner.key).points), None)


def _at(part: Part, rubric: Rubric, name: str, value: Decimal) -> str:
    def env(key: str) -> Value:
        inner = _inner(part, key)
        if inner is not None:
            return inner.points.number(env)
        return value if key == name else _assumed(part, rubric, key)

    made = part.points.number(env)
    return f"{plain(half_up(made, 2))}分" if isinstance(made, Decimal) else str(made or PENDING)


def _formula(part: Part, rubric: Rubric, name: str, cell: str) -> str:
    def cells(key: str) -> str:
        inner = _inner(part, key)
        if inner is not None:
            return f"({inner.points.formula(cells)})"
        value = _assumed(part, rubric, key)
        return cell if key == name else '""' if value is None else plain(value)

    return part.points.formula(cells)
