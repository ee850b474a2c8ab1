"""What was read, by table: facts and rows of a form, in which files, and the unit it was printed in.

A field of a row is a fact too, with its own proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.checks.identity import FIELD_WORDS, KINDS, LAST, TYPED, Test, Where
from jixiao.checks.same import choose
from jixiao.model import Fact, FactSet, Found, Record, Source
from jixiao.text import AMOUNT_UNITS

CREDIT = "贷"
SIDED = {"balance": "closing", "start": "opening"}
"""Balances of an account by the field that holds them without their side; ours are positive on the debit side."""


class Tables:
    """Facts and rows, found by form, file and name. Only numbers take part."""

    def __init__(
        self,
        facts: FactSet,
        records: Sequence[Record],
        preferred: Mapping[str, Sequence[str]],
        authority: Sequence[str],
    ) -> None:
        self._facts: dict[tuple[str, str], list[Fact]] = {}
        self._by_name: dict[str, list[Fact]] = {}
        self._rows: dict[tuple[str, str], list[Record]] = {}
        self._files: dict[str, dict[str, None]] = {}
        self._units: dict[tuple[str, str], Counter[str]] = {}
        self._indexed: dict[tuple[str, str, str], RowTable] = {}
        self._preferred, self._authority = preferred, authority
        for fact in facts:
            if isinstance(fact.value, Decimal):
                self._keep(fact)
        for record in records:
            form, file = record.form or TYPED, _file(record)
            self._rows.setdefault((form, record.kind), []).append(record)
            if file or form not in self._files:
                self._files.setdefault(form, {})[file] = None

    def _keep(self, fact: Fact) -> None:
        form, file = fact.source.form, fact.source.file
        if form.startswith(LAST):
            self._facts.setdefault((f"{LAST}*", fact.name), []).append(fact)
            self._files.setdefault(f"{LAST}*", {})[""] = None
        else:
            self._by_name.setdefault(fact.name, []).append(fact)
        if form and form != f"{LAST}*":
            self._facts.setdefault((form, fact.name), []).append(fact)
        if form and form != f"{LAST}*" and not _by_hand(fact.source):
            self._files.setdefault(form, {})[file] = None
            if fact.unit in AMOUNT_UNITS:
                self._units.setdefault((form, file), Counter())[fact.unit] += 1

    def present(self, forms: Sequence[str]) -> str:
        """The first of these forms that was read, an empty string when none was."""
        return next((form for form in forms if form in self._files), "")

    def files(self, form: str) -> list[str]:
        """The files that hold a table of the form."""
        return list(self._files.get(form, ()))

    def facts(self, form: str, name: str, file: str) -> list[Fact]:
        """Candidates of a concept in the form's table of one file; of last year's documents, the one that counts."""
        found = self._facts.get((form, name), [])
        if form == f"{LAST}*":
            return self._chosen(name, found)
        return [fact for fact in found if fact.source.file == file or _by_hand(fact.source)]

    def anywhere(self, name: str) -> list[Fact]:
        """The preferred candidate of a concept in any document, as a list of at most one."""
        return self._chosen(name, self._by_name.get(name, []))

    def _chosen(self, name: str, found: Sequence[Fact]) -> list[Fact]:
        return [choose(found, self._preferred.get(name, ()), self._authority)] if found else []

    def has(self, name: str, forms: Sequence[str]) -> bool:
        """Whether a concept was located, in one of these forms where any are named."""
        return any(not forms or fact.source.form in forms for fact in self._by_name.get(name, []))

    def rows(self, form: str, kind: str, file: str) -> RowTable:
        """The rows of a table, in order."""
        key = (form, kind, file)
        if key not in self._indexed:
            self._indexed[key] = RowTable(
                [row for row in self._rows.get(key[:2], []) if _file(row) in (file, "")]
            )
        return self._indexed[key]

    def printed(self, form: str, kind: str, file: str) -> str:
        """The unit that the table's amounts were printed in: as its facts say, else 万元 (books: 元)."""
        units = self._units.get((form, file))
        return units.most_common(1)[0][0] if units else KINDS.get(kind, "")


