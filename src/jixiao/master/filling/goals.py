"""Self-evaluation forms: goals, targets and results go into their rows; a result is measured against its target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.master import put
from jixiao.master.filling.handwork import Hand
from jixiao.master.kept import Sealed, alike
from jixiao.model import Found, Record, Source, Value, amount, make, nearest, plain
from jixiao.rubric import FIGURES, MAIN, PROJECT, SelfTable
from jixiao.scoring import QUALITATIVE, Keys, filled_columns, keys
from jixiao.text import Target, TargetKind, dated, goes_wrong, read_target

_WAY = re.compile("下降|减少|降低|缩短|节约|节省|压减|增长|增加|上升|提高|提升")
_RANKS = ("名", "位", "级", "等", "天", "日", "个工作日", "工作日", "小时", "分钟", "个月", "月")
SIGNS = {"≥": "≥", "≤": "≤", ">": "＞", "<": "＜", "=": "＝"}


def measured(record: Record, fully: str = "") -> tuple[list[tuple[str, Value]], str]:
    """What target and result say, as entries of the row, and a question; what is doubtful stays as it is written.

    ``fully`` is what the form calls a target that is reached.
    """
    target, done = (read_target(str(record[field] or "")) for field in ("target", "done"))
    if target.kind is TargetKind.DATE:
        return _by_day(record, target, done, fully)
    if target.kind is not TargetKind.NUMBER or target.value is None or target.questions:
        return _words(record), "；".join(target.questions)
    doubt = _doubt(record, target, done) if record["done"] else ""
    if doubt:
        return _words(record), doubt
    unit = target.unit + (f"/{target.period}" if target.period else "")
    result = _in_unit(done, target) if record["done"] else None
    return [
        ("性质", _sign(record, target)), ("指标值", _in_unit(target, target)), ("单位", unit or None), ("完成值", result),
    ], ""  # fmt: skip


def _by_day(record: Record, target: Target, done: Target, fully: str) -> tuple[list[tuple[str, Value]], str]:
    """A day to be kept, held against the day of the result: kept it is reached in full, missed a person decides."""
    said = f"完成值“{record['done']}”与指标值“{record['target']}”"
    if not record["done"]:
        return _words(record), ""
    if target.date is None or done.date is None or done.kind is not TargetKind.DATE:
        return _words(record), f"{said}不是写明年月日的两个日期，不能相比"
    if done.date > target.date:
        return _words(record), f"完成日期{dated(done.date)}晚于{dated(target.date)}"
    judged: list[tuple[str, Value]] = [("达成程度", fully), ("给分比例", Decimal(1))]
    return _words(record) + (judged if fully and not record["achieved"] else []), ""


def _words(record: Record) -> list[tuple[str, Value]]:
    """A row that is judged, with target and result as they are written."""
    return [
        ("性质", QUALITATIVE),
        ("指标值", str(record["target"] or "") or None),
        ("完成值", str(record["done"] or "") or None),
    ]


def _doubt(record: Record, target: Target, done: Target) -> str:
    """Why a result cannot be held against its target as figures; empty where it can."""
    said = f"完成值“{record['done']}”与指标值“{record['target']}”"
    if done.kind is not TargetKind.NUMBER or done.value is None or done.questions:
        return f"{said}不能相比，请写明完成了多少"
    if done.unit not in ("", target.unit):
        return f"{said}的单位不同"
    ways = [set(_WAY.findall(str(record[field] or ""))) for field in ("target", "done")]
    if ways[0] or ways[1]:
        return f"{said}写的是升降幅度，请写成同一方向的数值"
    fraction = done.value <= 1 or (done.value < 10 and target.value is not None and _scaled(target) >= 30)
    if target.unit == "%" and not done.unit and done.value > 0 and fraction:
        return f"{said}一个是百分数、一个是小数"
    if not target.op and done.value * (100 if target.unit == "%" and not done.unit else 1) != _scaled(target):
        return _undirected(record, target)
    return ""


def _scaled(target: Target) -> Decimal:
    value = target.value or Decimal(0)
    return value * 100 if target.unit == "%" else value


def _undirected(record: Record, target: Target) -> str:
    """A bare number is a lower limit for what is produced; for time, cost, ranks, faults and zero it may be an upper one."""
    group = str(record["group"])
    timed = "时效" in group and target.unit != "%"  # 按期完成率100%
    odd = (
        timed
        or "成本" in group
        or target.unit in _RANKS
        or target.value == 0
        or goes_wrong(str(record["name"]))
    )
    if odd or "第" in target.subject:
        return f"指标值“{record['target']}”没有写明是不低于还是不超过"
    return ""


def _sign(record: Record, target: Target) -> str:
    """The sign as written; a bare number that is a lower limit is written as one."""
    if target.op:
        return SIGNS[target.op]
    return "≥" if not _undirected(record, target) else "＝"


def _in_unit(figure: Target, target: Target) -> Decimal:
    """A percentage is written in per cent: 95 with the unit %."""
    value = figure.value or Decimal(0)
    return value * 100 if target.unit == "%" and figure.unit == "%" else value


HEADS = ("department", "body", "goal", "result")
OTHER, INSIDE = "其他资金", ("财政专户管理资金", "单位资金")
"""Money that a form without rows of these names counts among the rest."""
FUNDS = dict(zip(("budget", "adjusted", "spent"), FIGURES, strict=True))
PLAIN = {
    "name": "三级指标",
    "points": "分值",
    "reason": "偏差原因",
    "achieved": "达成程度",
    "way": "计分方式",
    "scored": "自评分",
}
RATES = {"share": "给分比例", "pass": "及格线"}


def put_goals(hand: Hand, records: Sequence[Record]) -> None:
    """Heads, funds and indicator rows of all forms; a record that has no place is a finding."""
    funds: Funds = {}
    for record in records:
        if record.kind not in ("goals", "goal_heads", "goal_funds"):
            continue
        hand.source = _source(record)
        found = _table(hand, str(record["table"] or ""))
        if found is None:
            continue
        name, form = found
        if record.kind == "goal_heads":
            for field in HEADS:
                _put(hand, getattr(Keys(name), field), record[field])
            if name == MAIN:
                _money(hand, record)
        elif record.kind == "goal_funds":
            _fund(hand, name, form, record, funds)
        else:
            _indicator(hand, name, form, record)


def _table(hand: Hand, project: str) -> tuple[str, SelfTable] | None:
    """The form of a project, or the workbook's own form; None, with a finding, where there is none."""
    tables = dict(hand.book.rubric.self_tables.tables())
    if not project:
        name = MAIN
    else:
        rows = _rows_of(hand, project)
        name = f"{PROJECT}{rows[0]}" if rows else ""
        if hand.book.rubric.self_tables.main is not None and not hand.book.rubric.self_tables.figures:
            name = MAIN if rows[:1] == [1] else ""
    if name in tables:
        return name, tables[name]
    single = hand.book.rubric.self_tables.main is not None and not hand.book.rubric.self_tables.figures
    finding = make(
        "J582" if single else "J577", Source(hand.source.file, label=project), name=project or "本单位"
    )
    if finding.message not in {known.message for known in hand.findings}:
        hand.findings.items.append(finding)
    return None


