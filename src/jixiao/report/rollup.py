"""RollUp: the projects and transfers of a department as a self-evaluation report adds them up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model import Value
from jixiao.scoring.selfeval.rollup import BUDGETS

GRADES = ("优", "良", "中", "差")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ProjectRow:
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
    def evaluated(self) -> bool:
        """Whether the project has a result."""
        return self.score is not None or bool(self.grade)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Transfers of one level of government (中央, 省级 …): amount in 万元, items by grade."""

    level: str
    amount: Decimal = ZERO
    items: int = 0
    grades: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FormRow:
    """One indicator row of a self-evaluation form; ``example``: its reason is made up to show the form."""

    first: str
    second: str
    third: str
    planned: str = ""
    done: str = ""
    full: str = ""
    points: str = ""
    why: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class SelfForm:
    """A filled self-evaluation form (项目支出绩效自评表, 部门整体绩效自评表), figures as text.

    ``whole`` marks the form that the workbook is about: that of the whole department, or with ``project`` that of its
    only project. ``money`` rows are: what, 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分.
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


@dataclass(slots=True)
class RollUp:
    """Projects, transfers by level, and the forms that go into the annex."""

    projects: list[ProjectRow] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    forms: list[SelfForm] = field(default_factory=list)

    def total(
        self, what: Callable[[ProjectRow], Decimal | None], among: Sequence[ProjectRow] | None = None
    ) -> Decimal:
        """The sum of an amount; what is not filled counts nothing."""
        rows = self.projects if among is None else among
        return sum((value for row in rows if (value := what(row)) is not None), ZERO)

    def by_fund(self) -> list[tuple[str, list[ProjectRow]]]:
        """Projects by the fund that pays for them, the official four first; a fund without projects is left out."""
        named = list(dict.fromkeys([*BUDGETS, *(row.fund for row in self.projects)]))
        groups = [(fund, [row for row in self.projects if row.fund == fund]) for fund in named if fund]
        return [(fund, rows) for fund, rows in groups if rows]

    def grades(self) -> list[tuple[str, int]]:
        """How many projects have each grade, the official four first, those without any left out."""
        named = list(dict.fromkeys([*GRADES, *(row.grade for row in self.projects)]))
        counted = [(grade, sum(row.grade == grade for row in self.projects)) for grade in named if grade]
        return [(grade, count) for grade, count in counted if count]


def excellent(grades: Sequence[tuple[str, int]]) -> Decimal | None:
    """The share of 优 among graded items; None (不适用) where there are none."""
    total = sum(count for _, count in grades)
    return Decimal(dict(grades).get("优", 0)) / total if total else None


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
            field: next((row[name] for name in names if name in row), None) for field, names in NAMES.items()
        }
        if found["name"] in (None, ""):
            continue
        texts = {key: str(found[key] or "") for key in ("name", "fund", "grade", "unit")}
        texts["fund"] = texts["fund"].removesuffix("财政拨款").removesuffix("拨款").removesuffix("项目")
        amounts = {key: _number(found[key]) for key in ("budget", "adjusted", "final", "score")}
        made.append(ProjectRow(**texts, **amounts))  # type: ignore[arg-type]  # two groups of fields, each of one type
    return made


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
