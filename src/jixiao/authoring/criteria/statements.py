"""Normalised text -> numbered items -> statements. Remarks in brackets are set aside, never thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

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
