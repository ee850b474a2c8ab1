"""OfficialTable -> rubric definition as YAML: items, bonus items, points that move, and what is to be asked."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.authoring.criteria import phrases, provisos
from jixiao.authoring.criteria.clauses import Cap, Change, Heading, Item, Node, Range, Step, Stop, Words
from jixiao.authoring.criteria.clauses import Rule as Ruling
from jixiao.authoring.criteria.wholetext import read_text
from jixiao.authoring.official.footnotes import under
from jixiao.authoring.official.names import AMOUNT, Vocabulary, alike, digest_of, names_in, plain_facts
from jixiao.authoring.official.rules import Rule, Subject, read_rule
from jixiao.authoring.official.table import OfficialRow, OfficialTable
from jixiao.authoring.official.tablefiles import read_table
from jixiao.authoring.official.textparts import Move, cut
from jixiao.authoring.yamltext import to_yaml
from jixiao.model import PENDING, FindingKind, Findings, Refused, Source, plain
from jixiao.rubric import GRADES

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
            isinstance(node, Heading | Words) and _leads(node.text)
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


def _leads(text: str) -> bool:
    """Whether words only name a side (减分项) or what is counted."""
    return _SIDE.fullmatch(text) is not None or not phrases.risky(text)


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
class Placed:
    """The rules of one indicator, in the order of its points, and what it says about points that go elsewhere."""

    place: Source
    rules: list[Rule]
    moves: list[Move]

    def keys(self, title: str) -> list[str]:
        """Keys of its parts as the rubric names them."""
        parts = self.parts()
        if len(self.rules) > 1 or self.rules[0].spec["kind"] == "sum":
            return [f"{title}_{n}" for n in range(1, len(parts) + 1)]
        spec = self.rules[0].spec
        return [f"{title}_1" if spec["kind"] in ("point", "level") or spec.get("applies") else title]

    def of_item(self, number: int) -> list[int]:
        """Places (from 0) of the parts that the item of this number became."""
        sizes = [len(r.spec["parts"]) if r.spec["kind"] == "sum" else 1 for r in self.rules]
        start = sum(sizes[: number - 1])
        return list(range(start, start + sizes[min(number, len(sizes)) - 1]))

    def parts(self) -> list[dict[str, Any]]:
        """Its parts; a sum inside is taken apart."""
        made: list[dict[str, Any]] = []
        for own in self.rules:
            made += own.spec["parts"] if own.spec["kind"] == "sum" else [own.spec]
        return made


Lost = Callable[[str, str, str], None]
"""Takes a sentence about moved points that fits nothing: the indicator's title, the words, the target."""


def moves_of(placed: Mapping[str, Placed], lost: Lost) -> list[dict[str, Any]]:
    """The ``moves`` of a rubric; parts that may not apply get ``applies``. A sentence that fits nothing is ``lost``."""
    told: list[tuple[str, int, Move]] = []
    for title, own in placed.items():
        for move in own.moves:
            target = placed.get(move.target)
            if target is None:
                lost(title, move.words, move.target)
                continue
            sources = _sources(title, own, move)
            if not sources or any(place > len(target.parts()) for place in move.places):
                lost(title, move.words, move.target)
                continue
            told += [(title, number, move) for number in sources]
    for title, number, _ in told:
        placed[title].parts()[number]["applies"] = True
    made: list[dict[str, Any]] = []
    for title, number, move in told:
        body = _move(placed, title, number, move)
        if body is None or body["from"] in [other["from"] for other in made]:
            lost(title, move.words, move.target)
        else:
            made.append(body)
    return _without_circles(made, lost)


def _sources(title: str, own: Placed, move: Move) -> list[int]:
    """Which points the sentence speaks of: those of the item it stands in, or all of the indicator."""
    everything = range(len(own.parts()))
    if move.target == title:
        return [n for n in everything if n + 1 not in move.places]
    if (
        move.item
        and "相应" not in move.words
        and not any(word in move.words for word in ("本指标", "该指标"))
    ):
        return own.of_item(move.item)
    return list(everything)


