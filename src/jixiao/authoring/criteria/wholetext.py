"""A criteria text with its tokens and nodes; what a node says, quoted as issued."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.authoring.criteria.clauses import Node, Token
from jixiao.authoring.criteria.grammar import read_nodes
from jixiao.authoring.criteria.tokens import plain, tokens


@dataclass(slots=True)
class Text:
    """The text as issued, its tokens and its nodes."""

    issued: str
    places: list[int]
    tokens: list[Token]
    nodes: list[Node]

    def said(self, node: Node) -> str:
        """The words of a node as issued."""
        return self.between(node.start, node.end).strip(" ，,；;。\n（）()")

    def between(self, start: int, end: int) -> str:
        """The words from one token up to another as issued."""
        first, last = self.tokens[start], self.tokens[end - 1]
        return self.issued[self.places[first.start] : self.places[last.end - 1] + 1]


def read_text(issued: str) -> Text:
    """A text read by the grammar."""
    letters, places = plain(issued)
    found = tokens(letters)
    return Text(issued, places, found, read_nodes(found))
