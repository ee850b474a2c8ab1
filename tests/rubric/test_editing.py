"""A rubric as an editable workbook and back: the same definition, and cells that do not hold say where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jixiao.model.finding import Refused
from jixiao.model.strict import load_text
from jixiao.rubric import load, shipped
from jixiao.rubric.editing import export_rubric, import_edited


def exported(folder: Path, name: str = "suixi-2022") -> Path:
    file = folder / "评分表.xlsx"
    file.write_bytes(export_rubric(load(name)))
    return file


def edited(file: Path, sheet: str, cell: str, value: Any) -> Path:
    book = openpyxl.load_workbook(file)
    book[sheet][cell] = value
    book.save(file)
    return file


def place(file: Path, title: str, heading: str) -> str:
    """The cell of an indicator's row under a heading of the 指标 sheet."""
    sheet = openpyxl.load_workbook(file)["指标"]
    column = next(cell.column_letter for cell in sheet[3] if cell.value == heading)
    row = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[5].value == title)
    return f"{column}{row}"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_it_comes_back_to_the_same_definition(tmp_path: Path, name: str) -> None:
    text = import_edited(exported(tmp_path, name))
    assert load_text(text, "例.yaml") == load(name).data["rubric"]


def test_a_changed_cell_is_a_changed_rule(tmp_path: Path) -> None:
    file = exported(tmp_path)
    text = import_edited(
        edited(
            file, "指标", place(file, "固定资产利用率", "区间：分值"), "[96%,)：3\n[90%,96%)：1\n(,90%)：0"
        )
    )
    rules = {body["title"]: body["rule"] for body in _indicators(load_text(text, "例.yaml"))}
    assert set(rules["固定资产利用率"]["bands"]) == {"[96%,)", "[90%,96%)", "(,90%)"}


def test_rule_kinds_are_picked_from_a_list(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(exported(tmp_path))["指标"]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert any("分档" in text and "逐档扣分" in text for text in lists)


@pytest.mark.parametrize(
    ("title", "heading", "value", "code"),
    [
        ("固定资产利用率", "区间：分值", "没有冒号", "J361"),
        ("支出完成率", "权重", 5, "J362"),
        ("支出完成率", "计分依据", "没有这个名称", "J362"),
        ("支出完成率", "规则类型", "随便", "J362"),
        ("支出完成率", "其他参数", "{", "J361"),
    ],
)
def test_what_does_not_hold_is_refused(
    tmp_path: Path, title: str, heading: str, value: Any, code: str
) -> None:
    file = exported(tmp_path)
    cell = place(file, title, heading)
    with pytest.raises(Refused) as stop:
        import_edited(edited(file, "指标", cell, value))
    assert stop.value.finding.code == code
    if code == "J361":
        assert stop.value.finding.sources[0].cell == cell


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(Refused) as stop:
        import_edited(tmp_path / "a.xlsx")
    assert stop.value.finding.code == "J360"


def _indicators(data: Any) -> list[Any]:
    return [body for first in data["levels"] for second in first["levels"] for body in second["indicators"]]
