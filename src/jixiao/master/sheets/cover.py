"""封面: who, when, by which table, the total and the grade, and what to do next."""

from __future__ import annotations

from jixiao.master.look import row_height
from jixiao.master.plan import COVER
from jixiao.master.sheets.pen import PROTECTION, Pen
from jixiao.scoring.entry import REVIEWED_ON, REVIEWER, UNIT, YEAR

STEPS = (
    "1. 用“导入决算”（命令行 jixiao fill）带入部门决算、预算批复、资产报表等表格，核对“取数”表的数值和出处。",
    "2. 在“取数”表补齐未取得的数据，在“目标完成”表填写年度目标和项目。",
    "3. 在“要点核定”表逐项判定；需要另行核定分数的，在“评分表”右侧填写核定分和核定理由。",
    "4. 查看“勾稽”表，逐条处理不一致的数据。",
    "5. 用“评分”（jixiao score）更新得分和评分说明，再用“核验”（jixiao verify）确认无误后打印、报送。",
)


def write(pen: Pen) -> None:
    """The whole sheet."""
    sheet, rubric = pen.sheet(COVER), pen.plan.system.rubric
    for index, width in enumerate((6, 24, 64, 6)):
        sheet.set_column(index, index, width)
    pen.merge(COVER, (2, 1, 2, 4), "预算绩效评分簿", "cover_title")
    pen.sheet(COVER).merge_range(3, 0, 3, 3, "", pen.format("cover_sub"))
    pen.item("封面.标题", "cover_sub")
    pen.merge(COVER, (5, 1, 5, 4), rubric.name, "cover_sub")
    basis = f"依据：{rubric.reference.line()}"
    pen.merge(COVER, (6, 1, 6, 4), basis, "cover_sub")
    sheet.set_row(1, 60)
    for row in (3, 4):
        sheet.set_row(row, 26)
    sheet.set_row(5, row_height([(basis, 66.0)], line=20, least=26))
    for key, row, title in (
        (UNIT, 8, "单位名称："),
        (YEAR, 9, "评价年度："),
        (REVIEWER, 10, "评价人："),
        (REVIEWED_ON, 11, "评价日期："),
    ):
        pen.text(COVER, row, 2, title, "cover_label")
        pen.entry(key, "cover_value")
        sheet.set_row(row - 1, 26)
    pen.text(COVER, 13, 2, "评价结果", "section")
    titles = ("总分：", "等级：", "按规则应得总分：", "待核定指标：", "缺核定理由的指标：")
    keys = ("合计.得分", "合计.等级", "合计.规则分", "合计.待核定数", "合计.缺理由数")
    for row, (title, key) in enumerate(zip(titles, keys, strict=True), 14):
        pen.text(COVER, row, 2, title, "cover_label")
        pen.item(key, "cover_big" if row < 16 else "cover_value")
        sheet.set_row(row - 1, 30 if row < 16 else 24)
    pen.text(COVER, 19, 2, "", "note")
    pen.text(COVER, 20, 3, f"等级依据：{rubric.grade_reference.line()}", "note")
    sheet.set_row(19, 28)
    pen.text(COVER, 22, 2, "下一步", "section")
    for row, step in enumerate(STEPS, 23):
        pen.merge(COVER, (row, 2, row, 3), step, "step")
        sheet.set_row(row - 1, 34)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, 22 + len(STEPS), 3)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&A")
    sheet.protect("", PROTECTION)
