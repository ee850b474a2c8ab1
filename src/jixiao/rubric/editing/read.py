"""An edited workbook -> the definition as YAML text; what cannot be read names its sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model.finding import Refused, Stop
from jixiao.model.ooxml.refs import join_ref, split_ref
from jixiao.model.ooxml.sheet import Sheet
from jixiao.model.source import Source
from jixiao.model.strict import DefinitionError
from jixiao.rubric.editing import layout
from jixiao.rubric.editing.layout import EXTRA, HEAD_ROW, Column
from jixiao.rubric.yamltext import to_yaml

MOST_ROWS = 5_000


def import_edited(path: Path) -> str:
    """The definition (YAML text) of a workbook that ``export_rubric`` made and a person changed.

    ``Refused`` where it is no such workbook, a cell cannot be read, or the definition does not hold.
    """
    from jixiao.model.guard import open_package
    from jixiao.rubric.shelf import read_text

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Refused("J559", Source(path.name), file=path.name) from None
    except OSError as error:
        raise Refused("J330", Source(path.name), why=error.strerror or "无法读取") from error
    book = open_package(data)
    if layout.BASICS not in book.sheet_names or layout.ITEMS not in book.sheet_names:
        raise Refused("J360", Source(path.name))
    wanted = [name for name in (layout.BASICS, layout.ITEMS, *layout.TABLES) if name in book.sheet_names]
    sheets = {name: _Page(book.sheet(name), path.name) for name in wanted}
    text = to_yaml(_definition(sheets))
    try:
        read_text(text, path.name)
    except DefinitionError as error:
        raise Refused("J362", Source(path.name), why=error.problem) from error
    return text


class _Page:
    """A sheet as rows of cells, by number."""

    def __init__(self, sheet: Sheet, file: str) -> None:
        self.file, self.name = file, sheet.name
        self.rows: dict[int, dict[int, Any]] = {}
        for cell in sheet.cells():
            row, column = split_ref(cell.ref)
            value = cell.number if cell.number is not None else cell.value
            if value is not None and value != "" and HEAD_ROW <= row <= MOST_ROWS:
                self.rows.setdefault(row, {})[column - 1] = value

    def fail(self, row: int, column: int, why: str) -> Refused:
        place = Source(self.file, self.name, join_ref(row, column + 1))
        return Refused("J361", place, why=why)

    def read(self, row: int, at: int, column: Column) -> Any:
        """The value of a cell, None where it is empty."""
        cell = self.rows.get(row, {}).get(at)
        if cell is None:
            return None
        try:
            return layout.read(cell, column.sort)
        except ValueError as error:
            why = error.problem if isinstance(error, DefinitionError) else str(error)
            raise self.fail(row, at, f"“{column.title}”{why}") from error

    def columns(self, wanted: tuple[Column, ...]) -> dict[int, Column]:
        """Columns by their place: found by heading, so that they may stand in another order."""
        head = {str(text).strip(): at for at, text in self.rows.get(HEAD_ROW, {}).items()}
        places: dict[int, Column] = {}
        for column in wanted:
            if column.title not in head:
                raise self.fail(HEAD_ROW, 0, f"缺少“{column.title}”一列")
            places[head[column.title]] = column
        return places

    def bodies(self, wanted: tuple[Column, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows below the heading as mappings; empty cells are left out."""
        places = self.columns(wanted)
        for row in sorted(self.rows):
            if row > HEAD_ROW:
                read = {
                    (f"rule.{c.key}" if c.rule else c.key): self.read(row, at, c) for at, c in places.items()
                }
                made = {key: value for key, value in read.items() if value is not None}
                if made:
                    yield row, made


