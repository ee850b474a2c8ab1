"""Names that differ by one word: an account that the ledger does not have, one assessment under two names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from jixiao.audit.document import Report
from jixiao.audit.known import KnownValues
from jixiao.model import Finding, Source, make

_ACCOUNT = re.compile(r"科目(?P<name>[\u4e00-\u9fff]{3,12}?)(?=\(|期末|期初|余额|贷方|借方|为)")
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:考核|测评)(?=[中为的于由结，。]|评定)")
MOST_NAMES = 200


def near_names(report: Report, truth: KnownValues) -> list[Finding]:
    """Findings about names of accounts and of assessments."""
    return [*_accounts(report, truth), *_assessments(report)]


def _accounts(report: Report, truth: KnownValues) -> Iterator[Finding]:
    ledger = {known.field for known in truth.items if known.name == "科目余额"}
    seen: set[str] = set()
    for block in report.blocks:
        for cell, text in enumerate(block.cells):
            for found in _ACCOUNT.finditer(text):
                name = found["name"]
                close = sorted(known for known in ledger if near(known, name))
                if name in ledger or name in seen or not close:
                    continue
                seen.add(name)
                place = Source(
                    report.name, block.place(cell).shown(), label=text[found.start() : found.end() + 8]
                )
                yield make("J764", place, one=name, two="、".join(close), where="科目余额表中是")


def _assessments(report: Report) -> Iterator[Finding]:
    found: dict[str, str] = {}
    for block in report.blocks:
        for cell, text in enumerate(block.cells):
            for name in _NAMED.finditer(text):
                found.setdefault(name[0][-8:], block.place(cell).shown())
    for one, two in combinations(list(found)[:MOST_NAMES], 2):
        if near(one, two):
            places = (Source(report.name, found[one]), Source(report.name, found[two]))
            yield make("J764", *places, one=one, two=two, where="另一处是")


def near(one: str, two: str) -> bool:
    """Two names of one length, of five letters or more, that differ in one or two letters standing together."""
    if len(one) != len(two) or len(one) < 5 or one == two:
        return False
    places = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    return (
        len(places) <= 2
        and places[-1] - places[0] == len(places) - 1
        and (places[0] >= 2 or places[-1] < len(one) - 3)
    )
