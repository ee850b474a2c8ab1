"""What was written, kept so that 撤销本次评分 can put it back; bounded, and only in memory."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Sequence

from jixiao.app.desk.live import LiveBook, LiveSheet, same_value
from jixiao.app.desk.runs import Content, Write, content_of, write_all
from jixiao.model import Findings, Source, UsageStop
from jixiao.office.ooxml import split_ref

STEPS, BOOKS = 10, 50
_SPELLING = re.compile(r"[\s'$]+")


Changes = dict[str, dict[str, tuple[Content, Content]]]
"""Sheet -> cell -> what stood there and what was written."""


class Memory:
    """The last presses of each open workbook, by its name; the oldest are forgotten."""

    def __init__(self) -> None:
        self._steps: OrderedDict[str, deque[Changes]] = OrderedDict()

    def keep(self, book: str, changes: Changes) -> None:
        """Remember one press; one that wrote nothing leaves no trace."""
        if not any(changes.values()):
            return
        self._steps.setdefault(book, deque(maxlen=STEPS)).append(changes)
        self._steps.move_to_end(book)
        while len(self._steps) > BOOKS:
            self._steps.popitem(last=False)

    def ours(self, book: str, sheet: str) -> dict[str, Content]:
        """Cell -> what we wrote there last."""
        made: dict[str, Content] = {}
        for step in self._steps.get(book, ()):
            made.update({ref: new for ref, (_, new) in step.get(sheet, {}).items()})
        return made

    def last(self, book: str) -> Changes:
        """The last press of a workbook; ``UsageStop`` (J845) where there is none."""
        steps = self._steps.get(book)
        if not steps:
            raise UsageStop("J845", Source(book))
        return steps[-1]

    def drop(self, book: str) -> None:
        """Forget the last press: it was taken back."""
        self._steps[book].pop()


def changes_of(sheet: LiveSheet, writes: Sequence[Write]) -> dict[str, tuple[Content, Content]]:
    """What writes change, before they are made."""
    return {write.ref: (content_of(sheet.get(write.ref)), write.content) for write in writes}


def take_back(live: LiveBook, memory: Memory, findings: Findings) -> tuple[str, int]:
    """Put back what stood before the last press; cells edited since stay. (first sheet, how many cells)."""
    step = memory.last(live.name)
    gone = [name for name in step if name not in live.handles]
    if gone:
        raise UsageStop("J832", Source(live.name), sheet=gone[0])
    count, edited = 0, list[Source]()
    for name, cells in step.items():
        sheet = live.whole(name)
        writes = []
        for ref, (old, new) in cells.items():
            now = content_of(sheet.get(ref))
            if same_content(now, new):
                writes.append(Write(split_ref(ref), old))
            elif not same_content(now, old):
                edited.append(Source(live.name, name, ref))
        write_all(sheet, writes)
        count += len(writes)
    memory.drop(live.name)
    if edited:
        shown = "、".join(source.cell for source in edited[:10])
        findings.add("J846", edited[0], count=len(edited), cells=shown)
    return next(iter(step)), count


def same_content(one: Content, other: Content) -> bool:
    """Whether two contents are one; programs spell a formula their own way."""
    if isinstance(one, str) and isinstance(other, str):
        if one.startswith("=") and other.startswith("="):
            return _SPELLING.sub("", one).upper() == _SPELLING.sub("", other).upper()
        return one.removeprefix("'") == other.removeprefix("'")
    return same_value(one, other)
