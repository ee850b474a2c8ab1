"""What a report says of itself: what it reckons, totals and parts, the same words twice, text against annex, near names.

Either side is a figure of the report; where nothing tells which of several figures is wrong, they conflict.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from jixiao.audit.blocks import PROBLEMS, Report, plain
from jixiao.audit.frames import Reading, Tie
from jixiao.audit.known import KnownValues, same_unit
from jixiao.audit.lexicon import SLOTS, lexicon
from jixiao.audit.scope import BODY, YEAR
from jixiao.audit.statement import (
    CLAUSE,
    MEASURED,
    UNDEFINED,
    Conflict,
    Figure,
    Inside,
    Outcome,
    Statement,
    conflict,
    in_text,
    in_unit,
    shown,
)
from jixiao.audit.tablecells import CRITERIA, SCORE, WEIGHT
from jixiao.model import Finding, Source, half_up, make
from jixiao.text import Kind

UNCLEAR = f"{Inside.NO_SUM}，不能判定哪个有误"
TAIL = "合计与各项之和只差尾数"
_LISTED = re.compile(
    r"[^\d。；]{0,8}?[，,:：]?(?:分别是|分别为|包括|即|为)[:：]?(?P<items>[^，。；:：]+(?:、[^，。；:：]+)+)"
)


# ---- shares, rates and counts inside one paragraph


def reckoned(statements: Sequence[Statement]) -> None:
    """Settle open statements by arithmetic inside their paragraph."""
    for item in statements:
        if item.figure.kind is Kind.COUNT and item.open:
            _enumerated(item)


def _enumerated(item: Statement) -> None:
    """内设机构4个，分别是办公室、招商股、联络股、服务股: the names are counted."""
    found = _LISTED.match(item.figure.behind)
    if found is None or any(letter.isdigit() for letter in found["items"]):
        return
    count = len([name for name in found["items"].split("、") if name])
    subject, value = item.figure.clause[-8:], f"{count}{item.figure.unit}"
    if count == item.figure.value:
        item.agrees(subject, value, "按列举的名称计数")
    elif not found["items"].endswith("等") and count > 2:
        item.disagrees(subject, value, f"列举：{found['items']}", Inside.LISTED)


# ---- totals and parts


def parts(readings: Sequence[Reading], named: Mapping[str, Sequence[str]]) -> Iterator[Conflict]:
    """What 其中 divides: all the parts make up their whole, one alone is at most as large.

    All they are where their names are known to be, where each is told by its own 为, and where the text counts as many.
    """
    children: dict[int, list[Reading]] = {}
    for each in readings:
        if each.parent is not None and each.parent is not each and each.tie in (Tie.PLAIN, Tie.OPEN):
            children.setdefault(id(each.parent), []).append(each)
    for own in children.values():
        parent = own[0].parent
        total = parent.statement if parent is not None else own[0].statement
        figure = total.figure
        names = {each.frame.own for each in own} - {""}
        ids = set(map(id, own))
        said = (r for r in readings if id(r) in ids or (r.frame.own in names and r.figure.at == figure.at))
        of_it = [each for each in said if each.figure.unit == figure.unit]
        items = [each.statement for each in of_it]
        if parent is None or not items or total.scope or figure.block is not items[0].figure.block:
            continue
        known = sorted(named.get(parent.frame.key, ())) == sorted(each.frame.key for each in of_it)
        counts = {r.figure.value for r in readings if r.figure.at == figure.at}
        told = all(item.figure.right.startswith("为") for item in items)
        if figure.kind is Kind.SIZE:  # no piece of land is counted twice
            told = len(items) in counts or sum(item.figure.value for item in items) > figure.value
        if known and not any(each.frame.weak for each in (parent, *of_it)):
            yield from add_up(total, items)
        elif told and figure.kind in (Kind.COUNT, Kind.SIZE) and len(items) > 1:
            yield from add_up(total, items)
        elif figure.kind in (Kind.COUNT, Kind.SIZE):
            yield from _at_most(total, max(items, key=lambda item: item.figure.value))


def _at_most(total: Statement, part: Statement) -> Iterator[Conflict]:
    """8人，其中：非参公事业人员8人: one part alone is at most the whole."""
    whole, unit = total.worth(total.figure.unit), total.figure.unit
    if whole is None or not part.open:
        return
    if part.figure.value > whole and total.open:
        yield _no_sum(total, [part], part.figure.shown)
    elif part.figure.value > whole:
        part.disagrees("其中数", f"不超过{shown(whole)}{unit}", "同句的合计", Inside.NO_SUM)
    elif part.figure.value == whole:
        part.agrees("其中数", total.figure.shown, "同句的合计")


def add_up(total: Statement, parts: Sequence[Statement]) -> Iterator[Conflict]:
    """Compare a sum with its total: the one figure that nothing else confirms is the wrong one, else it is a conflict."""
    figure, unit = total.figure, total.figure.unit
    whole = total.worth(unit)
    worth = [value for part in parts if (value := part.worth(unit)) is not None]
    if whole is None or len(worth) < len(parts):
        return
    added = sum(worth, Decimal(0))
    source, said = "+".join(shown(value) for value in worth), f"{shown(added)}{unit}"
    doubtful = [item for item in (total, *parts) if item.outcome is not Outcome.AGREES]
    if half_up(added, figure.digits) == whole:
        for item in doubtful:
            if item.open:
                item.agrees("合计", said, source)
    elif figure.digits and abs(added - whole) < figure.ulp:
        words = {"total": figure.shown, "added": said, "rest": f"{shown(added - whole)}{unit}"}
        yield conflict("J768", (total, *parts), TAIL, words)
    elif len(doubtful) > 1 or (doubtful and not doubtful[0].open):
        yield _no_sum(total, parts, said)
    elif doubtful and doubtful[0] is total:
        total.disagrees("合计", said, source, Inside.NO_SUM)
    elif doubtful:
        own = next(value for part, value in zip(parts, worth, strict=True) if part is doubtful[0])
        right = f"{shown(whole - added + own)}{unit}"
        doubtful[0].disagrees("合计的一项", right, f"合计{shown(whole)}：{source}", Inside.NO_SUM)


def _no_sum(total: Statement, parts: Sequence[Statement], added: str) -> Conflict:
    said = "、".join(part.figure.shown for part in parts)
    words = {"total": total.figure.shown, "parts": said, "added": added}
    return conflict("J767", (total, *parts), UNCLEAR, words)


CONTENTS = "目录"
SHAPES = ((3, 5), (4, 6), (6, 2), (0, 8), (8, 0))
"""Letters before and behind a figure that make it the same statement."""
LETTERS = 5  # Chinese characters that such a context needs
TITLE = 30  # letters before the number of a document that are those of its title
IN_NUMBER = 3  # the same, for the number of a document
MOST_NAMES = 200
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_NUMBERS = re.compile(r"\.\d")  # 2.2.5: the number of an indicator
_NUMBERED = re.compile(r"第[\d、,，]*$")
_COMPARED = re.compile(r"增加|减少|增长|下降|超额|相差|[多少]$")
_LETTER = re.compile(r"[\u4e00-\u9fff]")
_ACCOUNT = re.compile(r"科目(?P<name>[\u4e00-\u9fff]{3,12}?)(?=\(|期末|期初|余额|贷方|借方|为)")
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:考核|测评)(?=[中为的于由结，。]|评定)")
FORMULAIC = 40  # places from which on the same words are a form's; each against each would also take for ever
Key = tuple[int, str, str, Kind]


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure somewhere: its value and where."""

    value: Decimal
    unit: str
    place: str
    statement: Statement | None = None


