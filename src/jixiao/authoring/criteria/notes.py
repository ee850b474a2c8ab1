"""Remarks that say nothing about the points: where the figures come from, when the indicator does not apply."""

from __future__ import annotations

import re

_LEAD = re.compile(r"^(?:备注|注|说明|附注|注意|提示)\d*:")
_RULES = re.compile(r"[得扣加减]\d|不得分|得满分|酌情|除外|否决|减半|折半|加倍|翻倍|[倍折]")
_MOVED = re.compile(
    r"(?:(?:没有|无|不涉及|未涉及|未安排|未发生|不存在|当年|本年度|如|若|当)[^;。]{0,24}[,的])?(?:则|该|此|本|其|相应|政府采购|[,])*(?:指标|项)?"
    r"(?:不考核|不适用|无需考核|不作考核|免予?考核|[,])*[^;。\d%]{0,8}(?:分值|权重|分数)(?:平均|相应)?(?:调整至|调整到|并入|分摊|增加至|计入|转入|转移|合并)[^;。%]{0,24}"
)
_NOT_RATED = re.compile(
    r"(?:如|若|当)*(?=[^,;。]{0,24}(?:为0|无|没有|不涉及|未涉及|未安排|不存在|未发生|新成立|新设立))[^,;。]{2,28}(?:的|时|者)?,?(?:本|该|此)?(?:项|指标|单位|部门)*"
    r"(?:可|则)?(?:不(?:予|作|做|纳入|进行|参与)?(?:考核|评价)|不适用(?:本|该)?(?:指标|项)?|免予?考核)"
)
_SOURCE = re.compile(
    r"[^,;。]{2,20}不计入[^,;。]{1,8}[数额量基]|以[^,;。:()]{2,20}(?:为准|为依据)|截至[\d年月日底末]+|(?:数据|资料)来源[^;。]*"
)


def is_note(text: str, *, ends: bool = True) -> bool:
    """Whether a statement, phrase or bracket is such a remark; ``ends``: nothing goes on behind it (注：… needs that)."""
    words = text.strip(",")
    body = _LEAD.sub("", words)
    if _RULES.search(body):
        return False
    return (body != words and ends) or any(
        shape.fullmatch(body) is not None for shape in (_MOVED, _NOT_RATED, _SOURCE)
    )