def _money(hand: Hand, record: Record) -> None:
    """The money of the unit's own form, as facts, where no better document gave them."""
    for (_, fact), field in zip(hand.book.rubric.self_tables.figures, FUNDS, strict=False):
        value = record[field]
        if not isinstance(value, Decimal):
            continue
        place = record.sources[field]._replace(found=Found.LABEL)
        now, given = hand.book.entries.get(fact), hand.ours.get(fact)
        if now is None or (given and given.source.form == place.form and alike(now, given.value)):
            sealed = Sealed(value, place, f"{plain(value)} 万元")
            hand.seal(fact, sealed)
            put.put_proof(hand.book, hand.book.plan.fact_rows[fact], sealed)


def _rows_of(hand: Hand, project: str) -> list[int]:
    table = hand.book.rubric.tables.get("项目")
    rows = range(1, table.rows + 1) if table is not None else range(0)
    return [row for row in rows if hand.book.entries.get(keys.row("项目", row).name) == project]


Funds = dict[tuple[str, int], dict[str, Record]]
"""What this fill brings into a row of money, by the name that the source gives it."""


def _fund(hand: Hand, name: str, form: SelfTable, record: Record, funds: Funds) -> None:
    wanted = str(record["name"])
    titles = [title.removeprefix("其中：") for title in form.funds[1:]]
    place = wanted if wanted in titles else OTHER if wanted in INSIDE and OTHER in titles else ""
    if not place:
        _unknown(hand, record, f"资金“{wanted}”", titles)
        return
    number = titles.index(place) + 2
    held = funds.setdefault((name, number), {})
    held[wanted] = record
    for field, figure in FUNDS.items():
        told = [value for one in held.values() if isinstance(value := one[field], Decimal)]
        _put(hand, Keys(name).fund(number).cell(figure), sum(told, Decimal(0)) if told else record[field])


