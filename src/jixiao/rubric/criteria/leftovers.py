"""What was read over and could still matter: a question, not a guess."""

from __future__ import annotations

import re

from jixiao.rubric.criteria.built import Built
from jixiao.rubric.criteria.clauses import Reading
from jixiao.rubric.criteria.grouping import heading
from jixiao.rubric.criteria.phrases import Given
from jixiao.rubric.criteria.statements import Item, is_note, moves_points

_PROOF = re.compile(
    r"(?:需|须|应)?(?:提供|提交|出具|附)(?P<what>.{2,30}?)(?:证明|佐证|作为依据|材料|底稿|依据)?,?(?:否则|不提供|未提供).{0,6}不(?:得|计|给)分"
)
_RISKY = re.compile(
    r"以此类推|依此类推|除外|剔除|分别(?:得|计|给|扣)|孰|择优|就高|较高者|取平均|平均值|平均得分|平均分|加权|封顶|视同|倍数|折半|减半|加倍|翻倍|累进|逐级"
)
_POINTS = re.compile(r"分(?!别|析|配|类|解|为|管|工|布|期|局|行|级|发)|扣|折算")
_WEIGHTY = re.compile(r"不得分|酌情|扣\d|扣分|得\d|除外|剔除|否则")


def leftovers(item: Item, reading: Reading, built: Built) -> None:
    """Ask about remarks, words and headings of an item that may change its points."""
    for remark in item.asides:
        _remark(remark, built)
    for text in [*reading.left, *reading.signs & {"onward"}]:
        built.ask(f"“{'以此类推' if text == 'onward' else text}”没有写全，不能确定怎样计分")
    for clause in reading.clauses:
        for word in [*clause.words, *clause.after]:
            if _RISKY.search(word):
                built.ask(f"“{word}”怎样影响得分没有读懂")
        lead = clause.words[-1] if clause.words else ""
        cut = isinstance(clause.action, Given) and re.search(r"[扣减]$", lead)
        if cut or (heading(clause) and _POINTS.search(clause.text)):
            built.ask(f"没有读懂：“{clause.text}”")


def _remark(remark: str, built: Built) -> None:
    proof = _PROOF.search(remark)
    if moves_points(remark) or is_note(remark):
        built.notes.append(remark)
    elif proof:
        built.questions.append(f"前提“{remark}”由评价人确认，不满足时不得分")
        if built.spec is not None and built.spec.get("kind") == "point":
            built.spec["requires"] = proof["what"]
        else:
            built.understood = False
    elif _WEIGHTY.search(remark):
        built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
