"""What a report is held against: named values with their places, points, grades and records, however they were got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.audit.document import plain
from jixiao.model import Record, Source
from jixiao.text.numbers import AMOUNT_UNITS

FUNDS = ("一般公共预算", "政府性基金预算", "社保基金预算", "国有资本经营预算")
TOTAL = "合计得分"
GRADES = ("优", "良", "中", "差")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a statement can be held against; rates are in % (5.74, not 0.0574)."""

    name: str
    value: Decimal
    unit: str
    source: Source
    owner: str = ""  # the project, target or indicator it belongs to
    field: str = ""  # budget, adjusted, spent, planned, done, rate, points, weight, full
    chosen: bool = False  # the value that the workbook scores with

    def place(self) -> str:
        """Where it stands."""
        return self.source.place()


@dataclass(frozen=True, slots=True)
class Judged:
    """One scored indicator: titles of its levels, weight, full points, points, and what was said about it."""

    id: str
    title: str
    second: str
    first: str
    weight: Decimal
    full: Decimal
    points: Decimal | None
    explanation: str
    source: Source
    figures: tuple[
        tuple[str, ...], ...
    ] = ()  # figures of its description and criteria, in order: each wording known
    extra: bool = False
    rule: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Points of an indicator or of a group of them."""

    weight: Decimal
    full: Decimal
    points: Decimal | None
    rule: Decimal | None
    source: Source


@dataclass(slots=True)
class Truth:
    """Everything known of one unit and year."""

    unit: str = ""
    year: str = ""
    rubric: str = ""
    known: list[Known] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    weights: dict[str, Known] = field(default_factory=dict)  # titles of the first and second level
    scores: dict[str, Scores] = field(default_factory=dict)  # by title, of indicators and groups
    total: Known | None = None
    grade: str = ""
    undefined: dict[str, str] = field(default_factory=dict)  # a rate without value -> why
    texts: list[tuple[str, Source]] = field(
        default_factory=list
    )  # texts whose figures count as known, ``plain``

    def of(self, names: Iterable[str]) -> list[Known]:
        """All values of some names, the chosen one of each first."""
        wanted = set(names)
        found = [item for item in self.known if item.name in wanted]
        return sorted(found, key=lambda item: not item.chosen)

    def has(self, name: str) -> bool:
        """Whether a name has a value or is known to have none."""
        if name == TOTAL:
            return self.total is not None
        return name in self.undefined or any(item.name == name for item in self.known)

    def value(self, *names: str) -> Decimal | None:
        """The first value of the first name that has one."""
        for name in names:
            found = self.of([name])
            if found:
                return found[0].value
        return None

    def indicator(self, title: str) -> Judged | None:
        """An indicator by its title."""
        return next((item for item in self.judged if plain(item.title) == title), None)

    def owners(self, kind: str) -> list[str]:
        """Names of the projects or targets."""
        return list(dict.fromkeys(item.owner for item in self.known if item.name == kind))

    def add(self, name: str, value: Decimal, unit: str, source: Source, *, chosen: bool = False) -> None:
        """Keep a value."""
        self.known.append(Known(name, value, unit, source, chosen=chosen))

    def complete(self, derived: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> None:
        """Add the rates that follow from two names, where they are not there yet."""
        for name, (over, under) in derived.items():
            top, below = self.value(*over), self.value(*under)
            if self.has(name) or top is None or below is None:
                continue
            if below:
                self.add(name, top / below * 100, "%", Source("", label=f"{over[0]}/{under[0]}"))
            else:
                self.undefined[name] = "分母为0，无法计算"

    def add_records(self, records: Sequence[Record]) -> None:
        """Keep projects and targets with what follows from them: rates, totals, counts, grades."""
        for record in records:
            if record.kind in ("projects", "targets"):
                self._add_record(record)
        projects = _merged([r for r in records if r.kind == "projects"])
        if projects:
            self._project_totals(projects)

    def _add_record(self, record: Record) -> None:
        kind = "项目" if record.kind == "projects" else "目标"
        owner = plain(str(record["name"] or ""))
        unit = "万元" if record.kind == "projects" else str(record["unit"] or "")
        for name, value in record.values.items():
            if isinstance(value, Decimal) and name not in ("code", "level") and owner:
                own = "分" if name == "score" else unit
                source = record.sources.get(name) or Source("", label=owner)
                self.known.append(
                    Known(kind, value, own, source, owner, "spent" if name == "final" else name)
                )
        for top, below, rate in (("done", "planned", "rate"), ("spent", "budget", "rate"), ("spent", "adjusted", "rate"),
                                 ("final", "adjusted", "rate"), ("final", "budget", "budget_rate")):  # fmt: skip
            over, under = record.amount(top), record.amount(below)
            if over is not None and under:
                source = record.sources.get(top) or Source("", label=owner)
                self.known.append(Known(kind, over / under * 100, "%", source, owner, rate))

    def _project_totals(self, projects: list[dict[str, Decimal | str | None]]) -> None:
        source = Source("", label="项目合计")
        self.add("项目个数", Decimal(len(projects)), "个", source)
        for key, name in (
            ("budget", "项目预算合计"),
            ("adjusted", "项目调整预算合计"),
            ("spent", "项目支出合计"),
        ):
            amounts = [
                p.get(key) if p.get(key) is not None else p.get("final" if key == "spent" else key)
                for p in projects
            ]
            if all(isinstance(amount, Decimal) for amount in amounts):
                self.add(
                    name, sum((a for a in amounts if isinstance(a, Decimal)), Decimal(0)), "万元", source
                )
        if any(p.get("grade") for p in projects):
            graded = [str(p.get("grade") or "") for p in projects]
            for grade in GRADES:
                self.add(f"{grade}项目个数", Decimal(graded.count(grade)), "个", source)
            self.add("项目评优率", Decimal(graded.count("优")) / len(graded) * 100, "%", source)
        if any(p.get("fund") for p in projects):
            self._by_fund(projects, source)

    def _by_fund(self, projects: list[dict[str, Decimal | str | None]], source: Source) -> None:
        for fund in FUNDS:
            own = [p for p in projects if str(p.get("fund") or "").startswith(fund)]
            amounts = [p["adjusted"] for p in own if isinstance(p.get("adjusted"), Decimal)]
            self.add(f"{fund}项目个数", Decimal(len(own)), "个", source)
            self.add(
                f"{fund}项目资金",
                sum((a for a in amounts if isinstance(a, Decimal)), Decimal(0)),
                "万元",
                source,
            )
            if own:
                self.add(f"{fund}项目占比", Decimal(100), "%", source)
            else:
                self.undefined[f"{fund}项目占比"] = f"没有{fund}项目，分母为0"


def _merged(records: list[Record]) -> list[dict[str, Decimal | str | None]]:
    """Rows of one project from several tables as one."""
    made: dict[str, dict[str, Decimal | str | None]] = {}
    for record in records:
        row = made.setdefault(plain(str(record["name"] or "")), {})
        row |= {key: value for key, value in record.values.items() if value is not None}
    return [row for name, row in made.items() if name]


def same_unit(said: str, unit: str) -> bool:
    """Whether two units can be compared: money with money, % with %, points with points, counts with counts."""
    if said in AMOUNT_UNITS or unit in AMOUNT_UNITS:
        return said in AMOUNT_UNITS and unit in AMOUNT_UNITS
    for lone in ("%", "分", "亩"):
        if lone in (said, unit):
            return said == unit
    return True
