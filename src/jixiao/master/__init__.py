"""Master room: the scoring workbook.

In: a rubric, facts with proof, judgements; out: a workbook whose every score is a live formula, and scores written
back into an existing workbook without touching anything else.

What builds and fills a workbook is loaded when it is first asked for: scoring needs neither XlsxWriter nor the readers
of source files.
"""

from typing import TYPE_CHECKING

from jixiao.master.changes import changes, said_of_changes, untold, without
from jixiao.master.gainlist import stale
from jixiao.master.kept import Link, Located, State, Step, alike, kept_whole
from jixiao.master.look import STYLES
from jixiao.master.plan import COVER_TOLD, FIXED_SHEETS, HIDDEN, Place, Plan, make_plan
from jixiao.master.scoringbook import (
    NotOurs,
    ScoringBook,
    assessed,
    open_scoring_book,
    own_formulas,
    read_entries,
    rescore,
    scored,
    scoring_book_of,
)
from jixiao.model import later

if TYPE_CHECKING:
    from jixiao.master.blank import Prescribed, Prescriptions, Spec, Tint, Wanted
    from jixiao.master.filling import Filled, Gap, choose, fill_book, gaps
    from jixiao.master.filling.forward import roll_forward
    from jixiao.master.filling.handwork import keep_own
    from jixiao.master.filling.recheck import checked, in_table, recheck, strangers, told, year_before
    from jixiao.master.put import put_entry
    from jixiao.master.reviewed import last_step, put_step, steps
    from jixiao.master.sheets import build
    from jixiao.master.shown import Shown, picture, show

__all__ = [
    "COVER_TOLD", "FIXED_SHEETS", "HIDDEN", "STYLES", "Filled", "Gap", "Link", "Located", "NotOurs", "Place", "Plan",
    "Prescribed", "Prescriptions", "ScoringBook", "Shown", "Spec", "State", "Step", "Tint", "Wanted", "alike", "assessed",
    "build", "changes", "checked", "choose", "fill_book", "gaps", "in_table", "keep_own", "kept_whole", "last_step",
    "make_plan", "open_scoring_book", "own_formulas", "picture", "put_entry", "put_step", "read_entries", "recheck",
    "rescore", "roll_forward", "said_of_changes", "scored", "scoring_book_of", "show", "stale", "steps", "strangers",
    "told", "untold", "without", "year_before",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__ = later(
        __name__,
        {
            "sheets": ("build",),
            "shown": ("Shown", "picture", "show"),
            "put": ("put_entry",),
            "reviewed": ("last_step", "put_step", "steps"),
            "blank": ("Prescribed", "Prescriptions", "Spec", "Tint", "Wanted"),
            "filling": ("Filled", "Gap", "choose", "fill_book", "gaps"),
            "filling.forward": ("roll_forward",),
            "filling.handwork": ("keep_own",),
            "filling.recheck": ("checked", "in_table", "recheck", "strangers", "told", "year_before"),
        },
    )
