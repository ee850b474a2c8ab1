"""``jixiao batch`` as a person types it: what it says, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jixiao.app import main
from tests.batch.conftest import Province

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def place(province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sound workbooks in a folder below the one where the command is typed."""
    folder = tmp_path / "评分簿"
    folder.mkdir()
    for number in (1, 2):
        shutil.copy(province.folder / f"一科/单位{number}.xlsx", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_all_is_well(place: Path, capsys: Capture) -> None:
    assert main(["batch", "评分簿", "-o", "汇总", "--workers", "1"]) == 0
    out, err = capsys.readouterr()
    assert "共2本：参加排名2本" in out
    assert err == ""
    assert {path.name for path in Path("汇总").iterdir()} == {
        "store",
        "汇总.xlsx",
        "汇总.html",
        "汇总报告.docx",
    }


def test_json_says_the_same(place: Path, capsys: Capture) -> None:
    (place / "坏.xlsx").write_bytes(b"?")
    assert main(["batch", "评分簿", "-o", "汇总", "--workers", "1", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["files"] == 3
    assert [(one["file"], one["code"]) for one in data["refused"]] == [("坏.xlsx", "J560")]
    assert [one["rank"] for one in data["groups"][0]["units"]] == [1, 2]


def test_a_list_names_the_files(place: Path, capsys: Capture) -> None:
    Path("清单.txt").write_text("评分簿/单位1.xlsx\n\n评分簿/不在.xlsx\n", "utf-8")
    assert main(["batch", "清单.txt", "-o", "汇总", "--workers", "1"]) == 1
    out = capsys.readouterr().out
    assert "共2本：参加排名1本，未收下1本" in out
    assert "[J903] 评分簿/不在.xlsx" in out


def test_backups_and_open_copies_are_no_workbooks(place: Path, capsys: Capture) -> None:
    for name in ("~$单位1.xlsx", ".单位1.xlsx", "单位1.20260101-120000.bak.xlsx"):
        shutil.copy(place / "单位1.xlsx", place / name)
    assert main(["batch", "评分簿", "-o", "汇总", "--workers", "1"]) == 0
    assert "共2本" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["没有"], "J901"),
        (["空"], "J902"),
        (["评分簿", "--units", "没有.csv"], "J921"),
        (["评分簿", "--units", "单位.csv"], "J921"),
        (["评分簿", "--workers", "0"], "J814"),
        (["评分簿", "--prove", "some"], "J814"),
    ],
)
def test_wrong_words_are_told_in_one_line(place: Path, capsys: Capture, words: list[str], code: str) -> None:
    Path("空").mkdir()
    Path("单位.csv").write_text("名称,部门\n甲,乙\n", "utf-8")
    assert main(["batch", *words, "-o", "汇总"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"[{code}]")


def test_a_list_of_units_in_the_old_encoding(place: Path, capsys: Capture) -> None:
    Path("单位.csv").write_bytes(
        "单位,主管部门\n某县单位1局,甲局\n某县 单位２局,甲局\n某县丙局,甲局\n".encode("gb18030")
    )
    assert main(["batch", "评分簿", "-o", "汇总", "--units", "单位.csv", "--workers", "1"]) == 1
    out = capsys.readouterr().out
    assert "没有收到“某县丙局”" in out
    assert "没有收到“某县 单位" not in out
