"""Scoring room: entries × rubric -> Scorecard. In: the net of a rubric and what people and tables filled in."""

from jixiao.scoring.entry import Entry
from jixiao.scoring.evaluate import Values
from jixiao.scoring.scorecard import Scorecard, Scored, ScoredPart, json_number, score
from jixiao.scoring.system import System, build_system

__all__ = [
    "Entry",
    "Scorecard",
    "Scored",
    "ScoredPart",
    "System",
    "Values",
    "build_system",
    "json_number",
    "score",
]
