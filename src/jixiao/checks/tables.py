"""What was read, by table: facts and rows of a form, in which files, and the unit it was printed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from jixiao.checks.identity import LAST, TYPED
from jixiao.checks.rows import RowTable
from jixiao.checks.same import choose
from jixiao.model import Fact, FactSet, Record
from jixiao.text.numbers import AMOUNT_UNITS


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
        if form == f"{LAST}*":
            found = self._facts.get((form, name), [])
            return [choose(found, self._preferred.get(name, ()), self._authority)] if found else []
        return [fact for fact in self._facts.get((form, name), []) if fact.source.file == file]

    def anywhere(self, name: str) -> list[Fact]:
        """The preferred candidate of a concept in any document, as a list of at most one."""
        found = self._by_name.get(name, [])
        return [choose(found, self._preferred.get(name, ()), self._authority)] if found else []

    def has(self, name: str, forms: Sequence[str]) -> bool:
        """Whether a concept was located, in one of these forms where any are named."""
        return any(not forms or fact.source.form in forms for fact in self._by_name.get(name, []))

    def rows(self, form: str, kind: str, file: str) -> RowTable:
        """The rows of a table, in order."""
        key = (form, kind, file)
        if key not in self._indexed:
            self._indexed[key] = RowTable([row for row in self._rows.get(key[:2], []) if _file(row) == file])
        return self._indexed[key]

    def printed(self, form: str, kind: str, file: str) -> str:
        """The unit that the table's amounts were printed in: as its facts say, else 万元 (books: 元)."""
        units = self._units.get((form, file))
        if units:
            return units.most_common(1)[0][0]
        return "元" if kind == "ledger" else "万元"


def _file(record: Record) -> str:
    return next((source.file for source in record.sources.values()), "")
