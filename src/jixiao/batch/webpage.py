"""One page that needs no network: the measures as columns, packed into a file that any browser of today opens."""

from __future__ import annotations

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jixiao.batch.measures import Group, Standing, Summary, Unit
from jixiao.model import LEVEL_TITLES, Level

PAGE = Path(__file__).with_name("webpage.html")
NONE = 255
"""Of a rate in per cent: there is none."""
IN_WORDS = 5_000
"""Up to so many files each explanation and message stands on the page in full; of more only figures, codes and places."""


def write(summary: Summary) -> bytes:
    """The page as bytes; equal measures give equal bytes."""
    data = json.dumps(_data(summary), ensure_ascii=False, separators=(",", ":"), default=float).encode()
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")
    return PAGE.read_text("utf-8").replace("@DATA@", packed).encode()


def _data(summary: Summary) -> dict[str, Any]:
    places = {(group.definition, group.year): n for n, group in enumerate(summary.groups)}
    order = sorted(
        summary.units,
        key=lambda u: (places.get((u["definition"], u["year"]), 99), u.rank or 10**9, u["file"]),
    )
    rows = {unit["path"]: number for number, unit in enumerate(order)}
    words = len(order) <= IN_WORDS
    codes, found = _findings(summary, rows, words=words)
    standings = list(Standing)
    return {
        "standings": [standing.value for standing in standings],
        "groups": [_group(summary, group) for group in summary.groups],
        "units": {
            **{name: [_figure(unit, column) for unit in order] for name, column in FIGURES.items()},
            **{name: [unit[name] or "" for unit in order] for name in ("unit", "grade", "file")},
            "rank": [unit.rank for unit in order],
            "at": _places(summary, order),
            "before": [unit.before for unit in order],
            "department": [unit.member.department for unit in order],
            "group": [places.get((unit["definition"], unit["year"]), -1) for unit in order],
            "standing": [standings.index(unit.standing) for unit in order],
            "proof": [{"proved": "通过", "failed": "未通过"}.get(unit["proof"] or "", "") for unit in order],
            "state": [unit.state for unit in order],
            "why": [unit["message"] or (unit.why.message if unit.why else "") for unit in order],
        },
        "lost": _lost(summary, rows, words=words),
        "codes": codes,
        "found": found,
        "problems": [
            [code, LEVEL_TITLES[Level(level)], n, text, names]
            for code, level, text, n, names in summary.problems
        ],
        "missing": [list(member) for member in summary.missing],
    }


FIGURES = {"total": "total", "rule": "rule_total", "own": "own_total", "pending": "pending"}


def _figure(unit: Unit, column: str) -> Any:
    """What is not decided is no figure yet."""
    return None if unit["pending"] and column != "pending" else unit[column]


def _places(summary: Summary, order: list[Unit]) -> list[int]:
    """Where the rates of each unit stand in those of its group."""
    made = {unit["path"]: number for group in summary.groups for number, unit in enumerate(group.units)}
    return [made.get(unit["path"], 0) for unit in order]


def _group(summary: Summary, group: Group) -> dict[str, Any]:
    numbers = {one.number: at for at, one in enumerate(group.lost)}
    rows = {unit["path"]: number for number, unit in enumerate(group.units)}
    rates = bytearray([NONE]) * (len(rows) * len(numbers))
    for path, number, rate in summary.rates(group) if rows else ():
        if number in numbers:
            rates[rows[path] * len(numbers) + numbers[number]] = max(0, min(100, round(rate * 100)))
    return {
        "title": group.title,
        "ranked": len(group.units),
        "spread": group.spread(),
        "grades": group.grades,
        "rates": base64.b64encode(bytes(rates)).decode("ascii"),
        "lost": [
            {"title": one.title, "lost": one.lost, "losing": one.losing, "units": one.units, "rate": one.rate,
             "reasons": one.reasons}
            for one in group.lost
        ],
    }  # fmt: skip


def _lost(summary: Summary, rows: Mapping[str, int], *, words: bool) -> dict[int, list[list[Any]]]:
    """Of each unit the indicators that lost points: place in its group's list, points, explanation."""
    made: dict[int, list[list[Any]]] = defaultdict(list)
    for group in summary.groups:
        numbers = {one.number: at for at, one in enumerate(group.lost)}
        for path, number, lost, text in summary.losses(group) if group.units else ():
            if number in numbers:
                made[rows[path]].append([numbers[number], lost, text if words else ""])
    return made


def _findings(
    summary: Summary, rows: Mapping[str, int], *, words: bool
) -> tuple[list[tuple[str, str]], dict[int, list[list[Any]]]]:
    codes: dict[str, int] = {}
    texts: list[tuple[str, str]] = []
    made: dict[int, list[list[Any]]] = defaultdict(list)
    for path, code, message, place in summary.query.rows(
        "SELECT path, code, message, place FROM findings ORDER BY path"
    ):
        if code not in codes:
            codes[code] = len(texts)
            texts.append((code, message))
        made[rows[path]].append([codes[code], place, message if words else ""])
    return texts, made
