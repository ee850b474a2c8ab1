"""What the self-evaluation forms give: points and grade of each, and findings about what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.model import PENDING, Findings, Source, Value, half_up, percent, plain
from jixiao.rubric import FIGURES, MAIN, SelfTable, SelfTables
from jixiao.scoring.selfeval.rows import SMALLER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.scoring.evaluate import Values

CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class TableScore:
    """One form that is in use. ``points`` is None and ``grade`` 待核定 while something is open; amounts in 万元."""

    table: str
    title: str
    name: str
    points: Decimal | None
    grade: str
    figures: tuple[Decimal | None, ...]
    rate: Decimal | None

    def data(self) -> dict[str, Any]:
        """As plain data; figures by their official names."""
        shown = [float(value) if value is not None else None for value in (*self.figures, self.rate)]
        figures = dict(zip((*FIGURES, "执行率"), shown, strict=True))
        points = float(self.points) if self.points is not None else None
        return {
            "table": self.table, "title": self.title, "name": self.name, "points": points, "grade": self.grade,
        } | figures  # fmt: skip


def table_scores(values: Values) -> list[TableScore]:
    """The forms that have a name, in the order of the workbook."""
    made = []
    for name, form in values.system.rubric.self_tables.tables():
        title = str(values[f"{name}.名称"] or "")
        if not title and name != MAIN:
            continue
        figures = tuple(values.points(f"{name}.{figure}") for figure in FIGURES)
        total, rate = values.points(f"{name}.总分"), values.points(f"{name}.执行率")
        made.append(TableScore(name, form.title, title, total, str(values[f"{name}.等级"]), figures, rate))
    return made


def table_findings(values: Values, entries: Mapping[str, Value], findings: Findings) -> None:
    """Findings about every form in use."""
    tables = values.system.rubric.self_tables
    for score in table_scores(values):
        if not score.name:
            continue
        form = dict(tables.tables())[score.table]
        _rows(score, form, values, entries, findings)
        _execution(score, findings)
        _funds(score, form, entries, findings)
    _left_over(values, tables, entries, findings)


def _rows(
    score: TableScore, form: SelfTable, values: Values, entries: Mapping[str, Value], findings: Findings
) -> None:
    waiting: list[str] = []
    unexplained: list[str] = []
    for number, _, _ in form.rows():
        row = f"{score.table}[{number}]."
        name = str(entries.get(f"{row}三级指标") or "")
        points, full = values[f"{row}得分"], entries.get(f"{row}分值")
        if points == PENDING:
            waiting.append(name or f"第{number}行")
        lost = isinstance(points, Decimal) and isinstance(full, Decimal) and points < full
        if lost and not entries.get(f"{row}偏差原因") and not entries.get(f"{row}核定理由"):
            unexplained.append(name)
        _row(score, form, values, entries, number, findings)
    place = Source("", score.table)
    if waiting:
        findings.add("J431", place, table=score.table, count=len(waiting), names="、".join(waiting))
    if unexplained:
        findings.add("J436", place, table=score.table, count=len(unexplained), names="、".join(unexplained))
    for block in form.blocks:
        given, whole = (values[f"{score.table}.{block.title}.{name}"] for name in ("分值", "满分"))
        if isinstance(given, Decimal) and isinstance(whole, Decimal) and given not in (0, whole):
            points, full_points = plain(given), plain(whole)
            findings.add("J430", place, table=score.table, block=block.title, points=points, full=full_points)


def _row(
    score: TableScore,
    form: SelfTable,
    values: Values,
    entries: Mapping[str, Value],
    number: int,
    findings: Findings,
) -> None:
    """One row: a person's points without a reason, own points that the rule does not give, a target far exceeded."""
    row = f"{score.table}[{number}]."
    name = str(entries.get(f"{row}三级指标") or "")
    place = Source("", score.table, label=name)
    given, full = entries.get(f"{row}核定分"), entries.get(f"{row}分值")
    if isinstance(given, Decimal) and not entries.get(f"{row}核定理由"):
        findings.add("J432", place, table=score.table, row=number, name=name)
    if isinstance(given, Decimal) and isinstance(full, Decimal) and not 0 <= given <= full:
        findings.add("J439", place, table=score.table, name=name, points=plain(given), full=plain(full))
    if isinstance(full, Decimal) and full < 0:
        findings.add("J440", place, table=score.table, name=name, full=plain(full))
    own, ruled = entries.get(f"{row}自评分"), values[f"{row}规则分"]
    if isinstance(own, Decimal) and isinstance(ruled, Decimal) and own != ruled:
        findings.add("J438", place, table=score.table, name=name, own=plain(own), rule=plain(ruled))
    rate = values[f"{row}完成率"]
    smaller = entries.get(f"{row}性质") in SMALLER
    if isinstance(rate, Decimal) and form.over and rate >= form.over and not smaller:
        findings.add("J433", place, table=score.table, name=name, rate=percent(half_up(rate, 4)))


def _execution(score: TableScore, findings: Findings) -> None:
    """A rate of 100 % that holds only because the budget was changed in the year."""
    start, planned, spent = score.figures
    if start is None or planned is None or spent is None or planned != spent or start in (0, planned):
        return
    findings.add(
        "J434",
        Source("", score.table),
        table=score.name,
        planned=plain(planned),
        start=plain(start),
        rate=percent(half_up(spent / start, 4)),
        change=percent(half_up((planned - start) / start, 4)),
    )


def _funds(score: TableScore, form: SelfTable, entries: Mapping[str, Value], findings: Findings) -> None:
    for figure, whole in zip(FIGURES, score.figures, strict=True):
        keys = [f"{score.table}.资金{number}.{figure}" for number in range(2, len(form.funds) + 1)]
        parts = [value for key in keys if isinstance(value := entries.get(key), Decimal)]
        if parts and whole is not None and abs(sum(parts) - whole) > CENT:
            added, total = plain(Decimal(sum(parts))), plain(whole)
            place = Source("", score.table)
            findings.add("J435", place, table=score.table, figure=figure, parts=added, whole=total)


def _left_over(values: Values, tables: SelfTables, entries: Mapping[str, Value], findings: Findings) -> None:
    rows = values.system.rubric.tables.get("项目")
    if not tables.count or rows is None:
        return
    names = [str(entries.get(rows.key(row, "名称")) or "") for row in range(1, rows.rows + 1)]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        findings.add("J441", Source("", "目标完成", label=name), name=name)
    for row, name in enumerate(names, 1):
        money = [entries.get(rows.key(row, column)) for column in ("年初预算", "调整后预算", "年度支出")]
        if not name and any(isinstance(value, Decimal) for value in money):
            findings.add("J442", Source("", "目标完成"), row=row)
    left = [name for name in names[tables.count :] if name]
    if left:
        total = sum(bool(name) for name in names)
        findings.add("J437", Source("", "目标完成"), count=total, tables=tables.count, names="、".join(left))
