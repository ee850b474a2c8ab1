"""Kinds over several parts: the better of alternatives, items sharing a weight, points inside a weighted block.

Domain families A and W. Parts are ruled by their own kinds; ``gathered`` outcomes hold as in a sum: 待核定 while one
part is, 不适用 where none applies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Body,
    Cells,
    Compare,
    Const,
    Count,
    Env,
    Expr,
    If,
    Is,
    Logic,
    Ratio,
    Round,
    Say,
    Total,
    Value,
    Words,
    plain,
)
from jixiao.rubric.kinds.computed import COMMON, number, positive
from jixiao.rubric.kinds.part import Context, Kind, Part


class Best(Total):
    """The largest of several keys that hold numbers; texts count for nothing, as in MAX."""

    __slots__ = ()

    def number(self, env: Env) -> Value:
        """The largest number, 0 where there is none."""
        return max((v for v in (env(key) for key in self.keys) if isinstance(v, Decimal)), default=Decimal(0))

    def formula(self, cells: Cells) -> str:
        """MAX over the cells, which passes over texts in every engine."""
        return f"MAX({','.join(cells(key) for key in self.keys)})"

    def sentence(self, words: Words) -> str:
        """In Chinese."""
        return "、".join(words(key) for key in self.keys) + "中的最高者"


def better(spec: Body, parts: Sequence[Part], key: str) -> Part:
    """The part that gives most counts; each part can reach at most the full points, and one of them does."""
    spec.only(("kind", "full", "parts"), COMMON)
    full = number(spec, "full")
    if len(parts) < 2 or max(part.full for part in parts) != full:
        raise spec.fail("至少两个备选要点，其中分值最高的应等于满分", "parts")
    keys = [f"{part.key}.得分" for part in parts]
    return _part(spec, key, full, parts, Round(Best(keys), 2), "下列各项取得分最高的一项")


def shared(spec: Body, parts: Sequence[Part], key: str) -> Part:
    """Chosen items share the weight equally: the mean of the parts that apply, each ruled on the full points."""
    spec.only(("kind", "full", "parts"), COMMON)
    full = number(spec, "full")
    if len(parts) < 2 or any(part.full != full for part in parts):
        raise spec.fail("可选要点应至少两个，每个的满分都写成本项满分，由选用的各项平均分担", "parts")
    keys = [f"{part.key}.得分" for part in parts]
    mean = Ratio(Total(keys), Count(keys), Const(NOT_APPLICABLE))
    return _part(spec, key, full, parts, Round(mean, 2), "选用的各项平均分担本项分值")


def weighted(spec: Body, parts: Sequence[Part], key: str) -> Part:
    """Points inside a block add to ``base`` (100), the block has its own weight: sum × weight ÷ base.

    Where parts may not apply, ``rescale: true`` has to say that the base shrinks with them.
    """
    spec.only(("kind", "full", "parts"), (*COMMON, "base", "rescale"))
    full, base = number(spec, "full"), number(spec, "base", Decimal(100))
    total = sum((part.full for part in parts), Decimal(0))
    if total != base:
        raise spec.fail(f"各要点合计{plain(total)}分，应为{plain(base)}分", "parts")
    optional = any(ask.field == "适用" for part in parts for ask in part.asks)
    rescale = spec.flag("rescale", False)
    if optional and not rescale:
        raise spec.fail("有不适用的要点时，须写明 rescale: true（按适用的分值折算）", "parts")
    below: Expr = Const(base)
    if rescale:
        for part in parts:
            below = Arith("-", below, If(Is(f"{part.key}.得分", NOT_APPLICABLE), Const(part.full), Const(0)))
    keys = [f"{part.key}.得分" for part in parts]
    points = Ratio(Arith("*", Total(keys), Const(full)), below, Const(NOT_APPLICABLE))
    return _part(
        spec, key, full, parts, Round(points, 2), f"各要点合计{plain(base)}分，按权重{plain(full)}分折算"
    )


def _part(spec: Body, key: str, full: Decimal, parts: Sequence[Part], points: Expr, head: str) -> Part:
    keys = [f"{part.key}.得分" for part in parts]
    waits = [Is(k, PENDING) for k in keys]
    waiting: Expr = waits[0] if len(waits) == 1 else Logic("OR", *waits)
    none = Compare("=", Count(keys), Const(0))
    return Part(
        key=key,
        title=spec.text("title", ""),
        full=full,
        points=If(waiting, Const(PENDING), If(none, Const(NOT_APPLICABLE), points)),
        explain=_numbered(parts),
        criteria=f"{head}：" + "；".join(f"{i}.{part.criteria}" for i, part in enumerate(parts, 1)) + "。",
        kind=spec.text("kind"),
        parts=list(parts),
        reads=tuple(dict.fromkeys(read for part in parts for read in part.reads)),
        note=spec.text("note", ""),
    )


def _numbered(parts: Sequence[Part]) -> Expr:
    from jixiao.rubric.kinds import explained

    said: list[Expr | str] = []
    for index, part in enumerate(parts, 1):
        said += [f"{'；' if index > 1 else ''}{index}.", explained(part)]
    return Say(*said)


COMPOSED = {"better": better, "shared": shared, "weighted": weighted}


def composed(spec: Body, key: str, context: Context, kinds: Mapping[str, Kind]) -> Part:
    """Read the parts, then the kind that joins them."""
    parts: list[Part] = []
    for place, body in enumerate(spec.parts("parts"), 1):
        if body.text("kind") not in kinds:
            raise spec.fail(f"第{place}个要点没有可用的 kind", "parts")
        parts.append(kinds[body.text("kind")](body, body.text("key", f"{key}_{place}"), context))
        positive(body, parts[-1])
    return COMPOSED[spec.text("kind")](spec, parts, key)
