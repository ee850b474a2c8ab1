"""A criteria text with its tokens and nodes; what a node says, quoted as issued."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.authoring.criteria.clauses import Node, Rule, Stop, Token, Unread
from jixiao.authoring.criteria.grammar import read_nodes
from jixiao.authoring.criteria.tokens import plain, tokens
from jixiao.text import LONGEST

_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"))
"""They are no tokens; one that was opened in the words of a node is closed there."""
Known = Callable[[str], bool]


@dataclass(slots=True)
class Text:
    """The text as issued, its tokens and its nodes, the first of them at token ``begins``.

    ``known`` tells whether a name is that of another figure of the table: an exception may stand on it (预算数为0的得满分).
    """

    issued: str
    places: list[int]
    tokens: list[Token]
    nodes: list[Node]
    known: Known
    begins: int = 0

    def said(self, node: Node) -> str:
        """The words of a node as issued."""
        return self.between(node.start, node.end).strip(" ，,；;。\n（）()")

    def opens(self, node: Node) -> bool:
        """Whether a node is the first one."""
        return node.start == self.begins

    def kept(self, nodes: Iterable[Node]) -> Text:
        """The text of some of its nodes alone, a stop in place of what stands between them."""
        held: dict[int, list[Node]] = {}
        for node in nodes:
            held.setdefault(node.start, []).append(node)
        made: list[Node] = []
        for start, own in itertools.groupby(self.nodes, key=lambda node: node.start):
            if min(held, default=start + 1) <= start <= max(held, default=0):
                made += held.get(start) or [Stop(start, next(own).end)]
        return replace(self, nodes=made, begins=made[0].start if made else 0)

    @property
    def words(self) -> str:
        """What its nodes say, as issued."""
        return "\n".join(self.quoted(nodes) for nodes in self.statements())

    def between(self, start: int, end: int) -> str:
        """The words from one token up to another as issued."""
        return self.issued[slice(*self.span(start, end))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The letters from one token up to another in the text as issued."""
        first, last = self.places[self.tokens[start].start], self.places[self.tokens[end - 1].end - 1] + 1
        said = self.issued[first:last]
        shut = any(said.count(a) > said.count(b) and self.issued[last : last + 1] == b for a, b in _QUOTES)
        return first, last + shut

    def label(self, node: Rule) -> str:
        """The situation of a rule as issued, without the words that only lead to it (如, 的)."""
        whole = node.told > node.start and self.between(node.start, node.told)
        told = re.sub(r"[\s“”\"'‘’]", "", whole or "".join(cond.text for cond in node.conds))
        return re.sub(r"^(?:凡|若|如果)|(?:的|者|，|,|：|:)+$", "", told)

    def without(self, nodes: Iterable[Node], first: int = 0, last: int | None = None) -> str:
        """The text as issued, from one letter to another, with a line's end in place of some nodes."""
        left: list[str] = []
        last = len(self.issued) if last is None else last
        for start, end in sorted(self.span(node.start, node.end) for node in nodes):
            if first <= start and end <= last:
                left += self.issued[first:start], "\n"
                first = end
        return "".join([*left, self.issued[first:last]]).strip()

    def quoted(self, nodes: Sequence[Node], but: Iterable[Node] = ()) -> str:
        """The text as issued from the first of some nodes to the last, without others."""
        return self.without(but, *self.span(nodes[0].start, nodes[-1].end))

    def names(self) -> list[str]:
        """The names in its nodes, letter by letter as compared: of figures, of situations, of words without a meaning."""
        held = (token for node in self.nodes for token in self.tokens[node.start : node.end])
        return [token.text for token in held if token.kind == "NAME"]

    def statements(self) -> Iterator[list[Node]]:
        """The nodes between two stops."""
        held: list[Node] = []
        for node in [*self.nodes, Stop(0, 0)]:
            if not isinstance(node, Stop):
                held.append(node)
            elif held:
                yield held
                held = []


def read_text(issued: str | Text, known: Known = lambda _: False) -> Text:
    """A text read by the grammar, one that was read as it is; what lies beyond the length that is read is not understood."""
    if isinstance(issued, Text):
        return issued
    letters, places, quoted = plain(issued[:LONGEST])
    found = tokens(letters, quoted)
    nodes = read_nodes(found)
    if len(issued) > LONGEST and found:
        nodes.append(Unread(len(found) - 1, len(found)))
    return Text(issued, places, found, nodes, known)
