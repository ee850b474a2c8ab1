"""One cell -> an exact amount in the concept's unit, or a finding that says why not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.intake import labels
from jixiao.intake.definition import Blank, Block
from jixiao.intake.matching import Group, Part, Table
from jixiao.intake.page import text_of
from jixiao.model import MOST, Concept, Findings, Source
from jixiao.office import UNCALCULATED, Cell
from jixiao.text import (
    AMOUNT_UNITS,
    BLANK,
    NIL,
    NO_UNIT,
    TOO_LARGE,
    Measured,
    Period,
    Quantity,
    State,
    label_key,
    measured,
)

At = tuple[int, int]
LATE = "从年度中间开始（{cell}的收支科目有期初余额）"


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in the wanted unit, with its proof, its raw text, the unit read, the exact divisor and the side of a balance."""

    value: Decimal
    source: Source
    raw: str
    unit: str
    divisor: Decimal
    note: str = ""
    side: str = ""


class Measure:
    """Reads the value cells of one table; remembers which columns carry figures, and what was doubtful."""

    def __init__(
        self,
        table: Table,
        findings: Findings,
        unitless: list[tuple[str, Decimal]],
        taken: set[tuple[str, str]],
    ) -> None:
        self.table, self.findings, self.unitless, self.taken = table, findings, unitless, taken
        self._filled = {id(block): _filled(table, block) for block in table.form.blocks}
        self._once: set[tuple[str, str]] = set()
        self._noticed: dict[str, list[Source]] = {}
        self._untimely: dict[str, dict[str, Source]] = {}

    @property
    def has_figures(self) -> bool:
        """Whether any value column of the table holds a figure."""
        return any(self._filled.values())

    def fact(
        self, part: Part, group: Group, at: At, column: str, concept: Concept, label: str, blank: Blank | None
    ) -> Amount | None:
        """The amount of a concept at a cell, None when there is none (with a finding where one is due)."""
        source = self.source_at(part, at, label)
        stated = self.unit_at(part, group, at, label, money=concept.is_amount)
        found = self.read(part, group, at, column, source, (stated, concept.unit), blank, concept.name)
        if found is not None and not part.page.sheet.used:
            part.page.sheet.used = True
        return found

    def read(
        self,
        part: Part,
        group: Group,
        at: At,
        column: str,
        source: Source,
        units: tuple[str, str],
        blank: Blank | None = None,
        name: str = "",
    ) -> Amount | None:
        """A cell as a number in ``units[1]`` (empty: as it stands), the unit stated for it being ``units[0]``."""
        cell = part.page.cell(*at)
        found = cell.quantity if cell is not None else BLANK
        self.taken.add((source.sheet, source.cell))
        if found.state is State.BLANK or cell is None:
            return self._blank(part, group, at, column, source, units, blank)
        raw = text_of(cell).strip() if found.unit != "%" or isinstance(cell.value, str) else found.written
        if found.state is State.NIL:
            zero = self.table.form.dash is Blank.ZERO
            return _zero(source, units, raw, "横线按零") if zero else None
        if "、" in units[0] and found.value is not None:
            self.findings.add("J140", source, raw=raw, units=units[0])
            return None
        made = measured(found, *units)
        if found.value is not None and made.value is None:
            self._unmeasured(found.value, made, units, raw, source, name)
            return None
        if made.value is None or (
            units[1] in AMOUNT_UNITS and abs(made.value) * AMOUNT_UNITS[units[1]] >= MOST
        ):
            why = TOO_LARGE if made.value is not None else found.why or made.why
            if found.state is State.ERROR:
                self.findings.add("J115", source, value=why)
            else:
                self.findings.add("J116", source, raw=labels.tidy(raw)[:30], why=why)
            return None
        self._noted(part, cell, found, made, source)
        notes = ("单位写在单元格内" if found.unit and found.unit != units[1] else "", found.note)
        return Amount(
            made.value, source, raw, made.unit, made.divisor, "；".join(filter(None, notes)), found.side
        )

    def _unmeasured(
        self, value: Decimal, made: Measured, units: tuple[str, str], raw: str, source: Source, name: str
    ) -> None:
        """A figure that is not in the unit wanted, or has none."""
        if made.unit:
            self.findings.add("J133", source, raw=raw, unit=units[1] or units[0])
        elif units[1] in AMOUNT_UNITS and made.why == NO_UNIT:
            self.unitless.append((name, value))
        else:
            self.findings.add("J116", source, raw=labels.tidy(raw)[:30], why=made.why)

    def _noted(self, part: Part, cell: Cell, found: Quantity, made: Measured, source: Source) -> None:
        """Remember what is said once a table: figures written as text, with a unit of their own, with a remark."""
        if isinstance(cell.value, str):
            cell.meant = found.value
            if part.page.book.typed:
                self._notice("J124", source)
        if made.apart:
            self._notice("J135", source)
        if found.note:
            self._notice("J139", source)

    def _notice(self, code: str, source: Source) -> None:
        self._noticed.setdefault(code, []).append(source)

    def _blank(
        self,
        part: Part,
        group: Group,
        at: At,
        column: str,
        source: Source,
        units: tuple[str, str],
        blank: Blank | None,
    ) -> Amount | None:
        fault = part.page.faults.get(at)
        if fault == UNCALCULATED:
            self.findings.add("J123", source)
            return None
        if fault:
            self.findings.add("J115", source, value=fault)
            return None
        if (blank or self.table.form.blank) is Blank.PENDING or not self.filled(group.block, column):
            self._notice("J134", source)
            return None
        return _zero(source, units, "", "空白按零") if units[0] or units[1] not in AMOUNT_UNITS else None

    def filled(self, block: Block, column: str) -> bool:
        """Whether the column, or the one that vouches for it, holds a figure anywhere in the block."""
        filled = self._filled[id(block)]
        return column in filled or block.column(column).filled in filled

    def timely(self, part: Part, group: Group, name: str) -> list[int]:
        """The places of a column whose figures are of the whole year, or of the moment of it that the column is about."""
        column, table = group.block.column(name), self.table
        time, left = column.at or table.form.at, []
        last, late = time == "last", {}
        for place in group.columns.get(name, []):
            shown = part.shown(place)
            own = [
                period
                for text in part.header.paths.get(place - part.shift, ())
                for period in labels.periods(text)
            ]
            period = own[-1] if own else table.period
            other = [one.text for one in own if one.year and table.year and one.year != table.year - last]
            why = (
                other[0]
                if other
                else ""
                if period is None or _covers(period, time, "年初" in shown)
                else period.text
            )
            if not why and table.late and time in ("year", "start") and "年初" not in shown:
                why = LATE.format(cell=table.late)
            if last and not any(one.year for one in own) and "上年" not in shown:
                continue  # of which year it is nobody says: of this one
            if why:
                late[place] = (why, shown)
            else:
                left.append(place)
        if not left and not last:  # beside the year's own figures those of another are no matter
            for place, (why, shown) in late.items():
                source = self.source_at(part, (part.header.bottom, place), shown)
                self._untimely.setdefault(why, {})[shown] = source
        return left

    def unit_at(self, part: Part, group: Group, at: At, label: str, *, money: bool = True) -> str:
        """The unit stated for a cell: by its row, by its heading, else by the table; two joined by 、 contradict each other."""
        row, column = at
        said = [label_key(part.page.text(row, place)) for place in group.units]
        said = [text for text in said if text and text not in NIL]
        headed = [labels.unit(text) for text in part.header.paths.get(column - part.shift, ())]
        for unit in (labels.unit(label.partition(" · ")[0]), *headed):
            if unit in AMOUNT_UNITS or (unit == "%" and not money):
                said.append(unit)
        return "、".join(dict.fromkeys(said)) or (self.table.unit if money else "")

    def source_at(self, part: Part, at: At, label: str) -> Source:
        """The proof of a cell of the table."""
        form = self.table.form
        return part.page.sheet.source(*at, label, form.id, self.table.document)

    def doubled(self, part: Part, group: Group, column: str, places: list[int]) -> None:
        """Two columns fit one heading: said once a table."""
        key = (group.block.name, column)
        if key not in self._once:
            self._once.add(key)
            sources = [
                part.page.sheet.source(part.header.bottom, place, part.shown(place)) for place in places
            ]
            self.findings.add("J121", *sources, title=self.table.title, column=column)

    def finish(self) -> None:
        """Say once a table what is blank and not zero, written as text or in a unit of its own, or of another time."""
        for code, sources in self._noticed.items():
            lines = "、".join(dict.fromkeys(source.label for source in sources))
            self.findings.add(code, *sources[:1], title=self.table.title, lines=lines, count=len(sources))
        for period, columns in self._untimely.items():
            names = "、".join(columns)
            self.findings.add(
                "J136", *list(columns.values())[:1], title=self.table.title, period=period, columns=names
            )


def _covers(period: Period, time: str, opening: bool) -> bool:
    """Whether figures of a period are those of its year: its turnover, or the balance at one end of it."""
    if period.whole or time == "last":
        return True
    if time in ("end", "to date"):
        return period.end == (12, 31)
    return time == "start" and (opening or period.start == (1, 1))


def _zero(source: Source, units: tuple[str, str], raw: str, note: str) -> Amount:
    unit, target = units if units[0] or units[1] in AMOUNT_UNITS else (units[1], units[1])
    divisor = (
        AMOUNT_UNITS[target] / AMOUNT_UNITS[unit]
        if target in AMOUNT_UNITS and unit in AMOUNT_UNITS
        else Decimal(1)
    )
    return Amount(Decimal(0), source, raw, unit, divisor, note)


def _filled(table: Table, block: Block) -> set[str]:
    found: set[str] = set()
    for part, group, row in table.walk(block):
        for name, places in group.columns.items():
            if name not in found and any(
                cell is not None and cell.quantity.state is State.NUMBER
                for cell in (part.page.cell(row, p) for p in places)
            ):
                found.add(name)
    return found
