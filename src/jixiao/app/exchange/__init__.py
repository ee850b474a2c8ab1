"""exchange: what a button asks of the workbook that is open somewhere, the same for every host.

A copy of the workbook comes in (``copied``), the verb works on it (``button``: our own workbook in ``ourbook``, an
officer's own sheet in ``recognising`` and ``filling``), and cells with an answer go back (``request``). The hosts that
hand over copies and write cells stand in ``app/hosts``.
"""

from jixiao.app.exchange.button import Host, press, warm
from jixiao.app.exchange.copied import (
    BookCopy,
    CellWrite,
    Content,
    Formula,
    SheetCopy,
    Spot,
    content_of,
    same_value,
    within_reach,
)
from jixiao.app.exchange.memory import (
    BOOKS,
    STEPS,
    Memory,
)
from jixiao.app.exchange.recognising import NoTable, has_table
from jixiao.app.exchange.request import SHOWN, VERBS, Answer, Request

__all__ = [
    "BOOKS", "SHOWN", "STEPS", "VERBS", "Answer", "BookCopy", "CellWrite", "Content", "Formula", "Host", "Memory",
    "NoTable", "Request", "SheetCopy", "Spot", "content_of", "has_table", "press", "same_value", "warm",
    "within_reach",
]  # fmt: skip
