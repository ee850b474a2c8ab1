"""Judgements and rows -> entry cells: 要点核定, 评分表, 文字 and 目标完成. What a person typed stays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.intake import Named
from jixiao.master import put
from jixiao.master.kept import Kept, Link, value_data, value_of
from jixiao.master.scoringbook import ScoringBook
from jixiao.model import NOT_APPLICABLE, Findings, Found, Source, UsageStop, Value, nearest, plain
from jixiao.rubric import Indicator, RowTable
from jixiao.scoring import Keys, Values

JUDGED = {"verdict": "判定", "points": "给分", "reason": "理由", "evidence": "佐证", "premise": "前提"}


class Hand:
    """Writes judgements, never over one that a person typed.

    What it wrote is remembered in the workbook, so that a corrected facts file can be brought in again.
    """

    def __init__(self, book: ScoringBook, findings: Findings) -> None:
        self.book, self.findings = book, findings
        self.file = ""
        self.ours: dict[str, Value] = {key: value_of(value) for key, value in book.kept("judged")}

    def put(self, key: str, value: Value, link: Link | None = None, what: str = "") -> bool:
        """Write an entry; False, with a finding that names it (``what``), where a person's own stands there."""
        old = self.book.entries.get(key)
        if old is not None and key not in self.book.links and old not in (value, self.ours.get(key)):
            label = key.replace(".", " ")
            sources = () if what else (Source(self.file, label=label),)
            self.findings.add("J570", *sources, name=what or label, value=shown(old), found=shown(value))
            return False
        put.put_entry(self.book, key, value, link)
        if key not in self.book.links:
            self.ours[key] = value
        return True

    def withdraw(self, key: str) -> None:
        """Clear an entry that an earlier file of ours wrote and the present one does not name; a person's stays."""
        if key in self.ours and self.book.entries.get(key) == self.ours[key]:
            put.put_entry(self.book, key, None)
            del self.ours[key]

    def remember(self) -> None:
        """Keep in the workbook what was written."""
        rows = [[key, value_data(value)] for key, value in self.ours.items() if not isinstance(value, bool)]
        put.keep_block(self.book, "judged", rows)


def shown(value: Value) -> str:
    """A value as a finding prints it."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def put_judgements(hand: Hand, named: Named) -> None:
    """Not-applicable first, then verdicts, then awarded points: these are compared with the rule's own points."""
    book, findings = hand.book, hand.findings
    hand.file = named.file
    indicators = {indicator.key: indicator for indicator in book.rubric.indicators()}
    for names in (named.not_applicable, named.awarded, named.self_scores):
        for name in names:
            _known(name, indicators, named)
    for name, reason in named.not_applicable.items():
        _not_applicable(hand, indicators[name], reason)
    parts = {part.key for indicator in indicators.values() for part in indicator.rule.leaves()}
    for name, body in named.verdicts.items():
        _verdict(hand, name if name in parts else f"{name}_1", body, parts)
    for name, points in named.self_scores.items():
        hand.put(Keys(name).own_points, points)
    _texts(hand, named.texts)
    values = Values(book.net, book.entries)
    agreeing: list[str] = []
    for name, award in named.awarded.items():
        rule = values.points(Keys(name).rule_points)
        if rule is not None and rule == award.points:
            agreeing.append(name)
            continue
        if hand.put(Keys(name).awarded, award.points):
            hand.put(Keys(name).reason, award.reason)
    if agreeing:
        findings.add("J576", count=len(agreeing), titles="、".join(agreeing))


def _known(name: str, indicators: dict[str, Indicator], named: Named) -> None:
    if name not in indicators:
        raise UsageStop("J193", Source(named.file), name=name, near=nearest(name, indicators))


def _not_applicable(hand: Hand, indicator: Indicator, reason: str) -> None:
    done = False
    for part in indicator.rule.leaves():
        key = Keys(part.key).applies
        if key in hand.book.net.entries:
            if hand.put(key, NOT_APPLICABLE) and reason:
                hand.put(Keys(part.key).why, reason)
            done = True
    if not done:
        hand.findings.add("J574", title=indicator.key)


