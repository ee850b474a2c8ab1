"""The projects, transfers and filled forms of a workbook, read from its net, and what sentences say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model import OUTCOMES, Compare, Const, Is, Ref, Value, plain
from jixiao.report.phrasing import COLUMN, EXACT, TEXT, clean, listed, written
from jixiao.report.traced import Telling, Worded, counted, figure, traced
from jixiao.rubric import (
    BUDGETS,
    EXECUTION,
    FIGURES,
    GRADES,
    MAIN,
    PROJECT,
    TRANSFER_LEVELS,
    Rubric,
    SelfTable,
)
from jixiao.scoring import LIST, OWN, SUM, Keys, keys

ZERO = Decimal(0)
EXAMPLE = "（示例）"
"""Stands behind a reason that was made up to show the form: told once in a note, not in sentences."""
FAR = Decimal("0.2")
LONGEST = 5  # projects named in a sentence


class ProjectRow(NamedTuple):
    """One project; amounts in 万元, None where not filled. ``score`` and ``grade`` are those of its self-evaluation."""

    name: str
    fund: str = ""
    budget: Decimal | None = None
    adjusted: Decimal | None = None
    final: Decimal | None = None
    score: Decimal | None = None
    grade: str = ""
    unit: str = ""

    @property
    def planned(self) -> Decimal | None:
        """The budget that counts: the adjusted one, else that of the beginning of the year."""
        return self.adjusted if self.adjusted is not None else self.budget

    @property
    def spent(self) -> Decimal | None:
        """The share of the budget that was spent."""
        return self.final / self.planned if self.final is not None and self.planned else None

    @property
    def evaluated(self) -> bool:
        """Whether the project has a result."""
        return self.score is not None or bool(self.grade)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Transfers of one level of government (中央, 省级 …): amount in 万元, items, items by grade."""

    level: str
    amount: Decimal = ZERO
    items: int = 0
    grades: Mapping[str, Decimal] = field(default_factory=dict)


class FormRow(NamedTuple):
    """One indicator row of a self-evaluation form; ``got`` and ``whole`` are its points, None while open.

    ``example``: its reason is made up to show the form.
    """

    first: str
    second: str
    third: str
    planned: str = ""
    done: str = ""
    full: str = ""
    points: str = ""
    why: str = ""
    got: Decimal | None = None
    whole: Decimal | None = None
    example: bool = False


class SelfForm(NamedTuple):
    """A filled self-evaluation form (项目支出绩效自评表, 部门整体绩效自评表), its cells as text.

    ``whole`` marks the form that the workbook is about: that of the whole department, or with ``project`` that of its
    only project. ``money`` rows are: what, 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分. ``got`` are the points of
    the execution rate, None while open, ``execution`` its full points.
    """

    title: str
    name: str
    unit: str = ""
    money: tuple[tuple[str, ...], ...] = ()
    goal: str = ""
    result: str = ""
    rows: tuple[FormRow, ...] = ()
    total: str = ""
    grade: str = ""
    whole: bool = False
    project: bool = False
    execution: Decimal = ZERO
    got: Decimal | None = None

    @property
    def spent(self) -> str:
        """The rate of execution as it stands in the form."""
        return self.money[0][5] if self.money else ""

    @property
    def owner(self) -> str:
        """The form as a sentence names it; empty for that of the whole workbook."""
        return "" if self.whole else named_project(self.name)

    @property
    def points(self) -> list[tuple[Decimal | None, Decimal | None]]:
        """Points and full points of its rows and of its execution rate."""
        return [*((row.got, row.whole) for row in self.rows), (self.got, self.execution)]


