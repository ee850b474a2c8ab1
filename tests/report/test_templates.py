"""Templates are data: all load, no name in them is unknown, nothing that they ask for is missing."""

from __future__ import annotations

import string
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.checks import load as identities
from jixiao.model import Body, DefinitionError, body_of, catalogue, concepts, load_yaml
from jixiao.report import outline as outlines
from jixiao.report.chapters import ROW_UNITS
from jixiao.report.compose import MAKERS, NAMES
from jixiao.report.figures import Change, figures
from jixiao.report.outline import KINDS, Part, advice, outline, topics
from jixiao.report.problems import LACKING
from jixiao.report.standpoint import ONE_PROJECT
from jixiao.report.template import read_clause, read_sentences, read_text
from jixiao.rubric import load, shipped

OUTLINES = (*KINDS, ONE_PROJECT)
RUBRICS = [load(name) for name in shipped()]
ABOUT = {
    "单位", "年度", "评分表", "评分依据", "等级依据", "等级标准", "总分", "规则总分", "等级", "指标项数", "满分项数", "扣分项数", "待核定项数",
    "不适用项数", "不适用指标", "扣分合计", "项目个数", "自评总分", "得分名称",
}  # fmt: skip
BLOCKS = {"预算执行率", "满意度指标"}  # of the self-evaluation forms
TEXT_KEYS = {need.key for rubric in RUBRICS for need in rubric.texts}


def known(table: str = "") -> set[str]:
    names = {*concepts(), *figures(), *ABOUT, *NAMES, *(f"文字.{key}" for key in TEXT_KEYS)}
    for rubric in RUBRICS:
        names |= {*rubric.quantities, *rubric.facts}
        if table in rubric.tables:
            names |= {column.name for column in rubric.tables[table].columns}
    return names | set(ROW_UNITS) if table == "自评项目" else names


def parts(part: Part) -> list[Part]:
    return [part, *(below for one in part.parts for below in parts(one))]


@pytest.mark.parametrize("kind", OUTLINES)
def test_every_name_in_a_section_is_known(kind: str) -> None:
    plan = outline(kind)
    unknown = [
        name
        for text in (plan.title, *(line for _, line in plan.cover))
        for name in text.names()
        if name not in known()
    ]
    for section in plan.sections:
        for sentence, table in section.sentences():
            unknown += [f"{section.title}: {name}" for name in sentence.names() if name not in known(table)]
        for part in parts(section):
            unknown += [name for name in (part.when.refs() if part.when else ()) if name not in known()]
    assert unknown == []


@pytest.mark.parametrize("kind", OUTLINES)
def test_every_maker_and_every_text_exists(kind: str) -> None:
    for part in (below for section in outline(kind).sections for below in parts(section)):
        assert part.made in ("", *MAKERS)
        for item in part.items:
            assert item.made in ("", *MAKERS) and (not item.words or item.words in TEXT_KEYS)
            assert item.each in ("", "自评项目", *(name for rubric in RUBRICS for name in rubric.tables))


def test_every_text_is_printed_by_the_report_that_it_is_for() -> None:
    for kind in KINDS:
        used = {
            item.words for section in outline(kind).sections for part in parts(section) for item in part.items
        }
        used |= {name.removeprefix("文字.") for _, line in outline(kind).cover for name in line.names()}
        used |= {"问题补充", "建议补充"} if kind == "核查" else set()
        wanted = {need.key for need in RUBRICS[0].texts if kind in need.reports}
        assert used - {""} - {"单位"} >= wanted, kind


def test_every_file_of_sections_is_used() -> None:
    shared = {"topics", "advice"}
    listed = load_yaml(Path(outlines.__file__).with_name("outline.yaml"))
    named = {name for kind in OUTLINES for name in listed.part(kind).texts("sections")}
    files = {file.stem for file in (Path(outlines.__file__).parent / "sections").glob("*.yaml")}
    assert files == named | shared


