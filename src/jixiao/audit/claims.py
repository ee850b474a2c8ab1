"""Claims in words: 未超预算, X小于Y, 严格按照年初预算, 全部在用, 目标全部完成, 共N项, grades, zeros passed over in silence."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from jixiao.audit.blocks import PROBLEMS, Block, Report, plain
from jixiao.audit.frames import Compared, Frame, Reading
from jixiao.audit.known import TOTAL, KnownValues
from jixiao.audit.lexicon import Role
from jixiao.audit.operands import NO_BASE, NO_VALUE, Operand, Values
from jixiao.audit.readings import Reader
from jixiao.audit.relations import Holder, other_side
from jixiao.audit.scope import scope_of_text
from jixiao.audit.statement import Outcome, Statement, in_unit, shown
from jixiao.rubric import GRADES
from jixiao.text import count

NOUGHT = Operand(Decimal(0), Decimal(0), "", "")
EQUAL = Decimal("0.005")  # 万元; below it two amounts are the same
_STRICTLY = re.compile(r"严格按照?年初(?:批复的)?(?:部门)?预算[^。；，,]{0,8}")
_GRADE = re.compile(
    r"(?:评价|自评|评定|绩效)?(?:等级|等次|评级|评定)[^。；，,]{0,6}?[为是]?[优良中差]|评[为定]?[“]?[优良中差](?:等|级|秀|好)"
)
_SAID_GRADE = re.compile(
    r"(?:^|[，,：:、])(?:[本我].{1,3}?)?(?:绩效|评价|自评|综合|总体|最终|核查|结果|等级|等次|档次|评级|评定|确定)+[为是]([优良中差])"
)
_BANDS = re.compile(
    r"[优良中差][^。；]{0,12}?(?:\d+分|≥\d+|\d+\(含\))|\d+分?(?:\(含\))?以上[^。；]{0,6}优|[\[(]\d+,\d+[\])]"
)
_POOR = re.compile(r"未|没有|无|零|0分|不得分|扣|不足|不够|缺|为0|欠|迟|晚|不及时")
_OWN_BASE = re.compile(
    r"按照?(?:年初|调整后?的?|全年)预算数?(?:计算|口径|测算|为基数|为分母|$)|(?:对|占|为)年初预算|以(?:年初|调整后?|全年)预算数?为"
)
_ALL_DONE = re.compile(
    r"(?<!项目)(?<!项目绩效)(?P<n>\d|[一二三四五六七八九])?[项个]?(?:部门|年度|整体|绩效)+目标(?:任务)?[均都]?已?全部"
    r"(?:[如按]期)?(?:完成|实现|达成)"
)
_ITEMS = re.compile(r"评分表[共含设有]{1,2}(?P<n>\d+)项(?:指标)?")
_FULL = re.compile(r"(?P<n>\d+)项(?:指标)?(?:得|拿到|获得?)满分")


@dataclass(slots=True)
class Claim:
    """A claim with its outcome; ``code`` and ``words`` make the finding where there is one."""

    place: str
    text: str
    outcome: Outcome
    why: str
    code: str = ""
    words: dict[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        return {"place": self.place, "text": self.text, "outcome": self.outcome.value, "why": self.why}


def claims_of(
    report: Report, known: KnownValues, statements: Sequence[Statement], reader: Reader, holder: Holder
) -> Iterator[Claim]:
    """All claims of a report that can be held against the known values."""
    for compared in reader.claims:
        yield from _held(compared, holder.values)
    for block in report.paragraphs():
        yield from _strictly(block, known)
        yield from _plain_words(block, known)
    yield from _which_budget(holder.readings, holder.values)
    yield from _silence(report, known)
    yield from _grades(report, known, statements)


_HOLDS: dict[Role, Callable[[Decimal, Decimal], bool]] = {
    Role.EQUAL: lambda one, two: abs(one - two) < EQUAL,
    Role.NOT: lambda one, _: not one,
    Role.SOME: lambda one, two: 0 < one != two,
    Role.ALL: operator.eq,
    Role.DONE: operator.ge,
    Role.WITHIN: operator.le,
    **dict.fromkeys((Role.GREATER, Role.UP, Role.BEYOND, Role.POSITIVE), operator.gt),
    **dict.fromkeys((Role.LESS, Role.DOWN, Role.NEGATIVE), operator.lt),
}
"""What a word says of a value and of the one that it is measured by."""


def _held(claim: Compared, values: Values) -> Iterator[Claim]:
    """X大于Y, 未超预算, 全部在用, 占比最大: each of several subjects has to hold (均)."""
    place = claim.place.shown()
    for frame in claim.frames:
        subject = replace(frame, stage=frame.stage or "决算")
        found = (_ranked if claim.relation is Role.RANK else _against)(claim, subject, values)
        if found is not None and not (claim.scope or subject.weak):
            yield _judged(place, claim.text, *found)
        elif claim.relation not in (Role.DONE, Role.BEYOND):  # 完成 says little by itself
            lost = NO_BASE if claim.base.said or claim.rank else NO_VALUE
            yield Claim(place, claim.text, Outcome.UNCHECKED, claim.scope or lost)


def _against(claim: Compared, subject: Frame, values: Values) -> tuple[bool, str] | None:
    """A value against that of the base; without a base, against nothing."""
    base = claim.base
    ones = values.operands(subject)
    pairs = values.pairs(ones, values.operands(other_side(subject, base)))
    known = [(a, b) for a, b in pairs if a.known is not b.known] if base.said else [(a, NOUGHT) for a in ones]
    if base.weak or not known:
        return None
    holds = _HOLDS[claim.relation]
    right = any(
        holds(one.value, in_unit(two.value, two.unit, one.unit)) != claim.denied for one, two in known
    )
    return right, "，".join(each.text for each in known[0] if each.text)


def _ranked(claim: Compared, subject: Frame, values: Values) -> tuple[bool, str] | None:
    """占比最大, 居第二, 执行率最低: how many of its like are more, or less; what is nothing is not ranked."""
    key, rank = subject.key, claim.rank
    group = {
        (each.key, each.fund): _worth(each, subject.stage, values, rated=claim.rated)
        for each in values.alike(subject)
    }
    own = next((w for (name, fund), w in group.items() if name == key and fund in ("", subject.fund)), None)
    known = {name: worth for (name, _), worth in group.items() if worth}
    more = [name for name, worth in known.items() if own and (worth > own if rank > 0 else worth < own)]
    lost = len(known) < len(group) and (rank > 1 or claim.rated)
    if not own or len(known) < 2 or (lost and len(more) < rank):
        return None
    right = len(more) < abs(rank) <= len(more) + sum(worth == own for worth in known.values())
    return right, f"{'、'.join(more) or key}{'更多' if rank > 0 else '更少'}"


def _worth(frame: Frame, stage: str, values: Values, *, rated: bool) -> Decimal | None:
    """What a thing is ranked by: its amount in 万元, or its rate."""
    if rated:
        return next((each.value for each in values.known.owned("项目", frame.key, ["rate"])), None)
    own = values.operands(replace(frame, stage=stage))
    return next((in_unit(each.value, each.unit, "万元") for each in own if each.known), None)


def _judged(place: str, text: str, right: bool, why: str) -> Claim:
    if right:
        return Claim(place, text, Outcome.AGREES, why)
    return Claim(place, text, Outcome.DISAGREES, why, "J759", {"claim": text, "why": why})


def _strictly(block: Block, known: KnownValues) -> Iterator[Claim]:
    """严格按照年初预算执行: only where spending is the budget."""
    found = _STRICTLY.search(block.text)
    spent = known.value("年度支出决算数", "决算数")
    planned = known.value("支出预算数", "年初预算", "年初预算数")
    if found is None or spent is None or not planned:
        return
    rate = (spent - planned) / planned * 100
    moved = f"{'增加' if rate > 0 else '减少'}{shown(abs(rate), 2)}%"
    why = f"年初预算{shown(planned)}万元，支出决算{shown(spent)}万元，{moved}"
    yield _judged(block.place().shown(), found[0], abs(spent - planned) < EQUAL, why)


def _which_budget(readings: Sequence[Reading], values: Values) -> Iterator[Claim]:
    """A rate of spending that holds against the adjusted budget only, where the report does not say so itself."""
    seen: set[str] = set()
    sentences = {each.figure.sentence for each in readings}
    named = {sentence for sentence in sentences if _OWN_BASE.search(sentence)}
    for each in readings:
        item, rate = each.statement, each.rate
        about = (each.frame.items or ("支出",))[0]
        if rate is None or len(rate.under) < 2 or item.outcome is not Outcome.AGREES or about in seen:
            continue
        over, under = (values.of(Frame((about,), each.frame.fund, stage))[0] for stage in ("决算", "预算"))
        if about not in ("支出", "项目支出") or not over or not under or not under[0].value:
            continue
        other = over[0].value / in_unit(under[0].value, under[0].unit, over[0].unit) * 100
        if abs(other - item.figure.value) < Decimal("0.01"):
            continue
        seen.add(about)
        said = f"{shown(other, 2)}%"
        if item.figure.sentence not in named and not any(said in sentence for sentence in named):
            text = f"{item.subject}{item.figure.shown}"
            words = {"claim": text, "rate": said, "what": about if about == "项目支出" else "整体支出"}
            yield Claim(
                item.figure.place.shown(), text, Outcome.AGREES, f"按年初预算计算为{said}", "J760", words
            )


def _silence(report: Report, known: KnownValues) -> Iterator[Claim]:
    """A chapter on a group of indicators that says nothing of the one that got 0 points."""
    problems = "".join(block.text for block in report.section(PROBLEMS))
    for judged in known.judged:
        if judged.points != 0 or judged.full <= 0 or judged.extra or not judged.group:
            continue
        section = report.section(plain(judged.group))
        text = "".join(block.text for block in section)
        own = plain(judged.title)
        if not section or _told(own, text) or _told(own, problems, plain(judged.group)):
            continue
        words = {"section": judged.group, "title": judged.title, "full": shown(judged.full)}
        place, why = section[0].place().shown(), f"{judged.title}得0分"
        yield Claim(place, text[:40], Outcome.DISAGREES, why, "J761", words)


def _told(title: str, text: str, group: str = "") -> bool:
    """Whether a text names an indicator (of a group) in a sentence that says that something is missing."""
    near = {group[at : at + 2] for at in range(len(group) - 1)}
    return any(
        title in sentence and _POOR.search(sentence) and (not near or any(word in sentence for word in near))
        for sentence in re.split("[。；]", text)
    )


def _grades(report: Report, known: KnownValues, statements: Sequence[Statement]) -> Iterator[Claim]:
    """A total without a grade, a grade without its bands, another grade than the workbook's."""
    text = "".join(block.text for block in report.paragraphs())
    totals = (item for item in statements if item.subject == TOTAL and not item.figure.block.table)
    total = next(totals, None) if known.grade in GRADES else None
    graded = _GRADE.search(text)
    if total is not None and graded is None:
        words = {"total": total.figure.shown, "grade": known.grade}
        place, figure = total.figure.place.shown(), total.figure.shown
        yield Claim(place, figure, Outcome.UNCHECKED, "没有写等级", "J762", words)
    if graded is not None and _BANDS.search(text) is None:
        place = next((b.place().shown() for b in report.paragraphs() if _GRADE.search(b.text)), "")
        yield Claim(place, graded[0], Outcome.UNCHECKED, "没有写等级标准", "J763", {"grade": graded[0]})
    projects = known.owners("项目")
    for block in report.paragraphs() if known.grade in GRADES else ():
        own = (s for s in re.split("[。；]", block.text) if not any(name in s for name in projects))
        found = (one for one in map(_SAID_GRADE.search, own) if one)
        said = next((one for one in found if not scope_of_text(one.string[: one.end()], (), known)), None)
        if said is not None:
            if said[1] != known.grade:
                yield _judged(block.place().shown(), said[0], False, f"评分簿的等级为{known.grade}")
            return


