"""Criteria text -> its nodes -> the family that reads them."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from jixiao.authoring.criteria import clauses
from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.levels import levels, mostly_words
from jixiao.authoring.criteria.numberline import figures
from jixiao.authoring.criteria.sheet import ranges
from jixiao.authoring.criteria.sums import faults, sums
from jixiao.authoring.criteria.unsaid import aimed
from jixiao.authoring.criteria.verdicts import better, checked, facts
from jixiao.authoring.criteria.wholetext import Known, Text, read_text
from jixiao.text import LONGEST


def read(text: str, full: Decimal, name: str, known: Known | None = None) -> Built:
    """The rule of a text for ``full`` points over a quantity called ``name``; ``known`` knows other figures of the table."""
    if len(text) > LONGEST:
        return Built(full=full).ask(f"文字超过{LONGEST}个字，请分条填写")
    told = read_text(text, known) if known is not None else read_text(text)
    if not told.nodes:
        return Built(full=full).ask("没有文字")
    told.nodes = aimed(told.nodes)
    if any(isinstance(node, clauses.Either) for node in told.nodes):
        return better(told, told.nodes, full, name)
    for made in (sums(told, full, name, partial(read, known=known)), faults(told, full)):
        if made is not None:
            return made
    over_figures = any(True for _ in ranges(told.nodes)) or any(
        isinstance(node, clauses.Step)
        or isinstance(getattr(node, "effect", None), (clauses.Formula, clauses.Proportional))
        for node in told.nodes
    )
    if over_figures and mostly_words(told.nodes) and (made := levels(told, told.nodes, full)) is not None:
        return made
    if over_figures:
        made = figures(told, told.nodes, full, name)
        return (checked(told, told.nodes, full) or made) if made.closed else made
    return _situations(told, full)


def _situations(told: Text, full: Decimal) -> Built:
    """The rule of a text without figures."""
    for made in (facts(told, told.nodes, full), levels(told, told.nodes, full)):
        if made is not None:
            return made
    built = Built(full=full)
    for node in told.nodes:
        if not isinstance(node, (clauses.Stop, clauses.Item)):
            built.ask(f"没有读懂：“{told.said(node)}”")
    return built if built.questions else built.ask("没有找到计分的写法（得、扣、按比例等）")
