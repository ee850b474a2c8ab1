"""Words that take a figure out of what the workbook holds: another year, another body, a plan, a part, a difference.

A whole report of another unit or year is told here too, by its title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from jixiao.audit.blocks import Report, plain
from jixiao.audit.known import KnownValues
from jixiao.audit.statement import Figure
from jixiao.model import Finding, Source, make
from jixiao.text import Kind

OTHER = "报告的单位或年度与评分簿不同"
NAMING = (Kind.YEAR, Kind.DATE, Kind.ORDINAL, Kind.DOCUMENT)
"""Kinds of figures that name something and measure nothing."""
FIRST, SHORT = 8, 60  # blocks at the top of a report that may be a title, characters of one
_WRITTEN_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!\d{1,2}月)")
_INSTITUTION = re.compile(
    r"[一-龥]{2,20}?(?:局|委员会|中心|办公室|厅|研究院|政府|总队|支队|法院|检察院|协会|联合会|学校|医院|办事处|街道|人民政府)"
)
_PREFIX = re.compile(r"^.*?(?:关于|年度?)")

YEAR, BODY, PLAN = "说的是其他年度", "说的是其他单位或地区", "说的是计划或要求"
PART, CASE, MEAN = "说的是部分期间或部分内容", "是假设或另一口径的数", "说的是平均数"
FULL = 100  # points of all indicators together
DIFFERENCE, SUM, SCORE, EARLIER = "是两数之差", "是几项之和", "说的是另一个得分", "说的是变动以前的数"
_YEAR = r"(?P<year>(?<![\d-])\d{4})(?!-)年(?!\d{1,2}月\d{1,2}日)(?:度)?"
_SHAPES = (
    _YEAR,
    r"(?P<own>本年|当年|今年|(?<!\d年)(?<!年度)全年|本单位|我单位|我局|本局)",
    r"(?P<other>上年(?!结转|末?财政拨款结转|末国库)|上一年|去年|前年|往年|历年|次年|明年|来年|下年|同期)",
    r"(?P<plan>争取|力争|拟于|(?<!年初)预计|建议|打算|下一步|应控制|控制在(?=\D{0,3}(?:\d|$))|应保持|保持在|提高到|应达到|应不低于|不低于|不高于)",
    r"(?P<part>上半年|下半年|[一二三四]季度|[一二三]季|月底|月末|抽[查取样]|\d月?[-—–~～至到]\d+月)",
    r"(?P<until>\d月(?=支[付出]|完成|举办|签约)|截[至止](?:\d{4}年)?(?!12月)\d{1,2}月)",
    (
        r"(?P<case>剔除|扣除|不[含计]|不包[含括]|除[^，。；、]{2,20}[之以]?外"
        r"|若|如果|如按|假如|假设|假定|倘|按[^，。；、]{2,24}(?:计算|测算|折算|口径|规定|标准计)|按规则|以[^，。；]{2,10}为(?:分母|基数|基准))"
    ),
    r"(?P<mean>平均|人均|户均|同类单位|参评单位|兄弟单位|其他单位)",
)
_MARKS = re.compile("|".join(_SHAPES))
_BODY = re.compile(
    r"(?:^|[，,、：:(]|\d年|\d年度|与|和)(?P<name>[^\W\d_年全本各该此经由在于中和及与向对为的按其今]{2,3}[市县区])(?!级|委|政府|直|域|别)"
)
NEAR_YEARS = 2
_KINDS = {"other": "year", "until": "part"}
_REASONS = {"year": YEAR, "plan": PLAN, "part": PART, "case": CASE, "mean": MEAN}
_AHEAD = ("打算", "下一步", "建议", "工作计划", "整改")


def scope_of(figure: Figure, known: KnownValues) -> str:
    """Why a figure does not speak of what the workbook holds, or an empty text. The last word of each kind counts."""
    if figure.column or figure.kind in NAMING:
        return ""
    return scope_of_text(figure.left, figure.block.path, known)


def scope_of_text(left: str, path: Sequence[str], known: KnownValues) -> str:
    """The same for words under some headings."""
    state: dict[str, str] = {}
    for found in _MARKS.finditer(left):
        if found["year"]:
            state["year"] = YEAR if _is_other(int(found["year"]), known.year) else ""
        elif found["own"]:
            for kind in ("year", "part") if "年" in found["own"] else ("body",):
                state[kind] = ""
        else:
            kind = _KINDS.get(found.lastgroup or "", found.lastgroup or "")
            state[kind] = _REASONS[kind]
    if known.unit:
        rows = known.item_names()
        for body in _BODY.finditer(left):
            if not any(body["name"] in row for row in rows):  # 城乡社区支出 is no body
                state["body"] = "" if left.startswith(known.unit, body.start("name")) else BODY
        if known.unit in left[left.rfind("，") + 1 :]:
            state["body"] = ""
    if any(word in heading for heading in path for word in _AHEAD):
        state.setdefault("plan", PLAN)
    return next((reason for reason in state.values() if reason), "")


def _is_other(said: int, year: str) -> bool:
    """Whether a year is a neighbour of the report's own: figures of a year far off are rather a slip of the year."""
    return year.isdigit() and 0 < abs(said - int(year)) <= NEAR_YEARS


