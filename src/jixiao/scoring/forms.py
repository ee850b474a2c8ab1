"""The self-evaluation forms in the net: money block, rows, blocks, total and grade; and the roll-up of a department's projects.

The rows of a form are a row table like those of 目标完成: columns that people fill, and expressions over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Expr,
    Given,
    If,
    Interval,
    Is,
    IsNumber,
    Logic,
    Pieces,
    Ratio,
    Ref,
    Round,
    Say,
    Show,
    Total,
    Where,
    percent,
)
from jixiao.rubric import (
    EXECUTION,
    FIGURES,
    FUNDS,
    MAIN,
    PROJECT,
    TRANSFER_LEVELS,
    Column,
    SelfTable,
    SelfTables,
    keys,
)
from jixiao.rubric.keys import LIST, SUM, UNIT, YEAR, Keys
from jixiao.rubric.selftable import Block
from jixiao.scoring.entries import Award, Entry, count_of, row_cells

APPLIES = ("适用", NOT_APPLICABLE)
QUALITATIVE = "定性"
SIGNS = ("≥", "≤", "＝", "＞", "＜", QUALITATIVE)
SMALLER = ("≤", "＜")
BY_SHARE, ALL_OR_NOTHING = "按完成比例", "直接赋分"
NO_POINTS = "未填分值"
WHOLE = Const(Decimal("1.5"))  # no rate that is written as a fraction exceeds it

# The cells of one row by their own names: these expressions are read for each row of every form.
FULL, TARGET, DONE, RATE, RULED = (Ref(name) for name in ("分值", "指标值", "完成值", "完成率", "规则分"))
JUDGED = Is("性质", QUALITATIVE)
SMALL = Logic("OR", *(Is("性质", sign) for sign in SMALLER))
FIGURED = Logic("AND", IsNumber("指标值"), IsNumber("完成值"))
USED = Logic("OR", Logic("NOT", Is("三级指标", "")), IsNumber("分值"))
ROW_AWARD = Award("核定分", "核定理由", (IsNumber("分值"),))
FITS = Logic("AND", Compare(">=", Ref("核定分"), Const(0)), Compare("<=", Ref("核定分"), FULL))


def cells(name: str, form: SelfTable, tables: SelfTables) -> Iterator[tuple[str, Entry | Expr]]:
    """All cells of a form, what people fill and what is computed."""
    own = Keys(name)
    for key in (own.department, own.body, own.goal, own.result):
        yield key, Entry(key, "text")
    for number in range(2, len(form.funds) + 1):
        for figure in FIGURES:
            key = own.fund(number).cell(figure)
            yield key, Entry(key, "number", "万元", fact=True)
    for block in form.movable():
        key = own.of(block.title).applies
        yield key, Entry(key, "choice", choices=APPLIES)
    yield from _money(name, form, tables)
    columns = row_columns(form)
    for number, block, _ in form.rows():
        row = keys.row(name, number)
        yield from row_cells(row, columns, {"分值": Ref(own.of(block.title).full)})
    for block in form.blocks:
        yield from _block(own, form, block)
    yield from _total(own, form)


def row_columns(form: SelfTable) -> tuple[Column, ...]:
    """The columns of a form's rows: what a person fills, then what the row earns, and why."""
    text, labels = "文字", tuple(label for label, _ in form.qualitative)
    return (
        Column("三级指标", text),
        Column("分值", "分", low=Const(0)),
        Column("性质", text, choices=SIGNS),
        Column("指标值", text),
        Column("单位", text),
        Column("完成值", text),
        Column("达成程度", text, choices=labels, judged=True),
        _number("给分比例", "比例", Const(1), judged=True),
        Column("计分方式", text, choices=(BY_SHARE, ALL_OR_NOTHING)),
        _number("及格线", "比例", Const(1)),
        Column("偏差原因", text, judged=True),
        _number("自评分", "分", FULL, judged=True),
        _number("核定分", "分", FULL, judged=True),
        Column("核定理由", text, judged=True),
        Column("年度指标值", text, expr=_shown("指标值", Show("性质", "text", blank="≥"))),
        Column("实际完成值", text, expr=_shown("完成值")),
        Column("完成率", "比例", expr=_rate()),
        Column("规则分", "分", expr=_points(form)),
        Column("得分", "分", expr=If(USED, _decided(Ref("核定分"), RULED), Const(""))),
        Column("评分说明", text, expr=_explained(form)),
    )


