"""What a report is held against: the values that a workbook holds, by name, each with its place, unit and owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from jixiao.audit.blocks import plain
from jixiao.master import ScoringBook, open_scoring_book, scored
from jixiao.model import NOT_APPLICABLE, FindingKind, Record, Source, Value, concepts
from jixiao.rubric import BUDGETS, GRADES, SHORT_FUNDS, TRANSFER_LEVELS
from jixiao.scoring import LIST, SUM, Keys, Scorecard, keys
from jixiao.text import AMOUNT_UNITS

TOTAL = "合计得分"
SHORT = 4  # letters of a name that no other words begin with
ACCOUNT = "科目余额"  # closing balances of the ledger: the owner is the code, the field the name
BY_FUNCTION = "功能分类"  # rows of a table by function: the owner is the name, the field the code
FUNDS = {fund: SHORT_FUNDS.get(fund, fund) for fund in BUDGETS}
"""The budgets that projects are paid from, and what reports call them."""
SUMS = {
    "budget": ("年初预算数", "项目预算合计"),
    "adjusted": ("全年预算数", "项目调整预算合计"),
    "spent": ("全年执行数", "项目支出合计"),
}
"""Amounts of a project: the field, its title in the roll-up, the name of the sum over all projects."""
_LISTED = {
    "score": "得分",
    "grade": "等级",
    "fund": "资金性质",
    **{key: title for key, (title, _) in SUMS.items()},
}
_ROWS = {"指标值": ("planned", ""), "完成值": ("done", ""), "分值": ("full", "分"), "得分": ("points", "分")}
_TRANSFERS = "转移支付"
_ROW_FIELDS = {"年初预算数": ("budget", ""), "全年预算数": ("adjusted", ""), "合计": ("spent", "")} | {
    f"{fund}财政拨款": ("spent", fund.removesuffix("预算") if fund != "一般公共预算" else fund)
    for fund in ("一般公共预算", "政府性基金预算", "国有资本经营预算")
}
"""Columns of a table by function: what a cell is of its row, and its fund where the column says so."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a statement can be held against; rates are in % (5.74, not 0.0574)."""

    name: str
    value: Decimal
    unit: str
    source: Source
    owner: str = ""  # the project, target or indicator it belongs to
    field: str = ""  # budget, adjusted, spent, planned, done, rate, points, full
    chosen: bool = False  # the value that the workbook scores with
    fund: str = ""  # of a row by function

    def place(self) -> str:
        """Where it stands."""
        return self.source.place()


@dataclass(frozen=True, slots=True)
class Scores:
    """Points of an indicator or of a group of them."""

    weight: Decimal
    full: Decimal
    points: Decimal | None
    rule: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class Judged:
    """One scored indicator: its title, that of its group, its points, and what was said about it."""

    id: str
    title: str
    group: str
    scores: Scores
    explanation: str
    wordings: tuple[str, ...] = ()  # its description and criteria as the workbook has them, ``plain``
    official: tuple[str, ...] = ()  # and as a table has them that the user brought
    extra: bool = False

    @property
    def points(self) -> Decimal | None:
        """The points it got, None while it is open."""
        return self.scores.points

    @property
    def full(self) -> Decimal:
        """The points it can get."""
        return self.scores.full


