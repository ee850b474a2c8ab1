"""Judgements and rows -> entry cells: 要点核定, 评分表, 文字 and 目标完成. What a person typed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.intake import Named
from jixiao.master import put
from jixiao.master.kept import Kept, Link, Sealed, Sources, alike
from jixiao.master.plan import FACT_COLUMNS, FACTS, PROOF
from jixiao.master.scoringbook import ScoringBook, scored
from jixiao.model import NOT_APPLICABLE, Findings, Found, Source, UsageStop, Value, meant, nearest, plain
from jixiao.office import join_ref
from jixiao.rubric import Indicator, RowTable
from jixiao.scoring import Keys, Values

JUDGED = {"verdict": "判定", "points": "给分", "reason": "理由", "evidence": "佐证", "premise": "前提"}


class Hand:
    """Writes what documents and facts files say into entries, never over what a person typed.

    All of it is sealed: so a corrected document can be brought in again, and what a person changes later is known.
    ``was`` are the entries as they stood before.
    """

    def __init__(self, book: ScoringBook, findings: Findings, was: Mapping[str, Value] | None = None) -> None:
        self.book, self.findings = book, findings
        self.was = dict(book.entries) if was is None else was
        self.source = Source("", found=Found.NAMED)
        self.ours: dict[str, Sealed] = book.sealed()

    def put(
        self, key: str, value: Value, link: Link | None = None, what: str = "", source: Source | None = None
    ) -> bool:
        """Write an entry; False, with a finding that names it (``what``), where a person's own stands there."""
        place = source or self.source._replace(label=self.source.label or key.replace(".", " "))
        return self.seal(key, Sealed(value, place, link=link), what)

    def seal(self, key: str, sealed: Sealed, what: str = "") -> bool:
        """The same for a figure with all its proof. What is given is sealed also where a person's own stays."""
        free, value = self.free(key, sealed.value), sealed.value
        if not isinstance(value, Decimal):
            sealed = sealed._replace(link=None)
        self.ours[key] = sealed
        if free:
            put.put_entry(self.book, key, value, sealed.link)
        else:
            name, shown_now = what or key.replace(".", " "), shown(self.was.get(key))
            self.findings.add("J570", sealed.source, name=name, value=shown_now, found=shown(value))
        return free

    def free(self, key: str, value: Value) -> bool:
        """Whether an entry may be written: nothing stands there, the same, or just what was given before."""
        old, before, link = self.was.get(key), self.ours.get(key), self.book.links.get(key)
        if old is None or alike(old, value):
            return True
        if before is None:  # format 1 seals no facts, but says beside them how they were found
            return not self.book.seals and (link is not None or self._found(key))
        unchanged = alike(old, before.value)
        return link == before.link if link is not None and not unchanged else unchanged

    def _found(self, key: str) -> bool:
        row = self.book.plan.fact_rows.get(key)
        how = self.book.sheet(FACTS).get(join_ref(row, FACT_COLUMNS[PROOF[0]])) if row else None
        return how is not None and how.value in [found.value for found in Found if found is not Found.TYPED]

    def forget(self) -> None:
        """Drop what was given by tables that are no longer in the workbook."""
        sheets = set(self.book.book.sheet_names)
        self.ours = {k: seal for k, seal in self.ours.items() if not seal.link or seal.link.sheet in sheets}

    def withdraw(self, key: str) -> None:
        """Clear an entry that an earlier file of ours wrote and the present one does not name; a person's stays."""
        if key in self.ours and self.book.entries.get(key) == self.ours[key].value:
            put.put_entry(self.book, key, None)
            del self.ours[key]

    def remember(self) -> None:
        """Keep in the workbook what was written."""
        sources = Sources()
        rows = [sealed.data(key, sources) for key, sealed in self.ours.items()]
        put.keep_block(self.book, "sealed", rows, sources)


def shown(value: Value) -> str:
    """A value as a finding prints it."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def put_judgements(hand: Hand, named: Named) -> None:
    """Not-applicable first, then verdicts, then awarded points: these are compared with the rule's own points."""
    book, findings = hand.book, hand.findings
    hand.source = Source(named.file, found=Found.NAMED)
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
            raise UsageStop("J195", Source(hand.source.file), name=name, near=nearest(name, needs))
        hand.put(needs[name].entry, text)


def _verdict(hand: Hand, key: str, body: dict[str, Any], parts: set[str]) -> None:
    if key not in parts:
        raise UsageStop("J193", Source(hand.source.file), name=key, near=nearest(key, parts))
    for name, column in JUDGED.items():
        entry = Keys(key).cell(column)
        if name in body and entry in hand.book.net.entries:
            value = body[name]
            hand.put(entry, value if isinstance(value, Decimal) else str(value))


EVERY = "全部"


def confirm_none(book: ScoringBook, names: Sequence[str], findings: Findings) -> None:
    """Counts of what did not happen become 0, as a person confirms: those named, or every one without a number.

    UsageStop where a name is no such count; a number that stands there stays, with a finding.
    """
    events = book.rubric.events()
    counts = [name for name in book.rubric.facts if name in events]
    for name in names:
        if name not in (EVERY, *counts):
            raise UsageStop("J593", name=name, near=meant(name, counts), known="、".join(counts))
    for name in counts:
        old = book.entries.get(name)
        if old not in (None, "", 0) and name in names:
            findings.add("J570", name=name, value=shown(old), found="0")
        elif name in names or (EVERY in names and old in (None, "")):
            put.put_entry(book, name, Decimal(0))
            how = join_ref(book.plan.fact_rows[name], FACT_COLUMNS[PROOF[0]])
            book.sheet(FACTS).set(how, "确认没有发生", formula=None)


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
            "declared": "申报目标",
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
            hand.put(table.key(row, "名称"), name, source=rows[0].record.sources["name"])
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
    hand.put(key, values[0], link, what, found[0].record.sources[field])


def keep_own(book: ScoringBook) -> Findings:
    """The points as they are now become the unit's own; what stands there as 自评分 stays, and is said where it differs."""
    differing, left = list[str](), list[str]()
    for row in scored(book).indicators:
        key = Keys(row.title).own_points
        old = book.entries.get(key)
        if row.points is None:
            left.append(row.title)
        elif old in (None, ""):
            put.put_entry(book, key, Decimal(row.points))
        elif old != row.points:
            differing.append(row.title)
    findings = Findings()
    for code, titles in (("J550", differing), ("J581", left)):
        if titles:
            findings.add(code, count=len(titles), titles="、".join(titles))
    return findings
