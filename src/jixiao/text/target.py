"""Target values written as free text (指标值) -> operator, number, unit, time, or a quality grade; else a question.

"≥95分", "达到95%以上", "不超过24.67万一年", "2023年12月前", "良好". Nothing is guessed: what cannot be read, a rough
figure (约6.6万人次) and several figures in one cell are questions to the person.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Any

from jixiao.text.lexing import Joiner, Lark, LarkError, Token
from jixiao.text.normalise import LONGEST, normalise

BLANK, NOT_APPLICABLE, NUMBER, RANGE, DATE, GRADE, VERDICT, UNREAD = (
    "blank", "not-applicable", "number", "range", "date", "grade", "verdict", "unread",
)  # fmt: skip
_OPS = {
    "≥": r"≥|大于或?等于|不小于|不低于|不少于|不短于|至少|达到|达|完成",
    "≤": r"≤|小于或?等于|不超过|不大于|不高于|不多于|控制在|最多|最高",
    ">": r">|高于|大于|超过|多于",
    "<": r"<|低于|小于|少于|不足",
    "=": r"=|等于|为",
}
_GRADES = re.compile(
    r"(?:较|非常|基本|明显|显著|持续|有效|不断|逐步|进一步|全面|大力|切实|得到|有所)*(?:明显|良好|及时|优秀|优良|优|良|中|差|好|高|强|"
    r"合格|达标|合规|规范|显著|有效|满意|健全|完善|完备|齐全|准确|真实|完整|提升|提高|改善|增强|增加|减少|降低|保障|加强|促进|推动|充分|合理|"
    r"稳定|长期|安全|正常|到位|一般|较好|较高|较低|低)*(?:,?高|,?好)*"
)
_VERDICTS = {"是": True, "有": True, "否": False, "无": False, "没有": False}
_NONE = re.compile(r"不适用|无需|/|-+|—+|n/?a", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """One target value.

    ``kind`` is number, range, date, grade, verdict, blank, not-applicable or unread. ``op`` is ≥ ≤ > < = (empty where
    the text gives none: the figure itself is the target), ``value`` and ``high`` are exact numbers in ``unit`` (95% is
    0.95 with unit %), ``period`` is what it is counted per (年). ``date`` is the last day named, and ``unit`` then says
    how exactly: 年, 月, 日. ``subject`` are the words before the figure. ``questions`` are Chinese; a target that has
    any is not to be computed with.
    """

    text: str
    kind: str
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
        if self.questions or self.value is None or self.kind not in (NUMBER, RANGE):
            return None
        if self.kind == RANGE:
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
    text = resources.files("jixiao.text").joinpath("target.lark").read_text("utf-8")
    return Lark(text, parser="lalr", lexer="basic", postlex=Joiner(), maybe_placeholders=False)


def read_target(text: str) -> Target:
    """Read a target value; never raises."""
    if len(text) > LONGEST:
        return Target(text[:40], UNREAD, questions=("指标值过长，请只写数值、单位或等次",))
    plain = normalise(text).strip(",;。\n ")
    if not plain:
        return Target(text, BLANK)
    if _NONE.fullmatch(plain):
        return Target(text, NOT_APPLICABLE)
    if plain in _VERDICTS:
        return Target(text, VERDICT, verdict=_VERDICTS[plain])
    if len(plain) <= 12 and _GRADES.fullmatch(plain) and not re.search(r"\d", plain):
        return Target(text, GRADE, grade=plain)
    return _figures(text, plain)


def _figures(text: str, plain: str) -> Target:
    pieces = [piece for piece in re.split(r"[,;。、\n]", plain) if re.search(r"\d", piece)]
    if not pieces:
        return Target(
            text,
            UNREAD,
            questions=(f"指标值“{text.strip()[:40]}”没有数值，也不是常用的等次，请写明怎样算完成",),
        )
    if len(pieces) > 1:
        return Target(text, UNREAD, questions=(f"指标值“{text.strip()[:40]}”有几个数值，请分成几个指标填写",))
    try:
        tree = _parser().parse(pieces[0])
    except (LarkError, ValueError):
        return _unread(text)
    try:
        return _read(text, tree)
    except (ValueError, ArithmeticError):
        return _unread(text)


def _unread(text: str) -> Target:
    return Target(
        text,
        UNREAD,
        questions=(f"没有读懂指标值“{text.strip()[:40]}”，请写成“≥95%”“不超过10万元”这样的形式",),
    )


def _read(text: str, tree: Any) -> Target:
    words = [str(t) for t in tree.children if isinstance(t, Token) and t.type == "WORDS"]
    tails = [
        t
        for child in tree.children
        if not isinstance(child, Token) and child.data == "tail"
        for t in child.children
    ]
    about = any(not isinstance(c, Token) and c.data == "about" for c in tree.children)
    about = about or any(t.type == "ABOUT" for t in tails)
    body = next(c for c in tree.children if not isinstance(c, Token) and c.data == "body").children[0]
    tokens = {t.type: t for t in body.children if isinstance(t, Token)}
    for tail in tails:
        tokens.setdefault(tail.type, tail)
    rest = [
        str(t) for t in tails if t.type == "WORDS" and not re.fullmatch(r"(?:完成|之间|元|个|\(含\)|含)*", t)
    ]
    questions = [f"“{word}”怎样影响指标值没有读懂" for word in rest]
    if about:
        questions.append("指标值是约数，请写明多少算完成")
    subject = words[0] if words else ""
    period = _period(str(tokens.get("PERIOD", "")))
    if body.data == "date_part":
        day = str(tokens["DATE"])
        unit = "日" if "日" in day else "月" if "月" in day else "年"
        return Target(
            text, DATE, "≤", None, None, unit, "", _day(day), subject=subject, questions=tuple(questions)
        )
    amounts = [_amount(c) for c in body.children if not isinstance(c, Token) and c.data == "amount"]
    op = _op(tokens, amounts[0][1])
    if body.data == "spanned":
        (low, one), (high, two) = amounts
        low = low / 100 if two == "%" and not one else low
        return Target(
            text,
            RANGE,
            op,
            min(low, high),
            max(low, high),
            two or one,
            period,
            subject=subject,
            questions=tuple(questions),
        )
    value, unit = amounts[0]
    return Target(text, NUMBER, op, value, None, unit, period, subject=subject, questions=tuple(questions))


def _amount(tree: Any) -> tuple[Decimal, str]:
    number, unit = Decimal(str(tree.children[0])), str(tree.children[1]) if len(tree.children) > 1 else ""
    return (number / 100, "%") if unit == "%" else (number, unit)


def _op(tokens: dict[str, Any], unit: str) -> str:
    suffix = str(tokens.get("SUFFIX", ""))
    if "以上" in suffix:
        return "≥"
    if suffix:
        return "≤"
    word = str(tokens.get("OP", ""))
    return next((op for op, pattern in _OPS.items() if word and re.fullmatch(pattern, word)), "")


def _period(text: str) -> str:
    return text.strip("/").removeprefix("每").removeprefix("一").removeprefix("1")


def _day(text: str) -> datetime.date | None:
    """The last day that a date names: 2023年12月 is its 31st; a day without a year is left open."""
    figures = [int(part) for part in re.findall(r"\d+", text)]
    if not figures or figures[0] < 1900:
        return None
    year, month = figures[0], figures[1] if len(figures) > 1 else 12
    if len(figures) > 2:
        return datetime.date(year, month, figures[2])
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)
