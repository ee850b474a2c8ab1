"""Reports of workbooks in memory, and what any report has to obey."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from jixiao.master.book.rescore import scored
from jixiao.master.book.scoringbook import open_scoring_book
from jixiao.report.blocks import Heading, Paragraph, Report
from jixiao.report.compose import compose
from jixiao.report.material import gather

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
    book = open_scoring_book(path)
    return compose(gather(book, scored(book)), kind, draft=draft)


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
    firsts = [block.text[0] for block in report.blocks if isinstance(block, Heading) and block.level == 1]
    if firsts != list("一二三四五六七八九"[: len(firsts)]):
        found.append(f"序号：{firsts}")
    return found
