"""Material: everything a report may say about one workbook; and gathering it from the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from jixiao.master.book.held import Located, located_now
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.filling.fill import choose
from jixiao.master.filling.recheck import checked, told
from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Finding,
    FindingKind,
    Findings,
    Level,
    Value,
    concepts,
    plain,
)
from jixiao.report.figures import Figure, figures
from jixiao.report.rollup import RollUp, projects_of
from jixiao.report.selfeval import rolled_up
from jixiao.report.wording import bare, clean, day, grade_bands, number_of
from jixiao.rubric import FactNeed, Indicator, Rubric
from jixiao.scoring import Scorecard
from jixiao.scoring.entry import REVIEWED_ON, REVIEWER

UNITS = {"年度": "文字", "单位": "文字", "总分": "分", "规则总分": "分", "满分合计": "分", "扣分合计": "分"}


@dataclass(slots=True)
class Material:
    """One workbook as a report sees it.

    ``values`` hold facts, quantities and points by name; ``units`` the unit of each; ``texts`` what people wrote;
    ``rows`` the filled rows of each table; ``problems`` the findings that become 存在问题; ``remarks`` what a reviewer
    should look at again; ``moved`` the reasons why an
    indicator received the points of another; ``pending`` what a finished report may not lack;
    ``open`` the errors of the checks that no report tells of.
    """

    unit: str
    year: str
    rubric: Rubric
    card: Scorecard
    values: dict[str, Value] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    own_scores: dict[str, Decimal] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    moved: dict[str, list[str]] = field(default_factory=dict)
    rollup: RollUp = field(default_factory=RollUp)
    reviewer: str = ""
    date: str = ""
    pending: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def env(self, name: str) -> Value:
        """The value of a name: what is told, then the workbook's, then a report's own figure; None where unknown."""
        if name in self.values:
            return self.values[name]
        figure = figures().get(name)
        return figure.value(self.env) if figure is not None else None

    def unit_of(self, name: str) -> str:
        """The unit a name is written in."""
        if name in UNITS:
            return UNITS[name]
        figure = figures().get(name)
        if name not in self.units and figure is not None:
            return figure.unit if isinstance(figure, Figure) else "文字"
        concept = concepts().get(name)
        return self.units.get(name, concept.unit if concept is not None else "")

    def indicator(self, key: str) -> Indicator:
        """The indicator of a title."""
        return next(item for item in self.rubric.indicators() if item.key == key)


def gather(book: ScoringBook, card: Scorecard, definitions: Sequence[Path] = ()) -> Material:
    """The material of an open workbook and its scorecard; the checks are run afresh."""
    rubric = book.rubric
    year = "".join(ch for ch in card.year if ch.isdigit()) or str(rubric.year)
    made = Material(unit=clean(card.unit) or "（单位名称）", year=year, rubric=rubric, card=card)
    made.values |= {key: value for key, value in book.entries.items() if value is not None}
    made.values |= card.values
    made.values |= {key: value for key, value in _located(book).items() if made.values.get(key) is None}
    made.units = {name: need.concept.unit for name, need in rubric.facts.items()}
    made.units |= {name: quantity.unit for name, quantity in rubric.quantities.items()}
    entries = {need.key: book.entries.get(need.entry) for need in rubric.texts}
    made.texts = {key: _words(key, value) for key, value in entries.items() if value}
    made.rows = {name: _rows(book, card, name) for name in rubric.tables}
    own = {item.key: book.entries.get(f"{item.key}.自评分") for item in rubric.indicators()}
    made.own_scores = {key: points for key, points in own.items() if isinstance(points, Decimal)}
    said = list(told(book, card, checked(book, definitions)))
    made.problems = [finding for finding in said if finding.problem]
    made.open = [finding.line() for finding in said if finding.level is Level.ERROR and not finding.problem]
    made.remarks = [finding.message for finding in said if FindingKind.AWARD in finding.kinds]
    made.moved = _moved(rubric, card.values)
    if rubric.self_tables.count or rubric.self_tables.main is not None:
        made.rollup = rolled_up(rubric, made.values)
    if not made.rollup.projects:
        made.rollup.projects = projects_of(made.rows.get("项目", []))
    made.reviewer, made.date = (_text(book.entries.get(key)) for key in (REVIEWER, REVIEWED_ON))
    made.pending = _pending(card)
    tell(made)
    return made


DATE = "报告日期"


def tell(made: Material) -> None:
    """Put the names that sentences use about the evaluation itself beside the facts."""
    card, rubric = made.card, made.rubric
    scored = [item for item in card.indicators if item.status == "scored" and not item.number.startswith("+")]
    lost = [item for item in scored if item.points is not None and item.points < item.full]
    gone = [item for item in card.indicators if item.status == "not_applicable"]
    names: dict[str, Value] = {
        "单位": made.unit,
        "年度": made.year,
        "评分表": rubric.title,
        "评分依据": replace(rubric.reference, article="", checked=True).line(),
        "等级依据": replace(rubric.grade_reference, article="", checked=True).line(),
        "等级标准": grade_bands(rubric.grades) or None,
        "总分": card.total,
        "规则总分": card.rule_total,
        "等级": card.grade if card.grade not in (PENDING, "") else None,
        "指标项数": Decimal(len(card.indicators) - sum(i.number.startswith("+") for i in card.indicators)),
        "满分项数": Decimal(len(scored) - len(lost)),
        "扣分项数": Decimal(len(lost)),
        "不适用项数": Decimal(len(gone)) if gone else None,
        "不适用指标": "、".join(f"“{item.title}”" for item in gone),
        "待核定项数": Decimal(sum(item.status == "pending" for item in card.indicators)),
        "扣分合计": sum((i.full - i.points for i in lost if i.points is not None), Decimal(0)),
        "项目个数": Decimal(len(made.rollup.projects)),
    }
    names |= _of_form(made)
    own = made.own_scores
    if own and len(own) == sum(item.status != "not_applicable" for item in card.indicators):
        names["自评总分"] = sum(own.values(), Decimal(0))
    made.values |= {key: value for key, value in names.items() if value is not None}
    made.units |= {
        "指标项数": "项",
        "满分项数": "项",
        "扣分项数": "项",
        "待核定项数": "项",
        "不适用项数": "项",
        "项目个数": "个",
        "自评总分": "分",
    }


def _of_form(made: Material) -> dict[str, Value]:
    """How many indicators of the workbook's own form lost points; its blocks are no indicators."""
    rows = [
        (number_of(row.points), number_of(row.full)) for f in made.rollup.forms if f.whole for row in f.rows
    ]
    money = [form.money[0] for form in made.rollup.forms if form.whole and form.money]
    rows += [(number_of(line[-1]), number_of(line[4])) for line in money]
    known = [(got, full) for got, full in rows if got is not None and full is not None]
    if not known or len(known) < len(rows):
        return {}
    lost = [full - got for got, full in known if got < full]
    return {
        "指标项数": Decimal(len(known)),
        "满分项数": Decimal(len(known) - len(lost)),
        "扣分项数": Decimal(len(lost)),
        "扣分合计": sum(lost, Decimal(0)),
    }


