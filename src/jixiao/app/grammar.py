"""The words of the command line: verbs, arguments, options and their Chinese help. The bodies are in verbs.py."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

import click

from jixiao.app import verbs
from jixiao.app.addin_grammar import addin
from jixiao.app.chinese import Verbs, argument, explained, four_digits, how_many, one_of, verb
from jixiao.app.options import (
    DEFINITIONS,
    all_definitions,
    book_argument,
    definitions_option,
    json_option,
    lead,
)
from jixiao.app.rubric_grammar import rubric
from jixiao.app.serve_grammar import add_serve
from jixiao.model import UsageStop

EXIT_CODES = (
    "退出码：0 正常；1 有错误级问题（check、verify、rubric lint）；2 用法有误；3 文件被拒绝（无法读取、不支持、加密、"
    "有危险）；4 文件正被打开或已被改动；5 超出限制；6 无法写入；70 内部错误；130 已中断。"
)


def run(words: Sequence[str]) -> int:
    """Parse and carry out one command; Stop where the words are wrong."""
    if "_JIXIAO_COMPLETE" in os.environ:
        jixiao.main(prog_name="jixiao")  # the shell asks for completions
    try:
        with jixiao.make_context("jixiao", expanded(words)) as ctx:
            return int(jixiao.invoke(ctx) or 0)
    except click.exceptions.Exit as done:
        return int(done.exit_code)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        raise explained(error) from error


def expanded(words: Sequence[str], system: str = os.name) -> list[str]:
    """``*.xlsx`` as files where the shell does not do it (Windows)."""
    made: list[str] = []
    for word in words:
        stars = system == "nt" and ("*" in word or "?" in word)
        found = sorted(glob.glob(word)) if stars else []  # noqa: PTH207 - a word, not a folder
        made += found or [word]
    return made


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from jixiao import __version__

        click.echo(f"jixiao {__version__}")
        ctx.exit()


jixiao = Verbs(
    "jixiao",
    callback=lead,
    invoke_without_command=True,
    about="政府预算绩效评分簿：从决算等报表取数，按官方评分表评分，逐格可追溯，可独立复算。",
    examples=("jixiao demo", "jixiao score 评分簿.xlsx", "jixiao fill --help"),
    epilog=EXIT_CODES,
    params=[
        click.Option(["--definitions"], **DEFINITIONS),
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="显示版本"
        ),
    ],
)


@verb(
    jixiao,
    "demo",
    "演示：用真实的公开案例走完全程，从来源到复核过的评分簿。案例 suixi（默认）：遂溪县招商局 2022 年核查，82.27 分；"
    "changli：昌黎县招商中心 2023 年整体和项目自评，98 分和 96 分。同一文件夹可以反复演示，只替换演示自己写的文件。",
    ("jixiao demo", "jixiao demo D:\\演示", "jixiao demo changli"),
)
@argument("case", "案例", "suixi 或 changli，默认 suixi", required=False, default="")
@argument("folder", "文件夹", "写入演示文件的文件夹，默认“演示”或“演示-昌黎”", required=False, default="")
def _demo(case: str, folder: str) -> int:
    from jixiao.app.demo import CASES, demo

    if case and case not in CASES and not folder:
        case, folder = "", case  # a folder alone
    if case and case not in CASES:
        raise UsageStop("J826", name=case, known="、".join(CASES))
    return demo(Path(folder) if folder else None, case or "suixi")


@verb(
    jixiao,
    "new",
    "新建空白评分簿。已有的文件不会被覆盖。",
    (
        "jixiao new suixi-2022 -o 评分簿.xlsx --unit 遂溪县招商局",
        "jixiao new changli-2023 -o 评分簿.xlsx --projects 5",
        "jixiao new 我的评分表.yaml -o 评分簿.xlsx --year 2023",
    ),
)
@argument("rubric", "评分表", "评分表编号（见 jixiao rubric list），或评分表定义文件（.yaml）")
@click.option("-o", "--output", metavar="评分簿", required=True, help="要写的文件")
@click.option("--unit", metavar="单位", default="", help="单位名称，写入封面")
@click.option("--year", metavar="年度", callback=four_digits, default=None, help="年度，默认为评分表的年度")
@click.option("--projects", metavar="个数", callback=how_many, default=None, help="项目支出绩效自评表的张数")
@click.option("--project-form", metavar="表式", default="", help="项目自评表的表式，默认 project-2020")
@definitions_option
def _new(
    rubric: str,
    output: str,
    unit: str,
    year: str,
    projects: int | None,
    project_form: str,
    definitions: tuple[Path, ...],
) -> int:
    return verbs.new(
        rubric, Path(output), unit, year, all_definitions(definitions), projects=projects, form=project_form
    )


@verb(
    jixiao,
    "fill",
    "把决算、批复、资产、科目余额等表格导入评分簿，自动取数、勾稽并评分。人工填写的内容不会被覆盖；原评分簿留有备份。",
    (
        "jixiao fill 评分簿.xlsx 决算报表.xlsx 资产报表.xls 科目余额表.csv",
        "jixiao fill 评分簿.xlsx 来源/* --facts 补充数据.yaml",
        "jixiao fill 评分簿.xlsx --facts 补充数据.yaml",
    ),
)
@book_argument
@argument("sources", "来源", "来源文件（.xlsx .xlsm .xls .et .ods .csv，或网页格式的 .xls）", nargs=-1)
@click.option("--facts", metavar="文件", default=None, help="按名称写明数据和判定的 YAML 或 JSON 文件")
@json_option
@definitions_option
def _fill(
    book: str, sources: tuple[str, ...], facts: str | None, as_json: bool, definitions: tuple[Path, ...]
) -> int:
    if not sources and facts is None:
        raise UsageStop(
            "J810", what="参数“来源”（或选项“--facts”）", usage="jixiao fill 评分簿 来源... [选项]"
        )
    given = [Path(source) for source in sources]
    return verbs.fill(
        Path(book), given, Path(facts) if facts else None, all_definitions(definitions), as_json
    )


@verb(
    jixiao,
    "score",
    "重新计算评分簿，把得分和评分说明写回，并打印评分表。只改动相关单元格；内容无变化时不写文件。",
    ("jixiao score 评分簿.xlsx", "jixiao score 评分簿.xlsx --json"),
)
@book_argument
@json_option
def _score(book: str, as_json: bool) -> int:
    from jixiao.app.score import score

    return score(book, as_json=as_json)


@verb(
    jixiao,
    "check",
    "勾稽核对：各表之内、各表之间以及评分之中的矛盾，不一致的列在前面。有错误级问题时退出码为 1。",
    (
        "jixiao check 评分簿.xlsx",
        "jixiao check 评分簿.xlsx --json",
        "jixiao check 评分簿.xlsx --last 上年评分簿.xlsx",
    ),
)
@book_argument
@click.option(
    "--last",
    "previous",
    metavar="文件",
    multiple=True,
    help="上年的评分簿或上年的决算表等，核对年初数与上年年末数，可写多次",
)
@json_option
@definitions_option
def _check(book: str, previous: tuple[str, ...], as_json: bool, definitions: tuple[Path, ...]) -> int:
    return verbs.check(Path(book), as_json, definitions, [Path(name) for name in previous])


@verb(
    jixiao,
    "verify",
    "核验评分簿：公式和定义未被改动，由独立的计算引擎复算，每个得分都与规则和保存的数值一致。",
    (
        "jixiao verify 评分簿.xlsx",
        "jixiao verify 评分簿/*.xlsx --engine all",
        "jixiao verify 评分簿.xlsx --format junit > 结果.xml",
    ),
)
@argument("books", "评分簿", "一个或多个评分簿", nargs=-1, required=True)
@click.option(
    "--engine",
    metavar="引擎",
    callback=one_of("formulas", "libreoffice", "all"),
    default="formulas",
    help="formulas（默认）、libreoffice 或 all（两者）",
)
@click.option(
    "--format",
    "shape",
    metavar="格式",
    callback=one_of("text", "json", "junit"),
    default="text",
    help="text（默认）、json 或 junit",
)
@definitions_option
def _verify(books: tuple[str, ...], engine: str, shape: str, definitions: tuple[Path, ...]) -> int:
    return verbs.verify([Path(book) for book in books], engine, shape, definitions)


@verb(
    jixiao,
    "report",
    "撰写报告：核查报告或自评报告（.docx）。评分簿须通过核验且没有待核定事项；核对中还没有解决的错误和没有填写的文字在写出后列出，不妨碍写出；加 --draft 写出带水印的草稿，并列出缺少的内容。"
    "已有的同名报告留有备份；只能由人写的文字取自“文字”表。",
    (
        "jixiao report 评分簿.xlsx -o 核查报告.docx",
        "jixiao report 评分簿.xlsx -o 自评报告.docx --kind 自评 --pdf",
        "jixiao report 评分簿.xlsx -o 草稿.docx --draft",
    ),
)
@book_argument
@click.option("-o", "--output", metavar="报告", required=True, help="要写的文件（.docx）")
@click.option(
    "--kind",
    metavar="种类",
    callback=one_of("核查", "自评", "自动"),
    default="自动",
    help="核查、自评或自动（默认）：有自评表的评分簿为自评，其他为核查",
)
@click.option("--draft", is_flag=True, help="写草稿：不要求核验通过，标出待填写的文字和缺少的数据")
@click.option("--pdf", is_flag=True, help="同时写出 PDF（需要 LibreOffice）")
@definitions_option
def _report(book: str, output: str, kind: str, draft: bool, pdf: bool, definitions: tuple[Path, ...]) -> int:
    from jixiao.app.reports import report

    chosen = "" if kind == "自动" else kind
    found = all_definitions(definitions)
    return report(Path(book), Path(output), chosen, draft=draft, pdf=pdf, definitions=found)


@verb(
    jixiao,
    "audit",
    "核对已写成的报告：逐个数字与评分簿核对，并查报告自身的前后矛盾。每个数字分为一致、不一致、未核对。"
    "有错误级的不一致时退出码为 1。",
    ("jixiao audit 核查报告.docx 评分簿.xlsx", "jixiao audit 自评报告.txt 评分簿.xlsx --json"),
)
@argument("report", "报告", "报告文件（.docx、.txt，或有文字层的 .pdf）")
@book_argument
@click.option("--all", "every", is_flag=True, help="列出全部数字，不只列不一致的")
@json_option
def _audit(report: str, book: str, every: bool, as_json: bool) -> int:
    from jixiao.app.audits import audit

    return audit(Path(report), Path(book), as_json, every)


@verb(
    jixiao,
    "compare",
    "比较两个评分簿：自评与核查逐项的增减和原因，以及写入报告的一句话。两个评分簿须用同一评分表。",
    ("jixiao compare 自评.xlsx 核查.xlsx", "jixiao compare 自评.xlsx 核查.xlsx --json"),
)
@argument("before", "自评评分簿", "自评的评分簿")
@argument("after", "核查评分簿", "核查的评分簿")
@json_option
def _compare(before: str, after: str, as_json: bool) -> int:
    from jixiao.app.audits import compare

    return compare(Path(before), Path(after), as_json)


jixiao.add_command(rubric)
jixiao.add_command(addin)
add_serve(jixiao)
