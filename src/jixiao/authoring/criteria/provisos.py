"""What stands beside a rule: remarks and titles that change nothing, and what goes before it as an exception.

A situation that costs all points, evidence, where it does not apply: each is an exception over a fact of its own (a count
of what happened, of papers handed in), taken as the rule is usually met: nothing happened, the papers are there.
"""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases
from jixiao.authoring.criteria.clauses import Given
from jixiao.authoring.criteria.sheet import Sheet
from jixiao.authoring.criteria.values import ZERO, Value

_LONGEST = 20
_ALSO = re.compile(r"(?:继续|仍然?|也|同样|均|都)$")
_LEAD = re.compile(r"^(?:其中|若|如|凡|当|对于|对|经查实|经|另|此外|同时)*(?:出现|发生|存在|发现|查出|有)*")
_TAIL = re.compile(r"(?:[的等者时]|情况|情形|行为|问题|现象|之一|部门|单位)*$")
_NOT_HERE = re.compile(
    r"(?:如|若|凡|当年|本年度?|年度|[本该]?单位|[本该]?部门)*(?:(?:不涉及|未涉及|不适用|未列入|未纳入|未安排|没有安排).*"
    r"|(?:没有|无|不存在)(?:(?![超违逾误差]|[不未]).)*(?:任务|项目|业务|经费|费用|资金|事项|安排|预算|计划|支出|情形)(?:的?(?:部门|单位))?)的?"
)
_LACKING = re.compile(r".*?(?:没有安排|未安排|没有|不存在|无)(?P<what>.+?)(?:的?(?:部门|单位))?的?")
STALE = "与本项满分不符，可能沿用了旧的权重"


def beside(sheet: Sheet, node: clauses.Node, *, first: bool) -> bool:
    """Whether a node only stands beside the rule: noted, made an exception, asked about, or known to change nothing.

    ``first``: no rule stands before it.
    """
    match node:
        case clauses.Stop() | clauses.Item():
            pass
        case clauses.Need() | clauses.Note():
            noted(sheet, node)
        case clauses.Heading() | clauses.Whole() if node.points is not None:
            if node.points != sheet.full:
                sheet.ask(node, STALE)
        case clauses.Heading() if first and not phrases.risky(node.text):
            pass
        case clauses.Heading() | clauses.Words() if phrases.changes_nothing(node.text, first=first):
            pass
        case clauses.Cap():
            full = node.what in ("given", "lost") and node.most in (None, sheet.full)
            return full or node.what == "floor"
        case _:
            return False
    return True


def applies_not(fact: str) -> bool:
    """Whether words say that there is nothing here to be rated: 不涉及结转资金的, 无考核任务的."""
    return _NOT_HERE.fullmatch(fact) is not None and not phrases.risky(fact)


def except_(sheet: Sheet, node: clauses.Rule, fact: str, value: Value, *, exempt: bool = False) -> None:
    """An exception over how often a situation was found; asked about where its words are no plain situation.

    ``exempt``: there is nothing here to be rated. A figure of the table that is lacking is 0.
    """
    effect, said = node.effect, sheet.text.said(node)
    if isinstance(effect, Given) and effect.vague:
        sheet.ask(node, "是本项不得分还是全部不得分没有写明")
    if exempt and isinstance(effect, Given) and effect.share not in (None, 1):
        sheet.ask(node, "按什么计算没有写明")
    lacking = _LACKING.fullmatch(fact) if exempt and isinstance(value, Decimal) else None
    if lacking and sheet.text.known(lacking["what"]):
        sheet.built.first.append({"when": f"{lacking['what']} == 0", "points": value, "because": fact})
        sheet.built.compared[lacking["what"]] = Decimal(1)
        return
    name = _named(_TAIL.sub("", fact if exempt else _LEAD.sub("", fact)), "情形数" if exempt else "次数")
    if not name or not isinstance(value, Decimal | str) or phrases.risky(fact.removeprefix("情节")):
        sheet.ask(node, "与数值的关系没有写明")
        return
    _before(sheet, f"{name} > 0", value, fact.removesuffix("的"), name, ZERO)
    sheet.built.notes.append(f"“{said}”：按“{name}”为0计算")


def compared(sheet: Sheet, node: clauses.Rule, points: Value) -> bool:
    """An exception over named figures (采购金额大于计划金额的不得分, 上年数为0且本年数为0的得满分); False where it is none.

    A figure that keeps inside another one and gets all the points is no exception: the steps beside it begin there.
    """
    ways = [[_test(one) for one in way] for way in node.ways]
    tests = [test for way in ways for test in way]
    if not isinstance(points, Decimal) or not tests or not all(left for left, _, _ in tests):
        return False
    if points and any(sign != "==" for _, sign, _ in tests):
        return False
    for left, sign, right in tests:
        sheet.built.compared[left] = Decimal(not sign.startswith(">"))
        if right.isidentifier():
            sheet.built.compared[right] = Decimal(not sign.startswith("<"))
    when = " or ".join(" and ".join(" ".join(test) for test in way) for way in ways)
    sheet.built.first.append({"when": when, "points": points, "because": sheet.text.label(node)})
    return True


def figure(one: clauses.Fact | clauses.Range) -> str:
    """The name of the figure that a condition is about."""
    return one.left if isinstance(one, clauses.Fact) else _ALSO.sub("", one.subject)


def _test(one: clauses.Fact | clauses.Range) -> tuple[str, str, str]:
    """A comparison of two figures, or of one with a number: left, sign, right; empty where it is none."""
    if isinstance(one, clauses.Fact):
        told = (one.left, one.op, one.right) if one.op and one.left != one.right else ("", "", "")
    else:
        plain = one.exact == 0 and not (one.tail or one.of or one.bare)
        told = (figure(one), "==", "0") if plain else ("", "", "")
    return told if told[0].isidentifier() and (told[2].isidentifier() or told[1] == "==") else ("", "", "")


def counted(fact: str) -> str:
    """The count of how often a situation was found (重大违纪案件次数); empty where its words are no plain situation."""
    core = "" if phrases.risky(fact.removeprefix("情节")) else _TAIL.sub("", _LEAD.sub("", fact))
    return _named(core, "次数")


def noted(sheet: Sheet, need: clauses.Need | clauses.Note) -> None:
    """须提供…，否则不得分: an exception where it is not there; a remark is a note."""
    said = sheet.text.said(need)
    if isinstance(need, clauses.Note):
        sheet.built.notes.append(said)
        return
    name = _named(need.what, "份数")
    nothing = isinstance(need.effect, Given) and need.effect.points == 0 and not need.effect.vague
    if not name or not nothing:
        sheet.built.ask(f"前提“{said}”不满足时怎样计分没有读懂")
        return
    _before(sheet, f"{name} == 0", ZERO, f"没有{need.what}", name, Decimal(1))
    sheet.built.notes.append(f"前提“{said}”：按已具备计算")


def _before(sheet: Sheet, when: str, points: Value, because: str, name: str, assumed: Decimal) -> None:
    sheet.built.first.append({"when": when, "points": points, "because": because})
    sheet.built.assumed[name] = assumed


def _named(text: str, what: str) -> str:
    core = re.sub(r"\W", "", text)
    plain = 2 <= len(core) <= _LONGEST and core.isidentifier() and not re.search(r"\d", core)
    return f"{core}{what}" if plain else ""
