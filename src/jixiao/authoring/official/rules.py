"""The text of an official indicator -> its rule, with exceptions, and the reasons not to trust what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.authoring.criteria import Understood, read_criteria
from jixiao.authoring.criteria.built import Built
from jixiao.authoring.official.formulas import Formula, average, expression, formulas, is_full, narrow
from jixiao.authoring.official.names import LONGEST, Vocabulary, plain_facts
from jixiao.authoring.official.textparts import lined, take_remarks
from jixiao.text import bare, take_precondition

_SIGNS = {
    "大于等于": ">=", "小于等于": "<=", "不晚于": "<=", "不迟于": "<=", "不早于": ">=", "不大于": "<=", "不超过": "<=", "不高于": "<=",
    "不小于": ">=", "不低于": ">=", "不少于": ">=", "晚于": ">", "迟于": ">", "早于": "<", "大于": ">", "超过": ">", "高于": ">",
    "小于": "<", "低于": "<", "少于": "<", "等于": "==",
    "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">=", ">": ">", "<": "<", "=": "==", "为": "==",
}  # fmt: skip
_SIGN = re.compile("|".join(re.escape(word) for word in sorted(_SIGNS, key=len, reverse=True)))
_LEAD = re.compile(r"^(?:\d{1,2}[.、])?(?:其中|但是|但|如果|如|若|当|凡|如遇)*[,:]?")
_SENTENCE = re.compile(r"[^。;\n]+(?:[。;\n]|$)")
_OUTCOME = re.compile(
    r"^(?P<test>.+?)(?:的时候|时|的)?[,]*(?:则|本项|该项|此项|本指标|该指标|直接|即)*(?P<points>不得分|不给分|不计分|得满分|(?:得|计|给)\d{1,3}(?:\.\d{1,2})?分)$"
)
_OTHER = re.compile(
    r"^(?P<test>.+?)(?:的|时)?,?(?:得满分|(?:得|计)(?P<points>\d{1,3}(?:\.\d{1,2})?)分),?"
    r"(?:否则|反之|超过的|其余),?(?:不得分|得0分|计0分)$"
)
_DATES = ("不晚于", "不迟于", "早于", "不早于", "晚于", "迟于")


def take_exceptions(
    text: str, full: Decimal, vocabulary: Vocabulary, about: str, main: str
) -> tuple[str, list[dict[str, Any]]]:
    """The text without the sentences that are comparisons of tied figures, and those as ``first`` of a rule.

    A comparison of ``main``, the quantity that the rule itself scores, is one of its bands and stays.
    """
    plain = narrow(text)
    found: list[dict[str, Any]] = []
    kept = []
    sentences = list(_SENTENCE.finditer(plain))
    for match in sentences:
        made = _exception(match[0], full, vocabulary, about) if len(sentences) > 1 else None
        if made is None or re.match(rf"{re.escape(main)} \S+ -?[\d.]+$", made["when"]):
            kept.append(text[match.start() : match.end()])
        else:
            found.append(made)
    return ("".join(kept), found) if found else (text, [])


def _exception(sentence: str, full: Decimal, vocabulary: Vocabulary, about: str) -> dict[str, Any] | None:
    said = sentence.strip("。; \n\u200b")
    outcome = _OUTCOME.match(said)
    if outcome is None:
        return None
    when = _condition(outcome["test"], vocabulary, about)
    if not when:
        return None
    words = outcome["points"]
    points = (
        Decimal(0)
        if words.startswith("不")
        else full
        if "满分" in words
        else Decimal(re.sub(r"[^\d.]", "", words))
    )
    because = _LEAD.sub("", outcome["test"]).replace(",", "，").replace("\u200b", "").strip("的，")
    return {"when": when, "points": points, "because": because}


def take_comparison(text: str, full: Decimal, vocabulary: Vocabulary, about: str) -> dict[str, Any] | None:
    """A whole rule of the form 甲不晚于乙的，得1分，否则不得分 over tied figures, where it gives the full points."""
    said = narrow(text).strip("。; \n\u200b")
    found = _OTHER.match(said)
    if found is None or not any(word in said for word in _DATES):
        return None
    points = Decimal(found["points"]) if found["points"] else full
    when = _condition(found["test"], vocabulary, about)
    return {"kind": "condition", "full": full, "when": when} if when and points == full else None


def _condition(text: str, vocabulary: Vocabulary, about: str) -> str:
    tests = []
    for piece in re.split(r"[,]?(?:并且|而且|且)|,", _LEAD.sub("", text)):
        test = _test(piece.strip("的"), vocabulary, about)
        if not test:
            return ""
        tests.append(test)
    return " and ".join(tests)


def _test(text: str, vocabulary: Vocabulary, about: str) -> str:
    sign = _SIGN.search(text)
    if sign is None:
        return ""
    left, right = text[: sign.start()], text[sign.end() :].strip("的时")
    left = re.sub(r"(?:继续|仍|仍然|均|也|同样|年度实际)$", "", left)
    name = _tied(left, vocabulary, about)
    if not name:
        return ""
    if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,4})?", right):
        return f"{name} {_SIGNS[sign[0]]} {right}"
    other = _tied(right, vocabulary, about)
    return f"{name} {_SIGNS[sign[0]]} {other}" if other and other != name else ""


def _tied(wording: str, vocabulary: Vocabulary, about: str) -> str:
    if not bare(wording):
        return ""
    name = vocabulary.known(wording, about)
    return vocabulary.use(wording, about) if name else ""


_EQUATION = re.compile(r"(?P<left>[\u4e00-\u9fff()]{2,24})\s*=\s*(?P<right>[^\s。；;,，\n]{1,40})")
_SCORE = re.compile(r"(?:得分|计分|评分|分数|分值|公式|办法|方法)$")
_FIGURE = re.compile(r"^[-±+]?\d+(?:\.\d+)?(?:[%分个项次天人件]|$)")


def contradictions(text: str, spec: dict[str, Any], name: str, vocabulary: Vocabulary) -> list[str]:
    """Reasons not to trust a rule that was read; empty where there is none.

    ``name`` is the quantity the text was read over. A rule that people decide reads no quantities; a formula that was
    passed over speaks against it all the same.
    """
    reads = set(_reads(spec))
    plain = narrow(text)
    made = [
        f"算式“{match[0]}”没有读懂"
        for match in _EQUATION.finditer(plain)
        if not _SCORE.search(match["left"]) and not _FIGURE.match(match["right"])
    ]
    if not reads:
        return made
    known = {*plain_facts(text), *vocabulary.quantities, *(f.name for f in formulas(text) if not f.scores)}
    said = bare(plain)
    tied = {bare(read) for read in reads} | {bare(name)}
    for other in sorted(known):
        word = bare(other)
        if (
            word in said
            and not any(word in read or read in word for read in tied)
            and vocabulary.known(other) not in reads
        ):
            made.append(f"文中还有“{other}”，不能确定按哪个数计分")
    if len(reads) == 1 and sum(1 for _ in _reads(spec)) > 1 and spec["kind"] == "sum":
        made.append(f"几个要点都按“{next(iter(reads))}”计分，不能确定是否各有各的数")
    return made


def _reads(spec: dict[str, Any]) -> Iterator[str]:
    if isinstance(spec.get("x"), str):
        yield spec["x"]
    for key in ("parts", "items", "penalties"):
        for part in spec.get(key, []) if isinstance(spec.get(key), list) else []:
            yield from _reads(part)


PENDING = "待核定"
_MEASURE = re.compile(r"(?:率|度|比例|比|数|数量|金额|额|得分|天数|次数|人次|占比|规模|差异|偏差)$")
_GETS = re.compile(
    r"[，,、；;]?\s*(?:的)?[，,]?\s*(?:(?:则|可|应|本项|该项|此项|本指标|计|各)*(?:得|计|给|加|赋)(?:满分)?\s*\d|得满分|酌情|"
    r"[（(]?\d+(?:\.\d+)?分[)）]?[。；;]?$).*$",
    re.DOTALL,
)
_FULL_STOP = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？"})
_SCOPE = re.compile(r"除外|不含|不包括|剔除|扣除|调整后")
_WIDEST = 200


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
    """What a point of a table is about: the indicator's title, and texts in which its quantity may be defined."""

    title: str
    description: str
    vocabulary: Vocabulary
    shared: str = ""


