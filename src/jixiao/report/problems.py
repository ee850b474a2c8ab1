"""存在问题 and 相关建议: from the findings of the checks and the points lost, each with its basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.finding import Finding
from jixiao.model.source import Source
from jixiao.report.blocks import Block, Paragraph
from jixiao.report.chapters import Chapter, Made
from jixiao.report.material import Material
from jixiao.report.outline import advice, finding_words
from jixiao.report.rollup import SelfForm
from jixiao.report.wording import bare, clean, number_of, numbered, paragraphs, written
from jixiao.scoring.scorecard import Scored

PLACES = 4  # places named for one finding
ZERO_BELOW, BLOCK = "J411", "block"
OTHERS, ADDED = "其他方面", "补充"
_TAKEN = re.compile(r"[，,；;、]?扣\d+(\.\d+)?分$")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what it says, on what it rests, what names call for a suggestion."""

    text: str
    basis: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one sort under one heading; ``short`` names the heading in a suggestion."""

    title: str
    problems: tuple[Problem, ...]


def groups(material: Material) -> list[Group]:
    """The problems: contradictions of documents, lost points, what people add."""
    facts = _facts([finding for finding in material.problems if finding.code in finding_words()])
    lost = (
        *_of_forms(material),
        *(_of_points(material, row) for row in material.card.indicators if _lost(material, row)),
    )
    added = tuple(Problem(line, "", (ADDED,)) for line in paragraphs(material.texts.get("问题补充", "")))
    made = [Group("数据和账表方面", facts), Group("评分扣分方面", lost), Group(OTHERS, added)]
    return [group for group in made if group.problems]


def _facts(found: Sequence[Finding]) -> tuple[Problem, ...]:
    """Contradictions as problems; a zero denominator that another one already names is not said again."""
    made = [_of_finding(finding) for finding in found if finding.code != ZERO_BELOW]
    for finding in found:
        if finding.code == ZERO_BELOW:
            names = [piece.split("为")[0] for piece in dict(finding.args)["figures"].split("、")]
            if not any(all(name in problem.text for name in names) for problem in made):
                made.append(_of_finding(finding))
    return tuple(made)


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
    found = own_problems(material)
    return Made(blocks=_items(found, 4))


def _items(found: Sequence[Problem], level: int = 3) -> list[Block]:
    made: list[Block] = []
    for number, problem in enumerate(found, 1):
        made.append(Paragraph(problem.text, lead=numbered(level, number)))
        if problem.basis:
            made.append(Paragraph(f"依据：{problem.basis}。", look="basis"))
    return made


def _of_finding(finding: Finding) -> Problem:
    words = {key: clean(text).replace("三公经费", "“三公”经费") for key, text in finding.args}
    words |= {key: words[key].replace("：", "的") for key in ("left", "right") if key in words}
    if finding.code == "J204":
        words["title"] = words["title"].replace("不为负", "")
    text = finding_words()[finding.code].said(words.get, lambda _: "文字")
    return Problem(text or f"{bare(finding.message)}。", _basis(finding.sources), (finding.code,))


def _basis(sources: Sequence[Source]) -> str:
    places = list(dict.fromkeys(_place(source) for source in sources))
    shown = "；".join(place for place in places[:PLACES] if place)
    return shown if len(places) <= PLACES else f"{shown}等{len(places)}处"


def _place(source: Source) -> str:
    """A place as a reader of the report looks it up: 《决算报表.xlsx》“Z01_1”表E34（本年收入合计）."""
    if not source.sheet and source.document:
        return f"《{clean(source.document)}》"
    where = f"“{clean(source.sheet)}”表{source.cell}" if source.sheet else ""
    label = f"（{clean(source.label)}）" if source.label else ""
    return f"《{clean(source.file)}》{where}{label}" if source.file else f"{where}{label}"


def _explained(text: str) -> str:
    """A rule's own explanation as a reason: without the points, which stand before it, and without open rates."""
    text = re.sub(r"[，；]?得-?\d+(\.\d+)?分$", "", bare(text))
    text = re.sub(r"(?<=[，；])[^，；]*待核定[，；]", "", text)
    return re.sub(r"(?<![\d.])0\.00(?=万元)", "0", text)


