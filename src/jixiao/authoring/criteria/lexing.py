"""The grammar of one statement, loaded once."""

from __future__ import annotations

import functools
from importlib import resources

from jixiao.text.lexing import Joiner, Lark


@functools.cache
def parser() -> Lark:
    """The parser of one statement."""
    text = resources.files("jixiao.authoring.criteria").joinpath("grammar.lark").read_text("utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        postlex=Joiner(),
        propagate_positions=True,
        maybe_placeholders=False,
    )
