"""``rubric finish`` in the terminal: one question at a time, back, skip, the same for the rest, cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

ROWS = (
    ("部门评分表",),
    ("一级指标", "二级指标", "三级指标", "权重", "指标解释", "评分标准"),
    ("投入", "预算", "执行率", 40, "", "执行率=年度支出决算数/支出预算数×100%。执行率≥95%得40分；80%≤执行率<90%得20分；执行率<80%得0分。"),
    ("产出", "数量", "甲项", 30, "", "由专家评议。"),
    ("", "", "乙项", 30, "", "由专家评议。"),
    ("注：90分以上为优，80-90分为良，60-80分为中，60分以下为差。",),
)  # fmt: skip
Answers = Callable[..., None]


def imported(folder: Path, rows: tuple[tuple[object, ...], ...], run: Any) -> Any:
    """A table of these rows, read as the definition 表.yaml beside it."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(folder / "表.xlsx")
    words = ("rubric", "import", folder / "表.xlsx", "-o", folder / "表.yaml")
    return run(*words, "--year", "2024", "--place", "甲县")


@pytest.fixture
def definition(tmp_path: Path, run: Any) -> Path:
    made = imported(tmp_path, ROWS, run)
    assert made.code == 0
    assert "有 3 个问题待定" in made.out
    return tmp_path / "表.yaml"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What a person types; an exception is raised where it stands, and the end of the input comes last."""

    def given(*lines: str | type[BaseException]) -> None:
        waiting: Iterator[Any] = iter(lines)

        def read(_: str = "") -> str:
            line = next(waiting, EOFError)
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr("builtins.input", read)

    return given


def held(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_every_answer_is_saved_with_who_and_why(definition: Path, run: Any, answers: Answers) -> None:
    head = definition.read_text("utf-8").splitlines()[0]
    answers("李审核", "1", "与财政局核对", "归较高的一档，", "2", "", "1", "", "1", "现场看", "y")
    made = run("rubric", "finish", definition)
    assert made.code == 0
    assert "没有待定的问题" in made.out
    data = held(definition)
    assert definition.read_text("utf-8").splitlines()[0] == head
    assert "questions" not in data
    assert [(d["about"], d["reason"], d["who"]) for d in data["decisions"]] == [
        ("执行率", "与财政局核对", "李审核"), ("执行率", "按原文的意思", "李审核"), ("执行率", "按原文的意思", "李审核"),
        ("甲项", "现场看", "李审核"), ("乙项", "与“甲项”相同", "李审核"),
    ]  # fmt: skip
    assert run("new", definition, "-o", definition.with_name("簿.xlsx")).code == 0


def test_nothing_is_lost_when_it_is_cut_off(definition: Path, run: Any, answers: Answers) -> None:
    answers("李审核", "1", "", KeyboardInterrupt)
    made = run("rubric", "finish", definition)
    assert (made.code, "本次回答 1 题" in made.out) == (0, True)
    assert len(held(definition)["decisions"]) == 1
    answers("q")
    assert "本次回答 0 题" in run("rubric", "finish", definition, "--by", "李审核").out
    assert len(held(definition)["decisions"]) == 1


def test_back_takes_the_last_answer_away(definition: Path, run: Any, answers: Answers) -> None:
    before = definition.read_bytes()
    answers("b", "1", "", "b", "", "b", "q")
    made = run("rubric", "finish", definition, "--by", "李审核")
    assert "已经是第一题" in made.out
    assert "本次回答 0 题" in made.out
    assert definition.read_bytes() == before


def test_a_sentence_is_said_back_and_tried_before_it_counts(
    definition: Path, run: Any, answers: Answers
) -> None:
    answers("", "胡写", "完成率≥90%得30分，每低1个百分点扣1分，扣完为止", "85%", "n", "99", "q")
    made = run("rubric", "finish", definition, "--by", "李审核")
    assert "用不上" in made.out
    assert "85%：25分" in made.out
    assert "decisions" not in held(definition)


def test_questions_as_data(definition: Path, run: Any) -> None:
    listed = run("rubric", "finish", definition, "--json").data["questions"]
    assert [(q["asks"], q["about"]) for q in listed] == [
        ("rule", "执行率"),
        ("rule", "甲项"),
        ("rule", "乙项"),
    ]
    assert listed[0]["choices"][0]["points"] == ["0分", "待核定", "40分"]


def test_only_a_definition_can_be_finished(definition: Path, run: Any) -> None:
    assert run("rubric", "finish", definition.with_suffix(".xlsx")).code == 2
    assert run("rubric", "finish", "suixi-2022").code == 2
    assert run("rubric", "finish", definition.with_name("无.yaml")).code == 2


def test_a_definition_changed_meanwhile_is_not_written_over(
    definition: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle(_: str = "") -> str:
        definition.write_text(definition.read_text("utf-8") + "# 别人改了\n", "utf-8")
        return "1"

    monkeypatch.setattr("builtins.input", meddle)
    assert run("rubric", "finish", definition, "--by", "李审核").code == 4
    assert "别人改了" in definition.read_text("utf-8")


@pytest.mark.parametrize(
    ("unit", "year", "said"),
    [
        ("甲县财政局", "2024", ()),
        ("丙市甲县财政局", "", ()),
        ("财政局", "", ()),
        ("乙县财政局", "2024", ("甲县的评分表",)),
        ("乙县财政局", "2025", ("甲县的评分表", "2025年度的")),
    ],
)
def test_new_says_where_the_rubric_is_of_another_place_or_year(
    definition: Path, run: Any, unit: str, year: str, said: tuple[str, ...]
) -> None:
    made = run(
        "new",
        definition,
        "-o",
        definition.with_name("簿.xlsx"),
        "--unit",
        unit,
        *(("--year", year) if year else ()),
    )
    assert made.code == 0
    assert "还有3个问题没有回答" in made.out
    assert [word for word in ("甲县的评分表", "2025年度的") if word in made.out] == list(said)


RATES = (
    ("部门评分表",),
    ("一级指标", "二级指标", "三级指标", "权重", "指标解释", "评分标准"),
    ("投入", "预算", "检查率", 40, "检查率=已检查户数÷应检查户数×100%", "检查率×40分"),
    ("产出", "数量", "公示率", 30, "公示率=已公示项数÷应公示项数×100%", "95%以上得30分；90%-95%得20分；90%以下不得分"),
    ("", "", "抽检率", 30, "抽检率=已抽检批数÷应抽检批数×100%", "95%以上得30分；80%-95%得20分；80%以下不得分"),
    ("注：90分以上为优，80-90分为良，60-80分为中，60分以下为差。",),
)  # fmt: skip


def test_what_is_the_same_question_about_several_items_is_asked_once(
    tmp_path: Path, run: Any, answers: Answers
) -> None:
    assert "有 5 个问题待定（同类的一并回答，共 2 题）" in imported(tmp_path, RATES, run).out
    answers("d", "1", "", "", "b", "q")
    apart = run("rubric", "finish", tmp_path / "表.yaml", "--by", "李审核")
    assert "还有 3 题｜公示率" in apart.out and "本次回答 0 题" in apart.out
    answers("1", "", "1", "没有应检查的")
    made = run("rubric", "finish", tmp_path / "表.yaml", "--by", "李审核")
    assert "2 项同一个问题" in made.out and "3 项同一个问题" in made.out and "没有待定的问题" in made.out
    data = held(tmp_path / "表.yaml")
    assert [body["zero"] for body in data["quantities"]] == ["不适用"] * 3
    edges = [
        (one["about"], one["decided"][:12]) for one in data["decisions"] if one["reason"] == "按原文的意思"
    ]
    assert edges == [("公示率", "归得分高的一档，得20分"), ("抽检率", "归得分高的一档，得20分")]
