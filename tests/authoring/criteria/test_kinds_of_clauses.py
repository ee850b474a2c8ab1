"""Kinds of clauses that were read silently wrong, and words that may not be lost."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from jixiao.authoring import read_criteria
from jixiao.model import Body, load_yaml

HERE = Path(__file__).parents[3] / "conformance" / "criteria"
PINNED = [
    body
    for file in ("sentences.yaml", "places.yaml", "wordings.yaml")
    for bodies in load_yaml(HERE / file).values()
    for body in bodies
]
KINDS = [
    (kind, body)
    for file in ("kinds.yaml", "facts.yaml")
    for kind, bodies in load_yaml(HERE / file).items()
    for body in bodies
]
FOREIGN = [
    "因政策原因的除外", "国庆期间翻倍", "疫情期间减半", "特殊情况酌情处理", "由主管部门另行规定", "经领导批准的不扣分", "重点项目加倍扣分", "情节严重的不得分",
    "按季度分别计算", "取两者较高者", "上级另有规定的从其规定", "扶贫项目单独计算", "不可抗力除外", "试点单位按八折计", "首次发生的免扣", "同一事项不重复扣分",
    "按加权平均数计算", "其中人员经费占一半", "上半年权重60%", "超过部分不再计算", "逐级累进", "每季度考核一次", "新设单位不参与", "整改到位的可恢复得分",
    "报经同意后可延期", "累计三次以上取消资格", "涉密项目除外", "剔除政策性增支因素", "按比例折半计入", "连续两年未达标的降一档", "视同完成", "跨年度项目顺延",
    "打九折", "乡镇除外", "封顶", "向下取整", "四舍五入取整", "与上年取平均", "仅限本级", "不含下属单位", "只计一次", "由评委打分",
    "年底前整改的按80%计分", "扣2分", "加1分", "不得分", "得满分",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), KINDS, ids=[b["text"][:30] for _, b in KINDS])
def test_a_kind_that_was_silently_wrong(kind: str, body: Body) -> None:
    made = read_criteria(body.text("text"), body.number("full"))
    assert made.understood is body.flag("understood", bool(body["at"])), [kind, made.sentence, made.questions]
    assert {value: made.points_at(value) for value in body["at"]} == dict(body["at"])
    first = [] if made.spec is None else [case["points"] for case in made.spec.get("first", ())]
    assert first == body["first"] if "first" in body else True


def test_a_foreign_clause_is_never_lost() -> None:
    chance = random.Random(11)
    known = [b for b in PINNED if read_criteria(b.text("text"), b.number("full")).understood]
    lost = []
    for _ in range(1000):
        body, clause = chance.choice(known), chance.choice(FOREIGN)
        text = body.text("text")
        place = chance.choice([0, len(text), *(found.end() for found in re.finditer("[，；。：]", text))])
        before, after = text[:place].rstrip("，；。："), text[place:]
        stop = text[len(before) : place]
        bracket = chance.random() < 0.25
        new = (
            f"{before}（{clause}）{stop}{after}"
            if bracket
            else f"{before}{stop or '；'}{clause}{chance.choice('，；。')}{after}"
        )
        made = read_criteria(new if before or not bracket else f"（{clause}）{text}", body.number("full"))
        told = [*made.questions, *made.notes]
        situation = clause.split("的")[0]  # a situation beside others is one more that a person may choose
        chosen = "的" in clause and f"{situation}，" in made.sentence
        if made.understood and not chosen and not any(clause in words for words in told):
            lost.append(new)
    assert lost == []
