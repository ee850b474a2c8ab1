"""Verified: what proving a workbook leaves; only a workbook without errors counts as proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jixiao.model import Findings
from jixiao.scoring import Scorecard, json_number


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One engine's recomputation: cells compared and how many differ; ``why`` where it did not run."""

    engine: str
    cells: int = 0
    differences: int = 0
    why: str = ""

    @property
    def ran(self) -> bool:
        """Whether the engine gave results."""
        return not self.why


@dataclass(slots=True)
class Verified:
    """The proof of one workbook; ``card`` is None where it could not be opened."""

    path: Path
    findings: Findings
    formulas: int = 0
    engines: list[EngineRun] = field(default_factory=list)
    card: Scorecard | None = None
    exit_code: int = 0

    @property
    def proved(self) -> bool:
        """No error was found and at least one engine recomputed every score."""
        return self.card is not None and not self.findings.errors and any(run.ran for run in self.engines)

    def data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "file": self.path.name,
            "proved": self.proved,
            "total": json_number(self.card.total) if self.card else None,
            "formulas": self.formulas,
            "engines": [
                {
                    "engine": run.engine,
                    "cells": run.cells,
                    "differences": run.differences,
                    "not_run": run.why or None,
                }
                for run in self.engines
            ],
            "findings": [finding.data() for finding in self.findings],
        }
