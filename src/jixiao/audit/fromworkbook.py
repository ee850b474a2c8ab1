"""A scoring workbook as the Truth that a report is held against."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from jixiao.audit.document import plain
from jixiao.audit.figures import in_text
from jixiao.audit.official import official_figures
from jixiao.audit.rollup import add_tables
from jixiao.audit.scores import scores_of
from jixiao.audit.truth import Judged, Known, Scores, Truth
from jixiao.master.book.held import located_now, records_now
from jixiao.master.book.rescore import scored
from jixiao.master.book.scoringbook import ScoringBook, open_scoring_book
from jixiao.model import FindingKind, Source, concepts
from jixiao.rubric import Indicator
from jixiao.scoring import Scorecard


def truth_of(path: Path) -> Truth:
    """Facts, quantities, points, grade and records of a workbook. Refused where it is not one of ours."""
    book = open_scoring_book(path)
    card = scored(book)
    truth = Truth(unit=card.unit, year=card.year, rubric=card.rubric, grade=card.grade)
    _facts(book, truth)
    _quantities(book, card, truth)
    _scores(book, card, truth)
    records = [record for record, _ in records_now(book)]
    rolled_up = add_tables(book, card.values, truth)
    truth.add_records([r for r in records if not (rolled_up and r.kind == "projects")])
    for record in records:
        closing = record.amount("closing")
        if record.kind == "ledger" and closing is not None:
            source = record.sources.get("closing") or Source("", label=str(record["name"]))
            truth.known.append(
                Known("科目余额", closing, "元", source, str(record["code"]), plain(str(record["name"])))
            )
    _texts(book, truth)
    return truth


def _texts(book: ScoringBook, truth: Truth) -> None:
    """Titles, document numbers, names and explanations: a report that quotes them has to have their figures."""
    reference = book.rubric.reference
    texts = [
        (
            f"《{reference.title}》（{reference.number}）",
            Source(book.path.name, "封面", label=reference.title),
        )
    ]
    texts += [(item.explanation, item.source) for item in truth.judged]
    texts += [(known.owner, known.source) for known in truth.known if known.name in ("项目", "目标")]
    texts += [(known.source.document, known.source) for known in truth.known if known.source.document]
    truth.texts += [
        (text, source) for text, source in {plain(text): source for text, source in texts}.items() if text
    ]


def _facts(book: ScoringBook, truth: Truth) -> None:
    units = {name: need.concept.unit for name, need in book.rubric.facts.items()}
    known = concepts()
    for name, unit in units.items():
        value = book.entries.get(name)
        if isinstance(value, Decimal):
            truth.add(name, value * 100 if unit == "%" else value, unit, _cell(book, name), chosen=True)
    for item in located_now(book):
        fact = item.fact
        if not isinstance(fact.value, Decimal):
            continue
        unit = units.get(fact.name) or (known[fact.name].unit if fact.name in known else fact.unit)
        truth.add(fact.name, fact.value * 100 if unit == "%" else fact.value, unit, fact.source)


def _cell(book: ScoringBook, key: str) -> Source:
    place = book.plan.places.get(key)
    return (
        book.source(place.sheet, place.ref, key) if place is not None else Source(book.path.name, label=key)
    )


def _quantities(book: ScoringBook, card: Scorecard, truth: Truth) -> None:
    for name, quantity in book.rubric.quantities.items():
        value = card.values.get(name)
        if isinstance(value, Decimal):
            shown = value * 100 if quantity.unit == "%" else value
            truth.add(name, shown, quantity.unit, _cell(book, name), chosen=True)
        else:
            truth.undefined[name] = str(value or "没有数值")
    for finding in card.findings:
        if FindingKind.UNDEFINED in finding.kinds:
            words = dict(finding.args)
            truth.undefined[words["name"]] = f"分母为0，无法计算：{words['figures']}"


def _scores(book: ScoringBook, card: Scorecard, truth: Truth) -> None:
    levels = {
        indicator.id: (first.title, second.title)
        for first in book.rubric.firsts
        for second in first.seconds
        for indicator in second.indicators
    }
    official = official_figures(book.rubric.id)
    for indicator in book.rubric.indicators():
        row = card[indicator.key]
        above, group = levels.get(indicator.id, ("", ""))
        truth.judged.append(
            Judged(
                row.id, indicator.key, group, above, row.weight, row.full, row.points,
                f"{row.explanation}；{row.reason}", _cell(book, f"{indicator.key}.得分"),
                _quoted(indicator, official), indicator.number.startswith("+"), row.rule_points,
            )
        )  # fmt: skip
    for i, first in enumerate(book.rubric.firsts, 1):
        _group(book, card, truth, f"一级[{i}]", first.title, first.weight)
        for j, second in enumerate(first.seconds, 1):
            _group(book, card, truth, f"二级[{i}.{j}]", second.title, second.weight)
    scores_of(truth)
    truth.total = Known("合计得分", card.total, "分", _cell(book, "评分表.合计"), chosen=True)


def _group(book: ScoringBook, card: Scorecard, truth: Truth, key: str, title: str, weight: Decimal) -> None:
    """Weight and points of a group of indicators."""
    source = _cell(book, f"{key}.得分")
    truth.weights[plain(title)] = Known("权重", weight, "分", source, title)
    points, full = card.values.get(f"{key}.得分"), card.values.get(f"{key}.满分")
    if isinstance(points, Decimal) and isinstance(full, Decimal):
        truth.scores[plain(title)] = Scores(weight, full, points, None, source)


def _quoted(indicator: Indicator, official: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Figures that a quotation of the criteria may have: of the official text, and of the workbook's own wording."""
    texts = [plain(text) for text in (indicator.description, indicator.criteria)]
    made = [
        official.get(indicator.id, ()),
        tuple(figure.written for text in texts for figure in in_text(text)),
    ]
    return tuple(figures for figures in made if figures)
