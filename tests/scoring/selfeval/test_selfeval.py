"""Self-evaluation forms: rows by data file, blocks, totals, moved points, the roll-up; cells equal numbers."""

from __future__ import annotations

import functools
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.master import build
from jixiao.model import NOT_APPLICABLE, PENDING, Body, Value, read_yaml
from jixiao.rubric import FUNDS, TRANSFER_LEVELS, load
from jixiao.scoring import OWN, Net, Values, build_net, score

FILE = Path(__file__).parents[3] / "conformance" / "rows" / "project-2020.yaml"
ROWS = read_yaml("rows:\n" + FILE.read_text("utf-8"), FILE.name).parts("rows")
BLOCKS = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}


@functools.cache
def net(name: str, projects: int | None = None) -> Net:
    """The net of a rubric, with project tables where asked for."""
    return build_net(load(name, projects=projects))


def entered(row: Body) -> dict[str, Value]:
    """A row with a title and ten points unless it says otherwise."""
    return {"三级指标": "指标", "分值": Decimal(10), **row}


def project(number: int, name: str, **fields: Value) -> dict[str, Value]:
    """The money of a project."""
    return {f"项目[{number}].{key}": value for key, value in {"名称": name, **fields}.items()}


def full_rows(table: str, share: Decimal = Decimal(1)) -> dict[str, Value]:
    """One row a block that carries all its points, reached to a share."""
    made: dict[str, Value] = {}
    form = dict(net("changli-2023").rubric.self_tables.tables())[table if table == "自评表" else "项目自评1"]
    for block in form.blocks:
        row = f"{table}[{form.block_rows(block.title)[0]}]."
        made |= {f"{row}三级指标": block.title, f"{row}分值": block.full, f"{row}指标值": Decimal(100)}
        made[f"{row}完成值"] = 100 * share
    return made


@pytest.mark.parametrize("body", ROWS, ids=[row["about"] for row in ROWS])
def test_row(body: Body) -> None:
    entries = {f"自评表[1].{name}": value for name, value in entered(body.part("row")).items()}
    values = Values(net("project-2020"), entries)
    assert values["自评表[1].得分"] == body["earns"]
    assert str(body.get("says", "")) in str(values["自评表[1].评分说明"])


def test_all_rows_as_cells(tmp_path: Path) -> None:
    """The rows of the data file in one workbook: an independent engine finds the same in every cell."""
    entries: dict[str, Value] = {}
    slots = [number for number, _, _ in net("changli-2023").rubric.self_tables.main.rows()]  # type: ignore[union-attr]
    spare = [f"自评表[{n}]." for n in slots] + [f"项目自评1[{n}]." for n in slots]
    for start, body in zip(spare, ROWS, strict=False):
        entries |= {
            start + name: value for name, value in entered(body.part("row")).items() if value is not None
        }
    path = tmp_path / "行.xlsx"
    path.write_bytes(build(load("changli-2023"), entries))
    proved = pipeline.verify([path])[0]
    assert [(run.ran, run.differences) for run in proved.engines] == [(True, 0)] * 2  # both compiled engines


def test_block_points_have_to_add_up() -> None:
    entries = full_rows("自评表") | {"自评表[1].分值": Decimal(49)}
    card = score(net("changli-2023"), {**entries, "封面.单位": "甲"})
    assert card["产出指标"].status == "pending"
    assert "J430" in {finding.code for finding in card.findings}


@pytest.mark.parametrize(
    ("share", "points", "grade"),
    [("1", "100", "优"), ("0.9", "91", "优"), ("0.8", "82", "良"), ("0.5", "55", "差")],
)
def test_project_total_and_grade(share: str, points: str, grade: str) -> None:
    money = project(1, "甲项目", 年初预算=Decimal(50), 调整后预算=Decimal(40), 年度支出=Decimal(40))
    values = Values(net("changli-2023"), {**money, **full_rows("项目自评1", Decimal(share))})
    assert (values["项目自评1.总分"], values["项目自评1.等级"]) == (Decimal(points), grade)


def test_satisfaction_that_does_not_apply_goes_to_benefits() -> None:
    system = net("project-2021")
    form = system.rubric.self_tables.main
    assert form is not None
    entries: dict[str, Value] = project(1, "甲", 年初预算=Decimal(1), 年度支出=Decimal(1))
    for block, points in (("产出指标", 50), ("效益指标", 40)):
        row = f"自评表[{form.block_rows(block)[0]}]."
        entries |= {f"{row}三级指标": block, f"{row}分值": Decimal(points), f"{row}指标值": Decimal(1)}
        entries[f"{row}完成值"] = Decimal(1)
    entries["自评表.满意度指标.适用"] = NOT_APPLICABLE
    card = score(system, entries)
    assert card.total == 100 and card["效益指标"].full == 40
    assert card["满意度指标"].status == "not_applicable"
    assert card.values["自评表.总分"] == 100


