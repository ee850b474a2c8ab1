"""``jixiao serve``: one instance a user, the inbox answered, the page served on loopback, everything tidied in the end."""

from __future__ import annotations

import atexit
import contextlib
import errno
import html
import os
import re
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from jixiao.app.inbox import (
    CERTIFICATE,
    STOP,
    AlreadyRunning,
    Instance,
    home_folder,
    inboxes,
    ring,
    running,
    watch,
)
from jixiao.app.service.answering import Act, Answering, Find, find_app
from jixiao.app.service.fence import Keys
from jixiao.app.service.sessions import Sessions, keep_private
from jixiao.model import Busy, Stop, UsageStop

ADDRESS = "127.0.0.1"
PORT, SECURE = 18_190, 18_191  # the manifests of WPS and Excel name them
START_SECONDS = 20.0


KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xml": "application/xml; charset=utf-8",
    ".png": "image/png",
}
WORK = "work"  # of the service's folder
WAY = (
    '<!DOCTYPE html><meta charset="utf-8"><title>绩效评分服务</title>'
    '<meta http-equiv="refresh" content="0; url={address}"><a href="{address}">打开绩效评分服务</a>\n'
)
PANE = Path(__file__).with_name("pane")
OFFICE_MARK = "<!-- office -->"
OFFICE_SCRIPT = '<script src="/office/lib/office.js"></script>'
MOST_FILES, MOST_BYTES = 400, 40_000_000  # of the library that an IT department may put beside the service

Pages = dict[str, tuple[str, bytes]]
"""Path -> content type and bytes."""


def open_browser(address: str) -> None:
    """Show a page in the user's browser; without a screen nothing happens, and the printed link remains.

    Everybody on this machine can read what a program is started with, so the browser is given a file of this user's
    that leads on to the address with the code.
    """
    import webbrowser

    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if sys.platform in ("win32", "darwin") or any(name in os.environ for name in screens):
        way = _hidden_way() / "jixiao-open.html"
        keep_private(way, WAY.format(address=html.escape(address)).encode())
        atexit.register(way.unlink, missing_ok=True)
        webbrowser.open(way.as_uri())  # elsewhere it could start a text browser, which takes the terminal


def _hidden_way() -> Path:
    """Where the file that leads to the page may lie: the service's own folder, removed in the end.

    A browser out of a snap sees no hidden folder, so there the file lies openly in the user's home, of use only once.
    """
    return Path.home() if Path("/snap").is_dir() else home_folder() / WORK


