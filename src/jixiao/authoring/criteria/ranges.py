"""Words of a condition -> a range: which ends it has, what each end says about itself, in which unit."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import phrases
from jixiao.authoring.criteria.clauses import Fact, Range, Side, Token
from jixiao.authoring.criteria.peg import Match
from jixiao.text import COUNTED

_LOW = {
    "GE": Side.IN,
    "GT": Side.OUT,
    "ABOVEIN": Side.IN,
    "UPON": Side.LAW,
    "BEYOND": Side.OUT,
}
_HIGH = {"LE": Side.IN, "LT": Side.OUT, "BELOWIN": Side.IN, "DOWNTO": Side.LAW}
_FLIPPED = {"LT": "GT", "LE": "GE", "GT": "LT", "GE": "LE", "EQ": "EQ"}
GOAL = re.compile(r"(?:年度|年初|全年|预期|设定|既定|预定|绩效)*(?:目标|指标|计划|任务)(?:值|数|量)?的?")
MARKS = {"IN": Side.IN, "OUT": Side.OUT}


def _made(
    m: Match, low: Decimal | None, low_side: Side, high: Decimal | None, high_side: Side, unit: str
) -> Range | None:
    values = [token for label, token in m.found if label in ("a", "b")]
    names, letter = [token.text.removesuffix("的") for token in m.every("n")], m["x"]
    if (low is not None and high is not None and low > high) or any(token.endless for token in values):
        return None
    if not all(re.search(r"\w", name) for name in names):
        return None
    if letter is not None and not (letter.text.isascii() and len(letter.text) == 1):
        return None
    if unit in COUNTED and re.match("每(?!年)", names[0] if names else ""):
        unit = f"{unit}/期"  # 每季度1次 is no count of the year
    return Range(
        low,
        low_side,
        high,
        high_side,
        unit,
        "/".join(names),
        "" if m["tail"] is None else m["tail"].text,
        "" if m["of"] is None else m["of"].text.removesuffix("的"),
        absolute=m["abs"] is not None or m["bar"] is not None,
        around=m["pm"] is not None,
        point=any(token.point for token in values),
    )


def _sides(
    op: Token | None, suffix: Token | None, marks: list[Token]
) -> tuple[Side | None, Side | None] | None:
    """The low and the high side of one figure; None where the words are against each other (超出5%以内)."""
    kinds = [token.kind for token in (op, suffix) if token is not None]
    if kinds == ["EQ"]:
        return (Side.OUT, Side.OUT) if marks and marks[0].kind == "OUT" else (Side.IN, Side.IN)
    lows, highs = [_LOW[k] for k in kinds if k in _LOW], [_HIGH[k] for k in kinds if k in _HIGH]  # 为90%以上
    if bool(lows) == bool(highs) or len({token.kind for token in marks}) > 1:
        return None
    said = MARKS[marks[0].kind] if marks else None
    told = lows or highs
    if said is Side.OUT and set(told) == {Side.IN}:
        return None  # 不低于98%（不含）
    side = said if said is not None else Side.OUT if Side.OUT in told else max(told)
    return (side, None) if lows else (None, side)


def compare(m: Match) -> Range | None:
    """≥90%, 达到90%（含）以上, 90%以上, 90%≤完成率: one figure with what is said about it."""
    token, op, suffix = m["a"], m["o"], m["s"]
    if op is not None and op.start > token.start:
        op = replace(op, kind=_FLIPPED[op.kind])
    sides = _sides(op, suffix, m.every("m"))
    if sides is None or sides == (Side.OUT, Side.OUT):
        return None
    low, high = sides
    value = token.value
    assert value is not None
    if (
        op is not None
        and op.kind == "GT"
        and m["of"] is not None
        and GOAL.fullmatch(m["of"].text)
        and token.unit == "%"
    ):
        value += 1  # 超过目标值20%: of the goal, 120%
    if high is None:
        return _made(m, value, low if low is not None else Side.END, None, Side.END, token.unit)
    return _made(m, None if low is None else value, Side.END if low is None else low, value, high, token.unit)


suffixed = compare


def bare(m: Match) -> Range | None:
    """100%, 3项: the figure itself."""
    token = m["a"]
    made = _made(m, token.value, Side.IN, token.value, Side.IN, token.unit)
    return (
        None if made is None or any(mark.kind == "OUT" for mark in m.every("m")) else replace(made, bare=True)
    )


def between(m: Match) -> Range | None:
    """80%≤完成率<90%."""
    first, second = m.every("o")
    goal = m["goal"] is not None and GOAL.fullmatch(m["goal"].text)
    pair = (
        _pair(m["a"], replace(m["a"], value=Decimal(1), unit="%") if goal else m["b"])
        if goal or m["b"]
        else None
    )
    if pair is None:
        return None
    (a, b), unit = pair
    ends: dict[str, tuple[Decimal, Side]] = {}
    for kind, value, label in ((_FLIPPED[first.kind], a, "m1"), (second.kind, b, "m2")):
        side = MARKS[m[label].kind] if m[label] is not None else None
        if kind in ("GT", "GE"):
            ends["low"] = (value, side if side is not None else _LOW[kind])
        elif kind in ("LT", "LE"):
            ends["high"] = (value, side if side is not None else _HIGH[kind])
    if len(ends) != 2:
        return None
    return _made(m, *ends["low"], *ends["high"], unit)


def signed(m: Match) -> Range | None:
    """为负数, 为零, 为正数; 不为负数, 不为正数."""
    zero, said = Decimal(0), m["s"].text
    below, above = "负" in said, "正" in said
    if said.startswith("不"):
        below, above = above, below
    side = Side.IN if "零" in said or said.startswith("不") else Side.OUT
    return _made(m, None if below else zero, side, None if above else zero, side, "")


def apart(m: Match) -> Range | None:
    """≠0: the figure alone is left out."""
    return _made(m, m["a"].value, Side.OUT, m["a"].value, Side.OUT, m["a"].unit)


def span(m: Match) -> Range | None:
    """80%（含）-90%: a mark belongs to the figure that it names, else to the one before it."""
    pair = _pair(m["a"], m["b"])
    op, suffix = m["o"], m["s"]
    if (
        pair is None
        or suffix is not None
        or (op is not None and op.kind not in ("EQ", "GE") and not op.text.startswith("控制"))
    ):
        return None
    (a, b), unit = pair
    sides = [Side.END, Side.END]
    for mark in m.every("m"):
        own = [
            n
            for n, value in enumerate((a, b))
            if mark.value is not None and mark.value in (value, value * 100)
        ]
        near = 0 if mark.start < m["to"].start else 1
        sides[own[0] if len(own) == 1 else near] = MARKS[mark.kind]
    if a > b:
        a, b, sides = b, a, sides[::-1]
    if Side.END in sides and Side.IN in sides:
        sides = [Side.HALF if side is Side.END else side for side in sides]
    elif Side.END in sides and Side.OUT in sides:
        sides = [Side.IN if side is Side.END else side for side in sides]
    return _made(m, a, sides[0], b, sides[1], unit)


def _pair(one: Token, other: Token) -> tuple[tuple[Decimal, Decimal], str] | None:
    """Two figures in one unit; the first may leave it to the second (80-90%)."""
    a, b = one.value, other.value
    assert a is not None
    assert b is not None
    if one.unit == other.unit:
        return (a, b), one.unit
    if not one.unit and re.fullmatch(r"-?[\d.]+", one.text):
        written = re.search(r"-?[\d.]+", other.text)
        scale = (
            b / Decimal(written[0])
            if written and Decimal(written[0])
            else Decimal("0.01" if other.unit == "%" else 1)
        )
        return (a * scale, b), other.unit
    if not other.unit and b == 0:
        return (a, b), one.unit
    return None


def ring(m: Match) -> Range | None:
    """±5%至±10%."""
    made = span(m)
    return None if made is None else replace(made, around=True)


def around(m: Match) -> Range | None:
    """±5%以内, 超过±10%: the distance from the middle."""
    token, op, suffix = m["a"], m["o"], m["s"]
    marks = m.every("m")
    side = MARKS[marks[0].kind] if marks else None
    outside = [
        t for t in (op, suffix) if t is not None and t.kind in ("GT", "GE", "UPON", "ABOVEIN", "BEYOND")
    ]
    inside = [t for t in (op, suffix) if t is not None and t.kind in ("LE", "LT", "DOWNTO", "BELOWIN")]
    if (outside and inside) or token.value is None or token.value < 0:
        return None
    if outside:
        told = side if side is not None else min(_LOW[t.kind] for t in outside)
        return _made(m, token.value, told, None, Side.END, token.unit)
    told = side if side is not None else min([_HIGH[t.kind] for t in inside] or [Side.LAW])
    return _made(m, Decimal(0), Side.IN, token.value, told, token.unit)


def interval(m: Match) -> Range | None:
    """[90%,100%)."""
    pair = _pair(m["a"], m["b"])
    shut, close = m["open"].text == "[", m["close"].text == "]"
    if pair is None or (m["s"] is not None and m["s"].kind != "DOWNTO") or not (shut or close):
        return None
    (a, b), unit = pair
    return _made(m, a, Side.IN if shut else Side.OUT, b, Side.IN if close else Side.OUT, unit)


def ahead(m: Match) -> Range | None:
    """前3名, 前30%, 前10%-30%."""
    token, to = m["b"], m["c"]
    if m["s"] is not None or any(mark.kind == "OUT" for mark in m.every("m")):
        return None
    if to is not None:
        return _made(m, token.value, Side.END, to.value, Side.IN, to.unit) if to.unit == token.unit else None
    return _made(m, None, Side.END, token.value, Side.IN, token.unit or "名")


_SIGNS = {"LE": "<=", "GE": ">=", "LT": "<", "GT": ">", "EQ": "=="}


def fact(m: Match) -> Fact:
    """Words without figures, or two named figures compared."""
    text = "".join(token.text for _, token in m.found)
    if m["o"] is None or any(phrases.several(token.text) for token in m.every("n")):
        return Fact(text)
    left, right = (re.sub(r"\W", "", token.text.removesuffix("的")) for token in m.every("n"))
    return Fact(text, left, _SIGNS[m["o"].kind], right)
