"""Which known values a figure speaks of: by the words right before it, never by its size.

``subjects.yaml`` holds the words, ``Binder`` follows a report figure by figure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.audit.figure import Figure
from jixiao.audit.known import TOTAL, Known, KnownValues, same_unit
from jixiao.audit.reportfile import plain
from jixiao.model import Body, load_yaml, nearest
from jixiao.text import Kind

SUBJECTS = Path(__file__).with_name("subjects.yaml")
_OTHER_YEAR = ("上年", "去年", "同比", "增长", "增加", "减少", "下降", "较年初")
_CARRIED = ("决算数", "预算数", "决算", "支出数")
_THRESHOLD = re.compile(r"(?:的项目|以上|及以上|以下|以内|\(含\))")
_COMPARED = re.compile(r"[比较].*[多少高低]|超额|相差|增加|减少")
_ALL_PROJECTS = re.compile(r"\d.*(?:合计|共计|总计|项目支出)")
_LETTER = re.compile(r"[\u4e00-\u9fff]")
_STOCK = re.compile(r"现有|累计|共有|存量|总数|(?:目标|计划|任务)(?:数|为|是)*$")
_SURE = ("须达", "应达", "计划", "实际完成", "任务")
_OPERATORS = tuple("-+×÷*/=")
_ENDS = ("年初预算数", "预算数", "决算数")
FIELDS = {
    "project": ("budget", "adjusted", "spent", "rate", "score"),
    "target": ("planned", "done", "rate"),
}
SAME = 4  # letters that a figure's words and the name of a target share


@dataclass(frozen=True, slots=True)
class Subject:
    """Phrases that stand for names, and the words that have to be near or must not be."""

    names: tuple[str, ...]
    phrases: tuple[str, ...]
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sort: str = ""

    def fits(self, scope: str, left: str, kind: Kind) -> bool:
        """Whether the words around a figure, those before it and its kind allow this subject."""
        if self.sort not in ("", kind) or (self.within and not any(word in scope for word in self.within)):
            return False
        return not any(word in left for word in self.without)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Words that name one quantity and nothing else, and the names of its values and budgets."""

    phrases: tuple[str, ...]
    names: tuple[str, ...]
    budget: tuple[str, ...]
    adjusted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The whole file. ``derived``: name -> names above, names below the line; ``partitions``: totals and their parts."""

    subjects: tuple[Subject, ...]
    behind: tuple[Subject, ...]
    between: tuple[str, ...]
    fields: dict[str, dict[str, tuple[str, ...]]]
    derived: dict[str, tuple[list[str], list[str]]]
    wholes: dict[str, list[str]]
    yearly: tuple[str, ...]
    fixed: dict[str, list[str]]
    budgets: dict[str, str]
    quantities: tuple[Quantity, ...]
    partitions: tuple[tuple[tuple[str, ...], list[tuple[str, ...]]], ...]


@functools.cache
def vocabulary(file: Path = SUBJECTS) -> Vocabulary:
    """The vocabulary of the room; DefinitionError where the file is wrong."""
    data = load_yaml(file)
    data.only(
        ("subjects", "behind", "between", "project", "target", "derived", "wholes", "yearly", "fixed", "budgets",
         "quantities", "partitions")
    )  # fmt: skip
    derived = {name: data.part("derived").part(name).only(("over", "under")) for name in data.part("derived")}
    wholes, fixed, budgets = (data.part(key) for key in ("wholes", "fixed", "budgets"))
    return Vocabulary(
        tuple(_subject(item) for item in data.parts("subjects")),
        tuple(_subject(item) for item in data.parts("behind")),
        _longest(data.texts("between")),
        {owner: _fields(data.part(owner), names) for owner, names in FIELDS.items()},
        {name: (body.texts("over"), body.texts("under")) for name, body in derived.items()},
        {plain(name): wholes.texts(name) for name in wholes},
        tuple(plain(text) for text in data.texts("yearly")),
        {number: fixed.texts(number) for number in fixed},
        {name: budgets.text(name) for name in budgets},
        tuple(_quantity(item) for item in data.parts("quantities")),
        tuple(_partition(item) for item in data.parts("partitions")),
    )


def _subject(item: Body) -> Subject:
    item.only(("names", "phrases"), ("within", "without", "sort"))
    sort = item.text("sort", "") if "sort" in item else ""
    if sort not in ("", *Kind):
        raise item.fail(f"未知的种类“{sort}”，是否指“{nearest(sort, Kind)}”", "sort")
    phrases, within, without = (_longest(item.texts(key, [])) for key in ("phrases", "within", "without"))
    return Subject(tuple(item.texts("names")), phrases, within, without, sort)


def _fields(item: Body, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    item.only(names)
    return {name: _longest(item.texts(name)) for name in item}


def _quantity(item: Body) -> Quantity:
    item.only(("phrases", "names"), ("budget", "adjusted"))
    names, budget, adjusted = (tuple(item.texts(key, [])) for key in ("names", "budget", "adjusted"))
    return Quantity(_longest(item.texts("phrases")), names, budget, adjusted)


def _partition(item: Body) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    parts = item.only(("total", "parts")).part("parts")
    return tuple(item.texts("total")), [(name, *parts.texts(name)) for name in parts]


def _longest(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((plain(text) for text in texts), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Binding:
    """Values that a figure may mean (the likeliest first), how they are called, why there may be none."""

    subject: str
    values: tuple[Known, ...]
    names: tuple[str, ...] = ()
    undefined: str = ""
    head: str = ""  # words of the clause before the subject's own: they may make it another subject
    weak: bool = False  # the words agree with half of the name only: no ground to call a figure wrong


class Binder:
    """Binds the figures of one report, in their order: a later figure may take its subject from an earlier one."""

    def __init__(self, known: KnownValues) -> None:
        self.known = known
        self.words = vocabulary()
        self.last: tuple[Figure, tuple[str, ...]] | None = None
        self.projects = sorted(known.owners("项目"), key=len, reverse=True)
        self.target: tuple[int, str] = (0, "")  # the block and the target that it spoke of last

    def bind(self, figure: Figure, context: str = "") -> Binding | None:
        """What a figure speaks of, or None. ``context`` are words that hold for the whole cell."""
        if (figure.unit == "%" and "权重" in figure.left) or _THRESHOLD.match(figure.right):
            return None
        made = self._project(figure) or self._account(figure) or self._by_words(figure, context)
        made = made or self._behind(figure, context) or self._target(figure) or self._output(figure)
        if made is not None and made.names:
            self.last = (figure, made.names)
        return made

    def _by_words(self, figure: Figure, context: str) -> Binding | None:
        """The subject with the longest phrase that the words before the figure end with."""
        left = joined_to(figure.left)
        scope = "".join((figure.text[: figure.start], *figure.block.path, context))
        near = figure.block.path[-1] if figure.block.path and not figure.block.level else ""
        said = [
            (len(phrase), bool(subject.within), phrase, subject)
            for subject in self.words.subjects
            for phrase in subject.phrases
            if (_ends(left, phrase) or (figure.left.endswith(phrase) and not left.endswith(phrase)))
            and subject.fits(scope, figure.left + near, figure.kind)
            and any(self.known.has(name) for name in subject.names)
        ]
        size, _, phrase, found = max(said, key=lambda each: each[:2], default=(0, False, "", None))
        carried = self._carried(figure, left)
        if carried is not None and size <= len("涉及资金"):
            return carried
        if found is None or (size < SAME and any(word in figure.clause for word in _OTHER_YEAR)):
            return None
        made = self._named(figure, [name for name in found.names if self.known.has(name)])
        head = figure.clause[: max(figure.clause.rfind(phrase), 0)]
        return None if made is None else replace(made, head=head)

    def _carried(self, figure: Figure, left: str) -> Binding | None:
        """A bare 决算数 behind 三公经费预算数: the same thing, settled."""
        if self.last is None or self.last[0].sentence != figure.sentence:
            return None
        before, names = self.last
        if left.endswith("涉及资金"):
            return self._named(figure, [name.replace("项目个数", "项目资金") for name in names])
        word = next((word for word in _CARRIED if left.endswith(word)), "")
        if not word or joined_to(figure.clause) != word or before.block is not figure.block:
            return None
        stems = [name.removesuffix(end) for name in names for end in _ENDS if name.endswith(end)]
        wanted = [f"{stem}{word.removesuffix('数')}数" for stem in stems if stem]
        return self._named(figure, wanted) if any(self.known.has(name) for name in wanted) else None

    def _named(self, figure: Figure, names: Sequence[str]) -> Binding | None:
        values = [item for item in self.known.of(names) if fits(figure, item)]
        if TOTAL in names and self.known.total is not None:
            values = [self.known.total]
        if values:
            nearest = sorted(values, key=lambda item: -_named_at(figure.left, item))
            return Binding(values[0].name, tuple(nearest), tuple(names))
        without = next((name for name in names if name in self.known.undefined), "")
        return Binding(without, (), tuple(names), self.known.undefined[without]) if without else None

    def _behind(self, figure: Figure, context: str) -> Binding | None:
        for subject in self.words.behind:
            behind = figure.right.startswith(subject.phrases)
            if behind and subject.fits(figure.sentence + context, figure.left, figure.kind):
                return self._named(figure, subject.names)
        return None

    def _account(self, figure: Figure) -> Binding | None:
        """余额 of a ledger account that the sentence names by its code or its name."""
        if "余额" not in figure.clause:
            return None
        accounts = [item for item in self.known.owned("科目余额") if fits(figure, item)]
        own = sorted((i for i in accounts if i.owner in figure.sentence), key=lambda i: -len(i.owner))
        own = own or [item for item in accounts if len(item.field) > 3 and item.field in figure.left]
        return Binding(f"{own[0].field}期末余额", tuple(own[:1])) if own else None

    def _project(self, figure: Figure) -> Binding | None:
        """A field of the project whose name stands nearest before the figure in its sentence."""
        left = joined_to(figure.left)
        at, owner = max(((figure.left.rfind(name), name) for name in self.projects), default=(-1, ""))
        if at < 0 or _ALL_PROJECTS.search(figure.left[at + len(owner) :]):
            return None
        words = self.words.fields["project"]
        fields = [name for name in words if any(_ends(left, word) for word in words[name])]
        if not fields and not left.endswith(owner):
            return None
        values = [item for item in self.known.owned("项目", owner, fields) if fits(figure, item)]
        return Binding(owner, tuple(values)) if values else None

    def _target(self, figure: Figure) -> Binding | None:
        """Target and field by the words around: only where one target shares the longest run of letters."""
        field = self._target_field(figure)
        candidates = [item for item in self.known.owned("目标", fields=[field]) if fits(figure, item)]
        if not field or not candidates or figure.kind not in (Kind.AMOUNT, Kind.COUNT, Kind.RATE):
            return None
        names = [item.owner for item in candidates]
        said = self._says_field(figure, field)
        owners, best = _likest(names, figure.clause)
        if best < SAME and not said:
            return None
        if best < SAME and self.target[0] == figure.block.number and self.target[1] in names:
            owners, best = [self.target[1]], SAME
        for text in (figure.left, figure.text[: figure.start]):
            if best < SAME:
                owners, best = _likest(names, text)
        if best < SAME or len(owners) > 1:
            return None
        self.target = (figure.block.number, owners[0])
        values = tuple(item for item in candidates if item.owner == owners[0])
        weak = not said and 2 * shared(owners[0], figure.clause) == len(_LETTER.findall(owners[0]))
        return Binding(owners[0], values, weak=weak)

    def _says_field(self, figure: Figure, field: str) -> bool:
        """Whether the field's word stands right before the figure: then the target may stand further off."""
        words = _SURE if figure.kind is Kind.COUNT else self.words.fields["target"][field]
        return figure.left.endswith(words) or joined_to(figure.left).endswith(words)

    def _target_field(self, figure: Figure) -> str:
        """The field whose word stands nearest before the figure; a rate needs its word right before it."""
        words = self.words.fields["target"]
        if figure.unit == "%":
            return "rate" if joined_to(figure.left).endswith(words["rate"]) else ""
        if _COMPARED.search(figure.clause):
            return ""
        places = {
            name: max(figure.clause.rfind(word) for word in words[name]) for name in ("planned", "done")
        }
        field = max(places, key=lambda name: places[name])
        return field if places[field] >= 0 else ""

    def _output(self, figure: Figure) -> Binding | None:
        """A done value of 自评表: the same unit, and at least half of its name in the words around."""
        if figure.kind is not Kind.COUNT or _STOCK.search(figure.clause):
            return None
        outputs = [item for item in self.known.owned("产出") if item.unit == figure.unit]
        owners, best = _likest((item.owner for item in outputs), f"{figure.clause}#{figure.right[:8]}")
        owners = [owner for owner in owners if 2 * best >= len(owner)]
        owners = [owner for owner in owners if len(owner) == best] or owners
        values = tuple(item for item in outputs if item.owner in owners[:1])
        return Binding(owners[0], values) if best >= SAME and len(owners) == 1 else None


