"""The lint of an official table as it is issued: read as an import would read it, every finding at the table's own cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from jixiao.authoring.lint import lint, lint_wording
from jixiao.model import FindingKind, Findings, Refused


def lint_file(source: Path, definitions: Sequence[Path] = ()) -> tuple[str, str, Findings]:
    """Id and name of the rubric in a workbook to edit, or file and title of an official table, and what is doubtful in it."""
    from jixiao.authoring.editing import is_edited, read_edited

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
    from jixiao.authoring.official import read_table
    from jixiao.authoring.official.importing import imported
    from jixiao.rubric import read_text

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
