"""The words of the audit are strictly loaded: a misspelt key or kind is named with its file, line and nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.audit import SUBJECTS, vocabulary
from jixiao.model import DefinitionError


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("subjects:", "subject:", "是否指“subjects”"),
        ("phrases: [固定资产原值]", "phrase: [固定资产原值]", "是否指“phrases”"),
        ("sort: rate", "sort: rates", "未知的种类“rates”，是否指“rate”"),
        ("  spent: [", "  spend: [", "是否指“spent”"),
        ("over: [决算数", "ovr: [决算数", "是否指“over”"),
        ("parts: {人员经费: []", "part: {人员经费: []", "是否指“parts”"),
        ("adjusted: [收入全年预算数]", "adjust: [收入全年预算数]", "是否指“adjusted”"),
        ("人员经费: [], ", "人员经费: 0, ", "应为文字的列表"),
    ],
)
def test_what_is_misspelt_is_named(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    text = SUBJECTS.read_text("utf-8")
    line = text[: text.index(right)].count("\n") + 1
    file = tmp_path / "subjects.yaml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DefinitionError) as error:
        vocabulary(file)
    assert said in str(error.value)
    assert f"subjects.yaml 第{line}行" in str(error.value)
