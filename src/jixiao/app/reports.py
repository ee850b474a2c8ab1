"""The body of ``jixiao report``: write the report, say what was written and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao import pipeline
from jixiao.app.columns import hanging, terminal_width
from jixiao.app.listing import say, say_findings
from jixiao.app.progress import Progress


def report(
    book: Path, target: Path, kind: str, *, draft: bool, pdf: bool, definitions: Sequence[Path] = ()
) -> int:
    """Write the report of a workbook; 0 also where only the PDF could not be made."""
    with Progress() as progress:
        made = pipeline.report(
            book, target, kind=kind, draft=draft, pdf=pdf, definitions=definitions, say=progress
        )
    say(f"已写出{made.kind}报告{'（草稿）' if draft else ''}：{target}")
    if made.pdf is not None:
        say(f"PDF：{target.with_suffix('.pdf')}")
    if made.pending:
        say(f"草稿还缺 {len(made.pending)} 项：")
        for text in made.pending:
            say(hanging(f"- {text}", terminal_width()))
    say_findings(made.findings)
    return 0
