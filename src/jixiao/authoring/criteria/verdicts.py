"""Clauses about facts: one that holds or not, two figures compared, what a person checks, the better of two rules."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, provisos
from jixiao.authoring.criteria.built import NO, YES, Built
from jixiao.authoring.criteria.clauses import Change, Fact, Given, Judged, Node, Range
from jixiao.authoring.criteria.levels import label
from jixiao.authoring.criteria.numberline import figures, joined, value_of
from jixiao.authoring.criteria.sheet import ONE, ZERO, Sheet, ranges
from jixiao.authoring.criteria.values import PENDING, Value
from jixiao.authoring.criteria.wholetext import Text
from jixiao.text import affirmed, denies, goes_wrong

_CHOICE = re.compile(r"择优|择高|孰高|就高|取高|从高|较高|者|[,:]")
_EMPTY = re.compile(
    r"[的者时了已也]|有|无|[存出]在|存在|发生|出现|发现|情况|情形|之一|上述|以上|[两二三]者|任[一何意](?:项|条)?|[1一]项|[都均]|全部|则"
)
_VERDICT = re.compile(r"是|有|做到|(?:符合|满足|达到|具备)(?:要求|标准|条件|规定)?|合格|达标|完成")
_LIST = ("下列情形之一", "以下情形之一", "下列情况之一", "以下情况之一", "下列问题之一", "以下问题之一")
_IN_TIME = re.compile(r"按时|及时|按期|如期|[日月底末内]前|时间内|期限内|时限内|以前")
_TOO_LATE = re.compile(rf"{phrases.LATE.pattern}|滞后|晚于")
_INSIDE = re.compile(r"控制在|范围内|以内|不超|未超")
_ALL = re.compile(r"全部|全面|全额|所有|各项|均|都")
_OVER = re.compile(r"(?:超过|超出|突破|大于|高于|多于|>|超)(?:或者?)?(?:等于)?(?P<what>.*)")
_EVEN = re.compile(r"[等不未≤≥]|^(?:超过|突破|超出)?$")
_UNDER = re.compile(r"(?:低于|小于|少于|不足|未达到?|<)(?:或者?)?(?:等于)?(?P<what>.*)")


Told = list[tuple[clauses.Rule, str, Value]]
"""Rules with the facts they stand on and what they give."""


def facts(text: Text, found: list[Node], full: Decimal) -> Built | None:
    """The rule of one fact, and of what contradicts it; None where several situations are told."""
    sheet = Sheet(text, full, "", Built(full=full))
    subject, rules, rest = _gathered(sheet, found)
    if len(rules) == 1 and rules[0][2] != full and rest in ([], [full]):
        return _alone(sheet, subject, rules[0])
    best = _best(rules, full)
    if best is None or len(rest) > 1:
        return None
    others = [one for one in rules if one is not best]
    open_ = [one for one in others if isinstance(one[0].effect, Judged) and one[0].effect.most is None]
    others, rest = [one for one in others if one not in open_], [*rest, *(value for _, _, value in open_)]
    if any(isinstance(one.effect, Change) and _apart(found, best[0], one) for one, _, _ in others):
        return None  # a sentence of its own that deducts: from what, beside these points, is not said
    numbered = any(isinstance(node, clauses.Item) for node in found)
    cond = _comparison(best[0], best[1], others)
    against = [one for one in others if _contrary(one[1], best[1], cond)]
    asides = [one for one in others if one not in against]
    values = [*(value for _, _, value in against), *rest]
    if (
        len(set(values)) > 1
        or (len(against) > 1 and set(values) != {ZERO})
        or (asides and values[:1] != [ZERO])
    ):
        return _two(sheet, subject, rules) if len(rules) == 2 and not rest and not numbered else None
    if (numbered and asides) or any(v != ZERO or not isinstance(n.effect, Given) for n, _, v in asides):
        return None
    for node, fact, value in asides:
        provisos.except_(sheet.built, fact, node.effect, value, text.said(node))
    if not values:
        sheet.built.notes.append("只写了得分的情形，不符合的按不得分理解")
    if not (others or rest) and provisos.applies_not(best[1]):
        sheet.built.ask(f"只写了“{best[1]}”的情形，其他情形怎样计分没有写明")
    told = [fact for _, fact, _ in rules]
    _decided(sheet, _titled(sheet, subject, best[1]), cond, values[0] if values else ZERO, told)
    provisos.written(sheet.built)
    return sheet.built


def _apart(found: list[Node], one: Node, other: Node) -> bool:
    """Whether a statement ends between two nodes."""
    first, last = sorted((one.start, other.start))
    return any(isinstance(node, clauses.Stop) and first < node.start < last for node in found)


def _best(rules: Told, full: Decimal) -> tuple[clauses.Rule, str, Value] | None:
    """The one rule that gives all; None where there are several, a fact is told twice, or points are added to others."""
    best = [one for one in rules if one[2] == full]
    gains = any(isinstance(node.effect, Change) and node.effect.sign > 0 for node, _, _ in rules)
    once = len({fact for _, fact, _ in rules}) == len(rules) and (len(rules) == 1 or not gains)
    return best[0] if len(best) == 1 and once else None


def _decided(sheet: Sheet, title: str, cond: Fact | None, other: Value, told: list[str]) -> None:
    """Set the rule of a fact, of two figures compared, or of a fact that a person weighs."""
    full = sheet.full
    sheet.built.answers.update({YES: full} | ({NO: other} if isinstance(other, Decimal) else {}))
    if cond is not None:
        _compared(sheet, cond, other, told)
    elif isinstance(other, Decimal) and other:
        options = {title: full, "其他情形": other}
        sheet.built.spec = {"kind": "level", "full": full, "title": title, "options": options}
    else:
        graded = {} if other == ZERO else {"graded": True}
        sheet.built.spec = {"kind": "point", "full": full, "title": title, **graded}


def _gathered(sheet: Sheet, found: list[Node]) -> tuple[list[clauses.Words], Told, list[Value]]:
    """Words in front, rules with their facts and points, what holds otherwise; no rules where it is something else."""
    subject: list[clauses.Words] = []
    rules: Told = []
    rest: list[Value] = []
    for node in found:
        match node:
            case clauses.Rule() if node.ways and not any(True for _ in ranges([node])):
                _rule(sheet, node, rules)
            case clauses.Otherwise() if rules:
                rest.append(value_of(sheet, node, node.effect))
            case clauses.Item() if not subject:
                pass
            case clauses.Cap() if node.what in ("given", "lost") and node.most in (None, sheet.full):
                pass
            case clauses.Need() | clauses.Note():
                provisos.noted(sheet.built, node, sheet.text.said(node))
            case clauses.Words() if _joins(sheet, found, node, rules):
                pass
            case clauses.Stop() | clauses.Heading() | clauses.Words() if _leads(sheet, node, rules):
                subject += [node] if isinstance(node, clauses.Words) else []
            case clauses.Heading() | clauses.Words() if phrases.changes_nothing(
                node.text, first=not node.start
            ):
                pass
            case _:
                return subject, [], rest
    return subject, rules, rest


def _joins(sheet: Sheet, found: list[Node], node: clauses.Words, rules: Told) -> bool:
    """Whether words are a rule by themselves (达标得分，不达标不得分), or listed under the last one."""
    if (earned := _earned(sheet, found, node)) is not None:
        _rule(sheet, earned, rules)
    elif rules and _listed(found, rules[-1][1], node):
        rule, fact, value = rules.pop()
        rules.append((rule, f"{fact}{'、' if '：' in fact else '：'}{node.text}", value))
    else:
        return False
    return True


def _listed(found: list[Node], fact: str, node: clauses.Words) -> bool:
    """有下列情形之一的不得分：①…；②…: what is listed belongs to the fact."""
    before = found[found.index(node) - 1]
    opened = fact.partition("：")[0].endswith(_LIST) and not phrases.risky(node.text)
    return opened and isinstance(before, clauses.Item | clauses.Rule)


def _rule(sheet: Sheet, node: clauses.Rule, rules: Told) -> None:
    said, fact = sheet.text.said(node), joined(node).removesuffix("的")
    effect = node.effect
    alone = isinstance(effect, Change) and effect.sign > 0 and effect.points == sheet.full and not rules
    value = sheet.full if alone else value_of(sheet, node, effect)
    if phrases.risky(fact) or said.startswith("因"):
        sheet.built.ask(f"“{said}”怎样计分没有读懂")
    if isinstance(effect, Given) and effect.vague:
        sheet.built.ask(f"“{said}”是本项不得分还是全部不得分没有写明")
    if provisos.applies_not(fact) and rules:
        provisos.except_(sheet.built, fact, node.effect, value, said, sheet.text.known)
    else:
        rules.append((node, fact, value))


def _leads(sheet: Sheet, node: clauses.Stop | clauses.Heading | clauses.Words, rules: Told) -> bool:
    """Whether a phrase stands before the rules, as their title or as what they judge."""
    if isinstance(node, clauses.Stop):
        return True
    if phrases.risky(node.text):
        sheet.built.ask(f"“{sheet.text.said(node)}”怎样计分没有读懂")
    return not rules and not phrases.changes_nothing(node.text, first=not node.start)


_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}


def _comparison(main: clauses.Rule, title: str, others: Told) -> Fact | None:
    """The two figures that the main fact compares, or the other side of what an earlier fact compares."""
    conds = [
        node.ways[0][0]
        for node in (main, *(node for node, _, _ in others))
        if len(node.ways) == len(node.ways[0]) == 1
    ]
    told = next((cond for cond in conds if isinstance(cond, Fact) and cond.op), None)
    if told is None or told in main.ways[0]:
        return told
    return replace(told, op=_FLIPPED[told.op]) if _other_side(title, told) else None


def _earned(sheet: Sheet, found: list[Node], node: clauses.Words) -> clauses.Rule | None:
    """达标得分，不达标不得分: what is done earns all, where its contrary is said to earn nothing."""
    after = next((one for one in found if one.start >= node.end), None)
    if not isinstance(after, clauses.Rule) or not sheet.text.said(node).endswith("得分"):
        return None
    fact = node.text.removesuffix("得分")
    nothing = value_of(sheet, after, after.effect) == ZERO and _contrary(
        joined(after).removesuffix("的"), fact, None
    )
    return clauses.Rule(node.start, node.end, ((Fact(fact),),), Given(share=ONE)) if nothing else None


def _core(fact: str) -> str:
    return _EMPTY.sub("", affirmed(fact))


def _contrary(fact: str, main: str, compared: Fact | None) -> bool:
    """Whether a fact says just that the main one does not hold."""
    parts = fact.split("或")
    if len(parts) > 1:
        return all(_contrary(part, main, compared) for part in parts)
    if compared is not None:
        return _other_side(fact, compared) or fact == compared.text
    if fact == "否" or (_TOO_LATE.search(fact) and _IN_TIME.search(main) and not denies(fact)):
        return True
    if fact.startswith("晚于") and fact.replace("晚于", "早于") in main:
        return True
    if phrases.PASSED.fullmatch(fact) and _INSIDE.search(main):
        return True
    core = _core(fact)
    if denies(fact) == denies(main) or (_ALL.search(main) and not _ALL.search(fact) and core):
        return False
    return phrases.within(core, _core(main))


def _other_side(fact: str, compared: Fact) -> bool:
    """超过预算数的 beside 实际支出数≤预算数."""
    over = compared.op.startswith("<")
    said = fact.removeprefix(compared.left)
    found = (_OVER if over else _UNDER).fullmatch(said)
    return found is not None and phrases.within(re.sub(r"[的\W]", "", found["what"]), compared.right)


def _titled(sheet: Sheet, subject: list[clauses.Words], fact: str) -> str:
    """The fact with what stands in front of it: what it is a verdict on (资金拨付有完整的手续，符合), or has to hold too."""
    said = [sheet.text.said(node) for node in subject]
    if not said:
        return fact
    also = not _VERDICT.fullmatch(fact) and not phrases.within(_core(fact), "，".join(said))
    whole = "，".join([*said, fact] if also else said)
    sheet.built.notes.append(f"由评价人对照“{whole}”核定")
    return whole


def _alone(sheet: Sheet, subject: list[clauses.Words], told: tuple[clauses.Rule, str, Value]) -> Built | None:
    """存在截留的不得分, 出现挪用的扣2分: what is not told of keeps the full points. 是 is what was told, or that all is well."""
    node, fact, points = told
    taken = points == ZERO or isinstance(node.effect, Change)
    if not taken or not isinstance(points, Decimal) or fact.endswith(_LIST):
        return None
    built, full, title = sheet.built, sheet.full, _titled(sheet, subject, fact)
    yes, no = (full, points) if goes_wrong(title[:4]) else (points, full)
    built.answers.update({YES: yes, NO: no})
    options = {"不存在上述情形": full, title: points}
    built.spec = {"kind": "level", "full": full, "title": title, "options": options}
    provisos.written(built)
    return built


def _two(sheet: Sheet, subject: list[clauses.Words], rules: Told) -> Built | None:
    """资金使用规范得6分，存在挪用的得0分: two situations, and between them nothing is said. 是 is what was told first."""
    built, full = sheet.built, sheet.full
    (_, first, points), (_, second, other) = rules
    if not (isinstance(points, Decimal) and isinstance(other, Decimal) and {points, other} == {full, ZERO}):
        return None
    title = _titled(sheet, subject, first)
    against = _contrary(second, first, None)
    known = points == full or against
    built.answers.update({YES if points or against else title: points, second: other})
    if known and (denies(second) or phrases.moves(second) or against):
        built.answers[NO] = other
    if against and goes_wrong(first[:4]):
        built.answers.update({YES: other, NO: points})
    options = {title: points, second: other}
    built.spec = {"kind": "level", "full": full, "title": "按情形计分", "options": options}
    provisos.written(built)
    return built


def _compared(sheet: Sheet, cond: Fact, other: Value, told: list[str]) -> None:
    """三公经费支出数≤预算数; 低于…得分，高于…不得分 leaves open what equal figures give."""
    built = sheet.built
    if not (cond.left.isidentifier() and cond.right.isidentifier()) or cond.left == cond.right:
        built.ask(f"“{cond.text}”怎样比较没有读懂")
    if not isinstance(other, Decimal):
        built.ask(f"“{cond.text}”以外的情形怎样计分没有写明")
    built.names = (cond.left, cond.right)
    built.spec = {"kind": "condition", "full": sheet.full, "when": f"{cond.left} {cond.op} {cond.right}"}
    if other:
        built.spec["otherwise"] = other
    if len(told) > 1 and not any(_EVEN.search(fact) for fact in told):
        built.doubt(f"{cond.left}等于{cond.right}时的得分没有写明")
        equal = f"{cond.left} == {cond.right}"
        built.spec["first"] = [{"when": equal, "points": PENDING, "because": "两数相等时的得分没有写明"}]


def checked(text: Text, found: list[Node], full: Decimal) -> Built | None:
    """Conditions over several quantities, or figures and facts, that give all or nothing: a person checks them as they stand."""
    rules = [node for node in found if isinstance(node, clauses.Rule)]
    rest = [node for node in found if isinstance(node, clauses.Otherwise)]
    if (
        len(rules) != 1
        or len(rest) != 1
        or not all(
            isinstance(node, (clauses.Rule, clauses.Otherwise, clauses.Stop, clauses.Note, clauses.Need))
            for node in found
        )
    ):
        return None
    sheet = Sheet(text, full, "", Built(full=full))
    gives, other = (value_of(sheet, node, node.effect) for node in (rules[0], rest[0]))
    conditions = [cond for way in rules[0].ways for cond in way]
    names = [
        cond.subject + cond.tail + cond.of if isinstance(cond, Range) else cond.text for cond in conditions
    ]
    bare = sum(isinstance(cond, Range) and cond.bare for cond in conditions) and len(conditions) > 1
    if bare and "分别" not in text.said(rules[0]):
        return None
    if gives != full or other != ZERO or any(phrases.risky(name) for name in names):
        return None
    for node in found:
        if isinstance(node, (clauses.Need, clauses.Note)):
            provisos.noted(sheet.built, node, text.said(node))
    sheet.built.answers.update({YES: full, NO: ZERO})
    sheet.built.spec = {"kind": "point", "full": full, "title": label(text, rules[0])}
    provisos.written(sheet.built)
    return sheet.built


_LEADING = re.compile(
    r"以?下列?|上述|以上|本|按照?|将|[甲乙丙两二三种项者个一的中分]|指标|方法|办法|方式|标准|原则|得分|计分|取|值|[和与、]"
)


def better(text: Text, found: list[Node], full: Decimal, name: str) -> Built:
    """The better of two rules, each over a quantity of its own."""
    built = Built(full=full)
    choice = [node for node in found if isinstance(node, clauses.Either) and node.words]
    groups, shared = _groups([node for node in found if node not in choice])
    tops = [_top(group, full) for group in groups]
    named = {one.subject for group in groups for _, one in ranges(group)}
    led = [piece for node in choice for piece in _LEADING.split(_CHOICE.sub("", node.words)) if piece]
    known = all(any(phrases.within(piece, own) for own in named) for piece in led)
    if len(groups) < 2 or max(tops) != full or (not choice and min(tops) != full) or not known:
        said = "；".join(node.words.strip(",:") for node in choice) or "或"
        return built.ask(f"“{said}”：几种计分办法怎样择优没有读懂")
    built.notes += [f"“{text.said(node)}”" for node in choice]
    for number, (group, top) in enumerate(zip(groups, tops, strict=True), 1):
        own = [*group, *(() if any(isinstance(node, clauses.Otherwise) for node in group) else shared)]
        called = re.sub(r"\W", "", next((one.subject for _, one in ranges(group)), ""))
        part = figures(
            replace(text, nodes=own), own, top, called if called.isidentifier() else f"{name}{number}"
        )
        built.parts.append(part)
        built.understood = built.understood and part.understood
        built.questions += [asked for asked in part.questions if asked not in built.questions]
        built.notes += [note for note in part.notes if note not in built.notes]
        if part.closed or part.spec is None:
            built.closed, built.understood = True, False
    if not built.closed:
        built.spec = {"kind": "better", "full": full, "parts": [part.spec for part in built.parts]}
    return built


def _groups(found: list[Node]) -> tuple[list[list[Node]], list[Node]]:
    """The clauses of each quantity, cut at 或 or where another one is named; 否则 at the end is for all that have none."""
    groups: list[list[Node]] = [[]]
    explicit = any(isinstance(node, clauses.Either) for node in found)
    for node in found:
        subjects = [one.subject for _, one in ranges([node]) if one.subject]
        before = [one.subject for _, one in ranges(groups[-1]) if one.subject]
        other = bool(subjects and before) and not phrases.same_quantity(subjects[0], before)
        if isinstance(node, clauses.Either) or (other and not explicit):
            groups.append([])
        if not isinstance(node, clauses.Either):
            groups[-1].append(node)
    last: list[Node] = [node for node in groups[-1] if isinstance(node, clauses.Otherwise)]
    alone = (
        len([group for group in groups if any(isinstance(node, clauses.Otherwise) for node in group)]) == 1
    )
    return groups, last if alone else []


def _top(group: list[Node], full: Decimal) -> Decimal:
    given = [
        node.effect for node in group if isinstance(node, clauses.Rule) and isinstance(node.effect, Given)
    ]
    points = [e.points if e.points is not None else full * (e.share or ZERO) for e in given]
    return max(points, default=full)
