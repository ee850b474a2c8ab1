"""A place's own table onto a rubric whose rules are there: its words are printed, each text tied to its indicator's rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from jixiao.authoring.lint import lint
from jixiao.authoring.official.importing import year_of
from jixiao.authoring.official.tablefiles import read_table
from jixiao.authoring.official.underway import UNPLACED, Draft, coined, head
from jixiao.authoring.yamltext import to_yaml
from jixiao.model import Findings, Level, Source, plain
from jixiao.rubric import Rubric, bodies, read_text
from jixiao.text import bare


def import_onto(
    path: Path,
    rubric: Rubric,
    ident: str,
    jurisdiction: str,
    year: int | None,
    reference: Mapping[str, str],
    *,
    taken: Collection[str] = (),
) -> tuple[str, Findings]:
    """The definition (YAML text) of a rubric with the wording of the table in a file, and what the two do not share.

    Found are indicators that only one of them has, weights that differ, and texts that say something else than the rule.
    Place and year that nobody gives are those of the rubric; ``Refused`` as ``read_table``.
    """
    table = read_table(path)
    year = year or year_of(table.title, path) or rubric.year
    jurisdiction = rubric.jurisdiction if jurisdiction == UNPLACED else jurisdiction
    ident = ident or coined(jurisdiction, year, table.title, taken)
    made = Draft.of(rubric.data["rubric"]).whole() | head(ident, table.title, jurisdiction, year, reference)
    findings, file = Findings(list(table.findings)), Source(table.file)
    if table.footnote:
        made["footnote"] = table.footnote
    rows = {bare(row.level3): row for row in table.rows}
    for body in bodies(made):
        row = rows.pop(bare(body["title"]), None)
        if row is None:
            findings.add("J380", file, title=body["title"])
            continue
        told = {"criteria": row.criteria, "description": row.description}
        body |= {key: said for key, said in told.items() if said}  # what the row leaves blank stays
        if row.w3 is not None and row.w3 != body["weight"]:
            findings.add(
                "J381", row.place, title=row.level3, told=plain(row.w3), weight=plain(body["weight"])
            )
    for row in rows.values():
        findings.add("J382", row.place, title=row.level3)
    text = to_yaml(made)
    places = {row.level3: row.place for row in table.rows}
    before = {(found.code, str(found.args)) for found in lint(rubric)}
    for found in lint(read_text(text, table.file, doubtful=True), places):
        if found.level is not Level.NOTE and (found.code, str(found.args)) not in before:
            findings.extend([found])
    return text, findings
