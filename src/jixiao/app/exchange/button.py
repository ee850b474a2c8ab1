"""One press of a button, in any host: a copy of the workbook comes in, cells and an answer go back.

A host hands over a copy (``copied``); the verb scores it with the ordinary rooms and says which cells to write; the host
writes all of them or none, and what was changed is remembered for 撤销. ``press`` never raises.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jixiao import pipeline
from jixiao.app.exchange.copied import BookCopy, CellWrite
from jixiao.app.exchange.filling import filled, prepare
from jixiao.app.exchange.memory import Changes, Memory, changes_of, taking_back
from jixiao.app.exchange.ourbook import OwnBook, is_own, opened
from jixiao.app.exchange.recognising import Doubt
from jixiao.app.exchange.request import VERBS, Answer, Request
from jixiao.model import Finding, Findings, Refused, Source, Stop, make

MEMORY = Memory()
HELP = (
    "评分当前表：评分簿按各表数据重新评分；其他工作簿中的评分表，按其他工作表里的决算表填写得分和评分说明。\n"
    "导入决算：把决算等文件带入评分簿。勾稽检查：列出表内表间不一致。核验：保存后独立复算。\n"
    "撤销本次评分：恢复上一次写入前的内容。所有操作都在本机完成。"
)


class Host(ABC):
    """What a press needs of the program or file that holds the workbook; a file has neither a window nor a screen."""

    calculates = True
    """Whether formulas that are written have their results afterwards."""

    def ready(self) -> None:
        """Return as soon as it can be spoken to; ``Busy`` (J830) where it cannot."""
        return

    @abstractmethod
    def copy(self) -> BookCopy:
        """The workbook as it stands now, unsaved edits included."""

    @abstractmethod
    def sheet(self, wanted: str) -> str:
        """The sheet that is meant, or the active one; ``UsageStop`` (J832) where it is gone."""

    @abstractmethod
    def write(self, copy: BookCopy, writes: Sequence[CellWrite]) -> None:
        """Write all cells, or none: ``CannotWrite`` (J840)."""

    def calculate(self, *, waiting: bool = False) -> None:
        """Let every formula have its result, where the host calculates.

        With ``waiting`` only where it calculates when it is asked, and formulas may have been waiting for that.
        """
        return

    @abstractmethod
    def saved(self) -> Path:
        """The workbook's file, with everything that is in the window now; Refused (J847), ``CannotWrite`` (J555)."""

    @contextlib.contextmanager
    def closed(self, path: Path) -> Iterator[None]:
        """Inside the ``with`` the workbook is closed, so that its file may be rewritten; then it is opened again."""
        yield

    def open(self, path: Path) -> None:
        """Open a workbook."""
        return

    def progress(self, text: str) -> None:
        """Say what is being done now; an empty text ends it."""
        return

    def show(self, answer: Answer) -> None:
        """Show the result; called once a press."""
        return


class Press(NamedTuple):
    """What every verb works with."""

    host: Host
    request: Request
    memory: Memory
    definitions: tuple[Path, ...]

    def write(self, copy: BookCopy, writes: Sequence[CellWrite]) -> Changes:
        """Have cells written; what that changed."""
        changes = changes_of(copy, writes)
        if writes:
            self.host.write(copy, writes)
        return changes


def press(
    host: Host, request: Request, *, memory: Memory | None = None, definitions: Sequence[Path] = ()
) -> Answer:
    """Do what a button asks for, and say what was done.

    Nothing is raised: whatever stops the verb is in the answer, with ``ok`` False. Selection, screen updating and
    calculation mode are never touched: a program that gets busy half-way could not be given them back.
    """
    try:
        host.ready()
        with _progress(host, request):
            answer = carried_out(Press(host, request, memory or MEMORY, tuple(definitions)))
    except Doubt as doubt:
        answer = _stopped(Answer(request.verb, need="rubric", options=doubt.options), doubt.finding)
    except Stop as stop:
        answer = _stopped(Answer(request.verb, book=request.book, sheet=request.sheet), stop.finding)
    except Exception as error:  # noqa: BLE001 - a defect of ours must not end the service behind the button
        from jixiao.app.terminal import write_log

        finding = make("J899", why=type(error).__name__, log=write_log([request.verb], error))
        answer = _stopped(Answer(request.verb), finding)
    with contextlib.suppress(Exception):  # the program may have been closed meanwhile
        host.show(answer)
    return answer


def warm(definitions: Sequence[Path] = ()) -> None:
    """Read forms and rubrics before the first press, so that it is as quick as the others."""
    prepare(tuple(definitions))


