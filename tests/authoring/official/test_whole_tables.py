"""What stands under a table, any title, targets of a column, figures of exceptions: up to a workbook that is proved."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from jixiao import pipeline
from jixiao.authoring import Vocabulary, bonus, lint, read_table
from jixiao.model import Level, read_yaml
from tests.authoring.official.test_tables import book

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "指标说明", "评分标准")
ROWS = (
    (
        "投入",
        "预算",
        "预算执行率",
        60,
        "",
        "执行率≥95%得60分，90%（含）-95%得30分，低于90%不得分。出现截留资金的，本项不得分。",
    ),
    ("产出", "质量", "验收", 40, "", "验收合格得40分，否则不得分"),
)


def imported(folder: Path, rows: list[tuple[object, ...]]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The definition of a table, and what the import says, by code."""
    target = folder / "表.yaml"
    findings = pipeline.import_rubric(book(folder / "表.xlsx", rows), target, place="某县", year="2024")
    told: dict[str, list[str]] = {}
    for finding in findings:
        told.setdefault(finding.code, []).append(finding.message)
    return read_yaml(target.read_text("utf-8"), "表.yaml"), told


@pytest.mark.parametrize(
    ("note", "x", "bands"),
    [
        ("注：预算执行率低于60%的，总分不超过79分。", "预算执行率实际值", None),
        ("存在套取资金的，总分最高不得超过59分。", "套取资金次数", {"(,0]": 100, "(0,)": 59}),
        ("支出进度低于50%的单位，综合得分最高不超过60分。", "支出进度", {"(,50%)": 60, "[50%,)": 100}),
        ("说明：支出进度低于50%的项目，总得分不超过60分。", "支出进度", {"(,50%)": 60, "[50%,)": 100}),
    ],
)
def test_a_limit_under_the_table_is_a_cap_of_the_total(
    tmp_path: Path, note: str, x: str, bands: dict[str, int] | None
) -> None:
    data, told = imported(tmp_path, [HEAD, *ROWS, (note,)])
    (cap,) = data["total"]["caps"]
    assert "J373" not in told and "J374" not in told
    if bands is not None:
        assert (cap["x"], dict(cap["bands"])) == (x, bands)


@pytest.mark.parametrize(
    "note",
    [
        "存在虚报的，评价等级直接定为差。",
        "自评与核查相差10分以上的扣2分。",
        "国庆期间得分翻倍。",
        "本表所称全年预算数包括上年结转资金。",
        "全年预算数指调整后预算数。",
        "表中“实际支出资金”是指已支付到最终收款人的资金。",
        "本办法中的预算均指财政拨款预算。",
        "公式中分母为0的，该项指标得满分。",
        "除数为零的，按100%计算。",
        "计划数为0的指标不计分，其权重按比例分摊到其他指标。",
        "结余率=年末结余/全年预算数×100%。",
    ],
)
def test_what_is_not_understood_under_the_table_is_asked(tmp_path: Path, note: str) -> None:
    data, told = imported(tmp_path, [HEAD, *ROWS, (note,)])
    assert note.rstrip("。") in "".join(told["J373"])
    assert note in data["footnote"]


def test_where_figures_come_from_is_printed_and_not_asked(tmp_path: Path) -> None:
    data, told = imported(tmp_path, [HEAD, *ROWS, ("注：数据取自决算报表。",)])
    assert "J373" not in told and "caps" not in data["total"]
    assert "决算报表" in data["footnote"]


def test_numbered_notes_are_a_formula_of_an_indicator_and_the_grades(tmp_path: Path) -> None:
    notes = [
        "注：1.预算执行率=1-12月累计支出/全年预算数×100%。",
        "2.数据取自决算报表。",
        "3.得分保留两位小数。",
        "4.90分（含）以上为优，80（含）-90分为良，60（含）-80分为中，60分以下为差。",
    ]
    data, told = imported(tmp_path, [HEAD, *ROWS, *((note,) for note in notes)])
    assert not told.keys() & {"J373", "J351"}
    (rate,) = data["quantities"]
    assert rate["value"].startswith("第1至12月累计支出 / ")
    units = {body["name"]: body["unit"] for body in data["concepts"].values()}
    assert units["第1至12月累计支出"] == "万元"


