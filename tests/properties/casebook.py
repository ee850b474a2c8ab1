"""Cases in data files: facts and entries of a rule -> the points it gives."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import answers
from jixiao.model import Body, Value, load_yaml
from jixiao.scoring import build_net
from tests.properties.nets import OneSheet, shortened, small

RULES = Path(__file__).parents[1] / "rubric"
INDICATORS = Path(__file__).parents[2] / "conformance" / "indicators" / "suixi-2022"
ABOUT = ("full", "part", "none", "boundary", "not-applicable", "zero", "missing", "moved", "judged")


@dataclass(frozen=True)
class Case:
    """``points`` and ``full`` by title of an indicator; ``says`` must stand in the explanation of ``title``."""

    name: str
    about: str
    title: str
    entries: dict[str, Value]
    points: dict[str, Value]
    full: dict[str, Value]
    says: str


@functools.cache
def kinds(file: Path) -> tuple[dict[str, OneSheet], list[tuple[str, Case]]]:
    """A file of cases/: the nets of its rules, and (rule, case)."""
    data = load_yaml(file).only(("rules", "cases"))
    made = {name: OneSheet(build_net(small(body, file.name))) for name, body in data.part("rules").items()}
    cases = [(body.text("rule"), _case(body, "甲", made[body.text("rule")])) for body in data.parts("cases")]
    return made, cases


@functools.cache
def indicator(file: Path) -> tuple[str, list[Case]]:
    """A file of an indicator: its id is the file's name, its rubric the folders'."""
    net = suixi()
    data = load_yaml(file).only(("cases",))
    found = next(i for i in net.net.rubric.indicators() if i.id == file.stem)
    return found.key, [_case(body, found.key, net) for body in data.parts("cases")]


@functools.cache
def suixi() -> OneSheet:
    """The net of the 遂溪 table."""
    return OneSheet(shortened("suixi-2022"))


def _case(body: Body, title: str, net: OneSheet) -> Case:
    body.only(("name", "about"), ("rule", "given", "points", "full", "says"))
    entries = dict(answers.entries(body.part("given") if "given" in body else Body(), title))
    if unknown := [name for name in entries if name not in net.net.entries]:
        raise body.fail(f"没有名为“{unknown[0]}”的填写项", "given")
    about = body.text("about")
    if about not in ABOUT:
        raise body.fail(f"about 应为 {'、'.join(ABOUT)}", "about")
    return Case(
        body.text("name"),
        about,
        title,
        entries,
        _by_title(body.get("points"), title),
        _by_title(body.get("full"), title),
        body.text("says", ""),
    )


def _by_title(value: Any, title: str) -> dict[str, Value]:
    if value is None:
        return {}
    return dict(value) if isinstance(value, Body) else {title: value}
