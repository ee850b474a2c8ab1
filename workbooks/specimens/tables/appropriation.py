"""财决01-1 财政拨款收入支出决算总表: three blocks side by side, amounts in 元, zero left blank."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook

from tables.case import Case
from tables.layout import COUNT, NOT_APPLICABLE, PAPER_A3, Form, Value

SHEET = "Z01_1 财政拨款收入支出决算总表(财决01-1表)"
FUNCTIONS = (
    "一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出",
    "文化旅游体育与传媒支出", "社会保障和就业支出", "卫生健康支出", "节能环保支出", "城乡社区支出",
    "农林水支出", "交通运输支出", "资源勘探工业信息等支出", "商业服务业等支出", "金融支出",
    "援助其他地区支出", "自然资源海洋气象等支出", "住房保障支出", "粮油物资储备支出",
    "国有资本经营预算支出", "灾害防治及应急管理支出", "其他支出", "债务还本支出", "债务付息支出",
    "抗疫特别国债安排的支出",
)  # fmt: skip
CLASSES = (
    "工资福利支出", "商品和服务支出", "对个人和家庭的补助", "债务利息及费用支出", "资本性支出（基本建设）",
    "资本性支出", "对企业补助（基本建设）", "对企业补助", "对社会保障基金补助", "其他支出",
)  # fmt: skip
DIGITS = "一二三四五六七八九"
FUNDS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
PERIODS = ("年初预算数", "全年预算数", "决算数")
ROWS = 32  # 行次 of one block; the next block goes on counting
FIRST = 8  # sheet row of 行次 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a block: label and the figures 年初预算, 全年预算, 决算."""

    label: str = ""
    initial: Value = None
    adjusted: Value = None
    final: Value = None


