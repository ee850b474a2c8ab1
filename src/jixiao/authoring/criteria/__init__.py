"""Criteria text of an official 评分表 -> a rule, or questions. In: text and full points; out: Understood.

Every word is in a node, and every node is used, known to change nothing, or quoted in a question. In the order of the way:

- the text: ``tokens`` (letters with their places, figures, the words of the grammar), ``grammar`` (the rules, in ordered
  choice, run by ``peg``; what the words of a range say is in ``ranges``) -> ``clauses``; ``notes`` are remarks that say
  nothing about points; ``wholetext`` holds it all beside the text as issued
- ``reader`` gives the nodes to a family. ``numberline`` is one quantity on a number line: ``subjects`` (which quantity, in which
  unit), ``unsaid`` (what words imply about the figure), ``bands``, ``steps`` and ``straight`` (``values`` on stretches of the
  line, gathered in ``sheet``), ``settled`` (the line as the simplest rule kind, what it leaves open as questions)
- ``verdicts`` is a fact that holds or does not, two figures compared, what a person checks, the better of two rules; ``levels``
  situations of which one holds, ``sums`` parts that add up; ``provisos`` is what goes before any of them (vetoes, papers to be
  there, cases in which the indicator does not apply), an exception over a fact of its own
- ``phrases``: which names mean the quantity, which phrases change nothing, which say a goal is met, missed or passed
- ``built`` is the rule under way, ``understood`` what came of it: points at a value, the sentence, plain data

To add a construction: its words in ``tokens._SHAPES`` (a word that is loose there in ``_loose``), a rule in
``grammar.NOTATION`` before those that need fewer words, its builder beside it, and what the family makes of the node. Then
``python benchmarks/criteria.py``: wrong stays 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.built import Built
from jixiao.authoring.criteria.understood import Understood, understand
from jixiao.authoring.criteria.wholetext import Known


def read_criteria(text: str, full: Decimal, name: str = "结果", known: Known | None = None) -> Understood:
    """How a criteria text is understood, for ``full`` points, over a quantity called ``name``. Never raises.

    ``known`` tells which names are those of other figures: an exception may stand on them (预算数为0的得满分).

    At most 2,000 characters are read; a longer text is a question.
    """
    from jixiao.authoring.criteria.reader import read

    try:
        return understand(read(text, full, name, known), name)
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return understand(Built(full=full).ask("没有读懂这段文字，请改写成分档、扣分或按比例的写法"), name)


def as_data(understood: Understood, values: Sequence[str] = ()) -> dict[str, Any]:
    """The reading as plain data for ``--json``: points are numbers, or None where the text does not decide them."""
    from jixiao.authoring.criteria.understood import plain_data

    return plain_data(understood, values)


__all__ = ["Understood", "as_data", "read_criteria"]
