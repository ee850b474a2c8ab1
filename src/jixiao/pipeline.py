"""The floor plan: one call per room, in order. The only file that knows the order of the rooms.

    sources ─▶ intake ─▶ fill (master) ─▶ checks ─▶ scoring ─▶ master ─▶ workbook ─▶ verify

Rooms are imported where they are called, so that scoring a workbook does not pay for reading sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.model import Finding, Findings, Source, UsageStop

if TYPE_CHECKING:
    from jixiao.audit import Audit, Comparison
    from jixiao.batch import Batch
    from jixiao.checks import Checked
    from jixiao.master import Gap, ScoringBook, Shown
    from jixiao.model import Fact, FactSet
    from jixiao.office import Fingerprint
    from jixiao.report import Name, Published
    from jixiao.rubric import Rubric
    from jixiao.scoring import Scorecard
    from jixiao.verify import Answers, Reviewed, Seal, Verified

Say = Callable[[str], None]


def quiet(_: str) -> None:
    """No progress is shown."""


def rubric(
    name: str,
    definitions: Sequence[Path] = (),
    *,
    doubtful: bool = False,
    projects: int | None = None,
    form: str = "",
) -> Rubric:
    """A rubric by id or file; UsageStop with the nearest id where it is unknown.

    ``doubtful``: gaps and overlaps of bands pass, so that the lint can name them all.
    """
    from jixiao.model import DefinitionError, nearest
    from jixiao.rubric import load, shipped

    try:
        return load(name, definitions, doubtful=doubtful, projects=projects, form=form)
    except KeyError as error:
        known = shipped(definitions)
        raise UsageStop("J801", name=name, near=nearest(name, known) or "、".join(known)) from error
    except DefinitionError as error:
        raise UsageStop("J802", Source(Path(name).name), problem=str(error)) from error


def new(
    name: str,
    path: Path,
    *,
    unit: str = "",
    year: str = "",
    definitions: Sequence[Path] = (),
    projects: int | None = None,
    form: str = "",
) -> Path:
    """An empty scoring workbook, never over a file (CannotWrite), with ``projects`` tables of a ``form`` (else the rubric's)."""
    from jixiao.master import build
    from jixiao.office import save_new
    from jixiao.rubric import own_year
    from jixiao.scoring import UNIT, YEAR

    made = rubric(name, definitions, projects=projects, form=form)
    return save_new(path, build(made, {UNIT: unit or None, YEAR: year or own_year(made)}))


def new_from(
    last: Path, path: Path, name: str = "", *, unit: str = "", year: str = "", **tables: Any
) -> Findings:
    """Next year's workbook from this year's, of its own rubric or another (``tables`` as in ``rubric``); what was carried."""
    from jixiao.master import open_scoring_book, roll_forward
    from jixiao.office import save_new

    before = open_scoring_book(last)
    made = rubric(name or before.rubric.id, **tables) if name or any(tables.values()) else before.rubric
    data, findings = roll_forward(before, made, unit, year)
    save_new(path, data)
    return findings


def suits(name: str, *, unit: str = "", year: str = "", definitions: Sequence[Path] = ()) -> Findings:
    """What speaks against a rubric for a unit and year: questions not answered, another year, another place."""
    from jixiao.rubric import speaks_against

    return speaks_against(rubric(name, definitions), name, unit, year)


@dataclass(slots=True)
class FillResult:
    """What a fill did."""

    findings: Findings
    facts: int
    sheets: int
    backup: Path | None = None
    card: Scorecard | None = field(default=None, repr=False)


def fill(
    path: Path,
    sources: Sequence[Path],
    *,
    facts_file: Path | None = None,
    none: Sequence[str] = (),
    asked: Mapping[str, Fact] | None = None,
    own: bool = False,
    definitions: Sequence[Path] = (),
    say: Say = quiet,
) -> FillResult:
    """Bring tables and named facts into a workbook, check them, score, save.

    ``none``: counts of what did not happen (全部: all without a number), which become 0. ``asked``: facts that a person
    typed when asked (``intake.typed_fact``), by name. ``own``: the points as they are then become the unit's 自评分.
    """
    import datetime

    from jixiao.intake import read, read_named
    from jixiao.master import fill_book, keep_own, open_scoring_book, recheck, rescore, strangers
    from jixiao.model import FindingKind, Refused
    from jixiao.office import check_writable, save_over

    check_writable(path)
    book = open_scoring_book(path)
    if book.text("reviews"):
        from jixiao.verify import refuse_final

        refuse_final(book)
    say("读取来源")
    reading = read(sources, definitions=definitions) if sources else None
    if reading is not None and not reading.recognised:
        for finding in reading.findings:
            if FindingKind.UNREAD in finding.kinds:
                raise Refused(finding.code, *finding.sources, **dict(finding.args))
        raise Refused(
            "J803", *(Source(source.name) for source in sources), files="、".join(s.name for s in sources)
        )
    named = (
        read_named(facts_file, (need.concept for need in book.rubric.facts.values())) if facts_file else None
    )
    findings = Findings(list(reading.findings) if reading else [])
    say("取数并建立链接")
    when = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    done = fill_book(book, reading, named, when, none, asked)
    findings.extend(done.findings)
    findings.extend(strangers(book, {sheet.file for sheet in reading.sheets} if reading else ()))
    say("勾稽核对")
    recheck(book, definitions)
    if own:
        findings.extend(keep_own(book))
    card = rescore(book)
    findings.extend(finding for finding in card.findings if FindingKind.STANDING in finding.kinds)
    book.book.force_full_calc()
    backup = save_over(path, book.to_bytes(), book.fingerprint)
    return FillResult(findings, done.facts, done.sheets, backup, card)


def score(path: Path, *, write: bool = True) -> Scorecard:
    """Score a workbook from its entries and write the results back into it; a final one is only read."""
    from jixiao.master import open_scoring_book, rescore, scored

    if write:
        from jixiao.office import check_writable

        check_writable(path)
    book = open_scoring_book(path)
    signed = reviewed(book)  # before anything is put back
    if final(book):
        card = scored(book)
        card.findings.items[:0] = [*book.findings, *signed]
        return card
    taken = _typed(book)
    card = rescore(book, _recheck)
    card.findings.extend([*taken, *signed])
    if write:
        from jixiao.office import save_over

        save_over(path, book.to_bytes(), book.fingerprint)
    return card


def reviewed(book: ScoringBook) -> Findings:
    """How far the review of a workbook is, and what was changed since somebody signed it."""
    if not book.text("reviews"):
        return Findings()
    from jixiao.master import scored
    from jixiao.verify import review_findings

    return review_findings(book, scored(book))


def final(book: ScoringBook) -> bool:
    """Whether a workbook is final: nothing is written into it any more."""
    if not book.text("reviews"):
        return False
    from jixiao.master import State, last_step

    return last_step(book).state is State.FINAL


def review(
    path: Path,
    state: str = "",
    *,
    who: str = "",
    why: str = "",
    definitions: Sequence[Path] = (),
    say: Say = quiet,
) -> Reviewed:
    """Put a workbook into a state (已复核 where none is named) in somebody's name; without a name only look.

    It is scored and proved first. UsageStop: no name, no reason; Refused: it is not ready for the state.
    """
    import datetime

    from jixiao.master import State, open_scoring_book, steps
    from jixiao.office import check_writable, save_over
    from jixiao.verify import Prover, Reviewed, take_step, usable_engines, verify_one

    said: list[Finding] = []
    if who or state:
        check_writable(path)
        book = open_scoring_book(path)
        if not final(book):
            before = list(reviewed(book))
            said = [finding for finding in score(path).findings if finding not in before]
        say("核验")
        proved = verify_one(path, Prover(), usable_engines(), definitions)
        book = open_scoring_book(path)
        when = datetime.datetime.now().astimezone().isoformat(" ", "minutes")[:16]
        take_step(proved, book, State(state or State.REVIEWED), who, when, why)
        save_over(path, book.to_bytes(), book.fingerprint)
    book = open_scoring_book(path)
    return Reviewed(steps(book), Findings([*reviewed(book), *said]))


def typed(book: ScoringBook) -> bool:
    """Whether people typed something on 待填 that is not yet in 取数."""
    from jixiao.scoring import Keys

    return any(book.entries.get(Keys(name).typed) is not None for name in book.rubric.facts)


def _typed(book: ScoringBook) -> Findings:
    """What people typed on 待填, taken into 取数; what is said of it."""
    import datetime

    if not typed(book):
        return Findings()
    from jixiao.master import fill_book  # nothing of it is needed to score

    return fill_book(
        book, None, None, datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    ).findings


def wanting(path: Path) -> list[Gap]:
    """The facts that a workbook still waits for, in the order in which one gathers them."""
    from jixiao.master import gaps, open_scoring_book

    return gaps(open_scoring_book(path))


def _recheck(book: ScoringBook) -> list[Checked]:
    from jixiao.master import recheck  # only where something was typed since

    return recheck(book)


def check(
    path: Path, *, definitions: Sequence[Path] = (), previous: Sequence[Path] = ()
) -> tuple[list[Checked], Findings]:
    """Contradictions within and between the documents that a workbook was filled from, and in its scores.

    ``previous`` are the year before's scoring workbook or its source files, for the checks between years.
    """
    from jixiao.master import open_scoring_book

    return check_book(open_scoring_book(path), definitions=definitions, previous=previous)


def check_book(
    book: ScoringBook, *, definitions: Sequence[Path] = (), previous: Sequence[Path] = ()
) -> tuple[list[Checked], Findings]:
    """The same for a scoring workbook that is open already."""
    from jixiao.authoring import lint
    from jixiao.master import checked, in_table, scored, told, year_before
    from jixiao.model import FindingKind, Level

    made = checked(book, definitions, year_before(book, previous, definitions) if previous else None)
    found = Findings(list(book.findings))
    found.extend([*told(book, scored(book), made), *reviewed(book)])
    for doubt in lint(book.rubric):
        place = in_table(book, doubt)
        if FindingKind.DECIDED in doubt.kinds or doubt.level is not Level.NOTE:
            found.extend([doubt._replace(sources=(place,)) if place else doubt])
    return made, found


def read(path: Path) -> FactSet:
    """The facts of a source file, or those that a scoring workbook holds."""
    from jixiao.master import NotOurs, open_scoring_book
    from jixiao.model import FactSet

    try:
        book = open_scoring_book(path)
    except NotOurs:
        from jixiao.intake import read as read_sources

        return read_sources([path]).facts
    return FactSet([item.fact for item in book.located()])


def show(path: Path, name: str, source: Path | None = None) -> Shown:
    """Where a fact stands. ``source``: its PDF, where it does not lie beside the workbook or here. UsageStop, Refused."""
    from jixiao.master import show as look_up

    return look_up(path, name, source)


def verify(
    paths: Sequence[Path],
    *,
    engines: Sequence[str] = ("fast",),
    definitions: Sequence[Path] = (),
    kept: str = "",
    public_key: Path | None = None,
    say: Say = quiet,
) -> list[Verified]:
    """Prove workbooks: structure, recomputation by independent engines, cached values.

    ``kept`` is the seal that the one workbook must have (a file, or a digest as it was printed), ``public_key`` that of
    the bureau that signed it. UsageStop for several workbooks, or for what is neither.
    """
    from jixiao.verify import verify as verify_books

    if not kept and public_key is None:
        return verify_books(paths, engines=engines, say=say, definitions=definitions)
    if len(paths) != 1:
        raise UsageStop("J658", count=len(paths))
    from jixiao.verify import check_signature, compare, read_seal

    known = read_seal(kept)
    signed = check_signature(known, public_key)
    looks = (lambda book, card: compare(known, book, card), lambda *_: signed)
    return verify_books(paths, engines=engines, say=say, definitions=definitions, also=looks)


def ask_excel(target: Path) -> Path:
    """Write the workbook that asks a real Excel what no answer is known of."""
    from jixiao.verify import ask_excel as write

    return write(target)


def read_answers(path: Path) -> Answers:
    """What Excel answered, against the values that we hold and the default engines."""
    from jixiao.verify import read_answers as read_back

    return read_back(path)


def seal(
    path: Path, target: Path | None = None, *, key: Path | None = None, ask: Callable[[], str] | None = None
) -> Seal:
    """The seal of a workbook, filed at ``target`` (kept with a backup where one is there), signed with a bureau's key.

    ``ask`` gives the password of the key where it has one.
    """
    from jixiao.verify import as_file, sign
    from jixiao.verify import seal as seal_file

    made = seal_file(path)
    if key is not None:
        made = sign(made, key, ask)
    if target is not None:
        from jixiao.office import save_new

        save_new(target, as_file(made), overwrite=True)
    return made


def report(book: Path, target: Path, **options: Any) -> Published:
    """The report of a workbook as .docx (and .pdf) or as a page; the options are those of ``jixiao.report``."""
    from jixiao.report import publish

    return publish(book, target, picture=lambda place: _picture_near(book, place), **options)


def report_names(book: Path, kind: str = "") -> list[Name]:
    """The names that a Word template of the user's own may use, with what they mean and give for a workbook."""
    from jixiao.report import names_for

    return names_for(book, kind)


def _picture_near(book: Path, place: Source) -> bytes | None:
    """The place of a fact in its PDF, where that lies beside the workbook or here."""
    from jixiao.master import picture

    file = next((file for file in (book.parent / place.file, Path(place.file)) if file.is_file()), None)
    return picture(file, place)[0] if file is not None else None


def audit(report: Path, book: Path, table: Path | None = None, since: Path | None = None) -> Audit:
    """A written report (.docx, .txt, .pdf) held against a workbook, figure by figure. Nothing is written.

    ``table``: the official table (.xlsx, .docx) whose criteria the report quotes; ``since``: the ``--json`` of an audit
    before, whose findings are told as settled, remaining or new.
    """
    from jixiao.audit import audit as hold
    from jixiao.audit import known_values, read_report

    known = known_values(book)
    if table is not None:
        from jixiao.authoring import read_tables

        rows = [row for made in read_tables(table) for row in made.rows]
        known.quote(table.name, {row.level3: (row.description, row.criteria) for row in rows})
    made = hold(read_report(report), known)
    if since is not None:
        made.compared_with(since)
    return made


def save_page(made: Audit, target: Path) -> Path:
    """The report of an audit as one offline page with its figures marked; an existing file is kept."""
    from jixiao.office import save_new

    return save_new(target, made.page().encode("utf-8"))


def compare(before: Path, after: Path | None = None) -> Comparison:
    """Two workbooks of one rubric side by side, or 自评分 and awarded points of one. Nothing is written."""
    from jixiao.audit import compare as side_by_side

    return side_by_side(before, after)


def batch(place: Path | str, folder: Path, *, from_sources: str = "", **options: Any) -> Batch:
    """Every workbook of a place scored into the store of a folder, and what the store says; options: ``jixiao.batch``.

    ``from_sources``: a rubric, of which a workbook is filled first for each sub-folder of source files.
    """
    try:
        from jixiao.batch import batch as run
    except ImportError as error:
        raise UsageStop("J922", name=error.name or "pyarrow") from error
    if from_sources:
        options["fill"] = _Filled(from_sources, tuple(options.get("definitions", ())))
        rubric(from_sources, options.get("definitions", ()))  # a wrong name is said before anything is read
    return run(place, folder, **options)


@dataclass(frozen=True, slots=True)
class _Filled:
    """Makes a workbook of a rubric from the source files of one unit, which its folder is called after."""

    rubric: str
    definitions: tuple[Path, ...] = ()

    def __call__(self, folder: Path, target: Path) -> Findings:
        import tempfile

        from jixiao.batch import sources_in

        found = sources_in(folder)
        facts = [path for path in found if path.suffix.lower() in (".yaml", ".yml")]
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as name:
            book = new(self.rubric, Path(name, target.name), unit=folder.name, definitions=self.definitions)
            sources = [path for path in found if path not in facts]
            made = fill(book, sources, facts_file=facts[0] if facts else None, definitions=self.definitions)
            book.replace(target)
        return made.findings


def as_data(findings: Sequence[Finding] | Findings) -> list[dict[str, Any]]:
    """Findings as plain data."""
    return [finding.data() for finding in findings]


def import_rubric(
    source: Path,
    target: Path,
    *,
    ident: str = "",
    place: str = "",
    year: str = "",
    document: str = "",
    number: str = "",
    onto: str = "",
) -> Findings:
    """An official table (a workbook or .docx) or a rubric edited in Excel -> a definition file; an existing one is kept.

    ``onto``: a rubric whose rules stay, printed in the words of the table.
    """
    from jixiao.authoring import UNPLACED, import_edited, import_onto, is_edited
    from jixiao.authoring import import_rubric as read_official
    from jixiao.office import save_new
    from jixiao.rubric import shipped

    if not onto and is_edited(source):
        save_new(target, import_edited(source).encode("utf-8"))
        return _tried(target)
    reference = {"title": document or source.stem, **({"number": number} if number else {})}
    asked = int(year) if year else None
    about_it = (ident, place or UNPLACED, asked, reference)
    taken = {*shipped(), *_ids_beside(target)}
    text, findings = (
        import_onto(source, rubric(onto), *about_it, taken=taken)
        if onto
        else read_official(source, *about_it, taken=taken)
    )
    save_new(target, text.encode("utf-8"))
    findings.extend(_tried(target))
    return findings


def _ids_beside(target: Path) -> set[str]:
    """The ids of the definitions in the folder of a file that is to be written; they stand at the beginning."""
    made: set[str] = set()
    for file in (one for ending in OWN for one in target.parent.glob(f"*{ending}") if one.is_file()):
        with file.open(encoding="utf-8", errors="replace") as stream:
            lines = stream.read(4096).splitlines()
        made |= {line.removeprefix("id:").strip(" \"'") for line in lines if line.startswith("id:")}
    return made


def save_rubric(path: Path, data: Mapping[str, Any], was: Fingerprint) -> None:
    """Write a changed definition over its file, which must still be as it ``was``; the remarks at its top stay."""
    from itertools import takewhile

    from jixiao.authoring.yamltext import to_yaml
    from jixiao.office import load, save_over

    lines = load(path)[0].decode("utf-8-sig").splitlines(keepends=True)
    head = takewhile(lambda line: line.startswith("#"), lines)
    save_over(path, ("".join(head) + to_yaml(data)).encode("utf-8"), was, backup=False)


def _tried(definition: Path) -> Findings:
    """Whether a scoring workbook can be built from a definition, is filled, scored and proved: what stands in the way."""
    import tempfile

    from jixiao.model import Stop
    from jixiao.rubric import shipped

    made = Findings()
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        book = Path(folder) / "试建.xlsx"
        found: list[Finding] = []
        try:
            new(str(definition), book)
            score(book)
            own = rubric(str(definition))
            if own.id not in shipped():
                found = [*verify([book])[0].findings.errors]
            elif own.data["rubric"] != rubric(own.id).data["rubric"]:
                made.add("J376", Source(definition.name), rubric=own.id)
        except Stop as stop:
            found = [stop.finding]
        if found:
            made.add("J374", Source(definition.name), why="；".join(finding.message for finding in found[:3]))
        return made


TABLES, OWN = (".xlsx", ".docx"), (".yaml", ".yml")
"""Official tables by name, also where there is no such file; rubrics of ours."""


def lint_rubric(name: str, definitions: Sequence[Path] = ()) -> tuple[str, str, Findings]:
    """Id and name of a rubric, or file and title of an official table, and what is doubtful in it."""
    from jixiao.authoring import lint, lint_file

    if Path(name).suffix.lower() in TABLES or (Path(name).is_file() and Path(name).suffix.lower() not in OWN):
        return lint_file(Path(name), definitions)
    made = rubric(name, definitions, doubtful=True)
    return made.id, made.name, lint(made)


def export_rubric(name: str, target: Path, definitions: Sequence[Path] = ()) -> Path:
    """A rubric as a workbook that people edit in Excel; ``import_rubric`` reads it back."""
    from jixiao.authoring import export_rubric as write
    from jixiao.office import save_new

    return save_new(target, write(rubric(name, definitions)))