def fits(figure: Figure, known: Known) -> bool:
    """Whether a value can be meant by a figure at all: the units allow it."""
    if not figure.unit:
        return figure.kind is Kind.BARE and not figure.block.level
    return same_unit(figure.unit, known.unit) if known.unit else figure.unit != "%"


def joined_to(left: str) -> str:
    """Words before a figure without what only joins them to it (为, 共, 达)."""
    return trimmed(left, vocabulary().between)


def trimmed(left: str, between: Sequence[str]) -> str:
    """Words without those that they end with."""
    while left and (word := next((word for word in between if left.endswith(word)), "")):
        left = left.removesuffix(word)
    return left


def _ends(left: str, phrase: str) -> bool:
    """Whether words end in a phrase that is no term of a formula written out (预算数-调整后预算)."""
    return left.endswith(phrase) and not left.removesuffix(phrase).endswith(_OPERATORS)


def shared(name: str, text: str) -> int:
    """Length of the longest run of letters of a name that stands in a text."""
    runs = (
        size
        for size in range(len(name), 1, -1)
        for at in range(len(name) - size + 1)
        if name[at : at + size] in text
    )
    return next(runs, 0)


def _likest(names: Iterable[str], text: str) -> tuple[list[str], int]:
    """The names that share most with a text, and how much that is."""
    scores = {name: shared(name, text) for name in names}
    best = max(scores.values(), default=0)
    return [name for name, score in scores.items() if score == best], best


def _named_at(left: str, known: Known) -> int:
    """Where the words before a figure name the document of a value: the one named last goes first."""
    stem = known.source.file.rpartition(".")[0]
    names = [known.source.document.partition("(")[0].strip(), stem]
    return max((left.rfind(name) for name in names if len(name) > 2), default=-1)
