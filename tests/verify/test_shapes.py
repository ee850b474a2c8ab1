"""Every shape that we emit was answered by an Excel, or stands on the list of open ones; and all agree with the answers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.model import ExprError
from jixiao.office import find_office, open_workbook
from jixiao.verify import ENGINES, GROUPS, Compiled, ErrorValue, Session, Witnesses, same
from tests.verify import engine_book, shapes

FACTS = {f"问{number}": fact for number, fact in enumerate(shapes.facts(), 1)}
"""Each on a sheet of its own, in the cell Z1."""
FORMULAS = {(sheet, "Z1"): "=" + fact.formula for sheet, fact in FACTS.items()}
VALUES = {(sheet, ref): value for sheet, fact in FACTS.items() for ref, value in fact.cells.items()}


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> set[shapes.Shape]:
    for library in ("duckdb", "pyarrow"):  # the lock installs both; without them no summary is written
        pytest.importorskip(library)
    return shapes.all_emitted(tmp_path_factory.mktemp("emitted"))


def test_every_shape_is_answered_or_open(emitted: set[shapes.Shape], tmp_path: Path) -> None:
    made = shapes.write(tmp_path / "问.xlsx", shapes.unanswered(emitted).values())
    assert _parts(made) == _parts(shapes.TARGET), "run: make shapes"


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_every_answer_is_of_a_shape_that_we_emit(emitted: set[shapes.Shape]) -> None:
    asked = shapes.questions(emitted)
    assert [fact.formula for fact in FACTS.values() if fact.key not in asked] == []


@pytest.mark.parametrize(
    ("formula", "kinds"),
    [
        ('=IF(COUNT(甲,乙)=2,ROUND(甲/乙,6),"待核定")',
         {"IF(true,number,any)", "IF(false,any,text)", "COUNT(@number,@blank)", "=(number,number)", "/(number,digits)"}),
        ('=SUMPRODUCT((A1:A9="是")*1)', {"SUMPRODUCT(*(=([text],text),number))"}),
        ("=SUM(A1:A9)-5%", {"SUM([error number])", "-(number,number)", "%(number)"}),
        ("=甲", {"blank", "true", "error"}),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_formula(formula: str, kinds: set[str]) -> None:
    assert kinds <= shapes.questions(shapes.shapes(formula, {})).keys()


def test_a_new_shape_is_open_until_it_is_answered(emitted: set[shapes.Shape]) -> None:
    new = emitted | set(shapes.shapes('=COUNTIF(A1:A9,"是")', {}))
    more = shapes.unanswered(new).keys() - shapes.unanswered(emitted).keys()
    assert "COUNTIF([text],text)" in more and all(key.startswith("COUNTIF(") for key in more)


def test_the_number_reading_gives_what_excel_answered() -> None:
    read, wrong = 0, []
    for fact in FACTS.values():
        with suppress(ExprError):
            value = shapes.number(shapes.read("=" + fact.formula), fact.held)
            read += 1
            if not _right(fact.answer, float(value) if isinstance(value, Decimal) else value):
                wrong.append((fact.formula, value))
    assert wrong == [] and read > len(FACTS) / 3


@pytest.mark.parametrize("engine", [*GROUPS["fast"], "formulas", "libreoffice"])
def test_the_engines_give_what_excel_answered(engine: str, tmp_path: Path, office: Session | None) -> None:
    if why := ENGINES[engine]():
        pytest.skip(why)
    path = engine_book.save(tmp_path / "答.xlsx", FORMULAS, {}, VALUES)
    if engine == "formulas":
        got = Compiled(FORMULAS, {}).run(VALUES)
    elif office is not None and engine == "libreoffice":
        got = office.recompute(path)
    else:
        got = Witnesses().recompute(engine, open_workbook(path.read_bytes()), path.name)
    wrong = [
        f"{fact.formula} {fact.cells}: Excel {fact.answer!r}, {engine} {got[sheet, 'Z1']!r}"
        for sheet, fact in FACTS.items()
        if not _right(fact.differs.get(engine, fact.answer), got[sheet, "Z1"])
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def office() -> Iterator[Session | None]:
    if find_office() is None:
        yield None
    else:
        with Session() as session:
            yield session


def _right(answer: Any, got: Any) -> bool:
    if isinstance(answer, str) and answer.startswith("#"):
        return str(got) == answer
    exact = isinstance(answer, int | float) and not isinstance(answer, bool)
    return not isinstance(got, ErrorValue) and same(Decimal(str(answer)) if exact else answer, got)
