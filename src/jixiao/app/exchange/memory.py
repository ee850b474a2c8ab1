"""What was written, kept so that 撤销本次评分 can put it back; bounded, and only in memory."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Sequence

from jixiao.app.exchange.copied import BookCopy, CellWrite, Content, content_of, same_content
from jixiao.model import Findings, Source, UsageStop
from jixiao.office import split_ref

STEPS, BOOKS = 10, 50

Changes = dict[str, dict[str, tuple[Content, Content]]]
"""Sheet -> cell -> what stood there and what was written."""


class Memory:
    """The last presses of each open workbook, by its key; the oldest are forgotten."""

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
            raise UsageStop("J845", Source(re.split(r"[\\/]", book)[-1]))
        return steps[-1]

    def drop(self, book: str) -> None:
        """Forget the last press: it was taken back."""
        self._steps[book].pop()


def changes_of(copy: BookCopy, writes: Sequence[CellWrite]) -> Changes:
    """What writes change, before they are made."""
    made: Changes = {}
    for write in writes:
        before = content_of(copy.whole(write.sheet).get(write.ref))
        made.setdefault(write.sheet, {})[write.ref] = before, write.content
    return made


def taking_back(copy: BookCopy, step: Changes, findings: Findings) -> list[CellWrite]:
    """What puts back what stood before a press; cells edited since stay, and are said."""
    gone = [name for name in step if name not in copy.sheet_names]
    if gone:
        raise UsageStop("J832", Source(copy.name), sheet=gone[0])
    writes: list[CellWrite] = []
    edited: list[Source] = []
    for name, cells in step.items():
        sheet = copy.whole(name)
        for ref, (old, new) in cells.items():
            now = content_of(sheet.get(ref))
            if same_content(now, new):
                writes.append(CellWrite(name, split_ref(ref), old))
            elif not same_content(now, old):
                edited.append(Source(copy.name, name, ref))
    if edited:
        shown = "、".join(source.cell for source in edited[:10])
        findings.add("J846", edited[0], count=len(edited), cells=shown)
    return writes
