"""The engines against Excel's semantics, against each other, and against workbooks that mean harm."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.office import find_office, open_workbook
from jixiao.verify import (
    ALLOWED,
    ENGINES,
    GROUPS,
    BareBook,
    Compiled,
    EngineFailure,
    ErrorValue,
    Session,
    Witnesses,
    same,
)
from tests.verify import engine_book, scoring_like

BOOK = engine_book.read()
needs_formulas = pytest.mark.skipif(ENGINES["formulas"]() is not None, reason="formulas not installed")
needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice not installed")


@pytest.fixture(scope="module")
def case_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "案例 [1]'s.xlsx"
    return engine_book.save(path, BOOK.formulas, BOOK.names, BOOK.values)


@pytest.fixture(scope="module")
def office() -> Iterator[Session]:
    with Session() as session:
        yield session


def _wrong(engine: str, got: dict[Any, Any]) -> list[str]:
    return [
        f"{case.formula}: Excel {case.excel!r}, {engine} {got.get(place)!r}"
        for place, case in BOOK.cases.items()
        if place not in got or not case.right(engine, got[place])
    ]


@needs_formulas
def test_compiled_gives_what_excel_gives() -> None:
    assert _wrong("formulas", Compiled(BOOK.formulas, BOOK.names).run(BOOK.values)) == []


@pytest.mark.parametrize("engine", GROUPS["fast"])
def test_each_default_engine_gives_what_excel_gives(case_file: Path, engine: str) -> None:
    got = Witnesses().recompute(engine, open_workbook(case_file.read_bytes()), case_file.name)
    assert set(got) == set(BOOK.formulas)
    assert _wrong(engine, got) == []


def test_the_cases_use_every_function_of_the_vocabulary() -> None:
    text = " ".join(case.formula for case in BOOK.cases.values())
    assert [name for name in ALLOWED if f"{name}(" not in text] == []


@needs_office
def test_libreoffice_gives_what_excel_gives(case_file: Path, office: Session) -> None:
    got = office.recompute(case_file)
    assert set(got) == set(BOOK.formulas)
    assert _wrong("libreoffice", got) == []


def _apart(one: dict[Any, Any], other: dict[Any, Any]) -> list[Any]:
    """The cells that only one has, or that hold something else."""
    expected = {p: Decimal(repr(v)) if type(v) is float else v for p, v in one.items()}
    return [
        p
        for p in one.keys() | other.keys()
        if p not in one or p not in other or not same(expected[p], other[p])
    ]


@needs_formulas
@needs_office
def test_libreoffice_equals_compiled_on_many_random_workbooks(tmp_path: Path, office: Session) -> None:
    made = scoring_like.make(1, facts=20, indicators=15)
    compiled = Compiled(made.formulas, made.names)
    for seed in range(2, 12):
        values = scoring_like.make(seed, facts=20, indicators=15).values
        path = engine_book.save(tmp_path / f"{seed}.xlsx", made.formulas, made.names, values)
        assert _apart(compiled.run(values), office.recompute(path)) == []


@needs_formulas
def test_each_run_has_its_own_figures() -> None:
    compiled = Compiled({("表", "B1"): '=IF(A1=TRUE,"真",ROUND(A1/3,2))'}, {})
    answers = [compiled.run({("表", "A1"): value})["表", "B1"] for value in (1, True, Decimal(1), 2, None)]
    assert answers == [0.33, "真", 0.33, 0.67, 0.0]


@needs_formulas
def test_circles_and_what_cannot_be_read_are_errors() -> None:
    formulas = {("表", f"B{i}"): f"=ROUND(A{i}*2,1)" for i in (1, 2)}
    formulas |= {("表", "C1"): "=C2+1", ("表", "C2"): "=C1", ("表", "C3"): "=C1*2", ("表", "D1"): "=坏（1）"}
    got = Compiled(formulas, {}).run({("表", "A1"): Decimal("1.25"), ("表", "B1"): Decimal(9)})
    assert got["表", "B1"] == 2.5 and got["表", "B2"] == 0.0
    assert [got["表", cell] for cell in ("C1", "C2", "C3")] == [ErrorValue("#CIRC!")] * 3
    assert got["表", "D1"] == ErrorValue("#NAME?")


@needs_formulas
def test_hostile_formulas_are_errors_each_in_its_cell() -> None:
    formulas = {
        ("表", "A1"): "=SUM(B:B)",
        ("表", "A2"): "='[other.xlsx]甲'!A1+1",
        ("表", "A3"): '=WEBSERVICE("http://localhost/")',
        ("表", "A4"): "=SUM（1，2）",
        ("表", "A5"): "=A6",
        ("表", "A6"): "=A5+1",
        ("表", "A7"): "=1+1",
        ("表", "A8"): "=SUM(B1:XFD1048576)",
    }
    got = Compiled(formulas, {}).run({("表", "B1"): 1})
    assert got.pop(("表", "A7")) == 2.0
    assert set(got) == set(formulas) - {("表", "A7")}
    assert all(isinstance(value, ErrorValue) for value in got.values()), got


def _growing(end: str) -> dict[tuple[str, str], str]:
    """A text twice as long from row to row: a terabyte, where nobody stops it."""
    return {("表", "A1"): '="字字"'} | {("表", f"A{n}"): f"=A{n - 1}&A{n - 1}{end}" for n in range(2, 40)}


@pytest.mark.parametrize("engine", GROUPS["fast"])
@pytest.mark.parametrize("end", ["", '&"尾"', "&A1"])
def test_texts_that_grow_from_cell_to_cell_are_bounded(tmp_path: Path, engine: str, end: str) -> None:
    book = open_workbook(engine_book.save(tmp_path / "长.xlsx", _growing(end), {}, {}).read_bytes())
    if engine == "formualizer":
        with pytest.raises(EngineFailure, match="文字过长"):
            Witnesses().recompute(engine, book, "长.xlsx")
    else:
        assert Witnesses().recompute(engine, book, "长.xlsx")["表", "A39"] == ErrorValue("#LIMIT!")
    if ENGINES["formulas"]() is None:
        assert Compiled(_growing(end), {}).run({})["表", "A39"] == ErrorValue("#VALUE!")


@pytest.mark.parametrize("engine", GROUPS["fast"])
def test_a_calculation_without_end_is_stopped(tmp_path: Path, engine: str) -> None:
    area = "A1:A20000"
    formulas = {("表", f"B{n}"): f"=SUMPRODUCT(({area}={n})*({area}<{n}))" for n in range(1, 3000)}
    book = open_workbook(engine_book.save(tmp_path / "慢.xlsx", formulas, {}, {}).read_bytes())
    with pytest.raises(EngineFailure) as failure:
        Witnesses(seconds=0.5).recompute(engine, book, "慢.xlsx")
    assert failure.value.finding.code == "J612"
    if ENGINES["formulas"]() is None:
        with pytest.raises(EngineFailure):
            Compiled(formulas, {})


@needs_office
def test_libreoffice_leaves_the_file_as_it_is(tmp_path: Path, office: Session) -> None:
    path = engine_book.save(tmp_path / "d.xlsx", {("评分表", "A1"): "=ROUND(10.05/2,2)"}, {}, {})
    before = path.read_bytes()
    assert office.recompute(path) == {("评分表", "A1"): 5.03}
    assert [file.name for file in tmp_path.iterdir()] == ["d.xlsx"]
    assert path.read_bytes() == before


@needs_office
def test_stale_cached_values_are_not_believed(tmp_path: Path, office: Session) -> None:
    assert office.recompute(_stale(tmp_path)) == {("表", "A1"): 3.0}


@pytest.mark.parametrize("engine", GROUPS["fast"])
@pytest.mark.parametrize("shape", ["<v>999</v>", "<v><![CDATA[999]]></v>", "\n<v >999</v >"])
def test_no_default_engine_sees_a_cached_value(tmp_path: Path, engine: str, shape: str) -> None:
    book = open_workbook(_stale(tmp_path, shape).read_bytes())
    assert b"999" not in BareBook(book).data
    assert Witnesses().recompute(engine, book, "stale.xlsx") == {("表", "A1"): 3.0}


def _stale(tmp_path: Path, shape: str = "<v>999</v>") -> Path:
    """A workbook whose one formula remembers 999."""
    path = engine_book.save(tmp_path / "e.xlsx", {("表", "A1"): "=1+2"}, {}, {("表", "B1"): 1})
    stale = tmp_path / "stale.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stale, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                assert b"<v></v>" in data or b"<v/>" in data or b"<v />" in data
                for empty in (b"<v></v>", b"<v/>", b"<v />"):
                    data = data.replace(empty, shape.encode())
            new.writestr(item, data)
    return stale


@needs_office
def test_a_batch_goes_on_after_a_bad_file_and_a_time_out(tmp_path: Path) -> None:
    good = engine_book.save(tmp_path / "f.xlsx", {("表", "A1"): "=1+2"}, {}, {})
    bad = tmp_path / "bad.xlsx"
    bad.write_text("名称,值\n=1+1,2\n", "utf-8")
    (tmp_path / "g.csv").write_text("=1+1\n", "utf-8")
    with Session() as session:
        for path in (bad, tmp_path / "g.csv"):
            with pytest.raises(EngineFailure):
                session.recompute(path)
        assert session.recompute(good) == {("表", "A1"): 3.0}
    with Session(seconds=0.001) as session:
        with pytest.raises(EngineFailure) as failure:
            session.recompute(good)
        assert failure.value.finding.code == "J612"
        session.seconds = 60
        assert session.recompute(good) == {("表", "A1"): 3.0}
        profile = Path(session._profile)
        assert profile.exists()
    assert not profile.exists()


def test_importing_the_engines_imports_nothing_heavy() -> None:
    code = (
        "import sys; from jixiao.verify import ENGINES, offences;"
        "print([m for m in ('cellrune','formualizer','formulas','numpy','openpyxl','schedula','uno','yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_engine_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(sys.modules[Session.__module__], "find_office", lambda: None)
    assert "formulas" in (ENGINES["formulas"]() or "")
    assert all("jixiao[verify]" in (ENGINES[name]() or "") for name in GROUPS["fast"])
    assert ENGINES["libreoffice"]() == "没有安装 LibreOffice"
    with pytest.raises(EngineFailure) as failure:
        Compiled({}, {})
    assert failure.value.finding.code == "J611"


@pytest.mark.parametrize(
    ("expected", "got", "answer"),
    [
        (Decimal("0.3"), 0.1 + 0.2, True),
        (Decimal("1234567890123.45"), 1234567890123.45, True),
        (Decimal("1.00"), 1.000001, False),
        (Decimal(0), None, False),
        (Decimal(0), "", False),
        (Decimal(0), "0", False),
        (Decimal(1), True, False),
        (Decimal(1), ErrorValue("#VALUE!"), False),
        (None, "", True),
        ("", None, True),
        (None, 0.0, False),
        ("待核定", "待核定", True),
        ("待核定", "待核定 ", False),
        ("1", 1.0, False),
        (True, 1.0, True),
        (True, True, True),
        (False, 1.0, False),
        ("#VALUE!", ErrorValue("#VALUE!"), False),
    ],
)
def test_when_values_are_the_same(expected: Any, got: Any, answer: bool) -> None:
    assert same(expected, got) is answer
