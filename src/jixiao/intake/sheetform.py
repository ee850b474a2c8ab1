"""A filled form that takes a sheet of its own, such as 绩效自评表 -> records: the project with its money, its goal, every row.

Found by its headings, wherever they stand and in whatever order; what they are called is said by the form (layout ``sheet``).
Nothing is taken from a fixed address; a sheet without these headings is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.intake import labels
from jixiao.intake.definition import Keys, SheetForm
from jixiao.intake.page import Page, text_of
from jixiao.model import MOST, Findings, Record, Source, plain
from jixiao.office import UNCALCULATED, Cell, column_letter
from jixiao.text import (
    AMOUNT_UNITS,
    NO_UNIT,
    TOO_LARGE,
    Kind,
    Measured,
    State,
    label_key,
    measured,
    read_quantity,
)

WAN = "万元"
Figures = dict[str, tuple[Decimal, tuple[int, int]]]
"""Amounts in 万元 by field, each with its place."""
Fund = tuple[str, tuple[int, int], Figures]
"""A row below the total: its name, where that stands, its amounts."""
MAX_FUNDS = 10
_NUMBERED = re.compile(r"^指标\s*\d*\s*[:：.、]?\s*")
_DOTS = re.compile(r"[.…·。]*")
_SIGN = re.compile(r"^[≥≤＞＜>=<＝]")


@dataclass(slots=True)
class Filled:
    """One form: its records, and the row it begins on."""

    title: str
    records: list[Record] = field(default_factory=list)
    top: int = 1


def read_forms(spec: SheetForm, page: Page, findings: Findings) -> list[Filled]:
    """The forms on a page from top to bottom; none where their headings are not there.

    Cells that could not be read, and money whose row or unit was not found, are findings.
    """
    made: list[Filled] = []
    top = page.first
    while (found := _headings(spec, page, top)) is not None:
        form = _Reader(spec, page, top, *found, findings)
        made.append(form.read())
        form.say(made[-1])
        top = max(form.end, form.head) + 1
    return made


def _headings(spec: SheetForm, page: Page, top: int) -> tuple[int, dict[str, int]] | None:
    for row in sorted(row for row in page.rows if row >= top):
        columns = _columns(page, row, spec.rows)
        if all(name in columns for name in spec.needed):
            return row, columns
    return None


def _columns(page: Page, row: int, words: dict[str, Keys]) -> dict[str, int]:
    """The first column under each heading of a row, by field."""
    columns: dict[str, int] = {}
    for column, cell in page.rows.get(row, ()):
        key = labels.heading(text_of(cell))
        for name, known in words.items():
            if key in known:
                columns.setdefault(name, column)
    return columns


class _Reader:
    def __init__(
        self, spec: SheetForm, page: Page, top: int, head: int, columns: dict[str, int], findings: Findings
    ) -> None:
        self.spec, self.findings = spec, findings
        self.page, self.top, self.head, self.columns = page, top, head, columns
        self.table, self.unread, self.end = "", list[int](), page.last
        self.units = list(
            labels.stated_units(((row, column), text) for row, column, text in page.texts(top, head))
        )
        self.unitless = self.said = False
        self.title = next((label_key(t) for _, _, t in page.texts(top, head) if spec.title in t), spec.id)

    @property
    def unnamed(self) -> bool:
        """Whether the form is about something whose name does not stand there."""
        return not self.table and bool(self.spec.named) and self.spec.named in self.title

    def say(self, filled: Filled) -> None:
        """Findings about what stands on the form and was not taken."""
        page, title, findings = self.page, filled.title, self.findings
        place = page.sheet.source(self.head, 1, title)
        if self.unitless:
            code = "J114" if self.units else "J113"
            findings.add(code, place, title=title, units="、".join(self.units), hint="")
        elif not self.said:
            findings.add("J141", place, title=title)
        if self.unnamed:
            findings.add("J142", place, title=title)
        for row in self.unread:
            findings.add("J143", page.sheet.source(row, self.columns["name"], title), row=row)
        for (row, column), fault in sorted(page.faults.items()):
            if self.top <= row <= self.end and (row <= self.head or column in self.columns.values()):
                where = page.sheet.source(row, column, title)
                if fault == UNCALCULATED:
                    findings.add("J123", where)
                else:
                    findings.add("J115", where, value=fault)
        rows = [
            f"第{row}行"
            for row in sorted(page.sheet.hidden_rows)
            if self.top <= row <= self.end and row in page.rows
        ]
        columns = sorted(
            page.sheet.hidden_columns & {column for row in page.rows.values() for column, _ in row}
        )
        if rows or columns:
            places = "、".join([*rows, *(f"{column_letter(column)}列" for column in columns)])
            findings.add("J130", page.sheet.source(self.head, 1, title), title=title, places=places)

    def read(self) -> Filled:
        """Everything on the form. A project's form without the project's name is not taken for the unit's own."""
        made = Filled(title=self.title, top=self.top)
        named = self._beside(self.spec.beside.get("name", frozenset()))
        self.table = named[0] if named else ""
        money, funds = self._money()
        indicators = list(self._indicators(self.title))
        if self.unnamed:
            return made
        if self.table and named:
            values: dict[str, Decimal | str | None] = {"name": self.table}
            values |= {name: value for name, (value, _) in money.items()}
            proofs = {"name": self._source(named[1])}
            proofs |= {name: self._source(where) for name, (_, where) in money.items()}
            made.records.append(Record("projects", values, proofs, self.spec.id, self.title, line=self.head))
        for name, place, figures in funds:
            values = {"table": self.table, "name": name} | {
                field: value for field, (value, _) in figures.items()
            }
            proofs = {field: self._source(where) for field, (_, where) in figures.items()}
            proofs |= {"name": self._source(place)}
            made.records.append(
                Record("goal_funds", values, proofs, self.spec.id, self.title, line=self.head)
            )
        made.records += self._heads(self.title, {} if self.table else money)
        made.records += indicators
        return made

    def _source(self, place: tuple[int, int]) -> Source:
        return self.page.sheet.source(*place, form=self.spec.id, document=self.spec.id)

    def _beside(self, words: Keys) -> tuple[str, tuple[int, int]] | None:
        """The text to the right of a label above the list."""
        for row in range(self.top, self.head):
            cells = self.page.rows.get(row, [])
            for index, (column, cell) in enumerate(cells):
                key = labels.row(text_of(cell))
                for word in words:
                    if key.startswith(f"{word}:") and len(key) > len(word) + 1:
                        return labels.tidy(text_of(cell)).replace("：", ":").partition(":")[2], (row, column)
                if key.rstrip(":") in words and index + 1 < len(cells):
                    right, beside = cells[index + 1]
                    text = labels.tidy(text_of(beside))
                    return (text, (row, right)) if text else None
        return None

    def _money(self) -> tuple[Figures, list[Fund]]:
        """The total row of the money block in 万元, and the rows below it by the names of their funds."""
        found = self.money_head()
        if found is None:
            return {}, []
        row, columns = found
        total: Figures | None = None
        parts: list[Fund] = []
        inner = False
        for line in range(row + 1, min(row + MAX_FUNDS, self.head)):
            before = [
                (column, text_of(cell))
                for column, cell in self.page.rows.get(line, [])
                if column < min(columns.values())
            ]
            place, said = before[-1] if before else (1, "")
            states = {
                cell.quantity.state for c in columns.values() if (cell := self.page.cell(line, c)) is not None
            }
            if State.TEXT in states and State.NUMBER not in states:
                break  # what follows the money
            figures = self._figures(row, line, columns, "".join(text for _, text in before))
            label = labels.row(said)
            if total is None and (
                not label or label.startswith(self.spec.totals) or (figures and line == row + 1)
            ):
                total = figures
            elif figures or label in self.spec.funds:
                inner = bool(parts) and (inner or label_key(said).startswith("其中"))
                if not inner:
                    parts.append((self.spec.funds.get(label, label), (line, place), figures))
        self.said = bool(total) or self.unitless
        self._add_up(row, columns, total or {}, parts)
        return total or {}, [fund for fund in parts if fund[0] and fund[2]]

    def _figures(self, head: int, line: int, columns: dict[str, int], label: str) -> Figures:
        """One row of the money block; the unit of a figure is its own, its heading's, its row's or the form's."""
        made: Figures = {}
        for name, column in columns.items():
            cell = self.page.cell(line, column)
            said = (labels.unit(self.page.text(head, column)), labels.unit(label))
            stated = next(
                (unit for unit in said if unit in AMOUNT_UNITS), self.units[0] if len(self.units) == 1 else ""
            )
            value = self._read(cell, (line, column), stated, WAN)
            if value is not None:
                made[name] = (value, (line, column))
        return made

    def _read(self, cell: Cell | None, place: tuple[int, int], stated: str, wanted: str) -> Decimal | None:
        """A figure of the form in a unit; None, with a finding where it stands there and cannot be read."""
        found = cell.quantity if cell is not None else None
        if cell is None or found is None or found.state in (State.BLANK, State.NIL):
            return None
        made, raw = measured(found, stated, wanted), labels.tidy(text_of(cell))[:30]
        source = self.page.sheet.source(*place, self.title)
        if made.value is not None and abs(made.value) * AMOUNT_UNITS.get(wanted, Decimal(1)) >= MOST:
            made = Measured(None, why=TOO_LARGE)
        if made.why == NO_UNIT:
            if not found.value:  # nothing is nothing in any unit
                return Decimal(0)
            self.unitless = True
        elif made.value is None:
            self.findings.add("J133" if made.unit else "J116", source, raw=raw, unit=wanted, why=made.why)
        elif made.apart:
            self.findings.add("J135", source, title=self.title, count=1, lines=f"{raw}（{stated}）")
        return made.value

    def _add_up(self, row: int, columns: dict[str, int], total: Figures, parts: list[Fund]) -> None:
        """The funds are the total: more than it, or all of them listed and less, is said."""
        wrong: list[str] = []
        for name, column in columns.items():
            figures = [part[name][0] for _, _, part in parts if name in part]
            whole, given = sum(figures, Decimal(0)), total[name][0] if name in total else None
            listed = len(figures) > 1
            if figures and (given is None or whole > given or (listed and whole < given)):
                shown = "空白" if given is None else f"{plain(given)}万元"
                wrong.append(f"{self.page.text(row, column)}总额{shown}，各项资金之和{plain(whole)}万元")
        if wrong:
            self.said = True
            self.findings.add(
                "J144",
                self.page.sheet.source(row + 1, min(columns.values()), self.title),
                title=self.title,
                wrong="；".join(wrong),
            )

    def money_head(self) -> tuple[int, dict[str, int]] | None:
        """The row of the money block's headings, and its columns."""
        for row in range(self.top, self.head):
            columns = _columns(self.page, row, self.spec.money)
            if "spent" in columns and len(columns) > 1:
                return row, columns
        return None

    def _heads(self, title: str, money: Figures) -> list[Record]:
        values: dict[str, Decimal | str | None] = {"table": self.table}
        proofs = {"table": self._source((self.head, 1))}
        said = (
            period for _, _, text in self.page.texts(self.top, self.head) for period in labels.periods(text)
        )
        year = next((str(period.year) for period in said if period.whole), "")
        if year:
            values["year"], proofs["year"] = year, proofs["table"]
        for name, (value, where) in money.items():
            values[name], proofs[name] = value, self._source(where)
        for name, words in self.spec.beside.items():
            found = self._beside(words) if name != "name" else None
            if found:
                values[name], proofs[name] = found[0], self._source(found[1])
        for name, words in self.spec.below.items():
            below = self._below(words)
            if below:
                values[name], proofs[name] = below[0], self._source(below[1])
        return [Record("goal_heads", values, proofs, self.spec.id, title)] if len(values) > 1 else []

    def _below(self, words: Keys) -> tuple[str, tuple[int, int]] | None:
        for row in range(self.top, self.head):
            for column, cell in self.page.rows.get(row, []):
                if labels.row(text_of(cell)) in words:
                    text = self.page.text(row + 1, column).strip()
                    return (text, (row + 1, column)) if text else None
        return None

    def _indicators(self, title: str) -> Iterator[Record]:
        first = second = ""
        for row in range(self.head + 1, self.page.last + 1):
            texts = {name: self.page.text(row, column).strip() for name, column in self.columns.items()}
            if self._ends(row):
                return
            first = _group(texts.get("first", "")) or first
            if texts.get("first") and not texts.get("second"):
                second = ""
            second = _group(texts.get("second", "")) or second
            name = _NUMBERED.sub("", labels.tidy(texts["name"]))
            if not name or _DOTS.fullmatch(name):
                if any(texts[field_] for field_ in ("target", "done")):
                    self.unread.append(row)
                continue
            yield self._indicator(row, name, second or first, texts, title)

    def _ends(self, row: int) -> bool:
        """Whether the list ends above this row: at its total, or where another form begins."""
        cells = self.page.rows.get(row, [])
        keys = [labels.row(text_of(cell)) for _, cell in cells]
        total = any(key.startswith(self.spec.ends) for key in keys[:1])
        names = tuple(self.spec.beside.get("name", ()))
        another = any(key.endswith(self.spec.title) or key.startswith(names) for key in keys)
        if total or another:
            self.end = row if total else row - 1
        return total or another

    def _indicator(self, row: int, name: str, group: str, texts: dict[str, str], title: str) -> Record:
        values: dict[str, Decimal | str | None] = {"table": self.table, "group": group, "name": name}
        places = dict.fromkeys(values, (row, self.columns["name"]))
        for field_ in ("target", "done"):
            text = self._shown(row, self.columns[field_])
            unit, sign = texts.get("unit", ""), texts.get("sign", "")
            if text and unit and not text.endswith(unit) and read_quantity(text).kind is Kind.BARE:
                text += unit
            if text and field_ == "target" and _SIGN.match(sign) and not _SIGN.match(text):
                text = sign[0] + text
            values[field_], places[field_] = text or None, (row, self.columns[field_])
        for field_ in ("points", "scored"):
            if field_ in self.columns:
                places[field_] = (row, self.columns[field_])
                values[field_] = self._read(self.page.cell(*places[field_]), places[field_], "", "分")
        if texts.get("reason"):
            values["reason"], places["reason"] = texts["reason"], (row, self.columns["reason"])
        proofs = {key: self._source(place) for key, place in places.items()}
        return Record("goals", values, proofs, self.spec.id, title, line=row)

    def _shown(self, row: int, column: int) -> str:
        """A target or result as its cell shows it: 95%, a day; without a remark behind it."""
        cell = self.page.cell(row, column)
        found = cell.quantity if cell is not None else None
        if cell is None or found is None:
            return ""
        if isinstance(cell.value, Decimal):
            return found.written
        text = text_of(cell).strip()
        return text[: -len(found.note) - 2].strip() if found.note and text.endswith((")", "）")) else text


def _group(text: str) -> str:
    """``产出指标(50分)`` -> ``产出指标``."""
    return re.sub(r"\(.*?\)", "", label_key(text))