def repeated(
    statements: Sequence[Statement], known: KnownValues, contents: Iterable[str] = ()
) -> Iterator[Conflict]:
    """Settle open statements by the same statement elsewhere; ``contents`` are the lines of the contents list.

    What leaves are the pairs where nothing tells which of the two is wrong.
    """
    texts = [
        *((text, source.place()) for text, source in known.texts),
        *((text, CONTENTS) for text in contents),
    ]
    elsewhere = _spots((figure, place, None) for text, place in texts for figure in in_text(text))
    own = _spots(
        (item.figure, item.figure.place.shown(), item)
        for item in statements
        if item.figure.kind is not Kind.ORDINAL and item.figure.column not in (CRITERIA, WEIGHT, SCORE)
    )
    pairs: list[tuple[Statement, Spot, bool]] = []
    for item in statements:
        asked = item.open and item.figure.kind not in (Kind.ORDINAL, Kind.POINTS)
        if asked and not _by_texts(item, elsewhere):
            found = _by_report(item, own)
            pairs += [(item, *found)] if found is not None else []
    return _settled(pairs)


def _settled(pairs: Sequence[tuple[Statement, Spot, bool]]) -> Iterator[Conflict]:
    """A certain other value makes a figure wrong; of two open ones neither is blamed."""
    for item, spot, certain in pairs:
        if item.open and certain:
            item.disagrees(_subject(item), f"{spot.value:f}{spot.unit}", spot.place, Inside.TWICE)
        elif item.open and spot.statement is not None:
            yield _pair(item, spot.statement)


def _pair(one: Statement, two: Statement) -> Conflict:
    said = {"one": one.figure.shown, "two": two.figure.shown, "subject": _subject(one)}
    return conflict("J766", (one, two), f"{Inside.TWICE}，不能判定哪个有误", said)


def _subject(item: Statement) -> str:
    return f"{item.figure.clause[-8:]}…{item.figure.right[:6]}"


