"""Criteria text of an official 评分表 -> a rule, or questions. In: text and full points; out: Understood.

In the order of the way: ``statements`` brings the text to one notation and cuts it into items and statements,
``parsing`` reads a statement by the grammar (grammar.lark) into ``phrases``, ``clauses`` gathers them, ``reader`` hands
them to the reader of their family: ``numeric`` (with ``bands``, ``steps``, ``bandrules``, ``unsaid``), ``situations``.
``provisos`` is what stands beside a rule, ``draft`` the rule under way, ``understood`` what came of it. What is
ambiguous is asked, never guessed.
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