def _number(name: str, unit: str, most: Expr, *, judged: bool = False) -> Column:
    return Column(name, unit, low=Const(0), high=most, judged=judged)


def filled_columns(form: SelfTable) -> list[str]:
    """The columns of a row that people fill."""
    return [column.name for column in row_columns(form) if column.expr is None]


def _decided(yes: Expr, no: Expr) -> Expr:
    """``yes`` where a person's points count, and are not below zero or above the full points."""
    return If(ROW_AWARD.counts, If(FITS, yes, no), no)


def _shown(name: str, *sign: Expr) -> Expr:
    """``≥10个``, as the official form writes it: the sign stands before a target only."""
    figure = Say(*sign, Show(name, "plain"), Show("单位", "text", blank=""))
    return If(IsNumber(name), figure, Show(name, "text", blank=""))


def _rate() -> Expr:
    """How far a figure reached its target; for smaller-is-better target over result. Blank where it has no meaning."""
    rate = If(SMALL, Ratio(TARGET, DONE, Const("")), Ratio(DONE, TARGET, Const("")))
    fits = Logic("AND", Compare(">", TARGET, Const(0)), Compare(">=", DONE, Const(0)))
    quantitative = Logic("AND", Logic("NOT", JUDGED), FIGURED)
    return If(quantitative, If(fits, rate, Const("")), Const(""))


def _points(form: SelfTable) -> Expr:
    figured = If(FIGURED, _comparable(_figured(form), Const(PENDING)), Const(PENDING))
    ruled = If(JUDGED, _graded(form), figured)
    sound = If(Compare("<", FULL, Const(0)), Const(PENDING), ruled)
    return If(USED, If(IsNumber("分值"), sound, Const(PENDING)), Const(""))


def _comparable(yes: Expr, no: Expr) -> Expr:
    """``no`` where per cent stands beside a fraction: 95 with the unit %, and 0.9 that a cell shows as 90%."""
    mixed = Logic(
        "OR",
        *(
            Logic(
                "AND", Compare(">", one, WHOLE), Compare(">", other, Const(0)), Compare("<=", other, Const(1))
            )
            for one, other in ((TARGET, DONE), (DONE, TARGET))
        ),
    )
    return If(Is("单位", "%"), If(mixed, no, yes), yes)


def _graded(form: SelfTable) -> Expr:
    """A person picks the grade and a share inside its range."""
    given, points = Ref("给分比例"), Const(PENDING)
    made: Expr = points
    for label, inside in reversed(form.qualitative):
        fits = If(inside.test(given), Round(Arith("*", FULL, given), 2), points)
        made = If(Is("达成程度", label), fits, made)
    return If(IsNumber("给分比例"), made, points)


def _figured(form: SelfTable) -> Expr:
    full = Round(FULL, 2)
    strict = Logic("OR", Is("性质", "＞"), Is("性质", "＜"))
    # a strict target that is reached exactly is not met, yet its share is 100 %: a person decides
    edge = If(Logic("AND", strict, Compare("=", DONE, TARGET)), Const(PENDING), full)
    smaller = If(Compare("<=", DONE, TARGET), edge, _share(form))
    # more than a target that is to be met exactly: neither met nor a share of it, a person decides
    equal = If(Compare(">", DONE, TARGET), Const(PENDING), full)
    reached = If(Is("性质", "＝"), equal, edge)
    return If(SMALL, smaller, If(Compare(">=", DONE, TARGET), reached, _share(form)))


