"""The rival of ``verify``: load and calculate each workbook afresh with ``formulas``. Prints seconds and verdicts.

``python fresh.py BOOK...`` prints one JSON object a workbook: {"file", "wall", "cpu", "proved"}.
The library is imported before the clock starts, and what it gives is compared with the scores after it has stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from jixiao.master import open_scoring_book
from jixiao.scoring import score
from jixiao.verify import EngineValue, same


def _plain(ranges: Any) -> EngineValue:
    """The value of a cell of the library as verify compares it."""
    value = ranges.value.ravel()[0]
    return value if isinstance(value, bool) else str(value) if isinstance(value, str) else float(value)


def main(paths: list[Path]) -> None:
    import formulas  # its import is not counted against it

    for path in paths:
        clock, used = time.perf_counter(), time.process_time()
        solution = formulas.ExcelModel().loads(str(path.resolve())).finish().calculate()
        cost = {"wall": time.perf_counter() - clock, "cpu": time.process_time() - used}
        book = open_scoring_book(path)
        values = score(book.net, book.entries).values
        places = {key: book.plan.places[key] for key in values if key in book.plan.places}
        cells = {key: f"'[{path.name}]{place.sheet.upper()}'!{place.ref}" for key, place in places.items()}
        proved = all(
            name in solution and same(values[key], _plain(solution[name])) for key, name in cells.items()
        )
        print(json.dumps({"file": path.name, **cost, "proved": proved}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="用 formulas 重新载入并计算每本评分簿，每本输出一行 JSON")
    parser.add_argument("books", nargs="+", type=Path, metavar="评分簿")
    main(parser.parse_args().books)
