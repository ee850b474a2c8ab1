"""Findings and JSON on the standard output, the same for every verb."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from jixiao.app.columns import hanging, terminal_width
from jixiao.model import LEVEL_TITLES, Finding, Level

ORDER = tuple(Level)


def say(text: str = "") -> None:
    """One line or block on the standard output."""
    sys.stdout.write(f"{text}\n")


def say_json(data: Any) -> None:
    """Data as JSON, for programs."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def say_findings(findings: Iterable[Finding], title: str = "发现") -> None:
    """Findings, the serious ones first, each a paragraph; nothing where there are none."""
    items = sorted(findings, key=lambda item: ORDER.index(item.level))
    if not items:
        return
    counts = [f"{LEVEL_TITLES[level]}{n}" for level in ORDER if (n := sum(i.level is level for i in items))]
    say(f"{title} {len(items)} 项：{'，'.join(counts)}")
    columns = terminal_width()
    for item in items:
        say(hanging(f"{LEVEL_TITLES[item.level]} {item.line()}", columns))
