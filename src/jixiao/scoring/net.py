"""Net: a rubric as one net of named cells: entries that people and tables fill, and expressions over them.

Every value of the scoring workbook is an entry or an item of this net; the workbook shows the items' formula
reading, scoring uses their number reading, so the two cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from jixiao.model import (
    CONFIRMED,
    NONE_HAPPENED,
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Call,
    Code,
    Compare,
    Const,
    Expr,
    ExprError,
    If,
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
    Value,
    none_happened,
    plain,
)
from jixiao.rubric import FactNeed, Indicator, Part, Rubric, explained, got, keys
from jixiao.rubric.keys import ALL, REVIEWED_ON, REVIEWER, UNIT, YEAR, Keys
from jixiao.scoring import forms
from jixiao.scoring.entries import Award, Entry, count_of, row_cells

SCORED, NO_REASON = "已评分", "核定缺理由"
PRECISION = 28
OFTEN = 12
"""A net is written out when it is asked for so many units: that takes as long as forty of them."""


@dataclass(slots=True)
class Net:
    """The net of one rubric: ``entries`` and ``items`` by key, in the order of the official table.

    ``columns`` are whole columns of row tables, each with its keys.
    """

    rubric: Rubric
    entries: dict[str, Entry] = field(default_factory=dict)
    items: dict[str, Expr] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    readers: dict[str, list[str]] = field(default_factory=dict)
    """The items that read each key, found when first asked for."""
    followed: dict[str, frozenset[str]] = field(default_factory=dict)
    """All that follows from a key, as far as it was asked."""
    asked: int = 0
    written: Callable[[Mapping[str, Value]], Mapping[str, Value]] | None = None
    """All items at once, for a net that is asked often."""

    def at_once(self, entries: Mapping[str, Value]) -> Mapping[str, Value]:
        """Every item's value where the net was asked often enough to be written out and no rule fails; else none of them."""
        self.asked += 1
        if self.asked == OFTEN:
            with suppress(ExprError, SyntaxError, RecursionError, MemoryError):
                self.write_out()
        if self.written is not None:
            with suppress(ExprError, ArithmeticError):  # which rule it is, says the number reading
                return self.written(entries)
        return {}

    def write_out(self) -> Callable[[Mapping[str, Value]], Mapping[str, Value]]:
        """Write the number reading out as one function, entries -> items. ExprError: the net has no order."""
        self.written = _written(self)
        return self.written

    def after(self, keys: Iterable[str]) -> AbstractSet[str]:
        """These keys and all that follows from them."""
        found: set[str] = set()
        for key in keys:
            if key not in self.followed:
                self.followed[key] = self._after(key)
            found |= self.followed[key]
        return found

    def _after(self, key: str) -> frozenset[str]:
        if not self.readers:
            for item, expr in self.items.items():
                for ref in expr.refs():
                    self.readers.setdefault(ref, []).append(item)
            for column, cells in self.columns.items():
                for cell in cells:
                    self.readers.setdefault(cell, []).append(column)
        found, open_ = {key}, [key]
        while open_:
            new = [ref for ref in self.readers.get(open_.pop(), ()) if ref not in found]
            found.update(new)
            open_ += new
        return frozenset(found)

    def has_row(self, indicator: Indicator) -> bool:
        """Whether the rule's parts stand as rows of their own in 要点核定."""
        return bool(indicator.rule.parts or indicator.rule.asks)

    def enter(self, key: str, kind: str, unit: str = "", *limits: Expr | None, fact: bool = False) -> None:
        """An entry more."""
        low, high = limits or (None, None)
        self.entries[key] = Entry(key, kind, unit, (), low, high, fact)

    def points_of(self, part: str) -> str:
        """The key of what a part earned: the rule's own points of an indicator, the points of a part inside one."""
        whole = any(indicator.key == part for indicator in self.rubric.indicators())
        return Keys(part).rule_points if whole else Keys(part).points


