"""A definition of a 评分表 is read strictly: what is wrong is refused with file, line and the nearest known name."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model import DefinitionError, read_yaml
from jixiao.rubric import digest, from_data, load, read_rubric, read_tables, shipped, to_json
from tests.properties.nets import concepts, tables
from tests.rubric.small_table import NAMES, TEXT, line_of, read, text

BANDS = 'bands: {"[90%,)": 40, "[0,90%)": 0}'
RULE = f"rule: {{kind: bands, full: 40, x: 支出率, {BANDS}}}"
SCORE = "rule: {kind: score, full: 40, x: 满意度}"
POINT = "- {kind: point, full: 8, title: 按时}"
LEVEL = "- {kind: level, full: 12, title: 质量, options: {好: 12, 差: 0}, applies: true}"
RATE = '- {name: 支出率, unit: "%", value: 支出 / 收入, zero: 待核定}'
MOVE = "- {from: 申报_2, to: [申报_1], reason: 没有质量要求}"

# (what stands there, what stands instead, what is said); the line is the changed one unless given
WRONG: list[tuple[str, str, str]] = [
    ("year: 2022", "year: 2022\nyears: 2022", "未知的键“years”"),
    ("year: 2022", "year: 2022\nyear: 2023", "键“year”重复"),
    ("year: 2022", "year: 二〇二二", "“year”应为数字"),
    ("year: 2022", "year: 2022.5", "“year”应为整数"),
    ("name: 小评分表", "name: [小, 评分表]", "“name”应为文字"),
    ("weight: 60\n    levels", "weight: 59\n    levels", "“执行”的二级指标权重合计60，应为59"),
    ("weight: 60\n        indicators", "weight: 59\n        indicators", "“支出”的三级指标权重合计60，应为59"),
    ("            weight: 20", "            weight: 二十", "“weight”应为数字"),
    ("full: 20\n", "full: 19\n", "各要点满分合计20分，与指标权重19分不符"),
    (SCORE, SCORE.replace("40", "39"), "“满意情况”的规则满分39，与权重40不符"),
    (SCORE, SCORE.replace("score", "scores"), "未知的规则类型“scores”"),
    (SCORE, SCORE.replace("满意度", "满意程度"), "未知的名称“满意程度”，是否指“满意度”"),
    (SCORE, SCORE.replace("x: 满意度", "x: 满意度 + 1"), "应为一个名称"),
    (SCORE, SCORE.replace("x: 满意度", "x: 目标.已实现"), "“目标.已实现”是一整列"),
    (SCORE, SCORE.replace("x: 满意度", "x: 满意度, of: 0"), "of 应大于0"),
    (SCORE, SCORE.replace("x: 满意度", "x: 满意度, of: 百"), "“百”不是数字或百分数"),
    (SCORE, SCORE.replace("x: 满意度", "x: 满意度, shows: [满意]"), "未知的名称“满意”，是否指“满意度”"),
    (SCORE, SCORE.replace("x: 满意度", "x: 满意度, applies: 也许"), "“applies”应为 true 或 false"),
    (SCORE, SCORE.replace("x: 满意度", "y: 满意度"), "未知的键“y”"),
    (SCORE, "rule: 按得分折算", "“rule”应为“键: 值”"),
    (BANDS, 'bands: {"90%以上": 40}', "“90%以上”不是区间"),
    (BANDS, 'bands: {"[90%,)": 四十}', "应为分值、“待核定”或“不适用”"),
    (BANDS, 'bands: {"[90%,80%)": 40}', "区间“[90%,80%)”为空"),
    (BANDS, 'bands: {"[90%,90%)": 40}', "区间“[90%,90%)”为空"),
    (BANDS, "bands: [40, 0]", "应为“区间: 分值”"),
    (BANDS, "bands: {}", "应为“区间: 分值”"),
    (POINT, POINT.replace("8", "0"), "full 应大于0"),
    (POINT, POINT.replace(", full: 8", ""), "缺少键“full”"),
    (POINT, POINT.replace("}", ", graded: 1}"), "“graded”应为 true 或 false"),
    (POINT, "- 按时", "“parts”应为若干项“键: 值”的列表"),
    (POINT, "- {kind: sum, full: 8, parts: []}", "未知的规则类型“sum”"),
    (LEVEL, LEVEL.replace("好: 12", "好: 11"), "没有一个情形能得满分"),
    (LEVEL, LEVEL.replace(", 差: 0", ""), "options 应为至少两个"),
    (LEVEL, LEVEL.replace("{好: 12, 差: 0}", "{好: 12, 好: 0}"), "键“好”重复"),
    (RATE, RATE.replace(", zero: 待核定", ""), "“支出 / 收入”有除法，须用 zero 写明分母为0时的结果"),
    (RATE, RATE.replace("zero: 待核定", "zero: 随便"), "zero 应为数字、不适用或待核定"),
    (RATE, RATE.replace("支出 / 收入", "支 / 收入"), "未知的名称“支”"),
    (RATE, RATE.replace("支出 / 收入", "支出 / 收人"), "未知的名称“收人”，是否指“收入”"),
    (RATE, RATE.replace("支出 / 收入", "支出 ÷ 收入"), "不是有效的表达式"),
    (RATE, RATE.replace("支出 / 收入", "支出 > 收入"), "是条件，不是数值"),
    (RATE, RATE.replace('"%"', "元钱"), "未知的单位“元钱”"),
    (RATE, RATE.replace("name: 支出率", "name: 收入"), "名称“收入”已被使用"),
    (RATE, f"{RATE}\n  {RATE}", "名称“支出率”已被使用"),
    ("- {name: 支出}", "- {name: 支出, form: 甲}", "未知的键“form”"),
    ("- {name: 支出}", "- {name: 支出数}", "未知的名称“支出数”，是否指“支出”"),
    ("- {name: 支出}", "- {name: 收入}", "事实“收入”重复"),
    ("- {name: 支出}", "- 支出", "“facts”应为若干项“键: 值”的列表"),
    ("from: [财决01-1表]", "from: 财决01-1表", "“from”应为文字的列表"),
    ("id: filing", "id: spending", "指标名称或编号“spending”重复"),
    ("title: 满意情况", "title: 申报", "指标名称或编号“申报”重复"),
    (POINT, POINT.replace("title: 按时", "title: 按时, key: 申报_2"), "要点名称“申报_2”重复"),
    (MOVE, MOVE.replace("申报_2", "申报_3"), "没有名为“申报_3”的要点，是否指“申报_"),
    (MOVE, MOVE.replace("[申报_1]", "[申报]"), "没有名为“申报”的要点"),
    (MOVE, MOVE.replace("[申报_1]", "[]"), "to 应为不重复的要点"),
    (MOVE, MOVE.replace("[申报_1]", "[申报_1, 申报_1]"), "to 应为不重复的要点"),
    (MOVE, MOVE.replace("[申报_1]", "[申报_2]"), "“申报_2”自己也可能移出分值，不能接收"),
    (MOVE, f"{MOVE}\n  {MOVE}", "“申报_2”的分值移出了不止一次"),
    (MOVE, MOVE.replace(", reason: 没有质量要求", ""), "缺少键“reason”"),
    ('"[90,)": 优', '"90分以上": 优', "“90分以上”不是区间"),
    ("reference: {article: 第三条}", "reference: {title: ''}", "引用缺少文件标题 title"),
    ("reference: {article: 第三条}", "reference: 第三条", "“reference”应为“键: 值”"),
    ("reference: {title: 通知, number: 某财〔2022〕1号}", "reference: {number: 1号}", "引用缺少文件标题 title"),
    ("decided: 按时为准", "decision: 按时为准", "未知的键“decision”"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_wrong_definition_is_refused_with_file_and_line(old: str, new: str, said: str) -> None:
    changed = text((old, new))
    with pytest.raises(DefinitionError) as caught:
        read((old, new))
    assert said in caught.value.problem
    assert caught.value.where == "例.yaml"
    assert "\n" not in str(caught.value)
    if "重复" not in said and "不同" not in said:  # what is doubled is found as a whole, where it is a list
        near = line_of(changed, new)
        assert abs(caught.value.line - near) <= 3 + new.count("\n"), (caught.value.line, near)


def test_first_level_weights_must_add_to_a_hundred() -> None:
    wrong = TEXT.replace("weight: 60", "weight: 59").replace(
        "weight: 40\n            description: 看支出", "weight: 39\n            description: 看支出"
    )
    with pytest.raises(DefinitionError, match="一级指标权重合计99，应为100"):
        read_rubric(
            read_yaml(wrong.replace("kind: bands, full: 40", "kind: bands, full: 39"), "例.yaml"),
            concepts(NAMES),
            tables(),
        )


RULES: list[tuple[str, str]] = [
    ("{kind: proportional, full: 40, x: 支出率, over: 0}", "over 应大于0"),
    ("{kind: steps, full: 40, x: 支出率, each: 5%, deduct: 1, mode: half}", "mode 应为 whole、started、proportional"),
    ("{kind: steps, full: 40, x: 支出率, each: 0, deduct: 1}", "each 应大于0"),
    ("{kind: steps, full: 40, x: 支出率, each: 1, deduct: 0}", "deduct 应大于0"),
    ("{kind: weight_steps, full: 40, x: 支出率, each: 1, share: 110%}", "share 应不大于1"),
    ("{kind: sum, full: 40, applies: true, parts: []}", "未知的键“applies”"),
    ("{kind: steps, full: 40, x: 支出率, deduct: 1}", "缺少键“each”"),
    ("{kind: steps, full: 40, x: 支出率, each: 5%, deduct: 1, inclusive: 含}", "“inclusive”应为 true 或 false"),
    ("{kind: condition, full: 40, when: 支出}", "“when”应为条件（比较）"),
    ("{kind: condition, full: 40, when: 支出 / 收入 > 1}", "有除法，须用 zero 写明"),
    ("{kind: deductions, full: 40, items: []}", "“items”至少要有一项"),
    ("{kind: deductions, full: 40, items: [{x: 问题数}]}", "each 与 bands 应当且只能写一个"),
    ("{kind: deductions, full: 40, items: [{x: 问题数, each: 1, bands: {'(,)': 1}}]}", "each 与 bands 应当且只能写一个"),
    ("{kind: deductions, full: 40, items: [{x: 问题数, bands: {'(,3)': 0, '[4,)': 1}}]}", "计分档次应覆盖全部取值"),
    ("{kind: deductions, full: 40, items: [{x: 问题数, bands: {'(,3)': 0, '[3,)': 待核定}}]}", "计分档次只能是分值"),
    ("{kind: bands, full: 40, x: 支出率, bands: {'(,)': 40}, first: [{when: 支出 + 1, points: 0}]}", "“when”应为条件"),
    ("{kind: bands, full: 40, x: 支出率, bands: {'(,)': 40}, first: [{when: 支出 == 0}]}", "缺少键“points”"),
    ("{kind: bands, full: 40, x: 支出率, bands: {'(,)': 40}, first: {when: 支出 == 0, points: 1}}", "应为若干项“键: 值”的列表"),
    ("{kind: bands, full: 40, x: 支出率, bands: {'(,)': 40}, first: [{when: 支出 == 0, points: 全部}]}", "应为分值"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), RULES, ids=[said + str(n) for n, (_, said) in enumerate(RULES)])
def test_a_rule_with_a_wrong_parameter_is_refused(rule: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read((RULE, f"rule: {rule}"))
    assert said in caught.value.problem
    assert abs(caught.value.line - line_of(TEXT, RULE)) <= 1


def test_points_that_cannot_be_shared_evenly_are_refused() -> None:
    with pytest.raises(DefinitionError, match="10分不能由3个要点平均"):
        read(
            (POINT, "- {kind: point, full: 2, title: 一}\n" + " " * 16 + "- {kind: point, full: 3, title: 二}\n"
             + " " * 16 + "- {kind: point, full: 5, title: 三}"),
            (LEVEL, "- {kind: point, full: 10, title: 质量, applies: true}"),
            (MOVE, "- {from: 申报_4, to: [申报_1, 申报_2, 申报_3], reason: 没有}"),
        )  # fmt: skip


TABLES: list[tuple[str, str, str]] = [
    ("zero: 不适用", "zero: 0", "zero 应为不适用或待核定"),
    (", zero: 不适用", "", "有除法，须用 zero 写明"),
    ("value: 完成 / 计划", "value: 完成 / 后面", "用到了前面没有的列“后面”"),
    ("value: 完成 / 计划", "value: 完成 > 计划", "是条件，不是数值"),
    ("width: 9}", "width: 宽}", "“width”应为数字"),
    ("needs: [计划]", "needs: 计划", "“needs”应为文字的列表"),
    ("rows: 3", "row: 3", "未知的键“row”"),
]
TABLE = """\
目标:
  title: 目标
  rows: 3
  columns:
    - {name: 计划, unit: 数值, width: 9}
    - {name: 完成, unit: 数值, width: 8, choices: [一, 二]}
    - {name: 率, unit: "%", width: 8, needs: [计划], value: 完成 / 计划, zero: 不适用}
    - {name: 后面, unit: 数值, width: 8}
