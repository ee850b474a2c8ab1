"""A criteria text -> a rule: items, statements, phrases, clauses, and the reader of the family that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.model.expr import plain
from jixiao.rubric.criteria.built import NO, YES, Built
from jixiao.rubric.criteria.clauses import Reading, gather, is_figures, same_subject, subject
from jixiao.rubric.criteria.families import special
from jixiao.rubric.criteria.normalise import LONGEST, normalise
from jixiao.rubric.criteria.numeric import numeric, points_of
from jixiao.rubric.criteria.phrases import Change, Clause, Every, Formula, Given, Prop, Range
from jixiao.rubric.criteria.reading import phrases
from jixiao.rubric.criteria.situations import checklist, situations
from jixiao.rubric.criteria.statements import Item, aside, is_note, lay_out, moves_points

MOST_TOKENS = 400
_PROOF = re.compile(r"(?:需|须|应)?(?:提供|提交|出具|附)(?P<what>.{2,30}?)(?:证明|佐证|作为依据|材料|底稿|依据)?,?(?:否则|不提供|未提供).{0,6}不(?:得|计|给)分")
_RISKY = re.compile(r"以此类推|依此类推|除外|剔除|分别(?:得|计|给|扣)|孰|择优|就高|较高者|取平均|平均值|平均得分|平均分|加权|封顶|视同|倍数|折半|减半|加倍|翻倍|累进|逐级")
_SCORES = re.compile(r"[得扣加减计]\d|不得分|分值|满分|酌情|按比例")


def read(text: str, full: Decimal, name: str) -> Built:
    """The rule of a text for ``full`` points over a quantity called ``name``; never raises for bad input."""
    if len(text) > LONGEST:
        return Built(full=full).ask(f"文字超过{LONGEST}个字，请分条填写")
    plain_text = normalise(text)
    if not plain_text.strip():
        return Built(full=full).ask("没有文字")
    return _text(plain_text, full, name, 0)


def _text(text: str, full: Decimal, name: str, depth: int) -> Built:
    found = special(text, full, name)
    if found is not None:
        return found
    layout = lay_out(text)
    if len(layout.items) > 1 and depth < 3:
        made = _items(layout.before, layout.items, full, name, depth)
        if made is not None:
            return made
    if layout.items:
        joined = "。".join([layout.before.text, *(item.text for item in layout.items)])
        whole = aside(Item("", joined, asides=list(layout.before.asides)))
    else:
        whole = layout.before
    return _item(whole, full, name)


def _read(item: Item, built: Built) -> Reading:
    """All clauses of an item."""
    reading = Reading()
    for statement in item.statements():
        if is_note(statement) or moves_points(statement):
            built.notes.append(statement)
            continue
        found = phrases(statement)
        if found is None or len(found) > MOST_TOKENS:
            reading.failed.append(statement)
            continue
        gather(statement, found, reading)
    return reading


def _item(item: Item, full: Decimal, name: str) -> Built:
    notes = Built()
    reading = _read(item, notes)
    labelled = item.label is not None and not any(c.action for c in reading.clauses) and not reading.failed
    if labelled and item.label == full:
        title = item.text.strip("。;,:\n")
        return checklist(Built(full=full), [(title, full)], full).parts[0]
    built = _rule(reading, full, name)
    built.notes = [*notes.notes, *built.notes]
    for statement in reading.failed:
        built.ask(f"没有读懂：“{statement}”")
    _leftovers(item, reading, built)
    return built


def _rule(reading: Reading, full: Decimal, name: str) -> Built:
    clauses = [c for c in _paired(reading.clauses) if not _heading(c)]
    acting = [c for c in clauses if c.action is not None]
    if not acting:
        return Built(full=full).ask("没有找到计分的写法（得、扣、按比例等）")
    clauses = [c for c in clauses if c.action is not None or c.ranges or c.every]
    _single_counts(clauses)
    figures = [c for c in clauses if is_figures(c) or c.every is not None]
    lines = [c for c in acting if isinstance(c.action, (Prop, Formula))]
    if not figures and not lines:
        return situations(reading, clauses, full)
    if not figures and len(acting) == 2 and acting[0].compared and acting[1].otherwise:
        return situations(reading, clauses, full)
    groups = _subjects(figures)
    if len(groups) > 1:
        return _several(reading, clauses, groups, full, name)
    _whole_sets(clauses)
    mixed = [c for c in clauses if c.ranges and not is_figures(c) and c.every is None]
    if mixed:
        if not any(c.every for c in figures) and not lines:
            return situations(reading, clauses, full)
        return Built(full=full).ask(f"“{mixed[0].text}”里不止一个条件，不能只按数值计分")
    return numeric(reading, clauses, full, name)


def _heading(clause: Clause) -> bool:
    return clause.action is None and not clause.ranges and not clause.every and not clause.compared


def _paired(clauses: Sequence[Clause]) -> list[Clause]:
    """Words without points that stand before a clause without words belong to it."""
    made: list[Clause] = []
    for clause in clauses:
        last = made[-1] if made else None
        if last is not None and _heading(last) and last.words and not clause.words and clause.action is not None:
            if not clause.otherwise:
                clause.words, clause.text = last.words, f"{last.text},{clause.text}".strip(",")
            made.pop()
        made.append(clause)
    return made


def _single_counts(clauses: Sequence[Clause]) -> None:
    """缺1项扣1分, 发现1处扣0.5分: one counted thing that costs points is a step, without the word 每."""
    for clause in clauses:
        action = clause.action
        if clause.every is not None or not isinstance(action, Change) or len(clause.ranges) != 1:
            continue
        found = clause.ranges[0]
        lead = clause.words[-1] if clause.words else ""
        steps = (found.step or found.point == 1) if found.bare else False
        if not steps or (found.unit == "%" and not re.search(r"[低高超少多]$|下降$|增加$|减少$", lead)):
            continue
        way = -1 if re.search(r"[低少缺差]失?$|下降$|减少$|未达到?$", lead) else 1 if found.unit == "%" else 0
        from jixiao.rubric.criteria.phrases import Amount

        assert found.low is not None
        each = Amount(found.low, found.unit, found.step)
        clause.every = Every(found.start, found.end, way, each, None, words=lead)
        clause.ranges = []


def _whole_sets(clauses: Sequence[Clause]) -> None:
    """4项全部符合得4分，每缺1项扣1分: the number of things counts downward; where faults are counted, it is no figure."""
    steps = [c.every for c in clauses if c.every is not None]
    for clause in clauses:
        if clause.every is None and len(clause.ranges) == 1 and clause.ranges[0].bare:
            same = [every for every in steps if every.each.unit == clause.ranges[0].unit]
            if same and same[0].direction == -1:
                clause.after = []
            elif same and clause.after:
                clause.words, clause.ranges = [clause.text], []


def _subjects(figures: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses by the quantity they speak about; one without a subject belongs to the one before."""
    groups: list[list[Clause]] = []
    for clause in figures:
        name = subject(clause)
        if clause.every is not None and not clause.ranges:
            name = ""
        for group in groups:
            if not name or any(same_subject(name, subject(other)) for other in group):
                group.append(clause)
                break
        else:
            groups.append([clause])
    return groups