class Values(dict[str, Value]):
    """All values of a net for one set of entries, each read or computed once, when it is first asked for.

    ``crashed`` lists items whose rule failed (our own bug).
    """

    def __init__(self, net: Net, entries: Mapping[str, Value]) -> None:
        self.net, self.entries = net, entries
        self.crashed: dict[str, str] = {}
        self._open: set[str] = set()
        self._before: Values | None = None
        self._touched: AbstractSet[str] = frozenset()

    def with_entries(self, given: Mapping[str, Value], touched: AbstractSet[str] = frozenset()) -> Values:
        """The values with some entries, or quantities, changed; only what follows from them is computed again.

        ``touched`` is what follows, where that is known (``Net.after``).
        """
        made = Values(self.net, {**self.entries, **given})
        made._before, made._touched = self, touched or self.net.after(given)
        made.update(given)
        return made

    def __missing__(self, key: str) -> Value:
        expr = self.net.items.get(key)
        if self._before is not None and key not in self._touched:
            self[key] = self._before[key]
        elif expr is not None:
            self[key] = self._compute(key, expr)
        elif key in self.net.entries:
            self[key] = self.entries.get(key)
        elif key in self.net.columns:
            made = tuple(self[cell] for cell in self.net.columns[key])
            self[key] = made  # type: ignore[assignment]  # Total and Count read a column as its values
        else:
            raise ExprError(f"{key}: no such cell")
        return self[key]

    def _compute(self, key: str, expr: Expr) -> Value:
        """The number reading of an item."""
        if key in self._open:
            raise ExprError(f"{key}: circular")
        self._open.add(key)
        try:
            return expr.number(self.__getitem__)
        except (ExprError, ArithmeticError) as error:
            # one broken rule must not stop the others; it is reported and shown as 待核定
            self.crashed[key] = str(error)
            return PENDING
        finally:
            self._open.discard(key)

    def all(self) -> dict[str, Value]:
        """Every item's value, in the net's order."""
        with localcontext() as context:
            context.prec = PRECISION
            if not self:
                self.update(self.net.at_once(self.entries))
            return {key: self[key] for key in self.net.items}

    def points(self, key: str) -> Decimal | None:
        """The value as points, or None for an outcome."""
        value = self[key]
        return value if isinstance(value, Decimal) else None

    def holds(self, condition: Expr) -> bool:
        """Whether a condition over the net is met."""
        return bool(condition.number(self.__getitem__))


def _written(net: Net) -> Callable[[Mapping[str, Value]], Mapping[str, Value]]:
    """The number readings of all items as one function. ExprError: they cannot be put in an order."""
    names: dict[str, str] = {}
    lines: list[str] = []
    under_way: set[str] = set()

    def name(key: str) -> str:
        if key in names:
            return names[key]
        if key in under_way:
            raise ExprError(f"{key}: circular")
        under_way.add(key)
        if key in net.items:
            text = net.items[key].code(code)
        elif key in net.entries:
            text = f"get({key!r})"
        elif key in net.columns:
            text = f"({', '.join(map(name, net.columns[key]))},)"
        else:
            raise ExprError(f"{key}: no such cell")
        names[key] = f"v{len(names)}"
        lines.append(f" {names[key]} = {text}")
        return names[key]

    code = Code(name)
    given = ", ".join(f"{key!r}: {name(key)}" for key in net.items)
    source = "\n".join(["def made(get):", *lines, f" return {{{given}}}"])
    known = dict(code.known)
    exec(compile(source, "<net>", "exec"), known)  # noqa: S102 - written above from our own nodes, texts by their repr
    made: Callable[[Callable[[str], Value]], Mapping[str, Value]] = known["made"]  # type: ignore[assignment]
    return lambda entries: made(entries.get)


