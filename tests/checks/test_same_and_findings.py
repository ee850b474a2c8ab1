"""The same figure in several documents, several cells of one table, and how findings say it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.checks import SAME, Checked, Outcome, check, findings
from jixiao.model import Fact, Finding, Findings, Found, Level, Source
from tests.checks.written_tables import Written

BELOW = Decimal("-291.96")
WHOLE = "公开-收入支出决算总表"


@pytest.fixture
def written() -> Written:
    return Written()


def _same(written: Written, **preferred: list[str]) -> list[Checked]:
    return [one for one in check(written.facts, written.records, preferred=preferred) if one.id == SAME]


def _said(written: Written) -> Findings:
    return findings(check(written.facts, written.records))


def _errors(written: Written) -> list[Finding]:
    return _said(written).errors


def _typed(name: str, value: str, document: str) -> Fact:
    return Fact(name, Decimal(value), Source("事实.yaml", document=document, found=Found.NAMED), unit="万元")


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (("元", "36.58"), ("元", "36.58"), Outcome.HOLDS),
        (("元", "36.58"), ("元", "36.580001"), Outcome.FAILS),
        (("元", "36.584999"), ("万元", "36.58"), Outcome.TAIL),
        (("元", "36.585"), ("万元", "36.58"), Outcome.TAIL),
        (("元", "36.585001"), ("万元", "36.58"), Outcome.FAILS),
        (("万元", "36.58"), ("万元", "36.59"), Outcome.TAIL),
        (("万元", "36.58"), ("万元", "36.591"), Outcome.FAILS),
        (("千元", "36.58"), ("元", "36.5805"), Outcome.TAIL),
        (("千元", "36.58"), ("元", "36.580501"), Outcome.FAILS),
    ],
)
def test_tolerance_follows_the_printed_units(
    written: Written, one: tuple[str, str], other: tuple[str, str], outcome: Outcome
) -> None:
    written.fact("", "固定资产原值", one[1], document="甲表", unit=one[0])
    written.fact("", "固定资产原值", other[1], document="乙表", unit=other[0])
    assert [checked.outcome for checked in _same(written)] == [outcome]


def test_a_sentence_against_a_table_is_to_be_looked_at(written: Written) -> None:
    written.fact("", "在用固定资产原值", "36.58", document="国有资产报表")
    written.facts.add([_typed("在用固定资产原值", "26.59", "评分表 评分说明")])
    (finding,) = [one for one in _said(written) if one.code == "J202"]
    assert finding.level is Level.WARNING


def test_two_documents_of_one_name_are_told_apart_by_their_files(written: Written) -> None:
    for file, value in (("一.yaml", "1"), ("二.yaml", "2")):
        place = Source(file, document="基础表", found=Found.NAMED)
        written.facts.add([Fact("固定资产原值", Decimal(value), place, unit="万元")])
    (finding,) = [one for one in _said(written) if one.code == "J202"]
    assert "一.yaml" in finding.message and "二.yaml" in finding.message


def test_rates_differ_by_points(written: Written) -> None:
    for document, value in (("甲表", "0"), ("乙表", "1")):
        place = Source("事实.yaml", document=document, found=Found.NAMED)
        written.facts.add([Fact("自述政府采购执行率", Decimal(value), place, unit="%")])
    assert "相差 100个百分点" in _said(written).errors[0].message


def test_counts_have_no_tolerance(written: Written) -> None:
    written.fact("", "在职人数", 8, document="甲表")
    written.fact("", "在职人数", 10, document="12月工资表")
    (finding,) = _errors(written)
    assert finding.code == "J202" and finding.level is Level.ERROR
    assert (
        "甲表为 8人" in finding.message
        and "12月工资表为 10人" in finding.message
        and "相差 2人" in finding.message
    )
    assert [source.file for source in finding.sources] == ["甲表.xlsx", "12月工资表.xlsx"]


def test_preferred_document_is_held_against_each_other_one(written: Written) -> None:
    for document, value in (("丙表", 1), ("乙表", 2), ("甲表", 3)):
        written.fact("", "编制人数", value, document=document)
    pairs = [(one.left.text, one.right.text) for one in _same(written, 编制人数=["没有的表", "乙表"])]
    assert pairs == [("乙表", "丙表"), ("乙表", "甲表")]


def test_authority_decides_where_the_rubric_is_silent(written: Written) -> None:
    written.fact("", "收入决算数", 177, document="科目余额表")
    written.fact("", "收入决算数", 139, document="财决01-1表")
    assert [one.left.text for one in _same(written)] == ["财决01-1表"]


def test_what_was_read_goes_before_what_was_typed_under_the_same_document(written: Written) -> None:
    written.facts.add([_typed("收入决算数", "140", "财决01-1表 全年")])
    written.fact("财决01-1", "收入决算数", 139, document="财决01-1表")
    (one,) = _same(written)
    assert one.left.terms[0].fact.source.cell and not one.right.terms[0].fact.source.cell


def test_second_sources_take_part_once_each(written: Written) -> None:
    written.fact("", "收入决算数", "139.40", document="财决01-1表")
    written.facts.add([_typed("收入决算数", "177.06", "科目余额表"), _typed("收入决算数", "177.06", "说明")])
    assert [one.outcome for one in _same(written)] == [Outcome.FAILS, Outcome.FAILS]
    (finding,) = _said(written)  # the same contradiction said twice is one, with all its places
    assert len(finding.sources) == 3


@pytest.mark.parametrize(("factor", "value"), [(10000, "1394000"), (1000, "139400"), (10000, "1394026.2")])
def test_unit_mixed_up_has_its_own_wording(written: Written, factor: int, value: str) -> None:
    written.fact("", "收入决算数", "139.40", document="财决01-1表")
    written.fact("", "收入决算数", value, document="基础表")
    (finding,) = _said(written)
    assert finding.code == "J203"
    assert f"正好相差 {factor} 倍" in finding.message


@pytest.mark.parametrize("value", ["13940", "1394126.2", "-1394000", "0"])
def test_other_differences_are_no_unit_mixed_up(written: Written, value: str) -> None:
    written.fact("", "收入决算数", "139.40", document="财决01-1表")
    written.fact("", "收入决算数", value, document="基础表")
    assert [finding.code for finding in _said(written)] == ["J202"]


def test_pair_compared_by_an_identity_is_not_compared_again(written: Written) -> None:
    written.fact("预算批复-收支预算", "项目支出预算数", "62.60")
    written.fact("财决01-1", "项目支出预算数", "61.60")
    failed = [one.id for one in check(written.facts) if one.outcome is Outcome.FAILS]
    assert failed == ["文件3"]
    assert [finding.code for finding in _said(written) if finding.level is Level.ERROR] == ["J202"]


def test_two_totals_of_one_table_each_stand_in_their_own_column(written: Written) -> None:
    for cell, name, value in (
        ("P34", "年度支出决算数", 100),
        ("AD34", "年度支出决算数", 101),
        ("AD8", "基本支出决算数", 60),
        ("AD11", "项目支出决算数", 40),
        ("P35", "年末财政拨款结转和结余", 5),
        ("AD35", "年末财政拨款结转和结余", 5),
        ("P39", "财政拨款支出总计", 105),
        ("AD39", "财政拨款支出总计", 106),
    ):
        written.fact("财决01-1", name, value, cell=cell)
    found = {
        (one.id, tuple(term.fact.source.cell for term in (*one.left.terms, *one.right.terms))): one.outcome
        for one in check(written.facts)
    }
    assert found["决算I5.5", ("AD34", "AD8", "AD11")] is Outcome.FAILS
    assert found["决算I1.2", ("P34", "P35", "P39")] is Outcome.HOLDS
    assert found["决算I1.2", ("AD34", "AD35", "AD39")] is Outcome.HOLDS
    assert found[SAME, ("P34", "AD34")] is Outcome.FAILS
    assert ("决算I5.5", ("P34", "AD8", "AD11")) not in found


def test_tails_of_one_document_are_one_note(written: Written) -> None:
    for name, value in (
        ("收入总计", "100.00"),
        ("支出总计", "100.01"),
        ("本年支出合计", "100.00"),
        ("结余分配", 0),
    ):
        written.fact(WHOLE, name, value, document="部门决算公开表")
    written.fact(WHOLE, "年末结转和结余", 0, document="部门决算公开表")
    notes = [finding for finding in _said(written) if finding.code == "J206"]
    assert len(notes) == 1 and notes[0].level is Level.NOTE
    assert "2 处尾差" in notes[0].message and "最大 0.01万元" in notes[0].message


def test_unchecked_is_one_note_and_absent_tables_are_not_listed(written: Written) -> None:
    written.fact(WHOLE, "收入总计", 100)
    made = check(written.facts)
    assert {one.outcome for one in made} == {Outcome.UNCHECKED}
    assert any(one.absent == "收入表" for one in made)
    (note,) = findings(made)
    assert note.code == "J207" and note.level is Level.NOTE
    assert "总表：支出总计" in note.message and "收入表" not in note.message
    assert check(Written().facts) == []


def test_negative_balance_is_said_in_yuan(written: Written) -> None:
    for code, side, closing in (("8001", "借", BELOW), ("800102", "借", BELOW), ("800101", "平", 0)):
        written.row(
            "科目余额表", "ledger", {"code": code, "name": "结存", "closing": closing, "closing_side": side}
        )
    (finding,) = _errors(written)
    assert finding.code == "J204" and "-291.96元" in finding.message and "800102" in finding.message
    (source,) = finding.sources
    assert source.file == "科目余额表.xlsx"


def test_credit_balance_of_cash_is_negative(written: Written) -> None:
    written.row("科目余额表", "ledger", {"code": "8001", "name": "结存", "closing": 5, "closing_side": "贷"})
    assert [finding.code for finding in _errors(written)] == ["J204"]


def test_doubled_code_is_not_added_up(written: Written) -> None:
    written.fact(WHOLE, "本年支出合计", 10)
    for _ in range(2):
        written.row(WHOLE, "functions", {"code": "201", "name": "某类", "level": 1, "合计": 5})
    (one,) = [one for one in check(written.facts, written.records) if one.id == "公开I1.5"]
    assert one.outcome is Outcome.UNCHECKED and "201 重复" in one.missing


def test_the_same_form_in_two_files_is_checked_file_by_file(written: Written) -> None:
    for file, total in (("甲", 10), ("乙", 11)):
        for name in ("收入总计", "支出总计"):
            written.fact(WHOLE, name, total, document=file)
    assert [one.outcome for one in check(written.facts) if one.id == "公开I1.3"] == [Outcome.HOLDS] * 2


OWN = """
tables: {总表: 公开-收入支出决算总表, 收入表: 公开-收入决算表, 账表: 科目余额表}
tolerance: {step: 0.01, most: 0.05}
reference: {title: 某办法}
identities:
  - {id: 甲, title: 甲, each: "总表.functions[code=%s]", left: each.合计, right: "sum(总表.functions[%s].合计)"}
  - {id: 乙, title: 乙, left: 总表.本年收入合计 - (总表.其他收入 - 收入表.事业收入), right: "sum(账表.ledger[code^=6001, top].credit)"}
