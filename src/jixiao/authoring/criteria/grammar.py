"""The grammar of criteria texts: rules in the notation of ``peg``, and what each one makes of its tokens.

Order matters: a choice that needs more words stands before one that needs fewer. ``read_nodes`` reads clause by clause;
what fits no rule, up to the end of its phrase, is an ``Unread`` node, so that every token is in a node.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.authoring.criteria import clauses, phrases, ranges
from jixiao.authoring.criteria.clauses import (
    Change,
    Figure,
    Given,
    Kept,
    Node,
    Proportional,
    Range,
    Side,
    Sum,
    Token,
)
from jixiao.authoring.criteria.peg import Builder, Grammar, Match, Run
from jixiao.text import COUNTED

NOTATION = """
mark = m:IN / m:OUT
op = o:GE / o:LE / o:GT / o:LT / o:EQ
suffix = s:ABOVEIN / s:UPON / s:BELOWIN / s:DOWNTO / s:BEYOND
subject = abs:ABS / bar:BAR n:NAME BAR / LB n:NAME DIV n:NAME RB abs:ABS? / n:NAME DIV n:NAME abs:ABS?
    / n:NAME abs:ABS? (LB x:NAME RB)? abs:ABS?

ring = subject? AT? o:GT? pm:PM a:VAL mark? to:TO PM? b:VAL mark? BETWEEN? mark?
around = subject? AT? op? pm:PM a:VAL mark? suffix? BETWEEN? mark?
between = (of:NAME DE?)? a:VAL (m1:IN / m1:OUT)? op subject? op ((of:NAME DE?)? b:VAL (m2:IN / m2:OUT)? tail:NAME? / goal:NAME)
signed = subject? s:SIGNED
apart = subject? AT? NE a:VAL tail:NAME?
interval = subject? AT? open:LB a:VAL COMMA b:VAL close:RB BETWEEN? suffix? tail:NAME?
span = subject? DE? AT? op? a:VAL mark? to:TO b:VAL mark? suffix? BETWEEN? mark? tail:NAME?
ahead = subject? AT? b:AHEAD (TO c:VAL)? mark? suffix? tail:NAME?
compare = subject? AT? op (of:NAME LB a:VAL RB / (of:NAME DE?)? mark? a:VAL mark? suffix? mark? tail:NAME?)
    / a:VAL mark? op subject
suffixed = subject? DE? AT? a:VAL mark? suffix mark? tail:NAME?
bare = subject? DE? AT? a:VAL mark? tail:NAME?
fact = n:NAME (o:LE / o:GE / o:LT / o:GT / o:EQ) n:NAME / (n:BY n:NAME !PROP
    / n:AT? n:NAME (n:LB n:NAME n:RB n:NAME)?) (n:BY n:NAME !PROP !DO)* n:ABS? / (n:LE / n:GE / n:LT / n:GT) n:NAME
figured = c:ring / c:around / c:between / c:signed / c:apart / c:interval / c:span / c:ahead / c:compare / c:suffixed / c:bare
zero = n:NAME EQ v:VAL
join = DE? (COMMA? AND / COMMA &zero / (COMMA / ENUM)? &op / ENUM? &suffixed / ENUM &figured) DE?
listed = n:NAME (COMMA n:NAME)+
graded = n:NAME LB figured RB &(mid effect) / figured LB n:NAME RB &(mid effect)
way = (c:graded / figured / c:listed / c:fact) (join (figured / c:fact))*
ways = IF? w:way (DE? COMMA? OR IF? w:way)* DE*
mid = DE* (COMMA / COLON)? DE*

judged = AT? GET? least:VAL m1:mark? TO (most:PTS / most:VAL) m2:mark? (BETWEEN / DOWNTO)? JUDGE
    / GET least:PTS TO most:PTS / (GET / LESS) least:VAL m1:mark? TO (most:PTS / most:VAL) m2:mark? FULL?
    / GET most:VAL below:DOWNTO FULL? / GET? LB GET? least:VAL m1:mark? TO (most:PTS
    / most:VAL) m2:mark? full:FULL? RB !(DE / GET / PTS / COLON / COMMA GET) / most:VAL below:DOWNTO FULL
    / least:VAL m1:mark? TO most:VAL m2:mark? FULL / (BY NAME)? JUDGE GET? (least:VAL TO (most:PTS / most:VAL))?
