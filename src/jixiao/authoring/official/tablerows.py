"""Grids -> official tables: rows put together from merged, blank and repeated cells, over pages and sheets.

``check`` puts right what the weights prove: they add up at every level, and titles stand once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.authoring.official.headings import (
    LEVELS,
    Block,
    Heading,
    block,
    headings,
    named,
    number_of,
    plain_word,
    words,
)
from jixiao.authoring.official.table import Grid, OfficialRow, OfficialTable, Spot, titled
from jixiao.model import Findings, Source, plain
from jixiao.text import mark_at, unspaced
from jixiao.text.numbering import PART

_SIGNED = re.compile(
    r"(?:填[表报]|制表|评价|考核|审核|复核|负责|联系|经办)[人员单位机构时间日期]*(?:（.{1,6}）)?[:：]|签[字章名]|盖章|电话[:：]"
)
_TITLED = re.compile(r"^(?:附件?\d*|续表|第\d+页)|^.{0,58}表(?:[（(].*[)）])?$")
HUNDRED = Decimal(100)


@dataclass(slots=True)
class Reading:
    """A table while it is put together."""

    table: OfficialTable
    heading: Heading
    began: dict[str, tuple[object, str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    last: OfficialRow | None = None
    spread: set[object] = field(default_factory=set)
    closed: bool = False
    blocks: list[Block] = field(default_factory=list)
    width: int = 0


def tables_of(grids: Sequence[Grid], file: str) -> list[OfficialTable]:
    """The official tables of a file's grids."""
    made: list[OfficialTable] = []
    reading: Reading | None = None
    for number, grid in enumerate(grids):
        found = list(headings(grid))
        stops = [heading.first for heading in found[1:]] + [grid.rows] * bool(found)
        if not found and reading is not None and grid.columns == reading.width and not reading.closed:
            _rows(grid, number, reading, 0, grid.rows)  # a page without its heading
            _notes(grid, reading)
        for heading, stop in zip(found, stops, strict=True):
            _lowest(grid, heading, stop)
            if reading is None or not _same(reading, heading, _ahead(grid, heading, stop)):
                reading = Reading(OfficialTable(file, _title(grid, heading, file)), heading)
                made.append(reading.table)
                _lacking(grid, heading, reading.table.findings)
            reading.heading, reading.width = heading, grid.columns
            _rows(grid, number, reading, heading.last + 1, stop)
            _notes(grid, reading)
    return [table for table in made if table.rows]


def _lowest(grid: Grid, heading: Heading, stop: int) -> None:
    """考核项目 over several 考核内容 of their own weights: these are what is scored."""
    told, last = heading.column("description"), heading.levels[-1]
    column, level = heading.weights.get(last), heading.columns[last][0]
    if told is None or column is None or last == "level3" or told < level:
        return
    weighed = {
        grid.begin(row, column): grid.text(row, level)
        for row in range(heading.last + 1, stop)
        if number_of(grid.text(row, column)) is not None and grid.text(row, told)
    }
    if plain_word(grid.text(heading.last, told)).endswith("内容") and len(set(weighed.values())) < len(
        weighed
    ):
        heading.columns["level3"] = heading.columns.pop("description")
        heading.weights["level3"] = heading.weights.pop(last)


def _same(reading: Reading, heading: Heading, ahead: Decimal) -> bool:
    """Whether a heading repeats that of the table above: what follows still fits into its hundred."""
    return reading.heading.columns.keys() == heading.columns.keys() and reading.table.full + ahead <= HUNDRED


def _ahead(grid: Grid, heading: Heading, stop: int) -> Decimal:
    """The weights of the lowest level below a heading, totals left out."""
    column = heading.weights.get(heading.levels[-1])
    if column is None:
        return Decimal(0)
    found: dict[Spot, Decimal] = {}
    for row in range(heading.last + 1, stop):
        texts = {plain_word(grid.text(row, c)) for c in range(min(grid.columns, column + 1))}
        weight = number_of(grid.text(row, column))
        beside = any(word in text for word in words()["extra"] for text in texts)
        if weight is not None and not beside and not texts & set(words()["total"]):
            found[grid.begin(row, column)] = weight
    return sum(found.values(), Decimal(0))


