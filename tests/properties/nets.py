"""A rubric as a net of cells on one sheet, so that its items can be read as numbers and as formulas."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao.model import Body, Concept, Value, body_of, read_yaml
from jixiao.model import concepts as vocabulary
from jixiao.office import column_letter
from jixiao.rubric import Rubric, load, read_rubric
from jixiao.scoring import Net, Values, build_net
from jixiao.verify import Compiled, EngineValue, ErrorValue, same

Place = tuple[str, str]
CITED = {"title": "例"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def tables(rows: int = 4) -> Body:
    """The row tables of every rubric, short enough for a small net."""
    text = resources.files("jixiao.rubric").joinpath("tables.yaml").read_text("utf-8")
    made = read_yaml(text, "tables.yaml")
    for body in made.values():
        body["rows"] = Decimal(rows)
    return made


@functools.cache
def whole(name: str) -> Net:
    """The net of a shipped rubric."""
    return build_net(load(name))


@functools.cache
def shortened(name: str) -> Net:
    """The same with short row tables: half the cells, and every rule."""
    return build_net(read_rubric(load(name).data["rubric"], vocabulary(), tables()))


def small(body: Mapping[str, Any], where: str = "例.yaml") -> Rubric:
    """A rubric around a few rules.

    ``names``: {fact: unit}; ``rule``: one rule, of the indicator 甲, or
    ``indicators``: {title: rule}; ``bonus``: a rule beside the hundred; ``quantities`` and ``moves`` as in a rubric.
    A point of the weight that is left fills the hundred.
    """
    rules = dict(body.get("indicators", {}))
    if "rule" in body:
        rules["甲"] = body["rule"]
    left = Decimal(100) - sum((Decimal(rule["full"]) for rule in rules.values()), Decimal(0))
    rules["其余"] = {"kind": "point", "full": left, "title": "其余"}
    items = [_indicator(n, title, rule) for n, (title, rule) in enumerate(rules.items())]
    second = {"title": "二级", "weight": Decimal(100), "indicators": items}
    data: dict[str, Any] = {
        "id": "small", "title": "例", "name": "例", "jurisdiction": "例", "year": Decimal(2022), "reference": CITED,
        "grades": {"bands": {"[60,)": "合格", "(,60)": "不合格"}, "reference": CITED},
        "levels": [{"title": "一级", "weight": Decimal(100), "levels": [second]}],
        "quantities": body.get("quantities", []), "moves": body.get("moves", []),
    }  # fmt: skip
    if "bonus" in body:
        data["extras"] = {"title": "加减分", "indicators": [_indicator(99, "甲", body["bonus"])]}
    rows = tables() if "目标" in str(body) or "项目" in str(body) else body_of({}, where)
    return read_rubric(body_of(data, where), concepts(body.get("names", {})), rows)


def concepts(names: Mapping[str, str]) -> dict[str, Concept]:
    """A vocabulary of its own for a small rubric."""
    return {name: Concept(name, name, unit) for name, unit in names.items()}


def _indicator(number: int, title: str, rule: Any) -> dict[str, Any]:
    weight = Decimal(0) if rule["kind"] == "bonus" else Decimal(rule["full"])
    return {
        "id": f"i{number}", "title": title, "weight": weight, "description": "", "rule": rule, "reference": CITED,
    }  # fmt: skip


@dataclass
class OneSheet:
    """Every key of a net in a cell of one sheet, ``above`` rows down; formulas written with plain addresses."""

    net: Net
    sheet: str = "网"
    above: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)
    _lower: dict[int, OneSheet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        in_tables = {key for keys in self.net.columns.values() for key in keys}
        for row, key in enumerate((k for k in (*self.net.entries, *self.net.items) if k not in in_tables), 1):
            self.places[key] = (self.sheet, f"A{self.above + row}")
        for column, (name, keys) in enumerate(self.net.columns.items(), 2):
            letter = column_letter(column)
            for row, key in enumerate(keys, self.above + 1):
                self.places[key] = (self.sheet, f"{letter}{row}")
            self.ranges[name] = f"{letter}{self.above + 1}:{letter}{self.above + len(keys)}"

    def cells(self, key: str) -> str:
        """How a formula of the sheet writes a key."""
        return self.ranges.get(key) or self.places[key][1]

    @functools.cached_property
    def formulas(self) -> dict[Place, str]:
        """The formula of every item."""
        return {self.places[key]: "=" + expr.formula(self.cells) for key, expr in self.net.items.items()}

    @functools.cached_property
    def compiled(self) -> Compiled:
        """The formulas, ready for ``formulas`` to run."""
        return Compiled(self.formulas, {})

    def lower(self, number: int) -> OneSheet:
        """The same net further down, below so many others."""
        if number not in self._lower:
            rows = max(int(cell.lstrip(LETTERS)) for _, cell in self.places.values())
            self._lower[number] = OneSheet(self.net, self.sheet, number * rows)
        return self._lower[number]

    def inputs(self, entries: Mapping[str, Value]) -> dict[Place, Any]:
        """Entries by cell, blanks included."""
        return {self.places[key]: entries.get(key) for key in self.net.entries}

    def numbers(self, entries: Mapping[str, Value]) -> dict[str, Value]:
        """The number reading of every item, which it is written out as well; a rule that fails is the test's failure."""
        values = Values(self.net, entries)
        made = {key: values[key] for key in self.net.items}
        assert values.crashed == {}, (values.crashed, entries)
        at_once = self.at_once(entries)
        assert [str(at_once[key]) for key in made] == [str(value) for value in made.values()], entries
        return made

    @functools.cached_property
    def at_once(self) -> Callable[[Mapping[str, Value]], Mapping[str, Value]]:
        """The net as one function."""
        return self.net.write_out()

    def apart(
        self,
        entries: Mapping[str, Value],
        got: Mapping[Place, EngineValue],
        known: Mapping[str, Value] | None = None,
    ) -> list[str]:
        """Items whose value in an engine is not the number reading's (``known``, where it was made before), with both."""
        apart = []
        for key, value in (known or self.numbers(entries)).items():
            place = self.places[key]
            if not alike(value, got.get(place)):
                formula = self.formulas[place][:400]
                apart.append(f"{key}: {value!r}, engine {got.get(place)!r}\n  {formula}\n  {entries}")
        return apart

    def checked(self, entries: Mapping[str, Value]) -> list[str]:
        """``apart`` with ``formulas`` as the engine."""
        return self.apart(entries, self.compiled.run(self.inputs(entries)))


