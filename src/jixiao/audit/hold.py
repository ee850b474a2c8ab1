"""The audit itself: every figure of a report held against the truth, then against the rest of the report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby

from jixiao.audit import comparisons, dates, order, repeats, scores, within
from jixiao.audit.binding import Binder, Binding
from jixiao.audit.claims import claims_of
from jixiao.audit.document import Report
from jixiao.audit.figures import Figure, Sort, figures
from jixiao.audit.formtables import form_cells
from jixiao.audit.likely import slips
from jixiao.audit.names import near_names
from jixiao.audit.result import Audit, findings_of
from jixiao.audit.statement import UNDEFINED, Outcome, Statement, equal, known_text, shown
from jixiao.audit.subjects import vocabulary
from jixiao.audit.tables import CRITERIA, SAID, SCORE, WEIGHT, ScoreTable, score_table
from jixiao.audit.truth import TOTAL, Judged, Known, Truth
from jixiao.audit.twice import text_against_table

_UNBOUND = (Sort.ORDINAL, Sort.YEAR, Sort.DATE, Sort.DOCUMENT)
ALIKE = 0.8  # share of figures that two wordings of one text have in common
MAX_VALUES = 3  # values shown where none of several fits


def audit(report: Report, truth: Truth) -> Audit:
    """Every figure with its outcome, the claims in words, and the findings."""
    truth.complete(vocabulary().derived)
    table = score_table(report, truth)
    table.cells = {at: cell for at, cell in form_cells(report, truth).items() if not table.taken(at)}
    everything = [Statement(figure) for figure in figures(report)]
    statements = [item for item in everything if not item.figure.block.loose]
    bound: dict[int, Binding] = {}
    binder = Binder(truth)
    for item in statements:
        _annotate(item.figure, table)
        if not _by_table(item, table, truth):
            binding = _by_words(item, binder)
            if binding is not None:
                bound[id(item)] = binding
    _criteria(statements, truth)
    _deductions(statements, truth)
    _fixed(statements)
    scores.settle(statements, truth)
    comparisons.settle(statements, truth)
    within.reckon(statements, truth)
    dates.check(statements, truth)
    repeats.compare(statements, truth, [entry.title for entry in report.contents])
    if not any(block.loose for block in report.blocks):
        order.lists(statements)
    made = Audit(report.name, everything, claims_of(report, truth, statements))
    made.findings.extend(findings_of(made))
    made.findings.extend(text_against_table(report, statements, bound))
    made.findings.extend(order.contents(report))
    made.findings.extend(near_names(report, truth))
    return made


def _annotate(figure: Figure, table: ScoreTable) -> None:
    figure.column, judged = table.role(figure.block, figure.cell)
    figure.title = judged.title if judged is not None else ""


def _by_table(item: Statement, table: ScoreTable, truth: Truth) -> bool:
    """A weight, a score or a total of the annex; True where the cell is one."""
    figure = item.figure
    _, judged = table.role(figure.block, figure.cell)
    if figure.column == TOTAL:
        _against(item, truth.total, "合计得分")
    elif figure.column == "合计权重":
        _against(
            item,
            Known("合计权重", figure.value * 0 + 100, "", truth.total.source) if truth.total else None,
            "合计权重",
        )
    elif figure.column == WEIGHT and judged is None:
        title = table.weights[figure.block.number, figure.cell]
        _against(item, truth.weights.get(title), f"{title}权重")
    elif figure.column == WEIGHT and judged is not None:
        _against(item, Known("权重", judged.weight, "", judged.source), f"{judged.title}权重")
    elif figure.column == SCORE and judged is not None:
        known = Known("得分", judged.points, "", judged.source) if judged.points is not None else None
        _against(item, known, f"{judged.title}得分")
    elif (figure.block.number, figure.cell) in table.serials:
        _serial(item, table.serials[figure.block.number, figure.cell])
    elif (figure.block.number, figure.cell) in table.cells:
        _settle(item, Binding(*table.cells[figure.block.number, figure.cell]))
    elif (figure.block.number, figure.cell) in table.fields:
        owner, field = table.fields[figure.block.number, figure.cell]
        values = [k for k in truth.known if k.name == "项目" and k.owner == owner and k.field in field]
        _settle(item, Binding(owner, tuple(values))) if values else None
    else:
        return figure.column == CRITERIA
    return True


def _serial(item: Statement, number: int) -> None:
    if item.figure.value == number:
        item.agrees("序号", str(number), "行的顺序")
    else:
        item.disagrees("序号", str(number), "行的顺序", "编号不连续")


def _against(item: Statement, known: Known | None, subject: str) -> None:
    item.subject = subject
    if known is None:
        item.why = "评分簿没有这个数"
    elif equal(item.figure, known.value, ""):
        item.agrees(subject, shown(known.value), known.place(), known)
    else:
        item.disagrees(subject, shown(known.value), known.place())


def _by_words(item: Statement, binder: Binder) -> Binding | None:
    figure = item.figure
    if figure.sort in _UNBOUND or (
        figure.sort is Sort.BARE and not figure.title and "." not in figure.written
    ):
        return None
    if figure.column == SAID and figure.sort is Sort.POINTS:
        return None
    binding = binder.bind(figure, figure.title)
    if binding is not None:
        _settle(item, binding)
    return binding


def _settle(item: Statement, binding: Binding) -> None:
    """Agree where any value fits; disagree where none does."""
    item.subject = binding.subject
    if not binding.values:
        item.disagrees(binding.subject, UNDEFINED, "", binding.undefined)
        return
    for known in binding.values:
        if equal(item.figure, known.value, known.unit):
            item.agrees(binding.subject, known_text(known, item.figure), known.place(), known)
            return
    texts = dict.fromkeys(known_text(known, item.figure) for known in binding.values)
    value = "或".join(list(texts)[:MAX_VALUES])
    item.disagrees(binding.subject, value, binding.values[0].place())
    item.known = binding.values[0] if len({k.value for k in binding.values}) == 1 else None


def _fixed(statements: Sequence[Statement]) -> None:
    """12345 and its like: beside their words, and one slip of the pen away."""
    for item in statements:
        if not item.open or item.figure.sort is not Sort.BARE:
            continue
        for number, words in vocabulary().fixed.items():
            if any(word in item.figure.clause for word in words):
                if item.figure.written == number:
                    item.agrees("热线", number, "公用号码")
                elif Decimal(number) in slips(item.figure.written):
                    item.disagrees("热线", number, "公用号码")


def _criteria(statements: Sequence[Statement], truth: Truth) -> None:
    """Figures of quoted criteria against those of the official text, in their order."""
    judged = {item.title: item for item in truth.judged}
    quoted = [item for item in statements if item.figure.column == CRITERIA]
    for title, group in groupby(quoted, key=lambda item: item.figure.title):
        own = list(group)
        said = tuple(item.figure.written for item in own)
        known = sorted(judged[title].figures, key=lambda official: -_likeness(said, official))
        if known and _quotes(said, known[0]):
            _align(own, known[0], judged[title])


def _likeness(said: Sequence[str], official: Sequence[str]) -> float:
    return SequenceMatcher(None, said, official, autojunk=False).ratio() + (len(said) == len(official))


def _quotes(said: Sequence[str], official: Sequence[str]) -> bool:
    """Whether a text quotes another, slips aside: as many figures, half of them the same, or nearly all the same."""
    same = sum(a == b for a, b in zip(said, official, strict=False))
    if len(said) == len(official):
        return 2 * same >= len(said) or len(said) == 1
    return SequenceMatcher(None, said, official, autojunk=False).ratio() >= ALIKE


def _align(own: list[Statement], official: tuple[str, ...], judged: Judged) -> None:
    said = [item.figure.written for item in own]
    matcher = SequenceMatcher(None, said, official, autojunk=False)
    pairs: list[str] = list(official) if len(said) == len(official) else [""] * len(said)
    if len(said) != len(official):
        for what, a, b, c, d in matcher.get_opcodes():
            for offset in range(b - a):
                known = c + offset < d and what != "delete"
                pairs[a + offset] = official[c + offset] if known else "无"
    subject, source = f"{judged.title}评分标准", judged.source.place()
    for item, value in zip(own, pairs, strict=True):
        if item.figure.written == value:
            item.agrees(subject, value, source)
        else:
            item.disagrees(subject, value, source, "与正式评分表的数字不同")


def _deductions(statements: Sequence[Statement], truth: Truth) -> None:
    """扣0.6分 in an explanation: what was taken off is what lacks from the full points."""
    judged = {item.title: item for item in truth.judged}
    said = [i for i in statements if i.figure.column == SAID and i.figure.sort is Sort.POINTS and i.open]
    for title, group in groupby(said, key=lambda item: item.figure.title):
        row = judged[title]
        taken = [item for item in group if item.figure.left.endswith(("扣", "扣减", "扣除"))]
        if len(taken) != 1 or row.points is None:
            continue
        lost = row.full - row.points
        if equal(taken[0].figure, lost, ""):
            taken[0].agrees(f"{title}扣分", f"{shown(lost)}分", row.source.place())
        else:
            taken[0].disagrees(f"{title}扣分", f"{shown(lost)}分", row.source.place())


__all__ = ["Audit", "Outcome", "Statement", "audit"]