def _share(form: SelfTable) -> Expr:
    """What an unmet figure earns. No share exists of a target of zero: nothing is earned; below zero a person decides."""
    earned: Expr = Round(Arith("*", FULL, Call("MAX", Const(0), RATE)), 2)
    if form.least > 0:
        earned = If(Compare("<", RATE, Const(form.least)), Const(0), earned)
    line = Ref("及格线")
    below = If(Compare(">", line, Const(1)), Const(PENDING), If(Compare("<", RATE, line), Const(0), earned))
    earned = If(Is("计分方式", ALL_OR_NOTHING), Const(0), If(IsNumber("及格线"), below, earned))
    odd = If(Compare("=", TARGET, Const(0)), Const(0), Const(PENDING))
    return If(IsNumber("完成率"), earned, odd)


def _explained(form: SelfTable) -> Expr:
    unused = Say("核定分", Show("核定分", "plain"), "分没有写理由或超出0至分值，未采用；")
    given = If(IsNumber("核定分"), unused, Const(""))
    said = Say(given, If(JUDGED, _said_grade(form), _said_figures(form)))
    shown = _decided(Say(*ROW_AWARD.said), said)
    return If(USED, If(IsNumber("分值"), shown, Const(NO_POINTS)), Const(""))


def _said_grade(form: SelfTable) -> Expr:
    ranges = "；".join(f"{label}{_range(inside)}" for label, inside in form.qualitative)
    picked = Say(Show("达成程度", "text"), "，按", Show("给分比例", "rate"), "给分")
    return If(IsNumber("规则分"), picked, Const(f"请选择达成程度并填写给分比例（{ranges}）"))


def _range(inside: Interval) -> str:
    left, right = ("（含）" if closed else "（不含）" for closed in (inside.low_closed, inside.high_closed))
    low, high = inside.low or Decimal(0), inside.high or Decimal(1)
    return f"{percent(low)}{left}至{percent(high)}{right}"


def _said_figures(form: SelfTable) -> Expr:
    nothing = Const("")
    far: Expr = nothing
    if form.over > 0:
        warn = Const(f"，达到指标值的{percent(form.over)}以上，请分析指标值是否偏低")
        larger = Logic("AND", Logic("NOT", SMALL), IsNumber("完成率"))
        far = If(larger, If(Compare(">=", RATE, Const(form.over)), warn, nothing), nothing)
    unmet: Expr = If(
        IsNumber("完成率"),
        Say("未完成，完成率", Show("完成率", "rate")),
        Const("未完成，指标值为0，不按比例计分"),
    )
    if form.least > 0:
        unmet = Say(unmet, f"（低于{percent(form.least)}不得分）")
    passed = Say("，及格线", Show("及格线", "rate"))
    line = If(IsNumber("及格线"), If(Compare("=", RULED, Const(0)), passed, nothing), nothing)
    unmet = Say(unmet, If(Is("计分方式", ALL_OR_NOTHING), Const("，直接赋分不得分"), line))
    ruled = If(Compare("=", RULED, Round(FULL, 2)), Say("完成指标值", far), unmet)
    mixed = Const("指标值与完成值一个是百分数、一个是小数，请按同一写法填写")
    missing = If(FIGURED, _comparable(Const("是否完成须由评价人核定"), mixed), Const("缺指标值或完成值"))
    return If(IsNumber("规则分"), ruled, missing)


def _money(name: str, form: SelfTable, tables: SelfTables) -> Iterator[tuple[str, Expr]]:
    own = Keys(name)
    # a project's form belongs to its row of the 项目 table; a single project's form to the first
    row = keys.row("项目", int(name.removeprefix(PROJECT)) if name != MAIN else 1)
    if name == MAIN and tables.figures:
        sources, title = dict(tables.figures), UNIT
    else:
        columns = ("年初预算", "预算数", "年度支出")
        sources = {figure: row.cell(column) for figure, column in zip(FIGURES, columns, strict=True)}
        title = row.name
    yield own.name, Show(title, "text", blank="")
    for figure, key in sources.items():
        yield own.cell(figure), If(IsNumber(key), Ref(key), Const(""))
    _, planned, spent = (own.cell(figure) for figure in FIGURES)
    rate = Ratio(Ref(spent), Ref(planned), Const(PENDING))
    below = If(Compare("<", Ref(planned), Const(0)), Const(PENDING), rate)
    yield own.executed, Given([planned, spent], below, Const(PENDING))
    yield own.cell("年度"), Say("（", Show(YEAR, "plain", blank="　　"), "年度）")
    full = Const(form.execution)
    points = Call("MIN", full, Call("MAX", Const(0), Arith("*", full, Ref(own.executed))))
    yield own.of(EXECUTION).points, If(IsNumber(own.executed), Round(points, 2), Const(PENDING))


