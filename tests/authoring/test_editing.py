"""A rubric as an editable workbook and back: the same definition, and cells that do not hold say where."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jixiao import pipeline
from jixiao.authoring import export_rubric, import_edited
from jixiao.model import Refused, read_yaml
from jixiao.rubric import KINDS, load, read_text, shipped

EVERY = Path(__file__).parents[1] / "rubric" / "every_kind.yaml"


@functools.cache
def workbook(name: str) -> bytes:
    return export_rubric(load(name))


def exported(folder: Path, name: str = "suixi-2022") -> Path:
    file = folder / "评分表.xlsx"
    file.write_bytes(workbook(name))
    return file


def edited(file: Path, sheet: str, cell: str, value: Any) -> Path:
    book = openpyxl.load_workbook(file)
    book[sheet][cell] = value
    book.save(file)
    return file


def place(file: Path, title: str, heading: str) -> str:
    """The cell of an indicator's row under a heading of the 指标 sheet."""
    sheet = openpyxl.load_workbook(file)["指标"]
    column = next(cell.column_letter for cell in sheet[3] if cell.value == heading)
    row = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[5].value == title)
    return f"{column}{row}"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_it_comes_back_to_the_same_definition(tmp_path: Path, name: str) -> None:
    text = import_edited(exported(tmp_path, name))
    assert read_yaml(text, "例.yaml") == load(name).data["rubric"]


def test_a_changed_cell_is_a_changed_rule(tmp_path: Path) -> None:
    file = exported(tmp_path)
    text = import_edited(
        edited(
            file, "指标", place(file, "固定资产利用率", "区间：分值"), "[96%,)：3\n[90%,96%)：1\n(,90%)：0"
        )
    )
    rules = {body["title"]: body["rule"] for body in _indicators(read_yaml(text, "例.yaml"))}
    assert set(rules["固定资产利用率"]["bands"]) == {"[96%,)", "[90%,96%)", "(,90%)"}


@pytest.mark.parametrize(("value", "codes"), [(None, []), ("[96%,)：3\n[90%,96%)：1\n(,90%)：0", ["J376"])])
def test_an_edited_copy_under_the_same_id_is_told(
    tmp_path: Path, value: str | None, codes: list[str]
) -> None:
    file = exported(tmp_path)
    if value is not None:
        edited(file, "指标", place(file, "固定资产利用率", "区间：分值"), value)
    assert [finding.code for finding in pipeline.import_rubric(file, tmp_path / "本地.yaml")] == codes


def test_rule_kinds_are_picked_from_a_list(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(tmp_path))
    lists = {rule.formula1: rule.sqref for rule in book["指标"].data_validations.dataValidation}
    source = next(text for text in lists if text.startswith("选项!$A$"))
    words = [row[0].value for row in book["选项"][source.removeprefix("选项!").replace("$", "")]]
    assert set(words) == {kind.title for kind in KINDS.values()}


def test_every_kind_comes_back_to_the_same_definition(tmp_path: Path) -> None:
    text = EVERY.read_text("utf-8")
    made = read_text(text, EVERY.name)
    used = {part.kind for i in made.indicators() for part in (i.rule, *i.rule.leaves())}
    assert used == {*KINDS} - {"block"}  # a block needs a form of its own: a shipped rubric has it
    file = tmp_path / "评分表.xlsx"
    file.write_bytes(export_rubric(made))
    assert read_yaml(import_edited(file), "例.yaml") == read_yaml(text, EVERY.name)


Edit = Callable[[Worksheet], None]


def put(title: str, heading: str, value: Any) -> Edit:
    """An edit of one cell of the 指标 sheet."""

    def edit(sheet: Worksheet) -> None:
        sheet[at(sheet, title, heading)] = value

    return edit


def heads(sheet: Worksheet) -> dict[Any, str]:
    """Column letters by their headings."""
    return {cell.value: get_column_letter(at) for at, cell in enumerate(sheet[3], 1)}


