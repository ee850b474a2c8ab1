"""Claims in plain words whose subjects cannot be misread: X小于Y, 与预算持平, 未超预算, 全部在用, 目标全部完成, 共N项."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jixiao.audit.document import Block
from jixiao.audit.known import KnownValues
from jixiao.audit.pieces import plain
from jixiao.audit.scope import scope_of_text
from jixiao.audit.statement import shown

EQUAL = Decimal("0.005")  # 万元; below it two amounts are the same
BUDGETS = ("年初预算数", "年初预算", "预算数", "预算")
ADJUSTED = ("调整后预算数", "调整后预算", "调整预算数", "全年预算数", "全年预算")
_UP, _DOWN = ("大于", "高于", "多于", "超过", "超出", "突破", "超"), ("小于", "低于", "少于")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:亿元|万元|元)|\([^()]*\)")
_OWN = re.compile(r"^(?:其中|但|且|而|因此|故)?[:：]?(?:\d{4}年度?|本年度?|当年|全年)?的?")
_RELATION = re.compile(
    rf"(?P<one>[^与和同]{{2,14}}?)(?:(?:与|和|同)(?P<same>[^，]{{2,12}}?)(?:持平|一致|相等|相同)"
    rf"|(?P<not>未|没有|并未|不)?(?P<word>{'|'.join((*_UP, *_DOWN))})了?(?P<two>[^，]{{2,12}}))"
)
_IN_USE = re.compile(r"固定资产[^。；，,]{0,4}(?:全部|均|都)(?:处于)?在用")
_IDLE = re.compile(r"固定资产[^。；，,未无没]{0,4}(?:部分|有|存在)(?:部分)?闲置")
_ALL_DONE = re.compile(
    r"(?<!项目)(?<!项目绩效)(?P<n>\d|[一二三四五六七八九])?[项个]?(?:部门)?(?:年度|整体)?绩效目标(?:任务)?(?:均|都)?(?:已)?(?:全部)"
    r"(?:完成|实现|达成)"
)
_ITEMS = re.compile(r"评分表[共含设有]{1,2}(?P<n>\d+)项(?:指标)?")
_FULL = re.compile(r"(?P<n>\d+)项(?:指标)?(?:得|拿到|获得?)满分")
_DIGITS = {letter: number for number, letter in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Words for one quantity, and the names of its values and budgets."""

    phrases: tuple[str, ...]
    names: tuple[str, ...]
    budget: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """Words for a total and for each of its parts."""

    total: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]


@functools.cache
def _file() -> tuple[tuple[Quantity, ...], tuple[Partition, ...]]:
    from jixiao.model import load_yaml

    data = load_yaml(Path(__file__).with_name("plain.yaml"))
    data.only(("quantities", "partitions"))
    quantities, partitions = [], []
    for item in data.parts("quantities"):
        item.only(("phrases", "names"), ("budget", "adjusted"))
        quantities.append(
            Quantity(
                tuple(plain(text) for text in item.texts("phrases")), tuple(item.texts("names")),
                tuple(item.texts("budget", [])), tuple(item.texts("adjusted", [])),
            )
        )  # fmt: skip
    for item in data.parts("partitions"):
        item.only(("total", "parts"))
        parts = tuple(tuple(str(word) for word in words) for words in item["parts"])
        partitions.append(Partition(tuple(item.texts("total")), parts))
    return tuple(quantities), tuple(partitions)


def partitions() -> tuple[Partition, ...]:
    """Totals with the parts they consist of; DefinitionError where the file is wrong."""
    return _file()[1]


def wrong_words(block: Block, truth: KnownValues) -> Iterator[tuple[str, str]]:
    """(claim, why it is wrong) of every plain claim of a paragraph that no value of the workbook allows."""
    for sentence in re.split(r"[。；;！？\n]", block.text):
        if scope_of_text(sentence, block.path, truth):
            continue
        for clause in re.split(r"[，,]", sentence):
            yield from _relation(clause, truth)
        yield from _assets(sentence, truth)
        yield from _targets(sentence, truth)
        yield from _items(sentence, truth)


def _quantity(text: str) -> Quantity | None:
    return next((item for item in _file()[0] if text in item.phrases), None)


def _relation(clause: str, truth: KnownValues) -> Iterator[tuple[str, str]]:
    words = _OWN.sub("", _AMOUNT.sub("", clause)).removeprefix(plain(truth.unit))
    found = _RELATION.fullmatch(_OWN.sub("", words))
    one = _quantity(found["one"].removesuffix("均")) if found is not None else None
    if found is None or one is None:
        return
    ours, theirs = _values(one.names, truth), _values(_other(found["same"] or found["two"], one), truth)
    if not ours or not theirs or any(_holds(found, a, b) for a in ours for b in theirs):
        return
    yield clause, f"{one.names[0]}{shown(ours[0])}万元，与之相比的数为{shown(theirs[0])}万元"


def _other(text: str, one: Quantity) -> Sequence[str]:
    """Names of what a quantity is compared with; 预算 alone may be that of any time of the year."""
    if text in BUDGETS:
        return one.budget if text.startswith("年初") else (*one.budget, *one.adjusted)
    if text in ADJUSTED:
        return one.adjusted
    two = _quantity(text)
    return two.names if two is not None and two is not one else ()


def _values(names: Sequence[str], truth: KnownValues) -> list[Decimal]:
    return [item.value.normalize() for item in truth.of(names) if item.unit == "万元"]


def _holds(found: re.Match[str], one: Decimal, two: Decimal) -> bool:
    if found["same"]:
        return abs(one - two) < EQUAL
    up = one > two if found["word"] in _UP else one < two
    return up != bool(found["not"])


def _assets(sentence: str, truth: KnownValues) -> Iterator[tuple[str, str]]:
    rates = [item.value for item in truth.of(["固定资产利用率"])]
    used, idle = _IN_USE.search(sentence), _IDLE.search(sentence)
    if used is not None and rates and all(rate < 100 for rate in rates):
        yield used[0], f"固定资产利用率为{shown(rates[0], 2)}%"
    if idle is not None and rates and all(rate == 100 for rate in rates):
        yield idle[0], "固定资产利用率为100%"


def _targets(sentence: str, truth: KnownValues) -> Iterator[tuple[str, str]]:
    found = _ALL_DONE.search(sentence)
    planned, done = truth.value("部门目标数"), truth.value("部门目标实现数")
    if found is None or planned is None or done is None or done >= planned:
        return
    said = _DIGITS.get(found["n"] or "", found["n"])
    if said is None or Decimal(said) == planned:
        yield found[0], f"{shown(planned.normalize())}项目标中完成{shown(done.normalize())}项"


def _items(sentence: str, truth: KnownValues) -> Iterator[tuple[str, str]]:
    """How many indicators the score table has, and how many got full points: with and without the extra ones."""
    counts = {len(truth.judged), sum(not item.extra for item in truth.judged)}
    found = _ITEMS.search(sentence)
    if found is None or not truth.judged:
        return
    if int(found["n"]) not in counts:
        yield found[0], f"评分表有{min(counts)}项指标"
    full = sum(item.points is not None and item.points == item.full > 0 for item in truth.judged)
    said = _FULL.search(sentence)
    if said is not None and int(said["n"]) != full and all(item.points is not None for item in truth.judged):
        yield said[0], f"{full}项指标得满分"
