"""The body of ``batch``: many workbooks at once, and what a terminal shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import __version__, pipeline
from jixiao.app.terminal import Column, Progress, Table, hanging, say, say_findings, say_json, terminal_width
from jixiao.model import Level, plain

if TYPE_CHECKING:
    from jixiao.batch import Batch, Group

BEST, WORST, MOST = 10, 5, 30
"""Units of a ranking that a terminal shows; the others stand in the summary."""


def batch(
    place: Path | str,
    folder: Path,
    prove: str,
    workers: int,
    scheduler: str,
    from_sources: str,
    units: Path | None,
    resume: bool,
    every: bool,
    letters: bool,
    as_json: bool,
    definitions: Sequence[Path] = (),
) -> int:
    """Score a folder of workbooks; 1 where something is of level error: a file refused, a unit twice or missing."""
    with Progress() as progress:
        made = pipeline.batch(
            place, folder, prove=prove, workers=workers, scheduler=scheduler, from_sources=from_sources,
            resume=resume, units=units, every=every,
            letters=letters, definitions=definitions, version=__version__, say=progress,
        )  # fmt: skip
    if as_json:
        say_json(made.data())
    else:
        _say(made)
    refused = any(unit["code"] is not None or unit["proof"] == "failed" for unit in made.summary.units)
    return 1 if refused or made.summary.findings.errors else 0


def _say(made: Batch) -> None:
    from jixiao.batch import Standing

    columns, summary = terminal_width(), made.summary
    counts = "，".join(f"{kind.value}{n}本" for kind in Standing if (n := summary.count(kind)))
    say(f"共{len(summary.units)}本：{counts}")
    for group in summary.groups:
        say()
        say(hanging(f"{group.title}：{'，'.join(_spread(group)) or '没有可以排名的'}", columns))
        _ranking(group, columns)
    say()
    refused = [unit for unit in summary.units if unit.standing is Standing.REFUSED]
    for unit in refused[:MOST]:
        say(hanging(f"[{unit['code']}] {unit['file']}：{unit['message']}｜{unit['advice']}", columns))
    findings = [finding for finding in summary.findings if finding.level is not Level.NOTE]
    say_findings(findings[:MOST])
    more = max(0, len(refused) - MOST) + max(0, len(findings) - MOST)
    if more:
        say(f"另有{more}条没有列出")
    for path in made.written:
        say(f"已写出 {path}")


def _spread(group: Group) -> list[str]:
    said = [f"{name}{plain(value)}" for name, value in group.spread().items()]
    return [*said, *(f"{grade}{count}个" for grade, count in group.grades.items())]


def _ranking(group: Group, columns: int) -> None:
    table = Table(
        [Column("名次", right=True), Column("单位", share=3), Column("得分", right=True), Column("规则分", right=True),
         Column("等级"), Column("文件", share=3)]
    )  # fmt: skip
    shown = group.units if len(group.units) <= BEST + WORST else [*group.units[:BEST], *group.units[-WORST:]]
    for unit in shown:
        table.row(
            str(unit.rank),
            unit["unit"],
            plain(unit["total"]),
            plain(unit["rule_total"]),
            unit["grade"],
            unit["file"],
        )
    if shown:
        say(table.draw(columns))
    if len(shown) < len(group.units):
        say(f"（共{len(group.units)}个单位，此处列出前{BEST}名和后{WORST}名）")
