"""The rows of the 指标 sheet -> levels, indicators and their rules."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from jixiao.authoring.editing.cells import Page
from jixiao.authoring.editing.layout import COLUMNS, EXTRA
from jixiao.model import Body

_OWN = ("id", "title", "weight", "description", "criteria")


def levels(page: Page) -> tuple[list[Body], list[Body]]:
    """The indicators by level, and those beside the hundred; a row without 三级指标 is a point of the indicator above it.

    Rows of one level may stand apart; where its cells are empty, a row belongs to the level of the row above.
    """
    tree = _Tree(page)
    extras: list[Body] = []
    body: Body | None = None
    for row, cells in page.bodies(COLUMNS):
        rule = _rule(page, cells)
        if "id" not in cells and "title" not in cells:
            if body is None:
                raise page.fail(row, 5, "要点的上面没有指标")
            body["rule"].setdefault("parts", []).append(rule)
            body["rule"].lines.setdefault("parts", body["rule"].lines.get("kind", rule.line))
            continue
        body = _indicator(page, cells, rule)
        if str(cells.get("level1", "")).startswith(EXTRA):
            extras.append(body)
        else:
            tree.place(cells)["indicators"].append(body)
    return tree.levels, extras


def _indicator(page: Page, cells: Body, rule: Body) -> Body:
    pairs = [(key, cells[key], cells.lines[key]) for key in _OWN if key in cells]
    if "description" not in cells:
        pairs.append(("description", "", cells.lines["description"]))
    if "id" not in cells:
        pairs.append(("id", _ident(str(cells["title"])), cells.lines["id"]))
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


def _ident(title: str) -> str:
    """The id of a row that a person added: as an import of an official table would call it."""
    from jixiao.authoring.official.importing import known_ids

    return known_ids().get(title) or f"item-{hashlib.sha256(title.encode('utf-8')).hexdigest()[:8]}"


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
