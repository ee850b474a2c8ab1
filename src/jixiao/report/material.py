"""Material: everything a report may say about one workbook; gathering it; and whose points a report tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from pathlib import Path

from jixiao.master import Located, ScoringBook, checked, choose, last_step
from jixiao.master import told as told_by_checks
from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Compare,
    Const,
    Expr,
    Finding,
    FindingKind,
    Findings,
    Level,
    Pieces,
    Ref,
    Round,
    Show,
    Source,
    Value,
    concepts,
    plain,
    settled,
)
from jixiao.report.outline import KINDS, ORIGIN, document, figures, told
from jixiao.report.phrasing import TEXT, WHOLE, bare, clean, grade_bands, listed, written
from jixiao.report.projects import (
    RollUp,
    quoted,
    rolled_up,
    rows_of_projects,
    self_made,
    single,
    told_of_projects,
)
from jixiao.report.traced import Telling, Traced, Worded, counted, figure, known, of_net, traced
from jixiao.rubric import WRITTEN, FactNeed, Indicator, Rubric
from jixiao.scoring import REVIEWED_ON, REVIEWER, Keys, Net, Scorecard, Scored, as_own, keys
from jixiao.text import shown
from jixiao.verify import seal_of

CHECKED, OWN = KINDS
ONE_PROJECT = "项目自评"
"""The outline of a self-evaluation of one project."""
DATE = "报告日期"
FAR = Decimal("0.2")
ZERO = Decimal(0)


@dataclass(slots=True)
class Material:
    """One workbook as a report sees it.

    ``values`` hold facts, quantities and points by name; ``units`` the unit of each; ``texts`` what people wrote;
    ``rows`` the filled rows of each table; ``problems`` the findings that become 存在问题; ``remarks`` what a reviewer
    should look at again; ``moved`` the reasons why an indicator received the points of another; ``sources`` the figures of
    documents with their places; ``unproved`` why the
    workbook does not verify; ``open`` what the checks found and the report does not tell of; ``decided`` the names that a
    rule reads whose points a person set otherwise.
    """

    unit: str
    year: str
    rubric: Rubric
    card: Scorecard
    net: Net
    values: dict[str, Value] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    own_scores: dict[str, Decimal] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    moved: dict[str, list[str]] = field(default_factory=dict)
    sources: list[tuple[str, Source]] = field(default_factory=list)
    rollup: RollUp = field(default_factory=RollUp)
    unproved: list[str] = field(default_factory=list)
    open: list[Finding] = field(default_factory=list)
    decided: frozenset[str] = frozenset()
    own: bool = False

    def env(self, name: str) -> Value:
        """The value of a name: what is told, then the workbook's, then a report's own figure; None where unknown."""
        if name in self.values:
            return self.values[name]
        figure = figures().get(name)
        return known(figure.value(self.env), name) if figure is not None else None

    def unit_of(self, name: str) -> str:
        """The unit a name is written in."""
        if name in told():
            return told()[name]
        if name in self.units:
            return self.units[name]
        concept = figures().get(name) or concepts().get(name)
        return concept.unit if concept is not None else ""

    def settled(self, row: Scored) -> str:
        """The explanation of an indicator; of points that are given without the rates that nobody could reckon."""
        if row.points is None or not row.explanation:
            return row.explanation
        return self.explained(self.net.items[Keys(row.title).explanation])

    def explained(self, expr: Expr, *, whole: bool = False) -> str:
        """An explanation without what is still open, its figures marked; ``whole``: amounts without cents."""

        def tell(leaf: Expr) -> str:
            text = str(leaf.number(self.values.get) or "")
            if not isinstance(leaf, Show):
                return text
            form = (
                WHOLE
                if whole and leaf.style == "amount" and self.unit_of(leaf.key.key).endswith("元")
                else TEXT
            )
            return figure(text.removesuffix(".00") if form == WHOLE else text, Worded(text, leaf), form)

        return settled(expr, self.values.get, tell)

    def indicator(self, key: str) -> Indicator:
        """The indicator of a title."""
        return _indicator(self.rubric, key)

    @property
    def waiting(self) -> list[str]:
        """The indicators without points."""
        return [item.title for item in self.card.indicators if item.status == "pending"]

    def pending(self) -> list[str]:
        """What a finished report may not lack, a line each."""
        waiting, names = self.waiting, "、".join(self.waiting)
        what = "没有自评分" if self.own else "待核定"
        open_points = [f"{len(waiting)}项指标{what}：{names}"] if waiting else []
        made = open_points + self.unproved if self.own else self.unproved + open_points
        made += [one.message for one in self.card.findings if FindingKind.UNREASONED in one.kinds]
        return made or (["等级待核定"] if self.card.grade == PENDING else [])


def _indicator(rubric: Rubric, key: str) -> Indicator:
    return next(item for item in rubric.indicators() if item.key == key)


def gather(book: ScoringBook, card: Scorecard, definitions: Sequence[Path] = ()) -> Material:
    """The material of an open workbook and its scorecard; the checks are run afresh."""
    rubric = book.rubric
    year = "".join(ch for ch in card.year if ch.isdigit()) or str(rubric.year)
    card = _traced_card(card, rubric)
    made = Material(clean(card.unit) or "（单位名称）", year, rubric, card, book.net)
    made.values |= of_net({key: value for key, value in book.entries.items() if value is not None})
    made.values |= of_net(card.values)
    made.values |= of_net(
        {key: value for key, value in _located(book).items() if made.values.get(key) is None}
    )
    made.units = {name: need.concept.unit for name, need in rubric.facts.items()}
    made.units |= {name: quantity.unit for name, quantity in rubric.quantities.items()}
    made.texts = _texts(book)
    made.rows = {name: _rows(book, card, name) for name in rubric.tables}
    own = {item.key: book.entries.get(Keys(item.key).own_points) for item in rubric.indicators()}
    made.own_scores = {
        key: known(points, Keys(key).own_points) for key, points in own.items() if isinstance(points, Decimal)
    }
    said = list(told_by_checks(book, card, checked(book, definitions)))
    made.problems = [finding for finding in said if finding.problem]
    made.open = [finding for finding in said if finding.level is Level.ERROR and not finding.problem]
    made.remarks = [finding.message for finding in said if FindingKind.AWARD in finding.kinds]
    made.moved = _moved(rubric, card.values)
    sealed = book.sealed()
    made.sources = [
        (name, sealed[name].source) for name in rubric.facts if name in sealed and sealed[name].source.cell
    ]
    changed = {key for change in card.changes for key in change.given}
    made.values |= {
        f"{name}{ORIGIN}": document(sealed[name].source)
        for name in rubric.facts
        if name in sealed and name not in changed
    }
    made.decided = _decided(rubric, card)
    made.rollup = rolled_up(rubric, made.values, made.rows.get("项目", []))
    made.rows["自评项目"] = rows_of_projects(made.rollup)
    made.values |= {"封存摘要": seal_of(book, card).short, "改动处数": None, "原值总分": None}
    step = last_step(book)
    made.values["复核状态"] = f"{step.state}（{step.who}，{step.when[:10]}）" if step.said else None
    if card.changes:
        made.values |= {"改动处数": Decimal(len(card.changes)), "原值总分": card.without_changes}
    return made


def _traced_card(card: Scorecard, rubric: Rubric) -> Scorecard:
    """The scorecard with points that remember their keys."""
    rows = []
    for row, indicator in zip(card.indicators, rubric.indicators(), strict=True):
        own = Keys(row.title)
        leaves = zip(row.parts, indicator.rule.leaves(), strict=False)
        rows.append(
            row._replace(
                full=known(row.full, own.full),
                points=known(row.points, own.points),
                rule_points=known(row.rule_points, own.rule_points),
                parts=tuple(
                    part._replace(points=known(part.points, Keys(leaf.key).points)) for part, leaf in leaves
                ),
            )
        )
    groups = [
        (title, known(points, own.points), known(full, own.full))
        for number, (title, points, full) in enumerate(card.groups, 1)
        for own in [keys.first(number)]
    ]
    total, rule_total = known(card.total, keys.ALL.points), known(card.rule_total, keys.ALL.rule_points)
    return replace(card, indicators=rows, groups=groups, total=total, rule_total=rule_total)


# ------------------------------------------------------------------------------------ whose points are told


def without_own(material: Material) -> list[str]:
    """The indicators that a review workbook holds no 自评分 for; none where the workbook is a self-evaluation."""
    if self_made(material.rubric):
        return []
    return [
        item.title
        for item in material.card.indicators
        if item.status != "not_applicable"
        and not item.number.startswith("+")
        and item.title not in material.own_scores
    ]


def outline_of(material: Material, kind: str) -> str:
    """The outline that a report of a kind follows; a workbook of one project has an outline of its own."""
    return ONE_PROJECT if kind == OWN and single(material.rubric) else kind


def placed(material: Material, kind: str) -> Material:
    """A copy of the material as a report of a kind tells it, with the names that its sentences use.

    A review tells the points that were awarded, a self-evaluation those that the unit gives itself.
    """
    made = replace(material, values=dict(material.values))
    if kind == OWN and not self_made(material.rubric):
        made.card, made.remarks, made.own = _own_card(material), [], True
    if (
        kind == OWN
    ):  # contradictions of papers are put right before a unit signs; they are no problem that it reports
        made.open, made.problems = [*made.open, *made.problems], []
    told = _evaluation(made, kind) | _of_form(made) | _targets(made) | told_of_projects(made.rollup)
    made.values |= of_net(told)
    made.values |= {f"{WRITTEN}{key}": text for key, text in made.texts.items()}
    return made


def _own_card(material: Material) -> Scorecard:
    """The scorecard with 自评分 for points, whose total remembers what it is the sum of."""
    made = as_own(material.card, material.rubric, material.own_scores)
    added = sum((row.points or ZERO for row in made.indicators), ZERO)
    limited = Round(Call("MIN", Const(material.rubric.cap), traced(added)), 2)
    return replace(made, total=Traced(made.total, limited))


# ------------------------------------------------------------------------------ the names that sentences use


def _evaluation(made: Material, kind: str) -> dict[str, Value]:
    """The names about the evaluation itself; None: nothing to tell."""
    card, rubric = made.card, made.rubric
    counted = [item for item in card.indicators if not item.number.startswith("+")]
    scored = [item for item in counted if item.status == "scored"]
    gone = [item.title for item in card.indicators if item.status == "not_applicable"]
    own = made.own_scores
    whole = own and len(own) == len(card.indicators) - len(gone)
    told_own = kind == OWN or self_made(rubric)
    extras = [item for item in card.indicators if item.number.startswith("+") and item.points]
    parts = [
        f"{title}{written(points, '分')}（满分{written(full, '分')}）" for title, points, full in card.groups
    ]
    parts += [f"{item.title}{written(item.points, '分')}" for item in extras]
    return {
        "单位": made.unit,
        "年度": made.year,
        "评分表": rubric.title,
        "评分依据": rubric.reference._replace(article="", checked=True).line(),
        "等级依据": rubric.grade_reference._replace(article="", checked=True).line(),
        "等级标准": grade_bands(rubric.grades) or None,
        "总分": card.total,
        "规则总分": card.rule_total,
        "自评总分": sum(own.values(), ZERO) if whole else None,
        "等级": Worded(card.grade, _graded(made)) if card.grade not in (PENDING, "") else None,
        "得分名称": "已核定的得分合计" if made.waiting else "自评得分为" if told_own else "核查得分为",
        "一级得分清单": Telling("、".join(parts)) or None,
        "指标项数": Decimal(len(counted)),
        "不适用项数": Decimal(len(gone)) if gone else None,
        "不适用指标": "、".join(f"“{title}”" for title in gone),
        "待核定项数": Decimal(len(made.waiting)),
        **_lost([(item.points, item.full) for item in scored if item.points is not None]),
    }


def _lost(rows: Sequence[tuple[Decimal, Decimal]]) -> dict[str, Value]:
    """How many of the indicators, with points and full points, lost some, and how many points they lost together."""
    nothing: Expr = Const(0)
    lost = [full - got for got, full in rows if got < full]
    taken: list[Expr] = [Call("MAX", nothing, Arith("-", traced(full), traced(got))) for got, full in rows]
    full, part = (
        counted([Compare(op, traced(got), traced(full)) for got, full in rows], count)
        for op, count in ((">=", len(rows) - len(lost)), ("<", len(lost)))
    )
    whole = reduce(lambda one, other: Arith("+", one, other), taken, nothing)
    return {"满分项数": full, "扣分项数": part, "扣分合计": Traced(sum(lost, ZERO), whole)}


def _of_form(made: Material) -> dict[str, Value]:
    """How many indicators of the workbook's own form lost points; its blocks are no indicators."""
    rows = [points for form in made.rollup.forms if form.whole for points in form.points]
    known = [(got, full) for got, full in rows if got is not None and full is not None]
    if not known or len(known) < len(rows):
        return {}
    return {"指标项数": Decimal(len(known)), **_lost(known)}


