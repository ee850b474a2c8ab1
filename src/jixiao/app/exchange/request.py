"""What a button asks and what it gets back: plain data, so that a service can carry both over a wire."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from jixiao.model import LEVEL_TITLES, Finding, Level

VERBS = {
    "new": "新建评分簿",
    "fill": "导入决算",
    "score": "评分当前表",
    "check": "勾稽检查",
    "verify": "核验",
    "report": "生成报告",
    "undo": "撤销本次评分",
    "help": "帮助",
}
SHOWN = 8  # findings on a page of a dialog
_COMMAND = re.compile(rf"(?:运行)? ?jixiao ({'|'.join(VERBS)})(?! (?:[-A-Za-z]|评分簿))\b ?")
"""A command that has a button: in a dialog it is called as the button is."""


@dataclass(frozen=True, slots=True)
class Request:
    """One press of a button.

    ``book`` is the full name or the bare name of an open workbook, ``sheet`` one of its sheets; empty: the active one.
    ``files`` are source files to bring in. ``words`` answer what an earlier ``Answer.need`` asked for: ``rubric``,
    ``target``, ``unit``, ``year``, ``kind``, and ``overwrite`` = ``yes``.
    """

    verb: str
    book: str = ""
    sheet: str = ""
    files: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """What was done, as plain data.

    ``message`` is one Chinese line, ``findings`` the plain data of each finding, ``changed`` how many cells were
    written. ``need`` names the word of ``Request`` that is still wanted, ``options`` what it may be.
    """

    verb: str
    ok: bool = True
    message: str = ""
    book: str = ""
    sheet: str = ""
    changed: int = 0
    total: float | None = None
    rule_total: float | None = None
    grade: str = ""
    path: str = ""
    need: str = ""
    options: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The caption of a dialog."""
        return VERBS.get(self.verb, self.verb)

    def found(self, findings: Sequence[Finding]) -> Answer:
        """The same answer with findings, each once."""
        for finding in findings:
            data = finding.data()
            if data not in self.findings:
                self.findings.append(data)
        return self

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def shown(self) -> list[Shown]:
        """Every finding as a dialog shows it, the gravest first."""
        order = list(LEVEL_TITLES)
        graded = sorted(self.findings, key=lambda f: order.index(Level(f["level"])))
        return [Shown(_line(f), *_place(f, self.book)) for f in graded]

    def text(self) -> str:
        """The text of one dialog: the message, then the gravest findings, each with its place and what to do."""
        found = self.shown()
        said = any(item["message"] == self.message for item in self.findings)
        lines = [self.message] if self.message and not said else []
        lines += [item.text for item in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"……另有 {len(found) - SHOWN} 条")
        return "\n".join(lines)


class Shown(NamedTuple):
    """A finding in a dialog: its text, and a cell of the open workbook that it is about; empty where there is none."""

    text: str
    sheet: str = ""
    cell: str = ""


def _place(finding: Mapping[str, Any], book: str) -> tuple[str, str]:
    """The first cell of a finding that lies in the open workbook."""
    for source in finding["sources"]:
        if source["sheet"] and source["cell"] and source["file"] in ("", book):
            return source["sheet"], source["cell"]
    return "", ""


def _line(finding: Mapping[str, Any]) -> str:
    places = "、".join(
        f"{s['sheet']}!{s['cell']}" if s["sheet"] and s["cell"] else s["sheet"] or s["cell"] or s["file"]
        for s in finding["sources"][:2]
    )
    head = f"【{LEVEL_TITLES[Level(finding['level'])]}】{finding['message']}"
    where = f"（{places}）" if places else ""
    advice = f"：{_COMMAND.sub(lambda m: f'“{VERBS[m[1]]}”', finding['advice'])}" if finding["advice"] else ""
    return f"{head}{where}{advice}"
