"""Build the master of every shipped rubric: ``python workbooks/build.py [OUT]``.

Writes OUT/<rubric id>.xlsx, the empty scoring workbook that ``jixiao new`` makes; by default into masters/
beside this file. tests/house rebuilds and compares.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from jixiao.master import build as build_book
from jixiao.rubric import load, own_year, shipped
from jixiao.scoring import YEAR

HERE = Path(__file__).resolve().parent


def build(out: Path) -> list[Path]:
    """Write the masters into the folder ``out``, made if absent; the files written."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name in sorted(shipped()):
        rubric = load(name)
        path = out / f"{name}.xlsx"
        path.write_bytes(build_book(rubric, {YEAR: own_year(rubric)}))
        written.append(path)
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="生成每份评分表的空白评分簿")
    parser.add_argument(
        "out", nargs="?", type=Path, default=HERE / "masters", help="写入的文件夹（默认 %(default)s）"
    )
    build(parser.parse_args().out)