# ---- plain words whose subjects cannot be misread


def _plain_words(block: Block, known: KnownValues) -> Iterator[Claim]:
    """Plain claims that no value allows."""
    for sentence in re.split(r"[。；;！？\n]", block.text):
        if scope_of_text(sentence, block.path, known):
            continue
        for text, why in (*_targets(sentence, known), *_items(sentence, known)):
            yield _judged(block.place().shown(), text, False, why)


def _targets(sentence: str, known: KnownValues) -> Iterator[tuple[str, str]]:
    """绩效目标全部完成."""
    found = _ALL_DONE.search(sentence)
    planned, done = known.value("部门目标数"), known.value("部门目标实现数")
    if found is None or planned is None or done is None or done >= planned:
        return
    if not found["n"] or count(found["n"]) == planned:
        yield found[0], f"{shown(planned)}项目标中完成{shown(done)}项"


def _items(sentence: str, known: KnownValues) -> Iterator[tuple[str, str]]:
    """How many indicators the score table has, and how many got full points: with and without the extra ones."""
    counts = {len(known.judged), sum(not item.extra for item in known.judged)}
    found = _ITEMS.search(sentence)
    if found is None or not known.judged or known.owned("自评项"):
        return
    if int(found["n"]) not in counts:
        yield found[0], f"评分表有{min(counts)}项指标"
    full = sum(item.points is not None and item.points == item.full > 0 for item in known.judged)
    said = _FULL.search(sentence)
    if said is not None and int(said["n"]) != full and all(item.points is not None for item in known.judged):
        yield said[0], f"{full}项指标得满分"
