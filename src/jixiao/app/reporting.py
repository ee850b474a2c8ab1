"""The bodies of the verbs about papers: the report of a workbook, the audit of a written one, self-evaluation beside review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.app.terminal import Column, Progress, Table, hanging, say, say_findings, say_json, terminal_width
from jixiao.app.verbs import number
from jixiao.model import FindingKind, UsageStop

if TYPE_CHECKING:
    from jixiao.audit import Audit, Comparison


def report(
    book: Path,
    target: Path | None,
    kind: str,
    *,
    draft: bool,
    pdf: bool,
    template: Path | None = None,
    list_names: bool = False,
    definitions: Sequence[Path] = (),
) -> int:
    """Write the report of a workbook, or list the names of its templates; 0 also where only the PDF could not be made."""
    if list_names:
        return names(book, "" if kind == "自动" else kind)
    if target is None:
        raise UsageStop("J810", what="选项“-o”", usage="jixiao report 评分簿 -o 报告 [选项]")
    with Progress() as progress:
        made = pipeline.report(
            book,
            target,
            kind="" if kind == "自动" else kind,
            draft=draft,
            pdf=pdf,
            template=template,
            definitions=definitions,
            say=progress,
        )
    page = "网页，在浏览器中打开，点任何一个数看它的来历" if target.suffix.lower() == ".html" else ""
    say(f"已写出{made.kind}报告{'（草稿）' if draft else ''}：{target}{f'（{page}）' if page else ''}")
    if made.pdf is not None:
        say(f"PDF：{target.with_suffix('.pdf')}")
    if made.pending:
        say(f"草稿还缺 {len(made.pending)} 项：")
        for text in made.pending:
            say(hanging(f"- {text}", terminal_width()))
    if made.open:
        say(f"报告已写出，但核对还有 {len(made.open)} 项没有解决，报告中没有写到：")
        say_findings(made.open)
    say_findings(made.findings)
    return 0


def names(book: Path, kind: str) -> int:
    """The names of templates as a table."""
    table = Table([Column("写法", share=3), Column("意思", share=4), Column("在这个评分簿中", share=3)])
    for one in pipeline.report_names(book, kind):
        table.row(one.written, one.about, one.example or "（没有）")
    say(table.draw(terminal_width()))
    return 0


def audit(
    report: Path,
    book: Path,
    as_json: bool,
    every: bool = False,
    table: Path | None = None,
    since: Path | None = None,
    page: Path | None = None,
) -> int:
    """Hold a report against a workbook; 1 where something of level error disagrees."""
    with Progress() as progress:
        progress("核对报告")
        made = pipeline.audit(report, book, table, since)
        if page is not None:
            pipeline.save_page(made, page)
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
    for title, messages in made.since.items():
        say(f"{title} {len(messages)} 条")
        for message in messages:
            say(hanging(f"  {message}", columns))
    # the table of statements has shown the others already
    say_findings(finding for finding in made.findings if FindingKind.STATEMENT not in finding.kinds)


def compare(before: Path, after: Path | None, as_json: bool) -> int:
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
            change.number, change.title, number(change.before.points), number(change.after.points),
            number(None if change.pending else change.difference), change.why(),
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
