"""The same words with another figure: elsewhere in the report, or in a text that the workbook holds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.audit.conflicts import Conflict, pair
from jixiao.audit.figures import Figure, Sort, in_text
from jixiao.audit.known import KnownValues, same_unit
from jixiao.audit.scope import YEAR, difference_of
from jixiao.audit.statement import Outcome, Statement

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


def compare(
    statements: Sequence[Statement], truth: KnownValues, contents: Sequence[str] = ()
) -> list[Conflict]:
    """Settle open statements by the same statement elsewhere; ``contents`` are the lines of the contents list.

    What leaves are the pairs where nothing tells which of the two is wrong.
    """
    known = _known_spots(
        [*((text, source.place()) for text, source in truth.texts), *((t, CONTENTS) for t in contents)]
    )
    own: dict[Key, list[Spot]] = defaultdict(list)
    for item in statements:
        if item.figure.sort is not Sort.ORDINAL and item.figure.column not in ("标准", "权重", "得分"):
            for key in keys(item.figure):
                own[key].append(Spot(item.figure.value, item.figure.unit, item.figure.place.shown(), item))
    pairs: list[tuple[Statement, Spot, bool]] = []
    for item in statements:
        asked = item.open and item.figure.sort not in (Sort.ORDINAL, Sort.POINTS)
        if asked and not _by_known(item, known):
            found = _by_report(item, own)
            pairs += [(item, *found)] if found is not None else []
    return list(_settled(pairs))


def _settled(pairs: Sequence[tuple[Statement, Spot, bool]]) -> Iterator[Conflict]:
    """A certain other value makes a figure wrong; of two open ones neither is blamed."""
    for item, spot, certain in pairs:
        subject = f"{item.figure.clause[-8:]}…{item.figure.right[:6]}"
        if item.open and certain:
            item.disagrees(subject, f"{spot.value:f}{spot.unit}", spot.place, "同一内容在报告中有两个数")
        elif item.open and spot.statement is not None:
            yield pair(item, spot.statement, subject)


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


def _by_report(item: Statement, own: dict[Key, list[Spot]]) -> tuple[Spot, bool] | None:
    """The other value of the same statement and whether it is certain, or None; equal ones settle the statement.

    Certain is a value that something else confirms, or that stands in two places more.
    """
    others = {
        id(spot.statement): meant
        for key in keys(item.figure)
        for spot in own[key]
        if spot.statement is not item and (meant := _meant(spot)) and _same(item, spot) and _apart(item, spot)
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
    alike = [spot for spot in others.values() if spot.value == value and _comparable(item, spot)]
    if not alike or _apart_by_scope(item):
        return None
    sure = next((s for s in alike if s.statement is not None and not s.statement.open), None)
    return (sure or alike[0], sure is not None or (len(alike) > 1 and not equal))


def _apart_by_scope(item: Statement) -> bool:
    """Whether a figure is about something else than the same words elsewhere: another year, a plan, a difference."""
    return bool(item.scope) or item.why == YEAR or bool(difference_of(item.figure))


def _comparable(item: Statement, spot: Spot) -> bool:
    """Whether two figures can be one statement: of one scope, and parts of the same whole."""
    other = spot.statement
    if other is None or _apart_by_scope(other):
        return False
    if "占" in item.figure.clause and item.figure.clause != other.figure.clause:
        return False
    one, two = _whole(item.figure), _whole(other.figure)
    return one is None or two is None or one == two


def _whole(figure: Figure) -> Decimal | None:
    """The figure that a part belongs to: the one before 其中, before 、 or in the clause before."""
    before = in_text(figure.left)
    part = figure.clause.startswith(("其中", "占")) or figure.left.removesuffix(figure.clause).endswith(
        ("、", ":", "：")
    )
    return before[-1].value if part and before else None


def _meant(spot: Spot) -> Spot | None:
    """A spot with what it should say: a figure known to be wrong tells nothing, unless the workbook has the right one."""
    item = spot.statement
    if item is None or item.outcome is not Outcome.DISAGREES:
        return spot
    value = item.worth(item.figure.unit)
    return None if value is None else replace(spot, value=value)


def _apart(item: Statement, spot: Spot) -> bool:
    """Two figures of one paragraph are usually two things; years are not."""
    assert spot.statement is not None
    other = spot.statement.figure
    return other.block is not item.figure.block or item.figure.sort is Sort.YEAR
