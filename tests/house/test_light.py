"""What the everyday button loads: nothing but what scores."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = {"app", "master", "model", "office", "pipeline", "rubric", "scoring"}
HEAVY = {"click", "xlsxwriter", "yaml", "python_calamine", "pandas", "tempfile", "asyncio"}


def test_scoring_loads_no_reader_of_sources_and_no_library(tmp_path: Path) -> None:
    book = shutil.copy(ROOT / "workbooks" / "masters" / "suixi-2022.xlsx", tmp_path / "评分簿.xlsx")
    script = (
        "import io, json, sys; from jixiao.app.cli import main; out, sys.stdout = sys.stdout, io.StringIO();"
        f"code = main(['score', {str(book)!r}]); print(json.dumps([code, *sys.modules]), file=out)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    code, *loaded = json.loads(done.stdout)
    assert code == 0
    assert {name.split(".")[1] for name in loaded if name.startswith("jixiao.")} == NEEDED
    assert not HEAVY & set(loaded)
    assert not {"jixiao.office.book", "jixiao.office.fresh", "jixiao.office.opening"} & set(loaded)
