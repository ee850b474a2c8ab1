"""The words of the audit (``words.yaml``) and a text taken apart into them: what each word sets in a figure's frame.

Phrases are never listed: the longest known word at a place counts, letters that belong to none are left over, and what is
left over beside a subject makes it another one (办公 + 经费, 一期 + 预算).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.audit.blocks import plain
from jixiao.model import Body, load_yaml

WORDS = Path(__file__).with_name("words.yaml")
SPENDING = "支出"
EVERY = "0"  # 各项
_STOPS = "，,。；;：:、()！？!?\n"


class Role(StrEnum):
    """What a word does. The names of the plain lists of the file are their values."""

    WORD = "words"
    ITEM = "items"
    FUND = "funds"
    STAGE = "stages"
    TIME = "times"
    RATE = "rates"
    NOTHING = "nothing"
    THAN = "than"
    LAST = "last"
    UP = "up"
    DOWN = "down"
    GREATER = "greater"
    LESS = "less"
    EQUAL = "equal"
    WITHIN = "within"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    DIFFER = "differ"
    TO = "to"
    BEYOND = "beyond"
    DEED = "deeds"
    DUE = "due"
    PRONOUN = "pronouns"
    RANK = "ranks"
    REASON = "reason"
    WHY = "why"
    SHARE = "share"
    DONE = "done"
    SUM = "sum"
    NOT = "not"
    ALL = "all"
    SOME = "some"
    OF = "of"
    SAME = "same"
    FOREIGN = "foreign"
    INSIDE = "inside"
    REMAINING = "remaining"
    BETWEEN = "between"
    FIGURE = "figure"
    STOP = "stop"
    OTHER = "other"


_OWN = "我本该"
LISTS: tuple[Role, ...] = tuple(
    role
    for role in Role
    if role
    not in (
        Role.WORD,
        Role.ITEM,
        Role.FUND,
        Role.STAGE,
        Role.TIME,
        Role.RATE,
        Role.DEED,
        Role.RANK,
        Role.FIGURE,
        Role.STOP,
        Role.OTHER,
    )
)
"""Plain lists of words."""
_LONGEST, _LISTED, _PAIRED = (
    ("joining", "yearly", "ranked"), ("several", "parts", "kin", "fixed"), ("counted", "money", "unpaid", "wholes", "rest"),
)  # fmt: skip
"""Keys of plain lists, of lists by name, of texts by name."""
_MADE = ("to up", "to down", "rated", "becoming", "selves", "items of")
"""Keys of lists that make words out of others."""
UNKNOWN = (Role.OTHER, Role.INSIDE, Role.REMAINING, Role.DIFFER)
"""What beside a slot makes another subject of it."""
SLOTS = (Role.WORD, Role.ITEM, Role.FUND, Role.STAGE, Role.TIME)


SAME_TIME = "同比"  # compares with the year before, and names it
MOVES = (Role.UP, Role.DOWN, Role.GREATER, Role.LESS, Role.WITHIN, Role.EQUAL)
RISING = (Role.UP, Role.GREATER)
CHANGES = (Role.UP, Role.DOWN)
JOINING = ("与", "和", "同")
AS = ("相比", "对比", "相较", "比较")
ENCLOSING = ("以内", "之内", "范围内", "范围之内")
SENTENCE = "。；;！？!?\n"


class Token(NamedTuple):
    """A word of a text: ``value`` is the slot's value, ``start`` and ``end`` its place."""

    role: Role
    value: str
    text: str
    start: int
    end: int


Words = Sequence[Token]
"""A run of a text's words."""