def _lacking(grid: Grid, heading: Heading, findings: Findings) -> None:
    place = grid.source(heading.first, heading.column(heading.levels[-1]) or 0)
    for roles, name in (
        (("criteria",), "评分标准"),
        (("description", "points"), "指标说明"),
        (("weight",), "权重或分值"),
    ):
        has = heading.weights if roles == ("weight",) else [r for r in roles if r in heading.columns]
        if not has:
            findings.add("J334", place, column=name)
    if len(heading.levels) < len(LEVELS):
        findings.add("J335", place, count=len(heading.levels))
    for column, text in heading.unknown:
        findings.add("J336", grid.source(heading.last, column), name=text[:20])


def _title(grid: Grid, heading: Heading, file: str) -> str:
    for row in range(heading.first - 1, -1, -1):
        for column in range(grid.columns):
            text = grid.text(row, column).strip()
            if grid.begin(row, column) == (row, column) and titled(text):
                return _untagged(text)
    return _untagged(grid.title) or file.rpartition(".")[0]


def _untagged(title: str) -> str:
    """A title in one line, without the 附件2： that says where it hangs and is no part of it."""
    return re.sub(
        r"^附[件表][一二三四五六七八九十\d]*[-—\d]*[：:、.]?(?=.{4})", "", re.sub(r"\s+", "", title)
    )


def _notes(grid: Grid, reading: Reading) -> None:
    for text in grid.notes:
        _note(reading, text, grid.source(grid.rows - 1, 0))


def _note(reading: Reading, text: str, place: Source) -> None:
    """Keep a text under the table; titles of pages and of what comes next, and places for signatures are none."""
    said = text.strip()
    if is_note(said):
        said = re.sub(r"^[^:：]{1,6}[:：]\s*", "", said)
    elif not reading.table.rows or _SIGNED.search(said) or _TITLED.search(unspaced(said)):
        return
    reading.table.notes.append((said, place))


def is_note(text: str) -> bool:
    """Whether a text is a footnote (注：…)."""
    return re.match(rf"(?:{'|'.join(words()['footnote'])})\s*\d?\s*[:：]", text.strip()) is not None


def _rows(grid: Grid, number: int, reading: Reading, first: int, stop: int) -> None:
    for row in range(first, stop):
        cells = {grid.begin(row, column): grid.text(row, column) for column in range(grid.columns)}
        own = {spot: text for spot, text in cells.items() if text and spot[0] >= first}
        if not own:
            continue
        if _special(grid, row, own, reading):
            continue
        _row(grid, number, row, reading)


def _special(grid: Grid, row: int, own: dict[Spot, str], reading: Reading) -> bool:
    """Rows that are no indicator: totals, footnotes, titles and signatures."""
    text = next(iter(own.values())).strip()
    table, heading = reading.table, reading.heading
    place = grid.source(*next(iter(own)))
    if is_note(text):
        _note(reading, text, place)
        return True
    levels = [grid.text(row, c) for level in heading.levels for c in heading.columns[level]]
    totals = [t for t in (text, *levels) if plain_word(t) in words()["total"]]
    if totals:
        if plain_word(totals[0]) != "小计" and table.total is None:
            column = heading.weights.get(heading.levels[-1])
            table.total = number_of(grid.text(row, column)) if column is not None else None
            reading.closed = bool(table.rows)
        return True
    headed = block(grid, row, own, heading)
    if headed is not None:
        _block(reading, *headed)
        return True
    if len(own) == 1:
        (spot,) = own
        rules = [c for name in ("description", "points", "criteria") for c in heading.columns.get(name, ())]
        covers = grid.width(*spot) if spot[0] == row else 1
        if covers > 2 or spot[1] not in (*rules, *heading.columns[heading.levels[-1]]):
            if (
                covers > 2 or len(text) > 20 or re.search("[。；;：:]", text)
            ):  # no title of a level cut by a page
                _note(reading, text, place)
            return True
    return False


