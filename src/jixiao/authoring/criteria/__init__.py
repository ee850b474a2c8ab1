"""Criteria text of an official 评分表 -> a rule, or questions. In: text and full points; out: Understood.

The text is brought to one notation (normalise), cut into items and statements (statements), read by a grammar
(grammar.lark, lexing, reading), gathered into clauses (clauses), and handed to the reader of its family (numeric,
situations, families). What is ambiguous is asked, never guessed. target.py reads target values.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.draft import Built
from jixiao.authoring.criteria.understood import Understood, understand


def read_criteria(text: str, full: Decimal, name: str = "结果") -> Understood:
    """How a criteria text is understood, for ``full`` points, over a quantity called ``name``. Never raises.

    At most 2,000 characters are read; a longer text is a question.
    """
    from jixiao.authoring.criteria.reader import read

    try:
        return understand(read(text, full, name), name)
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return understand(Built(full=full).ask("没有读懂这段文字，请改写成分档、扣分或按比例的写法"), name)


def as_data(understood: Understood, values: Sequence[str] = ()) -> dict[str, Any]:
    """The reading as plain data for ``--json``: points are numbers, or None where the text does not decide them."""
    from jixiao.authoring.criteria.understood import plain_data

    return plain_data(understood, values)


__all__ = ["Understood", "as_data", "read_criteria"]
