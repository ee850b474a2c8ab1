"""An edited workbook -> the definition as YAML text; what cannot be read names its sheet and cell.

A record of an edited workbook remembers the cell of every key, where one of a file remembers the line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.authoring.editing import layout
from jixiao.authoring.editing.layout import HEAD_ROW, Column
from jixiao.authoring.official.underway import AnswerError
from jixiao.authoring.questions import answered, asked, typed
from jixiao.authoring.yamltext import to_yaml
from jixiao.model import Body, DefinitionError, Refused, Source, Stop, body_of
from jixiao.office import Worksheet, join_ref, split_ref
from jixiao.rubric import Rubric, Spots, read_data

MOST_ROWS = 5_000
_KEY = re.compile(r"(?<![A-Za-z0-9_-])[a-z_]{2,}(?![A-Za-z0-9_-])")


class Places:
    """Numbers for cells. A record of an edited workbook has such a number where one of a file has a line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.known: list[Source] = []

    def number(self, sheet: str, row: int, column: int) -> int:
        """The number of a cell; columns count from 0."""
        self.known.append(Source(self.file, sheet, join_ref(row, column + 1)))
        return len(self.known)

    def source(self, number: int) -> Source:
        """The cell of a number; the file alone where it is none."""
        return self.known[number - 1] if 0 < number <= len(self.known) else Source(self.file)

    def refusal(self, error: DefinitionError) -> Refused:
        """What is wrong with the definition, at its cell and in the words of the headings."""
        place = self.source(error.line)
        words = layout.titles(place.sheet)
        return Refused("J362", place, why=_KEY.sub(lambda m: words.get(m[0], m[0]), error.problem))

    def record(self, pairs: Iterable[tuple[str, Any, int]], line: int) -> Body:
        """A record of (key, value, number of its cell); values inside it belong to the same cell."""
        made = Body()
        made.where, made.line, made.lines = self.file, line, {}
        for key, value, cell in pairs:
            made[key] = self.held(value, cell)
            made.lines[key] = cell
        return made

    def held(self, value: Any, cell: int) -> Any:
        """A value read from one cell, its mappings as records."""
        if isinstance(value, Body) and value.where == self.file:
            return value
        if isinstance(value, Mapping):
            return self.record(((str(key), item, cell) for key, item in value.items()), cell)
        return [self.held(item, cell) for item in value] if isinstance(value, list) else value

    def row(self, cells: Iterable[tuple[str, Any, int]], line: int) -> Body:
        """The cells of a row as a record, those of ``rule.x`` inside it; an empty one is left out, but has its place."""
        made = self.record((), line)
        for key, value, cell in cells:
            outer, _, inner = key.rpartition(".")
            body = made.setdefault(outer, self.record((), cell)) if outer else made
            made.lines.setdefault(outer or key, cell)
            body.lines[inner] = cell
            if value is not None:
                body[inner] = self.held(value, cell)
        return made

    def spread(self, body: Body, title: str) -> None:
        """What has no column of its own (``rest``, in the column of a title) as keys of the record itself."""
        rest, cell = body.pop("rest", {}), body.lines.pop("rest", body.line)
        if not isinstance(rest, dict):
            raise self.fail(cell, f"“{title}”应写成 {{键: 值}}")
        for inner, value in rest.items():
            body[inner], body.lines[inner] = self.held(value, cell), cell

    def fail(self, cell: int, why: str) -> Refused:
        """A cell that cannot be read."""
        return Refused("J361", self.source(cell), why=why)


class Page:
    """A sheet as rows of cells, by number."""

    def __init__(self, sheet: Worksheet, places: Places) -> None:
        self.places, self.name = places, sheet.name
        self.rows: dict[int, dict[int, Any]] = {}
        for cell in sheet.cells():
            row, column = split_ref(cell.ref)
            value = cell.number if cell.number is not None else cell.value
            if value is not None and value != "" and HEAD_ROW <= row <= MOST_ROWS:
                self.rows.setdefault(row, {})[column - 1] = value

    def cell(self, row: int, at: int) -> int:
        """The number of a cell of this sheet."""
        return self.places.number(self.name, row, at)

    def read(self, row: int, at: int, column: Column) -> Any:
        """The value of a cell, None where it is empty."""
        cell = self.rows.get(row, {}).get(at)
        if cell is None:
            return None
        try:
            return layout.read(cell, column)
        except ValueError as error:
            why = error.problem if isinstance(error, DefinitionError) else str(error)
            raise self.places.fail(self.cell(row, at), f"“{column.title}”{why}") from error

    def columns(self, wanted: tuple[Column, ...]) -> dict[int, Column]:
        """Columns by their place: found by heading, so that they may stand in another order."""
        head = {str(text).strip(): at for at, text in self.rows.get(HEAD_ROW, {}).items()}
        places: dict[int, Column] = {}
        for column in wanted:
            if column.title not in head:
                raise self.places.fail(self.cell(HEAD_ROW, 0), f"缺少“{column.title}”一列")
            places[head[column.title]] = column
        return places

    def bodies(self, wanted: tuple[Column, ...]) -> Iterator[Body]:
        """The rows below the heading that hold something."""
        columns = self.columns(wanted)
        for row in sorted(row for row in self.rows if row > HEAD_ROW):
            read = [(c.name, self.read(row, at, c), self.cell(row, at)) for at, c in columns.items()]
            if any(value is not None for _, value, _ in read):
                yield self.places.row(read, self.cell(row, min(self.rows[row])))

    def facing(self, wanted: tuple[Column, ...]) -> Body:
        """A sheet with its headings in the first column as one record."""
        titles = {column.title: column for column in wanted}
        found = [(row, titles.get(str(cells.get(0, "")).strip())) for row, cells in self.rows.items()]
        read = ((c.key, self.read(row, 1, c), self.cell(row, 1)) for row, c in found if c and row > HEAD_ROW)
        return self.places.row(read, self.cell(HEAD_ROW, 0))