@pytest.mark.parametrize("kind", OUTLINES)
def test_no_sentence_falls_back_on_words_that_no_figure_bears_out(kind: str) -> None:
    """A last choice without a condition or a figure is said of missing facts too: 编制已满 where nobody counted."""
    sentences = [sentence for section in outline(kind).sections for sentence, _ in section.sentences()]
    sentences += [sentence for topic in topics() for sentence in topic.sentences]
    invented = [
        other.text.pieces
        for sentence in sentences
        for clause in sentence.clauses
        for other in clause.otherwise
        if other.when is None and not list(other.text.names())
    ]
    assert invented == []


def test_every_figure_reads_known_names() -> None:
    for figure in figures().values():
        reads = (figure.now, figure.was) if isinstance(figure, Change) else tuple(figure.expr.refs())
        assert set(reads) <= known(), figure.name


def names_of_rubrics() -> set[str]:
    made: set[str] = set()
    for rubric in RUBRICS:
        made |= {second.title for first in rubric.firsts for second in first.seconds}
        made |= {*rubric.quantities, *rubric.facts, *(item.key for item in rubric.indicators())}
        made |= {
            second.title
            for _, form in rubric.self_tables.tables()
            for block in form.blocks
            for second in block.seconds
        }
    return made


def test_topics_and_advice_are_about_something() -> None:
    for topic in topics():
        assert set(topic.about) <= names_of_rubrics(), topic.about
        assert [name for s in topic.sentences for name in s.names() if name not in known()] == []
    for one in advice()[0]:
        named = {name.removeprefix(LACKING) for name in one.about if name not in catalogue()}
        assert named <= names_of_rubrics() | {identity.id for identity in identities().identities} | BLOCKS


def test_every_problem_has_words_with_the_names_of_its_message() -> None:
    problems = {entry.code: entry for entry in catalogue().values() if entry.problem}
    for code, entry in problems.items():
        said, *asked = (
            {name for _, name, _, _ in string.Formatter().parse(part) if name}
            for part in (entry.problem, entry.message, entry.advice)
        )
        assert said <= {*asked[0], *asked[1], "says"}, code
    assert {code for one in advice()[0] for code in one.about if code in catalogue()} >= set(problems)


def record(**body: Any) -> Body:
    return body_of(body, "例.yaml")


@pytest.mark.parametrize(
    "text", ["{收入", "收入}", "{收入 / 支出}", "{import os|元}", "{收入 +|元}", "{a.b.c|元}", "{[1]|元}"]
)
def test_a_wrong_template_is_refused_with_its_file(text: str) -> None:
    with pytest.raises(DefinitionError, match=r"例\.yaml"):
        read_text(text, record(say=text))


@pytest.mark.parametrize(
    "body",
    [{"say": "a", "if": "b"}, {"first": ["a"], "say": "b"}, {"when": "a > 1"}, {"say": "a", "when": "a + 1"}],
)
def test_a_wrong_clause_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError):
        read_clause(record(**body), record())


def said(body: Any, **values: Any) -> str:
    units = {"甲": "万元", "乙": "万元", "率": "%"}
    return "".join(
        s.said(values.get, lambda name: units.get(name, "")) for s in read_sentences(body, record())
    )


def test_clauses_are_joined_and_left_out() -> None:
    body = [["收入{甲}", "支出{乙}", "，其中：{甲 - 乙|万元}结余"]]
    assert said(body, 甲=Decimal("3.5"), 乙=Decimal(2)) == "收入3.50万元，支出2万元，其中：1.50万元结余。"
    assert said(body, 甲=Decimal("3.5")) == "收入3.50万元。"
    assert said(body, 乙=Decimal(2)) == ""
    assert said([["执行率{甲 / 乙|%}"]], 甲=Decimal(1), 乙=Decimal(0)) == ""
    assert said([["执行率{率}"]], 率="待核定") == ""
    choice = body_of(
        {
            "first": [
                {"say": "增长{甲}", "when": "甲 > 0"},
                {"say": "下降{0 - 甲|万元}", "when": "甲 < 0"},
                "持平",
            ]
        },
        "例",
    )
    assert [said([[choice]], 甲=Decimal(n)) for n in (1, -1, 0)] == ["增长1万元。", "下降1万元。", "持平。"]
