"""Projects and yearly targets -> the rows of 目标完成, linked to the imported table where it is in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.master.book import put
from jixiao.master.book.link import Link
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.master.filling.judge import Hand
from jixiao.model import Found, Record, Value, plain
from jixiao.rubric import RowTable

FIELDS = {
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


def put_records(hand: Hand, records: Sequence[tuple[Record, dict[str, Link]]]) -> None:
    """Rows are matched by name: a known one is completed, a new one appended; what a person typed stays.

    A later facts file corrects an earlier one; two tables that differ are a finding, not a choice.
    """
    book, findings = hand.book, hand.findings
    for kind, (table_name, columns) in FIELDS.items():
        table = book.rubric.tables.get(table_name)
        if table is None:
            continue
        taken = _taken(book, table)
        names = list(dict.fromkeys(_name(r) for r, _ in records if r.kind == kind and _name(r)))
        for name in names:
            row = taken.get(name) or _free(book, table)
            if row is None:
                findings.add("J573", name=table.title, count=len(names), rows=table.rows)
                break
            taken[name] = row
            put.put_entry(book, table.key(row, "名称"), name)
            rows = [
                (record, links) for record, links in records if record.kind == kind and _name(record) == name
            ]
            for field, column in columns.items():
                _put_field(hand, table.key(row, column), field, rows, f"{table.title}“{name}”{column}")


def _name(record: Record) -> str:
    return str(record["name"] or "").strip()


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


def _latest(
    rows: Sequence[tuple[Record, dict[str, Link]]], field: str
) -> list[tuple[Record, dict[str, Link]]]:
    """The records that state a field; of several facts files only the last one."""
    stated = [(record, links) for record, links in rows if record[field] not in (None, "")]
    named = [record for record, _ in stated if record.sources[field].found is Found.NAMED]
    return [(record, links) for record, links in stated if record not in named[:-1]]


def _put_field(
    hand: Hand, key: str, field: str, rows: Sequence[tuple[Record, dict[str, Link]]], what: str
) -> None:
    book, findings = hand.book, hand.findings
    found = [(record, record[field], links.get(field)) for record, links in _latest(rows, field)]
    if not found:
        return
    values = list(dict.fromkeys(value for _, value, _ in found))
    if len(values) > 1:
        sources = [record.sources[field] for record, _, _ in found if field in record.sources]
        documents = "、".join(
            dict.fromkeys(
                record.document or s.file for (record, _, _), s in zip(found, sources, strict=False)
            )
        )
        findings.add(
            "J571", *sources, name=what, documents=documents, values="、".join(_shown(v) for v in values)
        )
        return
    value, link = values[0], next((link for _, _, link in found if link is not None), None)
    old = book.entries.get(key)
    typed = old is not None and key not in book.links and old != hand.ours.get(key)
    if typed and old != value:
        findings.add("J570", name=what, value=_shown(old), found=_shown(value))
        return
    if link is not None and isinstance(value, Decimal):
        put.put_link(book, key, link, value)
    else:
        put.put_entry(book, key, value)
        hand.ours[key] = value


def _shown(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
