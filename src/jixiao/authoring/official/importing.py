"""OfficialTable -> rubric definition as YAML: items, bonus items, points that move, and what is to be asked."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.authoring.criteria import phrases, provisos
from jixiao.authoring.criteria.clauses import Cap, Change, Heading, Item, Node, Range, Step, Stop, Words
from jixiao.authoring.criteria.clauses import Rule as Ruling
from jixiao.authoring.criteria.wholetext import read_text
from jixiao.authoring.official.formulas import ratios_of
from jixiao.authoring.official.headings import words
from jixiao.authoring.official.names import AMOUNT, Vocabulary, alike, digest_of, plain_facts
from jixiao.authoring.official.rules import Rule, Subject, read_rule
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.authoring.official.tablefiles import read_table
from jixiao.authoring.official.textparts import Move, cut
from jixiao.authoring.official.underway import (
    HUNDRED,
    UNPLACED,
    Data,
    Draft,
    coined,
    head,
    keys_of,
    points_of,
)
from jixiao.authoring.yamltext import to_yaml
from jixiao.model import FindingKind, Findings, Refused, Source, plain
from jixiao.text import bare

_SIDE = re.compile("(?:加|减|扣|奖|附加)分(?:项目?|指标)?|奖惩")


def bonus(text: str, title: str, vocabulary: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    """The rule beside the hundred; where the text is not understood a person enters the points, with the reason."""
    told = read_text(text)
    sides: dict[str, list[dict[str, Any]]] = {"items": [], "penalties": []}
    side, why = sides["items"], []
    for node in told.nodes:
        counted = _event(node)
        if counted is not None:
            change, words = counted
            side = sides["items" if change.sign > 0 else "penalties"]
            name = max(plain_facts([words]), key=len, default="") or provisos.counted(words)
            x = vocabulary.use(
                name or f"{title}{'加' if change.sign > 0 else '扣'}分事项数", unit="件", note="没有的填0"
            )
            if any(item["x"] == x for item in side):
                why.append(f"“{told.said(node)}”与前面计的是不是同一件事没有写明")
            side.append({"x": x, "each": change.points})
        elif isinstance(node, Cap) and node.most is not None and len(side) == 1 and "cap" not in side[0]:
            side[0]["cap"] = node.most
        elif not isinstance(node, Stop | Item) and not (
            isinstance(node, Heading | Words) and (_SIDE.fullmatch(node.text) or not phrases.risky(node.text))
        ):
            why.append(f"没有读懂：“{told.said(node)}”")
    if not why and any(sides.values()):
        return {
            "kind": "bonus",
            "full": Decimal(0),
            **{key: items for key, items in sides.items() if items},
        }, []
    why = why or ["没有读出加分和减分的标准"]
    entered: dict[str, Any] = {"kind": "bonus", "full": Decimal(0)}
    for key, what in (("items", "加分分值"), ("penalties", "减分分值")):
        name = vocabulary.use(f"{title}{what}", unit="分", note="按评分标准核定后填写，没有的填0")
        entered[key] = [{"x": name, "each": Decimal(1)}]
    return {**entered, "note": f"由评价人直接填写加分、减分的分值；{'；'.join(why)}"}, why


def _event(node: Node) -> tuple[Change, str] | None:
    """每受表彰一次加1分, 表彰一次加1分: what one event adds or takes, and its words."""
    if (
        not isinstance(node, Step | Ruling)
        or not isinstance(node.effect, Change)
        or node.effect.points is None
    ):
        return None
    words = "".join(one.text for one in node.conds)
    if isinstance(node, Step):
        once = node.way == 0 and node.origin is None and node.each.value == 1 and not node.ranges
        return (node.effect, words + node.event) if once else None
    one = node.conds[0] if len(node.conds) == 1 else None
    return (node.effect, words) if isinstance(one, Range) and one.bare and one.exact == 1 else None


@dataclass(slots=True)
class Imported:
    """A rubric definition read from an official table: ``text`` is its YAML, ``findings`` what a person looks at.

    ``ruled`` and ``human`` are the titles of indicators that figures or described situations decide, and of those that
    a person scores because their text was not understood.
    """

    text: str
    findings: Findings
    data: dict[str, Any]
    ruled: list[str] = field(default_factory=list)
    human: list[str] = field(default_factory=list)


def import_rubric(
    path: Path,
    ident: str,
    jurisdiction: str,
    year: int | None,
    reference: Mapping[str, str],
    *,
    title: str = "",
    taken: Collection[str] = (),
) -> tuple[str, Findings]:
    """The definition (YAML text) of the official table in a file, and the findings.

    Without a ``year`` it is that of the table's title, else of the file's name, else this year's, with a finding.

    ``ident`` is the rubric's id, else its place, title and year make one that is not ``taken``; ``reference`` is its
    document (title, number); ``title`` picks a table where the file holds several. ``Refused`` where the table cannot
    become a rubric: its weights do not add up, titles stand twice.
    """
    table = read_table(path, title)
    written = year_of(table.title, path)
    chosen = year or written or datetime.datetime.now().astimezone().year
    known = bool(year or written)
    ident = ident or coined(jurisdiction, chosen, table.title, taken)
    made = imported(table, ident, jurisdiction, chosen, reference, dated=known)
    if not known:
        made.findings.add("J372", Source(path.name), year=chosen)
    return made.text, made.findings


SAME = "决算、预算的表里可能已有这个数；是同一个数的，导入表格时自动取得"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def year_of(title: str, path: Path) -> int | None:
    """The year that a table's title or the name of its file says."""
    return next((int(m[1]) for text in (title, path.stem) if (m := _YEAR.search(text))), None)


