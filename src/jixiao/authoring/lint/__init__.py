"""What is doubtful in a rubric: bands, points, names, references, the wording of its criteria against its rules.

``lint`` looks at a definition that can be read; one file a concern. ``lint_table`` reads an official table as an import
would, every finding at the table's own cell; ``lint_wording`` looks at a text alone, where a table is no rubric yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from jixiao.authoring.editing import is_edited, read_edited
from jixiao.authoring.lint.points import lint_formulas, lint_people, lint_points
from jixiao.authoring.lint.textrules import lint_agreement, lint_sources
from jixiao.authoring.lint.wording import lint_steps, lint_wording
from jixiao.authoring.official import imported, read_table
from jixiao.model import FindingKind, Findings, Refused, Source
from jixiao.rubric import Rubric, Spots, read_text


def lint(rubric: Rubric, places: Mapping[str, Source] | None = None, *, compare: bool = True) -> Findings:
    """Findings about a definition that can be read: errors to be put right, doubts, and its own decisions.

    Every finding has file and line of the definition; ``places`` are the cells of an official table, by indicator, that
    the definition was read from. ``compare``: rules are held against their texts, which costs the reading of every text.
    """
    findings = Findings()
    spots = Spots(rubric, places)
    lint_points(rubric, spots, findings)
    lint_formulas(rubric, spots, findings)
    for indicator in rubric.indicators():
        text = spots.text(indicator)
        if text:
            place = spots.body(indicator, "criteria")
            lint_wording(text, indicator.weight, indicator.key, place, findings)
            lint_steps(text, rubric, indicator, place, findings)
    if compare:
        lint_agreement(rubric, spots, findings)
    lint_people(rubric, spots, findings)
    lint_sources(rubric, spots, findings)
    for number, decision in enumerate(rubric.decisions):
        findings.add(
            "J318",
            spots.at(spots.data["decisions"][number], "about", decision.about),
            about=decision.about,
            says=decision.says,
            decided=decision.decided,
            reason=decision.reason,
        )
    return findings


def lint_file(source: Path, definitions: Sequence[Path] = ()) -> tuple[str, str, Findings]:
    """Id and name of the rubric in a workbook to edit, or file and title of an official table, and what is doubtful in it."""
    if is_edited(source):
        rubric, places = read_edited(source, definitions)
        return rubric.id, rubric.name, lint(rubric, places)
    title, findings = lint_table(source)
    return source.name, title, findings


def lint_table(path: Path, title: str = "") -> tuple[str, Findings]:
    """The title of the table in a file (.xlsx, .docx) and what is doubtful in it.

    A table that does not add up is looked at all the same. ``title`` picks a table where the file holds several;
    ``Refused`` where it holds none.
    """
    table = read_table(path, title)
    try:
        made = imported(table, "table", "（未填写）", 2000, {"title": table.title or path.stem})
    except Refused:
        findings = Findings(list(table.findings))
        for row in table.rows:
            lint_wording(row.criteria, row.w3 or Decimal(0), row.level3, row.place, findings)
        return table.title, findings
    findings = Findings(list(made.findings))
    rubric = read_text(made.text, path.name, doubtful=True)
    places = {row.level3: row.place for row in table.rows}
    findings.extend(
        found for found in lint(rubric, places, compare=False) if FindingKind.IMPORT not in found.kinds
    )
    return table.title, findings


__all__ = ["lint", "lint_file", "lint_table", "lint_wording"]
