"""Goals and results of a facts file -> the rows of the self-evaluation forms, target texts read into figures.

A target that is not a figure (良好, 2023年12月前) stays as it was written and its row is 定性; one that cannot be
understood is a question to the person, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.master.book import put
from jixiao.master.filling.judge import Hand
from jixiao.master.filling.measured import measured
from jixiao.model import Fact, Found, Record, Source, Value, amount, make, nearest, plain
from jixiao.rubric import FIGURES, MAIN, PROJECT, SelfTable
from jixiao.scoring.entry import YEAR
from jixiao.scoring.selfeval.rows import FILLED

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
            _year(hand, record)
            for field, title in HEADS.items():
                _put(hand, f"{name}.{title}", record[field])
            if name == MAIN:
                _money(hand, record)
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
    single = hand.book.rubric.self_tables.main is not None and not hand.book.rubric.self_tables.figures
    finding = make("J582" if single else "J577", Source(hand.file, label=project), name=project or "本单位")
    if finding.message not in {known.message for known in hand.findings}:
        hand.findings.items.append(finding)
    return None


def _year(hand: Hand, record: Record) -> None:
    """A form of another year is named."""
    own = hand.book.entries.get(YEAR)
    shown = plain(own) if isinstance(own, Decimal) else str(own or "")
    if record["year"] and shown and str(record["year"]) != shown:
        hand.findings.add("J581", _source(record), found=record["year"], year=shown)


def _money(hand: Hand, record: Record) -> None:
    """The money of the unit's own form, as facts, where no better document gave them."""
    for (_, fact), field in zip(hand.book.rubric.self_tables.figures, FUNDS, strict=False):
        value = record[field]
        if isinstance(value, Decimal) and hand.book.entries.get(fact) in (None, hand.ours.get(fact)):
            hand.put(fact, value)
            place = replace(record.sources[field], found=Found.LABEL)
            put.put_proof(
                hand.book, hand.book.plan.fact_rows[fact], Fact(fact, value, place, plain(value), "万元")
            )


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
    said = {title for title, value in _figures_put(hand, record, start) if value not in (None, "")}
    said |= {title for field, title in (PLAIN | RATES).items() if record[field] not in (None, "")}
    for title in FILLED:
        if title not in said:
            hand.withdraw(start + title)


def _figures_put(hand: Hand, record: Record, start: str) -> list[tuple[str, Value]]:
    made, question = measured(record)
    if question:
        hand.findings.add("J580", _source(record), name=record["name"], question=question)
    for title, value in made:
        _put(hand, start + title, value)
    return made


def _free(hand: Hand, name: str, rows: list[int], title: str) -> int | None:
    """The row of the indicator of this title, else the first one that nothing stands in."""
    for row in rows:
        if hand.book.entries.get(f"{name}[{row}].三级指标") == title:
            return row
    for row in rows:
        if all(hand.book.entries.get(f"{name}[{row}].{field}") is None for field in FILLED):
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
            return replace(record.sources[field], label=str(record["name"] or record["table"] or ""))
    return Source("", label=str(record["name"] or ""))


def _unknown(hand: Hand, record: Record, what: str, known: list[str]) -> None:
    close = nearest(what.split("“")[1].removesuffix("”"), known) or "、".join(dict.fromkeys(known))
    hand.findings.add("J578", _source(record), what=what, near=close)