def read_rule(text: str, full: Decimal, subject: Subject, *, graded: bool = False) -> Rule:
    """The rule of one point. Never raises; what is not understood is a point that a person scores."""
    rest, proof = take_precondition(lined(text), lacking=True)
    rest, remarks = take_remarks(rest)
    own = [f for f in formulas(rest) if not f.scores]
    rest, scored = _scores(rest, full, subject)
    rest = _without(rest, own)
    named = scored or _defined(
        [*own, *formulas(subject.shared), *formulas(subject.description)], rest, subject
    )
    about = subject.title + "".join(f.name for f in own)
    rest, first = take_exceptions(rest, full, subject.vocabulary, about, named or _measured(rest, subject))
    compared = take_comparison(rest, full, subject.vocabulary, about)
    if compared is not None:
        return _finished(Rule(compared), first, proof, remarks, text)
    name = named or _named(rest, subject)
    made = _rule(read_criteria(rest, full, name), rest, full, subject, name, graded=graded)
    return _finished(made, first, proof, remarks, text)


def _rule(found: Understood, rest: str, full: Decimal, subject: Subject, name: str, *, graded: bool) -> Rule:
    spec = data(found.spec) if found.spec is not None else {}
    if not (found.understood and spec):
        return _human(found, spec, rest, full, subject)
    against = contradictions(rest, spec, name, subject.vocabulary)
    if against:
        found.questions += against
        return _human(found, {}, rest, full, subject)
    if spec["kind"] == "point" and graded:
        spec["graded"] = True
    _titled(spec, rest)
    _bind(spec, subject, found)
    return Rule(spec, doubts=list(found.questions) if found.understood else [])