def ordinal(number: int) -> str:
    """1 to 99 as a Chinese numeral."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens - 1]) + "十" if tens else ""
    return head + (DIGITS[ones - 1] if ones else "")


def shown(amount: Decimal) -> Value:
    """Zero is printed as a blank cell, as the form does."""
    return amount or None


def add(book: Workbook, case: Case) -> None:
    """Add the sheet to the workbook."""
    funds = [12.0, 12.0, 8.5, 8.5] * len(PERIODS)
    form = Form(book, SHEET, [33.0, 4.5, *[12.0] * 3, 31.0, 4.5, *funds, 27.0, 4.5, *funds])
    form.title(1, "财政拨款收入支出决算总表")
    form.caption(2, "", "", "财决01-1表", (5, 4))
    form.caption(3, f"编制单位：{case.unit}", f"{case.year}年度", "金额单位：元", (5, 4))
    _heads(form)
    for index, line in enumerate(income(case)):
        _line(form, index, line, column=1, number=index + 1, spread=False)
    for index, line in enumerate(by_function(case)):
        _line(form, index, line, column=6, number=ROWS + index + 1, spread=True)
    for index, line in enumerate(by_nature(case)):
        _line(form, index, line, column=20, number=2 * ROWS + index + 1, spread=True)
    form.note(
        FIRST + ROWS,
        "注：本表反映本年度一般公共预算、政府性基金预算和国有资本经营预算财政拨款的收支及结转结余情况。",
    )
    form.finish((4, FIRST - 1), PAPER_A3, 31)


def _heads(form: Form) -> None:
    form.head(4, 1, "收　　　入", columns=5)
    form.head(4, 6, "支　　　出", columns=28)
    form.head(5, 1, "项　　目", rows=2)
    form.head(5, 2, "行次", rows=2)
    for offset, period in enumerate(PERIODS):
        form.head(5, 3 + offset, period, rows=2)
    for column, name in ((6, "项目（按功能分类）"), (20, "项目（按支出性质和经济分类）")):
        form.head(5, column, name, rows=2)
        form.head(5, column + 1, "行次", rows=2)
        for group, period in enumerate(PERIODS):
            start = column + 2 + 4 * group
            form.head(5, start, period, columns=4)
            for offset, fund in enumerate(("小计", *FUNDS)):
                form.head(6, start + offset, fund)
    form.sheet.row_dimensions[6].height = 44
    number = 0
    for start, width in ((1, 3), (6, 12), (20, 12)):
        form.head(7, start, "栏　　次")
        form.head(7, start + 1, "")
        for offset in range(width):
            number += 1
            form.head(7, start + 2 + offset, str(number))


def _line(form: Form, index: int, line: Line, column: int, number: int, spread: bool) -> None:
    row = FIRST + index
    form.label(row, column, line.label, centred=line.label in ("本年收入合计", "本年支出合计", "总计"))
    form.value(row, column + 1, number, COUNT, centred=True)
    for group, figure in enumerate((line.initial, line.adjusted, line.final)):
        if not spread:
            form.value(row, column + 2 + group, figure)
            continue
        start = column + 2 + 4 * group
        # everything the unit spent was 一般公共预算: the total repeats there, the other two funds stay blank
        others = figure if isinstance(figure, str) else None
        for offset, cell in enumerate((figure, figure, others, others)):
            form.value(row, start + offset, cell)


def income(case: Case) -> list[Line]:
    """The 32 rows of the income block."""
    initial, adjusted = case.yuan("收入预算数"), case.yuan("财政下达预算数")
    carried, final = case.yuan("年初财政拨款结转和结余"), case.yuan("收入决算数")
    lines = [Line()] * ROWS
    lines[0] = Line(f"一、{FUNDS[0]}", initial, adjusted, shown(case.yuan("一般公共预算财政拨款决算数")))
    lines[1] = Line(f"二、{FUNDS[1]}", final=shown(case.yuan("政府性基金预算财政拨款决算数")))
    lines[2] = Line(f"三、{FUNDS[2]}")
    lines[26] = Line("本年收入合计", initial, adjusted, final)
    lines[27] = Line("年初财政拨款结转和结余", final=shown(carried))
    lines[28] = Line(f"其中：一、{FUNDS[0]}", final=shown(carried))
    lines[29] = Line(f"　　　二、{FUNDS[1]}")
    lines[30] = Line(f"　　　三、{FUNDS[2]}")
    lines[31] = Line("总计", initial, adjusted, final + carried)
    return lines


def by_function(case: Case) -> list[Line]:
    """The 32 rows of spending by function; the split over functions is our own (supplement.yaml)."""
    lines = []
    for number, name in enumerate(FUNCTIONS, start=1):
        part = case.extra["functions"].get(name, {})
        lines.append(
            Line(f"{ordinal(number)}、{name}", part.get("initial"), part.get("final"), part.get("final"))
        )
    return [*lines, *_closing(case), Line(), Line(), Line(), _grand(case)]


def by_nature(case: Case) -> list[Line]:
    """The 32 rows of spending by nature and by economic class; budgets by class are not filled in (—)."""
    total, project = case.yuan("年度支出决算数"), case.yuan("项目支出决算数")
    basic, people = case.yuan("基本支出决算数"), case.yuan("人员经费决算数")
    office, office_budget = case.yuan("日常公用经费决算数"), case.yuan("日常公用经费预算数")
    basic_budget, project_budget = case.yuan("基本支出预算数"), case.yuan("项目支出预算数")
    dash = NOT_APPLICABLE
    lines = [
        Line("一、基本支出", basic_budget, basic, basic),
        # the report measures 公用经费 by 5.68 all year round: that budget was not adjusted
        Line("　　人员经费", basic_budget - office_budget, basic - office_budget, people),
        Line("　　公用经费", office_budget, office_budget, office),
        Line("二、项目支出", project_budget, project, project),
        Line("　　其中：基本建设类项目"),
        Line(),
        Line(),
        Line("经济分类支出合计", dash, dash, total),
    ]
    for number, name in enumerate(CLASSES, start=1):
        known = f"{name}决算数" in case.data["facts"]
        amount = shown(case.yuan(f"{name}决算数")) if known else None
        lines.append(Line(f"{ordinal(number)}、{name}", dash, dash, amount))
    lines += [Line()] * (len(FUNCTIONS) - len(lines))
    ends = [Line("　　基本支出结转"), Line("　　项目支出结转和结余"), Line()]
    return [*lines, *_closing(case), *ends, _grand(case)]


def _closing(case: Case) -> list[Line]:
    initial, adjusted = case.yuan("收入预算数"), case.yuan("财政下达预算数")
    return [
        Line("本年支出合计", initial, adjusted, case.yuan("年度支出决算数")),
        Line("年末财政拨款结转和结余", final=shown(case.yuan("年末财政拨款结转和结余"))),
    ]


def _grand(case: Case) -> Line:
    closing = case.yuan("年度支出决算数") + case.yuan("年末财政拨款结转和结余")
    return Line("总计", case.yuan("收入预算数"), case.yuan("财政下达预算数"), closing)