class Rate(NamedTuple):
    """A rate by its words: stage ``over`` above one of ``under`` of an item, or an item above another (``whole``)."""

    words: tuple[str, ...]
    item: str
    whole: str
    over: str
    under: tuple[str, ...]
    change: str  # up, down or either: by how much it is more or less
    own: bool  # whether it is of all spending where nothing else is spoken of


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word -> role and value; the longest words of each first letter first."""

    words: Mapping[str, tuple[Role, str]]
    generic: frozenset[str]
    names: Mapping[str, Mapping[str, str]]  # of the workbook's values: slots
    slots: Mapping[str, Mapping[str, str]]  # of a word that sets several
    rates: Mapping[str, Rate]
    several: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, tuple[str, ...]]
    counted: Mapping[str, str]
    money: Mapping[str, str]
    unpaid: Mapping[str, str]
    wholes: Mapping[str, str]
    rest: Mapping[str, str]
    deeds: Mapping[
        str, Mapping[str, str]
    ]  # of a word: what was spoken of -> the part of it that the word means
    otherwise: Mapping[
        str, tuple[Role, str]
    ]  # what such a word is where nothing was spoken of that it belongs to
    kin: Mapping[str, tuple[str, ...]]
    ranked: tuple[str, ...]
    joining: tuple[str, ...]
    yearly: tuple[str, ...]
    bodies: tuple[str, ...]
    lengths: Mapping[str, tuple[int, ...]]  # of the words by their first letter, the longest first
    owners: frozenset[str] = frozenset()  # names of the workbook: what is said behind one is its own

    def with_names(self, items: Mapping[str, str], quiet: Iterable[str]) -> Lexicon:
        """The same with names (of projects, rows, targets -> the item), and names that set nothing (of the unit)."""
        named = {plain(name): (Role.ITEM, owner) for name, owner in items.items() if len(name) > 1}
        more = {
            word.removesuffix(SPENDING): said for word, said in named.items() if len(word) > len(SPENDING)
        } | named
        more = {word: said for word, said in more.items() if word == said[1] or left_over(self.tokens(word))}
        more |= {name: (Role.BETWEEN, "") for name in quiet if name}
        words = {**more, **self.words}
        return replace(self, words=words, lengths=_lengths(words), owners=frozenset(items.values()))

    def made_of(self, part: str) -> list[str]:
        """The wholes that an item is one of the parts of."""
        return [whole for whole, parts in self.parts.items() if part in parts]

    def tokens(self, text: str, figures: Iterable[tuple[int, int]] = ()) -> list[Token]:
        """The words of a text in their order, nothing left out; figures (start, end) are tokens of their own."""
        made: list[Token] = []
        at = 0
        for start, end in [*figures, (len(text), len(text))]:
            made += self._words(text, at, start)
            if end > start:
                made.append(Token(Role.FIGURE, "", text[start:end], start, end))
            at = end
        for number, (token, after) in enumerate(pairwise(made)):
            said = after.role in SLOTS or (after.role is Role.FIGURE and after.text[-1] == "年")
            body = (
                said and token.role is Role.OTHER and token.text.endswith(self.bodies)
            )  # 县图书馆2024年收入
            mean = token.text == "均" and has(made[:number][-1:], Role.OTHER)  # 车均运行维护费
            if body or (mean and after.role is Role.ITEM):
                made[number] = token._replace(role=Role.FOREIGN)
        return made

    def _word(self, text: str, at: int, end: int) -> str:
        """The longest word at a place."""
        sizes = (size for size in self.lengths.get(text[at], ()) if at + size <= end)
        return next((word for size in sizes if (word := text[at : at + size]) in self.words), "")

    def _words(self, text: str, at: int, end: int) -> Iterable[Token]:
        while at < end:
            word = self._word(text, at, end)
            if word:
                yield Token(*self.words[word], word, at, at + len(word))
                at += len(word)
                continue
            start, at = at, at + 1
            if text[start] in _STOPS:
                yield Token(Role.STOP, text[start], text[start], start, at)
                continue
            if not _letter(text[start]):  # a mark parts words: 《…》, ①
                yield Token(Role.BETWEEN, "", text[start], start, at)
                continue
            while at < end and _letter(text[at]) and not self._word(text, at, end):
                at += 1
            yield Token(Role.OTHER, "", text[start:at], start, at)


def _letter(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or (sign.isascii() and sign.isalnum())


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    made: dict[str, set[int]] = {}
    for word in words:
        made.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in made.items()}


@functools.cache
def lexicon(file: Path = WORDS) -> Lexicon:
    """The words of the file; DefinitionError where it is wrong."""
    data = load_yaml(file)
    slots = (Role.ITEM, Role.FUND, Role.STAGE, Role.TIME)
    more_keys = ("words", "rates", "generic", "names", "deeds", "ranks", *_MADE)
    data.only((*slots, *more_keys, *_LONGEST, *_LISTED, *_PAIRED, *LISTS))
    words: dict[str, tuple[Role, str]] = {}
    for role in LISTS:
        words |= {plain(word): (role, "" if role is Role.TO else word) for word in data.texts(role)}
    for role in slots:
        part = data.part(role)
        words |= {plain(word): (role, name) for name in part for word in part.texts(name)}
    ranks = data.part(Role.RANK)
    words |= {word: (Role.RANK, rank) for rank in ranks for word in ranks.texts(rank)}
    rates = {word: rate for rate in map(_rate, data.parts("rates")) for word in rate.words}
    words |= {word: (Role.RATE, word) for word in rates}
    words |= _derived(data, rates)
    deeds: dict[str, dict[str, str]] = {}
    for thing in data.part(Role.DEED):
        done = data.part(Role.DEED).part(thing)
        for meant, word in ((own, said) for own in done for said in done.texts(own)):
            deeds.setdefault(plain(word), {})[thing] = meant
    told = {
        f"{word}{aspect}{thing}": (Role.ITEM, part)  # 设定绩效目标, 申报了绩效目标
        for word, parts in deeds.items()
        for thing, part in parts.items()
        if words.get(thing, ("",))[0] is Role.NOTHING
        for aspect in ("", "了")
    }
    otherwise = {word: words[word] for word in deeds if word in words}
    words |= told | {word: (Role.DEED, word) for word in deeds}
    names, multiple = data.part("names"), data.part("words")
    words |= {plain(word): (Role.WORD, plain(word)) for word in multiple}
    words |= {plain(word): (Role.ITEM, word) for word in data.part("several")}
    more: dict[str, Any] = {key: _longest(data.texts(key)) for key in _LONGEST}
    more |= {
        key: {name: tuple(part.texts(name)) for name in part} for key in _LISTED for part in [data.part(key)]
    }
    more |= {key: {name: part.text(name) for name in part} for key in _PAIRED for part in [data.part(key)]}
    return Lexicon(
        words=words,
        generic=frozenset(data.texts("generic")),
        names={plain(name): _slots(names.part(name)) for name in names},
        slots={plain(word): _slots(multiple.part(word)) for word in multiple},
        rates=rates,
        deeds=deeds,
        otherwise=otherwise,
        lengths=_lengths(words),
        bodies=tuple(data.texts("selves")),
        **more,
    )


def _derived(data: Body, rates: Mapping[str, Rate]) -> dict[str, tuple[Role, str]]:
    """Words made out of others: 下降 + 率, 核减 + 至, 该 + 镇, 三 + 项."""
    rated, becoming = data.texts("rated"), data.texts("becoming")
    made: dict[str, tuple[Role, str]] = {}
    for role in CHANGES:
        long = [word for word in data.texts(role) if len(word) > 1]
        made |= {word + end: (role, word) for word in long for end in rated}
        turned = (
            *data.texts(f"to {role}"),
            *(word + end for word in long for end in becoming[:3] if word[-1] != "幅"),
        )
        made |= dict.fromkeys(turned, (Role.TO, role))
    for word, rate in rates.items():
        if rate.change:
            made |= {word + end: (Role.RATE, word) for end in rated} | {
                word + end: (Role.TO, rate.over) for end in becoming
            }
    made |= {own + body: (Role.BETWEEN, "") for own in _OWN for body in data.texts("selves")}
    counts = [("各", EVERY), *((sign, str(n)) for n, sign in enumerate("两三四五六七八九十", 2)), ("二", "2")]
    made |= {sign + of: (Role.SUM, n) for sign, n in counts for of in data.texts("items of")}
    return made | {f"前{word}": said for word, said in made.items() if said[0] is Role.SUM}


def _rate(item: Body) -> Rate:
    item.only(("words",), ("item", "whole", "over", "under", "change", "own"))
    words, under = (tuple(item.texts(key, [])) for key in ("words", "under"))
    of, whole, over, change = (item.text(key, "") for key in ("item", "whole", "over", "change"))
    return Rate(words, of, whole, over, under, change, item.flag("own", default=True))


def _slots(item: Body) -> dict[str, str]:
    item.only((), ("item", "fund", "stage", "time"))
    return {key: item.text(key) for key in item}


def _longest(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(plain, texts), key=len, reverse=True))


# ---- a clause of tokens


class Split(NamedTuple):
    """A clause around the word that compares: what is compared, with what, what stands behind, whether it is denied."""

    left: Words
    base: Words
    move: Token | None
    after: Words
    denied: bool
    compares: bool = False  # whether a word says that it is compared

    @property
    def sign(self) -> int:
        """1 for more, -1 for less."""
        return 1 if self.move is not None and self.move.role in RISING else -1


def last(tokens: Words, *roles: Role) -> int:
    """Where the last word stands that does one of these, -1 where none does."""
    return max((number for number, token in enumerate(tokens) if token.role in roles), default=-1)


def has(tokens: Iterable[Token], *roles: Role) -> bool:
    """Whether a word does one of these."""
    return any(token.role in roles for token in tokens)


def first(tokens: Words, *roles: Role) -> int:
    """Where the first word stands that does one of these, -1 where none does."""
    return next((number for number, token in enumerate(tokens) if token.role in roles), -1)


def left_over(tokens: Words) -> bool:
    """Whether letters are left that no word tells."""
    return has(tokens, Role.OTHER, Role.DIFFER)


def without_asides(tokens: list[Token]) -> list[Token]:
    """The words without brackets that hold no figure: what stands in them is no part of the sentence."""
    made: list[Token] = []
    opened = -1
    for token in tokens:
        if token.text == "(":
            opened = len(made)
        elif token.role is Role.FIGURE or token.text in SENTENCE:
            opened = -1
        made.append(token)
        if token.text == ")" and opened >= 0:
            del made[opened:]
            opened = -1
    return made


def says(tokens: Words) -> bool:
    """Whether words set a slot or are left over."""
    return any(
        token.role in (*SLOTS, Role.LAST) or (token.role is Role.FIGURE and token.value) for token in tokens
    )


def until_stop(tokens: Words) -> Iterator[Token]:
    """The words up to the next mark or figure."""
    for token in tokens:
        if token.role in (Role.STOP, Role.FIGURE):
            return
        yield token


def _enclosed(tokens: Words) -> Words:
    """在预算之内: the word in front compares, and not the one behind."""
    end = next((n for n, token in enumerate(tokens) if token.text in ENCLOSING), 0)
    start = next((n for n in range(end) if tokens[n].text == "在"), -1)
    if start < 0:
        return tokens
    return [*tokens[:start], tokens[start]._replace(role=Role.WITHIN), *tokens[start + 1 :]]


def parted(tokens: Words, behind: Words = ()) -> Split:
    """A clause taken apart at its last word that compares, and at the word before what it compares with (与100万元相比)."""
    tokens = _enclosed(tokens)
    moves = [number for number, token in enumerate(tokens) if token.role in MOVES]
    at = moves[-1] if moves else len(tokens)
    move = tokens[at] if moves else None
    joined = (move is not None and move.role is Role.EQUAL) or any(
        token.text in AS for token in (*tokens, *until_stop(behind))
    )
    thans = (
        number for number, token in enumerate(tokens[:at])
        if token.text == SAME_TIME or (token.role is Role.THAN and (token.text not in JOINING or joined))
    )  # fmt: skip
    than = next(thans, at)
    base = tokens[than + (than < at and tokens[than].text != SAME_TIME) : at]
    denied = has(tokens[max(0, at - 2) : at], Role.NOT)
    return Split(tokens[:than], base, move, tokens[at + 1 :], denied, than < at)
