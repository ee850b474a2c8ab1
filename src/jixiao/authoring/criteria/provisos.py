"""Clauses that stand beside a rule over a figure, and what was read over and could still matter.

What is a denial of the rule's own words is read as such. A situation of its own that costs everything becomes an
exception over a new fact; one that costs some points cannot be joined to the rule and is asked about, as is every
remark that may change the points.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria.clauses import Reading, heading, subject
from jixiao.authoring.criteria.draft import Built, Work
from jixiao.authoring.criteria.phrases import Clause, Given
from jixiao.authoring.criteria.statements import Item, is_note, moves_points
from jixiao.text import affirmed, take_precondition

_GENERIC = re.compile(
    r"(?:其中|若|如|凡|对|当|部分|未|没有|没|不|能|达|到|完成|低于|超过|超出|高于|大于|小于|少于|不足|全部|目标|指标|计划|预算|标准|"
    r"要求|任务|规定|年度|年初|预期|设定|批复|值|数|额|量|比例|比率|率|的|实际|情况|者|时|在|范围|上述|以上|以下|该|此|本|按|进度|控制|以|内|区间|"
    r"项目|情形|合格|符合|满足|均|都|档|条件|结果|降低|减少|增加|增长|上升|下降|部门|单位|支出|经费|资金|超|支|限|,)*"
)
_LEAD = re.compile(
    r"^(?:[,、]|其中|若|如|凡|当|对于|对|经查实|经|另|此外|同时)*(?:出现|发生|存在|发现|查出|有)*"
)
_TAIL = re.compile(r"(?:[,的等者时]|情况|情形|行为|问题|现象)*$")
_MUST = re.compile(r"^(?:[,、]|以上|上述|各项|均|应当|应|需要|需|须|必须|要)*")
_LONGEST = 20
_NONE = re.compile(
    r"^(?:[,、]|如果|如|若|凡|当|当年|本年度|本年|年度|没有主管)*(?:不涉及|未涉及|无|没有|未安排|不存在|未列入|未纳入)"
)
BEYOND = re.compile(
    r"^[,，]?(?:未达|没有?达|达不到|超出|超过|超|低于|高于|不足|不在|不符合|未符合|不满足|未满足|不达标|未达标)"
)
_ABSOLUTE = re.compile(r"差异率|偏差率|偏离度|偏离率|误差率|差错率|差错数|绝对值|差异幅度|偏差度|偏差幅度")
_FALLS = re.compile(
    r"(?:下降|减少|降低|压减|压缩)(?:了|幅度|率)?(?:在|达到?|超过|低于|不足|大于|小于|[≥>≤<])*\d"
)
_COMPUTED = ("bands", "steps", "pieces", "proportional", "score", "interpolate")


def own(work: Work, clause: Clause, *, loosely: bool = True) -> bool:
    """Whether the words of a clause only deny or repeat what the rule itself says of its quantity."""
    said = _TAIL.sub("", clause.text if clause.ranges or clause.compared else "".join(clause.words))
    for other in work.reading.clauses:
        name = subject(other) if other.ranges or other.every else ""
        if name:
            said = said.replace(name, "")
    core = affirmed(said)
    if (
        loosely
        and len(core) > 1
        and any(core in c.text for c in work.reading.clauses if c.ranges and core != c.text)
    ):
        return True
    full = affirmed(work.full_words)
    return bool(_GENERIC.fullmatch(said)) or (len(said) > 1 and affirmed(said) in full and said != full)


def veto(work: Work, clause: Clause) -> None:
    """A situation of its own that costs all points: an exception over how often it was found."""
    name = fact(clause.text, unless=clause.unless)
    if not name or clause.compared:
        work.built.ask(f"“{clause.text}”与数值的关系没有写明")
        return
    except_(work.built, f"{name} > 0", name, Decimal(0), clause.text, assumed=Decimal(0))


def exempt(work: Work, clause: Clause) -> bool:
    """不涉及结转结余资金的，视为满分: an exception that gives the full points; whether the clause was one."""
    if not (work.bands or work.steps) or not _NONE.match(clause.text):
        return False
    core = re.sub(r"[^\w]", "", _TAIL.sub("", _LEAD.sub("", clause.text)))
    if not 2 <= len(core) <= _LONGEST or not core.isidentifier() or re.search(r"\d", core):
        return False
    name = f"{core}情形数"
    except_(work.built, f"{name} > 0", name, work.full, clause.text, assumed=Decimal(0), note=False)
    work.built.notes.append(f"按“{name}”为0计算；属于这种情形的得满分")
    return True


def fact(words: str, *, unless: bool) -> str:
    """The name of the fact that counts a situation; empty where the words are no plain situation."""
    core = _TAIL.sub("", (_MUST if unless else _LEAD).sub("", words))
    core = re.sub(r"[^\w]", "", core)
    if not 2 <= len(core) <= _LONGEST or re.search(r"\d", core) or not core.isidentifier():
        return ""
    return f"{core}{'不符合' if unless else ''}次数"


def except_(
    built: Built, when: str, name: str, points: Decimal, because: str, *, assumed: Decimal, note: bool = True
) -> None:
    """An exception that goes before the rule, over a fact of its own."""
    built.first.append({"when": when, "points": points, "because": because.strip(",的") or name})
    built.assumed[name] = assumed
    if note:
        built.notes.append(f"按“{name}”为{assumed}计算；{when.split(' ', 1)[1]}时不得分")


def need(built: Built, what: str) -> None:
    """Put a precondition onto a rule that was read."""
    spec = built.spec
    words = re.sub(r"[^\w]", "", what)
    if spec is not None and spec["kind"] == "point":
        spec["requires"] = what
        built.questions.append(f"前提“{what}”由评价人确认，不满足时不得分")
    elif spec is not None and spec["kind"] in _COMPUTED and words.isidentifier() and len(words) <= _LONGEST:
        name = f"{words}份数"
        except_(built, f"{name} == 0", name, Decimal(0), f"没有提供{what}", assumed=Decimal(1), note=False)
        built.notes.append(f"前提：须有{what}，没有时不得分")
        first(built)
    else:
        built.ask(f"前提“{what}”由评价人确认，不满足时不得分")


def absolute(work: Work) -> None:
    """差异率 has no sign by its nature: below zero nothing is settled, lest a shortfall earn full points."""
    said = work.name + "".join(c.text for c in work.reading.clauses) + "".join(work.reading.defined)
    figures = [v for b in work.bands for v in (b.low, b.high) if v is not None]
    told = [c.text for c in work.reading.clauses if c.ranges]
    falls = bool(told) and all(_FALLS.search(text) for text in told)  # 下降5%以上: a drop may be told as -5%
    signed = any(v < 0 for v in figures) or work.around or any(s.way == 2 for s in work.steps)
    if (
        (falls or _ABSOLUTE.search(said))
        and not signed
        and work.unit in ("%", "")
        and work.built.spec is not None
    ):
        because = "下降幅度应填正数，请核对" if falls else "按绝对值计算的数不应小于0，请核对"
        work.built.first.append({"when": f"{work.name} < 0", "points": "待核定", "because": because})


def first(built: Built) -> None:
    """Write the exceptions into the rule."""
    spec: dict[str, Any] | None = built.spec
    if not built.first or spec is None:
        return
    if spec["kind"] in _COMPUTED:
        spec["first"] = [dict(case) for case in built.first]
        return
    built.ask(f"“{built.first[0]['because']}”与其他写法怎样合并没有写明")


_RISKY = re.compile(
    r"以此类推|依此类推|除外|剔除|分别(?:得|计|给|扣)|孰|择优|就高|较高者|取平均|平均值|平均得分|平均分|加权|封顶|视同|倍数|折半|减半|加倍|翻倍|累进|逐级|择其一|任选|选其一|"
    r"选择其中|一票否决|降档|降级|降一|降低.{0,2}[档级等]|提高.{0,2}[档级等]|系数|[一二三四五六七八九\d]折|核减|下调|上浮\d|从严|不重复|不得重复|取最高|最高级别|不累计|只计|仅计1次|同时扣|另行|免予|取消"
)
_POINTS = re.compile(
    r"(?<![充部成十区])分(?!别|工|离|项|户|批|组|担|享|析|配|类|解|为|管|工|布|期|局|行|级|发)|扣|折算"
)
_FIGURES = re.compile(r"±\d|\d%?(?:以内|以上|以下|之间)|[≥≤<>]\d")
_WEIGHTY = re.compile(
    r"不得分|酌情|扣\d|扣分|[得加减]\d|除外|剔除|否则|折半|减半|加倍|按.{0,8}计|视同|视为|满分|零分|比例"
)


def leftovers(item: Item, reading: Reading, built: Built) -> None:
    """Ask about remarks, words and headings of an item that may change its points."""
    for remark in item.asides:
        _remark(remark, built)
    for text in [*reading.left, *reading.signs & {"onward"}]:
        built.ask(f"“{'以此类推' if text == 'onward' else text}”没有写全，不能确定怎样计分")
    for clause in reading.clauses:
        for word in [*clause.words, *clause.after]:
            risk = _RISKY.search(word)
            if risk and not (clause.ranges and word in clause.words and risk[0].startswith("平均")):
                built.ask(f"“{word}”怎样影响得分没有读懂")
        lead = clause.words[-1] if clause.words else ""
        cut = isinstance(clause.action, Given) and re.search(r"(?<![压缩削精裁调递])减$|扣$", lead)
        if cut or (heading(clause) and _POINTS.search(clause.text)):
            built.ask(f"没有读懂：“{clause.text}”")


def beside(item: Item, part: Built) -> None:
    """Ask about remarks and further sentences of a point that is otherwise a plain title."""
    for remark in item.asides:
        _remark(remark, part)
    for statement in item.statements()[1:]:
        if _RISKY.search(statement) or _POINTS.search(statement) or _WEIGHTY.search(statement):
            part.ask(f"没有读懂：“{statement}”")


def _remark(remark: str, built: Built) -> None:
    proof = take_precondition(remark)[1]
    if moves_points(remark) or is_note(remark):
        built.notes.append(remark)
    elif proof:
        built.questions.append(f"前提“{remark}”由评价人确认，不满足时不得分")
        if built.spec is not None and built.spec.get("kind") == "point":
            built.spec["requires"] = proof
        else:
            built.understood = False
    elif _FIGURES.search(remark) and built.spec is not None and "x" in built.spec:
        built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
    elif _WEIGHTY.search(remark):
        built.ask(f"括号内“{remark}”怎样影响得分没有读懂")