given = LB (GET / FULL / MOST)? p:PTS RB / GET FULL? p:PTS / GET full:FULL? share:VAL DE? FULL?
    / BY FULL? share:VAL DE? FULL? DO / BY p:PTS DO / p:PTS / (GET / BY) FULL DO? / flat:FLAT / FULL
change = less:LESS p:PTS / less:LESS FULL? share:VAL DE? FULL? / more:MORE p:PTS / less:LESS FULL
kept = KEPT / gain:NOGAIN
linear = LINE
prop = (BY n:NAME? / n:NAME)? PROP / deducts:PROPLESS / BY n:NAME DO
term = BY? NAME (LB NAME (ENUM NAME)* RB NAME?)* (OR NAME !DIV)? (DO &RB)?
atom = n:term abs:ABS? / v:VAL / v:PTS / full:FULL / LB s:sum RB abs:ABS? / abs:BAR s:sum BAR
prod = a:atom ((o:MUL / o:DIV) a:atom)*
sum = a:prod ((o:PLUS / o:MINUS / o:TO) a:prod)*
formula = BY? SCORE s:sum DO? / BY? s:prod RESULT? DO?
effect = e:judged / e:linear / e:formula / e:given / e:change / e:kept / e:prop

each = up:EACHUP / down:EACHDOWN / both:EACHBOTH
change_of_step = e:change / e:given
step = (ELSE DE? COMMA? / ways:ways COMMA? AND?)? each
    (origin:VAL a:VAL / n:NAME? a:VAL after:NAME?) mark? (LB (rest:SHORT / rest:SPARE) RB)? mid change_of_step
thing = NAME (BY NAME)*
event = (ELSE DE? COMMA? / ways:ways COMMA? AND?)? (EACH before:thing? a:VAL after:thing?
    / a:EACHONE after:thing?) mid change_of_step
    / ways:ways COMMA lack:EACHLACK before:thing? a:VAL after:thing? mid change_of_step
deemed = n:NAME COMMA
each_own = n:NAME mid GET? p:PTS (ENUM GET? p:PTS)+
rule = ways:ways mid deemed? e:effect last:mark?
need = f:fact (OR f:fact)* mid (ELSE DE* COMMA? e:given / l:fact DE* COMMA? e:given)
either = OR COMMA? / b:BETTER
leading = e:effect COLON ways:ways
always = e:effect
otherwise = ELSE DE? mid e:effect
lost = MOST LESS p:PTS
given_most = MOST GET? MORE? FULL? p:PTS STOPS? / MOST GET? full:FULL
upto = m:UPTO p:PTS STOPS?
cap = lost:lost / upto:upto / top:TOP / rounded:ROUND / given:given_most / floor:FLOOR / started:SHORT / whole:SPARE / edges:EDGES
    / n:NAME? rate:RATED
ceiling = ways:ways after:NAME? DE? COMMA? whole:NAME most:MOST GET? p:PTS
base = n:NAME? BASE v:VAL AS
target = n:NAME COLON (r:span / r:compare / r:suffixed / r:bare) STOP / (r:span / r:compare / r:suffixed / r:bare) &(STOP / COMMA)
define = !BY n:term EQ s:sum (COMMA? abs:ABS)? / n:NAME mean:SCORE s:sum / n:NAME LB x:NAME RB &NAME
titled = n:NAME (DO / GET)? LB (GET / FULL / MOST)? p:PTS RB COLON
heading = BY? n:NAME DO? ABS? (LB x:NAME RB)? COLON
preface = n:NAME? a:VAL n:NAME? COMMA EACHONE GET? p:PTS / EACHONE NAME? GET? p:PTS COMMA n:NAME a:VAL NAME?
    / n:NAME GET? p:PTS / e:EACHONE GET? p:PTS
