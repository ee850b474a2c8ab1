"""Which located figure a fact of the rubric takes: by the rubric's order of documents; a conflict is not a choice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.master.book.keep import Located
from jixiao.model import Findings
from jixiao.rubric import FactNeed

ROUNDING = Decimal("0.005")  # 万元 printed with two decimals against the same amount in 元


def choose(need: FactNeed, candidates: Sequence[Located], findings: Findings) -> Located | None:
    """The candidate that counts, or None with a finding that says why not."""
    if not candidates:
        return None
    for document in need.documents:
        # a facts file names the document more closely: 财决01-1表 全年预算数
        ranked = [item for item in candidates if item.fact.source.document.startswith(document)]
        if ranked:
            return _only(need, ranked, findings)
    chosen = _only(need, list(candidates), findings)
    if chosen is not None and need.documents:
        document = chosen.fact.source.document or chosen.fact.source.file
        findings.add(
            "J572",
            chosen.fact.source,
            name=need.concept.name,
            document=document,
            wanted="、".join(need.documents),
        )
    return chosen


def _only(need: FactNeed, ranked: list[Located], findings: Findings) -> Located | None:
    values = [item.fact.value for item in ranked]
    if len(set(values)) == 1 or _same_but_rounded(need, values):
        # linked before typed, then the figure with the most digits
        return max(ranked, key=lambda item: (item.link is not None, _digits(item.fact.value)))
    documents = "、".join(
        dict.fromkeys(item.fact.source.document or item.fact.source.file for item in ranked)
    )
    shown = "、".join(dict.fromkeys(str(value) for value in values))
    findings.add(
        "J571",
        *(item.fact.source for item in ranked),
        name=need.concept.name,
        documents=documents,
        values=shown,
    )
    return None


def _same_but_rounded(need: FactNeed, values: Sequence[Decimal | str]) -> bool:
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) != len(values) or not need.concept.is_amount:
        return False
    return max(numbers) - min(numbers) <= ROUNDING


def _digits(value: Decimal | str) -> int:
    return -int(value.normalize().as_tuple().exponent) if isinstance(value, Decimal) and value else 0