@dataclass(slots=True)
class Service:
    """One running service. ``home`` holds lock, inbox and temporary files; tests give one of their own, and stand-ins.

    ``port`` 0 takes any free one; ``port`` is the real one once it runs. ``secure`` is that of https, which is served where
    there is a certificate (``addin install``).
    """

    port: int = PORT
    secure: int = SECURE
    home: Path | None = None
    definitions: tuple[Path, ...] = ()
    browse: Callable[[str], None] = open_browser
    find: Find = find_app
    act: Act | None = None
    dialogs: bool = True
    keys: Keys = field(default_factory=Keys)
    stop: threading.Event = field(default_factory=threading.Event)
    sessions: Sessions = field(init=False)
    answering: Answering = field(init=False)
    _servers: list[Any] = field(init=False, default_factory=list)

    def link(self, session: str = "") -> str:
        """The address of the page with a code that is good once. The part behind # never leaves the browser."""
        return f"http://{ADDRESS}:{self.port}/pane#{self.keys.link_code()}{session and ':'}{session}"

    def show(self, name: str = "", data: bytes = b"") -> None:
        """Open the page; with a workbook in it where one is given."""
        from jixiao.app.service.uploads import opened

        self.browse(self.link(opened(self.sessions, name, data, self.definitions) if data else ""))

    @contextmanager
    def running(self) -> Iterator[Service]:
        """Everything is up inside the ``with``: lock, inbox, web server. Call ``work`` in it to serve the buttons.

        Busy (J856) where this user's service runs already, Busy (J867) where the port is taken.
        """
        server = _library()
        from jixiao import __version__

        home = self.home or home_folder()
        folders = inboxes() if self.home is None else (home / "inbox",)
        certificate = _certificate(home / CERTIFICATE)
        with Instance(__version__, self.home), ExitStack() as doors:
            listeners = [doors.enter_context(_listening(self.port))]
            self.port = listeners[0].getsockname()[1]
            if certificate:
                listeners.append(doors.enter_context(_listening(self.secure)))
                self.secure = listeners[1].getsockname()[1]
            self.sessions = Sessions(home / WORK)
            self.sessions.prepare()
            self.answering = self._answering()
            application = self._application(home, [listener.getsockname()[1] for listener in listeners])
            self._servers = [server(application, given) for given in ("", certificate)[: len(listeners)]]
            threads = [threading.Thread(target=self._watch, args=(folders,), name="inbox")]
            threads += [
                threading.Thread(target=each.run, args=([listener],), name="web")
                for each, listener in zip(self._servers, listeners, strict=True)
            ]
            try:
                for thread in threads:
                    thread.start()
                self._wait()
                yield self
            finally:
                self.stop.set()
                for each in self._servers:
                    each.should_exit = True
                for thread in threads:
                    if thread.is_alive():
                        thread.join(10.0)
                self.sessions.close()

    def _answering(self) -> Answering:
        more = {"act": self.act} if self.act else {}
        return Answering(
            self.show,
            find=self.find,
            definitions=self.definitions,
            dialogs=self.dialogs,
            trouble=note,
            **more,
        )

    def _application(self, home: Path, ports: Sequence[int]) -> Any:
        from jixiao.app.addin import shipped
        from jixiao.app.service.web import House, application

        try:
            addin: Path | None = shipped()
        except Stop:
            addin = None  # an incomplete installation; the page itself needs nothing of it
        # Excel is where its automation is; elsewhere only a stand-in of a test can be pressed
        in_reach = self.find is not find_app or sys.platform in ("win32", "darwin")
        press = self.answering.press if in_reach else None
        found = pages(addin, home / "office")
        house = House(self.keys, self.sessions, found, self.definitions, press, self.answering.told)
        return application(house, ports)

    def _watch(self, folders: Sequence[Path]) -> None:
        try:
            watch(folders, self.answering.accept, self.stop, trouble=note)
        except Exception as error:  # noqa: BLE001 - the page goes on without the buttons
            note(error)

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not all(each.started for each in self._servers):
            if time.monotonic() > end or self.stop.is_set():
                raise Busy("J867", port=self.port, why="服务没有启动")
            time.sleep(0.01)

    def work(self) -> None:
        """Serve the buttons in this thread until ``stop`` is set."""
        self.answering.work(self.stop)


def pages(addin: Path | None = None, office: Path | None = None) -> Pages:
    """Every page by its path: the pane, WPS' add-in out of ``addin``, and Office.js where IT has put it in ``office``."""
    made = {f"/pane/{name}": page for name, page in _folder(PANE).items()}
    kind, index = made.pop("/pane/index.html")
    made["/pane"] = (kind, index.replace(OFFICE_MARK.encode(), b""))
    if addin is not None:
        made |= {f"/wps/{name}": page for name, page in _folder(addin / "wps").items()}
        if "/wps/index.html" in made:
            made["/wps/"] = made["/wps/index.html"]
        made |= {f"/office/{name}": page for name, page in _folder(addin / "office").items()}
        made |= {f"/office/icons/{name}": page for name, page in _folder(addin / "icons").items()}
    if office is not None and (office / "office.js").is_file():
        made |= {f"/office/lib/{name}": page for name, page in _folder(office).items()}
        made["/office/pane"] = (kind, index.replace(OFFICE_MARK.encode(), OFFICE_SCRIPT.encode()))
    return made


