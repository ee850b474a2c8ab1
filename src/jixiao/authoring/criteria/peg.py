"""Ordered choice over tokens (a parsing expression grammar): a notation of rules -> nodes, built as the rules fit.

``name = part part / other``: a name in capitals is a kind of token, another one a rule; ``? * + & ! ( )`` as usual;
``label:name`` keeps what was read for the builder of the rule (``label.end``: the place behind a rule). A rule without a
builder hands its labels on. A builder that returns None says that the words fit the rule but not each other: the next
choice is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

END = "END"
DEEPEST = 60
"""Rules inside rules: brackets nested deeper than text of people has are not read."""
Found = list[tuple[str, Any]]
_WORD = re.compile(r"\s*(?:(\w+):)?(\w+|[=/?*+&!()])")


class Match:
    """The labels of a rule that fits, and the tokens from ``start`` to ``end``."""

    __slots__ = ("end", "found", "start", "tokens")

    def __init__(self, found: Found, tokens: Sequence[Any], start: int, end: int) -> None:
        self.found, self.tokens, self.start, self.end = found, tokens, start, end

    def __getitem__(self, label: str) -> Any:
        return next((value for name, value in self.found if name == label), None)

    def every(self, label: str) -> list[Any]:
        """All that a label kept, in order."""
        return [value for name, value in self.found if name == label]


Builder = Callable[[Match], Any]


class _Tree(NamedTuple):
    """A rule as read: token, rule, order, choice or one of ``?*&!``; ``begins``: the kinds of token that it may begin with.

    ``empty``: it may fit without any; ``else_``: how far it goes without them, if that is known; ``table``: the ways of a
    choice by the next token.
    """

    what: str
    name: str
    label: str
    parts: tuple[_Tree, ...]
    empty: bool = False
    begins: frozenset[str] = frozenset()
    else_: int | None = None
    table: Mapping[str, tuple[_Tree, ...]] = {}


class Grammar:
    """Rules read from their notation. A choice looks at the next token first and tries only what can begin with it."""

    def __init__(self, notation: str, builders: Mapping[str, Builder]) -> None:
        self.builders = builders
        self.trees: dict[str, _Tree] = {}
        for line in re.split(r"\n(?=\w+ *=)", notation.strip()):
            name, _, body = line.partition("=")
            words = _WORD.findall(body)
            self.trees[name.strip()], rest = self._choice(words, 0)
            assert rest == len(words), line
        known = None
        while known != (known := {name: tree[4:6] for name, tree in self.trees.items()}):
            self.trees = {name: self._headed(tree) for name, tree in self.trees.items()}

    def _choice(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        way, at = self._sequence(words, at)
        ways = [way]
        while at < len(words) and words[at][1] == "/":
            way, at = self._sequence(words, at + 1)
            ways.append(way)
        return (way if len(ways) == 1 else _Tree("choice", "", "", tuple(ways))), at

    def _sequence(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        parts: list[_Tree] = []
        while at < len(words) and words[at][1] not in "/)":
            part, at = self._part(words, at)
            parts.append(part)
        return (parts[0] if len(parts) == 1 else _Tree("order", "", "", tuple(parts))), at

    def _part(self, words: list[tuple[str, str]], at: int) -> tuple[_Tree, int]:
        label, word = words[at]
        if word in "&!":
            part, at = self._part(words, at + 1)
            return _Tree(word, "", "", (part,)), at
        if word == "(":
            part, at = self._choice(words, at + 1)
        else:
            part = _Tree("token" if word.isupper() else "rule", word, label, ())
        at += 1
        while at < len(words) and words[at][1] in "?*+":
            sign, once = words[at][1], part
            part = _Tree("*" if sign == "+" else sign, "", "", (part,))
            part = _Tree("order", "", "", (once, part)) if sign == "+" else part
            at += 1
        return part, at

    def _headed(self, tree: _Tree) -> _Tree:
        """A tree with the kinds of token that it may begin with, as far as those of the rules inside are known."""
        parts = tuple(self._headed(part) for part in tree.parts)
        begins = frozenset[str]().union(*(part.begins for part in parts))
        empty = tree.what in "?*&!" or any(part.empty for part in parts)
        table: dict[str, tuple[_Tree, ...]] = {}
        if tree.what == "token":
            begins, empty = frozenset((tree.name,)), False
        elif tree.what == "rule":
            empty, begins = self.trees[tree.name][4:6]
        elif tree.what in "&!":
            begins = frozenset()
        elif tree.what == "order":
            needed = next((n for n, part in enumerate(parts, 1) if not part.empty), None)
            begins, empty = frozenset[str]().union(*(p.begins for p in parts[:needed])), needed is None
        elif tree.what == "choice":
            table = {kind: tuple(p for p in parts if p.empty or kind in p.begins) for kind in (*begins, "")}
        known = tree.what not in ("order", "&", "!") and (not empty or tree.what in "?*")
        else_ = (0 if empty else -1) if known else None
        return tree._replace(parts=parts, empty=empty, begins=begins, else_=else_, table=table)


class Run:
    """One reading of tokens, with what was read where."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Any]) -> None:
        self.grammar, self.tokens = grammar, tokens
        self.kinds = [*(token.kind for token in tokens), END]
        self.memo: dict[tuple[str, int], tuple[int, Any]] = {}
        self.depth = 0

    def read(self, rule: str, at: int) -> tuple[int, Any]:
        """What a rule reads at a place: the place behind it (-1: nothing), and what its builder made of it."""
        key = (rule, at)
        known = self.memo.get(key)
        if known is None:
            found: Found = []
            self.depth += 1
            end = self.fits(self.grammar.trees[rule], at, found) if self.depth <= DEEPEST else -1
            self.depth -= 1
            made = None if end < 0 else self.grammar.builders[rule](Match(found, self.tokens, at, end))
            known = self.memo[key] = (end, made) if made is not None else (-1, None)
        return known

    def fits(self, tree: _Tree, at: int, found: Found) -> int:
        """The place behind what fits, -1 where nothing does; what labels keep goes to ``found``."""
        what, kind = tree.what, self.kinds[at]
        if tree.else_ is not None and kind not in tree.begins:
            return at if tree.else_ == 0 else -1
        if what == "token":
            if tree.label:
                found.append((tree.label, self.tokens[at]))
            return at + 1
        if what == "choice":
            for way in tree.table.get(kind) or tree.table[""]:
                end = self.fits(way, at, found)
                if end >= 0:
                    return end
            return -1
        if what == "order":
            return self._ordered(tree, at, found)
        return self._rule(tree, at, found) if what == "rule" else self._repeated(tree, at, found)

    def _ordered(self, tree: _Tree, at: int, found: Found) -> int:
        kept = len(found)
        for part in tree.parts:
            at = self.fits(part, at, found)
            if at < 0:
                del found[kept:]
                break
        return at

    def _rule(self, tree: _Tree, at: int, found: Found) -> int:
        if tree.name not in self.grammar.builders:
            return self.fits(self.grammar.trees[tree.name], at, found)
        end, made = self.read(tree.name, at)
        if end >= 0 and tree.label:
            found += ((tree.label, made), (f"{tree.label}.end", end))
        return end

    def _repeated(self, tree: _Tree, at: int, found: Found) -> int:
        """What may be there (``?``), again and again (``*``), or is only looked at (``&!``)."""
        what, inner = tree.what, tree.parts[0]
        if what in "&!":
            return at if (self.fits(inner, at, []) >= 0) is (what == "&") else -1
        end = self.fits(inner, at, found)
        while what == "*" and end > at:
            at, end = end, self.fits(inner, end, found)
        return at if end < 0 else end
