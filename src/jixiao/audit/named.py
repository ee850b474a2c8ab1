"""Figures of something that has a name of its own: a ledger account, a target, an output of 自评表, the total score.

A name is never written in full: the one that shares the longest run of letters with the words around is meant, where one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jixiao.audit.figure import Figure
from jixiao.audit.known import TOTAL, Known, KnownValues, same_unit
from jixiao.audit.lexicon import lexicon
from jixiao.text import Kind

_THRESHOLD = re.compile(r"(?:的项目|以上|及以上|以下|以内|\(含\))")
_COMPARED = re.compile(r"[比较].*[多少高低]|超额|相差|增加|减少")
_LETTER = re.compile(r"[\u4e00-\u9fff]")
_STOCK = re.compile(r"现有|累计|共有|存量|总数|(?:目标|计划|任务)(?:数|为|是)*$")
_PLANNED = re.compile(r"的?(?:全年|年度)?(?:任务|目标|计划)")
_SURE = ("须达", "应达", "计划", "实际完成", "任务", "实际")
_SCORE = re.compile(r"(?:得分|总分|总评分|评分结果)$")
_OTHER_SCORE = ("本指标", "折算", "项目")
_ALL_PROJECTS = re.compile(r"\d.*(?:合计|共计|总计|项目支出)")
SAME = 4  # letters that a figure's words and the name of a target share


@dataclass(frozen=True, slots=True)
class Binding:
    """Values that a figure may mean (the likeliest first) and how they are called."""

    subject: str
    values: tuple[Known, ...]
    weak: bool = False  # the words agree with half of the name only: no ground to call a figure wrong


class Binder:
    """Binds the figures of one report, in their order: a later figure may speak of the target of an earlier one."""

    def __init__(self, known: KnownValues) -> None:
        self.known = known
        self.fields = lexicon().fields
        self.projects = sorted(known.owners("项目"), key=len, reverse=True)
        self.target: tuple[int, str] = (0, "")  # the block and the target that it spoke of last
        self.planned: Figure | None = None  # the last planned value

    def bind(self, figure: Figure) -> Binding | None:
        """What a figure speaks of, or None."""
        if (figure.unit == "%" and "权重" in figure.left) or _THRESHOLD.match(figure.right):
            return None
        return self._score(figure) or self._account(figure) or self._target(figure) or self._output(figure)

    def _score(self, figure: Figure) -> Binding | None:
        """The total, or the score of the project whose name stands nearest before the figure."""
        left = joined_to(figure.left)
        if figure.kind is not Kind.POINTS or not _SCORE.search(left):
            return None
        at, owner = max(((left.rfind(name), name) for name in self.projects), default=(-1, ""))
        if at >= 0 and not _ALL_PROJECTS.search(left[at + len(owner) :]):
            values = tuple(self.known.owned("项目", owner, ["score"]))
            return Binding(owner, values) if values else None
        total = self.known.total
        if total is None or any(word in figure.left for word in _OTHER_SCORE):
            return None
        return Binding(TOTAL, (total,))

    def _account(self, figure: Figure) -> Binding | None:
        """余额 of a ledger account that the sentence names by its code or its name."""
        if "余额" not in figure.clause:
            return None
        accounts = [item for item in self.known.owned("科目余额") if fits(figure, item)]
        own = sorted((i for i in accounts if i.owner in figure.sentence), key=lambda i: -len(i.owner))
        own = own or [item for item in accounts if len(item.field) > 3 and item.field in figure.left]
        return Binding(f"{own[0].field}期末余额", tuple(own[:1])) if own else None

    def _target(self, figure: Figure) -> Binding | None:
        """Target and field by the words around: only where one target shares the longest run of letters."""
        field = self._target_field(figure)
        candidates = [item for item in self.known.owned("目标", fields=[field]) if fits(figure, item)]
        if not field or not candidates or figure.kind not in (Kind.AMOUNT, Kind.COUNT, Kind.RATE, Kind.SIZE):
            return None
        names = [item.owner for item in candidates]
        said = self._says_field(figure, field)
        said |= self.target[0] == figure.block.number and figure.left.endswith(("，目标", "过目标", "于目标"))
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
        self.planned = figure if field == "planned" else None
        values = tuple(item for item in candidates if item.owner == owners[0])
        weak = not said and 2 * shared(owners[0], figure.clause) == len(_LETTER.findall(owners[0]))
        return Binding(owners[0], values, weak=weak)

    def _says_field(self, figure: Figure, field: str) -> bool:
        """Whether the field's word stands right before the figure: then the target may stand further off."""
        words = _SURE if figure.kind is Kind.COUNT else self.fields[field]
        return figure.left.endswith(words) or joined_to(figure.left).endswith(words)

    def _target_field(self, figure: Figure) -> str:
        """The field whose word stands nearest before the figure; a rate needs its word right before it."""
        if figure.unit == "%":
            before = self.planned
            of = (
                before is not None
                and before.at == figure.at
                and figure.text[before.end : figure.start] == "的"
            )
            return "rate" if of or joined_to(figure.left).endswith(self.fields["rate"]) else ""
        if _PLANNED.match(figure.right):
            return "planned"
        if _COMPARED.search(figure.clause):
            return ""
        places = {
            name: max(figure.clause.rfind(word) for word in self.fields[name]) for name in ("planned", "done")
        }
        field = max(places, key=lambda name: places[name])
        if places[field] >= 0:
            return field
        named = joined_to(figure.clause).endswith(tuple(self.known.owners("目标")) or ("\n",))
        return "done" if named and not any(word in figure.left for word in self.fields["planned"]) else ""

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
    return trimmed(left, lexicon().joining)


def trimmed(left: str, between: Sequence[str]) -> str:
    """Words without those that they end with."""
    while left and (word := next((word for word in between if left.endswith(word)), "")):
        left = left.removesuffix(word)
    return left


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
