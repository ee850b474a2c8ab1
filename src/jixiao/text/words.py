"""Small words on which a reading turns: denial, the precondition that something be handed in, whose a paper is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jixiao.text.normalise import narrow, unspaced
from jixiao.text.units import UNITS

DENIALS = ("未能", "未", "没有", "没", "不能", "不")
"""Words that turn a statement into its contrary; without them both say the same thing."""
LACKS = ("无", "否", "缺少", "缺")
LATE = ("迟", "超时", "逾期", "超期")
_DENIED = re.compile("|".join(DENIALS))
_LACKING = re.compile("|".join((*DENIALS, "无")))
_HANDED_IN = "提供|提交|出具|附|上传|报送"
_NOTHING = "不得分|不计分|不给分|不予计分|不予得分|得0分"
_PRECONDITION = re.compile(
    r"[，,；;。]?\s*[(（]?(?:以上|上述|各项|本项|该项|均|并)*(?:需要?|须|应当?|必须)?(?:同时)?"
    rf"(?:{_HANDED_IN})(?P<what>[^，,。；;()（）\n]{{2,30}}?)(?:证明|佐证|作为依据)?的?[，,。；;]?"
    r"(?:否则|(?:不|未|没有|未能|无法|不能)提供)(?:的|者)?[，,]?"
    rf"(?:本项|该项|此项|均|一律)?(?:{_NOTHING})[)）]?"
)
_LACK = re.compile(
    r"[，,；;。（(]\s*(?:没有提供|无法提供|未提供|不提供|未附)(?P<what>[^，,。；;]{2,30}?)的[，,]?(?:本项|该项|此项)?"
    rf"(?:{_NOTHING})[)）]?"
)
# 不断, 不仅 and 不同 deny nothing
_BAD = re.compile("|".join((*DENIALS[:-1], r"不(?!断|仅|同)", *LACKS, *LATE)))


_BODIES = r"单位名称|填报单位|编制单位|核算单位|部门名称|预算单位|部门\(单位\)名称|填报部门|编报单位|编制部门|填表单位|会计单位|单位全称|公司名称"
_BODY = re.compile(
    rf"(?:(?:{_BODIES})|^(?:部门|单位|部门\(单位\))):(?P<name>[^:,;(]{{2,40}}?)(?=[:,;(]|金额单位|计量单位|单位:|20\d\d年|$)"
)
_LABEL = re.compile(rf"(?:{_BODIES}|部门|部门\(单位\)):?")
_TITLED = re.compile(
    r"^(?P<name>[一-鿿()]{3,40}(?:局|委|办|厅|院|校|部|所|站|处|队|馆|社|会|镇|乡|街道|中心|政府|法院|公司))(?=20\d\d年)"
)


def named_bodies(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The units that captions name, each with the number of its text: 编制单位：某局, in one cell or two; 某局2022年度部门决算表."""
    waiting = False
    for number, text in enumerate(texts):
        key = unspaced(narrow(text))
        found = _BODY.search(key) or _TITLED.search(key)
        name = found["name"] if found else key if waiting and 2 <= len(key) <= 40 and ":" not in key else ""
        waiting = _LABEL.fullmatch(key) is not None
        if name and not all(part in UNITS or part.endswith("元") for part in re.split("[、/]", name)):
            yield number, name


def affirmed(text: str) -> str:
    """A statement without its words of denial: 未按时公开 and 按时公开 are about one thing."""
    return _DENIED.sub("", text)


def denies(text: str) -> bool:
    """Whether a text denies something: 未, 没, 不, 无."""
    return _LACKING.search(text) is not None


def goes_wrong(text: str) -> bool:
    """Whether a text tells of something not done, missing or late."""
    return _BAD.search(text) is not None


def take_precondition(text: str, *, lacking: bool = False) -> tuple[str, str]:
    """The text without its precondition (需提供检查底稿，否则不得分), and what has to be there, empty where there is none.

    ``lacking``: 未提供检查底稿的不得分 says the same. A reader of clauses reads that as a situation of its own.
    """
    found = _PRECONDITION.search(text) or (_LACK.search(text) if lacking else None)
    if found is None:
        return text, ""
    return text[: found.start()] + text[found.end() :], found["what"].strip('“”"')
