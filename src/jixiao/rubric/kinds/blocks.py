"""A block of the rubric's own self-evaluation form (自评表): its rows are scored there, their sum counts here."""

from __future__ import annotations

from jixiao.model import NOT_APPLICABLE, PENDING, Body, Const, Expr, If, Is, IsNumber, Ref, Say, Show, plain
from jixiao.rubric.kinds.computed import number
from jixiao.rubric.kinds.part import Context, Part
from jixiao.rubric.selftable import EXECUTION, MAIN


def block(spec: Body, key: str, context: Context) -> Part:
    """``{kind: block, full: 50, of: 产出指标}``: what the rows of that block earn; ``of: 预算执行率`` is the money block.

    The form says what each row earns; a block whose points do not add up to its full points is 待核定.
    """
    spec.only(("kind", "full", "of"), ("title",))
    of, full = spec.text("of"), number(spec, "full")
    points, filled = f"{MAIN}.{of}.得分", f"{MAIN}.{of}.分值"
    if of == EXECUTION:
        said: Expr = Say("执行率", Show(f"{MAIN}.执行率", "rate"))
        criteria = f"满分{plain(full)}分，按执行率（全年执行数÷全年预算数）计分，最高得满分"
    else:
        listed = Say(f"{of}所填指标分值合计", Show(filled, "plain"), "分，未完成和待定情况逐项见“自评表”")
        said = If(Is(points, NOT_APPLICABLE), Const(f"未设置{of}"), listed)
        criteria = f"“自评表”中{of}各项得分之和，各项分值合计应为{plain(full)}分"
    other = If(Is(points, NOT_APPLICABLE), Const(NOT_APPLICABLE), Const(PENDING))
    return Part(
        key=key,
        title=spec.text("title", of),
        full=full,
        points=If(IsNumber(points), Ref(points), other),
        explain=said,
        criteria=criteria,
        kind="block",
        reads=(),
    )