def _targets(made: Material) -> dict[str, Value]:
    """What the yearly targets say: planned and done, those far exceeded, those missed."""
    rows = [row for row in made.rows.get("目标", []) if row.get("名称")]
    plans = [
        f"{row['名称']}{written(plan, '数')}{row.get('计量单位') or ''}"
        for row in rows
        if isinstance(plan := row.get("计划值"), Decimal)
    ]
    shares = [(row, share) for row in rows if isinstance(share := row.get("完成率"), Decimal)]
    done = [f"{row['名称']}完成{written(share, '%')}" for row, share in shares]
    aimed = [(row, share) for row, share in shares if row.get("方向") != "不高于"]
    over = [str(row["名称"]) for row, share in aimed if share >= 1 + FAR]
    judged = [(row, met) for row in rows if isinstance(met := row.get("已实现"), Decimal)]
    short = [str(row["名称"]) for row, met in judged if met == 0]
    tests = [Compare(">=", traced(share), Const(1 + FAR)) for _, share in aimed]
    missed = [Compare("=", traced(met), Const(0)) for _, met in judged]
    return {
        "目标清单": Telling(listed(plans)) if plans else None,
        "目标完成清单": Telling(f"其中：{listed(done)}") if done else None,
        "超额目标数": counted(tests, len(over)),
        "超额目标清单": quoted(over),
        "未达目标数": counted(missed, len(short)),
        "未达目标清单": quoted(short),
    }