def _definition(sheets: dict[str, _Page]) -> dict[str, Any]:
    data, extra_title, grade_reference = _basics(sheets[layout.BASICS])
    rows = {
        name: [body for _, body in page.bodies(layout.TABLES[name])]
        for name, page in sheets.items()
        if name in layout.TABLES
    }
    bands = {body.get("range", ""): body.get("grade", "") for body in rows.get(layout.GRADES, [])}
    data["grades"] = {"bands": bands, "reference": grade_reference}
    if rows.get(layout.CONCEPTS):
        data["concepts"] = {
            body.get("id", ""): {k: v for k, v in body.items() if k != "id"} for body in rows[layout.CONCEPTS]
        }
    for name, section in layout.SECTIONS.items():
        if rows.get(name):
            data[section] = rows[name]
    levels, extras = _levels(sheets[layout.ITEMS])
    data["levels"] = levels
    if extras:
        data["extras"] = {"title": extra_title or "加减分项", "indicators": extras}
    return data


def _basics(page: _Page) -> tuple[dict[str, Any], str, dict[str, Any]]:
    flat: dict[str, Any] = {}
    titles = {column.title: column for column in layout.BASIC_ROWS}
    for row, cells in page.rows.items():
        column = titles.get(str(cells.get(0, "")).strip())
        if row > HEAD_ROW and column is not None:
            flat[column.key] = page.read(row, 1, column)
    reference = {key.partition(".")[2]: flat.pop(key) for key in list(flat) if key.startswith("reference.")}
    extra, grade = flat.pop("extras", None), flat.pop("grades.reference", None)
    data = {key: value for key, value in flat.items() if value is not None}
    data["reference"] = {key: value for key, value in reference.items() if value is not None}
    return data, str(extra or ""), grade if isinstance(grade, dict) else {}


def _levels(page: _Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The indicators by level; a row without 三级指标 is a point of the indicator above it."""
    levels: list[dict[str, Any]] = []
    extras: list[dict[str, Any]] = []
    body: dict[str, Any] | None = None
    for row, cells in page.bodies(layout.COLUMNS):
        rule = _rule(page, row, cells)
        if "id" not in cells and "title" not in cells:
            if body is None:
                raise page.fail(row, 5, "要点的上面没有指标")
            body["rule"].setdefault("parts", []).append(rule)
            continue
        body = _indicator(cells, rule)
        if str(cells.get("level1", "")).startswith(EXTRA):
            extras.append(body)
        else:
            _place(page, row, levels, cells)["indicators"].append(body)
    return levels, extras


def _indicator(cells: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {key: cells[key] for key in ("id", "title", "weight") if key in cells}
    made["description"] = cells.get("description", "")
    if "criteria" in cells:
        made["criteria"] = cells["criteria"]
    made["reference"] = {
        key.partition(".")[2]: value for key, value in cells.items() if key.startswith("reference.")
    }
    return {**made, "rule": rule}


def _place(page: _Page, row: int, levels: list[dict[str, Any]], cells: dict[str, Any]) -> dict[str, Any]:
    """The 二级指标 of a row: the one of the row above where the cells say the same or nothing."""
    first, second = cells.get("level1"), cells.get("level2")
    if not levels and first is None:
        raise page.fail(row, 0, "没有写一级指标")
    if first is not None and (not levels or levels[-1]["title"] != first):
        levels.append({"title": first, "weight": cells.get("weight1", Decimal(0)), "levels": []})
    inner = levels[-1]["levels"]
    if not inner or (second is not None and inner[-1]["title"] != second):
        inner.append(
            {
                "title": second or levels[-1]["title"],
                "weight": cells.get("weight2", Decimal(0)),
                "indicators": [],
            }
        )
    found: dict[str, Any] = inner[-1]
    return found


def _rule(page: _Page, row: int, cells: dict[str, Any]) -> dict[str, Any]:
    made = {key.removeprefix("rule."): value for key, value in cells.items() if key.startswith("rule.")}
    rest = made.pop("rest", {})
    if not isinstance(rest, dict):
        raise page.fail(row, 0, "“其他参数”应写成 {键: 值}")
    return {**made, **rest}


def is_edited(path: Path) -> bool:
    """Whether a file is a workbook of ours to edit; a damaged or unreadable one is left to its reader to refuse."""
    from jixiao.model.guard import open_package, sniff

    try:
        data = path.read_bytes()
        return sniff(data) == "zip" and {layout.BASICS, layout.ITEMS} <= set(open_package(data).sheet_names)
    except (OSError, Stop):
        return False
