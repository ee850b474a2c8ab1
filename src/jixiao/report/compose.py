"""Material -> report: the outline's sections in their order, numbered, with cover, annexes and what is pending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import count

from jixiao.model import concepts
from jixiao.report import tables
from jixiao.report.analysis import analysis
from jixiao.report.material import Material, outline_of
from jixiao.report.outline import Item, Part, Signing, figures, outline, row_units
from jixiao.report.parts import Bars, Block, Chapter, Grid, Heading, Made, Paragraph, Report
from jixiao.report.phrasing import numbered, paragraphs
from jixiao.report.shortcomings import (
    lost_points,
    measures,
    own_measures,
    own_problems,
    problems,
    suggestions,
)
from jixiao.report.template import Env, Live, Sentence, Text, Unit, holds, over
from jixiao.report.traced import Typed, known, marked
from jixiao.rubric import WRITTEN, TextNeed

MAKERS: dict[str, Callable[[Material], Made]] = {
    "指标分析": analysis,
    "存在问题": problems,
    "相关建议": suggestions,
    "自评问题": lost_points,
    "整改建议": measures,
    "失分差距表": tables.shortfalls,
    "一级得分表": tables.first_scores,
    "得分率图": tables.rates_chart,
    "项目自评结果表": tables.project_results,
    "资金汇总表": tables.fund_totals,
    "转移支付表": tables.transfer_totals,
}
"""What a section can ask for by ``made``."""


def compose(material: Material, kind: str, *, draft: bool = False) -> Report:
    """The report of a kind (核查 or 自评; KeyError for another) of a material that was placed for it."""
    plan = outline(outline_of(material, kind), tuple(MAKERS))
    for name, found in (("自评问题项数", own_problems(material)), ("整改措施项数", own_measures(material))):
        material.values[name] = known(Decimal(len(found)), name)
    writer = _Writer(material, draft=draft)
    chapters = [made for part in plan.sections if (made := writer.chapter(part)) is not None]
    extra = tables.annexes(material, plan.annexes)
    if extra:
        lines: list[Block] = [Paragraph(f"{annex.label}：{annex.title}") for annex in extra]
        chapters.append(Chapter("附件", lines))
    cover = [(label, text) for label, line in plan.cover if (text := writer.cover(line))]
    blocks = [*captioned(numbered_blocks(chapters)), *writer.signing(plan.signing)]
    return Report(
        title=plan.title.said(material.env, material.unit_of),
        cover=cover,
        draft=draft,
        pending=_open(material, writer) if draft else [],
        blocks=blocks,
        annexes=extra,
        keywords=material.rubric.name,
        unwritten=list(dict.fromkeys(writer.unwritten)),
    )


def people_in(material: Material, kind: str) -> str:
    """The text that names the people of a report."""
    return outline(outline_of(material, kind), tuple(MAKERS)).signing.people


def _open(material: Material, writer: _Writer) -> list[str]:
    """What a draft lists as not done: points, texts and figures that lack, awards to look at again."""
    again = [f"请复核：{remark}" for remark in dict.fromkeys(material.remarks)]
    titles = [need.title for need in writer.unwritten]
    lacking = [("数据未取得：", writer.missing_facts), ("文字未填写：", titles)]
    named = [f"{what}{'、'.join(dict.fromkeys(names))}" for what, names in lacking if names]
    return [*material.pending(), *named, *again]


class _Writer:
    """Parts of an outline -> chapters. In a draft what is missing is said where it is missing."""

    def __init__(self, material: Material, *, draft: bool) -> None:
        self.material, self.draft = material, draft
        self.needs = {need.key: need for need in material.rubric.texts}
        self.unwritten: list[TextNeed] = []
        self.missing_facts: list[str] = []

    def chapter(self, part: Part) -> Chapter | None:
        """The chapter of a part, None where it has nothing to say."""
        if part.when is not None and not holds(part.when, self.material.env):
            return None
        made = Chapter(part.title)
        if part.made:
            filled = MAKERS[part.made](self.material)
            made.blocks += filled.blocks
            made.below += filled.below
        for item in part.items:
            made.blocks += self._item(item)
        made.below += [below for one in part.parts if (below := self.chapter(one)) is not None]
        return made if made.blocks or made.below else None

    def _item(self, item: Item) -> list[Block]:
        if item.words:
            asked = item.when is None or holds(item.when, self.material.env)
            return list(self._words(item.words, asked=asked))
        if item.made:
            return MAKERS[item.made](self.material).blocks
        sentences = [one for one in item.sentences if not (item.yields and self._decided(one))]
        rows: list[tuple[Env, Unit]] = [(self.material.env, self.material.unit_of)]
        if item.each:
            units = self._unit(item.each)
            rows = [(over(row, self.material.env), units) for row in self.material.rows.get(item.each, [])]
        made = (self._said(sentences, env, unit, tell=not item.each) for env, unit in rows)
        return [paragraph for paragraph in made if paragraph.text]

    def _decided(self, sentence: Sentence) -> bool:
        """Whether a sentence reads a figure whose points a person decided otherwise."""
        read = set(sentence.names())
        read |= {ref for name in read if name in figures() for ref in figures()[name].refs()}
        return not read.isdisjoint(self.material.decided)

    def _unit(self, table: str) -> Unit:
        found = self.material.rubric.tables.get(table)
        units = (
            {column.name: column.unit for column in found.columns} if found is not None else row_units(table)
        )
        return lambda name: units[name] if name in units else self.material.unit_of(name)

    def cover(self, line: Text) -> str:
        """A line of the cover; empty where there is nothing to say."""
        lacking = "".join(self._lacking(name.removeprefix(WRITTEN)) for name in line.names())
        return line.said(self.material.env, self.material.unit_of) or lacking

    def signing(self, page: Signing) -> list[Block]:
        """The page that is signed."""
        people, need = self.material.texts.get(page.people, ""), self.needs.get(page.people)
        made = [Heading(1, page.title, new_page=True)]
        lacking = self._lacking(page.people)
        gap = [Paragraph(lacking, look="missing")] if lacking else []
        mark = Typed(need.entry) if need else None
        return [*made, *gap, *tables.signatures(people, page.signs, lambda text: marked(text, mark))]

    def _words(self, key: str, *, asked: bool) -> Iterator[Block]:
        text, need = self.material.texts.get(key, ""), self.needs.get(key)
        if text:
            yield from (
                Paragraph(marked(line, Typed(need.entry)) if need else line) for line in paragraphs(text)
            )
        elif asked and (lacking := self._lacking(key)):
            yield Paragraph(lacking, look="missing")

    def _lacking(self, key: str) -> str:
        """What a draft says in the place of a text that is needed and that nobody wrote; it is noted down."""
        need = self.needs.get(key)
        if need is None or need.optional or self.material.texts.get(key):
            return ""
        self.unwritten.append(need)
        return f"〔待填写：{need.title}（{need.hint}）〕" if self.draft else ""

    def _said(self, sentences: Sequence[Sentence], env: Env, unit: Unit, *, tell: bool) -> Paragraph:
        made, gaps = [], []
        for sentence in sentences:
            text = sentence.said(env, unit)
            text = marked(text, Live(sentence, env, unit)) if text else text
            if not text and tell and self.draft and sentence.clauses[0].when is None:
                asked = [name for name in sentence.lacking(env) if name in concepts()]
                self.missing_facts += asked
                text = f"〔缺少数据：{'、'.join(asked)}〕" if asked else ""
                gaps += [text] if asked else []
            made.append(text)
        return Paragraph("".join(made), gaps=tuple(gaps))


def captioned(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with tables and charts numbered in their order: 表1 …, 图1 …."""
    numbers = {"表": count(1), "图": count(1)}
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, (Grid, Bars)) and block.caption:
            what = "表" if isinstance(block, Grid) else "图"
            made.append(block._replace(caption=f"{what}{next(numbers[what])}　{block.caption}"))
        else:
            made.append(block)
    return made


def numbered_blocks(chapters: Sequence[Chapter], level: int = 1) -> list[Block]:
    """Chapters with the official numbers: 一、 （一） 1. （1）; from the fourth level on the title leads its paragraph."""
    made: list[Block] = []
    for number, chapter in enumerate(chapters, 1):
        title = f"{numbered(level, number)}{chapter.title}"
        if level <= 3:
            made.append(Heading(level, title))
            made += chapter.blocks
        else:
            made += _led(f"{title}。", chapter.blocks)
        if level == 1 and len(chapter.below) == 1 and not chapter.blocks:
            lone = chapter.below[0]  # one subsection needs no number: it is the chapter
            made += lone.blocks
            made += numbered_blocks(lone.below, level + 1)
        else:
            made += numbered_blocks(chapter.below, level + 1)
    return made


def _led(lead: str, blocks: Sequence[Block]) -> list[Block]:
    first = blocks[0] if blocks else Paragraph("")
    if isinstance(first, Paragraph) and first.look == "body":
        return [Paragraph(first.text, lead=lead), *blocks[1:]]
    return [Paragraph("", lead=lead), *blocks]
