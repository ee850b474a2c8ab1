"""Points that add up: numbered or separate parts, each with a rule of its own, and counted faults of different kinds.

A part is read as a text of its own, for its own full points; the parts have to add up to the whole, else it is asked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.built import NO, YES, Built
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Node, Range
from jixiao.authoring.criteria.levels import label, outcomes, scaled
from jixiao.authoring.criteria.sheet import TIMES, ranges
from jixiao.authoring.criteria.wholetext import Text

Read = Callable[[str, Decimal, str], Built]
Group = list[Node]
_ALL = re.compile(r"(?:全部|均|都|以上)+(?:符合|达到|做到|满足|完成|达标|具备)(?:要求|标准)?的?|[共合总]计?")
_WAYS: tuple[type[Node], ...] = (clauses.Item, clauses.Stop)


def sums(text: Text, full: Decimal, name: str, read: Read) -> Built | None:
    """The rule of a text in parts; None where it has no parts of their own points."""
    for groups in _divided(text):
        worth = [_worth(text, group, full) for group in groups]
        held = [n for n, points in enumerate(worth) if points]
        if len(held) < 2 or sum(worth[n] or 0 for n in held) != full:
            continue
        if any(points == 0 for points in worth[held[0] : held[-1]]) or _mixed([groups[n] for n in held]):
            continue
        return _built(text, groups, worth, full, name, read)
    return None


def _divided(text: Text) -> list[list[Group]]:
    """The ways to cut a text into parts: at its numbers, at the ends of its statements, before each condition."""
    made = []
    for mark in _WAYS:
        groups: list[Group] = [[]]
        for node in text.nodes:
            if isinstance(node, mark):
                groups.append([])
            elif not isinstance(node, (clauses.Stop, clauses.Item)) or groups[-1]:
                groups[-1].append(node)
        made.append(
            _closed([group for group in groups if group])
            if mark is clauses.Item
            else [group for group in groups if group]
        )
    told = outcomes(text, text.nodes)
    return made if told and scaled(told) else [*made, _by_condition(text)]


def _closed(groups: list[Group]) -> list[Group]:
    """A statement behind the last point is about all of them, where the other points have one statement each."""
    ends = [
        next((n for n, node in enumerate(group[:-1]) if isinstance(node, clauses.Stop)), 0)
        for group in groups
    ]
    if not ends or not ends[-1] or any(ends[:-1]):
        return groups
    return [*groups[:-1], groups[-1][: ends[-1]], groups[-1][ends[-1] :]]


def _by_condition(text: Text) -> list[Group]:
    """Each condition with what follows it, where no two of them are about the same quantity."""
    groups: list[Group] = [[]]
    for node in text.nodes:
        if isinstance(node, clauses.Rule) and node.ways and _gives(node):
            groups.append([])
        groups[-1].append(node)
    subjects = [
        one.subject
        for node in text.nodes
        if isinstance(node, clauses.Rule)
        for way in node.ways
        for one in way
        if isinstance(one, Range)
    ]
    apart = all(subjects) and not any(
        phrases.same_quantity(a, [b]) for a, b in itertools.combinations(subjects, 2)
    )
    return [group for group in groups if group] if apart else []


def _gives(node: clauses.Rule) -> bool:
    return not (isinstance(node.effect, Given) and (node.effect.points == 0))


def _mixed(groups: list[Group]) -> bool:
    """Whether some parts give points and others only take them."""
    gives = [any(_gives_points(node) for node in group) for group in groups]
    counted = any(True for group in groups for _ in ranges(group)) or any(
        isinstance(n, clauses.Step) for g in groups for n in g
    )
    return (any(gives) and not all(gives)) or (counted and not any(gives))


def _gives_points(node: Node) -> bool:
    titled = isinstance(node, (clauses.Heading, clauses.Whole)) and node.points is not None
    return titled or (isinstance(node, clauses.Rule) and getattr(node.effect, "sign", 1) > 0)


def _worth(text: Text, group: Group, full: Decimal) -> Decimal | None:
    """The full points of a part: those of its title, else the most it gives, or all it may lose; None where it has none."""
    given: list[Decimal] = []
    lost: list[Decimal] = []
    for node in group:
        if isinstance(node, (clauses.Heading, clauses.Whole)) and node.points is not None:
            return node.points
        if (
            isinstance(node, (clauses.Rule, clauses.Otherwise))
            and isinstance(node.effect, (Given, Change))
            and not (isinstance(node, clauses.Rule) and _said_again(text, node, full))
        ):
            effect = node.effect
            points = effect.points if effect.points is not None else full * (effect.share or 0)
            (given if isinstance(effect, Given) else lost).append(points)
    return max(given) if given else max(lost, default=None)


def _built(
    text: Text, groups: list[Group], worth: list[Decimal | None], full: Decimal, name: str, read: Read
) -> Built:
    built = Built(full=full)
    held = [n for n, points in enumerate(worth) if points]
    shared = (
        _shared(text, groups[held[-1]], len(held))
        if len(held) == len(groups) or held[-1] == len(groups) - 1
        else ""
    )
    for n, group in enumerate(groups):
        points = worth[n]
        if points:
            if n == held[-1] and (whole := _of_all(group)) is not None:
                built.ask(f"“{text.said(whole)}”与各项的写法怎样合并没有写明")
            last = group[-2] if shared and n == held[-1] else group[-1]
            said = text.between(group[0].start, last.end).strip(" ，,；;。\n、")
            _part(built, read(said + shared, points, name))
        else:
            _around(built, text, group, after=n > held[0])
    if built.closed:
        return built
    for verdict, shares in ((YES, lambda part: part.full), (NO, lambda part: Decimal(0))):
        if all(part.answers.get(verdict) == shares(part) for part in built.parts):
            built.answers[verdict] = sum(map(shares, built.parts), Decimal(0))
    built.spec = {"kind": "sum", "full": full, "parts": [part.spec for part in built.parts]}
    return built


def _of_all(group: Group) -> Node | None:
    """有一项未公开扣1分 in a statement behind the last part: it counts the parts."""
    stops = [n for n, node in enumerate(group) if isinstance(node, clauses.Stop)]
    return next(
        (
            node
            for node in group[stops[0] if stops else len(group) :]
            for way in getattr(node, "ways", ())
            for one in way
            if isinstance(one, Range) and one.unit in ("项", "个", "条", "点")
        ),
        None,
    )


def _shared(text: Text, last: Group, parts: int) -> str:
    """否则不得分 behind the last of several conditions is said of each of them."""
    end = last[-1]
    alone = parts > 2 and isinstance(end, clauses.Otherwise) and end.effect == Given(points=Decimal(0))
    return (
        "，否则不得分"
        if alone and not any(isinstance(n, (clauses.Stop, clauses.Item)) for n in text.nodes[:-1])
        else ""
    )


def _part(built: Built, part: Built) -> None:
    built.parts.append(part)
    built.understood = built.understood and part.understood and part.spec is not None
    built.closed = built.closed or part.closed or part.spec is None
    built.questions += [question for question in part.questions if question not in built.questions]
    built.notes += [note for note in part.notes if note not in built.notes]


def _around(built: Built, text: Text, group: Group, *, after: bool) -> None:
    """What stands before, between and behind the parts."""
    for node in group:
        match node:
            case clauses.Note():
                built.notes.append(text.said(node))
            case clauses.Stop() | clauses.Item():
                pass
            case clauses.Heading() if not after and not phrases.risky(node.text):
                pass
            case clauses.Heading() | clauses.Words() if phrases.changes_nothing(node.text, first=not after):
                pass
            case clauses.Rule() if _said_again(text, node, built.full):
                built.notes.append(f"“{text.said(node)}”与各项的写法相同")
            case clauses.Cap() if node.what == "floor" or (
                node.what == "given" and node.most in (None, built.full)
            ):
                pass
            case clauses.Whole() if node.points == built.full:
                pass
            case _:
                built.ask(f"没有读懂：“{text.said(node)}”")


def _said_again(text: Text, node: clauses.Rule, full: Decimal) -> bool:
    """全部符合得满分, 共3分: the sum in other words."""
    given = isinstance(node.effect, Given) and (node.effect.points == full or node.effect.share == 1)
    return given and _ALL.fullmatch(label(text, node)) is not None


def faults(text: Text, full: Decimal) -> Built | None:
    """Faults of different kinds that are counted, each with its own points: 每缺少一份材料扣0.2分，每逾期一天扣0.1分."""
    steps = [node for node in text.nodes if isinstance(node, clauses.Step)]
    if len(steps) < 2 or not all(_single(step) for step in steps):
        return None
    names = [_counted(step) for step in steps]
    if "" in names or len(set(names)) < len(names):
        return None
    built = Built(full=full, names=tuple(names))
    for node in text.nodes:
        match node:
            case clauses.Step() | clauses.Stop() | clauses.Item():
                pass
            case clauses.Cap() if node.what == "floor" or (node.what == "lost" and node.most in (None, full)):
                pass
            case clauses.Whole() if node.points == full:
                pass
            case clauses.Note():
                built.notes.append(text.said(node))
            case clauses.Heading() if phrases.changes_nothing(node.text, first=True):
                pass
            case clauses.Rule() if _whole(node, full) and not built.answers:
                built.answers[YES] = full
            case _:
                built.ask(f"没有读懂：“{text.said(node)}”")
    items = [{"x": name, "each": step.change.points} for name, step in zip(names, steps, strict=True)]
    built.spec = None if built.closed else {"kind": "deductions", "full": full, "items": items}
    return built


def _whole(node: clauses.Rule, full: Decimal) -> bool:
    facts = all(isinstance(one, Fact) for way in node.ways for one in way)
    return (
        bool(node.ways)
        and facts
        and isinstance(node.effect, Given)
        and (node.effect.points == full or node.effect.share == 1)
    )


def _single(step: clauses.Step) -> bool:
    change = step.change
    plainly = not step.ways and step.origin is None and step.each.value == 1 and bool(step.each.unit)
    counts = step.way == 0 or (step.way == 1 and step.each.unit in TIMES)  # 每逾期一天
    costs = isinstance(change, Change) and change.sign < 0 and change.points is not None
    return plainly and counts and costs


def _counted(step: clauses.Step) -> str:
    """缺少材料份数 for 每缺少一份材料; empty where no thing is named."""
    core = re.sub(r"\W|的", "", step.event or step.verb.removeprefix("每") + step.beside)
    made = f"{core}{step.each.unit.removeprefix('个') or '个'}数"
    return made if len(core) > 1 and made.isidentifier() and not re.search(r"\d", core) else ""
