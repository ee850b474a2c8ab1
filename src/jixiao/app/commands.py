"""The verbs of the command line, declared once: words, options, Chinese help, and the function that carries them out.

A value is checked and made a path or number where it is declared (``parser``); the function gets it by its name. The
functions' modules are loaded when a verb is carried out.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence

import click

from jixiao.app.declaring import (
    BOOK,
    DEFINITIONS,
    JSON,
    YEAR,
    flag,
    group,
    option,
    own_definitions,
    verb,
)
from jixiao.app.parser import (
    Positional,
    a_few,
    a_port,
    address,
    explained,
    file,
    files,
    how_many,
    one_of,
    several,
    version,
)
from jixiao.app.toolverbs import ADDIN, RUBRIC

EXIT_CODES = (
    "退出码：0 正常；1 有错误级问题（check、verify、batch、rubric lint）；2 用法有误；3 文件被拒绝（无法读取、不支持、加密、"
    "有危险）；4 文件正被打开或已被改动；5 超出限制；6 无法写入；70 内部错误；130 已中断。"
)


JIXIAO = group(
    "jixiao",
    "政府预算绩效评分簿：从决算等报表取数，按官方评分表评分，逐格可追溯，可独立复算。",
    ("jixiao demo", "jixiao score 评分簿.xlsx", "jixiao fill --help"),
    verb(
        "demo",
        "demo.demo",
        "演示：用真实的公开案例走完全程，从来源到复核过的评分簿。案例 suixi（默认）：遂溪县招商局 2022 年核查，82.27 分；"
        "changli：昌黎县招商中心 2023 年整体和项目自评，98 分和 96 分。同一文件夹可以反复演示，只替换演示自己写的文件。",
        ("jixiao demo", "jixiao demo D:\\演示", "jixiao demo changli"),
        Positional("case", "案例", "suixi 或 changli，默认 suixi", required=False, default=""),
        Positional(
            "folder", "文件夹", "写入演示文件的文件夹，默认“演示”或“演示-昌黎”", required=False, default=""
        ),
    ),
    verb(
        "new",
        "verbs.new",
        "新建空白评分簿。已有的文件不会被覆盖。",
        (
            "jixiao new suixi-2022 -o 评分簿.xlsx --unit 遂溪县招商局",
            "jixiao new changli-2023 -o 评分簿.xlsx --projects 5",
            "jixiao new 我的评分表.yaml -o 评分簿.xlsx --year 2023",
            "jixiao new --from 评分簿2024.xlsx -o 评分簿2025.xlsx",
        ),
        Positional(
            "rubric",
            "评分表",
            "评分表编号（见 jixiao rubric list），或评分表定义文件（.yaml）；由上年的评分簿新建时可以不写",
            required=False,
            default="",
        ),
        option("-o", "--output", "book", metavar="评分簿", required=True, callback=file, about="要写的文件"),
        option("--unit", metavar="单位", default="", about="单位名称，写入封面"),
        YEAR,
        option(
            "--from",
            "last",
            metavar="评分簿",
            callback=file,
            about="由上年的评分簿新建：沿用评分表、单位、评价人、机构职能等文字，上年的数作为上年数，年度加一；判定和核定分不沿用",
        ),
        option("--projects", metavar="个数", callback=how_many, about="项目支出绩效自评表的张数"),
        option(
            "--project-form", "form", metavar="表式", default="", about="项目自评表的表式，默认 project-2020"
        ),
        DEFINITIONS,
    ),
    verb(
        "fill",
        "verbs.fill",
        "把决算、批复、资产、科目余额等表格导入评分簿，自动取数、勾稽并评分。人工填写的内容不会被覆盖；原评分簿留有备份。",
        (
            "jixiao fill 评分簿.xlsx 决算报表.xlsx 资产报表.xls 科目余额表.csv",
            "jixiao fill 评分簿.xlsx 来源/* --facts 补充数据.yaml",
            "jixiao fill 评分簿.xlsx --facts 补充数据.yaml",
            "jixiao fill 评分簿.xlsx --none 受表彰工作项数、被问责问题数",
            "jixiao fill 评分簿.xlsx --ask",
            "jixiao fill 评分簿.xlsx --own",
        ),
        BOOK,
        Positional(
            "sources",
            "来源",
            "来源文件（.xlsx .xlsm .xls .et .ods .csv .docx，网页格式的 .xls，表格有框线的 .pdf），或一个文件夹",
            nargs=-1,
            callback=files,
        ),
        option("--facts", metavar="文件", callback=file, about="按名称写明数据和判定的 YAML 或 JSON 文件"),
        option(
            "--none",
            metavar="名称",
            multiple=True,
            callback=several,
            about="确认没有发生的计数（表彰、问责、调整事项等），按0登记；名称之间用顿号，没有登记的都没有发生写“全部”",
        ),
        flag("--own", about="单位完成自评时：把现在的得分记为“自评分”，交付核查以后不再变；已有的自评分不改"),
        option("--ask", is_flag=True, about="逐个询问还没有取得的数（与“待填”表次序相同），填写后取数并评分"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "show",
        "verbs.show",
        "一个数从哪里来：文件、工作表或页、单元格、原文；取自 PDF 的，写出原文件那一处的图，位置用红框标出。",
        (
            "jixiao show 评分簿.xlsx 年度支出决算数",
            "jixiao show 评分簿.xlsx 年度支出决算数 --source 部门决算.pdf -o 出处.png",
        ),
        BOOK,
        Positional("name", "名称", "“取数”表中的名称"),
        option("--source", metavar="文件.pdf", callback=file, about="导入时的 PDF，默认在评分簿旁边找"),
        option(
            "-o",
            "--output",
            "target",
            metavar="图.png",
            callback=file,
            about="把原文件那一处的图写到这个文件",
        ),
        JSON,
    ),
    verb(
        "score",
        "score.score",
        "重新计算评分簿，把得分和评分说明写回，并打印评分表。只改动相关单元格；内容无变化时不写文件。",
        ("jixiao score 评分簿.xlsx", "jixiao score 评分簿.xlsx --json"),
        BOOK,
        JSON,
    ),
    verb(
        "check",
        "verbs.check",
        "勾稽核对：各表之内、各表之间以及评分之中的矛盾；一致的只报项数，加 --all 逐项列出。有错误级问题时退出码为 1。",
        (
            "jixiao check 评分簿.xlsx",
            "jixiao check 评分簿.xlsx --json",
            "jixiao check 评分簿.xlsx --last 上年评分簿.xlsx",
        ),
        BOOK,
        option(
            "--last",
            "previous",
            metavar="文件",
            multiple=True,
            callback=files,
            about="上年的评分簿或上年的决算表等，核对年初数与上年年末数，可写多次",
        ),
        flag("--all", "every", about="逐项列出全部勾稽和评分表文字的取舍，不只列有问题的"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "verify",
        "verbs.verify",
        "核验评分簿：公式和定义未被改动，由独立的计算引擎复算，每个得分都与规则和保存的数值一致。",
        (
            "jixiao verify 评分簿.xlsx",
            "jixiao verify 评分簿/*.xlsx --engine all",
            "jixiao verify 评分簿.xlsx --format junit -o 结果.xml",
            "jixiao verify --ask-excel -o 请Excel回答.xlsx",
            "jixiao verify --answers 请Excel回答.xlsx",
        ),
        Positional("books", "评分簿", "一个或多个评分簿", nargs=-1, callback=files),
        option(
            "--engine",
            metavar="引擎",
            callback=one_of("fast", "formulas", "libreoffice", "all"),
            default="fast",
            about="fast（默认，formualizer 和 cellrune 两者一致）、formulas、libreoffice 或 all（全部）",
        ),
        option(
            "--format",
            "shape",
            metavar="格式",
            callback=one_of("text", "json", "junit"),
            default="text",
            about="text（默认）、json 或 junit",
        ),
        option(
            "--seal",
            "kept",
            metavar="封存",
            default="",
            about="与封存文件或打印的封存摘要核对，不同的指出是定义、数据、判定、结果还是印出的文字",
        ),
        option(
            "--public-key", metavar="公钥", callback=file, about="签名单位的公钥（PEM），核对封存文件的签名"
        ),
        flag(
            "--ask-excel",
            about="写出请 Excel 回答的工作簿（公式的各种写法中还没有 Excel 答案的），与 -o 同用",
        ),
        option(
            "-o",
            "--output",
            "target",
            metavar="文件",
            callback=file,
            about="结果写入的文件（UTF-8），屏幕上仍显示文字；或 --ask-excel 写入的文件",
        ),
        option("--answers", metavar="文件", callback=file, about="核对用 Excel 打开、保存过的这个工作簿"),
        DEFINITIONS,
    ),
    verb(
        "seal",
        "verbs.seal",
        "封存评分簿：打印并存下一段简短的摘要（评分表定义、数据、判定、结果、印出的文字和公式），交收件机关保存，以后用 verify --seal 核对。"
        "另存为（不改动内容）摘要不变，任何一项改动摘要就变。",
        (
            "jixiao seal 评分簿.xlsx",
            "jixiao seal 评分簿.xlsx -o 遂溪县招商局2022.封存.json --sign 私钥.pem",
            "jixiao verify --seal 评分簿.封存.json 评分簿.xlsx",
        ),
        BOOK,
        option(
            "-o",
            "--output",
            "target",
            metavar="文件",
            callback=file,
            about="写入的文件，默认为“评分簿名.封存.json”",
        ),
        option("--sign", "key", metavar="私钥", callback=file, about="用单位的 Ed25519 私钥（PEM）签名"),
        JSON,
    ),
    verb(
        "review",
        "reviews.review",
        "复核：草稿 → 已复核 → 定稿，写明由谁、何时，连同所签内容的封存摘要存入评分簿并印在封面。先评分、核验，通过且没有待核定的才能签。"
        "定稿以后不再导入、写回，有改动即指出；需要更改的，退回草稿并写明理由。不写姓名时只查看。",
        (
            "jixiao review 评分簿.xlsx",
            "jixiao review 评分簿.xlsx --as 张三",
            "jixiao review 评分簿.xlsx --as 李四 --state 定稿",
            "jixiao review 评分簿.xlsx --as 李四 --state 草稿 --why 更正支出决算数",
        ),
        BOOK,
        option("--as", "who", metavar="姓名", default="", about="由谁复核、定稿或退回"),
        option(
            "--state",
            metavar="状态",
            default="",
            callback=one_of("", "已复核", "定稿", "草稿"),
            about="已复核（默认）、定稿或草稿（退回）",
        ),
        option("--why", metavar="理由", default="", about="退回草稿的理由"),
        JSON,
        DEFINITIONS,
    ),
    verb(
        "report",
        "reporting.report",
        "撰写报告：核查报告或自评报告（.docx），或自证网页（.html）。网页不联网，点任何一个数看它的算法、来源和依据，改数试算。"
        "评分簿须通过核验，没有待核定事项，“文字”表中只能由人写的文字已经填写（选填的除外）；核对中还没有解决的错误在写出后列出；"
        "加 --draft 写出带水印的草稿，并列出缺少的内容。已有的同名报告留有备份。",
        (
            "jixiao report 评分簿.xlsx -o 核查报告.docx",
            "jixiao report 评分簿.xlsx -o 自评报告.docx --kind 自评 --pdf",
            "jixiao report 评分簿.xlsx -o 核查报告.html",
            "jixiao report 评分簿.xlsx -o 草稿.docx --draft",
            "jixiao report 评分簿.xlsx -o 报告.docx --template 本县模板.docx",
            "jixiao report 评分簿.xlsx --names",
        ),
        BOOK,
        option("-o", "--output", "target", metavar="报告", callback=file, about="要写的文件（.docx、.html）"),
        option(
            "--kind",
            metavar="种类",
            callback=one_of("核查", "自评", "自动"),
            default="自动",
            about="核查、自评或自动（默认）：有自评表的评分簿为自评，其他为核查",
        ),
        flag("--draft", about="写草稿：不要求核验通过，标出待填写的文字和缺少的数据"),
        option(
            "--template",
            metavar="模板.docx",
            callback=file,
            about="套用自己的 Word 模板：其中的 {{ 总分 }} 等名称换成数和文字",
        ),
        flag("--names", "list_names", about="列出模板可用的名称、意思和在这个评分簿中的值，不写报告"),
        flag("--pdf", about="同时写出 PDF（需要 LibreOffice）"),
        DEFINITIONS,
    ),
    verb(
        "audit",
        "reporting.audit",
        "核对已写成的报告：逐个数字与评分簿核对，并查报告自身的前后矛盾。每个数字分为一致、不一致、未核对。"
        "有错误级的不一致时退出码为 1。",
        ("jixiao audit 核查报告.docx 评分簿.xlsx", "jixiao audit 自评报告.txt 评分簿.xlsx --json"),
        Positional("report", "报告", "报告文件（.docx、.txt，或有文字层的 .pdf）", callback=file),
        BOOK,
        option(
            "--table",
            metavar="评分表",
            callback=file,
            about="报告引用的正式评分表（.xlsx、.docx）：核对条文中的数字",
        ),
        option(
            "--since",
            metavar="JSON",
            callback=file,
            about="上一次核对的 --json 输出：列出已改正、仍存在和新出现的",
        ),
        option(
            "--html",
            "page",
            metavar="网页",
            callback=file,
            about="写一个网页：报告全文，标出每个数字是否一致",
        ),
        flag("--all", "every", about="列出全部数字，不只列不一致的"),
        JSON,
    ),
    verb(
        "compare",
        "reporting.compare",
        "比较自评与核查：逐项的增减和原因，以及写入报告的一句话。给出一个评分簿的，比较其中的自评分和核定分；"
        "给出两个的，须是同一单位、同一评分表。",
        ("jixiao compare 评分簿.xlsx", "jixiao compare 自评.xlsx 核查.xlsx --json"),
        Positional("before", "自评评分簿", "自评的评分簿，或既有自评分又有核定分的评分簿", callback=file),
        Positional("after", "核查评分簿", "核查的评分簿", callback=file, required=False, default=None),
        JSON,
    ),
    verb(
        "batch",
        "many.batch",
        "批量汇总：把一个文件夹里的评分簿全部评分、排名。列出失分、共性问题、异常和未报送的单位；读不了的逐个写明原因，不影响其他。"
        "评分表或年度不同的分别排名；重复、待核定和没有通过核查的不参加排名。有错误级问题时退出码为 1。",
        (
            "jixiao batch 评分簿 -o 汇总",
            "jixiao batch 评分簿 -o 汇总 --units 单位名单.csv --prove sample",
            "jixiao batch 评分簿 -o 汇总 --resume",
            "jixiao batch s3://桶/2024 -o 汇总 --scheduler tcp://10.0.0.1:8786",
        ),
        Positional("place", "文件夹", "评分簿的文件夹、压缩包、网址，或清单（.txt）", callback=address),
        option("-o", "--output", "folder", metavar="汇总", required=True, callback=file, about="结果文件夹"),
        option(
            "--prove",
            metavar="范围",
            callback=one_of("none", "sample", "all"),
            default="none",
            about="用独立引擎复算：none 不复算（默认），sample 抽查二十分之一和有疑问的（两个引擎），all 全部（其余用一个）",
        ),
        option("--workers", metavar="个数", callback=a_few, about="同时工作的进程数，默认为处理器的个数"),
        option("--scheduler", metavar="地址", default="", about="由 Dask 的多台机器评分，local 在本机启动"),
        option("--from-sources", metavar="评分表", default="", about="先由每个子文件夹的源表各填一本"),
        option("--units", metavar="名单.csv", callback=file, about="应报送的单位"),
        flag("--resume", about="接着上次没有做完的汇总"),
        flag("--all", "every", about="没有通过核查的也参加排名"),
        flag("--letters", about="给每个单位写一份整改通知（.docx）"),
        JSON,
        DEFINITIONS,
    ),
    RUBRIC,
    ADDIN,
    verb(
        "serve",
        "service.serve",
        "启动绩效评分服务：打开评分网页，并应答 Excel、WPS、LibreOffice 里的按钮。只在本机应答，不联网；每个用户一个。"
        "已经启动的，再次执行只打开网页。按 Ctrl+C 结束。",
        ("jixiao serve", "jixiao serve --no-browser", "jixiao serve --port 18200", "jixiao serve --stop"),
        option("--port", metavar="端口", callback=a_port, about="网页的端口，默认 18190"),
        flag("--no-browser", "silent", about="不打开浏览器（登录时自动启动用）"),
        flag("--stop", "end", about="结束正在运行的服务"),
        DEFINITIONS,
    ),
    verb(
        "bundle",
        "bundle.bundle",
        "离线安装：把另一种机器需要的全部文件（版本固定，带校验值）和安装脚本放进一个文件夹，拷过去不联网就能装。",
        ("jixiao bundle --platform win_amd64 --python 3.12 -o 离线安装 --extra verify",),
        option(
            "--platform",
            metavar="平台",
            required=True,
            callback=one_of("win_amd64", "linux_x86_64", "linux_aarch64", "macosx_arm64"),
            about="win_amd64、linux_x86_64、linux_aarch64 或 macosx_arm64",
        ),
        option(
            "--python",
            metavar="版本",
            required=True,
            callback=one_of("3.11", "3.12", "3.13", "3.14"),
            about="那里的 Python：3.11 到 3.14",
        ),
        option(
            "-o", "--output", "target", metavar="文件夹", required=True, callback=file, about="写入的新文件夹"
        ),
        option(
            "--extra",
            "extras",
            metavar="名称",
            multiple=True,
            callback=several,
            about="要用的功能（verify、serve、pdf、batch、sign、frame、template、excel），可写多次，默认全部",
        ),
        option("--wheel", metavar="文件", callback=file, about="jixiao 自己的 wheel，默认取装着的这一份"),
    ),
    epilog=EXIT_CODES,
    params=[
        own_definitions(),
        option(
            *("--version",),
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=version,
            about="显示版本",
        ),
    ],
)


def run(words: Sequence[str]) -> int:
    """Parse and carry out one command; Stop where the words are wrong."""
    if "_JIXIAO_COMPLETE" in os.environ:
        JIXIAO.main(prog_name="jixiao")  # the shell asks for completions
    try:
        with JIXIAO.make_context("jixiao", expanded(words)) as ctx:
            return int(JIXIAO.invoke(ctx) or 0)
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