def _located(book: ScoringBook) -> dict[str, Value]:
    """Figures of the imported tables that the rubric does not ask for; two that disagree give none."""
    groups: dict[str, list[Located]] = {}
    for item in located_now(book):
        if item.fact.value != "":
            groups.setdefault(item.fact.name, []).append(item)
    known, made = concepts(), dict[str, Value]()
    for name, items in groups.items():
        if name in known and name not in book.rubric.facts:
            chosen = choose(FactNeed(known[name]), items, Findings())
            if chosen is not None:
                made[name] = chosen.fact.value
    return made


def _rows(book: ScoringBook, card: Scorecard, name: str) -> list[dict[str, Value]]:
    table, made = book.rubric.tables[name], []
    for number in range(1, table.rows + 1):
        entered = {
            c.name: book.entries.get(table.key(number, c.name)) for c in table.columns if c.expr is None
        }
        if any(value is not None for value in entered.values()):
            computed = {
                c.name: card.values.get(table.key(number, c.name))
                for c in table.columns
                if c.expr is not None
            }
            row = entered | computed
            made.append({key: bare(value) if isinstance(value, str) else value for key, value in row.items()})
    return made


def _moved(rubric: Rubric, values: Mapping[str, Value]) -> dict[str, list[str]]:
    """Indicator -> why it received points of others."""
    made: dict[str, list[str]] = {}
    for move in rubric.moves:
        if NOT_APPLICABLE not in (values.get(f"{move.source}.得分"), values.get(f"{move.source}.规则分")):
            continue
        for indicator in rubric.indicators():
            parts = {indicator.key, *(part.key for part in indicator.rule.leaves())}
            if parts & set(move.targets):
                made.setdefault(indicator.key, []).append(move.reason)
    return {key: list(dict.fromkeys(reasons)) for key, reasons in made.items()}


def _pending(card: Scorecard) -> list[str]:
    waiting = [item.title for item in card.indicators if item.status == "pending"]
    made = [f"{len(waiting)}项指标待核定：{'、'.join(waiting)}"] if waiting else []
    made += [finding.message for finding in card.findings if FindingKind.UNREASONED in finding.kinds]
    if card.grade == PENDING and not made:
        made.append("等级待核定")
    return made


def _words(key: str, value: Value) -> str:
    """A text of the 文字 sheet; a number typed there is a number, except where a date belongs."""
    if isinstance(value, Decimal):
        return day(value) if key == DATE else plain(value)
    return clean(str(value))


def _text(value: Value) -> str:
    return day(value) if isinstance(value, Decimal) else clean(str(value or ""))
