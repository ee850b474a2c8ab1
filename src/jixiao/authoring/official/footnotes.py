"""What stands under an official table: grades of the total (90分（含）以上为优…), caps of it, the meaning of words.

Every statement is read by the grammar of the criteria; one that says neither is handed back, to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria import phrases, provisos
from jixiao.authoring.criteria.bands import Band, intervals, laid_out, written
from jixiao.authoring.criteria.clauses import Cap, Ceiling, Defined, Fact, Item, Node, Range, Side
from jixiao.authoring.criteria.grammar import grammar
from jixiao.authoring.criteria.peg import Run
from jixiao.authoring.criteria.wholetext import Text, read_text
from jixiao.authoring.official.formulas import ratios, written_out
from jixiao.authoring.official.headings import words
from jixiao.authoring.official.names import Vocabulary
from jixiao.authoring.official.rules import says_nothing
from jixiao.model import Source
from jixiao.text import LONGEST, bare, narrow

_STATEMENT = re.compile(r"[^。\n]+(?:[。\n]|$)")
_MEANS = re.compile("所称|[均系是]指(?!标)|指的是|包[括含]|含|口径|剔除|扣除|除外|调整后")
"""What a word means, or what counts to a figure: it may change what is computed."""
HUNDRED = Decimal(100)


def grades(text: str) -> dict[str, str]:
    """``{"[90,)": "优", …}`` from the best to the worst, empty where the text names none or leaves a gap or overlap."""
    if "优" not in text or len(text) > LONGEST:
        return {}
    bands = list(_bands(text))
    if not 3 <= len(bands) <= 6 or len({band.value for band in bands}) != len(bands):
        return {}
    line = laid_out(_open_ended(bands), [], counted=False, unit="分")
    gaps = any(value is None for _, _, value in line.atoms)
    if line.overlaps or line.contested or gaps:
        return {}
    return {written(interval, ""): str(value) for interval, value in reversed(intervals(line))}


def _bands(text: str) -> Iterator[Band]:
    """Each range of points with the grade beside it: behind it (为优), or before it where a grade comes first (优：)."""
    told = _whole(list(_told(text)))
    places = [n for n, one in enumerate(told) if isinstance(one, Range)]
    first = bool(told) and isinstance(told[0], str)
    for n in places:
        near = n - 1 if first else n + 1
        label, one = told[near] if 0 <= near < len(told) else "", told[n]
        if isinstance(label, str) and label and isinstance(one, Range):
            yield Band(one.low, one.low_side, one.high, one.high_side, label)


def _whole(told: list[Range | str]) -> list[Range | str]:
    """75分以上不足90分: two ends told one behind the other are one range."""
    made: list[Range | str] = []
    for one in told:
        last = made[-1] if made else ""
        if isinstance(one, Range) and isinstance(last, Range) and last.high is None and one.low is None:
            made[-1] = replace(last, high=one.high, high_side=one.high_side)
        else:
            made.append(one)
    return made


def _told(text: str) -> Iterator[Range | str]:
    """Ranges of points and names of grades in their order."""
    found = read_text(text).tokens
    run, at = Run(grammar(), found), 0
    while at < len(found):
        for rule in ("between", "interval", "span", "compare", "suffixed"):
            end, made = run.read(rule, at)
            if end > at and isinstance(made, Range) and made.unit in ("", "分"):
                yield from _labels(made.subject)
                yield made
                yield from _labels(made.tail)
                at = end
                break
        else:
            yield from _labels(found[at].text)
            at += 1


def _labels(text: str) -> Iterator[str]:
    found = phrases.GRADE.fullmatch(text)
    if found and not re.sub("综合评价|绩效|评价|结果", "", found["of"]):
        yield found["label"]


def _open_ended(bands: list[Band]) -> list[Band]:
    """90~100 and 0~60 are meant to the ends of the scale; a lower end that is shared belongs to the better grade."""
    lows = {band.low for band in bands if band.low is not None}
    for band in bands:
        if band.high == HUNDRED:
            band.high, band.high_side = None, Side.END
        if band.low == 0:
            band.low, band.low_side = None, Side.END
        if band.high in lows and band.high_side in (Side.END, Side.LAW):
            band.high_side = Side.OUT
        if band.low is not None and band.low_side in (Side.END, Side.HALF, Side.LAW):
            band.low_side = Side.IN
    return bands


@dataclass(slots=True)
class Under:
    """What the texts under a table say: bands of the grades, caps of the total, and what nobody could read."""

    grades: dict[str, str] = field(default_factory=dict)
    caps: list[dict[str, Any]] = field(default_factory=list)
    unread: list[tuple[str, Source]] = field(default_factory=list)


def under(notes: Sequence[tuple[str, Source]], vocabulary: Vocabulary, full: Decimal) -> Under:
    """The texts under a table, statement by statement: none is left without a meaning or a question."""
    made = Under()
    for said, place in _statements(notes):
        beside = any(word in said for word in words()["extra"])
        if not made.grades and not beside and (found := grades(said)):
            made.grades = found
            continue
        told = read_text(said)
        for nodes in told.statements():
            cap = next((cap for node in nodes if (cap := _cap(node, vocabulary, full))), None)
            others = [node for node in nodes if not (cap and isinstance(node, Ceiling))]
            if cap:
                made.caps.append(cap)
            if not all(_harmless(node, told, vocabulary) for node in others):
                made.unread.append((told.between(nodes[0].start, nodes[-1].end), place))
    return made


def _statements(notes: Sequence[tuple[str, Source]]) -> Iterator[tuple[str, Source]]:
    """Each statement with its place, without its number where that goes on (4.90分以上为优 behind 3.…)."""
    number = 0
    for text, place in notes:
        for said in _STATEMENT.findall(text):
            lead = f"{number + 1}."
            counts = narrow(said).startswith(lead) and bool(number or not said[2:3].isdigit())
            number += counts
            yield said[len(lead) * counts :], place


def _harmless(node: Node, told: Text, vocabulary: Vocabulary) -> bool:
    """Whether a node is a formula that the rubric computes, says where a figure comes from, or how points are rounded."""
    if isinstance(node, Defined):
        own = vocabulary.quantities.get(vocabulary.spoken.get(bare(node.name), ""), {}).get("value")
        return node.sum is None or own in [written_out(one.sum, vocabulary.known) for one in ratios(told)]
    if _MEANS.search(told.said(node)):
        return False
    if isinstance(node, Cap):
        return node.what == "rounded" and re.search("[两2]位", told.said(node)) is not None
    return isinstance(node, Item) or says_nothing(node)


def _cap(node: Node, vocabulary: Vocabulary, full: Decimal) -> dict[str, Any] | None:
    """预算执行率低于60%的，总分不超过79分: the most that the total may be, by a figure or by how often something happened."""
    if not isinstance(node, Ceiling) or len(node.ways) != 1 or len(node.ways[0]) != 1:
        return None
    (one,) = node.ways[0]
    if isinstance(one, Fact):
        name = provisos.counted(one.text)
        if not name:
            return None
        x = vocabulary.use(name, unit="个", note="见评分表的注释，没有的填0")
        return {"x": x, "bands": {"(,0]": full, "(0,)": node.points}}
    if not one.subject or one.tail or one.of or one.around:
        return None
    line = laid_out(
        [Band(one.low, one.low_side, one.high, one.high_side, node.points)], [], counted=False, unit=one.unit
    )
    line.atoms = [(a, b, full if value is None else value) for a, b, value in line.atoms]
    bands = {written(interval, one.unit): value for interval, value in intervals(line)}
    return {"x": vocabulary.use(one.subject, unit=one.unit, note="见评分表的注释"), "bands": bands}
