"""Vocabulary: wordings of an official text -> the names that rules use. Exact or declared wordings only, never close ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from jixiao.model import UNITS, Body, concepts, read_yaml
from jixiao.text import bare, narrow

_NOT_IN_NAMES = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9_]+")
LONGEST = 40
_COUNTS = {
    unit: name
    for name, units in {
        "件": "项 起 例 条 处 宗",
        "人": "人次 名",
        "次": "场 班次 期次 场次",
        "天": "日 工作日 个工作日",
    }.items()
    for unit in units.split()
}


@functools.cache
def declared() -> Body:
    """synonyms.yaml."""
    text = resources.files("jixiao.authoring.official").joinpath("synonyms.yaml").read_text("utf-8")
    return read_yaml(text, "synonyms.yaml").only(("concepts", "where", "counted", "units"))


@functools.cache
def _synonyms() -> dict[str, str]:
    made = {bare(name): name for name in concepts()}
    for name, listed in declared().part("concepts").items():
        made.update({bare(wording): name for wording in listed})
    for name in declared().part("counted"):
        for wording in (name, *declared().part("counted").part(name).texts("also")):
            made[bare(wording)] = name
    return made


@functools.cache
def _bound() -> tuple[tuple[str, dict[str, str]], ...]:
    made = []
    for body in declared().parts("where"):
        names = body.part("names")
        made.append((body.text("about"), {bare(w): name for name in names for w in names.texts(name)}))
    return tuple(made)


def unit_of(name: str, said: str = "") -> str:
    """What a quantity is counted in: as the text says, else by how its name ends."""
    if said in UNITS:
        return said
    if said in _COUNTS:
        return _COUNTS[said]
    for body in declared().parts("units"):
        if name.endswith(tuple(body.texts("ends"))):
            return body.text("unit")
    return "个"


def safe(wording: str) -> str:
    """A wording as a name: letters and digits, not too long, none that a formula would take for a cell."""
    base = _NOT_IN_NAMES.sub("", narrow(wording))[:LONGEST] or "数值"
    return f"第{base}" if base[0].isdigit() else f"{base}数" if base.isascii() else base


@dataclass(slots=True)
class Vocabulary:
    """The names of one rubric while it is put together.

    ``quantities`` are what it computes (name -> unit, value, zero …), ``new`` the input facts that only it has
    (name -> unit, about), ``facts`` those of the shared vocabulary that it uses.
    """

    quantities: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, None] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)

    def known(self, wording: str, about: str = "") -> str:
        """The name that a wording is tied to, empty where it is tied to none."""
        plain = bare(wording)
        for subject, names in _bound():
            if subject in about and plain in names:
                return names[plain]
        if plain in _synonyms():
            return _synonyms()[plain]
        return self.spoken.get(plain, "")

    def use(self, wording: str, about: str = "", unit: str = "", note: str = "") -> str:
        """The name for a wording; one that is tied to none becomes a new input fact of this rubric."""
        name = self.known(wording, about)
        if name:
            self._taken(name)
            return name
        name = self._fresh(wording)
        self.new[name] = {"unit": unit_of(name, unit), "about": note}
        self.spoken[bare(wording)] = name
        return name

    def _taken(self, name: str) -> None:
        if name in self.quantities or name in self.new:
            return
        counted: Mapping[str, Any] = declared().part("counted")
        if name in counted:
            body = counted[name]
            self.quantities[name] = {"unit": body["unit"], "value": body["value"]}
            return
        self.facts[name] = None

    def define(self, wording: str, unit: str, value: str, zero: str, about: str) -> str:
        """A quantity computed as the text says; a name that stands for something else already gets a number."""
        plain = bare(wording)
        name = self.spoken.get(plain, "")
        if name and self.quantities.get(name, {}).get("value") == value:
            return name
        name = self._fresh(wording)
        body = {"unit": unit, "value": value, "zero": zero, "about": about}
        self.quantities[name] = {key: item for key, item in body.items() if item}
        self.spoken[plain] = name
        return name

    def like(self, names: Sequence[str]) -> None:
        """Figures of one rate are counted alike: a number beside an amount (执行数÷预算数) is an amount."""
        if any(unit_of(name) == "万元" for name in names):
            for name in names:
                if name in self.new and self.new[name]["unit"] == "个":
                    self.new[name]["unit"] = "万元"

    def _fresh(self, wording: str) -> str:
        """A name of its own, not taken."""
        base = safe(wording)
        name, number = base, 1
        while name in concepts() or name in self.quantities or name in self.new or name in _synonyms():
            number += 1
            name = f"{base}{number}"
        return name


def plain_facts(text: str) -> Mapping[str, int]:
    """Known names that stand in a text, with their place."""
    plain = bare(text)
    return {
        name: plain.find(wording)
        for wording, name in _synonyms().items()
        if len(wording) > 3 and wording in plain
    }