def test_a_formula_under_the_table_that_is_not_that_of_the_indicator_is_asked(tmp_path: Path) -> None:
    row = (*ROWS[0][:4], "预算执行率=实际支出/全年预算数×100%", ROWS[0][5])
    note = "预算执行率=（实际支出+上年结转）/全年预算数×100%"
    _, told = imported(tmp_path, [HEAD, row, ROWS[1], (note,)])
    assert note in "".join(told["J373"])


def test_contents_of_their_own_weights_are_the_items_below_headings(tmp_path: Path) -> None:
    rule = "符合要求得{}分，否则不得分"
    rows: list[tuple[object, ...]] = [
        ("考核项目", "考核内容", "标准分", "计分办法"),
        ("编制", "完整", 20, rule.format(20)),
        ("编制", "准确", 30, rule.format(30)),
        ("执行", "进度", 50, rule.format(50)),
    ]
    data, _ = imported(tmp_path, rows)
    assert [[i["title"] for two in one["levels"] for i in two["indicators"]] for one in data["levels"]] == [
        ["完整", "准确"],
        ["进度"],
    ]
    head = ("序号", "评价内容", "权重", "评分细则")
    rows = [
        head,
        ("一、决策（40分）",),
        (1, "立项", 40, rule.format(40)),
        ("二、过程（60分）",),
        (2, "管理", 60, rule.format(60)),
    ]
    (tmp_path / "表.yaml").unlink()
    data, _ = imported(tmp_path, rows)
    assert [one["title"] for one in data["levels"]] == ["决策", "过程"]


@pytest.mark.parametrize(
    "title",
    [
        "“三保”支出/可用财力",
        "A1",
        "2024年培训人次",
        "《办法》——落实＜情况＞",
        "R&D（全社会）、占比%",
        "R1C1",
        "长" * 300,
    ],
)
def test_any_title_makes_a_workbook_that_is_proved(tmp_path: Path, title: str) -> None:
    _, told = imported(tmp_path, [HEAD, (*ROWS[0][:2], title, *ROWS[0][3:]), ROWS[1]])
    assert "J374" not in told
    said = lint(pipeline.rubric(str(tmp_path / "表.yaml")))
    assert [finding.line() for finding in said if finding.level is Level.ERROR] == []


def test_two_indicators_of_one_name_are_told_apart(tmp_path: Path) -> None:
    table = read_table(
        book(tmp_path / "a.xlsx", [HEAD, ROWS[0], ("产出", "质量", "预算执行率", 40, "", "x")])
    )
    assert [row.level3 for row in table.rows] == ["预算执行率", "预算执行率（质量）"]
    assert [finding.code for finding in table.findings] == ["J339"]


def test_a_count_that_only_an_exception_reads_is_an_entry(tmp_path: Path) -> None:
    data, told = imported(tmp_path, [HEAD, *ROWS])
    assert "截留资金次数" in [body["name"] for body in data["concepts"].values()]
    assert "J374" not in told
    made = pipeline.rubric(str(tmp_path / "表.yaml"))
    assert "截留资金次数" in made.facts


def test_a_target_in_a_column_is_what_the_criteria_speak_of(tmp_path: Path) -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值", "分值", "评分标准")
    rows: list[tuple[object, ...]] = [
        head,
        ("产出", "数量", "新建公厕数量", "≥12座", 60, "完成指标值得满分，每少1座扣2分，扣完为止"),
        ("成本", "成本", "单座造价", "≤35万元", 40, "不超过指标值得满分，超过不得分"),
    ]
    data, _ = imported(tmp_path, rows)
    rules = [i["rule"] for one in data["levels"] for two in one["levels"] for i in two["indicators"]]
    assert (rules[0]["kind"], rules[0]["start"], rules[0]["downward"]) == ("steps", 12, True)
    assert dict(rules[1]["bands"]) == {"(,350000]": 40, "(350000,)": 0}