@dataclass(slots=True)
class RollUp:
    """Projects, transfers by level, and the forms that go into the annex.

    ``sums`` are 年初预算, the budget that counts and spending of all projects: None where one of them lacks its amount,
    which makes the sum unknown.
    """

    projects: list[ProjectRow] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    forms: list[SelfForm] = field(default_factory=list)
    sums: tuple[Decimal | None, ...] = (None, None, None)

    def by_fund(self) -> list[tuple[str, list[ProjectRow]]]:
        """Projects by the fund that pays for them, the official four first; a fund without projects is left out."""
        named = dict.fromkeys([*BUDGETS, *(row.fund for row in self.projects)])
        groups = [(fund, [row for row in self.projects if row.fund == fund]) for fund in named if fund]
        return [(fund, rows) for fund, rows in groups if rows]


def named_project(name: str) -> str:
    """A project as a sentence names it: 招商经费项目, not 招商项目项目."""
    return name if name.endswith("项目") else f"{name}项目"


def graded(grades: Iterable[str]) -> dict[str, Decimal]:
    """How many items have each grade, the official four first, those without any left out."""
    known = [grade for grade in grades if grade]
    made = {}
    for one in dict.fromkeys((*GRADES, *known)):
        if count := known.count(one):
            tests = [Is(grade.expr.key, one) for grade in known if isinstance(grade, Worded)]  # type: ignore[attr-defined]
            made[one] = counted(tests, count) if len(tests) == len(known) else Decimal(count)
    return made


def excellent(grades: Mapping[str, Decimal]) -> Decimal | None:
    """The share of 优 among graded items; None (不适用) where there are none."""
    total = sum(grades.values(), ZERO)
    return grades.get(GRADES[0], ZERO) / total if total else None


def budgeted(rows: Sequence[ProjectRow]) -> Decimal:
    """The sum of the budgets that count; what is not filled counts nothing."""
    return sum((row.planned or ZERO for row in rows), ZERO)


def summed(rows: Sequence[ProjectRow]) -> tuple[Decimal | None, ...]:
    """The sums of projects; one that lacks an amount makes its sum unknown."""
    columns = zip(*((row.budget, row.planned, row.final) for row in rows), strict=True)
    return tuple(None if None in column else sum(column, ZERO) for column in columns) or (None, None, None)


# ------------------------------------------------------------------------------------------ reading the net


def single(rubric: Rubric) -> bool:
    """Whether the workbook is the form of one project: its figures stand in the first row of the 项目 table."""
    return rubric.self_tables.main is not None and not rubric.self_tables.figures


def self_made(rubric: Rubric) -> bool:
    """Whether the workbook is a self-evaluation: its points are those of self-evaluation forms."""
    return rubric.self_tables.main is not None or rubric.self_tables.count > 0


def rolled_up(rubric: Rubric, values: Mapping[str, Value], rows: Sequence[dict[str, Value]]) -> RollUp:
    """The roll-up of a workbook; ``values`` are entries and computed cells by key, ``rows`` its 项目 table."""
    made = RollUp()
    if self_made(rubric):
        _of_forms(made, rubric, values)
    if not made.projects:
        made.projects = projects_of(rows)
        made.sums = summed(made.projects)
    return made


def _of_forms(made: RollUp, rubric: Rubric, values: Mapping[str, Value]) -> None:
    tables = rubric.self_tables
    named = [number for number in range(1, tables.count + 1) if values.get(keys.row(LIST, number).name)]
    kinds = {number: str(values.get(keys.row(LIST, number).cell("项目类别")) or OWN) for number in named}
    own = [number for number in named if kinds[number] == OWN]
    made.projects = [_project(number, values, rubric) for number in own]
    for level in TRANSFER_LEVELS if named else ():  # without a project nothing is known about transfers
        kind = [number for number in named if kinds[number] == level]
        money = _number(values.get(SUM.of(level).cell(FIGURES[1]))) or ZERO
        grades = graded(_grade_of(number, values, rubric) for number in kind)
        made.transfers.append(Transfer(level.removesuffix("转移支付"), money, len(kind), grades))
    if single(rubric):
        made.projects = _only(values)
    made.sums = summed(made.projects)
    if own and not single(rubric):
        columns = zip(*((row.budget, row.adjusted, row.final) for row in made.projects), strict=True)
        added = _money_of(SUM.of(OWN), values)  # by the workbook, which counts what is not filled as nothing
        made.sums = tuple(
            total if None not in column else other
            for column, total, other in zip(columns, added, made.sums, strict=True)
        )
    found = (_form(name, table, values, single(rubric)) for name, table in tables.tables())
    made.forms = [form for form in found if form is not None]


