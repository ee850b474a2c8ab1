"""Which indicators of two tables are the same: by id, by title, else the likest of those that went and came."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

LIKE = Decimal("0.6")
"""From here on an indicator that came is one that went, renamed."""
LONGEST = 1_000
_COMMON_KINDS = ("point", "sum")
Bodies = Mapping[str, Mapping[str, Any]]


def paired(old: Bodies, new: Bodies) -> dict[str, str]:
    """New id -> old id; ``old`` and ``new`` hold the definitions of the indicators by id."""
    pairs = {ident: ident for ident in new if ident in old}
    titles = {body["title"]: ident for ident, body in old.items() if ident not in pairs}
    for ident, body in new.items():
        if ident not in pairs and body["title"] in titles:
            pairs[ident] = titles[body["title"]]
    gone = [ident for ident in old if ident not in pairs.values()]
    come = [ident for ident in new if ident not in pairs]
    likes = ((likeness(old[was], new[now]), was, now) for was in gone for now in come)
    for like, was, now in sorted(likes, key=lambda item: -item[0]):
        if like >= LIKE and now not in pairs and was not in pairs.values():
            pairs[now] = was
    return pairs


def likeness(before: Mapping[str, Any], after: Mapping[str, Any]) -> Decimal:
    """How alike two indicators of different names are, from 0 to 1: their names, their criteria, their rules.

    Points that a person checks look alike everywhere, so that their rules say nothing.
    """
    named = _alike(before["title"], after["title"])
    if "criteria" in before and "criteria" in after:
        return max(named, _alike(before["criteria"][:LONGEST], after["criteria"][:LONGEST]))
    own = before["rule"] == after["rule"] and before["rule"]["kind"] not in _COMMON_KINDS
    same = own and before.get("description") == after.get("description")
    return Decimal(1) if same else named


def _alike(one: str, other: str) -> Decimal:
    import difflib  # only where an indicator went and another came

    return Decimal(str(difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()))
