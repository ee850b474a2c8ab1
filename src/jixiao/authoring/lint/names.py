"""The lint of names, drop-downs and formulas: what a workbook can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.authoring.lint.points import leaves
from jixiao.model import Expr, Findings, Source
from jixiao.rubric import Rubric, Spots, named

LONGEST_LIST = 255
LONGEST_FORMULA = 8000
DEEPEST = 60
LONGEST_NAME = 250  # a name may have 255 characters; ours get a tail such as _规则分
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_ROW_COLUMN = re.compile(r"[Rr]([0-9]*)([Cc][0-9]*)?|[Cc][0-9]*")
_LITERAL = re.compile(r'"(?:[^"]|"")*"')


def lint_names(rubric: Rubric, spots: Spots, findings: Findings) -> None:
    """Findings about names, drop-downs and formulas."""
    for text, place in _names(rubric, spots).items():
        why = wrong_name(text)
        if why:
            findings.add("J315", place, name=text, why=why)
    for indicator, part in leaves(rubric):
        title, place = named(indicator, part), spots.rule(part)
        for ask in part.asks:
            _list(title, ask.choices, spots.rule(part, "options"), findings)
        _formula(title, "得分", part.points, place, findings)
        _formula(title, "说明", part.explain, place, findings)
    for indicator in rubric.indicators():
        if indicator.rule.parts:
            place = spots.rule(indicator.rule)
            _formula(indicator.key, "得分", indicator.rule.points, place, findings)
            _formula(indicator.key, "说明", indicator.rule.explain, place, findings)
    for quantity in rubric.quantities.values():
        place = spots.at(spots.quantities.get(quantity.name), "value", quantity.name)
        _formula(quantity.name, "计算", quantity.expr, place, findings)
    for table in rubric.tables.values():
        for column in table.columns:
            _list(f"{table.name}.{column.name}", column.choices, Source("", label=table.name), findings)


def _names(rubric: Rubric, spots: Spots) -> dict[str, Source]:
    """Every name that becomes the name of a cell, with its place."""
    made: dict[str, Source] = {}
    for fact in rubric.facts:
        made.setdefault(fact, spots.at(spots.facts.get(fact), "name", fact))
    for quantity in rubric.quantities:
        made.setdefault(quantity, spots.at(spots.quantities.get(quantity), "name", quantity))
    for indicator in rubric.indicators():
        made.setdefault(indicator.key, spots.body(indicator, "title"))
    for _, part in leaves(rubric):
        made.setdefault(part.key, spots.rule(part, "key"))
    for table in rubric.tables.values():
        for text in (table.name, *(column.name for column in table.columns)):
            made.setdefault(text, Source("", label=text))
    return made


def wrong_name(text: str) -> str:
    """Why a text cannot be the name of a cell, or an empty string."""
    if not text or len(text) > LONGEST_NAME:
        return f"应为1至{LONGEST_NAME}个字符"
    if not all(letter.isalnum() or letter == "_" for letter in text):
        return "含有空格、括号、引号等符号"
    if text[0].isdigit():
        return "以数字开头"
    if _CELL.fullmatch(text) or _ROW_COLUMN.fullmatch(text):
        return "与单元格地址相同"
    return ""


def _list(title: str, choices: Iterable[str], place: Source, findings: Findings) -> None:
    labels = list(choices)
    for label in labels:
        if "," in label:
            findings.add("J311", place, title=title, label=label)
    length = len(",".join(labels))
    if length > LONGEST_LIST:
        findings.add("J312", place, title=title, length=length)


def _formula(title: str, what: str, expr: Expr, place: Source, findings: Findings) -> None:
    """Length and depth of a formula over the names that stand in the definition."""
    text = expr.formula(lambda key: key)
    if len(text) > LONGEST_FORMULA:
        findings.add("J313", place, title=title, what=what, length=len(text))
    depth = _depth(text)
    if depth > DEEPEST:
        findings.add("J314", place, title=title, what=what, depth=depth)


def _depth(formula: str) -> int:
    depth = deepest = 0
    for letter in _LITERAL.sub("", formula):
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest
