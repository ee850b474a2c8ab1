"""Project tables in a department's workbook: as many as asked for, proved like everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("rubric", ["suixi-2022", "changli-2023"])
def test_as_many_as_asked_for(rubric: str, tmp_path: Path, run: Any) -> None:
    from openpyxl import load_workbook

    book = tmp_path / "评分簿.xlsx"
    assert run("new", rubric, "-o", book, "--projects", "3", "--project-form", "project-cost-2021").code == 0
    names = load_workbook(book, read_only=True).sheetnames
    assert [name for name in names if name.startswith("项目")] == [
        "项目汇总",
        *(f"项目自评{n}" for n in (1, 2, 3)),
    ]
    ran = run("verify", book, "--engine", "formulas", "--format", "json")
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--projects", "201"), 2),
        (("--projects", "-1"), 2),
        (("--project-form", "没有"), 2),
        (("--projects", "x"), 2),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(
    words: tuple[str, ...], code: int, tmp_path: Path, run: Any
) -> None:
    ran = run("new", "suixi-2022", "-o", tmp_path / "x.xlsx", *words)
    assert ran.code == code and ran.line
    assert not (tmp_path / "x.xlsx").exists()


def test_a_single_project_carries_no_further_tables(tmp_path: Path, run: Any) -> None:
    ran = run("new", "project-2020", "-o", tmp_path / "x.xlsx", "--projects", "2")
    assert ran.code == 2 and "单个项目" in ran.line
