"""Sentences that compare named figures: exceptions before the rule, and rules that are such a comparison.

实际采购金额大于采购计划金额的，不得分 · 上年末为0，本年末继续为0的，得3分 · 报送日期不晚于截止日期的，得1分，否则不得分.
Every name must be tied already; a sentence with a name that is not is left in the text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.official.formulas import narrow
from jixiao.authoring.official.vocabulary import Vocabulary, bare

_SIGNS = {
    "大于等于": ">=", "小于等于": "<=", "不晚于": "<=", "不迟于": "<=", "不早于": ">=", "不大于": "<=", "不超过": "<=", "不高于": "<=",
    "不小于": ">=", "不低于": ">=", "不少于": ">=", "晚于": ">", "迟于": ">", "早于": "<", "大于": ">", "超过": ">", "高于": ">",
    "小于": "<", "低于": "<", "少于": "<", "等于": "==",
    "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">=", ">": ">", "<": "<", "=": "==", "为": "==",
}  # fmt: skip
_SIGN = re.compile("|".join(re.escape(word) for word in sorted(_SIGNS, key=len, reverse=True)))
_LEAD = re.compile(r"^(?:\d{1,2}[.、])?(?:其中|但是|但|如果|如|若|当|凡|如遇)*[,:]?")
_SENTENCE = re.compile(r"[^。;\n]+(?:[。;\n]|$)")
_OUTCOME = re.compile(
    r"^(?P<test>.+?)(?:的时候|时|的)?[,]*(?:则|本项|该项|此项|本指标|该指标|直接|即)*(?P<points>不得分|不给分|不计分|得满分|(?:得|计|给)\d{1,3}(?:\.\d{1,2})?分)$"
)
_OTHER = re.compile(
    r"^(?P<test>.+?)(?:的|时)?,?(?:得满分|(?:得|计)(?P<points>\d{1,3}(?:\.\d{1,2})?)分),?"
    r"(?:否则|反之|超过的|其余),?(?:不得分|得0分|计0分)$"
)
_DATES = ("不晚于", "不迟于", "早于", "不早于", "晚于", "迟于")


def take_exceptions(
    text: str, full: Decimal, vocabulary: Vocabulary, about: str, main: str
) -> tuple[str, list[dict[str, Any]]]:
    """The text without the sentences that are comparisons of tied figures, and those as ``first`` of a rule.

    A comparison of ``main``, the quantity that the rule itself scores, is one of its bands and stays.
    """
    plain = narrow(text)
    found: list[dict[str, Any]] = []
    kept = []
    sentences = list(_SENTENCE.finditer(plain))
    for match in sentences:
        made = _exception(match[0], full, vocabulary, about) if len(sentences) > 1 else None
        if made is None or re.match(rf"{re.escape(main)} \S+ -?[\d.]+$", made["when"]):
            kept.append(text[match.start() : match.end()])
        else:
            found.append(made)
    return ("".join(kept), found) if found else (text, [])


def _exception(sentence: str, full: Decimal, vocabulary: Vocabulary, about: str) -> dict[str, Any] | None:
    said = sentence.strip("。; \n\u200b")
    outcome = _OUTCOME.match(said)
    if outcome is None:
        return None
    when = _condition(outcome["test"], vocabulary, about)
    if not when:
        return None
    words = outcome["points"]
    points = (
        Decimal(0)
        if words.startswith("不")
        else full
        if "满分" in words
        else Decimal(re.sub(r"[^\d.]", "", words))
    )
    because = _LEAD.sub("", outcome["test"]).replace(",", "，").replace("\u200b", "").strip("的，")
    return {"when": when, "points": points, "because": because}


def take_comparison(text: str, full: Decimal, vocabulary: Vocabulary, about: str) -> dict[str, Any] | None:
    """A whole rule of the form 甲不晚于乙的，得1分，否则不得分 over tied figures, where it gives the full points."""
    said = narrow(text).strip("。; \n\u200b")
    found = _OTHER.match(said)
    if found is None or not any(word in said for word in _DATES):
        return None
    points = Decimal(found["points"]) if found["points"] else full
    when = _condition(found["test"], vocabulary, about)
    return {"kind": "condition", "full": full, "when": when} if when and points == full else None


def _condition(text: str, vocabulary: Vocabulary, about: str) -> str:
    tests = []
    for piece in re.split(r"[,]?(?:并且|而且|且)|,", _LEAD.sub("", text)):
        test = _test(piece.strip("的"), vocabulary, about)
        if not test:
            return ""
        tests.append(test)
    return " and ".join(tests)


def _test(text: str, vocabulary: Vocabulary, about: str) -> str:
    sign = _SIGN.search(text)
    if sign is None:
        return ""
    left, right = text[: sign.start()], text[sign.end() :].strip("的时")
    left = re.sub(r"(?:继续|仍|仍然|均|也|同样|年度实际)$", "", left)
    name = _tied(left, vocabulary, about)
    if not name:
        return ""
    if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,4})?", right):
        return f"{name} {_SIGNS[sign[0]]} {right}"
    other = _tied(right, vocabulary, about)
    return f"{name} {_SIGNS[sign[0]]} {other}" if other and other != name else ""


def _tied(wording: str, vocabulary: Vocabulary, about: str) -> str:
    if not bare(wording):
        return ""
    name = vocabulary.known(wording, about)
    return vocabulary.use(wording, about) if name else ""