def other_score(figure: Figure, titles: Iterable[str], unit: str, review: bool | None) -> str:
    """Whether points speak of another score than the total: of a group, of another evaluation, a full mark.

    ``review``: the report is a review (True), a self-evaluation (False), or it is not known which.
    """
    near = figure.left[figure.left.rfind(unit) + len(unit) :] if unit and unit in figure.left else figure.left
    if figure.value == FULL or any(title in near for title in titles) or "指标" in figure.left:
        return SCORE
    clause = figure.clause
    at_own = clause.rfind("自评")
    own = at_own >= 0 and not clause[at_own:].startswith("自评核查")
    again = any(word in clause for word in ("核查", "复核", "核定", "审核", "再评价", "重点评价"))
    if own and not again and review is not False:
        return SCORE
    return SCORE if again and not own and review is False else ""


def is_review(texts: Sequence[str]) -> bool | None:
    """Whether a report is a review, by its first lines and then by its words; None where nothing tells."""
    for text in ("".join(texts[:6]), "".join(texts)):
        if "核查" in text or "核定得分" in text or "复核" in text:
            return "自评报告" not in text and "自评工作报告" not in text
        if "自评" in text:
            return False
    return None


def other_report(report: Report, known: KnownValues) -> Finding | None:
    """The finding that a report is of another unit or year; None where it is the same or nothing tells."""
    top = [block.text for block in report.paragraphs()][:FIRST]
    titles = [text for text in top if len(text) <= SHORT and "。" not in text]
    text = "".join(block.text for block in report.blocks)
    said = [_other_unit(titles, text, plain(known.unit)), _other_year(titles, text, known.year)]
    if not any(said):
        return None
    own = f"{known.unit}{known.year}年度"
    return make("J769", Source(report.name, "标题"), said="、".join(filter(None, said)), own=own)


def _other_unit(titles: list[str], text: str, unit: str) -> str:
    if not unit or unit in text:
        return ""
    bodies = [_PREFIX.sub("", found[0]) for title in titles for found in _INSTITUTION.finditer(title)]
    others = [body for body in bodies if len(body) > 2 and body not in unit and unit not in body]
    return others[0] if others and len(others) == len(bodies) else ""


def _other_year(titles: list[str], text: str, year: str) -> str:
    named = [found[1] for title in titles for found in _WRITTEN_YEAR.finditer(title)]
    if not year or not named or year in named:
        return ""
    counts = Counter(found[1] for found in _WRITTEN_YEAR.finditer(text))
    other = max(named, key=lambda each: counts[each])
    return f"{other}年" if counts[other] > counts[year] else ""
