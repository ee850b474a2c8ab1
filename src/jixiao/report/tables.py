"""Tables and the chart that stand inside the text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.report.blocks import Bars, Cell, Grid, Paragraph
from jixiao.report.chapters import Made
from jixiao.report.material import Material
from jixiao.report.rollup import ProjectRow, excellent
from jixiao.report.wording import column_amount, column_rates, rate, written

NONE, NO_RATE = "—", "不适用"
ZERO = Decimal(0)


def head(*titles: str) -> tuple[tuple[Cell, ...], ...]:
    """One row of headings."""
    return (tuple(Cell(title, bold=True) for title in titles),)


def _points(value: Decimal | None) -> str:
    return written(value, "数") if value is not None else NONE


def _amount(value: Decimal | None) -> str:
    return column_amount(value) if value is not None else NONE


def _share(part: Decimal | None, whole: Decimal | None) -> str:
    return rate(part / whole) if part is not None and whole else NO_RATE


def first_scores(material: Material) -> Made:
    """Points and rates by 一级指标, with the total."""
    if waiting(material):
        return waiting(material)
    groups = material.card.groups
    full = sum((group[2] for group in groups), ZERO)
    got = sum((group[1] for group in groups), ZERO)
    total = material.card.total
    pairs = [*((part, whole) for _, part, whole in groups), (total, full)]
    rates = column_rates([part / whole if whole else None for part, whole in pairs])
    rows: list[tuple[Cell, ...]] = [
        _scored(title, (_points(whole), _points(part), _points(whole - part), share))
        for (title, part, whole), share in zip(groups, rates, strict=False)
    ]
    extras = (item for item in material.card.indicators if item.number.startswith("+") and item.points)
    rows += [_scored(item.title, (NONE, _points(item.points), NONE, NONE)) for item in extras]
    cells = ("合计", _points(full), _points(total), _points(full - got), rates[-1])
    rows.append(tuple(Cell(text, bold=True) for text in cells))
    titles = head("一级指标", "满分", "得分", "扣分", "得分率")
    return Made([Grid((40, 15, 15, 15, 15), titles, tuple(rows), caption="各部分得分情况")])


def waiting(material: Material) -> Made:
    """What stands for the scores of a draft while indicators are open; empty (false) where none is."""
    open_items = sum(item.status == "pending" for item in material.card.indicators)
    return Made(
        [Paragraph(f"〔{open_items}项指标待核定，得分表和图在核定后写出〕", look="missing")]
        if open_items
        else []
    )


def _scored(title: str, texts: Sequence[str]) -> tuple[Cell, ...]:
    return (Cell(title, align="left"), *(Cell(text) for text in texts))


def rates_chart(material: Material) -> Made:
    """得分率 by 一级指标; nothing where no part has full points."""
    if waiting(material):
        return Made()
    rows = [(title, got / full) for title, got, full in material.card.groups if full > 0]
    if not rows:
        return Made()
    bars = Bars(
        "各一级指标得分率", "得分率", tuple(title for title, _ in rows), tuple(share for _, share in rows)
    )
    return Made([bars])


def project_results(material: Material) -> Made:
    """序号, unit, project, budgets, spending, rate, score and grade of each project, with the sums."""
    rows = material.rollup.projects
    if not rows:
        return Made()
    body = [_project(material, number, row) for number, row in enumerate(rows, 1)]
    sums = [_sum([getattr(row, name) for row in rows]) for name in ("budget", "planned", "final")]
    last = ("合计", *(_amount(value) for value in sums), _share(sums[2], sums[1]), "", "")
    total = (Cell(last[0], columns=3, bold=True), *(Cell(text, bold=True, align="right") for text in last[1:4]),
             *(Cell(text, bold=True) for text in last[4:]))  # fmt: skip
    titles = head(
        "序号",
        "主管部门（单位）",
        "项目名称",
        "年初预算",
        "调整后预算",
        "决算数",
        "支出率",
        "自评得分",
        "自评等级",
    )
    widths = (6, 17, 21, 11, 11, 11, 9, 7, 7)
    caption, note = "项目支出绩效自评结果", "单位：万元"
    return Made([Grid(widths, titles, (*body, total), caption=caption, note=note, points=9)])


def _project(material: Material, number: int, row: ProjectRow) -> tuple[Cell, ...]:
    money = (row.budget, row.planned, row.final)
    return (
        Cell(str(number)),
        Cell(row.unit or material.unit, align="left"),
        Cell(row.name, align="left"),
        *(Cell(_amount(value), align="right") for value in money),
        Cell(_share(row.final, row.planned)),
        Cell(_points(row.score)),
        Cell(row.grade or NONE),
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    return None if None in values else sum((value for value in values if value is not None), ZERO)


def fund_totals(material: Material) -> Made:
    """Projects by fund with their sums, shares and grades; left out where no project names its fund."""
    groups = material.rollup.by_fund()
    if not groups:
        return Made()
    whole = material.rollup.total(lambda row: row.planned)
    body = []
    for fund, rows in groups:
        planned, final = (_sum([getattr(row, name) for row in rows]) for name in ("planned", "final"))
        grades = [(grade, sum(row.grade == grade for row in rows)) for grade in ("优", "良", "中", "差")]
        share = excellent(grades)
        money = (_amount(planned), _amount(final))
        counts = [str(count) for _, count in grades]
        texts = (
            _share(planned, whole),
            _share(final, planned),
            *counts,
            rate(share) if share is not None else NO_RATE,
        )
        body.append(
            (
                Cell(fund, align="left"),
                Cell(str(len(rows))),
                *(Cell(t, align="right") for t in money),
                *(Cell(t) for t in texts),
            )
        )
    titles = head(
        "资金性质", "项目数", "预算数", "决算数", "占比", "支出率", "优", "良", "中", "差", "评优率"
    )
    widths = (22, 8, 11, 11, 9, 9, 5, 5, 5, 5, 10)
    return Made(
        [Grid(widths, titles, tuple(body), caption="项目资金和等级汇总", note="单位：万元、个", points=9)]
    )


def transfer_totals(material: Material) -> Made:
    """Transfers by level; left out where there are none."""
    rows = [row for row in material.rollup.transfers if row.items or row.amount]
    if not rows:
        return Made()
    body = []
    for row in rows:
        share = excellent(row.grades)
        counts = [str(dict(row.grades).get(grade, 0)) for grade in ("优", "良", "中", "差")]
        texts = (
            str(row.items),
            column_amount(row.amount),
            *counts,
            rate(share) if share is not None else NO_RATE,
        )
        body.append((Cell(row.level), *(Cell(text) for text in texts)))
    titles = head("级次", "项数", "金额", "优", "良", "中", "差", "评优率")
    return Made(
        [
            Grid(
                (16, 12, 20, 9, 9, 9, 9, 16),
                titles,
                tuple(body),
                caption="对下转移支付自评汇总",
                note="单位：万元、项",
            )
        ]
    )
