"""The self-evaluation tables of a workbook -> the roll-up: projects with scores, transfers by level, filled forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jixiao.model import OUTCOMES, Value, plain
from jixiao.report.rollup import FormRow, ProjectRow, RollUp, SelfForm, Transfer
from jixiao.report.wording import clean, column_amount, rate
from jixiao.rubric import EXECUTION, FIGURES, MAIN, PROJECT, Rubric, SelfTable
from jixiao.scoring.selfeval.rollup import LEVELS, LIST, OWN, SUM

ZERO = Decimal(0)
EXAMPLE = "（示例）"
"""Stands behind a reason that was made up to show the form: told once in a note, not in sentences."""


def rolled_up(rubric: Rubric, values: Mapping[str, Value]) -> RollUp:
    """What the project tables add up to; ``values`` are entries and computed cells by key."""
    tables = rubric.self_tables
    made = RollUp(projects=[], forms=[])
    grades = [grade for _, grade in tables.projects.grades] if tables.projects is not None else []
    kinds: dict[str, list[str]] = {}
    for number in range(1, tables.count + 1):
        row = f"{LIST}[{number}]."
        if not values.get(f"{row}名称"):
            continue
        kind = str(values.get(f"{row}项目类别") or OWN)
        kinds.setdefault(kind, []).append(str(values.get(f"{row}等级") or ""))
        if kind == OWN:
            made.projects.append(_project(number, values, grades))
    for level in LEVELS if kinds else ():  # without a project nothing is known about transfers
        counted = tuple((grade, kinds.get(level, []).count(grade)) for grade in grades)
        money = _number(values.get(f"{SUM}.{level}.全年预算数")) or ZERO
        made.transfers.append(
            Transfer(level.removesuffix("转移支付"), money, len(kinds.get(level, [])), counted)
        )
    if single(rubric):
        made.projects = _only(values)
    found = [form for name, table in tables.tables() if (form := _form(name, table, values)) is not None]
    made.forms = [replace(form, project=single(rubric)) if form.whole else form for form in found]
    return made


def single(rubric: Rubric) -> bool:
    """Whether the workbook is the form of one project: its figures stand in the first row of the 项目 table."""
    return rubric.self_tables.main is not None and not rubric.self_tables.figures


def self_made(rubric: Rubric) -> bool:
    """Whether the workbook is a self-evaluation: its points are those of self-evaluation forms."""
    return rubric.self_tables.main is not None or rubric.self_tables.count > 0


def _only(values: Mapping[str, Value]) -> list[ProjectRow]:
    """The project that the workbook is about, with the points and the grade of its form."""
    name = clean(str(values.get("项目[1].名称") or values.get(f"{MAIN}.名称") or ""))
    start, planned, spent = (_number(values.get(f"{MAIN}.{figure}")) for figure in FIGURES)
    if not name:
        return []
    scored = _number(values.get(f"{MAIN}.待定")) == 0
    grade = str(values.get(f"{MAIN}.等级") or "")
    return [
        ProjectRow(
            name=name,
            fund=str(values.get("项目[1].资金性质") or ""),
            budget=start,
            adjusted=planned,
            final=spent,
            score=_number(values.get(f"{MAIN}.总分")) if scored else None,
            grade="" if grade in OUTCOMES or not scored else grade,
            unit=clean(str(values.get(f"{MAIN}.实施单位") or values.get(f"{MAIN}.主管部门") or "")),
        )
    ]


def _project(number: int, values: Mapping[str, Value], grades: list[str]) -> ProjectRow:
    row, table = f"{LIST}[{number}].", f"{PROJECT}{number}"
    start, planned, spent = (_number(values.get(f"{row}{figure}")) for figure in FIGURES)
    grade = str(values.get(f"{row}等级") or "")
    return ProjectRow(
        name=clean(str(values[f"{row}名称"])),
        fund=str(values.get(f"{row}资金性质") or ""),
        budget=start,
        adjusted=planned,
        final=spent,
        score=_number(values.get(f"{row}得分")),
        grade=grade if grade in grades else "",
        unit=clean(str(values.get(f"{table}.实施单位") or values.get(f"{table}.主管部门") or "")),
    )


def _form(name: str, form: SelfTable, values: Mapping[str, Value]) -> SelfForm | None:
    """A form that has been filled; None for an empty one."""
    rows = []
    for number, block, second in form.rows():
        cell = f"{name}[{number}]."
        if values.get(f"{cell}三级指标"):
            third, planned, done, full, points, why = (
                _text(values.get(f"{cell}{title}"))
                for title in ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
            )
            told = why.replace(EXAMPLE, "").strip()
            row = FormRow(block.title, second.title, third, planned, done, full, points, told, told != why)
            rows.append(row)
    if not values.get(f"{name}.名称") or not rows:
        return None
    return SelfForm(
        title=form.title,
        name=_text(values.get(f"{name}.名称")),
        unit=_text(values.get(f"{name}.主管部门")),
        money=_money(name, form, values),
        goal=_text(values.get(f"{name}.预期目标")),
        result=_text(values.get(f"{name}.实际完成情况")),
        rows=tuple(rows),
        total=_text(values.get(f"{name}.总分")),
        grade=_text(values.get(f"{name}.等级")),
        whole=name == MAIN,
    )


def _money(name: str, form: SelfTable, values: Mapping[str, Value]) -> tuple[tuple[str, ...], ...]:
    share = values.get(f"{name}.执行率")
    figures = [_amount(values.get(f"{name}.{figure}")) for figure in FIGURES]
    points = _text(values.get(f"{name}.{EXECUTION}.得分"))
    made = [
        (
            form.funds[0],
            *figures,
            plain(form.execution),
            rate(share) if isinstance(share, Decimal) else "—",
            points,
        )
    ]
    for number in range(2, len(form.funds) + 1):
        own = [values.get(f"{name}.资金{number}.{figure}") for figure in FIGURES]
        if any(isinstance(value, Decimal) for value in own):
            made.append((form.funds[number - 1], *(_amount(value) for value in own), "—", "—", "—"))
    return tuple(made)


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _amount(value: Value) -> str:
    return column_amount(value) if isinstance(value, Decimal) else "—"


def _text(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else clean(str(value or ""))
