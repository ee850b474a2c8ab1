"""System: a rubric as one net of named cells: entries that people and tables fill, and expressions over them.

Every value of the scoring workbook is an entry or an item of this net; the workbook shows the items' formula
reading, scoring uses their number reading, so the two cannot drift.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Expr,
    If,
    Is,
    IsNumber,
    Logic,
    Pieces,
    Ratio,
    Ref,
    Round,
    Say,
    Scoped,
    Show,
    Total,
)
from jixiao.rubric import Indicator, Part, Rubric, explained, got
from jixiao.scoring.entry import REVIEWED_ON, REVIEWER, UNIT, YEAR, Entry
from jixiao.scoring.selfeval import rollup
from jixiao.scoring.selfeval import table as selftable
from jixiao.scoring.sums import count_of, effective_full, received

SCORED, NO_REASON = "已评分", "核定缺理由"


@dataclass(slots=True)
class System:
    """The net of one rubric: ``entries`` and ``items`` by key, in the order of the official table."""

    rubric: Rubric
    entries: dict[str, Entry] = field(default_factory=dict)
    items: dict[str, Expr] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def has_row(self, indicator: Indicator) -> bool:
        """Whether the rule's parts stand as rows of their own in 要点核定."""
        return bool(indicator.rule.parts or indicator.rule.asks)


def build_system(rubric: Rubric) -> System:
    """The net of a rubric."""
    system = System(rubric)
    for key in (UNIT, YEAR, REVIEWER, REVIEWED_ON):
        system.entries[key] = Entry(key, "text")
    for name, need in rubric.facts.items():
        unit = need.concept.unit
        kind = {"%": "rate", "日期": "date", "文字": "text"}.get(unit, "number")
        system.entries[name] = Entry(name, kind, unit)
    for text in rubric.texts:
        system.entries[text.entry] = Entry(text.entry, "text")
    _tables(system)
    _self_tables(system)
    for name, need in rubric.facts.items():
        unfilled = "未登记，按0计" if need.concept.blank == "zero" else "未取得"
        other = If(Is(name, ""), Const(unfilled), Ref(name))
        system.items[f"{name}.取数"] = If(IsNumber(name), Const("已取得"), other)
    for quantity in rubric.quantities.values():
        system.items[quantity.name] = quantity.expr
    for indicator in rubric.indicators():
        _indicator(system, indicator)
    _totals(system)
    return system


def _tables(system: System) -> None:
    for table in system.rubric.tables.values():
        for column in table.columns:
            keys = tuple(table.key(row, column.name) for row in range(1, table.rows + 1))
            system.columns[f"{table.name}.{column.name}"] = keys
            for row, key in enumerate(keys, 1):
                if column.expr is not None:
                    system.items[key] = Scoped(f"{table.name}[{row}].", column.expr)
                elif column.unit == "文字":
                    kind = "choice" if column.choices else "text"
                    system.entries[key] = Entry(key, kind, choices=column.choices)
                else:
                    system.entries[key] = Entry(key, "number", column.unit)


def _self_tables(system: System) -> None:
    tables = system.rubric.self_tables
    for name, form in tables.tables():
        system.entries |= {entry.key: entry for entry in selftable.entries(name, form)}
        system.items |= selftable.items(name, form, tables)
    if tables.count:
        system.columns |= rollup.columns(tables)
        system.items |= rollup.items(tables)


def _indicator(system: System, indicator: Indicator) -> None:
    key, rule = indicator.key, indicator.rule
    for part in rule.leaves() if system.has_row(indicator) else ():
        _part(system, part)
    if rule.parts:
        points = rule.points
    elif system.has_row(indicator):
        own = f"{rule.key}.得分"
        points = If(IsNumber(own), Round(Ref(own), 2), Ref(own))
    else:
        points = rule.points.mapped(lambda node: Round(node, 2))
    system.items[f"{key}.规则分"] = points
    system.items[f"{key}.满分"] = effective_full(system.rubric, indicator)
    for name, kind in (
        ("自评分", "number"),
        ("核定分", "number"),
        ("核定理由", "text"),
        ("佐证材料", "text"),
    ):
        limits = (_lowest(indicator), _highest(indicator)) if kind == "number" else (None, None)
        system.entries[f"{key}.{name}"] = Entry(
            f"{key}.{name}", kind, "分" if kind == "number" else "", (), *limits
        )
    system.items[f"{key}.得分"] = If(_awarded(key), Ref(f"{key}.核定分"), Ref(f"{key}.规则分"))
    system.items[f"{key}.说明"] = _explanation(system, indicator)
    system.items[f"{key}.状态"] = _status(key)


def _awarded(key: str) -> Expr:
    """A person's points count only with a reason."""
    return Logic("AND", IsNumber(f"{key}.核定分"), Logic("NOT", Is(f"{key}.核定理由", "")))


def _lowest(indicator: Indicator) -> Expr:
    return Const(-100) if indicator.number.startswith("+") else Const(0)


def _highest(indicator: Indicator) -> Expr:
    return Const(100) if indicator.number.startswith("+") else Ref(f"{indicator.key}.满分")


def _part(system: System, part: Part) -> None:
    for ask in part.asks:
        kind = "choice" if ask.choices else "number"
        key = f"{part.key}.{ask.field}"
        system.entries[key] = Entry(
            key, kind, "分" if kind == "number" else "", ask.choices, ask.low, ask.high
        )
    for name in ("理由", "佐证"):
        system.entries[f"{part.key}.{name}"] = Entry(f"{part.key}.{name}", "text")
    moved = received(system.rubric, part.key)
    system.items[f"{part.key}.满分"] = (
        Arith("+", Const(part.full), moved) if moved is not None else Const(part.full)
    )
    system.items[f"{part.key}.得分"] = part.points