def _grades(rubric: Rubric) -> list[str]:
    form = rubric.self_tables.projects
    return [grade for _, grade in form.grades] if form is not None else []


def _only(values: Mapping[str, Value]) -> list[ProjectRow]:
    """The project that the workbook is about, with the points and the grade of its form."""
    own, row = Keys(MAIN), keys.row("项目", 1)
    name = clean(str(values.get(row.name) or values.get(own.name) or ""))
    if not name:
        return []
    scored = _number(values.get(own.open)) == 0
    grade = str(values.get(own.grade) or "")
    start, planned, spent = _money_of(own, values)
    return [
        ProjectRow(
            name,
            str(values.get(row.cell("资金性质")) or ""),
            start,
            planned,
            spent,
            _number(values.get(own.total)) if scored else None,
            "" if grade in OUTCOMES or not scored else grade,
            _unit(own, values),
        )
    ]


def _project(number: int, values: Mapping[str, Value], rubric: Rubric) -> ProjectRow:
    row = keys.row(LIST, number)
    start, planned, spent = _money_of(row, values)
    return ProjectRow(
        clean(str(values[row.name])),
        str(values.get(row.cell("资金性质")) or ""),
        start,
        planned,
        spent,
        _number(values.get(row.points)),
        _grade_of(number, values, rubric),
        _unit(Keys(f"{PROJECT}{number}"), values),
    )


def _grade_of(number: int, values: Mapping[str, Value], rubric: Rubric) -> str:
    """The grade of a project in the list; empty where it has none yet."""
    key = keys.row(LIST, number).grade
    grade = str(values.get(key) or "")
    return Worded(grade, Ref(key)) if grade in _grades(rubric) else ""


def _money_of(own: Keys, values: Mapping[str, Value]) -> list[Decimal | None]:
    return [_number(values.get(own.cell(figure))) for figure in FIGURES]


def _unit(form: Keys, values: Mapping[str, Value]) -> str:
    return clean(str(values.get(form.body) or values.get(form.department) or ""))


NAMES = {
    "name": ("名称", "项目名称"),
    "fund": ("资金性质", "资金类型", "资金来源"),
    "budget": ("年初预算",),
    "adjusted": ("调整后预算",),
    "final": ("年度支出", "决算数"),
    "score": ("自评得分", "得分"),
    "grade": ("自评等级", "等级"),
    "unit": ("主管单位", "实施单位", "单位"),
}


def projects_of(rows: Sequence[dict[str, Value]]) -> list[ProjectRow]:
    """Rows of the 项目 table, whatever columns it has, as projects; rows without a name are left out."""
    made = []
    for row in rows:
        found = {
            key: next((row[name] for name in names if name in row), None) for key, names in NAMES.items()
        }
        if found["name"] in (None, ""):
            continue
        texts = {key: str(found[key] or "") for key in ("name", "fund", "grade", "unit")}
        texts["fund"] = texts["fund"].removesuffix("财政拨款").removesuffix("拨款").removesuffix("项目")
        amounts = {key: _number(found[key]) for key in ("budget", "adjusted", "final", "score")}
        made.append(ProjectRow(**texts, **amounts))  # type: ignore[arg-type]  # two groups of fields, each of one type
    return made


