"""OfficialTable -> a rubric definition as YAML text, with what a person still has to look at."""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.authoring.official.grading import grades
from jixiao.authoring.official.moving import Placed, moves_of
from jixiao.authoring.official.rules import Rule, Subject, rule
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.authoring.official.tables import read_table
from jixiao.authoring.official.texts import cut
from jixiao.authoring.official.vocabulary import Vocabulary
from jixiao.model import FindingKind, Findings, Refused, Source
from jixiao.rubric import GRADES, to_yaml

COMMON_GRADES = {
    "bands": dict(zip(("[90,)", "[80,90)", "[60,80)", "(,60)"), GRADES, strict=True)),
    "reference": {
        "title": "项目支出绩效评价管理办法", "number": "财预〔2020〕10号", "article": "等级划分；评分表没有规定等级时参照", "checked": False,
    },
}  # fmt: skip
HUNDRED = Decimal(100)


@dataclass(slots=True)
class Imported:
    """A rubric definition read from an official table: ``text`` is its YAML, ``findings`` what a person looks at.

    ``ruled`` and ``human`` are the titles of indicators that figures or described situations decide, and of those that
    a person scores because their text was not understood.
    """

    text: str
    findings: Findings
    data: dict[str, Any]
    ruled: list[str] = field(default_factory=list)
    human: list[str] = field(default_factory=list)


def import_rubric(
    path: Path,
    ident: str,
    jurisdiction: str,
    year: int | None,
    reference: Mapping[str, str],
    *,
    title: str = "",
) -> tuple[str, Findings]:
    """The definition (YAML text) of the official table in a file, and the findings.

    Without a ``year`` it is that of the table's title, else of the file's name, else this year's, with a finding.

    ``ident`` is the rubric's id, ``reference`` its document (title, number); ``title`` picks a table where the file
    holds several. ``Refused`` where the table cannot become a rubric: its weights do not add up, titles stand twice.
    """
    table = read_table(path, title)
    written = next((int(m[1]) for text in (table.title, path.stem) if (m := _YEAR.search(text))), None)
    chosen = year or written or datetime.datetime.now().astimezone().year
    made = imported(table, ident or f"table-{chosen}", jurisdiction, chosen, reference)
    if not year and not written:
        made.findings.add("J372", Source(path.name), year=chosen)
    return made.text, made.findings


UNPLACED = "（未填写）"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def _named(jurisdiction: str, year: int, title: str) -> str:
    """Place, year and title, none of them twice; a place that was not given is left out."""
    before = [jurisdiction] if jurisdiction != UNPLACED and jurisdiction not in title else []
    before += [str(year)] if str(year) not in title else []
    return " ".join([*before, title])


def imported(
    table: OfficialTable, ident: str, jurisdiction: str, year: int, reference: Mapping[str, str]
) -> Imported:
    """An official table as a rubric definition."""
    wrong = [f for f in table.findings if FindingKind.UNUSABLE in f.kinds]
    if wrong or not table.rows:
        raise Refused(
            "J350", Source(table.file), count=len(wrong), why="；".join(f.message for f in wrong[:5])
        )
    builder = _Builder(table, Vocabulary())
    data = builder.build(ident, jurisdiction, year, reference)
    text = _head(table, ident) + to_yaml(data)
    _proved(text, table)
    return Imported(text, builder.findings, data, builder.ruled, builder.human)


def _head(table: OfficialTable, ident: str) -> str:
    return f"# {table.title}：由官方评分表“{table.file}”导入（{ident}）。criteria 为原文；note 写明需要人工核定的原因。\n".replace(
        "\n ", " "
    )


def _proved(text: str, table: OfficialTable) -> None:
    """The definition loads: what does not is our own fault, said with the line instead of handed on."""
    from jixiao.model import DefinitionError
    from jixiao.rubric import read_text

    try:
        read_text(text, table.file)
    except DefinitionError as error:
        raise Refused("J358", Source(table.file), why=error.problem) from error


