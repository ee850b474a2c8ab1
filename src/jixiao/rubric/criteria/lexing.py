"""The grammar, loaded once; runs of letters that start no token become WORDS. Only this file imports the library."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources

from lark import Lark, Token
from lark.exceptions import LarkError

PLAIN = ("CH", "YEAR", "PAPER", "PLAIN")


class Joiner:
    """Letters -> words; small joining words (的, 时, 则) count only inside words."""

    always_accept = ("CH", "YEAR", "PAPER", "PLAIN", "DE", "DO")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens that the grammar sees."""
        run: list[Token] = []
        for token in stream:
            if token.type in PLAIN or (token.type == "DE" and run):
                run.append(token)
                continue
            yield from _joined(run)
            run = []
            if token.type not in ("DE", "DO"):
                yield token
        yield from _joined(run)


def _joined(run: list[Token]) -> Iterator[Token]:
    while run and run[-1].type == "DE":
        run = run[:-1]
    if run:
        yield Token("WORDS", "".join(run), run[0].start_pos, end_pos=run[-1].end_pos)


@functools.cache
def parser() -> Lark:
    """The parser of one statement."""
    text = resources.files("jixiao.rubric.criteria").joinpath("grammar.lark").read_text("utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        postlex=Joiner(),
        propagate_positions=True,
        maybe_placeholders=False,
    )


__all__ = ["Lark", "LarkError", "Token", "parser"]
