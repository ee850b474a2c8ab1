"""Formula text: as spreadsheet programs write the same one again, and as a cell has it that shares another's."""

from __future__ import annotations

import functools
import re

from jixiao.office.refs import MAX_COLUMN, MAX_ROW, column_letter, column_number

_PIECES = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'!|[^"\']+|[\'"]')
_PLAIN_NAME = re.compile(r"'([^\W\d][\w.]*)'!")
_REFERENCES = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|(\$?)([A-Z]{1,3})(\$?)([1-9]\d*)(?![\w(!])|[^\W\d][\w.]*|.',
    re.DOTALL,
)


# a blank between two operands takes what areas have in common: no mere spelling
_BLANKS = re.compile(r"(?<=[\w)\]#])(\s+)(?=[\w($'\[])|\s+")


@functools.lru_cache(maxsize=20_000)
def canonical(formula: str) -> str:
    """A formula without ``=``, blanks that mean nothing, and quotes that a sheet name does not need."""
    made = []
    pieces = _PIECES.findall(formula.strip().removeprefix("="))
    for at, piece in enumerate(pieces):
        if piece.startswith('"'):
            made.append(piece)
        elif piece.startswith("'"):
            made.append(_PLAIN_NAME.sub(r"\1!", piece))
        else:
            quoted = "'" if "".join(pieces[at + 1 : at + 2]).startswith("'") else ""
            made.append(
                _BLANKS.sub(lambda blank: " " if blank[1] else "", piece + quoted).removesuffix(quoted)
            )
    return "".join(made)


def shifted(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads that many rows down and columns to the right; what has a ``$`` stays.

    ``#REF!`` for a cell that would lie outside the grid.
    """

    def move(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        column = column_number(match[2]) + (0 if match[1] else columns)
        row = int(match[4]) + (0 if match[3] else rows)
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            return "#REF!"
        return f"{match[1]}{column_letter(column)}{match[3]}{row}"

    return _REFERENCES.sub(move, formula)
