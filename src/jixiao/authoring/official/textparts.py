"""An official criteria text cut at its numbered points; sentences that belong to no point: moves, discretion for all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.criteria.clauses import (
    Formula,
    Given,
    Heading,
    Item,
    Judged,
    Need,
    Node,
    Note,
    Rule,
    Stop,
    Sum,
    Unread,
    Whole,
)
from jixiao.authoring.criteria.sums import closed, worth_of
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.text import COUNTING, LONGEST, count, mark_at, unnumbered

ZERO = Decimal(0)
_GENERAL = re.compile(r"以上|上述|以下|各(?:评分)?要点")
_MOVE = re.compile(
    r"(?:分值|权重|分数)[^，。；“”]{0,6}?(?:平均)?(?:增加|调整|转移|并入|计入|分摊|转入|加)(?:至|到|入)?(?P<rest>[^。；\n]*)"
)
_MISSING = re.compile("不考核|无需|没有|无|不适用|不涉及")
_TARGET = re.compile(r"[“\"「]([^”\"」]{1,30})[”\"」](?:的?(第[^。；）)\n]{1,20}))?")
_PLACES = re.compile(rf"第\s*(\d{{1,2}}|[{COUNTING}])\s*(?:项|点|条)?")


@dataclass(slots=True)
class Point:
    """One numbered point, or the whole text: its words as issued, its nodes, and the points it can give."""

    text: str
    told: Text
    full: Decimal | None = None


@dataclass(slots=True)
class Move:
    """Points that go elsewhere where an item does not apply: the words, the target's title, and its item numbers."""

    words: str
    item: int
    target: str
    places: tuple[int, ...] = ()


@dataclass(slots=True)
class Cut:
    """A text in its pieces. ``items`` add to the full points, or there is one of them."""

    items: list[Point]
    before: str = ""
    graded: bool = False
    moves: list[Move] = field(default_factory=list)


Nodes = Sequence[Node]
Group = tuple[Nodes, Nodes]
"""The nodes of a point, and those before it that hold for it too."""


def cut(text: str, full: Decimal) -> Cut:
    """The points of a text where they add up to ``full``; else the text as one piece."""
    told = read_text(text)
    moves = [(nodes, move) for nodes in _phrases(told) for move in _moves(told.quoted(nodes))]
    general = [nodes for nodes in told.statements() if _for_all(told, nodes)]
    taken = [node for nodes in (*(nodes for nodes, _ in moves), *general) for node in nodes]
    taken += [b for a, b in itertools.pairwise(told.nodes) if a in taken and isinstance(b, Stop)]
    before, groups = _groups(told, [node for node in told.nodes if node not in taken])
    worth = _several(groups, [_top(told, own, full) for own, _ in groups], full)
    whole = Point(told.without(taken), told.kept(node for node in told.nodes if node not in taken), full)
    made = Cut([whole], "", bool(general))
    apart = closed([list(own) for own, _ in groups]) == [list(own) for own, _ in groups]
    fits = len(groups) > 1 and all(worth) and sum(filter(None, worth)) == full
    if fits and apart and len(text) <= LONGEST:
        texts = ["\n".join(told.quoted(nodes, taken) for nodes in group if nodes) for group in groups]
        said = [unnumbered(one) for one in texts]  # read anew, as in ``criteria.sums``
        items = [Point(one, read_text(one), points) for one, points in zip(said, worth, strict=True)]
        judged = any(isinstance(getattr(node, "effect", None), Judged) for node in before)
        made = Cut(items, told.quoted(before, taken) if before else "", bool(general) or judged)
    for nodes, move in moves:
        behind = [n for n, (own, _) in enumerate(groups, 1) if own[0].start <= nodes[0].start]
        move.item = behind[-1] if behind and len(made.items) > 1 else 0
        made.moves.append(move)
    return made


def listed_points(text: str) -> dict[int, str]:
    """The numbered points of a text by their number, without the mark that ends each; empty where there are none."""
    told = read_text(text)
    said = (told.quoted(group) for group in _numbered(told, told.nodes)[1])
    marked = (
        (mark.number, one[mark.end :].strip(" \n。；;，,、"))
        for one in said
        if (mark := mark_at(one)) is not None
    )
    return {number: words for number, words in marked if words}


