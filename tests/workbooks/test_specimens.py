"""The specimens are what their script makes of the case; they tie up and hold every fact a table can."""

from __future__ import annotations

import csv
import functools
import itertools
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlrd
from openpyxl import load_workbook

from jixiao.model import Body, load_yaml
from tests.intake.variants import VARIANTS, apply

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "workbooks" / "specimens" / "suixi-2022"
BOOKS = ("决算报表.xlsx", "预算批复.xlsx", "自评基础信息表.xlsx")
FILES = (*BOOKS, "资产报表.xls", "科目余额表.csv")
FINAL, APPROVAL, SELF = BOOKS

# parts of an .xlsx that may differ between machines, and why
IGNORED = {"docProps/app.xml": "holds the version of the writing library"}

Z01 = (FINAL, "Z01_1 财政拨款收入支出决算总表(财决01-1表)")
F02 = (FINAL, "F02 基本数字表(财决附02表)")
F03 = (FINAL, "F03 机构运行信息表(财决附03表)")
ASSETS = ("资产报表.xls", "固定资产和无形资产存量情况表")
TOTALS, MATTERS = (APPROVAL, "收支预算批复表"), (APPROVAL, "有关事项批复表")

# where each fact of the case stands: file, sheet, cell; figures in 元 are 10,000 times the fact
PLACES: dict[str, tuple[tuple[str, str], str]] = {
    "收入预算数": (TOTALS, "B11"),
    "基本支出预算数": (TOTALS, "D6"),
    "项目支出预算数": (TOTALS, "D9"),
    "收入决算数": (Z01, "E34"),
    "财政下达预算数": (Z01, "D39"),
    "年度支出决算数": (Z01, "P34"),
    "基本支出决算数": (Z01, "AD8"),
    "人员经费决算数": (Z01, "AD9"),
    "日常公用经费决算数": (Z01, "AD10"),
    "项目支出决算数": (Z01, "AD11"),
    "工资福利支出决算数": (Z01, "AD16"),
    "商品和服务支出决算数": (Z01, "AD17"),
    "对个人和家庭的补助决算数": (Z01, "AD18"),
    "一般公共预算财政拨款决算数": (Z01, "E8"),
    "政府性基金预算财政拨款决算数": (Z01, "E9"),
    "年初财政拨款结转和结余": (Z01, "E35"),
    "年末财政拨款结转和结余": (Z01, "P35"),
    "三公经费预算数": (MATTERS, "C5"),
    "三公经费决算数": (F03, "E7"),
    "日常公用经费预算数": (MATTERS, "C9"),
    "政府采购计划金额": (MATTERS, "C10"),
    "政府采购实际金额": (F03, "H21"),
    "固定资产原值": (ASSETS, "D9"),
    "在用固定资产原值": (ASSETS, "H9"),
    "编制人数": (F02, "E8"),
    "在职人数": (F02, "I8"),
    "应申报绩效目标项目数": (MATTERS, "C12"),
    "已申报绩效目标项目数": (MATTERS, "C13"),
}


@pytest.fixture(scope="module")
def case() -> Body:
    return load_yaml(FOLDER / "case.yaml")


@pytest.fixture(scope="module")
def judgements() -> Body:
    return load_yaml(FOLDER / "judgements.yaml")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("specimens")
    paths = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    script = ROOT / "workbooks" / "specimens" / "build.py"
    subprocess.run([sys.executable, script, out], check=True, env={**os.environ, "PYTHONPATH": paths})
    return out


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name not in IGNORED}


@functools.cache
def opened(file: str) -> Any:
    return load_workbook(FOLDER / file)


def figure(place: tuple[tuple[str, str], str]) -> Decimal:
    (file, sheet), cell = place
    if file.endswith(".xls"):
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        value = xlrd.open_workbook(FOLDER / file).sheet_by_name(sheet).cell_value(row, column)
    else:
        value = opened(file)[sheet][cell].value
    return Decimal(str(value or 0))


def columns(sheet: Any, rows: range) -> dict[int, Decimal]:
    """Sum of ``rows`` in every column; text (the dash) counts nothing."""
    sums: dict[int, Decimal] = {}
    for row, column in itertools.product(rows, range(1, sheet.max_column + 1)):
        value = sheet.cell(row, column).value
        if isinstance(value, int | float):
            sums[column] = sums.get(column, Decimal(0)) + Decimal(str(value))
    return sums


def test_the_script_makes_exactly_these_files(rebuilt: Path) -> None:
    assert sorted(path.name for path in rebuilt.iterdir()) == sorted(FILES)
    assert {path.name for path in FOLDER.iterdir() if path.suffix != ".yaml"} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_committed_file_is_what_the_script_makes(rebuilt: Path, name: str) -> None:
    old, new = FOLDER / name, rebuilt / name
    if name in BOOKS:  # compressed bytes depend on the zlib of the machine; the parts do not
        assert list(parts(old)) == list(parts(new))
        differing = [part for part, data in parts(old).items() if data != parts(new)[part]]
        assert differing == []
    else:
        assert old.read_bytes() == new.read_bytes()


def test_every_fact_stands_in_a_table_or_among_the_judgements(case: Body, judgements: Body) -> None:
    assert set(PLACES) | set(judgements["facts"]) == set(case["facts"])
    assert not set(PLACES) & set(judgements["facts"])


@pytest.mark.parametrize("fact", PLACES)
def test_fact_in_the_table_is_the_published_one(case: Body, fact: str) -> None:
    source, _ = PLACES[fact]
    entry = case["facts"][fact]
    factor = 10000 if source in (Z01, F03, ASSETS) else 1
    assert figure(PLACES[fact]) == entry["value"] * factor


