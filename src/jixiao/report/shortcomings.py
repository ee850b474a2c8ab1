"""存在问题 and 相关建议: from the findings of the checks and the points lost, each with its basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import NamedTuple

from jixiao.model import Finding, FindingKind, Source
from jixiao.report.material import Material
from jixiao.report.outline import LACKING, Advice, advice
from jixiao.report.parts import Block, Chapter, Made, Paragraph
from jixiao.report.phrasing import bare, clean, items, numbered, three_public, whole_amounts, written
from jixiao.report.projects import SelfForm
from jixiao.report.template import there
from jixiao.report.traced import Cited, Typed, marked, unmarked
from jixiao.rubric import EXECUTION
from jixiao.scoring import Keys, Scored

OTHERS, ADDED = "其他方面", "补充"
PLACES = 4  # places named for one finding
GROUPED = 3  # findings of one check that are told in one paragraph
TYPED = (".yaml", ".yml", ".json")  # files that people type for us: no document of the unit
SHORT = 40  # characters of a reason that a suggestion quotes
RUN = 3  # numbers in a row that are written as 1至3
# whose words a reason repeats is no part of it
_QUOTED = re.compile(r"^(核查报告|自评报告|原报告|原文)[：:]")
_TAKEN = re.compile(r"[，,；;、]?扣\d+(\.\d+)?分$")


class Problem(NamedTuple):
    """One problem: what it says, on what it rests, what names call for a suggestion (the narrowest first).

    ``subject`` and ``why`` are what a suggestion quotes where none of the shelf fits.
    """

    text: str
    basis: str
    names: tuple[str, ...]
    subject: str = ""
    why: str = ""


class Group(NamedTuple):
    """Problems of one sort under one heading; ``short`` names the heading in a suggestion."""

    title: str
    problems: tuple[Problem, ...]


def groups(material: Material) -> list[Group]:
    """The problems: contradictions of documents, lost points, what people add."""
    facts = of_findings(material.problems)
    lost = (
        *_of_forms(material),
        *(_of_points(material, row) for row in material.card.indicators if _lost(material, row)),
    )
    added = tuple(Problem(line, "", (ADDED,)) for line in items(material.texts.get("问题补充", "")))
    made = [Group("数据和账表方面", facts), Group("评分扣分方面", lost), Group(OTHERS, added)]
    return [group for group in made if group.problems]


def problems(material: Material) -> Made:
    """The chapter of problems; one group needs no heading of its own."""
    found = groups(material)
    if not found and any(row.status == "pending" for row in material.card.indicators):
        return Made()  # nothing found is nothing to say while points are open
    if not found:
        return Made(blocks=[Paragraph("本次核查未发现数据不一致和扣分事项。")])
    if len(found) == 1:
        return Made(blocks=_items(found[0].problems))
    return Made(below=[Chapter(group.title, _items(group.problems)) for group in found])


def own_problems(material: Material) -> list[Problem]:
    """The problems of a self-evaluation: lost points and what people add."""
    return [problem for group in groups(material) for problem in group.problems]


def lost_points(material: Material) -> Made:
    """The problems of a self-evaluation in one list."""
    blocks = _items(own_problems(material), 4)
    named = dict.fromkeys(f"“{row.third}”" for f in material.rollup.forms for row in f.rows if row.example)
    if named:
        note = f"注：{'、'.join(named)}的偏差原因是示例，不是单位填报的内容。"
        blocks.append(Paragraph(note, look="basis"))
    return Made(blocks=blocks)


def _items(found: Sequence[Problem], level: int = 3) -> list[Block]:
    made: list[Block] = []
    for number, problem in enumerate(found, 1):
        made.append(Paragraph(problem.text, lead=numbered(level, number)))
        if problem.basis:
            made.append(Paragraph(f"依据：{problem.basis}。", look="basis"))
    return made


def _lost(material: Material, row: Scored) -> bool:
    if material.indicator(row.title).rule.kind == "block" and any(
        form.whole for form in material.rollup.forms
    ):
        return False  # its rows say it
    if row.status != "scored" or row.points is None:
        return False
    return row.points < row.full if not row.number.startswith("+") else row.points < 0


def _of_forms(material: Material) -> list[Problem]:
    """The rows of the self-evaluation forms that lost points, with the reason that stands there."""
    made = _of_execution(material.rollup.forms)
    for form in material.rollup.forms:
        for row in form.rows:
            if row.got is None or row.whole is None or row.got >= row.whole:
                continue
            why = f"：{bare(row.why)}" if row.why else f"：目标{row.planned}，实际{row.done}"
            text = f"{form.owner}“{row.third}”扣{written(row.whole - row.got, '分')}{why}。"
            basis = f"《{form.title}》{row.second}“{row.third}”，满分{row.full}分，得{row.points}分"
            made.append(Problem(text, basis, (row.third, row.second, row.first), row.third, bare(row.why)))
    return made


def _of_execution(forms: Sequence[SelfForm]) -> list[Problem]:
    """The rates of execution that lost points; those of many forms in one paragraph."""
    lost = [(form, form.execution - form.got) for form in forms if form.got is not None]
    lost = [(form, taken) for form, taken in lost if taken > 0]
    if len(lost) < GROUPED:
        return [
            Problem(
                f"{form.owner}预算执行率{form.spent}，扣{written(taken, '分')}。",
                f"《{form.title}》预算执行率，满分{written(form.execution, '分')}",
                (EXECUTION,),
                f"{form.owner}预算执行率",
            )
            for form, taken in lost
        ]
    whole = sum((taken for _, taken in lost), Decimal(0))
    listed = "、".join(f"{form.name}{form.spent}（扣{written(taken, '分')}）" for form, taken in lost)
    text = f"{len(lost)}张自评表的预算执行率有扣分，共扣{written(whole, '分')}：{listed}。"
    return [Problem(text, f"《{lost[-1][0].title}》预算执行率", (EXECUTION,), "预算执行率")]


def _explained(material: Material, row: Scored) -> str:
    """Why a rule gave less: the figures that it looks at, or the scoring points that were not met."""
    rule = material.indicator(row.title).rule
    if not row.explanation:
        return ""
    if not row.parts:
        return whole_amounts(bare(material.explained(rule.explain, whole=True)))
    failed = []
    for leaf, part in zip(rule.leaves(), row.parts, strict=True):
        if part.points is None or part.points >= part.full:
            continue
        if not leaf.judged:
            failed.append(bare(material.explained(leaf.explain, whole=True)))
            continue
        got = f"，得{written(part.points, '分')}" if part.points else ""
        said = f"{part.title}（{part.verdict}{got}）" if part.title else f"{part.verdict}{got}"
        failed.append(f"{said}{f'（{bare(part.reason)}）' if part.reason else ''}")
    return whole_amounts("；".join(failed))


def _of_points(material: Material, row: Scored) -> Problem:
    assert row.points is not None
    lost = row.full - row.points if not row.number.startswith("+") else -row.points
    reason = _TAKEN.sub("", _QUOTED.sub("", bare(row.reason)))
    typed = marked(reason, Typed(Keys(row.title).reason)) if reason else ""
    why = typed if row.awarded else _explained(material, row)
    indicator = material.indicator(row.title)
    second = next(
        (s.title for f in material.rubric.firsts for s in f.seconds if indicator in s.indicators), ""
    )
    basis = f"评分表{row.number.lstrip('+')}“{row.title}”，满分{written(row.full, '分')}，得{written(row.points, '分')}"
    text = f"{row.title}扣{written(lost, '分')}：{why}。" if why else f"{row.title}扣{written(lost, '分')}。"
    lacking = tuple(f"{LACKING}{name}" for name in indicator.rule.reads if not there(material.env(name)))
    return Problem(text, basis, (*lacking, row.title, *indicator.rule.reads, second), row.title, why)


def suggestions(material: Material) -> Made:
    """The suggestions that the problems call for, each with the problems it answers; then those that people add."""
    lines = _answers(groups(material)) + items(material.texts.get("建议补充", ""))
    return Made(blocks=[Paragraph(line, lead=numbered(3, number)) for number, line in enumerate(lines, 1)])


def own_measures(material: Material) -> list[str]:
    """The measures of a self-evaluation: those that its problems call for, then those that people add."""
    return _answers([Group("", tuple(own_problems(material)))]) + items(material.texts.get("整改措施", ""))


def measures(material: Material) -> Made:
    """The measures of a self-evaluation in one list."""
    lines = own_measures(material)
    return Made(blocks=[Paragraph(line, lead=numbered(3, number)) for number, line in enumerate(lines, 1)])


def _answers(found: Sequence[Group]) -> list[str]:
    """The suggestions of the shelf, in its order, each with the problems that call for it.

    Problems that none of them answers are quoted in one suggestion of their own.
    """
    shelf, other = advice()
    chosen: dict[int, list[tuple[int, int]]] = {}
    quoted: list[str] = []
    for number, group in enumerate(found, 1):
        for place, problem in enumerate(group.problems, 1):
            if ADDED not in problem.names:
                spot = _fitting(problem, shelf)
                chosen.setdefault(spot, []).append((number, place))
                quoted += [_quoted(problem)] if spot == len(shelf) and problem.subject else []
    last = other.format(items="、".join(dict.fromkeys(quoted)) or "扣分事项")
    texts = [*(one.text for one in shelf), last]
    return [
        f"{texts[spot].rstrip('。')}（针对存在问题{_labels(chosen[spot], len(found))}）。"
        for spot in sorted(chosen)
    ]


def _fitting(problem: Problem, shelf: Sequence[Advice]) -> int:
    """The suggestion for the narrowest name of a problem; behind the last one where none fits."""
    for name in problem.names:
        for number, one in enumerate(shelf):
            if name in one.about:
                return number
    return len(shelf)


def _quoted(problem: Problem) -> str:
    why = problem.why if len(unmarked(problem.why)) <= SHORT else ""
    return f"“{problem.subject}”{f'（{why}）' if why else ''}"


def _labels(places: Sequence[tuple[int, int]], many: int) -> str:
    """Which problems: （一）第1、2项，（二）第5至9项."""
    made = []
    for number in dict.fromkeys(group for group, _ in places):
        items = _runs([place for group, place in places if group == number])
        made.append(f"{numbered(2, number) if many > 1 else ''}第{items}项")
    return "，".join(made)


def _runs(numbers: Sequence[int]) -> str:
    """Numbers in order, three and more in a row as 1至3."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}至{run[-1]}" if len(run) >= RUN else "、".join(map(str, run)) for run in runs)


