"""``jixiao check`` on the worked case: the known contradictions of the published report, each with both places."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jixiao import pipeline
from jixiao.app import main
from jixiao.checks import Checked, Outcome
from jixiao.master import open_scoring_book
from jixiao.model import DefinitionError, Finding, Findings, Level, UsageStop

CASE = Path(__file__).parents[2] / "workbooks" / "specimens" / "suixi-2022"
CHECKS, CHECK_FIRST = "勾稽", 5
TABLES = ("决算报表.xlsx", "资产报表.xls", "预算批复.xlsx", "科目余额表.csv", "自评基础信息表.xlsx")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suixi") / "评分簿.xlsx"
    pipeline.new("suixi-2022", path, unit="遂溪县招商局")
    pipeline.fill(path, [CASE / name for name in TABLES], facts_file=CASE / "judgements.yaml")
    return path


@pytest.fixture(scope="module")
def checked(book: Path) -> tuple[list[Checked], Findings]:
    return pipeline.check(book)


def _listed(checked: Sequence[Checked]) -> list[Checked]:
    """In the order of the sheet: what disagrees first."""
    return sorted(checked, key=lambda one: one.outcome is not Outcome.FAILS)


def _one(findings: Findings, code: str, *words: str) -> Finding:
    found = [f for f in findings if f.code == code and all(word in f.message for word in words)]
    assert len(found) == 1, (code, words, [f.message for f in found])
    return found[0]


def _places(finding: Finding) -> list[str]:
    return [f"{source.file} {source.cell}".strip() for source in finding.sources]


# number of the list of known contradictions: code, words of the message, and files or cells that it has to name
KNOWN: list[tuple[int, str, Sequence[str], Sequence[str]]] = [
    (1, "J205", ["政府采购", "0.00万元", "0.95万元"], ["预算批复.xlsx C10", "决算报表.xlsx H21"]),
    (1, "J202", ["自述政府采购执行率", "核查报告正文为 0%", "评分表 评分说明为 100%"], ["judgements.yaml"]),
    (1, "J411", ["政府采购执行率", "分母为0"], ["评分簿.xlsx"]),
    (2, "J202", ["“固定资产原值”", "36.58万元", "32.42万元"], ["资产报表.xls D9", "自评基础信息表.xlsx E16"]),
    (2, "J202", ["“在用固定资产原值”", "36.58万元", "26.59万元"], ["资产报表.xls H9", "judgements.yaml"]),
    (2, "J231", ["在用固定资产原值", "26.59万元", "由3分变为0分"], ["资产报表.xls H9", "judgements.yaml"]),
    (3, "J223", ["预算编制准确性", "4.4分", "4.5分"], ["评分簿.xlsx N10", "评分簿.xlsx M10"]),
    (
        4,
        "J202",
        ["“收入决算数”", "139.40万元", "177.06万元", "37.66万元"],
        ["决算报表.xlsx E34", "科目余额表.csv F18"],
    ),
    (5, "J202", ["“在职人数”", "8人", "10人"], ["决算报表.xlsx I8", "judgements.yaml"]),
    (6, "J204", ["零余额现金", "-291.96元"], ["科目余额表.csv H33"]),
    (6, "J230", ["零余额资金", "零余额现金", "8001020101"], ["评分簿.xlsx O19", "科目余额表.csv B33"]),
    (
        7,
        "J224",
        ["绩效目标完成效率", "3.87分", "102.56%、91.12%", "3.5分"],
        ["评分簿.xlsx N32", "评分簿.xlsx M32"],
    ),
    (8, "J225", ["项目监管", "检查底稿", "4分"], ["评分簿.xlsx N21", "评分簿.xlsx O21", "评分簿.xlsx H21"]),
    (9, "J226", ["重点工作完成效率", "3分"], ["评分簿.xlsx N31", "评分簿.xlsx C40"]),
    (9, "J226", ["公众或服务对象满意度", "2.5分"], ["评分簿.xlsx N36", "评分簿.xlsx C49"]),
    (11, "J201", ["应申报绩效目标项目数", "1个", "2个"], ["预算批复.xlsx C12", "预算批复.xlsx B5"]),
    (12, "J227", ["目标完整性2分（3个要点）"], ["评分簿.xlsx N11"]),
    (17, "J318", ["预算编制准确性", "都含5项"], ["评分簿.xlsx H10"]),
    (17, "J318", ["固定资产利用率", "没有2分档"], ["评分簿.xlsx H23"]),
    (17, "J318", ["预决算", "两个编号为2"], ["评分簿.xlsx H24"]),
    (
        20,
        "J208",
        ["139.40万元", "131.83万元", "7.57万元"],
        ["决算报表.xlsx L34", "预算批复.xlsx D11", "决算报表.xlsx P34"],
    ),
]


@pytest.mark.parametrize(("number", "code", "words", "places"), KNOWN)
def test_known_contradiction_is_reported_with_its_places(
    checked: tuple[list[Checked], Findings],
    number: int,
    code: str,
    words: Sequence[str],
    places: Sequence[str],
) -> None:
    found = _one(checked[1], code, *words)
    assert found.advice, number
    named = _places(found)
    assert all(any(place in one for one in named) for place in places), (number, named)


def test_claim_that_nothing_was_overspent_is_proved(checked: tuple[list[Checked], Findings]) -> None:
    proofs = [one for one in checked[0] if one.title.startswith("公用经费和“三公”经费均不超年初预算")]
    assert [one.outcome for one in proofs] == [Outcome.HOLDS, Outcome.HOLDS]


def test_errors_are_the_known_ones_and_no_others(checked: tuple[list[Checked], Findings]) -> None:
    said = sorted((finding.code, finding.message[:12]) for finding in checked[1].errors)
    assert [code for code, _ in said] == ["J202"] * 4 + ["J204", "J225"]
    warnings = sorted(f.code for f in checked[1] if f.level is Level.WARNING)
    assert warnings.count("J226") == 3  # 9 twice, and the dates of filing that no paper gives
    assert set(warnings) <= {
        "J201",
        "J202",
        "J205",
        "J208",
        "J223",
        "J224",
        "J226",
        "J227",
        "J230",
        "J411",
    } | {code for code in warnings if code.startswith("J3")}


def test_difference_from_the_rule_is_said_once(checked: tuple[list[Checked], Findings]) -> None:
    assert not [finding for finding in checked[1] if finding.code == "J403"]


def test_every_side_of_the_sheet_leads_to_its_cell(
    book: Path, checked: tuple[list[Checked], Findings]
) -> None:
    opened = load_workbook(book)
    sheet = opened[CHECKS]
    jumps = 0
    for number, one in enumerate(_listed(checked[0])):
        row = CHECK_FIRST + number
        assert sheet.cell(row, 2).value == one.id and sheet.cell(row, 3).value == one.title
        for column, side in ((11, one.left), (12, one.right)):
            link = sheet.cell(row, column + 2).hyperlink  # a cell of its own beside the places
            if not side.terms or side.terms[0].fact.source.file == "judgements.yaml":
                continue
            assert link is not None
            name, _, ref = str(link.location).rpartition("!")
            assert name.strip("'") in opened.sheetnames
            assert re.search(rf"!{ref}(（|；|$)", str(sheet.cell(row, column).value)), (row, ref)
            jumps += 1
    assert jumps > 250


def test_row_that_could_not_be_checked_names_what_is_missing(
    book: Path, checked: tuple[list[Checked], Findings]
) -> None:
    sheet = load_workbook(book)[CHECKS]
    at = next(n for n, one in enumerate(_listed(checked[0])) if one.id == "调整1") + CHECK_FIRST
    assert sheet.cell(at, 12).value == "缺：预算调整批复数"
    assert "SUM" in str(sheet.cell(at, 5).value)


def test_changed_cell_changes_the_verdict_of_its_row(book: Path, tmp_path: Path) -> None:
    from jixiao.master import rescore

    opened = open_scoring_book(book)
    listed = [one.id for one in _listed(pipeline.check(book)[0])]
    row = CHECK_FIRST + listed.index("执行1")
    assert opened.sheet(CHECKS).get(f"J{row}").value == "一致"  # type: ignore[union-attr]
    opened.sheet("项目支出情况表").set("D4", Decimal(72))
    rescore(opened)
    assert opened.sheet(CHECKS).get(f"J{row}").value == "不一致"  # type: ignore[union-attr]
    target = tmp_path / "改.xlsx"
    target.write_bytes(opened.book.to_bytes())
    (found,) = [f for f in pipeline.check(target)[1] if f.code == "J209"]
    assert "12.00万元" in found.message and len(found.sources) >= 2


def test_json_has_both_values_with_their_cells(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(book), "--json"]) == 1
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    (one,) = [item for item in data["checks"] if item["id"] == "文件8"]
    assert (one["left"]["value"], one["right"]["value"], one["difference"]) == ("139.4", "177.06", "-37.66")
    assert one["outcome"] == "不一致" and one["reference"]
    assert one["left"]["sources"][0]["cell"] == "E34" and one["right"]["sources"][0]["cell"] == "F18"
    open_ones = [item for item in data["checks"] if item["outcome"] == "未核对"]
    assert open_ones and all(item["missing"] for item in open_ones)


def test_table_on_the_terminal_shows_failures_first(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(book), "--all"])
    out = capsys.readouterr().out
    assert out.index("不一致 8") < out.index("文件8") < out.index("限额1")
    assert "上年决算表" in out


def _of(book: Path, path: Path, key: str, value: Decimal | str) -> Path:
    """A copy of a workbook with one entry changed."""
    opened = open_scoring_book(book)
    place = opened.plan.places[key]
    opened.sheet(place.sheet).set(place.ref, value)
    path.write_bytes(opened.book.to_bytes())
    return path


def test_a_year_before_of_another_unit_is_refused(book: Path, tmp_path: Path) -> None:
    earlier = _of(book, tmp_path / "上年.xlsx", "封面.年度", Decimal(2021))
    with pytest.raises(UsageStop) as stop:
        pipeline.check(book, previous=[_of(earlier, tmp_path / "外单位.xlsx", "封面.单位", "另一县交通局")])
    assert stop.value.finding.code == "J591"


def test_table_of_an_own_identity_that_no_form_has_is_an_error(book: Path, tmp_path: Path) -> None:
    (tmp_path / "identities").mkdir()
    (tmp_path / "identities" / "own.yaml").write_text(
        "tables: {表: 财决01-01}\ntolerance: {step: 0, most: 0}\nreference: {title: 某办法}\n"
        "identities: [{id: 甲, title: 甲, left: 表.收入决算数, right: 表.年度支出决算数}]\n",
        "utf-8",
    )
    with pytest.raises(DefinitionError, match=r"own.yaml 第1行：.*是否指“财决01-1”"):
        pipeline.check(book, definitions=[tmp_path])


def test_year_before_is_compared_where_it_is_given(book: Path, tmp_path: Path) -> None:
    checks, _ = pipeline.check(book, previous=[CASE / "决算报表.xlsx", CASE / "科目余额表.csv"])
    between = [one for one in checks if one.id.startswith("跨年")]
    assert {one.outcome for one in between} == {Outcome.HOLDS, Outcome.FAILS}
    opening = next(one for one in between if one.id == "跨年I8.1")
    assert opening.outcome is Outcome.HOLDS
    failed = [one.title for one in between if one.outcome is Outcome.FAILS]
    assert any("1001 库存现金" in title for title in failed)  # 1,000.00 at the start, 708.04 at the end
    with pytest.raises(UsageStop) as stop:
        pipeline.check(book, previous=[book])
    assert stop.value.finding.code == "J590"  # the same year is no year before
    again, _ = pipeline.check(book, previous=[_of(book, tmp_path / "上年.xlsx", "封面.年度", Decimal(2021))])
    same = [(one.title, one.outcome) for one in again if one.id.startswith("跨年") and one.id != "跨年I8.5"]
    assert same == [(one.title, one.outcome) for one in between]
    assert [one.outcome for one in again if one.id == "跨年I8.5"] == [Outcome.HOLDS]