@contextlib.contextmanager
def _progress(host: Host, request: Request) -> Iterator[None]:
    """Progress where the host shows it, taken away whatever happens."""
    host.progress(Answer(request.verb).title)
    try:
        yield
    finally:
        with contextlib.suppress(Exception):  # the first error is the one to report
            host.progress("")


def _stopped(answer: Answer, finding: Finding) -> Answer:
    answer.ok, answer.message = False, finding.message
    return answer.found([finding])


def carried_out(press: Press) -> Answer:
    """The answer of a verb; raises what ``press`` turns into one."""
    verb = press.request.verb
    if verb not in _VERBS:
        return Answer(verb, ok=False, message=f"没有“{verb}”这个操作", options=list(VERBS))
    return _VERBS[verb](press)


def _score(press: Press) -> Answer:
    copy = press.host.copy()
    answer = Answer("score", book=copy.name, sheet=press.host.sheet(press.request.sheet))
    if is_own(copy):
        return _score_own(press, copy, answer)
    ours = press.memory.ours(copy.key, answer.sheet)
    done = filled(copy, answer.sheet, ours, press.definitions, press.request.words)
    press.memory.keep(copy.key, press.write(copy, done.writes))
    _say_cut(copy, done.findings)
    told = [f"填写 {done.filled} 项", f"{done.same} 项已相同" if done.same else ""]
    told += [f"{done.kept} 项与已填的不同，未改" if done.kept else ""]
    answer.message = f"按“{done.rubric}”评分：{'，'.join(text for text in told if text)}"
    answer.changed = len(done.writes)
    return answer.found(list(done.findings))


def _score_own(press: Press, copy: BookCopy, answer: Answer) -> Answer:
    """Two looks at most for wrong formulas: one that is put back may bring another to light."""
    press.host.calculate(waiting=True)
    said, changes, look = Findings(), Changes(), OwnBook(copy)
    if pipeline.typed(look.book) and not pipeline.final(
        look.book
    ):  # what stands on 待填 goes into 取数 as it does in a file
        path = _saved(press)
        with press.host.closed(path):
            said.extend(pipeline.fill(path, [], definitions=press.definitions).findings)
        look = OwnBook(press.host.copy())
    signed, final = pipeline.reviewed(look.book), pipeline.final(look.book)
    for wrong in (OwnBook.typed_over, OwnBook.altered) if not final else ():
        writes = wrong(look)
        for sheet, cells in press.write(look.copy, writes).items():
            changes.setdefault(sheet, {}).update(cells)
        look.say_restored(writes, said)
        if writes or (wrong is OwnBook.typed_over and look.copy.differing()):
            press.host.calculate()
            look = OwnBook(press.host.copy())
    for sheet, cells in press.write(look.copy, [] if final else look.told()).items():
        changes.setdefault(sheet, {}).update(cells)
    press.memory.keep(copy.key, changes)
    card, findings = look.card, look.card.findings
    findings.items[:0] = [*said, *signed]
    if press.host.calculates or not changes:
        look.say_differing(findings)
    _say_cut(look.copy, findings)
    data = card.data()
    answer.total, answer.rule_total, answer.grade = data["total"], data["rule_total"], card.grade
    answer.message = f"得分 {card.total:.2f}，规则合计 {card.rule_total:.2f}，等级 {card.grade}"
    answer.changed = sum(len(cells) for cells in changes.values())
    return answer.found(list(findings))


def _say_cut(copy: BookCopy, findings: Findings) -> None:
    for sheet in copy.cut():
        place = Source(copy.name, sheet.name)
        findings.add("J843", place, sheet=sheet.name, rows=sheet.rows, columns=sheet.columns)


def _own(press: Press) -> BookCopy:
    """The copy of a scoring workbook; Refused (J848) where it is another one."""
    copy = press.host.copy()
    if not is_own(copy):
        raise Refused("J848", Source(copy.name), book=copy.name, verb=VERBS[press.request.verb])
    return copy


def _check(press: Press) -> Answer:
    from jixiao.checks import Outcome

    copy = _own(press)
    made, findings = pipeline.check_book(opened(copy), definitions=press.definitions)
    counts = {kind: sum(item.outcome is kind for item in made) for kind in Outcome}
    told = [f"{kind.value} {count}" for kind, count in counts.items() if count]
    answer = Answer("check", book=copy.name)
    answer.message = (
        f"勾稽 {len(made)} 项：{'，'.join(told)}" if made else "没有可核对的勾稽关系，请先导入决算"
    )
    return answer.found(list(findings))


