"""Questions to a real Excel: the shapes of our formulas of which no answer of Excel is known, and what comes back.

``open_shapes.xlsx`` asks them, each with the value that we hold to be right beside it; tests/verify/shapes.py makes it
from every formula that we write. An officer opens it once in Excel, saves it and sends it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from jixiao.model import Findings, Refused, Source
from jixiao.office import Cell, Workbook, Worksheet, canonical, load, open_workbook, save_new, split_ref
from jixiao.verify.engines import EngineFailure, EngineValue, ErrorValue, Results, same
from jixiao.verify.engines.compiled import Witnesses
from jixiao.verify.proof import ENGINES, FAST

ASKED, FIRST = "问题", 6
"""The sheet of the questions and its first row; a row holds a number, a formula as text, the formula, and our value."""
NOT_YET = "未计算"
"""What stands in the formula's cell until a program has calculated it."""
Held = Decimal | str | bool | ErrorValue | None
_PROGRAM = re.compile(rb"<(?:\w+:)?Application>([^<]*)<")


@dataclass(slots=True)
class Answers:
    """What came back: how many questions, the formulas that Excel settled as we hold them, and what is otherwise."""

    path: Path
    program: str
    asked: int
    closed: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "file": self.path.name,
            "program": self.program,
            "asked": self.asked,
            "closed": self.closed,
            "findings": [finding.data() for finding in self.findings],
        }


def _questions() -> bytes:
    return resources.files("jixiao.verify").joinpath("open_shapes.xlsx").read_bytes()


def ask_excel(target: Path) -> Path:
    """Write the workbook of the open questions. CannotWrite where the file is there already."""
    return save_new(target, _questions())


def read_answers(path: Path) -> Answers:
    """What Excel answered, against the value that we hold and both default engines, which calculate the file as it is.

    Refused where the workbook is not ours, or asks other questions than those of this version.
    """
    book, ours = open_workbook(load(path)[0]), open_workbook(_questions()).sheet(ASKED)
    if ASKED not in book.sheet_names:
        raise Refused("J670", Source(path.name), file=path.name)
    theirs = book.sheet(ASKED)
    rows = dict.fromkeys(split_ref(cell.ref)[0] for cell in ours.cells())
    asked = {row: formula for row in rows if (formula := _formula(ours, row))}
    if any(_formula(theirs, row) != formula for row, formula in asked.items()):
        raise Refused("J671", Source(path.name, ASKED), file=path.name)
    made = Answers(path, _program(book), len(asked))
    engines = _engines(book, made)
    stale: list[int] = []
    for row, formula in asked.items():
        excel, source = _value(theirs.get(f"C{row}")), Source(path.name, ASKED, f"C{row}")
        if excel == NOT_YET:
            stale.append(row)
            continue
        held = {"本软件": _held(ours.get(f"D{row}"))} | {
            name: got[source.sheet, source.cell] for name, got in engines.items()
        }
        others = [
            f"{name}得“{value}”"
            for name, value in held.items()
            if value is not None and not _equal(value, excel)
        ]
        if others:
            made.findings.add(
                "J673", source, formula=f"={formula}", excel=str(excel), others="，".join(others)
            )
        else:
            made.closed.append(f"={formula}")
    if stale:
        made.findings.add("J672", Source(path.name, ASKED, f"C{stale[0]}"), count=len(stale))
    if not ("Microsoft" in made.program and "Excel" in made.program):
        made.findings.add("J674", Source(path.name), program=made.program or "不明的软件")
        made.closed = []
    return made


def _formula(sheet: Worksheet, row: int) -> str:
    cell = sheet.get(f"C{row}")
    return "" if cell is None or cell.formula is None else canonical(sheet.formula(cell))


def _program(book: Workbook) -> str:
    """The program that says it saved the workbook last."""
    part = book.package.find("docProps/app.xml")
    found = _PROGRAM.search(book.package.read(part)) if part else None
    return found[1].decode("utf-8", "replace").strip()[:60] if found else ""


def _engines(book: Workbook, made: Answers) -> dict[str, Results]:
    got: dict[str, Results] = {}
    witnesses = Witnesses()
    for name in FAST:
        if ENGINES[name]() is not None:
            continue
        try:
            got[name] = witnesses.recompute(name, book, made.path.name)
        except EngineFailure as failure:
            made.findings.extend([failure.finding])
    return got


def _value(cell: Cell | None) -> Held:
    if cell is None or not cell.error:
        return None if cell is None else cell.value
    return ErrorValue(str(cell.value))


def _held(cell: Cell | None) -> Held:
    """What we hold to be right; an error stands there by its name."""
    value = _value(cell)
    return ErrorValue(value) if isinstance(value, str) and value.startswith("#") else value


def _equal(one: Held | EngineValue, excel: Held) -> bool:
    if isinstance(excel, ErrorValue) or isinstance(one, ErrorValue):
        return one == excel
    return same(excel, float(one) if isinstance(one, Decimal) else one)
