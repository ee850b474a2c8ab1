"""What a report says twice or reckons itself: shares, parts of a total, enumerations, rates of completion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from jixiao.audit.binding import trimmed
from jixiao.audit.conflicts import Conflict
from jixiao.audit.figures import Sort
from jixiao.audit.known import KnownValues
from jixiao.audit.statement import UNDEFINED, Outcome, Statement, in_unit, shown
from jixiao.audit.subjects import vocabulary
from jixiao.audit.sums import sums_of

_SHARE = re.compile(r"占(?P<whole>[^占，。；、]{2,20}?)的?(?:比重|比例|比率)?[为是约达到]*$")
_LISTED = re.compile(r"(?:分别是|分别为|包括|即|为)[:：]?(?P<items>[^，。；:：]+(?:、[^，。；:：]+)+)")
_COUNT_OF = re.compile(r"(?P<n>\d+)个")
_RATE_WORDS = ("完成全年任务", "完成率", "完成年度任务", "完成全年目标")
_PLANNED = ("任务", "须达", "目标", "应达", "计划完成")


def reckon(statements: Sequence[Statement], truth: KnownValues) -> list[Conflict]:
    """Settle open statements by arithmetic inside their paragraph; what leaves is what contradicts itself."""
    conflicts: list[Conflict] = []
    for _, group in groupby(statements, key=lambda item: (item.figure.block.number, item.figure.cell)):
        own = list(group)
        for index, item in enumerate(own):
            if item.open and item.figure.unit == "%":
                _share(own, index, truth)
            if item.open and item.figure.unit == "%":
                _completion(own, index)
            if item.open and item.figure.unit == "%":
                _of_none(own, index)
            if item.figure.sort is Sort.COUNT and item.open:
                _enumerated(item)
        conflicts += sums_of(own)
    return conflicts


def _share(own: list[Statement], index: int, truth: KnownValues) -> None:
    """占总支出的 55.09%: the amount before it over the whole."""
    item = own[index]
    found = _SHARE.search(item.figure.clause)
    before = [
        s for s in own[:index] if s.figure.sort is Sort.AMOUNT and s.figure.sentence == item.figure.sentence
    ]
    if found is None or not before:
        return
    part = before[-1]
    names = next((n for word, n in vocabulary().wholes.items() if found["whole"].endswith(word)), ())
    wholes = truth.of(names)[:1] if part.known is None else truth.of(names)
    over = (
        part.known.value if part.known is not None else in_unit(part.figure.value, part.figure.unit, "万元")
    )
    kind = part.known.name[-3:] if part.known is not None else ""
    wholes = sorted(wholes, key=lambda whole: not whole.name.endswith(kind or whole.name))
    shares = [(over / whole.value * 100, whole) for whole in wholes if whole.value and whole.unit == "万元"]
    for share, whole in shares:
        if _rounds(item, share):
            item.agrees(f"占{found['whole']}", f"{shown(share, 2)}%", whole.place())
            return
    if shares and not part.open and part.known is not None:
        share, whole = shares[0]
        value = f"{shown(share, item.figure.digits)}%"
        item.disagrees(
            f"占{found['whole']}",
            value,
            whole.place(),
            f"{part.figure.shown}占{shown(whole.value)}{whole.unit}",
        )


def _completion(own: list[Statement], index: int) -> None:
    """任务 75 亿元 … 76.92 亿元，完成全年任务 102.56%: the second over the first."""
    item = own[index]
    left = trimmed(item.figure.left, vocabulary().between)
    if not left.endswith(_RATE_WORDS) or index < 2:
        return
    done = own[index - 1]
    plans = [s for s in own[: index - 1] if s.figure.unit == done.figure.unit and _is_planned(s)]
    if not plans or not done.figure.unit or not plans[-1].figure.value:
        return
    plan = plans[-1]
    rate = done.figure.value / plan.figure.value * 100
    if _rounds(item, rate):
        for each in (item, done, plan):
            if each.open:
                each.agrees("完成率", f"{shown(rate, 2)}%", "按同段数字计算")
    elif done.outcome is plan.outcome is Outcome.AGREES:
        item.disagrees("完成率", f"{shown(rate, 2)}%", f"{done.figure.shown}÷{plan.figure.shown}")


def _of_none(own: list[Statement], index: int) -> None:
    """优0个，良0个，中0个，差0个，评优率0%: a share of nothing has no value."""
    item = own[index]
    counts = [
        s for s in own[:index] if s.figure.sort is Sort.COUNT and s.figure.sentence == item.figure.sentence
    ]
    if "评优率" in item.figure.clause and len(counts) > 1 and not any(s.figure.value for s in counts):
        item.disagrees("评优率", UNDEFINED, "", "各等级均为0个，分母为0")


def _is_planned(item: Statement) -> bool:
    return any(trimmed(item.figure.left, ("达",)).endswith(word.removesuffix("达")) for word in _PLANNED)


def _rounds(item: Statement, value: Decimal) -> bool:
    return value.quantize(item.figure.ulp, rounding=ROUND_HALF_UP) == item.figure.value


def _enumerated(item: Statement) -> None:
    """内设机构4个，分别是办公室、招商股、联络股、服务股: the names are counted."""
    block_text = item.figure.block.cells[item.figure.cell]
    rest = block_text[item.figure.end :]
    found = re.match(r"[^\d。；]{0,8}?[，,:：]?" + _LISTED.pattern, rest)
    if found is None or any(letter.isdigit() for letter in found["items"]):
        return
    count = len([name for name in found["items"].split("、") if name])
    value = f"{count}{item.figure.unit}"
    subject = item.figure.clause[-8:]
    if count == item.figure.value:
        item.agrees(subject, value, "按列举的名称计数")
    elif not found["items"].endswith("等") and count > 2:
        item.disagrees(subject, value, f"列举：{found['items']}", "个数与列举不符")