def _block(reading: Reading, text: str, printed: str) -> None:
    """Take in a block heading; the levels below begin anew."""
    title, inside = named(text)
    second = mark_at(text, (PART,)) is not None and any(not b.second for b in reading.blocks)
    number = reading.blocks[-1].number + 1 if reading.blocks else 1
    kept = [b for b in reading.blocks if second and not b.second]
    weight = number_of(printed) if printed else inside
    reading.blocks = [*kept, Block(title, weight, number, second)]
    reading.began, reading.last, reading.spread = {}, None, set()


def _row(grid: Grid, number: int, row: int, reading: Reading) -> None:
    heading = reading.heading
    titles: dict[str, str] = {}
    weights: dict[str, Decimal | None] = {}
    fresh: dict[str, bool] = {}
    for level in heading.levels:
        column = heading.columns[level][0]
        text, inside = named(grid.text(row, column))
        printed = grid.text(row, heading.weights[level]) if level in heading.weights else ""
        weights[level] = number_of(printed) if printed else inside
        if printed and weights[level] is None:
            reading.table.findings.add(
                "J337", grid.source(row, heading.weights[level], text), text=printed[:20]
            )
        spot = (number, *grid.begin(row, column))
        fresh[level] = _begins(reading, level, spot, text, weights[level], any(fresh.values()))
        titles[level] = reading.began[level][1] if level in reading.began else text
    _leaf(grid, (number, row), reading, titles, weights, any(fresh.values()))


def _begins(
    reading: Reading, level: str, spot: object, text: str, weight: Decimal | None, above: bool
) -> bool:
    """Whether a level cell begins something new: another title, or the same one again with its own weight."""
    known = reading.began.get(level)
    if not text and known is not None:
        return False
    if known is not None and not above:
        if known[0] == spot:
            return False
        lowest = level == reading.heading.levels[-1]
        if known[1] == text and (weight is None or not lowest):
            reading.began[level] = (spot, text)
            return False
    reading.began[level] = (spot, text)
    reading.numbers[level] = reading.numbers.get(level, 0) + 1
    return True


def _leaf(
    grid: Grid,
    at: tuple[int, int],
    reading: Reading,
    titles: dict[str, str],
    weights: dict[str, Decimal | None],
    fresh: bool,
) -> None:
    heading, (number, row) = reading.heading, at
    lowest = heading.levels[-1]
    texts = {
        name: _joined(grid, row, heading.columns.get(name, []))
        for name in ("description", "points", "criteria")
    }
    if "criteria" not in heading.columns and texts["points"]:
        texts["criteria"] = texts.pop("points")
    target = _joined(grid, row, heading.columns.get("target", []))
    if target and texts["criteria"] and fresh:
        texts["criteria"] = f"指标值：{target}。\n{texts['criteria']}"
    description = "\n".join(dict.fromkeys(t for t in (texts["description"], texts.get("points", "")) if t))
    cells = [
        grid.begin(row, c)
        for name in ("description", "points", "criteria")
        for c in heading.columns.get(name, [])
    ]
    weight_cell = grid.begin(row, heading.weights[lowest]) if lowest in heading.weights else None
    if not fresh and reading.last is not None:
        _more(reading, (number, cells, weight_cell), weights[lowest], description, texts["criteria"])
        return
    if not any(titles.values()):
        return
    full = {level: titles.get(level, "") for level in LEVELS}
    if lowest != "level3":
        full["level3"] = titles[lowest]
    made = OfficialRow(
        level1=full["level1"] or full["level2"] or full["level3"], w1=weights.get("level1") if lowest != "level1" else None,
        level2=full["level2"] if lowest != "level2" else full["level1"], w2=weights.get("level2") if lowest != "level2" else None,
        level3=full["level3"], w3=weights[lowest], description=description, criteria=texts["criteria"],
        place=grid.source(row, heading.columns[lowest][0], full["level3"]),
        bonus=any(word in title for word in words()["extra"] for title in full.values()),
        n1=reading.numbers.get(heading.levels[0], 1), n2=reading.numbers.get("level2", 0) if lowest != "level2" else 0,
    )  # fmt: skip
    _under_blocks(reading, made, lowest)
    made.level2 = made.level2 or made.level1
    reading.table.rows.append(made)
    reading.last = made
    reading.spread = {(number, cell) for cell in (*cells, weight_cell) if cell is not None}


