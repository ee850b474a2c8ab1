"""An edited workbook -> the definition as YAML text; what cannot be read names its sheet and cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.authoring.editing import layout
from jixiao.authoring.editing.cells import Page, Places
from jixiao.authoring.editing.layout import HEAD_ROW
from jixiao.authoring.editing.levels import levels
from jixiao.model import Body, DefinitionError, Refused, Source, Stop
from jixiao.rubric import to_yaml

if TYPE_CHECKING:
    from jixiao.rubric import Rubric


def import_edited(path: Path, definitions: Sequence[Path] = ()) -> str:
    """The definition (YAML text) of a workbook that ``export_rubric`` made and a person changed.

    ``Refused`` with sheet and cell where it is no such workbook, a cell cannot be read, or the definition does not hold.
    """
    return to_yaml(_read(path, definitions, doubtful=False)[0].data["rubric"])


def read_edited(path: Path, definitions: Sequence[Path] = ()) -> tuple[Rubric, dict[str, Source]]:
    """The rubric of an edited workbook, gaps and overlaps of bands included, and the cell of every indicator.

    ``Refused`` as ``import_edited``.
    """
    from jixiao.rubric.spots import bodies

    rubric, places = _read(path, definitions, doubtful=True)
    listed = bodies(rubric.data["rubric"])
    return rubric, {body["title"]: places.source(body.lines["title"]) for body in listed}


def _read(path: Path, definitions: Sequence[Path], *, doubtful: bool) -> tuple[Rubric, Places]:
    from jixiao.office.guard import open_package
    from jixiao.rubric import read_data

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Refused("J559", Source(path.name), file=path.name) from None
    except OSError as error:
        raise Refused("J330", Source(path.name), why=error.strerror or "无法读取") from error
    book = open_package(data)
    if layout.BASICS not in book.sheet_names or layout.ITEMS not in book.sheet_names:
        raise Refused("J360", Source(path.name))
    places = Places(path.name)
    wanted = [name for name in (layout.BASICS, layout.ITEMS, *layout.TABLES) if name in book.sheet_names]
    pages = {name: Page(book.sheet(name), places) for name in wanted}
    try:
        return read_data(_definition(pages, places), definitions, doubtful=doubtful), places
    except DefinitionError as error:
        raise places.refusal(error) from error


def _definition(pages: dict[str, Page], places: Places) -> Body:
    data, extra_title, grade_reference = _basics(pages[layout.BASICS], places)
    listed = {
        name: [body for _, body in page.bodies(layout.TABLES[name])]
        for name, page in pages.items()
        if name in layout.TABLES
    }
    made = [(key, value, data.lines[key]) for key, value in data.items()]
    made.append(("grades", _grades(pages, listed.get(layout.GRADES, []), grade_reference, places), data.line))
    if listed.get(layout.CONCEPTS):
        concepts = [_concept(body, places) for body in listed[layout.CONCEPTS]]
        _no_twins(pages[layout.CONCEPTS], [(key, cell) for key, _, cell in concepts], "编号")
        made.append(("concepts", places.record(concepts, data.line), data.line))
    made += [
        (section, listed[name], data.line) for name, section in layout.SECTIONS.items() if listed.get(name)
    ]
    found, extras = levels(pages[layout.ITEMS])
    head = pages[layout.ITEMS].cell(HEAD_ROW, 0)
    made.append(("levels", found, head))
    if extras:
        pairs = (("title", extra_title or "加减分项", data.line), ("indicators", extras, head))
        made.append(("extras", places.record(pairs, data.line), data.line))
    return places.record(made, data.line)


def _grades(pages: dict[str, Page], rows: list[Body], reference: Any, places: Places) -> Body:
    bands = [(str(row.get("range", "")), row.get("grade", ""), row.lines.get("range", 0)) for row in rows]
    if layout.GRADES in pages:
        _no_twins(pages[layout.GRADES], [(key, cell) for key, _, cell in bands], "得分区间")
    line = rows[0].line if rows else 0
    return places.record((("bands", places.record(bands, line), line), ("reference", reference, line)), line)


def _concept(body: Body, places: Places) -> tuple[str, Body, int]:
    pairs = ((key, value, body.lines[key]) for key, value in body.items() if key != "id")
    return str(body.get("id", "")), places.record(pairs, body.line), body.lines["id"]


def _no_twins(page: Page, keys: list[tuple[str, int]], title: str) -> None:
    seen: set[str] = set()
    for key, cell in keys:
        if key in seen:
            raise page.fail_at(cell, f"“{title}”的“{key}”重复")
        seen.add(key)


def _basics(page: Page, places: Places) -> tuple[Body, str, Any]:
    flat: dict[str, tuple[Any, int]] = {}
    titles = {column.title: column for column in layout.BASIC_ROWS}
    for row, cells in page.rows.items():
        column = titles.get(str(cells.get(0, "")).strip())
        if row > HEAD_ROW and column is not None:
            flat[column.key] = (page.read(row, 1, column), page.cell(row, 1))
    line = page.cell(HEAD_ROW, 0)
    own = {key: flat.pop(key) for key in list(flat) if key.startswith("reference.")}
    extra, _ = flat.pop("extras", (None, 0))
    grade, at = flat.pop("grades.reference", (None, line))
    rest, below = flat.pop("rest", (None, line))
    if rest is not None and not isinstance(rest, dict):
        raise page.fail_at(below, "“其他内容”应写成 {键: 值}")
    cited = [(key.partition(".")[2], value, cell) for key, (value, cell) in own.items() if value is not None]
    pairs = [(key, value, cell) for key, (value, cell) in flat.items() if value is not None]
    pairs += [(key, value, below) for key, value in (rest or {}).items()]
    pairs.append(("reference", places.record(cited, cited[0][2] if cited else line), line))
    reference = grade if isinstance(grade, dict) else {}
    return places.record(pairs, line), str(extra or ""), places.held(reference, at or line)


def is_edited(path: Path) -> bool:
    """Whether a file is a workbook of ours to edit; a damaged or unreadable one is left to its reader to refuse."""
    from jixiao.office.guard import open_package, sniff

    try:
        data = path.read_bytes()
        return sniff(data) == "zip" and {layout.BASICS, layout.ITEMS} <= set(open_package(data).sheet_names)
    except (OSError, Stop):
        return False