def _human(found: Understood, spec: dict[str, Any], rest: str, full: Decimal, subject: Subject) -> Rule:
    """A point that a person scores, with the questions that the text leaves."""
    why = list(found.questions) or ["没有读懂评分标准"]
    if spec.get("kind") == "point":
        spec["graded"] = True
        _titled(spec, rest)
        return Rule(spec, why)
    lines = [line for line in re.split(r"[。；;\n]", rest) if line.strip()]
    title = _point_title(rest) if len(lines) == 1 else ""
    return Rule({"kind": "point", "full": full, "title": title or subject.title, "graded": True}, why)


def data(value: Any) -> Any:
    """A record as plain data."""
    if isinstance(value, dict):
        return {key: data(item) for key, item in value.items()}
    return [data(item) for item in value] if isinstance(value, list) else value


def _titled(spec: dict[str, Any], text: str) -> None:
    """Titles and situations in the punctuation of the official text."""
    if spec["kind"] == "point":
        spec["title"] = _point_title(text) or str(spec["title"]).translate(_FULL_STOP)
    if isinstance(spec.get("options"), dict):
        spec["options"] = {label.translate(_FULL_STOP): points for label, points in spec["options"].items()}
    for part in spec.get("parts", []):
        if "title" in part:
            part["title"] = str(part["title"]).translate(_FULL_STOP)


def _point_title(text: str) -> str:
    """A point as the text says it, up to its points."""
    line = re.split(r"[。；;\n]", text.strip(), maxsplit=1)[0]
    line = re.sub(r"^\s*(?:\d{1,2}\s?[.．、](?!\d)|[（(]\d{1,2}[)）])\s*", "", line)
    said = _GETS.sub("", line).strip(" ，,。；;：:的")
    return said[:_WIDEST]


def _finished(made: Rule, first: list[dict[str, Any]], proof: str, remarks: list[str], text: str) -> Rule:
    """The exceptions and the precondition that were taken out of the text, put onto the rule."""
    spec = made.spec
    if proof:
        if spec["kind"] == "point":
            spec["requires"] = proof
        else:
            made.why.append(f"前提“{proof}”由评价人确认")
            title = _point_title(text) or "符合要求"
            made.spec = spec = {
                "kind": "point",
                "full": spec["full"],
                "title": title,
                "graded": True,
                "requires": proof,
            }
    if first and spec["kind"] not in ("point", "level", "sum"):
        spec["first"] = [*first, *spec.get("first", [])]
    elif first:
        made.why.append("例外情形由评价人按原文处理")
    made.doubts += [f"口径“{remark}”由填报人掌握" for remark in remarks if _SCOPE.search(remark)]
    said = [*made.why, *(f"口径：{remark}" for remark in remarks if remark not in spec.get("title", ""))]
    if said:
        spec["note"] = "；".join(dict.fromkeys(said))
    return made


