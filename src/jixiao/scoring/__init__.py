"""Scoring room: entries × rubric -> Scorecard. In: the net of a rubric and what people and tables filled in.

``keys`` names every cell of the net; it stands in ``rubric``, because rules name cells too.
"""

from jixiao.rubric import keys
from jixiao.rubric.keys import LIST, REVIEWED_ON, REVIEWER, SUM, UNIT, YEAR, Keys
from jixiao.scoring.entries import Award, Entry, count_of
from jixiao.scoring.evaluation import score
from jixiao.scoring.forms import (
    ALL_TRANSFERS,
    LIST_COLUMNS,
    OWN,
    QUALITATIVE,
    UNNAMED_FUND,
    filled_columns,
    grades_of,
)
from jixiao.scoring.gains import Gain, Step, gains, printed, printed_step
from jixiao.scoring.net import NO_REASON, Net, Values, build_net
from jixiao.scoring.scorecard import (
    Change,
    How,
    Scorecard,
    Scored,
    ScoredPart,
    TableScore,
    as_own,
    json_number,
    shown,
)

__all__ = [
    "ALL_TRANSFERS",
    "LIST",
    "LIST_COLUMNS",
    "NO_REASON",
    "OWN",
    "QUALITATIVE",
    "REVIEWED_ON",
    "REVIEWER",
    "SUM",
    "UNIT",
    "UNNAMED_FUND",
    "YEAR",
    "Award",
    "Change",
    "Entry",
    "Gain",
    "How",
    "Keys",
    "Net",
    "Scorecard",
    "Scored",
    "ScoredPart",
    "Step",
    "TableScore",
    "Values",
    "as_own",
    "build_net",
    "count_of",
    "filled_columns",
    "gains",
    "grades_of",
    "json_number",
    "keys",
    "printed",
    "printed_step",
    "score",
    "shown",
]  # fmt: skip
