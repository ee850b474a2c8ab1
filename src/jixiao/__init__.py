"""jixiao (绩效): government budget performance scored from the accounts, every point traceable and proved.

The same verbs as the command line, with results as values. Importing this costs nothing: each name loads what it
needs when it is used.

    >>> import jixiao
    >>> card = jixiao.score("评分簿.xlsx")
    >>> card.total, card.rule_total, card.grade
    (Decimal('82.27'), Decimal('82.00'), '良')
"""

from __future__ import annotations

import sys as _sys
import types as _types
import typing as _typing

if _typing.TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from jixiao.audit import Audit, Comparison
    from jixiao.batch import Batch
    from jixiao.master import Shown
    from jixiao.model import Busy, CannotWrite, FactSet, Finding, Findings, LimitReached, Refused, UsageStop
    from jixiao.pipeline import FillResult
    from jixiao.report import Published
    from jixiao.scoring import Scorecard
    from jixiao.verify import Reviewed, Seal, Verified

    Place = str | PathLike[str]

# Stands here and in pyproject.toml (tests/house compares): an installation from a checkout keeps the number of the day
# it was made, and the buttons ask by number whether they fit this service.
__version__ = "0.2.0"

__all__ = [
    "Busy", "CannotWrite", "Finding", "LimitReached", "Refused", "Scorecard", "UsageStop", "__version__", "audit", "batch",
    "check", "compare", "fill", "new", "read", "report", "review", "score", "seal", "show", "verify",
]  # fmt: skip


def new(
    rubric: str, path: Place, *, unit: str = "", year: str = "", definitions: Sequence[Place] = ()
) -> Path:
    """An empty scoring workbook of a rubric (its id or a definition file) at a path where nothing stands yet.

    Raises UsageStop (unknown rubric), CannotWrite.

    >>> jixiao.new("suixi-2022", "空白.xlsx", unit="遂溪县招商局").name
    '空白.xlsx'
    """
    from jixiao import pipeline

    return pipeline.new(rubric, _path(path), unit=unit, year=year, definitions=_paths(definitions))


def fill(
    path: Place,
    sources: Sequence[Place],
    *,
    facts: Place | None = None,
    none: Sequence[str] = (),
    definitions: Sequence[Place] = (),
) -> FillResult:
    """Bring source files (and a YAML or JSON file of named facts) into a workbook; it is checked, scored and saved.

    ``none`` names counts of what did not happen, which a person confirms as 0 (``["全部"]``: all without a number).
    Raises Refused, Busy, LimitReached, CannotWrite, UsageStop; the workbook is then as it was.

    >>> done = jixiao.fill("空白.xlsx", ["来源/决算报表.xlsx"])
    >>> done.facts > 10, done.backup is not None
    (True, True)
    """
    from jixiao import pipeline

    facts_file = _path(facts) if facts is not None else None
    return pipeline.fill(
        _path(path), _paths(sources), facts_file=facts_file, none=none, definitions=_paths(definitions)
    )


def score(path: Place) -> Scorecard:
    """The scorecard of a workbook. The file is not changed; ``jixiao score`` on the command line also writes.

    Points are exact decimals. Raises Refused where it is not a scoring workbook.

    >>> card = jixiao.score("评分簿.xlsx")
    >>> card
    <Scorecard 遂溪县招商局 2022: 82.27 (rule 82) 良, 30 indicators, suixi-2022>
    >>> card["预算编制准确性"].rule_points, card["预算编制准确性"].points
    (Decimal('4.50'), Decimal('4.4'))
    >>> list(card.to_frame().columns)[:4]
    ['id', 'number', 'title', 'full']
    """
    from jixiao import pipeline

    return pipeline.score(_path(path), write=False)


def check(path: Place) -> Findings:
    """What contradicts what in a workbook and the documents it was filled from.

    >>> findings = jixiao.check("评分簿.xlsx")
    >>> any("36.58" in finding.message and "32.42" in finding.message for finding in findings.errors)
    True
    >>> list(findings.to_frame().columns)
    ['code', 'level', 'message', 'advice', 'place']
    """
    from jixiao import pipeline

    return pipeline.check(_path(path))[1]


def read(path: Place) -> FactSet:
    """The facts of a source file, or those that a scoring workbook holds, each with the cell that proves it.

    >>> facts = jixiao.read("来源/决算报表.xlsx")
    >>> facts.of("年度支出决算数")[0].value
    Decimal('139.4')
    >>> list(facts.to_frame().columns)
    ['name', 'value', 'unit', 'file', 'sheet', 'cell', 'label', 'document', 'form']
    """
    from jixiao import pipeline

    return pipeline.read(_path(path))


def verify(
    *paths: Place, engines: Sequence[str] = ("fast",), seal: str = "", public_key: Place | None = None
) -> list[Verified]:
    """Prove workbooks: definition, formulas, recomputation by independent engines, cached values.

    ``seal`` is the seal that the one workbook must have: a file of ``seal``, or a digest as it was printed;
    ``public_key`` that of who signed it.

    ``engines``: ``fast`` (two compiled engines calculate the file as it is), ``formulas``, ``libreoffice`` or ``all``.

    >>> jixiao.verify("评分簿.xlsx")[0].proved
    True
    """
    from jixiao import pipeline

    public = _path(public_key) if public_key is not None else None
    return pipeline.verify(_paths(paths), engines=engines, kept=seal, public_key=public)