def _block(form_keys: Keys, form: SelfTable, block: Block) -> Iterator[tuple[str, Expr]]:
    own = form_keys.of(block.title)
    rows = [keys.row(form_keys.owner, number) for number in form.block_rows(block.title)]
    full: Expr = Const(block.full)
    for other in form.movable():
        if other.moves_to == block.title:
            gone = Is(form_keys.of(other.title).applies, NOT_APPLICABLE)
            full = Arith("+", full, If(gone, Const(other.full), Const(0)))
    earned = Round(Total([row.points for row in rows]), 2)
    whole = Compare("=", Ref(own.weight), Ref(own.full))
    decided = Logic("AND", whole, Compare("=", Ref(own.open), Const(0)))
    points: Expr = If(decided, earned, Const(PENDING))
    if block.moves_to:
        gone = Is(own.applies, NOT_APPLICABLE)
        full, points = If(gone, Const(0), full), If(gone, Const(NOT_APPLICABLE), points)
    yield own.full, full
    yield own.weight, Round(Total([row.weight for row in rows]), 2)
    yield own.open, count_of([Is(row.points, PENDING) for row in rows])
    yield own.points, points


def _total(own: Keys, form: SelfTable) -> Iterator[tuple[str, Expr]]:
    parts = [own.of(title).points for title in (EXECUTION, *(block.title for block in form.blocks))]
    bands = Pieces(Ref(own.total), [(interval, Const(title)) for interval, title in form.grades])
    total = If(Compare("=", Ref(own.open), Const(0)), Round(Total(parts), 2), Const(PENDING))
    yield own.open, count_of([Is(key, PENDING) for key in parts])
    yield own.total, If(Is(own.name, ""), Const(""), total)
    yield own.grade, If(IsNumber(own.total), bands, Ref(own.total))


# The roll-up of projects: the list, one row a project's form, and its sums by fund, level of government and grade.
UNNAMED_FUND, OWN, ALL_TRANSFERS = "未注明资金性质", "本级项目", "转移支付"
LIST_COLUMNS = (
    "名称", "资金性质", "项目类别", *FIGURES, "执行率", "年初执行率", "调整率", "得分", "等级", "计数", "计优",
    *(f"计{figure}" for figure in FIGURES),
)  # fmt: skip
_COUNTED, _BEST, _LEVEL = (f"{LIST}.{column}" for column in ("计数", "计优", "项目类别"))


def list_columns(tables: SelfTables) -> dict[str, tuple[str, ...]]:
    """The whole columns of the list of projects, each with its keys."""
    rows = [keys.row(LIST, number) for number in range(1, tables.count + 1)]
    return {Keys(LIST).cell(column): tuple(row.cell(column) for row in rows) for column in LIST_COLUMNS}


def grades_of(tables: SelfTables) -> list[str]:
    """The grades of the project form, best first."""
    assert tables.projects is not None  # a roll-up stands only beside project tables
    return [grade for _, grade in tables.projects.grades]


def rolled_up(tables: SelfTables) -> dict[str, Expr]:
    """All computed cells of the roll-up: the list, then its sums."""
    grades = grades_of(tables)
    made: dict[str, Expr] = {}
    for number in range(1, tables.count + 1):
        for name, expr in _listed(number, grades[0]).items():
            made[keys.row(LIST, number).cell(name)] = expr
    made[SUM.projects] = Total([_COUNTED])
    for figure in FIGURES:
        made[SUM.cell(figure)] = Round(Total([f"{LIST}.计{figure}"]))
    start, planned, spent = (SUM.cell(figure) for figure in FIGURES)
    made[SUM.executed] = _over(Ref(spent), planned)
    made[SUM.cell("年初执行率")] = _over(Ref(spent), start)
    made[SUM.cell("调整率")] = _over(Arith("-", Ref(planned), Ref(start)), start)
    for column, groups in (("资金性质", (*FUNDS, UNNAMED_FUND)), ("项目类别", (OWN, *TRANSFER_LEVELS))):
        for group in groups:
            made |= _group(SUM.of(group), f"{LIST}.{column}", group)
    for grade in (*grades, PENDING):
        made[SUM.of(grade).count] = Where(_COUNTED, f"{LIST}.等级", grade)
    return made | _best(grades[0])