def at(sheet: Worksheet, title: str, heading: str) -> str:
    """The cell of an indicator's or a point's row under a heading."""
    columns = heads(sheet)
    named = [columns["三级指标"], columns["要点"]]
    rows = range(4, sheet.max_row + 1)
    row = next(row for row in rows if title in [sheet[f"{column}{row}"].value for column in named])
    return f"{columns[heading]}{row}"


def drop(title: str) -> Edit:
    """An edit that deletes a row."""

    def edit(sheet: Worksheet) -> None:
        sheet.delete_rows(int("".join(filter(str.isdigit, at(sheet, title, "权重")))))

    return edit


def add(after: str, **cells: Any) -> Edit:
    """An edit that inserts a row below another."""

    def edit(sheet: Worksheet) -> None:
        row = int("".join(filter(str.isdigit, at(sheet, after, "权重")))) + 1
        columns = heads(sheet)
        sheet.insert_rows(row)
        for heading, value in cells.items():
            sheet[f"{columns[heading]}{row}"] = value

    return edit


def edits(file: Path, made: Sequence[Edit]) -> Worksheet:
    """The 指标 sheet after the edits, which are saved."""
    book = openpyxl.load_workbook(file)
    for edit in made:
        edit(book["指标"])
    book.save(file)
    return book["指标"]


VALID: dict[str, tuple[list[Edit], str, dict[str, Any]]] = {
    "two weights": (
        [put("固定资产利用率", "权重", 2), put("固定资产利用率", "满分", 2), put("固定资产利用率", "区间：分值", "[95%,)：2\n(,95%)：0"),
         put("资产管理情况规范性", "权重", 5), put("资产管理情况规范性", "满分", 5), put("有行政事业性国有资产内部管理制度", "满分", 2)],
        "固定资产利用率", {"weight": 2},
    ),
    "a threshold": ([put("固定资产利用率", "区间：分值", "[96%,)：3\n[90%,96%)：1\n(,90%)：0")], "固定资产利用率", {}),
    "a kind from the list": (
        [put("固定资产利用率", "规则类型", "按比例"), put("固定资产利用率", "区间：分值", None)], "固定资产利用率", {"rule": {"kind": "proportional"}},
    ),
    "a row more": (
        [put("固定资产利用率", "权重", 2), put("固定资产利用率", "满分", 2), put("固定资产利用率", "区间：分值", "[95%,)：2\n(,95%)：0"),
         add("固定资产利用率", 三级指标="资产盘点", 权重=1, 规则类型="要点核定", 要点="年底盘点")],
        "资产盘点", {"weight": 1, "rule": {"kind": "point", "full": 1}, "description": ""},
    ),
    "a row less": ([drop("固定资产利用率"), put("资产管理情况规范性", "权重", 7), put("资产管理情况规范性", "满分", 7),
                    put("有行政事业性国有资产内部管理制度", "满分", 4)], "资产管理情况规范性", {"weight": 7}),
}  # fmt: skip


@pytest.mark.parametrize("name", VALID)
def test_an_edit_by_a_person_gives_a_valid_definition(tmp_path: Path, name: str) -> None:
    made, title, told = VALID[name]
    file = exported(tmp_path)
    edits(file, made)
    rules = {body["title"]: body for body in _indicators(read_yaml(import_edited(file), "例"))}
    body = rules[title]
    for key, value in told.items():
        assert ({k: body[key][k] for k in value} if isinstance(value, dict) else body[key]) == value
    assert ("固定资产利用率" in rules) is (name != "a row less")


