"""Filling: what intake read and a facts file names go into an existing scoring workbook, each with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.checks import HEAD_ROWS
from jixiao.intake import Named, Reading, alike, typed_fact
from jixiao.master import put
from jixiao.master.changes import changes
from jixiao.master.filling.bring import Copies, Place, bring_in, copies_of, proved_link
from jixiao.master.filling.goals import put_goals
from jixiao.master.filling.handwork import Hand, confirm_none, put_judgements, put_records, shown
from jixiao.master.kept import Kept, Link, Located, Sealed, Sources, raw_text
from jixiao.master.plan import gathered, period_of
from jixiao.master.scoringbook import ScoringBook
from jixiao.model import CONFIRMED, NONE_HAPPENED, Fact, Findings, Found, Record, Source
from jixiao.office import split_ref
from jixiao.rubric import FactNeed
from jixiao.scoring import UNIT, YEAR, Change, Keys
from jixiao.text import named_bodies, read_periods

ROUNDING = Decimal("0.005")  # 万元 printed with two decimals against the same amount in 元


def choose(need: FactNeed, candidates: Sequence[Located], findings: Findings) -> Located | None:
    """The candidate that counts, or None with a finding that says why not."""
    if not candidates:
        return None
    for document in need.documents:
        # a facts file names the document more closely: 财决01-1表 全年预算数
        ranked = [item for item in candidates if item.fact.source.document.startswith(document)]
        if ranked:
            return _only(need, ranked, findings)
    chosen = _only(need, list(candidates), findings)
    if chosen is not None and need.documents:
        document = chosen.fact.source.document or chosen.fact.source.file
        findings.add(
            "J572",
            chosen.fact.source,
            name=need.concept.name,
            document=document,
            wanted="、".join(need.documents),
        )
    return chosen


def _only(need: FactNeed, ranked: list[Located], findings: Findings) -> Located | None:
    values = [item.fact.value for item in ranked]
    if len(set(values)) == 1 or _same_but_rounded(need, values):
        # linked before typed, then the figure with the most digits
        return max(ranked, key=lambda item: (item.link is not None, _digits(item.fact.value)))
    documents = "、".join(
        dict.fromkeys(item.fact.source.document or item.fact.source.file for item in ranked)
    )
    written = "、".join(dict.fromkeys(str(value) for value in values))
    findings.add(
        "J571",
        *(item.fact.source for item in ranked),
        name=need.concept.name,
        documents=documents,
        values=written,
    )
    return None


def _same_but_rounded(need: FactNeed, values: Sequence[Decimal | str]) -> bool:
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) != len(values) or not need.concept.is_amount:
        return False
    return max(numbers) - min(numbers) <= ROUNDING


def _digits(value: Decimal | str) -> int:
    return -int(value.normalize().as_tuple().exponent) if isinstance(value, Decimal) and value else 0


GOALS = ("goals", "goal_heads", "goal_funds")  # they become entries of the forms at once
ADDED = ("projects", "targets", *GOALS)  # rows of which several files may each bring some
MOST_NAMED = 5
SECOND = "second_source"  # a figure named only to be compared; never chosen


@dataclass(slots=True)
class Filled:
    """What a fill did: facts and rows written, findings about conflicts and gaps."""

    findings: Findings = field(default_factory=Findings)
    facts: int = 0
    sheets: int = 0


class Gap(NamedTuple):
    """A fact that is still wanted: what it is, of which period, and what happens where nothing of the kind was."""

    need: FactNeed
    period: str
    event: bool


def gaps(book: ScoringBook) -> list[Gap]:
    """The facts that scoring still waits for, in the order in which one gathers them."""
    rubric = book.rubric
    events = frozenset() if book.entries.get(NONE_HAPPENED) == CONFIRMED else rubric.events()
    return [
        Gap(rubric.facts[name], period_of(name), name in events)
        for name in gathered(rubric)
        if book.entries.get(name) is None
        and (name in events or not (rubric.facts[name].optional or name in rubric.events()))
    ]


def typed_facts(book: ScoringBook, findings: Findings) -> dict[str, Fact]:
    """What people typed on 待填, by name; what is no figure of its unit stays there, with a finding."""
    made: dict[str, Fact] = {}
    for name, need in book.rubric.facts.items():
        own = Keys(name)
        value, document = book.entries.get(own.typed), str(book.entries.get(own.typed_from) or "")
        if value is None:
            continue
        try:
            made[name] = typed_fact(name, value, document, need.concept)
        except ValueError as error:
            place = book.plan.places[own.typed]
            findings.add("J599", book.source(place.sheet, place.ref), name=name, why=str(error))
    return made


def fill_book(
    book: ScoringBook,
    reading: Reading | None,
    named: Named | None,
    when: str,
    none: Sequence[str] = (),
    asked: Mapping[str, Fact] | None = None,
) -> Filled:
    """Write everything into the workbook in memory, what people typed on 待填 too; saving is the caller's.

    ``none``: counts that a person confirms as 0; ``asked``: facts that a person was asked for (``typed_fact``), by name.
    """
    done = Filled()
    typed = typed_facts(book, done.findings)
    given = {**typed, **(asked or {})}
    hand, changed = Hand(book, done.findings), changes(book)
    sheets = reading.sheets if reading else []
    gone = _corrected(book, reading, done.findings) if reading else set()
    copies = bring_in(book, sheets, when, gone)
    done.sheets = sum(1 for sheet in sheets if sheet.form or sheet.used)
    _say_lost(changed, [row[3] for row in copies.rows if row[5] == when], done.findings)
    hand.forget()
    for key, link in book.links.items():
        book.entries[key] = link.now(book.book)
    files = {sheet.file for sheet in sheets} | ({named.file} if named else set())
    located = [i for i in book.located() if i.fact.source.file not in files and i.fact.source[:2] not in gone]
    located = _with_new(book, copies, located, (*_new_facts(reading, named), *given.values()))
    located = [item for item in located if item.fact.source.found is not Found.ALIKE]
    further, unlike = alike(item.fact for item in located if item.fact.source.form != SECOND)
    located += [
        Located(fact, proved_link(book, copies, fact.source, fact.value, fact.divisor)) for fact in further
    ]
    records = [i for i in book.records() if _file(i.record) not in files and not _places(i.record) & gone]
    records += [Kept(record, _links(book, copies, record)) for record in _new_records(reading, named)]
    _put_facts(hand, located, done)
    _say_unlike(book, unlike, done.findings)
    put_records(hand, records)
    put_goals(hand, [r for rows in (reading.records if reading else {}).values() for r in rows])
    if named:
        copies.rows = [row for row in copies.rows if row[0] != named.file]
        copies.rows.append([named.file, named.sha256, "", "", "", when, ""])
        _put_cover(book, named)
        put_goals(hand, named.records)
        put_judgements(hand, named)
    confirm_none(book, none, done.findings)
    for key in (key for name in typed for key in (Keys(name).typed, Keys(name).typed_from)):
        put.put_entry(book, key, None)
    hand.remember()
    put.put_located(book, located)
    put.keep_block(book, "sources", copies.rows)
    put.keep_block(book, "tables", list(copies.sealed.items()))
    for block, items in (("located", located), ("records", records)):
        sources = Sources()
        put.keep_block(book, block, [item.data(sources) for item in items], sources)
    book.settle()
    return done


def _with_new(
    book: ScoringBook, copies: Copies, kept: Sequence[Located], new: Sequence[Fact]
) -> list[Located]:
    """What is kept and what is new; what is typed again replaces what was typed before."""
    typed = {fact.name for fact in new if fact.source.found is Found.TYPED}
    left = [i for i in kept if not (i.fact.source.found is Found.TYPED and i.fact.name in typed)]
    links = (proved_link(book, copies, fact.source, fact.value, fact.divisor) for fact in new)
    return left + [Located(fact, link) for fact, link in zip(new, links, strict=True)]


def _say_lost(changed: Sequence[Change], replaced: Sequence[str], findings: Findings) -> None:
    """Changes in a table that was brought in again are gone with it."""
    lost = [change for change in changed if change.source.sheet in replaced]
    if lost:
        names = "、".join(
            f"{one.place}（{shown(one.new) if one.new is not None else '空白'}）" for one in lost[:MOST_NAMED]
        )
        findings.add("J589", count=len(lost), names=names)


def _corrected(book: ScoringBook, reading: Reading, findings: Findings) -> set[Place]:
    """The sheets of earlier files whose tables, of the same unit and year, come again in another file: that corrects them."""
    rows = [record for kind in reading.records.values() for record in kind]
    coming, told = _forms(reading.facts, rows), {}
    for sheet in reading.sheets:
        told[sheet.file, sheet.name] = _told((row, cell.value) for (row, _), cell in sheet.cells.items())
    files, gone, names = {sheet.file for sheet in reading.sheets}, set[Place](), copies_of(book).names
    for place, forms in _forms((i.fact for i in book.located()), [i.record for i in book.records()]).items():
        if place[0] in files or place not in names:
            continue
        said = _told((split_ref(cell.ref)[0], cell.value) for cell in book.sheet(names[place]).cells())
        fitting = {new: forms & theirs for new, theirs in coming.items() if told.get(new) == said}
        if forms <= set[str]().union(*fitting.values()):
            gone.add(place)
            new = next(new for new, theirs in fitting.items() if theirs)
            findings.add("J597", Source(*new), old="的".join(place), new="的".join(new))
    return gone


def _forms(facts: Iterable[Fact], records: Iterable[Record]) -> dict[Place, set[str]]:
    """The forms of the tables on each sheet; a list of projects or targets may go on in another file and is none."""
    made: dict[Place, set[str]] = {}
    for fact in facts:
        if fact.source.cell and fact.source.form != SECOND:
            made.setdefault(fact.source[:2], set()).add(fact.source.form)
    for record in records:
        for place in _places(record):
            made.setdefault(place, set()).add(record.form if record.kind not in ADDED else "")
    return made


def _places(record: Record) -> set[Place]:
    return {source[:2] for source in record.sources.values() if source.cell}


def _told(cells: Iterable[tuple[int, object]]) -> tuple[set[int | None], set[str]]:
    """The years and the bodies that the first rows of a sheet name."""
    texts = [text for row, text in cells if row <= HEAD_ROWS and isinstance(text, str)]
    years = {period.year for text in texts for period in read_periods(text)}
    return years, {name for _, name in named_bodies(texts)}


def _say_unlike(book: ScoringBook, unlike: dict[str, str], findings: Findings) -> None:
    """What stands in a table under another name and need not be the same."""
    lacking = [name for name in unlike if name in book.rubric.facts and book.entries.get(name) is None]
    for why in dict.fromkeys(unlike[name] for name in lacking):
        names = "、".join(name for name in lacking if unlike[name] == why)
        findings.add("J596", Source("", "取数", label=names), names=names, why=why)


def _new_facts(reading: Reading | None, named: Named | None) -> Iterable[Fact]:
    if reading:
        yield from reading.facts
    if named:
        yield from named.facts
        for fact in named.second:
            yield fact._replace(source=fact.source._replace(form=SECOND))


def _new_records(reading: Reading | None, named: Named | None) -> list[Record]:
    made = [record for rows in (reading.records if reading else {}).values() for record in rows]
    return [r for r in (*made, *(named.records if named else ())) if r.kind not in GOALS]


def _file(record: Record) -> str:
    return next((source.file for source in record.sources.values()), "")


def _links(book: ScoringBook, copies: Copies, record: Record) -> dict[str, Link]:
    made = {}
    for name, value in record.values.items():
        source = record.sources.get(name)
        link = proved_link(book, copies, source, value) if source else None
        if link is not None:
            made[name] = link
    return made


def _put_facts(hand: Hand, located: Sequence[Located], done: Filled) -> None:
    book = hand.book
    for name, need in book.rubric.facts.items():
        candidates = [
            i for i in located if i.fact.name == name and i.fact.source.form != SECOND and i.fact.value != ""
        ]
        chosen = choose(need, candidates, done.findings)
        if chosen is not None:
            fact = chosen.fact
            sealed = Sealed(fact.value, fact.source, raw_text(fact), chosen.link)
            if hand.seal(name, sealed, name):
                put.put_proof(book, book.plan.fact_rows[name], sealed)
                done.facts += 1
    events = book.rubric.events()  # of which scoring asks
    missing = [
        name
        for name, need in book.rubric.facts.items()
        if book.entries.get(name) is None and name not in events and not need.optional
    ]
    if missing:
        done.findings.add("J575", count=len(missing), names="、".join(missing))


def _put_cover(book: ScoringBook, named: Named) -> None:
    for key, text in ((UNIT, named.unit), (YEAR, named.year)):
        if text and not book.entries.get(key):
            put.put_entry(book, key, text)
