"""A workbook -> a report in a file: only a workbook that verifies, with nothing pending; a draft says what lacks."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.master import ScoringBook, open_scoring_book, scored
from jixiao.model import Finding, FindingKind, Findings, Refused, Source, UsageStop, make
from jixiao.office import check_writable, save_new
from jixiao.report.compose import compose, people_in
from jixiao.report.material import CHECKED, OWN, Material, gather, placed, without_own
from jixiao.report.outline import KINDS
from jixiao.report.parts import Report
from jixiao.report.pdf import to_pdf
from jixiao.report.projects import self_made
from jixiao.report.proving import Picture
from jixiao.report.proving import write as write_page
from jixiao.report.template_file import Name, fill, names, values_of
from jixiao.report.traced import marking, unmarked
from jixiao.verify import Prover, Verified, usable_engines, verify_one

LISTED = 5


@dataclass(slots=True)
class Published:
    """What was written: the report, its PDF (None without one), what a draft still lacks, notes on the way.

    ``open`` is what the checks found and the report does not tell of.
    """

    path: Path
    kind: str
    pdf: Path | None = None
    pending: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    open: list[Finding] = field(default_factory=list)


def publish(
    book: Path,
    target: Path,
    *,
    kind: str = "",
    draft: bool = False,
    pdf: bool = False,
    template: Path | None = None,
    definitions: Sequence[Path] = (),
    picture: Picture = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write the report of a scoring workbook as .docx or as a self-proving page (.html); an existing file is kept.

    ``picture`` gives the place of a figure on paper (PNG) for the page; ``template`` is a Word file of the user's own with
    names in it (``names_for``).
    ``kind`` is 核查 or 自评; without it a workbook with self-evaluation forms gives 自评, any other 核查.
    Refused (3): the workbook does not verify (J701) or has open points (J702), or lacks the points that
    the kind is about (J707, J708) or the texts that only a person can write (J710), and no draft is asked for.
    UsageStop (2): an unknown kind, a target that is neither, PDF of a page, or a folder. CannotWrite, Busy as in saving.
    """
    as_page = target.suffix.lower() == ".html"
    _usable(target, kind, pdf=pdf, template=template)
    say(f"核验 {book.name}")
    proved = verify_one(book, _prover(), _engines(draft=draft), definitions)
    say("撰写报告")
    opened = open_scoring_book(book)
    chosen = kind or _kind(opened)
    if as_page:  # a mark may only stand where we put it
        opened.entries = {k: unmarked(v) if isinstance(v, str) else v for k, v in opened.entries.items()}
    marks: list[object] = []
    with marking(marks) if as_page else contextlib.nullcontext():
        material = gather(opened, scored(opened), definitions)
        if not draft:
            _fits(material, chosen, book)
        material = placed(material, chosen)
        _accept(proved, material, book, draft=draft)
        report = compose(material, chosen, draft=draft)
    _written(report, opened)
    if as_page:
        data = write_page(report, marks, material, opened, picture)
    elif template is not None:
        data = fill(template, values_of(material, report, people_in(material, chosen)), draft=draft)
    else:
        data = as_docx(report)
    path = save_new(target, data, overwrite=True)
    made = Published(path, chosen, pending=list(report.pending), open=list(material.open))
    if pdf:
        say("转换为 PDF")
        _pdf(made, data)
    return made


def _usable(target: Path, kind: str, *, pdf: bool, template: Path | None) -> None:
    """UsageStop where the words of the command do not go together; Busy, CannotWrite where the file cannot be written."""
    as_page = target.suffix.lower() == ".html"
    if target.suffix.lower() not in (".docx", ".html") or (as_page and (pdf or template is not None)):
        raise UsageStop("J706", name=target.name)
    if kind and kind not in KINDS:
        raise UsageStop("J703", kind=kind, kinds="、".join(KINDS))
    for file in (target, *([target.with_suffix(".pdf")] if pdf else [])):
        if file.is_dir():
            raise UsageStop("J709", name=file.name)
        if file.exists():
            check_writable(file)


def names_for(book: Path, kind: str = "") -> list[Name]:
    """The names that a template of the user's own may use, with what they mean and give for this workbook."""
    opened = open_scoring_book(book)
    chosen = kind or _kind(opened)
    material = placed(gather(opened, scored(opened)), chosen)
    return names(material, compose(material, chosen), people_in(material, chosen))


def report_of(book: Path, kind: str, *, draft: bool = False) -> Report:
    """What the report of a workbook would say, whether it verifies or not; nothing is written."""
    opened = open_scoring_book(book)
    return compose(placed(gather(opened, scored(opened)), kind), kind, draft=draft)


def as_docx(report: Report) -> bytes:
    """The report as a Word document."""
    from jixiao.report.typeset import write

    return write(report)


@functools.cache
def _prover() -> Prover:
    """Formulas compiled for one workbook serve every other of its rubric."""
    return Prover()


def _engines(*, draft: bool) -> tuple[str, ...]:
    """The engines that prove a workbook here; a draft needs no proof."""
    return () if draft else usable_engines()


def _kind(book: ScoringBook) -> str:
    return OWN if self_made(book.rubric) else CHECKED


def _accept(proved: Verified, material: Material, book: Path, *, draft: bool) -> None:
    """Refuse a workbook that is not proved or not finished; for a draft note it down instead."""
    errors = [
        finding.message for finding in proved.findings.errors if FindingKind.UNREASONED not in finding.kinds
    ]
    if draft:
        more = [f"另有{len(errors) - LISTED}处，见 jixiao verify"] if len(errors) > LISTED else []
        material.unproved = [f"核验未通过：{text}" for text in (*errors[:LISTED], *more)]
        return
    if errors or not proved.proved:
        why = "；".join(errors[:LISTED]) or "没有可用的复算引擎，请安装 jixiao[verify] 或 LibreOffice"
        raise Refused("J701", Source(book.name), why=why)
    pending = material.pending()
    if pending:
        listed = "；".join(pending[:LISTED])
        raise Refused("J702", Source(book.name), count=len(pending), names=listed)


def _fits(material: Material, kind: str, book: Path) -> None:
    """Refuse a finished report about points that the workbook does not hold: the unit's own, or the reviewer's."""
    lacking = without_own(material) if kind == OWN else []
    if lacking:
        raise Refused("J707", Source(book.name), count=len(lacking), names="、".join(lacking[:LISTED]))
    if kind == CHECKED and self_made(material.rubric):
        raise Refused("J708", Source(book.name))


def _written(report: Report, book: ScoringBook) -> None:
    """Refuse a finished report that needs texts which nobody wrote, with the cell, guidance and example of each."""
    needs = report.unwritten
    if report.draft or not needs:
        return
    places = [book.plan.places[need.entry] for need in needs]
    more = [
        make(
            "J711", Source(book.path.name, place.sheet, place.ref), title=need.title, hint=need.hint, example=need.example
        )
        for need, place in zip(needs, places, strict=True)
    ]  # fmt: skip
    names = "、".join(need.title for need in needs)
    stop = Refused("J710", Source(book.path.name), count=len(needs), names=names)
    stop.more = more
    raise stop


def _pdf(made: Published, data: bytes) -> None:
    result = to_pdf(data, made.path.name)
    if isinstance(result, Finding):
        made.findings.extend([result])
    else:
        made.pdf = save_new(made.path.with_suffix(".pdf"), result, overwrite=True)
