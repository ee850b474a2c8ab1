"""Small words on which a reading turns: denial, and whose a paper is."""

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
