"""The console script: words of the command line in, exit code out; every way of failing is one Chinese line.

Exit codes: 0 all well; 1 findings of level error (check, verify, rubric lint); 2 wrong usage; 3 input refused;
4 target busy; 5 a limit reached; 6 cannot write; 70 our own bug, with a log file; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NoReturn, TextIO

from jixiao.model import CannotWrite, Finding, Level, LimitReached, Stop, UsageStop, make, reason

INTERNAL, INTERRUPTED, NOBODY_READS = 70, 130, 141
GARBAGE = 50_000  # objects more than before; the usual 700 are a look at every few milliseconds of loading


def console() -> NoReturn:
    """The process: it ends with its command, so garbage is seldom looked for, and not once more at the end."""
    gc.set_threshold(GARBAGE)
    code = main()
    gc.freeze()
    sys.exit(code)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. Enters the words after ``jixiao`` (those of the process by default), leaves the exit code."""
    given = list(sys.argv[1:] if words is None else words)
    _speak(given)
    try:
        code = _run(given)
        sys.stdout.flush()
    except Stop as stop:
        return _stopped(given, stop.finding, stop.exit_code, stop.more)
    except KeyboardInterrupt:
        return _stopped(given, make("J898"), INTERRUPTED)
    except MemoryError:
        return _stopped(given, make("J897"), LimitReached.exit_code)
    except BrokenPipeError:
        return _unread()
    except OSError as error:
        if error.filename is not None:  # a file of ours: whoever opened it should have said so
            return _failed(given, error)
        _unread(sys.stdout)  # or what is left would be written once more at the end
        return _stopped(given, make("J823", name="输出", why=reason(error)), CannotWrite.exit_code)
    except Exception as error:  # noqa: BLE001 - whatever it is, the officer sees one line, never a traceback
        return _failed(given, error)
    return code


def _failed(words: Sequence[str], error: Exception) -> int:
    """A definition of the user's that is wrong (exit 2), or a bug of ours (exit 70, with a log)."""
    from jixiao.model import DefinitionError

    try:
        if isinstance(error, DefinitionError):
            return _stopped(words, make("J824", problem=str(error)), UsageStop.exit_code)
        from jixiao.app.terminal import write_log

        return _stopped(words, make("J899", why=type(error).__name__, log=write_log(words, error)), INTERNAL)
    except Exception as second:  # noqa: BLE001 - not even the catalogue of messages can be read
        sys.stderr.write(f"内部错误（{type(second).__name__}：{second}）。请重新安装 jixiao\n")
        return INTERNAL


def _run(words: list[str]) -> int:
    book, as_json = _plain_score(words)
    if book:
        from jixiao.app.score import score

        return score(Path(book), as_json=as_json)
    from jixiao.app.commands import run

    return run(words)


def _plain_score(words: list[str]) -> tuple[str, bool]:
    """The workbook of a plain ``score BOOK [--json]``, which is the button of every day and needs no parser."""
    rest = [word for word in words[1:] if word != "--json"]
    if words[:1] == ["score"] and len(rest) == 1 and rest[0] and not rest[0].startswith("-"):
        return rest[0], len(rest) < len(words) - 1
    return "", False


def wants_json(words: Sequence[str]) -> bool:
    """Whether the answer is read by a program, errors included."""
    return "--json" in words or _asks_for(words, "json")


def _asks_for(words: Sequence[str], shape: str) -> bool:
    return f"--format={shape}" in words or ("--format", shape) in pairwise(words)


def _speak(words: Sequence[str]) -> None:
    """Let no character stop a message: what a terminal cannot show becomes ``?``; what programs read is UTF-8."""
    if not sys.warnoptions:
        warnings.simplefilter(
            "ignore"
        )  # what libraries warn their programmers of is no message for an officer
    for name in ("stdout", "stderr"):  # closed by whoever started us, or a window without a console
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            data = wants_json(words) or _asks_for(words, "junit")
            for_program = stream is sys.stdout and data and not stream.isatty()
            reconfigure(encoding="utf-8" if for_program else None, errors="replace")


def _stopped(words: Sequence[str], finding: Finding, code: int, more: Sequence[Finding] = ()) -> int:
    """Say why a command stopped: a line on stderr, or an object on stdout where JSON is wanted."""
    from jixiao.app.terminal import printable

    try:
        if wants_json(words):
            import json

            error = {**finding.data(), "level": Level.ERROR.value}
            findings = {"findings": [one.data() for one in more]} if more else {}
            sys.stdout.write(f"{json.dumps({'error': error, **findings}, ensure_ascii=False)}\n")
        else:
            for one in (finding, *more):
                sys.stderr.write(f"{printable(one.line())}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return _unread()
    except OSError:  # nowhere to say it
        _unread()
    return code


def _unread(*streams: TextIO) -> int:
    """Nobody reads our output any more (``| head``): be quiet, also when Python closes its streams."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams or (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
    return NOBODY_READS
