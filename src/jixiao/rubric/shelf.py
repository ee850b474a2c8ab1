"""Where rubrics are: shipped under rubrics/<jurisdiction>/<year>.yaml, in a user's folder, or inside a workbook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model import Body, Concept, DefinitionError, load_yaml, read_concept, read_json, read_yaml
from jixiao.model import concepts as vocabulary
from jixiao.rubric.checking import check_lines
from jixiao.rubric.nouns import Rubric
from jixiao.rubric.schema import read_rubric

HERE = Path(__file__).parent
DEFAULT_FORM = "project-2020"


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


def _shared(name: str) -> Body:
    """A definition that all rubrics share."""
    return read_yaml((HERE / name).read_text("utf-8"), name)


def forms(definitions: Sequence[Path] = ()) -> Body:
    """The known self-evaluation forms by id: selftables/<id>.yaml here or in a user's folder, which comes first."""
    found = Body()
    for folder in (*definitions, None):
        base = folder / "selftables" if folder else HERE / "selftables"
        for file in sorted(base.iterdir(), key=lambda f: f.name) if base.is_dir() else ():
            if file.name.endswith(".yaml"):
                found.setdefault(file.name.removesuffix(".yaml"), load_yaml(file))
    return found


def load(
    name: str,
    definitions: Sequence[Path] = (),
    *,
    projects: int | None = None,
    form: str = "",
    doubtful: bool = False,
) -> Rubric:
    """The rubric of an id, or of a path that ends in .yaml. KeyError where the id is unknown.

    ``projects`` and ``form`` ask for that many project tables of that form instead of what the rubric says.
    ``doubtful`` lets gaps and overlaps of bands pass, for the lint, which names them all.
    """
    if name.endswith((".yaml", ".yml")):
        data = _with_projects(load_yaml(Path(name)), projects, form)
        return read_data(data, definitions, doubtful=doubtful)
    found = shipped(definitions)
    if name not in found:
        raise KeyError(name)
    file = found[name]
    made = read_data(_with_projects(load_yaml(file), projects, form), definitions, doubtful=doubtful)
    if made.id != name:
        raise DefinitionError(file.name, 1, f"文件位置与编号不符：应为 {name}")
    return made


def read_data(data: Body, definitions: Sequence[Path] = (), *, doubtful: bool = False) -> Rubric:
    """A rubric from the data of a definition; ``DefinitionError`` where it is wrong, or its bands leave a gap."""
    made = read_rubric(data, vocabulary(), _shared("tables.yaml"), _shared("texts.yaml"), forms(definitions))
    if not doubtful:
        check_lines(made)
    return made


def _with_projects(data: Body, count: int | None, form: str) -> Body:
    if count is None and not form:
        return data
    body = Body(data["projects"]) if "projects" in data else Body({"form": DEFAULT_FORM, "count": 1})
    body.where, body.line, body.lines = data.where, data.lines.get("projects", data.line), {}
    if count is not None:
        body["count"] = Decimal(count)
    if form:
        body["form"] = form
    data["projects"] = body
    return data


def read_text(text: str, where: str, *, doubtful: bool = False) -> Rubric:
    """A rubric from the YAML text of a definition; ``where`` names it in a ``DefinitionError``."""
    return read_data(read_yaml(text, where), doubtful=doubtful)


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
    data = read_json(text, "评分簿内的评分表定义")
    data.only(("rubric", "tables", "concepts"), ("texts", "forms"))
    concepts: dict[str, Concept] = {}
    for name, body in data.part("concepts").items():
        if not isinstance(body, Body):
            raise data.fail(f"“{name}”应为“键: 值”")
        ident = str(body.pop("id", ""))
        concepts[name] = read_concept(ident, body)
    texts = data.part("texts") if "texts" in data else None  # workbooks older than the 文字 sheet
    known = data.part("forms") if "forms" in data else None
    return read_rubric(data.part("rubric"), concepts, data.part("tables"), texts, known)
