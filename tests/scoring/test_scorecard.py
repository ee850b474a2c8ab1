"""What the scorecard says about entries and awards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jixiao.model import Compare, Const, ExprError, If, Ref, Value
from jixiao.scoring import Values, as_own, build_net, score
from tests.properties.nets import small
from tests.scoring.case2022 import SYSTEM, awarded, facts

SMALL = build_net(
    small(
        {
            "names": {"数": "万元", "日": "日期", "截止": "日期", "满意度": "分"},
            "indicators": {
                "甲": {"kind": "condition", "full": Decimal(1), "when": "日 <= 截止"},
                "乙": {"kind": "proportional", "full": Decimal(2), "x": "数"},
                "丙": {"kind": "score", "full": Decimal(3), "x": "满意度"},
            },
        }
    )
)


def codes(entries: dict[str, Value]) -> list[str]:
    return [finding.code for finding in score(SMALL, entries).findings if finding.code != "J405"]


FINE: dict[str, Value] = {
    "日": Decimal(45043), "截止": Decimal(45044), "数": Decimal("0.5"), "满意度": Decimal(90), "其余_1.判定": "符合",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"乙.核定分": Decimal(2)}, ["J402"]),
        ({"乙.核定分": Decimal(2), "乙.核定理由": "有据"}, ["J403"]),
        ({"乙.核定分": Decimal(1), "乙.核定理由": "有据"}, []),
        ({"乙.核定分": Decimal("2.01"), "乙.核定理由": "有据"}, ["J403", "J404"]),
        ({"乙.核定分": Decimal("-0.01"), "乙.核定理由": "有据"}, ["J403", "J404"]),
        ({"其余_1.判定": "基本符合"}, ["J406"]),
        ({"数": "约一半"}, ["J407"]),
        ({"数": "待核定"}, []),
        ({"日": Decimal(20230427)}, ["J408"]),
        ({"日": Decimal("45043.5")}, ["J408"]),
        ({"日": Decimal(60)}, ["J408"]),
        ({"日": Decimal(61), "截止": Decimal(61)}, []),
        ({"截止": Decimal(2958465)}, []),
        ({"截止": Decimal(2958466)}, ["J408"]),
        ({"数": Decimal("1234567890.123456")}, ["J409"]),
        ({"数": Decimal("123456789.123456")}, []),
        ({"满意度": "不适用"}, ["J410"]),
        ({"满意度": None}, []),
    ],
)
def test_every_doubt_about_an_entry_is_a_finding(changed: dict[str, Value], expected: list[str]) -> None:
    assert codes(FINE | changed) == expected


def test_a_declared_move_is_no_doubt() -> None:
    assert "J410" not in [finding.code for finding in score(SYSTEM, awarded()).findings]


def test_projects_are_only_asked_about_where_they_have_forms_of_their_own() -> None:
    assert awarded()["项目[1].名称"], "the case has projects"
    codes = {finding.code for finding in score(SYSTEM, awarded()).findings}
    assert not codes & {"J437", "J441", "J442"}


def test_an_award_without_a_reason_is_not_settled() -> None:
    card = score(SMALL, FINE | {"乙.核定分": Decimal(2)})
    assert card.values["乙.状态"] == "核定缺理由"
    assert card.values["合计.缺理由数"] == 1


def test_what_waits_is_named() -> None:
    card = score(SMALL, {})
    (found,) = [finding for finding in card.findings if finding.code == "J405"]
    assert dict(found.args) == {"count": "4", "names": "甲、乙、丙、其余"}


def test_a_broken_rule_stops_nothing_else() -> None:
    system = build_net(
        small({"names": {"数": "万元"}, "rule": {"kind": "proportional", "full": Decimal(2), "x": "数"}})
    )
    system.items["甲.规则分"] = Ref("没有这个")
    card = score(system, {"其余_1.判定": "符合"})
    assert "J401" in [finding.code for finding in card.findings]
    assert card["甲"].status == "pending"
    assert card["其余"].points == 98


def test_a_circle_is_found_and_not_followed() -> None:
    system = build_net(
        small({"names": {"数": "万元"}, "rule": {"kind": "proportional", "full": Decimal(2), "x": "数"}})
    )
    system.items["甲.得分"], system.items["甲.规则分"] = Ref("甲.规则分"), Ref("甲.得分")
    values = Values(system, {})
    assert values.all()["甲.得分"] == "待核定"
    assert "circular" in next(iter(values.crashed.values()))
    with pytest.raises(ExprError):
        Values(system, {})["没有这个"]


def test_the_card_is_data_with_json_numbers() -> None:
    data: dict[str, Any] = score(SYSTEM, awarded()).data()
    assert (data["total"], data["rule_total"], data["year"]) == (82.27, 82, 2022)
    row = next(item for item in data["indicators"] if item["title"] == "预算编制准确性")
    assert (row["full"], row["rule_points"], row["points"], row["status"]) == (5, 4.5, 4.4, "scored")
    gone = next(item for item in data["indicators"] if item["status"] == "not_applicable")
    assert (gone["points"], gone["full"]) == (None, 0)


def test_the_card_as_a_table() -> None:
    pytest.importorskip("pandas")
    frame = score(SYSTEM, facts()).to_frame()
    assert len(frame) == 30
    assert frame.set_index("title").loc["支出完成率", "points"] == 7


def test_an_unknown_title_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        score(SMALL, {})["没有"]
    assert Const(1).refs() is not None


def test_a_net_asked_often_is_written_out_and_gives_the_same() -> None:
    """Also what a rule that fails leaves: the number reading then says which it was."""
    net = build_net(SMALL.rubric)
    first = score(net, FINE)
    assert [score(net, FINE).values for _ in range(20)] == [first.values] * 20
    assert net.written is not None
    broken = Values(net, FINE | {"日": "不适用", "截止": "待核定"}).all()
    assert broken == {key: Values(net, FINE | {"日": "不适用", "截止": "待核定"})[key] for key in net.items}
    net.items["坏"] = If(Compare(">", Ref("数"), Const(0)), Const(1), Const(2))
    net.write_out()
    values = Values(net, FINE | {"数": "文字"})
    assert (values.all()["坏"], list(values.crashed)) == ("待核定", ["坏"])


def test_what_a_unit_gives_itself_takes_the_place_of_a_reviewers_points() -> None:
    rubric = small(
        {
            "names": {"数": "万元"},
            "indicators": {
                "乙": {"kind": "proportional", "full": Decimal(2), "x": "数"},
                "丙": {"kind": "point", "full": Decimal(3), "title": "丙"},
            },
            "bonus": {
                "kind": "bonus",
                "full": Decimal(0),
                "items": [{"x": "数", "each": 1, "cap": Decimal(2)}],
            },
        }
    )
    entries: dict[str, Value] = {
        "数": Decimal("0.5"), "其余_1.判定": "符合", "丙_1.判定": "符合", "乙.核定分": Decimal(2), "乙.核定理由": "有据"
    }  # fmt: skip
    card = score(build_net(rubric), entries)
    own = as_own(card, rubric, {"乙": Decimal("1.5"), "丙": Decimal(3), "其余": Decimal(95)})
    rows = {row.title: (row.points, row.status, row.awarded, row.reason) for row in own.indicators}
    assert rows["乙"] == (Decimal("1.5"), "scored", False, "")
    assert rows["丙"][:2] == (Decimal(3), "scored")
    assert next(row.points for row in own.indicators if row.number.startswith("+")) == 0
    assert own["丙"].explanation == card["丙"].explanation != "", "the same points say the same"
    assert (own.total, own.grade) == (Decimal("99.5"), "合格")
    left = as_own(card, rubric, {"丙": Decimal(3)})
    assert (left["乙"].points, left["乙"].status, left.grade) == (None, "pending", "待核定")
    assert left.total == 3


def test_what_people_fill_in_for_a_point() -> None:
    net = build_net(small({"rule": {"kind": "point", "full": Decimal(4), "title": "制度", "graded": True}}))
    told = {key: (entry.kind, entry.unit, entry.fact) for key, entry in net.entries.items() if "_1." in key}
    assert told["甲_1.判定"] == ("choice", "", False)
    assert told["甲_1.给分"] == ("number", "分", False)
