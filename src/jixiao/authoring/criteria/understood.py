"""The rule read from a text: under way, and what was understood: its points at a value, its questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.model import Body, Concept, DefinitionError, Expr, Value, body_of, half_up
from jixiao.rubric import Context, Part, build
from jixiao.text import UNITS, narrow, read_quantity, unspaced

YES, NO = "是", "否"


@dataclass(slots=True)
class Built:
    """What came of a text.

    ``spec`` is the rule as a plain mapping (see rubric.kinds); ``questions`` are what a person has to settle,
    ``notes`` how an unwritten convention was read. ``answers`` are points for 是 and 否, ``unit`` what a value is
    written in. ``understood`` is false where the questions touch the points; ``closed`` where they touch all of them,
    so that no value has certain points. ``first`` are exceptions that go before the rule, ``assumed`` the values of
    the counts they read where only the quantity itself is told (no violation, evidence at hand), ``compared`` those of
    the figures they compare, so that none holds. ``part`` is the rule as
    it was built.
    """

    spec: dict[str, Any] | None = None
    understood: bool = True
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: dict[str, Decimal] = field(default_factory=dict)
    unit: str = ""
    names: tuple[str, ...] = ()
    parts: list[Built] = field(default_factory=list)
    full: Decimal = Decimal(0)
    closed: bool = False
    first: list[dict[str, Any]] = field(default_factory=list)
    assumed: dict[str, Decimal] = field(default_factory=dict)
    compared: dict[str, Decimal] = field(default_factory=dict)
    part: Part | None = None

    def ask(self, question: str) -> Built:
        """A question that leaves the whole rule without certain points."""
        self.closed = True
        return self.doubt(question)

    def doubt(self, question: str) -> Built:
        """A question about some values only: what the text settles beside it keeps its points."""
        self.understood = False
        if question not in self.questions:
            self.questions.append(question)
        return self

    def add(self, part: Built) -> None:
        """Take in a part that is a rule of its own; without it there is none of the whole."""
        self.parts.append(part)
        self.closed = self.closed or part.closed or part.spec is None
        self.understood = self.understood and part.understood and part.spec is not None
        self.questions += [question for question in part.questions if question not in self.questions]
        self.notes += [note for note in part.notes if note not in self.notes]

    def written(self, spec: dict[str, Any]) -> Built:
        """Set the rule, the exceptions before those that it has."""
        if self.first and spec["kind"] in ("better", "sum", "parts"):
            return self.ask(f"“{self.first[0]['because']}”与其他写法怎样合并没有写明")
        self.spec = spec
        if self.first:
            spec["first"] = [*self.first, *spec.get("first", ())]
        return self


_YES, _NO = (frozenset(words.split()) for words in (
    "是 有 符合 达标 达到 完成 已完成 按时 及时 Y YES yes true √ 对 满足 合格",
    "否 无 没有 不符合 未达标 未达到 未完成 不及时 N NO no false × 不是 不满足 不合格",
))  # fmt: skip


def verdict(text: str) -> str:
    """是 or 否 where the text says one, else empty."""
    word = plain_letters(text)
    return YES if word in _YES else NO if word in _NO else ""


def plain_letters(text: str) -> str:
    """A value as it is compared."""
    return unspaced(narrow(text)).strip("。;,")


def value(text: str, unit: str) -> Decimal | None:
    """A value in the unit of the rule; None where it is not a number, or its unit is another one."""
    word = plain_letters(text[:60]).removeprefix("第")
    above, sign, below = word.partition("/")
    if sign and unit in ("%", ""):
        parts = [read_quantity(side).value for side in (above, below)]
        return parts[0] / parts[1] if parts[0] is not None and parts[1] else None
    read = read_quantity(word.removesuffix("名").removesuffix("位"))
    number, own = read.base, UNITS[read.unit].base if read.unit in UNITS else read.unit
    if number is None:
        return None
    if unit == "%" and own != "%":
        # a plain number beside a text in percent is the ratio itself; 95 could be 95% as well
        return number if own == "" and abs(number) <= 2 else None
    return None if own and unit and own != unit else number


_PARTLY = ("基本", "比较", "部分", "不够", "不太", "大致", "大部分", "不完全", "较为")
_UNITS = {"%": "%", "元": "元", "分": "分"}


@dataclass(slots=True)
class Understood:
    """A criteria text as a rule.

    ``understood`` is false where a person has to settle the points; ``questions`` then say what is missing.
    ``spec`` is a definition that ``rubric.kinds.build`` accepts over a quantity called ``name`` (None where nothing
    was read), ``sentence`` the rule said back, ``notes`` the conventions it was read by. ``names`` are the quantities
    that the rule reads.
    """

    understood: bool
    kind: str
    spec: Body | None
    sentence: str
    questions: list[str]
    notes: list[str]
    name: str
    names: tuple[str, ...] = ()
    built: Built = field(default_factory=Built, repr=False)

    def points_at(self, text: str) -> Decimal | None:
        """Points for a value written as in the text (92.8%, -15%, 3, 是, 否), rounded to two places.

        None where the text does not decide them. A checklist takes its verdicts in order: 是,是,否.
        """
        try:
            points = at(self.built, text)
        except (ArithmeticError, ValueError, KeyError):
            return None
        return half_up(points, 2) if points is not None else None


def understand(built: Built, name: str) -> Understood:
    """The reading of a text, its rule checked by building it."""
    spec: Body | None = None
    sentence, names = "", _names(built, name)
    if built.spec is not None:
        made = body_of(built.spec, "评分标准")
        try:
            sentence = part_of(built, name).criteria
            spec = made
        except DefinitionError as error:
            built.ask(f"读出的规则不成立：{error.problem}")
            built.spec = None
    kind = str(spec["kind"]) if spec is not None else ""
    return Understood(
        built.understood and spec is not None,
        kind,
        spec,
        sentence,
        built.questions,
        built.notes,
        name,
        names,
        built,
    )


def _names(built: Built, name: str) -> tuple[str, ...]:
    if built.parts:
        return tuple(dict.fromkeys(n for part in built.parts for n in _names(part, name)))
    if built.names:
        return built.names
    return (str(built.spec["x"]),) if built.spec is not None and "x" in built.spec else ()


def context(built: Built, name: str) -> Context:
    """A vocabulary of just the quantities that the rule reads, in the unit of its text."""
    known: dict[str, Concept] = {}
    for part in [*built.parts, built]:
        for own in _names(part, name) or (name,):
            known.setdefault(own, Concept("value", own, _UNITS.get(part.unit, "个")))
        for own in (*part.assumed, *part.compared):
            known[own] = Concept("value", own, "个")
    return Context(known, {}, frozenset(), {})


def part_of(built: Built, name: str) -> Part:
    """The rule as the scoring room builds it; built once."""
    assert built.spec is not None
    if built.part is None:
        built.part = build(body_of(built.spec, "评分标准"), "要点", context(built, name))
    return built.part


def at(built: Built, text: str) -> Decimal | None:
    """Points of a rule for a value as written."""
    if built.closed:
        return None
    if built.spec is None:
        return built.answers.get(verdict(text)) if built.understood else None
    said = verdict(text)
    if built.parts:
        return _of_parts(built, text, said)
    options = built.spec.get("options")
    if isinstance(options, dict) and text.strip() in options:
        return _option(options, text)
    word = said or plain_letters(text)
    if word in built.answers:
        return built.answers[word]
    if isinstance(options, dict):
        return _option(options, text)
    if "grades" in built.spec:
        return _graded(built, text)
    return _computed(built, text)


def _computed(built: Built, text: str) -> Decimal | None:
    """Points of a rule over figures; several counts are told in their order: 2,3."""
    assert built.spec is not None
    if built.spec["kind"] == "deductions":
        counts = [value(word, "") for word in _several(text)]
        known = {n: c for n, c in zip(built.names, counts, strict=False) if c is not None}
        return _number(part_of(built, "x").points, known) if len(counts) == len(built.names) else None
    if built.names:
        ratio = value(text, "%") if "%" in text else None
        env = {built.names[0]: ratio, built.names[1]: Decimal(1)} if ratio is not None else {}
        return _number(part_of(built, "x").points, env) if env else None
    if "x" not in built.spec:
        return None
    number = value(text, built.unit)
    if number is None:
        return None
    name = str(built.spec["x"])
    return _number(part_of(built, name).points, {**built.assumed, **built.compared, name: number})


def _graded(built: Built, text: str) -> Decimal | None:
    """What a person enters inside a grade: a share of the full points, or points."""
    assert built.spec is not None
    number = value(text, "分")
    share = value(text, "%") if "%" in text else None
    points = share * built.full if share is not None else number
    if points is None:
        return None
    part = part_of(built, "x")
    for label in built.spec["grades"]:
        made = _number(part.points, {"要点.判定": label, "要点.给分": points})
        if made is not None:
            return made
    return None


def _number(points: Expr, known: dict[str, Any]) -> Decimal | None:
    def env(key: str) -> Value:
        found: Value = known.get(key)
        return found

    made = points.number(env)
    return made if isinstance(made, Decimal) else None


def _option(options: dict[str, Decimal], text: str) -> Decimal | None:
    word = text.strip()
    if word in options:
        return options[word]
    close = [label for label in options if word and _names_label(word, label)]
    return options[close[0]] if len(close) == 1 else None


def _names_label(word: str, label: str) -> bool:
    """Whether a short word means this situation: 合理 is not 不合理 and not 较合理."""
    place = label.find(word)
    before = label[: max(place, 0)]
    return label in word or (place >= 0 and not before.endswith(tuple("不未较欠非没无") + _PARTLY))


def _several(text: str) -> list[str]:
    """The values of several parts in their order."""
    return [word for word in re.split(r"[,，、;；\s]+", text) if word]


def _of_parts(built: Built, text: str, said: str) -> Decimal | None:
    if said:
        return built.answers.get(said)
    several, best = _several(text), built.spec is not None and built.spec["kind"] == "better"
    if len(several) == 1 and set(text) <= {YES, NO}:
        several = list(text)
    if len(several) == len(built.parts):
        each = [at(part, word) for part, word in zip(built.parts, several, strict=True)]
        known = [points for points in each if points is not None]
        return None if len(known) < len(each) else max(known) if best else sum(known, Decimal(0))
    if best:
        return None
    number = value(text, "项")
    shares = {part.full for part in built.parts}
    judged = all(part.spec is not None and part.spec["kind"] == "point" for part in built.parts)
    if number is not None and judged and len(shares) == 1 and 0 <= number <= len(built.parts):
        return number * shares.pop()
    return None


def as_data(understood: Understood, values: Sequence[str] = ()) -> dict[str, Any]:
    """The reading as plain data for ``--json``: points are numbers, or None where the text does not decide them."""
    return {
        "understood": understood.understood,
        "kind": understood.kind,
        "parameters": {} if understood.spec is None else _plain(understood.spec),
        "sentence": understood.sentence,
        "points": [_plain(understood.points_at(value)) for value in values],
        "questions": list(understood.questions),
        "notes": list(understood.notes),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
