"""各占1分, 每项2分: what each of several numbered points is worth, said once for all of them."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.authoring.criteria.built import Built

_SHARE = re.compile(
    r"(?:^|(?<=[,;。\n]))(?:以上|上述|评价|考核|要点|标准|各项|指标|共?\d+项|[,、])*(?:各项?|每(?:个要点|1?项|1?点|条|个|1要点))(?:要点)?(?:占|计|分值|为|均为)*"
    r"(?P<points>\d+(?:\.\d+)?)分(?:[,;。]|$)"
)


_NUMBER = re.compile(
    r"(?:共|共有|包括|包含|分为|有)?(\d{1,2})(?:个|项|条|点)(?:评价|考核)?(?:要点|内容|指标|要求|条件)?"
)
_HOLDS = re.compile(
    r"(?:每?(?:1|个|项|条)*(?:不|未)?(?:符合|满足|达到|做到|完成|达标|具备)(?:1项|1个)?(?:要求|条件|标准)?的?(?:即|则)?(?:不?(?:得|计|给)满?分)|否则不(?:得|计)分)"
)


def take_share(text: str) -> tuple[str, Decimal | None]:
    """The text without the sentence, and the points of each of the things it speaks of."""
    found = _SHARE.search(text)
    if found is None:
        return text, None
    return f"{text[: found.start()].rstrip(',')}。{text[found.end() :]}", Decimal(found["points"])


def counted_points(text: str, share: Decimal, full: Decimal) -> int | None:
    """How many things there are, where nothing is said of them but that each that holds gets its share."""
    number = _NUMBER.search(text)
    if number is None or int(number[1]) * share != full:
        return None
    rest = _HOLDS.sub("", _NUMBER.sub("", text, count=1))
    return None if re.search(r"[\d得扣加减]", rest) else int(number[1])


def agree(built: Built, share: Decimal) -> None:
    """Ask where the rule that was read counts each thing with other points."""
    spec = built.spec or {}
    held = [spec.get("deduct")] + [
        piece.get(key)
        for piece in spec.get("pieces", {}).values()
        if isinstance(piece, dict)
        for key in ("add", "deduct")
    ]
    if share not in held or built.full % share:
        built.ask(f"每项{share}分与其他写法怎样合并没有写明")
