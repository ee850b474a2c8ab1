"""An official criteria text cut into what belongs to different readers: numbered points, exceptions, moves, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.text import COUNTING, Mark, count, marks, narrow
from jixiao.text.numbering import BRACKET, CIRCLED, COMMA, HALF, PART, POINT

POINTS = (POINT, COMMA, HALF, BRACKET, CIRCLED, PART)
"""How the points of a criteria text are numbered."""

_LABEL = re.compile(
    r"[（(](?:满分|分值|权重|计|共|得)?[:：]?(\d{1,3}(?:\.\d{1,2})?)\s*分[)）]|[，,；;]\s*(\d{1,3}(?:\.\d{1,2})?)分(?=[。；;，,]|$)"
)
_GETS = re.compile(r"(?:得|计|给|加|赋|为)(?:满分)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分")
_TIMES = re.compile(r"[×*xX]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?(?=[。；;，,）)\n]|$)")
_SCORED = re.compile(r"得分\s*[=:]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?\s*[×*]")
_DISCRETION = re.compile(
    r"(?:酌情|结合实际|视[^，。；]{0,8}(?:情况|程度)|综合(?:评定|打分|评分|评价)|(?:评价|考核)人员?(?:打分|核定))"
)
_GENERAL = re.compile(r"以上|上述|以下|各(?:评分)?要点")
_MOVE = re.compile(
    r"(?:分值|权重|分数)[^，。；“”]{0,6}?(?:平均)?(?:增加|调整|转移|并入|计入|分摊|转入|加)(?:至|到|入)?(?P<rest>[^。；\n]*)"
)
_TARGET = re.compile(r"[“\"「]([^”\"」]{1,30})[”\"」](?:的?(第[^。；）)\n]{1,20}))?")
_PLACES = re.compile(rf"第\s*(\d{{1,2}}|[{COUNTING}])\s*(?:项|点|条)?")


@dataclass(slots=True)
class Item:
    """One numbered point (``number`` from 1), or the whole text (0), with the points it can give."""

    number: int
    text: str
    full: Decimal | None = None


@dataclass(slots=True)
class Move:
    """Points that go elsewhere where an item does not apply: the words, the target's title, and its item numbers."""

    words: str
    item: int
    target: str
    places: tuple[int, ...] = ()


@dataclass(slots=True)
class Cut:
    """A text in its pieces. ``items`` add to the full points, or there is one of them."""

    items: list[Item]
    before: str = ""
    graded: bool = False
    moves: list[Move] = field(default_factory=list)


def cut(text: str, full: Decimal) -> Cut:
    """The points of a text where they add up to ``full``; else the text as one piece."""
    body, moves = take_moves(lined(text))
    body, graded = _general_discretion(body)
    items, before = _items(body)
    flat = _flat(items, full)
    _sums(flat, full)
    if (
        len(flat) > 1
        and sum((i.full or Decimal(0) for i in flat), Decimal(0)) == full
        and all(i.full for i in flat)
    ):
        made = Cut(flat, before, graded or bool(_DISCRETION.search(before)), moves)
    else:
        made = Cut([Item(0, body, full)], "", graded, moves)
    for move in made.moves:
        move.item = next((i.number for i in made.items if move.words in _region(text, i)), 0)
    return made


def lined(text: str) -> str:
    """The text with numbered points on lines of their own, where only a blank stands before their number."""
    return re.sub(
        r"(?<=[%％。；;：:）)分])[ \u3000]+(?=\d{1,2}\s?[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]|[本该])",
        "\n",
        text,
    )


def _region(text: str, item: Item) -> str:
    """The stretch of the whole text that an item takes, with what was cut out of it."""
    head = item.text.strip()[:12]
    start = text.find(head) if head else -1
    if start < 0:
        return ""
    after = (mark.start for mark in marks(text, POINTS) if mark.start >= start + len(head))
    return text[start : next(after, len(text))]


def _style(mark: Mark) -> str:
    """1. 1、 and 1) number one list: tables mix them."""
    return mark.style.rstrip(".、)")


def _items(text: str) -> tuple[list[Item], str]:
    found = marks(text, POINTS)
    if not found:
        return [], text
    own = [mark for mark in found if _style(mark) == _style(found[0])]
    made = []
    for number, (mark, after) in enumerate(zip(own, [*own[1:], None], strict=True), 1):
        body = text[mark.end : after.start if after else len(text)].strip()
        made.append(Item(number, body, top(body)))
    return made, text[: own[0].start].strip()


