"""Sources as people give them: a folder, and a corrected table under whatever name its file has."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import jixiao
from jixiao.model import Refused
from tests.intake.grids import Value, rows, xlsx

D = Decimal
ASSETS = "固定资产和无形资产存量情况表"


def assets(value: str, year: str = "2022", unit: str = "某县商务局") -> bytes:
    lines: list[list[Value]] = [
        [ASSETS],
        [f"编制单位：{unit}", f"{year}年度", "金额单位：万元"],
        ["项目", "账面原值", "在用/原值"],
        ["一、固定资产", D(value), D(value)],
    ]
    return xlsx(rows(ASSETS, lines))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return jixiao.new("whole-2013", tmp_path / "评分簿.xlsx", unit="某县商务局", year="2022")


def held(book: Path) -> list[Decimal | str]:
    return [fact.value for fact in jixiao.read(book).of("固定资产原值")]


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    return folder


def test_a_corrected_table_takes_the_place_of_the_earlier_one(book: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "来源", 资产=assets("10"), 资产最终版=assets("12"))
    jixiao.fill(book, [folder / "资产.xlsx"])
    assert held(book) == [10]
    done = jixiao.fill(book, [folder / "资产最终版.xlsx"])
    assert held(book) == [12]
    (said,) = [finding for finding in done.findings if finding.code == "J597"]
    assert "资产.xlsx" in said.message and "资产最终版.xlsx" in said.message
    assert not jixiao.score(book).changes


@pytest.mark.parametrize("other", [{"year": "2021"}, {"unit": "某县审计局"}])
def test_a_table_of_another_year_or_unit_corrects_nothing(
    other: dict[str, str], book: Path, tmp_path: Path
) -> None:
    folder = put(tmp_path / "来源", 甲=assets("10"), 乙=assets("12", **other))
    jixiao.fill(book, [folder / "甲.xlsx"])
    done = jixiao.fill(book, [folder / "乙.xlsx"])
    assert held(book) == [10, 12] and not [f for f in done.findings if f.code == "J597"]


def test_a_folder_is_all_its_sources(book: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "来源", 资产=assets("10"))
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "~$资产.xlsx").write_bytes(b"x")
    (folder / "说明.png").write_bytes(b"x")
    (folder / "去年的评分簿.xlsx").write_bytes(book.read_bytes())
    done = jixiao.fill(book, [folder])
    assert held(book) == [10]
    assert [finding.sources[0].file for finding in done.findings.errors] == ["坏.xlsx"]
    (left,) = [finding for finding in done.findings if finding.code == "J157"]
    assert "1 个评分簿" in left.message and "去年的评分簿.xlsx" in left.message


def test_a_scoring_workbook_is_no_source(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "另一本.xlsx"
    other.write_bytes(book.read_bytes())
    with pytest.raises(Refused, match="J158"):
        jixiao.fill(book, [other])


def test_a_folder_without_sources_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="J156"):
        jixiao.fill(book, [put(tmp_path / "空")])