def _levels(page: Page) -> tuple[list[Body], list[Body]]:
    """The indicators by level, and those beside the hundred; a row without 三级指标 is a point of the indicator above it.

    Rows of one level may stand apart; where its cells are empty, a row belongs to the level of the row above.
    """
    tree = _Tree(page.places)
    extras: list[Body] = []
    body: Body | None = None
    for row in page.bodies(layout.COLUMNS):
        rule = row.pop("rule")
        rule.line = rule.lines["kind"]
        page.places.spread(rule, "其他参数")
        if "id" not in row and "title" not in row:
            if body is None:
                raise page.places.fail(row.lines["title"], "要点的上面没有指标")
            body["rule"].setdefault("parts", []).append(rule)
            body["rule"].lines.setdefault("parts", body["rule"].line)
            continue
        level = {key: row.pop(key) for key in _LEVEL if key in row}
        body = _indicator(row, rule)
        if str(level.get("level1", "")).startswith(layout.EXTRA):
            extras.append(body)
        else:
            tree.place(level, body)["indicators"].append(body)
    return tree.levels, extras


_LEVEL = ("level1", "weight1", "level2", "weight2")


def _indicator(row: Body, rule: Body) -> Body:
    """A row as an indicator: what it leaves open follows from its title and its weight."""
    from jixiao.authoring.official.importing import ident_of

    reference = row.pop("reference")
    row.setdefault("description", "")
    if "id" not in row:
        row["id"] = ident_of(str(row["title"]))
    if "full" not in rule and "weight" in row:
        rule["full"] = row["weight"]
    row |= {"reference": reference, "rule": rule}
    return row