def _form(name: str, form: SelfTable, values: Mapping[str, Value], project: bool) -> SelfForm | None:
    """A form that has been filled; None for an empty one."""

    def text(key: str) -> str:
        value = values.get(key)
        return written(value, EXACT) if isinstance(value, Decimal) else clean(str(value or ""))

    def told(key: str) -> str:  # a text that the net makes of figures
        made, number = text(key), isinstance(values.get(key), Decimal)
        return made if number or not made else figure(made, Worded(made, Ref(key)), TEXT)

    rows, own = [], Keys(name)
    for number, block, second in form.rows():
        row = keys.row(name, number)
        if values.get(row.indicator):
            third = text(row.indicator)
            planned, done, full, points = (
                told(row.cell(title)) for title in ("年度指标值", "实际完成值", "分值", "得分")
            )
            got, whole = _number(values.get(row.points)), _number(values.get(row.weight))
            why = text(row.cell("偏差原因"))
            said = why.replace(EXAMPLE, "").strip()
            shown = (block.title, second.title, third, planned, done, full, points, said)
            rows.append(FormRow(*shown, got=got, whole=whole, example=said != why))
    if not values.get(own.name) or not rows:
        return None
    money = _money(name, form, values, text(own.of(EXECUTION).points))
    return SelfForm(
        form.title,
        text(own.name),
        text(own.department),
        money,
        text(own.goal),
        text(own.result),
        tuple(rows),
        text(own.total),
        text(own.grade),
        whole=name == MAIN,
        project=name == MAIN and project,
        execution=form.execution,
        got=_number(values.get(own.of(EXECUTION).points)),
    )


def _money(
    name: str, form: SelfTable, values: Mapping[str, Value], points: str
) -> tuple[tuple[str, ...], ...]:
    whole = Keys(name)
    share = values.get(whole.executed)
    spent = written(share, "%") if isinstance(share, Decimal) else "—"
    made = [(form.funds[0], *map(_amount, _money_of(whole, values)), plain(form.execution), spent, points)]
    for number, title in enumerate(form.funds[1:], 2):
        own = _money_of(whole.fund(number), values)
        if any(value is not None for value in own):
            made.append((title, *map(_amount, own), "—", "—", "—"))
    return tuple(made)


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _amount(value: Decimal | None) -> str:
    return written(value, COLUMN) if value is not None else "—"


# ------------------------------------------------------------------------------------- what sentences say


def told_of_projects(rolled: RollUp) -> dict[str, Value]:
    """The names that sentences use about projects, transfers and the unit's own form; None: nothing to tell."""
    return _projects(rolled) | _transfers(rolled) | _form_of_all(rolled)


def rows_of_projects(rolled: RollUp) -> list[dict[str, Value]]:
    """The projects as rows that sentences are said for."""
    return [
        {
            "项目名称": row.name,
            "年初预算": row.budget,
            "预算数": row.planned,
            "年度支出": row.final,
            "支出率": row.spent,
            "自评得分": row.score,
            "自评等级": row.grade or None,
        }
        for row in rolled.projects
    ]


def quoted(names: Sequence[str]) -> str | None:
    """Some names in quotation marks; None where there is none."""
    return listed([f"“{name}”" for name in names], LONGEST) if names else None


def _form_of_all(rolled: RollUp) -> dict[str, Value]:
    """What the form of the whole department says about its indicators."""
    rows = [row for form in rolled.forms if form.whole for row in form.rows]
    done = [f"{row.third}{row.done}（目标：{row.planned}）" for row in rows if row.done and row.planned]
    known = [(row.got, row.whole) for row in rows if row.got is not None and row.whole is not None]
    return {
        "自评指标数": Decimal(len(rows)) if rows else None,
        "自评满分指标数": counted(
            [Compare("=", traced(got), traced(whole)) for got, whole in known],
            sum(got == whole for got, whole in known),
        ),
        "自评指标清单": Telling(listed(done, 12)) if done else None,
    }