def numbered_points(told: Text) -> list[Decimal | None]:
    """The most that each numbered point of a text gives; None where it does not say."""
    return [_top(told, group, ZERO) for group in _numbered(told, told.nodes)[1]]


def _phrases(told: Text) -> Iterator[Nodes]:
    """What may be a sentence of its own: a remark, or a statement without its number and remarks."""
    for nodes in told.statements():
        yield from ([node] for node in nodes if isinstance(node, Note))
        if own := [node for node in nodes if not isinstance(node, Note | Item)]:
            yield own


def _moves(said: str) -> Iterator[Move]:
    found = _MOVE.search(said)
    if found is not None and _MISSING.search(said):
        for target in _TARGET.finditer(found["rest"]):
            places = tuple(count(place[1]) for place in _PLACES.finditer(target[2] or ""))
            yield Move(said.strip("（）() \n。；"), 0, target[1], places)


def _for_all(told: Text, nodes: Nodes) -> bool:
    """A sentence that lets a person weigh all points (对上述标准，没有完全符合的，酌情扣分)."""
    effects = [node.effect for node in nodes if isinstance(node, Rule)]
    said = told.quoted(nodes)
    return effects[:1] == [Judged()] == effects and len(said) < 60 and bool(_GENERAL.search(said))


def _groups(told: Text, nodes: Nodes) -> tuple[Nodes, list[Group]]:
    """What stands before the points, and each point; one whose own points have more than it is taken apart."""
    before, groups = _numbered(told, nodes)
    made: list[Group] = []
    for group in groups:
        head, inner = _numbered(told, group[1:])
        tops = [_top(told, one, ZERO) for one in inner]
        titled = any(isinstance(node, (Heading, Whole)) and node.points is not None for node in head)
        more = sum(filter(None, tops), ZERO) > (_top(told, head, ZERO) or ZERO)
        if len(inner) > 1 and all(tops) and more and not titled:
            shared = [node for node in head if isinstance(node, Rule | Need | Unread)]
            made += [(one, shared) for one in inner]
        else:
            made.append((group, ()))
    return before, made


def _numbered(told: Text, nodes: Nodes) -> tuple[Nodes, list[Nodes]]:
    """The nodes before the first number, and those of each number of its style."""
    style, groups = "", list[list[Node]]([[]])
    for node in nodes:
        mark = mark_at(told.quoted([node])) if isinstance(node, Item) else None
        own = (
            mark.style.rstrip(".、)") if mark is not None else ""
        )  # 1. 1、 and 1) number one list: tables mix them
        style = style or own
        if own and own == style:
            groups.append([])
        groups[-1].append(node)
    return groups[0], list(groups[1:])


def _top(told: Text, group: Nodes, full: Decimal) -> Decimal | None:
    """The most that a point gives: as the grammar reads it, or the award in what it does not read."""
    worth = worth_of(told, list(group), full)
    formulas = [
        node.effect.sum for node in group if isinstance(node, Rule) and isinstance(node.effect, Formula)
    ]
    unread = [
        token for node in group if isinstance(node, Unread) for token in told.tokens[node.start : node.end]
    ]
    awards = [token.value for token in unread if token.kind == "PTS" and token.value is not None]
    factors = [number for one in formulas for number in _factors(one)]
    return max([*([] if worth is None else [worth]), *awards, *factors], default=None)


def _factors(node: Sum) -> Iterator[Decimal]:
    """The points in 得分=率×3分."""
    if node.op == "number" and node.value is not None and node.name in ("", "分"):
        yield node.value
    for side in node.sides if node.op in ("times", "plus", "minus") else ():
        yield from _factors(side)


def _several(groups: Sequence[Group], worth: list[Decimal | None], full: Decimal) -> list[Decimal | None]:
    """A point that awards more than once gives the sum, where that alone makes the points add up."""
    missing = full - sum(filter(None, worth), ZERO)
    more = []
    for n, (group, _) in enumerate(groups):
        effects = [node.effect for node in group if isinstance(node, Rule)]
        awards = [effect.worth(full) for effect in effects if isinstance(effect, Given)]
        if len(awards) > 1 and worth[n] == max(awards) and sum(awards) - max(awards) == missing > 0:
            more.append(n)
    return [w + missing if [n] == more and w is not None else w for n, w in enumerate(worth)]
