"""Vocabulary: wordings of an official text -> the names that rules use. Declared words only, none left over, never close ones."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from jixiao.model import UNITS, Body, concepts, read_yaml
from jixiao.text import bare, narrow

_NOT_IN_NAMES = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9_]+")
LONGEST = 40
AMOUNT = "万元"
_LIKE, _MOST_ALIKE = 0.35, 6
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
    sections = ("concepts", "heads", "stages", "last", "neutral", "whole", "where", "counted", "units")
    return read_yaml(text, "synonyms.yaml").only(sections)


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


@functools.cache
def _columns() -> dict[str, dict[str, str]]:
    """Wording of what is measured -> its names by column: 预算, 全年, 决算, and with 上年 before them those of the last year."""
    made: dict[str, dict[str, str]] = {}
    for name in concepts():
        for stage, ending in (("全年", "全年预算数"), ("预算", "预算数"), ("决算", "决算数")):
            if name.endswith(ending):
                last = name.startswith("上年")
                head = name.removesuffix(ending).removeprefix("上年")
                if len(head) > len("支出"):  # 收入 and 支出 alone do not tell of which money
                    made.setdefault(bare(head), {})["上年" * last + stage] = name
                break
    for name, also in declared().part("heads").items():
        columns = {stage: said for stage, said in also.items() if stage != "also"}
        held = made.setdefault(bare(name), {}) | columns
        made |= {bare(word): held for word in (name, *also.get("also", ()))}
    return made


@functools.cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    """The words that names are put together of, the longest first, and what each sets: a stage, 上年, or nothing."""
    sets = {bare(word): stage for stage, listed in declared().part("stages").items() for word in listed}
    sets |= {bare(word): "上年" for word in declared().texts("last")}
    sets |= {bare(word): "" for word in declared().texts("neutral")}
    listed = sorted({*sets, *_columns()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, listed))), sets


@functools.cache
def composed(plain: str) -> str:
    """The name of a ``bare`` wording by the words it is put together of (实际支出|公用经费|总额), empty where it is none.

    Officials put a figure and its column together in any order. Every word has to be known, one thing measured and one
    column told; a year, 总额 and the like change nothing.
    """
    pattern, sets = _words()
    heads, stages, at = list[str](), set[str](), 0
    while at < len(plain):
        found = pattern.match(plain, at)
        if found is None:
            return ""
        (stages.add(sets[found[0]]) if found[0] in sets else heads.append(found[0]))
        at = found.end()
    stages.discard("")
    last = "上年" * ("上年" in stages)
    told = stages - {"上年"}
    stage = "全年" if told == {"全年", "预算"} else told.pop() if len(told) == 1 else ""
    return _columns()[heads[0]].get(last + stage, "") if len(heads) == 1 and stage else ""


def alike(wording: str) -> list[str]:
    """Amounts of the vocabulary that a wording may mean, the likeliest first: for a person to choose from, never to take.

    Those that share most pairs of letters; 预算数 and the like, which name no thing, may be the totals of the whole.
    """
    plain = bare(wording)
    own = _pairs(plain)
    near = {}
    for name, concept in concepts().items():
        if concept.unit == AMOUNT:
            other = _pairs(bare(name))
            near[name] = 2 * len(own & other) / (len(own) + len(other) or 1)
    told = sorted((name for name in near if near[name] >= _LIKE), key=lambda name: (-near[name], len(name)))
    pattern, sets = _words()
    found = [sets.get(word, "head") for word in pattern.findall(plain)]
    whole = [] if "head" in found or not any(found) else declared().texts("whole")
    stages = [stage for stage in found if stage in ("预算", "全年", "决算")]
    stage = dict.fromkeys(stages[-1:] if whole else ())  # 预算完成数 is what came of the budget
    both = [*told, *whole] if pattern.sub("", plain) else [*whole, *told]  # 预算调整数 has a word of its own
    likely = sorted(
        both, key=lambda name: bool(stage) and ("决算" if name.endswith("决算数") else "预算") not in stage
    )
    return list(dict.fromkeys(likely))[:_MOST_ALIKE]


def strange(wording: str) -> bool:
    """Whether an amount has words that none of the vocabulary has, so that it is likely a figure of its own."""
    named = {*alike(wording)} - {*declared().texts("whole")}
    return not named and bool(_words()[0].sub("", bare(wording)))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def unit_of(name: str, said: str = "") -> str:
    """What a quantity is counted in: as the text says, else by how its name ends; empty where neither tells."""
    said = said.partition("/")[0]  # 元/人
    if said in UNITS:
        return said
    if said in _COUNTS:
        return _COUNTS[said]
    for body in declared().parts("units"):
        if name.endswith(tuple(body.texts("ends"))):
            return body.text("unit")
    return ""


def safe(wording: str) -> str:
    """A wording as a name: letters and digits, not too long, none that a formula would take for a cell."""
    spans = re.sub(r"(?<=\d)[-—~](?=\d)", "至", narrow(wording))  # 1-12月累计支出
    base = _NOT_IN_NAMES.sub("", spans)[:LONGEST] or "数值"
    return f"第{base}" if base[0].isdigit() else f"{base}数" if base.isascii() else base


def digest_of(text: str) -> str:
    """Eight letters that stand for a text, for ids."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


