"""The body of ``review``: the steps of a workbook's review, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao import pipeline
from jixiao.app.terminal import Progress, hanging, say, say_findings, say_json, terminal_width


def review(
    book: Path, who: str, state: str, why: str, as_json: bool, definitions: Sequence[Path] = ()
) -> int:
    """Put a workbook into a state, or only show how far it is; 1 where it was changed after it was final."""
    with Progress() as progress:
        made = pipeline.review(book, state, who=who, why=why, definitions=definitions, say=progress)
    if as_json:
        steps = [
            {"state": one.state.value, "who": one.who, "when": one.when, "why": one.why, "seal": one.seal}
            for one in made.steps
        ]
        say_json({"steps": steps, "findings": pipeline.as_data(made.findings)})
    else:
        for number, one in enumerate(made.steps, 1):
            say(hanging(f"{number}. {one.said}", terminal_width()))
        if not made.steps:
            say("草稿，还没有人复核")
        say_findings(finding for finding in made.findings if finding.level.value != "note")
    return 1 if made.findings.errors else 0
