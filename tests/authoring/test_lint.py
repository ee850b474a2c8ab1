"""The lint: each rule of it has cases that hold and that fail in data files, and a sound definition has none."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jixiao.authoring import lint, lint_wording
from jixiao.model import Findings, Level, Source, read_yaml
from jixiao.rubric import Rubric, load, shipped
from tests.growth import grows_no_faster
from tests.properties.nets import small
from tests.rubric.small_table import read, text

CASES = Path(__file__).parent / "lint"
RULE = 'rule: {kind: bands, full: 40, x: 支出率, bands: {"[90%,)": 40, "[0,90%)": 0}}'
RATE = '{name: 支出率, unit: "%", value: 支出 / 收入, zero: 待核定}'


def cases(file: str) -> list[Any]:
    data = read_yaml((CASES / file).read_text("utf-8"), file)
    return [
        pytest.param(code, case, id=f"{code}-{n}")
        for code, listed in data.items()
        for n, case in enumerate(listed)
    ]


def ruled(body: str) -> str:
    """A rule of 40 points over 支出率, or over what the body says (``x: ,`` for none)."""
    own = "" if "x: " in body.split("items", maxsplit=1)[0].split("first", maxsplit=1)[0] else "x: 支出率, "
    return f"rule: {{full: 40, {own}{body.replace('x: , ', '')}}}"


def apart(findings: Findings, code: str, case: Any) -> list[str]:
    """What a case should have said and did not, or what it said although nothing is wrong."""
    found = [finding.line() for finding in findings if finding.code == code]
    if "says" in case:
        return [] if any(case["says"] in line for line in found) else [case["says"], *found]
    return found


def changed(case: Any) -> Rubric:
    old, new = case["old"], case["new"]
    if old == "RULE":
        return read((RULE, ruled(new)))
    if old == "RATE":
        return read((RATE, f"{RATE}\n  - {new}"))
    return read((old, f"{case['key']}: {new}" if "key" in case else new))


@pytest.mark.parametrize(("code", "case"), cases("definitions.yaml"))
def test_a_definition_with_one_defect(code: str, case: Any) -> None:
    assert apart(lint(changed(case)), code, case) == []


@pytest.mark.parametrize(("code", "case"), cases("texts.yaml"))
def test_the_wording_of_a_text(code: str, case: Any) -> None:
    findings = Findings()
    lint_wording(case["text"], case["full"], "指标", Source("例.yaml"), findings)
    assert apart(findings, code, case) == []


@pytest.mark.parametrize(("code", "case"), cases("rules.yaml"))
def test_a_rule_beside_its_text(code: str, case: Any) -> None:
    said = json.dumps(case["text"], ensure_ascii=False)
    quoted = ("description: 看支出\n", f"description: 看支出\n            criteria: {said}\n")
    assert apart(lint(read(quoted, (RULE, ruled(case["rule"])))), code, case) == []


def test_every_code_has_cases_that_hold_and_that_fail() -> None:
    for file in ("definitions.yaml", "texts.yaml", "rules.yaml"):
        data = read_yaml((CASES / file).read_text("utf-8"), file)
        for code, listed in data.items():
            assert {"says" in case for case in listed} == {True, False}, code


def test_every_finding_has_file_line_and_indicator() -> None:
    change = (RULE, 'rule: {kind: bands, full: 40, x: 支出率, bands: {"[90%,)": 39, "[0,80%)": 0}}')
    line = text(change)[: text(change).index('bands: {"[90%,)": 39')].count("\n") + 1
    found = {f.code: f.sources[0] for f in lint(read(change))}
    assert {(found[code].file, found[code].cell, found[code].label) for code in ("J301", "J303")} == {
        ("例.yaml", f"第{line}行", "支出完成")
    }
    assert all(source.file == "例.yaml" and source.cell for source in found.values())


def test_a_gap_of_a_definition_is_an_error_and_one_that_the_wording_leaves_open_a_doubt() -> None:
    quoted = ("description: 看支出\n", 'description: 看支出\n            criteria: "结果≥90%的，得40分"\n')
    outer = (RULE, ruled('kind: bands, bands: {"[90%,)": 40}'))
    inner = (RULE, ruled('kind: bands, bands: {"[90%,)": 40, "[0,80%)": 0}'))
    levels = {
        name: [f.level for f in lint(read(*made)) if f.code == "J301"]
        for name, made in {"plain": (outer,), "quoted": (quoted, outer), "inner": (quoted, inner)}.items()
    }
    assert levels == {"plain": [Level.ERROR], "quoted": [Level.WARNING], "inner": [Level.ERROR]}


def test_a_sound_definition_has_only_its_own_decisions() -> None:
    found, waiting = sorted(lint(read()), key=lambda finding: finding.code)
    assert (found.code, found.level) == ("J318", Level.NOTE)
    assert found.message == "申报：没有写清"
    assert found.advice == "本表的处理：按时为准。理由：上下文"
    assert waiting.code == "J357"  # 支出率 says itself that a person decides where 收入 is zero


def test_a_signed_quantity_is_looked_at_below_zero_too() -> None:
    signed = (RATE, RATE.replace("支出 / 收入", "(支出 - 收入) / 收入"))
    assert codes(lint(read(signed))) == ["J301", "J318", "J357"]
    absolute = (RATE, RATE.replace("支出 / 收入", "abs(支出 - 收入) / 收入"))
    assert codes(lint(read(absolute))) == ["J318", "J357"]


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


def test_a_missing_outcome_of_a_zero_denominator_does_not_even_load() -> None:
    with pytest.raises(ValueError, match="zero 写明分母为0时的结果"):
        read((RATE, RATE.replace(", zero: 待核定", "")))


HOSTILE = {
    "": ("90%至95%；", "1.", "（", "≥95%≤95%", "最高得得得得得得得得", "\n一、"),
    "得": ("9",),
    "每": ("超",),
}


@pytest.mark.parametrize(
    ("start", "unit"), [(start, unit) for start, units in HOSTILE.items() for unit in units]
)
def test_the_wording_of_a_long_text_takes_no_longer_than_its_length(start: str, unit: str) -> None:
    def look(text: str) -> None:
        lint_wording(f"{start}{text}1%分", Decimal(5), "指标", Source("例.yaml"), Findings())

    assert grows_no_faster(look, unit, 20_000)