def _graded(made: Material) -> Expr:
    """The grade of the points that are told."""
    if not made.own:
        return Ref(keys.ALL.grade)
    bands = [(interval, Const(title)) for interval, title in made.rubric.grades]
    return Pieces(traced(made.card.total), bands)


# ------------------------------------------------------------------------------------- reading the workbook


def _texts(book: ScoringBook) -> dict[str, str]:
    """What people wrote, by key; reviewer and date of the 封面 sheet stand in where the 文字 sheet has none."""
    entries = {need.key: book.entries.get(need.entry) for need in book.rubric.texts}
    entries["评价机构"] = entries.get("评价机构") or book.entries.get(REVIEWER)
    entries[DATE] = entries.get(DATE) or book.entries.get(REVIEWED_ON)
    return {key: _words(key, value) for key, value in entries.items() if value}


def _located(book: ScoringBook) -> dict[str, Value]:
    """Figures of the imported tables that the rubric does not ask for; two that disagree give none."""
    groups: dict[str, list[Located]] = {}
    for item in book.located():
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
    """The rows of a table that somebody filled, each with its computed cells; texts as parts of a sentence."""
    table, made = book.rubric.tables[name], []
    for number in range(1, table.rows + 1):
        keys = {column.name: table.key(number, column.name) for column in table.columns}
        if any(book.entries.get(key) is not None for key in keys.values()):
            row = {
                name: known(book.entries.get(key, card.values.get(key)), key) for name, key in keys.items()
            }
            made.append(
                {name: bare(value) if isinstance(value, str) else value for name, value in row.items()}
            )
    return made