"""


@pytest.mark.parametrize(("old", "new", "said"), TABLES)
def test_row_tables_are_read_as_strictly(old: str, new: str, said: str) -> None:
    assert TABLE.count(old) == 1
    with pytest.raises(DefinitionError, match=r"例\.yaml 第") as caught:
        read_tables(read_yaml(TABLE.replace(old, new), "例.yaml"))
    assert said in caught.value.problem


def test_the_right_definition_is_read() -> None:
    made = read()
    assert [i.number for i in made.indicators()] == ["1.1.1", "1.1.2", "2.1.1"]
    assert list(made.facts) == ["收入", "支出", "满意度"]
    assert made.facts["收入"].documents == ("财决01-1表",)
    assert made.cap == 100
    assert str(next(iter(made.indicators())).reference.line()) == "《通知》（某财〔2022〕1号）第一条"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_rubric_comes_back_the_same_out_of_a_workbook(name: str) -> None:
    made = load(name)
    text_ = to_json(made)
    again = from_data(text_)
    assert to_json(again) == text_
    assert digest(text_) == digest(to_json(load(name)))
    assert [i.criteria for i in again.indicators()] == [i.criteria for i in made.indicators()]
    assert [i.rule.points.formula(str) for i in again.indicators()] == [
        i.rule.points.formula(str) for i in made.indicators()
    ]


EMPTY: dict[str, dict[str, object]] = {"rubric": {}, "tables": {}, "concepts": {}}
BROKEN = [
    *("", "{}", "[]", "null", "[" * 100_000),
    *(
        json.dumps({**EMPTY, **part})
        for part in ({}, {"rubric": 1}, {"concepts": {"甲": 1}}, {"concepts": {"甲": {"id": "a"}}})
    ),
]


@pytest.mark.parametrize("text_", BROKEN, ids=lambda text_: text_[:40])
def test_a_damaged_definition_inside_a_workbook_is_refused(text_: str) -> None:
    with pytest.raises(DefinitionError, match="评分簿内的评分表定义"):
        from_data(text_)


DAMAGE: list[object] = [7, "甲", [], {}, None, True, [[]], {"甲": 1}]


def test_every_value_of_a_definition_may_be_damaged_without_a_traceback() -> None:
    """Each value in turn becomes a number, a text, a list, nothing: refused by name, or harmless."""
    whole = json.loads(to_json(read()))
    places = list(_places(whole["rubric"], ()))
    assert len(places) > 100
    for place in places:
        for instead in DAMAGE:
            damaged = json.loads(json.dumps(whole))
            _put(damaged["rubric"], place, instead)
            try:
                from_data(json.dumps(damaged))
            except DefinitionError as error:
                assert "\n" not in str(error)  # noqa: PT017


def _places(node: object, path: tuple[object, ...]) -> list[tuple[object, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [path] if path else []
    for key, value in inner:
        found += _places(value, (*path, key))
    return found


def _put(node: object, path: tuple[object, ...], value: object) -> None:
    for key in path[:-1]:
        node = node[key]  # type: ignore[index]
    node[path[-1]] = value  # type: ignore[index]


def test_a_rubric_in_a_users_folder_comes_first(tmp_path: Path) -> None:
    place = tmp_path / "rubrics" / "suixi"
    place.mkdir(parents=True)
    (place / "2022.yaml").write_text("a: 1\n", "utf-8")
    (place / "2023.yaml").write_text("id: suixi-2024\n", "utf-8")
    assert {"suixi-2022", "suixi-2023"} <= set(shipped([tmp_path]))
    with pytest.raises(DefinitionError, match=r"2022\.yaml"):
        load("suixi-2022", [tmp_path])
    with pytest.raises(KeyError):
        load("没有-2022")


def test_numbers_of_a_definition_are_exact() -> None:
    made = read((BANDS, 'bands: {"[89.7%,)": 40, "[0,89.7%)": 0.1}'))
    spending = next(iter(made.indicators()))
    assert "0.897" in spending.rule.points.formula(str)
    assert spending.rule.points.number({"支出率": Decimal("0.5")}.__getitem__) == Decimal("0.1")
