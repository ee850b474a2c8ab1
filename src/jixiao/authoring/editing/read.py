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
from jixiao.authoring.official.draft import AnswerError
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

    def fail(self, row: int, at: int, why: str) -> Refused:
        """A cell that cannot be read."""
        return Refused("J361", self.places.source(self.cell(row, at)), why=why)

    def fail_at(self, number: int, why: str) -> Refused:
        """The same for a cell that has its number."""
        return Refused("J361", self.places.source(number), why=why)

    def read(self, row: int, at: int, column: Column) -> Any:
        """The value of a cell, None where it is empty."""
        cell = self.rows.get(row, {}).get(at)
        if cell is None:
            return None
        try:
            return layout.read(cell, column)
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

    def bodies(self, wanted: tuple[Column, ...]) -> Iterator[tuple[int, Body]]:
        """The rows below the heading; empty cells are left out, but have their place. Keys of a rule begin with ``rule.``."""
        columns = self.columns(wanted)
        for row in sorted(self.rows):
            if row <= HEAD_ROW:
                continue
            read = [(c.name, self.read(row, at, c), self.cell(row, at)) for at, c in columns.items()]
            if any(value is not None for _, value, _ in read):
                body = self.places.record(
                    ((key, value, cell) for key, value, cell in read if value is not None),
                    self.cell(row, min(self.rows[row])),
                )
                body.lines.update({key: cell for key, _, cell in read})
                yield row, body


_OWN = ("id", "title", "weight", "description", "criteria")


def _levels(page: Page) -> tuple[list[Body], list[Body]]:
    """The indicators by level, and those beside the hundred; a row without 三级指标 is a point of the indicator above it.

    Rows of one level may stand apart; where its cells are empty, a row belongs to the level of the row above.
    """
    tree = _Tree(page)
    extras: list[Body] = []
    body: Body | None = None
    for row, cells in page.bodies(layout.COLUMNS):
        rule = _rule(page, cells)
        if "id" not in cells and "title" not in cells:
            if body is None:
                raise page.fail(row, 5, "要点的上面没有指标")
            body["rule"].setdefault("parts", []).append(rule)
            body["rule"].lines.setdefault("parts", body["rule"].lines.get("kind", rule.line))
            continue
        body = _indicator(page, cells, rule)
        if str(cells.get("level1", "")).startswith(layout.EXTRA):
            extras.append(body)
        else:
            tree.place(cells)["indicators"].append(body)
    return tree.levels, extras


def _indicator(page: Page, cells: Body, rule: Body) -> Body:
    from jixiao.authoring.official.importing import ident_of

    pairs = [(key, cells[key], cells.lines[key]) for key in _OWN if key in cells]
    if "description" not in cells:
        pairs.append(("description", "", cells.lines["description"]))
    if "id" not in cells:
        pairs.append(("id", ident_of(str(cells["title"])), cells.lines["id"]))
    if "full" not in rule and "weight" in cells:
        rule["full"] = cells["weight"]
        rule.lines["full"] = cells.lines["rule.full"]
    cited = [
        (key.partition(".")[2], value, cells.lines[key])
        for key, value in cells.items()
        if key.startswith("reference.")
    ]
    at = cells.lines["reference.title"]
    pairs.append(("reference", page.places.record(cited, at), at))
    made = page.places.record([*pairs, ("rule", rule, rule.line)], cells.line)
    made.lines.update({key: cells.lines[key] for key in _OWN})
    return made


def _rule(page: Page, cells: Body) -> Body:
    pairs = [
        (key.removeprefix("rule."), value, cells.lines[key])
        for key, value in cells.items()
        if key.startswith("rule.") and key != "rule.rest"
    ]
    rest, at = cells.get("rule.rest", {}), cells.lines["rule.rest"]
    if not isinstance(rest, dict):
        raise page.fail_at(at, "“其他参数”应写成 {键: 值}")
    pairs += [(key, value, at) for key, value in rest.items()]
    made = page.places.record(pairs, cells.lines["rule.kind"])
    told = {key.removeprefix("rule."): line for key, line in cells.lines.items() if key.startswith("rule.")}
    made.lines = {**told, **made.lines}
    return made


