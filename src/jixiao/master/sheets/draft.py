"""A workbook as it is to be written, kept as calls: XlsxWriter makes a file of it, ``verify`` holds a file against it.

So what is printed is said once. With the pen the only importer of XlsxWriter, which is loaded when a file is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method of XlsxWriter and what it is called with; formats and charts stand there as they were drafted."""

PRINT_AREAS = "print_areas"
"""The call that XlsxWriter does not have: several areas of a sheet, as the name writes them."""


class Format(dict[str, Any]):
    """A cell format in the terms of XlsxWriter; two are one only where they are the same object."""


class Drafted:
    """Keeps every call in its order; nothing is done yet. ``made_by`` is the call that makes the thing itself."""

    def __init__(self, *made_by: Any) -> None:
        self.made_by = made_by
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:
        def note(*args: Any, **named: Any) -> None:
            self.calls.append((name, args, named))

        self.__dict__[name] = note
        return note


class Draft(Drafted):
    """A whole workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, Drafted] = {}
        self.formats: list[Format] = []
        self.charts: list[Drafted] = []

    def add_worksheet(self, name: str) -> Drafted:
        """A sheet at the end."""
        return self.sheets.setdefault(name, Drafted(name))

    def add_format(self, spec: Mapping[str, Any]) -> Format:
        """A cell format."""
        self.formats.append(Format(spec))
        return self.formats[-1]

    def add_chart(self, spec: Mapping[str, Any]) -> Drafted:
        """A chart, which a sheet places."""
        self.charts.append(Drafted(dict(spec)))
        return self.charts[-1]

    def to_bytes(self) -> bytes:
        """The file."""
        import xlsxwriter

        buffer = BytesIO()
        book: Any = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheets = [(book.add_worksheet(name), sheet) for name, sheet in self.sheets.items()]
        for sheet, _ in sheets:
            sheet._prepare_formula = _bare  # noqa: SLF001 - see there
        made: dict[int, Any] = {id(spec): book.add_format(spec) for spec in self.formats}
        made |= {id(chart): book.add_chart(*chart.made_by) for chart in self.charts}
        drafts = [(made[id(chart)], chart) for chart in self.charts]
        for thing, drafted in [*drafts, *sheets, (book, self)]:
            for name, args, named in drafted.calls:
                if name == PRINT_AREAS:  # the library's own call knows one area only
                    thing.print_area_range = args[0]
                    continue
                told = {key: made.get(id(value), value) for key, value in named.items()}
                getattr(thing, name)(*(_real(arg, made) for arg in args), **told)
        book.close()
        return buffer.getvalue()


def _bare(formula: str, *_: object) -> str:
    """A formula as a file holds it.

    The library tries fifty patterns for functions of newer Excels on each, half of the time that a workbook takes; we
    write none of those functions, which the vocabulary of ``verify`` holds.
    """
    return formula.removeprefix("=")


def _real(arg: Any, made: Mapping[int, Any]) -> Any:
    """What a call is really given; the options of a conditional format hold one."""
    if type(arg) is dict and id(arg.get("format")) in made:
        return arg | {"format": made[id(arg["format"])]}
    return made.get(id(arg), arg)
