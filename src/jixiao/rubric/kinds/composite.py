"""The kind that adds separately ruled parts (domain family M); an item that does not apply is left out."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Body,
    Compare,
    Const,
    Count,
    Expr,
    If,
    Is,
    Logic,
    Round,
    Say,
    Total,
    plain,
)
from jixiao.rubric.kinds.computed import COMMON, number, positive
from jixiao.rubric.kinds.part import Context, Kind, Part


def gathered(keys: list[str]) -> Expr:
    """The sum of parts: 待核定 while one is, 不适用 where none applies."""
    pending = [Is(key, PENDING) for key in keys]
    waits: Expr = pending[0] if len(pending) == 1 else Logic("OR", *pending)
    none = Compare("=", Count(keys), Const(0))
    return If(waits, Const(PENDING), If(none, Const(NOT_APPLICABLE), Round(Total(keys), 2)))


def summed(spec: Body, key: str, context: Context, kinds: dict[str, Kind]) -> Part:
    """Parts with their own kinds whose full points must add to the indicator's."""
    spec.only(("kind", "full", "parts"), COMMON)
    parts: list[Part] = []
    for number_, body in enumerate(spec.parts("parts"), 1):
        if body.text("kind") not in kinds:
            raise spec.fail(f"第{number_}个要点没有可用的 kind", "parts")
        parts.append(kinds[body.text("kind")](body, body.text("key", f"{key}_{number_}"), context))
        positive(body, parts[-1])
    full = number(spec, "full")
    total = sum((part.full for part in parts), Decimal(0))
    if total != full:
        raise spec.fail(f"各要点满分合计{plain(total)}分，与指标权重{plain(full)}分不符", "parts")
    said: list[Expr | str] = []
    for index, part in enumerate(parts, 1):
        from jixiao.rubric.kinds import explained

        said += [f"{'；' if index > 1 else ''}{index}.", explained(part)]
    return Part(
        key=key,
        title=spec.text("title", ""),
        full=full,
        points=gathered([f"{part.key}.得分" for part in parts]),
        explain=Say(*said),
        criteria="；".join(f"{i}.{part.criteria}" for i, part in enumerate(parts, 1)) + "。",
        kind="sum",
        parts=parts,
        reads=tuple(dict.fromkeys(read for part in parts for read in part.reads)),
        note=spec.text("note", ""),
    )
