"""Target values written as free text (指标值) -> operator, number, unit, time, or a quality grade; else a question.

"≥95分", "达到95%以上", "不超过24.67万一年", "2023年12月前", "良好". Nothing is guessed: what cannot be read, a rough
figure (约6.6万人次) and several figures in one cell are questions to the person.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from jixiao.text.dates import read_date
from jixiao.text.notation import LONGEST, notation
from jixiao.text.units import unit_pattern, units_of

if TYPE_CHECKING:
    from jixiao.text.lexing import Lark


_OPS = {
    "≥": "≥|大于或?等于|不小于|不低于|不少于|不短于|至少|达到|达|完成",
    "≤": "≤|小于或?等于|不超过|不大于|不高于|不多于|控制在|最多|最高",
    ">": ">|高于|大于|超过|多于",
    "<": "<|低于|小于|少于|不足",
    "=": "=|等于|为",
}
_GRADES = re.compile(
    r"(?:较|非常|基本|明显|显著|持续|有效|不断|逐步|进一步|全面|大力|切实|得到|有所)*(?:明显|良好|及时|优秀|优良|优|良|中|差|好|高|强|"
    r"合格|达标|合规|规范|显著|有效|满意|健全|完善|完备|齐全|准确|真实|完整|提升|提高|改善|增强|增加|减少|降低|保障|加强|促进|推动|充分|合理|"
    r"稳定|长期|安全|正常|到位|一般|较好|较高|较低|低)*(?:,?高|,?好)*"
)
_VERDICTS = {"是": True, "有": True, "否": False, "无": False, "没有": False}
_NONE = re.compile(r"不适用|无需|/|-+|—+|n/?a", re.IGNORECASE)


class TargetKind(StrEnum):
    """What a target value is."""

    BLANK = "blank"
    NOT_APPLICABLE = "not-applicable"
    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    GRADE = "grade"
    VERDICT = "verdict"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Target:
    """One target value.

    ``op`` is ≥ ≤ > < = (empty where
    the text gives none: the figure itself is the target), ``value`` and ``high`` are exact numbers in ``unit`` (95% is
    0.95 with unit %), ``period`` is what it is counted per (年). ``date`` is the last day named, and ``unit`` then says
    how exactly: 年, 月, 日. ``subject`` are the words before the figure. ``questions`` are Chinese; a target that has
    any is not to be computed with.
    """

    text: str
    kind: TargetKind
    op: str = ""
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    period: str = ""
    date: datetime.date | None = None
    grade: str = ""
    verdict: bool | None = None
    subject: str = ""
    questions: tuple[str, ...] = field(default=())

    def met(self, done: Decimal) -> bool | None:
        """Whether a result in the target's own unit meets it; None where that is not a comparison of numbers."""
        if self.questions or self.value is None or self.kind not in (TargetKind.NUMBER, TargetKind.RANGE):
            return None
        if self.kind is TargetKind.RANGE:
            return self.high is not None and self.value <= done <= self.high
        tests = {
            "≥": done >= self.value,
            "≤": done <= self.value,
            ">": done > self.value,
            "<": done < self.value,
        }
        return tests.get(self.op, done == self.value if self.op == "=" else done >= self.value)


@functools.cache
def _parser() -> Lark:
    from jixiao.text.lexing import Joiner, Lark

    text = resources.files("jixiao.text").joinpath("target.lark").read_text("utf-8")
    words = {"OPERATOR": "|".join(_OPS.values()), "UNITS": unit_pattern(units_of(), guarded=True)}
    for name, pattern in words.items():
        text = text.replace(f"%{name}%", pattern)
    return Lark(text, parser="lalr", lexer="basic", postlex=Joiner(), maybe_placeholders=False)


