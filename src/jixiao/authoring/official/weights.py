"""What an official table must be: weights that add up at every level, titles that stand once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.model import plain

HUNDRED = Decimal(100)


def check(table: OfficialTable) -> None:
    """Put right what the weights prove (fractions, groups cut by a page), and add findings for what they contradict."""
    for level in (1, 2):
        for rows in groups(table, level):
            _filled(rows, level)
    _fractions(table)
    _doubled(table)
    _missing(table)
    for level in (2, 1):
        if not _adds_up(table, level):
            _regroup(table, level)
    _contradictions(table)


def _filled(rows: list[OfficialRow], level: int) -> None:
    """The weight of a level cell belongs to all its rows."""
    weight = _weight(rows, level)
    for row in rows:
        if level == 1:
            row.w1 = weight
        else:
            row.w2 = weight


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
            found.setdefault((row.n1, row.n2 if level == 2 else 0), []).append(row)
    yield from found.values()


def _weight(rows: list[OfficialRow], level: int) -> Decimal | None:
    return next((w for row in rows if (w := row.w2 if level == 2 else row.w1) is not None), None)


def _sum(rows: list[OfficialRow]) -> Decimal:
    return sum((row.w3 for row in rows if row.w3 is not None), Decimal(0))


def _adds_up(table: OfficialTable, level: int) -> bool:
    return all((w := _weight(rows, level)) is None or w == _sum(rows) for rows in groups(table, level))


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
    exact = all(weight == _sum(taken) for (_, weight), taken in zip(heads, divided, strict=True))
    if (
        not exact
        or place != len(rows)
        or any(head not in taken for (head, _), taken in zip(heads, divided, strict=True))
    ):
        return
    for (head, weight), taken in zip(heads, divided, strict=True):
        moved = [row for row in taken if row is not head and _cell(row, level) != _cell(head, level)]
        title = head.level2 if level == 2 else head.level1
        for row in moved:
            _move(row, head, level)
            table.findings.add(
                "J342", row.place, title=row.level3, group=title, weight=plain(weight or Decimal(0))
            )


def _cell(row: OfficialRow, level: int) -> tuple[int, int]:
    return row.n1, row.n2 if level == 2 else 0


def _move(row: OfficialRow, head: OfficialRow, level: int) -> None:
    row.level1, row.w1, row.n1 = head.level1, head.w1, head.n1
    if level == 2:
        row.level2, row.w2, row.n2 = head.level2, head.w2, head.n2


def _contradictions(table: OfficialTable) -> None:
    for level in (2, 1):
        for rows in groups(table, level):
            weight, total = _weight(rows, level), _sum(rows)
            title = rows[0].level2 if level == 2 else rows[0].level1
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