@dataclass(slots=True)
class KnownValues:
    """Everything known of one unit and year."""

    unit: str = ""
    year: str = ""
    rubric: str = ""
    grade: str = ""
    items: list[Known] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    weights: dict[str, Known] = field(default_factory=dict)  # titles of the first and second level
    scores: dict[str, Scores] = field(default_factory=dict)  # by title, of indicators and groups
    total: Known | None = None
    undefined: dict[str, str] = field(default_factory=dict)  # a rate without value -> why
    table: str = ""  # the official table that the user brought
    texts: list[tuple[str, Source]] = field(default_factory=list)  # their figures count as known, ``plain``

    def of(self, names: Iterable[str]) -> list[Known]:
        """All values of some names, the chosen one of each first."""
        wanted = set(names)
        return sorted((i for i in self.items if i.name in wanted), key=lambda item: not item.chosen)

    def has(self, name: str) -> bool:
        """Whether a name has a value or is known to have none."""
        if name == TOTAL:
            return self.total is not None
        return name in self.undefined or any(item.name == name for item in self.items)

    def value(self, *names: str) -> Decimal | None:
        """The first value of the first name that has one."""
        return next((found[0].value for name in names if (found := self.of([name]))), None)

    def owned(self, name: str, owner: str = "", fields: Sequence[str] = ()) -> list[Known]:
        """Values of 项目, 目标, 自评项 or 科目余额: of one owner, of some fields, where these are named."""
        return [
            item
            for item in self.items
            if item.name == name and owner in ("", item.owner) and (not fields or item.field in fields)
        ]

    def owners(self, name: str) -> list[str]:
        """Names of the projects, targets or accounts."""
        return list(dict.fromkeys(item.owner for item in self.owned(name)))

    def add(self, name: str, value: Decimal, unit: str, source: Source, *, chosen: bool = False) -> None:
        """Keep a value."""
        self.items.append(Known(name, value, unit, source, chosen=chosen))

    def quote(self, table: str, texts: Mapping[str, Sequence[str]]) -> None:
        """Take the wording of an official table: title of an indicator -> its description and criteria."""
        self.table = table
        told = {plain(title): tuple(map(plain, said)) for title, said in texts.items()}
        self.judged = [replace(row, official=told.get(plain(row.title), ())) for row in self.judged]

    def item_names(self) -> list[str]:
        """Names of projects and of rows by function, which a report writes as they are."""
        return [*self.owners("项目"), *self.owners(BY_FUNCTION)]

    def spoken_names(self) -> dict[str, str]:
        """Names by which figures are told -> the owner; a short name of a row by function only with its level (水利（款）)."""
        made = _runs([*self.owners("目标"), *self.owners("产出")]) | {
            name: name for name in self.owners("项目")
        }
        counted = {item.owner: item.unit for item in self.owned("目标") if item.field == "done"}
        made |= {
            name.removesuffix(unit): name for name, unit in counted.items() if unit and name.endswith(unit)
        }
        for name in self.owners(BY_FUNCTION):
            made |= {f"{name}({level})": name for level in "类款项"}
            if len(name) >= SHORT:
                made[name] = name
        return made