def test_roll_up_of_nothing_is_not_zero_percent() -> None:
    values = Values(net("suixi-2022", 3), {}).all()
    assert values["汇总.项目个数"] == 0
    for key in (
        "汇总.评优率",
        "汇总.转移支付.评优率",
        "汇总.执行率",
        "汇总.一般公共预算.占比",
        "汇总.平均得分",
    ):
        assert values[key] == NOT_APPLICABLE, key


def test_roll_up_by_fund_level_and_grade() -> None:
    entries = {
        **project(
            1,
            "甲",
            年初预算=Decimal(50),
            调整后预算=Decimal(40),
            年度支出=Decimal(30),
            资金性质="一般公共预算",
        ),
        **project(
            2,
            "乙",
            年初预算=Decimal(10),
            年度支出=Decimal(10),
            资金性质="政府性基金预算",
            项目类别="省级转移支付",
        ),
        **project(3, "丙", 年初预算=Decimal(5)),
        **full_rows("项目自评1"),
        **full_rows("项目自评2", Decimal("0.8")),
    }
    values = Values(net("suixi-2022", 3), entries).all()
    assert values["汇总.项目个数"] == 3
    assert (values["汇总.一般公共预算.个数"], values["汇总.一般公共预算.全年执行数"]) == (1, 30)
    assert values["汇总.政府性基金预算.占比"] == Decimal("0.25")
    assert values["汇总.未注明资金性质.个数"] == 1
    assert (values["汇总.优.个数"], values["汇总.良.个数"], values["汇总.待核定.个数"]) == (1, 1, 1)
    assert values["汇总.评优率"] == PENDING
    assert (values["汇总.省级转移支付.个数"], values["汇总.转移支付.优个数"]) == (1, 0)
    assert (values["汇总.执行率"], values["汇总.年初执行率"]) == (Decimal("0.727273"), Decimal("0.615385"))


def test_findings_about_forms() -> None:
    entries: dict[str, Any] = {
        **project(1, "甲", 年初预算=Decimal(50), 调整后预算=Decimal(40), 年度支出=Decimal(40)),
        **full_rows("项目自评1", Decimal("0.9")),
        **{f"项目[{number}].名称": f"项目{number}" for number in range(2, 4)},
        "项目自评1.资金2.全年预算数": Decimal(39),
        "项目自评1[1].完成值": Decimal(140),
    }
    found = {finding.code for finding in score(net("changli-2023"), entries).findings}
    assert {"J433", "J434", "J435", "J436", "J437"} <= found


def test_the_drop_downs_offer_exactly_the_groups_of_the_roll_up() -> None:
    table = net("changli-2023").rubric.tables["项目"]
    assert table.column("资金性质").choices == FUNDS
    assert table.column("项目类别").choices == (OWN, *TRANSFER_LEVELS)


def test_a_degree_that_is_not_picked_is_asked_for_with_its_ranges() -> None:
    row: dict[str, Value] = {"三级指标": "质量", "分值": Decimal(10), "性质": "定性"}
    entries = project(1, "甲") | {f"项目自评1[1].{key}": value for key, value in row.items()}
    told = score(net("changli-2023", 1), entries).values["项目自评1[1].评分说明"]
    assert isinstance(told, str)
    for range_of in ("达成年度指标80%（含）至100%（含）", "60%（含）至80%（不含）", "0%（含）至60%（不含）"):
        assert range_of in told


def test_a_rate_that_holds_only_by_a_changed_budget_is_told_with_both_rates() -> None:
    entries = project(1, "甲", 年初预算=Decimal(50), 调整后预算=Decimal(40), 年度支出=Decimal(40))
    (told,) = (f.line() for f in score(net("changli-2023", 1), entries).findings if f.code == "J434")
    assert "80%" in told and "-20%" in told.replace("－", "-").replace("−", "-"), told


@pytest.mark.parametrize(("weight", "told"), [("-0.01", True), ("0", False), ("0.5", False)])
def test_only_a_weight_below_zero_is_none(weight: str, told: bool) -> None:
    entries = project(1, "甲") | {"项目自评1[1].三级指标": "质量", "项目自评1[1].分值": Decimal(weight)}
    assert ("J440" in {f.code for f in score(net("changli-2023", 1), entries).findings}) is told


def test_hardly_anything_spent_earns_hardly_anything() -> None:
    entries = project(1, "甲", 年初预算=Decimal(100), 调整后预算=Decimal(100), 年度支出=Decimal(2))
    values = score(net("changli-2023", 1), entries | full_rows("项目自评1")).values
    assert values["项目自评1.总分"] == Decimal("90.2")


def test_what_a_person_decides_is_no_fact_of_a_document() -> None:
    own = net("changli-2023", 1)
    decided = {
        key.rpartition(".")[2]
        for key, entry in own.entries.items()
        if key.startswith("项目自评1[1].") and not entry.fact
    }
    assert decided == {"达成程度", "给分比例", "偏差原因", "自评分", "核定分", "核定理由"}
