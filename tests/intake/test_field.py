"""Tables rebuilt from what offices handed over and what was misread: right values, or the finding that names the place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.intake import Reading, read
from tests.intake.grids import Value, rows, xlsx

D = Decimal
ALL_FUNDS: list[list[Value]] = [
    ["收入支出决算总表"],
    ["", "", "财决01表"],
    ["编制单位：某局", "2024年度", "金额单位：元"],
    ["收入", "", "", "", "", "支出"],
    [
        *["项目", "行次", "年初预算数", "全年预算数", "决算数"],
        *["项目（按功能分类）", "行次", "年初预算数", "全年预算数", "决算数"],
        *["项目（按支出性质和经济分类）", "行次", "年初预算数", "全年预算数", "决算数"],
    ],
    ["栏次", "", D(1), D(2), D(3), "栏次", "", D(4), D(5), D(6), "栏次", "", D(7), D(8), D(9)],
    ["一、一般公共预算财政拨款收入", D(1), D(30000), D(34000), D(34000), "一、一般公共服务支出", D(31), D(28000), D(35000),
     D(33000), "一、基本支出", D(57), D(20000), D(21000), D(21000)],
    ["八、其他收入", D(2), "", D(2000), D(2000), "二、外交支出", D(32), "", "", "", "二、项目支出", D(58), D(10000), D(15000),
     D(13000)],
    ["本年收入合计", D(3), D(30000), D(36000), D(36000), "本年支出合计", D(33), D(30000), D(36000), D(34000), "本年支出合计",
     D(59), D(30000), D(36000), D(34000)],
    ["年初结转和结余", D(4), D(1000), D(1000), D(1000), "年末结转和结余", D(34), D(1000), D(1000), D(3000)],
    ["总计", D(5), D(31000), D(37000), D(37000), "总计", D(35), D(31000), D(37000), D(37000)],
]  # fmt: skip


def reading(folder: Path, lines: list[list[Value]]) -> Reading:
    path = folder / "源.xlsx"
    path.write_bytes(xlsx(rows("表", lines)))
    return read([path])


def test_the_final_account_of_all_funds_with_three_blocks(tmp_path: Path) -> None:
    made = reading(tmp_path, ALL_FUNDS)
    found: dict[str, Any] = {fact.name: fact.value for fact in made.facts}
    wanted = {
        "本年收入预算数": "3", "本年收入全年预算数": "3.6", "本年收入合计": "3.6", "其他收入": "0.2",
        "本年支出预算数": "3", "本年支出全年预算数": "3.6", "本年支出合计": "3.4", "部门项目支出": "1.3",
        "年初结转和结余": "0.1", "年末结转和结余": "0.3", "支出总计": "3.7",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == {name: D(value) for name, value in wanted.items()}
    assert {record.document for record in made.records["functions"]} == {"财决01表"}


@pytest.mark.parametrize("lost", ["年初预算数", "决算数"])
def test_without_a_column_it_is_said_which(lost: str, tmp_path: Path) -> None:
    lines = [["别的" if cell == lost else cell for cell in row] for row in ALL_FUNDS]
    made = reading(tmp_path, lines)
    assert not len(made.facts) and [finding.code for finding in made.findings] == ["J129"]
