"""绩效指标分析: every 一级指标 a chapter, every 二级指标 below it, every indicator what the figures and people say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.model import Compare, Const, If, Round, Say, plain
from jixiao.report.material import Material
from jixiao.report.outline import topics
from jixiao.report.parts import Chapter, Made, Paragraph
from jixiao.report.phrasing import TEXT, bare, written
from jixiao.report.template import said_all
from jixiao.report.traced import Typed, Worded, figure, marked, traced
from jixiao.rubric import First, Indicator, Second
from jixiao.scoring import Keys, Scored, keys

NOTHING = ("无", "没有", "暂无")


def analysis(material: Material) -> Made:
    """The chapters of all 一级指标, then the bonus items."""
    used: set[int] = set()
    below = [_first(material, number, first, used) for number, first in enumerate(material.rubric.firsts, 1)]
    extras = [item for item in material.card.indicators if item.number.startswith("+")]
    if extras:
        lines = [Paragraph(text) for item in extras if (text := _extra(material, item))]
        if lines:
            below.append(Chapter(material.rubric.extra_title or "加减分项", list(lines)))
    return Made(below=below)


def _first(material: Material, number: int, first: First, used: set[int]) -> Chapter:
    inside = [indicator for second in first.seconds for indicator in second.indicators]
    text = _score(material, keys.first(number), "本部分", inside)
    share = material.env(keys.first(number).rate)
    if text and not _open(material, inside):
        text = f"{text.rstrip('。')}，得分率{written(share, '%')}。"
    below = [
        _second(material, keys.second(number, j), second, used) for j, second in enumerate(first.seconds, 1)
    ]
    return Chapter(first.title, [Paragraph(text)] if text else [], below)


def _second(material: Material, own: Keys, second: Second, used: set[int]) -> Chapter:
    score = _score(material, own, "本项", second.indicators)
    head = _topic(material, [second.title], used) + (score if len(second.indicators) > 1 else "")
    below = [_indicator(material, indicator, used) for indicator in second.indicators]
    return Chapter(second.title, [Paragraph(head)] if head else [], below)


def _score(material: Material, own: Keys, what: str, inside: Sequence[Indicator]) -> str:
    """Full points and points of a group; what is open is said and not counted as 0."""
    got, full = material.env(own.points), material.env(own.full)
    if got is None or full is None:
        return ""
    waiting = _open(material, inside)
    if waiting:
        return f"{what}满分{written(full, '分')}，{waiting}项指标待核定。"
    return f"{what}满分{written(full, '分')}，得{written(got, '分')}。"


def _open(material: Material, inside: Sequence[Indicator]) -> int:
    return sum(material.card[indicator.key].status == "pending" for indicator in inside)


def _indicator(material: Material, indicator: Indicator, used: set[int]) -> Chapter:
    row = material.card[indicator.key]
    full = written(row.full, "分")
    if row.status == "not_applicable":
        title = f"{row.title}（满分{written(row.weight, '分')}，不适用）"
    elif row.points is None:
        title = f"{row.title}（满分{full}，待核定）"
    else:
        title = f"{row.title}（满分{full}，得{written(row.points, '分')}）"
    said = _topics(material, [*(indicator.rule.reads or [indicator.key])], used)
    return Chapter(title, [Paragraph(said + _verdict(material, row, bool(said)))])


def _topic(material: Material, names: Sequence[str], used: set[int]) -> str:
    """What the first fitting topic says that was not said before."""
    for number, topic in enumerate(topics()):
        if number not in used and any(name in topic.about for name in names):
            text = said_all(topic.sentences, material.env, material.unit_of)
            if text:
                used.add(number)
                return text
    return ""


def _topics(material: Material, names: Sequence[str], used: set[int]) -> str:
    """What each figure of a rule says: an indicator of two rates has two topics."""
    return "".join(_topic(material, [name], used) for name in names)


def _verdict(material: Material, row: Scored, told: bool) -> str:
    """How the points came about: the reason of a person, or the rule's own explanation."""
    if row.status == "not_applicable":
        return _gone(material, row)
    if row.points is None:
        return "本项待核定。"
    points = _points(row, material.settled(row), told)
    moved = material.moved.get(row.title, [])
    if not moved or row.full == row.weight:
        return points
    why = "、".join(_why(reason) for reason in moved)
    change = f"满分由{written(row.weight, '分')}调整为{written(row.full, '分')}"
    return f"因{why}，相应分值调整至本项，{change}。{points}"


def _gone(material: Material, row: Scored) -> str:
    """Why an indicator does not apply, and where its points went."""
    parts = {row.title, *(part.key for part in material.indicator(row.title).rule.leaves())}
    moves = [move for move in material.rubric.moves if move.source in parts]
    if not moves:
        return f"本项不适用：{bare(row.reason)}。" if row.reason else "本项不适用。"
    why = "，".join(dict.fromkeys(_why(move.reason) for move in moves))
    owners = {part.key: item.key for item in material.rubric.indicators() for part in item.rule.leaves()}
    targets = dict.fromkeys(owners.get(target, target) for move in moves for target in move.targets)
    return f"本项不适用：{why}，分值调整至{'、'.join(f'“{target}”' for target in targets)}。"


def _why(reason: str) -> str:
    """The reason of a move without where the points go, which is said once."""
    return bare(re.sub(r"[，,；;]\s*(\d+分|分值).*$", "", reason))


def _points(row: Scored, explanation: str, told: bool) -> str:
    assert row.points is not None
    lost = row.full - row.points
    if row.awarded:
        reason = bare(row.reason)
        typed = marked(reason, Typed(Keys(row.title).reason))
        if row.rule_points is not None and row.rule_points != row.points:
            rule = f"按评分标准计算应得{written(row.rule_points, '分')}，核定{written(row.points, '分')}"
            return f"{rule}，理由为：{typed}。"
        mark = f"，扣{written(lost, '分')}" if lost > 0 and "扣" not in reason else ""
        return f"经核查，{typed}{mark}。"
    if told:
        text = "得满分。" if lost <= 0 else f"按评分标准扣{plain(lost)}分。"
        taken = Round(traced(lost), 2)
        way = If(Compare("<=", taken, Const(0)), Const("得满分。"), Say("按评分标准扣", taken, "分。"))
        return figure(text, Worded(text, way), TEXT)
    return f"{bare(explanation)}。"


def _extra(material: Material, row: Scored) -> str:
    if not row.points:
        reason = bare(row.reason)
        if reason and reason not in NOTHING:
            return f"{reason}。"
        # while the scoring is open, points that nobody gave and no figure decided are not "none"
        reads = material.indicator(row.title).rule.reads
        done = all(item.status != "pending" for item in material.card.indicators)
        known = done or row.awarded or any(isinstance(material.env(name), Decimal) for name in reads)
        return "无。" if known else ""
    verb = "加" if row.points > 0 else "减"
    reason = (
        bare(row.reason)
        if row.awarded
        else _topic(material, material.indicator(row.title).rule.reads, set()).rstrip("。")
    )
    return f"{row.title}：{reason or bare(row.explanation)}，{verb}{written(abs(row.points), '分')}。"
