"""Goals and results of a facts file -> the rows of the self-evaluation forms, target texts read into figures.

A target that is not a figure (良好, 2023年12月前) stays as it was written and its row is 定性; one that cannot be
understood is a question to the person, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.master.filling.judge import Hand
from jixiao.model.concept import nearest
from jixiao.model.expr import Value, amount
from jixiao.model.record import Record
from jixiao.model.source import Source
from jixiao.rubric.criteria.target import NUMBER, UNREAD, Target, read_target
from jixiao.rubric.selftable import FIGURES, MAIN, PROJECT, SelfTable
from jixiao.scoring.selfeval.rows import FILLED, QUALITATIVE

SIGNS = {"≥": "≥", "≤": "≤", ">": "＞", "<": "＜", "=": "＝", "": "＝"}
HEADS = {"department": "主管部门", "body": "实施单位", "goal": "预期目标", "result": "实际完成情况"}
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
    for record in records:
        if record.kind not in ("goals", "goal_heads", "goal_funds"):
            continue
        hand.file = _source(record).file
        found = _table(hand, str(record["table"] or ""))
        if found is None:
            continue
        name, form = found
        if record.kind == "goal_heads":
            for field, title in HEADS.items():
                _put(hand, f"{name}.{title}", record[field])
        elif record.kind == "goal_funds":
            _fund(hand, name, form, record)
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
    hand.findings.add("J577", Source(hand.file, label=project), name=project or "本单位")
    return None


def _rows_of(hand: Hand, project: str) -> list[int]:
    table = hand.book.rubric.tables.get("项目")
    rows = range(1, table.rows + 1) if table is not None else range(0)
    return [row for row in rows if hand.book.entries.get(f"项目[{row}].名称") == project]


def _fund(hand: Hand, name: str, form: SelfTable, record: Record) -> None:
    wanted = str(record["name"])
    for number, fund in enumerate(form.funds[1:], 2):
        if fund.removeprefix("其中：") == wanted:
            for field, figure in FUNDS.items():
                _put(hand, f"{name}.资金{number}.{figure}", record[field])
            return
    titles = [fund.removeprefix("其中：") for fund in form.funds[1:]]
    _unknown(hand, record, f"资金“{wanted}”", titles)


def _indicator(hand: Hand, name: str, form: SelfTable, record: Record) -> None:
    group = str(record["group"]).strip()
    rows = [
        number
        for number, block, second in form.rows()
        if group in (second.title, second.title.removesuffix("指标")) or group == block.title
    ]
    if not rows:
        _unknown(hand, record, f"指标类别“{group}”", [second.title for _, _, second in form.rows()])
        return
    row = _free(hand, name, rows, str(record["name"]))
    if row is None:
        hand.findings.add("J579", _source(record), group=group, name=record["name"], rows=len(rows))
        return
    start = f"{name}[{row}]."
    for field, title in PLAIN.items():
        _put(hand, start + title, record[field])
    for field, title in RATES.items():
        if record[field]:
            _put(hand, start + title, _rate(hand, record, field))
    for title, value in _figures(hand, record):
        _put(hand, start + title, value)


def _free(hand: Hand, name: str, rows: list[int], title: str) -> int | None:
    """The row of the indicator of this title, else the first one that nothing stands in."""
    for row in rows:
        if hand.book.entries.get(f"{name}[{row}].三级指标") == title:
            return row
    for row in rows:
        if all(hand.book.entries.get(f"{name}[{row}].{field}") is None for field in FILLED):
            return row
    return None


def _figures(hand: Hand, record: Record) -> Iterator[tuple[str, Value]]:
    """What target and result say, as the entries of the row."""
    target, done = (read_target(str(record[field] or "")) for field in ("target", "done"))
    plain = target.kind == NUMBER and target.value is not None and not target.questions
    if not plain or (record["done"] and not _same_unit(target, done)):
        yield "性质", QUALITATIVE
        yield "指标值", str(record["target"] or "") or None
        yield "完成值", str(record["done"] or "") or None
        asked = [*target.questions, *(done.questions if plain else ())]
        if plain and done.kind == NUMBER and not asked:
            asked = [f"完成值“{record['done']}”与指标值“{record['target']}”的单位不同"]
        if asked and (target.kind == UNREAD or plain or target.questions):
            question = "；".join(asked)
            hand.findings.add("J580", _source(record), name=record["name"], question=question)
        return
    yield "性质", SIGNS[target.op]
    yield "指标值", _in_unit(target)
    yield "单位", target.unit + (f"/{target.period}" if target.period else "") or None
    if record["done"]:
        yield "完成值", _in_unit(done)


def _same_unit(target: Target, done: Target) -> bool:
    if done.kind != NUMBER or done.value is None or done.questions:
        return False
    return done.unit in ("", target.unit)


def _in_unit(target: Target) -> Decimal:
    """A percentage is written in per cent: 95 with the unit %."""
    value = target.value or Decimal(0)
    return value * 100 if target.unit == "%" else value


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
            return replace(record.sources[field], label=str(record["name"] or record["table"] or ""))
    return Source("", label=str(record["name"] or ""))


def _unknown(hand: Hand, record: Record, what: str, known: list[str]) -> None:
    close = nearest(what.split("“")[1].removesuffix("”"), known) or "、".join(dict.fromkeys(known))
    hand.findings.add("J578", _source(record), what=what, near=close)
