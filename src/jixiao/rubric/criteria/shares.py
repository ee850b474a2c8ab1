"""各占1分, 每项2分: what each of several numbered points is worth, said once for all of them."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.rubric.criteria.built import Built

_SHARE = re.compile(
    r"(?:^|(?<=[,;。\n]))(?:以上|上述|评价|考核|要点|标准|各项|指标|共?\d+项|[,、])*(?:各项?|每(?:个要点|1?项|1?点|条|个|1要点))(?:要点)?(?:占|计|分值|为|均为)*"
    r"(?P<points>\d+(?:\.\d+)?)分(?:[,;。]|$)"
)


def take_share(text: str) -> tuple[str, Decimal | None]:
    """The text without the sentence, and the points of each of the things it speaks of."""
    found = _SHARE.search(text)
    if found is None:
        return text, None
    return f"{text[: found.start()].rstrip(',')}。{text[found.end() :]}", Decimal(found["points"])


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
