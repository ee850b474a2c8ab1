"""Every planted fault is named, none is ranked wrongly, and every workbook has the codes and points of ``jixiao.score``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import jixiao
from jixiao.batch import Standing
from jixiao.model import Stop
from tests.batch import books
from tests.batch.conftest import Province

EDITED = int(os.environ.get("JIXIAO_CASES", "40"))
PROVED = max(5, EDITED // 5)
SEED = int(os.environ.get("JIXIAO_SEED", "2022")) * 1_000
WANTED = {
    "": Standing.RANKED,
    **dict.fromkeys(books.DOUBTFUL, Standing.UNTRUSTED),
    **dict.fromkeys(books.unreadable(), Standing.REFUSED),
    "缺理由": Standing.PENDING,
    "缺单位": Standing.UNNAMED,
    "副本": Standing.COPY,
    "重复": Standing.DOUBLE,
    "另一年度": Standing.RANKED,
    "另一张表": Standing.PENDING,
}


def test_every_fault_is_named_and_none_is_ranked(province: Province) -> None:
    found = {unit["file"]: unit.standing for unit in province.made.summary.units}
    assert found == {file: WANTED[fault] for file, fault in province.files.items()}


def test_what_is_not_ranked_says_why(province: Province) -> None:
    for unit in province.made.summary.units:
        if unit.standing is Standing.REFUSED:
            assert unit["code"] and unit["message"] and unit["advice"], unit["file"]
        elif unit.standing is not Standing.RANKED:
            assert unit.why is not None and unit.why.message, unit["file"]


def test_a_number_changed_is_ranked_once_a_person_wrote_why(province: Province, tmp_path: Path) -> None:
    from jixiao.master import open_scoring_book

    path = tmp_path / "有理由.xlsx"
    path.write_bytes((province.folder / "导入后改数.xlsx").read_bytes())
    book = open_scoring_book(path)
    path.write_bytes(books.saved(book))
    book = open_scoring_book(path)
    row = 5
    while (cell := book.sheet("改动").get(f"B{row}")) is not None and cell.value:
        book.sheet("改动").set(f"K{row}", "原表印错，附更正说明")
        row += 1
    assert row > 5
    path.write_bytes(book.book.to_bytes())
    made = jixiao.batch(tmp_path, tmp_path / "汇总", workers=1)
    assert [unit.standing for unit in made.summary.units] == [Standing.RANKED]


def test_rubrics_and_years_are_ranked_apart(province: Province) -> None:
    groups = province.made.summary.groups
    assert [(group.year, len(group.units)) for group in groups] == [
        ("2022", 8),
        ("2022", 0),
        ("2021", 1),
        ("2023", 0),
    ]
    assert all(unit["year"] == group.year for group in groups for unit in group.units)
    said = [finding.message for unit in province.made.summary.units for finding in unit.oddities]
    assert any("2021年度" in text for text in said)
    assert any("2023年度" in text for text in said)


def test_equal_to_score_on_every_workbook(province: Province) -> None:
    summary = province.made.summary
    compared = 0
    for unit in summary.units:
        path = province.folder / unit["file"]
        if unit["code"] is not None:
            with pytest.raises(Stop) as stop:
                jixiao.score(path)
            assert (unit["code"], unit["message"]) == (stop.value.finding.code, stop.value.finding.message)
            continue
        card = jixiao.score(path)
        assert (unit["total"], unit["rule_total"], unit["grade"]) == (card.total, card.rule_total, card.grade)
        rows = summary.query.rows(
            'SELECT title, rule_points, points, "full", status, explanation FROM points WHERE path = ? ORDER BY number',
            unit["path"],
        )
        assert rows == [
            (i.title, i.rule_points, i.points, i.full, i.status, i.explanation) for i in card.indicators
        ]
        codes = summary.query.rows(
            "SELECT code, message FROM findings WHERE path = ? AND door = 'score'", unit["path"]
        )
        assert codes == [(finding.code, finding.message) for finding in card.findings]
        compared += 1
    assert compared > 15


def test_equal_to_score_whatever_somebody_edited(province: Province, tmp_path: Path) -> None:
    """Dozens of workbooks in a row, so that what is remembered of one could answer for another."""
    place = tmp_path / "评分簿"
    place.mkdir()
    for seed in range(EDITED):
        path = place / f"{seed:03}.xlsx"
        path.write_bytes((province.folder / "一科" / f"单位{seed % 4}.xlsx").read_bytes())
        path.write_bytes(books.edited(path, books.any_cell(SEED + seed)))
    made = jixiao.batch(place, tmp_path / "汇总", workers=1)
    for unit in made.summary.units:
        path = Path(unit["path"])
        if unit["code"] is not None:
            with pytest.raises(Stop) as stop:
                jixiao.score(path)
            assert unit["message"] == stop.value.finding.message
            continue
        card = jixiao.score(path)
        points = made.summary.query.rows(
            "SELECT rule_points, points, status, explanation FROM points WHERE path = ? ORDER BY number",
            str(path),
        )
        assert points == [(i.rule_points, i.points, i.status, i.explanation) for i in card.indicators], (
            path.name
        )
        codes = made.summary.query.rows(
            "SELECT code, message FROM findings WHERE path = ? AND door = 'score'", str(path)
        )
        assert codes == [(finding.code, finding.message) for finding in card.findings], path.name
        assert (unit["total"], unit["rule_total"], unit["grade"]) == (card.total, card.rule_total, card.grade)


def test_who_has_not_reported_is_named(province: Province) -> None:
    assert [member.unit for member in province.made.summary.missing] == ["某县未报局"]


def test_a_doubted_workbook_is_proved_and_a_forged_one_is_not(province: Province) -> None:
    proofs = {unit["file"]: unit["proof"] for unit in province.made.summary.units}
    assert proofs["总分改数.xlsx"] == proofs["公式改动.xlsx"] == proofs["定义伪造.xlsx"] == "failed"


def test_all_are_proved_where_that_is_asked(province: Province, tmp_path: Path) -> None:
    for name in ("单位1.xlsx", "单位2.xlsx"):
        (tmp_path / name).write_bytes((province.folder / "一科" / name).read_bytes())
    made = jixiao.batch(tmp_path, tmp_path / "汇总", workers=1, prove="all")
    assert [unit["proof"] for unit in made.summary.units] == ["proved", "proved"]


def test_proved_in_a_row_each_has_what_it_has_alone(province: Province, tmp_path: Path) -> None:
    """What was found right in the workbooks before, and what an engine has loaded, hides nothing and adds nothing."""
    place = tmp_path / "评分簿"
    place.mkdir()
    for seed in range(4):
        shutil.copy(province.folder / "一科" / f"单位{seed}.xlsx", place / f"0{seed}.xlsx")
    for seed in range(PROVED):
        path = place / f"1{seed:02}.xlsx"
        shutil.copy(province.folder / "一科" / f"单位{seed % 4}.xlsx", path)
        path.write_bytes(books.edited(path, books.any_cell(SEED + 500 + seed)))
    made = jixiao.batch(place, tmp_path / "汇总", workers=1, prove="all")
    assert [unit["proof"] for unit in made.summary.units][:4] == ["proved"] * 4
    for unit in made.summary.units[4:]:
        alone = [sys.executable, "-m", "jixiao", "verify", unit["path"], "--format", "json"]
        told = subprocess.run(alone, capture_output=True, text=True, encoding="utf-8", check=False).stdout
        wanted = {(one["code"], one["message"]) for one in json.loads(told)[0]["findings"]}
        found = made.summary.query.rows(
            "SELECT code, message, door FROM findings WHERE path = ?", unit["path"]
        )
        assert wanted <= {(code, message) for code, message, _ in found}, unit["file"]
        assert {(code, message) for code, message, door in found if door == "proof"} <= wanted, unit["file"]
        assert (unit["proof"] == "proved") == json.loads(told)[0]["proved"], unit["file"]


def test_the_frame_has_a_row_a_file(province: Province) -> None:
    frame = province.made.to_frame()
    assert len(frame) == len(province.files)
    best = frame[frame["rank"] == 1]
    assert Decimal(82) > min(best["total"]) > 0
