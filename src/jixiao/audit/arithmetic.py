"""What a report reckons: totals and parts, shares, rates of completion, differences and rates of change, enumerations.

Either side may be a figure of the report itself; where nothing tells which of several figures is wrong, they conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from jixiao.audit.binding import joined_to, trimmed, vocabulary
from jixiao.audit.figure import Figure
from jixiao.audit.known import Known, KnownValues
from jixiao.audit.scope import difference_of
from jixiao.audit.statement import (
    UNDEFINED,
    Conflict,
    Inside,
    Outcome,
    Statement,
    conflict,
    in_unit,
    rounds_to,
    shown,
)
from jixiao.model import half_up
from jixiao.text import Kind

UNCLEAR = f"{Inside.NO_SUM}，不能判定哪个有误"
TAIL = "合计与各项之和只差尾数"
_UP = ("增加", "增长", "上升", "多", "超出", "超过", "提高")
_DOWN = ("减少", "下降", "降低", "少", "节约", "结余")
_MOVED = f"(?P<word>{'|'.join((*_UP, *_DOWN))})"
_AGAINST = re.compile(rf"(?P<what>.*?)比(?P<base>[^比，,]{{2,12}}?){_MOVED}(?:了|数额为|金额为)?$")
_RATE = re.compile(rf"^(?:增幅|降幅)?{_MOVED}(?:了|率为|幅度为)?$")
_WRITTEN = re.compile(r"(?<=[数算])\d+(?:\.\d+)?(?:亿|万)?元(?=\D)")  # 比年初预算131.83万元增加
_BUDGET = ("年初预算", "预算", "年初预算数", "预算数")
_SHARE = re.compile(r"占(?P<whole>[^占，。；、]{2,20}?)的?(?:比重|比例|比率)?[为是约达到]*$")
_LISTED = re.compile(
    r"[^\d。；]{0,8}?[，,:：]?(?:分别是|分别为|包括|即|为)[:：]?(?P<items>[^，。；:：]+(?:、[^，。；:：]+)+)"
)
_RATE_WORDS = ("完成全年任务", "完成率", "完成年度任务", "完成全年目标")
_PLANNED = ("任务", "须", "目标", "应", "计划完成")


# ---- differences and rates of change


def changes(statements: Sequence[Statement], known: KnownValues) -> None:
    """比年初预算增加7.57万元，增长5.74%: direction, difference and rate; a growth written as a negative figure."""
    sides: tuple[Figure, Known, Known] | None = None
    for index, item in enumerate(statements):
        figure = item.figure
        if figure.kind not in (Kind.AMOUNT, Kind.RATE):
            continue
        if item.open and figure.value < 0 and figure.clause.endswith(_UP):
            item.disagrees(figure.clause[-8:], shown(abs(figure.value)), "", "增长写成了负数")
            continue
        found = _AGAINST.search(_WRITTEN.sub("", trimmed(figure.clause, ("为",))))
        if found is not None:
            pair = _sides(found["what"], found["base"], statements[:index], figure, known)
            sides = (figure, *pair) if pair is not None else None
        else:
            found = _RATE.search(figure.clause)
            if found is None or sides is None or sides[0].sentence != figure.sentence:
                continue
        if sides is not None and item.open:
            _difference(item, found["word"], *sides[1:])


def _sides(
    what: str, base: str, before: Sequence[Statement], figure: Figure, known: KnownValues
) -> tuple[Known, Known] | None:
    """The value compared and the one it is compared with, where both are certain."""
    name = _named(what, known) or _last(before, figure)
    if not name:
        return None
    budget = vocabulary().budgets.get(name, f"{name.removesuffix('决算数')}预算数")
    one, two = known.of([name]), known.of([budget if base in _BUDGET else base])
    return (one[0], two[0]) if one and two and one[0].name != two[0].name else None


def _named(what: str, known: KnownValues) -> str:
    """The settled amount that the words before 比 end with: by the longest phrase."""
    best, size = "", 0
    for subject in vocabulary().subjects:
        longest = max((len(phrase) for phrase in subject.phrases if what.endswith(phrase)), default=0)
        name = (
            next((n for n in subject.names if n.endswith("决算数") and known.of([n])), "")
            if longest > size
            else ""
        )
        if name:
            best, size = name, longest
    return best


def _last(before: Sequence[Statement], figure: Figure) -> str:
    """The last settled amount that the sentence has confirmed."""
    for item in reversed(before):
        if item.figure.sentence != figure.sentence or item.figure.block is not figure.block:
            return ""
        if item.known is not None and item.known.name.endswith("决算数"):
            return item.known.name
    return ""


def _difference(item: Statement, word: str, one: Known, two: Known) -> None:
    figure = item.figure
    moved = in_unit(one.value, one.unit, two.unit) - two.value
    if figure.unit == "%" and not two.value:
        return
    value = moved / two.value * 100 if figure.unit == "%" else in_unit(moved, two.unit, figure.unit)
    value = half_up(value, figure.digits)
    subject = f"{one.name}比{two.name}{word}"
    source = f"{shown(one.value)}与{shown(two.value)}（{one.place()}）"
    if (value >= 0) == (word in _UP):
        item.holds(abs(value) == figure.value, subject, f"{shown(abs(value))}{figure.unit}", source)
    else:
        way = "增加" if value > 0 else "减少"
        item.disagrees(subject, f"{way}{shown(abs(value))}{figure.unit}", source, "增减方向相反")


# ---- shares, rates and counts inside one paragraph


def reckoned(statements: Sequence[Statement], known: KnownValues) -> list[Conflict]:
    """Settle open statements by arithmetic inside their paragraph; what leaves is what contradicts itself."""
    conflicts: list[Conflict] = []
    for _, group in groupby(statements, key=lambda item: item.figure.at):
        own = list(group)
        for index, item in enumerate(own):
            if item.figure.unit == "%":
                for settle in (_share, _completion, _of_none):
                    if item.open:
                        settle(own, index, known)
            if item.figure.kind is Kind.COUNT and item.open:
                _enumerated(item)
        conflicts += [*_counted_parts(own), *_of_which(own), *_known_parts(own), *_plots(own)]
    return conflicts


def _share(own: list[Statement], index: int, known: KnownValues) -> None:
    """占总支出的 55.09%: the amount before it over the whole."""
    item = own[index]
    found = _SHARE.search(item.figure.clause)
    before = [
        s for s in own[:index] if s.figure.kind is Kind.AMOUNT and s.figure.sentence == item.figure.sentence
    ]
    if found is None or not before:
        return
    part = before[-1]
    names = next((n for word, n in vocabulary().wholes.items() if found["whole"].endswith(word)), [])
    wholes = known.of(names)
    if part.known is None:
        wholes, over = wholes[:1], in_unit(part.figure.value, part.figure.unit, "万元")
    else:
        over, kind = part.known.value, part.known.name[-3:]  # 决算数 of 决算数, 预算数 of 预算数
        wholes.sort(key=lambda whole: not whole.name.endswith(kind))
    shares = [(over / whole.value * 100, whole) for whole in wholes if whole.value and whole.unit == "万元"]
    said = next(((share, whole) for share, whole in shares if rounds_to(item.figure, share)), None)
    subject = f"占{found['whole']}"
    if said is not None:
        item.agrees(subject, f"{shown(said[0], 2)}%", said[1].place())
    elif shares and not part.open and part.known is not None:
        share, whole = shares[0]
        why = f"{part.figure.shown}占{shown(whole.value)}{whole.unit}"
        item.disagrees(subject, f"{shown(share, item.figure.digits)}%", whole.place(), why)


def _completion(own: list[Statement], index: int, _: KnownValues) -> None:
    """任务 75 亿元 … 76.92 亿元，完成全年任务 102.56%: the second over the first."""
    item = own[index]
    if not joined_to(item.figure.left).endswith(_RATE_WORDS) or index < 2:
        return
    done = own[index - 1]
    plans = [s for s in own[: index - 1] if s.figure.unit == done.figure.unit and _is_planned(s)]
    if not plans or not done.figure.unit or not plans[-1].figure.value:
        return
    plan = plans[-1]
    rate = done.figure.value / plan.figure.value * 100
    if rounds_to(item.figure, rate):
        for each in (item, done, plan):
            if each.open:
                each.agrees("完成率", f"{shown(rate, 2)}%", "按同段数字计算")
    elif done.outcome is plan.outcome is Outcome.AGREES:
        item.disagrees("完成率", f"{shown(rate, 2)}%", f"{done.figure.shown}÷{plan.figure.shown}")


def _is_planned(item: Statement) -> bool:
    return trimmed(item.figure.left, ("达",)).endswith(_PLANNED)


def _of_none(own: list[Statement], index: int, _: KnownValues) -> None:
    """优0个，良0个，中0个，差0个，评优率0%: a share of nothing has no value."""
    item = own[index]
    counts = [
        s for s in own[:index] if s.figure.kind is Kind.COUNT and s.figure.sentence == item.figure.sentence
    ]
    if "评优率" in item.figure.clause and len(counts) > 1 and not any(s.figure.value for s in counts):
        item.disagrees("评优率", UNDEFINED, "", "各等级均为0个，分母为0")


def _enumerated(item: Statement) -> None:
    """内设机构4个，分别是办公室、招商股、联络股、服务股: the names are counted."""
    found = _LISTED.match(item.figure.behind)
    if found is None or any(letter.isdigit() for letter in found["items"]):
        return
    count = len([name for name in found["items"].split("、") if name])
    subject, value = item.figure.clause[-8:], f"{count}{item.figure.unit}"
    if count == item.figure.value:
        item.agrees(subject, value, "按列举的名称计数")
    elif not found["items"].endswith("等") and count > 2:
        item.disagrees(subject, value, f"列举：{found['items']}", Inside.LISTED)


# ---- totals and parts


def _known_parts(own: list[Statement]) -> Iterator[Conflict]:
    """基本支出，其中：人员经费、公用经费: parts that are known to be all of the total, each named once in its sentence."""
    for index, total in enumerate(own):
        parts = _behind_total(own, index)
        for whole, named in vocabulary().partitions:
            each = len(parts) == len(named) and all(map(_said, parts, named))
            if each and _said(total, whole):
                yield from add_up(total, parts)


def _said(item: Statement, words: tuple[str, ...]) -> bool:
    return joined_to(item.figure.clause).removeprefix("其中").endswith(words)


def _plots(own: list[Statement]) -> Iterator[Conflict]:
    """Pieces of land of one area are never larger than it."""
    for index, total in enumerate(own):
        parts = _behind_total(own, index) if total.figure.kind is Kind.SIZE else []
        if len(parts) > 1 and sum(part.figure.value for part in parts) > total.figure.value:
            yield from add_up(total, parts)


def _behind_total(own: list[Statement], index: int) -> list[Statement]:
    """The figures of one unit behind 其中 in the sentence of a total, shares between them left out."""
    total = own[index]
    figure = total.figure
    if not re.match(r"[，,(]其中", figure.behind) or total.scope or difference_of(figure):
        return []
    parts: list[Statement] = []
    for item in own[index + 1 :]:
        if item.figure.sentence != figure.sentence:
            break
        if item.figure.unit == figure.unit:
            parts.append(item)
        elif item.figure.unit != "%":
            return []
    return parts


def _counted_parts(own: list[Statement]) -> Iterator[Conflict]:
    """A total and as many parts as the paragraph itself counts: they have to add up."""
    counts = {s.figure.value for s in own if s.figure.kind is Kind.COUNT}
    by_words: dict[tuple[str, str], list[Statement]] = {}
    for item in own:
        if item.figure.kind in (Kind.AMOUNT, Kind.SIZE) and len(item.figure.clause) >= 3:
            by_words.setdefault((item.figure.clause[-4:], item.figure.unit), []).append(item)
    for (_, unit), parts in by_words.items():
        if len(parts) < 3 or len(parts) not in counts:
            continue
        before = (item for item in own if item.figure.start < parts[0].figure.start)
        totals = [s for s in before if s.figure.unit == unit and s not in parts and "总" in s.figure.clause]
        if len(totals) == 1:
            yield from add_up(totals[0], parts)


def _of_which(own: list[Statement]) -> Iterator[Conflict]:
    """10人，其中8人为…，2人为…: a partition in so many words."""
    for index, total in enumerate(own):
        if total.figure.kind is not Kind.COUNT:
            continue
        yield from _at_most(total, own[index + 1 :])
        if not re.match(r"[，,]其中:?\d", total.figure.behind):
            continue
        parts = []
        for part in own[index + 1 :]:
            if part.figure.sentence != total.figure.sentence or not part.figure.right.startswith("为"):
                break
            parts.append(part)
        if len(parts) > 1 and all(part.figure.unit == total.figure.unit for part in parts):
            yield from add_up(total, parts)


def _at_most(total: Statement, behind: list[Statement]) -> Iterator[Conflict]:
    """8人，其中：非参公事业人员8人: one part alone is at most the whole."""
    if not behind or not re.match(r"[，,]其中:?[^\d，。；、]{2,14}\d", total.figure.behind):
        return
    part, unit = behind[0], total.figure.unit
    whole = total.worth(unit)
    if (
        part.figure.unit != unit
        or not part.open
        or whole is None
        or total.scope
        or difference_of(total.figure)
    ):
        return
    if part.figure.value > whole and total.open:
        yield _no_sum(total, [part], part.figure.shown)
    elif part.figure.value > whole:
        part.disagrees("其中数", f"不超过{shown(whole)}{unit}", "同句的合计", Inside.NO_SUM)
    elif part.figure.value == whole:
        part.agrees("其中数", total.figure.shown, "同句的合计")


def add_up(total: Statement, parts: Sequence[Statement]) -> Iterator[Conflict]:
    """Compare a sum with its total: the one figure that nothing else confirms is the wrong one, else it is a conflict."""
    figure, unit = total.figure, total.figure.unit
    whole = total.worth(unit)
    worth = [value for part in parts if (value := part.worth(unit)) is not None]
    if whole is None or len(worth) < len(parts):
        return
    added = sum(worth, Decimal(0))
    source, said = "+".join(shown(value) for value in worth), f"{shown(added)}{unit}"
    doubtful = [item for item in (total, *parts) if item.outcome is not Outcome.AGREES]
    if half_up(added, figure.digits) == whole:
        for item in doubtful:
            if item.open:
                item.agrees("合计", said, source)
    elif figure.digits and abs(added - whole) < figure.ulp:
        words = {"total": figure.shown, "added": said, "rest": f"{shown(added - whole)}{unit}"}
        yield conflict("J768", (total, *parts), TAIL, words)
    elif len(doubtful) > 1 or (doubtful and not doubtful[0].open):
        yield _no_sum(total, parts, said)
    elif doubtful and doubtful[0] is total:
        total.disagrees("合计", said, source, Inside.NO_SUM)
    elif doubtful:
        own = next(value for part, value in zip(parts, worth, strict=True) if part is doubtful[0])
        right = f"{shown(whole - added + own)}{unit}"
        doubtful[0].disagrees("合计的一项", right, f"合计{shown(whole)}：{source}", Inside.NO_SUM)


def _no_sum(total: Statement, parts: Sequence[Statement], added: str) -> Conflict:
    said = "、".join(part.figure.shown for part in parts)
    words = {"total": total.figure.shown, "parts": said, "added": added}
    return conflict("J767", (total, *parts), UNCLEAR, words)
