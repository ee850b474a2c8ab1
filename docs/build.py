"""Build the generated pages of docs/ from what the package itself says: ``python docs/build.py [OUT]``.

Writes OUT/findings.md, by default into the folder of this file. tests/house rebuilds and compares.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from jixiao.model import LEVEL_TITLES, CatalogueEntry, catalogue

HERE = Path(__file__).resolve().parent
# the hundred of a code -> what the findings are about
CHAPTERS = {
    "J1": "读取源表（intake）",
    "J2": "勾稽核对（checks）",
    "J3": "评分表定义（rubric）",
    "J4": "评分（scoring）",
    "J5": "评分簿与保存（master、package）",
    "J6": "复核（verify）",
    "J7": "报告的撰写与核对（report、audit）",
    "J8": "命令行（app）",
    "J9": "批量汇总（batch）",
}
HEAD = """\
<!-- 由 docs/build.py 根据 src/jixiao/model/findings/ 生成，请勿手改 -->

# 提示一览

每条提示有一个固定的编号。级别为“错误”的提示会使 `check` 和 `verify` 以 1 退出；命令因此停下时，退出码见
[README](../README.md)。花括号里的内容在提示中换成具体的文件、单元格和数字。
"""


def _rows(entries: Iterator[CatalogueEntry]) -> Iterator[str]:
    yield "| 编号 | 级别 | 提示 | 怎么办 | 含义 |"
    yield "|---|---|---|---|---|"
    for entry in entries:
        cells = (entry.code, LEVEL_TITLES[entry.level], entry.message, entry.advice, entry.about)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def findings() -> str:
    """The page of all findings, by room and code."""
    lines = [HEAD]
    entries = sorted(catalogue().values(), key=lambda entry: entry.code)
    for hundred, group in groupby(entries, key=lambda entry: entry.code[:2]):
        lines += [f"## {CHAPTERS[hundred]}", "", *_rows(group), ""]
    return "\n".join(lines)


PAGES = {"findings.md": findings}


def build(out: Path) -> None:
    """Write every page into the folder ``out``, made if absent."""
    out.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (out / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="由程序自身的内容生成 docs/ 的页面")
    parser.add_argument("out", nargs="?", type=Path, default=HERE, help="写入的文件夹（默认 %(default)s）")
    build(parser.parse_args().out)
