"""Figures of something that has a name of its own: a ledger account, a score, a quoted criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from jixiao.audit.known import TOTAL, Known, KnownValues, Scores, same_unit
from jixiao.audit.lexicon import lexicon
from jixiao.audit.statement import Figure, Statement, equal, in_text, shown
from jixiao.audit.tablecells import CRITERIA, SAID
from jixiao.text import Kind, unnumbered

THRESHOLD = re.compile(r"(?:的项目|以上|及以上|以下|以内|\(含\))")  # behind a figure: a bound and no value
_SCORE = re.compile(r"(?:得分|总分|总评分|评分结果)$")
_OTHER_SCORE = ("本指标", "折算", "项目")
_ALL_PROJECTS = re.compile(r"\d.*(?:合计|共计|总计|项目支出)")


@dataclass(frozen=True, slots=True)
class Binding:
    """Values that a figure may mean (the likeliest first) and how they are called."""

    subject: str
    values: tuple[Known, ...]


def bound(figure: Figure, known: KnownValues) -> Binding | None:
    """What a figure with a name of its own speaks of: the total, the score of a project, the balance of an account."""
    return None if THRESHOLD.match(figure.right) else _score(figure, known) or _account(figure, known)


def _score(figure: Figure, known: KnownValues) -> Binding | None:
    """The total, or the score of the project whose name stands nearest before the figure."""
    left = joined_to(figure.left)
    if figure.kind is not Kind.POINTS or not _SCORE.search(left):
        return None
    projects = sorted(known.owners("项目"), key=len, reverse=True)
    at, owner = max(((left.rfind(name), name) for name in projects), default=(-1, ""))
    if at >= 0 and not _ALL_PROJECTS.search(left[at + len(owner) :]):
        values = tuple(known.owned("项目", owner, ["score"]))
        return Binding(owner, values) if values else None
    if known.total is None or any(word in figure.left for word in _OTHER_SCORE):
        return None
    return Binding(TOTAL, (known.total,))


def _account(figure: Figure, known: KnownValues) -> Binding | None:
    """余额 of a ledger account that the sentence names by its code or its name."""
    if "余额" not in figure.clause:
        return None
    accounts = [item for item in known.owned("科目余额") if fits(figure, item)]
    own = sorted((i for i in accounts if i.owner in figure.sentence), key=lambda i: -len(i.owner))
    own = own or [item for item in accounts if len(item.field) > 3 and item.field in figure.left]
    return Binding(f"{own[0].field}期末余额", tuple(own[:1])) if own else None


def fits(figure: Figure, known: Known) -> bool:
    """Whether a value can be meant by a figure at all: the units allow it."""
    if not figure.unit:
        return figure.kind is Kind.BARE and not figure.block.level
    return same_unit(figure.unit, known.unit) if known.unit else figure.unit != "%"


def joined_to(left: str) -> str:
    """Words before a figure without what only joins them to it (为, 共, 达)."""
    between = lexicon().joining
    while left and (word := next((word for word in between if left.endswith(word)), "")):
        left = left.removesuffix(word)
    return left


ALIKE = 0.8  # share of letters that two wordings of one text have in common
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_UNITS_BEHIND = ("月", "小时", "工作日", "百分", "亿", "万", "标准", "学")
_BEHIND = re.compile(
    r"[(，,:]?(?:满分\d+(?:\.\d+)?分[，,]?)?(?:得\d+(?:\.\d+)?分[，,]?)?(?P<word>满分|得分为|得分率|核定得|核定|得分|得|扣)?为?"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BEFORE = ("其中", "分别为", "为", "和", "及", "与", "的")
_GOES_ON = re.compile(r"得|调整|调增|调减|扣|核定|分值|满分|指标")
_OWN = re.compile(r"^本(?:部分|项|指标)")
BARE = ""


def quoted_criteria(statements: Sequence[Statement], known: KnownValues) -> None:
    """Figures of quoted criteria against those of the table that the user brought, else of the workbook, in their order.

    The workbook may word a rule in its own way: only a text that is the same letter by letter is a quotation of it.
    """
    judged = {item.title: item for item in known.judged}
    quoted = [item for item in statements if item.figure.column == CRITERIA]
    for _, group in groupby(quoted, key=lambda item: item.figure.at):
        own = list(group)
        row, text = judged[own[0].figure.title], own[0].figure.text
        wording = _closest(text, row.official) or next(
            (w for w in row.wordings if _letters(w) == _letters(text)), ""
        )
        said, written = (
            tuple(each.written for each in figures) for figures in ((i.figure for i in own), in_text(wording))
        )
        source = f"评分表原文（{known.table}）" if wording in row.official else row.scores.source.place()
        for item, value in zip(own, _aligned(said, written), strict=True) if wording else ():
            right = item.figure.written == value
            item.holds(right, f"{row.title}评分标准", value, source, "与正式评分表的数字不同")


def _letters(text: str) -> str:
    return _DIGITS.sub("#", text)


def _closest(text: str, wordings: Sequence[str]) -> str:
    """The wording that a text quotes, slips aside; empty where it quotes none."""
    masked = _letters(text)
    alike = [w for w in wordings if w and (_letters(w) == masked or _likeness(masked, _letters(w)) >= ALIKE)]
    return (
        max(alike, key=lambda wording: _likeness(masked, _letters(wording)), default="")
        if len(alike) > 1
        else "".join(alike)
    )


def _likeness(said: str, wording: str) -> float:
    matcher = SequenceMatcher(None, said, wording, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE <= matcher.quick_ratio() else 0.0


def _aligned(said: Sequence[str], wording: Sequence[str]) -> list[str]:
    """The figure of a wording that each figure said stands for; 无 for one that the wording does not have."""
    if len(said) == len(wording):
        return list(wording)
    pairs = [""] * len(said)
    for what, a, b, c, d in SequenceMatcher(None, said, wording, autojunk=False).get_opcodes():
        for offset in range(b - a):
            there = c + offset < d and what != "delete"
            pairs[a + offset] = wording[c + offset] if there else "无"
    return pairs


def deductions(statements: Sequence[Statement], known: KnownValues) -> None:
    """扣0.6分 in an explanation: what was taken off is what lacks from the full points."""
    judged = {item.title: item.scores for item in known.judged}
    said = [i for i in statements if i.figure.column == SAID and i.figure.kind is Kind.POINTS and i.open]
    for title, group in groupby(said, key=lambda item: item.figure.title):
        scores = judged[title]
        taken = [item for item in group if item.figure.left.endswith(("扣", "扣减", "扣除"))]
        if len(taken) == 1 and scores.points is not None:
            lost = scores.full - scores.points
            right = equal(taken[0].figure, lost, "")
            taken[0].holds(right, f"{title}扣分", f"{shown(lost)}分", scores.source.place())


def well_known(statements: Sequence[Statement]) -> None:
    """12345 and its like beside their words, right or one slip of the pen away; people and projects in whole numbers."""
    for item in statements:
        figure = item.figure
        if not item.open:
            continue
        for number, words in lexicon().fixed.items() if figure.kind is Kind.BARE else ():
            right = figure.written == number
            if any(word in figure.clause for word in words) and (
                right or Decimal(number) in slips(figure.written)
            ):
                item.holds(right, "热线", number, "公用号码")
        whole = figure.kind is Kind.COUNT and not figure.unit.startswith(("万", "亿"))
        parts = whole and not figure.column and figure.value != int(figure.value)
        if parts and not item.scope and not figure.right.startswith(_UNITS_BEHIND):  # a mean has decimals
            item.disagrees("个数", "整数", "计数", "个数不能有小数")


def slips(written: str) -> Iterator[Decimal]:
    """What may have been meant by a figure: one digit changed, two neighbours swapped, the decimal point moved."""
    places = [at for at, letter in enumerate(written) if letter.isdigit()]
    for at in places:
        yield from (Decimal(f"{written[:at]}{other}{written[at + 1 :]}") for other in "0123456789")
    for one, two in pairwise(places):
        yield Decimal(
            written[:one] + written[two] + written[one + 1 : two] + written[one] + written[two + 1 :]
        )
    yield from (Decimal(written).scaleb(power) for power in (-4, -3, -2, -1, 1, 2, 3, 4))


def points_in_sentences(statements: Sequence[Statement], known: KnownValues) -> None:
    """Settle open points and rates of points that follow the title of an indicator or a group."""
    titles = sorted(known.scores, key=len, reverse=True)
    projects = known.owners("项目")
    for item in statements:
        if item.open and item.figure.kind in (Kind.POINTS, Kind.RATE) and not item.figure.column:
            title, word = _about(item.figure, titles)
            if title and any(name in item.figure.left for name in projects):
                item.leaves("", "说的是项目的得分")
            elif title:
                _against(item, title, word, known.scores[title])


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
        heading = unnumbered(figure.block.path[-1])
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
        "得": (points, scores.rule),
    }
    if (item.figure.kind is Kind.RATE) != (word in ("得分率", "权重")):
        return
    wanted = [value for value in values.get(word, (points,)) if value is not None]
    said = next((value for value in wanted if equal(item.figure, value, "")), None)
    if said is not None:
        item.agrees(f"{title}{word or '得'}", f"{shown(said)}{item.figure.unit}", scores.source.place())
    elif wanted and not (word == BARE and _GOES_ON.match(item.figure.right)):
        value = f"{shown(wanted[0], 2)}{item.figure.unit}"
        item.disagrees(f"{title}{word or '得'}", value, scores.source.place())
