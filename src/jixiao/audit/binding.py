"""Which values a figure speaks of: by the words right before it, never by its size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jixiao.audit.figures import Figure, Sort
from jixiao.audit.known import TOTAL, Known, KnownValues, same_unit
from jixiao.audit.subjects import Subject, vocabulary

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

    def __init__(self, truth: KnownValues) -> None:
        self.truth = truth
        self.words = vocabulary()
        self.last: tuple[Figure, tuple[str, ...]] | None = None
        self.projects = sorted(truth.owners("项目"), key=len, reverse=True)
        self.target: tuple[int, str] | None = None

    def bind(self, figure: Figure, context: str = "") -> Binding | None:
        """What a figure speaks of, or None. ``context`` are words that hold for the whole cell."""
        weight = figure.unit == "%" and "权重" in figure.left
        if weight or _THRESHOLD.match(figure.right):
            return None
        made = self._project(figure) or self._account(figure) or self._by_words(figure, context)
        made = made or self._behind(figure, context) or self._target(figure) or self._output(figure)
        if made is not None and made.names:
            self.last = (figure, made.names)
        return made

    def _by_words(self, figure: Figure, context: str) -> Binding | None:
        left = trimmed(figure.left, self.words.between)
        scope = "".join((_around(figure)[: figure.start], *figure.block.path, context))
        near = figure.block.path[-1] if figure.block.path and not figure.block.level else ""
        best: tuple[tuple[int, bool], Subject | None] = ((0, False), None)
        head = ""
        for subject in self.words.subjects:
            for phrase in subject.phrases:
                rank = (len(phrase), bool(subject.within))
                if rank <= best[0] or not (left.endswith(phrase) or figure.left.endswith(phrase)):
                    continue
                if left.endswith(phrase) and not _ends(left, phrase):
                    continue
                names = [name for name in subject.names if self.truth.has(name)]
                if names and subject.fits(scope, figure.left + near, figure.sort.value):
                    best = (rank, subject)
                    head = figure.clause[: max(figure.clause.rfind(phrase), 0)]
        (size, _), found = best
        carried = self._carried(figure, left)
        if carried is not None and size <= len("涉及资金"):
            return carried
        if found is None:
            return None
        if size < 4 and any(word in figure.clause for word in _OTHER_YEAR):
            return None
        made = self._named(figure, found.names)
        return None if made is None else replace(made, head=head)

    def _carried(self, figure: Figure, left: str) -> Binding | None:
        """A bare 决算数 behind 三公经费预算数: the same thing, settled."""
        if left.endswith("涉及资金") and self.last is not None and self.last[0].sentence == figure.sentence:
            return self._named(figure, [n.replace("项目个数", "项目资金") for n in self.last[1]])
        word = next((word for word in _CARRIED if left.endswith(word)), "")
        if not word or self.last is None or trimmed(figure.clause, self.words.between) != word:
            return None
        before, names = self.last
        if before.block is not figure.block or before.sentence != figure.sentence:
            return None
        stems = [name.removesuffix(end) for name in names for end in _ENDS if name.endswith(end)]
        wanted = tuple(f"{stem}{word.removesuffix('数')}数" for stem in stems if stem)
        return self._named(figure, wanted) if any(self.truth.has(name) for name in wanted) else None

    def _named(self, figure: Figure, names: Sequence[str]) -> Binding | None:
        values = [item for item in self.truth.of(names) if fits(figure, item)]
        if TOTAL in names and self.truth.total is not None:
            values = [self.truth.total]
        why = next((self.truth.undefined[name] for name in names if name in self.truth.undefined), "")
        if not values and not why:
            return None
        subject = values[0].name if values else next(name for name in names if name in self.truth.undefined)
        return Binding(subject, tuple(_by_document(figure, values)), tuple(names), "" if values else why)

    def _behind(self, figure: Figure, context: str) -> Binding | None:
        for subject in self.words.behind:
            behind = any(figure.right.startswith(phrase) for phrase in subject.phrases)
            if behind and subject.fits(figure.sentence + context, figure.left, figure.sort.value):
                return self._named(figure, subject.names)
        return None

    def _account(self, figure: Figure) -> Binding | None:
        """余额 of a ledger account that the sentence names by its code or its name."""
        if "余额" not in figure.clause:
            return None
        accounts = [item for item in self.truth.items if item.name == "科目余额" and fits(figure, item)]
        own = sorted((i for i in accounts if i.owner in figure.sentence), key=lambda i: -len(i.owner))
        own = own or [item for item in accounts if len(item.field) > 3 and item.field in figure.left]
        return Binding(f"{own[0].field}期末余额", tuple(own[:1])) if own else None

    def _project(self, figure: Figure) -> Binding | None:
        """A field of the project whose name stands nearest before the figure in its sentence."""
        left = trimmed(figure.left, self.words.between)
        at, owner = max(((figure.left.rfind(name), name) for name in self.projects), default=(-1, ""))
        if at < 0 or _ALL_PROJECTS.search(figure.left[at + len(owner) :]):
            return None
        words = self.words.fields["project"]
        fields = [name for name in words if any(_ends(left, word) for word in words[name])]
        if not fields and not left.endswith(owner):
            return None
        values = [
            item
            for item in self.truth.items
            if item.name == "项目" and item.owner == owner and fits(figure, item)
            and (not fields or item.field in fields)
        ]  # fmt: skip
        return Binding(owner, tuple(values)) if values else None

    def _target(self, figure: Figure) -> Binding | None:
        """Target and field by the words around: only where one target shares the longest run of letters."""
        if figure.sort not in (Sort.AMOUNT, Sort.COUNT, Sort.PERCENT):
            return None
        field = self._target_field(figure)
        candidates = [
            t for t in self.truth.items if t.name == "目标" and fits(figure, t) and t.field == field
        ]
        if not field or not candidates:
            return None
        scores = {item.owner: shared(item.owner, figure.clause) for item in candidates}
        best = max(scores.values())
        goes_on = self.target is not None and self.target[0] == figure.block.number
        if best < 4 and not self._says_field(figure, field):
            return None
        if best < 4 and goes_on and self.target is not None and self.target[1] in scores:
            scores, best = {self.target[1]: 4}, 4
        for text in (figure.left, _around(figure)[: figure.start]):
            if best < 4:
                scores = {item.owner: shared(item.owner, text) for item in candidates}
                best = max(scores.values())
        owners = [owner for owner, score in scores.items() if score == best]
        if best < 4 or len(owners) > 1:
            return None
        self.target = (figure.block.number, owners[0])
        values = tuple(item for item in candidates if item.owner == owners[0])
        letters = len(_LETTER.findall(owners[0]))
        weak = 2 * shared(owners[0], figure.clause) == letters and not self._says_field(figure, field)
        return Binding(owners[0], values, weak=weak)

    def _output(self, figure: Figure) -> Binding | None:
        """A done value of 自评表: the same unit, and at least half of its name in the words around."""
        if figure.sort is not Sort.COUNT or _STOCK.search(figure.clause):
            return None
        around = f"{figure.clause}#{figure.right[:8]}"
        scores = {
            item.owner: shared(item.owner, around)
            for item in self.truth.items
            if item.name == "产出" and item.unit == figure.unit
        }
        best = max(scores.values(), default=0)
        owners = [owner for owner, score in scores.items() if score == best and 2 * score >= len(owner)]
        whole = [owner for owner in owners if len(owner) == best]
        owners = whole or owners
        if best < 4 or len(owners) != 1:
            return None
        values = [
            k for k in self.truth.items if k.name == "产出" and k.owner == owners[0] and k.unit == figure.unit
        ]
        return Binding(owners[0], tuple(values))

    def _says_field(self, figure: Figure, field: str) -> bool:
        """Whether the field's word stands right before the figure: then the target may stand further off."""
        words = _SURE if figure.sort is Sort.COUNT else self.words.fields["target"][field]
        return figure.left.endswith(words) or trimmed(figure.left, self.words.between).endswith(words)

    def _target_field(self, figure: Figure) -> str:
        words = self.words.fields["target"]
        if figure.unit == "%":
            left = trimmed(figure.left, self.words.between)
            return "rate" if any(left.endswith(word) for word in words["rate"]) else ""
        if _COMPARED.search(figure.clause):
            return ""
        places = {
            name: max(figure.clause.rfind(word) for word in words[name]) for name in ("planned", "done")
        }
        if max(places.values()) < 0:
            return ""
        return max(places, key=lambda name: places[name])