# ------------------------------------------------------------------- contradictions of documents


def of_findings(found: Sequence[Finding]) -> tuple[Problem, ...]:
    """Contradictions as problems; a rate that cannot be computed is not said again of figures that another one names."""
    made: list[Problem] = []
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        if FindingKind.UNDEFINED not in finding.kinds:
            groups.setdefault(_kind(finding) or f"#{id(finding)}", []).append(finding)
    for group in groups.values():
        made += [_together(group)] if len(group) >= GROUPED else [_single(finding) for finding in group]
    for finding in found:
        if FindingKind.UNDEFINED in finding.kinds and not any(
            all(name in problem.text for name in finding.subjects) for problem in made
        ):
            made.append(_single(finding))
    return tuple(made)


def _kind(finding: Finding) -> str:
    """What makes findings of one kind: the check that they come from, made for many rows."""
    args = dict(finding.args)
    return args["id"] if args.get("item") and args.get("id") else ""


def _together(group: Sequence[Finding]) -> Problem:
    args = [dict(finding.args) for finding in group]
    heading = args[0].get("group", "")
    if heading:
        listed = "、".join(clean(one["item"]) for one in args)
        text = f"{heading.format(count=len(group))}：{listed}。"
    else:
        said = "；".join(whole_amounts(bare(one["says"])) for one in args)
        text = f"同类问题{len(group)}项：{said}。"
    sources = [source for finding in group for source in finding.sources]
    text = marked(text, Cited(tuple(sources), args[0].get("title", "")))
    return Problem(text, basis(sources), (args[0]["id"], group[0].code))