class _Tree:
    """一级 and 二级指标 as the rows name them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.levels: list[Body] = []
        self.last: tuple[Body, Body] | None = None

    def place(self, cells: Body) -> Body:
        """The 二级指标 of a row."""
        if self.last is None and "level1" not in cells:
            raise self.page.fail_at(cells.lines["level1"], "没有写一级指标")
        above = self.last[0] if self.last is not None else None
        first = self.found(self.levels, cells, "level1", "weight1", "levels", above)
        same = self.last is not None and self.last[0] is first
        below = self.last[1] if same and self.last is not None else None
        second = self.found(
            first["levels"], cells, "level2", "weight2", "indicators", below, str(first["title"])
        )
        self.last = (first, second)
        return second

    def found(
        self, listed: list[Body], cells: Body, title: str, weight: str, inner: str, above: Body | None, other: str = ""
    ) -> Body:  # fmt: skip
        """The level that a row names, or the one of the row above; a new one where there is none of the name."""
        name = cells.get(title)
        level = above if name is None else next((one for one in listed if one["title"] == name), None)
        if level is None:
            pairs: list[tuple[str, Any, int]] = [
                ("title", name or other, cells.lines[title]),
                ("weight", cells.get(weight, Decimal(0)), cells.lines[weight]),
                (inner, [], cells.lines[title]),
            ]
            level = self.page.places.record(pairs, cells.lines[title])
            listed.append(level)
        elif cells.get(weight, level["weight"]) != level["weight"]:
            where = self.page.places.source(level.lines["weight"]).cell
            raise self.page.fail_at(cells.lines[weight], f"“{level['title']}”的权重与 {where} 不一致")
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

    def refused(key: str, why: str) -> Refused:
        return Refused("J361", places.source(given.lines[key]), why=why)

    question = next((one for one in rubric.questions if one.id == given.get("id")), None)
    if question is None:
        return rubric  # an answer before it made the question needless
    label, said = str(given.get("answer.choice", "")), str(given.get("answer.typed", ""))
    who, why = str(given.get("answer.who", "")), str(given.get("answer.why", "按原文的意思"))
    if label and said:
        raise refused("answer.typed", "“选择”和“或自己写”只填一个")
    if not who:
        raise refused("answer.who", "请写明决定人")
    try:
        if said:
            choice = typed(rubric, question, said)[0]
        else:
            found = [one for one in asked(rubric, question).choices if one.label == label]
            if not found:
                raise refused("answer.choice", f"没有“{label}”这种办法，请从下拉中选择")
            choice = found[0]
        today = datetime.datetime.now().astimezone().date().isoformat()
        made = answered(rubric, question, choice, why=why, who=who, when=today)
        return read_data(body_of(made, places.file))
    except AnswerError as error:
        raise refused("answer.typed" if said else "answer.choice", str(error)) from error


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
    data, extra_title, grade_reference = _basics(pages[layout.BASICS], places)
    listed = {
        name: [body for _, body in page.bodies(layout.TABLES[name])]
        for name, page in pages.items()
        if name in layout.TABLES
    }
    if layout.QUESTIONS in listed:
        answers += [
            body for body in listed[layout.QUESTIONS] if {"answer.choice", "answer.typed"} & body.keys()
        ]
        listed[layout.QUESTIONS] = [_question(body, places) for body in listed[layout.QUESTIONS]]
    made = [(key, value, data.lines[key]) for key, value in data.items()]
    made.append(("grades", _grades(pages, listed.get(layout.GRADES, []), grade_reference, places), data.line))
    if listed.get(layout.CONCEPTS):
        concepts = [_concept(body, places) for body in listed[layout.CONCEPTS]]
        _no_twins(pages[layout.CONCEPTS], [(key, cell) for key, _, cell in concepts], "编号")
        made.append(("concepts", places.record(concepts, data.line), data.line))
    made += [
        (section, listed[name], data.line) for name, section in layout.SECTIONS.items() if listed.get(name)
    ]
    found, extras = _levels(pages[layout.ITEMS])
    head = pages[layout.ITEMS].cell(HEAD_ROW, 0)
    made.append(("levels", found, head))
    if extras:
        pairs = (("title", extra_title or "加减分项", data.line), ("indicators", extras, head))
        made.append(("extras", places.record(pairs, data.line), data.line))
    return places.record(made, data.line)


def _question(body: Body, places: Places) -> Body:
    """A row of 待定 without its answer."""
    own = ((key, value, body.lines[key]) for key, value in body.items() if not key.startswith("answer."))
    return places.record(own, body.line)


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
    from jixiao.office import Package, Workbook, load, sniff

    try:
        data, _ = load(path)  # only its list of sheets is read: who goes on reads and bounds them all
        if sniff(data) != "zip":
            return False
        return {layout.BASICS, layout.ITEMS} <= set(Workbook(Package(data)).sheet_names)
    except Stop:
        return False