def listed_points(text: str) -> dict[int, str]:
    """The numbered points of a text by their number, without the mark that ends each; empty where there are none."""
    return {
        item.number: item.text.strip(" \n。；;，,、") for item in _items(lined(text))[0] if item.text.strip()
    }


def _flat(items: list[Item], full: Decimal) -> list[Item]:
    """Points of points: an item whose own numbered points add to more than its label is taken apart."""
    made: list[Item] = []
    for item in items:
        inner, before = _items(item.text)
        tops = [i.full for i in inner]
        if len(inner) > 1 and all(tops) and not any(t == full for t in tops) and not _LABEL.search(before):
            total = sum((t for t in tops if t is not None), Decimal(0))
            if total > (top(before) or Decimal(0)):
                for one in inner:
                    one.text = f"{one.text}\n{before}" if re.search(r"不得分", before) else one.text
                made += inner
                continue
        made.append(item)
    for number, item in enumerate(made, 1):
        item.number = number
    return made


def _sums(items: list[Item], full: Decimal) -> None:
    """An item that awards points more than once gives their sum, where that alone makes the points add up."""
    missing = full - sum((item.full or Decimal(0) for item in items), Decimal(0))
    several = [
        (item, awards) for item in items if len(awards := _awards(item.text)) > 1 and item.full == max(awards)
    ]
    fitting = [item for item, awards in several if sum(awards) - max(awards) == missing]
    if missing > 0 and len(fitting) == 1 and fitting[0].full is not None:
        fitting[0].full += missing


def _awards(text: str) -> list[Decimal]:
    return [Decimal(number) for number in _GETS.findall(narrow(text))]


def top(text: str) -> Decimal | None:
    """The most that a piece of text gives: the points told at its head, else its largest award."""
    plain = narrow(text)
    label = _LABEL.search(plain[:60]) if not _GETS.search(plain[:60]) or _LABEL.match(plain) else None
    head = re.match(r"[^，。；,;=]{2,24}?(?<![得扣加减计给为])[（(]?(\d{1,2}(?:\.\d)?)分[)），,：:]", plain)
    if label is not None:
        return Decimal(label[1] or label[2])
    found = [Decimal(n) for n in (*_SCORED.findall(plain), *_GETS.findall(plain), *_TIMES.findall(plain))]
    if head is not None:
        return Decimal(head[1])
    tail = re.search(r"[；;，,]\s*(\d{1,2}(?:\.\d)?)分[。；;]?\s*(?:[（(][^（）()]*[)）])?[。；;]?$", plain)
    if tail and not found:
        return Decimal(tail[1])
    return max(found, default=None)


def take_moves(text: str) -> tuple[str, list[Move]]:
    """The text without its sentences about points that go elsewhere, and those sentences."""
    moves: list[Move] = []

    def taken(match: re.Match[str]) -> str:
        said = match[0]
        found = _MOVE.search(said)
        if found is None or not re.search(r"不考核|无需|没有|无|不适用|不涉及", said):
            return said
        for target in _TARGET.finditer(found["rest"]) or []:
            places = tuple(count(p[1]) for p in _PLACES.finditer(target[2] or ""))
            moves.append(Move(said.strip("（）() \n。；"), 0, target[1], places))
        return "" if _TARGET.search(found["rest"]) else said

    bracketed = re.sub(r"[（(](?:注[:：]?)?[^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*[)）]", taken, text)
    return re.sub(r"(?<=[。；;\n])[^。；;\n]*(?:[。；;]|$)", taken, bracketed), moves


def _general_discretion(text: str) -> tuple[str, bool]:
    """A sentence that lets a person weigh all points (对上述标准，没有完全符合的，酌情扣分) is taken out."""
    found = False

    def taken(match: re.Match[str]) -> str:
        nonlocal found
        said = match[0]
        if (
            _DISCRETION.search(said)
            and _GENERAL.search(said)
            and not re.search(r"\d\s*分", said)
            and len(said) < 60
        ):
            found = True
            return ""
        return said

    return re.sub(r"(?<=[。；;\n])[^。；;\n]+(?:[。；;]|$)", taken, text), found
