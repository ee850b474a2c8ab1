"""The web application: routes, and the turning of stops into answers. What the verbs do is in ``uploads``."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from jixiao.app.exchange import Answer, CellWrite
from jixiao.app.exchange import Request as Asked
from jixiao.app.hosts import raw_content
from jixiao.app.service import finishing, uploads
from jixiao.app.service.fence import MOST_JSON, MOST_UPLOAD, App, Fence, Keys, read_body
from jixiao.app.service.sessions import NoSession, Session, Sessions
from jixiao.model import DefinitionError, Finding, LimitReached, Stop, UsageStop, make

STATUS = {2: 400, 3: 422, 4: 409, 5: 413, 6: 500}
WORDS = (
    "rubric",
    "unit",
    "year",
    "kind",
    "code",
    "file",
    "verb",
    "question",
    "choice",
    "text",
    "value",
    "why",
    "who",
)
TRUTHS = ("draft", "alike")
PRESSED = ("score", "check", "undo")
LONGEST_WORD, LONGEST_TEXT = 200, 2_000
KEPT = ("score", "own", "verify", "report")  # what a page that is loaded again shows again
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


Pages = dict[str, tuple[str, bytes]]
"""Path -> content type and bytes."""


@dataclass(slots=True)
class House:
    """What every request works with. ``press`` does a verb on the workbook that is open in Excel, where that is in reach.

    ``told`` does one on a workbook whose cells a task pane tells and writes itself.
    """

    keys: Keys
    sessions: Sessions
    pages: Pages
    definitions: tuple[Path, ...] = ()
    press: Callable[[str, dict[str, str]], Any] | None = None
    told: Callable[[Any, Asked], tuple[Answer, list[CellWrite]]] | None = None
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    async def do(self, call: Callable[[], Any]) -> Any:
        """Work in a thread of its own, one piece of work at a time: a second waits, and never shares a workbook."""

        def alone() -> Any:
            with self.one_at_a_time:
                return call()

        return await run_in_threadpool(alone)


def application(house: House, ports: Sequence[int]) -> App:
    """The whole application behind its fence."""
    routes = [
        Route("/", lambda _: RedirectResponse("/pane"), methods=["GET"]),
        Route("/api/open", _handler(house, _open), methods=["POST"]),
        Route("/api/about", _handler(house, _about), methods=["GET"]),
        Route("/api/desk", _handler(house, _desk), methods=["POST"]),
        Route("/api/cells", _handler(house, _cells), methods=["POST"]),
        Route("/api/pair", _handler(house, _pair), methods=["POST"]),
        Route("/api/sessions", _handler(house, _new), methods=["POST"]),
        Route("/api/sessions/{sid}", _handler(house, _files), methods=["GET"]),
        Route("/api/sessions/{sid}", _handler(house, _end), methods=["DELETE"]),
        Route("/api/sessions/{sid}/leave", _handler(house, _leave), methods=["POST"]),
        Route("/api/sessions/{sid}/files", _handler(house, _put), methods=["PUT"]),
        Route("/api/sessions/{sid}/table", _handler(house, _put), methods=["PUT"]),
        Route("/api/sessions/{sid}/files", _handler(house, _drop), methods=["DELETE"]),
        Route("/api/sessions/{sid}/{verb}", _handler(house, _act), methods=["POST"]),
        Route("/api/sessions/{sid}/{what}", _handler(house, _download), methods=["GET"]),
        Route("/{path:path}", _handler(house, _page), methods=["GET"]),
    ]
    inner = Starlette(routes=routes, exception_handlers={HTTPException: _unknown})
    return Fence(inner, house.keys, ports)


Handler = Callable[[House, Request], Awaitable[Response]]


def _handler(house: House, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A route that never fails without an answer in Chinese."""

    async def answered(request: Request) -> Response:
        sid = request.path_params.get("sid", "")
        try:
            return await handler(house, request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page gets one line, never a traceback
            # what fails on files that were removed under the request says nothing but that
            return _told(request, NoSession("J875") if sid and house.sessions.gone(sid) else error)

    return answered


def _told(request: Request, error: Exception) -> Response:
    """The answer to a request that failed."""
    if isinstance(error, Stop):
        status = 404 if isinstance(error, NoSession) else STATUS.get(error.exit_code, 422)
        return _error(status, error.finding)
    if isinstance(error, DefinitionError):
        return _error(400, make("J824", problem=str(error)))
    if isinstance(error, MemoryError):
        return _error(413, make("J897"))
    from jixiao.app.terminal import write_log

    log = write_log(["serve", request.method, request.url.path], error)
    return _error(500, make("J899", why=type(error).__name__, log=log))


def _error(status: int, finding: Finding) -> Response:
    close = {"connection": "close"} if status == STATUS[LimitReached.exit_code] else None
    return JSONResponse({"error": finding.data()}, status, headers=close)


async def _unknown(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _error(status, make("J874" if status == 405 else "J873"))


async def _words(request: Request) -> dict[str, Any]:
    """The JSON object of a request, only with words that we know; UsageStop (J879) where it is anything else."""
    data = await read_body(request.receive, MOST_JSON, request.headers.get("content-length", ""))
    try:
        made = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        raise UsageStop("J879", why="不是 JSON") from None
    return _checked(made)


def _checked(made: Any) -> dict[str, Any]:
    """Only words that we know, each of its kind; UsageStop (J879) where there is anything else."""
    if not isinstance(made, dict) or made.keys() - {*WORDS, *TRUTHS}:
        raise UsageStop("J879", why="有不认识的内容")
    for name, value in made.items():
        if not isinstance(value, bool if name in TRUTHS else str):
            raise UsageStop("J879", why=f"“{name}”的值")
        most = LONGEST_TEXT if name == "text" else LONGEST_WORD
        if isinstance(value, str) and (len(value) > most or any(ord(c) < 32 for c in value)):
            raise UsageStop("J879", why=f"“{name}”的值")
    return made


async def _open(house: House, request: Request) -> Response:
    words = await _words(request)
    token = house.keys.redeem(words.get("code", ""))
    return JSONResponse({"token": token}) if token else _error(401, make("J872"))


async def _about(house: House, _: Request) -> Response:
    about = await house.do(lambda: uploads.about(house.definitions))
    return JSONResponse({**about, "desk": house.press is not None})


async def _desk(house: House, request: Request) -> Response:
    words, press = await _words(request), house.press
    verb = words.get("verb", "")
    if press is None or verb not in PRESSED:
        return _error(404, make("J873"))
    _known(words, house.definitions)
    wishes = {"rubric": words["rubric"]} if words.get("rubric") else {}
    return JSONResponse((await run_in_threadpool(press, verb, wishes)).data())


async def _cells(house: House, request: Request) -> Response:
    """A press in a task pane: ``verb``, ``rubric`` and the ``book`` as it is told.

    The answer, and ``writes`` as a cell takes them.
    """
    data = await read_body(request.receive, MOST_UPLOAD, request.headers.get("content-length", ""))
    told = house.told
    try:
        asked = json.loads(data)
        book = asked.pop("book")
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError):
        raise UsageStop("J879", why="不是工作簿的内容") from None
    words = _checked(asked)
    if told is None or words.get("verb") not in PRESSED:
        return _error(404, make("J873"))
    _known(words, house.definitions)
    wishes = {"rubric": words["rubric"]} if words.get("rubric") else {}
    answer, writes = await house.do(lambda: told(book, Asked(words["verb"], words=wishes)))
    given = [[write.sheet, write.ref, raw_content(write.content)] for write in writes]
    return JSONResponse({**answer.data(), "writes": given if answer.ok else []})


async def _pair(house: House, _: Request) -> Response:
    return JSONResponse({"code": house.keys.pair_code()})


async def _new(house: House, _: Request) -> Response:
    return JSONResponse({"session": house.sessions.new().ident}, 201)


def _session(house: House, request: Request) -> Session:
    return house.sessions.get(request.path_params["sid"])


async def _files(house: House, request: Request) -> Response:
    """Everything that a page which is loaded again needs to go on."""
    session = _session(house, request)

    def state() -> dict[str, Any]:
        return {**uploads.files(session), "told": session.told, "questions": finishing.state(session)}

    return JSONResponse(await house.do(state))


async def _leave(house: House, request: Request) -> Response:
    house.sessions.leave(request.path_params["sid"])
    return JSONResponse({})


async def _end(house: House, request: Request) -> Response:
    await house.do(lambda: house.sessions.end(request.path_params["sid"]))
    return JSONResponse({})


async def _put(house: House, request: Request) -> Response:
    session = _session(house, request)
    data = await read_body(request.receive, MOST_UPLOAD, request.headers.get("content-length", ""))
    name = request.query_params.get("name", "")
    taken = finishing.take_table if request.url.path.endswith("/table") else uploads.take
    return JSONResponse(await house.do(lambda: taken(session, name, data)))


async def _drop(house: House, request: Request) -> Response:
    session, name = _session(house, request), request.query_params.get("name", "")

    def dropped() -> dict[str, Any]:
        session.drop(name)
        return uploads.files(session)

    return JSONResponse(await house.do(dropped))


async def _act(house: House, request: Request) -> Response:
    session, words = _session(house, request), await _words(request)
    found = house.definitions
    verbs: dict[str, Callable[[], dict[str, Any]]] = {
        "score": lambda: uploads.score(session, words, _known(words, found, imported=True)),
        "choose": lambda: uploads.choose(session, words.get("file", "")),
        "question": lambda: finishing.question(session, words),
        "try": lambda: finishing.tried_out(session, words),
        "answer": lambda: finishing.answer(session, words),
        "back": lambda: finishing.back(session),
        "own": lambda: uploads.fill_own(
            session, words.get("file", ""), words.get("rubric", ""), _known(words, found)
        ),
        "check": lambda: uploads.check(session, found),
        "verify": lambda: uploads.verify(session, found),
        "report": lambda: uploads.report(session, words.get("kind", ""), bool(words.get("draft")), found),
    }
    name = request.path_params["verb"]
    if name not in verbs:
        return _error(404, make("J873"))
    made = await house.do(verbs[name])
    if name in KEPT:
        session.told[name] = made
    if house.sessions.gone(session.ident):  # a result about files that were removed under it is none
        raise NoSession("J875")
    return JSONResponse(made)


def _known(
    words: dict[str, Any], definitions: tuple[Path, ...], *, imported: bool = False
) -> tuple[Path, ...]:
    """The definitions, once it is certain that the rubric is an id: a path would be read as a file of this machine."""
    from jixiao.rubric import shipped

    name = words.get("rubric", "")
    if name and name not in shipped(definitions) and not (imported and name == uploads.IMPORTED):
        raise UsageStop("J879", why="评分表编号")
    year = words.get("year", "")
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise UsageStop("J879", why="年度应为四位数字")
    return definitions


async def _download(house: House, request: Request) -> Response:
    query = request.query_params
    calls: dict[str, Callable[[Session], tuple[str, bytes]]] = {
        "book": uploads.book_file,
        "report": uploads.report_file,
        "own": uploads.filled_own,
        "definition": finishing.definition_file,
        "picture": lambda session: uploads.picture(session, query.get("file", ""), query.get("box", "")),
    }
    call, session = calls.get(request.path_params["what"]), _session(house, request)
    if call is None:
        return _error(404, make("J873"))
    name, data = await house.do(lambda: call(session))
    kind = TYPES.get(Path(name).suffix, "application/octet-stream")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=kind, headers=headers)


async def _page(house: House, request: Request) -> Response:
    page = house.pages.get(request.url.path)
    if page is None:
        return _error(404, make("J873"))
    kind, data = page
    return Response(data, media_type=None, headers={"content-type": kind})


__all__: Sequence[str] = ["House", "application"]
