"""What a button asks and what it gets back: plain data, so that a service can carry both over a wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

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
SHOWN = 8  # findings in a dialog; the rest is counted


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

    def text(self) -> str:
        """The text of one dialog: the message, then the gravest findings, each with its place and what to do."""
        order = list(LEVEL_TITLES)
        graded = sorted(self.findings, key=lambda f: order.index(Level(f["level"])))
        lines = [self.message] if self.message else []
        lines += [_line(f) for f in graded[:SHOWN]]
        if len(graded) > SHOWN:
            lines.append(f"……另有 {len(graded) - SHOWN} 条")
        return "\n".join(lines)


def _line(finding: Mapping[str, Any]) -> str:
    places = "、".join(
        f"{s['sheet']}!{s['cell']}" if s["sheet"] and s["cell"] else s["sheet"] or s["cell"] or s["file"]
        for s in finding["sources"][:2]
    )
    head = f"【{LEVEL_TITLES[Level(finding['level'])]}】{finding['message']}"
    where = f"（{places}）" if places else ""
    advice = f"：{finding['advice']}" if finding["advice"] else ""
    return f"{head}{where}{advice}"
