"""Small words on which a reading turns: denial, and the precondition that something be handed in."""

from __future__ import annotations

import re

DENIALS = ("未能", "未", "没有", "没", "不能", "不")
"""Words that turn a statement into its contrary; without them both say the same thing."""
LACKS = ("无", "否", "缺少", "缺")
LATE = ("迟", "超时", "逾期", "超期")
_DENIED = re.compile("|".join(DENIALS))
_LACKING = re.compile("|".join((*DENIALS, "无")))
# 不断, 不仅 and 不同 deny nothing
_BAD = re.compile("|".join((*DENIALS[:-1], r"不(?!断|仅|同)", *LACKS, *LATE)))


def affirmed(text: str) -> str:
    """A statement without its words of denial: 未按时公开 and 按时公开 are about one thing."""
    return _DENIED.sub("", text)


def denies(text: str) -> bool:
    """Whether a text denies something: 未, 没, 不, 无."""
    return _LACKING.search(text) is not None


def goes_wrong(text: str) -> bool:
    """Whether a text tells of something not done, missing or late."""
    return _BAD.search(text) is not None