def _runs(names: Iterable[str]) -> dict[str, str]:
    """The names, and their runs of letters that no other has and that are half of the name or more."""
    made = {name: name for name in names}
    tails = ((name, name[at:]) for name in made for at in range(len(name)))
    told = {
        (name, tail[:size])
        for name, tail in tails
        for size in range(max(SHORT, -(-len(name) // 2)), len(tail) + 1)
    }
    counts = Counter(run for _, run in told)
    return {run: name for name, run in told if counts[run] == 1 and run.isalpha()} | made


def same_unit(said: str, unit: str) -> bool:
    """Whether two units can be compared: money with money, % with %, points with points, counts with counts."""
    if said in AMOUNT_UNITS or unit in AMOUNT_UNITS:
        return said in AMOUNT_UNITS and unit in AMOUNT_UNITS
    return not any(lone in (said, unit) and said != unit for lone in ("%", "分", "亩"))


# ---- of a workbook


def known_values(path: Path) -> KnownValues:
    """Facts, quantities, points, grade and records of a workbook. Refused where it is not one of ours."""
    book = open_scoring_book(path)
    card = scored(book)
    return _Reader(book, card).read()


class _Reader:
    """Lists the values of one workbook."""

    def __init__(self, book: ScoringBook, card: Scorecard) -> None:
        self.book, self.card = book, card
        self.net: dict[str, Value] = {**book.entries, **card.values}
        self.made = KnownValues(card.unit, card.year, card.rubric, card.grade)

    def read(self) -> KnownValues:
        """Everything."""
        self._facts()
        self._quantities()
        self._points()
        self._self_tables()
        records = [kept.record for kept in self.book.records()]
        projects = [record for record in records if record.kind == "projects"]
        rolled_up = SUM.projects in self.net
        self._owners("项目", self._listed_projects() if rolled_up else projects)
        self._owners("目标", [record for record in records if record.kind == "targets"])
        if rolled_up:
            self._roll_up()
        else:
            self._sums_of(projects)
        self._accounts([record for record in records if record.kind == "ledger"])
        self._functions([record for record in records if record.kind == "functions"])
        self._texts()
        return self.made

    def _cell(self, key: str) -> Source:
        place = self.book.plan.places.get(key)
        if place is None:
            return Source(self.book.path.name, label=key)
        return self.book.source(place.sheet, place.ref, key)

    def _add(self, name: str, value: Decimal, unit: str, source: Source, *, chosen: bool = False) -> None:
        self.made.add(name, value * 100 if unit == "%" else value, unit, source, chosen=chosen)

    def _facts(self) -> None:
        """What the workbook scores with, then what each source says."""
        units = {name: need.concept.unit for name, need in self.book.rubric.facts.items()}
        for name, unit in units.items():
            value = self.book.entries.get(name)
            if isinstance(value, Decimal):
                self._add(name, value, unit, self._cell(name), chosen=True)
        known = concepts()
        for item in self.book.located():
            fact = item.fact
            if isinstance(fact.value, Decimal):
                own = known[fact.name].unit if fact.name in known else fact.unit
                self._add(fact.name, fact.value, units.get(fact.name) or own, fact.source)

    def _quantities(self) -> None:
        for name, quantity in self.book.rubric.quantities.items():
            value = self.card.values.get(name)
            if isinstance(value, Decimal):
                self._add(name, value, quantity.unit, self._cell(name), chosen=True)
            else:
                self.made.undefined[name] = str(value or "没有数值")
        for finding in self.card.findings:
            if FindingKind.UNDEFINED in finding.kinds:
                words = dict(finding.args)
                self.made.undefined[words["name"]] = f"分母为0，无法计算：{words['figures']}"

    def _points(self) -> None:
        """Points of every indicator and group; a title that stands for different points is left out."""
        made, firsts = self.made, self.book.rubric.firsts
        groups: dict[str, str] = {}
        waiting = {item.key for item in self.book.rubric.indicators() if self.card[item.key].points is None}
        for i, first in enumerate(firsts, 1):
            own = {item.key for second in first.seconds for item in second.indicators}
            self._group(keys.first(i), first.title, first.weight, not own & waiting)
            for j, second in enumerate(first.seconds, 1):
                told = not waiting & {item.key for item in second.indicators}
                self._group(keys.second(i, j), second.title, second.weight, told)
                groups |= {indicator.id: second.title for indicator in second.indicators}
        for indicator in self.book.rubric.indicators():
            row, source = self.card[indicator.key], self._cell(Keys(indicator.key).points)
            scores = Scores(row.weight, row.full, row.points, row.rule_points, source)
            said = f"{row.explanation}；{row.reason}"
            made.judged.append(
                Judged(
                    row.id, indicator.key, groups.get(indicator.id, ""), scores, said,
                    tuple(map(plain, (indicator.description, indicator.criteria))),
                    extra=indicator.number.startswith("+"),
                )
            )  # fmt: skip
            if made.scores.setdefault(plain(indicator.key), scores) != scores:
                del made.scores[plain(indicator.key)]
        if not waiting:  # points that wait are no numbers, and neither is what depends on them
            made.total = Known(TOTAL, self.card.total, "分", self._cell(keys.SHEET_TOTAL), chosen=True)

    def _group(self, own: Keys, title: str, weight: Decimal, told: bool) -> None:
        source = self._cell(own.points)
        self.made.weights[plain(title)] = Known("权重", weight, "分", source, title)
        points, full = self.card.values.get(own.points), self.card.values.get(own.full)
        if told and isinstance(points, Decimal) and isinstance(full, Decimal):
            self.made.scores[plain(title)] = Scores(weight, full, points, None, source)

    def _self_tables(self) -> None:
        """Rows of 自评表: planned and done values, points; the figures of its texts."""
        made = self.made
        for name, form in self.book.rubric.self_tables.tables():
            for number, _, _ in form.rows():
                row = keys.row(name, number)
                owner, unit = (str(self.net.get(key) or "") for key in (row.indicator, row.cell("单位")))
                for title, (column, own) in _ROWS.items():
                    value = self.net.get(row.cell(title))
                    if not owner or not isinstance(value, Decimal):
                        continue
                    source = self._cell(row.cell(title))
                    if column in ("planned", "done"):
                        made.items.append(
                            Known("产出", value, unit, source, plain(owner), column, chosen=column == "done")
                        )
                    made.items.append(Known("自评项", value, own, source, plain(owner), column))
            result = Keys(name).result
            said = self.net.get(result)
            if isinstance(said, str):
                made.texts.append((plain(said), self._cell(result)))

    def _listed_projects(self) -> Iterator[Record]:
        """The rows of the 项目汇总 sheet."""
        for number in range(1, self.book.rubric.self_tables.count + 1):
            values: dict[str, Decimal | str | None] = {}
            sources: dict[str, Source] = {}
            for name, title in {"name": "名称", **_LISTED}.items():
                key = keys.row(LIST, number).cell(title)
                value = self.net.get(key)
                if isinstance(value, (Decimal, str)) and value != "":
                    values[name], sources[name] = value, self._cell(key)
            yield Record("projects", values, sources)

    def _owners(self, name: str, records: Iterable[Record]) -> None:
        """Fields of projects and targets, and the rates that follow from them."""
        for record in records:
            owner = plain(str(record["name"] or ""))
            unit = "万元" if name == "项目" else str(record["unit"] or "")
            made = [
                (f, v, "分" if f == "score" else unit)
                for f, v in record.values.items()
                if isinstance(v, Decimal)
            ]
            for column, value, own in made if owner else ():
                source = record.sources.get(column) or Source("", label=owner)
                self.made.items.append(Known(name, value, own, source, owner, column))
            for top, below in (("done", "planned"), ("spent", "budget"), ("spent", "adjusted")):
                over, under = record.amount(top), record.amount(below)
                if over is not None and under:
                    source = record.sources.get(top) or Source("", label=owner)
                    self.made.items.append(Known(name, over / under * 100, "%", source, owner, "rate"))

    def _roll_up(self) -> None:
        """The sums of the 项目汇总 sheet, as the net has them."""
        made = self.made
        sums: dict[str, tuple[str, str]] = {}
        if self.net[SUM.projects]:
            sums |= {"项目个数": ("项目个数", "个"), "评优率": ("项目评优率", "%")}
            sums |= {title: (name, "万元") for title, name in SUMS.values()}
            sums |= {f"{grade}.个数": (f"{grade}项目个数", "个") for grade in GRADES}
        for fund, said in FUNDS.items():
            sums |= {
                f"{fund}.个数": (f"{said}项目个数", "个"),
                f"{fund}.全年预算数": (f"{said}项目资金", "万元"),
            }
        sums |= {f"{level}.全年预算数": (f"{level}资金", "万元") for level in TRANSFER_LEVELS}
        sums |= {
            f"{_TRANSFERS}.全年预算数": (f"{_TRANSFERS}资金合计", "万元"),
            f"{_TRANSFERS}.个数": (f"{_TRANSFERS}项目个数", "个"),
            f"{_TRANSFERS}.优个数": (f"{_TRANSFERS}优项目个数", "个"),
            f"{_TRANSFERS}.评优率": (f"{_TRANSFERS}评优率", "%"),
        }
        for key, (name, unit) in sums.items():
            value = self.net.get(SUM.cell(key))
            if isinstance(value, Decimal):
                self._add(name, value, unit, self._cell(SUM.cell(key)), chosen=True)
            elif value == NOT_APPLICABLE:
                made.undefined[name] = f"没有{_TRANSFERS}项目，分母为0"
        for fund, said in FUNDS.items():
            self._share(said, made.value(f"{said}项目个数"), self._cell(SUM.of(fund).share))

    def _share(self, fund: str, count: Decimal | None, source: Source) -> None:
        """占某预算项目支出总额的100%: all projects of a budget were assessed, where there is any."""
        if count:
            self.made.add(f"{fund}项目占比", Decimal(100), "%", source)
        else:
            self.made.undefined[f"{fund}项目占比"] = f"没有{fund}项目，分母为0"

    def _sums_of(self, records: Sequence[Record]) -> None:
        """Sums over the projects that documents list, where the workbook has no roll-up of its own."""
        projects: dict[str, dict[str, Decimal | str | None]] = {}
        for record in records:  # one project may stand in several documents
            row = projects.setdefault(plain(str(record["name"] or "")), {})
            row |= {key: value for key, value in record.values.items() if value is not None}
        projects.pop("", None)
        if not projects:
            return
        rows, source = list(projects.values()), Source("", label="项目合计")
        self.made.add("项目个数", Decimal(len(rows)), "个", source)
        for key, (_, name) in SUMS.items():
            amounts = _amounts(rows, key)
            if len(amounts) == len(rows):
                self.made.add(name, sum(amounts, Decimal(0)), "万元", source)
        if not any(row.get("fund") for row in rows):
            return
        for fund, said in FUNDS.items():
            own = [row for row in rows if str(row.get("fund") or "").startswith((fund, said))]
            self.made.add(f"{said}项目个数", Decimal(len(own)), "个", source)
            self.made.add(f"{said}项目资金", sum(_amounts(own, "adjusted"), Decimal(0)), "万元", source)
            self._share(said, Decimal(len(own)), source)

    def _functions(self, records: Iterable[Record]) -> None:
        """Rows by function of 决算 tables, in 万元; a row without any amount is none of this unit's."""
        for record in records:
            name, title = plain(str(record["name"] or "")), record.document + record.form
            fund = next(
                (each for each in ("一般公共预算", "政府性基金", "国有资本经营") if each in title), ""
            )
            fund = fund or ("财政拨款" if "01-1" in title or "财政拨款" in title else "部门")
            amounts = {field: amount for field in _ROW_FIELDS if (amount := record.amount(field)) is not None}
            for column, amount in amounts.items() if name and any(amounts.values()) else ():
                field, own = _ROW_FIELDS[column]
                source = record.sources.get(column) or Source("", label=name)
                self.made.items.append(
                    Known(BY_FUNCTION, amount, "万元", source, name, field, fund=own or fund)
                )

    def _accounts(self, records: Iterable[Record]) -> None:
        """Closing balances of the ledger: the owner is the code of the account, the field its name."""
        for record in records:
            closing, name, code = record.amount("closing"), str(record["name"]), str(record["code"])
            if closing is not None:
                source = record.sources.get("closing") or Source("", label=name)
                self.made.items.append(Known(ACCOUNT, closing, "元", source, code, plain(name)))

    def _texts(self) -> None:
        """Titles, document numbers, names and explanations: a report that quotes them has to have their figures."""
        made, reference = self.made, self.book.rubric.reference
        cover = Source(self.book.path.name, "封面", label=reference.title)
        texts = [(f"《{reference.title}》（{reference.number}）", cover)]
        texts += [(item.explanation, item.scores.source) for item in made.judged]
        texts += [(item.owner, item.source) for item in made.items if item.name in ("项目", "目标")]
        texts += [(item.source.document, item.source) for item in made.items]
        made.texts += [
            (text, source) for text, source in {plain(text): source for text, source in texts}.items() if text
        ]


def _amounts(rows: Iterable[Mapping[str, Decimal | str | None]], key: str) -> list[Decimal]:
    return [value for row in rows if isinstance(value := row.get(key), Decimal)]
