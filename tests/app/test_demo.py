"""The demo: the published table, and a folder in which nothing of the user's is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao.model import Findings
from jixiao.verify import GROUPS, EngineRun, Verified


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GROUPS, "all", GROUPS["fast"])


def test_the_demo_prints_the_published_case(tmp_path: Path, run: Any) -> None:
    ran = run("demo", tmp_path / "演示")
    text = ran.out.replace("\n    ", "")
    assert (ran.code, ran.err) == (0, "")
    assert "合计  得分 82.27  规则合计 82.00" in ran.out and "核验通过" in ran.out
    for figure in ("5.74%", "100%", "0%", "56%", "53.87%"):
        assert any(line.split()[1:] == [figure, figure, "一致"] for line in ran.out.splitlines()), figure
    for pair in (
        ("36.58", "32.42"),
        ("36.58", "26.59"),
        ("139.40", "177.06"),
        ("8人", "10人"),
        ("4.4分", "4.5分"),
    ):
        assert any(all(figure in line for figure in pair) for line in text.splitlines()), pair
    assert "-291.96" in text and "政府采购实际金额0.95" in ran.out.replace("\n", "").replace(" ", "")
    assert {file.name for file in (tmp_path / "演示").iterdir()} == {
        "来源",
        "评分簿.xlsx",
        ".jixiao-demo.json",
    }


def test_the_second_case_shows_what_its_report_does_not_say(tmp_path: Path, run: Any) -> None:
    ran = run("demo", "changli", tmp_path / "演示")
    text = ran.out.replace("\n    ", "")
    assert (ran.code, ran.err) == (0, "")
    assert "合计  得分 98.00" in ran.out and "核验通过" in ran.out
    for name, figure in (
        ("整体支出率", "100%"), ("项目支出率", "100%"), ("招商引资工作经费自评得分", "96"),
        ("招商引资工作经费评价等级", "优"), ("部门整体评价等级", "优"), ("整体支出率（对年初预算）", "86.42%"),
        ("整体预算调整率", "-13.58%"), ("项目支出率（对年初预算）", "61.26%"), ("项目预算调整率", "-38.74%"),
        ("优秀项目个数", "1"), ("评优率", "100%"), ("转移支付评优率", "不适用"),
    ):  # fmt: skip
        lines = [line.split() for line in ran.out.splitlines()]
        assert [name, figure] in [line[:2] for line in lines if line[-1:] == ["一致"]], name
    assert "只对全年预算数116.15万元成立" in text and "只对全年预算数30.629万元成立" in text
    assert "示例" in ran.out


def test_a_case_that_is_not_known_is_refused(tmp_path: Path, run: Any) -> None:
    ran = run("demo", "邻县", tmp_path)
    assert ran.code == 2 and "changli" in ran.line


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the proof out where the folder is what the test is about."""

    def proved(paths: list[Path], **_: object) -> list[Verified]:
        return [
            Verified(path, Findings(), 1, [EngineRun("formulas", 1)], jixiao.score(path)) for path in paths
        ]

    monkeypatch.setattr("jixiao.pipeline.verify", proved)


@pytest.mark.usefixtures("quickly")
def test_again_in_the_same_folder_nothing_of_the_users_is_touched(tmp_path: Path, run: Any) -> None:
    assert run("demo", tmp_path).code == 0
    book = tmp_path / "评分簿.xlsx"
    first = book.stat().st_ino
    assert run("demo", tmp_path).code == 0
    assert book.stat().st_ino != first and not list(tmp_path.glob("评分簿-*"))
    (tmp_path / "我的.txt").write_text("x", "utf-8")
    mine, changed = b"my own workbook", b"my own source"
    book.write_bytes(mine)
    (tmp_path / "来源" / "科目余额表.csv").write_bytes(changed)
    ran = run("demo", tmp_path)
    assert ran.code == 0 and "评分簿-2.xlsx" in ran.out and "科目余额表-2.csv" in ran.out
    assert book.read_bytes() == mine and (tmp_path / "来源" / "科目余额表.csv").read_bytes() == changed
    assert run("score", tmp_path / "评分簿-2.xlsx", "--json").data["total"] == 82.27
    assert (tmp_path / "我的.txt").read_text("utf-8") == "x"


@pytest.mark.usefixtures("quickly")
def test_a_demo_workbook_that_is_open_is_not_replaced(tmp_path: Path, run: Any) -> None:
    assert run("demo", tmp_path).code == 0
    before = (tmp_path / "评分簿.xlsx").read_bytes()
    (tmp_path / ".~lock.评分簿.xlsx#").touch()
    ran = run("demo", tmp_path)
    assert ran.code == 4 and "正被" in ran.line and ran.out == ""
    assert (tmp_path / "评分簿.xlsx").read_bytes() == before


@pytest.mark.usefixtures("quickly")
def test_a_figure_that_is_not_the_published_one_fails_the_demo(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    from jixiao.app import demo

    case = Path(shutil.copytree(demo.specimen_folder(), tmp_path / "case"))
    published = (case / "case.yaml").read_text("utf-8")
    (case / "case.yaml").write_text(published.replace("三公经费控制率: 56%", "三公经费控制率: 57%"), "utf-8")
    monkeypatch.setattr("jixiao.app.demo.specimen_folder", lambda _: case)
    ran = run("demo", tmp_path / "演示")
    assert ran.code == 1 and any(line.endswith("57%  不一致") for line in ran.out.splitlines())
