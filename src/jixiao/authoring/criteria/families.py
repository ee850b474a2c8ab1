"""Families with a wording of their own, looked for first: grades mapped to ranges of the points."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.statements import is_note

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
