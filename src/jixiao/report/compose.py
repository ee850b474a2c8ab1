"""Material -> report: the outline's sections in their order, numbered, with cover, annexes and what is pending."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.report import tables
from jixiao.report.analysis import analysis
from jixiao.report.annexes import annexes
from jixiao.report.blocks import Bars, Block, Grid, Paragraph, Report
from jixiao.report.chapters import Chapter, Maker, Writer, numbered_blocks, rows_of_projects
from jixiao.report.material import Material
from jixiao.report.outline import outline
from jixiao.report.problems import lost_points, measures, own_problems, problems, suggestions
from jixiao.report.standpoint import outline_of, placed
from jixiao.report.told import NAMES, UNITS, told

MAKERS: dict[str, Maker] = {
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


def compose(material: Material, kind: str, *, draft: bool = False) -> Report:
    """A report of a kind (核查 or 自评; KeyError for another). The material gets the names that sentences use."""
    plan = outline(outline_of(material, kind))
    material = placed(material, kind)
    material.values |= told(material)
    material.values["自评问题项数"] = Decimal(len(own_problems(material)))
    material.units |= UNITS
    material.values |= {f"文字.{key}": text for key, text in material.texts.items()}
    material.values |= _dates(material)
    material.rows["自评项目"] = rows_of_projects(material)
    writer = Writer(material, MAKERS, draft=draft)
    chapters = [made for part in plan.sections if (made := writer.chapter(part)) is not None]
    extra = annexes(material, plan.annexes)
    if extra:
        lines = [Paragraph(f"{annex.label}：{annex.title}") for annex in extra]
        chapters.append(Chapter("附件", list(lines)))
    cover = [
        (label, text) for label, line in plan.cover if (text := line.said(material.env, material.unit_of))
    ]
    return Report(
        title=plan.title.said(material.env, material.unit_of),
        cover=cover,
        draft=draft,
        pending=_open(material, writer) if draft else [],
        blocks=captioned(numbered_blocks(chapters)),
        annexes=extra,
        keywords=material.rubric.name,
        left_out=list(dict.fromkeys(writer.missing_texts)),
    )


def _open(material: Material, writer: Writer) -> list[str]:
    """What a draft lists as not done: points, texts and figures that lack, awards to look at again."""
    again = [f"请复核：{remark}" for remark in dict.fromkeys(material.remarks)]
    lacking = [("数据未取得：", writer.missing_facts), ("文字未填写：", writer.missing_texts)]
    named = [f"{what}{'、'.join(dict.fromkeys(names))}" for what, names in lacking if names]
    return [*material.pending, *named, *again]


def captioned(blocks: list[Block]) -> list[Block]:
    """The blocks with tables and charts numbered in their order: 表1 …, 图1 …."""
    made: list[Block] = []
    tables_seen = charts_seen = 0
    for block in blocks:
        if isinstance(block, Grid) and block.caption:
            tables_seen += 1
            made.append(replace(block, caption=f"表{tables_seen}　{block.caption}"))
        elif isinstance(block, Bars):
            charts_seen += 1
            made.append(replace(block, caption=f"图{charts_seen}　{block.caption}"))
        else:
            made.append(block)
    return made


def _dates(material: Material) -> dict[str, str]:
    """What the cover falls back on: reviewer and date of the 封面 sheet."""
    made = {}
    if "评价机构" not in material.texts and material.reviewer:
        made["文字.评价机构"] = material.reviewer
    if "报告日期" not in material.texts and material.date:
        made["文字.报告日期"] = material.date
    return made


__all__ = ["MAKERS", "NAMES", "compose"]
