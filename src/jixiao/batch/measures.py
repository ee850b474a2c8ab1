"""The measures of a summary: who stands where and why not, how points are spread, where they are lost, what is odd.

Nothing is compared that is not alike: a ranking holds one rubric (by its definition) and one year. A copy counts once; a
unit that stands twice, a workbook that is not trusted, one with something pending, and one without a name are not ranked.
"""

from __future__ import annotations

import csv
import functools
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from jixiao.batch.mending import Mended, mended
from jixiao.batch.store import Query
from jixiao.model import Finding, Findings, Source, UsageStop, half_up, make, plain
from jixiao.text import narrow, unspaced

REASONS, NAMED = 3, 5
FAR = Decimal("3.5")
"""How far a total is odd: of the median distance from the median, made comparable with a standard deviation."""
SPREAD = Decimal("1.4826")
STEP = 5
"""Points of one bar of a distribution."""


class Standing(StrEnum):
    """Where a file stands; the text is what the summary shows."""

    RANKED = "参加排名"
    PENDING = "有待核定"
    UNTRUSTED = "待核实"
    DOUBLE = "重复报送"
    UNNAMED = "缺单位或年度"
    COPY = "副本"
    REFUSED = "未收下"


class Member(NamedTuple):
    """A unit of the list (units.csv: 单位, 主管部门, 地区, 类型)."""

    unit: str
    department: str = ""
    place: str = ""
    kind: str = ""


NOBODY = Member("")
MEMBER_COLUMNS = ("单位", "主管部门", "地区", "类型")


@dataclass(slots=True)
class Unit:
    """A file with where it stands: its columns of the store, rank in its group, the rank among its like."""

    row: Mapping[str, Any]
    standing: Standing
    why: Finding | None = None
    rank: int | None = None
    member: Member = NOBODY
    oddities: list[Finding] = field(default_factory=list)
    last: Unit | None = None

    def __getitem__(self, column: str) -> Any:
        return self.row[column]

    @property
    def state(self) -> str:
        """How far its review is, and whether it was changed since; empty where it could not be read."""
        return f"{self['state'] or ''}{'后有改动' if self['altered'] else ''}"

    @property
    def before(self) -> Decimal | None:
        """The total of the year before, where it is known."""
        return None if self.last is None else self.last["total"]

    @property
    def counts(self) -> bool:
        """Whether it has points that count once: neither a copy nor one that could not be read."""
        return self.standing not in (Standing.COPY, Standing.REFUSED)


class Lost(NamedTuple):
    """An indicator over the ranked units of a group: points in sum, ``rate`` a mean of what was won of the full points."""

    number: int
    label: str
    title: str
    units: int
    lost: Decimal
    losing: int
    rate: Decimal
    reasons: tuple[tuple[str, int], ...]

    @property
    def separates(self) -> bool:
        """Whether units differ in it at all: False where all have full marks."""
        return self.losing > 0


