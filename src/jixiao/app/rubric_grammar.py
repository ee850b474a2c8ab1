"""The words of ``jixiao rubric``: verbs, arguments, options and their Chinese help."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.app.chinese import Verbs, argument, four_digits, verb
from jixiao.app.options import all_definitions, definitions_option, json_option, lead

rubric = Verbs(
    "rubric",
    callback=lead,
    invoke_without_command=True,
    about="评分表：列出、查看、检查评分表定义。",
    examples=("jixiao rubric list", "jixiao rubric show suixi-2022", "jixiao rubric lint 我的评分表.yaml"),
)


@verb(
    rubric, "list", "列出可用的评分表。", ("jixiao rubric list", "jixiao rubric list --definitions 我的定义")
)
@json_option
@definitions_option
def _list(as_json: bool, definitions: tuple[Path, ...]) -> int:
    from jixiao.app import rubrics

    return rubrics.list_all(all_definitions(definitions), as_json)


@verb(
    rubric,
    "show",
    "查看一张评分表：全部指标、分值、评分标准、依据，所需数据及其来源文件，以及对原文疑义的处理。",
    ("jixiao rubric show suixi-2022", "jixiao rubric show suixi-2022 --json"),
)
@argument("name", "评分表", "评分表编号或定义文件（.yaml）")
@json_option
@definitions_option
def _show(name: str, as_json: bool, definitions: tuple[Path, ...]) -> int:
    from jixiao.app import rubrics

    return rubrics.show(name, all_definitions(definitions), as_json)


@verb(
    rubric,
    "lint",
    "检查评分表：档次重叠或有空隙、分值不合计、编号重复、沿用旧权重、文字与规则不一致等问题，逐条指出文件和行或单元格。"
    "官方评分表（.xlsx、.docx）可直接检查。有错误级问题时退出码为 1。",
    ("jixiao rubric lint suixi-2022", "jixiao rubric lint 我的评分表.yaml", "jixiao rubric lint 评分表.xlsx"),
)
@argument("name", "评分表", "评分表编号、定义文件（.yaml）或官方评分表（.xlsx、.docx）")
@json_option
@definitions_option
def _lint(name: str, as_json: bool, definitions: tuple[Path, ...]) -> int:
    from jixiao.app import rubrics

    return rubrics.lint(name, all_definitions(definitions), as_json)


@verb(
    rubric,
    "parse",
    "读一段评分标准：看它被理解成什么规则，并按所给的数值算出得分。读不懂或有歧义的，列出疑问，不作猜测。",
    (
        'jixiao rubric parse "90%>结果≥80%，得2分；结果<80%，得0分；结果≥90%，得4分" --full 4 --at 85%',
        'jixiao rubric parse "控制率≤100%得满分，每超过1个百分点扣0.5分，扣完为止" --full 5 --at 103% --json',
    ),
)
@argument("text", "文字", "评分标准的文字")
@click.option("--full", metavar="分值", required=True, help="满分")
@click.option(
    "--at",
    "values",
    metavar="数值",
    multiple=True,
    help="要算分的数值，写法同原文：92.8%、-15%、3、是、否；可写多次",
)
@json_option
def _parse(text: str, full: str, values: tuple[str, ...], as_json: bool) -> int:
    from jixiao.app import criteria

    return criteria.parse(text, full, values, as_json)


@verb(
    rubric,
    "import",
    "导入评分表：把印发的官方评分表（.xlsx 或 .docx）读成定义文件；读不懂的标准成为人工评分项并说明原因。"
    "rubric export 导出后修改的工作簿也由此读回。",
    (
        "jixiao rubric import 评分表.xlsx -o 我县2025.yaml",
        "jixiao rubric import 评分表.docx -o 新表.yaml --place 某县 --year 2025",
    ),
)
@argument("source", "文件", "官方评分表（.xlsx、.docx）或导出后修改的工作簿")
@click.option(
    "-o", "--output", "target", metavar="定义.yaml", required=True, help="写入的定义文件，不覆盖已有文件"
)
@click.option("--id", "ident", metavar="编号", default="", help="评分表编号，默认取定义文件名")
@click.option("--place", metavar="地区", default="", help="发布评分表的地区")
@click.option("--year", metavar="年度", callback=four_digits, help="评价年度，默认取文件名中的年份")
@click.option("--document", metavar="文件标题", default="", help="依据的文件标题，默认取文件名")
@click.option("--number", metavar="文号", default="", help="依据的文号")
@json_option
def _import(source: str, target: str, as_json: bool, **about_it: str) -> int:
    from jixiao.app import rubrics

    return rubrics.take_in(Path(source), Path(target), as_json, **about_it)


@verb(
    rubric,
    "export",
    "导出评分表：写成可在 Excel 中修改的工作簿（一行一个指标或要点），改后用 rubric import 读回。",
    ("jixiao rubric export suixi-2022 -o 修改.xlsx",),
)
@argument("name", "评分表", "评分表编号或定义文件（.yaml）")
@click.option(
    "-o", "--output", "target", metavar="工作簿.xlsx", required=True, help="写入的工作簿，不覆盖已有文件"
)
@definitions_option
def _export(name: str, target: str, definitions: tuple[Path, ...]) -> int:
    from jixiao.app import rubrics

    return rubrics.give_out(name, Path(target), all_definitions(definitions))


@verb(
    rubric,
    "diff",
    "比较两张评分表：指标、权重、标准、依据有哪些变化。",
    ("jixiao rubric diff suixi-2022 新表.yaml",),
)
@argument("old", "旧表", "评分表编号或定义文件（.yaml）")
@argument("new", "新表", "评分表编号或定义文件（.yaml）")
@json_option
@definitions_option
def _diff(old: str, new: str, as_json: bool, definitions: tuple[Path, ...]) -> int:
    from jixiao.app import rubrics

    return rubrics.compare(old, new, all_definitions(definitions), as_json)
