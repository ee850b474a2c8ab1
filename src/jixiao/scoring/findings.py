"""What scoring notices about the entries: awards without a reason, values that do not fit, forms that do not add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.model import (
    CONFIRMED,
    DIGITS,
    FIRST_DAY,
    LAST_DAY,
    NONE_HAPPENED,
    NOT_APPLICABLE,
    OUTCOMES,
    PENDING,
    Findings,
    Scoped,
    Source,
    half_up,
    percent,
    plain,
)
from jixiao.rubric import FIGURES, Indicator, RowTable, SelfTable, keys
from jixiao.rubric.keys import Keys
from jixiao.scoring.forms import ROW_AWARD, SMALLER
from jixiao.scoring.net import NO_REASON, Values, keeps_full
from jixiao.scoring.scorecard import Scored, TableScore, shown

CENT = Decimal("0.005")


def noticed(values: Values, rows: Sequence[Scored], tables: Sequence[TableScore]) -> Findings:
    """Findings about the entries of one unit and what they earned."""
    findings, rubric = Findings(), values.net.rubric
    for key, why in values.crashed.items():
        findings.add("J401", Source("", cell=key), key=key, why=why)
    for indicator, row in zip(rubric.indicators(), rows, strict=True):
        _about(indicator, row, values, findings)
    _unfit(values, findings)
    _undeclared(values, findings)
    _undefined(values, findings)
    forms = dict(rubric.self_tables.tables())
    for table in tables:
        if table.name:
            _Form(table, forms[table.table], values, findings).notice()
    if rubric.self_tables.count and "项目" in rubric.tables:
        _projects(values, rubric.tables["项目"], rubric.self_tables.count, findings)
    events = rubric.events() if values.entries.get(NONE_HAPPENED) != CONFIRMED else ()
    unknown = [name for name in rubric.facts if name in events and values.entries.get(name) in (None, "")]
    if unknown:
        findings.add("J412", Source("", label=unknown[0]), count=len(unknown), names="、".join(unknown))
    waiting = [row.title for row in rows if row.status == "pending"]
    if waiting:
        findings.add("J405", count=len(waiting), names="、".join(waiting))
    return findings


def _about(indicator: Indicator, row: Scored, values: Values, findings: Findings) -> None:
    place, own = Source("", "评分表", label=row.title), Keys(indicator.key)
    if values[own.status] == NO_REASON:
        findings.add("J402", place, title=row.title, points=shown(values.points(own.awarded)))
    if row.awarded and row.rule_points is not None and row.points != row.rule_points:
        findings.add("J403", place, title=row.title, awarded=shown(row.points), rule=shown(row.rule_points))
    over = row.points is not None and (row.points > row.full or row.points < 0)
    if over and not indicator.number.startswith("+") and row.status != "not_applicable":
        findings.add("J404", place, title=row.title, points=shown(row.points), full=shown(row.full))


def _unfit(values: Values, findings: Findings) -> None:
    for key, entry in values.net.entries.items():
        value = values.entries.get(key)
        if value is None or value == "":
            continue
        if entry.choices and value not in entry.choices:
            findings.add("J406", Source("", label=key), value=value, choices="、".join(entry.choices))
        elif entry.kind not in ("number", "rate", "date") or value in OUTCOMES:
            continue
        elif not isinstance(value, Decimal):
            findings.add("J407", Source("", label=key), key=key, value=value)
        elif entry.kind == "date" and (value != int(value) or not FIRST_DAY <= value < LAST_DAY):
            findings.add("J408", Source("", label=key), key=key, value=plain(value))
        elif len(value.normalize().as_tuple().digits) > DIGITS:
            findings.add("J409", Source("", label=key), key=key, value=plain(value))


def _undeclared(values: Values, findings: Findings) -> None:
    """A part that does not apply although the rubric says nothing about its points."""
    net = values.net
    declared = {move.source for move in net.rubric.moves}
    for indicator in net.rubric.indicators():
        for part in indicator.rule.leaves():
            own = Keys(part.key)
            points = values[own.points if net.has_row(indicator) else own.rule_points]
            if part.key not in declared and points == NOT_APPLICABLE and not keeps_full(indicator.rule):
                place = Source("", "评分表", label=indicator.key)
                findings.add("J410", place, title=part.title or indicator.key, full=shown(part.full))


def _undefined(values: Values, findings: Findings) -> None:
    """A rate that has no value although all its figures are there: the denominator is zero, something is not."""
    for quantity in values.net.rubric.quantities.values():
        figures = {key: points for key in quantity.reads if (points := values.points(key)) is not None}
        if (
            values[quantity.name] in OUTCOMES
            and len(figures) == len(set(quantity.reads))
            and any(figures.values())
        ):
            findings.add(
                "J411",
                Source("", "取数", label=quantity.name),
                subjects=list(figures),
                name=quantity.name,
                figures="、".join(f"{key}为{shown(value)}" for key, value in figures.items()),
            )


def _projects(values: Values, table: RowTable, forms: int, findings: Findings) -> None:
    """Projects that stand twice, have money and no name, or no form of their own."""
    rows = [keys.row(table.name, number) for number in range(1, table.rows + 1)]
    names = [str(values[row.name] or "") for row in rows]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        findings.add("J441", Source("", "目标完成", label=name), name=name)
    for number, (row, name) in enumerate(zip(rows, names, strict=True), 1):
        money = [values.entries.get(row.cell(column)) for column in ("年初预算", "调整后预算", "年度支出")]
        if not name and any(isinstance(value, Decimal) for value in money):
            findings.add("J442", Source("", "目标完成"), row=number)
    left = [name for name in names[forms:] if name]
    if left:
        total = sum(bool(name) for name in names)
        findings.add("J437", Source("", "目标完成"), count=total, tables=forms, names="、".join(left))


class _Form:
    """One self-evaluation form that is in use."""

    def __init__(self, score: TableScore, form: SelfTable, values: Values, findings: Findings) -> None:
        self.score, self.form, self.values, self.findings = score, form, values, findings

    def say(self, code: str, label: str = "", **told: Any) -> None:
        """A finding about this form."""
        self.findings.add(code, Source("", self.score.table, label=label), table=self.score.table, **told)

    def notice(self) -> None:
        """Rows, blocks, execution and funds."""
        waiting: list[str] = []
        unexplained: list[str] = []
        own = Keys(self.score.table)
        for number, _, _ in self.form.rows():
            row = keys.row(own.owner, number)
            name = str(self.values[row.indicator] or "")
            points, full = self.values[row.points], self.values[row.weight]
            if points == PENDING:
                waiting.append(name or f"第{number}行")
            lost = isinstance(points, Decimal) and isinstance(full, Decimal) and points < full
            if lost and not self.values[row.cell("偏差原因")] and not self.values[row.reason]:
                unexplained.append(name)
            self.row(row, number, name)
        for code, names in (("J431", waiting), ("J436", unexplained)):
            if names:
                self.say(code, count=len(names), names="、".join(names))
        for block in self.form.blocks:
            given, whole = (
                self.values.points(key) for key in (own.of(block.title).weight, own.of(block.title).full)
            )
            if given is not None and whole is not None and given not in (0, whole):
                self.say("J430", block=block.title, points=plain(given), full=plain(whole))
        self.execution()
        self.funds(own)

    def row(self, row: Keys, number: int, name: str) -> None:
        """A person's points without a reason, own points that the rule does not give, a target far exceeded."""
        given, full, own, ruled, rate = (
            self.values.points(key)
            for key in (row.awarded, row.weight, row.own_points, row.rule_points, row.cell("完成率"))
        )
        if self.values.holds(Scoped(row.cell(""), ROW_AWARD.unreasoned)):
            self.say("J432", name, row=number, name=name)
        if given is not None and full is not None and not 0 <= given <= full:
            self.say("J439", name, name=name, points=plain(given), full=plain(full))
        if full is not None and full < 0:
            self.say("J440", name, name=name, full=plain(full))
        if own is not None and ruled is not None and own != ruled:
            self.say("J438", name, name=name, own=plain(own), rule=plain(ruled))
        smaller = self.values[row.cell("性质")] in SMALLER
        if rate is not None and self.form.over and rate >= self.form.over and not smaller:
            self.say("J433", name, name=name, rate=percent(half_up(rate, 4)))

    def execution(self) -> None:
        """A rate of 100 % that holds only because the budget was changed in the year."""
        start, planned, spent = self.score.figures
        if start is None or planned is None or spent is None or planned != spent or start in (0, planned):
            return
        self.findings.add(
            "J434",
            Source("", self.score.table),
            table=self.score.name,
            planned=plain(planned),
            start=plain(start),
            rate=percent(half_up(spent / start, 4)),
            change=percent(half_up((planned - start) / start, 4)),
        )

    def funds(self, own: Keys) -> None:
        """Sources of the money that do not add up to the whole."""
        for figure, whole in zip(FIGURES, self.score.figures, strict=True):
            known = [
                self.values.points(own.fund(number).cell(figure))
                for number in range(2, len(self.form.funds) + 1)
            ]
            parts = [value for value in known if value is not None]
            added = sum(parts, Decimal(0))
            if parts and whole is not None and abs(added - whole) > CENT:
                self.say("J435", figure=figure, parts=plain(added), whole=plain(whole))
