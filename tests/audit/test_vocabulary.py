"""The words of the audit are strictly loaded: a misspelt key or kind is named with its file, line and nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.audit import WORDS, lexicon
from jixiao.model import DefinitionError


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("\nstages:", "\nstage:", "是否指“stages”"),
        ("\nrated: [", "\nrate: [", "是否指“rate"),
        ("  其他收入: [其他收入]", "  其他收入: 其他收入", "应为文字的列表"),
        ("{words: [评优率]}", "{word: [评优率]}", "是否指“words”"),
        ("own: false}", "owns: false}", "是否指“own”"),
        ("{item: 收支总计, fund: 部门}", "{item: 收支总计, found: 部门}", "是否指“fund”"),
        ("counted: {项目支出: 项目}", "counted: {项目支出: [项目]}", "应为文字"),
    ],
)
def test_what_is_misspelt_is_named(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    text = WORDS.read_text("utf-8")
    line = text[: text.index(right)].count("\n") + 1 + right.startswith("\n")
    file = tmp_path / "words.yaml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DefinitionError) as error:
        lexicon(file)
    assert said in str(error.value)
    assert f"words.yaml 第{line}行" in str(error.value)
