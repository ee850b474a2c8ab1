"""What import left open: each sort of question is asked, answered in the ways it has, and the rubric then builds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import formualizer
import openpyxl
import pytest

import jixiao
from jixiao.authoring import (
    AnswerError,
    answered,
    asked,
    export_rubric,
    import_edited,
    import_rubric,
    tried,
    typed,
)
from jixiao.authoring.yamltext import to_yaml
from jixiao.model import Refused, body_of
from jixiao.rubric import Question, Rubric, read_data, read_text

HEAD = ("一级指标", "二级指标", "三级指标", "权重", "指标解释", "评分标准")
ROWS = (
    ("投入", "预算", "经费执行率", 20, "", "经费执行率=支出决算数/预算安排数×100%。经费执行率≥95%得20分；80%≤经费执行率<90%得12分；经费执行率<80%得0分。"),
    ("", "", "采购执行率", 10, "", "采购执行率=实际采购金额/采购安排金额×100%。采购执行率≥90%得8分，每低1个百分点扣0.5分，扣完为止。"),
    ("过程", "公开", "公开情况", 20, "", "1.按时公开预算的，得10分。\n2.公开内容比往年更有亮点，视情况另议，得10分。"),
    ("产出", "数量", "进度差距", 20, "", "差距越小越好，由专家评议。"),
    ("效果", "影响", "上级奖励", 20, "", "按上级的有关规定评。"),
)  # fmt: skip
NOTE = "注：1.出现重大舆情的另行处理。"


def imported(
    folder: Path, rows: Sequence[Sequence[object]] = ROWS, *, place: str = "", note: str = NOTE
) -> Rubric:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("部门评分表",), HEAD, *rows, ("合计", "", "", sum(int(str(r[3])) for r in rows)), (note,)):
        book.active.append(list(row))
    book.save(folder / "表.xlsx")
    text, _ = import_rubric(folder / "表.xlsx", "table", place or "（未填写）", None, {"title": "通知"})
    return read_text(text, "表")


@pytest.fixture
def rubric(tmp_path: Path) -> Rubric:
    return imported(tmp_path)


def one(rubric: Rubric, asks: str, about: str = "") -> Question:
    return next(q for q in rubric.questions if q.asks == asks and about in q.about)


def after(rubric: Rubric, question: Question, answer: str) -> Rubric:
    """The rubric with an answer: the label of a choice, or a sentence."""
    made = next((c for c in asked(rubric, question).choices if c.label == answer), None)
    choice = made or typed(rubric, question, answer)[0]
    data = answered(rubric, question, choice, why="原文如此", who="李审核", when="2026-03-01")
    return read_data(body_of(data, "表"))


def told(rubric: Rubric, question: Question) -> dict[str, dict[str, str]]:
    made = asked(rubric, question)
    return {c.label: dict(zip(made.values, c.points, strict=True)) for c in made.choices if c.points}


def rule(rubric: Rubric, title: str) -> dict[str, Any]:
    levels = rubric.data["rubric"]["levels"]
    items = (body for first in levels for second in first["levels"] for body in second["indicators"])
    found: dict[str, Any] = next(body for body in items if body["title"] == title)["rule"]
    return found


def test_each_doubt_is_a_question_that_quotes_the_table(rubric: Rubric) -> None:
    assert [(q.asks, q.about) for q in rubric.questions] == [
        ("rule", "经费执行率"), ("rule", "采购执行率"), ("rule", "公开情况"), ("rule", "进度差距"), ("rule", "上级奖励"),
        ("grades", "等级"), ("note", "表下的说明"), ("total", "总分"), ("place", "部门评分表"),
        ("same", "支出决算数"), ("same", "预算安排数"), ("year", "部门评分表"),
    ]  # fmt: skip
    assert one(rubric, "rule", "公开").point == 2
    assert "比往年更有亮点" in one(rubric, "rule", "公开").says


def test_a_table_that_says_everything_leaves_no_question(tmp_path: Path) -> None:
    rows = [("一", "二", "三", 100, "", "1.按时公开预算的，得60分。\n2.按时公开决算的，得40分。")]
    note = "注：90分以上为优，80-90分为良，60-80分为中，60分以下为差。"
    made = imported(tmp_path, rows, place="甲县", note=note)
    assert {q.asks for q in made.questions} == {"year"}


def test_an_open_stretch_is_asked_after_the_rest_is_taken_as_read(rubric: Rubric) -> None:
    question = one(rubric, "rule", "经费执行率")
    made = after(rubric, question, "按读懂的部分计分，没有写明的逐段另答")
    assert made.questions[0].asks == "value"  # asked next
    assert made.questions[0].at == "[90%,95%)"
    assert told(made, made.questions[0]) == {
        "归较低的一档，得12分": {"85%": "12分", "92.5%": "12分", "95%": "20分"},
        "归较高的一档，得20分": {"85%": "12分", "92.5%": "20分", "95%": "20分"},
        "在相邻两档之间按比例": {"85%": "12分", "92.5%": "16分", "95%": "20分"},
        "按比例：满分×数值÷95%": {"85%": "12分", "92.5%": "19.47分", "95%": "20分"},
        "按比例：满分×数值÷100%": {"85%": "12分", "92.5%": "18.5分", "95%": "20分"},
        "得0分": {"85%": "12分", "92.5%": "0分", "95%": "20分"},
        "由评价人核定": {"85%": "12分", "92.5%": "待核定", "95%": "20分"},
    }
    assert rule(after(made, made.questions[0], "15"), "经费执行率")["bands"]["[90%,95%)"] == 15
    line = after(made, made.questions[0], "在相邻两档之间按比例")
    assert rule(line, "经费执行率")["pieces"]["[90%,95%)"] == {"between": [12, 20]}


def test_a_zero_denominator_is_asked_with_what_it_gives(rubric: Rubric) -> None:
    made = after(rubric, one(rubric, "rule", "经费执行率"), "按读懂的部分计分，没有写明的逐段另答")
    assert told(made, one(made, "zero")) == {
        "按100%计算": {"分母为0时": "20分"}, "按0计算": {"分母为0时": "0分"},
        "不适用": {"分母为0时": "不适用"}, "由评价人核定": {"分母为0时": "待核定"},
    }  # fmt: skip
    chosen = after(made, one(made, "zero"), "按0计算").data["rubric"]["quantities"]
    assert [q["zero"] for q in chosen if q["name"] == "经费执行率"] == [0]


def test_a_figure_of_the_accounts_under_another_name_is_asked_never_taken(rubric: Rubric) -> None:
    question = one(rubric, "same", "支出决算数")
    labels = [choice.label.partition("（")[0] for choice in asked(rubric, question).choices]
    assert "就是“年度支出决算数”" in labels and labels[-1] == "是另一个数，单独填写"
    assert "支出决算数" in rubric.facts
    made = after(rubric, question, "年度支出决算数")  # typed: the name itself
    assert "年度支出决算数" in made.facts and "支出决算数" not in made.facts
    kept = after(rubric, question, "是另一个数，单独填写")
    assert "支出决算数" in kept.facts and not any(q.about == "支出决算数" for q in kept.questions)
    with pytest.raises(AnswerError, match="已有的名称"):
        typed(rubric, question, "没有的名称")


def test_points_of_an_older_weight_are_scaled_where_a_person_says_so(rubric: Rubric) -> None:
    question = one(rubric, "rule", "采购执行率")
    assert told(rubric, question)["按文中的8分计，再折算为10分"] == {
        "85%": "6.88分",
        "90%": "10分",
        "95%": "10分",
    }
    made = after(rubric, question, "按文中的8分计，再折算为10分")
    assert rule(made, "采购执行率")["base"] == 8


def test_a_sentence_is_read_by_the_one_grammar_and_can_be_tried(rubric: Rubric) -> None:
    question = one(rubric, "rule", "进度差距")
    choice, values = typed(rubric, question, "差距≤5%得20分，每高1个百分点扣2分，扣完为止")
    assert dict(zip(values, choice.points, strict=True)) == {"0%": "20分", "5%": "20分", "10%": "10分"}
    assert tried(rubric, question, choice, "8%") == "14分"
    assert tried(rubric, question, choice, "优秀") == ""
    made = after(rubric, question, "差距≤5%得20分，每高1个百分点扣2分，扣完为止")
    assert rule(made, "进度差距")["kind"] == "steps"
    assert one(made, "rule", "公开").point == 2  # the others stay


@pytest.mark.parametrize(
    ("asks", "answer", "why"),
    [
        ("rule", "好的给分，差的少给", "没有"),
        ("rule", "完成率≥95%得满分；完成率<95%得25分", "超过"),
        ("note", "另行研究", "没有读懂"),
        ("grades", "优良中差", "没有读懂"),
        ("year", "今年", "一个数"),
        ("year", "1024", "四位数"),
        ("place", "某", "地区"),
        ("total", "90", "选择"),
        ("rule", "", "选择"),
        ("rule", "得分" * 1500, "2000"),
    ],
)
def test_an_answer_that_cannot_be_used_says_why(rubric: Rubric, asks: str, answer: str, why: str) -> None:
    with pytest.raises(AnswerError, match=why):
        typed(rubric, one(rubric, asks), answer)


def test_a_sum_inside_a_point_is_taken_apart_and_later_points_count_on(tmp_path: Path) -> None:
    rows = [
        *ROWS[:2],
        (*ROWS[2][:5], "1.公开更有亮点，视情况另议，得10分。\n2.公开更生动，视情况另议，得10分。"),
        *ROWS[3:],
    ]
    rubric = imported(tmp_path, rows)
    made = after(rubric, one(rubric, "rule", "公开"), "1.有公开制度的，得5分；\n2.有公开栏目的，得5分。")
    assert [part["full"] for part in rule(made, "公开情况")["parts"]] == [5, 5, 10]
    assert one(made, "rule", "公开").point == 3


def test_notes_grades_place_year_and_total(rubric: Rubric) -> None:
    made = after(rubric, one(rubric, "note"), "经费执行率低于60%的，总分不超过70分")
    assert made.data["rubric"]["total"]["caps"][0]["bands"] == {"(,60%)": 70, "[60%,)": 90}
    made = after(made, one(made, "grades"), "80分以上为优，70-80分为良，60-70分为中，60分以下为差")
    assert next(iter(made.data["rubric"]["grades"]["bands"])) == "[80,)"
    made = after(made, one(made, "place"), "甲县")
    made = after(made, one(made, "year"), "2024年")
    assert (made.jurisdiction, made.year, made.name) == ("甲县", 2024, "甲县 2024 部门评分表")
    made = after(rubric, one(rubric, "total"), "满分就是90分，等级的分数线仍是90、80、60分")
    assert (made.cap, next(iter(made.data["rubric"]["grades"]["bands"]))) == (Decimal(90), "[90,)")


def test_a_fact_gets_its_unit_or_the_name_it_has_already(tmp_path: Path) -> None:
    rows = [
        (
            "产出",
            "数量",
            "完成比",
            100,
            "",
            "完成比=已办事宜/应办事宜×100%。完成比≥90%得100分，每低1个百分点扣1分，扣完为止。",
        )
    ]
    rubric = imported(tmp_path, rows)
    question = one(rubric, "unit", "已办事宜")
    held = after(rubric, question, "单位是件").data["rubric"]
    assert [b["unit"] for b in held["concepts"].values() if b["name"] == "已办事宜"] == ["件"]
    same = after(rubric, question, "年度支出决算数").data["rubric"]
    assert same["quantities"][0]["value"] == "年度支出决算数 / 应办事宜"
    assert "已办事宜" not in {b["name"] for b in same["concepts"].values()}
    with pytest.raises(AnswerError, match="已有的名称"):
        typed(rubric, question, "箩筐")


def test_who_when_and_why_are_kept_and_the_answered_rubric_builds(rubric: Rubric, tmp_path: Path) -> None:
    made = rubric
    while made.questions:
        question = asked(made, made.questions[0])
        made = after(made, question.question, question.choices[0].label if question.choices else "甲县")
    held = made.data["rubric"]["decisions"]
    assert {(d["who"], d["when"], d["reason"]) for d in held} == {("李审核", "2026-03-01", "原文如此")}
    assert "questions" not in made.data["rubric"]
    (tmp_path / "定.yaml").write_text(to_yaml(made.data["rubric"]), "utf-8")
    book = jixiao.new(str(tmp_path / "定.yaml"), tmp_path / "簿.xlsx")
    assert jixiao.score(book).rule_total is not None
    assert not any(one.findings.errors for one in jixiao.verify(book))
    assert Decimal(90) == made.cap


def in_sheet(folder: Path, rubric: Rubric, *answers: dict[str, object]) -> Path:
    """The editable workbook of a rubric with answers on 待定: 编号 and the columns that a person fills."""
    file = folder / "改.xlsx"
    file.write_bytes(export_rubric(rubric))
    book = openpyxl.load_workbook(file)
    sheet: Any = book["待定"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    rows = {sheet.cell(row, 1).value: row for row in range(4, sheet.max_row + 1)}
    for answer in answers:
        for head, value in answer.items():
            if head != "编号":
                sheet.cell(rows[answer["编号"]], heads[head], value)
    book.save(file)
    return file


def test_the_sheet_asks_the_same_and_gives_back_what_it_got(rubric: Rubric, tmp_path: Path) -> None:
    file = in_sheet(tmp_path, rubric)
    assert read_text(import_edited(file), "表").data["rubric"] == rubric.data["rubric"]
    ways: Any = openpyxl.load_workbook(file)["待定办法"]
    listed = [(row[0], row[1]) for row in ways.iter_rows(min_row=4, values_only=True)]
    assert listed == [(q.id, c.label) for q in rubric.questions for c in asked(rubric, q).choices]


def test_the_points_in_the_sheet_are_live_and_those_of_the_rule(rubric: Rubric, tmp_path: Path) -> None:
    label = "按文中的8分计，再折算为10分"
    file = in_sheet(tmp_path, rubric, {"编号": 2, "选择": label, "数值1": 0.89, "决定人": "李审核"})
    sheet: Any = openpyxl.load_workbook(file)["待定"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    row = next(row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == 2)
    book = formualizer.Workbook.from_bytes(file.read_bytes())
    book.evaluate_all()
    shown = [book.get_value("待定", row, heads[f"得分{n}"]) for n in (1, 2, 3)]
    assert shown == [pytest.approx(9.38), 10, 10]


def test_answers_of_the_sheet_change_the_definition(rubric: Rubric, tmp_path: Path) -> None:
    file = in_sheet(
        tmp_path,
        rubric,
        {"编号": 1, "选择": "按读懂的部分计分，没有写明的逐段另答", "决定人": "李审核", "理由": "会议纪要"},
        {"编号": 4, "或自己写": "差距≤5%得20分，每高1个百分点扣2分，扣完为止", "决定人": "李审核"},
        {"编号": 12, "或自己写": 2024, "决定人": "李审核"},
    )
    made = read_text(import_edited(file), "表")
    assert (rule(made, "经费执行率")["kind"], rule(made, "进度差距")["kind"], made.year) == (
        "bands",
        "steps",
        2024,
    )
    assert [(d.who, d.reason) for d in made.decisions] == [
        ("李审核", "会议纪要"), ("李审核", "按原文的意思"), ("李审核", "按原文的意思"),
    ]  # fmt: skip
    assert {q.asks for q in made.questions} >= {"value", "zero"}  # what the answer leaves open
    again = in_sheet(tmp_path, made)
    assert read_text(import_edited(again), "表").data["rubric"] == made.data["rubric"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"选择": "由评价人判定"}, "决定人"),
        ({"选择": "随便", "决定人": "李"}, "没有“随便”"),
        ({"选择": "由评价人判定", "或自己写": "得10分", "决定人": "李"}, "只填一个"),
        ({"或自己写": "好的多给", "决定人": "李"}, "没有"),
    ],
)
def test_an_answer_of_the_sheet_that_cannot_be_used_names_its_cell(
    rubric: Rubric, tmp_path: Path, answer: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why) as stop:
        import_edited(in_sheet(tmp_path, rubric, {"编号": 4, **answer}))
    assert stop.value.finding.sources[0].sheet == "待定"
