"""The outline of each report and its sections, as data: outline.yaml and sections/*.yaml -> parts with templates."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.model import Body, Expr, load_yaml
from jixiao.report.template import Sentence, Text, read_condition, read_sentences, read_text
from jixiao.rubric import REPORTS

HERE = Path(__file__).parent
KINDS = REPORTS


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a part: sentences (for each row of a table), a person's text, or something made by name."""

    sentences: tuple[Sentence, ...] = ()
    each: str = ""
    words: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands under it; ``made`` names what fills the whole part."""

    title: str
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    when: Expr | None = None
    made: str = ""

    def sentences(self) -> Iterator[tuple[Sentence, str]]:
        """Every sentence of the part and the parts below, with the table whose rows it is said for."""
        for item in self.items:
            for sentence in item.sentences:
                yield sentence, item.each
        for part in self.parts:
            yield from part.sentences()


@dataclass(frozen=True, slots=True)
class Outline:
    """One kind of report."""

    kind: str
    title: Text
    cover: tuple[tuple[str, Text], ...]
    sections: tuple[Part, ...]
    annexes: tuple[str, ...]


@functools.cache
def outline(kind: str) -> Outline:
    """The outline of a kind; KeyError where there is none, ``DefinitionError`` where a file is wrong."""
    data = load_yaml(HERE / "outline.yaml")
    body = data.part(kind).only(("title", "cover", "sections", "annexes"))
    cover = tuple(
        (line.only(("label", "text")).text("label"), read_text(line.text("text"), line))
        for line in body.parts("cover")
    )
    return Outline(
        kind,
        read_text(body.text("title"), body, "title"),
        cover,
        tuple(section(name) for name in body.texts("sections")),
        tuple(body.texts("annexes")),
    )


@functools.cache
def section(name: str) -> Part:
    """One file of sections/."""
    return _part(load_yaml(HERE / "sections" / f"{name}.yaml"))


def _part(body: Body) -> Part:
    body.only(("title",), ("body", "parts", "when", "made"))
    return Part(
        body.text("title"),
        tuple(_item(item) for item in body.parts("body", [])),
        tuple(_part(part) for part in body.parts("parts", [])),
        read_condition(body.text("when"), body) if "when" in body else None,
        body.text("made", ""),
    )


def _item(body: Body) -> Item:
    if "say" in body:
        body.only(("say",), ("each",))
        return Item(read_sentences(body["say"], body), each=body.text("each", ""))
    if "words" in body:
        return Item(words=body.only(("words",)).text("words"))
    return Item(made=body.only(("made",)).text("made"))


@dataclass(frozen=True, slots=True)
class Topic:
    """What the figures say about an indicator or group of indicators."""

    about: tuple[str, ...]
    sentences: tuple[Sentence, ...]


@functools.cache
def topics() -> tuple[Topic, ...]:
    """sections/topics.yaml."""
    data = load_yaml(HERE / "sections" / "topics.yaml").only(("topics",))
    return tuple(
        Topic(tuple(body.only(("about", "say")).texts("about")), read_sentences(body["say"], body))
        for body in data.parts("topics")
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """A suggestion, and the findings, indicators or figures that call for it."""

    about: tuple[str, ...]
    text: str


@functools.cache
def advice() -> tuple[tuple[Advice, ...], str]:
    """sections/advice.yaml: the suggestions, and the one for lost points that none of them answers."""
    data = load_yaml(HERE / "sections" / "advice.yaml").only(("advice", "other"))
    made = [
        Advice(tuple(b.only(("about", "say")).texts("about")), b.text("say")) for b in data.parts("advice")
    ]
    return tuple(made), data.text("other")
