"""Where things of a rubric stand in its definition: the mapping of every indicator, rule and quantity, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jixiao.model import Body, Source
from jixiao.rubric.kinds import Part
from jixiao.rubric.nouns import Indicator, Rubric


class Spots:
    """The mappings of a definition by the names that findings use; ``instead`` are places that go before its lines."""

    def __init__(self, rubric: Rubric, instead: Mapping[str, Source] | None = None) -> None:
        self.data: Body = rubric.data["rubric"]
        self.instead = dict(instead or {})
        self.bodies = dict(zip((i.key for i in rubric.indicators()), bodies(self.data), strict=True))
        self.specs: dict[str, Body] = {}
        self.owners: dict[str, str] = {}
        for indicator in rubric.indicators():
            for part, spec in _parts(indicator.rule, self.bodies[indicator.key]["rule"]):
                self.specs[part.key] = spec
                self.owners[part.key] = indicator.key
        self.quantities = _named(self.data.get("quantities"))
        self.facts = _named(self.data.get("facts"))

    def body(self, indicator: Indicator, key: str = "", label: str = "") -> Source:
        """The place of an indicator, or of one of its keys."""
        return self.at(self.bodies[indicator.key], key, label or indicator.key, indicator.key)

    def rule(self, part: Part, key: str = "", label: str = "") -> Source:
        """The place of a part's rule, or of one of its parameters."""
        owner = self.owners.get(part.key, "")
        return self.at(self.specs.get(part.key), key, label or owner or part.key, owner)

    def text(self, indicator: Indicator) -> str:
        """The criteria text that the definition holds for an indicator, empty where its rule words itself."""
        said = self.bodies[indicator.key].get("criteria", "")
        return said if isinstance(said, str) else ""

    def at(self, record: Body | None, key: str, label: str, owner: str = "") -> Source:
        """File and line of a key; another file's cell where one is known for the indicator ``owner``."""
        if owner in self.instead:
            return self.instead[owner]
        if record is None or not record.where:
            return Source(self.data.where, label=label)
        line = record.lines.get(key, record.line)
        return Source(record.where, cell=f"第{line}行" if line else "", label=label)

    def top(self, key: str, label: str) -> Source:
        """The place of a section of the definition."""
        return self.at(self.data, key, label)


def bodies(data: Body) -> Iterator[Body]:
    """The mappings of all indicators in their order, the bonus items last."""
    for first in data["levels"]:
        for second in first["levels"]:
            yield from second["indicators"]
    yield from data.get("extras", {}).get("indicators", [])


def _parts(part: Part, spec: Body) -> Iterator[tuple[Part, Body]]:
    yield part, spec
    for inner, body in zip(part.parts, spec.get("parts", []), strict=False):
        yield from _parts(inner, body)


def _named(items: Any) -> dict[str, Body]:
    return {str(item.get("name")): item for item in items or [] if isinstance(item, Body)}
