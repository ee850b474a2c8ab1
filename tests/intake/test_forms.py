"""Form definitions: strictly loaded, replaceable by the user's own, and all of one vocabulary."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import intake
from jixiao.intake import load
from jixiao.model import DefinitionError, concepts
from tests.intake.grids import rows, xlsx

FORM = """\
id: 某县-三公
title: 某县三公经费统计表
document: 县表
blank: pending
blocks:
  三公:
    label: [项目]
    columns:
      数: [本年数]
    lines:
      - {label: 三公经费, 数: 三公经费决算数}
"""


def write(folder: Path, text: str) -> Path:
    place = folder / "forms" / "某县" / "2024"
    place.mkdir(parents=True)
    (place / "01.yaml").write_text(text, "utf-8")
    return folder


def test_every_shipped_form_loads_and_uses_only_the_vocabulary() -> None:
    forms = load(())
    assert len({form.id for form in forms}) == len(forms) > 15
    used = {name for form in forms for block in form.blocks for line in block.lines for _, name in line.facts}
    assert used <= set(concepts())
    for form in forms:
        for block in form.blocks:
            names = {column.name for column in block.columns}
            assert {c.filled for c in block.columns} | {c.beside for c in block.columns} <= names | {""}


def test_names_are_unique_and_fit_to_be_names_of_excel() -> None:
    for name in concepts():
        assert name.isidentifier() and len(name) <= 255


def test_a_folder_of_definitions_adds_a_form(tmp_path: Path) -> None:
    folder = write(tmp_path, FORM)
    source = tmp_path / "x.xlsx"
    sheet = rows(
        "a",
        [["某县三公经费统计表（2024年）"], ["单位：元"], ["项目", "本年数"], ["一、“三公”经费", "12,300.00"]],
    )
    source.write_bytes(xlsx(sheet))
    fact = intake.read([source], definitions=[folder]).facts.of("三公经费决算数")[0]
    assert (fact.value, fact.source.document, fact.source.cell) == (Decimal("1.23"), "县表", "B4")
    assert not intake.read([source]).recognised


def test_a_user_form_with_a_shipped_id_takes_its_place(tmp_path: Path) -> None:
    folder = write(tmp_path, FORM.replace("某县-三公", "财决01-1"))
    forms = {form.id: form for form in load([folder])}
    assert forms["财决01-1"].document == "县表"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("document: 县表", "dokument: 县表", 3, "未知的键"),
        ("blank: pending\n", "", 1, "缺少键"),
        ("blank: pending", "blank: maybe", 4, "zero 或 pending"),
        ("blank: pending", "blank: pending\nblank: zero", 5, "重复"),
        ("三公经费决算数", "三公经费决算书", 11, "三公经费决算数"),
        ("{label: 三公经费, 数:", "{label: 三公经费, 个:", 11, "未知的键"),
        ("      数: [本年数]", "      数: 本年数", 9, "标题词"),
        ("blank: pending", "blank: pending\nlayout: circle", 5, "layout"),
        ("数: [本年数]", "数: {words: [本年数], filled: 无}", 9, "没有名为"),
        ("blank: pending", "blank: pending\nunit: 美元", 5, "单位"),
    ],
)
def test_a_wrong_definition_is_an_error_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    folder = write(tmp_path, FORM.replace(old, new))
    with pytest.raises(DefinitionError) as error:
        load([folder])
    assert "01.yaml" in str(error.value) and f"第{line}行" in str(error.value) and says in str(error.value)


def test_the_same_id_twice_is_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path, FORM)
    (folder / "forms" / "某县" / "2024" / "02.yaml").write_text(FORM, "utf-8")
    with pytest.raises(DefinitionError, match="重复"):
        load([folder])