def fits(figure: Figure, known: Known) -> bool:
    """Whether a value can be meant by a figure at all: the units allow it."""
    if not figure.unit:
        return figure.sort is Sort.BARE and not figure.block.level
    if not known.unit:
        return figure.unit != "%"
    return same_unit(figure.unit, known.unit)


def trimmed(left: str, between: Sequence[str]) -> str:
    """Words before a figure without what only joins them to it."""
    while left:
        word = next((word for word in between if left.endswith(word)), "")
        if not word:
            return left
        left = left.removesuffix(word)
    return left


def _ends(left: str, phrase: str) -> bool:
    """Whether words end in a phrase that is no term of a formula written out (预算数-调整后预算)."""
    return left.endswith(phrase) and not left.removesuffix(phrase).endswith(_OPERATORS)


def shared(name: str, text: str) -> int:
    """Length of the longest run of letters of a name that stands in a text."""
    for size in range(len(name), 1, -1):
        if any(name[at : at + size] in text for at in range(len(name) - size + 1)):
            return size
    return 0


def _around(figure: Figure) -> str:
    """The paragraph or cell a figure stands in."""
    return figure.block.cells[figure.cell]


def _by_document(figure: Figure, values: Sequence[Known]) -> list[Known]:
    """The values of the document that the sentence names last go first."""
    places = {id(item): _named_at(figure.left, item) for item in values}
    return sorted(values, key=lambda item: -places[id(item)])


def _named_at(left: str, known: Known) -> int:
    stem = known.source.file.rpartition(".")[0]
    names = [known.source.document.partition("(")[0].strip(), stem]
    return max((left.rfind(name) for name in names if len(name) > 2), default=-1)