def seal(path: Place, target: Place | None = None, *, key: Place | None = None) -> Seal:
    """The short digest of a workbook, filed at ``target`` where one is given, signed with an Ed25519 key (PEM).

    It is the same for a copy saved by another program, and another one once anything is changed. An office that keeps
    it knows the workbook again: ``jixiao verify --seal``.

    >>> made = jixiao.seal("评分簿.xlsx", "评分簿.封存.json")
    >>> len(made.short), sorted(made.groups)
    (24, ['判定', '印出', '定义', '数据', '结果'])
    """
    from jixiao import pipeline

    return pipeline.seal(
        _path(path),
        _path(target) if target is not None else None,
        key=_path(key) if key is not None else None,
    )


def review(path: Place, state: str = "", *, who: str = "", why: str = "") -> Reviewed:
    """Put a workbook into a state of the review (已复核, 定稿, 草稿 with a reason) in somebody's name; without a name look.

    What is signed is sealed in the workbook: changed afterwards, it is named as changed. Raises UsageStop, Refused.

    >>> jixiao.review("评分簿.xlsx").steps  # nobody has signed; with who="张三" it is signed and saved
    []
    """
    from jixiao import pipeline

    return pipeline.review(_path(path), state, who=who, why=why)


def report(path: Place, target: Place, *, kind: str = "", draft: bool = False) -> Published:
    """The report of a workbook as .docx: 核查 or 自评 (what fits the rubric where ``kind`` is empty).

    Raises Refused where the workbook does not verify or something is pending; ``draft`` writes a marked draft then.

    >>> jixiao.report("评分簿.xlsx", "核查报告.docx", draft=True).kind
    '核查'
    """
    from jixiao import pipeline

    return pipeline.report(_path(path), _path(target), kind=kind, draft=draft)


def show(path: Place, name: str, *, source: Place | None = None) -> Shown:
    """Where a fact of a workbook stands; from a PDF also the strip of the page around it, as PNG in ``picture``.

    ``source`` is that PDF, where it does not lie beside the workbook. Raises UsageStop (unknown name), Refused.

    >>> jixiao.show("评分簿.xlsx", "年度支出决算数").found[0].source.cell
    'P34'
    """
    from jixiao import pipeline

    return pipeline.show(_path(path), name, None if source is None else _path(source))


def audit(path: Place, book: Place, table: Place | None = None, since: Place | None = None) -> Audit:
    """Every figure and claim of a written report (.docx, .txt, .pdf) held against a workbook. Nothing is written.

    ``table`` is the official table (.xlsx, .docx) whose criteria the report quotes, ``since`` the ``--json`` of an audit
    before: its findings are told as settled, remaining or new.

    >>> audit = jixiao.audit("核查报告.docx", "评分簿.xlsx")
    >>> len(audit.statements) > 100, audit.shares()["不一致"]
    (True, 0)
    """
    from jixiao import pipeline

    given = (None if each is None else _path(each) for each in (table, since))
    return pipeline.audit(_path(path), _path(book), *given)


def compare(before: Place, after: Place | None = None) -> Comparison:
    """Two workbooks of one rubric (自评, 核查) side by side, or 自评分 and awarded points of one. UsageStop where rubrics differ.

    >>> jixiao.compare("评分簿.xlsx", "评分簿.xlsx").summary()
    '自评82.27分，核查82.27分，无增减。'
    """
    from jixiao import pipeline

    return pipeline.compare(_path(before), None if after is None else _path(after))


def batch(
    place: Place,
    folder: Place,
    *,
    prove: str = "none",
    workers: int = 0,
    scheduler: str = "",
    from_sources: str = "",
    resume: bool = False,
    units: Place | None = None,
    every: bool = False,
    letters: bool = False,
    definitions: Sequence[Place] = (),
) -> Batch:
    """Score every workbook of a folder (a zip, a list of files, an address of an object store) and measure what is there.

    ``from_sources``: a rubric, of which a workbook is filled first for each sub-folder of source files, which is called
    after its unit. ``scheduler``: the address of a Dask scheduler, or ``local``. ``prove``: none, sample or all are recomputed by
    independent engines; ``resume`` goes on with a run that was ended; ``units`` is the list of those that should report
    (.csv); ``every`` ranks also what is not trusted; ``letters`` writes a 整改通知 for each unit. The store is
    Parquet below ``folder/store``. Guard the call by ``if __name__ == "__main__"`` in a script: processes are started.

    >>> done = jixiao.batch("评分簿", "汇总", workers=1)
    >>> done.summary.groups[0].units[0]["total"]
    Decimal('82.27')
    >>> list(done.to_frame().columns)[:3]
    ['path', 'standing', 'rank']
    """
    from jixiao import pipeline

    return pipeline.batch(
        str(place) if "://" in str(place) else _path(place),
        _path(folder),
        prove=prove,
        workers=workers,
        scheduler=scheduler,
        from_sources=from_sources,
        resume=resume,
        units=_path(units) if units is not None else None,
        every=every,
        letters=letters,
        definitions=_paths(definitions),
        version=__version__,
    )


def _path(path: Place) -> Path:
    from pathlib import Path

    return Path(path)


def _paths(paths: Sequence[Place]) -> list[Path]:
    return [_path(path) for path in paths]


if not _typing.TYPE_CHECKING:  # a checker of types sees the names above, and no others

    def __getattr__(name: str) -> _typing.Any:
        if name not in __all__:
            raise AttributeError(f"module 'jixiao' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module("jixiao.scoring" if name == "Scorecard" else "jixiao.model"), name)


class _Gate(_types.ModuleType):
    """Importing a room binds it here by its name; a public function of the same name (verify) stays the function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, _types.ModuleType) and name in __all__):
            super().__setattr__(name, value)


_sys.modules[__name__].__class__ = _Gate
