"""Chapters: what a report says under each heading, before it is numbered; empty ones fall away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.model import Value, concepts
from jixiao.report.blocks import Block, Heading, Paragraph
from jixiao.report.material import Material
from jixiao.report.outline import Item, Part
from jixiao.report.template import Env, Sentence, Unit, holds, over
from jixiao.report.wording import numbered, paragraphs

Maker = Callable[[Material], "Made"]


@dataclass(slots=True)
class Chapter:
    """A heading, the blocks under it, and the chapters below."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    below: list[Chapter] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """What a maker gives: blocks, and chapters below them."""

    blocks: list[Block] = field(default_factory=list)
    below: list[Chapter] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.blocks or self.below)


class Writer:
    """Parts of an outline -> chapters. In a draft what is missing is said where it is missing."""

    def __init__(self, material: Material, makers: dict[str, Maker], *, draft: bool) -> None:
        self.material, self.makers, self.draft = material, makers, draft
        self.missing_texts: list[str] = []
        self.missing_facts: list[str] = []

    def chapter(self, part: Part) -> Chapter | None:
        """The chapter of a part, None where it has nothing to say."""
        if part.when is not None and not holds(part.when, self.material.env):
            return None
        made = Chapter(part.title)
        if part.made:
            filled = self.makers[part.made](self.material)
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
            return self.makers[item.made](self.material).blocks
        rows: list[tuple[Env, Unit]] = [(self.material.env, self.material.unit_of)]
        if item.each:
            units = self._unit(item.each)
            rows = [(over(row, self.material.env), units) for row in self.material.rows.get(item.each, [])]
        made = (self._said(item.sentences, env, unit, tell=not item.each) for env, unit in rows)
        return [paragraph for paragraph in made if paragraph.text]

    def _unit(self, table: str) -> Unit:
        found = self.material.rubric.tables.get(table)
        units = {column.name: column.unit for column in found.columns} if found is not None else ROW_UNITS
        return lambda name: units[name] if name in units else self.material.unit_of(name)

    def _words(self, key: str) -> Iterator[Block]:
        text = self.material.texts.get(key, "")
        if text:
            yield from (Paragraph(line) for line in paragraphs(text))
            return
        need = next((need for need in self.material.rubric.texts if need.key == key), None)
        title = f"{need.title}：{need.hint}" if need is not None else key
        self.missing_texts.append(need.title if need is not None else key)
        if self.draft:
            yield Paragraph(f"〔待填写：{title}〕", look="missing")

    def _said(self, sentences: Sequence[Sentence], env: Env, unit: Unit, *, tell: bool) -> Paragraph:
        made, gaps = [], []
        for sentence in sentences:
            text = sentence.said(env, unit)
            if not text and tell and self.draft and sentence.clauses[0].when is None:
                asked = [name for name in sentence.lacking(env) if name in concepts()]
                self.missing_facts += asked
                text = f"〔缺少数据：{'、'.join(asked)}〕" if asked else ""
                gaps += [text] if asked else []
            made.append(text)
        return Paragraph("".join(made), gaps=tuple(gaps))


ROW_UNITS = {
    "年初预算": "万元", "预算数": "万元", "年度支出": "万元", "支出率": "%", "自评得分": "分", "自评等级": "文字",
    "项目名称": "文字",
}  # fmt: skip


def rows_of_projects(material: Material) -> list[dict[str, Value]]:
    """The projects as rows that sentences are said for."""
    made: list[dict[str, Value]] = []
    for row in material.rollup.projects:
        planned, final = row.planned, row.final
        made.append(
            {
                "项目名称": row.name,
                "年初预算": row.budget,
                "预算数": planned,
                "年度支出": final,
                "支出率": final / planned if final is not None and planned else None,
                "自评得分": row.score,
                "自评等级": row.grade or None,
            }
        )
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
