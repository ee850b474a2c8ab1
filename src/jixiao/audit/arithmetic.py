"""What a report reckons: totals and parts, shares, rates of completion, differences and rates of change, enumerations.

Either side may be a figure of the report itself; where nothing tells which of several figures is wrong, they conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from jixiao.audit.frames import Reading, Tie
from jixiao.audit.known import KnownValues
from jixiao.audit.named import joined_to, trimmed
from jixiao.audit.scope import difference_of
from jixiao.audit.statement import (
    UNDEFINED,
    Conflict,
    Inside,
    Outcome,
    Statement,
    conflict,
    rounds_to,
    shown,
)
from jixiao.model import half_up
from jixiao.text import Kind

UNCLEAR = f"{Inside.NO_SUM}，不能判定哪个有误"
TAIL = "合计与各项之和只差尾数"
_LISTED = re.compile(
    r"[^\d。；]{0,8}?[，,:：]?(?:分别是|分别为|包括|即|为)[:：]?(?P<items>[^，。；:：]+(?:、[^，。；:：]+)+)"
)
_RATE_WORDS = ("完成全年任务", "完成率", "完成年度任务", "完成全年目标")
_PLANNED = ("任务", "须", "目标", "应", "计划完成")


# ---- shares, rates and counts inside one paragraph


def reckoned(statements: Sequence[Statement], known: KnownValues) -> list[Conflict]:
    """Settle open statements by arithmetic inside their paragraph; what leaves is what contradicts itself."""
    conflicts: list[Conflict] = []
    for _, group in groupby(statements, key=lambda item: item.figure.at):
        own = list(group)
        for index, item in enumerate(own):
            if item.figure.unit == "%":
                for settle in (_completion, _of_none):
                    if item.open:
                        settle(own, index, known)
            if item.figure.kind is Kind.COUNT and item.open:
                _enumerated(item)
        conflicts += [*_counted_parts(own), *_of_which(own), *_plots(own)]
    return conflicts


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


def known_parts(readings: Sequence[Reading], parts: Mapping[str, Sequence[str]]) -> Iterator[Conflict]:
    """基本支出，其中：人员经费、公用经费: parts that are known to be all of the total, each named once behind 其中."""
    children: dict[int, list[Reading]] = {}
    for each in readings:
        if each.parent is not None and each.tie is Tie.PLAIN and each.frame.items:
            children.setdefault(id(each.parent), []).append(each)
    for own in children.values():
        total = own[0].parent
        if total is None or not total.frame.items or total.statement.scope:
            continue
        wanted = parts.get(total.frame.items[0], ())
        figure = total.statement.figure
        named = [each.frame.items[0] for each in own]
        sound = (
            not any(each.frame.weak for each in (total, *own))
            and figure.block is own[0].statement.figure.block
        )
        if wanted and sound and sorted(named) == sorted(wanted):
            yield from add_up(total.statement, [each.statement for each in own])


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
