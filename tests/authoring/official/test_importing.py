"""A table as a definition: it loads, says where a person decides, ties names, and comes back out of a workbook's data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from jixiao.authoring import import_rubric
from jixiao.model import DefinitionError, Refused
from jixiao.rubric import from_data, load, read_text, to_json

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "指标说明", "评分标准")
ROWS = (
    (
        "投入",
        "预算",
        "支出完成率",
        30,
        "支出完成率=年度实际支出/财政下达预算数×100%",
        "100%>结果≥90%，得20分；结果=100%，得30分；结果<90%，不得分",
    ),
    ("", "", "培训到课率", 30, "培训到课率=到课人次数/应到人次数×100%", "得分=培训到课率×30分"),
    ("产出", "质量", "材料质量", 40, "看材料", "材料齐全的，得40分，不齐全的，酌情扣分"),
)
CITED = {"title": "关于例子的通知", "number": "例〔2024〕1号"}


def table(folder: Path, rows: Sequence[Sequence[object]] = ROWS) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("例县评分表",), HEAD, *rows):
        book.active.append(list(row))
    book.save(folder / "评分表.xlsx")
    return folder / "评分表.xlsx"


def test_the_definition_loads_and_carries_its_own_names(tmp_path: Path) -> None:
    text, findings = import_rubric(table(tmp_path), "li-2024", "例县", 2024, CITED)
    file = tmp_path / "2024.yaml"
    file.write_text(text, encoding="utf-8")
    made = load(str(file))
    assert (made.id, made.title, made.year, made.reference.number) == (
        "li-2024",
        "例县评分表",
        2024,
        "例〔2024〕1号",
    )
    assert [i.rule.kind for i in made.indicators()] == ["bands", "proportional", "point"]
    assert made.quantities["支出完成率"].text == "年度支出决算数 / 财政下达预算数"
    assert {"到课人次数", "应到人次数"} <= set(made.facts)
    assert {f.code for f in findings} == {"J351", "J352", "J353", "J354"}


def test_a_rubric_with_its_own_names_is_self_contained(tmp_path: Path) -> None:
    text, _ = import_rubric(table(tmp_path), "li-2024", "例县", 2024, CITED)
    made = read_text(text, "例.yaml")
    again = from_data(to_json(made))
    assert again.data["rubric"] == made.data["rubric"]
    assert set(again.facts) == set(made.facts)


def test_ids_stay_with_their_titles(tmp_path: Path) -> None:
    text, _ = import_rubric(table(tmp_path), "li-2024", "例县", 2024, CITED)
    turned = [(*ROWS[2][:3], *ROWS[2][3:]), ("投入", "预算", *ROWS[1][2:]), ROWS[0]]
    other, _ = import_rubric(table(tmp_path, turned), "li-2025", "例县", 2025, CITED)
    ids = {i.key: i.id for i in read_text(text, "例").indicators()}
    assert ids["支出完成率"] == "expenditure-completion"  # as the shipped table calls it
    assert ids == {i.key: i.id for i in read_text(other, "例").indicators()}


def test_a_table_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as stop:
        import_rubric(
            table(tmp_path, [(*row[:3], 29, *row[4:]) for row in ROWS]), "li-2024", "例县", 2024, CITED
        )
    assert stop.value.finding.code == "J350"


def test_a_name_of_its_own_must_not_hide_a_shared_one(tmp_path: Path) -> None:
    text, _ = import_rubric(table(tmp_path), "li-2024", "例县", 2024, CITED)
    wrong = text.replace("name: 到课人次数, unit: 人", "name: 收入预算数, unit: 人")
    assert wrong != text
    with pytest.raises(DefinitionError, match="已被使用"):
        read_text(wrong, "例.yaml")