def keys(figure: Figure) -> Iterator[Key]:
    """The contexts of a figure: figures in them do not count, punctuation ends them."""
    before, behind = figure.text[max(0, figure.start - CLAUSE) : figure.start], figure.behind[:CLAUSE]
    measured = figure.kind in MEASURED
    if _NUMBERED.search(before) or _NUMBERS.match(behind) or (measured and _COMPARED.search(figure.clause)):
        return
    letters = IN_NUMBER if figure.kind is Kind.DOCUMENT or behind[:1] in "]〕" else LETTERS
    left, right = _DIGITS.sub("#", before), _DIGITS.sub("#", behind)
    for number, (many, few) in enumerate(SHAPES):
        one, two = left[len(left) - many :] if many else "", right[:few]
        short = len(one) < many or len(two) < few or len(_LETTER.findall(one + two)) < letters
        torn = measured and any(mark in one + two for mark in "。；，;")
        if not short and not torn and (many or figure.kind not in (Kind.AMOUNT, Kind.RATE)):
            yield number, one, two, figure.kind
    clause = _DIGITS.sub("#", figure.clause)
    if measured and len(_LETTER.findall(clause)) >= LETTERS:
        yield len(SHAPES), clause, "", figure.kind


def _spots(said: Iterable[tuple[Figure, str, Statement | None]]) -> dict[Key, list[Spot]]:
    """Figures with their places by the contexts that they stand in, but those that stand everywhere: such words name nothing."""
    spots: dict[Key, list[Spot]] = defaultdict(list)
    for figure, place, statement in said:
        for key in keys(figure):
            spots[key].append(Spot(figure.value, figure.unit, place, statement))
    return {key: found for key, found in spots.items() if len(found) <= FORMULAIC}


def _same(item: Statement, spot: Spot) -> bool:
    return not (item.figure.unit and spot.unit) or same_unit(item.figure.unit, spot.unit)


def _by_texts(item: Statement, elsewhere: Mapping[Key, list[Spot]]) -> bool:
    """Whether the same words stand in a text of the workbook or in the contents list with one value."""
    found = [spot for key in keys(item.figure) for spot in elsewhere.get(key, ()) if _same(item, spot)]
    equal = next((spot for spot in found if spot.value == item.figure.value), None)
    if equal is not None:
        item.agrees(_subject(item), item.figure.shown, equal.place)
        return True
    if len({spot.value for spot in found}) != 1:
        return False
    value, place = f"{found[0].value:f}{found[0].unit}", found[0].place
    why = Inside.CONTENTS if place == CONTENTS else "与评分簿中的文字不一致"
    item.disagrees(_subject(item), value, place, why)
    return True


def _by_report(item: Statement, own: Mapping[Key, list[Spot]]) -> tuple[Spot, bool] | None:
    """The other value of the same statement and whether it is certain, or None; equal ones settle the statement.

    Certain is a value that something else confirms, or that stands in two places more.
    """
    others = {
        id(spot.statement): meant
        for key in keys(item.figure)
        for spot in own.get(key, ())
        if spot.statement is not item and (meant := _meant(spot)) and _same(item, spot) and _apart(item, spot)
    }
    if not others:
        return None
    counts = Counter(spot.value for spot in others.values())
    equal = [spot for spot in others.values() if spot.value == item.figure.value]
    value, most = counts.most_common(1)[0]
    if equal and (len(equal) >= most or len(counts) == 1):
        item.agrees(_subject(item), item.figure.shown, equal[0].place)
        return None
    if len(counts) > 2 or (len(counts) == 2 and item.figure.value not in counts):
        return None
    alike = [spot for spot in others.values() if spot.value == value and _comparable(item, spot)]
    if not alike or _apart_by_scope(item):
        return None
    sure = next((spot for spot in alike if spot.statement is not None and not spot.statement.open), None)
    return (sure or alike[0], sure is not None or (len(alike) > 1 and not equal))


def _apart_by_scope(item: Statement) -> bool:
    """Whether a figure is about something else than the same words elsewhere: another year, a plan, a difference."""
    return bool(item.scope) or item.why == YEAR or item.apart not in ("", BODY)


def _comparable(item: Statement, spot: Spot) -> bool:
    """Whether two figures can be one statement: of one scope, and parts of the same whole."""
    other = spot.statement
    if other is None or _apart_by_scope(other):
        return False
    if item.about != other.about or (item.apart == BODY) != (other.apart == BODY):
        return False
    named = item.figure.kind is Kind.DOCUMENT or not item.figure.clause
    if named and item.figure.left[-TITLE:] != other.figure.left[-TITLE:]:
        return False  # one body issues many papers a year; …行政单位离退休（项）, …事业单位离退休（项）
    if "占" in item.figure.clause and item.figure.clause != other.figure.clause:
        return False
    one, two = _whole(item.figure), _whole(other.figure)
    return one is None or two is None or one == two


