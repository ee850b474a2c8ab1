"""Claims in words: 未超预算, 严格按照年初预算, 100 % of which budget, grades without bands, zeros passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.audit.document import Block, Report
from jixiao.audit.known import KnownValues
from jixiao.audit.pieces import plain
from jixiao.audit.statement import Outcome, Statement, shown
from jixiao.audit.words import wrong_words

_NOT_OVER = re.compile(
    r"(?P<what>[^。；，,]{0,40}(?:[，,][^。；，,]{0,40})?)(?:均)?(?:不超|未超|没有超过|未超过|不超过|均未突破|未突破)[^。；，,]{0,6}预算"
)
_STRICTLY = re.compile(r"严格按照?年初(?:批复的)?(?:部门)?预算[^。；，,]{0,8}")
_GRADE = re.compile(
    r"(?:评价|自评|评定|绩效)?等级[^。；，,]{0,6}?[为是]?[优良中差]|评[为定]?[“]?[优良中差](?:等|级|秀|好)"
)
_BANDS = re.compile(
    r"[优良中差][^。；]{0,12}?(?:\d+分|≥\d+|\d+\(含\))|\d+分?(?:\(含\))?以上[^。；]{0,6}优|[\[(]\d+,\d+[\])]"
)
_POOR = re.compile(r"未|没有|无|零|0分|不得分|扣|不足|不够|缺|为0|欠|迟|晚|不及时")
_OWN_BASE = re.compile(
    r"按照?(?:年初|调整后?的?|全年)预算数?(?:计算|口径|测算|为基数|为分母|$)|(?:对|占|为)年初预算|以(?:年初|调整后?|全年)预算数?为"
)
_PAIRS = (
    ("三公经费决算数", "三公经费预算数", "三公"),
    ("日常公用经费决算数", "日常公用经费预算数", "公用经费"),
)
PROBLEMS = "存在问题"


@dataclass(slots=True)
class Claim:
    """A claim with its outcome; ``code`` and ``words`` make the finding where there is one."""

    place: str
    text: str
    outcome: Outcome
    why: str
    code: str = ""
    level: str = ""
    words: dict[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        return {"place": self.place, "text": self.text, "outcome": self.outcome.value, "why": self.why}


def claims_of(report: Report, truth: KnownValues, statements: Sequence[Statement]) -> list[Claim]:
    """All claims of a report that can be held against the truth."""
    made: list[Claim] = []
    for block in report.paragraphs():
        made += _not_over(block, truth)
        made += _strictly(block, truth)
        made += _in_words(block, truth)
    made += _which_budget(statements, truth)
    made += _silence(report, truth)
    made += _grades(report, truth, statements)
    return made


def _not_over(block: Block, truth: KnownValues) -> Iterator[Claim]:
    for found in _NOT_OVER.finditer(block.text):
        for spent, planned, word in _PAIRS:
            if word not in found["what"]:
                continue
            over, under = truth.value(spent), truth.value(planned)
            place, text = block.place().shown(), found[0][-30:]
            if over is None or under is None:
                yield Claim(place, text, Outcome.UNCHECKED, f"评分簿没有{spent}或{planned}")
                continue
            why = f"{spent}{shown(over.normalize())}，{planned}{shown(under.normalize())}"
            if over <= under:
                yield Claim(place, text, Outcome.AGREES, why)
            else:
                yield Claim(place, text, Outcome.DISAGREES, why, "J759", words={"claim": text, "why": why})


def _in_words(block: Block, truth: KnownValues) -> Iterator[Claim]:
    """Plain claims that are wrong; those about 未超预算 that have an outcome of their own are left to it."""
    for text, why in wrong_words(block, truth):
        if _NOT_OVER.search(text) and any(word in text for *_, word in _PAIRS):
            continue
        words = {"claim": text, "why": why}
        yield Claim(block.place().shown(), text, Outcome.DISAGREES, why, "J759", words=words)


def _strictly(block: Block, truth: KnownValues) -> Iterator[Claim]:
    found = _STRICTLY.search(block.text)
    spent = truth.value("年度支出决算数", "决算数")
    planned = truth.value("支出预算数", "年初预算", "年初预算数")
    if found is None or spent is None or not planned:
        return
    place = block.place().shown()
    why = f"年初预算{shown(planned.normalize())}万元，支出决算{shown(spent.normalize())}万元，{_moved(spent, planned)}"
    if abs(spent - planned) < Decimal("0.005"):
        yield Claim(place, found[0], Outcome.AGREES, why)
    else:
        yield Claim(place, found[0], Outcome.DISAGREES, why, "J759", words={"claim": found[0], "why": why})


def _moved(value: Decimal, base: Decimal) -> str:
    rate = (value - base) / base * 100
    return f"{'增加' if rate > 0 else '减少'}{shown(abs(rate), 2)}%"


def _which_budget(statements: Sequence[Statement], truth: KnownValues) -> Iterator[Claim]:
    """A rate of spending that holds against the adjusted budget only, where the report does not say so itself."""
    seen: set[str] = set()
    sentences = {item.figure.sentence for item in statements if _OWN_BASE.search(item.figure.sentence)}
    for item in statements:
        base = {
            "支出完成率": "整体",
            "整体支出率": "整体",
            "整体支出执行率": "整体",
            "项目支出率": "项目",
        }.get(item.subject, "")
        other = truth.value(f"{base}支出率_对年初预算") if base else None
        if other is None or item.outcome is not Outcome.AGREES or base in seen:
            continue
        if abs(other - item.figure.value) >= Decimal("0.01"):
            seen.add(base)
            rate = f"{shown(other, 2)}%"
            if item.figure.sentence in sentences or any(rate in sentence for sentence in sentences):
                continue
            place, text = item.figure.place.shown(), f"{item.subject}{item.figure.shown}"
            why = f"按年初预算计算为{rate}"
            words = {"claim": text, "rate": rate, "what": f"{base}支出"}
            yield Claim(place, text, Outcome.AGREES, why, "J760", words=words)


def _silence(report: Report, truth: KnownValues) -> Iterator[Claim]:
    """A chapter on a group of indicators that says nothing of the one that got 0 points."""
    problems = "".join(block.text for block in report.section(PROBLEMS))
    for judged in truth.judged:
        if (
            judged.points is None
            or judged.points != 0
            or judged.full <= 0
            or judged.extra
            or not judged.group
        ):
            continue
        section = report.section(plain(judged.group))
        text = "".join(block.text for block in section)
        own, group = plain(judged.title), plain(judged.group)
        if not section or _told(own, text) or _told(own, problems, group):
            continue
        words = {"section": judged.group, "title": judged.title, "full": shown(judged.full)}
        yield Claim(
            section[0].place().shown(),
            text[:40],
            Outcome.DISAGREES,
            f"{judged.title}得0分",
            "J761",
            words=words,
        )


def _told(title: str, text: str, group: str = "") -> bool:
    """Whether a text names an indicator (of a group) in a sentence that says that something is missing."""
    near = {group[at : at + 2] for at in range(len(group) - 1)}
    return any(
        title in sentence and _POOR.search(sentence) and (not near or any(word in sentence for word in near))
        for sentence in re.split("[。；]", text)
    )


def _grades(report: Report, truth: KnownValues, statements: Sequence[Statement]) -> Iterator[Claim]:
    text = "".join(block.text for block in report.paragraphs())
    graded = _GRADE.search(text)
    total = next(
        (item for item in statements if item.subject == "合计得分" and not item.figure.block.table), None
    )
    if graded is None and total is not None and truth.grade in ("优", "良", "中", "差"):
        words = {"total": total.figure.shown, "grade": truth.grade}
        yield Claim(
            total.figure.place.shown(),
            total.figure.shown,
            Outcome.UNCHECKED,
            "没有写等级",
            "J762",
            words=words,
        )
    if graded is not None and _BANDS.search(text) is None:
        block = next((b for b in report.paragraphs() if _GRADE.search(b.text)), None)
        place = block.place().shown() if block is not None else ""
        yield Claim(place, graded[0], Outcome.UNCHECKED, "没有写等级标准", "J763", words={"grade": graded[0]})
    said = re.search(r"等级为([优良中差])", text)
    if (
        said is not None
        and total is not None
        and truth.grade in ("优", "良", "中", "差")
        and said[1] != truth.grade
    ):
        why = f"评分簿的等级为{truth.grade}"
        yield Claim(
            total.figure.place.shown(),
            said[0],
            Outcome.DISAGREES,
            why,
            "J759",
            words={"claim": said[0], "why": why},
        )
