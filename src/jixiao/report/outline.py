"""Reports as data: outline.yaml and sections/*.yaml -> parts with templates; figures.yaml -> the names that they may use.

A name, key, maker, text or table that is not known is a ``DefinitionError`` with file, line and the nearest known one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from jixiao.checks import load as identities
from jixiao.model import Body, Expr, ExprError, Source, Value, catalogue, concepts, load_yaml
from jixiao.report.template import Clause, Env, Reader, Sentence, Text, known, there
from jixiao.report.traced import Telling
from jixiao.rubric import EXECUTION, REPORTS, Rubric, load, shipped

HERE = Path(__file__).parent
KINDS = REPORTS
ANNEXES = ("自评表", "评分表", "整体自评表", "数据来源表")
ORIGIN = "的来源"
"""Behind the name of a figure: the document that it was taken from; without a value where a person typed it."""
LACKING = "未取得"  # before the name of a figure that a rule asks for and nobody has


class Item(NamedTuple):
    """A piece of a part: sentences (for each row of a table), a person's text, or something made by name.

    ``when``: where a person is asked for the text; one that was written is printed anyway. ``yields``: a sentence gives way
    to a person who decided the points behind its figures otherwise than the rule.
    """

    sentences: tuple[Sentence, ...] = ()
    each: str = ""
    words: str = ""
    made: str = ""
    when: Expr | None = None
    yields: bool = False


class Part(NamedTuple):
    """A heading with what stands under it; ``made`` names what fills the whole part."""

    title: str
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    when: Expr | None = None
    made: str = ""


class Signing(NamedTuple):
    """The page that is signed: its title, the text that names people a line each, what is signed or sealed."""

    title: str
    people: str
    signs: tuple[str, ...]


class Outline(NamedTuple):
    """One kind of report."""

    kind: str
    title: Text
    cover: tuple[tuple[str, Text], ...]
    sections: tuple[Part, ...]
    signing: Signing
    annexes: tuple[str, ...]


class Topic(NamedTuple):
    """What the figures say about an indicator or group of indicators."""

    about: tuple[str, ...]
    sentences: tuple[Sentence, ...]


class Advice(NamedTuple):
    """A suggestion, and the findings, indicators or figures that call for it."""

    about: tuple[str, ...]
    text: str


class Figure(NamedTuple):
    """A named expression with the unit it is written in."""

    unit: str
    expr: Expr

    def refs(self) -> Iterator[str]:
        """The names that it reads."""
        return self.expr.refs()

    def value(self, env: Env) -> Value:
        """Its value, or None where a figure that it reads is not there."""
        if not all(there(env(name)) for name in self.expr.refs()):
            return None
        try:
            return self.expr.number(env)
        except (ExprError, ArithmeticError):
            return None


class Change(NamedTuple):
    """Two amounts compared in words: ``比年初预算增加7.57万元，增长5.74%``."""

    clause: Clause
    about: str
    unit: str = "文字"

    def refs(self) -> Iterator[str]:
        """The names that it reads."""
        return self.clause.names()

    def value(self, env: Env) -> Value:
        """The words; None where an amount is not there."""
        return Telling(said) if (said := self.clause.said(env, lambda _: "")) else None


CHANGED = {
    "@now == @was": "与@base持平",
    "@now > @was and @was > 0": "比@base增加{@now - @was|万元}，增长{(@now - @was) / @was|%}",
    "@now < @was and @was > 0": "比@base减少{@was - @now|万元}，下降{(@was - @now) / @was|%}",
    "@now > @was": "比@base增加{@now - @was|万元}",
    "@now < @was": "比@base减少{@was - @now|万元}",
}
"""How one amount (now) stands to another (was): condition -> words."""


def _worded(text: str, words: Mapping[str, str]) -> str:
    for key, word in words.items():
        text = text.replace(f"@{key}", word)
    return text


@functools.cache
def told() -> dict[str, str]:
    """The names that the report finds out of a workbook itself, with their units."""
    return {name: body.text("unit") for name, body in _told()}


@functools.cache
def abouts() -> dict[str, str]:
    """What they mean."""
    return {name: body.text("about") for name, body in _told()}


def _told() -> Iterator[tuple[str, Body]]:
    data = _figures().part("told")
    return ((name, data.part(name).only(("unit", "about"))) for name in data)


@functools.cache
def row_units(table: str) -> dict[str, str]:
    """The columns of the rows that the report makes itself, with their units; empty for any other table."""
    data = _figures().part("rows")
    return {name: data.part(table).text(name) for name in data.part(table)} if table in data else {}


@functools.cache
def figures() -> dict[str, Figure | Change]:
    """All figures by name."""
    data, reader = _figures(), Reader(names())
    made: dict[str, Figure | Change] = {}
    for name in data.part("figures"):
        body = data.part("figures").part(name).only(("unit", "value"))
        made[name] = Figure(body.text("unit"), reader.expr(body.text("value"), body, "value"))
    for name in data.part("changes"):
        body = data.part("changes").part(name).only(("now", "was", "base"))
        words = {key: known(body.text(key), reader.known, body, key) for key in ("now", "was")}
        words["base"] = body.text("base")
        ways = [
            Clause(reader.text(_worded(say, words), body), reader.expr(_worded(when, words), body, "now"))
            for when, say in CHANGED.items()
        ]
        made[name] = Change(ways[0]._replace(otherwise=tuple(ways[1:])), f"{words['now']}比{words['base']}")
    return made


def document(source: Source) -> str | None:
    """What a sentence calls the document of a figure; None where no table of a document was read."""
    if not source.form:
        return None
    series = _figures().part("documents")
    return next((series.text(key) for key in series if source.document.startswith(key)), source.document)


@functools.cache
def _figures() -> Body:
    data = load_yaml(HERE / "figures.yaml").only(("documents", "told", "rows", "figures", "changes"))
    seen: set[str] = set()
    for part in ("told", "figures", "changes"):
        for name in data.part(part):
            if name in seen:
                raise data.part(part).fail(f"名称“{name}”重复", name)
            seen.add(name)
    return data


@functools.cache
def _rubrics() -> tuple[Rubric, ...]:
    """Every shipped rubric: a template may name what only some of them have."""
    return tuple(load(name) for name in shipped())


@functools.cache
def names() -> frozenset[str]:
    """Every name that a sentence may read."""
    data = _figures()
    made = {
        *concepts(),
        *(f"{name}{ORIGIN}" for name in concepts()),
        *told(),
        *data.part("figures"),
        *data.part("changes"),
    }
    for rubric in _rubrics():
        made |= {*rubric.quantities, *rubric.facts, *(need.entry for need in rubric.texts)}
    return frozenset(made)


@functools.cache
def subjects() -> frozenset[str]:
    """Everything that a topic or a suggestion may be about."""
    made = {*names(), *catalogue(), *(identity.id for identity in identities().identities)}
    for rubric in _rubrics():
        made |= {second.title for first in rubric.firsts for second in first.seconds}
        made |= {item.key for item in rubric.indicators()}
        for _, form in rubric.self_tables.tables():
            made |= {
                title for block in form.blocks for title in (block.title, *(s.title for s in block.seconds))
            }
            made.add(EXECUTION)
    return frozenset({*made, *(f"{LACKING}{name}" for name in made)})


@functools.cache
def outline(kind: str, makers: tuple[str, ...]) -> Outline:
    """The outline of a kind (KeyError where there is none); ``makers`` are the names that ``made`` may have."""
    body = (
        load_yaml(HERE / "outline.yaml").part(kind).only(("title", "cover", "sections", "signing", "annexes"))
    )
    reader = Reader(names())
    cover = tuple(
        (line.only(("label", "text")).text("label"), reader.text(line.text("text"), line, "text"))
        for line in body.parts("cover")
    )
    files = {file.stem for file in (HERE / "sections").glob("*.yaml")}
    sections = [known(name, files, body, "sections", "章节") for name in body.texts("sections")]
    return Outline(
        kind,
        reader.text(body.text("title"), body, "title"),
        cover,
        tuple(_part(load_yaml(HERE / "sections" / f"{name}.yaml"), makers) for name in sections),
        _signing(body.part("signing").only(("title", "people", "signs"))),
        tuple(known(name, ANNEXES, body, "annexes", "附件") for name in body.texts("annexes")),
    )


def _signing(body: Body) -> Signing:
    return Signing(body.text("title"), _wanted(body, "people"), tuple(body.texts("signs")))


def _part(body: Body, makers: tuple[str, ...]) -> Part:
    body.only(("title",), ("body", "parts", "when", "made"))
    return Part(
        body.text("title"),
        tuple(_item(item, makers) for item in body.parts("body", [])),
        tuple(_part(part, makers) for part in body.parts("parts", [])),
        Reader(names()).condition(body),
        known(body.text("made"), makers, body, "made", "内容") if "made" in body else "",
    )


def _item(body: Body, makers: tuple[str, ...]) -> Item:
    body.only((), ("say", "each", "yields", "words", "made", "when"))
    ways = {"say": {"each", "yields"}, "words": {"when"}, "made": set[str]()}
    way = [key for key in ways if key in body]
    if len(way) != 1 or {*body} - {*way} - ways[way[0]]:
        raise body.fail("应有 say（可以带 each、yields）、words（可以带 when）、made 之一")
    if "words" in body:
        return Item(words=_wanted(body, "words"), when=Reader(names()).condition(body))
    if "made" in body:
        return Item(made=known(body.text("made"), makers, body, "made", "内容"))
    each, more = body.text("each", ""), set[str]()
    if each:
        tables = [rubric.tables[each] for rubric in _rubrics() if each in rubric.tables]
        more = {*row_units(each), *(column.name for table in tables for column in table.columns)}
        rows = {*_figures().part("rows"), *(name for rubric in _rubrics() for name in rubric.tables)}
        known(each, rows, body, "each", "表")
    return Item(Reader(names() | more).sentences(body["say"], body), each, yields=body.flag("yields", False))


def _wanted(body: Body, key: str) -> str:
    """The key of a text that people write."""
    return known(
        body.text(key), {need.key for rubric in _rubrics() for need in rubric.texts}, body, key, "文字"
    )


def _about(body: Body) -> Iterator[str]:
    for name in body.only(("about", "say")).texts("about"):
        yield known(name, subjects(), body, "about")


@functools.cache
def topics() -> tuple[Topic, ...]:
    """sections/topics.yaml."""
    data, reader = load_yaml(HERE / "sections" / "topics.yaml").only(("topics",)), Reader(names())
    return tuple(
        Topic(tuple(_about(body)), reader.sentences(body["say"], body)) for body in data.parts("topics")
    )


@functools.cache
def advice() -> tuple[tuple[Advice, ...], str]:
    """sections/advice.yaml: the suggestions, and the one for lost points that none of them answers."""
    data = load_yaml(HERE / "sections" / "advice.yaml").only(("advice", "other"))
    made = tuple(Advice(tuple(_about(body)), body.text("say")) for body in data.parts("advice"))
    return made, data.text("other")