def _explanation(system: System, indicator: Indicator) -> Expr:
    key, rule = indicator.key, indicator.rule
    if rule.parts:
        base = rule.explain
    elif system.has_row(indicator):
        base = explained(rule)
    else:
        base = Say(rule.explain, "，", got(f"{key}.规则分"))
    pieces: list[Expr | str] = [base]
    own = {key, *(part.key for part in rule.leaves())}
    for move in system.rubric.moves:
        if own & set(move.targets):
            gone = Is(source_points(system.rubric, move.source), NOT_APPLICABLE)
            pieces.append(If(gone, Const(f"（{move.reason}）"), Const("")))
    decided = f"{key}.核定分"
    verdict = Say("核定得", Show(decided, "plain"), "分（", Show(f"{key}.核定理由", "text"), "）")
    unruled = Logic("AND", _awarded(key), Is(f"{key}.规则分", PENDING))
    unused = Say("；核定分", Show(decided, "plain"), "分没有写理由，未采用")
    rest = If(_awarded(key), Say("；", verdict), If(IsNumber(decided), unused, Const("")))
    return If(unruled, verdict, Say(*pieces, rest))


def source_points(rubric: Rubric, key: str) -> str:
    """The key that holds the points of a part that may not apply."""
    for indicator in rubric.indicators():
        if key == indicator.key:
            return f"{key}.规则分"
    return f"{key}.得分"


def _status(key: str) -> Expr:
    decided, rule, reason = f"{key}.核定分", f"{key}.规则分", f"{key}.核定理由"
    outcome = If(Is(rule, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(PENDING))
    ruled = If(IsNumber(rule), Const(SCORED), outcome)
    person = If(Is(rule, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(SCORED))
    unreasoned = Logic("AND", IsNumber(decided), Is(reason, ""))
    return If(unreasoned, Const(NO_REASON), If(IsNumber(decided), person, ruled))


def _totals(system: System) -> None:
    rubric, items = system.rubric, system.items
    for i, first in enumerate(rubric.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            for name in ("得分", "满分"):
                items[f"二级[{i}.{j}].{name}"] = Round(
                    Total([f"{x.key}.{name}" for x in second.indicators]), 2
                )
            lost = Arith("-", Ref(f"二级[{i}.{j}].满分"), Ref(f"二级[{i}.{j}].得分"))
            items[f"二级[{i}.{j}].失分"] = Round(lost, 2)
        for name in ("得分", "满分"):
            keys = [f"二级[{i}.{j}].{name}" for j in range(1, len(first.seconds) + 1)]
            items[f"一级[{i}].{name}"] = Round(Total(keys), 2)
    parts = [f"一级[{i}].得分" for i in range(1, len(rubric.firsts) + 1)]
    parts += [f"{extra.key}.得分" for extra in rubric.extras]
    items["合计.得分"] = _limited(Total(parts), rubric)
    items["合计.规则分"] = _limited(_rule_total(rubric), rubric)
    waiting = [Is(f"{i.key}.状态", PENDING) for i in rubric.indicators()]
    items["合计.待核定数"] = count_of([*waiting, *(cap.undecided() for cap in rubric.caps)])
    items["合计.缺理由数"] = count_of([Is(f"{i.key}.状态", NO_REASON) for i in rubric.indicators()])
    grade = Pieces(Ref("合计.得分"), [(interval, Const(title)) for interval, title in rubric.grades])
    items["合计.等级"] = If(Compare("=", Ref("合计.待核定数"), Const(0)), grade, Const(PENDING))
    for i in range(1, len(rubric.firsts) + 1):
        lost = Arith("-", Ref(f"一级[{i}].满分"), Ref(f"一级[{i}].得分"))
        items[f"一级[{i}].失分"] = Round(lost, 2)
        items[f"一级[{i}].得分率"] = Ratio(Ref(f"一级[{i}].得分"), Ref(f"一级[{i}].满分"), Const(0))
    for indicator in rubric.indicators():
        got, full = f"{indicator.key}.得分", f"{indicator.key}.满分"
        left = Round(Call("MAX", Const(0), Arith("-", Ref(full), Ref(got))), 2)
        items[f"{indicator.key}.失分"] = If(IsNumber(got), left, Const(0))
        items[f"图表失分.{indicator.key}"] = Ref(f"{indicator.key}.失分")
        items[f"图表得分.{indicator.key}"] = Ref(got)
    items["评分表.单位"] = Say("单位：", Show(UNIT, "text", blank=""))
    items["评分表.合计"] = Ref("合计.得分")
    items["评分表.规则合计"] = Ref("合计.规则分")
    items["封面.标题"] = Say(Show(UNIT, "text", blank="（单位名称）"))


def _limited(total: Expr, rubric: Rubric) -> Expr:
    made: Expr = Call("MIN", Const(rubric.cap), Call("MAX", Const(0), total))
    for cap in rubric.caps:
        made = cap.applied(made, rubric.cap)
    return Round(made, 2)


def _rule_total(rubric: Rubric) -> Expr:
    total: Expr | None = None
    for indicator in rubric.indicators():
        rule, got = f"{indicator.key}.规则分", f"{indicator.key}.得分"
        own = If(IsNumber(rule), Ref(rule), If(IsNumber(got), Ref(got), Const(0)))
        total = own if total is None else Arith("+", total, own)
    return total if total is not None else Const(0)
