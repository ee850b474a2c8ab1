"""The verbs that need files: the open workbook is saved first, the proved way of the command line does the work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jixiao import pipeline
from jixiao.app.desk.books import bare_name, file_of
from jixiao.app.desk.busy import patiently
from jixiao.app.desk.host import Host
from jixiao.app.desk.request import VERBS, Answer, Request
from jixiao.master.plan import HIDDEN
from jixiao.model import Busy, CannotWrite, Refused, Source


def new(app: Any, request: Request, definitions: Sequence[Path]) -> Answer:
    """Make an empty scoring workbook at ``words['target']`` and open it; asks for what it does not know."""
    from jixiao.rubric import shipped

    known = list(shipped(definitions))
    rubric = request.words.get("rubric") or (known[0] if len(known) == 1 else "")
    if not rubric:
        return _asking("new", "rubric", "请选择评分表", known)
    if not request.words.get("target"):
        return _asking("new", "target", "请选择评分簿的保存位置", [f"{rubric}评分簿.xlsx"])
    unit, year = request.words.get("unit", ""), request.words.get("year", "")
    path = pipeline.new(rubric, Path(request.words["target"]), unit=unit, year=year, definitions=definitions)
    app.books.open(str(path))
    return Answer("new", message=f"已新建评分簿 {path.name}", book=path.name, path=str(path))


def fill(app: Any, book: Any, request: Request, host: Host, definitions: Sequence[Path]) -> Answer:
    """Bring source files into the open scoring workbook: it is saved, closed, filled with a backup, opened again."""
    _must_be_own(book, "fill")
    if not request.files:
        return _asking("fill", "files", "请选择决算等来源文件", [])
    path = _saved(book, host)
    sources = [Path(name) for name in request.files]
    with _closed(app, book, path):
        done = pipeline.fill(path, sources, definitions=definitions, say=host.progress)
    answer = Answer("fill", book=path.name, path=str(path), changed=done.facts)
    answer.message = f"已带入 {done.sheets} 张表，取得 {done.facts} 个数"
    if done.backup is not None:
        answer.message += f"，原文件备份为 {done.backup.name}"
    if done.card is not None:
        data = done.card.data()
        answer.total, answer.rule_total, answer.grade = data["total"], data["rule_total"], done.card.grade
        answer.message += f"；得分 {done.card.total:.2f}"
    return answer.found(list(done.findings))


def verify(book: Any, host: Host, definitions: Sequence[Path]) -> Answer:
    """Save the open scoring workbook and prove the file by every engine that is there."""
    _must_be_own(book, "verify")
    path = _saved(book, host)
    host.progress("独立复算")
    made = pipeline.verify(
        [path], engines=("formulas", "libreoffice"), definitions=definitions, say=host.progress
    )[0]
    answer = Answer("verify", ok=made.proved, book=path.name, path=str(path)).found(list(made.findings))
    ran = "、".join(engine.engine for engine in made.engines if engine.ran) or "无可用的复算引擎"
    answer.message = f"已保存工作簿，核验{'通过' if made.proved else '未通过'}（{ran}）"
    return answer


def report(book: Any, request: Request, host: Host, definitions: Sequence[Path]) -> Answer:
    """Save the open scoring workbook and write its report to ``words['target']``; ``words['draft']`` = yes: a draft."""
    _must_be_own(book, "report")
    if not request.words.get("target"):
        stem = bare_name(book.name).rpartition(".")[0]
        return _asking("report", "target", "请选择报告的保存位置", [f"{stem}报告.docx"])
    path, target = _saved(book, host), Path(request.words["target"])
    made = pipeline.report(
        path,
        target,
        kind=request.words.get("kind", ""),
        draft=request.words.get("draft") == "yes",
        definitions=definitions,
        say=host.progress,
    )
    answer = Answer("report", book=path.name, path=str(made.path))
    lacking = f"，还缺 {len(made.pending)} 项" if made.pending else ""
    answer.message = f"已写出{made.kind}报告 {made.path.name}{lacking}"
    return answer.found(list(made.findings))


def _asking(verb: str, need: str, message: str, options: list[str]) -> Answer:
    return Answer(verb, ok=False, message=message, need=need, options=options)


def _must_be_own(book: Any, verb: str) -> None:
    if HIDDEN not in [sheet.name for sheet in book.sheets]:
        name = bare_name(book.name)
        raise Refused("J848", Source(name), book=name, verb=VERBS[verb])


def _saved(book: Any, host: Host) -> Path:
    """The file of a workbook, with everything that is in the window now."""
    path = file_of(book)
    host.progress("保存工作簿")
    try:
        patiently(book.save)
    except Busy:
        raise
    except Exception as error:
        raise CannotWrite("J555", Source(path.name), file=path.name, why="表格软件没有保存成功") from error
    return path


@contextlib.contextmanager
def _closed(app: Any, book: Any, path: Path) -> Iterator[None]:
    """While a file is rewritten its workbook is closed; whatever happens it is opened again, on the same sheet."""
    sheet = book.sheets.active.name
    book.close()
    try:
        yield
    finally:
        again = app.books.open(str(path))
        if sheet in [each.name for each in again.sheets]:
            again.sheets[sheet].activate()