def _folder(folder: Path) -> Pages:
    """The web files below a folder, by their names with forward slashes; links and odd names are passed over."""
    made: Pages = {}
    size = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        plain = re.fullmatch(r"[A-Za-z0-9_./-]+", name) and path.suffix in KINDS
        if not plain or path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        size += len(data)
        if len(made) >= MOST_FILES or size > MOST_BYTES:
            break
        made[name] = (KINDS[path.suffix], data)
    return made


def note(error: BaseException) -> None:
    """Keep a trouble of the service in a log file of the temporary folder."""
    from jixiao.app.terminal import write_log

    write_log(["serve"], error)


def _certificate(path: Path) -> str:
    """A certificate with its key that can be used, else an empty text: the page itself needs none."""
    if not path.is_file():
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)
    except OSError as error:  # SSLError is one
        note(error)
        return ""
    return str(path)


def _library() -> Callable[[Any, str], Any]:
    """What makes a web server of an application and a certificate, empty for http.

    UsageStop (J866) where the libraries are not installed.
    """
    try:
        import starlette  # noqa: F401 - looked for at the start, not at the first request
        import uvicorn

        from jixiao.app.service.lines import Line
    except ImportError as error:
        raise UsageStop("J866", name=error.name or "uvicorn") from error

    def server(application: Any, certificate: str) -> Any:
        config = uvicorn.Config(
            application,
            http=Line,
            ws="none",
            loop="asyncio",
            ssl_certfile=certificate or None,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=16_384,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=3,
        )
        return uvicorn.Server(config)

    return server


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on loopback, for this process alone; Busy (J867) where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
            listener.listen(64)
        except (OSError, OverflowError) as error:
            taken = getattr(error, "errno", None) == errno.EADDRINUSE
            why = "已被其他程序占用" if taken else "不允许使用"
            raise Busy("J867", port=port, why=why) from error
        yield listener
    finally:
        listener.close()


def serve(
    port: int | None = None, definitions: Sequence[Path] = (), *, silent: bool = False, end: bool = False
) -> int:
    """Run until Ctrl+C or the end of the session. Where the service runs already it is asked to open its page.

    ``end``: the service that runs is asked to end, which it does after what it was asked before.
    """
    from jixiao import __version__
    from jixiao.app.terminal import say

    if end:
        say(_ended())
        return 0
    _voice()
    service = Service(PORT if port is None else port, definitions=tuple(definitions))
    with _signals(service.stop):
        try:
            with service.running():
                say(f"绩效评分服务已启动（版本 {__version__}），只在本机应答：{ADDRESS}:{service.port}")
                if not silent:
                    service.show()
                # a blank before the bracket: a terminal takes a full-width one as part of the address
                say(f"网页：{service.link()} （只能用一次，10 分钟内有效）")
                say("表格软件里的“绩效评分”按钮现在有人应答。按 Ctrl+C 结束")
                sys.stdout.flush()
                service.work()
        except Busy as busy:
            if not isinstance(busy, AlreadyRunning) or silent or not _asked_to_show():
                raise
            say(f"{busy.finding.message}，已请它打开网页")
            return 0
    say("服务已停止，临时文件已删除")
    return 0


def _ended() -> str:
    """Ask the running service to end and wait for it; Busy (J895) where it does not."""
    about = running()
    if about is None:
        return "服务没有在运行"
    with contextlib.suppress(OSError):
        ring(inboxes()[0], STOP, patience=3.0)
    limit = time.monotonic() + START_SECONDS
    while running() is not None:
        if time.monotonic() > limit:
            raise Busy("J895", pid=about.get("pid", ""))
        time.sleep(0.1)
    return "服务已结束"


def _asked_to_show() -> bool:
    """Whether the running service said that it opens its page."""
    try:
        answer = ring(inboxes()[0], "help", patience=3.0)
    except OSError:
        return False
    return answer is not None and answer.state in ("taken", "done")


def _voice() -> None:
    """Started without a window (pythonw) there is nowhere to write to, and nobody who reads."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole process


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl+C and the end of the session set ``stop``; a second Ctrl+C interrupts."""

    def handler(number: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    names = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
    before = {number: signal.getsignal(number) for name in names if (number := getattr(signal, name, None))}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