def build_net(rubric: Rubric) -> Net:
    """The net of a rubric."""
    net = Net(rubric)
    for key in (UNIT, YEAR, REVIEWER, REVIEWED_ON):
        net.enter(key, "text")
    for name, need in rubric.facts.items():
        unit = need.concept.unit
        kind = {"%": "rate", "日期": "date", "文字": "text"}.get(unit, "number")
        net.enter(name, kind, unit, fact=True)
        net.enter(Keys(name).typed, "text")  # 15万元 is read when it is taken into the fact
        net.enter(Keys(name).typed_from, "text")
    events = rubric.events()
    if events:
        net.entries[NONE_HAPPENED] = Entry(NONE_HAPPENED, "choice", choices=(CONFIRMED,))
    for text in rubric.texts:
        net.enter(text.entry, "text")
    _tables(net)
    for name, need in rubric.facts.items():
        net.items[Keys(name).found] = If(
            IsNumber(name), Const("已取得"), _not_found(name, need, name in events)
        )
        net.items[Keys(name).waits] = If(
            Is(Keys(name).typed, ""), Ref(Keys(name).found), Const("已填，评分后取用")
        )
    for quantity in rubric.quantities.values():
        net.items[quantity.name] = quantity.expr
    for indicator in rubric.indicators():
        _indicator(net, indicator)
    _groups(net)
    _totals(net)
    return net


def _not_found(name: str, need: FactNeed, event: bool) -> Expr:
    """What stands beside a fact that is no number."""
    if not event:
        return If(Is(name, ""), Const("可不填" if need.optional else "未取得"), Ref(name))
    return If(none_happened(name), Const("确认为0"), If(Is(name, ""), Const("未登记"), Ref(name)))


def _tables(net: Net) -> None:
    """The rows of 目标完成, then the self-evaluation forms with their roll-up."""
    for table in net.rubric.tables.values():
        numbers = range(1, table.rows + 1)
        for column in table.columns:
            net.columns[Keys(table.name).cell(column.name)] = tuple(
                table.key(row, column.name) for row in numbers
            )
            for row in numbers:
                _put(net, row_cells(keys.row(table.name, row), [column]))
    tables = net.rubric.self_tables
    for name, form in tables.tables():
        _put(net, forms.cells(name, form, tables))
    if tables.count:
        net.columns |= forms.list_columns(tables)
        net.items |= forms.rolled_up(tables)


def _put(net: Net, cells: Iterator[tuple[str, Entry | Expr]]) -> None:
    for key, cell in cells:
        if isinstance(cell, Entry):
            net.entries[key] = cell
        else:
            net.items[key] = cell


