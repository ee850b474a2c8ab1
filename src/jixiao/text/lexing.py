"""The tokens of a grammar over Chinese text; letters that start no token become WORDS. Only this file imports lark."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Lark, Token
from lark.exceptions import LarkError

PLAIN = ("CH", "YEAR", "PAPER", "PLAIN")
SMALL = ("DE", "DO", "SHIFT", "BY")
VALUES = ("PCT", "PP", "TIMES_", "POINTS", "RANK", "COUNT", "NUM")
OPERATORS = ("GE", "LE", "GT", "LT", "EQ", "OVER", "UNDER")
SYMBOLS = ("≥", "≤", ">", "<", "=", "~")
MARKS = ("INCL", "EXCL")


class Joiner:
    """Letters -> words; small joining words (的, 时, 则) count only inside words."""

    always_accept = ("CH", "YEAR", "PAPER", "PLAIN", "DE", "DO", "SHIFT", "BY")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens that the grammar sees."""
        run: list[Token] = []
        for token in _settled(list(stream)):
            if token.type in PLAIN or (token.type == "DE" and run):
                run.append(token)
                continue
            yield from _joined(run)
            run = []
            if token.type not in SMALL:
                yield token
        yield from _joined(run)


def _settled(tokens: list[Token]) -> Iterator[Token]:
    """Tokens, with words of comparison that stand beside no figure made plain letters (分配之间, 未超过)."""
    listed = list(_differences(tokens))
    types = ["", *(token.type for token in listed), ""]
    sums = any(kind in ("SCORE", "LPAR", "MUL", "DIV") for kind in types)
    for place, token in enumerate(listed, 1):
        joins = token.type in ("PLUS", "MINUS") and not sums  # 总额+明细全公开
        if joins or _loose(token, types[place - 1], types[place + 1]):
            types[place] = "CH"
            yield Token("CH", str(token), token.start_pos, end_pos=token.end_pos)
        else:
            yield token


def _differences(tokens: list[Token]) -> Iterator[Token]:
    """完成率-60% in a formula of the points: a difference, not a negative figure."""
    scoring, before = False, ""
    for token in tokens:
        scoring = scoring or token.type == "SCORE"
        joined = before in (*PLAIN, *VALUES, "RPAR", "FULL")
        if scoring and joined and token.type in VALUES and token[0] in "+-":
            start = token.start_pos or 0
            yield Token("MINUS" if token[0] == "-" else "PLUS", token[0], start, end_pos=start + 1)
            yield Token(token.type, token[1:], start + 1, end_pos=token.end_pos)
        else:
            yield token
        before = token.type


def _loose(token: Token, before: str, after: str) -> bool:
    """Whether a token that compares or joins figures stands where there are none."""
    if token in SYMBOLS:
        return False
    if token.type == "TO":
        return before in ("", "COMMA", "DE", *PLAIN)
    if token.type == "INSIDE" or token.type.startswith("SUF_"):
        return before not in (*VALUES, *MARKS)
    beside = (*VALUES, *MARKS, *PLAIN, "LPAR", "DE", "SHIFT", "PM")
    return token.type in OPERATORS and after not in beside


def _joined(run: list[Token]) -> Iterator[Token]:
    while run and run[-1].type == "DE":
        run = run[:-1]
    if run:
        yield Token("WORDS", "".join(run), run[0].start_pos, end_pos=run[-1].end_pos)


__all__ = ["Joiner", "Lark", "LarkError", "Token"]