def _several(reading: Reading, clauses: Sequence[Clause], groups: list[list[Clause]], full: Decimal, name: str) -> Built:
    """Two quantities in one text: parts of their own where their points add up."""
    tops = []
    for group in groups:
        given = [points_of(c.action, full) for c in group if isinstance(c.action, Given)]
        tops.append(max((p for p in given if p is not None), default=Decimal(0)))
    named = "、".join(subject(group[0]) or name for group in groups)
    shares = [c for c in clauses if isinstance(c.action, Given) and c.action.share]
    if sum(tops) != full or shares:
        return Built(full=full).ask(f"文中有几个不同的量（{named}），不能确定按哪个计分")
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    rest = [c for c in clauses if all(c not in group for group in groups)]
    for group, top in zip(groups, tops, strict=True):
        own = Reading(caps=reading.caps, signs=reading.signs, base=reading.base)
        own.clauses = [*group, *(c for c in rest if c.otherwise)]
        part = numeric(own, own.clauses, top, subject(group[0]) or name)
        _adopt(whole, part)
    return whole


def _adopt(whole: Built, part: Built) -> None:
    """A part into the sum."""
    whole.parts.append(part)
    whole.notes += [n for n in part.notes if n not in whole.notes]
    whole.questions += [q for q in part.questions if q not in whole.questions]
    whole.understood = whole.understood and part.understood and part.spec is not None
    if whole.spec is not None and part.spec is not None:
        whole.spec["parts"].append(part.spec)
    for answer in (YES, NO):
        if all(answer in p.answers for p in whole.parts):
            whole.answers[answer] = sum((p.answers[answer] for p in whole.parts), Decimal(0))
        else:
            whole.answers.pop(answer, None)


