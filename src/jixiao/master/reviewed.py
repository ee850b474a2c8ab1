"""The review of a workbook: 草稿 → 已复核 → 定稿, each step with who and when, and what was signed; told on 封面."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.master.kept import State, Step, kept_whole
from jixiao.master.plan import COVER, COVER_CHANGES, COVER_REVIEW, Place
from jixiao.master.put import keep_block

if TYPE_CHECKING:
    from jixiao.master.scoringbook import ScoringBook

LABEL, VALUE = 2, 3
"""The columns of 封面."""
TITLE, TALL = "复核状态：", 40


@kept_whole
def steps(book: ScoringBook) -> list[Step]:
    """All steps, the latest last."""
    return [Step.of(data) for data in book.kept("reviews")] if book.text("reviews") else []


def last_step(book: ScoringBook) -> Step:
    """The latest step; a draft of nobody where there is none."""
    return (steps(book) or [Step(State.DRAFT)])[-1]


def put_step(book: ScoringBook, step: Step) -> None:
    """Keep a step and say it on 封面."""
    earlier = [one._replace(groups={}, held={}) for one in steps(book)]
    keep_block(book, "reviews", [*earlier, step])
    sheet = book.sheet(COVER)
    for place, text in told_on_cover(step).items():
        like = sheet.get(Place(COVER, COVER_CHANGES, place.column).ref)
        sheet.set(place.ref, text, formula=None, style=like.style if like is not None else 0)
    sheet.heights[COVER_REVIEW] = TALL


def told_on_cover(step: Step) -> dict[Place, str]:
    """What 封面 says of the latest step, by cell; nothing where nobody reviewed."""
    texts = (TITLE, "\n".join(step.lines)) if step.lines else ()
    return {
        Place(COVER, COVER_REVIEW, column): text for column, text in zip((LABEL, VALUE), texts, strict=False)
    }
