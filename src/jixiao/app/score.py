"""``jixiao score``: the official table on the terminal. Nothing here or below is heavy: it is the everyday button."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.app.terminal import Column, Table, hanging, say, say_findings, say_json, terminal_width
from jixiao.model import half_up

if TYPE_CHECKING:
    from jixiao.scoring import Scorecard, Scored

STATUS = {"scored": "已评", "not_applicable": "不适用", "pending": "待核定"}
AWARDED = "核定"
CENT = Decimal("0.01")


def score(book: Path, *, as_json: bool = False) -> int:
    """Score a workbook, write the results back and print them."""
    card = pipeline.score(book)
    if as_json:
        say_json(card.data())
        return 0
    say_card(card)
    say_findings(card.findings)
    return 0


def say_card(card: Scorecard) -> None:
    """The official table with subtotals, the totals and the grade."""
    columns = terminal_width()
    year = f"{card.year}年度" if card.year else ""
    head = "  ".join(text for text in (card.unit or "（未填单位）", year, card.rubric_name) if text)
    say(hanging(f"{head}（{card.rubric}）", columns))
    say()
    say(_table(card).draw(columns))
    say()
    say_totals(card)
    say_changes(card)
    if card.gains:
        alone = sum(bool(gain.steps) for gain in card.gains)
        say(
            f"提分  {len(card.gains)}处失分或未定，其中{alone}处只改一项就能得回分；差多少、由谁提供什么见“提分”表"
        )
    if card.tables:
        say()
        say(_forms(card).draw(columns))


def _forms(card: Scorecard) -> Table:
    """The self-evaluation forms in use: money, points and grade of each."""
    table = Table(
        [
            Column("自评表"),
            Column("单位或项目", share=3),
            Column("年初预算", right=True),
            Column("全年预算", right=True),
            Column("执行数", right=True),
            Column("执行率", right=True),
            Column("得分", right=True),
            Column("等级"),
        ]
    )
    for item in card.tables:
        rate = f"{points(half_up(item.rate * 100, 2))}%" if item.rate is not None else "-"
        figures = [points(value) for value in item.figures]
        table.row(item.table, item.name or "（未填）", *figures, rate, points(item.points), item.grade)
    return table


def say_changes(card: Scorecard) -> None:
    """The line that says how many figures were changed by hand, where some were."""
    if card.changes:
        from jixiao.master import said_of_changes

        say(f"手工改动  {said_of_changes(card.changes, card.without_changes)}；逐处见“改动”表")


def say_totals(card: Scorecard) -> None:
    """The line that everybody looks for."""
    say(f"合计  得分 {total(card.total)}  规则合计 {total(card.rule_total)}  等级 {card.grade}")


def _table(card: Scorecard) -> Table:
    table = Table(
        [
            Column("编号"),
            Column("三级指标", share=2),
            Column("权重/满分", right=True, least=5),
            Column("规则分", right=True),
            Column("得分", right=True),
            Column("状态"),
            Column("评分说明", share=5),
        ]
    )
    group = ""
    for item in card.indicators:
        first = item.number.split(".")[0] if item.number[0] != "+" else "+"
        if first != group:
            group = first
            table.heading(_heading(card, group))
        table.row(
            item.number,
            item.title,
            points(item.weight) if item.weight == item.full else f"{points(item.weight)}/{points(item.full)}",
            points(item.rule_points),
            points(item.points),
            AWARDED if item.awarded and item.status == "scored" else STATUS[item.status],
            _explained(item),
        )
    return table


def _heading(card: Scorecard, group: str) -> str:
    if group == "+":
        return "加减分项"
    title, got, full = card.groups[int(group) - 1]
    return f"{group} {title}  小计 {points(got)} / {points(full)}"


def _explained(item: Scored) -> str:
    if item.awarded and item.reason and item.reason not in item.explanation:
        return f"{item.explanation}；核定理由：{item.reason}"
    return item.explanation


def points(value: object) -> str:
    """Points as people write them, ``-`` where there are none."""
    from jixiao.scoring import shown

    return shown(value) or "-"  # type: ignore[arg-type]


def total(value: Decimal) -> str:
    """A total, always with its two decimals."""
    return f"{value:.2f}"