def _by_hand(source: Source) -> bool:
    """Whether it was typed into a workbook: it stands for a figure of the form that it names, in whatever file."""
    return source.found is Found.TYPED


def _file(record: Record) -> str:
    """The file of a row's table; a row typed by hand belongs to every one."""
    return next((source.file for source in record.sources.values() if not _by_hand(source)), "")


class RowTable:
    """The rows of one table with their order of codes: which row stands directly above and below which."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self.rows = list(rows)
        self.by_code: dict[str, list[Record]] = {}
        for row in self.rows:
            self.by_code.setdefault(code(row), []).append(row)
        self.parent: dict[str, str] = {}
        self.children: dict[str, list[Record]] = {}
        above: list[str] = []
        for lower in sorted(filter(None, self.by_code)):
            while above and not lower.startswith(above[-1]):
                above.pop()
            if above:
                self.parent[lower] = above[-1]
            above.append(lower)
        for row in self.rows:
            if code(row) in self.parent:
                self.children.setdefault(self.parent[code(row)], []).append(row)

    def doubled(self, rows: Sequence[Record] | None = None) -> str:
        """The first code that stands more than once (among ``rows``): such rows cannot be added up."""
        codes = Counter(map(code, self.rows if rows is None else rows))
        return next((key for key, count in codes.items() if key and count > 1), "")

    def select(self, where: Where, each: Record | None = None) -> list[Record]:
        """The rows that a condition means, in order; ``each`` is the row that a check stands for."""
        rows = self.rows
        if where.place in ("under", "same"):
            index = self.children if where.place == "under" else self.by_code
            rows = index.get(code(each), []) if each is not None and code(each) else []
        kept = [row for row in rows if all(_passes(row, test) for test in where.tests)]
        if where.place == "last":
            return [row for row in kept if code(row) not in self.children]
        if where.place == "top":
            codes = {code(row) for row in kept}
            return [row for row in kept if not any(upper in codes for upper in self._above(code(row)))]
        return kept

    def _above(self, lower: str) -> Iterator[str]:
        while lower in self.parent:
            lower = self.parent[lower]
            yield lower


def code(record: Record) -> str:
    """The row's code, an empty string where it has none."""
    return str(record["code"] or "")


def called(record: Record) -> str:
    """Code and name of a row."""
    return f"{code(record)} {record['name'] or ''}".strip()


def _passes(row: Record, test: Test) -> bool:
    value = row[test.field]
    text = "" if value is None else str(value)
    return text.startswith(test.values) if test.prefix else text in test.values


def fact_of(record: Record, field: str, printed: str, unit: str) -> Fact | None:
    """A field of a row as a fact in ``unit`` (元 or 万元), None where the row has no such figure.

    ``printed`` is the unit of the table as printed.
    """
    held = SIDED.get(field, field)
    value = record.amount(held)
    if value is None:
        return None
    if held != field and record[f"{held}_side"] == CREDIT:
        value = -value
    if KINDS[record.kind] != unit:
        value = value * AMOUNT_UNITS[KINDS[record.kind]] / AMOUNT_UNITS[unit]
    source = record.sources.get(held) or _row_source(record)
    parts = (record.form or record.document, called(record), FIELD_WORDS.get(field, field))
    divisor = AMOUNT_UNITS[unit] / AMOUNT_UNITS[printed] if unit in AMOUNT_UNITS else Decimal(1)
    return Fact(" ".join(filter(None, parts)), value, source, "", printed, divisor)


def counted(record: Record) -> Fact:
    """A row as one to be counted; its proof is its name."""
    source = record.sources.get("name") or _row_source(record)
    return Fact(str(record["name"] or code(record)), Decimal(1), source)


def _row_source(record: Record) -> Source:
    """The proof of a row whose fields have none of their own (typed in a facts file)."""
    return next(iter(record.sources.values()), None) or Source(
        "", label=called(record), form=record.form, document=record.document
    )
