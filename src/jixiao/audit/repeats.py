"""The same words with another figure: elsewhere in the report, or in a text that the workbook holds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.audit.figures import Figure, Sort, in_text
from jixiao.audit.statement import Outcome, Statement
from jixiao.audit.truth import Truth, same_unit

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LISTED = re.compile(r"第[\d、,，]*$")
_COMPARED = re.compile(r"增加|减少|增长|下降|超额|相差|[多少]$")
_LETTER = re.compile(r"[\u4e00-\u9fff]")
SHAPES = (
    (3, 5),
    (4, 6),
    (6, 2),
    (0, 8),
    (8, 0),
)  # letters before and behind a figure that make it the same statement
CONTENTS = "目录"
LETTERS = 5  # Chinese characters that such a context needs
IN_NUMBER = 3  # the same, for the number of a document
_MEASURED = (Sort.AMOUNT, Sort.PERCENT, Sort.COUNT, Sort.POINTS, Sort.AREA)
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure somewhere: its value and where."""

    value: Decimal
    unit: str
    place: str
    statement: Statement | None = None


def compare(statements: Sequence[Statement], truth: Truth, contents: Sequence[str] = ()) -> None:
    """Settle open statements by the same statement elsewhere; ``contents`` are the lines of the contents list."""
    known = _known_spots(
        [*((text, source.place()) for text, source in truth.texts), *((t, CONTENTS) for t in contents)]
    )
    own: dict[Key, list[Spot]] = defaultdict(list)
    for item in statements:
        if item.figure.sort is not Sort.ORDINAL and item.figure.column not in ("标准", "权重", "得分"):
            for key in keys(item.figure):
                own[key].append(Spot(item.figure.value, item.figure.unit, item.figure.place.shown(), item))
    pairs: list[tuple[Statement, Spot]] = []
    for item in statements:
        if not item.open or item.figure.sort in (Sort.ORDINAL, Sort.POINTS):
            continue
        if _by_known(item, known):
            continue
        pair = _by_report(item, own)
        if pair is not None:
            pairs.append((item, pair))
    for item, spot in pairs:
        if item.open:
            subject = f"{item.figure.clause[-8:]}…{item.figure.right[:6]}"
            item.disagrees(subject, f"{spot.value:f}{spot.unit}", spot.place, "同一内容在报告中有两个数")


def keys(figure: Figure) -> Iterator[Key]:
    """The contexts of a figure: figures in them do not count, punctuation ends them."""
    text = figure.block.cells[figure.cell]
    letters = (
        IN_NUMBER if figure.sort is Sort.DOCUMENT or text[figure.end : figure.end + 1] in "]〕" else LETTERS
    )
    if _LISTED.search(text[: figure.start]) or (figure.sort in _MEASURED and _COMPARED.search(figure.clause)):
        return
    left, right = _DIGITS.sub("#", text[: figure.start]), _DIGITS.sub("#", text[figure.end :])
    for number, (before, behind) in enumerate(SHAPES):
        one, two = left[len(left) - before :] if before else "", right[:behind]
        if len(one) < before or len(two) < behind or len(_LETTER.findall(one + two)) < letters:
            continue
        if figure.sort in _MEASURED and any(mark in one + two for mark in "。；，;"):
            continue
        if not before and figure.sort in (Sort.AMOUNT, Sort.PERCENT):
            continue
        yield number, one, two, figure.sort.value
    clause = _DIGITS.sub("#", figure.clause)
    if figure.sort in _MEASURED and len(_LETTER.findall(clause)) >= LETTERS:
        yield len(SHAPES), clause, "", figure.sort.value


def _known_spots(texts: Sequence[tuple[str, str]]) -> dict[Key, list[Spot]]:
    spots: dict[Key, list[Spot]] = defaultdict(list)
    for text, place in texts:
        for figure in in_text(text):
            for key in keys(figure):
                spots[key].append(Spot(figure.value, figure.unit, place))
    return spots


def _same(item: Statement, spot: Spot) -> bool:
    return not (item.figure.unit and spot.unit) or same_unit(item.figure.unit, spot.unit)


def _by_known(item: Statement, known: dict[Key, list[Spot]]) -> bool:
    found = [spot for key in keys(item.figure) for spot in known.get(key, ()) if _same(item, spot)]
    if not found:
        return False
    equal = next((spot for spot in found if spot.value == item.figure.value), None)
    subject = f"{item.figure.clause[-8:]}…{item.figure.right[:6]}"
    if equal is not None:
        item.agrees(subject, item.figure.shown, equal.place)
        return True
    if len({spot.value for spot in found}) > 1:
        return False
    item.disagrees(
        subject,
        f"{found[0].value:f}{found[0].unit}",
        found[0].place,
        "与目录不一致" if found[0].place == CONTENTS else "与评分簿中的文字不一致",
    )
    return True


def _by_report(item: Statement, own: dict[Key, list[Spot]]) -> Spot | None:
    """The other value of the same statement, or None; equal ones settle the statement."""
    others = {
        id(spot.statement): spot
        for key in keys(item.figure)
        for spot in own[key]
        if spot.statement is not item and not _wrong(spot) and _same(item, spot) and _apart(item, spot)
    }
    if not others:
        return None
    counts = Counter(spot.value for spot in others.values())
    equal = [spot for spot in others.values() if spot.value == item.figure.value]
    value, most = counts.most_common(1)[0]
    if equal and (len(equal) >= most or len(counts) == 1):
        item.agrees(f"{item.figure.clause[-8:]}…{item.figure.right[:6]}", item.figure.shown, equal[0].place)
        return None
    if len(counts) > 2 or (len(counts) == 2 and item.figure.value not in counts):
        return None
    return next(spot for spot in others.values() if spot.value == value)


def _wrong(spot: Spot) -> bool:
    """Whether a figure is known to be wrong: it tells nothing of another."""
    return spot.statement is not None and spot.statement.outcome is Outcome.DISAGREES


def _apart(item: Statement, spot: Spot) -> bool:
    """Two figures of one paragraph are usually two things; years are not."""
    assert spot.statement is not None
    other = spot.statement.figure
    return other.block is not item.figure.block or item.figure.sort is Sort.YEAR
