"""Cross-checks on what a workbook holds: run, said as findings, written into its sheets, held against the year before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.checks import (
    HEAD_ROWS,
    OWN,
    SAME,
    Checked,
    Outcome,
    Records,
    ScorePart,
    ScoreRow,
    Side,
    amount,
    causes,
    check,
    findings,
    load,
    score_findings,
    whose,
)
from jixiao.intake import load as load_forms
from jixiao.intake import read as read_sources
from jixiao.master import put
from jixiao.master.agreement import checked_on
from jixiao.master.changes import typed
from jixiao.master.filling.bring import Copies, copies_of, proved_link
from jixiao.master.filling.handwork import RECORD_FIELDS
from jixiao.master.kept import PLACES, CheckRow, CheckSide, Link, kept_whole, quoted
from jixiao.master.plan import (
    ARROW,
    CHECK_LETTERS,
    CHECK_TABLE,
    CHECKED_CELL,
    CHECKS,
    CRITERIA_COLUMN,
    HIDDEN,
    JUMPS,
    LIST_FIRST,
    SCORE_COLUMNS,
    SCORES,
)
from jixiao.master.scoringbook import NotOurs, ScoringBook, open_scoring_book
from jixiao.model import (
    CONFIRMED,
    NONE_HAPPENED,
    Fact,
    FactSet,
    Finding,
    FindingKind,
    Findings,
    Found,
    Record,
    Source,
    UsageStop,
    Value,
    half_up,
    make,
    plain,
)
from jixiao.office import column_number, join_ref, split_ref, with_links
from jixiao.rubric import Indicator, Part
from jixiao.scoring import UNIT, YEAR, Change, Keys, Scorecard, keys, score
from jixiao.text import letters

MOST = 12
"""Contradictions that are tried; where there are more, something else is wrong."""


def consequences(book: ScoringBook, card: Scorecard, checked: Sequence[Checked]) -> Iterator[Finding]:
    """A note for each indicator whose rule points change with the other figure of a contradiction."""
    failing = [one for one in checked if one.outcome is Outcome.FAILS and one.relation == "="]
    for one in failing[:MOST]:
        if len(one.left.terms) != 1 or len(one.right.terms) != 1:
            continue
        name, value = one.left.terms[0].fact.name, one.right.value
        if name not in book.rubric.facts or one.left.value != book.entries.get(name) or value is None:
            continue
        other = score(book.net, {**book.entries, name: value})
        document = one.right.terms[0].fact.source.document or one.right.text
        for before, after in zip(card.indicators, other.indicators, strict=True):
            if before.rule_points != after.rule_points:
                yield make(
                    "J231",
                    *one.places,
                    name=name,
                    document=document,
                    value=amount(value, one.unit),
                    title=before.title,
                    before=_points(before.rule_points),
                    after=_points(after.rule_points),
                )


def _points(value: Decimal | None) -> str:
    return "待核定 " if value is None else plain(value)


def put_checks(book: ScoringBook, checked: Sequence[Checked], others: Sequence[CheckRow] = ()) -> None:
    """One row a check, those that disagree first, then the others in the order of the identities, then ``others``."""
    copies = copies_of(book)
    kept: list[CheckRow] = []
    jumps: dict[str, str] = {}
    for row, item in enumerate(
        sorted(checked, key=lambda item: item.outcome is not Outcome.FAILS), LIST_FIRST
    ):
        left, right = (_side(book, copies, side, item) for side in (item.left, item.right))
        kept.append(CheckRow(item.id, item.title, item.unit, left, right, item.relation, item.tolerance))
        for name, side in zip(JUMPS, (item.left, item.right), strict=True):
            place = _jump(book, copies, side)
            if place:
                jumps[f"{CHECK_LETTERS[name]}{row}"] = place
    kept += others
    rows = [(put.figure_style(check.unit), check.cells(row)) for row, check in enumerate(kept, LIST_FIRST)]
    put.put_list(book, CHECKS, LIST_FIRST, CHECK_TABLE, rows)
    for cell in jumps:
        book.sheet(CHECKS).set(cell, ARROW)
    columns = range(column_number(CHECK_LETTERS[JUMPS[0]]), len(CHECK_TABLE) + 1)
    xml = with_links(book.sheet(CHECKS).to_bytes(), jumps, columns, LIST_FIRST)
    book.book.replace_sheet(CHECKS, xml)
    put.keep_block(book, "checks", [_as_brought_in(book, check.data()) for check in kept])


def _as_brought_in(book: ScoringBook, row: list[Any]) -> list[Any]:
    """A row to be kept, with cells of tables that were moved since by their places then: they are followed when read."""
    then = {move.sheet: (name, move.was) for name, move in book.moves.items()}
    for *_, terms in row[3:5]:
        for term in terms:
            if term[1] in then:
                name, was = then[term[1]]
                term[1:3] = name, was.get(term[2], term[2])
    return row


def _now(book: ScoringBook, copies: Copies, source: Source) -> Source:
    """A source whose cell is where it stands in this workbook now: rows may have been put into its table since."""
    move = next((one for one in book.moves.values() if one.sheet == copies.of(source)), None)
    return source if move is None or not source.cell else source._replace(cell=move.ref(source.cell) or "")


def _jump(book: ScoringBook, copies: Copies, side: Side) -> str:
    """The cell of this workbook that a click on the place of a side leads to: its first figure brought in."""
    for term in side.terms:
        source = _now(book, copies, term.fact.source)
        name = copies.of(source)
        if name and source.cell:
            return f"{quoted(name)}!{source.cell}"
    return ""


def _side(book: ScoringBook, copies: Copies, side: Side, item: Checked) -> CheckSide:
    value = side.value
    if value is None and side is item.right and item.relation == ">=" and not side.terms:
        value = Decimal(0)
    shown = half_up(value, PLACES) if value is not None else None
    return CheckSide(side.text, _check_places(side, item), shown, _terms(book, copies, side))


def _terms(book: ScoringBook, copies: Copies, side: Side) -> tuple[tuple[int, Link], ...]:
    """Signs and links of the figures of a side; none where not all of them stand in this workbook."""
    made: list[tuple[int, Link]] = []
    for term in side.terms:
        source = _now(book, copies, term.fact.source)
        link = proved_link(book, copies, source, term.fact.value, term.fact.divisor)
        if source.found is Found.TYPED and source.file == book.path.name:
            link = Link(source.sheet, source.cell)
        if link is None:
            return ()
        made.append((term.sign, link._replace(divisor=link.divisor / term.factor)))
    return tuple(made)


def _check_places(side: Side, item: Checked) -> str:
    if not side.terms:
        return f"缺：{item.missing}" if item.missing else ""
    more = f"；等{len(side.terms)}处" if len(side.terms) > 1 else ""
    return side.terms[0].fact.source.place() + more


RATE = "完成率"
UNDECIDED = "判定", "给分"


def score_rows(book: ScoringBook, card: Scorecard) -> list[ScoreRow]:
    """One row an indicator, in the order of the table."""
    return [_score_row(book, card, indicator) for indicator in book.rubric.indicators()]


def _score_row(book: ScoringBook, card: Scorecard, indicator: Indicator) -> ScoreRow:
    key, own, entries = indicator.key, Keys(indicator.key), book.entries
    scored, given = card[key], entries.get(own.awarded)
    reads = set(_reads(book, indicator.rule.reads))
    missing = [name for name in reads if _not_obtained(book, name)]
    missing.sort(key=list(book.rubric.facts).index)
    return ScoreRow(
        title=key,
        full=scored.full,
        rule=scored.rule_points,
        given=given if isinstance(given, Decimal) else None,
        points=scored.points,
        applies=scored.status != "not_applicable",
        reason=_text(entries.get(own.reason)),
        evidence=_text(entries.get(own.evidence)) + "".join(_evidence(book, indicator)),
        parts=[_part(book, part) for part in indicator.rule.leaves()],
        missing=missing,
        rates=list(_rates(book, card, reads)),
        places=_score_places(book, indicator, missing),
    )


def _reads(book: ScoringBook, names: Iterable[str]) -> Iterator[str]:
    """Facts and columns that a rule reads, directly or through quantities."""
    for name in names:
        if name in book.rubric.quantities:
            yield from _reads(book, book.rubric.quantities[name].reads)
        else:
            yield name


def _not_obtained(book: ScoringBook, name: str) -> bool:
    confirmed = name in book.rubric.events() and book.entries.get(NONE_HAPPENED) == CONFIRMED
    need = book.rubric.facts.get(name)
    return need is not None and not (need.optional or confirmed) and book.entries.get(name) in (None, "")


def _part(book: ScoringBook, part: Part) -> ScorePart:
    entries = book.entries
    return ScorePart(
        title=part.title or part.key,
        full=part.full,
        judged=part.judged,
        filled=any(entries.get(Keys(part.key).cell(name)) not in (None, "") for name in UNDECIDED),
        requires=part.requires,
        premise=_text(entries.get(Keys(part.key).premise)),
    )


def _evidence(book: ScoringBook, indicator: Indicator) -> Iterator[str]:
    for part in indicator.rule.leaves():
        yield _text(book.entries.get(Keys(part.key).proof))


def _rates(book: ScoringBook, card: Scorecard, reads: set[str]) -> Iterator[Decimal]:
    """Completion of the rows of the tables that the rule reads; targets that should not be exceeded are left out."""
    for table in book.rubric.tables.values():
        columns = {column.name for column in table.columns}
        if RATE not in columns or not any(read.startswith(f"{table.name}.") for read in reads):
            continue
        for row in range(1, table.rows + 1):
            rate = card.values.get(table.key(row, RATE))
            if isinstance(rate, Decimal) and book.entries.get(table.key(row, "方向")) != "不高于":
                yield rate


def _score_places(book: ScoringBook, indicator: Indicator, missing: list[str]) -> dict[str, list[Source]]:
    key, plan = indicator.key, book.plan
    made = {name: _cells(book, [Keys(key).cell(name)]) for name in SCORE_COLUMNS}
    row = plan.score_rows.get(key)
    if row is not None:
        made["评分标准"] = [book.source(SCORES, join_ref(row, CRITERIA_COLUMN), f"{key} 评分标准")]
    made["前提"] = _cells(book, [Keys(part.key).premise for part in indicator.rule.leaves()])
    made["要点"] = _cells(book, [Keys(part.key).verdict for part in indicator.rule.leaves()])[:1]
    made["缺数"] = _cells(book, missing)
    return made


def _cells(book: ScoringBook, keys: Iterable[str]) -> list[Source]:
    found = [(key, book.plan.places[key]) for key in keys if key in book.plan.places]
    return [book.source(place.sheet, place.ref, key.replace(".", " ")) for key, place in found]


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


BY_HAND = "人工填写"


def held(book: ScoringBook) -> tuple[FactSet, list[Record]]:
    """The facts and records that a workbook holds, as they are now: what a person typed stands for what was read."""
    hand, sealed = typed(book), book.sealed()
    facts = [item.fact for item in book.located() if item.fact.value != ""]
    known = {fact.name for fact in facts}
    for name, need in book.rubric.facts.items():
        now, seal = book.entries.get(name), sealed.get(name)
        if not isinstance(now, Decimal):
            continue
        if name in hand:
            form = seal.source.form if seal else ""
            facts = [f for f in facts if f.name != name or not seal or not _given(f, seal.source)]
            facts.append(Fact(name, now, _by_hand(hand[name], form), plain(now), need.concept.unit))
        elif seal is not None and name not in known:
            facts.append(Fact(name, now, seal.source, seal.raw, need.concept.unit))
    return FactSet(facts), [*_rows_now(book, hand), *_forms(book)]


def _by_hand(change: Change, form: str) -> Source:
    """The cell that a person typed into; it stands for a figure of that form."""
    return change.source._replace(form=form, document=BY_HAND, found=Found.TYPED)


def _given(fact: Fact, source: Source) -> bool:
    """Whether a located fact is what a source gave: the same place, or the same table of another file."""
    return fact.source == source or (bool(source.form) and fact.source.form == source.form)


def _rows_now(book: ScoringBook, hand: Mapping[str, Change]) -> list[Record]:
    """The rows of tables; those of 目标完成 with what was typed there, rows that only a person wrote included."""
    made = [kept.record for kept in book.records()]
    for kind, (title, columns) in RECORD_FIELDS.items():
        table = book.rubric.tables.get(title)
        if table is None:
            continue
        for number in range(1, table.rows + 1) if hand else ():
            keys = {field: table.key(number, word) for field, word in {"name": "名称", **columns}.items()}
            typed_here = {field: hand[key] for field, key in keys.items() if key in hand}
            name = _text(book.entries.get(keys["name"]))
            if old := typed_here["name"].old if "name" in typed_here else None:
                known = [row.kind == kind and row["name"] == old for row in made]
                made = [
                    replace(row, values=row.values | {"name": name}) if renamed else row
                    for row, renamed in zip(made, known, strict=True)
                    if name or not renamed
                ]
            if typed_here and name:
                made = _typed_row(made, kind, name, typed_here)
    return made


def _forms(book: ScoringBook) -> Iterator[Record]:
    """What the sheets say of projects as they stand: the money of each, and the rows of forms that are percentages."""
    table = book.rubric.tables.get("项目")
    for number in range(1, table.rows + 1 if table is not None else 1):
        row = keys.row("项目", number)
        if name := _text(book.entries.get(row.name)):
            words = {"budget": "年初预算", "adjusted": "调整后预算", "spent": "年度支出"}
            yield _form_row(book, "money", name, {field: row.cell(word) for field, word in words.items()})
    for name, form in book.rubric.self_tables.tables():
        for number, _, _ in form.rows():
            row = keys.row(name, number)
            if book.entries.get(row.cell("单位")) == "%":
                title = f"{name}“{book.entries.get(row.cell('三级指标')) or number}”"
                yield _form_row(
                    book, "rates", title, {"planned": row.cell("指标值"), "done": row.cell("完成值")}
                )


def _form_row(book: ScoringBook, kind: str, name: str, cells: Mapping[str, str]) -> Record:
    places = {field: book.plan.places[key] for field, key in cells.items() if key in book.plan.places}
    sources = {field: book.source(place.sheet, place.ref, name) for field, place in places.items()}
    hand = {field: s._replace(form=OWN, found=Found.TYPED) for field, s in sources.items()}
    return Record(
        kind, {"name": name, **{f: _figure(book.entries.get(k)) for f, k in cells.items()}}, hand, OWN
    )


def _figure(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _typed_row(rows: list[Record], kind: str, name: str, hand: Mapping[str, Change]) -> list[Record]:
    """What was typed stands in every row of that name that has such a figure; what none has, in the fullest one."""
    alike = [row for row in rows if row.kind == kind]
    own = [row for row in alike if row["name"] == name]
    if not own:
        like = max(alike, key=lambda row: len(row.values), default=None)
        own = [Record(kind, {"name": name}, {}, like.form if like else "", BY_HAND)]
        rows = rows + own
    fullest = max(own, key=lambda row: len(row.values))
    made = list(rows)
    for at, row in enumerate(rows):
        if not any(row is one for one in own):
            continue
        now: dict[str, Decimal | str | None] = {
            field: change.new if isinstance(change.new, (Decimal, str)) else None
            for field, change in hand.items()
            if row[field] is not None or (row is fullest and all(one[field] is None for one in own))
        }
        places = {f: _by_hand(hand[f], row.form) for f in now}
        made[at] = replace(row, values={**row.values, **now}, sources=row.sources | places)
    return made


@kept_whole
def checked(
    book: ScoringBook, definitions: Sequence[Path] = (), previous: tuple[FactSet, Records] | None = None
) -> list[Checked]:
    """Run the checks on the facts and records of the workbook; ``previous`` is what the year before held."""
    facts, records = held(book)
    preferred = {name: need.documents for name, need in book.rubric.facts.items()}
    forms = {form.id for form in load_forms(definitions)} if definitions else ()
    return check(facts, records, preferred=preferred, definitions=definitions, forms=forms, previous=previous)


def recheck(book: ScoringBook, definitions: Sequence[Path] = ()) -> list[Checked]:
    """The same, with the rows of 勾稽 written; those of definitions that are not at hand stay as they are."""
    made = checked(book, definitions)
    known = {SAME, *(one.id for one in load(definitions).identities)}
    others = [row for row in map(CheckRow.of, book.kept("checks")) if row.id not in known]
    put_checks(book, made, others)
    book.sheet(HIDDEN).set(CHECKED_CELL, checked_on(book), formula=None)
    return made


def told(book: ScoringBook, card: Scorecard, made: Sequence[Checked]) -> Findings:
    """All that the checks have to say of a workbook: tables, points against their rule, what contradictions mean.

    ``card`` is the scorecard of the workbook with findings that name cells.
    """
    found = Findings()
    found.extend(strangers(book))
    common = causes(made)
    found.extend(findings(made, common))
    explained = {id(one) for cause in common for one in cause.checks if len(cause.checks) > 1}
    found.extend(consequences(book, card, [one for one in made if id(one) not in explained]))
    found.extend(score_findings(score_rows(book, card), [kept.record for kept in book.records()]))
    found.extend(item for item in card.findings if FindingKind.RESTATED not in item.kinds)
    return found


def strangers(book: ScoringBook, files: Collection[str] | None = None) -> Findings:
    """Imported tables of another unit or year than the workbook: of these files, or of all."""
    said = (head for head in _heads(book) if files is None or head[1].file in files)
    return whose(str(book.entries.get(UNIT) or ""), year_of(book), said)


def in_table(book: ScoringBook, found: Finding) -> Source | None:
    """The cell of 评分标准 that a finding about the rubric speaks of; None where it names no indicator."""
    label = found.sources[0].label if found.sources else ""
    row = book.plan.score_rows.get(label.split("：")[0])
    return book.source(SCORES, join_ref(row, CRITERIA_COLUMN), f"{label} 评分标准") if row else None


def _heads(book: ScoringBook) -> Iterator[tuple[str, Source]]:
    """The texts of the first rows of every imported table."""
    for (file, sheet), name in copies_of(book).names.items():
        for cell in book.sheet(name).cells():
            if split_ref(cell.ref)[0] > HEAD_ROWS:
                break  # tables are brought in row by row
            if isinstance(cell.value, str):
                yield cell.value, Source(file, sheet, cell.ref)


def year_before(
    book: ScoringBook, paths: Sequence[Path], definitions: Sequence[Path]
) -> tuple[FactSet, list[Record]]:
    """The facts and rows of last year's scoring workbook, or of last year's source files.

    UsageStop (2) where a scoring workbook is of the same or a later year (J590), or of another unit (J591).
    """
    facts, rows = FactSet(), []
    sources: list[Path] = []
    for path in paths:
        try:
            before = open_scoring_book(path)
        except NotOurs:
            sources.append(path)
        else:
            earlier(book, before, path)
            more, own = held(before)
            facts.add(more)
            rows += own
    if sources:
        reading = read_sources(sources, definitions=definitions)
        facts.add(reading.facts)
        rows += [row for group in reading.records.values() for row in group]
    return facts, rows


def earlier(book: ScoringBook, before: ScoringBook, path: Path) -> None:
    """Stop where the other workbook is not that of this unit in an earlier year; what is blank is not compared."""
    now, was = year_of(book), year_of(before)
    if now and was and was >= now:
        raise UsageStop("J590", Source(path.name), file=path.name, said=was, year=now)
    one, other = (letters(str(each.entries.get(UNIT) or "")) for each in (book, before))
    if one and other and one not in other and other not in one:
        raise UsageStop("J591", Source(path.name), file=path.name, said=other, unit=one)


def year_of(book: ScoringBook) -> str:
    """The year of a workbook in figures; empty where none is told."""
    value = book.entries.get(YEAR)
    return plain(value) if isinstance(value, Decimal) else "".join(filter(str.isdigit, str(value or "")))
