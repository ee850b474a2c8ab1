"""The files of a case: copied from the project, written as text or as rows, or made by a builder of the tests."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def expanded(cases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cases, one for each combination of the values that a case lists under ``each`` (``$name`` in its texts)."""
    for case in cases:
        each = case.get("each", {})
        for values in itertools.product(*each.values()):
            yield _filled(case, dict(zip(each, values, strict=True))) if each else case


def _filled(data: Any, values: dict[str, Any]) -> Any:
    if isinstance(data, dict):
        return {_filled(key, values): _filled(item, values) for key, item in data.items() if key != "each"}
    if isinstance(data, list):
        return [_filled(item, values) for item in data]
    if isinstance(data, str):
        for name, value in values.items():
            if data == f"${name}":
                return value
            data = data.replace(f"${name}", str(value))
    return data


def put(files: dict[str, Any], folder: Path) -> None:
    """Put the files of a case into its folder."""
    for name, made in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(made, str):
            shutil.copy(ROOT / made, target)
        else:
            ((kind, body),) = made.items()
            WRITERS[kind](target, body)


def _text(target: Path, body: str) -> None:
    target.write_text(body, "utf-8")


WRITERS = {"text": _text}