class _Tree:
    """一级 and 二级指标 as the rows name them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.levels: list[Body] = []
        self.last: tuple[Body, Body] | None = None

    def place(self, cells: Mapping[str, Any], row: Body) -> Body:
        """The 二级指标 of a row; ``cells`` are those of its levels."""
        if self.last is None and "level1" not in cells:
            raise self.places.fail(row.lines["level1"], "没有写一级指标")
        above, below = self.last or (None, None)
        first = self.found(self.levels, cells, row, "1", "levels", above)
        second = self.found(
            first["levels"], cells, row, "2", "indicators", below if first is above else None, first
        )
        self.last = (first, second)
        return second

    def found(
        self, listed: list[Body], cells: Mapping[str, Any], row: Body, number: str, inner: str, above: Body | None,
        outer: Body | None = None,
    ) -> Body:  # fmt: skip
        """The level that a row names, or the one of the row above; a new one where there is none of the name."""
        name, weight = cells.get(f"level{number}"), cells.get(f"weight{number}")
        at, weighed = row.lines[f"level{number}"], row.lines[f"weight{number}"]
        level = above if name is None else next((one for one in listed if one["title"] == name), None)
        if level is None:
            title = name or (outer["title"] if outer is not None else "")
            told = Decimal(0) if weight is None else weight
            level = self.places.record((("title", title, at), ("weight", told, weighed), (inner, [], at)), at)
            listed.append(level)
        elif weight not in (None, level["weight"]):
            where = self.places.source(level.lines["weight"]).cell
            raise self.places.fail(weighed, f"“{level['title']}”的权重与 {where} 不一致")
        return level


def import_edited(path: Path, definitions: Sequence[Path] = ()) -> str:
    """The definition (YAML text) of a workbook that ``export_rubric`` made and a person changed.

    ``Refused`` with sheet and cell where it is no such workbook, a cell cannot be read, or the definition does not hold.
    """
    answers: list[Body] = []
    rubric, places = _read(path, definitions, doubtful=False, answers=answers)
    for given in answers:
        rubric = _answered(rubric, given, places)
    return to_yaml(rubric.data["rubric"])


def _answered(rubric: Rubric, given: Body, places: Places) -> Rubric:
    """The rubric with the answer of a row of 待定; Refused at the cell where it cannot be used."""
    question = next((one for one in rubric.questions if one.id == given["id"]), None)
    if question is None:
        return rubric  # an answer before it made the question needless
    label, said = str(given.get("choice", "")), str(given.get("typed", ""))
    who, why = str(given.get("who", "")), str(given.get("why", "按原文的意思"))
    if label and said:
        raise places.fail(given.lines["typed"], "“选择”和“或自己写”只填一个")
    if not who:
        raise places.fail(given.lines["who"], "请写明决定人")
    try:
        if said:
            choice = typed(rubric, question, said)[0]
        else:
            found = [one for one in asked(rubric, question).choices if one.label == label]
            if not found:
                raise places.fail(given.lines["choice"], f"没有“{label}”这种办法，请从下拉中选择")
            choice = found[0]
        today = datetime.datetime.now().astimezone().date().isoformat()
        made = answered(rubric, question, choice, why=why, who=who, when=today)
        return read_data(body_of(made, places.file))
    except AnswerError as error:
        raise places.fail(given.lines["typed" if said else "choice"], str(error)) from error


def read_edited(path: Path, definitions: Sequence[Path] = ()) -> tuple[Rubric, dict[str, Source]]:
    """The rubric of an edited workbook, gaps and overlaps of bands included, and the cell of every indicator.

    ``Refused`` as ``import_edited``.
    """
    rubric, places = _read(path, definitions, doubtful=True)
    listed = Spots(rubric).bodies
    return rubric, {title: places.source(body.lines["title"]) for title, body in listed.items()}


def _read(
    path: Path, definitions: Sequence[Path], *, doubtful: bool, answers: list[Body] | None = None
) -> tuple[Rubric, Places]:
    from jixiao.office import load, open_workbook

    book = open_workbook(load(path)[0])
    if layout.BASICS not in book.sheet_names or layout.ITEMS not in book.sheet_names:
        raise Refused("J360", Source(path.name))
    places = Places(path.name)
    wanted = [name for name in (layout.BASICS, layout.ITEMS, *layout.TABLES) if name in book.sheet_names]
    pages = {name: Page(book.sheet(name), places) for name in wanted}
    try:
        data = _definition(pages, places, [] if answers is None else answers)
        return read_data(data, definitions, doubtful=doubtful), places
    except DefinitionError as error:
        raise places.refusal(error) from error


def _definition(pages: dict[str, Page], places: Places, answers: list[Body]) -> Body:
    data = pages[layout.BASICS].facing(layout.BASIC_ROWS)
    listed = {
        name: list(page.bodies(layout.TABLES[name])) for name, page in pages.items() if name in layout.TABLES
    }
    for row in listed.get(layout.QUESTIONS, []):
        answer = row.pop("answer")
        answer["id"] = row.get("id")
        answers += [answer] if {"choice", "typed"} & answer.keys() else []
    reference, extra = data.pop("reference", places.record((), data.line)), data.pop("extras", "")
    grades = data.pop("grades", places.record((), data.line))
    places.spread(data, "其他内容")
    bands = _named(listed.get(layout.GRADES, []), "range", "得分区间", places)
    for text, row in bands.items():
        bands[text] = row.get("grade", "")
    cited = grades.pop("reference", places.record((), grades.line))
    grades |= {"bands": bands, "reference": cited}
    data |= {"reference": reference, "grades": grades}
    if listed.get(layout.CONCEPTS):
        data["concepts"] = _named(listed[layout.CONCEPTS], "id", "编号", places)
    data |= {section: listed[name] for name, section in layout.SECTIONS.items() if listed.get(name)}
    data["levels"], extras = _levels(pages[layout.ITEMS])
    data.lines["levels"] = pages[layout.ITEMS].cell(HEAD_ROW, 0)
    if extras:
        pairs = (("title", str(extra or "加减分项"), data.line), ("indicators", extras, data.lines["levels"]))
        data["extras"] = places.record(pairs, data.line)
    return data


def _named(rows: list[Body], key: str, title: str, places: Places) -> Body:
    """Rows as a record by one of their keys, which stands once."""
    made = places.record((), rows[0].line if rows else 0)
    for row in rows:
        name, cell = str(row.pop(key, "")), row.lines[key]
        if name in made:
            raise places.fail(cell, f"“{title}”的“{name}”重复")
        made[name], made.lines[name] = row, cell
    return made


def is_edited(path: Path) -> bool:
    """Whether a file is a workbook of ours to edit; a damaged or unreadable one is left to its reader to refuse."""
    from jixiao.office import Package, Workbook, load, sniff

    try:
        data, _ = load(path)  # only its list of sheets is read: who goes on reads and bounds them all
        if sniff(data) != "zip":
            return False
        return {layout.BASICS, layout.ITEMS} <= set(Workbook(Package(data)).sheet_names)
    except Stop:
        return False
