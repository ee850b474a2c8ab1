"""A criteria text -> a rule: items, statements, phrases, clauses, and the reader of the family that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.alternatives import better, take_better
from jixiao.authoring.criteria.beside import need, take_proof
from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.clauses import Reading, gather
from jixiao.authoring.criteria.counting import counting
from jixiao.authoring.criteria.families import special
from jixiao.authoring.criteria.grouping import heading, paired, same_tail, single_counts, subjects, whole_sets
from jixiao.authoring.criteria.leftovers import beside, leftovers
from jixiao.authoring.criteria.linear import affine
from jixiao.authoring.criteria.numeric import numeric
from jixiao.authoring.criteria.parts import adopt, called, loose_clauses, several, weighted
from jixiao.authoring.criteria.phrases import Cap, Clause, Formula, Given, Prop, Sign
from jixiao.authoring.criteria.reading import phrases
from jixiao.authoring.criteria.recast import recast
from jixiao.authoring.criteria.rewriting import normalise
from jixiao.authoring.criteria.shares import agree, counted_points, take_share
from jixiao.authoring.criteria.situations import checklist, situations
from jixiao.authoring.criteria.statements import (
    Item,
    Layout,
    aside,
    is_note,
    lay_out,
    moves_points,
    not_rated,
)
from jixiao.authoring.criteria.subjects import is_figures, subject
from jixiao.model import plain
from jixiao.text import LONGEST

MOST_TOKENS = 400
_FOR_ALL = re.compile(
    r"(?:以上|上述|各)(?:各|\d)?[项条点]|均不得分|(?:每|有|缺|少)(?:有|缺|少)?1?[项条点]|[本该](?:指标|项)"
)
_WAYS = ("started", "whole", "floor")
_SCORES = re.compile(r"[得扣加减计]\d|不得分|分值|满分|酌情|按比例")


def read(text: str, full: Decimal, name: str) -> Built:
    """The rule of a text for ``full`` points over a quantity called ``name``; never raises for bad input."""
    if len(text) > LONGEST:
        return Built(full=full).ask(f"文字超过{LONGEST}个字，请分条填写")
    plain_text = normalise(text)
    if not plain_text.strip():
        return Built(full=full).ask("没有文字")
    return _text(plain_text, full, name, 0)


def _text(text: str, full: Decimal, name: str, depth: int, asides: Sequence[str] = ()) -> Built:
    found = special(text, full, name)
    if found is not None:
        return found
    layout = lay_out(text)
    layout.before.asides += asides
    if len(layout.items) > 1 and depth < 3:
        made = _items(layout.before, layout.items, full, name, depth)
        if made is not None:
            return made
    listed = _listed(layout, full)
    if listed is not None:
        return listed
    if not layout.items and depth < 3:
        made = _own_steps(layout.before, full, name, depth)
        if made is not None:
            return made
    if layout.items:
        joined = "。".join([layout.before.text, *(item.text for item in layout.items)])
        told = [remark for item in [layout.before, *layout.items] for remark in item.asides]
        whole = aside(Item("", joined, asides=told))
    else:
        whole = layout.before
    return _item(whole, full, name)


def _listed(layout: Layout, full: Decimal) -> Built | None:
    """评价要点：①…；②…。各占1分: a checklist, where nothing else is said."""
    texts = [item.text for item in layout.items]
    if not texts:
        return None
    before, share = take_share(layout.before.text)
    if share is None:
        texts[-1], share = take_share(texts[-1])
    named = [text.strip("。;,:、\n") for text in texts]
    plain_words = not any(_SCORES.search(text) or "分" in text for text in [before, *named])
    if share is None or not all(named) or not plain_words or share * len(named) != full:
        return None
    return checklist(Built(full=full), [(text, share) for text in named], full)


def _read(item: Item, built: Built) -> Reading:
    """All clauses of an item."""
    reading = Reading()
    for statement in item.statements():
        if is_note(statement) or moves_points(statement):
            built.notes.append(statement)
            continue
        rest, told = not_rated(statement)
        built.notes += told
        found = phrases(rest)
        if found is None or len(found) > MOST_TOKENS:
            reading.failed.append(statement)
            continue
        gather(rest, found, reading)
    item.asides = [remark for remark in item.asides if not _way_of_counting(remark, reading)]
    return reading


def _way_of_counting(remark: str, reading: Reading) -> bool:
    """Take in a remark in brackets that only says how to count: （不足1个百分点按1个百分点计）."""
    found = phrases(remark) or []
    ways = [p for p in found if isinstance(p, Cap) or (isinstance(p, Sign) and p.what in _WAYS)]
    rest = [p for p in found if p not in ways and not (isinstance(p, Sign) and p.what == "comma")]
    if not ways or rest:
        return False
    gather(remark, ways, reading)
    return True


def _item(item: Item, full: Decimal, name: str) -> Built:
    notes = Built()
    item.text, proof = take_proof(item.text)
    for place, remark in enumerate(item.asides):
        if not proof:
            rest, proof = take_proof(remark)
            item.asides[place] = rest
    item.text, best = take_better(item.text)
    item.text, share = take_share(item.text)
    number = counted_points(item.text, share, full) if share is not None and not item.asides else None
    if number and share is not None:
        return checklist(Built(full=full), [(f"要点{n}", share) for n in range(1, number + 1)], full)
    reading = _read(item, notes)
    reading.better = best
    label = next(iter([*([item.label] if item.label is not None else []), *reading.labels]), None)
    if label == full and not reading.failed and not any(c.action for c in reading.clauses):
        title = "，".join(c.text for c in reading.clauses if c.text) or item.text.strip("。;,:\n")
        return checklist(Built(full=full), [(title, full)], full).parts[0]
    built = _rule(reading, full, name)
    built.notes = [*notes.notes, *built.notes]
    for statement in reading.failed:
        built.ask(f"没有读懂：“{statement}”")
    leftovers(item, reading, built)
    if share is not None:
        agree(built, share)
    if proof:
        need(built, proof)
    return built


def _rule(reading: Reading, full: Decimal, name: str) -> Built:
    clauses = [c for c in paired(reading.clauses) if not heading(c)]
    acting = [c for c in clauses if c.action is not None]
    if not acting:
        return Built(full=full).ask("没有找到计分的写法（得、扣、按比例等）")
    clauses = [c for c in clauses if c.action is not None or c.ranges or c.every]
    tails = [c for c in clauses if c.ranges and c.after]
    recast(clauses, full)
    single_counts(clauses)
    if any(c.every is None for c in tails):
        same_tail(tails)
    figures = [c for c in clauses if is_figures(c) or c.every is not None]
    lines = [c for c in acting if isinstance(c.action, (Prop, Formula))]
    made = _without_figures(reading, clauses, full, name) if not figures else None
    if made is not None:
        return made
    counted = counting(reading, clauses, full)
    if counted is not None:
        return counted
    groups = subjects(figures)
    alternative = any(c.alternative for c in clauses)
    if reading.better or (alternative and len(groups) > 1):
        return better(reading, clauses, groups, full, name)
    if len(groups) > 1:
        return several(reading, clauses, groups, full, name)
    whole_sets(clauses)
    mixed = [c for c in clauses if c.ranges and not is_figures(c) and c.every is None]
    if not mixed:
        return numeric(reading, clauses, full, name)
    if not any(c.every for c in figures) and not lines:
        return situations(reading, clauses, full, name)
    return Built(full=full).ask(f"“{mixed[0].text}”里不止一个条件，不能只按数值计分")


def _without_figures(reading: Reading, clauses: Sequence[Clause], full: Decimal, name: str) -> Built | None:
    """A mix of rates, or situations; None where a proportion of one quantity is left to read."""
    acting = [c for c in clauses if c.action is not None]
    action = acting[0].action if len(acting) == 1 else None
    if isinstance(action, Formula):
        return weighted(action.node, full)
    if not any(isinstance(c.action, (Prop, Formula)) for c in acting):
        made = situations(reading, clauses, full, name)
        return made.ask("几种情形怎样择优计分没有读懂") if reading.better else made
    if len(acting) == 2 and acting[0].compared and acting[1].otherwise:
        return situations(reading, clauses, full, name)
    return None


def _items(
    before: Item, items: Sequence[Item], full: Decimal, name: str, depth: int, names: Sequence[str] = ()
) -> Built | None:
    """Numbered items as parts of a sum, or None where they are the bands or levels of one rule."""
    tops = [_top(item) for item in items]
    counting = [(item, top) for item, top in zip(items, tops, strict=True) if top is not None]
    notes = [item for item, top in zip(items, tops, strict=True) if top is None]
    if len(counting) < 2 or any(_SCORES.search(item.text) and not _plain_note(item.text) for item in notes):
        return None
    total = sum((top for _, top in counting if top is not None), Decimal(0))
    if total != full:
        if max(top for _, top in counting if top is not None) == full:
            return None
        wrong = Built(full=full)
        return wrong.ask(f"各要点合计{plain(total)}分，与本项满分{plain(full)}分不符")
    if any(top == full for _, top in counting):
        return None
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    for item, top in counting:
        assert top is not None
        told = item.statements()
        if item.label is not None and told and not _SCORES.search(told[0]):
            part = checklist(Built(full=top), [(told[0], top)], top).parts[0]
            beside(item, part)
        else:
            own = names[items.index(item)] if names else name
            part = _text(item.text, top, own, depth + 1, item.asides)
        adopt(whole, part)
    for statement in items[-1].statements()[1:]:
        if _FOR_ALL.search(statement):
            whole.ask(f"“{statement}”对各要点怎样适用没有写明")
    reading = _read(before, whole)
    loose_clauses(whole, [*(c for c in reading.clauses if c.action is not None)])
    leftovers(before, reading, whole)
    return whole


def _own_steps(whole: Item, full: Decimal, name: str, depth: int) -> Built | None:
    """编制完整得2分，每漏1项扣0.5分；程序规范得2分，每发现1次扣0.5分: each statement has points and steps of its own."""
    items = [Item(str(n), text) for n, text in enumerate(whole.statements(), 1)]
    readings = [_read(item, Built()) for item in items]
    steps = [[c for c in reading.clauses if c.every is not None] for reading in readings]
    if len(items) < 2 or not all(len(found) == 1 for found in steps) or whole.asides:
        return None
    if any(top is None or top <= 0 or top == full for top in map(_top, items)):
        return None
    named = [next((called(subject(c)) for c in r.clauses if c.ranges and subject(c)), "") for r in readings]
    names = [own or f"{name}{n}" for n, own in enumerate(named, 1)]
    return _items(Item("", ""), items, full, name, depth, names if len(set(names)) == len(names) else ())


def _plain_note(text: str) -> bool:
    return is_note(text) or moves_points(text)


def _top(item: Item) -> Decimal | None:
    """The most that an item gives: its label, else its largest award."""
    aside(item)
    reading = _read(item, Built())
    if item.label is not None:
        return item.label
    if reading.labels:
        return reading.labels[0]
    given = [
        c.action.points
        for c in reading.clauses
        if isinstance(c.action, Given) and c.action.points is not None
    ]
    if any(c.every is not None for c in reading.clauses):
        given += [cap.most for cap in reading.caps if cap.what == "points" and cap.most is not None]
    if given and max(given) > 0:
        return max(given)
    lines = [c.action for c in reading.clauses if isinstance(c.action, Formula)]
    for line in lines:
        made = affine(line.node, Decimal(0))
        if made is not None and made[1] > 0:
            return made[0] + made[1]
    return Decimal(0) if given else None
