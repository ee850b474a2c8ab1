"""Rule kinds: declared parameters -> a Part with its expression. ADD A RULE KIND HERE (one function, one line)."""

from __future__ import annotations

from jixiao.model import NOT_APPLICABLE, Body, Const, Expr, If, Is, Say, Show
from jixiao.rubric.kinds import blocks, choices, composite, computed, counted, graded, judged, more, pieces
from jixiao.rubric.kinds.part import Ask, Context, Kind, Part, Quantity

KINDS: dict[str, Kind] = {
    "bands": computed.bands,
    "proportional": computed.proportional,
    "steps": computed.steps,
    "condition": computed.condition,
    "score": computed.score,
    "deductions": counted.deductions,
    "bonus": counted.bonus,
    "point": judged.point,
    "level": judged.level,
    "pieces": pieces.pieces,
    "interpolate": more.interpolated,
    "rank": more.ranked,
    "to_best": more.to_best,
    "passmark": more.passmark,
    "deviation": more.deviation,
    "overfulfil": more.overfulfilled,
    "weight_steps": more.weight_steps,
    "grades": graded.grades,
    "block": blocks.block,
}


def build(spec: Body, key: str, context: Context) -> Part:
    """Read one rule of a definition."""
    kind = spec.text("kind")
    if kind == "sum":
        return composite.summed(spec, key, context, KINDS)
    if kind in choices.COMPOSED:
        return choices.composed(spec, key, context, KINDS)
    if kind not in KINDS:
        from jixiao.model import nearest

        known = [*KINDS, "sum", *choices.COMPOSED]
        close = nearest(kind, known)
        hint = f"，是否指“{close}”" if close else ""
        raise spec.fail(f"未知的规则类型“{kind}”{hint}，可用：{'、'.join(known)}", "kind")
    part = KINDS[str(kind)](spec, key, context)
    computed.positive(spec, part)
    return part


def needs_row(spec: Body) -> bool:
    """Whether a single rule stands as a row in 要点核定, because a person has something to enter for it."""
    return spec.get("kind") in ("point", "level", "grades") or spec.flag("applies", False)


def explained(part: Part) -> Expr:
    """The explanation of a part inside a sum: figures and result for a computed one, verdict for a judged one."""
    judged = part.judged or part.kind in ("point", "level", "grades")
    said = part.explain if judged else computed.explained(part, f"{part.key}.得分")
    if not any(ask.field == "适用" for ask in part.asks):
        return said
    reason = If(Is(f"{part.key}.理由", ""), Const(""), Say("（", Show(f"{part.key}.理由", "text"), "）"))
    return If(Is(f"{part.key}.得分", NOT_APPLICABLE), Say(NOT_APPLICABLE, reason), said)


__all__ = ["KINDS", "Ask", "Context", "Kind", "Part", "Quantity", "build", "explained", "needs_row"]