def _items(before: Item, items: Sequence[Item], full: Decimal, name: str, depth: int) -> Built | None:
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
        if item.label is not None and not _SCORES.search(item.text):
            part = checklist(Built(full=top), [(item.text.strip("。;,:\n"), top)], top).parts[0]
        else:
            part = _text(item.text, top, name, depth + 1)
        _adopt(whole, part)
    reading = _read(before, whole)
    _loose(whole, [*(c for c in reading.clauses if c.action is not None)])
    _leftovers(before, reading, whole)
    return whole


def _plain_note(text: str) -> bool:
    return is_note(text) or moves_points(text)


def _loose(whole: Built, clauses: Sequence[Clause]) -> None:
    for clause in clauses:
        points = points_of(clause.action, whole.full) if isinstance(clause.action, Given) else None
        if points == whole.full:
            continue
        whole.ask(f"“{clause.text or '总述'}”对各要点怎样适用没有写明")


def _top(item: Item) -> Decimal | None:
    """The most that an item gives: its label, else its largest award."""
    aside(item)
    reading = _read(item, Built())
    if item.label is not None:
        return item.label
    labels = [c.label for c in reading.clauses if c.label is not None]
    if labels:
        return labels[0]
    given = [c.action.points for c in reading.clauses if isinstance(c.action, Given) and c.action.points is not None]
    if given and max(given) > 0:
        return max(given)
    lines = [c.action for c in reading.clauses if isinstance(c.action, Formula)]
    from jixiao.rubric.criteria.linear import affine

    for line in lines:
        made = affine(line.node, Decimal(0))
        if made is not None and made[1] > 0:
            return made[0] + made[1]
    return Decimal(0) if given else None


def _leftovers(item: Item, reading: Reading, built: Built) -> None:
    """What was read over and could still matter is a question, not a guess."""
    for remark in item.asides:
        if moves_points(remark) or is_note(remark):
            built.notes.append(remark)
        elif _PROOF.search(remark):
            built.questions.append(f"前提“{remark}”由评价人确认，不满足时不得分")
            if built.spec is not None and built.spec.get("kind") == "point":
                what = _PROOF.search(remark)
                built.spec["requires"] = what["what"] if what else "证明材料"
            else:
                built.understood = False
        elif re.search(r"不得分|酌情|扣\d|扣分|得\d|除外|剔除|否则", remark):
            built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
    for text in [*reading.left, *reading.signs & {"onward"}]:
        built.ask(f"“{'以此类推' if text == 'onward' else text}”没有写全，不能确定怎样计分")
    for clause in reading.clauses:
        for word in [*clause.words, *clause.after]:
            if _RISKY.search(word):
                built.ask(f"“{word}”怎样影响得分没有读懂")
    for clause in reading.clauses:
        lead = clause.words[-1] if clause.words else ""
        if isinstance(clause.action, Given) and re.search(r"[扣减]$", lead):
            built.ask(f"没有读懂：“{clause.text}”")
        if _heading(clause) and re.search(r"分(?!别|析|配|类|解|为|管|工|布|期|局|行|级|发)|扣|折算", clause.text):
            built.ask(f"没有读懂：“{clause.text}”")


__all__ = ["Range", "read"]
