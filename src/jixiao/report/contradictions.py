"""Findings of the checks as problems of a report: a sentence, the places it rests on, many of one kind in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from jixiao.model import Finding, FindingKind, Source
from jixiao.report.wording import bare, clean

PLACES = 4  # places named for one finding
GROUPED = 3  # findings of one check that are told in one paragraph
TYPED = (".yaml", ".yml", ".json")  # files that people type for us: no document of the unit


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what it says, on what it rests, what names call for a suggestion (the narrowest first).

    ``subject`` and ``why`` are what a suggestion quotes where none of the shelf fits.
    """

    text: str
    basis: str
    names: tuple[str, ...]
    subject: str = ""
    why: str = ""


def of_findings(found: Sequence[Finding]) -> tuple[Problem, ...]:
    """Contradictions as problems; a rate that cannot be computed is not said again of figures that another one names."""
    made: list[Problem] = []
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        if FindingKind.UNDEFINED not in finding.kinds:
            groups.setdefault(_kind(finding) or f"#{id(finding)}", []).append(finding)
    for group in groups.values():
        made += [_together(group)] if len(group) >= GROUPED else [_single(finding) for finding in group]
    for finding in found:
        if FindingKind.UNDEFINED in finding.kinds and not any(
            all(name in problem.text for name in finding.subjects) for problem in made
        ):
            made.append(_single(finding))
    return tuple(made)


def _kind(finding: Finding) -> str:
    """What makes findings of one kind: the check that they come from, made for many rows."""
    args = dict(finding.args)
    return args["id"] if args.get("item") and args.get("id") else ""


def _together(group: Sequence[Finding]) -> Problem:
    args = [dict(finding.args) for finding in group]
    heading = args[0].get("group", "")
    if heading:
        listed = "、".join(clean(one["item"]) for one in args)
        text = f"{heading.format(count=len(group))}：{listed}。"
    else:
        said = "；".join(_figures(bare(one["says"])) for one in args)
        text = f"同类问题{len(group)}项：{said}。"
    sources = [source for finding in group for source in finding.sources]
    return Problem(text, basis(sources), (args[0]["id"], group[0].code))


def _single(finding: Finding) -> Problem:
    words = {key: clean(text) for key, text in finding.args}
    for key in ("left", "right", "title", "name", "says"):
        if key in words:
            words[key] = _named(words[key])
    words |= {key: words[key].replace("：", "的") for key in ("left", "right") if key in words}
    text = finding.problem.format_map(words)
    names = (*((words["id"],) if words.get("id") else ()), finding.code)
    return Problem(_figures(text), basis(finding.sources), names)


def _named(text: str) -> str:
    return re.sub("(?<!“)三公(?!”)经费", "“三公”经费", text)


def _figures(text: str) -> str:
    """Whole amounts without cents, as the rest of a report writes them."""
    return re.sub(r"(?<=\d)\.00(?=万?元)", "", _named(text))


def basis(sources: Sequence[Source]) -> str:
    """The first few places, and how many there are; empty where no document stands behind them."""
    places = [place for place in dict.fromkeys(map(_place, sources)) if place]
    shown = "；".join(places[:PLACES])
    return shown if len(places) <= PLACES else f"{shown}等{len(places)}处"


def _place(source: Source) -> str:
    """A place as a reader of the report looks it up: 《决算报表.xlsx》“Z01_1”表E34（本年收入合计）."""
    if not source.sheet and source.document:
        return f"《{clean(source.document)}》"
    if PurePath(source.file).suffix.lower() in TYPED:
        return ""
    where = f"“{clean(source.sheet)}”表{source.cell}" if source.sheet else ""
    label = f"（{clean(source.label)}）" if source.label else ""
    return f"《{clean(source.file)}》{where}{label}" if source.file else f"{where}{label}"
