"""The lint: each defect seeded in a small definition is found, and a sound definition has none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from nets import small
from small_table import read

from jixiao.model.finding import Findings, Level
from jixiao.rubric import load, shipped
from jixiao.rubric.lint import lint
from jixiao.rubric.lint_names import wrong_name

RULE = 'rule: {kind: bands, full: 40, x: 支出率, bands: {"[90%,)": 40, "[0,90%)": 0}}'
LEVEL = "options: {好: 12, 差: 0}"
POINT = "- {kind: point, full: 8, title: 按时}"
RATE = '- {name: 支出率, unit: "%", value: 支出 / 收入, zero: 待核定}'


def rule(body: str) -> tuple[str, str]:
    return RULE, f"rule: {{full: 40, x: 支出率, {body}}}"


SEEDED: list[tuple[tuple[str, str], str, str]] = [
    (rule('kind: bands, bands: {"[90%,)": 40, "[0,80%)": 0}'), "J301", "80%≤数值＜90%"),
    (rule('kind: bands, bands: {"(90%,)": 40, "[0,90%)": 0}'), "J301", "数值＝90%"),
    (rule('kind: bands, bands: {"[90%,100%]": 40, "[0,90%)": 0}'), "J301", "数值＞100%"),
    (rule('kind: bands, bands: {"[90%,)": 40, "[0,90%]": 0}'), "J302", "数值＝90%"),
    (rule('kind: bands, bands: {"[90%,)": 40, "[0,95%)": 0}'), "J302", "90%≤数值＜95%"),
    (rule('kind: bands, bands: {"[90%,)": 39, "[0,90%)": 0}'), "J303", "没有一档得满分40分"),
    (rule('kind: bands, bands: {"[90%,)": 48, "[80%,90%)": 40, "[0,80%)": 0}'), "J306", "48分，超过满分40分"),
    (rule('kind: bands, bands: {"[0,)": 10, "(,0)": 40}'), "J305", "最多只能得10分，满分是40分"),
    (rule("kind: proportional, cap: 0.9"), "J305", "最多只能得36分"),
    ((LEVEL, "options: {好: 12, 一 般: 6, 一般: 0}"), "J304", "“一 般”与“一般”"),
    ((LEVEL, "options: {Ａ级: 12, a级: 0}"), "J304", "“Ａ级”与“a级”"),
    ((LEVEL, "options: {'好,及时': 12, 差: 0}"), "J311", "“好,及时”含有半角逗号"),
    ((LEVEL, f"options: {{好: 12, {'差' * 260}: 0}}"), "J312", "共262个字符"),
    (("reference: {article: 第三条}", "reference: {title: 另一份通知}"), "J308", "满意情况"),
    (("reference: {article: 第三条}", "reference: {article: 第三条, checked: false}"), "J307", "1项指标的依据没有核对过原文：满意情况"),
    (("{title: 办法, number: 某财〔2020〕1号}", "{title: 办法, checked: false}"), "J307", "等级"),
    ((RATE, f"{RATE}\n  - {{name: 闲置率, unit: '%', value: 支出 / 收入, zero: 0}}"), "J309", "算式“闲置率”没有规则用到"),
    (("- {name: 支出}", "- {name: 支出}\n  - {name: 计划}\n  - {name: 问题数}"), "J310", "2个事实只用于核对，没有规则用到：计划、问题数"),
    ((POINT, POINT.replace("8", "8, applies: true")), "J316", "申报：按时"),
    (("moves:\n  - {from: 申报_2, to: [申报_1], reason: 没有质量要求}\n", ""), "J316", "12分怎么处理"),
    ((RATE, RATE.replace("待核定", "不适用")), "J316", "“支出完成”可能不适用"),
    (("applies: true", "applies: false"), "J317", "“申报：质量”不会是不适用"),
    (('"[60,90)": 中', '"[60,85)": 中'), "J301", "“等级”的档次没有包括85≤数值＜90"),
    (('"[60,90)": 中', '"[60,90]": 中'), "J302", "“等级”的两档都包括数值＝90"),
    (("title: 满意情况", "title: 满意（情况）"), "J315", "含有空格、括号、引号等符号"),
    (("title: 满意情况", "title: A1"), "J315", "与单元格地址相同"),
    (("title: 满意情况", "title: 2022满意"), "J315", "以数字开头"),
    (("title: 满意情况", f"title: {'长' * 251}"), "J315", "应为1至250个字符"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code", "said"), SEEDED, ids=[f"{code}{said}" for _, code, said in SEEDED]
)
def test_a_seeded_defect_is_found_and_named(change: tuple[str, str], code: str, said: str) -> None:
    found = [finding for finding in lint(read(change)) if finding.code == code]
    assert [finding for finding in found if said in finding.line()], [f.line() for f in found]


def test_a_sound_definition_has_only_its_own_decisions() -> None:
    (found,) = lint(read())
    assert (found.code, found.level) == ("J318", Level.NOTE)
    assert found.message == "申报：没有写清"
    assert found.advice == "本表的处理：按时为准。理由：上下文"


def test_a_signed_quantity_is_looked_at_below_zero_too() -> None:
    signed = (RATE, RATE.replace("支出 / 收入", "(支出 - 收入) / 收入"))
    assert codes(lint(read(signed))) == ["J301", "J318"]
    absolute = (RATE, RATE.replace("支出 / 收入", "abs(支出 - 收入) / 收入"))
    assert codes(lint(read(absolute))) == ["J318"]


def codes(findings: Findings) -> list[str]:
    return sorted(finding.code for finding in findings)


def test_an_exception_that_answers_for_a_zero_needs_no_move() -> None:
    body = {
        "names": {"收到": "件", "回复": "件"},
        "quantities": [{"name": "率", "unit": "%", "value": "回复 / 收到", "zero": "不适用"}],
        "rule": {"kind": "proportional", "full": Decimal(2), "x": "率"},
    }
    assert "J316" in codes(lint(small(body)))
    answered = {**body["rule"], "first": [{"when": "收到 == 0", "points": Decimal(2)}]}  # type: ignore[dict-item]
    assert "J316" not in codes(lint(small({**body, "rule": answered})))


def test_a_formula_too_long_or_too_deep_is_found() -> None:
    many = {f"[{n},{n + 1})": Decimal(n % 3) for n in range(70)}
    body = {
        "names": {"很长的名称" * 10: "分"},
        "rule": {"kind": "bands", "full": Decimal(2), "x": "很长的名称" * 10, "bands": many},
    }
    found = codes(lint(small(body)))
    assert "J313" in found
    assert "J314" in found
    assert "J301" in found


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_rubric_has_no_doubt_left_undecided(name: str) -> None:
    findings = lint(load(name))
    assert [finding.line() for finding in findings if finding.level is not Level.NOTE] == []
    assert sum(finding.code == "J318" for finding in findings) == len(load(name).decisions)


def test_the_decisions_of_the_suixi_table_are_all_shown() -> None:
    shown = [finding.message for finding in lint(load("suixi-2022")) if finding.code == "J318"]
    assert any("都含5项" in text for text in shown)
    assert any("没有2分档" in text for text in shown)
    assert any("两个编号为2" in text for text in shown)


def test_a_missing_outcome_of_a_zero_denominator_does_not_even_load() -> None:
    with pytest.raises(ValueError, match="zero 写明分母为0时的结果"):
        read((RATE, RATE.replace(", zero: 待核定", "")))


FINE = ["支出完成率", "三公经费_2022", "_甲", "ABCD1", "rate"]
UNFIT = ["", "支出 率", "支出-率", "“三公”经费", "XFD1048576", "R1C1", "r", "C", "R2", "RC", "1月"]


@pytest.mark.parametrize("text", FINE + UNFIT)
def test_names_that_a_cell_can_have(text: str) -> None:
    assert (wrong_name(text) == "") is (text in FINE)