@dataclass(slots=True)
class Group:
    """What may be compared: one rubric and one year. ``units`` are the ranked ones, the best first."""

    definition: str
    rubric: str
    year: str
    units: list[Unit]
    files: int
    lost: list[Lost] = field(default_factory=list)

    @property
    def title(self) -> str:
        """As sheets and the page name it."""
        return f"{self.rubric}（{self.year}年度）"

    @property
    def totals(self) -> list[Decimal]:
        """Of the ranked units, the highest first."""
        return [unit["total"] for unit in self.units]

    @property
    def grades(self) -> dict[str, int]:
        """Ranked units by grade, the best grade first."""
        return dict(Counter(unit["grade"] for unit in self.units))

    def spread(self) -> dict[str, Decimal]:
        """Mean, median, quartiles, extremes of the totals, in points with two decimals; empty where nobody is ranked."""
        made = sorted(self.totals)
        if not made:
            return {}
        shares = {"下四分位": 25, "中位数": 50, "上四分位": 75}
        quartiles = {name: half_up(_quantile(made, share), 2) for name, share in shares.items()}
        return {
            "平均分": half_up(sum(made, Decimal(0)) / len(made), 2),
            "最高分": made[-1],
            **quartiles,
            "最低分": made[0],
        }

    def bars(self) -> list[tuple[str, int]]:
        """How many totals lie in each stretch of five points, from the lowest that has any to the highest."""
        found = Counter(int(total // STEP) for total in self.totals)
        if not found:
            return []
        return [(f"{n * STEP}—{(n + 1) * STEP}", found[n]) for n in range(min(found), max(found) + 1)]


def _quantile(made: Sequence[Decimal], share: int) -> Decimal:
    """The value below which a share (%) lies, between neighbours in proportion, as Excel's QUARTILE.INC."""
    at = Decimal(len(made) - 1) * share / 100
    low = int(at)
    high = min(low + 1, len(made) - 1)
    return made[low] + (made[high] - made[low]) * (at - low)


class Trend(NamedTuple):
    """A rubric over the years of the store: totals of the ranked units, shares won of the indicators; None: there is none."""

    rubric: str
    years: tuple[str, ...]
    units: list[tuple[str, list[Decimal | None]]]
    rates: list[tuple[str, list[Decimal | None]]]


class Share(NamedTuple):
    """Ranked units of one kind of the list (主管部门, 地区 or 类型) within a group, the best first."""

    group: Group
    by: str
    name: str
    units: list[Unit]

    @property
    def mean(self) -> Decimal:
        """Of their totals, in points with two decimals."""
        return half_up(sum((unit["total"] for unit in self.units), Decimal(0)) / len(self.units), 2)


@dataclass
class Summary:
    """All measures of a store."""

    units: list[Unit]
    groups: list[Group]
    problems: list[tuple[str, str, str, int, str]]
    missing: list[Member]
    findings: Findings
    query: Query = field(repr=False)
    listed: bool = False
    trends: list[Trend] = field(default_factory=list)

    @functools.cached_property
    def mended(self) -> list[Mended]:
        """What became of the matters of the year before, unit by unit."""
        return mended(self.query, {u["path"]: u.last["path"] for u in self.units if u.last is not None})

    def shares(self) -> list[Share]:
        """The ranked units by what the list says of them, kind by kind, the best mean first."""
        made = []
        for group in self.groups:
            for at, by in enumerate(MEMBER_COLUMNS[1:], 1):
                named: dict[str, list[Unit]] = defaultdict(list)
                for unit in group.units:
                    if unit.member[at]:
                        named[unit.member[at]].append(unit)
                shares = (Share(group, by, name, units) for name, units in named.items())
                made += sorted(shares, key=lambda share: (-share.mean, share.name))
        return made

    def count(self, standing: Standing) -> int:
        """How many files stand so."""
        return sum(unit.standing is standing for unit in self.units)

    def rates(self, group: Group) -> list[tuple[str, int, Decimal]]:
        """Path, number of the indicator and the share of its full points that was won, of the ranked units of a group."""
        rows = self.query.rows(
            'SELECT path, number, points, "full" FROM points JOIN (SELECT unnest(?) AS path) USING (path)'
            ' WHERE points IS NOT NULL AND "full" > 0',
            [unit["path"] for unit in group.units],
        )
        return [(path, number, half_up(points / full, 4)) for path, number, points, full in rows]

    def losses(self, group: Group) -> list[tuple[str, int, Decimal, str]]:
        """Path, number of the indicator, points lost and the explanation, of the ranked units of a group."""
        return self.query.rows(
            'SELECT path, number, "full" - points, explanation FROM points JOIN (SELECT unnest(?) AS path) USING (path)'
            ' WHERE points < "full" AND "full" > 0 ORDER BY path, number',
            [unit["path"] for unit in group.units],
        )


def summarise(query: Query, members: Sequence[Member] = (), *, every: bool = False) -> Summary:
    """The measures of a store. ``every`` ranks also what is not trusted."""
    known = {unspaced(narrow(member.unit)): member for member in members}
    units = [Unit(row, Standing.RANKED) for row in query.dicts("SELECT * FROM units ORDER BY file, path")]
    for unit in units:
        unit.member = known.get(unit["unit_key"] or "", NOBODY)
    _stand(units, every=every)
    groups = _groups(units)
    findings = Findings([unit.why for unit in units if unit.why is not None])
    for group in groups:
        _odd(group)
        group.lost = _lost(query, group)
    _trend(units)
    findings.extend(oddity for unit in units for oddity in unit.oddities)
    received = {unit["unit_key"] for unit in units if unit.counts}
    missing = [member for key, member in known.items() if key not in received]
    for member in missing:
        findings.add("J917", Source("", label=member.unit), unit=member.unit)
    problems = _problems(query, units)
    return Summary(units, groups, problems, missing, findings, query, bool(members), _trends(groups))


def read_members(path: Path) -> list[Member]:
    """The units that should report, from a .csv with the columns 单位, 主管部门, 地区, 类型 (UTF-8 or GB18030). UsageStop."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    except OSError as error:
        raise UsageStop(
            "J921", name=path.name, why="没有这个文件" if isinstance(error, FileNotFoundError) else "无法读取"
        ) from error
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or "单位" not in rows[0]:
        raise UsageStop("J921", name=path.name, why="第一行没有“单位”这一列")
    made = [Member(*((row.get(column) or "").strip() for column in MEMBER_COLUMNS)) for row in rows]
    return list({unspaced(narrow(member.unit)): member for member in made if member.unit}.values())


def _stand(units: Iterable[Unit], *, every: bool) -> None:
    first: dict[str, Unit] = {}
    same: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
    for unit in units:
        if unit["code"] is not None:
            unit.standing = Standing.REFUSED
        elif unit["sha256"] in first:
            other = first[unit["sha256"]]["file"]
            _set(unit, Standing.COPY, "J911", other=other)
        else:
            first[unit["sha256"]] = unit
            if not unit["unit_key"] or not unit["year"]:
                _set(unit, Standing.UNNAMED, "J913", what="单位名称" if not unit["unit_key"] else "年度")
            else:
                same[unit["rubric"], unit["year"], unit["unit_key"]].append(unit)
    for alike in same.values():
        for unit in alike:
            others = "、".join(other["file"] for other in alike if other is not unit)
            if others:
                _set(unit, Standing.DOUBLE, "J912", unit=unit["unit"], year=unit["year"], others=others)
            elif unit["doubt"] is not None and not every:
                _set(unit, Standing.UNTRUSTED, "J914", unit=unit["unit"], why=unit["doubt"])
            elif unit["pending"]:
                _set(unit, Standing.PENDING, "J915", unit=unit["unit"], count=unit["pending"])


def _set(one: Unit, standing: Standing, code: str, **told: Any) -> None:
    one.standing, one.why = standing, make(code, Source(one["file"]), **told)


def _groups(units: Sequence[Unit]) -> list[Group]:
    """The largest group first, then by year and rubric.

    Ranks are those of competitions: equal totals share one, the next is left out.
    """
    made: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.counts:
            made[unit["definition"], unit["year"]].append(unit)
    groups = []

    def place(item: tuple[tuple[str, str], list[Unit]]) -> tuple[int, str, str, str]:
        (definition, year), members = item
        return -len(members), year, members[0]["rubric_name"], definition

    for (definition, year), members in sorted(made.items(), key=place):
        ranked = sorted(
            (u for u in members if u.standing is Standing.RANKED),
            key=lambda u: (-u["total"], u["unit"], u["file"]),
        )
        for number, unit in enumerate(ranked, 1):
            equal = number > 1 and ranked[number - 2]["total"] == unit["total"]
            unit.rank = ranked[number - 2].rank if equal else number
        groups.append(Group(definition, members[0]["rubric_name"], year, ranked, len(members)))
    for group in groups[1:]:
        for unit in (
            u for u in units if u.counts and (u["definition"], u["year"]) == (group.definition, group.year)
        ):
            _note(unit, "J916", unit=unit["unit"] or unit["file"], group=group.title, most=groups[0].title)
    return groups


def _note(one: Unit, code: str, **told: Any) -> None:
    one.oddities.append(make(code, Source(one["file"]), **told))


def _odd(group: Group) -> None:
    """Totals far from the others, all points won, points awarded without evidence."""
    totals = group.totals
    middle = median(totals) if totals else Decimal(0)
    away = median([abs(total - middle) for total in totals]) * SPREAD if totals else Decimal(0)
    for unit in group.units:
        if away and abs(unit["total"] - middle) > FAR * away:
            _note(
                unit, "J918", unit=unit["unit"], total=plain(unit["total"]), middle=plain(half_up(middle, 2))
            )
        if unit["total"] == unit["full"]:
            _note(unit, "J919", unit=unit["unit"], total=plain(unit["total"]))
        if unit["unproven_awards"]:
            _note(unit, "J920", unit=unit["unit"], count=unit["unproven_awards"])


def _lost(query: Query, group: Group) -> list[Lost]:
    """The indicators of a group, in the order of the official table."""
    if not group.units:
        return []
    paths = [unit["path"] for unit in group.units]
    of = 'points JOIN (SELECT unnest(?) AS path) USING (path) WHERE points IS NOT NULL AND "full" > 0'
    sums = query.rows(
        'SELECT number, any_value(label), any_value(title), count(*), sum(greatest("full" - points, 0)),'  # noqa: S608
        ' count(*) FILTER (points < "full"), sum(points), sum("full")'
        f" FROM {of} GROUP BY number ORDER BY number",
        paths,
    )
    said: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, reason, units in query.rows(
        "SELECT number, reason, count(*) AS units FROM (SELECT number, unnest(reasons) AS reason"  # noqa: S608
        f" FROM {of}) GROUP BY number, reason ORDER BY number, units DESC, reason",
        paths,
    ):
        said[number].append((reason, units))
    return [
        Lost(
            number,
            label,
            title,
            units,
            lost,
            losing,
            half_up(won / full, 4) if full else Decimal(0),
            tuple(said[number][:REASONS]),
        )
        for number, label, title, units, lost, losing, won, full in sums
    ]


def _trend(units: Iterable[Unit]) -> None:
    """The unit's workbook of the year before, where one by the same rubric is ranked; this year's may still be open."""
    known = {
        (unit["unit_key"], unit["rubric"], int(unit["year"])): unit
        for unit in units
        if unit.standing in (Standing.RANKED, Standing.PENDING) and unit["year"].isdigit()
    }
    for (key, rubric, year), unit in known.items():
        last = known.get((key, rubric, year - 1))
        unit.last = last if last is not None and last.standing is Standing.RANKED else None


def _trends(groups: Iterable[Group]) -> list[Trend]:
    """The rubrics of which more than one year is ranked."""
    by_rubric: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.units:
            by_rubric[group.units[0]["rubric"]].append(group)
    made = []
    for alike in by_rubric.values():
        years = tuple(sorted({group.year for group in alike}))
        totals: dict[str, dict[str, Decimal]] = defaultdict(dict)
        won: dict[str, dict[str, list[tuple[Decimal, int]]]] = defaultdict(lambda: defaultdict(list))
        names: dict[str, str] = {}
        for group in sorted(alike, key=lambda group: group.year):
            for unit in group.units:
                names[unit["unit_key"]] = unit["unit"]
                totals[unit["unit_key"]][group.year] = unit["total"]
            for lost in group.lost:
                won[lost.title][group.year].append((lost.rate, lost.units))
        units = [(names[key], [years_of.get(year) for year in years]) for key, years_of in totals.items()]
        rates = [
            (title, [_mean(years_of.get(year, ())) for year in years]) for title, years_of in won.items()
        ]
        if len(years) > 1:
            made.append(Trend(alike[0].rubric, years, sorted(units), rates))
    return made


def _mean(rates: Sequence[tuple[Decimal, int]]) -> Decimal | None:
    """The mean of rates, each of so many units."""
    units = sum(n for _, n in rates)
    return half_up(sum((rate * n for rate, n in rates), Decimal(0)) / units, 4) if units else None


def _problems(query: Query, units: Iterable[Unit]) -> list[tuple[str, str, str, int, str]]:
    """Code, level, example, in how many units, which (some); of files that count, the commonest first."""
    names = {unit["path"]: unit["unit"] or unit["file"] for unit in units if unit.counts}
    rows = query.rows(
        "SELECT code, min(level), min(message), count(DISTINCT path), list(DISTINCT path ORDER BY path) FROM findings"
        " JOIN (SELECT unnest(?) AS path) USING (path) GROUP BY code ORDER BY count(DISTINCT path) DESC, code",
        list(names),
    )
    return [
        (code, level, text, count, "、".join(names[p] for p in paths[:NAMED]))
        for code, level, text, count, paths in rows
    ]
