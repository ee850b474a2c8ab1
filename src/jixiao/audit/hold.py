"""The audit itself: every figure of a report held against the known values, then against the rest of the report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from jixiao.audit import named, unmeasured, within
from jixiao.audit.blocks import MAX_BYTES, Block, Report, plain
from jixiao.audit.claims import Claim, claims_of
from jixiao.audit.known import TOTAL, KnownValues
from jixiao.audit.lexicon import lexicon
from jixiao.audit.named import Binding, bound
from jixiao.audit.operands import Values
from jixiao.audit.readings import Reader
from jixiao.audit.relations import Holder
from jixiao.audit.scope import (
    BODY,
    NAMING,
    OTHER,
    is_review,
    other_report,
    other_score,
    scope_of,
    scope_of_text,
)
from jixiao.audit.statement import (
    UNDEFINED,
    Conflict,
    Inside,
    Outcome,
    Statement,
    equal,
    figures,
    known_text,
    shown,
)
from jixiao.audit.tablecells import CRITERIA, HELD, SAID, Cell, cells_of
from jixiao.model import Finding, Findings, Refused, Source, make, read_regular
from jixiao.text import Kind

MAX_VALUES = 3  # values shown where none of several fits


@dataclass(slots=True)
class Audit:
    """The audit of one report: statements, claims, findings and the share that could be checked."""

    report: str
    statements: list[Statement]
    claims: list[Claim] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    blocks: list[Block] = field(default_factory=list)
    since: dict[str, list[str]] = field(default_factory=dict)  # what became of an earlier audit's findings

    def page(self) -> str:
        """The report as one offline page (HTML) with its figures marked."""
        return marked_page(
            self.report, self.blocks, self.statements, [finding.line() for finding in self.findings]
        )

    def compared_with(self, first: Path) -> None:
        """Fill ``since`` from the ``audit --json`` of an earlier report: what is settled, what remains, what is new.

        Refused where the file is none.
        """
        source = Source(first.name)
        try:
            data, _ = read_regular(first, MAX_BYTES)
            before = [(str(each["code"]), str(each["message"])) for each in json.loads(data)["findings"]]
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Refused("J776", source, file=first.name) from error
        now = [(finding.code, finding.message) for finding in self.findings]
        self.since = {
            "已改正": [message for code, message in before if (code, message) not in now],
            "仍存在": [message for code, message in now if (code, message) in before],
            "新出现": [message for code, message in now if (code, message) not in before],
        }

    def of(self, outcome: Outcome) -> list[Statement]:
        """Statements with an outcome."""
        return [item for item in self.statements if item.outcome is outcome]

    def shares(self) -> dict[str, Any]:
        """How many figures there are, how many could be checked, and the share in %, with and without list numbers."""
        counts = {outcome.value: len(self.of(outcome)) for outcome in Outcome}
        measured = [item for item in self.statements if item.figure.kind is not Kind.ORDINAL]
        return {
            **counts,
            "figures": len(self.statements),
            "checked": len(self.statements) - counts[Outcome.UNCHECKED.value],
            "checked_percent": _checked(self.statements),
            "checked_percent_without_list_numbers": _checked(measured),
        }

    def data(self) -> dict[str, Any]:
        """One object for ``audit --json``."""
        return {
            "report": self.report,
            "statements": [item.data() for item in self.statements],
            "claims": [claim.data() for claim in self.claims],
            "shares": self.shares(),
            "findings": [finding.data() for finding in self.findings],
            **({"since": self.since} if self.since else {}),
        }

    def __repr__(self) -> str:
        shares = self.shares()
        return f"<Audit {self.report}: {shares['checked']} of {shares['figures']} figures, {len(self.findings)} findings>"


def _checked(statements: Sequence[Statement]) -> float | None:
    known = sum(not item.open for item in statements)
    return round(known * 100 / len(statements), 1) if statements else None


def audit(report: Report, known: KnownValues) -> Audit:
    """Every figure with its outcome, the claims in words, and the findings."""
    made = Audit(report.name, [Statement(figure) for figure in figures(report)], blocks=report.blocks)
    other = other_report(report, known)
    if other is not None:  # nothing of it is held against the workbook
        for item in made.statements:
            item.why = OTHER
        made.findings.extend([other, *unmeasured.contents(report)])
        return made
    statements = [item for item in made.statements if not item.figure.block.loose]
    reader, holder = _hold(report, known, statements)
    conflicts = _settle_open(report, known, statements, reader)
    conflicts += holder.conflicts
    made.claims.extend(claims_of(report, known, statements, reader, holder))
    if not made.statements:
        made.findings.add("J772", Source(report.name), file=report.name)
    made.findings.extend(_findings(made, conflicts))
    made.findings.extend(within.text_against_table(report, statements))
    made.findings.extend(unmeasured.contents(report))
    made.findings.extend(within.near_names(report, known))
    return made


def _hold(report: Report, known: KnownValues, statements: Sequence[Statement]) -> tuple[Reader, Holder]:
    """Hold each figure against what its cell names, then against what the words before it do."""
    cells = cells_of(report, known)
    review = is_review([block.text for block in report.paragraphs()])
    words = lexicon().with_names(known.spoken_names(), (plain(known.unit),))
    reader = Reader(words, known.year, lambda text: scope_of_text(text, (), known), len(known.owners("项目")))
    told: set[int] = set()
    by_text: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        figure = item.figure
        cell = cells.get(figure.at, Cell())
        figure.column, figure.title = cell.column, cell.title
        item.scope = "" if cell.told else scope_of(figure, known)
        by_text.setdefault(figure.at, []).append(item)
    for block, number, _ in report.texts():
        if not block.loose:
            reader.read(block, number, by_text.get((block.number, number), ()))
    for item in statements:
        if _by_cell(item, cells.get(item.figure.at, Cell())) or _by_name(item, known, review):
            told.add(id(item))
    readings = [reading for reading in reader.readings if id(reading.statement) not in told]
    holder = Holder(Values(known, words, reader.readings))
    holder.settle(readings)
    return reader, holder


def _settle_open(
    report: Report, known: KnownValues, statements: Sequence[Statement], reader: Reader
) -> list[Conflict]:
    """What remains open is settled by other means, the surest first; what leaves are contradictions without a culprit."""
    named.quoted_criteria(statements, known)
    named.deductions(statements, known)
    named.well_known(statements)
    named.points_in_sentences(statements, known)
    conflicts = list(within.parts(reader.readings, reader.words.parts))
    within.reckoned(statements)
    unmeasured.check_dates(statements, known)
    conflicts += within.repeated(statements, known, [entry.title for entry in report.contents])
    if not any(block.loose for block in report.blocks):
        unmeasured.lists(statements)
    return conflicts


def _by_cell(item: Statement, cell: Cell) -> bool:
    """A figure whose cell of a table tells what it is; False where only the words around can."""
    if cell.column in HELD:
        item.subject = cell.subject
        if not cell.values:
            item.why = "评分簿没有这个数"
            return True
        value = cell.values[0]
        if equal(item.figure, value.value, ""):
            item.agrees(cell.subject, shown(value.value), value.place(), value)
        else:
            item.disagrees(cell.subject, shown(value.value), value.place())
    elif cell.number:
        unmeasured.counted(item, cell.number, "序号", "行的顺序")
    elif cell.values:
        _settle(item, Binding(cell.subject, cell.values))
    return bool(cell.column in (*HELD, CRITERIA) or cell.told)


def _by_name(item: Statement, known: KnownValues, review: bool | None) -> bool:
    """A figure of something with a name of its own; False where it has none."""
    figure = item.figure
    if (
        figure.kind in NAMING
        or figure.kind is Kind.BARE
        or (figure.column == SAID and figure.kind is Kind.POINTS)
    ):
        return False
    binding = bound(figure, known)
    if binding is None:
        return False
    why = item.apart if item.apart != BODY else ""
    if binding.subject == TOTAL:
        why = why or other_score(figure, known.scores, plain(known.unit), review)
    _settle(item, binding, why)
    return True


def _settle(item: Statement, binding: Binding, why: str = "") -> None:
    """Agree where any value fits; disagree where none does and no reason ``why`` says that something else is meant."""
    item.subject, values = binding.subject, binding.values
    said = next((value for value in values if equal(item.figure, value.value, value.unit)), None)
    if said is not None:
        item.agrees(binding.subject, known_text(said, item.figure), said.place(), said)
    elif why:
        item.leaves("", why)
    else:
        texts = dict.fromkeys(known_text(value, item.figure) for value in values)
        item.disagrees(binding.subject, "或".join(list(texts)[:MAX_VALUES]), values[0].place())
        if not item.open and len({value.value for value in values}) == 1:
            item.known = values[0]


def _findings(made: Audit, conflicts: Sequence[Conflict]) -> Iterator[Finding]:
    """Findings of the statements and claims that disagree, and one of every conflict; the same figures are named once."""
    for item in made.of(Outcome.DISAGREES):
        yield _finding(item, made.report)
    for claim in made.claims:
        if claim.code:
            yield make(claim.code, Source(made.report, claim.place), level=None, **claim.words)
    once: dict[frozenset[int], Conflict] = {}
    for conflict in conflicts:
        once.setdefault(frozenset(map(id, conflict.statements)), conflict)
    for conflict in once.values():
        places = (item.place(made.report) for item in conflict.statements)
        yield make(conflict.code, *places, level=None, **conflict.words)


def _finding(item: Statement, report: str) -> Finding:
    words = {"subject": item.subject, "said": item.figure.shown}
    if item.value == UNDEFINED:
        return make("J753", item.place(report), level=None, **words, why=item.why)
    words |= {"value": item.value, "source": item.source}
    if isinstance(item.why, Inside):
        return make("J754", item.place(report), level=None, **words, why=item.why)
    return make("J752", item.place(report), level=None, **words, why=f"：{item.why}" if item.why else "")


_CLASSES = {Outcome.AGREES: "y", Outcome.DISAGREES: "n", Outcome.UNCHECKED: "o"}
_STYLE = (
    "body{font:16px/1.8 serif;max-width:60em;margin:2em auto}"
    "table{border-collapse:collapse}td{border:1px solid #999;padding:2px 6px}"
    "mark{background:none}mark.y{border-bottom:2px solid #2a7d2a}mark.n{background:#ffd9d9;border-bottom:2px solid #b00}"
    "mark.o{border-bottom:1px dotted #888}"
)


def marked_page(
    title: str, blocks: Sequence[Block], statements: Sequence[Statement], lines: Sequence[str]
) -> str:
    """One offline file: the findings, then the text with its figures marked. All text is escaped."""
    by_text: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        by_text.setdefault(item.figure.at, []).append(item)
    made = [
        f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    ]
    made += [f"<h1>{escape(title)}</h1><ol>", *(f"<li>{escape(line)}" for line in lines), "</ol><hr>"]
    for table, group in groupby(blocks, key=lambda block: block.table):
        rows = [[_marked(block, cell, by_text) for cell in range(len(block.cells))] for block in group]
        if table:
            made += [
                "<table>",
                *("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows),
                "</table>",
            ]
        else:
            made += [f"<p>{cell}" for row in rows for cell in row]
    return "\n".join(made) + "\n</html>\n"


def _marked(block: Block, cell: int, by_text: dict[tuple[int, int], list[Statement]]) -> str:
    return "".join(_pieces(block.cells[cell], by_text.get((block.number, cell), ())))


def _pieces(text: str, statements: Sequence[Statement]) -> Iterator[str]:
    at = 0
    for item in statements:
        figure = item.figure
        told = "；".join(
            part for part in (item.outcome, item.subject, item.value, item.why, item.source) if part
        )
        yield escape(text[at : figure.start])
        mark = escape(text[figure.start : figure.end])
        yield f'<mark class={_CLASSES[item.outcome]} title="{escape(told)}">{mark}</mark>'
        at = figure.end
    yield escape(text[at:])
