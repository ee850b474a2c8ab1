"""What the page can ask for, in plain data: each a few calls of the pipeline, none of them a rule of scoring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from jixiao import pipeline
from jixiao.app.exchange import Memory, NoTable, Request, has_table, press
from jixiao.app.hosts import Handover
from jixiao.app.service.sessions import Session, Sessions, clean_name, is_definition, is_facts, keep_private
from jixiao.model import Finding, Findings, Refused, Source, Stop, UsageStop, plain
from jixiao.scoring import json_number

if TYPE_CHECKING:
    from jixiao.checks import Checked
    from jixiao.model import Fact
    from jixiao.scoring import Scorecard

KINDS = ("", "核查", "自评")
PACKAGES = (".xlsx", ".xlsm", ".ods")
MOST_SHEETS = 60
IMPORTED = "@"
"""What the page calls the definition of a session, which has no id among those at hand."""


def about(definitions: Sequence[Path]) -> dict[str, Any]:
    """The version, the rubrics at hand and what this installation can do."""
    from jixiao import __version__
    from jixiao.rubric import shipped

    rubrics = []
    for ident in shipped(definitions):
        try:
            made = pipeline.rubric(ident, definitions)
        except Stop:
            continue  # a broken definition of the user's; `jixiao rubric list` says what is wrong with it
        rubrics.append(
            {"id": made.id, "name": made.name, "jurisdiction": made.jurisdiction, "year": made.year}
        )
    return {"version": __version__, "rubrics": rubrics, "report": True}


def take(session: Session, given: str, data: bytes) -> dict[str, Any]:
    """Keep an uploaded file, checked by its content; what it is, and all files now. Refused, LimitReached."""
    name = clean_name(given)
    role, has_table = _role(name, data)
    session.put(name, role, data)
    if has_table:
        session.tables.add(name)
    return {"name": name, "role": role, **files(session)}


def opened(sessions: Sessions, name: str, data: bytes, definitions: Sequence[Path]) -> str:
    """A new session with the workbook of a button in it, scored where it is one of ours: its name. Refused, LimitReached."""
    session = sessions.new()
    take(session, name, data)
    if session.book:
        session.told["score"] = score(session, {}, definitions)
    return session.ident


def choose(session: Session, name: str) -> dict[str, Any]:
    """Score another of the uploaded workbooks."""
    session.choose(name)
    return files(session)


def files(session: Session) -> dict[str, Any]:
    """The files of a session, and which workbook of several is scored."""
    roles = [
        *(("book", name) for name in session.books),
        ("definition", session.definition),
        ("facts", session.facts),
        *(("source", name) for name in session.sources),
    ]
    return {
        "files": [
            {
                "name": name,
                "role": role,
                "size": (session.given / name).stat().st_size,
                "table": name in session.tables,
            }
            for role, name in roles
            if name
        ],
        "chosen": session.book,
        "scored": session.card is not None,
    }


def _role(name: str, data: bytes) -> tuple[str, bool]:
    """Role of a file by its content, and whether there is a 评分表 in it; a stop where no reader should see it."""
    from jixiao.master import HIDDEN
    from jixiao.office import check_package, read_book, sniff

    if is_facts(name):
        return "definition" if is_definition(data) else "facts", False
    kind = sniff(data)
    try:
        if kind in ("pdf", "doc"):
            read_book(data, name)  # what cannot be read is said when it is dropped
        elif kind in ("zip", "ole", "other") or PurePosixPath(name).suffix in PACKAGES or not data:
            check_package(data)
        if kind != "zip" or PurePosixPath(name).suffix == ".ods":
            return "source", False
        host = Handover(data, name)
        return ("book", False) if HIDDEN in host.book.sheet_names else ("source", bool(tables_of(host)))
    except Stop as stop:
        stop.finding = of_file(stop.finding, name)
        raise


def of_file(finding: Finding, name: str) -> Finding:
    """A finding that names the uploaded file, where it names no place of its own."""
    return finding if finding.sources else finding._replace(sources=(Source(name),))


def score(session: Session, words: dict[str, str], definitions: Sequence[Path]) -> dict[str, Any]:
    """Make or take the workbook, bring in what was dropped, score it; the whole result.

    ``words``: ``rubric``, ``unit``, ``year`` of a workbook that is made; an uploaded one has its own. UsageStop: nothing was
    dropped (J880), or nobody said which rubric a new workbook follows (J896).
    """
    if not session.book and not session.sources and not session.facts:
        raise UsageStop("J880")
    if not session.book and not words.get("rubric"):
        raise UsageStop("J896")
    wanted = tuple(words.get(key, "") for key in ("rubric", "unit", "year")) if not session.book else ()
    if session.changed or session.made_for != wanted or session.card is None:
        _prepare(session, wanted, definitions)
        session.changed, session.made_for = False, wanted
    session.card = pipeline.score(session.work)
    return result(session, definitions)


def _prepare(session: Session, wanted: tuple[str, ...], definitions: Sequence[Path]) -> None:
    """The workbook from the files as they came, so that a second press never builds on the first."""
    work = session.fresh_work()
    if session.book:
        keep_private(work, (session.given / session.book).read_bytes())
    else:
        rubric, unit, year = wanted
        if rubric == IMPORTED:
            rubric = str(own_definition(session))
        pipeline.new(rubric, work, unit=unit, year=year, definitions=definitions).chmod(0o600)
    session.findings = Findings()
    if session.sources or session.facts:
        done = pipeline.fill(
            work,
            [session.given / name for name in session.sources],
            facts_file=session.given / session.facts if session.facts else None,
            definitions=definitions,
        )
        session.findings = done.findings


def own_definition(session: Session) -> Path:
    """The definition that was imported or dropped; UsageStop (J881) where there is none."""
    if not session.definition:
        raise UsageStop("J881", what="使用导入的评分表")
    return session.given / session.definition


def result(session: Session, definitions: Sequence[Path]) -> dict[str, Any]:
    """The scorecard as ``score --json`` gives it, with subtotals, lost points, and the findings of every step."""
    card = scored(session, "查看")
    made, found = pipeline.check(session.work, definitions=definitions)
    return {
        **card.data(),
        "rubric_name": card.rubric_name,
        "groups": [
            {
                "title": title,
                "points": json_number(got),
                "full": json_number(full),
                "open": _open(card, f"{number}."),
            }
            for number, (title, got, full) in enumerate(card.groups, 1)
        ],
        "full": json_number(sum((full for _, _, full in card.groups), start=card.total * 0)),
        "lost": _lost(card),
        "findings": pipeline.as_data(_once((*found, *session.findings))),
        "checks": _counted(made),
        "facts": [_found(fact) for fact in pipeline.read(session.work)],
        "book": session.work.name,
        "download": book_name(session),
    }


def _found(fact: Fact) -> dict[str, Any]:
    source, value = fact.source, fact.value
    where = {
        "file": source.file,
        "sheet": source.sheet,
        "cell": source.cell,
        "label": source.label,
        "box": source.box,
    }
    return {"name": fact.name, "value": value if isinstance(value, str) else plain(value), **where}


def picture(session: Session, file: str, box: str) -> tuple[str, bytes]:
    """A place in an uploaded PDF as a picture: its name and bytes. UsageStop, Refused."""
    sides = [int(side) for side in box.split(",") if side.isascii() and side.isdecimal() and len(side) < 6]
    if file not in session.sources or len(sides) != 5:
        raise UsageStop("J879", why="位置")
    from jixiao.master import picture as drawn

    made, why = drawn(session.given / file, Source(file, box=tuple(sides)))
    if made is None:
        raise Refused("J891", name=file, why=why)
    return "出处.png", made


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list({finding.line(): finding for finding in findings}.values())


def _open(card: Scorecard, group: str) -> float | int | None:
    """The points of a 一级指标 that are not decided yet: neither won nor lost."""
    waiting = (item.full for item in card.indicators if item.number.startswith(group) and item.points is None)
    return json_number(sum(waiting, start=card.total * 0))


def _lost(card: Scorecard) -> list[dict[str, Any]]:
    """The indicators below their full points, the greatest loss first."""
    rows = [
        (item.full - item.points, item)
        for item in card.indicators
        if item.points is not None and item.points < item.full and not item.number.startswith("+")
    ]
    return [
        {
            "number": item.number,
            "title": item.title,
            "lost": json_number(lost),
            "points": json_number(item.points),
            "full": json_number(item.full),
            "why": item.explanation,
            "reason": item.reason,
        }
        for lost, item in sorted(rows, key=lambda row: -row[0])
    ]


def _counted(made: Sequence[Checked]) -> dict[str, int]:
    """How many checks hold, fail and so on, in the order in which they are read; absent tables are left out."""
    from jixiao.checks import Outcome

    order = (Outcome.FAILS, Outcome.TAIL, Outcome.HOLDS, Outcome.UNCHECKED)
    shown = [item for item in made if not (item.outcome is Outcome.UNCHECKED and item.absent)]
    return {kind.value: sum(item.outcome is kind for item in shown) for kind in order}


def scored(session: Session, what: str) -> Scorecard:
    """The scorecard; UsageStop (J881) where there is none yet."""
    if session.card is None:
        raise UsageStop("J881", what=what)
    return session.card


def check(session: Session, definitions: Sequence[Path]) -> dict[str, Any]:
    """Every check of the workbook and the findings, as ``check --json`` gives them."""
    from jixiao.app.verbs import check_data

    scored(session, "勾稽核对")
    made, findings = pipeline.check(session.work, definitions=definitions)
    return {"checks": [check_data(item) for item in made], "findings": pipeline.as_data(findings)}


def verify(session: Session, definitions: Sequence[Path]) -> dict[str, Any]:
    """The proof of the workbook, as ``verify --format json`` gives it."""
    scored(session, "核验")
    return pipeline.verify([session.work], definitions=definitions)[0].data()


def report(session: Session, kind: str, draft: bool, definitions: Sequence[Path]) -> dict[str, Any]:
    """Write the report; what it is and what it still lacks. Refused where the workbook is not proved and no draft is asked."""
    scored(session, "生成报告")
    if kind not in KINDS:
        raise UsageStop("J879", why="报告种类")
    session.written.unlink(missing_ok=True)
    made = pipeline.report(session.work, session.written, kind=kind, draft=draft, definitions=definitions)
    session.written.chmod(0o600)
    card = scored(session, "生成报告")
    session.report = f"{_head(card)}{made.kind}报告{'（草稿）' if draft else ''}.docx"
    return {
        "kind": made.kind,
        "draft": draft,
        "download": session.report,
        "pending": list(made.pending),
        "findings": pipeline.as_data([*made.findings, *made.open]),
    }


def _head(card: Scorecard) -> str:
    """Unit and year for a file name."""
    safe = "".join(letter if letter.isalnum() or letter in "（）()-" else "" for letter in card.unit)[:40]
    return f"{safe}{card.year + '年度' if card.year else ''}"


def book_name(session: Session) -> str:
    """The name that the workbook is handed back under: its own, or one made of unit and year."""
    return session.book or f"{_head(scored(session, '下载'))}评分簿.xlsx"


def book_file(session: Session) -> tuple[str, bytes]:
    """The scored workbook: its name and bytes."""
    scored(session, "下载")
    return book_name(session), session.work.read_bytes()


def report_file(session: Session) -> tuple[str, bytes]:
    """The report: its name and bytes; UsageStop where none was written."""
    if not session.report or not session.written.is_file():
        raise UsageStop("J881", what="下载报告")
    return session.report, session.written.read_bytes()


def tables_of(host: Handover) -> list[str]:
    """The sheets of an uploaded workbook on which the exchange finds a 评分表 that it can fill."""
    copy = host.copy()
    return [name for name in copy.sheet_names[:MOST_SHEETS] if has_table(copy.whole(name), host.name)]


def fill_own(session: Session, name: str, rubric: str, definitions: Sequence[Path]) -> dict[str, Any]:
    """Fill 得分 and 评分说明 in an uploaded workbook; the desk's answer as data. UsageStop where there is nothing to fill.

    ``need`` is ``rubric`` and ``options`` are ids where the desk cannot tell which rubric the table follows.
    """
    if name not in session.tables:
        raise UsageStop("J881", what="填写")
    host = Handover((session.given / name).read_bytes(), name)
    for sheet in tables_of(host)[:1]:
        asked = Request("score", sheet=sheet, words={"rubric": rubric} if rubric else {})
        answer = press(host, asked, memory=Memory(), definitions=definitions)
        if answer.ok:
            session.keep_filled(name, host.to_bytes())
        cells = [f"{cell.sheet}!{cell.ref}" for cell in host.written]
        return {**answer.data(), "cells": cells, "file": name}
    raise NoTable("J833", sheet=name)


def filled_own(session: Session) -> tuple[str, bytes]:
    """The workbook that was filled: its name and bytes; UsageStop where none was."""
    if not session.filled:
        raise UsageStop("J881", what="下载")
    return session.filled, (session.folder / "own" / session.filled).read_bytes()
