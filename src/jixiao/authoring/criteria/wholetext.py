"""A criteria text with its tokens and nodes; what a node says, quoted as issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from jixiao.authoring.criteria.clauses import Node, Stop, Token
from jixiao.authoring.criteria.grammar import read_nodes
from jixiao.authoring.criteria.tokens import plain, tokens

Known = Callable[[str], bool]


def _none(name: str) -> bool:
    return False


@dataclass(slots=True)
class Text:
    """The text as issued, its tokens and its nodes; ``known`` tells whether a name is that of a figure of the table."""

    issued: str
    places: list[int]
    tokens: list[Token]
    nodes: list[Node]
    known: Known

    def said(self, node: Node) -> str:
        """The words of a node as issued."""
        return self.between(node.start, node.end).strip(" ，,；;。\n（）()")

    def between(self, start: int, end: int) -> str:
        """The words from one token up to another as issued."""
        return self.issued[slice(*self.span(start, end))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The letters from one token up to another in the text as issued."""
        first, last = self.tokens[start], self.tokens[end - 1]
        return self.places[first.start], self.places[last.end - 1] + 1

    def without(self, nodes: Iterable[Node]) -> str:
        """The text as issued with a line's end in place of some nodes."""
        left = self.issued
        for start, end in sorted((self.span(node.start, node.end) for node in nodes), reverse=True):
            left = f"{left[:start]}\n{left[end:]}"
        return left.strip()

    def statements(self) -> Iterator[list[Node]]:
        """The nodes between two stops."""
        held: list[Node] = []
        for node in self.nodes:
            if isinstance(node, Stop) and held:
                yield held
                held = []
            elif not isinstance(node, Stop):
                held.append(node)
        if held:
            yield held


def read_text(issued: str, known: Known = _none) -> Text:
    """A text read by the grammar."""
    letters, places = plain(issued)
    found = tokens(letters)
    return Text(issued, places, found, read_nodes(found), known)
