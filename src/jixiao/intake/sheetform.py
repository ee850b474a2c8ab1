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
from jixiao.model import Findings, Record, Source
from jixiao.office import UNCALCULATED, Cell
from jixiao.text import AMOUNT_UNITS, Kind, label_key, read_quantity

TEN_THOUSAND = AMOUNT_UNITS["万元"]
_NUMBERED = re.compile(r"^指标\s*\d*\s*[:：.、]?\s*")
_DOTS = re.compile(r"[.…·。]*")
_YEAR = re.compile(r"(20\d\d) ?年度")
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
        form = _Reader(spec, page, top, *found)
        made.append(form.read())
        form.say(made[-1], findings)
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
    def __init__(self, spec: SheetForm, page: Page, top: int, head: int, columns: dict[str, int]) -> None:
        self.spec = spec
        self.page, self.top, self.head, self.columns = page, top, head, columns
        self.table, self.money, self.unread, self.end = "", False, list[int](), page.last
        found = labels.stated_units(((row, column), text) for row, column, text in page.texts(top, head))
        self.worth = AMOUNT_UNITS[next(iter(found))] if len(found) == 1 else None
        self.title = next((label_key(t) for _, _, t in page.texts(top, head) if spec.title in t), spec.id)

    @property
    def unnamed(self) -> bool:
        """Whether the form is about something whose name does not stand there."""
        return not self.table and bool(self.spec.named) and self.spec.named in self.title

    def say(self, filled: Filled, findings: Findings) -> None:
        """Findings about what stands on the form and was not taken."""
        page, title = self.page, filled.title
        place = page.sheet.source(self.head, 1, title)
        if self.worth is None and self.money_head() is not None:
            findings.add("J113", place, title=title, units="", hint="")
        elif not self.money:
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

    def read(self) -> Filled:
        """Everything on the form. A project's form without the project's name is not taken for the unit's own."""
        made = Filled(title=self.title, top=self.top)
        named = self._beside(self.spec.beside.get("name", frozenset()))
        self.table = named[0] if named else ""
        money = self._money()
        self.money = bool(money)
        indicators = list(self._indicators(self.title))
        if self.unnamed:
            return made
        if self.table and named:
            values: dict[str, Decimal | str | None] = {"name": self.table}
            values |= {name: value for name, (value, _) in money.items()}
            proofs = {"name": self._source(named[1])}
            proofs |= {name: self._source(where) for name, (_, where) in money.items()}
            made.records.append(Record("projects", values, proofs, self.spec.id, self.title, line=self.head))
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

    def _money(self) -> dict[str, tuple[Decimal, tuple[int, int]]]:
        """The total row of the money block, in 万元; nothing where its unit is not stated."""
        found = self.money_head()
        if found is None or self.worth is None:
            return {}
        row, columns = found
        for line in range(row + 1, min(row + 6, self.head)):
            label = next(
                (
                    labels.row(text_of(c))
                    for col, c in self.page.rows.get(line, [])
                    if col < min(columns.values())
                ),
                "",
            )
            figures = {name: (_number(self.page.cell(line, c)), (line, c)) for name, c in columns.items()}
            known = {
                name: (value * self.worth / TEN_THOUSAND, place)
                for name, (value, place) in figures.items()
                if value is not None
            }
            if known and (
                not label or any(label.startswith(word) for word in self.spec.totals) or line == row + 1
            ):
                return known
        return {}

    def money_head(self) -> tuple[int, dict[str, int]] | None:
        """The row of the money block's headings, and its columns."""
        for row in range(self.top, self.head):
            columns = _columns(self.page, row, self.spec.money)
            if "spent" in columns and len(columns) > 1:
                return row, columns
        return None

    def _heads(self, title: str, money: dict[str, tuple[Decimal, tuple[int, int]]]) -> list[Record]:
        values: dict[str, Decimal | str | None] = {"table": self.table}
        proofs = {"table": self._source((self.head, 1))}
        year = next((m[1] for _, _, t in self.page.texts(self.top, self.head) if (m := _YEAR.search(t))), "")
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
                values[field_] = _number(self.page.cell(row, self.columns[field_]))
                places[field_] = (row, self.columns[field_])
        if texts.get("reason"):
            values["reason"], places["reason"] = texts["reason"], (row, self.columns["reason"])
        proofs = {key: self._source(place) for key, place in places.items()}
        return Record("goals", values, proofs, self.spec.id, title, line=row)

    def _shown(self, row: int, column: int) -> str:
        """A target or result as written; a fraction that is no text stays a plain number."""
        cell = self.page.cell(row, column)
        if cell is None or cell.value is None:
            return ""
        if isinstance(cell.value, Decimal):
            return format(cell.value.normalize(), "f")
        return text_of(cell).strip()


def _group(text: str) -> str:
    """``产出指标(50分)`` -> ``产出指标``."""
    return re.sub(r"\(.*?\)", "", label_key(text))


def _number(cell: Cell | None) -> Decimal | None:
    if cell is None:
        return None
    return read_quantity(cell.value).value
