"""What a rule would pass over in silence: quantities and formulas of the text that the rule does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jixiao.authoring.official.formulas import formulas, narrow
from jixiao.authoring.official.vocabulary import Vocabulary, bare, plain_facts
from jixiao.model import plain as plain_number

_EQUATION = re.compile(r"(?P<left>[\u4e00-\u9fff()]{2,24})\s*=\s*(?P<right>[^\s。；;,，\n]{1,40})")
_SCORE = re.compile(r"(?:得分|计分|评分|分数|分值|公式|办法|方法)$")
_ACT = re.compile(r"(?:[得扣计给加减]|满分)\d+(?:\.\d+)?分?|不得分|得满分|扣完为止|\d+(?:\.\d+)?分")
_MEASURED = re.compile(
    r"[\d%=<>≥≤每]|否则|反之|其余|其他|比例|达到|超过|低于|高于|不足|得分|基准|标准|插值|扣完|不扣|倒扣|全部|均"
)
_MOST = re.compile(r"最[高多大][^\d,，。；;]{0,8}?(\d+(?:\.\d+)?)分|(?:不超过|上限为?)(\d+(?:\.\d+)?)分")
_FIGURE = re.compile(r"^[-±+]?\d+(?:\.\d+)?(?:[%分个项次天人件]|$)")


def contradictions(text: str, spec: dict[str, Any], name: str, vocabulary: Vocabulary) -> list[str]:
    """Reasons not to trust a rule that was read; empty where there is none.

    ``name`` is the quantity the text was read over. A rule that people decide reads no quantities; a formula that was
    passed over speaks against it all the same.
    """
    reads = set(_reads(spec))
    plain = narrow(text)
    made = [
        f"算式“{match[0]}”没有读懂"
        for match in _EQUATION.finditer(plain)
        if not _SCORE.search(match["left"]) and not _FIGURE.match(match["right"])
    ]
    made += _limits(plain, spec)
    if not reads:
        return made
    made += _beside(plain, spec)
    known = {*plain_facts(text), *vocabulary.quantities, *(f.name for f in formulas(text) if not f.scores)}
    said = bare(plain)
    tied = {bare(read) for read in reads} | {bare(name)}
    for other in sorted(known):
        word = bare(other)
        if (
            word in said
            and not any(word in read or read in word for read in tied)
            and vocabulary.known(other) not in reads
        ):
            made.append(f"文中还有“{other}”，不能确定按哪个数计分")
    if len(reads) == 1 and sum(1 for _ in _reads(spec)) > 1 and spec["kind"] == "sum":
        made.append(f"几个要点都按“{next(iter(reads))}”计分，不能确定是否各有各的数")
    return made


def _limits(plain: str, spec: dict[str, Any]) -> list[str]:
    """A limit on the points that is not the full points, and that the rule does not hold."""
    held = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", str(spec))}
    told = [Decimal(one or other) for one, other in _MOST.findall(plain)]
    return [f"“最多{plain_number(most)}分”没有读懂" for most in told if most not in held]


def _beside(plain: str, spec: dict[str, Any]) -> list[str]:
    """Sentences that give or take points for something that is no figure, beside a rule over a figure."""
    made: list[str] = []
    held = [
        str(case.get("because", ""))
        for part in (spec, *spec.get("parts", []))
        for case in part.get("first", [])
    ]
    if spec["kind"] == "deductions":
        return made  # what costs points is counted, and all that is told beside it is when they are full
    for line in re.split(r"[。；;\n]", plain):
        rest = _ACT.sub("", line)
        if any(words and words in line for words in held):
            continue
        if rest != line and rest.strip() and not _MEASURED.search(rest):
            made.append(f"“{line.strip()}”与数值的关系没有写明")
    return made


def _reads(spec: dict[str, Any]) -> Iterator[str]:
    if isinstance(spec.get("x"), str):
        yield spec["x"]
    for key in ("parts", "items", "penalties"):
        for part in spec.get(key, []) if isinstance(spec.get(key), list) else []:
            yield from _reads(part)
