"""The review flow: 草稿 → 已复核 → 定稿, and back with a reason. A step keeps the seal of what was signed, and its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jixiao.master import ScoringBook, State, Step, last_step, put_step
from jixiao.model import Findings, Refused, Source, UsageStop
from jixiao.scoring import Scorecard
from jixiao.verify.proof import Verified
from jixiao.verify.sealing import GROUPS, figures_of, seal_of

NAMED = 5
AFTER = {State.REVIEWED: "J663", State.FINAL: "J662"}
"""What a change after the step is."""


@dataclass(slots=True)
class Reviewed:
    """The steps of a workbook's review, the latest last, and what is to be said of it."""

    steps: list[Step]
    findings: Findings


def review_findings(book: ScoringBook, card: Scorecard) -> Findings:
    """How far a workbook is, and what was changed since somebody signed it; nothing for a draft that nobody reviewed."""
    found, step = Findings(), last_step(book)
    if not step.said:
        return found
    found.add("J661", Source(book.path.name), said=step.said)
    if step.state is not State.DRAFT and (groups := changed_groups(book, card, step)):
        told = list(_differences(step.held, figures_of(book, card), groups))
        more = f"等{len(told)}处" if len(told) > NAMED else ""
        what = f"：{'；'.join(told[:NAMED])}{more}" if told else ""
        found.add(
            AFTER[step.state], Source(book.path.name), said=step.said, groups="、".join(groups), what=what
        )
    return found


def changed_groups(book: ScoringBook, card: Scorecard, step: Step) -> list[str]:
    """What of a workbook is no longer as it was signed, by groups of its seal."""
    now = seal_of(book, card).groups
    return [name for name in GROUPS if step.groups.get(name) != now[name]]


def _differences(
    then: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]], groups: list[str]
) -> Iterator[str]:
    for group in groups:
        before, after = then.get(group, {}), now.get(group, {})
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                yield f"“{name}”{before.get(name) or '空白'}→{after.get(name) or '空白'}"


def refuse_final(book: ScoringBook) -> None:
    """Refused where a workbook is final: nothing is brought in or decided anew before somebody takes it back."""
    step = last_step(book)
    if step.state is State.FINAL:
        raise Refused("J664", Source(book.path.name), file=book.path.name, said=step.said)


def take_step(proved: Verified, book: ScoringBook, state: State, who: str, when: str, why: str) -> Step:
    """Put a workbook, just proved, into a state: kept in it with its seal, and said on 封面. UsageStop, Refused."""
    step, card = last_step(book), proved.card
    if not who or (state is State.DRAFT and not why):
        raise UsageStop("J666", what="姓名（--as）" if not who else "退回的理由（--why）")
    if state is State.DRAFT:
        if step.state is State.DRAFT:
            raise Refused(
                "J665", Source(book.path.name), file=book.path.name, state="退回草稿", why="还是草稿"
            )
        made = Step(state, who, when, why)
    else:
        refuse_final(book)
        assert card is not None
        if obstacles := "；".join(_obstacles(proved, book, card, state, step)):
            raise Refused(
                "J665", Source(book.path.name), file=book.path.name, state=state.value, why=obstacles
            )
        seal = seal_of(book, card)
        made = Step(state, who, when, why, seal.short, seal.groups, figures_of(book, card))
    put_step(book, made)
    return made


def _obstacles(
    proved: Verified, book: ScoringBook, card: Scorecard, state: State, step: Step
) -> Iterator[str]:
    """Why a workbook cannot be signed."""
    if not proved.proved:
        first = proved.findings.errors[0].message if proved.findings.errors else proved.unproved
        yield f"核验未通过（{first}）"
    if waiting := [one.title for one in card.indicators if one.status == "pending"]:
        yield f"还有{len(waiting)}项待核定（{'、'.join(waiting[:NAMED])}）"
    if state is State.FINAL and step.state is State.DRAFT:
        yield "还没有复核"
    elif state is State.FINAL and changed_groups(book, card, step):
        yield "复核以后有改动，须重新复核"
