"""Every kind is known wherever kinds are listed, and says in words what it gives in points."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.authoring import diff, export_rubric
from jixiao.model import Interval
from jixiao.rubric import KINDS, PARAMETERS, read_text
from jixiao.scoring import build_net
from tests.properties.nets import OneSheet, small
from tests.rubric import said

EVERY = (Path(__file__).parent / "every_kind.yaml").read_text("utf-8")
RATES = st.one_of(
    st.integers(-(10**6), 3 * 10**6).map(lambda n: Decimal(n) / 10**6),
    st.integers(-100, 300).map(lambda n: Decimal(n) / 100),
)
STEP = {"each": "5%", "start": "100%"}
RULES: dict[str, dict[str, Any]] = {
    "bands": {"bands": {"[90%,)": 5, "[60%,90%)": 2, "(,60%)": 0}},
    "bands with a doubt": {"bands": {"[90%,100%]": 5, "(100%,)": "待核定", "其余": 0}},
    "proportional": {},
    "proportional over": {"over": "90%", "cap": "150%"},
    "score": {"of": 1},
    "passmark": {"pass": "60%", "over": "95%", "otherwise": 1},
    "overfulfil": {"over": "130%", "deduct": 2, "inclusive": False},
    "overfulfil reached": {"over": "130%", "deduct": 2},
    "deviation": {"centre": "100%", "bands": {"[0,10%]": 5, "(10%,20%]": 3, "(20%,)": 0}},
    "deviation from nothing": {"bands": {"[0,10%]": 5, "(10%,)": 0}},
    "interpolate": {"points": {"60%": 0, "80%": 2, "100%": 5}, "below": 1, "above": 2},
    "interpolate within": {"points": {"60%": 1, "100%": 5}},
    "rank": {"list": [5, 3], "rest": 1},
    "rank without rest": {"list": [5, 3]},
    "pieces": {
        "pieces": {
            "(,60%)": 0, "[60%,80%)": {"rate": "90%"}, "[80%,90%)": {"between": [3, 4]}, "[90%,100%)": {"line": [9, -5]},
            "[100%,)": {"each": "3%", "start": "100%", "from": 5, "deduct": "0.5", "least": 1},
        }
    },
    "pieces that add": {"pieces": {"(,)": {"each": "7%", "start": 0, "from": 1, "add": "0.5", "most": 4}}},
}  # fmt: skip
for mode in ("whole", "started", "proportional"):
    for inclusive in (True, False):
        for way in ("up", "down", "both"):
            more = {"mode": mode, "inclusive": inclusive}
            RULES[f"weight_steps {mode} {inclusive} {way}"] = {**STEP, **more, "way": way, "share": "10%"}
        RULES[f"steps {mode} {inclusive}"] = {**STEP, **more, "deduct": "0.5"}
        RULES[f"steps {mode} {inclusive} downward"] = {**STEP, **more, "deduct": "0.5", "downward": True}


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _net(name: str) -> OneSheet:
    rule = {"kind": name.split(maxsplit=1)[0], "full": 5, "x": "率", **RULES[name]}
    return OneSheet(build_net(small({"names": {"率": "%"}, "rule": _exact(rule)})))


NETS = {name: _net(name) for name in RULES}


@pytest.mark.parametrize("name", RULES)
@given(rate=RATES)
@example(rate=Decimal(0))
@example(rate=Decimal(1))
@example(rate=Decimal("1.05"))
@example(rate=Decimal("0.6"))
@example(rate=Decimal("1.3"))
def test_the_sentence_says_the_points(name: str, rate: Decimal) -> None:
    net = NETS[name]
    (text,) = (i.criteria for i in net.net.rubric.indicators() if i.key == "甲")
    made = net.net.items["甲.规则分"].number({"率": rate}.__getitem__)
    assert said.points(text, rate) == made, text


@pytest.mark.parametrize("name", RULES)
def test_the_formula_gives_the_points(name: str) -> None:
    edges = [Decimal(n) / 100 for n in range(0, 160, 5)] + [Decimal("0.949999"), Decimal("1.000001")]
    for rate in edges:
        assert NETS[name].checked({"率": rate}) == []


def test_every_kind_over_one_figure_is_among_them() -> None:
    own = {name for name, kind in KINDS.items() if kind.holding("figure") == ("x",)}
    assert own == {name.split()[0] for name in RULES}


def test_every_kind_and_parameter_has_its_words() -> None:
    for name, kind in KINDS.items():
        assert kind.title.strip(), name
        assert {key for key in (*kind.needs, *kind.may) if key not in PARAMETERS} == set()
    assert all(param.label for param in PARAMETERS.values())
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


def test_every_kind_is_exported_and_compared() -> None:
    made = read_text(EVERY, "例.yaml")
    assert {part.kind for i in made.indicators() for part in (i.rule, *i.rule.leaves())} == {*KINDS} - {
        "block"
    }
    assert export_rubric(made)[:2] == b"PK"
    before = "rule: {kind: passmark, full: 5, x: 支出率, pass: 60%, over: 95%, otherwise: 1}"
    assert before in EVERY
    changed = read_text(EVERY.replace(before, "rule: {kind: proportional, full: 5, x: 支出率}"), "例.yaml")
    assert "“及格线项”规则类型：及格线 → 按比例" in [change.line() for change in diff(made, changed)]


def test_an_interval_said_is_the_interval_meant() -> None:
    assert Interval.parse("[60%,90%)").spoken("率", as_percent=True) == "60%≤率＜90%"


JOINED: dict[str, dict[str, Any]] = {
    "sum": {"full": 4, "fulls": (2, 2)},
    "sum of three": {"full": 6, "fulls": (2, 2, 2)},
    "better": {"full": 4, "fulls": (4, 2)},
    "shared": {"full": 4, "fulls": (4, 4)},
    "weighted": {"full": 4, "fulls": (60, 40), "base": 100},
}


@pytest.mark.parametrize("name", JOINED)
def test_while_one_part_waits_the_whole_waits(name: str) -> None:
    """Whichever it is: what the other parts earned is not given out as the whole."""
    body = dict(JOINED[name])
    parts = [
        {"kind": "point", "full": full, "title": title}
        for title, full in zip("天地人", body.pop("fulls"), strict=False)
    ]
    net = OneSheet(
        build_net(small({"rule": _exact({"kind": name.split(maxsplit=1)[0], "parts": parts, **body})}))
    )
    fine = {f"甲_{n}.判定": "符合" for n, _ in enumerate(parts, 1)} | {"其余_1.判定": "符合"}
    assert net.numbers(fine)["甲.规则分"] == body["full"]
    for key in fine:
        waiting = fine | {key: None}
        assert (net.numbers(waiting)["甲.规则分"] == "待核定") == key.startswith("甲")
        assert net.checked(waiting) == []
