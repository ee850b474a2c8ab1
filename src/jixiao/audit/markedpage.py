"""The report as a page with every figure marked: agrees, disagrees, unchecked; the reason stands in the tip of a mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from jixiao.audit.blocks import Block
from jixiao.audit.statement import Outcome, Statement

_CLASSES = {Outcome.AGREES: "y", Outcome.DISAGREES: "n", Outcome.UNCHECKED: "o"}
_STYLE = (
    "body{font:16px/1.8 serif;max-width:60em;margin:2em auto}"
    "table{border-collapse:collapse}td{border:1px solid #999;padding:2px 6px}"
    "mark{background:none}mark.y{border-bottom:2px solid #2a7d2a}mark.n{background:#ffd9d9;border-bottom:2px solid #b00}"
    "mark.o{border-bottom:1px dotted #888}"
)


def marked_page(
    title: str, blocks: Sequence[Block], statements: Sequence[Statement], lines: Sequence[str]
) -> str:
    """One offline file: the findings, then the text with its figures marked. All text is escaped."""
    by_text: dict[tuple[int, int], list[Statement]] = {}
    for item in statements:
        by_text.setdefault(item.figure.at, []).append(item)
    made = [
        f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    ]
    made += [f"<h1>{escape(title)}</h1><ol>", *(f"<li>{escape(line)}" for line in lines), "</ol><hr>"]
    for table, group in groupby(blocks, key=lambda block: block.table):
        rows = [[_marked(block, cell, by_text) for cell in range(len(block.cells))] for block in group]
        if table:
            made += [
                "<table>",
                *("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows),
                "</table>",
            ]
        else:
            made += [f"<p>{cell}" for row in rows for cell in row]
    return "\n".join(made) + "\n</html>\n"


def _marked(block: Block, cell: int, by_text: dict[tuple[int, int], list[Statement]]) -> str:
    return "".join(_pieces(block.cells[cell], by_text.get((block.number, cell), ())))


def _pieces(text: str, statements: Sequence[Statement]) -> Iterator[str]:
    at = 0
    for item in statements:
        figure = item.figure
        told = "；".join(
            part for part in (item.outcome, item.subject, item.value, item.why, item.source) if part
        )
        yield escape(text[at : figure.start])
        mark = escape(text[figure.start : figure.end])
        yield f'<mark class={_CLASSES[item.outcome]} title="{escape(told)}">{mark}</mark>'
        at = figure.end
    yield escape(text[at:])