def _indicator(net: Net, indicator: Indicator) -> None:
    own, rule = Keys(indicator.key), indicator.rule
    for part in rule.leaves() if net.has_row(indicator) else ():
        _part(net, part)
    if rule.parts:
        points = rule.points
    elif net.has_row(indicator):
        whole = Keys(rule.key).points
        points = If(IsNumber(whole), Round(Ref(whole), 2), Ref(whole))
    else:
        points = rule.points.mapped(lambda node: Round(node, 2))
    net.items[own.rule_points] = points
    net.items[own.full] = _effective_full(net, indicator)
    if not isinstance(net.items[own.full], Const):
        stays = Compare("=", Ref(own.full), Const(indicator.weight))
        moved = Say(f"{plain(indicator.weight)}→", Show(own.full, "plain"))
        net.items[own.shown_weight] = If(stays, Const(indicator.weight), moved)
    beside = indicator.number.startswith("+")
    limits = (Const(-100), Const(100)) if beside else (Const(0), Ref(own.full))
    for key in (own.own_points, own.awarded):
        net.enter(key, "number", "分", *limits)
    for key in (own.reason, own.evidence):
        net.enter(key, "text")
    award = Award.of(own)
    net.items[own.points] = If(award.counts, Ref(own.awarded), Ref(own.rule_points))
    net.items[own.explanation] = _explanation(net, indicator, award)
    outcome = If(Is(own.rule_points, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(PENDING))
    ruled = If(IsNumber(own.rule_points), Const(SCORED), outcome)
    person = If(Is(own.rule_points, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(SCORED))
    net.items[own.status] = If(award.unreasoned, Const(NO_REASON), If(IsNumber(own.awarded), person, ruled))


def _part(net: Net, part: Part) -> None:
    own = Keys(part.key)
    for ask in part.asks:
        kind, key = "choice" if ask.choices else "number", own.cell(ask.field)
        unit = "分" if kind == "number" else ""
        net.entries[key] = Entry(key, kind, unit, ask.choices, ask.low, ask.high)
    for key in (own.why, own.proof):
        net.enter(key, "text")
    moved = _received(net, part.key)
    net.items[own.full] = Arith("+", Const(part.full), moved) if moved is not None else Const(part.full)
    net.items[own.points] = part.points


def _explanation(net: Net, indicator: Indicator, award: Award) -> Expr:
    own, rule = Keys(indicator.key), indicator.rule
    if rule.parts:
        base = rule.explain
    elif net.has_row(indicator):
        base = explained(rule)
    else:
        base = Say(rule.explain, "，", got(own.rule_points))
    pieces: list[Expr | str] = [base]
    inside = {indicator.key, *(part.key for part in rule.leaves())}
    for move in net.rubric.moves:
        if inside & set(move.targets):
            gone = Is(net.points_of(move.source), NOT_APPLICABLE)
            pieces.append(If(gone, Const(f"（{move.reason}）"), Const("")))
    unruled = Logic("AND", award.counts, Is(own.rule_points, PENDING))
    unused = Say("；核定分", Show(own.awarded, "plain"), "分没有写理由，未采用")
    rest = If(award.counts, Say("；", *award.said), If(IsNumber(own.awarded), unused, Const("")))
    return If(unruled, Say(*award.said), Say(*pieces, rest))


def _received(net: Net, part: str) -> Expr | None:
    """Points that others move to this part while they do not apply; None where no move names it."""
    total: Expr | None = None
    for move in net.rubric.moves:
        if part in move.targets:
            gone = Is(net.points_of(move.source), NOT_APPLICABLE)
            moved = If(gone, Const(_declared(net.rubric)[move.source] / len(move.targets)), Const(0))
            total = moved if total is None else Arith("+", total, moved)
    return total


def _declared(rubric: Rubric) -> dict[str, Decimal]:
    """The full points of every part and indicator, as the rubric declares them."""
    parts = {part.key: part.full for indicator in rubric.indicators() for part in indicator.rule.leaves()}
    return parts | {indicator.key: indicator.weight for indicator in rubric.indicators()}


def _effective_full(net: Net, indicator: Indicator) -> Expr:
    """Full points of an indicator: its weight, less parts that do not apply, plus what was moved to it."""
    full: Expr = Const(indicator.weight)
    for part, lost in _leaving(net.rubric, indicator):
        full = Arith("-", full, If(Is(net.points_of(part), NOT_APPLICABLE), Const(lost), Const(0)))
    for key in dict.fromkeys([indicator.key, *(part.key for part in indicator.rule.leaves())]):
        moved = _received(net, key)
        if moved is not None:
            full = Arith("+", full, moved)
    return full


def _leaving(rubric: Rubric, indicator: Indicator) -> Iterator[tuple[str, Decimal]]:
    """Parts that may be 不适用, with the full points that then leave the indicator."""
    sources = {move.source for move in rubric.moves}
    leaving = [
        part
        for part in indicator.rule.leaves()
        if part.key in sources or any(ask.field == "适用" for ask in part.asks)
    ]
    if keeps_full(indicator.rule):
        yield from [(indicator.key, indicator.weight)] if leaving else []
    else:
        yield from ((part.key, part.full) for part in leaving)


def keeps_full(rule: Part) -> bool:
    """Whether a rule says itself what happens when a part does not apply: alternatives, shares, a rescaled block."""
    return bool(rule.parts) and rule.kind != "sum"


def _groups(net: Net) -> None:
    """Points and full points of each 二级指标 and 一级指标."""
    for i, outer in enumerate(net.rubric.firsts, 1):
        own = keys.first(i)
        inner = [keys.second(i, j) for j in range(1, len(outer.seconds) + 1)]
        for second, group in zip(outer.seconds, inner, strict=True):
            below = [Keys(indicator.key) for indicator in second.indicators]
            net.items[group.points] = Round(Total([one.points for one in below]), 2)
            net.items[group.full] = Round(Total([one.full for one in below]), 2)
            _not_won(net, group, [keys.charted(one.key)["待核定"] for one in second.indicators])
        net.items[own.points] = Round(Total([group.points for group in inner]), 2)
        net.items[own.full] = Round(Total([group.full for group in inner]), 2)
        _not_won(net, own, [group.undecided for group in inner])


def _not_won(net: Net, group: Keys, undecided: list[str]) -> None:
    """Full points that were not won: lost where the indicators are decided, open where they are not."""
    net.items[group.undecided] = Round(Total(undecided), 2)
    rest = Arith("-", Arith("-", Ref(group.full), Ref(group.points)), Ref(group.undecided))
    net.items[group.lost] = Round(rest, 2)
    net.items[group.rate] = Ratio(Ref(group.points), Ref(group.full), Const(0))


def _totals(net: Net) -> None:
    rubric, items = net.rubric, net.items
    owners = [Keys(indicator.key) for indicator in rubric.indicators()]
    # of the indicators themselves: 图表, where the groups stand, may be deleted
    items[ALL.points] = _limited(Total([own.points for own in owners]), rubric)
    items[ALL.rule_points] = _limited(_rule_total(owners), rubric)
    waiting = [Is(own.status, PENDING) for own in owners]
    items[ALL.waiting] = count_of([*waiting, *(cap.undecided() for cap in rubric.caps)])
    items[ALL.unreasoned] = count_of([Is(own.status, NO_REASON) for own in owners])
    grade = Pieces(Ref(ALL.points), [(interval, Const(title)) for interval, title in rubric.grades])
    items[ALL.grade] = If(Compare("=", Ref(ALL.waiting), Const(0)), grade, Const(PENDING))
    for own in owners:
        left = Round(Call("MAX", Const(0), Arith("-", Ref(own.full), Ref(own.points))), 2)
        items[own.lost] = If(IsNumber(own.points), left, Const(0))
        won, lost, undecided = keys.charted(own.owner).values()
        items |= {won: Ref(own.points), lost: Ref(own.lost)}
        items[undecided] = If(IsNumber(own.points), Const(0), Ref(own.full))
    items[keys.SHEET_UNIT] = Say("单位：", Show(UNIT, "text", blank=""))
    items[keys.SHEET_TOTAL] = Ref(ALL.points)
    items[keys.SHEET_RULE_TOTAL] = Ref(ALL.rule_points)
    items[keys.TITLE] = Say(Show(UNIT, "text", blank="（单位名称）"))


def _limited(total: Expr, rubric: Rubric) -> Expr:
    made: Expr = Call("MIN", Const(rubric.cap), Call("MAX", Const(0), total))
    for cap in rubric.caps:
        made = cap.applied(made, rubric.cap)
    return Round(made, 2)


def _rule_total(owners: list[Keys]) -> Expr:
    total: Expr | None = None
    for own in owners:
        awarded = If(IsNumber(own.points), Ref(own.points), Const(0))
        points = If(IsNumber(own.rule_points), Ref(own.rule_points), awarded)
        total = points if total is None else Arith("+", total, points)
    return total if total is not None else Const(0)
