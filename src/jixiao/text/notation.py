"""Running text as issued -> one plain notation for a grammar: half-width, one sign for each comparison, figures for numerals.

Nothing of the meaning is touched: full-width digits, ≦ and 〉, 百分之九十, 九成, 一分 and ranges written with any dash
become the same characters, so that a grammar has one way to read each. Between ``figures`` and ``ranges`` a grammar may
put its own rewriting; ``notation`` is both.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from jixiao.text.numerals import COUNTING, number
from jixiao.text.units import unit_pattern, units_of

LONGEST = 2000

SIGNS = {
    "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥", "≮": "≥", "≯": "≤", "〉": ">", "〈": "<", "›": ">", "‹": "<", "＝": "=",
    "–": "-", "—": "-", "―": "-", "─": "-", "‐": "-", "−": "-", "～": "~", "〜": "~", "∼": "~", "∽": "~", "˜": "~",
    "•": "·", "✕": "×", "✖": "×", "＊": "×", "*": "×", "⁄": "/", "∕": "/", "｡": "。", "﹣": "-",
}  # fmt: skip
_PAIRS = ((">=", "≥"), ("=>", "≥"), ("<=", "≤"), ("=<", "≤"), ("==", "="), ("+-", "±"), ("+/-", "±"))
_DROPPED = set("“”\"„‟「」『』'‘’＂ \t\u3000\u00a0\u200b\ufeff")
_CIRCLED = {chr(first + i): i + 1 for first in (0x2460, 0x2474) for i in range(20)}
_FEW = "二两三四五六七八九十"
Rewrite = tuple[str, str | Callable[[re.Match[str]], str]]


def figures(text: str) -> str:
    """The text letter by letter, with figures for numerals; at most ``LONGEST`` characters of the input are read.

    A number of a list that could be taken for a figure is marked: ``#3#`` for ③, ``@2@`` for "2. 10%".
    """
    # a blank behind the point tells a number of an item from 2.10%
    spaced = _rewriter(((r"(^|[\n;；。:：,，])\s*(\d{1,2}|[０-９]{1,2})[.．、)）]\s+(?=\S)", r"\1\n@\2@"),))
    return _rewriter(_figures())("".join(map(_narrow, spaced(text[:LONGEST]))))


def ranges(text: str) -> str:
    """One sign for the minus of a figure, and one for the dash of a range."""
    return _rewriter(_RANGES)(text)


def notation(text: str) -> str:
    """The plain notation, without blanks."""
    return ranges(figures(text))


def rewritten(text: str, steps: tuple[Rewrite, ...]) -> str:
    """The text after ordered rewritings."""
    return _rewriter(steps)(text)


@functools.cache
def _rewriter(steps: tuple[Rewrite, ...]) -> Callable[[str], str]:
    compiled = [(re.compile(pattern), to) for pattern, to in steps]

    def rewrite(text: str) -> str:
        for pattern, to in compiled:
            text = pattern.sub(to, text)
        return text

    return rewrite


@functools.cache
def _figures() -> tuple[Rewrite, ...]:
    # 四季度 is the fourth quarter, 三号 the third of the month; 分 has its own letters behind it
    units = unit_pattern(unit for unit in units_of() if unit not in ("分", "季度", "号"))
    return (
        (r"百分之([零一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)", lambda m: f"{_said(m[1])}%"),
        (
            rf"([{COUNTING}]|\d(?:\.\d+)?)成([一二三四五六七八九半])?(?!立|果|本|效|为|绩|员|功|交|品|长|就|熟|都)",
            _tenths,
        ),
        (rf"第([{COUNTING}]{{1,3}})(?=名|位|至|到|-|~|得|的|计|,|及)", lambda m: f"第{_said(m[1])}"),
        (rf"(?<=前)([{COUNTING}]{{1,3}})(?=名|位|得|的|计|,)", lambda m: _said(m[1])),
        (rf"([{_FEW}\d]{{1,2}})分之([{COUNTING[:9]}\d])", _share),
        # 一般, 一致, 同一个 and 第一级 hold no figure
        (
            (
                rf"(?<![同统唯任专单{COUNTING}万第])([一{_FEW}半零][一{_FEW}百半]{{0,3}})(?=倍|分(?![之别析配类钟期局管部组布]|为)"
                rf"|(?:{units})(?!般|定|体|性|致|切|起来|合格|通过|成功|交验))"
            ),
            _figure,
        ),
        (r"百分点值?|个百分比", "百分点"),
        ("个百分点", "百分点"),
        (r"(\d+(?:\.\d+)?)个?千分点", lambda m: f"{Decimal(m[1]) / 10}百分点"),
        (r"(?<=\d)个?(?:位次|名次)", "名"),
        (r"([\[(])(-?\d+(?:\.\d+)?%?),(-?\d+(?:\.\d+)?%?|\+?∞)([\])])", _interval),
        (r"(?<![\d.])\d{1,3}(?:,\d{3})+(?=\.?\d*(?:万|亿|元|人|个|户))", lambda m: m[0].replace(",", "")),
        *((re.escape(long), short) for long, short in _PAIRS),
        (r"(\d+(?:\.\d+)?)‰", lambda m: f"{Decimal(m[1]) / 10}%"),
        (r"(?<=[于为是])零(?=[,;。、得的计记给不]|$)", "0"),
        (r"(?<=[得计给记扣减])(?:一|1)?半(?:数)?(?:的)?(?:分值|分数|分)?(?=[,;。]|$)", "50%分值"),
        (r"为?(?:负[数值]?(?:或|和|、|及)(?:为?零|0)|(?:零|0)(?:或|和|、|及)(?:为?负[数值]))", "≤0"),
        (r"为(正|负)[数值](?!得分)", lambda m: ">0" if m[1] == "正" else "<0"),
        (r"\[(?!\d{4}\])([^\[\]]{2,80})\]", r"(\1)"),  # 率=[(甲-乙)/乙]×100%
    )


_RANGES: tuple[Rewrite, ...] = (
    (r"(?:正负)(?=\d)", "±"),
    (r"负(?=\d)", "-"),
    (r"(?<=[\d%)分项个次处件名天日人元位起例条家户笔份台辆本栋册张所场万])[-~]+(?=[-+±]?\d)", "~"),
)


def _narrow(letter: str) -> str:
    if letter in _CIRCLED:
        return f"\n#{_CIRCLED[letter]}#"
    if letter in SIGNS:
        return SIGNS[letter]
    if letter in _DROPPED:
        return ""
    if letter in "\r\n\u2028\u2029\v\f":
        return "\n"
    if unicodedata.decomposition(letter).startswith(("<super>", "<sub>")):
        return letter  # 5² must not become 52
    wide = unicodedata.normalize("NFKC", letter)
    return wide if wide.isprintable() and " " not in wide else ""


def _said(text: str) -> str:
    """A numeral as a figure; what is none (二三, two or three) stays."""
    value = number(text)
    return text if value is None else f"{value:f}"


def _share(match: re.Match[str]) -> str:
    """二分之一 as 50%; a third has no exact percentage and stays a word."""
    below, above = number(match[1]), number(match[2])
    if not below or above is None:
        return match[0]
    share = above * 100 / below
    return f"{share.normalize():f}%" if share * below == above * 100 and share < 100 else match[0]


def _interval(match: re.Match[str]) -> str:
    """[90%,100%) in the words of the text: 90%(含)~100%(不含)."""
    low, high = ("(含)" if match[side] in "[]" else "(不含)" for side in (1, 4))
    if "∞" in match[3]:
        return f"{'≥' if match[1] == '[' else '>'}{match[2]}"
    return f"{match[2]}{low}~{match[3]}{high}"


def _figure(match: re.Match[str]) -> str:
    if match[1] == "半":
        return "0.5"
    return match[0] if "半" in match[1] else _said(match[1])


def _tenths(match: re.Match[str]) -> str:
    whole = number(match[1])
    tail = Decimal(5) if match[2] == "半" else number(match[2]) if match[2] else Decimal(0)
    assert whole is not None
    assert tail is not None
    return f"{(whole * 10 + tail).normalize():f}%"