def _under_blocks(reading: Reading, row: OfficialRow, lowest: str) -> None:
    """The levels that block headings name: the top one, and the second where no column names it."""
    if not reading.blocks or row.bonus:
        return
    if lowest == "level2":
        row.level2, row.w2, row.n2 = row.level1, row.w1, row.n1
    top, last = reading.blocks[0], reading.blocks[-1]
    row.level1, row.w1, row.n1 = top.title, top.weight, top.number
    if last.second or not row.level2:
        row.level2, row.w2, row.n2 = last.title, last.weight, last.number


def _joined(grid: Grid, row: int, columns: list[int]) -> str:
    return "\n".join(dict.fromkeys(text for column in columns if (text := grid.text(row, column))))


def _more(
    reading: Reading,
    found: tuple[int, list[Spot], Spot | None],
    weight: Decimal | None,
    description: str,
    criteria: str,
) -> None:
    """A row that goes on with the indicator above: texts and points of cells that were not read before."""
    number, cells, weight_cell = found
    row, heading = reading.last, reading.heading
    assert row is not None
    order = [name for name in ("description", "points", "criteria") for _ in heading.columns.get(name, [])]
    new = {name for name, cell in zip(order, cells, strict=True) if (number, cell) not in reading.spread}
    if "criteria" in new or ("points" in new and "criteria" not in heading.columns):
        row.criteria = _appended(row.criteria, criteria)
    if new & {"description", "points"} and description:
        row.description = _appended(row.description, description)
    if weight is not None and weight_cell is not None and (number, weight_cell) not in reading.spread:
        row.w3 = weight if row.w3 is None else row.w3 + weight
    reading.spread |= {(number, cell) for cell in (*cells, weight_cell) if cell is not None}


def _appended(text: str, more: str) -> str:
    return "\n".join(part for part in (text, more) if part) if more not in text.split("\n") else text


def check(table: OfficialTable) -> None:
    """Put right what the weights prove (fractions, groups cut by a page), and add findings for what they contradict."""
    for level in (1, 2):
        for rows in groups(table, level):
            weight = _weight(rows, level)
            for row in rows:  # the weight of a level cell belongs to all its rows
                setattr(row, f"w{level}", weight)
    _fractions(table)
    _doubled(table)
    _missing(table)
    for level in (2, 1):
        if any(_weight(rows, level) not in (None, _sum(rows)) for rows in groups(table, level)):
            _regroup(table, level)
    _contradictions(table)


def _fractions(table: OfficialTable) -> None:
    """Weights formatted as percentages are kept as fractions of one."""
    if table.full != 1 or not all(row.w3 is not None for row in table.rows if not row.bonus):
        return
    for row in table.rows:
        row.w1, row.w2, row.w3 = (
            None if w is None else Decimal(plain(w * 100)) for w in (row.w1, row.w2, row.w3)
        )
    if table.total == 1:
        table.total = HUNDRED
    table.findings.add("J338", table.rows[0].place)


def _doubled(table: OfficialTable) -> None:
    seen: dict[str, OfficialRow] = {}
    for row in table.rows:
        if row.level3 in seen:
            own = [title for title in (row.level2, row.level1) if title != seen[row.level3].level2]
            named = (f"{row.level3}（{said}）" for said in (*own, *map(str, range(2, len(table.rows) + 2))))
            title = next(name for name in named if name not in seen)
            table.findings.add("J339", seen[row.level3].place, row.place, title=row.level3, named=title)
            row.level3 = title
        seen[row.level3] = row


