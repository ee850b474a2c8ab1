"""The catalogue of findings: every code is used, every use is in the catalogue, the page is made from it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from jixiao.model import CatalogueEntry, catalogue
from tests.house.tree import PACKAGE, parsed, shown, source_files

CODE = re.compile(r"J\d{3}")
MAKERS = {"make", "add", "Stop", "UsageStop", "Refused", "Busy", "LimitReached", "CannotWrite"}


def literals() -> Iterator[tuple[str, str]]:
    """Every code that stands as a text in the package, with its place."""
    for file in source_files():
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value, f"{shown(file)}:{node.lineno}"


def calls() -> Iterator[tuple[ast.Call, str, str]]:
    """Every call that makes a finding of a literal code: the call, the code, its place."""
    for file in source_files():
        for node in ast.walk(parsed(file)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in MAKERS and isinstance(first, ast.Constant) and CODE.fullmatch(str(first.value)):
                yield node, str(first.value), f"{shown(file)}:{node.lineno}"


def blanks(entry: CatalogueEntry) -> set[str]:
    """The names an entry wants filled in."""
    parts = (*string.Formatter().parse(entry.message), *string.Formatter().parse(entry.advice))
    return {name for _, name, _, _ in parts if name is not None}


def test_every_code_is_raised_somewhere() -> None:
    assert catalogue().keys() - {code for code, _ in literals()} == set()


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    assert [f"{place}: {code}" for code, place in literals() if code not in catalogue()] == []


def test_every_message_gets_the_words_it_needs() -> None:
    short = []
    for call, code, place in calls():
        given = {word.arg for word in call.keywords}
        if code in catalogue() and None not in given:  # None: **words, known only when it runs
            lacking = blanks(catalogue()[code]) - given
            if lacking:
                short.append(f"{place}: {code} lacks {sorted(lacking)}")
    assert short == []


def test_every_entry_has_plain_words_and_named_blanks() -> None:
    for entry in catalogue().values():
        assert re.search(r"[\u4e00-\u9fff]", entry.about), entry.code
        assert entry.message, entry.code
        assert all(name.isidentifier() for name in blanks(entry)), entry.code


@pytest.mark.parametrize(
    "file", sorted((PACKAGE / "model" / "findings").glob("*.yaml")), ids=lambda f: f.stem
)
def test_a_file_keeps_to_the_hundred_of_its_room_and_in_order(file: Path) -> None:
    codes = re.findall(r"^(J\d{3}):", file.read_text("utf-8"), re.MULTILINE)
    assert len({code[:2] for code in codes}) == 1
    assert codes == sorted(codes)
