"""_jixiao: what makes the workbook self-contained and tamper-evident; where each thing stands in it.

Column A holds labels, column B texts. A long text is cut into pieces on consecutive rows. Column D holds one cell
of each style that tables and rows brought in later use: Excel renumbers styles when it saves, these cells keep them.
"""

from __future__ import annotations

from collections.abc import Iterator

FORMAT = "1"
PIECE = 8000
ROW_FORMAT, ROW_RUBRIC, ROW_DIGEST = 1, 2, 3
ROW_DEFINITION, ROW_SOURCES, ROW_LOCATED, ROW_RECORDS, ROW_CHECKS, ROW_JUDGED = 10, 110, 150, 300, 450, 510
BLOCK = {
    "definition": (ROW_DEFINITION, 100),
    "sources": (ROW_SOURCES, 40),
    "located": (ROW_LOCATED, 150),
    "records": (ROW_RECORDS, 150),
    "checks": (ROW_CHECKS, 50),
    "judged": (ROW_JUDGED, 500),
}
STYLE_COLUMN = 4
KEPT_STYLES = (
    "text", "small", "center", "points", "amount", "rate", "count", "section", "head", "note", "table_text", "table_amount",
    "table_head", "table_title",
)  # fmt: skip


def pieces(block: str, text: str) -> Iterator[tuple[int, str]]:
    """Row and piece for every row of a block; rows beyond the text are emptied."""
    first, rows = BLOCK[block]
    cut = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
    if len(cut) > rows:
        raise ValueError(f"{block}: {len(text)} characters do not fit")
    for index in range(rows):
        yield first + index, cut[index] if index < len(cut) else ""
