"""Claims in words: 未超预算, X小于Y, 严格按照年初预算, 全部在用, 目标全部完成, 共N项, grades, zeros passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.audit.binding import Quantity, vocabulary
from jixiao.audit.blocks import PROBLEMS, Block, Report
from jixiao.audit.known import TOTAL, KnownValues
from jixiao.audit.reportfile import plain
from jixiao.audit.scope import scope_of_text
from jixiao.audit.statement import Outcome, Statement, shown
from jixiao.rubric import GRADES
from jixiao.text import count

EQUAL = Decimal("0.005")  # 万元; below it two amounts are the same
BUDGETS = ("年初预算数", "年初预算", "预算数", "预算")
ADJUSTED = ("调整后预算数", "调整后预算", "调整预算数", "全年预算数", "全年预算")
_UP, _DOWN = ("大于", "高于", "多于", "超过", "超出", "突破", "超"), ("小于", "低于", "少于")
_NOT_OVER = re.compile(
    r"(?P<what>[^。；，,]{0,40}(?:[，,][^。；，,]{0,40})?)(?:均)?(?:不超|未超|没有超过|未超过|不超过|均未突破|未突破)[^。；，,]{0,6}预算"
)
_STRICTLY = re.compile(r"严格按照?年初(?:批复的)?(?:部门)?预算[^。；，,]{0,8}")
_GRADE = re.compile(
    r"(?:评价|自评|评定|绩效)?等级[^。；，,]{0,6}?[为是]?[优良中差]|评[为定]?[“]?[优良中差](?:等|级|秀|好)"
)
_SAID_GRADE = re.compile(r"等级为([优良中差])")
_BANDS = re.compile(
    r"[优良中差][^。；]{0,12}?(?:\d+分|≥\d+|\d+\(含\))|\d+分?(?:\(含\))?以上[^。；]{0,6}优|[\[(]\d+,\d+[\])]"
)
_POOR = re.compile(r"未|没有|无|零|0分|不得分|扣|不足|不够|缺|为0|欠|迟|晚|不及时")
_OWN_BASE = re.compile(
    r"按照?(?:年初|调整后?的?|全年)预算数?(?:计算|口径|测算|为基数|为分母|$)|(?:对|占|为)年初预算|以(?:年初|调整后?|全年)预算数?为"
)
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:亿元|万元|元)|\([^()]*\)")
_OWN = re.compile(r"^(?:其中|但|且|而|因此|故)?[:：]?(?:\d{4}年度?|本年度?|当年|全年)?的?")
_RELATION = re.compile(
    rf"(?P<one>[^与和同]{{2,14}}?)(?:(?:与|和|同)(?P<same>[^，]{{2,12}}?)(?:持平|一致|相等|相同)"
    rf"|(?P<not>未|没有|并未|不)?(?P<word>{'|'.join((*_UP, *_DOWN))})了?(?P<two>[^，]{{2,12}}))"
)
_IN_USE = re.compile(r"固定资产[^。；，,]{0,4}(?:全部|均|都)(?:处于)?在用")
_IDLE = re.compile(r"固定资产[^。；，,未无没]{0,4}(?:部分|有|存在)(?:部分)?闲置")
_ALL_DONE = re.compile(
    r"(?<!项目)(?<!项目绩效)(?P<n>\d|[一二三四五六七八九])?[项个]?(?:部门)?(?:年度|整体)?绩效目标(?:任务)?(?:均|都)?(?:已)?(?:全部)"
    r"(?:完成|实现|达成)"
)
_ITEMS = re.compile(r"评分表[共含设有]{1,2}(?P<n>\d+)项(?:指标)?")
_FULL = re.compile(r"(?P<n>\d+)项(?:指标)?(?:得|拿到|获得?)满分")
_PAIRS = (
    ("三公经费决算数", "三公经费预算数", "三公"),
    ("日常公用经费决算数", "日常公用经费预算数", "公用经费"),
)
_RATES = {"支出完成率": "整体", "整体支出率": "整体", "整体支出执行率": "整体", "项目支出率": "项目"}
"""Rates of spending, and of what: the workbook may hold the same rate of the budget of the year's beginning."""


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


def claims_of(report: Report, known: KnownValues, statements: Sequence[Statement]) -> Iterator[Claim]:
    """All claims of a report that can be held against the known values."""
    for block in report.paragraphs():
        yield from _not_over(block, known)
        yield from _strictly(block, known)
        yield from _plain_words(block, known)
    yield from _which_budget(statements, known)
    yield from _silence(report, known)
    yield from _grades(report, known, statements)


def _judged(place: str, text: str, right: bool, why: str) -> Claim:
    if right:
        return Claim(place, text, Outcome.AGREES, why)
    return Claim(place, text, Outcome.DISAGREES, why, "J759", {"claim": text, "why": why})


def _not_over(block: Block, known: KnownValues) -> Iterator[Claim]:
    """三公经费未超预算."""
    for found in _NOT_OVER.finditer(block.text):
        for spent, planned, word in _PAIRS:
            if word not in found["what"]:
                continue
            over, under = known.value(spent), known.value(planned)
            place, text = block.place().shown(), found[0][-30:]
            if over is None or under is None:
                yield Claim(place, text, Outcome.UNCHECKED, f"评分簿没有{spent}或{planned}")
            else:
                yield _judged(place, text, over <= under, f"{spent}{shown(over)}，{planned}{shown(under)}")


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