def _whole(figure: Figure) -> Decimal | None:
    """The figure that a part belongs to: the one before 其中, before 、 or in the clause before."""
    before = in_text(figure.left)
    lists = figure.left.removesuffix(figure.clause).endswith(("、", ":", "："))
    return before[-1].value if before and (lists or figure.clause.startswith(("其中", "占"))) else None


def _meant(spot: Spot) -> Spot | None:
    """A spot with what it should say: a figure known to be wrong tells nothing, unless the workbook has the right one."""
    item = spot.statement
    if item is None or item.outcome is not Outcome.DISAGREES:
        return spot
    value = item.worth(item.figure.unit)
    return None if value is None else replace(spot, value=value)


def _apart(item: Statement, spot: Spot) -> bool:
    """Two figures of one paragraph are usually two things; years are not."""
    other = spot.statement
    return other is not None and (
        other.figure.block is not item.figure.block or item.figure.kind is Kind.YEAR
    )


# ---- text against annex


def text_against_table(report: Report, statements: Sequence[Statement]) -> Iterator[Finding]:
    """Quantities that the text and a table state differently; what the report itself lists as a problem is left out."""
    by_subject: dict[str, tuple[list[Statement], list[Statement]]] = {}
    for item in statements:
        block = item.figure.block
        listed = not block.table and any(PROBLEMS in heading for heading in block.path)
        if listed or not item.quantity or item.open or item.scope:
            continue
        if item.outcome is not Outcome.DISAGREES or item.value == UNDEFINED:
            by_subject.setdefault(item.quantity, ([], []))[block.table > 0].append(item)
    for subject, (said, listed_in) in by_subject.items():
        pair = next(
            ((one, two) for one in said for two in listed_in if _differ(one.figure, two.figure)), None
        )
        if pair is not None:
            places = (
                Source(report.name, item.figure.place.shown(), label=item.figure.sentence[-40:])
                for item in pair
            )
            one, two = (item.figure.shown for item in pair)
            yield make("J755", *places, subject=subject, text=one, table=two)


def _differ(one: Figure, two: Figure) -> bool:
    digits = min(one.digits, two.digits)
    said = in_unit(two.value, two.unit or one.unit, one.unit)
    return half_up(one.value, digits) != half_up(said, digits) if digits else one.value != said


# ---- names


def near_names(report: Report, known: KnownValues) -> Iterator[Finding]:
    """Names that differ by one word: an account, a project, one assessment under two names."""
    ledger = {item.field for item in known.owned("科目余额")}
    seen: set[str] = set()
    for block, cell, text in report.texts():
        for found in _ACCOUNT.finditer(text):
            name = found["name"]
            close = sorted(other for other in ledger if near(other, name))
            if name not in ledger and name not in seen and close:
                seen.add(name)
                label = text[found.start() : found.end() + 8]
                place = Source(report.name, block.place(cell).shown(), label=label)
                yield make("J764", place, one=name, two="、".join(close), where="科目余额表中是")
    yield from _near_projects(report, known)
    named: dict[str, str] = {}
    for block, cell, text in report.texts():
        for found in _NAMED.finditer(text):
            named.setdefault(found[0][-8:], block.place(cell).shown())
    for first, second in combinations(list(named)[:MOST_NAMES], 2):
        if near(first, second):
            places = (Source(report.name, named[first]), Source(report.name, named[second]))
            yield make("J764", *places, one=first, two=second, where="另一处是")


def _near_projects(report: Report, known: KnownValues) -> Iterator[Finding]:
    """A project that the report does not name, and nearly does: what is part of another name is that one's."""
    texts = list(report.texts())
    others = (plain(known.unit), *known.owners("目标"), *known.owners("产出"), *known.item_names())
    for name in known.item_names():
        if len(name) < LETTERS or any(name.removesuffix("支出") in text for *_, text in texts):
            continue
        for block, cell, text in texts:
            windows = (text[at : at + len(name)] for at in range(len(text) - len(name) + 1))
            close = next((window for window in windows if window.isalpha() and near(window, name)), "")
            known_words = all(token.role in SLOTS for token in lexicon().tokens(close))
            if close and not known_words and not any(close in other for other in others):
                yield make(
                    "J764",
                    Source(report.name, block.place(cell).shown()),
                    one=close,
                    two=name,
                    where="评分簿中是",
                )
                break


def near(one: str, two: str) -> bool:
    """Two names of one length, of five letters or more, that differ in one or two letters standing together."""
    if len(one) != len(two) or len(one) < 5 or one == two:
        return False
    places = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    together = len(places) <= 2 and places[-1] - places[0] == len(places) - 1
    return together and places[0] > 0 and (places[0] >= 2 or places[-1] < len(one) - 3)