def _lost(material: Material, row: Scored) -> bool:
    if material.indicator(row.title).rule.kind == BLOCK and any(form.whole for form in material.rollup.forms):
        return False  # its rows say it
    if row.status != "scored" or row.points is None:
        return False
    return row.points < row.full if not row.number.startswith("+") else row.points < 0


def _of_forms(material: Material) -> list[Problem]:
    """The rows of the self-evaluation forms that lost points, with the reason that stands there."""
    made = []
    for form in material.rollup.forms:
        rate, points, full = _execution(form)
        if points < full:
            text = f"{_owner(form)}预算执行率{rate}，扣{written(full - points, '分')}。"
            made.append(
                Problem(text, f"《{form.title}》预算执行率，满分{written(full, '分')}", ("预算执行",))
            )
        for row in form.rows:
            got, whole = number_of(row.points), number_of(row.full)
            if got is None or whole is None or got >= whole:
                continue
            why = f"：{bare(row.why)}" if row.why else f"：目标{row.planned}，实际{row.done}"
            text = f"{_owner(form)}“{row.third}”扣{written(whole - got, '分')}{why}。"
            basis = f"《{form.title}》{row.second}“{row.third}”，满分{row.full}分，得{row.points}分"
            made.append(Problem(text, basis, (row.third, row.second, row.first)))
    return made


def _owner(form: SelfForm) -> str:
    return "" if form.whole else f"{form.name}项目"


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
    why = _TAKEN.sub("", bare(row.reason)) if row.awarded else _explained(row.explanation)
    indicator = material.indicator(row.title)
    second = next(
        (s.title for f in material.rubric.firsts for s in f.seconds if indicator in s.indicators), ""
    )
    basis = f"评分表{row.number.lstrip('+')}“{row.title}”，满分{written(row.full, '分')}，得{written(row.points, '分')}"
    text = f"{row.title}扣{written(lost, '分')}：{why}。" if why else f"{row.title}扣{written(lost, '分')}。"
    return Problem(text, basis, (row.title, second, *indicator.rule.reads))


def suggestions(material: Material) -> Made:
    """The suggestions that the problems call for, each with the problems it answers; then those that people add."""
    lines = _answers(groups(material)) + paragraphs(material.texts.get("建议补充", ""))
    return Made(blocks=[Paragraph(line, lead=numbered(3, number)) for number, line in enumerate(lines, 1)])


def measures(material: Material) -> Made:
    """The measures of a self-evaluation, from its own problems in one list."""
    found = own_problems(material)
    lines = _answers([Group("", tuple(found))]) if found else []
    return Made(blocks=[Paragraph(line, lead=numbered(3, number)) for number, line in enumerate(lines, 1)])


def _answers(found: Sequence[Group]) -> list[str]:
    """The suggestions of the shelf, in its order, each with the problems that call for it."""
    shelf, other = advice()
    chosen: dict[int, list[tuple[int, int]]] = {}
    for number, group in enumerate(found, 1):
        for place, problem in enumerate(group.problems, 1):
            if ADDED not in problem.names:
                fits = (i for i, one in enumerate(shelf) if set(one.about) & set(problem.names))
                chosen.setdefault(next(fits, len(shelf)), []).append((number, place))
    texts = [*(one.text for one in shelf), other]
    return [
        f"{texts[spot].rstrip('。')}（针对存在问题{_labels(chosen[spot], len(found))}）。"
        for spot in sorted(chosen)
    ]


def _labels(places: Sequence[tuple[int, int]], many: int) -> str:
    """Which problems: （一）第1、2项，（二）第5项."""
    made = []
    for number in dict.fromkeys(group for group, _ in places):
        items = "、".join(str(place) for group, place in places if group == number)
        made.append(f"{numbered(2, number) if many > 1 else ''}第{items}项")
    return "，".join(made)
