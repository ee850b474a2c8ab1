"""Where rubrics are: shipped under rubrics/<jurisdiction>/<year>.yaml, in a user's folder, or inside a workbook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model.concept import Concept, from_record
from jixiao.model.strict import DefinitionError, Record, load_json
from jixiao.rubric.nouns import Rubric
from jixiao.rubric.schema import read_rubric

HERE = Path(__file__).parent


def _places(definitions: Sequence[Path]) -> Iterator[Any]:
    for folder in (*definitions, None):
        base = folder / "rubrics" if folder else HERE / "rubrics"
        if not base.is_dir():
            continue
        for place in sorted(base.iterdir(), key=lambda f: f.name):
            if place.is_dir():
                yield from sorted(
                    (f for f in place.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name
                )


def shipped(definitions: Sequence[Path] = ()) -> dict[str, Any]:
    """Rubric id -> its definition file; a user's folder comes first."""
    found: dict[str, Any] = {}
    for file in _places(definitions):
        place = file.parent.name if isinstance(file, Path) else Path(str(file)).parent.name
        found.setdefault(f"{place}-{file.name.removesuffix('.yaml')}", file)
    return found


def load(name: str, definitions: Sequence[Path] = ()) -> Rubric:
    """The rubric of an id, or of a path that ends in .yaml. KeyError where the id is unknown."""
    from jixiao.model import strict
    from jixiao.model.concept import concepts

    tables = strict.load_text((HERE / "tables.yaml").read_text("utf-8"), "tables.yaml")
    if name.endswith((".yaml", ".yml")):
        return read_rubric(strict.load(Path(name)), concepts(), tables)
    found = shipped(definitions)
    if name not in found:
        raise KeyError(name)
    file = found[name]
    made = read_rubric(strict.load_text(file.read_text("utf-8"), file.name), concepts(), tables)
    if made.id != name:
        raise DefinitionError(file.name, 1, f"文件位置与编号不符：应为 {name}")
    return made


def read_text(text: str, where: str) -> Rubric:
    """A rubric from the YAML text of a definition; ``where`` names it in a ``DefinitionError``."""
    from jixiao.model import strict
    from jixiao.model.concept import concepts

    tables = strict.load_text((HERE / "tables.yaml").read_text("utf-8"), "tables.yaml")
    return read_rubric(strict.load_text(text, where), concepts(), tables)


def to_json(rubric: Rubric) -> str:
    """The whole definition with the concepts and tables it uses, canonical: the same text for the same rules."""
    return json.dumps(rubric.data, ensure_ascii=False, sort_keys=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def digest(text: str) -> str:
    """SHA-256 of a definition's canonical text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def from_data(text: str) -> Rubric:
    """A rubric from the text kept inside a workbook (``to_json``); no definition file is needed.

    ``DefinitionError`` where the text is not such a definition.
    """
    data = load_json(text, "评分簿内的评分表定义")
    data.only(("rubric", "tables", "concepts"))
    concepts: dict[str, Concept] = {}
    for name, body in data.part("concepts").items():
        if not isinstance(body, Record):
            raise data.fail(f"“{name}”应为“键: 值”")
        ident = str(body.pop("id", ""))
        concepts[name] = from_record(ident, body)
    return read_rubric(data.part("rubric"), concepts, data.part("tables"))
