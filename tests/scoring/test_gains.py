"""What is said to win points wins them, and one printed step less does not: of every kind of rule, by every reading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conformance import answers
from jixiao.model import Body, Value, half_up, load_yaml
from jixiao.rubric.keys import Keys
from jixiao.scoring import Gain, Step, Values, build_net, gains, printed_step
from tests.properties import casebook
from tests.properties.casebook import RULES, Case
from tests.properties.nets import OneSheet, small

KIND_FILES = sorted((RULES / "cases").glob("*.yaml"))
INDICATOR_FILES = sorted(casebook.INDICATORS.glob("*.yaml"))
KNOWN = load_yaml(Path(__file__).with_name("gains.yaml")).parts("cases")
FEW = 40  # values between the old figure and the new one that are tried


def _found(net: OneSheet, entries: dict[str, Value], title: str) -> list[Gain]:
    return [gain for gain in gains(Values(net.net, entries)) if gain.indicator == title]


def _cases(file: Path) -> Iterator[tuple[OneSheet, Case]]:
    if file in INDICATOR_FILES:
        yield from ((casebook.suixi(), case) for case in casebook.indicator(file)[1])
    else:
        rules, cases = casebook.kinds(file)
        yield from ((rules[rule], case) for rule, case in cases)


class _Tried:
    """What a case earns with some entries changed; of an indicator that waits, the point of it that does not."""

    def __init__(self, net: OneSheet, case: Case, gain: Gain) -> None:
        self.net, self.case, own = net, case, Keys(case.title)
        self.now, self.key = Values(net.net, case.entries), own.rule_points
        indicator = next(one for one in net.net.rubric.indicators() if one.key == case.title)
        if self.now.points(self.key) is None and gain.title:
            self.key = next(
                Keys(part.key).points for part in indicator.rule.parts if part.title == gain.title
            )

    def points(self, given: dict[str, Value]) -> Decimal:
        return half_up(self.now.with_entries(given).points(self.key) or Decimal(0), 2)

    def agreed(self, given: dict[str, Value], *, engine: bool) -> None:
        """The number reading is the written function's, and that of the formulas in an engine."""
        entries = {**self.case.entries, **given}
        if engine:
            assert self.net.checked(entries) == []
        else:
            self.net.numbers(entries)  # holds the one against the other


def _short_of(step: Step, key: str) -> list[dict[str, Value]]:
    """The same change with the figure one printed step short, and with some of those between."""
    if not isinstance(step.new, Decimal) or not isinstance(step.old, Decimal):
        return []
    unit = printed_step(step.unit) * (1 if step.new > step.old else -1)
    steps = int((step.new - step.old) / unit)
    dice = random.Random(steps)
    some = sorted({1, *(dice.randint(1, steps) for _ in range(FEW))}) if steps > FEW else range(1, steps + 1)
    short = [step.new - unit * n for n in some if (step.new - unit * n - step.old) * unit > 0]
    return [{**step.given, key: value} for value in short]


@pytest.mark.parametrize("file", [*KIND_FILES, *INDICATOR_FILES], ids=lambda file: file.stem)
def test_every_step_wins_what_it_says_and_nothing_short_of_it_does(file: Path) -> None:
    seen = 0
    for net, case in _cases(file):
        for gain in _found(net, case.entries, case.title):
            least = {
                step.name: min(s.points for s in gain.steps if s.name == step.name) for step in gain.steps
            }
            for step in gain.steps:
                first = step.points == least[step.name]
                _holds(_Tried(net, case, gain), step, first=first, engine=file in KIND_FILES)
                seen += 1
    assert seen or file in INDICATOR_FILES


def _holds(tried: _Tried, step: Step, *, first: bool, engine: bool) -> None:
    key = next(key for key in step.given if step.given[key] == step.new)
    now, won, short = tried.points({}), tried.points(dict(step.given)), _short_of(step, key)
    said = (tried.case.name, step)
    assert step.points > 0, said
    assert won == now + step.points, said
    for given in short:
        less = tried.points(given)
        assert less < won, (said, given)
        assert not first or less <= now, (said, given)
    if key in tried.net.net.entries:  # a figure of a whole table is no cell that an engine is given
        for given in [dict(step.given), *short[:1]]:
            tried.agreed(given, engine=engine)


def _known(body: Body) -> tuple[OneSheet, dict[str, Value], list[Any]]:
    net = OneSheet(build_net(small(body.part("rule"), "gains.yaml")))
    return net, dict(answers.entries(body.part("given"), "甲")), list(body["steps"])


@pytest.mark.parametrize("body", KNOWN, ids=lambda body: str(body["name"]))
def test_the_edges_of_a_rule_are_found_exactly(body: Body) -> None:
    net, entries, wanted = _known(body)
    (gain,) = _found(net, entries, "甲")
    assert [[step.name, step.new, step.points, step.difference] for step in gain.steps] == wanted
    assert gain.full == body.part("rule").part("rule").number("full")
    if "needs" in body:
        assert list(gain.needs) == list(body["needs"])
    assert bool(gain.why) is not bool(wanted)


@pytest.mark.parametrize("file", KIND_FILES, ids=lambda file: file.stem)
def test_no_value_nearer_than_what_is_said_wins_and_none_wins_more(file: Path) -> None:
    dice = random.Random(file.stem)
    for net, case in _cases(file):
        found, own = _found(net, case.entries, case.title), Keys(case.title)
        now = Values(net.net, case.entries)
        base, full = now.points(own.rule_points), now.points(own.full) or Decimal(0)
        if base is None or base >= full or now[own.awarded] is not None:
            continue
        for key, old in case.entries.items():
            entry = net.net.entries[key]
            if not isinstance(old, Decimal) or not entry.fact or "[" in key:
                continue
            unit = printed_step({"rate": "%", "date": "日期"}.get(entry.kind, entry.unit))
            steps = [step for gain in found for step in gain.steps if step.name == key]
            for far in (unit * 3, unit * 40, abs(old) / 50, abs(old) / 2, abs(old) * 2) * 6:
                value = half_up((old + Decimal(dice.uniform(-1, 1)) * far) / unit, 0) * unit
                won = (now.with_entries({key: value}).points(own.rule_points) or Decimal(0)) - base
                if won <= 0 or value < 0 or (entry.unit == "分" and value > 100):
                    continue
                beside = [
                    (abs(step.new - old), step.points)
                    for step in steps
                    if isinstance(step.new, Decimal) and (step.new - old) * (value - old) > 0
                ]
                assert any(far <= abs(value - old) for far, _ in beside), (case.name, key, value)
                assert won <= max(points for _, points in beside), (case.name, key, value)


@pytest.mark.parametrize(
    ("unit", "step"),
    [
        ("%", "0.0001"), ("万元", "0.01"), ("分", "0.01"), ("日期", "1"), ("人", "1"), ("套", "1"), ("批次", "1"),
        ("吨", "0.01"), ("公里", "0.01"), ("平方米", "0.01"), ("小时", "0.01"), ("没有见过的", "0.01"),
    ],
)  # fmt: skip
def test_only_what_is_counted_is_whole(unit: str, step: str) -> None:
    assert printed_step(unit) == Decimal(step)
