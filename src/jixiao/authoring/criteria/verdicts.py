"""Clauses about facts: one that holds or not, two figures compared, what a person checks, the better of two rules."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, provisos
from jixiao.authoring.criteria.clauses import (
    Change,
    Either,
    Fact,
    Given,
    Judged,
    Node,
    Otherwise,
    Range,
    Rule,
    Stop,
    Words,
)
from jixiao.authoring.criteria.numberline import figures, value_of
from jixiao.authoring.criteria.sheet import Sheet, ranges
from jixiao.authoring.criteria.understood import NO, YES, Built
from jixiao.authoring.criteria.values import ONE, PENDING, ZERO, Value
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import affirmed, denies, goes_wrong

_CHOICE = re.compile(r"择优|择高|孰高|就高|取高|从高|较高|者|[,:]")
_EMPTY = re.compile(
    r"[的者时了已也]|有|无|[存出]在|存在|发生|出现|发现|情况|情形|之一|上述|以上|[两二三]者|任[一何意](?:项|条)?|[1一]项|[都均]|全部|则"
)
_VERDICT = re.compile(r"是|有|做到|(?:符合|满足|达到|具备)(?:要求|标准|条件|规定)?|合格|达标|完成")
_LIST = ("下列情形之一", "以下情形之一", "下列情况之一", "以下情况之一", "下列问题之一", "以下问题之一")
_ONE_OF_THEM = re.compile("(?:其中|有)*任[一何意]|[有其]中?[一1]项")
_LISTED = re.compile("(?:[下以][列下]|上述)(?:情形|情况|问题)之一")
_IN_TIME = re.compile(r"按时|及时|按期|如期|[日月底末内]前|时间内|期限内|时限内|以前")
_TOO_LATE = re.compile(rf"{phrases.LATE.pattern}|滞后|晚于")
_INSIDE = re.compile(r"控制在|范围内|以内|不超|未超")
_ALL = re.compile(r"全部|全面|全额|所有|各项|均|都")
_OVER = re.compile(r"(?:超过|超出|突破|大于|高于|多于|>|超)(?:或者?)?(?:等于)?(?P<what>.*)")
_EVEN = re.compile(r"[等不未≤≥]|^(?:超过|突破|超出)?$")
_UNDER = re.compile(r"(?:低于|小于|少于|不足|未达到?|<)(?:或者?)?(?:等于)?(?P<what>.*)")
_OTHER = "怎样计分没有读懂"
Told = list[tuple[Rule, str, Value]]
"""Rules with the facts they stand on and what they give."""


def facts(text: Text, full: Decimal) -> Built | None:
    """The rule of one fact, and of what contradicts it; None where several situations are told."""
    sheet, found = Sheet(text, full), text.nodes
    subject, rules, rest = _gathered(sheet, found)
    if len(rules) == 1 and rules[0][2] != full and rest in ([], [full]):
        return _alone(sheet, subject, rules[0])
    best = _best(rules, full)
    if best is None or len(rest) > 1:
        return None
    main, title, _ = best
    others = [one for one in rules if one is not best]
    open_ = [one for one in others if isinstance(one[0].effect, Judged) and one[0].effect.most is None]
    others, rest = [one for one in others if one not in open_], [*rest, *(value for _, _, value in open_)]
    stops = [node.start for node in found if isinstance(node, Stop)]
    costs = [sorted((main.start, one.start)) for one, _, _ in others if isinstance(one.effect, Change)]
    if any(first < stop < last for first, last in costs for stop in stops):
        return None  # a sentence of its own that deducts: from what, beside these points, is not said
    numbered = any(isinstance(node, clauses.Item) for node in found)
    cond = _comparison(main, title, others)
    against = [one for one in others if _contrary(one[1], title, cond)]
    asides = [one for one in others if one not in against]
    values = [*(value for _, _, value in against), *rest]
    several = len(set(values)) > 1 or (len(against) > 1 and set(values) != {ZERO})
    if several or (asides and values[:1] != [ZERO]):
        return _two(sheet, subject, rules) if len(rules) == 2 and not rest and not numbered else None
    if (numbered and asides) or any(v != ZERO or not isinstance(n.effect, Given) for n, _, v in asides):
        return None
    for node, fact, value in asides:
        provisos.except_(sheet, node, fact, value)
    if not values:
        sheet.built.notes.append("只写了得分的情形，不符合的按不得分理解")
    if not (others or rest) and provisos.applies_not(title):
        sheet.built.ask(f"只写了“{title}”的情形，其他情形怎样计分没有写明")
    return _decided(sheet, _titled(sheet, subject, title), cond, values[0] if values else ZERO, rules)


def _decided(sheet: Sheet, whole: str, cond: Fact | None, other: Value, rules: Told) -> Built:
    """The rule of a fact, of two figures compared, or of a fact that a person weighs."""
    full = sheet.full
    sheet.built.answers |= {YES: full} | ({NO: other} if isinstance(other, Decimal) else {})
    if cond is not None:
        return _compared(sheet, cond, other, [fact for _, fact, _ in rules])
    return _point(sheet, whole, graded=other != ZERO)


def _level(sheet: Sheet, title: str, options: dict[str, Decimal]) -> Built:
    return sheet.built.written({"kind": "level", "full": sheet.full, "title": title, "options": options})


def _point(sheet: Sheet, title: str, *, graded: bool = False) -> Built:
    more = {"graded": True} if graded else {}
    return sheet.built.written({"kind": "point", "full": sheet.full, "title": title, **more})


def _best(rules: Told, full: Decimal) -> tuple[Rule, str, Value] | None:
    """The one rule that gives all; None where there are several, a fact is told twice, or points are added to others."""
    best = [one for one in rules if one[2] == full]
    gains = any(isinstance(node.effect, Change) and node.effect.sign > 0 for node, _, _ in rules)
    once = len({fact for _, fact, _ in rules}) == len(rules) and (len(rules) == 1 or not gains)
    return best[0] if len(best) == 1 and once else None


def _gathered(sheet: Sheet, found: list[Node]) -> tuple[list[Words], Told, list[Value]]:
    """Words in front, rules with their facts and points, what holds otherwise; no rules where it is something else."""
    subject: list[Words] = []
    rules: Told = []
    rest: list[Value] = []
    for node in found:
        match node:
            case Rule() if node.ways and not node.ranges:
                _rule(sheet, node, rules)
            case Otherwise() if rules:
                rest.append(value_of(sheet, node, node.effect))
            case Words() if _joins(sheet, found, node, rules):
                pass
            case Words() if not rules and not phrases.changes_nothing(
                node.text, first=sheet.text.opens(node)
            ):
                if phrases.risky(node.text):
                    sheet.ask(node, _OTHER)
                subject.append(node)
            case _ if not provisos.beside(sheet, node, first=not rules or sheet.text.opens(node)):
                return subject, [], rest
    return subject, rules, rest


def _joins(sheet: Sheet, found: list[Node], node: Words, rules: Told) -> bool:
    """Whether words are a rule by themselves (达标得分，不达标不得分), or listed under the last one."""
    if (earned := _earned(sheet, found, node)) is not None:
        _rule(sheet, earned, rules)
    elif rules and _listed(found, rules[-1][1], node):
        rule, fact, value = rules.pop()
        rules.append((rule, f"{fact}{'、' if '：' in fact else '：'}{node.text}", value))
    else:
        return False
    return True


def _listed(found: list[Node], fact: str, node: Words) -> bool:
    """有下列情形之一的不得分：①…；②…: what is listed belongs to the fact."""
    before = found[found.index(node) - 1]
    opened = fact.partition("：")[0].endswith(_LIST) and not phrases.risky(node.text)
    return opened and isinstance(before, clauses.Item | Rule)


def _rule(sheet: Sheet, node: Rule, rules: Told) -> None:
    effect, fact = node.effect, node.fact
    alone = isinstance(effect, Change) and effect.sign > 0 and effect.points == sheet.full and not rules
    value = sheet.full if alone else value_of(sheet, node, effect)
    if phrases.risky(fact) or sheet.text.said(node).startswith("因"):
        sheet.ask(node, _OTHER)
    if isinstance(effect, Given) and effect.vague:
        sheet.ask(node, "是本项不得分还是全部不得分没有写明")
    if provisos.applies_not(fact) and rules:
        provisos.except_(sheet, node, fact, value, exempt=True)
    else:
        rules.append((node, fact, value))


_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}


def _comparison(main: Rule, title: str, others: Told) -> Fact | None:
    """The two figures that the main fact compares, or the other side of what an earlier fact compares."""
    conds = [node.conds for node in (main, *(node for node, _, _ in others))]
    told = next((one[0] for one in conds if len(one) == 1 and isinstance(one[0], Fact) and one[0].op), None)
    if told is None or told in main.ways[0]:
        return told
    return replace(told, op=_FLIPPED[told.op]) if _other_side(title, told) else None


def _earned(sheet: Sheet, found: list[Node], node: Words) -> Rule | None:
    """达标得分，不达标不得分: what is done earns all, where its contrary is said to earn nothing."""
    after = next((one for one in found if one.start >= node.end), None)
    if not isinstance(after, Rule) or not sheet.text.said(node).endswith("得分"):
        return None
    fact = node.text.removesuffix("得分")
    nothing = value_of(sheet, after, after.effect) == ZERO and _contrary(after.fact, fact, None)
    return Rule(node.start, node.end, ((Fact(fact),),), Given(share=ONE)) if nothing else None


def _core(fact: str) -> str:
    return _EMPTY.sub("", affirmed(fact))


def _contrary(fact: str, main: str, compared: Fact | None) -> bool:
    """Whether a fact says just that the main one does not hold."""
    parts = fact.split("或")
    if len(parts) > 1:
        return all(_contrary(part, main, compared) for part in parts)
    if compared is not None:
        return _other_side(fact, compared) or fact == compared.text
    late = _TOO_LATE.search(fact) and _IN_TIME.search(main) and not denies(fact)
    later = fact.startswith("晚于") and fact.replace("晚于", "早于") in main
    if fact == "否" or late or later or (phrases.PASSED.fullmatch(fact) and _INSIDE.search(main)):
        return True
    core = _core(fact)
    if (
        denies(fact) != denies(main)
        and "" in (core, _core(main))
        and any(_LISTED.search(one) for one in (fact, main))
    ):
        return True  # 出现下列情形之一的不得分：…。未出现的得满分
    if denies(fact) == denies(main) or (_ALL.search(main) and not _ALL.search(fact) and core):
        return False
    return phrases.within(core, _core(main))


def _other_side(fact: str, compared: Fact) -> bool:
    """超过预算数的 beside 实际支出数≤预算数."""
    said = fact.removeprefix(compared.left)
    found = (_OVER if compared.op.startswith("<") else _UNDER).fullmatch(said)
    return found is not None and phrases.within(re.sub(r"[的\W]", "", found["what"]), compared.right)


def _titled(sheet: Sheet, subject: list[Words], fact: str) -> str:
    """The fact with what stands in front of it: what it is a verdict on (资金拨付有完整的手续，符合), or has to hold too."""
    said = [sheet.text.said(node) for node in subject]
    if not said:
        return fact
    also = not _VERDICT.fullmatch(fact) and not phrases.within(_core(fact), "，".join(said))
    whole = "，".join([*said, fact] if also else said)
    sheet.built.notes.append(f"由评价人对照“{whole}”核定")
    return whole


def _alone(sheet: Sheet, subject: list[Words], told: tuple[Rule, str, Value]) -> Built | None:
    """存在截留的不得分, 出现挪用的扣2分: what is not told of keeps the full points. 是 is what was told, or that all is well."""
    node, fact, points = told
    taken = points == ZERO or isinstance(node.effect, Change)
    if not taken or not isinstance(points, Decimal) or fact.endswith(_LIST):
        return None
    full, title = sheet.full, _titled(sheet, subject, fact)
    yes, no = (full, points) if goes_wrong(title[:4]) else (points, full)
    sheet.built.answers |= {YES: yes, NO: no}
    return _level(sheet, title, {"不存在上述情形": full, title: points})


def _two(sheet: Sheet, subject: list[Words], rules: Told) -> Built | None:
    """资金使用规范得6分，存在挪用的得0分: two situations, and between them nothing is said. 是 is what was told first."""
    answers, full = sheet.built.answers, sheet.full
    (_, first, points), (_, second, other) = rules
    if not (isinstance(points, Decimal) and isinstance(other, Decimal) and {points, other} == {full, ZERO}):
        return None
    title = _titled(sheet, subject, first)
    against = _contrary(second, first, None)
    answers |= {YES if points or against else title: points, second: other}
    if (points == full or against) and (denies(second) or phrases.moves(second) or against):
        answers[NO] = other
    if against and goes_wrong(first[:4]):
        answers |= {YES: other, NO: points}
    return _level(sheet, "按情形计分", {title: points, second: other})


def _compared(sheet: Sheet, cond: Fact, other: Value, told: list[str]) -> Built:
    """三公经费支出数≤预算数; 低于…得分，高于…不得分 leaves open what equal figures give."""
    built, left, right = sheet.built, cond.left, cond.right
    if not (left.isidentifier() and right.isidentifier()) or left == right:
        built.ask(f"“{cond.text}”怎样比较没有读懂")
    if not isinstance(other, Decimal):
        built.ask(f"“{cond.text}”以外的情形怎样计分没有写明")
    built.names = (left, right)
    spec = {"kind": "condition", "full": sheet.full, "when": f"{left} {cond.op} {right}"}
    if other:
        spec["otherwise"] = other
    if len(told) > 1 and not any(_EVEN.search(fact) for fact in told):
        built.doubt(f"{left}等于{right}时的得分没有写明")
        spec["first"] = [
            {"when": f"{left} == {right}", "points": PENDING, "because": "两数相等时的得分没有写明"}
        ]
    return built.written(spec)


def checked(text: Text, full: Decimal) -> Built | None:
    """Conditions over several quantities, or figures and facts, that give all or nothing: a person checks them as they stand."""
    found, plain = text.nodes, (Rule, Otherwise, Stop, clauses.Note, clauses.Need)
    rules = [node for node in found if isinstance(node, Rule)]
    rest = [node for node in found if isinstance(node, Otherwise)]
    ends = [{end for one in rule.ranges if one.unit == "%" for end in one.ends} for rule in rules[:2]]
    if len(rules) == 2 and _ONE_OF_THEM.match(text.label(rules[1])) and ends[1] <= ends[0]:
        rest, rules = [Otherwise(rules[1].start, rules[1].end, rules[1].effect), *rest], rules[:1]
    if len(rules) != 1 or len(rest) != 1 or not all(isinstance(node, plain) for node in found):
        return None
    sheet, conds = Sheet(text, full), rules[0].conds
    gives = value_of(sheet, rules[0], rules[0].effect), value_of(sheet, rest[0], rest[0].effect)
    bare = any(isinstance(cond, Range) and cond.bare for cond in conds) and len(conds) > 1
    names = [cond.text + cond.of if isinstance(cond, Range) else cond.text for cond in conds]
    if (bare and "分别" not in text.said(rules[0])) or any(map(phrases.risky, names)):
        return None
    if gives != (full, ZERO):
        return None
    for node in found:
        if isinstance(node, (clauses.Need, clauses.Note)):
            provisos.noted(sheet, node)
    sheet.built.answers |= {YES: full, NO: ZERO}
    return _point(sheet, text.label(rules[0]))


_LEADING = re.compile(
    r"以?下列?|上述|以上|本|按照?|将|[甲乙丙两二三种项者个一的中分]|指标|方法|办法|方式|标准|原则|得分|计分|取|值|[和与、]"
)


def better(text: Text, full: Decimal, name: str) -> Built:
    """The better of two rules, each over a quantity of its own."""
    built = Built(full=full)
    choice = [node for node in text.nodes if isinstance(node, Either) and node.words]
    groups, shared = _groups([node for node in text.nodes if node not in choice])
    tops = [_top(group, full) for group in groups]
    named = {one.subject for group in groups for _, one in ranges(group)}
    led = [piece for node in choice for piece in _LEADING.split(_CHOICE.sub("", node.words)) if piece]
    known = all(any(phrases.within(piece, own) for own in named) for piece in led)
    if len(groups) < 2 or max(tops) != full or (not choice and min(tops) != full) or not known:
        said = "；".join(node.words.strip(",:") for node in choice) or "或"
        return built.ask(f"“{said}”：几种计分办法怎样择优没有读懂")
    built.notes += [f"“{text.said(node)}”" for node in choice]
    for number, (group, top) in enumerate(zip(groups, tops, strict=True), 1):
        own = [*group, *(() if any(isinstance(node, Otherwise) for node in group) else shared)]
        called = re.sub(r"\W", "", next((one.subject for _, one in ranges(group)), ""))
        called = called if called.isidentifier() else f"{name}{number}"
        built.add(figures(replace(text, nodes=own), own, top, called))
    if not built.closed:
        built.written({"kind": "better", "full": full, "parts": [part.spec for part in built.parts]})
    return built


def _groups(found: list[Node]) -> tuple[list[list[Node]], list[Node]]:
    """The clauses of each quantity, cut at 或 or where another one is named; 否则 at the end is for all that have none."""
    groups: list[list[Node]] = [[]]
    explicit = any(isinstance(node, Either) for node in found)
    for node in found:
        subjects = [one.subject for _, one in ranges([node]) if one.subject]
        before = [one.subject for _, one in ranges(groups[-1]) if one.subject]
        other = bool(subjects and before) and not phrases.same_quantity(subjects[0], before)
        if isinstance(node, Either) or (other and not explicit):
            groups.append([])
        if not isinstance(node, Either):
            groups[-1].append(node)
    last: list[Node] = [node for node in groups[-1] if isinstance(node, Otherwise)]
    having = [group for group in groups if any(isinstance(node, Otherwise) for node in group)]
    return groups, last if len(having) == 1 else []


def _top(group: list[Node], full: Decimal) -> Decimal:
    effects = [node.effect for node in group if isinstance(node, Rule)]
    return max((effect.worth(full) for effect in effects if isinstance(effect, Given)), default=full)
