"""Criteria text -> rule: the readers in their order, the parts of a sum among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria.bands import COUNTED
from jixiao.authoring.criteria.clauses import (
    Reading,
    gather,
    heading,
    is_figures,
    paired,
    same_tail,
    shared,
    single_counts,
    subject,
    subjects,
    whole_sets,
)
from jixiao.authoring.criteria.draft import NO, YES, Built
from jixiao.authoring.criteria.numeric import affine, mix, numeric, points_of
from jixiao.authoring.criteria.parsing import phrases
from jixiao.authoring.criteria.phrases import Cap, Clause, Formula, Given, Node, Prop, Sign
from jixiao.authoring.criteria.provisos import beside, leftovers, need
from jixiao.authoring.criteria.situations import (
    agree,
    better,
    checklist,
    counted_points,
    counting,
    situations,
    take_better,
    take_share,
)
from jixiao.authoring.criteria.statements import (
    Item,
    Layout,
    aside,
    is_note,
    lay_out,
    moves_points,
    normalise,
    not_rated,
)
from jixiao.authoring.criteria.unsaid import recast
from jixiao.model import plain
from jixiao.text import LONGEST, take_precondition

_SPAN = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)(?P<ua>%|分)?(?P<ma>\((?:不)?含\d*%?\))?(?:~|至|到)"
    r"(?P<b>\d+(?:\.\d+)?)(?P<ub>%|分)?(?P<mb>\((?:不)?含\d*%?\))?"
)
_SHARES = re.compile(
    r"%(?:\(含\))?的?(?:分值|权重|标准分)|(?:对应|相应)(?:的)?分值|分值(?:区间|的)|确定(?:分值|得分|分数)|合理确定|区间内|给分|计分|赋分|打分|酌情|得分区间|评分"
)
_LISTED = re.compile(r"分为?(?P<list>[^,;。%\d]{4,80}?)(?:等)?(?:3|4|2|5)(?:个)?(?:档|级|等次|等级|类|种)")
_BELOW = re.compile(r"(\d+(?:\.\d+)?)(%|分)(\(不?含\d*%?\))?以下")
_EACH_OWN = re.compile(
    r"(?:[^。;\d]{0,40}[:,])?(?P<labels>[^,;。:\d、和]{1,12}(?:[、和][^,;。:\d、和]{1,12})+?)(?:的|等次|等级|等)*,?分别(?:按)?(?:分值|权重|满分)?的?"
    r"(?:得|计|为|赋|给|对应|记)?(?P<points>\d+(?:\.\d+)?(?:分|%)?(?:[、,和]\d+(?:\.\d+)?(?:分|%)?)+)(?:的分值|计分|计算|得分|给分|权重分)*"
)
_LABEL = re.compile(r"(?:^|[,;。、:])(?P<label>[^,;。、:()%\d]{1,24}?)(?:的|,|:|得|计|\(|按|为|在)*$")


def special(text: str, full: Decimal, name: str) -> Built | None:
    """A rule of such a family, or None."""
    return _respectively(text, full) or _grades(text, full)


def _respectively(text: str, full: Decimal) -> Built | None:
    """优、良、中、差分别得5分、4分、3分、0分: situations and their points in one order."""
    found = _EACH_OWN.fullmatch(text.strip("。;"))
    if found is None:
        return None
    labels = [word for word in re.split(r"[、,]|以及|和", found["labels"]) if word]
    points = [_own_points(word, full) for word in re.split(r"[、,和]", found["points"])]
    if len(labels) != len(points) or len(set(labels)) != len(labels) or max(points) != full:
        return None
    built = Built(full=full)
    built.spec = {
        "kind": "level",
        "full": full,
        "title": "按情形计分",
        "options": dict(zip(labels, points, strict=True)),
    }
    return built


def _own_points(word: str, full: Decimal) -> Decimal:
    number = Decimal(re.sub(r"[^\d.]", "", word))
    return full * number / 100 if "%" in word else number


def _grades(text: str, full: Decimal) -> Built | None:
    """达成（100%-80%（含））、部分达成（80%-60%（含））…, or 优秀得8-10分，良好得6-8分."""
    text = _BELOW.sub(r"0~\1\2\3", text)
    spans = list(_SPAN.finditer(text))
    said = (
        text
        if not spans
        else text[: spans[-1].end()] + re.split(r"[。;\n(]", text[spans[-1].end() :], maxsplit=1)[0]
    )
    if not 2 <= len(spans) <= 6 or (not _SHARES.search(text) and "分" not in text):
        return None
    units = {span["ub"] or span["ua"] or "" for span in spans}
    if len(units) != 1 or units == {""}:
        return None
    shares = units == {"%"}
    if shares and not _SHARES.search(text):
        return None
    if re.search(
        r"[得计扣给加减]\d+(?:\.\d+)?分(?!~|至|到)|不得分|扣分|酌情扣|否决|折半|\d%", _SPAN.sub("", said)
    ):
        return None
    labels = _labels(text, spans)
    if labels is None or len(set(labels)) != len(labels):
        return None
    tail = text[len(said) :].strip("。;\n ")
    if (
        tail
        and not is_note(tail)
        and re.search(r"[。;\n]|扣|减|加|酌情|除外|不得分", text[len(said) :].rstrip("。;\n "))
    ):
        return Built(full=full).ask(f"没有读懂：“{tail}”")
    ranges = [_range(span, shares=shares, full=full) for span in spans]
    return _built(labels, ranges, full, shares=shares)


def _labels(text: str, spans: list[re.Match[str]]) -> list[str] | None:
    listed = _LISTED.search(text)
    if listed:
        words = [w for w in re.split(r"、|以及|和(?=[^、]*$)", listed["list"]) if w]
        if len(words) == len(spans):
            return words
    made, last = [], 0
    for span in spans:
        found = _LABEL.search(text[last : span.start()])
        if not found:
            return None
        made.append(found["label"])
        last = span.end()
    return made


def _range(
    span: re.Match[str], *, shares: bool, full: Decimal
) -> tuple[Decimal, Decimal, bool | None, bool | None]:
    ends = sorted(
        ((Decimal(span[number]), _closed(span[mark])) for number, mark in (("a", "ma"), ("b", "mb"))),
        key=lambda e: e[0],
    )
    return ends[0][0], ends[1][0], ends[0][1], ends[1][1]


def _closed(mark: str | None) -> bool | None:
    return None if mark is None else "不" not in mark


def _built(
    labels: list[str],
    ranges: list[tuple[Decimal, Decimal, bool | None, bool | None]],
    full: Decimal,
    *,
    shares: bool,
) -> Built | None:
    built = Built(full=full)
    top = Decimal(100) if shares else full
    if max(high for _, high, _, _ in ranges) != top:
        return built.ask("各档的最高分与本项满分不符")
    highs = {low for low, _, _, _ in ranges}
    sign = "%" if shares else ""
    made: dict[str, str] = {}
    for label, (low, high, low_in, high_in) in zip(labels, ranges, strict=True):
        shut = high == top or (high_in is True) or (high_in is None and high not in highs)
        opens = low_in is not False
        if high_in is True and low_in is None and low in {h for _, h, _, _ in ranges}:
            opens = low == 0
        made[label] = f"{'[' if opens else '('}{low}{sign},{high}{sign}{']' if shut else ')'}"
    built.spec = {"kind": "grades", "full": full, "title": "按完成程度分档给分", "grades": made}
    built.notes.append("由评价人先定档次，再在该档的区间内给分")
    return built


def several(
    reading: Reading, clauses: Sequence[Clause], groups: list[list[Clause]], full: Decimal, name: str
) -> Built:
    """Two quantities in one text: parts of their own where their points add up."""
    tops = []
    for group in groups:
        given = [points_of(c.action, full) for c in group if isinstance(c.action, Given)]
        tops.append(max((p for p in given if p is not None), default=Decimal(0)))
    named = "、".join(subject(group[0]) or name for group in groups)
    shares = [c for c in clauses if isinstance(c.action, Given) and c.action.share]
    if sum(tops) != full or shares:
        return Built(full=full).ask(f"文中有几个不同的量（{named}），不能确定按哪个计分")
    steps = [c for c in clauses if c.every is not None and not c.ranges]
    if any(c.every is not None and c.every.each.unit in COUNTED for c in steps):
        return Built(full=full).ask(f"“{steps[-1].text}”对各要点怎样适用没有写明")
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    loose = [c for c in clauses if not c.otherwise and all(c not in group for group in groups)]
    for group, top, rest in zip(groups, tops, shared(clauses, groups), strict=True):
        own = Reading(caps=reading.caps, signs=reading.signs, base=reading.base)
        own.clauses = [*group, *rest]
        part = numeric(own, own.clauses, top, called(subject(group[0])) or name)
        adopt(whole, part)
    loose_clauses(whole, [c for c in loose if c.action is not None])
    return whole


def called(words: str) -> str:
    """Words as the name of a quantity."""
    made = re.sub(r"\W", "", words)
    return made if not made or made.isidentifier() else f"截至{made}"


def adopt(whole: Built, part: Built) -> None:
    """A part into the sum."""
    whole.parts.append(part)
    whole.notes += [n for n in part.notes if n not in whole.notes]
    whole.questions += [q for q in part.questions if q not in whole.questions]
    whole.closed = whole.closed or part.closed
    whole.understood = whole.understood and part.understood and part.spec is not None
    if whole.spec is not None and part.spec is not None:
        whole.spec["parts"].append(part.spec)
    for answer in (YES, NO):
        if all(answer in p.answers for p in whole.parts):
            whole.answers[answer] = sum((p.answers[answer] for p in whole.parts), Decimal(0))
        else:
            whole.answers.pop(answer, None)


def loose_clauses(whole: Built, clauses: Sequence[Clause]) -> None:
    """Ask about clauses beside the parts, other than one that gives all points."""
    for clause in clauses:
        points = points_of(clause.action, whole.full) if isinstance(clause.action, Given) else None
        if points == whole.full:
            continue
        whole.ask(f"“{clause.text or '总述'}”对各要点怎样适用没有写明")


def weighted(node: Node, full: Decimal) -> Built | None:
    """A mix of several rates, each with its own share of the points; None where the formula is something else."""
    shares = mix(node, full) or {}
    names = [called(name) for name in shares]
    if len(shares) < 2 or len(set(names)) != len(names) or "" in names or sum(shares.values()) != full:
        return None
    whole = Built(full=full, spec={"kind": "sum", "full": full, "parts": []})
    for name, points in zip(names, shares.values(), strict=True):
        spec = {"kind": "proportional", "full": points, "x": name}
        adopt(whole, Built(spec, full=points, unit="%"))
    return whole


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
    item.text, proof = take_precondition(item.text)
    for place, remark in enumerate(item.asides):
        if not proof:
            rest, proof = take_precondition(remark)
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
