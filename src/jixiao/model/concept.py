"""Concept: a quantity the house knows by name; concepts.yaml is the one vocabulary.

Forms, checks and rubrics may use no other name. A concept has an English id, the 中文 name that people and
Excel names use, and the unit its facts are kept in.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.model.strict import read_yaml

UNITS = ("万元", "亿元", "元", "人", "个", "件", "次", "天", "亩", "辆", "台", "分", "%", "日期", "文字")
COUNTS = ("人", "个", "件", "次", "天", "辆", "台")
"""Units of what is counted one by one."""


class Concept(NamedTuple):
    """One name of the vocabulary.

    ``about`` is shown beside its cell; an empty cell is never 0. ``signed``: it may be less than 0.
    """

    id: str
    name: str
    unit: str
    about: str = ""
    signed: bool = False

    @property
    def is_amount(self) -> bool:
        """Whether the concept is money, kept in 万元 or 亿元."""
        return self.unit.endswith("元")

    def data(self) -> dict[str, str]:
        """As plain data, for the self-contained workbook."""
        return {"id": self.id, "name": self.name, "unit": self.unit, "about": self.about}


@functools.cache
def concepts() -> dict[str, Concept]:
    """The vocabulary by 中文 name, read once from concepts.yaml."""
    text = Path(__file__).with_name("concepts.yaml").read_text("utf-8")
    found: dict[str, Concept] = {}
    for ident, body in read_yaml(text, "concepts.yaml").items():
        concept = read_concept(ident, body)
        if concept.name in found:
            raise body.fail(f"名称“{concept.name}”重复", "name")
        found[concept.name] = concept
    return found


def read_concept(ident: str, body: Any) -> Concept:
    """One entry of concepts.yaml, checked."""
    body.only(("name", "unit"), ("about", "signed"))
    unit = body.text("unit")
    if unit not in UNITS:
        raise body.fail(f"未知的单位“{unit}”", "unit")
    return Concept(ident, body.text("name"), unit, body.text("about", ""), body.flag("signed", False))


def meant(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question behind an error; empty where none is near."""
    close = nearest(name, known)
    return f"，是否指“{close}”" if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to a misspelt one, or an empty string."""
    import difflib  # only where a name is misspelt

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return close[0] if close else ""
