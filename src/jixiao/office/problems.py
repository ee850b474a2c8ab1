"""Refusals of the package layer, worded by the catalogue.

The catalogue needs YAML, which takes longer to import than a whole workbook to read; it is imported only when
something is wrong, so that a good file never pays for it.
"""

from __future__ import annotations

from typing import NoReturn


def refuse(code: str, *, sheet: str = "", cell: str = "", **words: object) -> NoReturn:
    """Stop with ``Refused`` (exit 3); ``sheet`` and ``cell`` name the place if there is one."""
    from jixiao.model import Refused, Source

    raise Refused(code, *([Source("", sheet, cell)] if sheet or cell else []), **words)


def limit(code: str, *, sheet: str = "", **words: object) -> NoReturn:
    """Stop with ``LimitReached`` (exit 5)."""
    from jixiao.model import LimitReached, Source

    raise LimitReached(code, *([Source("", sheet)] if sheet else []), **words)


class NotRead(Exception):  # noqa: N818 - as Stop: the reading cannot go on
    """A document that cannot be read; the text says why, in Chinese."""


class TooMuch(Exception):  # noqa: N818
    """A document beyond a bound; the text names the bound, in Chinese."""