def test_awards_alone_are_a_rule() -> None:
    made, why = bonus("获得省级以上表彰的，每项加2分，最多加5分", "加分项", Vocabulary())
    assert not why and "penalties" not in made
    assert [(item["each"], item["cap"]) for item in made["items"]] == [(2, 5)]


def test_names_of_the_rubric_alone_are_taken_from_a_facts_file(tmp_path: Path) -> None:
    imported(tmp_path, [HEAD, *ROWS])
    target, facts = tmp_path / "簿.xlsx", tmp_path / "数.yaml"
    pipeline.new(str(tmp_path / "表.yaml"), target)
    facts.write_text("facts: {截留资金次数: 0, 预算执行率: 96%}\n", "utf-8")
    done = pipeline.fill(target, [], facts_file=facts)
    assert done.facts == 2


@pytest.mark.parametrize(
    ("wording", "name"),
    [
        ("实际支出公用经费总额", "日常公用经费决算数"),
        ("预算安排公用经费总额", "日常公用经费预算数"),
        ("公用经费支出年初预算数", "日常公用经费预算数"),
        ("调整后公用经费预算数", "日常公用经费调整预算数"),
        ("本年度“三公经费”预算数", "三公经费预算数"),
        ("上年度“三公经费”预算数", "上年三公经费预算数"),
        ("“三公经费”实际支出数", "三公经费决算数"),
        ("政府采购预算数", "政府采购计划金额"),
        ("实际政府采购金额", "政府采购实际金额"),
        ("本部门公务接待费实际支出额", "公务接待费决算数"),
        ("当年基本支出决算数", "基本支出决算数"),
        # no column is told, two are, two things are measured, or a word is not known: never guessed
        ("公用经费总额", ""),
        ("公用经费预算决算数", ""),
        ("人员经费和公用经费决算数", ""),
        ("办公公用经费决算数", ""),
        ("上年度公用经费决算数", ""),
        ("预算完成数", ""),
        ("支出总额", ""),
    ],
)
def test_a_name_put_together_of_known_words_is_that_of_the_vocabulary(wording: str, name: str) -> None:
    assert Vocabulary().known(wording) == name


def test_words_of_a_name_come_in_any_order() -> None:
    vocabulary = Vocabulary()
    for words in itertools.permutations(("当年", "实际支出", "公务接待费", "总额")):
        assert vocabulary.known("".join(words)) == "公务接待费决算数"


@pytest.mark.parametrize(
    ("criteria", "counted"),
    [
        ("全部具备得40分，缺一项扣10分，扣完为止。", "验收扣分项数"),
        ("未发现问题得40分，发现1起扣10分，扣完为止。", "验收扣分起数"),
        ("未逾期得40分，每迟报一天扣10分，扣完为止。", "验收扣分天数"),
        (
            "计划培训4次，每少1次扣10分，扣完为止。",
            "验收实际值",
        ),  # what was done is counted, not what is missing
    ],
)
def test_a_count_that_costs_points_says_that_it_counts_faults(
    tmp_path: Path, criteria: str, counted: str
) -> None:
    data, _ = imported(tmp_path, [HEAD, ROWS[0], (*ROWS[1][:5], criteria)])
    assert counted in {one["name"] for one in data["concepts"].values()}


def test_a_figure_that_is_lacking_is_nought(tmp_path: Path) -> None:
    row = (
        "产出", "采购", "政府采购执行率", 40, "政府采购执行率=实际政府采购金额/政府采购预算数×100%",
        "执行率≥90%得40分，低于90%不得分；没有政府采购预算的得满分。",
    )  # fmt: skip
    data, _ = imported(tmp_path, [HEAD, ROWS[0], row])
    (rule,) = [
        one["rule"] for level in data["levels"] for second in level["levels"] for one in second["indicators"]
        if one["title"] == "政府采购执行率"
    ]  # fmt: skip
    assert rule["first"] == [{"when": "政府采购计划金额 == 0", "points": 40, "because": "没有政府采购预算"}]


