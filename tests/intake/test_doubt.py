"""What is missing, doubtful or contradictory is said with its cell, and never becomes a figure."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from jixiao import intake
from jixiao.intake import Reading
from jixiao.model import Level, LimitReached
from tests.intake.grids import Grid, Value, rows, xlsx

D = Decimal
LINES: list[list[Value]] = [
    ["收入支出决算总表"],
    ["金额单位：万元"],
    ["收入", "", "支出"],
    ["项目", "决算数", "项目", "决算数"],
    ["一、一般公共预算财政拨款收入", D(100), "一、一般公共服务支出", D(100)],
    ["二、政府性基金预算财政拨款收入", "", "二、外交支出", ""],
    ["四、上级补助收入"],
    ["五、事业收入"],
    ["六、经营收入"],
    ["七、附属单位上缴收入"],
    ["八、其他收入"],
    ["本年收入合计", D(100), "本年支出合计", D(100)],
    ["使用非财政拨款结余", "", "结余分配", ""],
    ["年初结转和结余", "", "年末结转和结余", ""],
    ["总计", D(100), "总计", D(100)],
]
TOTAL = (12, 2)


def table(changes: dict[tuple[int, int], Value] | None = None) -> Grid:
    grid = rows("表", LINES)
    for at, value in (changes or {}).items():
        grid.cells[at] = value
    grid.cells = {at: value for at, value in grid.cells.items() if value != ""}
    return grid


def read(folder: Path, *sheets: Grid) -> Reading:
    path = folder / "x.xlsx"
    path.write_bytes(xlsx(*sheets))
    return intake.read([path])


def of(reading: Reading, name: str) -> list[Decimal | str]:
    return [fact.value for fact in reading.facts.of(name)]


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_the_plain_table_has_nothing_to_say(tmp_path: Path) -> None:
    reading = read(tmp_path, table())
    assert codes(reading) == [] and of(reading, "本年收入合计") == [100]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("#REF!", "J115"),
        ("#DIV/0!", "J115"),
        ("1.2e3", "J116"),
        ("1 234,5", "J116"),
        ("壹佰万元整", "J116"),
        ("约100", "J116"),
        ("00100", "J116"),
        ("100%", "J133"),
        ("100人", "J133"),
    ],
)
def test_a_doubtful_cell_is_a_finding_and_no_fact(tmp_path: Path, written: str, code: str) -> None:
    reading = read(tmp_path, table({TOTAL: written}))
    assert of(reading, "本年收入合计") == [] and of(reading, "收入总计") == [100]
    finding = next(f for f in reading.findings if f.code == code)
    assert finding.level is Level.ERROR and finding.sources[0].cell == "B12"


def test_a_date_is_no_amount(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx(table()))
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0].cell(*TOTAL, 100)
    cell.number_format = "yyyy-mm-dd"
    book.save(path)
    reading = intake.read([path])
    assert of(reading, "本年收入合计") == [] and "J116" in codes(reading)
    assert reading.sheets[0].cells[TOTAL].kind == "date"


def test_a_formula_without_a_result_is_not_blank(tmp_path: Path) -> None:
    reading = read(tmp_path, table({TOTAL: "=SUM(B5:B11)", (13, 2): "=1/0"}))
    assert of(reading, "本年收入合计") == [] == of(reading, "使用非财政拨款结余")
    assert [f.sources[0].cell for f in reading.findings if f.code == "J123"] == ["B12", "B13"]


def test_a_number_with_its_own_unit_is_taken_by_it(tmp_path: Path) -> None:
    reading = read(tmp_path, table({TOTAL: "1,000,000元"}))
    fact = reading.facts.of("本年收入合计")[0]
    assert (fact.value, fact.unit, fact.divisor, fact.raw) == (D(100), "元", D(10000), "1,000,000元")
    assert reading.sheets[0].cells[TOTAL].meant == 1000000


def test_a_dash_is_not_applicable_and_not_zero(tmp_path: Path) -> None:
    reading = read(tmp_path, table({TOTAL: "—", (13, 2): "一"}))
    assert of(reading, "本年收入合计") == [] == of(reading, "使用非财政拨款结余")


def test_blanks_of_a_column_without_any_figure_are_not_zero(tmp_path: Path) -> None:
    grid = table()
    grid.cells = {at: v for at, v in grid.cells.items() if at[1] != 2 or at[0] < 5}
    reading = read(tmp_path, grid)
    assert of(reading, "本年收入合计") == [] and of(reading, "本年支出合计") == [100]
    assert "本年收入合计" in next(f for f in reading.findings if f.code == "J134").message


def test_without_a_unit_no_amount_is_taken_and_other_tables_only_hint(tmp_path: Path) -> None:
    income = rows(
        "收入",
        [
            ["收入决算表"],
            [
                "科目编码",
                "科目名称",
                "本年收入合计",
                "财政拨款收入",
                "上级补助收入",
                "事业收入",
                "经营收入",
                "附属单位上缴收入",
                "其他收入",
            ],
            ["合计", "", D(1000000), D(1000000)],
        ],
    )
    reading = read(tmp_path, table(), income)
    assert of(reading, "本年收入合计") == [100] and of(reading, "财政拨款收入合计") == []
    finding = next(f for f in reading.findings if f.code == "J113")
    assert "像是元" in finding.message and finding.level is Level.ERROR
    alone = read(tmp_path, table({(2, 1): ""}))
    assert not len(alone.facts) and "J113" in codes(alone)


def test_two_units_on_one_table_are_a_contradiction(tmp_path: Path) -> None:
    reading = read(tmp_path, table({(2, 4): "单位：元"}))
    assert not len(reading.facts) and "J114" in codes(reading)


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("单位:万元", "万元"),
        ("金额单位：人民币元", "元"),
        ("编制单位：元氏县招商局　　金额单位：千元", "千元"),
        ("（单位：万元）", "万元"),
        ("单 位 ： 万 元", "万元"),
        ("编制单位：元氏县招商局", ""),
        ("单位：万元、个", "万元"),
    ],
)
def test_the_unit_is_read_from_the_caption(tmp_path: Path, caption: str, unit: str) -> None:
    reading = read(tmp_path, table({(2, 1): caption}))
    assert reading.sheets[0].unit == unit
    assert {fact.unit for fact in reading.facts} == ({unit} if unit else set())


def test_a_unit_in_the_heading_or_in_two_cells(tmp_path: Path) -> None:
    headed = read(tmp_path, table({(2, 1): "", (4, 2): "决算数（元）", (4, 4): "决算数（元）"}))
    assert headed.facts.of("本年收入合计")[0].divisor == 10000
    split = read(tmp_path, table({(2, 1): "", (2, 3): "金额单位：", (2, 4): "元"}))
    assert split.facts.of("本年收入合计")[0].divisor == 10000


def test_the_same_figure_ten_thousand_times_as_large_is_a_unit_mix_up(tmp_path: Path) -> None:
    spending = rows(
        "支出",
        [
            ["支出决算表"],
            ["单位：万元"],
            [
                "科目编码",
                "科目名称",
                "本年支出合计",
                "基本支出",
                "项目支出",
                "上缴上级支出",
                "经营支出",
                "对附属单位补助支出",
            ],
            ["合计", "", D(1000000), D(1000000)],
        ],
    )
    finding = next(f for f in read(tmp_path, table(), spending).findings if f.code == "J119")
    assert "10000" in finding.message and len(finding.sources) == 2


def test_two_candidates_are_a_finding_and_both_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, table({(16, 1): "总计", (16, 2): D(101), (16, 3): "总计", (16, 4): D("100.01")}))
    assert of(reading, "收入总计") == [100, 101]
    assert [f.level for f in reading.findings if f.code == "J117"] == [Level.WARNING]
    assert [f.level for f in reading.findings if f.code == "J118"] == [Level.NOTE]  # a tail of 0.01


def test_two_columns_that_fit_one_heading_are_a_finding(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["收入支出决算总表"],
        ["单位：万元"],
        ["收入", "", "", "支出"],
        ["项目", "2021年决算数", "2022年决算数", "项目", "2021年决算数", "2022年决算数"],
        ["本年收入合计", D(90), D(100), "本年支出合计", D(90), D(100)],
    ]
    reading = read(tmp_path, rows("表", lines))
    assert of(reading, "本年收入合计") == [90, 100] and {"J121", "J117"} <= set(codes(reading))


def test_lines_that_are_not_there_are_named_and_not_zero(tmp_path: Path) -> None:
    grid = table()
    grid.cells = {at: v for at, v in grid.cells.items() if at[0] != 13}
    reading = read(tmp_path, grid)
    assert of(reading, "结余分配") == []
    message = next(f for f in reading.findings if f.code == "J112").message
    assert "使用非财政拨款结余" in message and "结余分配" in message


def test_a_code_that_contradicts_its_name_is_not_taken(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：万元"],
        ["经济分类科目编码", "科目名称", "决算数", "经济分类科目编码", "科目名称", "决算数"],
        ["301", "商品和服务支出", D(9), "302", "商品和服务支出", D(5)],
        ["人员经费合计", "", D(9), "公用经费合计", "", D(5)],
    ]
    reading = read(tmp_path, rows("表", lines))
    assert of(reading, "基本支出工资福利支出决算数") == [] and of(
        reading, "基本支出商品和服务支出决算数"
    ) == [5]
    assert "J125" in codes(reading)


def test_several_rows_without_a_total_are_not_chosen_from(tmp_path: Path) -> None:
    head: list[list[Value]] = [
        ["“三公”经费支出决算表"],
        ["单位：万元"],
        ["单位名称", "预算数", "", "", "", "", "", "决算数"],
        ["", *["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"] * 2],
        ["", *["", "", "小计", "公务用车购置费", "公务用车运行维护费", ""] * 2],
    ]
    one: list[Value] = ["甲", *[D(1)] * 12]
    other: list[Value] = ["乙", *[D(2)] * 12]
    assert "J128" in codes(read(tmp_path, rows("表", [*head, one, other])))
    whole: list[Value] = ["合计", *[D(3)] * 12]
    assert of(read(tmp_path, rows("表", [*head, one, other, whole])), "三公经费决算数") == [3]


def test_hidden_sheets_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx(rows("说明", [["你好"]]), table()))
    book = openpyxl.load_workbook(path)
    book.worksheets[1].sheet_state = "hidden"
    book.save(path)
    reading = intake.read([path])
    assert reading.sheets[1].hidden and of(reading, "本年收入合计") == [100] and "J126" in codes(reading)


def test_a_file_without_a_known_table_is_an_error(tmp_path: Path) -> None:
    reading = read(tmp_path, rows("表", [["你好", D(3)], ["再见", D(4)]]))
    assert not reading.recognised and codes(reading) == ["J110"] and reading.findings.errors


def test_the_deadline_stops_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx(table()))
    with pytest.raises(LimitReached) as stop:
        intake.read([path], deadline=time.monotonic() - 1)
    assert stop.value.exit_code == 5 and "x.xlsx" in str(stop.value)
