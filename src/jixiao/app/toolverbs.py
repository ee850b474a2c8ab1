"""The verbs that lead to others: ``rubric`` for the definitions, ``addin`` for the button of the spreadsheet."""

from __future__ import annotations

from jixiao.app.declaring import DEFINITIONS, JSON, group, option, output, verb
from jixiao.app.parser import Positional, file, four_digits

RUBRIC = group(
    "rubric",
    "评分表：列出、查看、检查评分表定义。",
    ("jixiao rubric list", "jixiao rubric show suixi-2022", "jixiao rubric lint 我的评分表.yaml"),
    verb(
        "list",
        "rubrics.list_all",
        "列出可用的评分表。",
        ("jixiao rubric list", "jixiao rubric list --definitions 我的定义"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "show",
        "rubrics.show",
        "查看一张评分表：全部指标、分值、评分标准、依据，所需数据及其来源文件，以及对原文疑义的处理。",
        ("jixiao rubric show suixi-2022", "jixiao rubric show suixi-2022 --json"),
        Positional("name", "评分表", "评分表编号或定义文件（.yaml）"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "lint",
        "rubrics.lint",
        "检查评分表：档次重叠或有空隙、分值不合计、编号重复、沿用旧权重、文字与规则不一致等问题，逐条指出文件和行或单元格。"
        "官方评分表（.xlsx、.docx）可直接检查。有错误级问题时退出码为 1。",
        (
            "jixiao rubric lint suixi-2022",
            "jixiao rubric lint 我的评分表.yaml",
            "jixiao rubric lint 评分表.xlsx",
        ),
        Positional("name", "评分表", "评分表编号、定义文件（.yaml）或官方评分表（.xlsx、.docx）"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "parse",
        "rubrics.parse",
        "读一段评分标准：看它被理解成什么规则，并按所给的数值算出得分。读不懂或有歧义的，列出疑问，不作猜测。",
        (
            'jixiao rubric parse "90%>结果≥80%，得2分；结果<80%，得0分；结果≥90%，得4分" --full 4 --at 85%',
            'jixiao rubric parse "控制率≤100%得满分，每超过1个百分点扣0.5分，扣完为止" --full 5 --at 103% --json',
        ),
        Positional("text", "文字", "评分标准的文字"),
        option("--full", metavar="分值", required=True, about="满分"),
        option(
            "--at",
            "values",
            metavar="数值",
            multiple=True,
            about="要算分的数值，写法同原文：92.8%、-15%、3、是、否；可写多次",
        ),
        JSON,
    ),
    verb(
        "import",
        "rubrics.take_in",
        "导入评分表：把印发的官方评分表（.xlsx 或 .docx）读成定义文件；读不懂的标准成为人工评分项并说明原因。"
        "rubric export 导出后修改的工作簿也由此读回。",
        (
            "jixiao rubric import 评分表.xlsx -o 我县2025.yaml",
            "jixiao rubric import 评分表.docx -o 新表.yaml --place 某县 --year 2025",
        ),
        Positional("source", "文件", "官方评分表（.xlsx、.docx）或导出后修改的工作簿", callback=file),
        output("定义.yaml", "写入的定义文件，不覆盖已有文件"),
        option(
            "--id",
            "ident",
            metavar="编号",
            default="",
            about="评分表编号，默认由地区、标题和年度组成，与已有的不重复",
        ),
        option("--place", metavar="地区", default="", about="发布评分表的地区"),
        option("--year", metavar="年度", callback=four_digits, about="评价年度，默认取文件名中的年份"),
        option("--document", metavar="文件标题", default="", about="依据的文件标题，默认取文件名"),
        option("--number", metavar="文号", default="", about="依据的文号"),
        option(
            "--onto",
            metavar="评分表",
            default="",
            about="规则沿用这张评分表（编号或定义文件），评分标准印成本表的原文，逐项指出与规则不一致的",
        ),
        JSON,
    ),
    verb(
        "export",
        "rubrics.give_out",
        "导出评分表：写成可在 Excel 中修改的工作簿（一行一个指标或要点），改后用 rubric import 读回。",
        ("jixiao rubric export suixi-2022 -o 修改.xlsx",),
        Positional("name", "评分表", "评分表编号或定义文件（.yaml）"),
        output("工作簿.xlsx", "写入的工作簿，不覆盖已有文件"),
        DEFINITIONS,
    ),
    verb(
        "finish",
        "dialogue.finish",
        "回答导入时没能确定的问题：一次一题，列出可选的办法、例子和各数值的得分；可以选，也可以写一句规则。"
        "每答一题即保存，随时可以停下，再运行接着答；谁、何时、为什么这样定，写在定义的 decisions 中。",
        ("jixiao rubric finish 我县2025.yaml", "jixiao rubric finish 我县2025.yaml --by 张三"),
        Positional("target", "定义文件", "rubric import 写出的定义文件（.yaml）", callback=file),
        option("--by", "who", metavar="姓名", default="", about="谁作决定，不写的先问"),
        JSON,
    ),
    verb(
        "diff",
        "rubrics.compare",
        "比较两张评分表：指标、权重、标准、依据有哪些变化。",
        ("jixiao rubric diff suixi-2022 新表.yaml",),
        Positional("old", "旧表", "评分表编号或定义文件（.yaml）"),
        Positional("new", "新表", "评分表编号或定义文件（.yaml）"),
        JSON,
        DEFINITIONS,
    ),
)

ADDIN = group(
    "addin",
    "加载项：安装、检查、卸载表格软件里的“绩效评分”按钮。",
    ("jixiao addin install", "jixiao addin status"),
    verb(
        "install",
        "addin.run_install",
        "为当前用户安装：加载项放到 Excel 启动时会读取的文件夹，并写入启动服务的条目。不改动别人的文件。",
        ("jixiao addin install",),
    ),
    verb(
        "status",
        "addin.run_status",
        "检查按钮需要的每一样：Excel、加载项及其版本、启动条目、收件文件夹、服务是否应答；缺少的写明怎么办。",
        ("jixiao addin status", "jixiao addin status --json"),
        JSON,
    ),
    verb(
        "uninstall",
        "addin.run_uninstall",
        "删除安装时写入的文件；其他文件不动。",
        ("jixiao addin uninstall",),
    ),
)
