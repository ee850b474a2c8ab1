"""Figures whose right value needs no workbook, or stands in the annex: quoted criteria, deductions, known numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby

from jixiao.audit.figures import Sort
from jixiao.audit.known import KnownValues, official_figures
from jixiao.audit.likely import slips
from jixiao.audit.statement import Statement, equal, shown
from jixiao.audit.subjects import vocabulary
from jixiao.audit.tables import CRITERIA, SAID

ALIKE = 0.8  # share of figures that two wordings of one text have in common
_UNITS_BEHIND = ("月", "小时", "工作日", "百分", "亿", "万", "标准", "学")


def settle(statements: Sequence[Statement], truth: KnownValues) -> None:
    """Settle open figures of these kinds."""
    criteria(statements, truth)
    deductions(statements, truth)
    fixed(statements)
    whole_numbers(statements)


def criteria(statements: Sequence[Statement], truth: KnownValues) -> None:
    """Figures of quoted criteria against those of the official text, in their order."""
    judged = {item.title: item for item in truth.judged}
    quoted = [item for item in statements if item.figure.column == CRITERIA]
    official = official_figures(truth.rubric)
    for title, group in groupby(quoted, key=lambda item: item.figure.title):
        own = list(group)
        said = tuple(item.figure.written for item in own)
        known = sorted(judged[title].figures, key=lambda official: -_likeness(said, official))
        if known and _quotes(said, known[0]):
            told = official.get(judged[title].id) == known[0]
            source = f"评分表原文（{truth.rubric}.yaml）" if told else judged[title].scores.source.place()
            _align(own, known[0], judged[title].title, source)


def _likeness(said: Sequence[str], official: Sequence[str]) -> float:
    return SequenceMatcher(None, said, official, autojunk=False).ratio() + (len(said) == len(official))


def _quotes(said: Sequence[str], official: Sequence[str]) -> bool:
    """Whether a text quotes another, slips aside: as many figures, half of them the same, or nearly all the same."""
    same = sum(a == b for a, b in zip(said, official, strict=False))
    if len(said) == len(official):
        return 2 * same >= len(said) or len(said) == 1
    return SequenceMatcher(None, said, official, autojunk=False).ratio() >= ALIKE


def _align(own: list[Statement], official: tuple[str, ...], title: str, source: str) -> None:
    said = [item.figure.written for item in own]
    matcher = SequenceMatcher(None, said, official, autojunk=False)
    pairs: list[str] = list(official) if len(said) == len(official) else [""] * len(said)
    if len(said) != len(official):
        for what, a, b, c, d in matcher.get_opcodes():
            for offset in range(b - a):
                known = c + offset < d and what != "delete"
                pairs[a + offset] = official[c + offset] if known else "无"
    subject = f"{title}评分标准"
    for item, value in zip(own, pairs, strict=True):
        if item.figure.written == value:
            item.agrees(subject, value, source)
        else:
            item.disagrees(subject, value, source, "与正式评分表的数字不同")


def deductions(statements: Sequence[Statement], truth: KnownValues) -> None:
    """扣0.6分 in an explanation: what was taken off is what lacks from the full points."""
    judged = {item.title: item for item in truth.judged}
    said = [i for i in statements if i.figure.column == SAID and i.figure.sort is Sort.POINTS and i.open]
    for title, group in groupby(said, key=lambda item: item.figure.title):
        row = judged[title]
        taken = [item for item in group if item.figure.left.endswith(("扣", "扣减", "扣除"))]
        if len(taken) != 1 or row.points is None:
            continue
        lost = row.full - row.points
        if equal(taken[0].figure, lost, ""):
            taken[0].agrees(f"{title}扣分", f"{shown(lost)}分", row.scores.source.place())
        else:
            taken[0].disagrees(f"{title}扣分", f"{shown(lost)}分", row.scores.source.place())


def fixed(statements: Sequence[Statement]) -> None:
    """12345 and its like: beside their words, and one slip of the pen away."""
    for item in statements:
        if not item.open or item.figure.sort is not Sort.BARE:
            continue
        for number, words in vocabulary().fixed.items():
            if any(word in item.figure.clause for word in words):
                if item.figure.written == number:
                    item.agrees("热线", number, "公用号码")
                elif Decimal(number) in slips(item.figure.written):
                    item.disagrees("热线", number, "公用号码")


def whole_numbers(statements: Sequence[Statement]) -> None:
    """People, projects, times are counted in whole numbers, unless a mean is spoken of."""
    for item in statements:
        figure = item.figure
        parts = figure.sort is Sort.COUNT and not figure.column and figure.value != int(figure.value)
        if parts and item.open and not item.scope and not figure.right.startswith(_UNITS_BEHIND):
            item.disagrees("个数", "整数", "计数", "个数不能有小数")
