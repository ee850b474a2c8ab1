"""Criteria text of an official 评分表 -> a rule, or questions. In: text and full points; out: Understood.

Every word is in a node, and every node is used, known to change nothing, or quoted in a question. In the order of the way:

- the text: ``tokens`` (letters with their places, figures, the words of the grammar), ``grammar`` (the rules, in ordered
  choice, run by ``peg``; what the words of a range say is in ``ranges``) -> ``clauses``; ``wholetext`` holds it all beside
  the text as issued
- ``read`` gives the nodes to a family. ``numberline`` is one quantity on a number line: ``sheet`` (what is gathered: which
  quantity, in which unit), ``unsaid`` (what words imply about the figure), ``bands`` (``values`` on stretches of the line),
  ``settled`` (the line as the simplest rule kind, what it leaves open as questions)
- ``verdicts`` is a fact that holds or does not, two figures compared, what a person checks, the better of two rules; ``levels``
  situations of which one holds, ``sums`` parts that add up; ``provisos`` is what stands beside any of them, and what goes
  before it (vetoes, papers to be there, cases in which the indicator does not apply) as an exception over a fact of its own
- ``phrases``: which names mean the quantity, which phrases change nothing, which say a goal is met, missed or passed
- ``built`` is the rule under way, ``understood`` what came of it: points at a value, the sentence, plain data

To add a construction: its words in ``tokens._SHAPES`` (a word that is loose there in ``_loose``), a rule in
``grammar.NOTATION`` before those that need fewer words, its builder beside it, and what the family makes of the node. Then
``python benchmarks/criteria.py``: wrong stays 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.authoring.criteria import clauses
from jixiao.authoring.criteria.levels import levels, mostly_words
from jixiao.authoring.criteria.numberline import figures
from jixiao.authoring.criteria.sheet import ranges
from jixiao.authoring.criteria.sums import faults, sums
from jixiao.authoring.criteria.understood import Built, Understood, as_data, understand
from jixiao.authoring.criteria.unsaid import aimed, prefaced, single_steps
from jixiao.authoring.criteria.verdicts import better, checked, facts
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.text import LONGEST


def read_criteria(text: str | Text, full: Decimal, name: str = "结果") -> Understood:
    """How a criteria text is understood, for ``full`` points, over a quantity called ``name``. Never raises.

    At most 2,000 characters are read; a longer text is a question.
    """
    try:
        return understand(read(read_text(text), full, name), name)
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return understand(Built(full=full).ask("没有读懂这段文字，请改写成分档、扣分或按比例的写法"), name)


def read(told: Text, full: Decimal, name: str) -> Built:
    """The rule of a text, by the family that its nodes belong to."""
    if len(told.issued) > LONGEST:
        return Built(full=full).ask(f"文字超过{LONGEST}个字，请分条填写")
    found = told.nodes = prefaced(aimed(told.nodes), full)
    if not found:
        return Built(full=full).ask("没有文字")
    if any(isinstance(node, clauses.Either) for node in found):
        return better(told, full, name)
    if len([n for n in found if isinstance(n, clauses.Rule)]) > 1:
        found = told.nodes = single_steps(found) if len({one.text for _, one in ranges(found)}) > 1 else found
    made = sums(told, full, name, read) or faults(told, full)
    if made is not None:
        return made
    if not _over_figures(found):
        return facts(told, full) or levels(told, full) or _unread(told, full)
    if mostly_words(found) and (made := levels(told, full)) is not None:
        return made
    made = figures(told, found, full, name)
    return (checked(told, full) or made) if made.closed else made


def _over_figures(found: Sequence[clauses.Node]) -> bool:
    computed = (clauses.Formula, clauses.Proportional)
    steps = any(
        isinstance(n, clauses.Step) or isinstance(getattr(n, "effect", None), computed) for n in found
    )
    return steps or any(True for _ in ranges(found))


def _unread(told: Text, full: Decimal) -> Built:
    built = Built(full=full)
    for node in told.nodes:
        if not isinstance(node, (clauses.Stop, clauses.Item)):
            built.ask(f"没有读懂：“{told.said(node)}”")
    return built if built.questions else built.ask("没有找到计分的写法（得、扣、按比例等）")


__all__ = ["Understood", "as_data", "read_criteria"]
