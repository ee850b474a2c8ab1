"""Points in sentences: 满分、得、扣 right behind the title of an indicator or of a group, and rates of points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.audit.figures import Figure, Sort
from jixiao.audit.known import KnownValues, Scores
from jixiao.audit.statement import Statement, equal, shown

_BEHIND = re.compile(
    r"[(，,:]?(?:满分\d+(?:\.\d+)?分[，,]?)?(?:得\d+(?:\.\d+)?分[，,]?)?(?P<word>满分|得分为|得分率|核定得|核定|得分|得|扣)?为?"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BEFORE = ("其中", "分别为", "为", "和", "及", "与", "的")
_GOES_ON = re.compile(r"得|调整|调增|调减|扣|核定|分值|满分|指标")
BARE = ""
_OWN = re.compile(r"^本(?:部分|项|指标)")
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、])")


def settle(statements: Sequence[Statement], truth: KnownValues) -> None:
    """Settle open points and rates of points."""
    titles = sorted(truth.scores, key=len, reverse=True)
    projects = truth.owners("项目")
    for item in statements:
        if item.open and item.figure.sort in (Sort.POINTS, Sort.PERCENT) and not item.figure.column:
            title, word = _about(item.figure, titles)
            if title and any(name in item.figure.left for name in projects):
                item.leaves("", "说的是项目的得分")
            elif title:
                _against(item, title, word, truth.scores[title])


def _about(figure: Figure, titles: Sequence[str]) -> tuple[str, str]:
    """Title and word right before a figure, both empty where anything else stands between."""
    left = figure.left
    weighed = figure.unit == "%" and "权重" in left
    for title in titles:
        if weighed and left.endswith(title):
            return title, "权重"
        at = left.rfind(title)
        whole = at >= 0 and (not _CHINESE.match(left[at - 1 : at]) or left[:at].endswith(_BEFORE))
        found = _BEHIND.fullmatch(left[at + len(title) :]) if whole else None
        if found is not None and (found["word"] or left.endswith(title)):
            return title, found["word"] or BARE
    own = _OWN.match(left)
    if own is not None and figure.block.path:
        heading = _NUMBER.sub("", figure.block.path[-1])
        found = _BEHIND.fullmatch(left[own.end() :])
        if heading in titles and found is not None and found["word"]:
            return heading, found["word"]
    return "", ""


def _against(item: Statement, title: str, word: str, scores: Scores) -> None:
    if scores.points is None and word not in ("满分", "权重"):
        return
    points = scores.points or Decimal(0)
    values: dict[str, tuple[Decimal | None, ...]] = {
        "满分": (scores.full, scores.weight),
        "扣": (scores.full - points,),
        BARE: (points, scores.rule, scores.full, scores.weight),
        "权重": (scores.weight,),
        "得分率": (points / scores.full * 100 if scores.full else None,),
    }
    if (item.figure.sort is Sort.PERCENT) != (word in ("得分率", "权重")):
        return
    wanted = [v for v in values.get(word, (points, scores.rule if word == "得" else None)) if v is not None]
    subject = f"{title}{word or '得'}"
    for value in wanted:
        if equal(item.figure, value, ""):
            item.agrees(subject, f"{shown(value)}{item.figure.unit}", scores.source.place())
            return
    if wanted and not (word == BARE and _GOES_ON.match(item.figure.right)):
        item.disagrees(subject, f"{shown(wanted[0], 2)}{item.figure.unit}", scores.source.place())
