"""Engines that recompute a workbook independently of our own scoring; importing this is cheap."""

from __future__ import annotations

from jixiao.verify.engines.formulas_engine import FormulasEngine
from jixiao.verify.engines.libreoffice import LibreOfficeEngine
from jixiao.verify.engines.values import (
    Engine,
    EngineFailure,
    EngineValue,
    ErrorValue,
    Place,
    Results,
    differences,
    same,
)

ENGINES: dict[str, Engine] = {"formulas": FormulasEngine(), "libreoffice": LibreOfficeEngine()}
"""Every engine by the name the command line uses."""

__all__ = [
    "ENGINES",
    "Engine",
    "EngineFailure",
    "EngineValue",
    "ErrorValue",
    "Place",
    "Results",
    "differences",
    "same",
]
