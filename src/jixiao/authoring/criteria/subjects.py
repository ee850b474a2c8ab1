"""What clauses speak of: the quantity, whether a figure alone decides, and which wordings name one quantity."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from jixiao.authoring.criteria.phrases import Clause, Node

FILLER = re.compile(
    r"(?:部分|为|情况|情形|区间|水平|要求|标准|档次|条件|范围|左右|以上情况|期间|状态|处理|予|计算|得分|按|标准值|目标|项目|及|本项|该项|指标|问题|"
    r"完成|达标|到位|,|(?:评|评定|定|确定|认定)?为?(?:优秀|良好|中等|合格|及格|较差|优|良|中|差)(?:等级?|等次)?|"
    r"现象|不合规|不合规现象|不符合|不规范|违规|违规问题|情况的|的情况|偏差|内容|事项|资料|材料|制度)*"
)
_QUANTITY = re.compile(
    r"(?:率|比|比例|数|数量|金额|额|度|得分|分数|成绩|结果|比重|时间|指标|值|占比|规模|人次|[xX]|幅度|偏差|进度|排名|名次|"
    r"收入|支出|经费|成本|差异|变动|天|情况|调查|评价|检查|抽查|测评|考核)(?:达到?|在|为|控制)?$|^(?:根据|按照?|依据|对照|参照|以|对|通过|截[至止]|该|本|其中|若|如|当|主要)"
)
_EMPTY = re.compile(
    r"^(?:若|如果|如|当|其中|发现|出现|发生|查出|对于|凡|实际|年度|本年度|全年|指标|本指标|该指标|其|则)*|(?:完成|实际|达到?|在|为|控制|处于|保持|的)*$"
)
_STEM = re.compile(r"(?:值|率|数|量|数量|情况|比例)$")
_GENERAL = {
    "",
    "结果",
    "比率",
    "比例",
    "比值",
    "x",
    "X",
    "数值",
    "指标",
    "完成",
    "完成情况",
    "实际",
    "达到",
    "得分",
    "部分",
}


def adds_up(node: Node) -> bool:
    """总得分=甲部分得分+乙部分得分: only says that the parts are added."""
    if node.op == "plus":
        return all(adds_up(side) for side in node.sides)
    return node.op == "name" and node.name.endswith(("得分", "部分"))


def is_filler(words: Iterable[str]) -> bool:
    """Whether words say nothing that changes the rule."""
    return all(FILLER.fullmatch(word) for word in words)


def is_figures(clause: Clause) -> bool:
    """Whether the clause is decided by a figure alone: one quantity, its ranges, nothing else."""
    order = clause.joined[-1] if clause.joined else ""
    if clause.split and _either(order, clause):
        order = order.split("|")[0]
    if clause.compared or "|" in order or not clause.ranges or not is_filler(clause.after):
        return False
    lead = order.split("r", maxsplit=1)[0]
    if "&" in lead or "e" in lead:
        return False
    return lead.count("w") <= 1 or all(_QUANTITY.search(word) for word in clause.words[:-1])


def _either(order: str, clause: Clause) -> bool:
    """Whether 或 joins two ranges of one quantity: 低于60%或高于100%."""
    sides = order.removesuffix("a").replace(",", "").removesuffix("e").split("|")
    if len(sides) != 2 or len(clause.words) > 2 or not all(re.fullmatch("w?r+", side) for side in sides):
        return False
    return len(clause.words) < 2 or same_subject(clause.words[0], clause.words[1])


def subject(clause: Clause) -> str:
    """The quantity that a clause talks about, without small words."""
    word = clause.words[-1] if clause.words else ""
    return _EMPTY.sub("", word.split(",")[-1])


def _shortened(short: str, long: str) -> bool:
    """偏差度 for 预决算偏差程度: the same letters in their order, ending alike."""
    return len(short) > 2 and re.search("[程的实际]*".join(map(re.escape, short)) + "$", long) is not None


def same_subject(one: str, other: str) -> bool:
    """Whether two wordings name one quantity: a short form, the same letters in another order, or nearly the same."""
    if one in _GENERAL or other in _GENERAL or one in other or other in one or sorted(one) == sorted(other):
        return True
    if _STEM.sub("", one) == _STEM.sub("", other) != "":
        return True  # 完成值, 完成率
    if _shortened(one, other) or _shortened(other, one):
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.85
