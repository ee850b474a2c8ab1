"""Templates are data: an unknown name or key is an error with its place, and nothing that they ask for is missing."""

from __future__ import annotations

import shutil
import string
import sys
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from jixiao.model import Body, DefinitionError, catalogue, load_yaml
from jixiao.report import KINDS, report_of
from jixiao.rubric import load
from tests.report.report_reading import said

DATA = Path(str(resources.files("jixiao.report")))
OUTLINES = load_yaml(DATA / "outline.yaml")
SECTIONS = {file.stem: load_yaml(file) for file in (DATA / "sections").glob("*.yaml")}
SHELVES = {"topics", "advice"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The definitions of reports in a folder where a test may change them."""
    made = tmp_path / "定义"
    shutil.copytree(DATA / "sections", made / "sections")
    for name in ("outline.yaml", "figures.yaml"):
        shutil.copy(DATA / name, made / name)
    read = sys.modules["jixiao.report.outline"]
    kept = [found for found in vars(read).values() if hasattr(found, "cache_clear")]
    monkeypatch.setattr(read, "HERE", made)
    for reader in kept:
        reader.cache_clear()
    yield made
    for reader in kept:
        reader.cache_clear()


@pytest.mark.parametrize(
    ("file", "right", "wrong", "told"),
    [
        ("sections/overview.yaml", "words: 部门职能", "words: 部门职责", "未知的文字“部门职责”，是否指“部门职能”"),
        ("sections/overview.yaml", "      - say:", "      - sya:", "未知的键“sya”，是否指“say”"),
        ("sections/overview.yaml", "{在职人数}", "{在职人员数}", "未知的名称“在职人员数”，是否指“在职人数”"),
        ("sections/overview.yaml", "编制人数 > 0", "编制数 > 0", "未知的名称“编制数”"),
        ("sections/conclusion.yaml", "made: 得分率图", "made: 得分图", "未知的内容“得分图”，是否指“得分率图”"),
        ("sections/achievements.yaml", "each: 目标", "each: 目标表", "未知的表“目标表”，是否指“目标”"),
        ("sections/achievements.yaml", "{名称}", "{名}", "未知的名称“名”"),
        ("sections/topics.yaml", "about: [结转结余率]", "about: [结转结余比]", "未知的名称“结转结余比”，是否指“结转结余率”"),
        ("sections/topics.yaml", "{满意度得分}", "{满意度}", "未知的名称“满意度”"),
        ("sections/advice.yaml", "[J204,", "[J2O4,", "未知的名称“J2O4”"),
        ("sections/advice.yaml", "    say: 规范", "    says: 规范", "未知的键“says”，是否指“say”"),
        ("figures.yaml", "年度支出决算数 / 财政下达预算数", "年度支出 / 财政下达预算数", "未知的名称“年度支出”"),
        ("figures.yaml", "  单位: {unit: 文字", "  支出完成率: {unit: 文字", "名称“支出完成率”重复"),
        ("outline.yaml", "[overview,", "[overvew,", "未知的章节“overvew”，是否指“overview”"),
        ("outline.yaml", "annexes: [评分表,", "annexes: [评分,", "未知的附件“评分”，是否指“评分表”"),
        ("outline.yaml", "{文字.委托单位}", "{文字.委托方}", "未知的名称“文字.委托方”，是否指“文字.委托单位”"),
        ("sections/overview.yaml", "{在职人数}", "{在职人数", "花括号不成对"),
        ("sections/overview.yaml", "{在职人数}", "{在职人数 / 编制人数}", "应在竖线后写明单位"),
        ("sections/overview.yaml", "编制人数 > 0 and 在职人数 > 编制人数", "在职人数 - 编制人数", "不是条件"),
        ("sections/overview.yaml", "{when: 编制人数 > 0 and 在职人数 > 编制人数, say", "{if: 在职人数, say", "未知的键“if”"),
    ],
)  # fmt: skip
def test_a_slip_in_a_definition_is_an_error_with_file_line_and_the_nearest(
    folder: Path, suixi: Path, file: str, right: str, wrong: str, told: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DefinitionError, match=rf"^{Path(file).name} 第\d+行：.*") as error:
        report_of(suixi, "核查")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("sentence", "facts", "text"),
    [
        ("['收入{收入决算数}', '支出{年度支出决算数}', '，其中：{收入决算数 - 年度支出决算数|万元}结余']", "收入决算数: 3.5, 年度支出决算数: 2",
         "收入3.50万元，支出2万元，其中：1.50万元结余。"),
        ("['收入{收入决算数}', '支出{年度支出决算数}']", "收入决算数: 3.5", "收入3.50万元。"),
        ("['收入{收入决算数}', '支出{年度支出决算数}']", "年度支出决算数: 2", ""),
        ("['执行率{收入决算数 / 收入预算数|%}']", "收入决算数: 1, 收入预算数: 0", ""),
        ("['在职{在职人数}，比率{收入决算数 / 收入预算数|%}']", "在职人数: 8, 收入决算数: 0.057, 收入预算数: 1", "在职8人，比率5.70%。"),
        *(("[{first: [{say: '增{收入决算数}', when: 收入决算数 > 0}, {say: '减{0 - 收入决算数|万元}', when: 收入决算数 < 0}, 持平]}]",
           f"收入决算数: {n}", text) for n, text in ((1, "增1万元。"), (-1, "减1万元。"), (0, "持平。"))),
        ("['收入{收入预决算变动}']", "收入决算数: 5, 收入预算数: 4", "收入比年初预算增加1万元，增长25%。"),
        ("['收入{收入预决算变动}']", "收入决算数: 3, 收入预算数: 4", "收入比年初预算减少1万元，下降25%。"),
        ("['收入{收入预决算变动}']", "收入决算数: 4, 收入预算数: 4", "收入与年初预算持平。"),
        ("['收入{收入预决算变动}']", "收入决算数: 4, 收入预算数: 0", "收入比年初预算增加4万元。"),
    ],
)  # fmt: skip
def test_clauses_are_joined_and_left_out(
    folder: Path, draft: Callable[..., Any], sentence: str, facts: str, text: str
) -> None:
    (folder / "sections" / "overview.yaml").write_text(f"title: 试\nbody:\n  - say: [{sentence}]\n", "utf-8")
    lines = [line for line in said(draft(f"facts: {{{facts}}}\n")).splitlines() if "、试" not in line]
    assert (text in lines) if text else not any(line.startswith(("收入", "执行率")) for line in lines)


def below(body: Any) -> Iterator[Body]:
    """Every mapping of a definition."""
    if isinstance(body, Body):
        yield body
    for child in body.values() if isinstance(body, Body) else body if isinstance(body, list) else ():
        yield from below(child)


def test_every_text_is_printed_by_the_report_that_it_is_for() -> None:
    for kind in KINDS:
        plan = OUTLINES.part(kind)
        used = {
            str(part["words"])
            for name in plan.texts("sections")
            for part in below(SECTIONS[name])
            if "words" in part
        }
        used |= {line.text("text").strip("{}").removeprefix("文字.") for line in plan.parts("cover")}
        used |= {plan.part("signing").text("people")}
        used |= {"问题补充", "建议补充" if kind == "核查" else "整改措施"}
        assert used >= {need.key for need in load("suixi-2022").texts if kind in need.reports}, kind


def test_every_file_of_sections_is_used() -> None:
    assert {name for kind in OUTLINES for name in OUTLINES.part(kind).texts("sections")} | SHELVES == set(
        SECTIONS
    )


def test_no_sentence_falls_back_on_words_that_no_figure_bears_out() -> None:
    """A last choice without a condition or a figure is said of missing facts too: 编制已满 where nobody counted."""
    choices = [
        other for name in SECTIONS for part in below(SECTIONS[name]) for other in part.get("first", [])[1:]
    ]
    choices += [
        part["otherwise"] for name in SECTIONS for part in below(SECTIONS[name]) if "otherwise" in part
    ]
    assert [text for text in choices if isinstance(text, str) and "{" not in text] == []


def test_every_problem_is_worded_with_the_names_of_its_message_and_has_a_suggestion() -> None:
    problems = {entry.code: entry for entry in catalogue().values() if entry.problem}
    for code, entry in problems.items():
        words, *asked = (
            {name for _, name, _, _ in string.Formatter().parse(part) if name}
            for part in (entry.problem, entry.message, entry.advice)
        )
        assert words <= {*asked[0], *asked[1], "says"}, code
    assert {name for part in SECTIONS["advice"].parts("advice") for name in part.texts("about")} >= set(
        problems
    )
