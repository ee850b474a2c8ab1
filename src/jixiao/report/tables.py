"""The tables and the chart of a report: those inside the text, and the annexes in their official layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from jixiao.model import plain
from jixiao.report.material import Material
from jixiao.report.parts import Annex, Bars, Block, Cell, Grid, Made, Paragraph
from jixiao.report.phrasing import COLUMN, EXACT, clean, paragraphs, written, written_rates
from jixiao.report.projects import SelfForm, budgeted, excellent, graded, summed
from jixiao.report.traced import Won, marked
from jixiao.rubric import GRADES, Indicator, shipped
from jixiao.scoring import printed

NONE, NO_RATE = "—", "不适用"
ZERO = Decimal(0)
_PARTED = re.compile(r"\s*[，,、；;\t]\s*|\s{2,}")  # what stands between the parts of a line about a person
ALIGN = {"l": "left", "c": "center", "r": "right"}


def _line(aligns: str, texts: Iterable[str], *, bold: bool = False) -> tuple[Cell, ...]:
    """One row, a letter of ``aligns`` for each cell: l, c, r."""
    return tuple(Cell(text, align=ALIGN[how], bold=bold) for how, text in zip(aligns, texts, strict=True))


def _head(*titles: str) -> tuple[tuple[Cell, ...], ...]:
    return (_line("c" * len(titles), titles, bold=True),)


def _points(value: Decimal | None) -> str:
    return written(value, "数") if value is not None else NONE


def _amount(value: Decimal | None) -> str:
    return written(value, COLUMN) if value is not None else NONE


def _share(part: Decimal | None, whole: Decimal | None) -> str:
    return written(part / whole, "%") if part is not None and whole else NO_RATE


def _graded(grades: Mapping[str, Decimal]) -> list[str]:
    """How many have each official grade, and 评优率."""
    share = excellent(grades)
    return [
        *(written(grades.get(grade, ZERO), "数") for grade in GRADES),
        written(share, "%") if share is not None else NO_RATE,
    ]


def first_scores(material: Material) -> Made:
    """Points and rates by 一级指标, with the total; in a draft with open indicators what stands for them."""
    if material.waiting:
        open_points = f"〔{len(material.waiting)}项指标待核定，得分表和图在核定后写出〕"
        return Made([Paragraph(open_points, look="missing")])
    groups, total = material.card.groups, material.card.total
    got = sum((part for _, part, _ in groups), ZERO)
    full = sum((whole for _, _, whole in groups), ZERO)
    pairs = [*((part, whole) for _, part, whole in groups), (total, full)]
    rates = written_rates([part / whole if whole else None for part, whole in pairs])
    rows = [
        _line("lcccc", (title, _points(whole), _points(part), _points(whole - part), share))
        for (title, part, whole), share in zip(groups, rates, strict=False)
    ]
    extras = (item for item in material.card.indicators if item.number.startswith("+") and item.points)
    rows += [_line("lcccc", (item.title, NONE, _points(item.points), NONE, NONE)) for item in extras]
    last = ("合计", _points(full), _points(total), _points(full - got), rates[-1])
    body = (*rows, _line("ccccc", last, bold=True))
    titles = _head("一级指标", "满分", "得分", "扣分", "得分率")
    return Made([Grid((40, 15, 15, 15, 15), titles, body, caption="各部分得分情况")])


def rates_chart(material: Material) -> Made:
    """得分率 by 一级指标; nothing where no part has full points."""
    rows = [(title, got / full) for title, got, full in material.card.groups if full > 0]
    if material.waiting or not rows:
        return Made()
    titles, shares = zip(*rows, strict=True)
    return Made([Bars("各一级指标得分率", "得分率", titles, shares)])


def shortfalls(material: Material) -> Made:
    """How far the first figure or verdict of each indicator that lost points is from more of them, all else as it is."""
    body = []
    for gain in material.card.gains:
        firsts = [step for step in gain.steps if step.name == gain.steps[0].name]
        title = f"{gain.indicator}：{gain.title}" if gain.title else gain.indicator
        for number, step in enumerate(firsts):
            old, new = (printed(value, step.unit) for value in (step.old, step.new))
            told = (
                step.name,
                old,
                marked(new, Won(gain.indicator, step)),
                step.difference or NONE,
                _points(step.points),
            )
            head = [Cell(title, rows=len(firsts), align="left")]
            head += [Cell(_points(points or None), rows=len(firsts)) for points in (gain.full, gain.lost)]
            body.append((*([] if number else head), *_line("lrrrc", told)))
    if not body:
        return Made()
    titles = _head("指标、要点", "满分", "失分", "只改一项", "现在", "改为", "相差", "得回")
    note = "其他不变；决算等已成事实的数只说明差多少，供以后掌握"
    caption = "失分的差距"
    return Made(
        [Grid((20, 6, 7, 20, 13, 13, 15, 6), titles, tuple(body), caption=caption, note=note, points=9)]
    )


def project_results(material: Material) -> Made:
    """序号, unit, project, budgets, spending, rate, score and grade of each project, with the sums."""
    rows = material.rollup.projects
    if not rows:
        return Made()
    body = []
    for number, row in enumerate(rows, 1):
        money = [_amount(value) for value in (row.budget, row.planned, row.final)]
        result = (_share(row.final, row.planned), _points(row.score), row.grade or NONE)
        body.append(_line("cllrrrccc", (str(number), row.unit or material.unit, row.name, *money, *result)))
    first, planned, final = material.rollup.sums
    sums = (_amount(first), _amount(planned), _amount(final), _share(final, planned), "", "")
    total = (Cell("合计", columns=3, bold=True), *_line("rrrccc", sums, bold=True))
    titles = _head(
        "序号", "主管部门（单位）", "项目名称", "年初预算", "调整后预算", "决算数", "支出率", "自评得分", "自评等级"
    )  # fmt: skip
    widths = (6, 17, 21, 11, 11, 11, 9, 7, 7)
    caption, note = "项目支出绩效自评结果", "单位：万元"
    return Made([Grid(widths, titles, (*body, total), caption=caption, note=note, points=9)])


def fund_totals(material: Material) -> Made:
    """Projects by fund with their sums, shares and grades; left out where no project names its fund."""
    groups, whole = material.rollup.by_fund(), budgeted(material.rollup.projects)
    body = []
    for fund, rows in groups:
        _, planned, final = summed(rows)
        texts = (
            fund,
            str(len(rows)),
            _amount(planned),
            _amount(final),
            _share(planned, whole),
            _share(final, planned),
        )
        body.append(_line("lcrrccccccc", (*texts, *_graded(graded(row.grade for row in rows)))))
    titles = _head("资金性质", "项目数", "预算数", "决算数", "占比", "支出率", *GRADES, "评优率")
    widths = (22, 8, 11, 11, 9, 9, 5, 5, 5, 5, 10)
    caption, note = "项目资金和等级汇总", "单位：万元、个"
    return Made([Grid(widths, titles, tuple(body), caption=caption, note=note, points=9)] if groups else [])


def transfer_totals(material: Material) -> Made:
    """Transfers by level; left out where there are none."""
    rows = [row for row in material.rollup.transfers if row.items or row.amount]
    body = [
        _line(
            "cccccccc",
            (row.level, str(row.items), written(row.amount, COLUMN), *_graded(row.grades)),
        )
        for row in rows
    ]
    titles = _head("级次", "项数", "金额", *GRADES, "评优率")
    widths, caption = (16, 12, 20, 9, 9, 9, 9, 16), "对下转移支付自评汇总"
    return Made([Grid(widths, titles, tuple(body), caption=caption, note="单位：万元、项")] if rows else [])


def people_of(text: str) -> list[tuple[str, str, str]]:
    """Name, title and part of each person: a line each, with commas between."""
    made = []
    for line in paragraphs(text):
        name, *more = [part for part in _PARTED.split(line.rstrip("。")) if part] or [""]
        made.append((name, more[0] if more else "", "、".join(more[1:])))
    return made


def signatures(people: str, signs: Sequence[str], mark: Callable[[str], str]) -> list[Block]:
    """Who made the evaluation, a line of ``people`` each, and the places to sign and seal; ``mark`` is put on typed words."""
    rows = [
        _line("ccllc", (str(number), *map(mark, one), "")) for number, one in enumerate(people_of(people), 1)
    ]
    titles = _head("序号", "姓名", "职称（职务）", "分工", "签字")
    table = [Grid((8, 20, 26, 26, 20), titles, tuple(rows), points=12)] if rows else []
    places = [Cell(f"{sign}：\n\n\n　　　　　　　年　　月　　日", align="left") for sign in signs]
    pairs = tuple(tuple(places[at : at + 2]) for at in range(0, len(places), 2))
    return [*table, Grid((50, 50), (), pairs, points=12)]


# ------------------------------------------------------------------------------------------------ annexes

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
        elif name == "数据来源表":
            made += [(name, f"单位：{material.unit}", [_sources(material)])] if material.sources else []
        elif name == "评分表" or not any(form.whole for form in material.rollup.forms):
            title = material.rubric.title if name == "评分表" else "部门整体绩效自评评分表"
            made.append((title, f"单位：{material.unit}", _scores(material)))
    return [
        Annex(f"附件{number}" if len(made) > 1 else "附件1", title, line, tuple(blocks))
        for number, (title, line, blocks) in enumerate(made, 1)
    ]


def _sources(material: Material) -> Block:
    """Where every figure of a document stands: what it is, its value, file, table, cell and headings."""
    body = []
    for name, source in material.sources:
        value = material.env(name)
        text = written(value, material.unit_of(name)) if value is not None else NONE
        place = (clean(source.file), clean(source.sheet or source.document), source.cell, clean(source.label))
        body.append(_line("lrllcl", (name, text, *place)))
    titles = _head("数据", "数值", "文件", "表", "单元格", "行、列标题")
    return Grid((21, 12, 18, 22, 8, 29), titles, tuple(body), points=9)


def _scores(material: Material) -> list[Block]:
    footnote = material.rubric.footnote
    table = Grid(SCORE_WIDTHS, _score_head(), tuple(_total(material) + _score_rows(material)), points=8)
    moved = any(row.full != row.weight and row.status == "scored" for row in material.card.indicators)
    ours = PARAPHRASED if material.rubric.id in shipped() else ""
    notes = [text for text in (footnote, MOVED if moved else "", ours) if text]
    return [table, *([Paragraph(f"注：{''.join(notes)}", look="basis")] if notes else [])]


def _score_head() -> tuple[tuple[Cell, ...], ...]:
    top = (
        Cell("评价指标", columns=6, bold=True),
        *(Cell(t, rows=3, bold=True) for t in ("指标说明", "评分标准", "评分说明", "得分")),
    )
    levels = tuple(Cell(title, columns=2, bold=True) for title in ("一级指标", "二级指标", "三级指标"))
    names = tuple(Cell(title, bold=True) for title in ("名称", "权重(%)") * 3)
    return (top, levels, names)


def _total(material: Material) -> list[tuple[Cell, ...]]:
    total = "待核定" if material.waiting else written(material.card.total, "数")
    return [_line("c" * 10, ("合计", "100", "", "100", "", "100", "", "", "", total), bold=True)]


def _score_rows(material: Material) -> list[tuple[Cell, ...]]:
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
        weight = f"{weight}→{written(row.full, EXACT)}"
    criteria = indicator.criteria
    if row.points is not None:  # what the rule leaves to people has been decided
        criteria = criteria.replace("由评价人核定（待核定）", "由评价人核定").replace(
            "的，待核定", "的，由评价人核定"
        )
    points = "不适用" if row.status == "not_applicable" else _points(row.points)
    texts = (indicator.key, weight, indicator.description, criteria, material.settled(row))
    return _line("cclllc", (*map(clean, texts), points if points != NONE else "待核定"))


def _form(form: SelfForm) -> Block:
    """The official form: project and unit, money, goal and result, indicators, total."""

    def labelled(title: str, text: str) -> list[tuple[Cell, ...]]:
        return [(Cell(title, columns=2, bold=True), Cell(text, columns=6, align="left"))] if text else []

    whole = form.whole and not form.project
    rows = labelled("部门（单位）名称" if whole else "项目名称", form.name) + labelled(
        "主管部门（单位）", form.unit
    )
    opening = [Cell("资金情况（万元）", rows=len(form.money) + 1, bold=True), Cell("", bold=True)]
    rows.append((*opening, *_line("cccccc", MONEY_TITLES, bold=True)))
    rows += [_line("ccccccc", money) for money in form.money]
    rows += labelled("年度总体目标", form.goal) + labelled("实际完成情况", form.result)
    rows += [_line("cccccccc", FORM_TITLES, bold=True), *_form_rows(form)]
    closing = f"{form.total}{f'（{form.grade}）' if form.grade else ''}"
    rows.append((Cell("总分", columns=6, bold=True), Cell(closing or NONE, columns=2, bold=True)))
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
                made.append((*opening, *_line("lccccl", texts)))
                opening = []
    return made
