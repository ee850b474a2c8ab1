"""Batch room: a folder of scoring workbooks -> a store -> a summary. In: files; out: who is done, who is worst, why.

Every file is scored as ``jixiao.score`` scores it, or named with the reason why not. The store is Parquet below OUT/store.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jixiao.batch import papers, summarybook, webpage
from jixiao.batch.listing import folders_of, items_of, sources_in
from jixiao.batch.measures import Group, Member, Standing, Summary, Unit, read_members, summarise
from jixiao.batch.running import Done, run
from jixiao.batch.scoring import PROVE, Fill, Options
from jixiao.batch.store import SCHEMAS, TABLES, Query, Store, told
from jixiao.model import framed
from jixiao.office import save_new
from jixiao.report import as_docx

__all__ = [
    "PROVE", "SCHEMAS", "TABLES", "Batch", "Done", "Group", "Member", "Standing", "Summary", "Unit", "batch", "read_members",
    "sources_in",
]  # fmt: skip


@dataclass(slots=True)
class Batch:
    """What a run left: the folder with the store and what was written from it, and the measures."""

    folder: Path
    done: Done
    summary: Summary
    written: list[Path] = field(default_factory=list)

    def __repr__(self) -> str:
        units = self.summary.units
        ranked = self.summary.count(Standing.RANKED)
        return f"<Batch {self.folder.name}: {len(units)} files, {ranked} ranked, {len(self.summary.groups)} rubrics and years>"

    def to_frame(self) -> Any:
        """A pandas table, one row a file, with its standing and rank beside the columns of the store, points exact.

        UsageStop where pandas is not installed.
        """
        known = {unit["path"]: unit for unit in self.summary.units}
        rows = []
        for row in self.summary.query.dicts("FROM units"):
            unit = known[row["path"]]
            rows.append({"path": row["path"], "standing": unit.standing.value, "rank": unit.rank} | row)
        return framed(rows)

    def data(self) -> dict[str, Any]:
        """As plain data for ``batch --json``; points are exact texts."""
        return {
            "files": len(self.summary.units),
            "standings": {standing.value: self.summary.count(standing) for standing in Standing},
            "groups": [_group(group) for group in self.summary.groups],
            "missing": [member.unit for member in self.summary.missing],
            "refused": [
                {
                    "file": unit["file"],
                    "code": unit["code"],
                    "message": unit["message"],
                    "advice": unit["advice"],
                }
                for unit in self.summary.units
                if unit.standing is Standing.REFUSED
            ],
            "findings": [finding.data() for finding in self.summary.findings],
            "written": [str(path) for path in self.written],
        }


def _group(group: Group) -> dict[str, Any]:
    return {
        "rubric": group.rubric,
        "year": group.year,
        "files": group.files,
        "ranked": len(group.units),
        "spread": {name: str(value) for name, value in group.spread().items()},
        "grades": group.grades,
        "units": [
            {
                "rank": unit.rank,
                "unit": unit["unit"],
                "total": str(unit["total"].normalize()),
                "grade": unit["grade"],
                "file": unit["file"],
            }
            for unit in group.units
        ],
    }


def batch(
    place: Path | str,
    folder: Path,
    *,
    prove: str = "none",
    workers: int = 0,
    scheduler: str = "",
    fill: Fill | None = None,
    resume: bool = False,
    units: Path | None = None,
    every: bool = False,
    letters: bool = False,
    definitions: Sequence[Path] = (),
    version: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Batch:
    """Score every workbook of a place into the store of a folder, and measure what is in the store.

    ``letters``: a 整改通知 for each unit. ``workers``: processes, 0 for as many as there are processors; ``scheduler``: an
    address of Dask, or ``local``, instead. ``fill``: the place holds a folder of source files for each unit, of which
    this makes a workbook first. ``version`` is that of who asks. UsageStop, CannotWrite.
    """
    members = read_members(units) if units is not None else []
    say("列出文件")
    listed = items_of(place) if fill is None else folders_of(Path(place))
    own = folder.resolve()  # what an earlier run wrote may lie inside the place
    items = [item for item in listed if not Path(item.path).resolve().is_relative_to(own)]
    store = Store(folder, str(place))
    filled = folder.absolute() / "评分簿"
    if fill is not None:
        with told(filled):
            filled.mkdir(parents=True, exist_ok=True)
    done = run(
        items,
        store,
        Options(prove, tuple(definitions), version, fill, filled),
        workers or os.cpu_count() or 1,
        say,
        resume=resume,
        scheduler=scheduler,
    )
    say("汇总")
    made = Batch(folder, done, summarise(Query(store), members, every=every))
    say("写出汇总")
    _write(made, letters=letters)
    return made


def _write(made: Batch, *, letters: bool) -> None:
    """The summary in its forms; what an earlier run wrote is kept beside them."""
    files = {
        "汇总.xlsx": summarybook.write(made.summary, made.folder),
        "汇总.html": webpage.write(made.summary),
        "汇总报告.docx": as_docx(papers.report(made.summary)),
    }
    made.written = [save_new(made.folder / name, data, overwrite=True) for name, data in files.items()]
    if letters:
        folder = made.folder / "整改通知"
        with told(folder):
            folder.mkdir(exist_ok=True)
        for name, letter in papers.notices(made.summary):
            save_new(folder / name, as_docx(letter), overwrite=True)
        made.written.append(folder)
