"""Host: where progress and the one dialog of a press go. Behind an interface, so that a test can look."""

from __future__ import annotations

from typing import Any, Protocol

from jixiao.app.desk.request import Answer


class Host(Protocol):
    """What surrounds a press of a button."""

    def progress(self, text: str) -> None:
        """Say what is being done now; an empty text ends it."""

    def show(self, answer: Answer) -> None:
        """Show the result; called once a press."""


class Silent:
    """Shows nothing: the caller has the answer. ``said`` keeps what was going on."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def progress(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)

    def show(self, answer: Answer) -> None:
        """Nothing to show it on."""


class StatusBar:
    """The program's own status bar; and its message box where something was found or went wrong."""

    def __init__(self, app: Any, *, dialogs: bool = True) -> None:
        self.app, self.dialogs = app, dialogs

    def progress(self, text: str) -> None:
        """In the status bar; an empty text gives the bar back to the program."""
        self.app.status_bar = f"绩效评分：{text}…" if text else False

    def show(self, answer: Answer) -> None:
        """One message box, for findings and for what went wrong; a smooth score needs none."""
        if self.dialogs and (answer.findings or not answer.ok):
            self.app.alert(
                answer.text(), f"绩效评分 · {answer.title}", "ok", None if answer.ok else "critical"
            )