LARGE = Decimal(10**5)
"""A ratio above this (10,000,000 %) is a slip of the pen; whether its seventh decimal is a half, the 16th digit says."""


def alike(value: Value, got: EngineValue) -> bool:
    """As verify compares; of a figure too large for six exact decimals, the last that a spreadsheet keeps may differ."""
    if isinstance(value, Decimal) and type(got) is float and abs(value) > LARGE:
        return abs(Decimal(got) - value) <= max(Decimal("1.5e-6"), abs(value) * Decimal("1e-14"))
    return same(value, got)


def agree(one: EngineValue, other: EngineValue) -> bool:
    """Whether two engines say the same, errors included."""
    if isinstance(one, ErrorValue):
        return one == other
    return alike(Decimal(repr(one)) if type(one) is float else one, other)  # type: ignore[arg-type]


ERRORS = {"#DIV/0!": "=1/0", "#VALUE!": '=1+"甲"', "#N/A": "=NA()"}
"""How an error comes about."""


def save(path: Path, nets: Sequence[OneSheet], cases: Sequence[Mapping[Place, Any]] = ({},)) -> Path:
    """One workbook with a sheet for each net, on which every case has its rows and its own formulas.

    LibreOffice takes longer for a sheet than for a thousand formulas.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for net in nets:
            page = book.add_worksheet(net.sheet)
            for number, cells in enumerate(cases):
                lower = net.lower(number)
                for (_, cell), text in lower.formulas.items():
                    page.write_formula(cell, text)
                for key, place in net.places.items():
                    value, cell = cells.get(place), lower.places[key][1]
                    if isinstance(value, ErrorValue):
                        page.write_formula(cell, ERRORS[value.code])
                    elif isinstance(value, str):
                        page.write_string(cell, value)
                    elif value is not None:
                        page.write_number(cell, value)
    return path
