"""Score an officer's own sheet: fill 得分 and 评分说明 of the indicators that the tables decide, leave the rest alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jixiao.app.desk.foreign.net import Net, net_of
from jixiao.app.desk.foreign.recognise import Recognised, recognise
from jixiao.app.desk.foreign.tables import read_tables
from jixiao.app.desk.foreign.tie import Tied, disagreements, tie
from jixiao.app.desk.live import LiveBook, same_value
from jixiao.app.desk.runs import Content, Write, content_of, write_all
from jixiao.app.desk.undo import Memory, changes_of
from jixiao.model import NOT_APPLICABLE, Findings, Source, plain
from jixiao.office.ooxml import Cell
from jixiao.rubric import Indicator
from jixiao.scoring.scorecard import Scored
from jixiao.text import numbers

_GOT = re.compile(r"，得(-?\d+(?:\.\d+)?)分")


@dataclass(slots=True)
class Filled:
    """What was done to an officer's sheet. ``same`` are indicators whose points stood there already."""

    rubric: str
    findings: Findings
    filled: int = 0
    same: int = 0
    kept: int = 0
    written: int = 0


@dataclass(slots=True)
class _Pen:
    """Collects what is to be written, and says what is left as it is."""

    live: LiveBook
    found: Recognised
    findings: Findings
    ours: Mapping[str, Content]
    overwrite: bool
    writes: list[Write] = field(default_factory=list)

    def cell(self, row: int, column: int) -> Cell | None:
        return self.found.sheet.block.cells.get((row, column))

    def mine(self, row: int, column: int) -> bool:
        """Whether the cell holds what we wrote there."""
        write = Write((row, column), None)
        return write.ref in self.ours and same_value(content_of(self.cell(row, column)), self.ours[write.ref])


def score_foreign(
    live: LiveBook,
    sheet: str,
    memory: Memory,
    definitions: tuple[Path, ...] = (),
    words: Mapping[str, str] | None = None,
) -> Filled:
    """Recognise, tie to a rubric, take the facts from the other sheets, score and fill; all or nothing is written."""
    wishes = words or {}
    found = recognise(live.whole(sheet), live.name)
    tied = tie(found, definitions, wishes.get("rubric", ""))
    findings = Findings()
    refused = disagreements(found, tied, live.name, findings)
    others = [name for name in live.sheet_names if name != sheet]
    reading = read_tables(live, others, definitions)
    net = net_of(tied.rubric, reading, live.name, _excused(found, tied))
    findings.extend(_placed(reading.findings, net, live))
    pen = _Pen(live, found, findings, memory.ours(live.name, sheet), wishes.get("overwrite") == "yes")
    done = Filled(tied.rubric.name, findings)
    _fill(tied, net, pen, refused, done)
    if tied.strangers:
        names = "、".join(tied.strangers)
        findings.add(
            "J835", Source(live.name, sheet), count=len(tied.strangers), rubric=done.rubric, names=names
        )
    changes = changes_of(found.sheet, pen.writes)
    write_all(found.sheet, pen.writes)
    memory.keep(live.name, {sheet: changes})
    done.written = len(pen.writes)
    return done


def _placed(read: Findings, net: Net, live: LiveBook) -> Findings:
    """What was noticed in the tables; places in the workbook behind the net mean nothing to the officer."""
    made = Findings(list(read))
    for finding in net.findings:
        shown = all(source.sheet in live.handles or not source.sheet for source in finding.sources)
        if shown:
            made.items.append(finding)
    return made


def _excused(found: Recognised, tied: Tied) -> list[str]:
    """Indicators whose 得分 or 评分说明 in the table says 不适用."""
    made = []
    for key, row in tied.rows.items():
        head, number = found.columns_of(row), found.row_of(row)
        cells = [found.sheet.block.cells.get((number, c)) for c in (head.got, head.said) if c]
        texts = [cell.value for cell in cells if cell is not None and isinstance(cell.value, str)]
        if any(text.strip().startswith(NOT_APPLICABLE) for text in texts):
            made.append(key)
    return made


def _fill(tied: Tied, net: Net, pen: _Pen, refused: set[str], done: Filled) -> None:
    lacking: dict[str, list[str]] = {}
    for indicator, scored in zip(tied.rubric.indicators(), net.card.indicators, strict=True):
        if indicator.key not in tied.rows or indicator.key in refused or _judged(indicator, net):
            continue
        missing = net.lacking(indicator)
        if missing:
            lacking[indicator.key] = missing
        elif scored.rule_points is not None and scored.status == "scored":
            _row(pen, tied, scored, scored.rule_points, done)
    if lacking:
        place = Source(pen.live.name, pen.found.sheet.name)
        facts = dict.fromkeys(name for names in lacking.values() for name in names)
        pen.findings.add("J841", place, count=len(lacking), names="、".join(lacking), facts="、".join(facts))


def _judged(indicator: Indicator, net: Net) -> bool:
    """Whether a person decides a part of the indicator: then it is not ours to fill."""
    asked = {ask.field for part in indicator.rule.leaves() for ask in part.asks}
    return net.book.system.has_row(indicator) and bool(asked - {"适用"})


def _row(pen: _Pen, tied: Tied, scored: Scored, points: Decimal, done: Filled) -> None:
    row = tied.rows[scored.title]
    head, number = pen.found.columns_of(row), pen.found.row_of(row)
    cell = pen.cell(number, head.got)
    if _already(cell, points):
        done.same += 1
    elif _may_write(pen, (number, head.got), cell, scored, points, head.said):
        pen.writes.append(Write((number, head.got), points))
        done.filled += 1
    else:
        done.kept += 1
        return
    said = pen.cell(number, head.said) if head.said else None
    blank = said is None or said.value in (None, "")
    unlike = said is None or not same_value(said.value, scored.explanation)
    if head.said and unlike and (blank or pen.mine(number, head.said) or _told(said, cell)):
        pen.writes.append(Write((number, head.said), scored.explanation))


def _already(cell: Cell | None, points: Decimal) -> bool:
    return cell is not None and _number(cell) == points


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell.value, str):
        return numbers.parse_text(cell.value).value
    return cell.number


def _may_write(
    pen: _Pen, spot: tuple[int, int], cell: Cell | None, scored: Scored, points: Decimal, said: int
) -> bool:
    """Blank cells and points of ours are written; what a person typed stays, unless overwriting was asked for."""
    if cell is None or (cell.formula is None and cell.value in (None, "")):
        return True
    place = Source(pen.live.name, pen.found.sheet.name, cell.ref, scored.title)
    old = plain(cell.value) if isinstance(cell.value, Decimal) else f"“{cell.value}”"
    reason = pen.cell(spot[0], said) if said else None
    if cell.formula is None and (pen.overwrite or pen.mine(*spot) or _told(reason, cell)):
        pen.findings.add("J839", place, title=scored.title, old=old, new=plain(points))
        return True
    pen.findings.add("J838", place, title=scored.title, old=old, new=plain(points))
    return False


def _told(reason: Cell | None, cell: Cell | None) -> bool:
    """Whether the reason beside the points is one of ours for exactly these points: they were filled in before."""
    if reason is None or cell is None or reason.formula is not None or not isinstance(reason.value, str):
        return False
    parts = [Decimal(found) for found in _GOT.findall(reason.value)]
    return bool(parts) and reason.value.strip().endswith("分") and cell.value == sum(parts)