"""
FORMS = (WHOLE, "公开-收入决算表", "科目余额表")
CODES = ("201", "20103", "2010301", "2010302", "2080505", "208", "9")


def _own(written: Written, folder: Path, each: str, condition: str) -> dict[str, Checked]:
    """Two identities of one's own over rows of these codes."""
    for number, code in enumerate(CODES, 1):
        written.row(WHOLE, "functions", {"code": code, "name": code, "合计": number})
    (folder / "identities").mkdir()
    (folder / "identities" / "own.yaml").write_text(OWN % (each, condition), "utf-8")
    made = check(written.facts, written.records, definitions=[folder], forms=FORMS)
    return {one.id: one for one in made if one.id in "甲乙"}


@pytest.mark.parametrize(
    ("condition", "each", "codes"),
    [
        ("top", "9", ["201", "208", "9"]),
        ("last", "9", ["2010301", "2010302", "2080505", "9"]),
        ("under", "201", ["20103"]),
        ("under", "208", ["2080505"]),
        ("under", "9", []),
        ("same", "208", ["208"]),
        ("code^=20103|208, top", "9", ["20103", "208"]),
        ("code=9|201", "9", ["201", "9"]),
    ],
)
def test_rows_by_their_place_among_the_codes(
    written: Written, tmp_path: Path, condition: str, each: str, codes: list[str]
) -> None:
    made = _own(written, tmp_path, each, condition)
    terms = made["甲"].right.terms if codes else ()
    assert [term.fact.name.split()[1] for term in terms] == codes
    assert ("甲" in made) == bool(codes)  # nothing to add up: nothing to check


def test_sides_are_said_in_chinese(written: Written, tmp_path: Path) -> None:
    one = _own(written, tmp_path, "9", "top")["乙"]
    assert one.left.text == "总表：本年收入合计－其他收入＋收入表：事业收入"
    assert one.right.text == "账表：6001类最上级各行贷方发生额之和"
    assert one.outcome is Outcome.UNCHECKED and one.absent == "收入表、账表"