def _move(placed: Mapping[str, Placed], title: str, number: int, move: Move) -> dict[str, Any] | None:
    target = placed[move.target]
    keys = target.keys(move.target)
    wanted = [n for n in move.places if 0 < n <= len(keys)]
    to = [keys[n - 1] for n in wanted] if move.places else keys if len(keys) == 1 else []
    if not to or len(wanted) != len(move.places):
        return None
    part = placed[title].parts()[number]
    share = Decimal(part["full"]) / len(to)
    if share * len(to) != part["full"]:
        return None
    return {"from": placed[title].keys(title)[number], "to": to, "reason": move.words[:120]}


def _without_circles(made: list[dict[str, Any]], lost: Lost) -> list[dict[str, Any]]:
    """A point that may not apply itself cannot receive points."""
    sources = {body["from"] for body in made}
    kept = []
    for body in made:
        if sources & set(body["to"]):
            lost(body["from"].rsplit("_", 1)[0], body["reason"], "、".join(body["to"]))
        else:
            kept.append(body)
    return kept


COMMON_GRADES = {
        "title": "项目支出绩效评价管理办法", "number": "财预〔2020〕10号", "article": "等级划分；评分表没有规定等级时参照", "checked": False,
}  # fmt: skip
HUNDRED = Decimal(100)


def common_grades(share: Decimal) -> dict[str, str]:
    """优, 良, 中, 差 from 90, 80 and 60 of a hundred points on, in proportion where a table has more or fewer."""
    good, fair, low = (plain(points * share) for points in (90, 80, 60))
    ranges = (f"[{good},)", f"[{fair},{good})", f"[{low},{fair})", f"(,{low})")
    return dict(zip(ranges, GRADES, strict=True))


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
) -> tuple[str, Findings]:
    """The definition (YAML text) of the official table in a file, and the findings.

    Without a ``year`` it is that of the table's title, else of the file's name, else this year's, with a finding.

    ``ident`` is the rubric's id, ``reference`` its document (title, number); ``title`` picks a table where the file
    holds several. ``Refused`` where the table cannot become a rubric: its weights do not add up, titles stand twice.
    """
    table = read_table(path, title)
    written = year_of(table.title, path)
    chosen = year or written or datetime.datetime.now().astimezone().year
    known = bool(year or written)
    made = imported(table, ident or f"table-{chosen}", jurisdiction, chosen, reference, dated=known)
    if not known:
        made.findings.add("J372", Source(path.name), year=chosen)
    return made.text, made.findings


UNPLACED = "（未填写）"
SAME = "决算、预算的表里可能已有这个数；是同一个数的，导入表格时自动取得"
UNSURE_UNIT = "原文没有写这个数的单位，暂按“个”"
NO_ZERO = "原文没有写分母为0时如何计分"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def year_of(title: str, path: Path) -> int | None:
    """The year that a table's title or the name of its file says."""
    return next((int(m[1]) for text in (title, path.stem) if (m := _YEAR.search(text))), None)


def named(jurisdiction: str, year: int, title: str) -> str:
    """Place, year and title, none of them twice; a place that was not given is left out."""
    before = [jurisdiction] if jurisdiction != UNPLACED and jurisdiction not in title else []
    before += [str(year)] if str(year) not in title else []
    return " ".join([*before, title])


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
    builder = _Builder(table, Vocabulary())
    data = builder.build(ident, jurisdiction, year, reference)
    if not dated:
        builder.ask("year", table.title, why=f"表上和文件名中都没有年度，暂按{year}年")
    if builder.questions:
        data["questions"] = builder.questions
    text = _head(table, ident) + to_yaml(data)
    _proved(text, table)
    return Imported(text, builder.findings, data, builder.ruled, builder.human)


def _head(table: OfficialTable, ident: str) -> str:
    return f"# {table.title}：由官方评分表“{table.file}”导入（{ident}）。criteria 为原文；note 写明需要人工核定的原因。\n".replace(
        "\n ", " "
    )


def _proved(text: str, table: OfficialTable) -> None:
    """The definition loads: what does not is our own fault, said with the line instead of handed on."""
    from jixiao.model import DefinitionError
    from jixiao.rubric import read_text

    try:
        read_text(text, table.file)
    except DefinitionError as error:
        raise Refused("J358", Source(table.file), why=error.problem) from error


