"""Every recording has its case, and every case its recording."""

from __future__ import annotations

import pytest
import yaml

from tests.recordings.inputs import expanded
from tests.recordings.recorder import HERE, RECORDED, RECORDING


@pytest.mark.skipif(RECORDING, reason="the recordings are being written")
def test_recordings_and_cases_belong_together() -> None:
    cases = {
        f"{file.stem}/{case['name']}"
        for file in (HERE / "cases").glob("*.yaml")
        for case in expanded(yaml.safe_load(file.read_text("utf-8")))
    }
    kept = {file.relative_to(RECORDED).with_suffix("").as_posix() for file in RECORDED.rglob("*.txt")}
    assert sorted(kept - cases) == [], "recordings without a case: delete them"
    assert sorted(cases - kept) == [], "cases without a recording: make recordings"
