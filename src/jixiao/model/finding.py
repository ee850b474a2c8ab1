"""Finding: a problem in data, as a value; the catalogue in findings/ words it.

A finding is returned, never raised. ``Refused`` and its kin are the few ways in which a command stops: each
carries one finding and the exit code of the command line.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.model.source import Source
from jixiao.model.strict import read_plain, read_yaml


class Level(StrEnum):
    """How serious a finding is; only ``ERROR`` changes the exit code."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FindingKind(StrEnum):
    """What a finding is, where a room treats some findings apart: declared beside the code, so that code branches on no code."""

    AWARD = (
        "award"  # points that a person awarded against the rule or without a ground: to be looked at again
    )
    UNREASONED = "unreasoned"  # awarded points without a reason, which do not count
    UNDEFINED = "undefined"  # a rate that cannot be computed although its figures are there
    RESTATED = "restated"  # of scoring; the checks on points say the same with both places
    BOOK = "book"  # about cells that only a scoring workbook has
    STRANGER = "stranger"  # a sheet that no form knows
    STANDING = "standing"  # what holds of a workbook as it is now: filling it says so too
    UNTRUSTED = "untrusted"  # rules or figures are not what they were: the workbook is scored and stays out of rankings
    SIGNED = "signed"  # a workbook is no longer as somebody signed it
    UNREAD = "unread"  # a table that was recognised by its title and not understood
    STATEMENT = "statement"  # of one statement of an audited report
    IMPORT = "import"  # of a definition; an official table that was just read is not asked for it
    DECIDED = "decided"  # a defect of the official table, with how its definition reads it
    UNUSABLE = "unusable"  # an official table that cannot become a definition before it is put right


KEYS = frozenset({"level", "message", "advice", "about", "kinds", "problem"})
LEVEL_TITLES = {Level.ERROR: "错误", Level.WARNING: "提醒", Level.NOTE: "说明"}


class Finding(NamedTuple):
    """One problem: code of the catalogue, level, the figures that fill its message, and the places concerned.

    ``subjects`` are the names of the vocabulary that it is about.
    """

    code: str
    level: Level
    message: str
    advice: str = ""
    sources: tuple[Source, ...] = ()
    args: tuple[tuple[str, str], ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[FindingKind]:
        """What the catalogue says that it is."""
        return _entry(self.code).kinds

    @property
    def problem(self) -> str:
        """How a report words it as a problem of the unit, with the names of the message; empty where it is none."""
        return _entry(self.code).problem

    def line(self) -> str:
        """The finding as one Chinese line."""
        places = "；".join(source.place() for source in self.sources)
        text = f"[{self.code}] {self.message}"
        if places:
            text += f"｜{places}"
        return f"{text}｜{self.advice}" if self.advice else text

    def data(self) -> dict[str, Any]:
        """The finding as plain data for ``--json``."""
        return {
            "code": self.code,
            "level": self.level.value,
            "message": self.message,
            "advice": self.advice,
            "sources": [
                {"file": s.file, "sheet": s.sheet, "cell": s.cell, "label": s.label}
                | ({"box": list(s.box)} if s.box else {})
                for s in self.sources
            ],
        }


@dataclass(slots=True)
class Findings:
    """A list of findings with the few questions every door asks of it."""

    items: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        *sources: Source,
        level: Level | None = None,
        subjects: Iterable[str] = (),
        **args: object,
    ) -> Finding:
        """Make a finding from the catalogue and keep it."""
        found = make(code, *sources, level=level, subjects=subjects, **args)
        self.items.append(found)
        return found

    def extend(self, others: Iterable[Finding]) -> None:
        """Keep findings made elsewhere."""
        self.items.extend(others)

    @property
    def errors(self) -> list[Finding]:
        """Those of level error."""
        return [item for item in self.items if item.level is Level.ERROR]

    def __repr__(self) -> str:
        return "\n".join(
            [f"<Findings {len(self.items)}>", *(f"  {f.level.value} {f.line()}" for f in self.items)]
        )

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def to_frame(self) -> Any:
        """A pandas table: code, level, message, advice, place. UsageStop where pandas is not installed."""
        rows = [
            {
                "code": f.code,
                "level": f.level.value,
                "message": f.message,
                "advice": f.advice,
                "place": "；".join(s.place() for s in f.sources),
            }
            for f in self.items
        ]
        return framed(rows, ("code", "level", "message", "advice", "place"))


