"""The lint of official tables: the defects of the 遂溪 table, in the definition and in the table as a county issues it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jixiao import pipeline
from jixiao.authoring import export_rubric, import_rubric, lint, lint_table
from jixiao.model import Level, read_yaml
from jixiao.rubric import load, read_text
from tests.authoring.official.issue import save_docx, save_xlsx

DEFECTS = read_yaml((Path(__file__).parents[1] / "lint" / "suixi.yaml").read_text("utf-8"), "suixi.yaml")
TITLE, TEXT = 5, 8


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The 遂溪 table with the passages that have defects."""
    file = save_xlsx(tmp_path / "评分表2022.xlsx", load("suixi-2022").data["rubric"])
    book = openpyxl.load_workbook(file)
    sheet: Any = book.active
    for row in range(1, sheet.max_row + 1):
        title = sheet.cell(row, TITLE).value
        if title in DEFECTS:
            sheet.cell(row, TEXT).value = DEFECTS[title]["text"]
    book.save(file)
    return file


def test_the_table_as_issued_shows_its_defects(table: Path) -> None:
    title, findings = lint_table(table)
    assert title == "整体支出绩效指标核查评分表"
    sheet: Any = openpyxl.load_workbook(table).active
    cells = {sheet.cell(row, TITLE).value: f"E{row}" for row in range(1, sheet.max_row + 1)}
    for indicator, body in DEFECTS.items():
        for wanted in body["finds"]:
            (found,) = [f for f in findings if f.code == wanted["code"] and f"“{indicator}”" in f.message]
            assert wanted["says"] in found.message
            assert found.sources[0].cell == cells[indicator]
            assert found.advice
    assert not findings.errors


def test_the_table_without_the_defects_shows_none_of_them(tmp_path: Path) -> None:
    _, findings = lint_table(save_xlsx(tmp_path / "评分表.xlsx", load("suixi-2022").data["rubric"]))
    assert {"J319", "J320", "J321", "J322", "J325", "J326", "J329"} & {f.code for f in findings} == set()


def test_the_shipped_definition_quotes_the_defects_in_its_decisions() -> None:
    shown = {f.message: f for f in lint(load("suixi-2022")) if f.code == "J318"}
    for words in ("都含5项", "两个编号为2", "在95%处相接，且没有2分档"):
        (found,) = [f for message, f in shown.items() if words in message]
        assert found.sources[0].cell.startswith("第")
        assert "处理" in found.advice


def test_the_imported_definition_shows_the_same_at_its_lines(table: Path) -> None:
    text, _ = import_rubric(table, "suixi-2030", "遂溪县", 2030, {"title": "通知"})
    lines = text.splitlines()
    findings = lint(read_text(text, "2030.yaml"))
    for indicator, body in DEFECTS.items():
        for wanted in body["finds"]:
            (found,) = [f for f in findings if f.code == wanted["code"] and f"“{indicator}”" in f.message]
            assert found.sources[0].file == "2030.yaml"
            near = "\n".join(lines[int(found.sources[0].cell[1:-1]) - 1 :][:1])
            assert near.strip().startswith(("criteria:", "rule:", "bands:", "kind:"))
    assert [f.line() for f in findings if f.code == "J329"] == []


def test_a_rule_changed_after_the_import_is_held_against_its_text(table: Path) -> None:
    text, _ = import_rubric(table, "suixi-2030", "遂溪县", 2030, {"title": "通知"})
    old = '"[90%,95%)": 1, "[95%,)": 3'
    assert text.count(old) == 1
    changed = text.replace(old, '"[90%,96%)": 1, "[96%,)": 3')
    (found,) = [f for f in lint(read_text(changed, "2030.yaml")) if f.code == "J329"]
    assert "“固定资产利用率”在固定资产利用率为95%时，按评分标准的文字得3分，按规则得1分" in found.message


def test_a_word_file_and_an_edited_workbook_are_looked_at_too(tmp_path: Path) -> None:
    word = save_docx(tmp_path / "评分表.docx", load("suixi-2022").data["rubric"])
    ident, title, findings = pipeline.lint_rubric(str(word))
    assert (ident, title) == ("评分表.docx", "整体支出绩效指标核查评分表")
    assert any(f.code == "J370" for f in findings)
    edited = tmp_path / "修改.xlsx"
    edited.write_bytes(export_rubric(load("suixi-2022")))
    ident, _, findings = pipeline.lint_rubric(str(edited))
    assert ident == "suixi-2022"
    (found,) = [f for f in findings if f.code == "J370"]
    assert (found.sources[0].sheet, found.level) == ("指标", Level.NOTE)


def test_a_table_that_does_not_add_up_is_looked_at_all_the_same(table: Path) -> None:
    book = openpyxl.load_workbook(table)
    sheet: Any = book.active
    row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, TITLE).value == "固定资产利用率")
    sheet.cell(row, TITLE + 1).value = 2
    book.save(table)
    _, findings = lint_table(table)
    assert findings.errors
    assert {"J320", "J325", "J319"} <= {f.code for f in findings}
