"""A report written from a workbook says what the workbook says: the audit finds nothing wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import jixiao
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
