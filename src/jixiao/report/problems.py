"""存在问题 and 相关建议: from the findings of the checks and the points lost, each with its basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.report.blocks import Block, Paragraph
from jixiao.report.chapters import Chapter, Made
from jixiao.report.contradictions import GROUPED, Problem, of_findings
from jixiao.report.material import Material
from jixiao.report.outline import Advice, advice
from jixiao.report.rollup import SelfForm
from jixiao.report.template import there
from jixiao.report.wording import bare, items, number_of, numbered, settled, written
from jixiao.scoring.scorecard import Scored

BLOCK, EXECUTED = "block", "预算执行率"
OTHERS, ADDED = "其他方面", "补充"
LACKING = "未取得"  # before the name of a figure that a rule asks for and nobody has
SHORT = 40  # characters of a reason that a suggestion quotes
RUN = 3  # numbers in a row that are written as 1至3
# whose words a reason repeats is no part of it
_QUOTED = re.compile(r"^(核查报告|自评报告|原报告|原文)[：:]")
_TAKEN = re.compile(r"[，,；;、]?扣\d+(\.\d+)?分$")


@dataclass(frozen=True, slots=True)
class Group:
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
    """The problems that a self-evaluation finds by itself: contradictions and lost points."""
    return [problem for group in groups(material) if group.title != OTHERS for problem in group.problems]


def lost_points(material: Material) -> Made:
    """The problems of a self-evaluation: contradictions and lost points in one list."""
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


def _explained(text: str, criteria: str = "") -> str:
    """A rule's own explanation as a reason: without the points, which stand before it, and without open rates.

    Of a list of points to be met only those that are not met are told, with what the table asks for.
    """
    failed = _failed_points(text, criteria)
    if failed:
        return failed
    text = re.sub(r"[，；]?得-?\d+(\.\d+)?分$", "", bare(text))
    text = settled(text)
    return re.sub(r"(?<=\d)\.00(?=万元)", "", text)


def _failed_points(text: str, criteria: str) -> str:
    texts = _NUMBERED.split(bare(text))
    pieces = [found for piece in texts if (found := _POINT.match(piece))]
    if len(pieces) < len(texts):
        return ""
    asked: dict[str, str] = {}
    for piece in _NUMBERED.split(bare(criteria)):
        if found := _ASKED.match(piece):
            asked[found[1]] = found[2]
    made = []
    for match in pieces:
        number, verdict, points, more = match.groups()
        if verdict != "符合":
            what = _TAIL.sub("", asked.get(number, ""))
            got = f"，得{points}分" if verdict == "部分符合" else ""
            made.append(f"{what or f'第{number}点'}（{verdict}{got}）{more.strip('，')}")
    return "；".join(made)


_NUMBERED = re.compile(r"；(?=\d+\.)")
_POINT = re.compile(r"^(\d+)\.(符合|部分符合|不符合)，得(-?\d+(?:\.\d+)?)分(.*)$")
_ASKED = re.compile(r"^(\d+)\.(.*)$")
_TAIL = re.compile(r"[，；。]得.*$")


def _lost(material: Material, row: Scored) -> bool:
    if material.indicator(row.title).rule.kind == BLOCK and any(form.whole for form in material.rollup.forms):
        return False  # its rows say it
    if row.status != "scored" or row.points is None:
        return False
    return row.points < row.full if not row.number.startswith("+") else row.points < 0


def _of_forms(material: Material) -> list[Problem]:
    """The rows of the self-evaluation forms that lost points, with the reason that stands there."""
    made = _of_execution(material.rollup.forms)
    for form in material.rollup.forms:
        for row in form.rows:
            got, whole = number_of(row.points), number_of(row.full)
            if got is None or whole is None or got >= whole:
                continue
            why = f"：{bare(row.why)}" if row.why else f"：目标{row.planned}，实际{row.done}"
            text = f"{_owner(form)}“{row.third}”扣{written(whole - got, '分')}{why}。"
            basis = f"《{form.title}》{row.second}“{row.third}”，满分{row.full}分，得{row.points}分"
            made.append(Problem(text, basis, (row.third, row.second, row.first), row.third, bare(row.why)))
    return made


def _of_execution(forms: Sequence[SelfForm]) -> list[Problem]:
    """The rates of execution that lost points; those of many forms in one paragraph."""
    lost = [(form, *found) for form in forms if (found := _execution(form))[1] < found[2]]
    if len(lost) < GROUPED:
        return [
            Problem(
                f"{_owner(form)}预算执行率{rate}，扣{written(full - points, '分')}。",
                f"《{form.title}》预算执行率，满分{written(full, '分')}",
                (EXECUTED,),
                f"{_owner(form)}预算执行率",
            )
            for form, rate, points, full in lost
        ]
    taken = sum((full - points for _, _, points, full in lost), Decimal(0))
    listed = "、".join(
        f"{form.name}{rate}（扣{written(full - points, '分')}）" for form, rate, points, full in lost
    )
    text = f"{len(lost)}张自评表的预算执行率有扣分，共扣{written(taken, '分')}：{listed}。"
    return [Problem(text, f"《{lost[-1][0].title}》预算执行率", (EXECUTED,), "预算执行率")]


def _owner(form: SelfForm) -> str:
    return "" if form.whole else named_project(form.name)


def named_project(name: str) -> str:
    """A project as a sentence names it: 招商经费项目, not 招商项目项目."""
    return name if name.endswith("项目") else f"{name}项目"


def _execution(form: SelfForm) -> tuple[str, Decimal, Decimal]:
    """Rate, points and full points of the money block; equal points where it is open."""
    *_, full, rate, points = form.money[0] if form.money else ("0", "", "0")
    got, whole = number_of(points), number_of(full)
    return (
        rate,
        got if got is not None else Decimal(0),
        whole if got is not None and whole is not None else Decimal(0),
    )


def _of_points(material: Material, row: Scored) -> Problem:
    assert row.points is not None
    lost = row.full - row.points if not row.number.startswith("+") else -row.points
    why = (
        _TAKEN.sub("", _QUOTED.sub("", bare(row.reason)))
        if row.awarded
        else _explained(row.explanation, material.indicator(row.title).criteria)
    )
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


def measures(material: Material) -> Made:
    """The measures of a self-evaluation, from its own problems in one list."""
    found = own_problems(material)
    lines = _answers([Group("", tuple(found))]) if found else []
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
    why = problem.why if len(problem.why) <= SHORT else ""
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
