"""Clauses told in words -> a level, a point, a count or a share that a person decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.clauses import Reading, shared, subject
from jixiao.authoring.criteria.draft import NO, YES, Built
from jixiao.authoring.criteria.numeric import numeric, points_of
from jixiao.authoring.criteria.phrases import Change, Clause, Compared, Given, Phrase, Sign
from jixiao.model import plain
from jixiao.text import affirmed, goes_wrong

_COUNT = re.compile(r"每?(?P<verb>[^\d每]*?)(?P<number>\d+)(?P<unit>个工作日|个月|人次|[^\d])(?P<what>.*)")
_UNITS = ("%", "元", "名", "分", "")


def counting(reading: Reading, clauses: Sequence[Clause], full: Decimal) -> Built | None:
    """The rule of counted deductions of different kinds, or None where the clauses are something else."""
    steps = [c for c in clauses if c.every is not None]
    limits = [cap for cap in reading.caps if cap.most not in (None, full)]
    if len(steps) < 2 or not all(map(_counts, steps)) or limits:
        return None
    names = [_name(c) for c in steps]
    if "" in names or len(set(names)) != len(names):
        return None
    built = Built(full=full)
    said = False
    for clause in (c for c in clauses if c.every is None):
        given = clause.action if isinstance(clause.action, Given) else None
        whole = given is not None and (given.share == 1 or given.points == full)
        if clause.ranges or clause.compared or not whole or said:
            return None
        said = True
    if said:
        built.answers[YES] = full
    items = [
        {"x": name, "each": c.action.points}
        for name, c in zip(names, steps, strict=True)
        if isinstance(c.action, Change)
    ]
    built.spec = {"kind": "deductions", "full": full, "items": items}
    built.names = tuple(names)
    return built


def _counts(clause: Clause) -> bool:
    action, every = clause.action, clause.every
    plain = not clause.ranges and not clause.compared and not clause.after and not clause.otherwise
    costs = isinstance(action, Change) and action.sign < 0 and action.points is not None
    return bool(
        plain
        and costs
        and every
        and every.each.value == 1
        and every.each.unit not in _UNITS
        and every.start_at is None
    )


def _name(clause: Clause) -> str:
    """缺少材料份数 for 每缺少1份材料; empty where no thing is named."""
    found = _COUNT.fullmatch(re.sub(r"[的,、]", "", clause.text))
    if found is None:
        return ""
    core = re.sub(r"\W", "", found["verb"] + found["what"])
    made = f"{core}{found['unit'].removeprefix('个') or '个'}数"
    return made if len(core) > 1 and made.isidentifier() and not re.search(r"\d", core) else ""


_SHARE = re.compile(
    r"(?:^|(?<=[,;。\n]))(?:以上|上述|评价|考核|要点|标准|各项|指标|共?\d+项|[,、])*(?:各项?|每(?:个要点|1?项|1?点|条|个|1要点))(?:要点)?(?:占|计|分值|为|均为)*"
    r"(?P<points>\d+(?:\.\d+)?)分(?:[,;。]|$)"
)


_NUMBER = re.compile(
    r"(?:共|共有|包括|包含|分为|有)?(\d{1,2})(?:个|项|条|点)(?:评价|考核)?(?:要点|内容|指标|要求|条件)?"
)
_HOLDS = re.compile(
    r"(?:每?(?:1|个|项|条)*(?:不|未)?(?:符合|满足|达到|做到|完成|达标|具备)(?:1项|1个)?(?:要求|条件|标准)?的?(?:即|则)?(?:不?(?:得|计|给)满?分)|否则不(?:得|计)分)"
)


def take_share(text: str) -> tuple[str, Decimal | None]:
    """The text without the sentence, and the points of each of the things it speaks of."""
    found = _SHARE.search(text)
    if found is None:
        return text, None
    return f"{text[: found.start()].rstrip(',')}。{text[found.end() :]}", Decimal(found["points"])


def counted_points(text: str, share: Decimal, full: Decimal) -> int | None:
    """How many things there are, where nothing is said of them but that each that holds gets its share."""
    number = _NUMBER.search(text)
    if number is None or int(number[1]) * share != full:
        return None
    rest = _HOLDS.sub("", _NUMBER.sub("", text, count=1))
    return None if re.search(r"[\d得扣加减]", rest) else int(number[1])


def agree(built: Built, share: Decimal) -> None:
    """Ask where the rule that was read counts each thing with other points."""
    spec = built.spec or {}
    held = [spec.get("deduct")] + [
        piece.get(key)
        for piece in spec.get("pieces", {}).values()
        if isinstance(piece, dict)
        for key in ("add", "deduct")
    ]
    if share not in held or built.full % share:
        built.ask(f"每项{share}分与其他写法怎样合并没有写明")


_ANY = re.compile(r"任[意一何1]|其中1|(?:有|发现|出现|存在)?1(?:项|个|处|次|条|起)")
_OPS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<", "=": "=="}
_EXEMPT = re.compile(
    r"^(?:如|若|当年|本年度?)|^(?:没有|无|不涉及|未涉及|不存在|未安排)[^,]{2,14}(?:事项|业务|任务|项目|资金|情形)$"
)
_PARTLY = re.compile(r"部分|基本|较|一般|不完全|不够|不完整|不够|有所")


def situations(reading: Reading, clauses: Sequence[Clause], full: Decimal, name: str = "结果") -> Built:
    """The rule of described situations; what is left to discretion is asked about."""
    built = Built(full=full)
    told = [c for c in clauses if c.action is not None]
    for clause in clauses:
        if clause.action is None and (clause.ranges or clause.every):
            return built.ask(f"“{clause.text}”没有写明得多少分")
    pairs = [(c, _points(built, c, full)) for c in told]
    if not built.understood and not pairs:
        return built
    if len(pairs) == 1 or (len(pairs) == 2 and pairs[1][0].otherwise):
        return _one(built, reading, pairs, full, name)
    return _levels(built, pairs, full)


def _points(built: Built, clause: Clause, full: Decimal) -> Decimal | None:
    action = clause.action
    if isinstance(action, Given):
        points = points_of(action, full)
        if points is None:
            built.doubt(f"“{clause.text}”的得分是一个范围，由评价人在范围内核定")
        return points
    if isinstance(action, Change) and action.sign < 0:
        less = action.points if action.points is not None else full * (action.share or Decimal(0))
        return max(Decimal(0), full - less)
    if isinstance(action, Change) and action.points is not None:
        return action.points  # 获国家级表彰加3分
    if isinstance(action, Sign):
        words = f"{clause.text or ''}{action.text}"
        built.doubt(f"“{words}”没有给出算法，由评价人核定分数并写明理由")
        return None
    built.ask(f"“{clause.text}”怎样计分没有读懂")
    return None


def _one(
    built: Built, reading: Reading, pairs: list[tuple[Clause, Decimal | None]], full: Decimal, name: str
) -> Built:
    clause, points = pairs[0]
    other = pairs[1][1] if len(pairs) > 1 else None
    deducts = isinstance(clause.action, Change)
    if deducts and other is None and points is not None:
        once = _deducted(built, clause, points, full)
        return once if "floor" not in reading.signs or points == 0 else _each_time(once, full - points, name)
    if points is None:
        return _open_point(built, clause, full)
    if points == 0 and other is None:
        return _deducted(built, clause, points, full)
    if full not in (points, other):
        return built.ask(_weight(max(points, other or Decimal(0)), full))
    title = clause.text or "符合要求"
    if other == full and points < full:
        return _deducted(built, clause, points, full)
    if clause.compared and not clause.after and len(clause.words) == 1:
        return _condition(built, clause, clause.compared[0], full, other or Decimal(0))
    if other is None and len(pairs) > 1:
        built.answers[YES] = full
        built.spec = {"kind": "point", "full": full, "title": title, "graded": True}
        return built
    if other is None:
        built.notes.append("只写了得分的情形，不符合的按不得分理解")
    return _point(built, title, full, other or Decimal(0))


def _point(built: Built, title: str, full: Decimal, rest: Decimal) -> Built:
    built.answers.update({YES: full, NO: rest})
    if rest:
        built.spec = {
            "kind": "level",
            "full": full,
            "title": title,
            "options": {title: full, "其他情形": rest},
        }
    else:
        built.spec = {"kind": "point", "full": full, "title": title}
    return built


def _deducted(built: Built, clause: Clause, points: Decimal, full: Decimal) -> Built:
    """A single deduction: 存在…的，扣1分."""
    title = clause.text or "存在上述情形"
    rest = "不存在上述情形"
    built.answers.update({NO: full, YES: points})
    if goes_wrong(title[:4]):
        built.answers = {YES: full, NO: points}
    built.spec = {"kind": "level", "full": full, "title": title, "options": {rest: full, title: points}}
    return built


def _each_time(built: Built, cost: Decimal, name: str) -> Built:
    """存在不合规的扣1分，扣完为止: only what happens more than once can use the points up."""
    spec = {"x": name, "start": Decimal(0), "each": Decimal(1), "deduct": cost, "mode": "whole"}
    built.spec = {"kind": "steps", "full": built.full, **spec, "inclusive": True, "downward": False}
    built.notes.append("写明“扣完为止”，按出现的次数扣分")
    return built


def _open_point(built: Built, clause: Clause, full: Decimal) -> Built:
    title = clause.text or "按评价要点核定"
    built.spec = {"kind": "point", "full": full, "title": title, "graded": True}
    return built


def _condition(built: Built, clause: Clause, compared: Compared, full: Decimal, other: Decimal) -> Built:
    """Two named figures compared: 三公经费实际支出数≤预算数."""
    left, right = (_identifier(word) for word in (clause.words[0], compared.other))
    if not left or not right or left == right:
        built.answers.update({YES: full, NO: other})
        built.spec = {"kind": "point", "full": full, "title": clause.text}
        return built
    built.names = (left, right)
    built.answers.update({YES: full, NO: other})
    built.spec = {"kind": "condition", "full": full, "when": f"{left} {_OPS[compared.op]} {right}"}
    if other:
        built.spec["otherwise"] = other
    return built


def _identifier(word: str) -> str:
    made = re.sub(r"\W", "", word)
    return made if made.isidentifier() else ""


def _weight(points: Decimal, full: Decimal) -> str:
    if points > full:
        return f"文中得{plain(points)}分，超过本项满分{plain(full)}分，可能沿用了旧的权重"
    return f"文中只写了得{plain(points)}分的情形，得不到本项满分{plain(full)}分"


def _levels(built: Built, pairs: list[tuple[Clause, Decimal | None]], full: Decimal) -> Built:
    given = [p for _, p in pairs if p is not None]
    if not given:
        return _open_point(built, pairs[0][0], full)
    if len(pairs) > 1 and all(isinstance(c.action, Change) and c.action.sign < 0 for c, _ in pairs):
        return _faults(built, pairs, full)
    mixed = _mixed(pairs)
    if mixed:
        return built.ask(mixed)
    if max(given) != full:
        rests = [n for n, (c, _) in enumerate(pairs) if c.otherwise]
        each = len(rests) * 2 == len(pairs) and all(
            n % 2 and not pairs[n][1] for n in rests
        )  # 否则 behind each
        changes = any(isinstance(c.action, Change) for c, _ in pairs)
        if sum(given) == full and not changes and (each or not rests):
            built.notes += [f"{c.text}，不得分" for c, p in pairs if p == 0]
            return checklist(built, [(c.text, p) for c, p in pairs if p], full)
        return built.ask(_weight(max(given), full))
    return _options(built, pairs, full)


def _mixed(pairs: list[tuple[Clause, Decimal | None]]) -> str:
    """Why awards and deductions side by side cannot be read, or nothing."""
    changes = [c.action for c, _ in pairs if isinstance(c.action, Change)]
    deducting = [c for c, _ in pairs if isinstance(c.action, Change) and c.action.sign < 0]
    if changes and len(changes) < len(pairs) and any(c.sign > 0 for c in changes):
        return "加分与得分写在一起，应列为加减分项，由评价人核定"
    apart = [c for c in deducting if c.place != pairs[0][0].place and not _denies(c, pairs[0][0])]
    if apart and apart[0] is not pairs[0][0]:
        return f"“{apart[0].text}”从哪个分数中扣除没有写明"
    if deducting and len(deducting) < len(changes):
        return "加分与扣分写在一起，应列为加减分项，由评价人核定"
    others = {p for c, p in pairs[1:] if c not in deducting}
    beside = [c for c in deducting if c.place == pairs[0][0].place]
    if deducting and len(pairs) > 2 and not (len(beside) == len(deducting) == 1 and others == {Decimal(0)}):
        return f"“{deducting[0].text}”从哪个分数中扣除没有写明"
    return ""


def _denies(clause: Clause, first: Clause) -> bool:
    """Whether a clause says the contrary of the first one: 未完成 beside 完成."""
    core = _core(clause.text)
    return not core or core in _core(first.text)


def _core(text: str) -> str:
    return re.sub("[的者时]", "", affirmed(text))


def _options(built: Built, pairs: list[tuple[Clause, Decimal | None]], full: Decimal) -> Built:
    options: dict[str, Decimal] = {}
    for number, (clause, points) in enumerate(pairs, 1):
        label = clause.text or ("其他情形" if clause.otherwise else f"情形{number}")
        label = "其他情形" if clause.otherwise and not clause.words else label
        if label in options:
            return built.ask(f"情形“{label}”写了两次")
        if points is not None:
            options[label] = points
    _answer(built, pairs, options, full)
    if len(pairs) == 2 and built.answers.get(YES) == full and built.answers.get(NO) == 0:
        return _compared_or_point(built, pairs, full)
    if len(options) < 2:
        title = next(iter(options), "符合要求")
        built.spec = {"kind": "point", "full": full, "title": title, "graded": True}
        return built
    built.spec = {"kind": "level", "full": full, "title": "按情形计分", "options": options}
    return built


def _faults(built: Built, pairs: list[tuple[Clause, Decimal | None]], full: Decimal) -> Built:
    """Faults that each cost their own points: 账实不符的扣2分；未按规定处置的扣1分."""
    costs = [(c.text, full - p) for c, p in pairs if p is not None]
    if sum(cost for _, cost in costs) != full:
        return built.ask("各种情形的扣分合计与本项满分不符，不能确定怎样合并扣分")
    parts = [
        {"kind": "level", "full": cost, "title": text, "options": {"不存在": cost, "存在": Decimal(0)}}
        for text, cost in costs
    ]
    built.spec = {"kind": "sum", "full": full, "parts": parts}
    built.parts = [
        Built(part, full=cost, answers={YES: Decimal(0), NO: cost})
        for part, (_, cost) in zip(parts, costs, strict=True)
    ]
    return built


def _compared_or_point(built: Built, pairs: list[tuple[Clause, Decimal | None]], full: Decimal) -> Built:
    """Met or not met, said twice: 按时报送得1分，未按时计0分."""
    clause = next(c for c, p in pairs if p == full)
    if clause.compared and not clause.after and len(clause.words) == 1:
        return _condition(built, clause, clause.compared[0], full, Decimal(0))
    return _point(built, clause.text or "符合要求", full, Decimal(0))


def _answer(
    built: Built, pairs: list[tuple[Clause, Decimal | None]], options: dict[str, Decimal], full: Decimal
) -> None:
    """是 is the one full situation, 否 the one plain denial, where the text leaves no other choice."""
    if len(pairs) == 2 and {p for _, p in pairs} == {full, Decimal(0)}:
        # 是: what is told first holds; only a denial that costs everything is turned round
        first, points = pairs[0][0], pairs[0][1] or Decimal(0)
        if points == 0 and goes_wrong(first.text[:4]):
            points = full
        built.answers.update({YES: points, NO: full - points})
        return
    best = [c for c, p in pairs if p == full and not _EXEMPT.match(c.text)]
    if len(best) == 1 and not goes_wrong(best[0].text[:2]):
        built.answers[YES] = full
    worst = [c for c, p in pairs if p == 0]
    plainly = [c for c in worst if c.otherwise or (goes_wrong(c.text) and not _PARTLY.search(c.text))]
    if len(worst) == 1 and (len(plainly) == 1 or (len(pairs) == 2 and YES in built.answers)):
        built.answers[NO] = Decimal(0)


def checklist(built: Built, points: Sequence[tuple[str, Decimal]], full: Decimal) -> Built:
    """Several points of their own that add up to the full points."""
    parts: list[dict[str, Any]] = [
        {"kind": "point", "full": p, "title": text or f"要点{n}"} for n, (text, p) in enumerate(points, 1)
    ]
    built.answers.update({YES: full, NO: Decimal(0)})
    built.spec = {"kind": "sum", "full": full, "parts": parts}
    built.parts = [
        Built({**part}, full=part["full"], answers={YES: part["full"], NO: Decimal(0)}) for part in parts
    ]
    return built


__all__ = ["Phrase", "checklist", "situations"]


_BETTER = re.compile(
    r"(?:^|(?<=[,;。\n(]))(?:[^,;。\n\d()≥≤<>=]|\d(?=[种项者个类])){0,24}?(?:择优|择高|孰高|就高|取高|从高|"
    r"较高(?:者|的|分|得分|1项|值)|高者|最高(?:者|得分|的1项)|得分高的)"
    r"(?:[^,;。:\n\d()≥≤<>=]|1项){0,12}[,;:]?"
)


def take_better(text: str) -> tuple[str, bool]:
    """The text without the words that the better result counts, and whether they stood there."""
    found = _BETTER.search(text)
    if found is None:
        return text, False
    return text[: found.start()] + text[found.end() :], True


def better(
    reading: Reading, clauses: Sequence[Clause], groups: list[list[Clause]], full: Decimal, name: str
) -> Built:
    """The rule of alternatives, one of them worth the full points; else a question."""
    built = Built(full=full)
    rest = [c for c in clauses if all(c not in group for group in groups)]
    tops = [_top(group, full) for group in groups]
    plain = all(c.otherwise and isinstance(c.action, Given) for c in rest)
    if len(groups) < 2 or max(tops) != full or min(tops) <= 0 or not plain:
        return built.ask("几种计分办法怎样择优没有读懂")
    built.spec = {"kind": "better", "full": full, "parts": []}
    others = shared(clauses, groups)
    for number, (group, top, rest) in enumerate(zip(groups, tops, others, strict=True), 1):
        own = Reading(signs=reading.signs, clauses=[*group, *rest])
        called = re.sub(r"\W", "", subject(group[0]))
        part = numeric(own, own.clauses, top, called if called.isidentifier() else f"{name}{number}")
        built.closed = built.closed or part.closed or part.spec is None
        built.understood = built.understood and part.understood and part.spec is not None
        built.questions += part.questions
        built.parts.append(part)
        built.spec["parts"].append(part.spec)
    if reading.caps:
        built.ask("择优计分的上限怎样计算没有写明")
    if built.closed:
        built.spec = None
        built.ask("几种计分办法怎样择优没有读懂")
    return built


def _top(group: Sequence[Clause], full: Decimal) -> Decimal:
    given = [points_of(c.action, full) for c in group if isinstance(c.action, Given)]
    return max((p for p in given if p is not None), default=full)
