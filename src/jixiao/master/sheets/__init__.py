"""Rubric -> an empty (or filled) scoring workbook, as bytes; what stands where and how it looks, sheet by sheet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from jixiao.master.plan import (
    BLOCKS,
    CHANGES,
    CHARTS,
    CHECKS,
    COVER,
    FACTS,
    FORMAT,
    GAINS,
    HIDDEN,
    KEPT_STYLES,
    POINTS,
    ROLLUP,
    ROW_DIGEST,
    ROW_FORMAT,
    ROW_RUBRIC,
    SCORES,
    STYLE_COLUMN,
    TARGETS,
    TEXTS,
    WAITING,
    Plan,
    make_plan,
    pieces,
)
from jixiao.master.sheets.draft import Draft
from jixiao.master.sheets.facts import (
    write_changes,
    write_checks,
    write_facts,
    write_gains,
    write_targets,
    write_waiting,
)
from jixiao.master.sheets.forms import write_forms, write_rollup
from jixiao.master.sheets.front import write_charts, write_cover, write_texts
from jixiao.master.sheets.pen import Pen
from jixiao.master.sheets.scores import write_points, write_scores
from jixiao.model import Value
from jixiao.office import column_number
from jixiao.rubric import Rubric, digest, to_json
from jixiao.scoring import Values, build_net

WRITERS = {
    COVER: write_cover,
    SCORES: write_scores,
    POINTS: write_points,
    FACTS: write_facts,
    TARGETS: write_targets,
    CHECKS: write_checks,
    GAINS: write_gains,
    CHARTS: write_charts,
    CHANGES: write_changes,
    ROLLUP: write_rollup,
    TEXTS: write_texts,
    WAITING: write_waiting,
}
EPOCH = datetime.datetime(2022, 1, 1)  # noqa: DTZ001 - a fixed date, so that two builds are the same bytes


def build(rubric: Rubric, entries: Mapping[str, Value] | None = None) -> bytes:
    """The scoring workbook of a rubric; entries (unit, year …) are written where they belong."""
    filled = dict(entries or {})
    net = build_net(rubric)
    plan = make_plan(net)
    return drafted(plan, Values(net, filled).all(), filled).to_bytes()


def drafted(plan: Plan, values: Mapping[str, Value], entries: Mapping[str, Value]) -> Draft:
    """The workbook of a plan, before anything is brought in."""
    pen, rubric = Pen(plan, values, entries), plan.net.rubric
    pen.book.set_properties(
        {"title": rubric.name, "subject": rubric.title, "author": "jixiao", "created": EPOCH}
    )
    pen.book.set_calc_mode("auto")
    for name in plan.sheets:
        pen.sheet(name)
    for name in plan.sheets:
        if name in plan.forms:
            write_forms(pen, name)
        else:
            WRITERS[name](pen)
    _hidden(pen, rubric)
    _names(pen, plan)
    pen.sheet(COVER).activate()
    return pen.book


def _hidden(pen: Pen, rubric: Rubric) -> None:
    text = to_json(rubric)
    sheet = pen.sheet(HIDDEN)
    for row, label, value in (
        (ROW_FORMAT, "格式", FORMAT),
        (ROW_RUBRIC, "评分表", rubric.id),
        (ROW_DIGEST, "定义校验", digest(text)),
    ):
        pen.text(HIDDEN, row, 1, label)
        pen.text(HIDDEN, row, 2, value)
    for column, first, label in BLOCKS.values():
        at = (first, 1) if column == "B" else (1, column_number(column))
        pen.text(HIDDEN, *at, label)
    for cell, piece in pieces("definition", text):
        sheet.write_string(cell, piece)
    for row, style in enumerate(KEPT_STYLES, 1):
        pen.text(HIDDEN, row, STYLE_COLUMN, style, style)
    sheet.protect("")
    sheet.hide()


def _names(pen: Pen, plan: Plan) -> None:
    for key, name in plan.names.items():
        if key in plan.ranges:
            sheet, first, last = plan.ranges[key]
            pen.book.define_name(name, f"='{sheet}'!{first}:{last}")
        else:
            pen.book.define_name(name, "=" + plan.places[key].address)
