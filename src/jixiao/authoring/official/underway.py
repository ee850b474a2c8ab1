"""A rubric definition under way: what an import, an answer and a place's own table do to it, each written once.

Every door works on a ``Draft``: rules are put in place of texts, names that nothing tells are asked about, questions are
answered. What comes of it is checked by building it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from jixiao.authoring.official.footnotes import Under, under
from jixiao.authoring.official.names import Vocabulary, names_in, renamed, safe
from jixiao.authoring.official.rules import data
from jixiao.intake import usual_places
from jixiao.model import PENDING, DefinitionError, Source, body_of, plain
from jixiao.rubric import GRADES, Rubric, bodies, needs_row, read_data

Data = dict[str, Any]
HUNDRED = Decimal(100)
UNPLACED = "（未填写）"
UNTOLD = "这一段的得分原文没有写明，暂由评价人核定"
_UNSURE_UNIT = "原文没有写这个数的单位，暂按“个”"
_NO_ZERO = "原文没有写分母为0时如何计分"
_READ = ("levels", "extras", "quantities", "total")
"""Sections of a definition that read figures."""
_ABOUT_NAMES = ("unit", "zero", "same")
_GRADES = {
    "title": "项目支出绩效评价管理办法",
    "number": "财预〔2020〕10号",
    "article": "等级划分；评分表没有规定等级时参照",
    "checked": False,
}


class AnswerError(ValueError):
    """A change that cannot be made, with the reason in Chinese."""


def points_of(rule: Data) -> list[Data]:
    """The points of a rule: the parts of a sum, else the rule itself."""
    return list(rule["parts"]) if rule["kind"] == "sum" else [rule]


def numbered(rule: Data) -> list[tuple[int, Data]]:
    """The same with the numbers that questions name them by; 0 is the whole rule."""
    return list(enumerate(points_of(rule), int(rule["kind"] == "sum")))


def keys_of(title: str, rule: Data) -> list[str]:
    """The keys of its points as the rubric gives them."""
    if rule["kind"] == "sum":
        return [f"{title}_{number}" for number, _ in numbered(rule)]
    return [f"{title}_1" if needs_row(body_of(rule, "评分表")) else title]


def stretches(rule: Mapping[str, Any]) -> Data:
    """The stretches of a rule over one figure with their points."""
    found: Data = rule.get("bands") or rule.get("pieces") or {}
    return found


def unsettled(rule: Mapping[str, Any]) -> list[str]:
    """Its stretches whose points a person settles."""
    return [text for text, points in stretches(rule).items() if points == PENDING]


def named(jurisdiction: str, year: int, title: str) -> str:
    """Place, year and title, none of them twice; a place that was not given is left out."""
    before = [jurisdiction] if jurisdiction != UNPLACED and jurisdiction not in title else []
    before += [str(year)] if str(year) not in title else []
    return " ".join([*before, title])


def coined(jurisdiction: str, year: int, title: str, taken: Collection[str] = ()) -> str:
    """The id of a table that was given none: its place, title and year, none of them twice; a number where that is taken."""
    place = "" if jurisdiction == UNPLACED or jurisdiction in title else jurisdiction
    for said in (f"{year}年度", f"{year}年", f"{year}"):
        title = title.replace(said, "")
    base = f"{safe(place + title)}-{year}"
    return next(
        one for number in count(1) if (one := f"{base}-{number}" if number > 1 else base) not in taken
    )


def head(ident: str, title: str, jurisdiction: str, year: int, reference: Mapping[str, str]) -> Data:
    """What a definition begins with."""
    return {
        "id": ident, "title": title, "name": named(jurisdiction, year, title), "jurisdiction": jurisdiction,
        "year": Decimal(year), "reference": dict(reference),
    }  # fmt: skip


def common_grades(full: Decimal) -> Data:
    """优, 良, 中, 差 from 90, 80 and 60 of a hundred points on, in proportion where a table has more or fewer."""
    good, fair, low = (plain(points * full / HUNDRED) for points in (90, 80, 60))
    ranges = (f"[{good},)", f"[{fair},{good})", f"[{low},{fair})", f"(,{low})")
    return dict(zip(ranges, GRADES, strict=True))


@dataclass(slots=True)
class Draft:
    """``data`` is the definition without its own names and questions, which stand beside it until it is ``whole``."""

    data: Data = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    questions: list[Data] = field(default_factory=list)

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Draft:
        """A definition to be changed; it stays itself as it is."""
        own: Data = data(definition)
        return cls(own, Vocabulary.of(own), list(own.get("questions", [])))

    def whole(self) -> Data:
        """The definition with its names, where its figures usually stand, and its questions."""
        held = self.data.pop("facts", [])
        usual = usual_places({*self.reads(), *(body["name"] for body in held)})
        told = [body for body in held if "from" in body or body.get("note") != usual.get(body["name"])]
        if not any("from" in body for body in told):  # a definition that names documents knows better
            rest = self.reads() - {body["name"] for body in told}
            told += [{"name": name, "note": note} for name, note in usual.items() if name in rest]
        if told:
            self.data["facts"] = told
        self.data["questions"] = self.questions
        if not self.questions:
            del self.data["questions"]
        return self.data

    def rubric(self) -> Rubric:
        """The definition built; AnswerError where it does not hold."""
        try:
            return read_data(body_of(self.whole(), "评分表"))
        except DefinitionError as error:
            raise AnswerError(error.problem) from error

    def item(self, title: str) -> Data:
        """The indicator of a title."""
        found: Data | None = next((body for body in bodies(self.data) if body["title"] == title), None)
        if found is None:
            raise AnswerError(f"评分表中已没有“{title}”")
        return found

    @property
    def full(self) -> Decimal:
        """The most that the table gives."""
        return Decimal(self.data.get("total", {}).get("cap", HUNDRED))

    def ask(self, asks: str, about: str, says: str = "", *, why: str, point: int = 0, at: str = "") -> None:
        """A question left to a person (see ``rubric.Question``)."""
        number = max((int(body["id"]) for body in self.questions), default=0) + 1
        body = {"id": Decimal(number), "asks": asks, "about": about, "says": says, "why": why}
        body |= {"point": Decimal(point), "at": at}
        self.questions.append({key: value for key, value in body.items() if value})

    def ask_stretches(self, title: str, text: str, points: Iterable[tuple[int, Data]]) -> None:
        """A question for every stretch that the text of some points leaves open."""
        for number, point in points:
            for stretch in unsettled(point):
                self.ask("value", title, text, why=UNTOLD, point=number, at=stretch)

    def ask_names(self, rules: list[Data]) -> None:
        """Questions about names that rules brought: a unit that nothing tells, a denominator that may be zero."""
        for name in self.vocabulary.guessed:
            self.ask("unit", name, self.vocabulary.new[name]["about"], why=_UNSURE_UNIT)
        known = {body["about"] for body in self.questions if body["asks"] == "zero"}
        read = {*names_in(rules)} - known
        for name in self.waiting():
            if name in read:
                self.ask("zero", name, str(self.vocabulary.quantities[name]["value"]), why=_NO_ZERO)

    def waiting(self) -> list[str]:
        """Its rates for which nothing says what a denominator of zero gives."""
        return [name for name, body in self.vocabulary.quantities.items() if body.get("zero") == PENDING]

    def under(self, notes: list[tuple[str, Source]], full: Decimal) -> Under:
        """Take in what the texts under a table say of the total and the grades."""
        found = under(notes, self.vocabulary, full)
        total = self.data.setdefault("total", {"cap": full})
        if found.caps:
            total["caps"] = [*total.get("caps", []), *found.caps]
        if found.grades:
            self.grade(found.grades)
        return found

    def grade(self, bands: Data | None = None) -> None:
        """The grades of the table, or the common ones."""
        if bands is not None:
            own = {**self.data["reference"], "article": "等级划分"}
            self.data["grades"] = {"bands": bands, "reference": own}
        else:
            self.data["grades"] = {"bands": common_grades(self.full), "reference": dict(_GRADES)}

    def rename(self, old: str, new: str) -> None:
        """Another name for a figure everywhere."""
        self.data |= {key: renamed(self.data[key], old, new) for key in _READ if key in self.data}
        self.vocabulary = Vocabulary.of(self.data)

    def reads(self) -> set[str]:
        """The names of figures that it reads."""
        self.vocabulary.write(self.data)
        return set(names_in([self.data[key] for key in _READ if key in self.data]))

    def own_names(self) -> Iterator[str]:
        """The names that only this definition has."""
        yield from (*self.vocabulary.quantities, *self.vocabulary.new)

    def tidy(self, before: set[str]) -> None:
        """Leave out its own names, and the questions about them, that were read before and are not now."""
        while gone := {*self.own_names()} & before - self.reads():
            for name in gone:
                self.vocabulary.quantities.pop(name, None)
                self.vocabulary.new.pop(name, None)
            self.questions = [
                body
                for body in self.questions
                if body["asks"] not in _ABOUT_NAMES or body["about"] not in gone
            ]
