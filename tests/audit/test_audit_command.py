"""``jixiao audit`` and ``jixiao compare`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.conftest import Run
from tests.audit.mutations import DATA


def test_audit_shows_shares_and_findings_and_ends_with_1(run: Run, suixi_book: Path) -> None:
    code, out, _ = run("audit", DATA / "suixi.txt", suixi_book)
    assert code == 1
    assert "可核对的占" in out and "政府采购执行率" in out and "J755" in out


def test_a_report_without_errors_ends_with_0(run: Run, suixi_book: Path, tmp_path: Path) -> None:
    report = tmp_path / "短.txt"
    report.write_text("2022年度支出决算数139.40万元，评价等级为良（80分以上）。", "utf-8")
    code, out, _ = run("audit", report, suixi_book, "--all")
    assert code == 0
    assert "139.40万元" in out


def test_audit_as_json(run: Run, changli_book: Path) -> None:
    _, out, _ = run("audit", DATA / "changli.txt", changli_book, "--json")
    data = json.loads(out)
    assert data["shares"]["一致"] > 60
    assert {finding["code"] for finding in data["findings"]} == {"J753", "J760", "J763"}


def test_compare_on_the_terminal(run: Run, suixi_book: Path) -> None:
    code, out, _ = run("compare", suixi_book, suixi_book)
    assert (code, out.strip()) == (0, "自评82.27分，核查82.27分，无增减。")


@pytest.mark.parametrize("words", [("audit", "没有.docx"), ("audit",), ("compare", "一.xlsx")])
def test_wrong_words_are_one_line(run: Run, words: tuple[str, ...], suixi_book: Path) -> None:
    given = (*words, suixi_book) if len(words) == 2 and words[0] == "audit" else words
    code, _, err = run(*given)
    assert code in (2, 3)
    assert err.count("\n") == 1


def test_a_second_audit_tells_what_changed(run: Run, suixi_book: Path, tmp_path: Path) -> None:
    report, first = tmp_path / "报告.txt", tmp_path / "首次.json"
    report.write_text("2022年度支出决算数138.40万元，评价等级为良（80分以上）。基本支出76.90万元。", "utf-8")
    first.write_text(run("audit", report, suixi_book, "--json")[1], "utf-8")
    report.write_text(
        "2022年度支出决算数139.40万元，评价等级为良（80分以上）。基本支出76.90万元，项目支出62.61万元。",
        "utf-8",
    )
    code, out, _ = run("audit", report, suixi_book, "--since", first, "--json")
    since = json.loads(out)["since"]
    assert code == 1
    assert [len(since[title]) for title in ("已改正", "仍存在", "新出现")] == [1, 1, 1]
    assert "138.40" in since["已改正"][0] and "76.90" in since["仍存在"][0] and "62.61" in since["新出现"][0]
    assert "已改正 1 条" in run("audit", report, suixi_book, "--since", first)[1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', "[" * 100_000])
def test_what_is_no_earlier_audit_is_refused(run: Run, suixi_book: Path, tmp_path: Path, text: str) -> None:
    first = tmp_path / "首次.json"
    first.write_text(text, "utf-8")
    code, _, err = run("audit", DATA / "changli.txt", suixi_book, "--since", first)
    assert code == 3
    assert err.count("\n") == 1 and "J776" in err


def test_the_page_marks_every_figure(run: Run, suixi_book: Path, tmp_path: Path) -> None:
    report, page = tmp_path / "报告.txt", tmp_path / "核对.html"
    report.write_text("2022年度支出决算数138.40万元，<b>基本支出</b>76.80万元。\n甲\t乙\t5\n", "utf-8")
    assert run("audit", report, suixi_book, "--html", page)[0] == 1
    text = page.read_text("utf-8")
    assert "<mark class=n" in text and ">138.40万元</mark>" in text and "应为" in text
    assert "&lt;b&gt;" in text and "<b>" not in text
    assert text.count("<mark") == 4 and "<td>" in text
    assert run("audit", report, suixi_book, "--html", page)[0] == 6
    assert page.read_text("utf-8") == text
