"""The examples for people who write with xlwings, on a real spreadsheet program."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import jixiao

xlwings = pytest.importorskip("xlwings")
EXAMPLES = Path(__file__).parents[2] / "examples" / "xlwings"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_macro_lists_what_is_lost_and_may_be_pressed_again(app: Any, own: Path) -> None:
    book = app.books.open(str(own))
    macro = example("macro")
    for _ in range(2):
        macro.score(book)
    rows = book.sheets[macro.SHEET].used_range.value
    card = jixiao.score(own)
    lost = [one for one in card.indicators if one.points is not None and one.points < one.full]
    assert [row[0] for row in rows] == ["指标", *(one.title for one in lost), "合计"] and len(lost) > 3
    assert rows[-1][2:] == [82.27, "良"]


def test_the_script_lists_what_does_not_agree(app: Any, own: Path) -> None:
    book = app.books.open(str(own))
    script = example("script")
    count = script.listed(book)
    rows = book.sheets[script.SHEET].used_range.value
    assert len(rows) == count + 1 > 5
    assert [row[1] for row in rows[1:]] == [error.message for error in jixiao.check(own).errors]


@pytest.mark.parametrize(
    ("sentence", "full", "value", "points"),
    [
        ("≥90%得3分，80%（含）-90%得2分，80%以下得0分", 3.0, "85%", 2.0),
        ("每发现一处扣1分，扣完为止", 3.0, 2.0, 1.0),
        ("酌情扣分", 3.0, "是", None),
    ],
)
def test_the_function_scores_a_value_or_says_what_to_ask(
    sentence: str, full: float, value: object, points: float | None
) -> None:
    made = example("udf").评分标准得分(sentence, full, value)
    assert made == points if points is not None else isinstance(made, str) and made


def test_the_examples_are_short() -> None:
    assert all(len(file.read_text("utf-8").splitlines()) <= 32 for file in EXAMPLES.glob("*.py"))
