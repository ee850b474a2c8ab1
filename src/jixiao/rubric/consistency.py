"""What a definition must be as a whole: names that stand once, moves that lead from one part to others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.model import Body, Concept, nearest, plain, read_concept
from jixiao.rubric.selftable import EXECUTION
from jixiao.rubric.spots import bodies

if TYPE_CHECKING:
    from jixiao.rubric.nouns import Rubric


def check(data: Body, rubric: Rubric) -> None:
    """``DefinitionError`` where names are doubled or a move names what cannot give or take points."""
    names: set[str] = set()
    for indicator, body in zip(rubric.indicators(), bodies(data), strict=True):
        for name, key in ((indicator.key, "title"), (indicator.id, "id")):
            if name in names:
                raise body.fail(f"指标名称或编号“{name}”重复", key)
            names.add(name)
    parts: dict[str, Decimal] = {}
    for indicator in rubric.indicators():
        for part in indicator.rule.leaves():
            if part.key in parts or (part.key in names and part.key != indicator.key):
                raise data.fail(f"要点名称“{part.key}”重复", "levels")
            parts[part.key] = part.full
    joined = [i.rule for i in rubric.indicators() if i.rule.parts and i.rule.kind != "sum"]
    for part in (part for rule in joined for part in rule.leaves()):
        del parts[part.key]  # alternatives and shares say themselves what happens to points that do not apply
    _moves(data, rubric, parts)
    _blocks(data, rubric)


def _moves(data: Body, rubric: Rubric, parts: Mapping[str, Decimal]) -> None:
    sources = [move.source for move in rubric.moves]
    for item, move in zip(data.parts("moves", []), rubric.moves, strict=True):
        for key in (move.source, *move.targets):
            if key not in parts:
                close = nearest(key, parts)
                raise item.fail(f"没有名为“{key}”的要点" + (f"，是否指“{close}”" if close else ""), "from")
        if sources.count(move.source) > 1:
            raise item.fail(f"“{move.source}”的分值移出了不止一次", "from")
        if not move.targets or len(set(move.targets)) != len(move.targets):
            raise item.fail("to 应为不重复的要点", "to")
        for key in set(move.targets) & set(sources):
            raise item.fail(f"“{key}”自己也可能移出分值，不能接收", "to")
        share = parts[move.source] / len(move.targets)
        if share * len(move.targets) != parts[move.source]:
            raise item.fail(f"{plain(parts[move.source])}分不能由{len(move.targets)}个要点平均", "to")


def check_figures(data: Body, rubric: Rubric, concepts: Mapping[str, Concept]) -> None:
    """The figures of the rubric's own form are amounts that the vocabulary knows."""
    for figure, name in rubric.self_tables.figures:
        body = data.part("main").part("figures")
        if name not in concepts:
            close = nearest(name, concepts)
            raise body.fail(f"未知的名称“{name}”" + (f"，是否指“{close}”" if close else ""), figure)
        if concepts[name].unit != "万元":
            raise body.fail(f"“{name}”的单位是{concepts[name].unit}，{figure}应为万元", figure)


def _blocks(data: Body, rubric: Rubric) -> None:
    """Indicators that stand for a block of the rubric's own form: the block is there and has as many points."""
    form = rubric.self_tables.main
    fulls = {block.title: block.full for block in form.blocks} | {EXECUTION: form.execution} if form else {}
    for indicator in rubric.indicators():
        if indicator.rule.kind != "block":
            continue
        of = next(indicator.rule.points.refs()).split(".")[1]
        if of not in fulls:
            known = "、".join(fulls) or "（评分表没有 main）"
            raise data.fail(f"“{indicator.key}”所指的“{of}”不在自评表中，可用：{known}", "levels")
        if fulls[of] != indicator.weight:
            says = f"“{indicator.key}”的权重{plain(indicator.weight)}与自评表“{of}”的{plain(fulls[of])}分不符"
            raise data.fail(says, "levels")


def own_concepts(data: Body, shared: Mapping[str, Concept]) -> dict[str, Concept]:
    """Names that only this rubric has, in the shape of concepts.yaml; inside a workbook they are among the shared ones."""
    made: dict[str, Concept] = {}
    body = data.part("concepts") if "concepts" in data else Body()
    for ident in body:
        concept = read_concept(ident, body.part(ident))
        if concept.name in made or shared.get(concept.name, concept) != concept:
            raise body.part(ident).fail(f"名称“{concept.name}”已被使用", "name")
        made[concept.name] = concept
    return made
