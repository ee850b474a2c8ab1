"""rubric import, export and diff as a rule owner uses them: an issued table, an edited workbook, two tables compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.app import main
from tests.authoring.official.issue import save_docx, save_xlsx


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_an_issued_table_becomes_a_live_workbook(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = pipeline.rubric("suixi-2022")
    issued = tmp_path / f"2025年评分表.{ending}"
    (save_xlsx if ending == "xlsx" else save_docx)(issued, rubric.data["rubric"])
    definition = tmp_path / "some-county-2025.yaml"
    assert main(["rubric", "import", str(issued), "-o", str(definition), "--place", "某县"]) == 0
    assert "已写入" in capsys.readouterr().out
    made = pipeline.rubric(str(definition))
    own = "某县整体支出绩效指标核查评分表-2025"  # the title's, whatever the file is called
    assert (made.id, made.year, made.jurisdiction) == (own, 2025, "某县")
    assert main(["new", str(definition), "-o", str(tmp_path / "评分簿.xlsx")]) == 0
    assert main(["verify", str(tmp_path / "评分簿.xlsx")]) == 0
    capsys.readouterr()
    assert main(["rubric", "import", str(issued), "-o", str(definition)]) == 6, "an existing file is kept"


def test_a_rubric_edited_in_a_workbook_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, back = tmp_path / "修改.xlsx", tmp_path / "suixi.yaml"
    assert main(["rubric", "export", "suixi-2022", "-o", str(book)]) == 0
    assert main(["rubric", "import", str(book), "-o", str(back)]) == 0
    capsys.readouterr()
    assert main(["rubric", "diff", "suixi-2022", str(back), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"changes": []}


def test_a_changed_weight_is_a_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("src/jixiao/rubric/rubrics/suixi/2022.yaml").read_text("utf-8")
    changed = tmp_path / "suixi.yaml"
    changed.write_text(text.replace('"(,10%]": 3, "(10%,20%]": 2', '"(,8%]": 3, "(8%,20%]": 2'), "utf-8")
    assert main(["rubric", "diff", "suixi-2022", str(changed)]) == 0
    shown = capsys.readouterr().out
    assert "结转结余率" in shown
    assert "共 2 处不同" in shown


def test_what_is_no_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "说明.xlsx"
    wrong.write_text("不是表格", "utf-8")
    assert main(["rubric", "import", str(wrong), "-o", str(tmp_path / "x.yaml")]) == 3
    assert not (tmp_path / "x.yaml").exists()
    assert "说明.xlsx" in capsys.readouterr().err


def test_a_gap_is_refused_and_the_lint_names_every_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("src/jixiao/rubric/rubrics/suixi/2022.yaml").read_text("utf-8")
    wrong = tmp_path / "suixi.yaml"
    wrong.write_text(text.replace('"(10%,20%]": 2, ', "").replace('"[90%,95%)": 1, ', ""), "utf-8")
    line = text[: text.index('"(10%,20%]": 2')].count("\n") + 1
    for verb in (["rubric", "show", str(wrong)], ["new", str(wrong), "-o", str(tmp_path / "簿.xlsx")]):
        assert main(verb) == 2
        said = capsys.readouterr().err
        assert f"suixi.yaml 第{line}行：“结转结余率”的档次没有包括10%＜数值≤20%" in said
    assert main(["rubric", "lint", str(wrong), "--json"]) == 1
    found = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["level"] == "error"]
    assert [(f["code"], f["sources"][0]["label"]) for f in found] == [
        ("J301", "结转结余率"),
        ("J301", "固定资产利用率"),
    ]
    assert found[0]["sources"][0]["cell"] == f"第{line}行"


def test_an_issued_table_can_be_looked_at_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issued = save_xlsx(tmp_path / "评分表.xlsx", pipeline.rubric("suixi-2022").data["rubric"])
    assert main(["rubric", "lint", str(issued)]) == 0
    assert "整体支出绩效指标核查评分表（评分表.xlsx）：检查完毕" in capsys.readouterr().out
    assert main(["rubric", "lint", str(tmp_path / "没有.xlsx")]) == 3
