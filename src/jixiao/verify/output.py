"""Verified as text, JSON data and JUnit XML (for continuous integration)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from jixiao.model import LEVEL_TITLES, Level
from jixiao.scoring import shown
from jixiao.verify.verified import Verified


def as_text(made: Sequence[Verified]) -> str:
    """One block a workbook, Chinese."""
    lines: list[str] = []
    for item in made:
        verdict = "核验通过" if item.proved else "核验未通过"
        total = f"，总分 {shown(item.card.total)}" if item.card else ""
        lines.append(f"{item.path.name}：{verdict}{total}，公式 {item.formulas} 个")
        for run in item.engines:
            if run.ran:
                lines.append(f"  {run.engine} 复算 {run.cells} 个单元格，差异 {run.differences} 处")
            else:
                lines.append(f"  {run.engine} 未复算：{run.why}")
        lines += [f"  {LEVEL_TITLES[finding.level]} {finding.line()}" for finding in item.findings]
    return "\n".join(lines)


def as_data(made: Sequence[Verified]) -> list[dict[str, Any]]:
    """A list, one object a workbook."""
    return [item.data() for item in made]


def as_junit(made: Sequence[Verified]) -> str:
    """JUnit XML: a suite a workbook; structure, each engine and the findings as cases."""
    suites = []
    for item in made:
        cases = []
        errors = [finding for finding in item.findings if finding.level is Level.ERROR]
        body = "".join(
            f"<failure message={quoteattr(e.message)}>{escape(e.line())}</failure>" for e in errors
        )
        name = quoteattr(item.path.name)
        cases.append(f"<testcase classname={name} name={quoteattr('结构与数据')}>{body}</testcase>")
        for run in item.engines:
            inner = f"<skipped message={quoteattr(run.why)}/>" if not run.ran else ""
            if run.differences:
                inner = f"<failure message={quoteattr(f'差异 {run.differences} 处')}/>"
            cases.append(
                f"<testcase classname={name} name={quoteattr(run.engine + ' 复算')}>{inner}</testcase>"
            )
        failures = (1 if errors else 0) + sum(1 for run in item.engines if run.differences)
        skipped = sum(1 for run in item.engines if not run.ran)
        head = f'<testsuite name={name} tests="{len(cases)}" failures="{failures}" skipped="{skipped}">'
        suites.append(head + "".join(cases) + "</testsuite>")
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>' + "".join(suites) + "</testsuites>\n"