def read_target(text: str) -> Target:
    """Read a target value; never raises."""
    if len(text) > LONGEST:
        return Target(text[:40], TargetKind.UNREAD, questions=("指标值过长，请只写数值、单位或等次",))
    plain = notation(text).strip(",;。\n ")
    if not plain:
        return Target(text, TargetKind.BLANK)
    if _NONE.fullmatch(plain):
        return Target(text, TargetKind.NOT_APPLICABLE)
    if plain in _VERDICTS:
        return Target(text, TargetKind.VERDICT, verdict=_VERDICTS[plain])
    if len(plain) <= 12 and _GRADES.fullmatch(plain) and not re.search(r"\d", plain):
        return Target(text, TargetKind.GRADE, grade=plain)
    return _figures(text, plain)


def _figures(text: str, plain: str) -> Target:
    from jixiao.text.lexing import LarkError

    pieces = [piece for piece in re.split(r"[,;。、\n]", plain) if re.search(r"\d", piece)]
    said = text.strip()[:40]
    if not pieces:
        return _unread(text, f"指标值“{said}”没有数值，也不是常用的等次，请写明怎样算完成")
    if len(pieces) > 1:
        return _unread(text, f"指标值“{said}”有几个数值，请分成几个指标填写")
    try:
        return _read(text, _parser().parse(pieces[0]))
    except (LarkError, ValueError, ArithmeticError):
        return _unread(text, f"没有读懂指标值“{said}”，请写成“≥95%”“不超过10万元”这样的形式")


def _unread(text: str, question: str) -> Target:
    return Target(text, TargetKind.UNREAD, questions=(question,))


def _read(text: str, tree: Any) -> Target:
    parts = {child.data: child for child in tree.children if hasattr(child, "data")}
    words = [str(child) for child in tree.children if not hasattr(child, "data")]
    tails = [
        token for child in tree.children if getattr(child, "data", "") == "tail" for token in child.children
    ]
    body = parts["body"].children[0]
    tokens = {token.type: token for token in body.children if not hasattr(token, "data")}
    for tail in tails:
        tokens.setdefault(tail.type, tail)
    questions = [
        f"“{token}”怎样影响指标值没有读懂"
        for token in tails
        if token.type == "WORDS" and not re.fullmatch(r"(?:完成|之间|元|个|\(含\)|含)*", token)
    ]
    if "about" in parts or any(token.type == "ABOUT" for token in tails):
        questions.append("指标值是约数，请写明多少算完成")
    made = Target(text, TargetKind.NUMBER, subject=words[0] if words else "", questions=tuple(questions))
    if body.data == "date_part":
        said = str(tokens["DATE"])
        day, exact = read_date(said) or (
            None,
            "日" if "日" in said else "月",
        )  # a day without a year is left open
        return replace(made, kind=TargetKind.DATE, op="≤", unit=exact, date=day)
    amounts = [_amount(child) for child in body.children if getattr(child, "data", "") == "amount"]
    made = replace(made, op=_op(tokens), period=_period(str(tokens.get("PERIOD", ""))))
    value, unit = amounts[0]
    if body.data != "spanned":
        return replace(made, value=value, unit=unit)
    high, two = amounts[1]
    low = value / 100 if two == "%" and not unit else value
    return replace(made, kind=TargetKind.RANGE, value=min(low, high), high=max(low, high), unit=two or unit)


def _amount(tree: Any) -> tuple[Decimal, str]:
    number, unit = Decimal(str(tree.children[0])), str(tree.children[1]) if len(tree.children) > 1 else ""
    return (number / 100, "%") if unit == "%" else (number, unit)


def _op(tokens: dict[str, Any]) -> str:
    suffix = str(tokens.get("SUFFIX", ""))
    if "以上" in suffix:
        return "≥"
    if suffix:
        return "≤"
    word = str(tokens.get("OP", ""))
    return next((op for op, pattern in _OPS.items() if word and re.fullmatch(pattern, word)), "")


def _period(text: str) -> str:
    return text.strip("/").removeprefix("每").removeprefix("一").removeprefix("1")
