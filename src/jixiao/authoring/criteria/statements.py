"""Criteria text as issued -> the one notation of the grammar -> numbered items -> statements.

Turns of phrase that say one thing in many ways are rewritten; remarks in brackets are set aside, never thrown away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.text import Rewrite, figures, ranges, rewritten

_OF_NO_ONE = "比例|酌情|相应|计算|综合|平均|评价|加权|考核|此项|该项|本项|合计|总|各项|实际|最终|按|折算|扣"
_SIDE = "高于|超过|超出|低于|少于"
_FIGURE = r"\d+(?:\.\d+)?"
_STEPS: tuple[Rewrite, ...] = (
    # 90%~100%得4分(不含100%)
    (rf"((?:得|计|给|记){_FIGURE}分)(\(不?含-?{_FIGURE}%?\))", r"\2\1"),
    (r"(?:任何)?1(?:项|个|条|点|次)(?:也|都|均)(?=不|未|没)", "均"),
    (rf"(?<=[^,;。:\n])占{_FIGURE}分:", ":"),
    # how the result is rounded, and that deductions are deducted
    (
        (
            r"(?<=[,;。])(?:计算|最终)?(?:结果|得分|分值|数值)?(?:四舍五入,?)?(?:均)?保留(?:到)?(?:小数点?后?)?[\d一两二]位(?:小数)?"
            r"(?:[,(]?四舍五入\)?)?(?=[,;。]|$)|(?<![^,;。:])(?:本项|指标)?得分=(?:满分|分值|权重分?|\d+分?)-(?:累计)?扣分[,;。]"
        ),
        "",
    ),
    # 预算公开、决算公开各得1分
    (
        rf"(?<![^,;。:\n])([^,;。:、()\d和及]{{2,20}}(?:[、和及][^,;。:、()\d和及]{{2,20}})+)(?:各|均|分别)(?:得|计|占)({_FIGURE}分)(?=[,;。\n]|$),?",
        lambda m: "".join(f"{word}得{m[2]}," for word in re.split("[、和及]", m[1])),
    ),
    # 达标得分,不达标不得分: what is done earns all, where its contrary is said to earn nothing
    (
        (
            rf"(?<![^,;。:\n])((?!.{{0,13}}(?:{_OF_NO_ONE}))[^,;。:\n=×/÷()\d%]{{1,14}}?)(?<!指标)(?<![不率度数性值的])得分"
            r"(?=[,;。\n][^。\n]{0,24}(?:不得分|得0分|不给分|计0分))"
        ),
        r"\1得满分",
    ),
    # a proportion told in words: 按实际运用率与80%的比值计分
    (
        rf"按照?([^,;。:()与和按\d]{{2,14}})[与和]({_FIGURE}%|[^,;。:()\d]{{2,12}})的?(?:比值|比率|比例)(?:计算得分|计算|计分|计得分|得分|折算)(?:得分)?",
        r"得分=\1/\2×分值",
    ),
    # 每高于105%或低于95%1个百分点: steps beyond two figures
    (
        rf"每({_SIDE})({_FIGURE}%)(?:或者?|、|,)({_SIDE})({_FIGURE}%)的?,?(?:每)?(?=\d)",
        r"\1\2或\3\4的,每偏离",
    ),
    (r"\|([^|\n]{1,60})\|", r"(\1)"),
)
_BEHIND: tuple[Rewrite, ...] = (
    (rf"(得分={_FIGURE}分?)~(?=\d+(?:\.\d+)?分?×)", r"\1-"),  # 得分=5-0.5×违规次数
    # ÷(100%-60%): a difference inside a formula
    (r"(?<=\d%|\d\d)~(?=\d{1,3}(?:\.\d+)?%?\)[×÷/]|(?<=[×÷/]\(\d\d\d%~)\d|(?<=[×÷/]\(\d\d%~)\d)", "-"),
    # 60%(0分)至100%(满分)之间: points named behind their figures
    (
        (
            rf"({_FIGURE}%?)\((?:得|计)?({_FIGURE}分|满分)\)(?:~|至|到|-)({_FIGURE}%?)\((?:得|计)?({_FIGURE}分|满分)\)(?:之间)?"
            r"(?=[^;。]{0,4}(?:线性|直线|插值|内插))"
        ),
        r"\1得\2,\3得\4,",
    ),
)


def normalise(text: str) -> str:
    """A criteria text in the notation of the grammar, without blanks."""
    return rewritten(ranges(rewritten(figures(text), _STEPS)), _BEHIND)


_NUMBERED = re.compile(
    r"(?:^|(?<=[\n;。:,]))(?:\((?P<a>\d{1,2})\)|(?P<b>\d{1,2}(?=[.、)])|@\d{1,2}@)(?:[.、)])?|#(?P<c>\d+)#[.、,]?|"
    r"\((?P<d>[一二三四五六七八九十]{1,2})\)|(?P<e>[一二三四五六七八九十]{1,2})(?:、|是(?![\d否]))|(?P<f>[A-Ha-h])[.、)])"
)
_MARK = re.compile(r"\((?:均)?(?:不?(?:含|包含|包括))(?:本数|本级|该数|[-\d.%~百分点项次天]*)\)")
_WAYS = re.compile(r"\((?:超过|高于|增加|上升|提高|降低|低于|减少|下降|不足|低|高|少|多|少于|上浮|下浮)\)")
_LABEL = re.compile(r"\((?:满分|分值|权重|计|得|共|各占|占)?:?(\d+(?:\.\d+)?)分?(?:值)?\)")
_NOTE = re.compile(r"^(?:备注|注|说明|附注|注意|提示)\d*:?")
_RULING = re.compile(r"[得扣加减]\d|不得分|得满分|酌情")
_MOVED = re.compile(
    r"(?:不考核|不适用|无需考核|不涉及|没有主管|无此项|不作考核|免予?考核).{0,40}(?:分值|权重|得分|分数)|"
    r"(?:分值|权重|分数).{0,10}(?:平均|调整至|调整到|并入|分摊|增加至|计入|转入|转移|合并)"
)
_NOT_RATED = re.compile(
    r"(?:^|,)(?:如|若|当|其中)*(?=[^,]{0,24}?(?:为0|无|没有|不涉及|未涉及|未安排|不存在|未发生|新成立|新设立|新增))[^,]{2,28}?"
    r"(?:的|时|者)?,?(?:本|该|此)?(?:项|指标|单位|部门)*(?:可|则)?(?:不(?:予|作|做|纳入|进行|参与)?(?:考核|评价|计分)(?!0)|不适用(?:本|该)?(?:指标|项)?|"
    r"免予?考核|不计入(?:考核|评价)(?:范围)?)(?=,|$)"
)
_DEFINED = re.compile(r"\([^=()×÷/+;。]{2,24}(?<!得分)(?<!分值)=[^=;。]{3,80}\)")
_CALC = set("×÷/+=-")


@dataclass(slots=True)
class Item:
    """One numbered point, or the whole text where nothing is numbered."""

    number: str
    text: str
    label: Decimal | None = None
    asides: list[str] = field(default_factory=list)

    def statements(self) -> list[str]:
        """The statements, split at 。 ; and line ends."""
        return [part.strip(",:") for part in re.split(r"[;。\n!]", self.text) if part.strip(",:")]


@dataclass(slots=True)
class Layout:
    """The text before the numbered items, and the items in order."""

    before: Item
    items: list[Item]


def lay_out(text: str) -> Layout:
    """Split at the numbering that comes first; numbering of another style stays inside its item."""
    marks = _marks(text)
    if not marks:
        return Layout(aside(Item("", text)), [])
    style = marks[0].lastgroup
    own = [mark for mark in marks if mark.lastgroup == style]
    items = []
    for mark, after in zip(own, [*own[1:], None], strict=False):
        body = text[mark.end() : after.start() if after else len(text)]
        items.append(Item(str(mark[mark.lastgroup or 0]).strip("@"), body))
    return Layout(aside(Item("", text[: own[0].start()])), items)


def _marks(text: str) -> list[re.Match[str]]:
    """Numbering marks; ``2.10%`` is one only where it goes on counting."""
    made: list[re.Match[str]] = []
    last = 0
    for mark in _NUMBERED.finditer(text):
        if mark.lastgroup == "b":
            number = int(mark["b"].strip("@"))
            figures = not mark["b"].startswith("@") and text[mark.end() : mark.end() + 1].isdigit()
            if figures and (number != last + 1 or not last):
                continue
            last = number
        made.append(mark)
    return made


def aside(item: Item) -> Item:
    """The item with remarks in brackets taken out of its text; points in brackets become its label."""
    made, depth, start = [], 0, 0
    text = item.text
    several = len(_LABEL.findall(text)) > 1
    for place, letter in enumerate(text):
        if letter == "(":
            if depth == 0:
                start = place
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            if depth == 0:
                made.append(_bracket(item, text, start, place + 1, several=several))
        elif depth == 0:
            made.append("" if letter == ")" else letter)
    if depth:
        made.append(text[start:].replace("(", "").replace(")", ""))
    item.text = "".join(made)
    return item


def _bracket(item: Item, text: str, start: int, end: int, *, several: bool) -> str:
    group = text[start:end]
    if _MARK.fullmatch(group) or _WAYS.fullmatch(group):
        return group
    label = _LABEL.fullmatch(group)
    if label:
        if item.label is None and not several:
            item.label = Decimal(label[1])
            return ""
        return f",{label[1]}分,"
    if _DEFINED.fullmatch(group):
        item.asides.append(group[1:-1])
        return ""
    around = (text[start - 1] if start else "") + (text[end] if end < len(text) else "")
    if (set(around) & _CALC or set(group) & {"×", "÷", "/", "+"}) and not re.search(r"[,;。]", group):
        return group
    item.asides.append(group[1:-1])
    return ""


def is_note(statement: str) -> bool:
    """Whether a statement is a remark (注：…) that neither gives nor takes points."""
    return bool(_NOTE.match(statement)) and not _RULING.search(statement)


def not_rated(statement: str) -> tuple[str, list[str]]:
    """The statement without a clause that says when nothing is rated (预算数为0的不考核), and these clauses."""
    told = [found[0].strip(",") for found in _NOT_RATED.finditer(statement)]
    return _NOT_RATED.sub("", statement).strip(","), told


def moves_points(statement: str) -> bool:
    """Whether a statement says where points go that do not apply."""
    return bool(_MOVED.search(statement))
