"""Whose points a report tells: a review those that were awarded, a self-evaluation those that the unit gives itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.model import PENDING, half_up
from jixiao.report.material import Material, tell
from jixiao.report.outline import KINDS
from jixiao.report.selfeval import self_made, single
from jixiao.scoring import Scorecard, Scored

CHECKED, OWN = KINDS
ONE_PROJECT = "项目自评"
"""The outline of a self-evaluation of one project."""


def outline_of(material: Material, kind: str) -> str:
    """The outline that a report of a kind follows; a workbook of one project has an outline of its own."""
    return ONE_PROJECT if kind == OWN and single(material.rubric) else kind


def without_own(material: Material) -> list[str]:
    """The indicators that a review workbook holds no 自评分 for; none where the workbook is a self-evaluation."""
    if self_made(material.rubric):
        return []
    return [
        item.title
        for item in material.card.indicators
        if item.status != "not_applicable"
        and not item.number.startswith("+")
        and item.title not in material.own_scores
    ]


def placed(material: Material, kind: str) -> Material:
    """The material as a report of a kind sees it; that of a self-evaluation of a review workbook is a copy."""
    if kind == OWN and not self_made(material.rubric):
        lacking = without_own(material)
        waiting = [f"{len(lacking)}项指标没有自评分：{'、'.join(lacking)}"] if lacking else []
        others = [text for text in material.pending if not text.startswith(_ABOUT_POINTS)]
        made = replace(
            material,
            card=_own_card(material),
            values=dict(material.values),
            remarks=[],
            pending=[*waiting, *others],
        )
        made.values.pop("等级", None)
        tell(made)
    else:
        made = material
    if any(item.status == "pending" for item in made.card.indicators):
        name = "已核定的得分合计"
    else:
        name = "自评得分为" if kind == OWN or self_made(material.rubric) else "核查得分为"
    made.values["得分名称"] = name
    return made


_ABOUT_POINTS = tuple(f"{digit}" for digit in range(10))  # “29项指标待核定：…”: that of the reviewer's points


def _own_card(material: Material) -> Scorecard:
    """The scorecard with 自评分 for points; an indicator without one is open."""
    card, own = material.card, material.own_scores
    rows = [_own_row(row, own.get(row.title)) for row in card.indicators]
    points = {row.title: row.points or Decimal(0) for row in rows}
    groups = []
    for first, (title, _, full) in zip(material.rubric.firsts, card.groups, strict=True):
        inside = [indicator.key for second in first.seconds for indicator in second.indicators]
        groups.append((title, sum((points[key] for key in inside), Decimal(0)), full))
    total = min(half_up(sum(points.values(), Decimal(0)), 2), material.rubric.cap)
    grade = next((title for interval, title in material.rubric.grades if interval.has(total)), "")
    if any(row.status == "pending" for row in rows):
        grade = PENDING
    return replace(card, indicators=rows, groups=groups, total=total, rule_total=total, grade=grade)


def _own_row(row: Scored, own: Decimal | None) -> Scored:
    if row.status == "not_applicable":
        return row
    if row.number.startswith("+"):
        own = own if own is not None else Decimal(0)
    return replace(
        row,
        points=own,
        rule_points=own,
        status="pending" if own is None else "scored",
        explanation="",
        awarded=False,
        reason="",
    )