def imported(
    table: OfficialTable,
    ident: str,
    jurisdiction: str,
    year: int,
    reference: Mapping[str, str],
    *,
    dated: bool = True,
) -> Imported:
    """An official table as a rubric definition; what it leaves open stands in its ``questions`` (``dated``: not the year)."""
    wrong = [f for f in table.findings if FindingKind.UNUSABLE in f.kinds]
    if wrong or not table.rows:
        raise Refused(
            "J350", Source(table.file), count=len(wrong), why="；".join(f.message for f in wrong[:5])
        )
    made = _Import(table, Draft(head(ident, table.title, jurisdiction, year, reference)))
    made.all()
    if not dated:
        made.draft.ask("year", table.title, why=f"表上和文件名中都没有年度，暂按{year}年")
    data = made.draft.whole()
    about = f"# {table.title}：由官方评分表“{table.file}”导入（{ident}）。criteria 为原文；note 写明需要人工核定的原因。"
    text = f"{' '.join(about.split())}\n{to_yaml(data)}"
    _proved(text, table)
    return Imported(text, made.findings, data, made.ruled, made.human)


def _proved(text: str, table: OfficialTable) -> None:
    """The definition loads: what does not is our own fault, said with the line instead of handed on."""
    from jixiao.model import DefinitionError
    from jixiao.rubric import read_text

    try:
        read_text(text, table.file)
    except DefinitionError as error:
        raise Refused("J358", Source(table.file), why=error.problem) from error


