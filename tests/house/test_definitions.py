"""Definitions are data: every file loads, and every indicator and cross-check names its legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao import rubric
from jixiao.intake import load
from jixiao.model import Body, load_yaml
from tests.house.tree import PACKAGE, shown

FILES = sorted(PACKAGE.rglob("*.yaml"))
IDENTITIES = PACKAGE / "checks" / "identities"


def test_the_rooms_hold_definitions() -> None:
    assert any("forms" in file.parts for file in FILES)
    assert any("rubrics" in file.parts for file in FILES)
    assert any("identities" in file.parts for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_every_definition_loads_strictly(file: Path) -> None:
    assert load_yaml(file)


def test_every_form_loads_under_one_id() -> None:
    forms = load(())
    assert len({form.id for form in forms}) == len(forms) > 0


def test_every_rubric_file_is_shipped_under_its_place() -> None:
    places = {f"{f.parent.name}-{f.stem}" for f in (PACKAGE / "rubric" / "rubrics").rglob("*.yaml")}
    assert set(rubric.shipped()) == places


@pytest.mark.parametrize("name", sorted(rubric.shipped()))
def test_every_indicator_names_its_legal_basis(name: str) -> None:
    made = rubric.load(name)
    assert made.reference.title
    assert made.grade_reference.title
    assert made.indicators()
    assert [indicator.key for indicator in made.indicators() if not indicator.reference.title] == []


@pytest.mark.parametrize("name", sorted(rubric.shipped()))
def test_every_indicator_writes_its_own_reference(name: str) -> None:
    """Not inherited in silence: the block of the indicator itself says where it stands."""
    silent = [body["title"] for body in _indicators(load_yaml(_file(name))) if "reference" not in body]
    assert silent == []


@pytest.mark.parametrize("file", sorted(IDENTITIES.rglob("*.yaml")), ids=shown)
def test_every_cross_check_names_its_legal_basis(file: Path) -> None:
    checks = [body for body in _records(load_yaml(file)) if "left" in body or "right" in body]
    assert checks, "a file of cross-checks without any"
    assert [body.get("id", body.line) for body in checks if not _title(body, load_yaml(file))] == []


def _file(name: str) -> Path:
    place, year = name.rsplit("-", 1)
    return PACKAGE / "rubric" / "rubrics" / place / f"{year}.yaml"


def _title(body: Body, whole: Body) -> str:
    own, shared = body.get("reference") or {}, whole.get("reference") or {}
    return str(own.get("title") or shared.get("title") or "")


def _indicators(data: Any) -> Iterator[Body]:
    """The third-level indicators: those with a weight and a rule."""
    yield from (body for body in _records(data) if "weight" in body and "rule" in body)


def _records(data: Any) -> Iterator[Body]:
    if isinstance(data, Body):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _records(item)