def _decided(rubric: Rubric, card: Scorecard) -> frozenset[str]:
    """The names behind the points that a person set otherwise than the rule, those that figures are made of too."""
    found: set[str] = set()
    rows = [row for row in card.indicators if row.awarded and row.points != row.rule_points]
    waiting = [name for row in rows for name in _indicator(rubric, row.title).rule.reads]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += rubric.quantities[name].reads if name in rubric.quantities else ()
    return frozenset(found)


def _moved(rubric: Rubric, values: Mapping[str, Value]) -> dict[str, list[str]]:
    """Indicator -> why it received points of others."""
    made: dict[str, list[str]] = {}
    for move in rubric.moves:
        source = Keys(move.source)
        if NOT_APPLICABLE not in (values.get(source.points), values.get(source.rule_points)):
            continue
        for indicator in rubric.indicators():
            parts = {indicator.key, *(part.key for part in indicator.rule.leaves())}
            if parts & set(move.targets):
                made.setdefault(indicator.key, []).append(move.reason)
    return {key: list(dict.fromkeys(reasons)) for key, reasons in made.items()}


def _words(key: str, value: Value) -> str:
    """A text of the 文字 sheet; a number typed there is a number, except where a date belongs."""
    if isinstance(value, Decimal):
        return shown(value, "日期") if key == DATE else plain(value)
    return clean(str(value))