class CatalogueEntry(NamedTuple):
    """One code of the catalogue: its level, the message and advice templates, and what it means.

    ``problem`` is the sentence of a report about a finding that is a defect of the unit's documents.
    """

    code: str
    level: Level
    message: str
    advice: str
    about: str
    kinds: frozenset[FindingKind] = frozenset()
    problem: str = ""


@functools.cache
def catalogue() -> dict[str, CatalogueEntry]:
    """All codes of the files of findings/ beside this file (one file a room)."""
    entries: dict[str, CatalogueEntry] = {}
    for file in _texts():
        for code, entry in _entries(file).items():
            if code in entries:
                raise KeyError(f"{code} stands twice in the catalogue")
            entries[code] = entry
    return entries


def _entry(code: str) -> CatalogueEntry:
    """One code; only the file that words it is read as data, because a command has few findings or none."""
    file = next((file for file, text in _texts().items() if f"\n{code}:" in f"\n{text}"), None)
    if file is None:
        raise KeyError(f"{code} stands not in the catalogue")
    return _entries(file)[code]


@functools.cache
def _texts() -> dict[Path, str]:
    folder = Path(__file__).with_name("findings")
    return {file: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}


@functools.cache
def _entries(file: Path) -> dict[str, CatalogueEntry]:
    return {
        code: CatalogueEntry(
            code,
            Level(body["level"]),
            body["message"],
            body.get("advice") or "",
            body["about"],
            frozenset(map(FindingKind, body.get("kinds", "").split())),
            body.get("problem", ""),
        )
        for code, body in _bodies(file).items()
    }


def _bodies(file: Path) -> Mapping[str, Mapping[str, Any]]:
    """The codes of one file; with the YAML library only where the file needs it or is wrong."""
    text = _texts()[file]
    made = read_plain(text)
    if made is not None and all({"level", "message", "about"} <= b.keys() <= KEYS for b in made.values()):
        return made
    read = read_yaml(text, file.name)
    for body in read.values():
        body.only(("level", "message", "about"), KEYS)
    return read


def make(
    code: str, *sources: Source, level: Level | None = None, subjects: Iterable[str] = (), **args: object
) -> Finding:
    """A finding worded by the catalogue; an unknown code or a missing argument is our own bug (KeyError)."""
    entry = _entry(code)
    words = {key: str(value) for key, value in args.items()}
    return Finding(
        code,
        level or entry.level,
        entry.message.format(**words),
        entry.advice.format(**words),
        tuple(sources),
        tuple(sorted(words.items())),
        tuple(subjects),
    )


class Stop(Exception):  # noqa: N818 - it is a stop with a reason, not an error of ours
    """A command cannot go on; ``finding`` says why, ``exit_code`` is design §6's; ``more`` names each place to mend."""

    exit_code = 3
    more: Sequence[Finding] = ()

    def __init__(self, code: str, *sources: Source, **args: object) -> None:
        self.finding = make(code, *sources, level=Level.ERROR, subjects=(), **args)
        super().__init__(self.finding.line())


class UsageStop(Stop):
    """Wrong usage: an unknown rubric, fact or option value."""

    exit_code = 2


class Refused(Stop):
    """An input is refused: unreadable, unsupported, encrypted, hostile."""

    exit_code = 3


class Busy(Stop):
    """The target is open elsewhere or changed meanwhile."""

    exit_code = 4


class LimitReached(Stop):
    """A limit of size, nesting or time was reached."""

    exit_code = 5


class CannotWrite(Stop):
    """The target cannot be written."""

    exit_code = 6


def framed(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> Any:
    """Rows as a pandas table, with ``columns`` where there may be no row; UsageStop where pandas is not installed."""
    try:
        import pandas as pd  # only where a table is asked for
    except ImportError as error:
        raise UsageStop("J888") from error
    return pd.DataFrame(rows, columns=list(columns) or None)
