"""Criteria text as issued -> one plain notation: half-width, one sign for each comparison, figures for numerals.

Nothing of the meaning is touched: full-width digits, ≦ and 〉, 百分之九十, 九成, 一分 and ranges written with any dash
become the same characters, so that the grammar has one way to read each.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

LONGEST = 2000

_SIGNS = {
    "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥", "≮": "≥", "≯": "≤", "〉": ">", "〈": "<", "›": ">", "‹": "<", "＝": "=",
    "–": "-", "—": "-", "―": "-", "─": "-", "‐": "-", "−": "-", "～": "~", "〜": "~", "∼": "~", "∽": "~", "˜": "~",
    "•": "·", "✕": "×", "✖": "×", "＊": "×", "*": "×", "⁄": "/", "∕": "/", "。": "。", "｡": "。", "、": "、", "﹣": "-",
}  # fmt: skip
_DROPPED = set("“”\"„‟「」『』'‘’＂ \t\u3000\u00a0\u200b\ufeff")
_CIRCLED = {**{chr(0x2460 + i): i + 1 for i in range(20)}, **{chr(0x2474 + i): i + 1 for i in range(20)}}
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
UNITS = (
    "个工作日|工作日|个百分点|百分点|平方米|公里|个月|小时|分钟|人次|万人|万元|亿元|元|项|个|次|处|件|起|例|条|"
    "天|日|周|月|年|名|位|人|户|家|笔|份|种|类|级|档|辆|台|套|批|期|亩|岁|宗|场|所|座|条次|篇|本|栋|幢|间|张|块|部|册|米|吨|课时|学时|轮|届|门|万"
)
_NUMERAL = re.compile(
    rf"(?<![同统唯任专单一二三四五六七八九十万第])([一二两三四五六七八九十半零][一二三四五六七八九十百半]{{0,3}})"
    rf"(?=倍|分(?![之别析配类钟期局管部组布]|为)|(?:{UNITS})(?!般|定|体|性|致|切|起来|合格|通过|成功|交验))"
)
_RANK = re.compile(
    r"第([一二三四五六七八九十]{1,3})(?=名|位|至|到|-|~|得|的|计|,|及)|(?<=前)([一二三四五六七八九十]{1,3})(?=名|位|得|的|计|,)"
)
_PERCENT = re.compile(r"百分之([零一二三四五六七八九十百]+)(?:点([零一二三四五六七八九]+))?")
_TENTHS = re.compile(
    r"([一二三四五六七八九十]|\d(?:\.\d+)?)成([一二三四五六七八九半])?(?!立|果|本|效|为|绩|员|功|交|品|长|就|熟|都)"
)
_BETWEEN = re.compile(r"(?<=[\d%)分项个次处件名天日人元位起例条家户笔份台辆本栋册张所场万])[-~]+(?=[-+±]?\d)")
# ÷(100%-60%): a difference inside a formula
_DIFFERENCE = re.compile(
    r"(?<=\d%|\d\d)~(?=\d{1,3}(?:\.\d+)?%?\)[×÷/]|(?<=[×÷/]\(\d\d\d%~)\d|(?<=[×÷/]\(\d\d%~)\d)"
)
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?=\.?\d*(?:万|亿|元|人|个|户))")
# "2. 10%<…": a blank behind the point tells a number of an item from 2.10%
_POINTED = re.compile(r"(^|[\n;；。:：,，])\s*(\d{1,2}|[０-９]{1,2})[.．、)）]\s+(?=\S)")
_INTERVAL = re.compile(r"([\[(])(-?\d+(?:\.\d+)?%?),(-?\d+(?:\.\d+)?%?|\+?∞)([\])])")
_FRACTION = re.compile(r"([二两三四五六七八九十\d]{1,2})分之([一二三四五六七八九\d])")
_PER_MILLE = re.compile(r"(\d+(?:\.\d+)?)‰")
_FRACTION_UNIT = re.compile(r"百分点值?|个百分比")


# 90%~100%得4分(不含100%)
_LATE_MARK = re.compile(r"((?:得|计|给|记)\d+(?:\.\d+)?分)(\(不?含-?\d+(?:\.\d+)?%?\))")
# 得分=5-0.5×违规次数
_LESS = re.compile(r"(得分=\d+(?:\.\d+)?分?)~(?=\d+(?:\.\d+)?分?×)")
# how the result is rounded, and that deductions are deducted
_REMARK = re.compile(
    r"(?<=[,;。])(?:计算|最终)?(?:结果|得分|分值|数值)?(?:四舍五入,?)?(?:均)?保留(?:到)?(?:小数点?后?)?[\d一两二]位(?:小数)?(?:[,(]?四舍五入\)?)?(?=[,;。]|$)|"
    r"(?<![^,;。:])(?:本项|指标)?得分=(?:满分|分值|权重分?|\d+分?)-(?:累计)?扣分[,;。]"
)
# 预算公开、决算公开各得1分
_EACH_ONE = re.compile(
    r"(?<![^,;。:\n])([^,;。:、()\d和及]{2,20}(?:[、和及][^,;。:、()\d和及]{2,20})+)(?:各|均|分别)(?:得|计|占)(\d+(?:\.\d+)?分)(?=[,;。\n]|$),?"
)
# a proportion told in words: 按实际运用率与80%的比值计分
_RATIO = re.compile(
    r"按照?([^,;。:()与和按\d]{2,14})[与和](\d+(?:\.\d+)?%|[^,;。:()\d]{2,12})的?(?:比值|比率|比例)(?:计算得分|计算|计分|计得分|得分|折算)(?:得分)?"
)
# 每高于105%或低于95%1个百分点: steps beyond two figures
_EITHER_SIDE = re.compile(
    r"每(高于|超过|超出|低于|少于)(\d+(?:\.\d+)?%)(?:或者?|、|,)(高于|超过|超出|低于|少于)(\d+(?:\.\d+)?%)的?,?(?:每)?(?=\d)"
)
# 60%(0分)至100%(满分)之间: points named behind their figures
_NAMED = re.compile(
    r"(\d+(?:\.\d+)?%?)\((?:得|计)?(\d+(?:\.\d+)?分|满分)\)(?:~|至|到|-)"
    r"(\d+(?:\.\d+)?%?)\((?:得|计)?(\d+(?:\.\d+)?分|满分)\)(?:之间)?"
    r"(?=[^;。]{0,4}(?:线性|直线|插值|内插))"
)

# 达标得分,不达标不得分: what is done earns all, where its contrary is said to earn nothing
_EARNS = re.compile(
    r"(?<![^,;。:\n])((?!.{0,13}(?:比例|酌情|相应|计算|综合|平均|评价|加权|考核|此项|该项|本项|合计|总|各项|实际|最终|按|折算|扣))"
    r"[^,;。:\n=×/÷()\d%]{1,14}?)(?<!指标)(?<![不率度数性值的])得分(?=[,;。\n][^。\n]{0,24}(?:不得分|得0分|不给分|计0分))"
)


def normalise(text: str) -> str:
    """The text in the plain notation, without blanks; at most ``LONGEST`` characters of the input are read."""
    spaced = _POINTED.sub(lambda m: f"{m[1]}\n@{m[2]}@", text[:LONGEST])
    made = "".join(map(_narrow, spaced))
    made = _PERCENT.sub(_percent, made)
    made = _TENTHS.sub(_tenths, made)
    made = _RANK.sub(lambda m: ("第" if m[1] else "") + str(_numeral(m[1] or m[2])), made)
    made = _FRACTION.sub(_share, made)
    made = _NUMERAL.sub(_figure, made)
    made = _FRACTION_UNIT.sub("百分点", made).replace("个百分点", "百分点")
    made = re.sub(r"(\d+(?:\.\d+)?)个?千分点", lambda m: f"{Decimal(m[1]) / 10}百分点", made)
    made = re.sub(r"(?<=\d)个?(?:位次|名次)", "名", made)
    made = _INTERVAL.sub(_interval, made)
    made = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), made)
    for long, short in (
        (">=", "≥"),
        ("=>", "≥"),
        ("<=", "≤"),
        ("=<", "≤"),
        ("==", "="),
        ("+-", "±"),
        ("+/-", "±"),
    ):
        made = made.replace(long, short)
    made = _PER_MILLE.sub(lambda m: f"{Decimal(m[1]) / 10}%", made)
    made = re.sub(r"(?<=[于为是])零(?=[,;。、得的计记给不]|$)", "0", made)
    made = re.sub(
        r"(?<=[得计给记扣减])(?:一|1)?半(?:数)?(?:的)?(?:分值|分数|分)?(?=[,;。]|$)", "50%分值", made
    )
    made = re.sub(
        r"为?(?:负[数值]?(?:或|和|、|及)(?:为?零|0)|(?:零|0)(?:或|和|、|及)(?:为?负[数值]))", "≤0", made
    )
    made = re.sub(r"为(正|负)[数值](?!得分)", lambda m: ">0" if m[1] == "正" else "<0", made)
    made = re.sub(r"\[(?!\d{4}\])([^\[\]]{2,80})\]", r"(\1)", made)  # 率=[(甲-乙)/乙]×100%
    made = _LATE_MARK.sub(r"\2\1", made)
    made = re.sub(r"(?:任何)?1(?:项|个|条|点|次)(?:也|都|均)(?=不|未|没)", "均", made)
    made = re.sub(r"(?<=[^,;。:\n])占\d+(?:\.\d+)?分:", ":", made)
    made = _REMARK.sub("", made)
    made = _EACH_ONE.sub(lambda m: "".join(f"{word}得{m[2]}," for word in re.split("[、和及]", m[1])), made)
    made = _EARNS.sub(r"\1得满分", made)
    made = _RATIO.sub(r"得分=\1/\2×分值", made)
    made = _EITHER_SIDE.sub(r"\1\2或\3\4的,每偏离", made)
    made = re.sub(r"\|([^|\n]{1,60})\|", r"(\1)", made)
    made = re.sub(r"(?:正负)(?=\d)", "±", made)
    made = re.sub(r"负(?=\d)", "-", made)
    return _NAMED.sub(r"\1得\2,\3得\4,", _DIFFERENCE.sub("-", _LESS.sub(r"\1-", _BETWEEN.sub("~", made))))


def _narrow(letter: str) -> str:
    if letter in _CIRCLED:
        return f"\n#{_CIRCLED[letter]}#"
    if letter in _SIGNS:
        return _SIGNS[letter]
    if letter in _DROPPED:
        return ""
    if letter in "\r\n\u2028\u2029\v\f":
        return "\n"
    if unicodedata.decomposition(letter).startswith(("<super>", "<sub>")):
        return letter  # 5² must not become 52
    wide = unicodedata.normalize("NFKC", letter)
    return wide if wide.isprintable() and " " not in wide else ""


def _share(match: re.Match[str]) -> str:
    """二分之一 as 50%; a third has no exact percentage and stays a word."""
    below, above = _numeral(match[1]), _numeral(match[2])
    share = Decimal(above) * 100 / below if below else Decimal(0)
    return f"{share.normalize():f}%" if below and share * below == above * 100 and share < 100 else match[0]


def _interval(match: re.Match[str]) -> str:
    """[90%,100%) in the words of the text: 90%(含)~100%(不含)."""
    low, high = ("(含)" if match[side] in "[]" else "(不含)" for side in (1, 4))
    if "∞" in match[3]:
        return f"{'≥' if match[1] == '[' else '>'}{match[2]}"
    return f"{match[2]}{low}~{match[3]}{high}"


def _numeral(text: str) -> int:
    if text.isdigit():
        return int(text)
    total, last = 0, 0
    for letter in text:
        if letter == "十":
            total, last = total + (last or 1) * 10, 0
        elif letter == "百":
            total, last = total + (last or 1) * 100, 0
        else:
            last = _DIGITS.get(letter, 0)
    return total + last


def _figure(match: re.Match[str]) -> str:
    text = match[1]
    if text == "半":
        return "0.5"
    if "半" in text:
        return match[0]
    return str(_numeral(text))


def _percent(match: re.Match[str]) -> str:
    tail = "." + "".join(str(_DIGITS[letter]) for letter in match[2]) if match[2] else ""
    return f"{_numeral(match[1])}{tail}%"


def _tenths(match: re.Match[str]) -> str:
    whole = match[1] if match[1][0].isdigit() else str(_numeral(match[1]))
    tail = 0 if not match[2] else 5 if match[2] == "半" else _DIGITS[match[2]]
    return f"{(Decimal(whole) * 10 + tail).normalize():f}%"
