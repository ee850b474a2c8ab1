"""Understood -> plain data for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.understood import Understood


def plain_data(understood: Understood, values: Sequence[str]) -> dict[str, Any]:
    """``understood, kind, parameters, sentence, points, questions, notes``."""
    return {
        "understood": understood.understood,
        "kind": understood.kind,
        "parameters": {} if understood.spec is None else _plain(understood.spec),
        "sentence": understood.sentence,
        "points": [_plain(understood.points_at(value)) for value in values],
        "questions": list(understood.questions),
        "notes": list(understood.notes),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
