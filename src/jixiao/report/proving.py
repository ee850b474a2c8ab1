"""The self-proving page: a report as one offline file; every figure leads to its sources and is reckoned there again.

The page holds the part of the net that its figures follow from, as a script (``Expr.script``), and the sentences of
templates as data. Its own part is ``proving.html``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from jixiao.master import ScoringBook
from jixiao.model import Const, Expr, Ref, Source, Value, plain, script_functions
from jixiao.report.material import Material
from jixiao.report.outline import Change, Figure, figures, told
from jixiao.report.parts import Bars, Block, Cell, Grid, Heading, Paragraph, Report
from jixiao.report.phrasing import written
from jixiao.report.template import Clause, Env, Hole, Live, Text, Unit, there
from jixiao.report.traced import END, FIRST, Cited, Mark, Telling, Typed, Within, Won, traced
from jixiao.rubric import Indicator
from jixiao.scoring import Keys, keys, printed

PAGE = Path(__file__).with_name("proving.html")
LEVELS = {1: "h2", 2: "h3", 3: "h4"}
Picture = Callable[[Source], bytes | None]
Data = dict[str, Any]


def write(
    report: Report, marks: Sequence[object], material: Material, book: ScoringBook, picture: Picture
) -> bytes:
    """The page of a report whose figures stand between ``marks``; ``picture`` gives that of a place on paper (PNG)."""
    cells = _Cells(material, book, picture)
    made = _Page(cells, marks)
    body = made.report(report)
    total = [["总分", cells.of(traced(material.card.total)), None]]
    moving = [
        [row.title, cells.of(traced(row.points)), cells.of(traced(row.full))]
        for row in material.card.indicators
        if row.points is not None
    ]
    data = {
        "cells": cells.about, "sentences": made.sentences, "cited": made.cited, "clauses": cells.clauses,
        "won": made.won, "points": total + moving, "unit": material.unit, "grade": cells.of(Ref(keys.ALL.grade)),
    }  # fmt: skip
    items = ",\n".join(f"()=>{text}" if text else "null" for text in cells.scripts)
    return (
        PAGE.read_text("utf-8")
        .replace("@TITLE@", escape(made.bare(report.title.replace("\n", ""))))
        .replace("@FUNCTIONS@", script_functions())
        .replace("@ITEMS@", items)
        .replace(
            "@DATA@", json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        )
        .replace("@BODY@", body)
        .encode("utf-8")
    )


class _Cells:
    """The cells of the net, and what is reckoned from them, that a page needs: each once, by number."""

    def __init__(self, material: Material, book: ScoringBook, picture: Picture) -> None:
        self.material, self.book, self.net, self.picture = material, book, material.net, picture
        self.numbers: dict[str, int] = {}
        self.scripts: list[str | None] = []
        self.about: list[Data] = []
        self.sealed = book.sealed()
        self.located = {item.fact.name: item for item in book.located() if item.fact.value != ""}
        self.changes = {key: change for change in material.card.changes for key in change.given}
        self.places = {self._spot(seal.source): key for key, seal in self.sealed.items()}
        self.places |= {self._spot(item.fact.source): name for name, item in self.located.items()}
        self.clauses = [self._clause(indicator) for indicator in material.rubric.indicators()]
        self.read = [self._read(indicator) for indicator in material.rubric.indicators()]

    def of(self, expr: Expr) -> int:
        """The number of what an expression gives."""
        if isinstance(expr, Ref) and type(expr) is Ref:
            return self.named(expr.key)
        return self._put(expr.script(self.cell), lambda: self._reckoned(expr))

    def cell(self, name: str) -> str:
        """How a script reads a cell."""
        return f"v({self.named(name)})"

    def named(self, name: str) -> int:
        """The number of a cell of the net, of a located figure or of a figure of the report."""
        if name in self.numbers:
            return self.numbers[name]
        number = self._new(name)
        net, report = self.net, figures().get(name)
        if name in net.columns:
            self.scripts[number] = f"[{','.join(map(self.cell, net.columns[name]))}]"
        elif name in net.items:
            self._made(number, name, net.items[name])
        elif isinstance(report, Figure) and name not in self.material.values:
            refs = list(dict.fromkeys(report.expr.refs()))
            self._made(number, name, report.expr)
            known = " && ".join(f"there({self.cell(ref)})" for ref in refs) or "true"
            self.scripts[number] = f"({known}?{self.scripts[number]}:null)"
        else:
            self._given(number, name)
        return number

    def _new(self, name: str) -> int:
        self.numbers[name] = len(self.scripts)
        self.scripts.append(None)
        self.about.append({"name": name.replace(".", " ")})
        return self.numbers[name]

    def _put(self, script: str, describe: Callable[[], Data]) -> int:
        if script in self.numbers:
            return self.numbers[script]
        number = self._new(script)
        self.scripts[number] = script
        self.about[number] = describe()
        return number

    def _made(self, number: int, name: str, expr: Expr) -> None:
        about = self.about[number]
        self.scripts[number] = expr.script(self.cell)
        about |= self._reckoned(expr) | {"name": name.replace(".", " "), "unit": self.material.unit_of(name)}
        about |= self._in_book(name)
        about["clauses"] = self.clauses_of(name) or about["clauses"]

    def _reckoned(self, expr: Expr) -> Data:
        """What a reader may know of what is reckoned: how, in words, and from what."""
        reads = list(dict.fromkeys(expr.refs()))
        return {
            "name": "", "how": expr.sentence(lambda key: key.replace(".", " ")),
            "reads": [self.named(key) for key in reads], "clauses": self.clauses_of(*reads),
        }  # fmt: skip

    def _given(self, number: int, name: str) -> None:
        """A cell that documents or people fill: its value, where it comes from, and what was changed by hand."""
        value = self.book.entries.get(name, self.material.values.get(name))
        entry, seal, item = self.net.entries.get(name), self.sealed.get(name), self.located.get(name)
        about = self.about[number]
        about["value"] = [format(value, "f")] if isinstance(value, Decimal) else value
        about["unit"] = entry.unit if entry is not None and entry.unit else self.material.unit_of(name)
        about["kind"] = entry.kind if entry is not None else "number"
        if entry is not None and entry.choices:
            about["choices"] = list(entry.choices)
        source = seal.source if seal is not None else item.fact.source if item is not None else None
        raw = seal.raw if seal is not None else item.fact.raw if item is not None else ""
        if source is not None:
            about["source"] = self.source(source) | {"raw": raw}
        link = self.book.links.get(name) or (item.link if item is not None else None)
        about |= {"link": f"{link.sheet}!{link.ref}"} if link is not None else {}
        about |= self._in_book(name)
        about["clauses"] = self.clauses_of(name)
        if name in told():
            about |= {"kind": "count", "clauses": []}
        if change := self.changes.get(name):
            old = plain(change.old) if isinstance(change.old, Decimal) else change.old or "（空白）"
            about["changed"] = [change.how.value, str(old), change.reason, change.place]

    def source(self, source: Source) -> Data:
        """A place as plain data, with its picture where it is on paper."""
        made: Data = {"file": source.file, "sheet": source.sheet, "cell": source.cell, "label": source.label}
        made |= {"document": source.document} if source.document and not source.file else {}
        if source.box:
            made["page"] = source.box[0]
            if (png := self.picture(source)) is not None:
                made["picture"] = base64.b64encode(png).decode("ascii")
        return made

    def at(self, sources: Iterable[Source]) -> list[int]:
        """The cells that these places filled."""
        found = (self.places.get(self._spot(source)) for source in sources)
        return [self.named(key) for key in dict.fromkeys(found) if key is not None]

    @staticmethod
    def _spot(source: Source) -> tuple[str, str, str]:
        return source.file, source.sheet, source.cell

    def _in_book(self, name: str) -> Data:
        place = self.book.plan.places.get(name)
        return {"place": f"{place.sheet}!{place.ref}"} if place is not None else {}

    def _clause(self, indicator: Indicator) -> Data:
        return {
            "title": indicator.key, "number": indicator.number.lstrip("+"), "criteria": indicator.criteria,
            "description": indicator.description, "reference": indicator.reference.line(),
        }  # fmt: skip

    def _read(self, indicator: Indicator) -> set[str]:
        """Every key that the points of an indicator follow from."""
        found, open_ = set[str](), [Keys(indicator.key).points, Keys(indicator.key).full]
        while open_:
            key = open_.pop()
            if key not in found:
                found.add(key)
                more = self.net.items[key].refs() if key in self.net.items else self.net.columns.get(key, ())
                open_ += more
        return found

    def clauses_of(self, *names: str) -> list[int]:
        """The indicators whose points follow from any of these."""
        return [number for number, read in enumerate(self.read) if any(name in read for name in names)]


class _Page:
    """The body of a page, and the sentences that it says anew."""

    def __init__(self, cells: _Cells, marks: Sequence[object]) -> None:
        self.cells, self.marks = cells, marks
        self.sentences: list[list[Any]] = []
        self.cited: list[Data] = []
        self.won: list[Data] = []

    def report(self, report: Report) -> str:
        """Cover, what a draft lacks, text and annexes."""
        cover = "".join(
            f'<p class="cover">{escape(label)}{self.html(text)}</p>' for label, text in report.cover
        )
        draft = '<p class="missing">（草稿）</p>' if report.draft else ""
        lacks = "".join(f'<p class="missing">{self.html(text)}</p>' for text in report.pending)
        body = "".join(self.block(block) for block in report.blocks)
        annexes = "".join(
            f'<section class="annex"><p>{escape(annex.label)}</p><h2>{self.html(annex.title)}</h2>'
            f"<p>{self.html(annex.line)}</p>{''.join(map(self.block, annex.blocks))}</section>"
            for annex in report.annexes
        )
        return f"<h1>{self.html(report.title)}</h1>{draft}{cover}{lacks}{body}{annexes}"

    def block(self, block: Block) -> str:
        """One block of the text."""
        if isinstance(block, Heading):
            tag = LEVELS.get(block.level, "h5")
            return f"<{tag}>{self.html(block.text)}</{tag}>"
        if isinstance(block, Paragraph):
            lead = f"<b>{self.html(block.lead)}</b>" if block.lead else ""
            return f'<p class="{block.look}">{lead}{self.html(block.text)}</p>'
        return self.chart(block) if isinstance(block, Bars) else self.grid(block)

    def grid(self, grid: Grid) -> str:
        """A table."""
        rows = "".join(
            "<tr>" + "".join(self.cell(cell, heads=head or cell.bold) for cell in row) + "</tr>"
            for head, row in [*((True, row) for row in grid.head), *((False, row) for row in grid.body)]
        )
        caption = "　".join(text for text in (grid.caption, grid.note) if text)
        return f"<div class=wide><table><caption>{self.html(caption)}</caption>{rows}</table></div>"

    def cell(self, cell: Cell, *, heads: bool) -> str:
        """A cell of a table; an empty one heads nothing, and whoever listens to the page is not told that it does."""
        tag = "th" if heads and cell.text else "td"
        spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        return f'<{tag}{spans} class="{cell.align}">{self.html(cell.text)}</{tag}>'

    def chart(self, bars: Bars) -> str:
        """A bar chart of rates."""
        rows = "".join(
            f'<div class="bar"><span>{escape(title)}</span><i data-bar="{self.cells.of(traced(rate))}"></i>'
            f"{self.html(self.figure(rate))}</div>"
            for title, rate in zip(bars.titles, bars.rates, strict=True)
        )
        return f"<figure><figcaption>{self.html(bars.caption)}</figcaption>{rows}</figure>"

    def figure(self, rate: Decimal) -> str:
        """A rate of a chart, which stands outside the text."""
        self.marks = [*self.marks, Mark(traced(rate), "%")]
        return f"{chr(FIRST + len(self.marks) - 1)}{written(rate, '%')}{END}"

    def bare(self, text: str) -> str:
        """The text without its marks."""
        return "".join(ch for ch in text if ch != END and not FIRST <= ord(ch) < FIRST + 0xFFFE)

    def html(self, text: str) -> str:
        """A text with its marks as elements."""
        made, ends = [], list[str]()
        for ch in text:
            number = ord(ch) - FIRST
            if ch == END:
                made.append(ends.pop() if ends else "")
            elif 0 <= number < 0xFFFE:
                opening = self.opening(self.marks[number]) if number < len(self.marks) else ""
                made.append(opening)
                ends.append("</span>" if opening else "")
            else:
                made.append("<br>" if ch == "\n" else escape(ch))
        return "".join(made)

    def opening(self, what: object) -> str:
        """The tag before a marked text."""
        button = '<span role="button" tabindex="0"'
        if isinstance(what, Mark):
            return f'{button} class="f" data-i="{self.cells.of(what.expr)}" data-u="{escape(what.form)}">'
        if isinstance(what, Live):
            said = [self.clause(clause, what.env, what.unit) for clause in what.sentence.clauses]
            self.sentences.append(said)
            return f'<span class="s" data-s="{len(self.sentences) - 1}">'
        if isinstance(what, Cited):
            places = [self.cells.source(source) for source in what.sources]
            self.cited.append({"sources": places, "reads": self.cells.at(what.sources), "how": what.how})
            return f'{button} class="c" data-c="{len(self.cited) - 1}">'
        if isinstance(what, Won):
            self.won.append(self.change(what))
            return f'{button} class="g" data-g="{len(self.won) - 1}">'
        if isinstance(what, Typed):
            return f'{button} class="t" data-i="{self.cells.named(what.key)}">'
        return ""

    def change(self, what: Won) -> Data:
        """A change that wins points: the cells that it fills, none where it changes what a whole table gives."""
        step, own, net = what.step, Keys(what.indicator), self.cells.net
        alone = all(key in net.entries for key in step.given)
        given = [
            [self.cells.named(key), [format(value, "f")] if isinstance(value, Decimal) else value]
            for key, value in (step.given.items() if alone else ())
        ]
        says = f"{step.name}由{printed(step.old, step.unit)}改为{printed(step.new, step.unit)}"
        says += f"（相差{step.difference}）" if step.difference else ""
        says += f"，其他不变，{what.indicator}得回{plain(step.points)}分，总分增加{plain(step.total)}分"
        return {
            "says": says,
            "given": given,
            "points": self.cells.named(own.points),
            "clauses": self.cells.clauses_of(own.points),
        }

    # ------------------------------------------------------------------ sentences as data

    def clause(self, clause: Clause, env: Env, unit: Unit) -> list[Any]:
        """Condition (-1: none), pieces, clauses otherwise."""
        when = self.cells.of(Within(clause.when, env)) if clause.when is not None else -1
        return [
            when,
            self.pieces(clause.text, env, unit),
            [self.clause(c, env, unit) for c in clause.otherwise],
        ]

    def pieces(self, text: Text, env: Env, unit: Unit) -> list[Any]:
        """Texts, figures ``{r: what must be there, i, u}``, and clauses ``{c}``; 0 is one that cannot be said."""
        made: list[Any] = []
        for piece in text.pieces:
            made += [piece] if isinstance(piece, str) else self.hole(piece, env, unit)
        return made

    def hole(self, piece: Hole, env: Env, unit: Unit) -> Iterator[Any]:
        """One figure of a text."""
        name = piece.expr.key if isinstance(piece.expr, Ref) else ""
        change = figures().get(name)
        if isinstance(change, Change) and name not in self.cells.material.values:
            yield {"c": self.clause(change.clause, env, unit)}
            return
        values = {ref: env(ref) for ref in piece.expr.refs()}
        if not all(there(value) or not isinstance(traced(value), Const) for value in values.values()):
            yield 0
            return
        if name and isinstance(traced(values[name]), Const):
            yield from self.told(values[name], piece.unit or unit(name))
            return
        reads = [
            self.cells.of(expr) for value in values.values() if not isinstance(expr := traced(value), Const)
        ]
        number = self.cells.of(traced(values[name]) if name else Within(piece.expr, env))
        yield {"r": reads, "i": number, "u": piece.unit or (unit(name) if name else "")}

    def told(self, value: Value, unit: str) -> Iterator[Any]:
        """A word that does not follow from the net, or words with figures in them."""
        text = written(value, unit)
        if not isinstance(value, Telling):
            yield text
            return
        inside = ""
        what: Mark | None = None
        for ch in text:
            number = ord(ch) - FIRST
            if ch == END and what is not None:
                yield {"r": [], "i": self.cells.of(what.expr), "u": what.form}
                inside, what = "", None
            elif 0 <= number < len(self.marks) and isinstance(mark := self.marks[number], Mark):
                yield inside
                inside, what = "", mark
            else:
                inside += ch
        yield inside