def test_judgements_repeat_the_case(case: Body, judgements: Body) -> None:
    for key in ("unit", "year", "rubric", "not_applicable"):
        assert judgements[key] == case[key]
    assert {name: entry["value"] for name, entry in judgements["awarded"].items()} == case["awarded"]
    assert all(entry["reason"] for entry in judgements["awarded"].values())
    for fact, entry in judgements["facts"].items():
        assert entry == case["facts"][fact]
    tabled = [entry for entry in case["second_sources"] if entry not in judgements["second_sources"]]
    assert [(entry["fact"], entry["value"]) for entry in tabled] == [
        ("固定资产原值", Decimal("32.42")),
        ("收入决算数", Decimal("177.06")),
    ]
    assert sum(case["awarded"].values()) == case["total"]


def test_appropriation_ties_in_every_column() -> None:
    sheet: Any = load_workbook(FOLDER / FINAL)[Z01[1]]
    total, closing, grand = columns(sheet, range(34, 35)), columns(sheet, range(35, 36)), 39
    for spent, span in ((columns(sheet, range(8, 34)), range(8, 20)), (nature(sheet), range(22, 34))):
        for column in span:
            assert spent.get(column, 0) == total.get(column, 0), column
            whole = total.get(column, Decimal(0)) + closing.get(column, Decimal(0))
            assert Decimal(str(sheet.cell(grand, column).value or 0)) == whole, column
    for start in (8, 12, 16, 22, 26, 30):  # 小计 is the sum of the three funds
        for row in range(8, 40):
            cells = [sheet.cell(row, start + offset).value for offset in range(4)]
            if cells[0] != "—":
                assert (cells[0] or 0) == sum(value or 0 for value in cells[1:]), (row, start)
    economic = columns(sheet, range(16, 26))
    assert economic[30] == Decimal(str(sheet["AD15"].value)) == total[30]
    assert columns(sheet, range(8, 11))[3] == total[3] == Decimal(str(sheet["C39"].value))


def nature(sheet: Any) -> dict[int, Decimal]:
    """基本支出 + 项目支出, after 基本支出 = 人员 + 公用 was checked, by column."""
    basic, parts_of_it = columns(sheet, range(8, 9)), columns(sheet, range(9, 11))
    project = columns(sheet, range(11, 12))
    for column in (22, 26, 30):
        assert basic[column] == parts_of_it[column]
    return {column: basic[column] + project[column] for column in basic if column >= 22}


def test_ledger_balances_and_shows_the_overdrawn_account() -> None:
    text = (FOLDER / "科目余额表.csv").read_bytes().decode("gb18030")
    rows = [row for row in csv.reader(text.splitlines()) if row[0].isdigit()]

    def number(cell: str) -> Decimal:
        return Decimal(cell.replace(",", "") or 0)

    top = [row for row in rows if len(row[0]) == 4]
    assert sum(number(row[4]) for row in top) == sum(number(row[5]) for row in top)
    sides = {"借": 1, "贷": -1, "平": 0}
    for amount, side in ((3, 2), (7, 6)):
        assert sum(number(row[amount]) * sides[row[side]] for row in top) == 0
    by_code = {row[0]: row for row in rows}
    assert by_code["6001"][5] == by_code["6001"][7] == "1,770,600.00"
    assert by_code["8001020101"][1].strip() == "零余额现金"
    assert by_code["8001020101"][6:] == ["借", "-291.96"]


def test_contradicting_asset_figure_and_targets(case: Body) -> None:
    book = load_workbook(FOLDER / SELF)
    assert book["基础信息表"]["E16"].value == 32.42
    rows = book["绩效目标完成情况表"].iter_rows(min_row=4, min_col=2, max_col=5, values_only=True)
    targets = [(t["name"], t["unit"], t["planned"], t["done"]) for t in case["targets"]]
    assert [(name, unit, *(Decimal(str(v)) for v in rest)) for name, unit, *rest in rows] == targets


@pytest.mark.parametrize("variant", ["columns_moved", "rows_inserted", "blocks_reordered", "title_moved"])
@pytest.mark.parametrize("name", BOOKS)
def test_variant_keeps_every_label_beside_its_figures(tmp_path: Path, name: str, variant: str) -> None:
    def pairs(path: Path) -> set[tuple[Any, ...]]:
        found = set()
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows(values_only=True):
                for column, value in enumerate(row):
                    after = itertools.takewhile(
                        lambda v: not isinstance(v, str), row[column + 1 : column + 4]
                    )
                    figures = tuple(v for v in after if v is not None)
                    if isinstance(value, str) and value != "—" and figures:
                        found.add((value, *figures))
        return found

    out = tmp_path / name
    VARIANTS[variant](FOLDER / name, out, 7)
    assert pairs(out) >= pairs(FOLDER / name) != set()


def test_variant_is_decided_by_its_seed(tmp_path: Path) -> None:
    names = [*(name for name in VARIANTS if name != "numbers_as_text"), "numbers_as_text"]
    for target in ("one.xlsx", "two.xlsx"):
        apply(names, FOLDER / APPROVAL, tmp_path / target, 3)
    one, two = parts(tmp_path / "one.xlsx"), parts(tmp_path / "two.xlsx")
    assert {k: v for k, v in one.items() if "core" not in k} == {
        k: v for k, v in two.items() if "core" not in k
    }
    assert one["xl/worksheets/sheet1.xml"] != parts(FOLDER / APPROVAL)["xl/worksheets/sheet1.xml"]
