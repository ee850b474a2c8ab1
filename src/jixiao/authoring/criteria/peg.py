"""Ordered choice over tokens (a parsing expression grammar): a notation of rules -> parsers, with the furthest token reached.

``name = part part / other``: a name in capitals is a kind of token, another one a rule; ``? * + & ! ( )`` as usual;
``label:name`` keeps what was read for the builder of the rule (``label.end``: the place behind a rule). A rule without a
builder hands its labels on. A builder
that returns None says that the words fit the rule but not each other: the next choice is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

END = "END"
DEEPEST = 60
"""Rules inside rules: brackets nested deeper than text of people has are not read."""


class Lexeme(Protocol):
    """What a grammar needs of a token."""

    @property
    def kind(self) -> str:
        """Which kind it is."""


class Run:
    """One reading: the tokens, what was read where, and the furthest place that did not fit."""

    __slots__ = ("depth", "far", "kinds", "memo", "tokens")

    def __init__(self, tokens: Sequence[Any]) -> None:
        self.tokens = tokens
        self.kinds = [*(token.kind for token in tokens), END]
        self.memo: dict[tuple[str, int], tuple[int, Any]] = {}
        self.far = self.depth = 0

    def missed(self, at: int) -> int:
        """-1, with the place remembered where it is the furthest."""
        self.far = max(self.far, at)
        return -1


class Match:
    """The labels of a rule that fits, and the tokens from ``start`` to ``end``."""

    __slots__ = ("end", "found", "start", "tokens")

    def __init__(self, found: Sequence[tuple[str, Any]], tokens: Sequence[Any], start: int, end: int) -> None:
        self.found, self.tokens, self.start, self.end = found, tokens, start, end

    def __getitem__(self, label: str) -> Any:
        return next((value for name, value in self.found if name == label), None)

    def every(self, label: str) -> list[Any]:
        """All that a label kept, in order."""
        return [value for name, value in self.found if name == label]


Found = list[tuple[str, Any]]
Parser = Callable[[Run, int, Found], int]
"""From a place to the place behind what fits, -1 where nothing does."""
Builder = Callable[[Match], Any]
_WORD = re.compile(r"\s*(?:(\w+):)?(\w+|[=/?*+&!()])")


_Tree = tuple[Any, ...]
"""A rule as read: (what it is, its parts or name, label)."""


class Grammar:
    """Rules compiled from their notation. A choice looks at the next token first and tries only what can begin with it."""

    def __init__(self, notation: str, builders: Mapping[str, Builder]) -> None:
        self.builders = builders
        self.trees: dict[str, _Tree] = {}
        for line in re.split(r"\n(?=\w+ *=)", notation.strip()):
            name, _, body = line.partition("=")
            words = _WORD.findall(body)
            self.trees[name.strip()], rest = self._choice(words, 0)
            assert rest == len(words), line
        self.empty: dict[str, bool] = dict.fromkeys(self.trees, False)
        self.begins: dict[str, frozenset[str]] = dict.fromkeys(self.trees, frozenset())
        known = None
        while known != (self.empty, self.begins):
            known = (dict(self.empty), dict(self.begins))
            for name, tree in self.trees.items():
                self.empty[name], self.begins[name] = self._head(tree)
        self.rules = {name: self._compiled(tree) for name, tree in self.trees.items() if name in builders}

    def read(self, run: Run, rule: str, at: int) -> tuple[int, Any]:
        """What a rule reads at a place: the place behind it (-1: nothing), and what its builder made of it."""
        key = (rule, at)
        known = run.memo.get(key)
        if known is None:
            found: Found = []
            run.depth += 1
            end = self.rules[rule](run, at, found) if run.depth <= DEEPEST else -1
            run.depth -= 1
            made = self.builders[rule](Match(found, run.tokens, at, end)) if end >= 0 else None
            known = run.memo[key] = (end, made) if made is not None else (-1, None)
        return known

    def _choice(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        way, at = self._sequence(words, at)
        ways = [way]
        while at < len(words) and words[at][1] == "/":
            way, at = self._sequence(words, at + 1)
            ways.append(way)
        return (way if len(ways) == 1 else ("choice", ways)), at

    def _sequence(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        parts: list[_Tree] = []
        while at < len(words) and words[at][1] not in "/)":
            part, at = self._part(words, at)
            parts.append(part)
        return (parts[0] if len(parts) == 1 else ("order", parts)), at

    def _part(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        label, word = words[at]
        if word in "&!":
            part, at = self._part(words, at + 1)
            return (word, [part]), at
        if word == "(":
            part, at = self._choice(words, at + 1)
        else:
            part = ("token" if word.isupper() else "rule", word, label)
        at += 1
        while at < len(words) and words[at][1] in "?*+":
            part = ("order", [part, ("*", [part])]) if words[at][1] == "+" else (words[at][1], [part])
            at += 1
        return part, at

    def _head(self, tree: _Tree) -> tuple[bool, frozenset[str]]:
        """Whether a tree may be empty, and the kinds of token that it may begin with."""
        what, inner = tree[0], tree[1]
        if what == "token":
            return False, frozenset((inner,))
        if what == "rule":
            return self.empty[inner], self.begins[inner]
        heads = [self._head(part) for part in inner]
        if what == "order":
            begins: frozenset[str] = frozenset()
            for empty, kinds in heads:
                begins |= kinds
                if not empty:
                    return False, begins
            return True, begins
        if what in "&!":
            return True, frozenset()
        return what in "?*" or any(empty for empty, _ in heads), frozenset().union(
            *(kinds for _, kinds in heads)
        )

    def _compiled(self, tree: _Tree) -> Parser:
        what, inner = tree[0], tree[1]
        if what == "token":
            return _token(inner, tree[2])
        if what == "rule":
            return self._rule(inner, tree[2]) if inner in self.builders else self._compiled(self.trees[inner])
        parts = [self._compiled(part) for part in inner]
        if what == "order":
            return _in_order(parts)
        if what in "&!":
            return _ahead(parts[0], wanted=what == "&")
        heads = [self._head(part) for part in inner]
        if what == "choice":
            return _first(parts, heads)
        return _maybe(parts[0], heads[0][1]) if what == "?" else _many(parts[0], heads[0][1])

    def _rule(self, name: str, label: str) -> Parser:
        empty, begins = self.empty[name], self.begins[name]

        def parse(run: Run, at: int, found: Found) -> int:
            if not empty and run.kinds[at] not in begins:
                return run.missed(at)
            end, made = self.read(run, name, at)
            if end >= 0 and label:
                found += ((label, made), (f"{label}.end", end))
            return end

        return parse


def _token(kind: str, label: str) -> Parser:
    def parse(run: Run, at: int, found: Found) -> int:
        if run.kinds[at] != kind:
            return run.missed(at)
        if label:
            found.append((label, run.tokens[at]))
        return at + 1

    return parse


def _first(ways: Sequence[Parser], heads: Sequence[tuple[bool, frozenset[str]]]) -> Parser:
    kinds = frozenset().union(*(begins for _, begins in heads))
    other = [way for way, (empty, _) in zip(ways, heads, strict=True) if empty]
    table = {
        kind: [way for way, (empty, begins) in zip(ways, heads, strict=True) if empty or kind in begins]
        for kind in kinds
    }

    def parse(run: Run, at: int, found: Found) -> int:
        for way in table.get(run.kinds[at], other):
            end = way(run, at, found)
            if end >= 0:
                return end
        return run.missed(at)

    return parse


def _in_order(parts: Sequence[Parser]) -> Parser:
    def parse(run: Run, at: int, found: Found) -> int:
        kept = len(found)
        for part in parts:
            at = part(run, at, found)
            if at < 0:
                del found[kept:]
                return -1
        return at

    return parse


def _maybe(part: Parser, begins: frozenset[str]) -> Parser:
    def parse(run: Run, at: int, found: Found) -> int:
        if run.kinds[at] not in begins:
            return at
        end = part(run, at, found)
        return at if end < 0 else end

    return parse


def _many(part: Parser, begins: frozenset[str]) -> Parser:
    def parse(run: Run, at: int, found: Found) -> int:
        while run.kinds[at] in begins and (end := part(run, at, found)) > at:
            at = end
        return at

    return parse


def _ahead(part: Parser, *, wanted: bool) -> Parser:
    def parse(run: Run, at: int, found: Found) -> int:
        return at if (part(run, at, []) >= 0) is wanted else -1

    return parse