def _texts(hand: Hand, texts: dict[str, str]) -> None:
    """The texts for the reports, into the 文字 sheet; each by its short name or the title that the sheet shows."""
    needs = {name: need for need in hand.book.rubric.texts for name in (need.title, need.key)}
    for name, text in texts.items():
        if name not in needs:
            raise UsageStop("J195", Source(hand.file), name=name, near=nearest(name, needs))
        hand.put(needs[name].entry, text)


def _verdict(hand: Hand, key: str, body: dict[str, Any], parts: set[str]) -> None:
    if key not in parts:
        raise UsageStop("J193", Source(hand.file), name=key, near=nearest(key, parts))
    for name, column in JUDGED.items():
        entry = Keys(key).cell(column)
        if name in body and entry in hand.book.net.entries:
            value = body[name]
            hand.put(entry, value if isinstance(value, Decimal) else str(value))


RECORD_FIELDS = {
    "targets": ("目标", {"unit": "计量单位", "planned": "计划值", "done": "完成值", "direction": "方向"}),
    "projects": (
        "项目",
        {
            "budget": "年初预算",
            "adjusted": "调整后预算",
            "spent": "年度支出",
            "targets": "计划目标数",
            "targets_met": "实现目标数",
            "on_time": "按期完成",
            "fund": "资金性质",
            "kind": "项目类别",
        },
    ),
}


def put_records(hand: Hand, records: Sequence[Kept]) -> None:
    """Rows are matched by name: a known one is completed, a new one appended; what a person typed stays.

    A later facts file corrects an earlier one; two tables that differ are a finding, not a choice.
    """
    book, findings = hand.book, hand.findings
    for kind, (table_name, columns) in RECORD_FIELDS.items():
        table = book.rubric.tables.get(table_name)
        if table is None:
            continue
        taken = _taken(book, table)
        named: dict[str, list[Kept]] = {}
        for item in records:
            if item.record.kind == kind and item.name:
                named.setdefault(item.name, []).append(item)
        for name, rows in named.items():
            row = taken.get(name) or _free(book, table)
            if row is None:
                findings.add("J573", name=table.title, count=len(named), rows=table.rows)
                break
            taken[name] = row
            put.put_entry(book, table.key(row, "名称"), name)
            for field, column in columns.items():
                _put_field(hand, table.key(row, column), field, rows, f"{table.title}“{name}”{column}")


def _taken(book: ScoringBook, table: RowTable) -> dict[str, int]:
    made: dict[str, int] = {}
    for row in range(1, table.rows + 1):
        name = book.entries.get(table.key(row, "名称"))
        if name:
            made.setdefault(str(name), row)
    return made


def _free(book: ScoringBook, table: RowTable) -> int | None:
    entries = [column.name for column in table.columns if column.expr is None]
    for row in range(1, table.rows + 1):
        if all(book.entries.get(table.key(row, name)) is None for name in entries):
            return row
    return None


def _latest(rows: Sequence[Kept], field: str) -> list[Kept]:
    """The records that state a field; of several facts files only the last one."""
    stated = [item for item in rows if item.record[field] not in (None, "")]
    named = [item.record for item in stated if item.record.sources[field].found is Found.NAMED]
    return [item for item in stated if item.record not in named[:-1]]


def _put_field(hand: Hand, key: str, field: str, rows: Sequence[Kept], what: str) -> None:
    found = _latest(rows, field)
    if not found:
        return
    values = list(dict.fromkeys(item.record[field] for item in found))
    if len(values) > 1:
        sources = [item.record.sources[field] for item in found if field in item.record.sources]
        documents = dict.fromkeys(
            item.record.document or source.file for item, source in zip(found, sources, strict=False)
        )
        hand.findings.add(
            "J571",
            *sources,
            name=what,
            documents="、".join(documents),
            values="、".join(shown(value) for value in values),
        )
        return
    link = next((item.links[field] for item in found if field in item.links), None)
    hand.put(key, values[0], link, what)