def _without(text: str, found: list[Formula]) -> str:
    for one in sorted(found, key=lambda f: -f.start):
        text = text[: one.start] + "\n" + text[one.end :]
    return re.sub(r"(?:其中[:：]?|注[:：])?\s*\n\s*[。；;，,]*", "\n", text).strip()


def _scores(text: str, full: Decimal, subject: Subject) -> tuple[str, str]:
    """得分=甲÷乙×满分 over quantities without a name: the ratio gets one, and the formula is told by it."""
    for found in formulas(text):
        node = found.node
        if not found.scores or node.op != "*":
            continue
        for ratio, factor in (node.sides, node.sides[::-1]):
            whole = (factor.op == "number" and factor.value == full) or (
                factor.op == "name" and is_full(factor.name)
            )
            if ratio.divides() and whole:
                name = (
                    f"{subject.title}计分比率" if _MEASURE.search(subject.title) else f"{subject.title}完成率"
                )
                made = _define(Formula(name, ratio, 0, 0, percent=True, scores=False), subject)
                if made:
                    head, tail = text[: found.start], text[found.end :].lstrip("分值")
                    return f"{head}得分={made}×{full}分{tail}", made
    return text, ""


def _defined(found: list[Formula], text: str, subject: Subject) -> str:
    """The name of the ratio that the text scores: the one it names, or the only one that is defined."""
    listed = [f for f in found if not f.scores]
    plain = bare(narrow(text))
    said = [f for f in listed if bare(f.name) in plain] or [
        f for f in listed if bare(f.name) == bare(subject.title)
    ]
    chosen = said[0] if said else listed[0] if len({bare(f.name) for f in listed}) == 1 else None
    return _define(chosen, subject) if chosen is not None else ""


def _define(found: Formula, subject: Subject) -> str:
    """A ratio as a quantity of the rubric; one of a shape that cannot be told becomes an input of its own."""
    vocabulary, about = subject.vocabulary, subject.title + found.name

    def named(wording: str) -> str:
        return vocabulary.use(wording, about, note=f"见“{subject.title}”的计算公式")

    words = average(found.node, named)
    if words:
        return vocabulary.define(found.name, "分" if found.name.endswith("分") else "%", words, PENDING, "")
    made = expression(found.node, named)
    if not made:
        return vocabulary.use(found.name, about, "%", note="按评分表的公式计算后填写")
    return vocabulary.define(found.name, "%", made, PENDING, "")


def _named(text: str, subject: Subject) -> str:
    """What a text without a formula measures: a known name in it, the title where it is a measure, or a new one."""
    best = _measured(text, subject)
    if best:
        return subject.vocabulary.use(best, subject.title)
    if _MEASURE.search(subject.title):
        return subject.title
    return f"{subject.title}完成比例" if "按比例" in text else f"{subject.title}实际值"


def _measured(text: str, subject: Subject) -> str:
    """The known name that a text speaks of: the title itself, else the one that stands in it."""
    known = plain_facts(text)
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
        spec["when"] = re.sub(
            r"[\u4e00-\u9fffA-Za-z_][\w]*", lambda m: _tied_name(m[0], subject, found), spec["when"]
        )


def _bind_first(spec: dict[str, Any], subject: Subject, found: Understood) -> None:
    """Exceptions that the text states: the facts they count are inputs; a quantity that has no sign needs no check of it."""
    made = []
    for case in spec.get("first", []):
        name, _, test = str(case["when"]).partition(" ")
        tied = _tied_name(name, subject, found)
        body = subject.vocabulary.quantities.get(tied, {})
        if not (test == "< 0" and any("abs(" in str(text) for text in body.values())):
            made.append({**case, "when": f"{tied} {test}"})
    if made:
        spec["first"] = made
    else:
        spec.pop("first", None)


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
            name[:LONGEST], subject.title, "个", note=f"见“{subject.title}”的评分标准，没有的填0"
        )
    unit = found.built.unit or ("%" if found.kind == "proportional" or name.endswith("比例") else "")
    return vocabulary.use(name[:LONGEST], subject.title, unit, note=note)