counted = n:NAME? a:VAL x:NAME? &COMMA
weight = FULL p:PTS / MOST p:PTS
item = ITEM
stop = STOP
comma = COMMA / ENUM / COLON &(ITEM / NAME)
words = by:BY? n:NAME do:DO? DE? / ABS
clause = c:stop / c:comma / c:item / c:preface / c:step / c:event / c:counted / c:ceiling / c:cap / c:otherwise / c:need
    / c:base / c:target / c:define / c:titled / c:each_own / c:rule / c:leading / c:weight / c:heading / c:always / c:words
    / c:either / LB (c:cap / c:define / c:need) RB
"""

_RATE = re.compile(r"比例|比率|占比|比重|百分比|程度|进度|率$|比$")
_POINTS = re.compile(
    "(?:评价|考核|评分)*(?:要点|内容|条件|要求)?共计?(?:(?:评价|考核|评分)*(?:要点|内容|条件|要求))?"
)
_POWER = re.compile("平方|立方|次方|开方|根号")
_TARGET = re.compile(r"(?:年度|年初|绩效|预期|设定)*(?:目标|指标|计划|标准|任务)+(?:值|数量?)?")


def _share(m: Match) -> Decimal | None:
    """A share of the full points; the text has to say it in percent."""
    token = m["share"]
    return token.value if token.unit == "%" and not token.point else None


def _given(m: Match) -> Given | None:
    if m["p"] is not None:
        return Given(points=m["p"].value)
    if m["share"] is not None:
        share = _share(m)
        bare = m["share"].unit == "" and m["full"] is None
        return Given(points=m["share"].value) if bare else None if share is None else Given(share=share)
    if m["flat"] is not None:
        return Given(points=Decimal(0), vague=m["flat"].text.endswith(("否决", "否决制")))
    alone = (
        m.end - m.start == 1 and m.start > 0 and m.tokens[m.start - 1].kind not in ("COMMA", "COLON", "DE")
    )
    return None if alone else Given(share=Decimal(1))


def _change(m: Match) -> Change | None:
    if m["p"] is not None:
        return Change(points=m["p"].value, sign=-1 if m["more"] is None else 1)
    share = Decimal(1) if m["share"] is None else _share(m)
    return None if share is None else Change(share=share)


def _judged(m: Match) -> clauses.Judged | None:
    """8-10分, 100%-80%（含）, 60%以下分值; told from the top down as well."""
    if m["most"] is None:
        return clauses.Judged()
    low, high = m["least"], m["most"]
    ends = [(Decimal(0) if low is None else low.value, m["m1"]), (high.value, m["m2"])]
    sides = [Side.END if mark is None else ranges.MARKS[mark.kind] for _, mark in ends]
    if m["below"] is not None:
        sides[1] = Side.OUT
    elif Side.IN in sides:  # （含） behind one end: the other one is the neighbour's
        sides = [Side.HALF if side is Side.END else side for side in sides]
    if m.tokens[m.start].kind == "LB" and high.unit != "分" and m["full"] is None:
        return None
    share = high.unit == "%" or (low is not None and low.unit == "%")
    if high.point or (
        share
        and {high.unit} | ({low.unit} if low is not None and low.value else set()) != {"%"}
        and high.value
    ):
        return None
    (least, below), (most, above) = sorted(zip((value for value, _ in ends), sides, strict=True))
    return clauses.Judged(least, most, share, (below, above))


def _need(m: Match) -> clauses.Need | None:
    what = phrases.needed("或".join(fact.text for fact in m.every("f")))
    told = what and (m["l"] is None or phrases.lacking(m["l"].text, what))
    return clauses.Need(m.start, m.end, what, m["e"]) if told else None


def _prop(m: Match) -> Proportional | None:
    of = m["n"].text if m["n"] is not None else ""
    of = "" if phrases.OVER_GOAL.fullmatch(of) else of
    told = m["deducts"] is not None or m.tokens[m.end - 1].kind == "PROP"
    return Proportional(m["deducts"] is not None, of) if told or _RATE.search(of) else None


def _atom(m: Match) -> Sum:
    made = Sum("full")
    if m["s"] is not None:
        made = m["s"]
    elif m["n"] is not None:
        made = Sum("name", name=m["n"])
    elif m["v"] is not None:
        made = Sum("number", value=m["v"].value, name=m["v"].unit)
    return made if m["abs"] is None else Sum("abs", (made,))


def _said(m: Match) -> str:
    """The letters of a match."""
    return "".join(token.text for token in m.tokens[m.start : m.end])


def _term(m: Match) -> str | None:
    """A name with the brackets that belong to it: 因公出国（境）费."""
    name = _said(m)
    aside = "(" in name and phrases.risky(name[name.index("(") :])
    return None if aside or _POWER.search(name) else name


_OPS = {"MUL": "times", "DIV": "over", "PLUS": "plus", "MINUS": "minus", "TO": "minus"}


def _chain(m: Match) -> Sum:
    made, *rest = m.every("a")
    for sign, side in zip(m.every("o"), rest, strict=True):
        made = Sum(_OPS[sign.kind], (made, side))
    whole: Sum = made
    return whole


def _formula(m: Match) -> clauses.Formula | None:
    told = len(m["s"].sides) > 1 or m.tokens[m.start].kind == "SCORE"
    return clauses.Formula(m["s"]) if told else None


def _way(m: Match) -> clauses.Condition | None:
    """低于目标值20%以上: how far below it, and not two conditions; only ranges stand side by side without a word (80%以上90%以下)."""
    parts: clauses.Condition = tuple(m.every("c"))
    ends = zip(parts, m.every("c.end"), strict=True)
    far = any(
        isinstance(one, clauses.Fact) and end < m.end and m.tokens[end].kind == "VAL" for one, end in ends
    )
    return None if far else parts


def _graded(m: Match) -> Range | None:
    """良好（80-90分）, 80%以上（良好）: the range says what the grade is; what is graded stands before it."""
    found, one = phrases.GRADE.fullmatch(m["n"].text), m["c"]
    return replace(one, subject=one.subject or found["of"]) if found and isinstance(one, Range) else None


def _ways(m: Match) -> tuple[clauses.Condition, ...]:
    made: list[clauses.Condition] = []
    for way in m.every("w"):
        one = way[0]
        if len(way) == 1 and isinstance(one, Range) and one.exact is not None and one.low_side is Side.OUT:
            made += (replace(one, low=None),), (replace(one, high=None),)  # ≠0: below or above
        else:
            made.append(way)
    return tuple(made)


def _preface(m: Match) -> clauses.Preface | None:
    count, name = m["a"], m["n"]
    alone = m["e"] is not None or (
        name is not None and re.fullmatch("(?:以上|上述)?(?:每[项个条点]要?点?|均?各占?)", name.text)
    )
    told = count is not None and count.unit in ("项", "个", "条", "点")
    said = "".join(token.text for token in (name, m["x"]) if token is not None)
    if (not told and (count is not None or not alone)) or (m["p"] is None and not _POINTS.fullmatch(said)):
        return None
    return clauses.Preface(m.start, m.end, count.value if told else None, _most(m))


def _rule(m: Match) -> clauses.Rule | None:
    ways, mark = m["ways"], m["m"]
    if mark is not None:  # 90%-100%得4分（不含100%）
        one = ways[0][0]
        ends = [getattr(one, "low", None), getattr(one, "high", None)]
        if len(ways) > 1 or len(ways[0]) > 1 or mark.value is None or mark.value not in ends:
            return None
        side = {"low_side" if mark.value == ends[0] else "high_side": ranges.MARKS[mark.kind]}
        ways = ((replace(one, **side),),)
    return clauses.Rule(m.start, m.end, ways, m["e"], m["ways.end"])


def _each_own(m: Match) -> list[Node] | None:
    """优、良、中、差分别得5分、4分、3分、0分."""
    text = re.sub("的?分别$", "", m["n"].text)
    cases, points = text.split("、"), m.every("p")
    if text == m["n"].text or len(cases) != len(points):
        return None
    return [
        clauses.Rule(m.start, m.end, ((clauses.Fact(case),),), Given(points=p.value))
        for case, p in zip(cases, points, strict=True)
    ]


def _deemed(m: Match) -> bool | None:
    """视为未完成, between what is lacking and what it costs."""
    text = m["n"].text  # 95%以上，评为优，得5分
    return re.match("视[为同](?:未|不|没有?)|评为[优良中差]", text) is not None or None


def _step(m: Match) -> list[Node] | None:
    token, origin, verb = m["a"], m["origin"], m["up"] or m["down"] or m["both"]
    way = 1 if m["up"] is not None else -1 if m["down"] is not None else 2
    start = None if origin is None else Figure(origin.value, origin.unit)
    each = Figure(token.value, token.unit, token.point)
    if not token.value or token.endless or (start is not None and start.unit != each.unit) or _cut_off(m):
        return None
    beside = "".join(token.text for token in (m["n"], m["after"]) if token is not None)
    if m["after"] is not None and (token.unit not in COUNTED or phrases.risky(beside)):
        return None
    edge = None if m["m"] is None else ranges.MARKS[m["m"].kind]
    ways = m["ways"] or ()
    made = clauses.Step(m.start, m.end, ways, way, each, m["e"], verb.text, "", beside, edge, start)
    whole = None if m["rest"] is None else "started" if m["rest"].kind == "SHORT" else "whole"
    return [made] if whole is None else [clauses.Cap(m.start, m.end, whole), made]


def _heading(m: Match) -> clauses.Heading | None:
    aside = m["x"]
    plain = aside is None or len(aside.text) == 1 or aside.text in ("百分制", "100分制")
    return clauses.Heading(m.start, m.end, m["n"].text) if plain else None


def _cut_off(m: Match) -> bool:
    """Whether words before 每 stand apart from it (封顶，每少1场): only a condition (发现问题的，) may have a comma behind it."""
    facts = [cond for way in m["ways"] or () for cond in way]
    if not facts or any(isinstance(cond, Range) or cond.op for cond in facts):
        return False
    each = next(n for n in range(m.start, m.end) if m.tokens[n].kind.startswith("EACH"))
    return [m.tokens[each - 1].kind, m.tokens[each - 2].kind == "DE"] == ["COMMA", False]


_ALL = re.compile("(?<![人平年月日])均|都(?!市)")
"""每个项目都有目标: what holds of all of them is nothing that is counted."""


def _event(m: Match) -> clauses.Step | None:
    token, lack = m["a"], m["lack"].text if m["lack"] is not None else ""
    words = lack + (m["before"] or "") + (m["after"] or "")
    if not token.value or _cut_off(m) or _ALL.search(words):
        return None
    return clauses.Step(
        m.start, m.end, m["ways"] or (), 0, Figure(token.value, token.unit), m["e"], event=words
    )


def _most(m: Match) -> Decimal | None:
    return None if m["p"] is None else m["p"].value


def _cap(m: Match) -> clauses.Cap:
    what, token = next(found for found in m.found if found[0] != "n")
    if what not in ("lost", "given", "upto"):
        return clauses.Cap(m.start, m.end, what)
    lost = what == "lost" or "扣" in m.tokens[m.start].text
    return clauses.Cap(m.start, m.end, "lost" if lost else "given", token[0])


def _ceiling(m: Match) -> clauses.Ceiling | None:
    name = m["whole"].text + m["most"].text.startswith("得分") * "得分"
    total = re.search("(?:总|综合|最终|评价)(?:得分|评分)$|总分$", name)
    return clauses.Ceiling(m.start, m.end, m["ways"], m["p"].value) if total else None


def _target(m: Match) -> clauses.Target | None:
    name = m["n"].text if m["n"] is not None else m["r"].subject
    planned = m["r"].unit not in ("", "%") and _TARGET.match(
        name
    )  # 年度计划培训400人次, and then what it is worth
    return clauses.Target(m.start, m.end, m["r"]) if planned or _TARGET.fullmatch(name) else None


def _defined(m: Match) -> clauses.Defined | None:
    if m["s"] is None:
        return clauses.Defined(m.start, m.end, m["n"].text, None) if len(m["x"].text) == 1 else None
    made = m["s"] if m["abs"] is None else Sum("abs", (m["s"],))
    name = m["n"]
    if m["mean"] is not None:  # 督查平均得分=(甲得分+乙得分)÷2: a figure of that name, not the points
        name = name.text + m["mean"].text.rstrip("=") if name.text.endswith("平均") else ""
    return (
        clauses.Defined(m.start, m.end, name, made) if name and m["s"].sides and any(made.names()) else None
    )


def _listed(m: Match) -> clauses.Fact | None:
    """制度完善，执行有效: several good things told one behind the other are one fact."""
    told = [token.text for token in m.every("n")]
    return clauses.Fact("，".join(told)) if all(phrases.good(text) for text in told[:-1]) else None


def _words(m: Match) -> clauses.Words:
    said = m.tokens[m.start : m.end]
    return clauses.Words(
        m.start, m.end, "".join(token.text for token in said if token.kind in ("NAME", "ABS"))
    )


BUILDERS: dict[str, Builder] = {
    **{name: getattr(ranges, name) for name in
       ("ring", "around", "between", "signed", "apart", "interval", "span", "ahead", "compare", "suffixed", "bare", "fact")},
    "listed": _listed, "graded": _graded,
    "way": _way, "ways": _ways,
    "judged": _judged, "given": _given, "change": _change, "kept": lambda m: Kept(m["gain"] is not None),
    "linear": lambda m: clauses.Linear(), "prop": _prop,
    "term": _term, "thing": _said,
    "zero": lambda m: m["v"].value == 0 or None, "atom": _atom, "prod": _chain, "sum": _chain, "formula": _formula,
    "deemed": _deemed,
    "each_own": _each_own, "preface": _preface, "counted": _preface, "effect": lambda m: m["e"], "step": _step, "event": _event,
    "rule": _rule,
    "leading": lambda m: clauses.Rule(m.start, m.end, m["ways"], m["e"]),
    "always": lambda m: clauses.Rule(m.start, m.end, (), m["e"]),
    "need": _need, "either": lambda m: clauses.Either(m.start, m.end, "" if m["b"] is None else m["b"].text),
    "otherwise": lambda m: clauses.Otherwise(m.start, m.end, m["e"]),
    **dict.fromkeys(("lost", "upto", "given_most"), lambda m: (_most(m),)), "cap": _cap,
    "ceiling": _ceiling,
    "base": lambda m: clauses.Base(m.start, m.end, Figure(m["v"].value, m["v"].unit)),
    "target": _target, "define": _defined,
    "heading": _heading, "titled": lambda m: clauses.Heading(m.start, m.end, m["n"].text, m["p"].value),
    "weight": lambda m: clauses.Whole(m.start, m.end, m["p"].value),
    "item": lambda m: clauses.Item(m.start, m.end),
    "stop": lambda m: clauses.Stop(m.start, m.end), "comma": lambda m: Node(m.start, m.end),
    "words": _words,
    "clause": lambda m: m["c"],
}  # fmt: skip


@functools.cache
def grammar() -> Grammar:
    """The compiled grammar."""
    return Grammar(NOTATION, BUILDERS)


def read_nodes(tokens: Sequence[Token]) -> list[Node]:
    """The nodes of a text in order; every token is in one."""
    run, at = Run(grammar(), tokens), 0
    made: list[Node] = []
    while at < len(tokens):
        if (end := _note(tokens, at)) > at:
            made.append(clauses.Note(at, end))
            at = end
            continue
        end, node = run.read("clause", at)
        if end <= at:
            end = at + 1
            while end < len(tokens) and tokens[end].kind not in ("STOP", "COMMA"):
                end += 1
            node = clauses.Unread(at, end)
        if isinstance(node, list):
            made += node
        elif type(node) is not Node:
            made.append(node)
        at = end
    return made


def _note(tokens: Sequence[Token], at: int) -> int:
    """The end of a remark that begins here: a bracket, a statement or a phrase of it; ``at`` where there is none."""
    if at and tokens[at - 1].kind not in ("STOP", "COMMA") and tokens[at].kind != "LB":
        return at
    first = tokens[at].kind == "LB"
    depth, text, found = 0, "", at
    for place in range(at, len(tokens)):
        token = tokens[place]
        depth += (token.kind == "LB") - (token.kind == "RB")
        if first and depth == 0:
            return place + 1 if phrases.is_note(text[1:]) else at
        if not first and token.kind in ("STOP", "COMMA") and phrases.is_note(text, ends=token.kind == "STOP"):
            found = place
        if token.kind == "STOP" and not first:
            return found
        text += token.text
    return len(tokens) if not first and phrases.is_note(text) else found
