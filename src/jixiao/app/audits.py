"""``jixiao audit`` and ``jixiao compare``: a written report against a workbook, a review against a self-evaluation."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.app.terminal import Column, Progress, Table, hanging, say, say_findings, say_json, terminal_width
from jixiao.model import FindingKind

if TYPE_CHECKING:
    from jixiao.audit import Audit, Comparison


def audit(report: Path, book: Path, as_json: bool, every: bool = False) -> int:
    """Hold a report against a workbook; 1 where something of level error disagrees."""
    with Progress() as progress:
        progress("核对报告")
        made = pipeline.audit(report, book)
    if as_json:
        say_json(made.data())
    else:
        say_audit(made, every)
    return 1 if made.findings.errors else 0


def say_audit(made: Audit, every: bool) -> None:
    """The shares, what disagrees, the claims, and the findings that are no single figure."""
    from jixiao.audit import Outcome

    columns = terminal_width()
    shares = made.shares()
    counts = "，".join(f"{outcome.value} {shares[outcome.value]}" for outcome in Outcome)
    say(f"报告 {made.report}：数字 {shares['figures']} 个，{counts}")
    share = shares["checked_percent_without_list_numbers"]
    if share is not None:
        say(f"可核对的占 {shares['checked_percent']}%（不计编号为 {share}%）；未核对不等于一致")
    say()
    wanted = made.statements if every else made.of(Outcome.DISAGREES)
    table = Table(
        [Column("位置", share=3), Column("内容", share=3), Column("报告", right=True), Column("应为", right=True),
         Column("依据", share=4), Column("结论")]
    )  # fmt: skip
    for item in wanted:
        basis = "；".join(text for text in (item.why, item.source) if text)
        table.row(
            item.figure.place.shown(), item.subject or item.figure.clause[-12:], item.figure.shown,
            item.value, basis, item.outcome.value,
        )  # fmt: skip
    if wanted:
        say(table.draw(columns))
        say()
    for claim in made.claims:
        say(hanging(f"{claim.outcome.value}  {claim.place}：{claim.text}（{claim.why}）", columns))
    if made.claims:
        say()
    # the table of statements has shown the others already
    say_findings(finding for finding in made.findings if FindingKind.STATEMENT not in finding.kinds)


def compare(before: Path, after: Path, as_json: bool) -> int:
    """Show per indicator what a review changed; always 0, a difference is no error."""
    with Progress() as progress:
        progress("比较评分簿")
        made = pipeline.compare(before, after)
    if as_json:
        say_json(made.data())
    else:
        say_comparison(made)
    return 0


def say_comparison(made: Comparison) -> None:
    """The indicators that changed, other facts that did, and the sentence for the report."""
    columns = terminal_width()
    table = Table(
        [Column("编号"), Column("三级指标", share=2), Column("自评", right=True), Column("核查", right=True),
         Column("增减", right=True), Column("原因", share=5)]
    )  # fmt: skip
    changed = [change for change in made.changes if change.changed]
    for change in changed:
        table.row(
            change.number, change.title, _points(change.before.points), _points(change.after.points),
            _points(None if change.pending else change.difference), change.why(),
        )  # fmt: skip
    if changed:
        say(table.draw(columns))
        say()
    told = {fact.name for change in changed for fact in change.facts}
    for fact in made.facts:
        if fact.name not in told:
            say(hanging(f"数据：{fact.line()}", columns))
    say(hanging(made.summary(), columns))
    say_findings(made.findings)


def _points(value: Decimal | None) -> str:
    from jixiao.model import plain

    return "-" if value is None else plain(value)
