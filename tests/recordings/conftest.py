"""Every file of ``cases/`` is a file of tests: a case is a list of steps in a folder of its own (see recorder.py)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.recordings.inputs import expanded, put
from tests.recordings.recorder import DifferenceError, hold, record


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Take the case files; anything else is pytest's own."""
    if file_path.suffix == ".yaml" and file_path.parent.name == "cases" and "recordings" in file_path.parts:
        return Cases.from_parent(parent, path=file_path)
    return None


class Cases(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        for case in expanded(yaml.safe_load(self.path.read_text("utf-8"))):
            yield Case.from_parent(self, name=case["name"], case=case)


class Case(pytest.Item):
    """One recording."""

    def __init__(self, *, case: dict[str, Any], **about: Any) -> None:
        super().__init__(**about)
        self.case = case

    def runtest(self) -> None:
        with tempfile.TemporaryDirectory(prefix="recording-") as name:
            folder = Path(os.path.realpath(name))
            put(self.case.get("files", {}), folder)
            hold(f"{self.path.stem}/{self.name}", record(self.case["steps"], folder))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """A difference is told by its lines, not by where in the recorder it was seen."""
        return (
            str(excinfo.value)
            if isinstance(excinfo.value, DifferenceError)
            else super().repr_failure(excinfo, style)
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.stem}: {self.name}"
