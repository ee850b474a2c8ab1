"""One cell -> an exact amount in the concept's unit, or a finding that says why not."""

from __future__ import annotations

from collections.abc import Iterator
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
    TOO_LARGE,
    Quantity,
    State,
    convert,
    label_key,
    read_quantity,
)

At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in the wanted unit, with its proof, its raw text, the unit read and the exact divisor."""

    value: Decimal
    source: Source
    raw: str
    unit: str
    divisor: Decimal
    note: str = ""


class Measure:
    """Reads the value cells of one table; remembers which columns carry figures, and what was doubtful."""

    def __init__(self, table: Table, findings: Findings, unitless: list[tuple[str, Decimal]]) -> None:
        self.table, self.findings, self.unitless = table, findings, unitless
        self._filled = {id(block): _filled(table, block) for block in table.form.blocks}
        self._doubled: set[tuple[str, str]] = set()
        self._texts: list[Source] = []
        self._pending: list[Source] = []

    @property
    def has_figures(self) -> bool:
        """Whether any value column of the table holds a figure."""
        return any(self._filled.values())

    def fact(
        self, part: Part, group: Group, at: At, column: str, concept: Concept, label: str, blank: Blank | None
    ) -> Amount | None:
        """The amount of a concept at a cell, None when there is none (with a finding where one is due)."""
        source = self._source(part, at, label)
        unit = self._unit(part, group, at, label) if concept.is_amount else concept.unit
        target = concept.unit if concept.is_amount else ""
        found = self.read(part, group, at, column, source, (unit, target), blank, concept.name)
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
        """A cell as a number in ``units[1]`` (empty: as it stands), the sheet's unit being ``units[0]``."""
        cell = part.page.cell(*at)
        parsed = read_quantity(cell.value) if cell else BLANK
        if cell is not None and cell.kind == "date":
            parsed = Quantity(State.DOUBTFUL, why="是日期")
        elif parsed.period:
            parsed = Quantity(State.DOUBTFUL, why=f"是每{parsed.period}的数")
        if parsed.state is State.NUMBER and parsed.value is not None and cell is not None:
            self._coerced(part, cell, parsed.value, source)
            return self._scaled(parsed, cell, source, units, name)
        if parsed.state is State.BLANK:
            return self._blank(part, group, at, column, source, units, blank)
        if parsed.state is State.NIL:
            zero = self.table.form.dash is Blank.ZERO
            return _zero(source, units, text_of(cell) if cell else "", "横线按零") if zero else None
        self._doubt(parsed, cell, source)
        return None

    def _scaled(
        self, parsed: Quantity, cell: Cell, source: Source, units: tuple[str, str], name: str
    ) -> Amount | None:
        value, raw = parsed.value or Decimal(0), text_of(cell).strip()
        unit, target = units
        if not target:
            if unit and (parsed.unit in AMOUNT_UNITS or parsed.unit == "%"):
                self.findings.add("J133", source, raw=raw, unit=unit or "数量")
                return None
            return Amount(value, source, raw, unit, Decimal(1))
        if (parsed.unit and parsed.unit not in AMOUNT_UNITS) or (unit and unit not in AMOUNT_UNITS):
            self.findings.add("J133", source, raw=raw, unit=target)
            return None
        unit = parsed.unit or unit
        if not unit:
            self.unitless.append((name, value))
            return None
        if abs(value) * AMOUNT_UNITS[unit] >= MOST:
            self._doubt(Quantity(State.DOUBTFUL, why=TOO_LARGE), cell, source)
            return None
        scaled, divisor = convert(value, unit, target)
        return Amount(scaled, source, raw, unit, divisor, "单位写在单元格内" if parsed.unit else "")

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
            self._pending.append(source)
            return None
        return _zero(source, units, "", "空白按零") if units[0] or not units[1] else None

    def filled(self, block: Block, column: str) -> bool:
        """Whether the column, or the one that vouches for it, holds a figure anywhere in the block."""
        filled = self._filled[id(block)]
        return column in filled or block.column(column).filled in filled

    def _unit(self, part: Part, group: Group, at: At, label: str) -> str:
        """The unit of a cell: its row's own, its heading's, else the table's."""
        row, column = at
        for place in group.units:
            text = label_key(part.page.text(row, place))
            if text and text not in NIL:
                return text
        own = labels.unit(label.partition(" · ")[0])
        if own in AMOUNT_UNITS:
            return own
        for text in part.header.paths.get(column - part.shift, ()):
            stated = labels.unit(text)
            if stated in AMOUNT_UNITS:
                return stated
        return self.table.unit

    unit_at = _unit

    def _source(self, part: Part, at: At, label: str) -> Source:
        form = self.table.form
        return part.page.sheet.source(*at, label, form.id, self.table.document)

    source_at = _source

    def _doubt(self, parsed: Quantity, cell: Cell | None, source: Source) -> None:
        raw = labels.tidy(text_of(cell))[:30] if cell else ""
        if parsed.state is State.ERROR:
            self.findings.add("J115", source, value=parsed.why)
        else:
            self.findings.add("J116", source, raw=raw, why=parsed.why or "不是数字")

    def _coerced(self, part: Part, cell: Cell, value: Decimal, source: Source) -> None:
        if isinstance(cell.value, str):
            cell.meant = value
            if part.page.book.typed:
                self._texts.append(source)

    def doubled(self, part: Part, group: Group, column: str) -> None:
        """Two columns fit one heading: said once a table."""
        key = (group.block.name, column)
        if key not in self._doubled:
            self._doubled.add(key)
            places = group.columns[column]
            sources = [
                part.page.sheet.source(part.header.bottom, place, part.shown(place)) for place in places
            ]
            self.findings.add("J121", *sources, title=self.table.title, column=column)

    def finish(self) -> None:
        """Say once a table what is blank and not zero, and how many numbers were written as text."""
        if self._pending:
            names = "、".join(dict.fromkeys(source.label for source in self._pending))
            self.findings.add("J134", self._pending[0], title=self.table.title, lines=names)
        if self._texts:
            self.findings.add("J124", self._texts[0], count=len(self._texts), title=self.table.title)


def _zero(source: Source, units: tuple[str, str], raw: str, note: str) -> Amount:
    unit, target = units
    divisor = AMOUNT_UNITS[target] / AMOUNT_UNITS[unit] if target and unit in AMOUNT_UNITS else Decimal(1)
    return Amount(Decimal(0), source, raw, unit, divisor, note)


def _cells(table: Table, block: Block) -> Iterator[tuple[str, Cell]]:
    for part, group, row in table.walk(block):
        for name, places in group.columns.items():
            for place in places:
                cell = part.page.cell(row, place)
                if cell is not None:
                    yield name, cell


def _filled(table: Table, block: Block) -> set[str]:
    found: set[str] = set()
    for name, cell in _cells(table, block):
        if name not in found and read_quantity(cell.value).state is State.NUMBER:
            found.add(name)
    return found
