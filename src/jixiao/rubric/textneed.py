"""TextNeed: what only a person can write for a report; a row of the 文字 sheet."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model import Body

REPORTS = ("核查", "自评")


@dataclass(frozen=True, slots=True)
class TextNeed:
    """One text: ``key`` names the entry (``文字.<key>``), ``reports`` the kinds of report that print it."""

    key: str
    title: str
    hint: str
    reports: tuple[str, ...]

    @property
    def entry(self) -> str:
        """Key of its entry in the net."""
        return f"文字.{self.key}"


def read_texts(data: Body) -> tuple[TextNeed, ...]:
    """texts.yaml, or its copy inside a workbook; ``DefinitionError`` where it is wrong."""
    made: list[TextNeed] = []
    for key in data:
        body = data.part(key).only(("title", "hint", "reports"))
        reports = tuple(body.texts("reports"))
        if not reports or not set(reports) <= set(REPORTS):
            raise body.fail(f"reports 应为 {'、'.join(REPORTS)}", "reports")
        made.append(TextNeed(key, body.text("title"), body.text("hint"), reports))
    return tuple(made)
