"""The narrow reading of the catalogue says what the YAML library says, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import jixiao
from jixiao.model import read_plain, read_yaml

FILES = sorted((Path(jixiao.__file__).parent / "model" / "findings").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_readings_of_the_catalogue_agree(file: Path) -> None:
    text = file.read_text("utf-8")
    assert read_plain(text) == read_yaml(text, file.name)


@pytest.mark.parametrize(
    "text",
    [
        "J1:\n  a: 'x'\n", 'J1:\n  a: "x\\n"\n', "J1:\n  a: |\n    x\n", "J1:\n  a: x # y\n", "J1:\n  a: x: y\n",
        "J1: {a: b}\n", "J1:\n    a: b\n", "J1:\n  a: b\n  a: c\n", "J1:\n  a: b\nJ1:\n  a: b\n", "J1:\n  a: 3\n",
        "J1:\n  a: true\n", "J1:\n  a: *x\n", "J1:\n  a:\n", "  a: b\n", "- a\n", 'J1:\n  a: "x\n', "J1:\n  a: b:\n",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_library(text: str) -> None:
    assert read_plain(text) is None
