"""财决附03 机构运行信息表: two blocks side by side; money in 元, counts as the label says."""

from __future__ import annotations

from decimal import Decimal

from openpyxl import Workbook

from tables.case import Case
from tables.layout import AMOUNT, COUNT, NOT_APPLICABLE, Form, Value

SHEET = "F03 机构运行信息表(财决附03表)"
FIRST = 6  # sheet row of 行次 1
DASH = NOT_APPLICABLE
COUNTS = (
    "　　1．因公出国（境）团组数（个）", "　　2．因公出国（境）人次数（人）", "　　3．公务用车购置数（辆）",
    "　　4．公务用车保有量（辆）", "　　5．国内公务接待批次（个）", "　　　　其中：外事接待批次（个）",
    "　　6．国内公务接待人次（人）", "　　　　其中：外事接待人次（人）",
    "　　7．国（境）外公务接待批次（个）",
    "　　8．国（境）外公务接待人次（人）",
)  # fmt: skip
CARS = (
    "副部（省）级及以上领导用车", "主要负责人用车", "机要通信用车", "应急保障用车", "执法执勤用车",
    "特种专业技术用车", "离退休干部服务用车", "其他用车",
)  # fmt: skip
PURCHASES = ("政府采购货物支出", "政府采购工程支出", "政府采购服务支出")

Row = tuple[str, tuple[Value, Value, Value], str]  # label, 年初预算 全年预算 统计数, number format
BLANK: Row = ("", (None, None, None), AMOUNT)


def add(book: Workbook, case: Case) -> None:
    """Add the sheet to the workbook."""
    form = Form(book, SHEET, [40.0, 6.0, 15.0, 15.0, 15.0, 44.0, 6.0, 16.0])
    form.title(1, "机构运行信息表")
    form.caption(2, "", "", "财决附03表", (2, 3))
    form.caption(3, f"编制单位：{case.unit}", f"{case.year}年度", "金额单位：元", (2, 3))
    for column, text in enumerate(
        ("项　　目", "行次", "年初预算数", "全年预算数", "统计数", "项　　目", "行次", "统计数"), start=1
    ):
        form.head(4, column, text)
    for column, text in enumerate(("栏　　次", "", "1", "2", "3", "栏　　次", "", "4"), start=1):
        form.head(5, column, text)
    left, right = _left(case), _right(case)
    for index, (label, figures, style) in enumerate(left):
        row = FIRST + index
        _label(form, row, 1, label, index + 1)
        for offset, figure in enumerate(figures):
            form.value(row, 3 + offset, figure, style)
        other = right[index] if index < len(right) else BLANK
        _label(form, row, 6, other[0], len(left) + index + 1)
        form.value(row, 8, other[1][2], other[2])
    form.note(
        FIRST + len(left),
        "注：1．“三公”经费为财政拨款口径，年初预算数、全年预算数不含结转资金。"
        "2．“机关运行经费”由行政单位和参照公务员法管理事业单位填列。",
    )
    form.finish((4, 5))


def _label(form: Form, row: int, column: int, text: str, number: int) -> None:
    form.label(row, column, text)
    form.value(row, column + 1, number, COUNT, centred=True)


def _left(case: Case) -> list[Row]:
    budget, final = case.yuan("三公经费预算数"), case.yuan("三公经费决算数")
    whole = (budget, budget, final)
    # only the total is published: that all of it is 公务接待费 is our own choice (README)
    rows: list[Row] = [
        ("一、“三公”经费支出", (DASH, DASH, DASH), AMOUNT),
        ("　（一）支出合计", whole, AMOUNT),
        ("　　1．因公出国（境）费", (None, None, None), AMOUNT),
        ("　　2．公务用车购置及运行维护费", (None, None, None), AMOUNT),
        ("　　　（1）公务用车购置费", (None, None, None), AMOUNT),
        ("　　　（2）公务用车运行维护费", (None, None, None), AMOUNT),
        ("　　3．公务接待费", whole, AMOUNT),
        ("　　　（1）国内接待费", (DASH, DASH, final), AMOUNT),
        ("　　　　　其中：外事接待费", (DASH, DASH, None), AMOUNT),
        ("　　　（2）国（境）外接待费", (DASH, DASH, None), AMOUNT),
        ("　（二）相关统计数", (DASH, DASH, DASH), AMOUNT),
    ]
    rows += [(label, (DASH, DASH, None), COUNT) for label in COUNTS]
    return [*rows, ("二、会议费", (None, None, None), AMOUNT), ("三、培训费", (None, None, None), AMOUNT)]


def _right(case: Case) -> list[Row]:
    def one(label: str, figure: Value, style: str = AMOUNT) -> Row:
        return label, (None, None, figure), style

    bought, kind = case.yuan("政府采购实际金额"), case.extra["procurement"]
    rows = [
        one("四、机关运行经费", Decimal("0.00")),
        one("　（一）行政单位", None),
        one("　（二）参照公务员法管理事业单位", None),
        one("五、国有资产占用情况", DASH),
        one("　（一）车辆数合计（辆）", 0, COUNT),
    ]
    rows += [one(f"　　{number}．{name}", None, COUNT) for number, name in enumerate(CARS, start=1)]
    rows += [
        one("　（二）单价100万元（含）以上设备（不含车辆）（台，套）", None, COUNT),
        one("六、政府采购支出信息", DASH),
        one("　（一）政府采购支出合计", bought),
    ]
    for number, name in enumerate(PURCHASES, start=1):
        rows.append(one(f"　　{number}．{name}", bought if name == kind else None))
    return [
        *rows,
        one("　（二）政府采购授予中小企业合同金额", None),
        one("　　　其中：授予小微企业合同金额", None),
    ]
