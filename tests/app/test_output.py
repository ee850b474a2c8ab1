"""What the verbs print: tables that line up, JSON of the promised shape, exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import demo, terminal

SHAPE = {
    *("rubric", "unit", "year", "total", "rule_total", "total_without_changes"),
    *("grade", "indicators", "changes", "gains", "findings"),
}
INDICATOR = {"id", "number", "title", "full", "rule_points", "points", "status", "explanation"}


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_score_prints_the_official_table_lined_up(book: Path, run: Any, columns: int) -> None:
    ran = run("score", book, columns=columns)
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert max(terminal.width(line) for line in lines) <= columns
    assert "合计  得分 82.27  规则合计 82.00  等级 良" in lines
    assert any(line.startswith("1 预算编制情况  小计 15.4 / 20") for line in lines)
    header = next(line for line in lines if line.startswith("编号"))
    start = terminal.width(header[: header.index("评分说明")])
    rows = [line for line in lines if line[:4] in {"1.1.", "2.2.", "3.1.", "4.2."}]
    assert len(rows) > 10
    for row in rows:
        cut = next(
            n for n in range(len(row)) if terminal.width(row[:n]) == start
        )  # a character begins exactly there
        assert row[cut - 2 : cut] == "  " and row[cut] != " "


def test_score_json_is_the_promised_shape(book: Path, run: Any) -> None:
    ran = run("score", book, "--json")
    data = ran.data
    assert (ran.code, ran.err) == (0, "")
    assert set(data) == SHAPE and set(data["indicators"][0]) >= INDICATOR
    assert (data["rubric"], data["year"], data["total"], data["rule_total"]) == (
        "suixi-2022",
        2022,
        82.27,
        82,
    )
    assert {item["status"] for item in data["indicators"]} == {"scored", "not_applicable"}
    assert all(set(item) == {"code", "level", "message", "advice", "sources"} for item in data["findings"])
    assert len(data["indicators"]) == 30


def test_the_quick_way_and_the_parser_score_alike(book: Path, run: Any) -> None:
    quick = run("score", book, "--json")
    parsed = run("score", "--json", "--json", book)
    slow = run("score", "--", book)
    assert quick.out == parsed.out and slow.out == run("score", book).out


def test_check_tells_what_is_wrong_once_and_counts_what_agrees(book: Path, run: Any) -> None:
    ran, every = run("check", book), run("check", book, "--all")
    assert ran.out.splitlines()[0] == every.out.splitlines()[0] == "勾稽 160 项：不一致 8，一致 151，未核对 1"
    assert "\n文件8 " not in ran.out and every.out.count("\n文件8 ") == 1  # the row of the table
    assert ran.out.count("“在职人数”不一致") == every.out.count("“在职人数”不一致") == 1
    assert "J318" not in ran.out and every.out.count("J318") == 15
    assert "评分表文字的15处取舍不逐条列出" in ran.out and "不逐条列出" not in every.out
    assert ran.code == every.code == 1


def test_check_shows_what_fails_first_and_says_so_by_its_exit_code(book: Path, run: Any) -> None:
    ran = run("check", book, "--all")
    outcomes = [line.rsplit(" ", 1)[-1] for line in ran.out.splitlines() if line.endswith(("一致", "未核对"))]
    assert ran.code == 1
    assert outcomes.index("一致") == outcomes.count("不一致") >= 4
    for pair in (("36.58", "32.42"), ("36.58", "26.59"), ("139.40", "177.06"), ("8人", "10人")):
        assert any(all(figure in line for figure in pair) for line in _paragraphs(ran.out)), pair
    assert "-291.96" in ran.out


@pytest.mark.parametrize("columns", [80, 160])
def test_check_keeps_to_the_terminal(book: Path, run: Any, columns: int) -> None:
    assert (
        max(terminal.width(line) for line in run("check", book, "--all", columns=columns).out.splitlines())
        <= columns
    )


def _paragraphs(text: str) -> list[str]:
    return text.replace("\n    ", "").splitlines()


def test_check_json(book: Path, run: Any) -> None:
    ran = run("check", book, "--json")
    assert ran.code == 1 and set(ran.data) == {"checks", "findings"}
    failing = [item for item in ran.data["checks"] if item["outcome"] == "不一致"]
    ledger = next(item for item in failing if item["right"]["value"] == "177.06")
    assert (ledger["left"]["value"], ledger["difference"], ledger["unit"]) == ("139.4", "-37.66", "万元")
    assert ledger["left"]["sources"][0]["cell"] and ledger["left"]["sources"][0]["file"] == "决算报表.xlsx"


def test_new_then_fill_says_what_was_done(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "suixi-2022", "-o", "新.xlsx", "--unit", "某局", "--year", "2023").code == 0
    ran = run("fill", "新.xlsx", demo.specimen_folder() / "预算批复.xlsx")
    backup = next(tmp_path.glob("新.*.bak.xlsx"))
    assert (ran.code, ran.err) == (0, "")
    assert f"原文件备份为 {backup.name}" in ran.out and "取得 " in ran.out and "合计  得分" in ran.out
    data = run("score", "新.xlsx", "--json").data
    assert (data["unit"], data["year"]) == ("某局", 2023)
    again = run("fill", "新.xlsx", demo.specimen_folder() / "预算批复.xlsx", "--json").data
    assert again["facts"] > 5 and {"sheets", "backup", "total", "grade", "findings"} <= set(again)


def test_scoring_twice_changes_nothing_the_second_time(book: Path, run: Any, folder_state: Any) -> None:
    run("score", book)
    before = folder_state(book.parent)
    run("score", book)
    assert folder_state(book.parent) == before


@pytest.mark.parametrize(
    ("shape", "begins"), [("text", "评分簿.xlsx：核验通过"), ("junit", "<?xml"), ("json", "[")]
)
def test_verify_in_three_shapes(book: Path, run: Any, shape: str, begins: str) -> None:
    ran = run("verify", book, "--format", shape)
    assert (ran.code, ran.err) == (0, "") and ran.out.startswith(begins)


def test_verify_names_the_worst(book: Path, run: Any) -> None:
    (book.parent / "文字.xlsx").write_text("x", "utf-8")
    ran = run("verify", book, "文字.xlsx")
    assert ran.code == 3 and "评分簿.xlsx：核验通过" in ran.out and "共 2 个评分簿，核验通过 1 个" in ran.out
    assert "“文字.xlsx”不是评分簿" in ran.line


def test_rubric_list_and_show(run: Any) -> None:
    listed = run("rubric", "list")
    assert "suixi-2022" in listed.out and "遂财绩[2023]16号" in listed.out and "30" in listed.out
    data = run("rubric", "show", "suixi-2022", "--json").data
    assert [level["weight"] for level in data["levels"]] == [20, 40, 10, 30]
    assert sum(len(s["indicators"]) for level in data["levels"] for s in level["levels"]) == 29
    text = run("rubric", "show", "suixi-2022", columns=80).out
    assert max(terminal.width(line) for line in text.splitlines()) <= 80
    for part in (
        "评分标准：",
        "依据：《",
        "所需数据",
        "部门预算批复",
        "对原文疑义的处理",
        "处理：",
        "不适用时的分值调整",
    ):
        assert part in text
    for level in data["levels"]:
        assert level["title"] in text


def test_definitions_of_the_users_own(tmp_path: Path, run: Any) -> None:
    from jixiao.rubric import shipped

    place = tmp_path / "rubrics" / "某县"
    place.mkdir(parents=True)
    text = shipped()["suixi-2022"].read_text("utf-8").replace("id: suixi-2022", "id: 某县-2022", 1)
    (place / "2022.yaml").write_text(text, "utf-8")
    (place / "2021.yaml").write_text("id: 1\nid: 2\n", "utf-8")
    for words in (
        ["--definitions", tmp_path, "rubric", "list"],
        ["rubric", "list", "--definitions", tmp_path],
    ):
        ran = run(*words)
        assert "某县-2022" in ran.out and "2021.yaml 第2行" in ran.out
    assert run("new", "某县-2022", "-o", tmp_path / "新.xlsx", "--definitions", tmp_path).code == 0


def test_two_runs_at_once_leave_a_whole_workbook(book: Path, run: Any) -> None:
    facts = book.parent / "数据.yaml"
    facts.write_text("facts:\n  群众信访件数: 3\n", "utf-8")
    command = [sys.executable, "-B", "-m", "jixiao", "fill", book.name, "--facts", facts.name]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    ends = [(one.communicate()[1].decode("utf-8"), one.returncode) for one in both]
    assert {code for _, code in ends} <= {0, 4} and 0 in {code for _, code in ends}
    assert all("Traceback" not in text for text, _ in ends)
    assert run("score", book).code == 0
    assert run("verify", book).code == 0


def test_json_is_utf_8_whatever_the_locale(book: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-X", "utf8=0", "-m", "jixiao", "score", book.name, "--json"],
        env={**os.environ, "PYTHONIOENCODING": "gbk", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8"))["unit"] == "遂溪县招商局"


def test_what_the_terminal_cannot_show_stops_nothing(book: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "jixiao", "score", book.name],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"82.27" in done.stdout


@pytest.mark.parametrize("words", ["score 评分簿.xlsx", "score 评分簿.xlsx --json", "rubric list", "--help"])
@pytest.mark.parametrize(
    ("streams", "code"), [(">&-", 0), (">&- 2>&-", 0), ("2>&- >/dev/full", 6), (">/dev/full", 6)]
)
def test_streams_that_are_closed_or_full(book: Path, words: str, streams: str, code: int) -> None:
    command = f'"{sys.executable}" -B -m jixiao {words} {streams}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    wanted = "磁盘已满" if streams == ">/dev/full" and "--json" not in words else ""
    assert (
        done.returncode == code
        and wanted in done.stderr.decode()
        and done.stderr.count(b"\n") == bool(wanted)
    )


def test_progress_is_drawn_on_a_terminal_after_a_second_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("jixiao.app.terminal.AFTER", 0.01)
    monkeypatch.setattr("jixiao.app.terminal.EVERY", 0.01)
    with terminal.Progress() as progress:
        progress("读取3个文件")
        while "读取3个文件" not in screen.getvalue():
            time.sleep(0.001)
    last = screen.getvalue().rstrip("\r").rsplit("\r", 1)[-1]
    assert last.strip() == "" and screen.getvalue().endswith("\r")


def test_progress_is_silent_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = io.StringIO()
    monkeypatch.setattr("sys.stderr", paper)
    with terminal.Progress() as progress:
        progress("读取3个文件")
    assert paper.getvalue() == ""
