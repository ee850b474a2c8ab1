"""Rule kinds: declared parameters -> an expression. ADD A RULE KIND HERE: one function and its line in figures or people.

``build`` makes a scoring point of the expression: exceptions, moved points, 不适用, what a person enters and the explanation.
"""

from __future__ import annotations

from jixiao.model import (
    NOT_APPLICABLE,
    Body,
    Const,
    Decided,
    Except,
    Expr,
    If,
    Is,
    OrZero,
    Ref,
    Say,
    Show,
    guarded_for,
    meant,
)
from jixiao.rubric.keys import Keys
from jixiao.rubric.kinds import figures, people
from jixiao.rubric.kinds.declared import COMMON, PARAMETERS, REST, Kind, Param, Terms
from jixiao.rubric.kinds.part import APPLIES, Ask, Context, Part, Quantity, explained, facts_said, got, reason
from jixiao.rubric.kinds.people import MET, NOT_MET, FormBlock

# exceptions, 不适用 and figures shown belong to the rules that are joined, and to the rows of the form
_COMMON = {"parts": ("title", "note", "key"), "form": ("title",)}
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*people.JOINING, *people.JUDGED, *figures.KINDS)}


def build(spec: Body, key: str, context: Context, *, inside: bool = False) -> Part:
    """Read one rule of a definition; ``inside`` another rule, which it may not join in its turn."""
    kind = _kind(spec, inside=inside)
    spec.only(("kind", "full", *kind.needs), (*_COMMON.get(kind.by, COMMON), *kind.may))
    terms = Terms(spec, key, context, kind.may)
    if terms.full <= 0 and not kind.extra:
        raise spec.fail("full 应大于0", "full")
    if kind.by == "parts":
        terms.parts = [
            build(body, body.text("key", f"{key}_{place}"), context, inside=True)
            for place, body in enumerate(spec.parts("parts"), 1)
        ]
    rule = kind.rule(terms)
    return _joined(terms, kind, rule) if terms.parts else _single(terms, kind, rule)


def _kind(spec: Body, *, inside: bool) -> Kind:
    name, known = (
        spec.text("kind"),
        [name for name, kind in KINDS.items() if not inside or kind.by != "parts"],
    )
    if name not in known:
        raise spec.fail(f"未知的规则类型“{name}”{meant(name, known)}，可用：{'、'.join(known)}", "kind")
    return KINDS[name]


def needs_row(spec: Body) -> bool:
    """Whether a single rule stands as a row in 要点核定, because a person has something to enter for it."""
    kind = KINDS.get(str(spec.get("kind")))
    return (kind is not None and kind.by == "person") or spec.flag("applies", False)


def _joined(terms: Terms, kind: Kind, rule: Expr) -> Part:
    said: list[Expr | str] = []
    for number, part in enumerate(terms.parts, 1):
        said += [f"{'；' if number > 1 else ''}{number}.", explained(part)]
    spec = terms.spec
    return Part(
        key=terms.key,
        title=spec.text("title", ""),
        full=terms.full,
        kind=kind.name,
        rule=rule,
        points=rule.does if isinstance(rule, Decided) else rule,
        explain=Say(*said),
        parts=terms.parts,
        reads=tuple(dict.fromkeys(read for part in terms.parts for read in part.reads)),
        note=spec.text("note", ""),
    )


def _single(terms: Terms, kind: Kind, rule: Expr) -> Part:
    spec, key, context = terms.spec, terms.key, terms.context
    shows = spec.texts("shows", [])
    for name in shows:
        context.check_names(Ref(name), spec, "shows")
    reads = tuple(name for name in dict.fromkeys([*terms.reads, *shows]) if context.known(name))
    rule, because, apart = _exceptions(terms, rule)
    asked = list(people.asks(rule))
    events = tuple(dict.fromkeys(node.key for node in rule.walk() if isinstance(node, OrZero)))
    points = rule
    # a form moves its points itself, and a scoring point may read its new full points itself
    if key in context.receivers and kind.by != "form" and Keys(key).full not in rule.refs():
        points = rule.mapped(lambda node: context.moved(key, node, terms.full))
    if spec.flag("applies", False):
        asked.append(Ask(key, "适用", APPLIES))
        points = If(Is(Keys(key).applies, NOT_APPLICABLE), Const(NOT_APPLICABLE), points)
    if isinstance(rule, FormBlock):
        explain, title = rule.explained(), rule.of
    elif any(ask.field != "适用" for ask in asked):
        verdict = Show(Keys(key).verdict, "text", blank="待判定")
        explain, title = Say(verdict, "，", got(Keys(key).points), reason(key)), ""
    else:
        explain, title = Say(facts_said(context, reads, events), *because), ""
    return Part(
        key=key,
        title=spec.text("title", title),
        full=terms.full,
        kind=kind.name,
        rule=rule,
        points=points,
        explain=explain,
        asks=asked,
        reads=tuple(dict.fromkeys([*reads, *(name for name in apart if context.known(name))])),
        events=events,
        choices=dict(context.choices(reads)),
        note=spec.text("note", ""),
        requires=spec.text("requires", ""),
    )


def _exceptions(terms: Terms, rule: Expr) -> tuple[Expr, list[Expr], list[str]]:
    """The rule behind its exceptions, the reason of the first one that is met, and the names that they look at."""
    because: Expr | None = None
    apart: list[str] = []
    for body in reversed(terms.spec.parts("first", [])):
        case = Terms(body.only(("when", "points"), ("because",)), terms.key, terms.context)
        test = case.condition()
        apart += case.reads
        rule = Except(test, case.outcome("points"), rule)
        said = Const(f"，{case.text('because')}" if case.has("because") else "")
        because = guarded_for(test, If(test, said, because or Const("")), Const(""))
    return rule, [because] if because is not None else [], apart


__all__ = [
    "KINDS", "MET", "NOT_MET", "PARAMETERS", "REST", "Ask", "Context", "FormBlock", "Kind", "Param", "Part",
    "Quantity", "Terms", "build", "explained", "got", "needs_row",
]  # fmt: skip
