"""What was read over and could still matter: a question, not a guess."""

from __future__ import annotations

import re

from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.clauses import Reading
from jixiao.authoring.criteria.grouping import heading
from jixiao.authoring.criteria.phrases import Given
from jixiao.authoring.criteria.statements import Item, is_note, moves_points

_PROOF = re.compile(
    r"(?:需|须|应)?(?:提供|提交|出具|附)(?P<what>.{2,30}?)(?:证明|佐证|作为依据|材料|底稿|依据)?,?(?:否则|不提供|未提供).{0,6}不(?:得|计|给)分"
)
_RISKY = re.compile(
    r"以此类推|依此类推|除外|剔除|分别(?:得|计|给|扣)|孰|择优|就高|较高者|取平均|平均值|平均得分|平均分|加权|封顶|视同|倍数|折半|减半|加倍|翻倍|累进|逐级|择其一|任选|选其一|"
    r"选择其中|一票否决|降档|降级|降一|降低.{0,2}[档级等]|提高.{0,2}[档级等]|系数|[一二三四五六七八九\d]折|核减|下调|上浮\d|从严|不重复|不得重复|取最高|最高级别|不累计|只计|仅计1次|同时扣|另行|免予|取消"
)
_POINTS = re.compile(
    r"(?<![充部成十区])分(?!别|工|离|项|户|批|组|担|享|析|配|类|解|为|管|工|布|期|局|行|级|发)|扣|折算"
)
_FIGURES = re.compile(r"±\d|\d%?(?:以内|以上|以下|之间)|[≥≤<>]\d")
_WEIGHTY = re.compile(
    r"不得分|酌情|扣\d|扣分|[得加减]\d|除外|剔除|否则|折半|减半|加倍|按.{0,8}计|视同|视为|满分|零分|比例"
)


def leftovers(item: Item, reading: Reading, built: Built) -> None:
    """Ask about remarks, words and headings of an item that may change its points."""
    for remark in item.asides:
        _remark(remark, built)
    for text in [*reading.left, *reading.signs & {"onward"}]:
        built.ask(f"“{'以此类推' if text == 'onward' else text}”没有写全，不能确定怎样计分")
    for clause in reading.clauses:
        for word in [*clause.words, *clause.after]:
            risk = _RISKY.search(word)
            if risk and not (clause.ranges and word in clause.words and risk[0].startswith("平均")):
                built.ask(f"“{word}”怎样影响得分没有读懂")
        lead = clause.words[-1] if clause.words else ""
        cut = isinstance(clause.action, Given) and re.search(r"(?<![压缩削精裁调递])减$|扣$", lead)
        if cut or (heading(clause) and _POINTS.search(clause.text)):
            built.ask(f"没有读懂：“{clause.text}”")


def beside(item: Item, part: Built) -> None:
    """Ask about remarks and further sentences of a point that is otherwise a plain title."""
    for remark in item.asides:
        _remark(remark, part)
    for statement in item.statements()[1:]:
        if _RISKY.search(statement) or _POINTS.search(statement) or _WEIGHTY.search(statement):
            part.ask(f"没有读懂：“{statement}”")


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
    elif _FIGURES.search(remark) and built.spec is not None and "x" in built.spec:
        built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
    elif _WEIGHTY.search(remark):
        built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
