"""Reports of workbooks in memory, and what any report has to obey."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from jixiao import pipeline
from jixiao.app import main as command_line
from jixiao.master import open_scoring_book
from jixiao.report import Heading, Paragraph, Report, report_of

CHANGLI = "changli-2023"
Draft = Report
SLIPS = (
    r"[{}]", "None", "Decimal", "nan", "，。", "；。", "。。", "，，", "：。", "（）", "增长-", "下降-", "减少-", "增加-", "0/0",
    r"\d\.\d{7}", "E[+-]", "的的", "、。", r"[^\n]待核定%",
)  # fmt: skip


def specimen(case: str) -> Path:
    """The folder of a worked case in the project."""
    return Path(__file__).parents[2] / "workbooks" / "specimens" / case


def drafted(path: Path, kind: str, *, draft: bool = False) -> Report:
    """The report of a workbook, without proving it."""
    return report_of(path, kind, draft=draft)


def put(path: Path, entries: dict[str, Any]) -> None:
    """Type values into cells of a workbook, by key."""
    opened = open_scoring_book(path)
    for key, value in entries.items():
        place = opened.plan.places[key]
        opened.sheet(place.sheet).set(place.ref, value, formula=None)
    path.write_bytes(opened.book.to_bytes())


def put_own_scores(path: Path, **less: int) -> None:
    """自评分 for every scored indicator: its full points, less what is said."""
    rows = [row for row in pipeline.score(path).indicators if row.status == "scored"]
    put(path, {f"{row.title}.自评分": row.full - less.get(row.title, 0) for row in rows})


def cli(*words: object) -> int:
    """The command line; its exit code."""
    return command_line([str(word) for word in words])


def said(report: Report) -> str:
    """The running text, without the annexes."""
    return "\n".join(
        block.lead + block.text if isinstance(block, Paragraph) else block.text
        for block in report.blocks
        if isinstance(block, (Paragraph, Heading))
    )


def slips(report: Report) -> list[str]:
    """What reads badly in a report: slips of the pen, headings with nothing under them, numbers that skip."""
    found = [
        f"{pattern}: {line[:60]}"
        for line in said(report).splitlines()
        for pattern in SLIPS
        if re.search(pattern, line)
    ]
    blocks: list[Any] = [*report.blocks, Heading(1, "")]
    for block, after in pairwise(blocks):
        if isinstance(block, Heading) and isinstance(after, Heading) and after.level <= block.level:
            found.append(f"空的标题：{block.text}")
    firsts = [
        block.text[0]
        for block in report.blocks
        if isinstance(block, Heading) and block.level == 1 and not block.new_page
    ]
    if firsts != list("一二三四五六七八九"[: len(firsts)]):
        found.append(f"序号：{firsts}")
    return found
