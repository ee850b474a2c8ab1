"""jixiao as a program under test: one JSON question a line on stdin, one JSON answer a line on stdout.

``python -m conformance.answers``; an example for whoever writes the same for another program.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import json
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from jixiao import pipeline
from jixiao.authoring import read_criteria
from jixiao.master import open_scoring_book
from jixiao.model import Stop, Value, amount
from jixiao.rubric import load
from jixiao.scoring import Net, Values, build_net, score

EPOCH = datetime.date(1899, 12, 30)
STATUS = {"not_applicable": "不适用", "pending": None}


def criteria(asked: dict[str, Any]) -> dict[str, Any]:
    """A sentence read, and its points at values."""
    made = read_criteria(asked["text"], Decimal(asked["full"]))
    return {"asked": not made.understood, "points": [made.points_at(value) for value in asked["values"]]}


def table(asked: dict[str, Any]) -> dict[str, Any]:
    """A table imported as a rubric; the points of an indicator at a value of the one figure that it reads."""
    with tempfile.TemporaryDirectory() as folder:
        file, target = Path(folder, "评分表.xlsx"), Path(folder, "定义.yaml")
        book = xlsxwriter.Workbook(str(file))
        sheet = book.add_worksheet()
        for number, row in enumerate(asked["rows"]):
            sheet.write_row(number, 0, row)
        book.close()
        pipeline.import_rubric(file, target, place="例县", year="2024")
        net = build_net(pipeline.rubric(str(target)))
    rules = {indicator.key: indicator.rule for indicator in net.rubric.indicators()}
    points: list[Value] = []
    for title, value in asked["values"]:
        reads = (
            sorted({name for leaf in rules[title].leaves() for name in leaf.reads}) if title in rules else []
        )
        got = Values(net, {reads[0]: entry(value)})[f"{title}.规则分"] if len(reads) == 1 else None
        points.append(got)
    return {"indicators": {title: rule.full for title, rule in rules.items()}, "points": points}


@functools.cache
def _net(rubric: str) -> Net:
    return build_net(load(rubric))


def indicator(asked: dict[str, Any]) -> dict[str, Any]:
    """One indicator of a shipped rubric."""
    net = _net(asked["rubric"])
    (title,) = (one.key for one in net.rubric.indicators() if one.id == asked["indicator"])
    values = Values(net, dict(entries(asked["given"], title)))
    titles = {one.key: values[f"{one.key}.规则分"] for one in net.rubric.indicators()}
    return {"points": titles | {"": titles[title]}}


def row(asked: dict[str, Any]) -> dict[str, Any]:
    """One row of a self-evaluation form."""
    given = {f"自评表[1].{name}": plain(value) for name, value in asked["row"].items()}
    return {"points": Values(_net(asked["form"]), given)["自评表[1].得分"]}


def facts(asked: dict[str, Any]) -> dict[str, Any]:
    """The figures of files by table and name; under no table, all that have the name."""
    made: dict[str, dict[str, list[Value]]] = {"": {}}
    for file in asked["files"]:
        for fact in pipeline.read(Path(file)):
            for form in ("", fact.source.form):
                made.setdefault(form, {}).setdefault(fact.name, []).append(fact.value)
    return {"facts": made}


def book(asked: dict[str, Any]) -> dict[str, Any]:
    """A workbook made, filled and scored; entries that are changed afterwards are changed in what it holds."""
    given = json.dumps({name: body for name, body in asked.items() if name != "changed"}, default=float)
    net, held = _filled(given)
    changed = {key: entry(value) for key, value in asked.get("changed", {}).items()}
    card = score(net, held | changed)
    points = {one.title: STATUS.get(one.status, one.points) for one in card.indicators}
    return {"total": card.total, "grade": card.grade, "points": points, "values": dict(card.values)}


@functools.cache
def _filled(question: str) -> tuple[Net, dict[str, Value]]:
    """The net of a workbook and its entries, read back from the file."""
    asked = json.loads(question)
    with tempfile.TemporaryDirectory() as folder:
        path, given = Path(folder, "评分簿.xlsx"), Path(folder, "数.json")
        given.write_text(json.dumps(asked["given"]), "utf-8")
        pipeline.new(asked["rubric"], path, projects=asked.get("projects"))
        pipeline.fill(path, [Path(source) for source in asked.get("sources", ())], facts_file=given)
        made = open_scoring_book(path)
        return made.net, dict(made.entries)


def entries(given: dict[str, Any], title: str) -> Iterator[tuple[str, Value]]:
    """Entries of the net as a case writes them: lists are rows of a table, ``_1.判定`` belongs to the indicator."""
    for key, value in given.items():
        if isinstance(value, list):
            for number, cells in enumerate(value, 1):
                yield from ((f"{key}[{number}].{name}", entry(one)) for name, one in cells.items())
        else:
            yield title + key if key[0] in "_." else key, entry(value)


def entry(value: Any) -> Value:
    """A date as its serial, a percentage or an amount as its number, other words as they are."""
    if not isinstance(value, str):
        return plain(value)
    try:
        return Decimal((datetime.date.fromisoformat(value) - EPOCH).days)
    except ValueError:
        pass
    try:
        return amount(value)
    except ValueError:
        return value


def plain(value: Any) -> Value:
    """A number as an exact decimal."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


ANSWERS = {
    "criteria": criteria,
    "table": table,
    "indicator": indicator,
    "row": row,
    "facts": facts,
    "book": book,
}


def main() -> None:
    """Answer until there is no more question."""
    argparse.ArgumentParser(description="评分一致性测试集的被测程序：jixiao").parse_args()
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        asked = json.loads(line, parse_float=Decimal)
        try:
            answer = ANSWERS[asked["kind"]](asked)
        except Stop as stop:
            answer = {"asked": True, "why": stop.finding.line()}
        print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    main()
