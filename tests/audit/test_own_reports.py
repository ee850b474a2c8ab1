"""A report written from a workbook says what the workbook says: the audit finds nothing wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import jixiao
from jixiao import pipeline
from jixiao.app import demo
from jixiao.audit import Outcome


@pytest.mark.parametrize("kind", ["核查", "自评"])
@pytest.mark.parametrize("case", ["suixi_book", "changli_book"])
def test_no_figure_of_our_own_reports_is_wrong(
    case: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    book: Path = request.getfixturevalue(case)
    report = tmp_path / "报告.docx"
    jixiao.report(book, report, kind=kind, draft=True)
    made = jixiao.audit(report, book)
    assert [item.data() for item in made.of(Outcome.DISAGREES)] == []
    assert made.shares()["checked_percent"] > 30


@pytest.mark.parametrize("kind", ["核查", "自评"])
def test_points_that_wait_contradict_nothing(kind: str, tmp_path: Path) -> None:
    case = demo.CASES["suixi"]
    folder, book, facts = demo.specimen_folder(case), tmp_path / "评分簿.xlsx", tmp_path / "数.yaml"
    told = yaml.safe_load((folder / case.facts).read_text("utf-8"))
    told["awarded"] = dict(list(told["awarded"].items())[::2])
    facts.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    pipeline.new(case.rubric, book)
    pipeline.fill(book, [folder / source for source in case.sources], facts_file=facts)
    report = tmp_path / "报告.docx"
    jixiao.report(book, report, kind=kind, draft=True)
    made = jixiao.audit(report, book)
    assert [item.data() for item in made.of(Outcome.DISAGREES)] == []
    assert [
        finding.line() for finding in made.findings if finding.code in ("J752", "J754", "J766", "J774")
    ] == []