WRONG: list[tuple[list[Edit], str, tuple[str, str], str]] = [
    ([put("固定资产利用率", "区间：分值", "没有冒号")], "J361", ("固定资产利用率", "区间：分值"), "应写成“键：值”"),
    ([put("支出完成率", "其他参数", "{")], "J361", ("支出完成率", "其他参数"), "“其他参数”不是有效的 YAML"),
    ([put("支出完成率", "可不适用", "也许")], "J361", ("支出完成率", "可不适用"), "应为“是”或“否”"),
    ([put("支出完成率", "权重", 5)], "J362", ("支出完成率", "满分"), "规则满分4，与权重5不符"),
    ([put("支出完成率", "权重", "四")], "J362", ("支出完成率", "权重"), "“权重”应为数字"),
    ([put("支出完成率", "权重", None)], "J362", ("支出完成率", "权重"), "缺少键“权重”"),
    ([put("支出完成率", "权重", 5), put("支出完成率", "满分", 5)], "J362", ("支出完成率", "二级权重"), "三级指标权重合计22，应为21"),
    ([put("支出完成率", "二级权重", 22)], "J361", ("结转结余率", "二级权重"), "“支出管理”的权重与 "),
    ([put("支出完成率", "计分依据", "没有这个名称")], "J362", ("支出完成率", "计分依据"), "未知的名称“没有这个名称”"),
    ([put("固定资产利用率", "计分依据", "固定资产使用率")], "J362", ("固定资产利用率", "计分依据"), "是否指“固定资产利用率”"),
    ([put("支出完成率", "规则类型", "随便")], "J362", ("支出完成率", "规则类型"), "未知的规则类型“随便”"),
    ([put("固定资产利用率", "规则类型", "逐档扣分")], "J362", ("固定资产利用率", "区间：分值"), "未知的键“区间：分值”"),
    ([put("固定资产利用率", "规则类型", "按比例"), put("固定资产利用率", "区间：分值", None), put("固定资产利用率", "满分标准", 0)],
     "J362", ("固定资产利用率", "满分标准"), "应大于0"),
    ([put("固定资产利用率", "区间：分值", "[95%,)：3\n[90%,94%)：1\n(,90%)：0")], "J362", ("固定资产利用率", "区间：分值"), "没有包括94%≤数值＜95%"),
    ([put("固定资产利用率", "区间：分值", "[95%,)：3\n[90%,96%)：1\n(,90%)：0")], "J362", ("固定资产利用率", "区间：分值"), "两档都包括"),
    ([put("固定资产利用率", "三级指标", "支出完成率")], "J362", ("asset", "三级指标"), "指标名称或编号“支出完成率”重复"),
    ([drop("固定资产利用率")], "J362", ("资产管理情况规范性", "二级权重"), "三级指标权重合计4，应为7"),
    ([drop("资金随年度工作重点在不同项目、用途之间合理分配")], "J362", ("预算编制合理性", "规则类型"), "各要点满分合计2分"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "code", "cell", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_what_does_not_hold_is_refused_at_its_cell(
    tmp_path: Path, made: list[Edit], code: str, cell: tuple[str, str], said: str
) -> None:
    file = exported(tmp_path)
    sheet = edits(file, made)
    with pytest.raises(Refused) as stop:
        import_edited(file)
    found = stop.value.finding
    assert found.code == code
    assert said in found.message
    title = "支出完成率" if cell[0] == "asset" else cell[0]
    place = at(sheet, title, cell[1])
    if cell[0] == "asset":  # the second row of the name
        place = f"{place[0]}{max(c.row for c in sheet[place[0]] if c.value == title)}"
    assert (found.sources[0].sheet, found.sources[0].cell) == ("指标", place)
    assert "\n" not in found.line()


def test_a_doubled_band_of_a_grade_or_concept_is_refused(tmp_path: Path) -> None:
    file = edited(exported(tmp_path), "等级", "A5", "[90,)")
    with pytest.raises(Refused, match="得分区间"):
        import_edited(file)


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(Refused) as stop:
        import_edited(tmp_path / "a.xlsx")
    assert stop.value.finding.code == "J360"


def _indicators(data: Any) -> list[Any]:
    return [body for first in data["levels"] for second in first["levels"] for body in second["indicators"]]
