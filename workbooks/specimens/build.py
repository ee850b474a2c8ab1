"""Build the source files of a specimen from its data: ``python build.py [OUT]``.

Reads suixi-2022/case.yaml (published figures) and suixi-2022/supplement.yaml (our own filling-in)
beside this file and writes the five source files into OUT, by default into suixi-2022/ itself. The
package jixiao has to be importable.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tables import approval, assets, final_accounts, ledger, self_report  # noqa: E402
from tables.case import load  # noqa: E402

FILES = tuple(module.FILE for module in (final_accounts, assets, approval, ledger, self_report))


def build(out: Path, data: Path = HERE / "suixi-2022") -> None:
    """Write the five files of ``FILES`` into the folder ``out``, made if absent."""
    case = load(data)
    out.mkdir(parents=True, exist_ok=True)
    for module in (final_accounts, assets, approval, ledger, self_report):
        module.build(case, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="由公布的数据生成遂溪县 2022 年度的样例源表")
    parser.add_argument(
        "out", nargs="?", type=Path, default=HERE / "suixi-2022", help="写入的文件夹（默认 %(default)s）"
    )
    build(parser.parse_args().out)
