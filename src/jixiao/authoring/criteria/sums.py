"""Points that add up: numbered or separate parts, each with a rule of its own, and counted faults of different kinds.

A part is read as a text of its own (behind a number words are taken for its title), for its own full points; the parts
have to add up to the whole, else it is asked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from decimal import Decimal

from jixiao.authoring.criteria import phrases, provisos
from jixiao.authoring.criteria.clauses import (
    Change,
    Fact,
    Given,
    Heading,
    Item,
    Node,
    Otherwise,
    Rule,
    Step,
    Stop,
    Whole,
)
from jixiao.authoring.criteria.levels import outcomes, scaled
from jixiao.authoring.criteria.sheet import TIMES, Sheet, ranges
from jixiao.authoring.criteria.understood import NO, YES, Built
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.model import plain

Read = Callable[[Text, Decimal, str], Built]
Group = list[Node]
_ALL = re.compile(r"(?:全部|均|都|以上)+(?:符合|达到|做到|满足|完成|达标|具备)(?:要求|标准)?的?|[共合总]计?")
_NONE = re.compile(
    r"(?:以上|上述)?(?:任[一何意]|有|每)?[一1]?[项条点个](?:不|未|没)(?:符合|满足|达到|具备|做到)"
)


def sums(text: Text, full: Decimal, name: str, read: Read) -> Built | None:
    """The rule of a text in parts; None where it has no parts of their own points."""
    for groups in _divided(text):
        worth = [worth_of(text, group, full) for group in groups]
        held = [n for n, points in enumerate(worth) if points]
        if len(held) < 2 or sum(worth[n] or 0 for n in held) != full:
            continue
        if any(points == 0 for points in worth[held[0] : held[-1]]) or _mixed([groups[n] for n in held]):
            continue
        return _built(text, groups, worth, full, name, read)
    return None


def _divided(text: Text) -> list[list[Group]]:
    """The ways to cut a text into parts: at its numbers, at the ends of its statements, before each condition."""
    made = [closed(_cut(text, Item)), _cut(text, Stop)]
    told = outcomes(text, text.nodes)
    return made if told and scaled(told) else [*made, _by_condition(text)]


def _cut(text: Text, mark: type[Node]) -> list[Group]:
    groups: list[Group] = [[]]
    for node in text.nodes:
        if isinstance(node, mark):
            groups.append([])
        elif not isinstance(node, (Stop, Item)) or groups[-1]:
            groups[-1].append(node)
    return [group for group in groups if group]


def closed(groups: list[Group]) -> list[Group]:
    """A statement behind the last point is about all of them, where each point tells its points in one statement."""
    ends = [
        next(
            (
                n
                for n, (one, other) in enumerate(itertools.pairwise(group))
                if isinstance(one, Stop) and not isinstance(other, Stop)
            ),
            0,
        )
        for group in groups
    ]
    if not ends or not ends[-1] or any(ends[:-1]):
        return groups
    head, tail = groups[-1][: ends[-1]], groups[-1][ends[-1] :]
    told = any(getattr(node, "effect", None) or getattr(node, "points", None) for node in head)
    return [*groups[:-1], head, tail] if told else groups


def _by_condition(text: Text) -> list[Group]:
    """Each condition with what follows it, where no two of them are about the same quantity."""
    groups: list[Group] = [[]]
    for node in text.nodes:
        zero = isinstance(node, Rule) and isinstance(node.effect, Given) and node.effect.points == 0
        if isinstance(node, Rule) and node.ways and not zero:
            groups.append([])
        groups[-1].append(node)
    subjects = [one.subject for node, one in ranges(text.nodes) if isinstance(node, Rule)]
    pairs = itertools.combinations(subjects, 2)
    apart = all(subjects) and not any(phrases.same_quantity(a, [b]) for a, b in pairs)
    return [group for group in groups if group] if apart else []


def _mixed(groups: list[Group]) -> bool:
    """Whether some parts give points and others only take them."""
    gives = [any(_gives_points(node) for node in group) for group in groups]
    counted = any(True for group in groups for _ in ranges(group))
    counted = counted or any(isinstance(node, Step) for group in groups for node in group)
    return any(gives) != all(gives) or (counted and not any(gives))


def _gives_points(node: Node) -> bool:
    titled = isinstance(node, (Heading, Whole)) and node.points is not None
    return titled or (isinstance(node, Rule) and getattr(node.effect, "sign", 1) > 0)


def worth_of(text: Text, group: Group, full: Decimal) -> Decimal | None:
    """The full points of a part: those of its title, else the most it gives, or all it may lose; None where it has none."""
    titled = [n.points for n in group if isinstance(n, (Heading, Whole)) and n.points is not None]
    rules = [n for n in group if isinstance(n, (Rule, Otherwise))]
    told = [n.effect for n in rules if not (_said_again(text, n, full) or _each_alone(text, n))]
    given = [effect.worth(full) for effect in told if isinstance(effect, Given)]
    lost = [effect.worth(full) for effect in told if isinstance(effect, Change)]
    return titled[0] if titled else max(given or lost, default=None)


def _built(
    text: Text, groups: list[Group], worth: list[Decimal | None], full: Decimal, name: str, read: Read
) -> Built:
    sheet = Sheet(text, full)
    built, held = sheet.built, [n for n, points in enumerate(worth) if points]
    shared = _shared(text, groups[-1], len(held)) if held[-1] == len(groups) - 1 else ""
    for n, group in enumerate(groups):
        points = worth[n]
        if points:
            if n == held[-1] and (whole := _of_all(group)) is not None:
                sheet.ask(whole, "与各项的写法怎样合并没有写明")
            own = group[:-1] if shared and n == held[-1] else group
            said = text.kept(own).words.strip(" ，,；;。\n、")
            before = any(isinstance(node, Rule) and node.told == node.end for node in group)
            said += f"，得{plain(points)}分" if before else shared
            built.add(read(read_text(said, text.known), points, name))
        else:
            _around(sheet, group, first=n < held[0])
    if built.closed:
        return built
    for verdict, shares in ((YES, lambda part: part.full), (NO, lambda part: Decimal(0))):
        if all(part.answers.get(verdict) == shares(part) for part in built.parts):
            built.answers[verdict] = sum(map(shares, built.parts), Decimal(0))
    return built.written({"kind": "sum", "full": full, "parts": [part.spec for part in built.parts]})


def _of_all(group: Group) -> Node | None:
    """有一项未公开扣1分 in a statement behind the last part: it counts the parts."""
    end = next((n for n, node in enumerate(group) if isinstance(node, Stop)), len(group))
    return next((node for node, one in ranges(group[end:]) if one.unit in ("项", "个", "条", "点")), None)


def _shared(text: Text, last: Group, parts: int) -> str:
    """否则不得分 behind the last of several conditions is said of each of them."""
    end, cut = last[-1], any(isinstance(n, (Stop, Item)) for n in text.nodes[:-1])
    alone = parts > 2 and isinstance(end, Otherwise) and end.effect == Given(points=Decimal(0))
    return "，否则不得分" if alone and not cut else ""


def _around(sheet: Sheet, group: Group, *, first: bool) -> None:
    """What stands before, between and behind the parts."""
    for node in group:
        if _each_alone(sheet.text, node) or _said_again(sheet.text, node, sheet.full):
            sheet.built.notes.append(f"“{sheet.text.said(node)}”与各项的写法相同")
        elif not provisos.beside(sheet, node, first=first):
            sheet.built.ask(f"没有读懂：“{sheet.text.said(node)}”")


def _all_of(node: Node, full: Decimal) -> bool:
    effect = getattr(node, "effect", None)
    return isinstance(effect, Given) and (effect.points == full or effect.share == 1)


def _each_alone(text: Text, node: Node) -> bool:
    """任一项不符合的，扣该项全部分值: each part is all or nothing."""
    whole = isinstance(node, Rule) and node.effect == Change(share=Decimal(1))
    return whole and isinstance(node, Rule) and _NONE.match(text.label(node)) is not None


def _said_again(text: Text, node: Node, full: Decimal) -> bool:
    """全部符合得满分, 共3分: the sum in other words."""
    return isinstance(node, Rule) and _all_of(node, full) and _ALL.fullmatch(text.label(node)) is not None


def faults(text: Text, full: Decimal) -> Built | None:
    """Faults of different kinds that are counted, each with its own points: 每缺少一份材料扣0.2分，每逾期一天扣0.1分."""
    steps = [node for node in text.nodes if isinstance(node, Step)]
    names = [_counted(step) for step in steps]
    if len(steps) < 2 or not all(map(_single, steps)) or "" in names or len(set(names)) < len(names):
        return None
    if any(step.ways for step in steps) and any(isinstance(n, Rule) and n.ranges for n in text.nodes):
        return None  # 事项3至5项的扣0.5分；另一种情形每个扣0.2分: not only things that are counted
    sheet = Sheet(text, full)
    built, built.names = sheet.built, tuple(names)
    for node in text.nodes:
        whole = isinstance(node, Rule) and node.ways and not node.ranges and _all_of(node, full)
        if whole and not built.answers:
            built.answers[YES] = full
        elif not isinstance(node, Step) and not provisos.beside(sheet, node, first=text.opens(node)):
            built.ask(f"没有读懂：“{text.said(node)}”")
    items = [{"x": name, "each": step.effect.points} for name, step in zip(names, steps, strict=True)]
    return built if built.closed else built.written({"kind": "deductions", "full": full, "items": items})


def _single(step: Step) -> bool:
    change = step.effect
    told = not step.ways or (bool(_thing(step)) and not step.event)
    plainly = told and step.origin is None and step.each.value == 1 and bool(step.each.unit)
    counts = step.way == 0 or (step.way == 1 and step.each.unit in TIMES)  # 每逾期一天
    costs = isinstance(change, Change) and change.sign < 0 and change.points is not None
    return plainly and counts and costs


def _thing(step: Step) -> str:
    """What stands before 每 and is what is counted: 发现一般问题每个扣1分."""
    conds = [cond for way in step.ways for cond in way]
    plain_facts = [cond.text for cond in conds if isinstance(cond, Fact) and not cond.op]
    return plain_facts[0] if len(conds) == len(plain_facts) == 1 else ""


def _counted(step: Step) -> str:
    """缺少材料份数 for 每缺少一份材料; empty where no thing is named."""
    core = re.sub(r"\W|的", "", step.event or _thing(step) or step.verb.removeprefix("每") + step.beside)
    made = f"{core}{step.each.unit.removeprefix('个') or '个'}数"
    return made if len(core) > 1 and made.isidentifier() and not re.search(r"\d", core) else ""