def _over(above: Expr, below: str) -> Expr:
    return Ratio(above, Ref(below), Const(NOT_APPLICABLE))


def _listed(number: int, best: str) -> dict[str, Expr]:
    row, form, source = keys.row(LIST, number), Keys(f"{PROJECT}{number}"), keys.row("项目", number)
    unused = Is(row.name, "")
    made: dict[str, Expr] = {"名称": Ref(form.name)}
    for column, known, other in (("资金性质", FUNDS, UNNAMED_FUND), ("项目类别", TRANSFER_LEVELS, OWN)):
        # a known word as it is, anything else under ``other``: the groups always add up to the whole
        word = source.cell(column)
        named = If(Logic("OR", *(Is(word, one) for one in known)), Ref(word), Const(other))
        made[column] = If(unused, Const(""), named)
    for figure in FIGURES:
        key = row.cell(figure)
        made[figure] = Ref(form.cell(figure))
        made[f"计{figure}"] = If(IsNumber(key), Ref(key), Const(0))
    start, planned, spent = (row.cell(figure) for figure in FIGURES)
    made["执行率"] = Given([spent, planned], _over(Ref(spent), planned), Const(""))
    made["年初执行率"] = Given([spent, start], _over(Ref(spent), start), Const(""))
    change = Arith("-", Ref(planned), Ref(start))
    made["调整率"] = Given([start, planned], _over(change, start), Const(""))
    made["得分"], made["等级"] = Ref(form.total), Ref(form.grade)
    made["计优"] = If(Is(row.grade, best), Const(1), Const(0))
    made["计数"] = If(unused, Const(0), Const(1))
    return made


def _group(own: Keys, column: str, text: str) -> dict[str, Expr]:
    made: dict[str, Expr] = {own.count: Where(_COUNTED, column, text)}
    for figure in FIGURES:
        made[own.cell(figure)] = Round(Where(f"{LIST}.计{figure}", column, text))
    spent = FIGURES[-1]
    made[own.share] = _over(Ref(own.cell(spent)), SUM.cell(spent))
    return made


def _best(grade: str) -> dict[str, Expr]:
    """Shares of the best grade, of all projects and of transfers; none at all is 不适用, an open one 待核定."""
    transfers = SUM.of(ALL_TRANSFERS)
    made: dict[str, Expr] = {SUM.best_rate: _decided_share(SUM.projects, Ref(SUM.of(grade).count))}
    made[SUM.mean] = _decided_share(SUM.projects, Total([f"{LIST}.得分"]), places=2)
    for name in ("个数", *FIGURES):
        made[transfers.cell(name)] = Round(Total([SUM.of(level).cell(name) for level in TRANSFER_LEVELS]))
    best: Expr = Where(_BEST, _LEVEL, TRANSFER_LEVELS[0])
    for level in TRANSFER_LEVELS[1:]:
        best = Arith("+", best, Where(_BEST, _LEVEL, level))
    made[transfers.best] = best
    made[transfers.best_rate] = _decided_share(transfers.count, Ref(transfers.best))
    return made


def _decided_share(count: str, above: Expr, places: int = 6) -> Expr:
    """``above`` a project, once no project is open; nothing where there is no project."""
    shared = Round(Ratio(above, Ref(count), Const(0)), places)
    settled = If(Compare(">", Ref(SUM.of(PENDING).count), Const(0)), Const(PENDING), shared)
    return If(Compare("=", Ref(count), Const(0)), Const(NOT_APPLICABLE), settled)
