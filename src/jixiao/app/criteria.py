"""``jixiao rubric parse``: how one criteria text is understood."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from jixiao.app.terminal import say, say_json
from jixiao.model import UsageStop, plain


def parse(text: str, full: str, values: Sequence[str], as_json: bool) -> int:
    """Print kind, parameters, the sentence read back, and the points at each value."""
    from jixiao.authoring import as_data, read_criteria

    understood = read_criteria(text, _full(full))
    if as_json:
        say_json(as_data(understood, values))
        return 0
    say(f"{'读懂' if understood.understood else '没有读懂'}：{understood.kind or '由评价人核定'}")
    if understood.sentence:
        say(f"规则：{understood.sentence}")
    for value in values:
        points = understood.points_at(value)
        say(f"{value}：{'不能由文字确定' if points is None else plain(points) + '分'}")
    for note in understood.notes:
        say(f"说明：{note}")
    for question in understood.questions:
        say(f"疑问：{question}")
    return 0


def _full(text: str) -> Decimal:
    try:
        full = Decimal(text)
    except InvalidOperation as error:
        raise UsageStop("J814", name="--full", value=text, wanted="数字，如 4") from error
    if not full.is_finite() or not 0 < full <= 1000:
        raise UsageStop("J814", name="--full", value=text, wanted="0 到 1000 之间的数字")
    return full
