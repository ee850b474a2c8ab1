"""Every file that we write, read by others: openpyxl and pandas see what we see, and Office would open it cleanly."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from openpyxl.utils.datetime import to_excel
from openxml_audit import FileFormat, OpenXmlValidator

import jixiao
from addin import making
from jixiao import pipeline
from jixiao.app.cli import main
from jixiao.master import open_scoring_book, put_entry
from jixiao.office import Cell, Workbook, open_workbook, single_area, split_ref

ROOT = Path(__file__).parents[2]
SUIXI, CHANGLI = (ROOT / "workbooks" / "specimens" / name for name in ("suixi-2022", "changli-2023"))
MASTERS = sorted((ROOT / "workbooks" / "masters").glob("*.xlsx"))
SOURCES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")
BOOKS = ("filled", "typed over", "with projects", *(f"{master.stem} to edit" for master in MASTERS))
REPORTS = ("核查", "自评")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands write, each file named by what it is."""
    made = tmp_path_factory.mktemp("written")
    filled, typed, projects = (made / f"{name}.xlsx" for name in BOOKS[:3])
    pipeline.new("suixi-2022", filled, unit="遂溪县招商局", year="2022")
    pipeline.fill(filled, [SUIXI / name for name in SOURCES], facts_file=SUIXI / "judgements.yaml")
    book = open_scoring_book(filled)
    put_entry(book, next(iter(book.links)), Decimal("1.23"))
    put_entry(book, "封面.单位", ' =1+1&<甲> "乙" 𠮷')
    typed.write_bytes(book.book.to_bytes())
    pipeline.score(typed)
    pipeline.new("changli-2023", projects, unit="昌黎县某局", projects=3)
    pipeline.fill(projects, [], facts_file=CHANGLI / "facts.yaml")
    for kind, of in zip(REPORTS, (filled, projects), strict=True):
        jixiao.report(of, made / f"{kind}.docx", kind=kind, draft=True)
    for master in MASTERS:
        assert main(["rubric", "export", master.stem, "-o", str(made / f"{master.stem} to edit.xlsx")]) == 0
    return made


def _path(folder: Path, name: str) -> Path:
    return next((master for master in MASTERS if master.stem == name), folder / f"{name}.xlsx")


@pytest.fixture(params=[*(master.stem for master in MASTERS), *BOOKS])
def path(request: pytest.FixtureRequest, folder: Path) -> Path:
    return _path(folder, request.param)


def _ours(book: Workbook) -> Iterator[tuple[str, Cell]]:
    for name in book.worksheets:
        for cell in book.sheet(name).cells():
            if cell.value not in (None, "") or cell.formula is not None:
                yield name, cell


def _value(value: Any) -> Any:
    """A value of another reader as we have it: exact to the 15 digits of a spreadsheet, dates as serial numbers."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        value = to_excel(value)  # type: ignore[no-untyped-call]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(format(value, ".15g"))
    return None if value == "" else value


def _held(cell: Cell) -> Any:
    return _value(float(cell.value)) if isinstance(cell.value, Decimal) else (cell.value or None)


def test_openpyxl_sees_the_same_formulas_values_and_names(path: Path) -> None:
    book = open_workbook(path.read_bytes())
    written, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    assert written.sheetnames == book.sheet_names
    ours = {(name, cell.ref): cell for name, cell in _ours(book)}
    for (name, ref), cell in ours.items():
        formula = None if cell.formula is None else "=" + book.sheet(name).formula(cell)
        assert formula is None or written[name][ref].value == formula, (name, ref)
        assert _value(shown[name][ref].value) == _held(cell), (name, ref)
    theirs = {(s.title, c.coordinate) for s in written for row in s for c in row if c.value not in (None, "")}
    assert theirs - ours.keys() == set()
    areas = {name: single_area(item.attr_text) for name, item in written.defined_names.items()}
    assert {name: area for name, area in areas.items() if area is not None} == book.names
    for name in book.worksheets:
        assert sorted(map(str, written[name].merged_cells.ranges)) == sorted(book.sheet(name).merged)


def test_pandas_sees_the_same_values(path: Path) -> None:
    tables = pandas.read_excel(
        path, sheet_name=None, header=None, dtype=object, engine="calamine", keep_default_na=False
    )
    for name, cell in _ours(open_workbook(path.read_bytes())):
        row, column = split_ref(cell.ref)
        if _held(cell) is not None:
            assert _value(tables[name].iloc[row - 1, column - 1]) == _held(cell), (name, cell.ref)


def _findings(path: Path) -> list[str]:
    found = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0).validate(str(path))
    return [f"{error.part_uri} {error.description}" for error in found.errors]


def test_office_would_open_the_workbook_cleanly(path: Path) -> None:
    assert _findings(path) == []


@pytest.mark.parametrize("kind", REPORTS)
def test_word_would_open_the_report_cleanly(folder: Path, kind: str) -> None:
    assert _findings(folder / f"{kind}.docx") == []


def test_excel_would_open_the_add_in_cleanly() -> None:
    assert _findings(making.FOLDER / making.XLAM) == []


def test_a_spoilt_workbook_is_not_clean(folder: Path, tmp_path: Path) -> None:
    """The validator would be worth little if it passed everything."""
    book = open_workbook((folder / "filled.xlsx").read_bytes())
    part = book.part("评分表")
    book.package.replace(part, book.package.read(part).replace(b"<sheetData>", b"<sheetData><odd/>", 1))
    spoilt = tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(book.package.to_bytes())
    assert _findings(spoilt) != []
