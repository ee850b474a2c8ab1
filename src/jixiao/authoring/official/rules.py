"""The text of an official indicator -> its rule, with exceptions, and the reasons not to trust what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria import Understood, phrases, provisos, read_criteria
from jixiao.authoring.criteria.clauses import (
    Change,
    Defined,
    Either,
    Formula,
    Heading,
    Need,
    Node,
    Note,
    Range,
    Step,
    Sum,
    Words,
)
from jixiao.authoring.criteria.clauses import Rule as Ruling
from jixiao.authoring.criteria.understood import Built
from jixiao.authoring.criteria.wholetext import Known, Text, read_text
from jixiao.authoring.official.formulas import Ratio, ratios, ratios_of, written_out
from jixiao.authoring.official.names import LONGEST, Vocabulary, plain_facts, safe
from jixiao.authoring.official.textparts import listed_points
from jixiao.text import COUNTED, bare, unnumbered

PENDING = "待核定"
_MEASURED = "实际值"
_FULFILS = frozenset(
    ["符合", "满足", "具备", "达到", "做到", "缺", "缺少", "不符合", "不满足", "不具备", "未达到", "未做到"]
)
"""What is said of a point of the table itself; anything else that is counted (违规, 缺少材料) is no point of it."""
_POINTED = re.compile(r"(?:符合|满足|具备|达到|做到)?第?([①-⑳])(?:项|点|条)?(?:要求|标准)?的?")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z_]\w*")
_SAME = re.compile(
    r"(?P<thing>\w+?)(?P<first>决算数|支出数|实际支出数|支出) (?P<sign>\S+) (?P<column>(?:年初|全年|批复)?预算数?|(?:上年)?决算数)"
)
_MEASURE = re.compile(r"(?:率|度|比例|比|数|数量|金额|额|得分|天数|次数|人次|占比|规模|差异|偏差)$")
_WEIGHS = re.compile(
    r"符合|优(?!先)|良|等[级次]|总得?分|比例|满分|分值|权重|标准为|基准|[得计评赋扣加减给]分|不得|扣(?!除)"
)
_FULL_STOP = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？"})
_SCOPE = re.compile(r"除外|不含|不包括|剔除|扣除|调整后")
_WIDEST = 200


def contradictions(told: Text, spec: dict[str, Any], name: str, vocabulary: Vocabulary) -> list[str]:
    """Reasons not to trust a rule that was read; empty where there is none.

    ``name`` is the quantity the text was read over. A rule that people decide reads no quantities; a formula that was
    passed over speaks against it all the same.
    """
    reads = set(_reads(spec))
    passed = [node for node in told.nodes if isinstance(node, Defined) and node.sum is not None]
    made = [f"算式“{told.said(node)}”没有读懂" for node in passed]
    tied = {bare(read) for read in reads} | {bare(name)}
    names = told.names()
    said = [bare(wording) for wording in names]
    for other in sorted({*plain_facts(names), *vocabulary.quantities}) if reads else ():
        word = bare(other)
        apart = any(word in wording for wording in said) and not any(
            word in read or read in word for read in tied
        )
        if apart and vocabulary.known(other) not in reads:
            made.append(f"文中还有“{other}”，不能确定按哪个数计分")
    if len(reads) == 1 and sum(1 for _ in _reads(spec)) > 1 and spec["kind"] == "sum":
        made.append(f"几个要点都按“{next(iter(reads))}”计分，不能确定是否各有各的数")
    return made


def _reads(spec: dict[str, Any]) -> Iterator[str]:
    """The quantities of a rule and of what goes before it."""
    if isinstance(spec.get("x"), str):
        yield spec["x"]
    for case in spec.get("first", []):
        yield from _NAME.findall(str(case["when"]))
    for key in ("parts", "items", "penalties"):
        for part in spec.get(key, []) if isinstance(spec.get(key), list) else []:
            yield from _reads(part)


@dataclass(slots=True)
class Rule:
    """A rule as a definition writes it (``spec``).

    ``why``: reasons for which a person scores it, empty where the text was understood in full. ``doubts``: values that
    a person settles although the rule is understood.
    """

    spec: dict[str, Any]
    why: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def human(self) -> bool:
        """Whether a person decides the points because the text could not be read as a rule."""
        return bool(self.why)


@dataclass(slots=True)
class Subject:
    """What a point of a table is about: the title, and texts that may define its quantity (``below`` the table, too)."""

    title: str
    description: str
    vocabulary: Vocabulary
    shared: str = ""
    about: str = ""
    below: Sequence[Ratio] = ()


def read_rule(
    text: str | Text, full: Decimal, subject: Subject, *, graded: bool = False, partly: bool = False
) -> Rule:
    """The rule of one point. Never raises; what is not understood is a point that a person scores.

    ``partly``: a rule whose text leaves some values open keeps them 待核定 instead.
    """
    told = read_text(text)
    silent = [nodes for nodes in told.statements() if all(says_nothing(node) for node in nodes)]
    remarks = [told.quoted(nodes).strip(" 。；;") for nodes in silent]
    own = ratios(told)
    subject.about = subject.title + "".join(one.name for one in own)
    scored = _scored(told, full, subject)
    taken = {node.start for nodes in silent for node in nodes} | {one.node.start for one in own}
    nodes = [n for n in told.nodes if n.start not in taken]
    left = told.kept(n for n in nodes if n.start not in scored)
    rest = left.words

    def known(wording: str) -> bool:
        return bool(subject.vocabulary.known(wording, subject.about))

    name = next(iter(scored.values()), "") or _defined(
        [*own, *ratios_of(subject.shared), *ratios_of(subject.description), *subject.below], rest, subject
    )
    asides = [node for node in left.nodes if isinstance(node, Ruling) and _aside(node, known)]
    plain = replace(left, nodes=[node for node in left.nodes if node not in asides])
    name = name or safe(_named(plain, rest, subject))
    asked = told.kept(_by(scored[n.start], n) if n.start in scored else n for n in nodes)
    found = read_criteria(replace(asked, known=known), full, name)
    if partly and not found.built.closed and found.spec is not None:
        found.understood = True
    made = _rule(found, left, rest, full, subject, name, graded=graded)
    made.doubts += [f"口径“{remark}”由填报人掌握" for remark in remarks if _SCOPE.search(remark)]
    said = [*made.why, *(f"口径：{remark}" for remark in remarks if remark not in made.spec.get("title", ""))]
    if said:
        made.spec["note"] = "；".join(dict.fromkeys(said))
    return made


def _aside(node: Ruling, known: Known) -> bool:
    """Whether a rule is an exception over other figures (预算数为0的得满分)."""
    return all(known(provisos.figure(one)) and getattr(one, "exact", 0) == 0 for one in node.conds) and bool(
        node.ways
    )


def says_nothing(node: Node) -> bool:
    """Whether a node is words that weigh nothing; what a figure leaves out is told beside the rule."""
    if isinstance(node, Note) or (isinstance(node, Either) and not node.words):
        return True
    words = node.text if isinstance(node, Words | Heading) else ""
    if isinstance(node, Heading) and node.points is not None:
        return False
    return (
        bool(words) and not _WEIGHS.search(words) and (bool(_SCOPE.search(words)) or not phrases.risky(words))
    )


def _rule(
    found: Understood, told: Text, rest: str, full: Decimal, subject: Subject, name: str, *, graded: bool
) -> Rule:
    """The rule as it was understood, tied to the vocabulary; ``told`` are the nodes that it was read from."""
    spec = data(found.spec) if found.spec is not None else {}
    against = contradictions(told, spec, name, subject.vocabulary) if found.understood and spec else []
    if not (found.understood and spec) or against:
        return _human(found.questions + against, {} if against else spec, told, rest, full, subject)
    _titled(spec, told)
    if spec["kind"] == "point":
        _required(spec, told, graded=graded)
    counted = found.built.unit in COUNTED and name.endswith(("率", "度", "比例", "占比", "比重"))
    if spec.get("x") == name and (name.endswith(_MEASURED) or counted):
        spec = _by_point(spec, told, subject) or spec
        _count_faults(spec, told, subject)
    _named_points(spec, subject)
    _bind(spec, subject, found)
    return Rule(spec, doubts=list(found.questions))


def _required(spec: dict[str, Any], told: Text, *, graded: bool) -> None:
    """What has to be there for a point that a person decides is confirmed beside the verdict, and not counted."""
    needs = {f"没有{node.what}": node.what for node in told.nodes if isinstance(node, Need)}
    first = [case for case in spec.pop("first", ()) if case["because"] not in needs]
    spec |= ({"graded": True} if graded else {}) | ({"first": first} if first else {})
    if needs:
        spec["requires"] = "、".join(needs.values())


def _human(
    why: list[str], spec: dict[str, Any], told: Text, rest: str, full: Decimal, subject: Subject
) -> Rule:
    """A point that a person scores, with the questions that the text leaves."""
    why = why or ["没有读懂评分标准"]
    if spec.get("kind") == "point":
        _titled(spec, told)
        _required(spec, told, graded=True)
        return Rule(spec, why)
    lines = [line for line in re.split(r"[。；;\n]", rest) if line.strip()]
    title = _point_title(told) if len(lines) == 1 else ""
    return Rule({"kind": "point", "full": full, "title": title or subject.title, "graded": True}, why)


def data(value: Any) -> Any:
    """A record as plain data."""
    if isinstance(value, dict):
        return {key: data(item) for key, item in value.items()}
    return [data(item) for item in value] if isinstance(value, list) else value


def _titled(spec: dict[str, Any], told: Text) -> None:
    """Titles and situations in the punctuation of the official text."""
    if spec["kind"] == "point":
        spec["title"] = _point_title(told) or str(spec["title"]).translate(_FULL_STOP)
    if isinstance(spec.get("options"), dict):
        spec["options"] = {label.translate(_FULL_STOP): points for label, points in spec["options"].items()}
    for part in spec.get("parts", []):
        if "title" in part:
            part["title"] = str(part["title"]).translate(_FULL_STOP)


def _point_title(told: Text) -> str:
    """A point as the text says it, up to its points."""
    first = next(told.statements(), [])
    end = next((node.told or node.start for node in first if isinstance(node, Ruling)), 0)
    said = told.between(first[0].start, end) if first and end > first[0].start else ""
    said = unnumbered(said.strip()).strip(" ，,。；;：:的")
    return "" if phrases.risky(said) else said[:_WIDEST]


def _scored(told: Text, full: Decimal, subject: Subject) -> dict[int, str]:
    """得分=甲÷乙×满分 over quantities without a name: the ratio gets one. By the token where the formula starts."""
    for node in told.nodes:
        if not (
            isinstance(node, Ruling) and isinstance(node.effect, Formula) and node.effect.sum.op == "times"
        ):
            continue
        for ratio, factor in (node.effect.sum.sides, node.effect.sum.sides[::-1]):
            whole = factor.op == "full" or (factor.op == "number" and factor.value == full)
            if ratio.divides() and whole and not node.ways:
                about = "计分比率" if _MEASURE.search(subject.title) else "完成率"
                return {node.start: _define(Ratio(f"{subject.title}{about}", ratio, node), subject)}
    return {}


def _by(name: str, node: Node) -> Node:
    """The formula of the points told by the name of its ratio."""
    assert isinstance(node, Ruling)
    return replace(node, effect=Formula(Sum("times", (Sum("name", name=name), Sum("full")))))


def _defined(found: list[Ratio], text: str, subject: Subject) -> str:
    """The name of the ratio that the text scores: the one it names, or the only one that is defined."""
    plain = bare(text)
    said = [one for one in found if bare(one.name) in plain] or [
        one for one in found if bare(one.name) == bare(subject.title)
    ]
    chosen = said[0] if said else found[0] if len({bare(one.name) for one in found}) == 1 else None
    return _define(chosen, subject) if chosen is not None else ""


def _define(found: Ratio, subject: Subject) -> str:
    """A ratio as a quantity of the rubric; one of a shape that cannot be told becomes an input of its own."""
    vocabulary, about = subject.vocabulary, subject.title + found.name

    def named(wording: str) -> str:
        return vocabulary.use(wording, about, note=f"见“{subject.title}”的计算公式")

    made = written_out(found.sum, named)
    if not made:
        return vocabulary.use(found.name, about, "%", note="按评分表的公式计算后填写")
    if made.startswith("mean("):
        return vocabulary.define(found.name, "分" if found.name.endswith("分") else "%", made, PENDING, "")
    if found.name.endswith(("率", "占比", "比重", "比例")):
        vocabulary.like([named(name) for name in found.sum.names()])
    return vocabulary.define(found.name, "%", made, PENDING, "")


def _named(told: Text, text: str, subject: Subject) -> str:
    """What a text without a formula measures: a known name in it, the title where it is a measure, or a new one."""
    best = _measured(told, subject)
    if best:
        return subject.vocabulary.use(best, subject.title)
    if _MEASURE.search(subject.title):
        return subject.title
    return (
        f"{subject.title}完成比例"
        if "比例" in text and not text.startswith("指标值")
        else f"{subject.title}{_MEASURED}"
    )


def _by_point(spec: dict[str, Any], told: Text, subject: Subject) -> dict[str, Any]:
    """每符合一项得1分 beside the numbered points of the table: each is judged, where they give the full points together."""
    points = listed_points(subject.description)
    pieces = list(spec.get("pieces", {"": spec}).values())
    only = pieces[0] if len(pieces) == 1 and isinstance(pieces[0], dict) else {}
    up = [only.get(key) for key in ("from", "way", "most")] == [0, "up", spec["full"]]
    down = spec["kind"] == "steps" and not spec["downward"]
    worth = only.get("add") if up else only.get("deduct") if down else None
    single = (only.get("start"), only.get("each")) == (0, 1)
    whole = single and worth and worth * len(points) == spec["full"] and "first" not in spec
    if not whole or not _counts_points(told):
        return {}
    parts = [{"kind": "point", "full": worth, "title": title[:_WIDEST]} for title in points.values()]
    return {"kind": "sum", "full": spec["full"], "parts": parts}


def _counts_points(told: Text) -> bool:
    """Whether what is counted is said of nothing but the points: 每符合一项, 有一项不符合的, and never 每缺少一项材料."""
    said = []
    for node in told.nodes:
        if isinstance(node, Step):
            said.append(node.event or node.verb.removeprefix("每") + node.beside)
        elif isinstance(node, Ruling):
            said += [n.subject + n.tail for way in node.ways for n in way if isinstance(n, Range)]
    return len(said) == 1 and bare(said[0]).removesuffix("的").removeprefix("有") in _FULFILS


def _named_points(spec: dict[str, Any], subject: Subject) -> None:
    """符合①得2分: the point is called by what stands at ① in the table."""
    points = listed_points(subject.description)
    for part in spec.get("parts", ()):
        said = _POINTED.fullmatch(part.get("title", ""))
        if part["kind"] == "point" and said:
            part["title"] = points.get(ord(said[1]) - ord("①") + 1, part["title"])[:_WIDEST]


def _count_faults(spec: dict[str, Any], told: Text, subject: Subject) -> None:
    """What is counted from nothing and costs points is called so: 缺一项扣2分 asks for what is missing, not for what is there."""
    if (spec["kind"], spec.get("start"), spec.get("each"), spec.get("downward")) != ("steps", 0, 1, False):
        return
    for node in told.nodes:
        if isinstance(node, Step | Ruling) and isinstance(node.effect, Change) and node.effect.sign < 0:
            units = [node.each.unit] if isinstance(node, Step) else [one.unit for one in node.ranges]
            unit = next(iter(units), "").removeprefix("个") or "项"
            note = f"评分标准：“{told.said(node)}”，填应扣分的{unit}数，没有的填0"
            name = safe(f"{subject.title}扣分{unit}数")
            spec["x"] = subject.vocabulary.use(name, subject.title, unit, note)
            return


def _measured(told: Text, subject: Subject) -> str:
    """The known name that a text speaks of: the title itself, else the one that stands in it."""
    known = plain_facts(told.names())
    own = subject.vocabulary.known(subject.title, subject.title)
    outer = [
        name for name in known if not any(name != other and bare(name) in bare(other) for other in known)
    ]
    return own or (outer[0] if len(outer) == 1 else "")


def _bind(spec: dict[str, Any], subject: Subject, found: Understood) -> None:
    """Tie the names of a rule to the vocabulary."""
    for part in spec.get("parts", []):
        _bind(part, subject, found)
    for key in ("items", "penalties"):
        for item in spec.get(key, []) if isinstance(spec.get(key), list) else []:
            item["x"] = _tied_name(str(item["x"]), subject, found)
    for key in ("x", "best"):
        if isinstance(spec.get(key), str):
            spec[key] = _tied_name(spec[key], subject, found)
    _bind_first(spec, subject, found)
    if isinstance(spec.get("when"), str):
        spec["when"] = _tied(_of_the_same(spec["when"], subject), subject, found)


def _bind_first(spec: dict[str, Any], subject: Subject, found: Understood) -> None:
    """Exceptions that the text states: the facts they count are inputs; a quantity that has no sign needs no check of it."""
    made = []
    for case in spec.get("first", []):
        when = _tied(str(case["when"]), subject, found)
        body = subject.vocabulary.quantities.get(when.removesuffix(" < 0"), {})
        if not any("abs(" in str(text) for text in body.values()):
            made.append({**case, "when": when})
    if made:
        spec["first"] = made
    else:
        spec.pop("first", None)


def _of_the_same(when: str, subject: Subject) -> str:
    """三公经费决算数 <= 预算数: the budget is that of the same thing."""
    found = _SAME.fullmatch(when)
    whole = f"{found['thing']}{found['column']}" if found else ""
    known = found is not None and subject.vocabulary.known(whole, subject.about)
    return f"{found['thing']}{found['first']} {found['sign']} {whole}" if found and known else when


def _tied(when: str, subject: Subject, found: Understood) -> str:
    return _NAME.sub(lambda match: _tied_name(match[0], subject, found), when)


def _assumed(built: Built) -> set[str]:
    """The facts that exceptions of a text count."""
    return set(built.assumed).union(*map(_assumed, built.parts))


def _tied_name(name: str, subject: Subject, found: Understood) -> str:
    if name in ("and", "or", "not", "abs", "min", "max", "sum", "when"):
        return name
    vocabulary = subject.vocabulary
    if name in vocabulary.quantities or name in vocabulary.new or name in vocabulary.facts:
        return name
    note = f"按“{subject.title}”的评分标准填写"
    if name in _assumed(found.built):
        return vocabulary.use(
            name[:LONGEST], subject.about, "个", note=f"见“{subject.title}”的评分标准，没有的填0"
        )
    unit = found.built.unit or ("%" if found.kind == "proportional" or name.endswith("比例") else "")
    return vocabulary.use(name[:LONGEST], subject.about, unit, note=note)
