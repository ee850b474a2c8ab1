"""Buttons of programs that nobody can reach into: the desk works on the copy they hand over, and they write the cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao import pipeline
from jixiao.app import desk, doorbell
from jixiao.app.desk.books import bare_name
from jixiao.app.desk.packed import act_on_file

PAGE_VERBS = frozenset(("new", "fill", "report"))  # they need files and choices, which the page asks for


def on_copy(request: doorbell.Request, definitions: Sequence[Path] = ()) -> doorbell.Answer:
    """One press on the copy beside the request: its cells left there, and the answer. Refused without a copy."""
    path = doorbell.copy_of(request)
    if request.verb == "verify":
        return _verified(path, definitions)
    asked = desk.Request(request.verb, sheet=request.sheet)
    name = bare_name(request.book) or path.name
    answer, _, cells = act_on_file(path.read_bytes(), name, asked, definitions=definitions)
    if not answer.ok:
        return doorbell.failed(answer.text())
    doorbell.give(request, cells)
    return doorbell.done(answer.text())


def _verified(path: Path, definitions: Sequence[Path]) -> doorbell.Answer:
    made = pipeline.verify([path], definitions=definitions)[0]
    ran = "、".join(run.engine for run in made.engines if run.ran) or "没有可用的复算引擎"
    if made.proved:
        return doorbell.done(f"核验通过（{ran}）")
    why = "；".join(finding.message for finding in made.findings.errors[:3])
    return doorbell.failed(f"核验未通过（{ran}）：{why}")
