"""Titles of forms on a sheet: in any cell, spaced out, with a year, a unit's name or a table number around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.intake import labels
from jixiao.intake.definition import Form
from jixiao.intake.page import Page
from jixiao.text import label_key

MAX_BEFORE = 45
SHEET_NAME_LIMIT = 31
_BEHIND = re.compile(
    r"(?:\([一二三四五六七八九十\d]{1,3}\).{0,16}|\((?!说明).{0,30}\)?|续表?|[-—_.\d]+|公开\d+表?|财决附?[\d\-]+表?|(?:金额)?单位.*|表|附表\d*)*"
)
_SENTENCE = re.compile(r"[,。;;!?]|详见|根据|按照|以下|情况说明|名词解释")


@dataclass(frozen=True, slots=True)
class Hit:
    """A title found in a row: the title as printed and the forms that bear it."""

    row: int
    text: str
    forms: tuple[Form, ...]


class Titles:
    """All titles of a set of forms, the longest first."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms: dict[str, list[Form]] = {}
        for form in forms:
            for title in form.titles:
                self._forms.setdefault(title, []).append(form)
        longest = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(title) for title in longest) or r"(?!)")
        self._cache: dict[str, tuple[Form, ...]] = {}

    def of_text(self, text: str) -> tuple[Form, ...]:
        """The forms whose title a text is; nothing for a sentence that only mentions one."""
        known = self._cache.get(text)
        if known is None:
            known = self._cache[text] = self._search(label_key(text))
        return known

    def _search(self, key: str) -> tuple[Form, ...]:
        for found in self._pattern.finditer(key):
            before, behind = key[: found.start()], key[found.end() :]
            if len(before) <= MAX_BEFORE and not _SENTENCE.search(before) and _BEHIND.fullmatch(behind):
                return tuple(self._forms[found[0]])
        return ()

    def of_sheet(self, name: str) -> tuple[Form, ...]:
        """The forms that a sheet name names; a name cut at 31 characters counts when its end begins a title."""
        forms = self.of_text(name)
        if forms or len(name) < SHEET_NAME_LIMIT:
            return forms
        key = label_key(name)
        for start in range(len(key) - 8):
            tail = key[start:]
            fitting = [title for title in self._forms if title.startswith(tail)]
            if fitting:
                return tuple(form for title in fitting for form in self._forms[title])
        return ()

    def hits(self, page: Page) -> list[Hit]:
        """All titles on a page from top to bottom, one entry a row."""
        found: dict[int, Hit] = {}
        for row, _, text in page.texts(page.first, page.last):
            if len(text) > 2 * MAX_BEFORE or row in found:
                continue
            forms = self.of_text(text)
            if forms:
                found[row] = Hit(row, labels.tidy(text), forms)
        return list(found.values())
