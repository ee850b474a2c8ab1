"""A folder of source files for each unit: workbooks are filled first, by the same code, and kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import jixiao
from jixiao import pipeline
from jixiao.batch import Batch
from jixiao.model import UsageStop
from tests.batch import books


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    place = tmp_path_factory.mktemp("sources") / "源表"
    for unit in ("某县甲局", "某县乙局"):
        folder = place / unit / "决算"
        folder.mkdir(parents=True)
        for name in books.SOURCES if unit == "某县甲局" else books.SOURCES[:1]:
            shutil.copy(books.SPECIMENS / name, folder)
    shutil.copy(books.SPECIMENS / "judgements.yaml", place / "某县甲局")
    (place / "某县丙局").mkdir()
    (place / "某县丙局" / "通知.txt").write_text("没有表格的一段话。", "utf-8")
    (place / "空的").mkdir()
    return jixiao.batch(place, place / "汇总", from_sources="suixi-2022", workers=1)


def test_each_folder_is_a_workbook_of_its_unit(made: Batch, tmp_path: Path) -> None:
    rows = {unit["file"]: unit for unit in made.summary.units}
    assert rows.keys() == {"某县甲局.xlsx", "某县乙局.xlsx", "某县丙局"}
    whole = rows["某县甲局.xlsx"]
    assert (whole["unit"], whole["code"]) == ("某县甲局", None)
    assert (
        whole["total"]
        == jixiao.score(whole["path"]).total
        == jixiao.score(books.filled(tmp_path / "一本.xlsx")).total
    )
    assert rows["某县乙局.xlsx"]["pending"] > 0
    assert sorted(path.name for path in (made.folder / "评分簿").iterdir()) == [
        "某县乙局.xlsx",
        "某县甲局.xlsx",
    ]


def test_a_folder_without_tables_is_a_row_that_says_so(made: Batch) -> None:
    (row,) = (unit for unit in made.summary.units if unit["file"] == "某县丙局")
    assert row["code"]
    assert row["message"]
    assert row["advice"]


def test_what_was_noticed_while_filling_is_kept(made: Batch) -> None:
    path = next(unit["path"] for unit in made.summary.units if unit["unit"] == "某县甲局")
    doors = {
        door for (door,) in made.summary.query.rows("SELECT DISTINCT door FROM findings WHERE path = ?", path)
    }
    assert "score" in doors


def test_what_is_done_is_not_done_again_and_what_lies_there_is_no_source(made: Batch) -> None:
    place = made.folder.parent
    again = jixiao.batch(place, made.folder, from_sources="suixi-2022", workers=1, resume=True)
    assert (again.done.kept, len(again.summary.units)) == (3, 3)
    other = pipeline.batch(place, made.folder.parent.parent / "另", from_sources="suixi-2022", workers=2)
    assert {unit["total"] for unit in other.summary.units} == {unit["total"] for unit in made.summary.units}


def test_a_rubric_that_is_not_there_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "a.csv").write_text("x", "utf-8")
    with pytest.raises(UsageStop) as stop:
        jixiao.batch(tmp_path, tmp_path / "汇总", from_sources="没有")
    assert stop.value.finding.code == "J801"