def _undo(press: Press) -> Answer:
    copy, findings = press.host.copy(), Findings()
    step = press.memory.last(copy.key)
    writes = taking_back(copy, step, findings)
    press.write(copy, writes)
    press.memory.drop(copy.key)
    message = f"已恢复 {len(writes)} 个单元格"
    answer = Answer("undo", book=copy.name, sheet=next(iter(step)), changed=len(writes), message=message)
    return answer.found(list(findings))


def _help(press: Press) -> Answer:
    return Answer("help", message=HELP)


def _new(press: Press) -> Answer:
    """Make an empty scoring workbook at ``words['target']`` and open it; asks for what it does not know."""
    from jixiao.rubric import shipped

    words, known = press.request.words, list(shipped(press.definitions))
    rubric = words.get("rubric") or (known[0] if len(known) == 1 else "")
    if not rubric:
        return _asking("new", "rubric", "请选择评分表", known)
    if not words.get("target"):
        return _asking("new", "target", "请选择评分簿的保存位置", [f"{rubric}评分簿.xlsx"])
    target, unit, year = Path(words["target"]), words.get("unit", ""), words.get("year", "")
    path = pipeline.new(rubric, target, unit=unit, year=year, definitions=press.definitions)
    press.host.open(path)
    return Answer("new", message=f"已新建评分簿 {path.name}", book=path.name, path=str(path))


def _fill(press: Press) -> Answer:
    """Bring source files into the scoring workbook: it is saved, closed, filled with a backup, opened again."""
    _own(press)
    if not press.request.files:
        return _asking("fill", "files", "请选择决算等来源文件", [], _saved(press))
    path, sources = _saved(press), [Path(name) for name in press.request.files]
    with press.host.closed(path):
        done = pipeline.fill(path, sources, definitions=press.definitions, say=press.host.progress)
    answer = Answer("fill", book=path.name, path=str(path), changed=done.facts)
    answer.message = f"已带入 {done.sheets} 张表，取得 {done.facts} 个数"
    if done.backup is not None:
        answer.message += f"，原文件备份为 {done.backup.name}"
    if done.card is not None:
        data = done.card.data()
        answer.total, answer.rule_total, answer.grade = data["total"], data["rule_total"], done.card.grade
        answer.message += f"；得分 {done.card.total:.2f}"
    return answer.found(list(done.findings))


def _verify(press: Press) -> Answer:
    """Save the scoring workbook and prove the file by every engine that is there."""
    _own(press)
    path = _saved(press)
    press.host.progress("独立复算")
    made = pipeline.verify([path], engines=("all",), definitions=press.definitions, say=press.host.progress)[
        0
    ]
    answer = Answer("verify", ok=made.proved, book=path.name, path=str(path)).found(list(made.findings))
    ran = "、".join(engine.engine for engine in made.engines if engine.ran) or "无可用的复算引擎"
    answer.message = f"已保存工作簿，核验{'通过' if made.proved else '未通过'}（{ran}）"
    return answer


def _report(press: Press) -> Answer:
    """Save the scoring workbook and write its report to ``words['target']``; ``words['draft']`` = yes: a draft."""
    copy, words = _own(press), press.request.words
    if not words.get("target"):
        return _asking(
            "report", "target", "请选择报告的保存位置", [f"{Path(copy.name).stem}报告.docx"], _saved(press)
        )
    made = pipeline.report(
        _saved(press),
        Path(words["target"]),
        kind=words.get("kind", ""),
        draft=words.get("draft") == "yes",
        definitions=press.definitions,
        say=press.host.progress,
    )
    answer = Answer("report", book=copy.name, path=str(made.path))
    lacking = f"，还缺 {len(made.pending)} 项" if made.pending else ""
    answer.message = f"已写出{made.kind}报告 {made.path.name}{lacking}"
    return answer.found(list(made.findings))


def _saved(press: Press) -> Path:
    press.host.progress("保存工作簿")
    return press.host.saved()


def _asking(verb: str, need: str, message: str, options: list[str], path: Path | None = None) -> Answer:
    """``path``: the workbook, saved as it is now, for whoever asks on."""
    return Answer(verb, ok=False, message=message, need=need, options=options, path=str(path or ""))


_VERBS: dict[str, Callable[[Press], Answer]] = {
    "new": _new,
    "fill": _fill,
    "score": _score,
    "check": _check,
    "verify": _verify,
    "report": _report,
    "undo": _undo,
    "help": _help,
}
