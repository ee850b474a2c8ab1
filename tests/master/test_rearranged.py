"""A workbook that its owner rearranged: sheets added, moved or deleted, saved by another library or as another kind of file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import jixiao
from jixiao import pipeline
from jixiao.app import demo
from jixiao.model import Refused
from jixiao.office import open_workbook

ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="{name}"><table:table-row><table:table-cell office:value-type="string">'
    "<text:p>格式</text:p></table:table-cell></table:table-row></table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, folder = tmp_path_factory.mktemp("评分") / "评分簿.xlsx", demo.specimen_folder()
    jixiao.new("suixi-2022", path, unit="遂溪县招商局", year="2022")
    jixiao.fill(path, [folder / name for name in demo.SOURCES], facts=folder / demo.JUDGEMENTS)
    return path


def rearranged(data: bytes) -> bytes:
    """Without 图表, with a sheet of the owner's, another order, and without any saved result."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    del book["图表"]
    book.create_sheet("我的台账", 1)["A1"] = 5
    book.move_sheet("取数", -2)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def without_charts(data: bytes) -> bytes:
    book = open_workbook(data)
    book.remove_sheet("图表")
    return book.to_bytes()


@pytest.mark.parametrize("change", [rearranged, without_charts])
def test_sheets_may_be_added_moved_and_the_charts_deleted(
    change: Callable[[bytes], bytes], workbook: Path, tmp_path: Path
) -> None:
    path = tmp_path / "评分簿.xlsx"
    path.write_bytes(change(workbook.read_bytes()))
    assert float(pipeline.score(path).total) == 82.27
    (proved,) = jixiao.verify(path)
    disagreeing = ("J613", "J622", "J623", "J629")
    assert not [finding.line() for finding in proved.findings if finding.code in disagreeing]
    assert any(finding.code == "J636" and finding.sources[0].sheet == "图表" for finding in proved.findings)


@pytest.mark.parametrize(("name", "code"), [("_jixiao", "J595"), ("决算", "J560")])
def test_a_workbook_saved_as_another_kind_is_known(name: str, code: str, tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS.format(name=name))
    path = tmp_path / "评分簿.ods"
    path.write_bytes(held.getvalue())
    with pytest.raises(Refused) as stopped:
        jixiao.score(path)
    assert stopped.value.finding.code == code


ROLLUP_ROW = 5  # of the first project
LONG = "县级招商引资洽谈推介及重点项目全程代办服务体系建设与提升工程" * 3


@pytest.mark.parametrize(("name", "taller"), [("道路养护", False), (LONG, True)])
def test_rows_are_as_tall_as_the_names_in_them(name: str, taller: bool, tmp_path: Path) -> None:
    path = tmp_path / "评分簿.xlsx"
    jixiao.new("changli-2023", path, unit="某县招商中心", year="2023")
    book = openpyxl.load_workbook(path)
    sheet = book["目标完成"]
    sheet["B6"], sheet["C6"], sheet["E6"] = name, 10, 9
    book.save(path)
    for _ in range(2):  # and stay so
        pipeline.score(path)
        rows = [openpyxl.load_workbook(path)[title].row_dimensions for title in ("目标完成", "项目汇总")]
        assert [(rows[0][6].height or 15) > 20, rows[1][ROLLUP_ROW].height > 22] == [taller, taller]