def _missing(table: OfficialTable) -> None:
    """A single weight that is missing under a known one follows from the others."""
    for rows in groups(table, 2):
        lacking = [row for row in rows if row.w3 is None]
        above = next((row.w2 for row in rows if row.w2 is not None), None)
        rest = sum((row.w3 for row in rows if row.w3 is not None), Decimal(0))
        for row in lacking:
            if len(lacking) == 1 and above is not None and above > rest:
                row.w3 = above - rest
                table.findings.add(
                    "J340", row.place, title=row.level3, weight=plain(row.w3), parent=row.level2
                )
            else:
                table.findings.add("J341", row.place, title=row.level3)


def groups(table: OfficialTable, level: int) -> Iterator[list[OfficialRow]]:
    """The ordinary rows by their 一级 (1) or 二级 (2) cell, in order."""
    found: dict[tuple[int, int], list[OfficialRow]] = {}
    for row in table.rows:
        if not row.bonus:
            found.setdefault(_cell(row, level), []).append(row)
    yield from found.values()


def _weight(rows: list[OfficialRow], level: int) -> Decimal | None:
    return next((w for row in rows if (w := getattr(row, f"w{level}")) is not None), None)


def _sum(rows: list[OfficialRow]) -> Decimal:
    return sum((row.w3 for row in rows if row.w3 is not None), Decimal(0))


def _regroup(table: OfficialTable, level: int) -> None:
    """Level cells that stand in the middle of their rows, or on the next page: the weights tell where they begin.

    Only where one division in the order of the table makes every weight add up, and each cell stands inside its own rows.
    """
    found = list(groups(table, level))
    heads = [(rows[0], _weight(rows, level)) for rows in found]
    rows = [row for row in table.rows if not row.bonus]
    place, divided = 0, []
    for _, weight in heads:
        taken: list[OfficialRow] = []
        while weight is not None and place < len(rows) and _sum(taken) < weight:
            taken.append(rows[place])
            place += 1
        divided.append(taken)
    pairs = list(zip(heads, divided, strict=True))
    exact = all(weight == _sum(taken) and head in taken for (head, weight), taken in pairs)
    if not exact or place != len(rows):
        return
    for (head, weight), taken in pairs:
        moved = [row for row in taken if row is not head and _cell(row, level) != _cell(head, level)]
        title = getattr(head, f"level{level}")
        for row in moved:
            _move(row, head, level)
            table.findings.add(
                "J342", row.place, title=row.level3, group=title, weight=plain(weight or Decimal(0))
            )


def _cell(row: OfficialRow, level: int) -> tuple[int, int]:
    return row.n1, row.n2 if level == 2 else 0


def _move(row: OfficialRow, head: OfficialRow, level: int) -> None:
    for key in [f"{key}{above}" for above in range(1, level + 1) for key in ("level", "w", "n")]:
        setattr(row, key, getattr(head, key))


def _contradictions(table: OfficialTable) -> None:
    for level in (2, 1):
        for rows in groups(table, level):
            weight, total = _weight(rows, level), _sum(rows)
            title = getattr(rows[0], f"level{level}")
            if weight is not None and weight != total:
                table.findings.add(
                    "J343", rows[0].place, title=title, weight=plain(weight), total=plain(total)
                )
    full = table.full
    if full != HUNDRED:
        whole = full > 0 and full % 10 == 0  # a table of 60, 90 or 110 points; 99 is a weight misprinted
        table.findings.add("J375" if whole else "J344", table.rows[0].place, total=plain(full))
    if table.total is not None and table.total not in (full, HUNDRED):
        table.findings.add("J345", table.rows[-1].place, printed=plain(table.total), total=plain(full))