def _projects(rolled: RollUp) -> dict[str, Value]:
    rows, done = rolled.projects, [row for row in rolled.projects if row.evaluated]
    by_budget = sorted(
        (row for row in rows if row.budget is not None), key=lambda row: row.budget or 0, reverse=True
    )
    used = [
        row for row in sorted(rows, key=lambda row: row.planned or 0, reverse=True) if row.final is not None
    ]
    more = f"；等{len(used)}个项目" if len(used) > LONGEST else ""
    grades = graded(row.grade for row in rows)
    moved = [(row.name, abs((row.planned or ZERO) - row.budget) / row.budget) for row in rows if row.budget]
    far = [name for name, share in moved if share >= FAR]
    first, planned, final = rolled.sums
    return {
        "项目预算清单": Telling(
            listed([f"{row.name}{written(row.budget, '万元')}" for row in by_budget], LONGEST)
        )
        or None,
        "项目使用清单": Telling("；".join(f"{row.name}{_used(row)}" for row in used[:LONGEST]) + more)
        or None,
        "项目个数": Decimal(len(rows)),
        "自评项目数": Decimal(len(rows)),
        "本项目名称": rows[0].name if len(rows) == 1 else None,
        "已评项目数": Decimal(len(done)),
        "已评等级项目数": sum(grades.values(), ZERO),
        "等级清单": _by_grade(grades),
        "评优率": excellent(grades),
        "预算大幅调整项目数": counted(
            [Compare(">=", traced(share), Const(FAR)) for _, share in moved], len(far)
        ),
        "预算大幅调整清单": quoted(far),
        "项目年初预算合计": first,
        "项目预算合计": planned,
        "项目支出合计": final,
        "已评项目预算合计": budgeted(done) if done else None,
        **_funds(rolled),
    }


def _used(row: ProjectRow) -> str:
    text = f"年度支出{written(row.final, '万元')}"
    if row.planned is None:
        return text
    what = "年初预算" if row.adjusted in (None, row.budget) else "调整后预算"
    share = f"，使用率{written(row.spent, '%')}" if row.spent is not None else ""
    return f"{what}{written(row.planned, '万元')}，{text}{share}"


def _by_grade(grades: Mapping[str, Decimal]) -> str | None:
    said = (f"等级为“{grade}”的项目{written(count, '个')}" for grade, count in grades.items())
    return Telling("、".join(said)) or None


def _funds(rolled: RollUp) -> dict[str, Value]:
    said = []
    for fund, rows in rolled.by_fund():
        done = [row for row in rows if row.evaluated]
        total, part = budgeted(rows), budgeted(done)
        share = f"，占{fund}项目支出总额的{written(part / total, '%')}" if total else ""
        said.append(f"{fund}项目{len(done)}个，共涉及资金{written(part, '万元')}{share}")
    present = {fund for fund, _ in rolled.by_fund()}
    none = "、".join(fund for fund in BUDGETS if fund not in present) if present else ""
    return {
        "资金清单": Telling("；".join(said)) or None,
        "无项目资金": f"{none}无项目（项目0个，涉及资金0万元，占比不适用）" if none else None,
    }


def _transfers(rolled: RollUp) -> dict[str, Value]:
    rows = rolled.transfers
    pairs: dict[str, Decimal] = {}
    for row in rows:
        for grade, count in row.grades.items():
            pairs[grade] = pairs.get(grade, ZERO) + count
    return {
        # no rows: nothing is known about transfers, which is not the same as none
        "转移支付合计": sum((row.amount for row in rows), ZERO) if rows else None,
        "转移支付项数": Decimal(sum(row.items for row in rows)) if rows else None,
        "转移支付清单": Telling(
            "、".join(f"{row.level}转移支付资金{written(row.amount, '万元')}" for row in rows)
        )
        or None,
        "转移支付等级数": sum(pairs.values(), ZERO),
        "转移支付等级清单": _by_grade(pairs),
        "转移支付评优率": excellent(pairs),
    }