_FIGURES = ("x", "best", "value", "when", "shows")
"""Keys of a definition whose texts name figures."""
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z_]\w*")


def names_in(value: Any, key: str = "") -> Iterator[str]:
    """The names of figures that (a section of) a definition reads."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from names_in(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item, key)
    elif key in _FIGURES and isinstance(value, str):
        yield from _NAME.findall(value)


def renamed(value: Any, old: str, new: str, key: str = "") -> Any:
    """The same with another name for a figure."""
    if isinstance(value, dict):
        return {inner: renamed(item, old, new, inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, old, new, key) for item in value]
    if key in _FIGURES and isinstance(value, str):
        return _NAME.sub(lambda found: new if found[0] == old else found[0], value)
    return value


@dataclass(slots=True)
class Vocabulary:
    """The names of one rubric while it is put together.

    ``quantities`` are what it computes (name -> unit, value, zero …), ``new`` the input facts that only it has
    (name -> unit, about; ``guessed`` those whose unit nothing tells), ``facts`` those of the shared vocabulary that it uses.
    """

    quantities: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, None] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    guessed: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Vocabulary:
        """The names that a definition already has."""
        made = cls()
        for body in data.get("quantities", []):
            made.quantities[body["name"]] = {key: value for key, value in body.items() if key != "name"}
        for body in data.get("concepts", {}).values():
            made.new[body["name"]] = {key: value for key, value in body.items() if key != "name"}
        made.spoken = {bare(name): name for name in (*made.quantities, *made.new)}
        return made

    def write(self, data: dict[str, Any]) -> None:
        """Put its own names into a definition; those that it has keep their ids."""
        ids = {body["name"]: ident for ident, body in data.get("concepts", {}).items()}
        data["concepts"] = {
            ids.get(name, f"input_{digest_of(name)}"): {k: v for k, v in {"name": name, **body}.items() if v}
            for name, body in self.new.items()
        }
        data["quantities"] = [{"name": name, **body} for name, body in self.quantities.items()]
        for key in ("concepts", "quantities"):
            if not data[key]:
                del data[key]

    def known(self, wording: str, about: str = "") -> str:
        """The name that a wording is tied to, empty where it is tied to none."""
        plain = bare(wording)
        for subject, names in _bound():
            if subject in about and plain in names:
                return names[plain]
        if plain in _synonyms():
            return _synonyms()[plain]
        return self.spoken.get(plain, "") or composed(plain)

    def use(self, wording: str, about: str = "", unit: str = "", note: str = "") -> str:
        """The name for a wording; one that is tied to none becomes a new input fact of this rubric."""
        name = self.known(wording, about)
        if name:
            self._taken(name)
            return name
        name = self._fresh(wording)
        told = unit_of(name, unit)
        self.new[name] = {"unit": told or "个", "about": note}
        if not told:
            self.guessed[name] = None
        self.spoken |= {bare(wording): name, bare(name): name}
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
        """Figures of one rate are counted alike: beside an amount (执行数÷预算数) a number is one; what nothing tells is so."""
        told = {self.new[name]["unit"] for name in names if name in self.new and name not in self.guessed}
        told |= {concepts()[name].unit for name in names if name in concepts()}
        unit = (
            AMOUNT if any(unit_of(name) == AMOUNT for name in names) else told.pop() if len(told) == 1 else ""
        )
        for name in names:
            if name in self.new and (name in self.guessed or self.new[name]["unit"] == "个") and unit:
                self.new[name]["unit"] = unit
                self.guessed.pop(name, None)

    def _fresh(self, wording: str) -> str:
        """A name of its own, not taken."""
        base = safe(wording)
        name, number = base, 1
        while name in concepts() or name in self.quantities or name in self.new or name in _synonyms():
            number += 1
            name = f"{base}{number}"
        return name


def plain_facts(wordings: Iterable[str]) -> dict[str, None]:
    """Known names that stand in some wordings, in their order."""
    made: dict[str, None] = {}
    for plain in map(bare, wordings):
        made |= {name: None for told, name in _synonyms().items() if len(told) > 3 and told in plain}
        runs = re.finditer(f"(?:{_words()[0].pattern})+", plain)
        made |= {name: None for run in runs if (name := composed(run[0]))}
    return made
