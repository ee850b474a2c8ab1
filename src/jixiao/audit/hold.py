"""The audit itself: every figure of a report held against the truth, then against the rest of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from jixiao.audit import annex, comparisons, conflicts, dates, order, repeats, scores, within
from jixiao.audit.binding import Binder, Binding
from jixiao.audit.claims import claims_of
from jixiao.audit.document import Report
from jixiao.audit.figures import Figure, Sort, figures
from jixiao.audit.formtables import form_cells
from jixiao.audit.identity import OTHER, differs
from jixiao.audit.known import TOTAL, Known, KnownValues
from jixiao.audit.names import near_names
from jixiao.audit.pieces import plain
from jixiao.audit.result import Audit, findings_of
from jixiao.audit.scope import (
    OTHER_SUBJECT,
    YEAR,
    difference_of,
    is_review,
    other_score,
    other_subject,
    scope_of,
)
from jixiao.audit.statement import UNDEFINED, Outcome, Statement, equal, known_text, shown
from jixiao.audit.subjects import vocabulary
from jixiao.audit.tables import CRITERIA, SAID, SCORE, WEIGHT, ScoreTable, score_table
from jixiao.audit.twice import text_against_table
from jixiao.model import Finding, Source

_UNBOUND = (Sort.ORDINAL, Sort.YEAR, Sort.DATE, Sort.DOCUMENT)
TELLING = 3  # digits of a figure that hardly agrees by chance
MAX_VALUES = 3  # values shown where none of several fits


def audit(report: Report, truth: KnownValues) -> Audit:
    """Every figure with its outcome, the claims in words, and the findings."""
    other = differs(report, truth)
    if other is not None:
        return _unheld(report, other)
    truth.complete(vocabulary().derived)
    table = score_table(report, truth)
    table.cells = {at: cell for at, cell in form_cells(report, truth).items() if not table.taken(at)}
    everything = [Statement(figure) for figure in figures(report)]
    statements = [item for item in everything if not item.figure.block.loose]
    bound: dict[int, Binding] = {}
    binder = Binder(truth)
    review = is_review([block.text for block in report.paragraphs()])
    for item in statements:
        _annotate(item.figure, table)
        item.scope = "" if _in_form(item.figure, table) else scope_of(item.figure, truth)
        if not _by_table(item, table, truth):
            binding = _by_words(item, binder, review)
            if binding is not None:
                bound[id(item)] = binding
    _slips_of_the_year(statements, bound)
    annex.settle(statements, truth)
    scores.settle(statements, truth)
    comparisons.settle(statements, truth)
    unclear = within.reckon(statements, truth)
    dates.check(statements, truth)
    unclear += repeats.compare(statements, truth, [entry.title for entry in report.contents])
    if not any(block.loose for block in report.blocks):
        order.lists(statements)
    made = Audit(report.name, everything, claims_of(report, truth, statements))
    if not everything:
        made.findings.add("J772", Source(report.name), file=report.name)
    made.findings.extend(findings_of(made))
    made.findings.extend(conflicts.findings_of(report.name, unclear))
    made.findings.extend(text_against_table(report, statements, bound))
    made.findings.extend(order.contents(report))
    made.findings.extend(near_names(report, truth))
    return made


def _unheld(report: Report, other: Finding) -> Audit:
    """The audit of a report of another unit or year: nothing of it is held against the workbook."""
    statements = [Statement(figure, why=OTHER) for figure in figures(report)]
    made = Audit(report.name, statements, [])
    made.findings.extend([other, *order.contents(report)])
    return made


def _annotate(figure: Figure, table: ScoreTable) -> None:
    figure.column, judged = table.role(figure.block, figure.cell)
    figure.title = judged.title if judged is not None else ""


def _by_table(item: Statement, table: ScoreTable, truth: KnownValues) -> bool:
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
        _against(item, Known("权重", judged.scores.weight, "", judged.scores.source), f"{judged.title}权重")
    elif figure.column == SCORE and judged is not None:
        known = Known("得分", judged.points, "", judged.scores.source) if judged.points is not None else None
        _against(item, known, f"{judged.title}得分")
    elif (figure.block.number, figure.cell) in table.serials:
        _serial(item, table.serials[figure.block.number, figure.cell])
    elif (figure.block.number, figure.cell) in table.cells:
        _settle(item, Binding(*table.cells[figure.block.number, figure.cell]))
    elif (figure.block.number, figure.cell) in table.fields:
        owner, field = table.fields[figure.block.number, figure.cell]
        values = [k for k in truth.items if k.name == "项目" and k.owner == owner and k.field in field]
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


def _slips_of_the_year(statements: Sequence[Statement], bound: Mapping[int, Binding]) -> None:
    """A sentence of another year whose figures mostly are those of the workbook: only its year is wrong."""
    of_sentence = [item for item in statements if item.scope == YEAR and id(item) in bound]
    for _, group in groupby(of_sentence, key=lambda item: (item.figure.block.number, item.figure.sentence)):
        own = list(group)
        open_ones = [item for item in own if item.open]
        telling = [i for i in own if not i.open and len(i.figure.written.replace(".", "")) >= TELLING]
        if telling and len(own) >= 2 * len(open_ones):
            for item in own:
                item.scope = ""
            for item in open_ones:
                _settle(item, bound[id(item)], difference_of(item.figure))


def _in_form(figure: Figure, table: ScoreTable) -> bool:
    """Whether the cell itself tells what a figure is."""
    at = (figure.block.number, figure.cell)
    return at in table.cells or at in table.fields or at in table.serials


def _by_words(item: Statement, binder: Binder, review: bool | None) -> Binding | None:
    figure = item.figure
    if figure.sort in _UNBOUND or (
        figure.sort is Sort.BARE and not figure.title and "." not in figure.written
    ):
        return None
    if figure.column == SAID and figure.sort is Sort.POINTS:
        return None
    binding = binder.bind(figure, figure.title)
    if binding is not None:
        why = difference_of(figure)
        if TOTAL in binding.names:
            why = why or other_score(figure, binder.truth.scores, plain(binder.truth.unit), review)
        why = why or other_subject(binding.head, plain(binder.truth.unit))
        _settle(item, binding, why or (OTHER_SUBJECT if binding.weak else ""))
    return binding


def _settle(item: Statement, binding: Binding, why: str = "") -> None:
    """Agree where any value fits; disagree where none does and no reason ``why`` says that something else is meant."""
    item.subject = binding.subject
    if not binding.values:
        item.disagrees(binding.subject, UNDEFINED, "", binding.undefined)
        return
    for known in binding.values:
        if equal(item.figure, known.value, known.unit):
            item.agrees(binding.subject, known_text(known, item.figure), known.place(), known)
            return
    if why:
        item.leaves("", why)
        return
    texts = dict.fromkeys(known_text(known, item.figure) for known in binding.values)
    value = "或".join(list(texts)[:MAX_VALUES])
    item.disagrees(binding.subject, value, binding.values[0].place())
    if not item.open and len({k.value for k in binding.values}) == 1:
        item.known = binding.values[0]


__all__ = ["Audit", "Outcome", "Statement", "audit"]