class _Builder:
    def __init__(self, table: OfficialTable, vocabulary: Vocabulary) -> None:
        self.table, self.vocabulary = table, vocabulary
        self.findings = Findings(list(table.findings))
        self.ruled: list[str] = []
        self.human: list[str] = []
        self.placed: dict[str, Placed] = {}

    def build(self, ident: str, jurisdiction: str, year: int, reference: Mapping[str, str]) -> dict[str, Any]:
        """The whole definition, its sections in the order of the shipped ones."""
        bodies = {id(row): self.indicator(row) for row in self.table.rows}
        moves = moves_of(self.placed, self.findings)
        data: dict[str, Any] = {
            "id": ident, "title": self.table.title, "name": _named(jurisdiction, year, self.table.title),
            "jurisdiction": jurisdiction, "year": Decimal(year), "reference": dict(reference),
        }  # fmt: skip
        if self.table.footnote:
            data["footnote"] = self.table.footnote
        data["total"] = {"cap": HUNDRED}
        stated = grades(self.table.grading)
        data["grades"] = COMMON_GRADES
        if stated:
            data["grades"] = {"bands": stated, "reference": {**reference, "article": "等级划分"}}
        else:
            self.findings.add("J351", Source(self.table.file))
        self._names(data)
        data["levels"] = self._levels(bodies)
        extras = [row for row in self.table.rows if row.bonus]
        if extras:
            data["extras"] = {
                "title": _extra_title(extras[0]),
                "indicators": [bodies[id(row)] for row in extras],
            }
        if moves:
            data["moves"] = moves
        return data

    def _names(self, data: dict[str, Any]) -> None:
        vocabulary = self.vocabulary
        if vocabulary.new:
            data["concepts"] = {
                f"input_{_digest(name)}": {key: text for key, text in {"name": name, **body}.items() if text}
                for name, body in vocabulary.new.items()
            }
            for name, body in vocabulary.new.items():
                self.findings.add("J352", Source(self.table.file), name=name, unit=body["unit"])
        if vocabulary.quantities:
            data["quantities"] = [{"name": name, **body} for name, body in vocabulary.quantities.items()]
            waiting = [name for name, body in vocabulary.quantities.items() if body.get("zero") == "待核定"]
            if waiting:
                self.findings.add("J353", Source(self.table.file), names="、".join(waiting))

    def _levels(self, bodies: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        seen: list[tuple[int, int]] = []
        for row in self.table.rows:
            if row.bonus:
                continue
            if not seen or seen[-1][0] != row.n1:
                made.append({"title": row.level1, "weight": Decimal(0), "levels": []})
            if not seen or seen[-1] != (row.n1, row.n2):
                made[-1]["levels"].append({"title": row.level2, "weight": Decimal(0), "indicators": []})
            seen.append((row.n1, row.n2))
            second = made[-1]["levels"][-1]
            second["indicators"].append(bodies[id(row)])
            for level in (second, made[-1]):
                level["weight"] += row.w3
        return made

    def indicator(self, row: OfficialRow) -> dict[str, Any]:
        """One indicator with its rule."""
        full = row.w3 if row.w3 is not None and not row.bonus else Decimal(0)
        spec, why = self.rule(row, full)
        if why:
            self.human.append(row.level3)
            self.findings.add("J354", row.place, title=row.level3, why="；".join(dict.fromkeys(why))[:300])
        else:
            self.ruled.append(row.level3)
        body: dict[str, Any] = {
            "id": _ident(row.level3), "title": row.level3, "weight": full,
            "description": row.description or row.level3,
        }  # fmt: skip
        if row.criteria:
            body["criteria"] = row.criteria
        return {**body, "reference": {"article": row.level3}, "rule": spec}

    def rule(self, row: OfficialRow, full: Decimal) -> tuple[dict[str, Any], list[str]]:
        """The rule of an indicator and the reasons for which (part of) it is scored by a person."""
        if row.bonus:
            return self._bonus(row)
        if not row.criteria:
            why = ["评分表没有写评分标准"]
            return {"kind": "point", "full": full, "title": row.level3, "graded": True, "note": why[0]}, why
        pieces = cut(row.criteria, full)
        subject = Subject(
            row.level3,
            row.description,
            self.vocabulary,
            row.criteria if len(pieces.items) == 1 else pieces.before,
        )
        rules = [rule(item.text, item.full or full, subject, graded=pieces.graded) for item in pieces.items]
        self._said(row, rules)
        self.placed[row.level3] = Placed(row.place, rules, pieces.moves)
        why = [reason for made in rules for reason in made.why]
        if len(rules) == 1:
            return rules[0].spec, why
        return self._sum(row, full, rules), why

    def _sum(self, row: OfficialRow, full: Decimal, rules: Sequence[Rule]) -> dict[str, Any]:
        """Points as parts of a sum; a sum inside is taken apart, since its points add up too."""
        parts: list[dict[str, Any]] = []
        for made in rules:
            inner = made.spec.get("parts") if made.spec["kind"] == "sum" else None
            for part in inner or [made.spec]:
                part.setdefault("title", _part_title(part, row))
                parts.append(part)
        return {"kind": "sum", "full": full, "parts": parts}

    def _said(self, row: OfficialRow, rules: Sequence[Rule]) -> None:
        for made in rules:
            if made.doubts:
                self.findings.add("J355", row.place, title=row.level3, why="；".join(made.doubts)[:300])

    def _bonus(self, row: OfficialRow) -> tuple[dict[str, Any], list[str]]:
        from jixiao.authoring.official.bonus import bonus

        made, why = bonus(row.criteria, row.level3, self.vocabulary)
        return made, why


def _part_title(part: Mapping[str, Any], row: OfficialRow) -> str:
    said = str(part.get("x") or part.get("when") or row.level3)
    return re.sub(r"\s+", "", said.replace("<=", "≤").replace(">=", "≥").replace("==", "＝"))


def _extra_title(row: OfficialRow) -> str:
    from jixiao.authoring.official.headings import words

    titles = [title for title in (row.level1, row.level2) if any(word in title for word in words()["extra"])]
    return titles[0] if titles else "加减分项"


def _ident(title: str) -> str:
    """An id that stays with the title from year to year: that of a shipped indicator of this title, else of its letters."""
    return known_ids().get(title) or f"item-{_digest(title)}"


@functools.cache
def known_ids() -> dict[str, str]:
    """Title -> id of the indicators of shipped rubrics."""
    from jixiao.rubric import load, shipped

    made: dict[str, str] = {}
    for name in shipped():
        for indicator in load(name).indicators():
            made.setdefault(indicator.key, indicator.id)
    return made


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


__all__ = ["Imported", "import_rubric", "imported"]
