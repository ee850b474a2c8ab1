"""A definition that does not hold is refused where it is loaded: one Chinese line with file, line, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.model import Body, DefinitionError, UsageStop, read_yaml
from jixiao.rubric import from_data, read_data, read_text, to_json

HERE = Path(__file__).parent
TEXT = (HERE / "every_kind.yaml").read_text("utf-8")
CASES = read_yaml((HERE / "refusals.yaml").read_text("utf-8"), "refusals.yaml")
FREE = {"bands", "options", "points", "pieces", "grades", "concepts"}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{name} {n}") for name, listed in CASES.items() for n, case in enumerate(listed)],
)
def test_a_definition_is_refused_or_taken(tmp_path: Path, case: Any) -> None:
    assert TEXT.count(case["old"]) == 1
    file = tmp_path / "例.yaml"
    file.write_text(TEXT.replace(case["old"], case["new"]), "utf-8")
    if "says" not in case:
        assert pipeline.rubric(str(file)).id == "every-2024"
        return
    line = TEXT[: TEXT.index(case["old"])].count("\n") + 1
    below = int(case.get("line", 0))
    with pytest.raises(UsageStop) as stop:
        pipeline.rubric(str(file))
    assert stop.value.exit_code == 2
    assert stop.value.finding.code == "J802"
    said = stop.value.finding.line()
    assert case["says"] in said
    assert f"例.yaml 第{line + below}行" in said
    assert stop.value.finding.advice
    assert "\n" not in said


def test_every_group_has_cases_that_are_refused() -> None:
    assert all(any("says" in case for case in listed) for listed in CASES.values())
    assert any("says" not in case for case in CASES["gap"])


def test_an_unknown_key_is_refused_wherever_it_stands() -> None:
    count = 0
    for path in _records(read_yaml(TEXT, "例.yaml"), ()):
        data = read_yaml(TEXT, "例.yaml")
        body: Any = data
        for key in path:
            body = body[key]
        body["没有这个键"], body.lines["没有这个键"] = "甲", 777
        if path and path[-1] in FREE:
            continue
        count += 1
        with pytest.raises(DefinitionError, match="未知的键“没有这个键”") as caught:
            read_data(data)
        assert caught.value.line == 777
    assert count > 80


def _records(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, Body):
        yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from _records(value, (*path, key))


def test_a_workbook_made_before_bands_were_checked_still_opens() -> None:
    gap = TEXT.replace('"[90%,)": 2, "(,90%)": 0', '"[90%,)": 2')
    with pytest.raises(DefinitionError):
        read_text(gap, "例.yaml")
    kept = to_json(read_text(gap, "例.yaml", doubtful=True))
    assert from_data(kept).id == "every-2024"