def _indicator(hand: Hand, name: str, form: SelfTable, record: Record) -> None:
    group = str(record["group"]).strip()
    rows = [
        number
        for number, block, second in form.rows()
        if group in (second.title, second.title.removesuffix("指标")) or group == block.title
    ]
    rows = rows or [
        number for number, _, second in form.rows() if group.endswith(second.title)
    ]  # 经济成本指标
    if not rows:
        _unknown(hand, record, f"指标类别“{group}”", [second.title for _, _, second in form.rows()])
        return
    row = _free(hand, name, form, rows, str(record["name"]))
    if row is None:
        hand.findings.add("J579", _source(record), group=group, name=record["name"], rows=len(rows))
        return
    own = keys.row(name, row)
    for field, title in PLAIN.items():
        _put(hand, own.cell(title), record[field])
    for field, title in RATES.items():
        if record[field]:
            _put(hand, own.cell(title), _rate(hand, record, field))
    said = {title for title, value in _figures_put(hand, record, own, form) if value not in (None, "")}
    said |= {title for field, title in (PLAIN | RATES).items() if record[field] not in (None, "")}
    for title in filled_columns(form):
        if title not in said:
            hand.withdraw(own.cell(title))


def _figures_put(hand: Hand, record: Record, own: Keys, form: SelfTable) -> list[tuple[str, Value]]:
    made, question = measured(record, max(form.qualitative, key=lambda grade: grade[1].high or 0)[0])
    if question:
        hand.findings.add("J580", _source(record), name=record["name"], question=question)
    for title, value in made:
        _put(hand, own.cell(title), value)
    return made


def _free(hand: Hand, name: str, form: SelfTable, rows: list[int], title: str) -> int | None:
    """The row of the indicator of this title, else the first one that nothing stands in."""
    for row in rows:
        if hand.book.entries.get(keys.row(name, row).indicator) == title:
            return row
    filled = filled_columns(form)
    for row in rows:
        if all(hand.book.entries.get(keys.row(name, row).cell(field)) is None for field in filled):
            return row
    return None


def _rate(hand: Hand, record: Record, field: str) -> Value:
    try:
        return amount(str(record[field]))
    except ValueError as error:
        hand.findings.add("J580", _source(record), name=record["name"], question=str(error))
        return None


def _put(hand: Hand, key: str, value: Value) -> None:
    if value not in (None, ""):
        hand.put(key, value)


def _source(record: Record) -> Source:
    """The place of the record, under its own title."""
    for field in ("target", "name", "table"):
        if field in record.sources:
            return record.sources[field]._replace(label=str(record["name"] or record["table"] or ""))
    return Source("", label=str(record["name"] or ""))


def _unknown(hand: Hand, record: Record, what: str, known: list[str]) -> None:
    close = nearest(what.split("“")[1].removesuffix("”"), known) or "、".join(dict.fromkeys(known))
    hand.findings.add("J578", _source(record), what=what, near=close)
