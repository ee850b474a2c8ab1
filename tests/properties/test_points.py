"""What must hold of points whatever the figures: within bounds, never falling as more is done, full points kept."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.model import Value
from jixiao.scoring import build_net
from tests.properties import casebook
from tests.properties.casebook import RULES
from tests.properties.dice import Dice
from tests.properties.nets import OneSheet, small

KINDS = sorted((RULES / "cases").glob("*.yaml"))
RATES = st.integers(-(10**7), 3 * 10**7).map(lambda n: Decimal(n) / 10**6)
MORE = {"率": "%"}
RISING: dict[str, dict[str, Any]] = {
    "bands": {
        "kind": "bands",
        "x": "率",
        "bands": {"(,80%)": 0, "[80%,90%)": 1, "[90%,100%)": 3, "[100%,)": 4},
    },
    "proportional": {"kind": "proportional", "x": "率"},
    "proportional over": {"kind": "proportional", "x": "率", "over": "90%"},
    "score": {"kind": "score", "x": "率", "of": 1},
    "condition": {"kind": "condition", "when": "率 >= 0.9"},
}
STEP = {"kind": "steps", "x": "率", "start": "100%", "each": "1.5%", "deduct": "0.5"}
MODES = [("whole", True), ("whole", False), ("started", True), ("proportional", True)]
for mode, inclusive in MODES:
    RISING[f"steps {mode} {inclusive}"] = {**STEP, "mode": mode, "inclusive": inclusive, "downward": True}


def _net(rule: dict[str, Any]) -> OneSheet:
    plain = {
        key: Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v for key, v in rule.items()
    }
    if "bands" in plain:
        plain["bands"] = {text: Decimal(v) for text, v in rule["bands"].items()}
    return OneSheet(build_net(small({"names": MORE, "rule": {**plain, "full": Decimal(4)}})))


NETS = {name: _net(rule) for name, rule in RISING.items()}


def _points(net: OneSheet, rate: Decimal) -> Decimal:
    got = net.net.items["甲.规则分"].number({"率": rate}.__getitem__)
    assert isinstance(got, Decimal)
    return got


@pytest.mark.parametrize("name", RISING)
@given(one=RATES, other=RATES)
def test_more_done_never_gives_fewer_points(name: str, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert _points(NETS[name], less) <= _points(NETS[name], more)


@given(one=RATES)
def test_a_stricter_way_of_counting_steps_never_gives_more(one: Decimal) -> None:
    whole, open_, started, part = (
        _points(NETS[f"steps {mode} {inclusive}"], one) for mode, inclusive in MODES
    )
    assert started <= part <= whole <= open_


@pytest.mark.parametrize("file", KINDS, ids=lambda file: file.stem)
def test_points_stay_between_nothing_and_full(file: Path) -> None:
    for net in casebook.kinds(file)[0].values():
        dice = Dice(net, 11)
        for _ in range(60):
            values = net.numbers(dice.entries())
            for indicator in net.net.rubric.indicators():
                points, full = values[f"{indicator.key}.规则分"], values[f"{indicator.key}.满分"]
                if not isinstance(points, Decimal) or indicator.weight == 0:
                    continue
                assert isinstance(full, Decimal)
                most = full * Decimal("1.5") if indicator.rule.criteria.endswith("最高按150%计") else full
                assert 0 <= points <= most, (indicator.key, points, full)


def test_bonus_points_stay_within_their_caps() -> None:
    net = casebook.kinds(RULES / "cases" / "bonus.yaml")[0]["表彰与问责"]
    for won, lost in itertools.product(range(9), repeat=2):
        points = net.numbers({"表彰": Decimal(won), "问责": Decimal(lost)})["甲.规则分"]
        assert points == min(won, 3) - min(2 * lost, 6)


PARTS = ("预算编制规范性_3", "预算编制规范性_4", "资金下达合法性_1", "资金下达合法性_2")


@pytest.mark.parametrize(
    "gone", [c for n in range(5) for c in itertools.combinations(PARTS, n)], ids="＋".join
)
def test_full_points_stay_a_hundred_whatever_does_not_apply(gone: tuple[str, ...]) -> None:
    net = casebook.suixi()
    entries: dict[str, Value] = {f"{part}.适用": "不适用" for part in gone}
    values = net.numbers(entries)
    fulls = [values[f"{i.key}.满分"] for i in net.net.rubric.indicators()]
    assert sum(full for full in fulls if isinstance(full, Decimal)) == 100
    assert sum(Decimal(str(values[f"一级[{n}].满分"])) for n in range(1, 5)) == 100


@pytest.mark.parametrize("gone", [(), PARTS[:2], PARTS[2:], PARTS], ids=len)
def test_everything_done_gives_a_hundred(gone: tuple[str, ...]) -> None:
    """Every person's verdict the best one, every figure as wished for: nothing is lost on the way."""
    net = casebook.suixi()
    entries = _best(net)
    entries |= {f"{part}.适用": "不适用" for part in gone}
    values = net.numbers(entries)
    assert values["合计.得分"] == 100
    assert values["合计.规则分"] == 100
    assert values["合计.等级"] == "优"


def _best(net: OneSheet) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    for part in (part for i in net.net.rubric.indicators() for part in i.rule.leaves()):
        entries |= {f"{part.key}.判定": ask.choices[0] for ask in part.asks if ask.field == "判定"}
        entries |= {f"{part.key}.前提": "有" for ask in part.asks if ask.field == "前提"}
    for name, entry in net.net.entries.items():
        if name in net.net.rubric.facts:
            entries[name] = Decimal(100) if entry.unit in ("万元", "分", "个") else Decimal(1)
    entries |= {"目标[1].计划值": Decimal(1), "目标[1].完成值": Decimal(1)}
    entries |= {"项目[1].年初预算": Decimal(9), "项目[1].年度支出": Decimal(9), "项目[1].按期完成": "是"}
    none = (
        "年末财政拨款结转和结余",
        "本年末国库集中支付存量资金",
        "非统一政策预算调整事项数",
        "受表彰工作项数",
    )
    entries |= dict.fromkeys(("自评材料报送日期", "自评材料报送截止日期"), Decimal(45044))
    return entries | dict.fromkeys((*none, "被问责问题数"), Decimal(0))


def test_random_cases_do_lie_on_thresholds() -> None:
    """The property tests would be worth little if their ratios never met the edge of a band."""
    net = casebook.kinds(RULES / "cases" / "bands.yaml")[0]["存量变动率"]
    dice = Dice(net, 5)
    rates = {net.numbers(dice.entries())["变动率"] for _ in range(400)}
    for edge in (Decimal("-0.15"), Decimal("-0.1"), Decimal(0)):
        assert edge in rates
        assert {edge - Decimal("0.000001"), edge + Decimal("0.000001")} & rates