class _Builder:
    def __init__(self, table: OfficialTable, vocabulary: Vocabulary) -> None:
        self.table, self.vocabulary = table, vocabulary
        self.findings = Findings(list(table.findings))
        self.ruled: list[str] = []
        self.human: list[str] = []
        self.placed: dict[str, Placed] = {}
        self.questions: list[dict[str, Any]] = []

    def ask(self, asks: str, about: str, says: str = "", *, why: str, point: int = 0, at: str = "") -> None:
        """A question left to a person (see ``rubric.Question``)."""
        body = {
            "id": Decimal(len(self.questions) + 1),
            "asks": asks,
            "about": about,
            "says": says,
            "why": why,
        }
        body |= {"point": Decimal(point), "at": at}
        self.questions.append({key: value for key, value in body.items() if value})

    def build(self, ident: str, jurisdiction: str, year: int, reference: Mapping[str, str]) -> dict[str, Any]:
        """The whole definition, its sections in the order of the shipped ones."""
        bodies = {id(row): self.indicator(row) for row in self.table.rows}
        moves = moves_of(self.placed, self._lost)
        data: dict[str, Any] = {
            "id": ident, "title": self.table.title, "name": named(jurisdiction, year, self.table.title),
            "jurisdiction": jurisdiction, "year": Decimal(year), "reference": dict(reference),
        }  # fmt: skip
        if self.table.footnote:
            data["footnote"] = self.table.footnote
        full = self.table.full
        below = under(self.table.notes, self.vocabulary, full)
        data["total"] = {"cap": full, **({"caps": below.caps} if below.caps else {})}
        if below.grades:
            data["grades"] = {"bands": below.grades, "reference": {**reference, "article": "等级划分"}}
        else:
            data["grades"] = {"bands": common_grades(full / HUNDRED), "reference": COMMON_GRADES}
            self.findings.add("J351", Source(self.table.file))
            self.ask("grades", "等级", why="评分表没有规定等级，暂按财预〔2020〕10号划分")
        for said, place in below.unread:
            self.findings.add("J373", place, text=said[:120])
            self.ask("note", "表下的说明", said, why="没有读懂，评分时没有计入")
        if full != HUNDRED:
            self.ask("total", "总分", why=f"各指标权重合计{plain(full)}，不是100")
        if jurisdiction == UNPLACED:
            self.ask("place", self.table.title, why="没有写明是哪个地区的评分表")
        self._names(data, [*bodies.values()])
        data["levels"] = self._levels(bodies)
        extras = [row for row in self.table.rows if row.bonus]
        if extras:
            data["extras"] = {
                "title": _extra_title(extras[0]),
                "indicators": [bodies[id(row)] for row in extras],
            }
        if moves:
            data["moves"] = moves
        return data

    def _lost(self, title: str, words: str, target: str) -> None:
        place = self.placed[title].place if title in self.placed else Source("")
        self.findings.add("J356", place, title=title, words=words, target=target)
        self.ask("move", title, words, why=f"不适用时分值移到哪里没有读懂（“{target}”）")

    def _names(self, data: dict[str, Any], bodies: list[dict[str, Any]]) -> None:
        vocabulary = self.vocabulary
        vocabulary.write(data)
        if vocabulary.new:
            names = "、".join(f"{name}（{body['unit']}）" for name, body in vocabulary.new.items())
            self.findings.add("J352", Source(self.table.file), count=len(vocabulary.new), names=names)
        for name, body in vocabulary.new.items():
            if body["unit"] == AMOUNT and alike(name):
                self.ask("same", name, body.get("about", ""), why=SAME)
        for name in vocabulary.guessed:
            self.ask("unit", name, vocabulary.new[name]["about"], why=UNSURE_UNIT)
        waiting = [name for name, body in vocabulary.quantities.items() if body.get("zero") == "待核定"]
        if waiting:
            self.findings.add("J353", Source(self.table.file), names="、".join(waiting))
        read = {*names_in(bodies)}
        for name in [one for one in waiting if one in read]:
            self.ask("zero", name, vocabulary.quantities[name]["value"], why=NO_ZERO)

    def _levels(self, bodies: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
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

    def indicator(self, row: OfficialRow) -> dict[str, Any]:
        """One indicator with its rule."""
        full = row.w3 if row.w3 is not None and not row.bonus else Decimal(0)
        spec, why = self.rule(row, full)
        if why:
            self.human.append(row.level3)
            self.findings.add("J354", row.place, title=row.level3, why="；".join(dict.fromkeys(why))[:300])
        else:
            self.ruled.append(row.level3)
        body: dict[str, Any] = {
            "id": ident_of(row.level3), "title": row.level3, "weight": full,
            "description": row.description or row.level3,
        }  # fmt: skip
        if row.criteria:
            body["criteria"] = row.criteria
        return {**body, "reference": {"article": row.level3}, "rule": spec}

    def rule(self, row: OfficialRow, full: Decimal) -> tuple[dict[str, Any], list[str]]:
        """The rule of an indicator and the reasons for which (part of) it is scored by a person."""
        if row.bonus:
            made, why = bonus(row.criteria, row.level3, self.vocabulary)
            if why:
                self.ask("rule", row.level3, row.criteria, why="；".join(why)[:300])
            return made, why
        if not row.criteria:
            why = ["评分表没有写评分标准"]
            self.ask("rule", row.level3, why=why[0])
            return {"kind": "point", "full": full, "title": row.level3, "graded": True, "note": why[0]}, why
        pieces = cut(row.criteria, full)
        subject = Subject(
            row.level3,
            row.description,
            self.vocabulary,
            row.criteria if len(pieces.items) == 1 else pieces.before,
        )
        rules = [
            read_rule(item.told, item.full or full, subject, graded=pieces.graded) for item in pieces.items
        ]
        self._said(row, rules, [item.text for item in pieces.items])
        self.placed[row.level3] = Placed(row.place, rules, pieces.moves)
        why = [reason for made in rules for reason in made.why]
        if len(rules) == 1:
            return rules[0].spec, why
        return self._sum(row, full, rules), why

    def _sum(self, row: OfficialRow, full: Decimal, rules: Sequence[Rule]) -> dict[str, Any]:
        """Points as parts of a sum; a sum inside is taken apart, since its points add up too."""
        parts: list[dict[str, Any]] = []
        for made in rules:
            inner = made.spec.get("parts") if made.spec["kind"] == "sum" else None
            for part in inner or [made.spec]:
                part.setdefault("title", _part_title(part, row))
                parts.append(part)
        return {"kind": "sum", "full": full, "parts": parts}

    def _said(self, row: OfficialRow, rules: Sequence[Rule], texts: Sequence[str]) -> None:
        point = 0
        for made, text in zip(rules, texts, strict=True):
            parts = made.spec["parts"] if made.spec["kind"] == "sum" else [made.spec]
            several = len(rules) > 1 or made.spec["kind"] == "sum"
            for number, part in enumerate(parts, point + 1):
                at = number if several else 0
                if made.why:
                    self.ask(
                        "rule",
                        row.level3,
                        text.strip(),
                        why="；".join(dict.fromkeys(made.why))[:300],
                        point=at,
                    )
                for stretch in unsettled(part):
                    self.ask("value", row.level3, text.strip(), why=UNTOLD, point=at, at=stretch)
            point += len(parts)
            if made.doubts:
                self.findings.add("J355", row.place, title=row.level3, why="；".join(made.doubts)[:300])


UNTOLD = "这一段的得分原文没有写明，暂由评价人核定"


def unsettled(spec: Mapping[str, Any]) -> list[str]:
    """The stretches of a rule over one figure whose points a person settles."""
    stretches = spec.get("bands") or spec.get("pieces") or {}
    return [text for text, points in stretches.items() if points == PENDING]


def _part_title(part: Mapping[str, Any], row: OfficialRow) -> str:
    said = str(part.get("x") or part.get("when") or row.level3)
    return re.sub(r"\s+", "", said.replace("<=", "≤").replace(">=", "≥").replace("==", "＝"))


def _extra_title(row: OfficialRow) -> str:
    from jixiao.authoring.official.headings import words

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


__all__ = ["Imported", "import_rubric", "imported"]