def _which_budget(statements: Sequence[Statement], known: KnownValues) -> Iterator[Claim]:
    """A rate of spending that holds against the adjusted budget only, where the report does not say so itself."""
    seen: set[str] = set()
    named = {item.figure.sentence for item in statements if _OWN_BASE.search(item.figure.sentence)}
    for item in statements:
        base = _RATES.get(item.subject, "")
        other = known.value(f"{base}支出率_对年初预算") if base else None
        if other is None or item.outcome is not Outcome.AGREES or base in seen:
            continue
        if abs(other - item.figure.value) < Decimal("0.01"):
            continue
        seen.add(base)
        rate = f"{shown(other, 2)}%"
        if item.figure.sentence not in named and not any(rate in sentence for sentence in named):
            text = f"{item.subject}{item.figure.shown}"
            words = {"claim": text, "rate": rate, "what": f"{base}支出"}
            why = f"按年初预算计算为{rate}"
            yield Claim(item.figure.place.shown(), text, Outcome.AGREES, why, "J760", words)


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
    graded, said = _GRADE.search(text), _SAID_GRADE.search(text)
    if total is not None and graded is None:
        words = {"total": total.figure.shown, "grade": known.grade}
        place, figure = total.figure.place.shown(), total.figure.shown
        yield Claim(place, figure, Outcome.UNCHECKED, "没有写等级", "J762", words)
    if graded is not None and _BANDS.search(text) is None:
        place = next((b.place().shown() for b in report.paragraphs() if _GRADE.search(b.text)), "")
        yield Claim(place, graded[0], Outcome.UNCHECKED, "没有写等级标准", "J763", {"grade": graded[0]})
    if said is not None and total is not None and said[1] != known.grade:
        yield _judged(total.figure.place.shown(), said[0], False, f"评分簿的等级为{known.grade}")


# ---- plain words whose subjects cannot be misread


def _plain_words(block: Block, known: KnownValues) -> Iterator[Claim]:
    """Plain claims that no value allows; those about 未超预算 that have an outcome of their own are left to it."""
    for sentence in re.split(r"[。；;！？\n]", block.text):
        if scope_of_text(sentence, block.path, known):
            continue
        wrong = [each for clause in re.split(r"[，,]", sentence) for each in _relation(clause, known)]
        for text, why in (
            *wrong,
            *_assets(sentence, known),
            *_targets(sentence, known),
            *_items(sentence, known),
        ):
            if not (_NOT_OVER.search(text) and any(word in text for *_, word in _PAIRS)):
                yield _judged(block.place().shown(), text, False, why)


def _relation(clause: str, known: KnownValues) -> Iterator[tuple[str, str]]:
    """X小于Y, X与预算持平."""
    words = _OWN.sub("", _AMOUNT.sub("", clause)).removeprefix(plain(known.unit))
    found = _RELATION.fullmatch(_OWN.sub("", words))
    one = _quantity(found["one"].removesuffix("均")) if found is not None else None
    if found is None or one is None:
        return
    ours = _values(one.names, known)
    theirs = _values(_compared(found["same"] or found["two"], one), known)
    if ours and theirs and not any(_holds(found, a, b) for a in ours for b in theirs):
        yield clause, f"{one.names[0]}{shown(ours[0])}万元，与之相比的数为{shown(theirs[0])}万元"


def _quantity(text: str) -> Quantity | None:
    return next((item for item in vocabulary().quantities if text in item.phrases), None)


def _compared(text: str, one: Quantity) -> Sequence[str]:
    """Names of what a quantity is compared with; 预算 alone may be that of any time of the year."""
    if text in BUDGETS:
        return one.budget if text.startswith("年初") else (*one.budget, *one.adjusted)
    if text in ADJUSTED:
        return one.adjusted
    two = _quantity(text)
    return two.names if two is not None and two is not one else ()


def _values(names: Sequence[str], known: KnownValues) -> list[Decimal]:
    return [item.value for item in known.of(names) if item.unit == "万元"]


def _holds(found: re.Match[str], one: Decimal, two: Decimal) -> bool:
    if found["same"]:
        return abs(one - two) < EQUAL
    up = one > two if found["word"] in _UP else one < two
    return up != bool(found["not"])


def _assets(sentence: str, known: KnownValues) -> Iterator[tuple[str, str]]:
    """固定资产全部在用, 部分闲置."""
    rates = [item.value for item in known.of(["固定资产利用率"])]
    used, idle = _IN_USE.search(sentence), _IDLE.search(sentence)
    if used is not None and rates and all(rate < 100 for rate in rates):
        yield used[0], f"固定资产利用率为{shown(rates[0], 2)}%"
    if idle is not None and rates and all(rate == 100 for rate in rates):
        yield idle[0], "固定资产利用率为100%"


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
    if found is None or not known.judged:
        return
    if int(found["n"]) not in counts:
        yield found[0], f"评分表有{min(counts)}项指标"
    full = sum(item.points is not None and item.points == item.full > 0 for item in known.judged)
    said = _FULL.search(sentence)
    if said is not None and int(said["n"]) != full and all(item.points is not None for item in known.judged):
        yield said[0], f"{full}项指标得满分"
