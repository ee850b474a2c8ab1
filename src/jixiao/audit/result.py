"""What an audit leaves: statements, claims, findings and the share that could be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jixiao.audit.claims import Claim
from jixiao.audit.figures import Sort
from jixiao.audit.statement import UNDEFINED, Outcome, Statement
from jixiao.model import Finding, Findings, Level, Source, make

INSIDE = (
    "同一内容在报告中有两个数", "各项之和与合计不符", "个数与列举不符", "同一事项的日期不一致", "没有这个日期",
    "编号不连续",
    "与目录不一致", "年份不合理",
)  # fmt: skip


@dataclass(slots=True)
class Audit:
    """The audit of one report."""

    report: str
    statements: list[Statement]
    claims: list[Claim]
    findings: Findings = field(default_factory=Findings)

    def of(self, outcome: Outcome) -> list[Statement]:
        """Statements with an outcome."""
        return [item for item in self.statements if item.outcome is outcome]

    def shares(self) -> dict[str, Any]:
        """How many figures there are, how many could be checked, and the share in %, with and without list numbers."""
        counts = {outcome.value: len(self.of(outcome)) for outcome in Outcome}
        total = len(self.statements)
        checked = total - counts[Outcome.UNCHECKED.value]
        measured = [item for item in self.statements if item.figure.sort is not Sort.ORDINAL]
        known = [item for item in measured if not item.open]
        return {
            **counts,
            "figures": total,
            "checked": checked,
            "checked_percent": round(checked * 100 / total, 1) if total else None,
            "checked_percent_without_list_numbers": round(len(known) * 100 / len(measured), 1)
            if measured
            else None,
        }

    def data(self) -> dict[str, Any]:
        """One object for ``audit --json``."""
        return {
            "report": self.report,
            "statements": [item.data() for item in self.statements],
            "claims": [claim.data() for claim in self.claims],
            "shares": self.shares(),
            "findings": [finding.data() for finding in self.findings],
        }

    def __repr__(self) -> str:
        shares = self.shares()
        return f"<Audit {self.report}: {shares['checked']} of {shares['figures']} figures, {len(self.findings)} findings>"


def findings_of(audit: Audit) -> Iterator[Finding]:
    """Findings of the statements and claims that disagree."""
    for item in audit.of(Outcome.DISAGREES):
        yield _finding(item, audit.report)
    for claim in audit.claims:
        if claim.code:
            place = Source(audit.report, claim.place)
            level = Level(claim.level) if claim.level else None
            yield make(claim.code, place, level=level, **claim.words)


def _finding(item: Statement, report: str) -> Finding:
    figure = item.figure
    place = Source(report, figure.place.shown(), label=_quoted(figure.left, figure.shown, figure.right))
    said, value, source = figure.shown, item.value, item.source
    if value == UNDEFINED:
        return make("J753", place, subject=item.subject, said=said, why=item.why)
    if item.why in INSIDE:
        return make("J754", place, subject=item.subject, said=said, value=value, source=source, why=item.why)
    why = f"：{item.why}" if item.why else ""
    return make("J752", place, subject=item.subject, said=said, value=value, source=source, why=why)


def _quoted(left: str, said: str, right: str) -> str:
    return f"…{left[-16:]}{said}{right[:10]}…"
