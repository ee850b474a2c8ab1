"""Material -> report: the outline's sections in their order, numbered, with cover, annexes and what is pending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import count

from jixiao.model import concepts
from jixiao.report import tables
from jixiao.report.analysis import analysis
from jixiao.report.material import Material, outline_of
from jixiao.report.outline import Item, Part, outline, row_units
from jixiao.report.parts import Bars, Block, Chapter, Grid, Heading, Made, Paragraph, Report
from jixiao.report.phrasing import numbered, paragraphs
from jixiao.report.shortcomings import lost_points, measures, own_problems, problems, suggestions
from jixiao.report.template import Env, Live, Sentence, Unit, holds, over
from jixiao.report.traced import Typed, known, marked

MAKERS: dict[str, Callable[[Material], Made]] = {
    "指标分析": analysis,
    "存在问题": problems,
    "相关建议": suggestions,
    "自评问题": lost_points,
    "整改建议": measures,
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
    material.values["自评问题项数"] = known(Decimal(len(own_problems(material))), "自评问题项数")
    writer = _Writer(material, draft=draft)
    chapters = [made for part in plan.sections if (made := writer.chapter(part)) is not None]
    extra = tables.annexes(material, plan.annexes)
    if extra:
        lines: list[Block] = [Paragraph(f"{annex.label}：{annex.title}") for annex in extra]
        chapters.append(Chapter("附件", lines))
    said = [(label, line.said(material.env, material.unit_of)) for label, line in plan.cover]
    return Report(
        title=plan.title.said(material.env, material.unit_of),
        cover=[(label, text) for label, text in said if text],
        draft=draft,
        pending=_open(material, writer) if draft else [],
        blocks=captioned(numbered_blocks(chapters)),
        annexes=extra,
        keywords=material.rubric.name,
        left_out=list(dict.fromkeys(writer.missing_texts)),
    )


def _open(material: Material, writer: _Writer) -> list[str]:
    """What a draft lists as not done: points, texts and figures that lack, awards to look at again."""
    again = [f"请复核：{remark}" for remark in dict.fromkeys(material.remarks)]
    lacking = [("数据未取得：", writer.missing_facts), ("文字未填写：", writer.missing_texts)]
    named = [f"{what}{'、'.join(dict.fromkeys(names))}" for what, names in lacking if names]
    return [*material.pending(), *named, *again]


class _Writer:
    """Parts of an outline -> chapters. In a draft what is missing is said where it is missing."""

    def __init__(self, material: Material, *, draft: bool) -> None:
        self.material, self.draft = material, draft
        self.missing_texts: list[str] = []
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
            return list(self._words(item.words))
        if item.made:
            return MAKERS[item.made](self.material).blocks
        rows: list[tuple[Env, Unit]] = [(self.material.env, self.material.unit_of)]
        if item.each:
            units = self._unit(item.each)
            rows = [(over(row, self.material.env), units) for row in self.material.rows.get(item.each, [])]
        made = (self._said(item.sentences, env, unit, tell=not item.each) for env, unit in rows)
        return [paragraph for paragraph in made if paragraph.text]

    def _unit(self, table: str) -> Unit:
        found = self.material.rubric.tables.get(table)
        units = (
            {column.name: column.unit for column in found.columns} if found is not None else row_units(table)
        )
        return lambda name: units[name] if name in units else self.material.unit_of(name)

    def _words(self, key: str) -> Iterator[Block]:
        text = self.material.texts.get(key, "")
        need = next((need for need in self.material.rubric.texts if need.key == key), None)
        if text:
            yield from (
                Paragraph(marked(line, Typed(need.entry)) if need else line) for line in paragraphs(text)
            )
            return
        title = f"{need.title}：{need.hint}" if need is not None else key
        self.missing_texts.append(need.title if need is not None else key)
        if self.draft:
            yield Paragraph(f"〔待填写：{title}〕", look="missing")

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
