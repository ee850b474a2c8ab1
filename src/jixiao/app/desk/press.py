"""act: one press of a button on the open workbook. The only door of the desk; it never raises."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao import pipeline
from jixiao.app.desk import files
from jixiao.app.desk.books import find_book, sheet_name
from jixiao.app.desk.busy import is_busy, patiently, ready
from jixiao.app.desk.foreign import score_foreign
from jixiao.app.desk.foreign.tie import Doubt
from jixiao.app.desk.host import Host, Silent
from jixiao.app.desk.live import LiveBook
from jixiao.app.desk.own import is_own, opened, score_own
from jixiao.app.desk.request import VERBS, Answer, Request
from jixiao.app.desk.undo import Memory, take_back
from jixiao.model import Findings, Refused, Source, Stop, make
from jixiao.scoring import Scorecard

MEMORY = Memory()
HELP = (
    "评分当前表：评分簿按各表数据重新评分；其他工作簿中的评分表，按其他工作表里的决算表填写得分和评分说明。\n"
    "导入决算：把决算等文件带入评分簿。勾稽检查：列出表内表间不一致。核验：保存后独立复算。\n"
    "撤销本次评分：恢复上一次写入前的内容。所有操作都在本机完成。"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every verb works with."""

    app: Any
    request: Request
    host: Host
    memory: Memory
    definitions: tuple[Path, ...]

    def book(self) -> Any:
        """The open workbook that the request means."""
        return find_book(self.app, self.request.book)


def act(
    app: Any,
    request: Request,
    *,
    host: Host | None = None,
    memory: Memory | None = None,
    definitions: Sequence[Path] = (),
) -> Answer:
    """Do what a button asks for in a running program (an xlwings App) and say what was done.

    Nothing is raised: whatever stops the verb is in the answer, with ``ok`` False. Selection, screen updating and
    calculation mode are never touched: a program that gets busy half-way could not be given them back.
    """
    desk = Desk(app, request, host or Silent(), memory or MEMORY, tuple(definitions))
    answer = Answer(request.verb)
    try:
        ready(app)
        with _shown(desk.host, answer.title):
            answer = _VERBS[request.verb](desk) if request.verb in _VERBS else _unknown(request)
    except Doubt as doubt:
        answer = Answer(request.verb, ok=False, need="rubric", options=doubt.options)
        answer.message = doubt.finding.message
        answer.found([doubt.finding])
    except Stop as stop:
        answer = _stopped(request, stop)
    except Exception as error:  # noqa: BLE001 - a defect of ours must not end the service behind the button
        answer = _failed(request, error)
    with contextlib.suppress(Exception):  # the program may have been closed meanwhile
        desk.host.show(answer)
    return answer


def warm(definitions: Sequence[Path] = ()) -> None:
    """Read forms and rubrics before the first press, so that it is as quick as the others."""
    from jixiao.app.desk.foreign.net import prepare

    prepare(tuple(definitions))


@contextlib.contextmanager
def _shown(host: Host, title: str) -> Iterator[None]:
    """Progress where the host shows it, taken away whatever happens."""
    host.progress(title)
    try:
        yield
    finally:
        with contextlib.suppress(Exception):  # the first error is the one to report
            patiently(lambda: host.progress(""))


def _stopped(request: Request, stop: Stop) -> Answer:
    answer = Answer(
        request.verb, ok=False, book=request.book, sheet=request.sheet, message=stop.finding.message
    )
    return answer.found([stop.finding])


def _failed(request: Request, error: BaseException) -> Answer:
    if is_busy(error):
        finding = make("J830")
    else:
        from jixiao.app.bug import write_log

        finding = make("J899", why=type(error).__name__, log=write_log([request.verb], error))
    return Answer(request.verb, ok=False, message=finding.message).found([finding])


def _unknown(request: Request) -> Answer:
    return Answer(request.verb, ok=False, message=f"没有“{request.verb}”这个操作", options=list(VERBS))


def _score(desk: Desk) -> Answer:
    book = desk.book()
    live = LiveBook(book)
    name = sheet_name(book, desk.request.sheet, live.name)
    if is_own(live):
        card, written = score_own(desk.app, live, desk.memory)
        _say_cut(live, card.findings)
        return _carded(Answer("score", book=live.name, sheet=name, changed=written), card, card.findings)
    done = score_foreign(live, name, desk.memory, desk.definitions, desk.request.words)
    _say_cut(live, done.findings)
    answer = Answer("score", book=live.name, sheet=name, changed=done.written)
    told = [f"填写 {done.filled} 项", f"{done.same} 项已相同" if done.same else ""]
    told += [f"{done.kept} 项与已填的不同，未改" if done.kept else ""]
    answer.message = f"按“{done.rubric}”评分：{'，'.join(text for text in told if text)}"
    return answer.found(list(done.findings))


def _say_cut(live: LiveBook, findings: Findings) -> None:
    for sheet in live.cut():
        rows, columns = sheet.block.rows, sheet.block.columns
        findings.add("J843", Source(live.name, sheet.name), sheet=sheet.name, rows=rows, columns=columns)


def _carded(answer: Answer, card: Scorecard, findings: Findings) -> Answer:
    data = card.data()
    answer.total, answer.rule_total, answer.grade = data["total"], data["rule_total"], card.grade
    answer.message = f"得分 {card.total:.2f}，规则合计 {card.rule_total:.2f}，等级 {card.grade}"
    return answer.found(list(findings))


def _check(desk: Desk) -> Answer:
    from jixiao.checks.checked import Outcome

    live = LiveBook(desk.book())
    if not is_own(live):
        raise Refused("J848", Source(live.name), book=live.name, verb=VERBS["check"])
    made, findings = pipeline.check_book(opened(live), definitions=desk.definitions)
    counts = {kind: sum(item.outcome is kind for item in made) for kind in Outcome}
    told = [f"{kind.value} {count}" for kind, count in counts.items() if count]
    answer = Answer("check", book=live.name)
    answer.message = (
        f"勾稽 {len(made)} 项：{'，'.join(told)}" if made else "没有可核对的勾稽关系，请先导入决算"
    )
    return answer.found(list(findings))


def _undo(desk: Desk) -> Answer:
    live = LiveBook(desk.book())
    findings = Findings()
    sheet, count = take_back(live, desk.memory, findings)
    answer = Answer("undo", book=live.name, sheet=sheet, changed=count, message=f"已恢复 {count} 个单元格")
    return answer.found(list(findings))


def _help(desk: Desk) -> Answer:
    return Answer("help", message=HELP)


_VERBS: dict[str, Callable[[Desk], Answer]] = {
    "new": lambda desk: files.new(desk.app, desk.request, desk.definitions),
    "fill": lambda desk: files.fill(desk.app, desk.book(), desk.request, desk.host, desk.definitions),
    "score": _score,
    "check": _check,
    "verify": lambda desk: files.verify(desk.book(), desk.host, desk.definitions),
    "report": lambda desk: files.report(desk.book(), desk.request, desk.host, desk.definitions),
    "undo": _undo,
    "help": _help,
}
