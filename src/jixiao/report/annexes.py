"""The annexes: the score table in its official layout, and the self-evaluation forms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from jixiao.model import plain
from jixiao.report.blocks import Annex, Block, Cell, Grid, Paragraph
from jixiao.report.material import Material
from jixiao.report.rollup import SelfForm
from jixiao.report.wording import clean, settled, written
from jixiao.rubric import Indicator, shipped

SCORE_WIDTHS = (6, 4, 6, 4, 8, 4, 15, 33, 22, 5)
MOVED = "权重栏箭头后为不适用指标的分值调整后的满分。"
PARAPHRASED = "指标说明、评分标准为本软件的转述，以印发的原文为准。"
MONEY_TITLES = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
FORM_TITLES = (
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因及改进措施",
)  # fmt: skip
FORM_WIDTHS = (10, 11, 20, 15, 15, 7, 7, 15)


def annexes(material: Material, names: Sequence[str]) -> list[Annex]:
    """The annexes of an outline; one that has nothing to show is left out, the others are numbered."""
    made: list[tuple[str, str, list[Block]]] = []
    for name in names:
        if name == "自评表":
            forms = material.rollup.forms
            made += [(form.title, "", [_form(form)]) for form in forms]
        elif name == "评分表" or not any(form.whole for form in material.rollup.forms):
            title = material.rubric.title if name == "评分表" else "部门整体绩效自评评分表"
            made.append((title, f"单位：{material.unit}", _scores(material)))
    return [
        Annex(f"附件{number}" if len(made) > 1 else "附件1", title, line, tuple(blocks))
        for number, (title, line, blocks) in enumerate(made, 1)
    ]


def _scores(material: Material) -> list[Block]:
    footnote = material.rubric.footnote
    table = Grid(SCORE_WIDTHS, _head(), tuple(_total(material) + _rows(material)), points=8)
    moved = any(row.full != row.weight and row.status == "scored" for row in material.card.indicators)
    ours = PARAPHRASED if material.rubric.id in shipped() else ""
    notes = [text for text in (footnote, MOVED if moved else "", ours) if text]
    return [table, *([Paragraph(f"注：{''.join(notes)}", look="basis")] if notes else [])]


def _head() -> tuple[tuple[Cell, ...], ...]:
    top = (
        Cell("评价指标", columns=6, bold=True),
        *(Cell(t, rows=3, bold=True) for t in ("指标说明", "评分标准", "评分说明", "得分")),
    )
    levels = tuple(Cell(title, columns=2, bold=True) for title in ("一级指标", "二级指标", "三级指标"))
    names = tuple(Cell(title, bold=True) for title in ("名称", "权重(%)") * 3)
    return (top, levels, names)


def _total(material: Material) -> list[tuple[Cell, ...]]:
    waiting = any(row.status == "pending" for row in material.card.indicators)
    total = "待核定" if waiting else written(material.card.total, "数")
    texts = ("合计", "100", "", "100", "", "100", "", "", "", total)
    return [tuple(Cell(text, bold=True) for text in texts)]


def _rows(material: Material) -> list[tuple[Cell, ...]]:
    made: list[tuple[Cell, ...]] = []
    for first in material.rubric.firsts:
        height = sum(len(second.indicators) for second in first.seconds)
        opening = [Cell(first.title, rows=height), Cell(plain(first.weight), rows=height)]
        for second in first.seconds:
            span = len(second.indicators)
            opening += [Cell(second.title, rows=span), Cell(plain(second.weight), rows=span)]
            for indicator in second.indicators:
                made.append((*opening, *_indicator(material, indicator)))
                opening = []
    bonus = Cell(material.rubric.extra_title, columns=4)
    return made + [(bonus, *_indicator(material, extra)) for extra in material.rubric.extras]


def _indicator(material: Material, indicator: Indicator) -> tuple[Cell, ...]:
    row = material.card[indicator.key]
    weight = "" if indicator.number.startswith("+") else plain(indicator.weight)
    if row.full != row.weight and weight and row.status == "scored":
        weight = f"{weight}→{plain(row.full)}"
    criteria = indicator.criteria
    if row.points is not None:  # what the rule leaves to people has been decided
        criteria = criteria.replace("由评价人核定（待核定）", "由评价人核定").replace(
            "的，待核定", "的，由评价人核定"
        )
    told = row.explanation if row.points is None else settled(row.explanation)
    texts = (indicator.description, criteria, told)
    points = (
        "不适用"
        if row.status == "not_applicable"
        else written(row.points, "数")
        if row.points is not None
        else "待核定"
    )
    return (
        Cell(indicator.key),
        Cell(weight),
        *(Cell(clean(text), align="left") for text in texts),
        Cell(points),
    )


def _form(form: SelfForm) -> Block:
    """The official form: project and unit, money, goal and result, indicators, total."""
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("部门（单位）名称" if form.whole and not form.project else "项目名称", columns=2, bold=True),
            Cell(form.name, columns=6, align="left"),
        ),
    ]
    if form.unit:
        rows.append(
            (Cell("主管部门（单位）", columns=2, bold=True), Cell(form.unit, columns=6, align="left"))
        )
    if form.money:
        opening = [Cell("资金情况（万元）", rows=len(form.money) + 1, bold=True), Cell("", bold=True)]
        rows.append((*opening, *(Cell(title, bold=True) for title in MONEY_TITLES)))
        rows += [tuple(Cell(text) for text in money) for money in form.money]
    for title, text in (("年度总体目标", form.goal), ("实际完成情况", form.result)):
        if text:
            rows.append((Cell(title, columns=2, bold=True), Cell(clean(text), columns=6, align="left")))
    if form.rows:
        rows.append(tuple(Cell(title, bold=True) for title in FORM_TITLES))
        rows += _form_rows(form)
    closing = f"{form.total}{f'（{form.grade}）' if form.grade else ''}"
    rows.append((Cell("总分", columns=6, bold=True), Cell(closing or "—", columns=2, bold=True)))
    return Grid(FORM_WIDTHS, (), tuple(rows), points=9)


def _form_rows(form: SelfForm) -> list[tuple[Cell, ...]]:
    made: list[tuple[Cell, ...]] = []
    for first, group in groupby(form.rows, key=lambda row: row.first):
        of_first = list(group)
        opening = [Cell(first, rows=len(of_first))]
        for second, items in groupby(of_first, key=lambda row: row.second):
            of_second = list(items)
            opening.append(Cell(second, rows=len(of_second)))
            for row in of_second:
                texts = (row.third, row.planned, row.done, row.full, row.points, row.why)
                aligns = ("left", "center", "center", "center", "center", "left")
                cells = [Cell(clean(t), align=a) for t, a in zip(texts, aligns, strict=True)]
                made.append((*opening, *cells))
                opening = []
    return made