def _single(finding: Finding) -> Problem:
    words = {key: unmarked(clean(text)) for key, text in finding.args}
    for key in ("left", "right", "title", "name", "says"):
        if key in words:
            words[key] = three_public(words[key])
    words |= {key: words[key].replace("：", "的") for key in ("left", "right") if key in words}
    text = finding.problem.format_map(words)
    names = (*((words["id"],) if words.get("id") else ()), finding.code)
    text = marked(whole_amounts(text), Cited(finding.sources, words.get("title", "")))
    return Problem(text, basis(finding.sources), names)


def basis(sources: Sequence[Source]) -> str:
    """The first few places, and how many there are; empty where no document stands behind them."""
    places = [place for place in dict.fromkeys(map(_place, sources)) if place]
    shown = "；".join(places[:PLACES])
    return shown if len(places) <= PLACES else f"{shown}等{len(places)}处"


def _place(source: Source) -> str:
    """A place as a sentence names it: 《决算报表.xlsx》“Z01_1”表（本年收入合计）; its cell stands in 数据来源表."""
    if not source.sheet and source.document:
        return f"《{clean(source.document)}》"
    if PurePath(source.file).suffix.lower() in TYPED:
        return ""
    where = f"“{clean(source.sheet)}”表" if source.sheet else ""
    label = f"（{clean(source.label)}）" if source.label else ""
    return f"《{clean(source.file)}》{where}{label}" if source.file else f"{where}{label}"
