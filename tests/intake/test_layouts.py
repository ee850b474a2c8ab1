"""Published tables as different provinces print them: columns, codes, totals, line numbers, pages, other titles."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import intake
from jixiao.intake import Reading
from tests.intake.grids import Grid, Value, rows, stacked, xlsx

D = Decimal


def read(folder: Path, *sheets: Grid, name: str = "表.xlsx") -> Reading:
    path = folder / name
    path.write_bytes(xlsx(*sheets))
    return intake.read([path])


def values(reading: Reading) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for fact in reading.facts:
        assert isinstance(fact.value, Decimal)
        found.setdefault(fact.name, []).append(fact.value)
    return found


def three_public(header: list[list[Value]], figures: list[Value]) -> Grid:
    return rows("g", [["“三公”经费支出决算表"], ["部门：某局", "单位：万元"], *header, figures])


CENTRAL: list[list[Value]] = [
    ["预算数", "", "", "", "", "", "决算数"],
    ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"] * 2,
    ["", "", "小计", "公务用车购置费", "公务用车运行维护费", ""] * 2,
    [str(number) for number in range(1, 13)],
]
PAIRS: list[list[Value]] = [
    ["财政拨款“三公”经费"],
    ["合计", "", "因公出国\n（境）费", "", "公务用车购置及运行维护费", "", "", "", "", "", "公务接待费"],
    ["", "", "", "", "小计", "", "公务用车\n购置费", "", "公务用车\n运行维护费"],
    ["预算数", "决算数"] * 6,
]


def test_three_public_in_the_central_and_in_the_paired_layout(tmp_path: Path) -> None:
    budget: list[Value] = [D(10), None, D(6), None, D(6), D(4)]
    final: list[Value] = [D(8), None, D(5), None, D(5), D(3)]
    paired = [figure for pair in zip(budget, final, strict=True) for figure in pair]
    one = values(read(tmp_path, three_public(CENTRAL, budget + final)))
    other = values(read(tmp_path, three_public(PAIRS, paired)))
    assert one == other and len(one) == 12
    assert one["三公经费预算数"] == [10] and one["公务用车运行维护费决算数"] == [5]
    assert one["因公出国境费决算数"] == [0]  # blank, in a column group that carries figures


def test_three_public_with_one_row_for_each_kind(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["“三公”经费支出决算表"],
        ["单位：元"],
        ["项目", "行次", "预算数", "决算数"],
        ["合计", "1", D(100000), D(80000)],
        ["1．因公出国（境）费", "2"],
        ["2．公务用车购置及运行费", "3", D(60000), D(50000)],
        ["（1）公务用车购置费", "4"],
        ["（2）公务用车运行费", "5", D(60000), D(50000)],
        ["3．公务接待费", "6", D(40000), D(30000)],
    ]
    found = values(read(tmp_path, rows("g", lines)))
    assert found["三公经费决算数"] == [8] and found["公务用车运行维护费预算数"] == [6]


def test_codes_in_three_columns_the_total_first_and_a_ruler(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["收入决算表"],
        ["公开02表"],
        ["部门：元氏县某局", "", "", "", "金额单位：万元"],
        [
            "项目",
            "",
            "",
            "",
            "本年收入合计",
            "财政拨款收入",
            "上级补助收入",
            "事业收入",
            "",
            "经营收入",
            "附属单位上缴收入",
            "其他收入",
        ],
        ["功能分类科目编码", "", "", "科目名称", "", "", "", "小计", "其中：教育收费"],
        ["类", "款", "项", "栏次", "1", "2", "3", "4", "5", "6", "7", "8"],
        ["", "", "", "合计", D("100.5"), D(90), "", D("10.5"), D(2)],
        ["201", "", "", "一般公共服务支出", D("100.5"), D(90), "", D("10.5")],
        ["201", "01", "", "人大事务", D("100.5"), D(90), "", D("10.5")],
        ["201", "01", "02", "一般行政管理事务", D("100.5"), D(90), "", D("10.5")],
    ]
    reading = read(tmp_path, rows("g", lines))
    assert values(reading)["事业收入"] == [D("10.5")] and values(reading)["财政拨款收入合计"] == [90]
    assert [(r["code"], r["level"]) for r in reading.records["functions"]] == [
        ("201", D(1)),
        ("20101", D(2)),
        ("2010102", D(3)),
    ]


def test_three_lists_of_economic_classes_and_a_total_printed_far_from_its_label(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：万元"],
        ["人员经费", "", "", "公用经费", "", "", "", "", ""],
        ["科目编码", "科目名称", "决算数"] * 3,
        ["301", "工资福利支出", D(90), "302", "商品和服务支出", D(9), "307", "债务利息及费用支出", ""],
        ["30101", "基本工资", D(90), "30201", "办公费", D(9), "310", "资本性支出", D(1)],
        ["303", "对个人和家庭的补助", D(5), "", "", "", "31002", "办公设备购置", D(1)],
        ["人员经费合计", "", D(95), "公用经费合计", "", "", "", "", D(10)],
    ]
    found = values(read(tmp_path, rows("g", lines)))
    assert found["一般公共预算人员经费决算数"] == [95] and found["一般公共预算公用经费决算数"] == [10]
    assert found["基本支出资本性支出决算数"] == [1]


def test_basic_spending_as_columns(tmp_path: Path) -> None:
    lines: list[list[Value]] = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：万元"],
        ["项目", "", "本年支出"],
        ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["合计", "", D(105), D(95), D(10)],
        ["301", "工资福利支出", D(90), D(90)],
        ["302", "商品和服务支出", D(10), "", D(10)],
    ]
    found = values(read(tmp_path, rows("g", lines)))
    assert found["一般公共预算基本支出决算数"] == [105] and found["一般公共预算公用经费决算数"] == [10]


def total_table(unit: str = "金额单位：元", title: str = "收入支出决算总表", scale: int = 10000) -> Grid:
    """收入支出决算总表 with 行次 and 栏次, 100 and 0.5 万元."""
    hundred, half = D(100) * scale, D("0.5") * scale
    lines: list[list[Value]] = [
        [title],
        ["", "", "", "", "", "公开01表"],
        ["部门：元氏县某局", "", "", "", "", unit],
        ["收入", "", "", "支出"],
        ["项　目", "行次", "金额", "项　目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", hundred, "一、一般公共服务支出", "32", hundred],
        ["二、政府性基金预算财政拨款收入", "2", "", "二、外交支出", "33", ""],
        ["四、上级补助收入", "4", "", "二十六、抗疫特别国债安排的支出", "57", ""],
        ["五、事业收入", "5"],
        ["六、经营收入", "6"],
        ["七、附属单位上缴收入", "7"],
        ["八、其他收入", "8"],
        ["本年收入合计", "27", hundred, "本年支出合计", "58", hundred],
        ["使用非财政拨款结余（含专用结余）", "28", "", "结余分配", "59", ""],
        ["年初结转和结余", "29", half, "年末结转和结余", "60", half],
        ["总计", "31", hundred + half, "总计", "62", hundred + half],
        ["注：本表反映部门本年度的总收支和年初、年末结转结余情况。"],
    ]
    return rows("g", lines)


def test_line_numbers_rulers_remarks_and_yuan(tmp_path: Path) -> None:
    reading = read(tmp_path, total_table())
    found = values(reading)
    assert found["本年收入合计"] == [100] and found["收入总计"] == found["支出总计"] == [D("100.5")]
    assert found["使用非财政拨款结余"] == [0] and found["年末结转和结余"] == [D("0.5")]
    assert {r["code"]: r.amount("合计") for r in reading.records["functions"]} == {
        "201": 100,
        "202": 0,
        "234": 0,
    }
    assert {(f.unit, f.divisor) for f in reading.facts} == {("元", D(10000))}


@pytest.mark.parametrize("title", ["项目支出决算表", "一般公共预算收支总表", "政府性基金预算收支总表"])
def test_a_table_of_another_title_is_not_taken_for_a_known_one(tmp_path: Path, title: str) -> None:
    reading = read(tmp_path, total_table(title=title))
    assert not reading.recognised and not len(reading.facts)
    assert [finding.code for finding in reading.findings.errors] == ["J110"]


def test_the_same_layout_with_a_number_of_the_accounts_is_that_table(tmp_path: Path) -> None:
    grid = total_table()
    published = read(tmp_path, grid)
    grid.cells[2, 6] = "财决01表"
    accounts = read(tmp_path, grid)
    assert {fact.source.document for fact in published.facts} == {"部门决算公开表"}
    assert {fact.source.document for fact in accounts.facts} == {"财决01表"}


def test_a_contents_list_and_a_sentence_are_no_tables(tmp_path: Path) -> None:
    contents = rows(
        "目录",
        [["目录"], ["一、收入支出决算总表"], ["二、收入决算表"], ["根据收入支出决算总表，收入100万元。"]],
    )
    reading = read(tmp_path, contents, total_table())
    assert [sheet.form for sheet in reading.sheets] == ["", "公开-收入支出决算总表"]
    assert "目录" in next(f for f in reading.findings if f.code == "J111").message


def test_two_tables_on_one_sheet_and_a_heading_repeated_on_the_next_page(tmp_path: Path) -> None:
    whole = total_table()
    head = Grid("1", {at: v for at, v in whole.cells.items() if at[0] <= 10})
    tail = Grid("2", {at: v for at, v in whole.cells.items() if at[0] > 10 or 4 <= at[0] <= 6})
    income = rows(
        "3",
        [
            ["收入决算表"],
            ["单位：万元"],
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
            ["合计", "", D(100), D(100)],
        ],
    )
    one_sheet = read(tmp_path, stacked(head, tail, income))
    pages = read(tmp_path, head, tail, income)
    assert values(one_sheet) == values(pages)
    assert values(pages)["本年收入合计"] == [100, 100] and values(pages)["收入总计"] == [D("100.5")]