class _Import:
    """A table read into a draft, with what a person looks at."""

    def __init__(self, table: OfficialTable, draft: Draft) -> None:
        self.table, self.draft = table, draft
        self.findings = Findings(list(table.findings))
        self.ruled: list[str] = []
        self.human: list[str] = []
        self.rules: dict[str, Data] = {}
        self.moves: list[tuple[OfficialRow, list[int], Move]] = []
        self.told = [one for text, _ in table.notes for one in ratios_of(text)]

    def all(self) -> None:
        """The whole definition, its sections in the order of the shipped ones."""
        draft, table, file = self.draft, self.table, Source(self.table.file)
        bodies = {id(row): self.indicator(row) for row in table.rows}
        moves = self.moved()
        if table.footnote:
            draft.data["footnote"] = table.footnote
        below = draft.under(table.notes, table.full)
        if not below.grades:
            draft.grade()
            self.findings.add("J351", file)
            draft.ask("grades", "等级", why="评分表没有规定等级，暂按财预〔2020〕10号划分")
        for said, place in below.unread:
            self.findings.add("J373", place, text=said[:120])
            draft.ask("note", "表下的说明", said, why="没有读懂，评分时没有计入")
        if table.full != HUNDRED:
            draft.ask("total", "总分", why=f"各指标权重合计{plain(table.full)}，不是100")
        if draft.data["jurisdiction"] == UNPLACED:
            draft.ask("place", table.title, why="没有写明是哪个地区的评分表")
        self.names([*bodies.values()])
        draft.data["levels"] = self.levels(bodies)
        extras = [row for row in table.rows if row.bonus]
        if extras:
            items = [bodies[id(row)] for row in extras]
            draft.data["extras"] = {"title": _extra_title(extras[0]), "indicators": items}
        if moves:
            draft.data["moves"] = moves

    def names(self, bodies: list[Data]) -> None:
        """What only this table computes or asks for."""
        vocabulary, file = self.draft.vocabulary, Source(self.table.file)
        vocabulary.write(self.draft.data)
        if vocabulary.new:
            names = "、".join(f"{name}（{body['unit']}）" for name, body in vocabulary.new.items())
            self.findings.add("J352", file, count=len(vocabulary.new), names=names)
        for name, body in vocabulary.new.items():
            if body["unit"] == AMOUNT and alike(name):
                self.draft.ask("same", name, body.get("about", ""), why=SAME)
        waiting = self.draft.waiting()
        if waiting:
            self.findings.add("J353", file, names="、".join(waiting))
        self.draft.ask_names(bodies)

    def levels(self, bodies: Mapping[int, Data]) -> list[Data]:
        """一级 and 二级指标 as the cells of the table group the rows."""
        made: list[Data] = []
        seen: list[tuple[int, int]] = []
        for row in self.table.rows:
            if row.bonus:
                continue
            if not seen or seen[-1][0] != row.n1:
                made.append({"title": row.level1, "weight": Decimal(0), "levels": []})
            if not seen or seen[-1] != (row.n1, row.n2):
                made[-1]["levels"].append({"title": row.level2, "weight": Decimal(0), "indicators": []})
            seen.append((row.n1, row.n2))
            second = made[-1]["levels"][-1]
            second["indicators"].append(bodies[id(row)])
            for level in (second, made[-1]):
                level["weight"] += row.w3
        return made

    def indicator(self, row: OfficialRow) -> Data:
        """One indicator with its rule."""
        full = row.w3 if row.w3 is not None and not row.bonus else Decimal(0)
        spec, why = self.rule(row, full)
        if why:
            self.human.append(row.level3)
            self.findings.add("J354", row.place, title=row.level3, why="；".join(dict.fromkeys(why))[:300])
        else:
            self.ruled.append(row.level3)
        body: Data = {
            "id": ident_of(row.level3), "title": row.level3, "weight": full,
            "description": row.description or row.level3,
        }  # fmt: skip
        if row.criteria:
            body["criteria"] = row.criteria
        return {**body, "reference": {"article": row.level3}, "rule": spec}

    def rule(self, row: OfficialRow, full: Decimal) -> tuple[Data, list[str]]:
        """The rule of an indicator and the reasons for which (part of) it is scored by a person."""
        if row.bonus:
            made, why = bonus(row.criteria, row.level3, self.draft.vocabulary)
            if why:
                self.draft.ask("rule", row.level3, row.criteria, why="；".join(why)[:300])
            return made, why
        if not row.criteria:
            why = ["评分表没有写评分标准"]
            self.draft.ask("rule", row.level3, why=why[0])
            return {"kind": "point", "full": full, "title": row.level3, "graded": True, "note": why[0]}, why
        pieces = cut(row.criteria, full)
        shared = row.criteria if len(pieces.items) == 1 else pieces.before
        named = bare(row.level3 + row.criteria)
        below = [one for one in self.told if bare(one.name) in named]
        subject = Subject(row.level3, row.description, self.draft.vocabulary, shared, below=below)
        rules = [
            read_rule(item.told, item.full or full, subject, graded=pieces.graded) for item in pieces.items
        ]
        points = [points_of(made.spec) for made in rules]
        spec = rules[0].spec
        if (
            len(rules) > 1
        ):  # points as parts of a sum; a sum inside is taken apart, since its points add up too
            spec = {"kind": "sum", "full": full, "parts": [part for own in points for part in own]}
            for part in spec["parts"]:
                said = str(part.get("x") or part.get("when") or row.level3).replace(" ", "")
                part.setdefault("title", said.replace("<=", "≤").replace(">=", "≥").replace("==", "＝"))
        self.rules[row.level3] = spec
        number = int(spec["kind"] == "sum")
        for one, own, item in zip(rules, points, pieces.items, strict=True):
            self.left(row, one, list(enumerate(own, number)), item.text.strip())
            number += len(own)
        self.moves += [(row, _sources(row.level3, points, move), move) for move in pieces.moves]
        return spec, [reason for made in rules for reason in made.why]

    def left(self, row: OfficialRow, made: Rule, points: list[tuple[int, Data]], text: str) -> None:
        """What the text of some points leaves to a person."""
        for one in points:
            if made.why:
                why = "；".join(dict.fromkeys(made.why))[:300]
                self.draft.ask("rule", row.level3, text, why=why, point=one[0])
            self.draft.ask_stretches(row.level3, text, [one])
        if made.doubts:
            self.findings.add("J355", row.place, title=row.level3, why="；".join(made.doubts)[:300])

    def moved(self) -> list[Data]:
        """Where points go that do not apply, which their parts then may; a sentence that fits nothing is a question."""
        told: list[tuple[OfficialRow, int, Move]] = []
        for row, numbers, move in self.moves:
            target = points_of(self.rules[move.target]) if move.target in self.rules else []
            if not numbers or not target or any(place > len(target) for place in move.places):
                self.lost(row, move.words, move.target)
            else:
                told += [(row, number, move) for number in numbers]
        for row, number, _ in told:
            points_of(self.rules[row.level3])[number]["applies"] = True
        made: list[tuple[OfficialRow, Data]] = []
        for row, number, move in told:
            body = self.move(row.level3, number, move)
            if body is None or body["from"] in [other["from"] for _, other in made]:
                self.lost(row, move.words, move.target)
            else:
                made.append((row, body))
        sources = {body["from"] for _, body in made}
        for row, body in made:  # a point that may not apply itself cannot receive points
            if sources & set(body["to"]):
                self.lost(row, body["reason"], "、".join(body["to"]))
        return [body for _, body in made if not sources & set(body["to"])]

    def move(self, title: str, number: int, move: Move) -> Data | None:
        """The points of one part to those that a sentence names, in equal shares; None where they cannot go there."""
        rule, keys = self.rules[title], keys_of(move.target, self.rules[move.target])
        to = [keys[place - 1] for place in move.places if place > 0] if move.places else keys
        full = Decimal(points_of(rule)[number]["full"])
        if not to or len(to) != len(move.places or keys[:1]) or full / len(to) * len(to) != full:
            return None
        return {"from": keys_of(title, rule)[number], "to": to, "reason": move.words[:120]}

    def lost(self, row: OfficialRow, words: str, target: str) -> None:
        """A sentence about moved points that fits nothing."""
        self.findings.add("J356", row.place, title=row.level3, words=words, target=target)
        self.draft.ask("move", row.level3, words, why=f"不适用时分值移到哪里没有读懂（“{target}”）")


def _sources(title: str, points: Sequence[list[Data]], move: Move) -> list[int]:
    """Which points, from 0, a sentence speaks of: those of the item it stands in, or all of the indicator."""
    everything = range(sum(map(len, points)))
    if move.target == title:
        return [n for n in everything if n + 1 not in move.places]
    if move.item and not any(word in move.words for word in ("相应", "本指标", "该指标")):
        start = sum(map(len, points[: move.item - 1]))
        return list(range(start, start + len(points[min(move.item, len(points)) - 1])))
    return list(everything)


def _extra_title(row: OfficialRow) -> str:
    titles = [title for title in (row.level1, row.level2) if any(word in title for word in words()["extra"])]
    return titles[0] if titles else "加减分项"


def ident_of(title: str) -> str:
    """An id that stays with the title from year to year: that of a shipped indicator of this title, else of its letters."""
    return known_ids().get(title) or f"item-{digest_of(title)}"


@functools.cache
def known_ids() -> dict[str, str]:
    """Title -> id of the indicators of shipped rubrics."""
    from jixiao.rubric import load, shipped

    made: dict[str, str] = {}
    for name in shipped():
        for indicator in load(name).indicators():
            made.setdefault(indicator.key, indicator.id)
    return made
