"""``jixiao rubric``: the rubrics at hand, one of them in full, and what is wrong with a definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao import pipeline
from jixiao.app.score import points
from jixiao.app.terminal import Column, Table, hanging, say, say_findings, say_json, terminal_width
from jixiao.app.verbs import known_file
from jixiao.model import Findings, Stop, UsageStop, plain
from jixiao.scoring import json_number

if TYPE_CHECKING:
    from jixiao.rubric import Decision, Indicator, Rubric

INDENT = "      "


def list_all(definitions: Sequence[Path], as_json: bool) -> int:
    """Every rubric with its document; a broken definition is said and does not hide the others."""
    from jixiao.rubric import shipped

    found: list[Rubric] = []
    broken = Findings()
    for name in shipped(definitions):
        try:
            found.append(pipeline.rubric(name, definitions))
        except Stop as stop:
            broken.extend([stop.finding])
    if as_json:
        say_json({"rubrics": [about(item) for item in found], "findings": pipeline.as_data(broken)})
        return 0
    table = Table(
        [
            Column("编号"),
            Column("名称", share=3),
            Column("地区"),
            Column("年度"),
            Column("指标", right=True),
            Column("文号", share=2),
        ]
    )
    for item in found:
        count = str(sum(1 for _ in item.indicators()))
        table.row(item.id, item.name, item.jurisdiction, str(item.year), count, item.reference.number)
    say(table.draw(terminal_width()))
    say_findings(broken)
    return 0


def show(name: str, definitions: Sequence[Path], as_json: bool) -> int:
    """One rubric: its whole table, the facts it needs, and how doubtful passages of the source were decided."""
    known_file(name)
    rubric = pipeline.rubric(name, definitions)
    if as_json:
        say_json(whole(rubric))
        return 0
    columns = terminal_width()
    for text in (*_head(rubric), *_levels(rubric), *_needs(rubric), *_decisions(rubric)):
        say(hanging(text, columns, " " * (len(text) - len(text.lstrip()) + 2)))
    return 0


def lint(name: str, definitions: Sequence[Path], as_json: bool) -> int:
    """What is doubtful or wrong in a definition or an official table; 1 where it has findings of level error."""
    known_file(name)
    ident, title, findings = pipeline.lint_rubric(name, definitions)
    if as_json:
        say_json({"rubric": ident, "findings": pipeline.as_data(findings)})
    else:
        say_findings(findings)
        say(f"{title}（{ident}）：{'没有发现问题' if not findings else '检查完毕'}")
    return 1 if findings.errors else 0


def take_in(source: Path, target: Path, as_json: bool, **about_it: str) -> int:
    """An official or edited table as a definition file; what a person has to score stands in the findings."""
    findings = pipeline.import_rubric(source, target, **about_it)
    from jixiao.authoring import together

    rubric = pipeline.rubric(str(target))
    waiting, times = len(rubric.questions), len(together(rubric))
    if as_json:
        say_json({"file": str(target), "questions": waiting, "findings": pipeline.as_data(findings)})
    else:
        proved = "试建评分簿没有通过" if findings.errors else "试建评分簿通过"
        say(
            f"已写入 {target}，{proved}；请用 jixiao rubric lint {target} 检查，用 jixiao new {target} -o 评分簿.xlsx 建簿"
        )
        say_findings(findings)
        if waiting:
            kinds = f"（同类的一并回答，共 {times} 题）" if times < waiting else ""
            say(f"有 {waiting} 个问题待定{kinds}：用 jixiao rubric finish {target} 逐题回答")
    return 1 if findings.errors else 0


def give_out(name: str, target: Path, definitions: Sequence[Path]) -> int:
    """A rubric as a workbook to edit."""
    known_file(name)
    pipeline.export_rubric(name, target, definitions)
    say(f"已写入 {target}；修改后用 jixiao rubric import {target} -o 新定义.yaml 读回")
    return 0


def compare(old: str, new: str, definitions: Sequence[Path], as_json: bool) -> int:
    """What changed between two rubrics."""
    from jixiao.authoring import diff

    known_file(old)
    known_file(new)
    changes = diff(pipeline.rubric(old, definitions), pipeline.rubric(new, definitions))
    if as_json:
        say_json({"changes": [change.data() for change in changes]})
        return 0
    for change in changes:
        say(hanging(change.line(), terminal_width()))
    say(f"共 {len(changes)} 处不同" if changes else "两张评分表相同")
    return 0


def about(rubric: Rubric) -> dict[str, Any]:
    """A rubric in a line, as data."""
    return {
        "id": rubric.id,
        "title": rubric.name,
        "jurisdiction": rubric.jurisdiction,
        "year": rubric.year,
        "indicators": sum(1 for _ in rubric.indicators()),
        "document": rubric.reference.title,
        "number": rubric.reference.number,
    }


def whole(rubric: Rubric) -> dict[str, Any]:
    """A rubric in full, as data."""
    return {
        **about(rubric),
        "table": rubric.title,
        "levels": [
            {
                "title": first.title,
                "weight": json_number(first.weight),
                "levels": [
                    {
                        "title": second.title,
                        "weight": json_number(second.weight),
                        "indicators": [_indicator(item) for item in second.indicators],
                    }
                    for second in first.seconds
                ],
            }
            for first in rubric.firsts
        ],
        "extras": [_indicator(item) for item in rubric.extras],
        "grades": [
            {"range": interval.spoken("得分", as_percent=False), "grade": grade}
            for interval, grade in rubric.grades
        ],
        "facts": [
            {
                "name": name,
                "unit": need.concept.unit,
                "documents": list(need.documents),
                "note": _note(rubric, name),
            }
            for name, need in rubric.facts.items()
        ],
        "quantities": [{"name": q.name, "unit": q.unit, "value": q.text} for q in rubric.quantities.values()],
        "moves": [{"from": m.source, "to": list(m.targets), "reason": m.reason} for m in rubric.moves],
        "decisions": [
            {key: text for key, text in d._asdict().items() if text or key not in ("who", "when")}
            for d in rubric.decisions
        ],
    }


def _indicator(item: Indicator) -> dict[str, Any]:
    return {
        "id": item.id,
        "number": item.number,
        "title": item.key,
        "weight": json_number(item.weight),
        "description": item.description,
        "criteria": item.criteria,
        "reference": item.reference.line(),
        "facts": list(dict.fromkeys(read for part in item.rule.leaves() for read in part.reads)),
    }


def _note(rubric: Rubric, name: str) -> str:
    need = rubric.facts[name]
    return need.note or need.concept.about


def _head(rubric: Rubric) -> Iterator[str]:
    yield f"{rubric.name}（{rubric.id}）"
    yield f"{rubric.title}  {rubric.jurisdiction} {rubric.year}年度  依据：{rubric.reference.line()}"
    if rubric.footnote:
        yield f"说明：{rubric.footnote}"
    grades = "；".join(
        f"{interval.spoken('得分', as_percent=False)}为{grade}" for interval, grade in rubric.grades
    )
    yield f"等级：{grades}（{rubric.grade_reference.line()}）"


def _levels(rubric: Rubric) -> Iterator[str]:
    for number, first in enumerate(rubric.firsts, 1):
        yield ""
        yield f"{number} {first.title}（{points(first.weight)}分）"
        for place, second in enumerate(first.seconds, 1):
            yield f"  {number}.{place} {second.title}（{points(second.weight)}分）"
            for item in second.indicators:
                yield from _spelled(item)
    if rubric.extras:
        yield ""
        yield rubric.extra_title
        for item in rubric.extras:
            yield from _spelled(item)


def _spelled(item: Indicator) -> Iterator[str]:
    weight = f"（{points(item.weight)}分）" if item.weight else ""
    yield f"    {item.number} {item.key}{weight}"
    yield f"{INDENT}指标说明：{item.description}"
    yield f"{INDENT}评分标准：{item.criteria}"
    yield f"{INDENT}依据：{item.reference.line()}"


def _needs(rubric: Rubric) -> Iterator[str]:
    yield ""
    yield "所需数据（来源文件按优先次序）"
    for name, need in rubric.facts.items():
        note = f"（{_note(rubric, name)}）" if _note(rubric, name) else ""
        yield f"  {name}，{need.concept.unit}：{'、'.join(need.documents) or '人工填写'}{note}"
    if rubric.quantities:
        yield ""
        yield "由数据计算"
        for quantity in rubric.quantities.values():
            yield f"  {quantity.name} = {quantity.text}"


def _decisions(rubric: Rubric) -> Iterator[str]:
    if rubric.moves:
        yield ""
        yield "不适用时的分值调整"
        for move in rubric.moves:
            yield f"  {move.source} 调整至 {'、'.join(move.targets)}：{move.reason}"
    if rubric.decisions:
        yield ""
        yield "对原文疑义的处理"
        for item in rubric.decisions:
            yield f"  {item.about}：{item.says}。处理：{item.decided}。理由：{item.reason}{_decided(item)}"


def _decided(item: Decision) -> str:
    return f"（{item.who}，{item.when}）" if item.who else ""


def parse(text: str, full: str, values: Sequence[str], as_json: bool) -> int:
    """Print kind, parameters, the sentence read back, and the points at each value."""
    from jixiao.authoring import as_data, read_criteria

    understood = read_criteria(text, _full(full))
    if as_json:
        say_json(as_data(understood, values))
        return 0
    say(f"{'读懂' if understood.understood else '没有读懂'}：{understood.kind or '由评价人核定'}")
    if understood.sentence:
        say(f"规则：{understood.sentence}")
    for value in values:
        points = understood.points_at(value)
        say(f"{value}：{'不能由文字确定' if points is None else plain(points) + '分'}")
    for note in understood.notes:
        say(f"说明：{note}")
    for question in understood.questions:
        say(f"疑问：{question}")
    return 0


def _full(text: str) -> Decimal:
    try:
        full = Decimal(text)
    except InvalidOperation as error:
        raise UsageStop("J814", name="--full", value=text, wanted="数字，如 4") from error
    if not full.is_finite() or not 0 < full <= 1000:
        raise UsageStop("J814", name="--full", value=text, wanted="0 到 1000 之间的数字")
    return full
