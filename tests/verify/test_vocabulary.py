"""The allow-list: every case of ``vocabulary_cases.yaml``, and the limits of Excel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from jixiao.verify import ALLOWED, offences

CASES = yaml.safe_load(Path(__file__).with_name("vocabulary_cases.yaml").read_text("utf-8"))


@pytest.mark.parametrize("formula", CASES)
def test_offences(formula: str) -> None:
    found = offences(formula)
    words = CASES[formula]
    assert bool(found) == bool(words), found
    assert all(any(word in text for text in found) for word in words), found


def test_offences_are_chinese_and_not_repeated() -> None:
    found = offences("=IFERROR(IFERROR(A:A,B:B),1)")
    assert len(found) == len(set(found)) == 2
    assert all(re.search("[\u4e00-\u9fff]", text) for text in found)


def test_limits_of_excel() -> None:
    assert offences(f'="{"字" * 255}"') == []
    assert offences(f'="{"字" * 254}"""') == []
    assert "255" in offences(f'="{"字" * 256}"')[0]
    deep = "=" + "IF(A1>1,1," * 64 + "0" + ")" * 64
    assert offences(deep) == []
    assert "64" in offences("=" + "IF(A1>1,1," * 65 + "0" + ")" * 65)[0]
    assert "8192" in offences("=1" + "+1" * 5000)[0]


def test_every_allowed_function_is_justified_and_tested() -> None:
    cases = Path(__file__).with_name("engine_cases.yaml").read_text("utf-8")
    for name, why in ALLOWED.items():
        assert len(why) > 10
        assert f"{name}(" in cases, name
