"""Master room: the scoring workbook.

In: a rubric, facts with proof, judgements; out: a workbook whose every score is a live formula, and scores written
back into an existing workbook without touching anything else.

``build`` is not imported here: the writer library must stay off the path of scoring.
"""

from jixiao.master.book.scoringbook import NotOurs, ScoringBook, open_scoring_book

__all__ = ["NotOurs", "ScoringBook", "open_scoring_book"]
