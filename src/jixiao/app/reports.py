"""The body of ``jixiao report``: write the report, say what was written and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao import pipeline
from jixiao.app.terminal import Progress, hanging, say, say_findings, terminal_width


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
    if made.open:
        say(f"报告已写出，但核对还有 {len(made.open)} 项错误没有解决，报告中没有写到：")
        for text in made.open:
            say(hanging(f"- {text}", terminal_width()))
    if made.left_out:
        names = "、".join(made.left_out)
        say(
            hanging(
                f"没有填写、因而略去的文字 {len(made.left_out)} 项：{names}（在“文字”表填写后重新撰写）",
                terminal_width(),
            )
        )
    say_findings(made.findings)
    return 0
