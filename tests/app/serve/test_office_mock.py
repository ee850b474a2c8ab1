"""Excel's side of the pane over the object model that the makers of Office.js mock, in Node: `npm ci` in office_mock/."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import jixiao

HERE = Path(__file__).with_name("office_mock")
HOST = Path(jixiao.__file__).parent / "app" / "service" / "pane" / "hosts" / "office.js"
MANIFEST = Path(__file__).resolve().parents[3] / "addin" / "office" / "manifest.xml"
NOT_LOADED = "Error, property was not loaded"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (HERE / "node_modules").is_dir(),
    reason="没有 Node，或没有在 tests/app/serve/office_mock 里运行 npm ci",
)


def driven(host: Path) -> dict[str, Any]:
    """What the pane's file does with the mocked workbook in each of its states."""
    done = subprocess.run(
        ["node", "drive.js", str(host), str(MANIFEST)],
        cwd=HERE,
        capture_output=True,
        check=True,
        timeout=60,
        encoding="utf-8",
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def office() -> dict[str, Any]:
    return driven(HOST)


def test_the_manifest_is_read_by_its_makers(office: dict[str, Any]) -> None:
    manifest = office["manifest"]
    assert manifest["hosts"] == ["Workbook"] and manifest["officeAppType"] == "TaskPaneApp"
    assert manifest["version"] == f"{jixiao.__version__}.0"
    own = {
        manifest[name].rpartition("/office/")[0]
        for name in ("iconUrl", "highResolutionIconUrl", "supportUrl")
    }
    assert own == set(manifest["appDomains"]), "everything comes from the service on this machine"


def test_cells_are_loaded_and_synchronised_before_they_are_read(office: dict[str, Any]) -> None:
    cells = office["cells"]["result"]
    assert NOT_LOADED not in json.dumps(office["cells"]) and "sync" not in json.dumps(cells)
    assert (cells["name"], cells["active"], cells["names"]) == ("簿.xlsx", "评分表", {"单位": "=封面!$B$1"})
    assert [(sheet["name"], sheet["row"], sheet["column"]) for sheet in cells["sheets"]] == [
        ("封面", 1, 1),
        ("评分表", 1, 1),
    ]
    assert cells["sheets"][1]["values"] == [["指标", "得分"], ["支出完成率", 4]]
    assert office["cells"]["calls"].count(["sync"]) == 2, "every further turn costs the officer time"


def test_a_workbook_is_read_in_slices_and_given_back(office: dict[str, Any]) -> None:
    assert office["read"]["result"] == {"name": "簿.xlsx", "bytes": [80, 75, 3, 4]}
    assert office["read"]["calls"] == [["close"]], "a file that stays open blocks the next reading"


def test_cells_are_written_once_all_are_known_to_be_free(office: dict[str, Any]) -> None:
    done = office["write"]
    assert done["refused"] is None
    assert done["cells"] == {"评分表!B2": [[3.5]], "评分表!C2": [["说明"]]}
    asked = {call[1] for call in done["calls"][: done["calls"].index(["sync"])]}
    assert {"评分表 protection", "评分表!B2 protection", "评分表!C2 protection"} <= asked
    assert office["goTo"]["calls"] == [["activate", "封面"], ["select", "B1"], ["sync"]]


@pytest.mark.parametrize(
    ("state", "refused"),
    [("readOnly", ["readOnly", ""]), ("locked", ["locked", "评分表"]), ("editing", ["editing", ""])],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    office: dict[str, Any], state: str, refused: list[str]
) -> None:
    done = office[state]
    assert done["refused"] == refused
    written = json.dumps(done["cells"], ensure_ascii=False)
    assert "3.5" not in written and "说明" not in written


def test_a_load_that_is_missing_would_be_noticed(tmp_path: Path) -> None:
    host, load = tmp_path / "office.js", "range.load('values,formulas,rowIndex,columnIndex');"
    text = HOST.read_text("utf-8")
    assert load in text
    host.write_text(text.replace(load, ""), "utf-8")
    assert driven(host)["cells"]["result"]["sheets"][1]["values"] == NOT_LOADED