def test_the_label_of_an_annex_is_no_part_of_the_title(tmp_path: Path) -> None:
    data, _ = imported(tmp_path, [("附件2： 某县2024年部门整体支出绩效评价评分表",), HEAD, *ROWS])
    assert data["title"] == "某县2024年部门整体支出绩效评价评分表"


POINTS = "①符合规划；②审批文件齐全；③经过集体决策；④与部门职责相符。"


@pytest.mark.parametrize(
    ("criteria", "titles"),
    [
        ("每符合一项得10分，共40分。", ["符合规划", "审批文件齐全", "经过集体决策", "与部门职责相符"]),
        (
            "以上要点全部符合得40分，缺一项扣10分，扣完为止。",
            ["符合规划", "审批文件齐全", "经过集体决策", "与部门职责相符"],
        ),
        ("符合①得20分，符合③得20分；否则不得分。", ["符合规划", "经过集体决策"]),
        # the points of the table do not give the full points together, or something else is counted
        ("全部符合得40分，缺一项扣15分，扣完为止。", []),
        ("未发现问题得40分，每发现一处违规扣10分，扣完为止。", []),
        ("每有一项违规扣10分，扣完为止。", []),
        ("每缺少一项材料扣10分，扣完为止。", []),
        ("发现有一个问题扣10分，扣完为止。", []),
    ],
)
def test_numbered_points_of_the_table_are_judged_one_by_one(
    tmp_path: Path, criteria: str, titles: list[str]
) -> None:
    data, _ = imported(tmp_path, [HEAD, ROWS[0], ("产出", "质量", "立项", 40, POINTS, criteria)])
    (rule,) = [
        one["rule"] for level in data["levels"] for second in level["levels"] for one in second["indicators"]
        if one["title"] == "立项"
    ]  # fmt: skip
    assert [part["title"] for part in rule.get("parts", ())] == titles


def test_grades_before_their_ranges_are_grades(tmp_path: Path) -> None:
    note = "注：评价结果分为优（90-100分）、良（80-90分，不含90分）、中（60-80分，不含80分）、差（60分以下）四个等级。"
    data, told = imported(tmp_path, [HEAD, *ROWS, (note,)])
    assert data["grades"]["bands"] == {"[90,)": "优", "[80,90)": "良", "[60,80)": "中", "(,60)": "差"}
    assert "J373" not in told and "J351" not in told


def test_where_its_figures_usually_stand_is_written_down(tmp_path: Path) -> None:
    rows = (("投入", "预算", "三公经费", 40, "", "三公经费决算数不超过三公经费预算数得40分，否则不得分"),)
    data, _ = imported(tmp_path, [HEAD, ROWS[0], *rows])
    notes = {body["name"]: body["note"] for body in data["facts"]}
    assert notes["三公经费决算数"] == "三公经费支出决算表“决算数/合计”列"
    needed = pipeline.rubric(str(tmp_path / "表.yaml")).facts
    assert needed["三公经费预算数"].note == "三公经费支出决算表“预算数/合计”列"


def test_two_tables_of_a_year_get_ids_of_their_own(tmp_path: Path) -> None:
    source, ids = book(tmp_path / "评价表.xlsx", [("项目支出评分表",), HEAD, *ROWS]), []
    for place, name in (("甲省", "2025"), ("乙省", "2025年"), ("乙省", "又一份")):
        target = tmp_path / f"{name}.yaml"
        pipeline.import_rubric(source, target, place=place, year="2025")
        ids.append(read_yaml(target.read_text("utf-8"), target.name)["id"])
    assert ids == ["甲省项目支出评分表-2025", "乙省项目支出评分表-2025", "乙省项目支出评分表-2025-2"]
