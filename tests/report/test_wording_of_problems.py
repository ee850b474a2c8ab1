"""Problems and suggestions: said of what failed, each answered by what fits it, many of one kind in one paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.master import open_scoring_book
from jixiao.report import Grid, Heading
from tests.report.report_reading import Draft, drafted, put, said

Make = Callable[..., Draft]


def section(report: Draft, title: str) -> str:
    text = said(report)
    start = text.index(f"、{title}")
    return text[start : text.index("\n六、" if title == "存在问题" else "\n七、", start)]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            "日常公用经费预算数: 120, 日常公用经费决算数: 122.4",
            "日常公用经费决算数122.40万元，超出预算数120万元，超2.40万元。",
        ),
        ("在职人数: 16, 编制人数: 15", "在职人数16人，超过编制人数15人，超编1人。"),
        (
            "财政下达预算数: 80, 支出预算数: 100, 年度支出决算数: 70",
            "全年预算数比年初预算减少20万元，没有取得预算调整的批复文件。",
        ),
        (
            "财政下达预算数: 90, 支出预算数: 100, 年度支出决算数: 90, 年初财政拨款结转和结余: 5",
            "全年预算数与决算数完全相同，扣除上年结转后比年初预算减少15万元，没有取得预算调整的批复文件。",
        ),
    ],
)
def test_a_failing_check_reads_as_a_sentence(draft: Make, facts: str, sentence: str) -> None:
    text = section(draft(f"facts: {{{facts}}}\n"), "存在问题")
    assert sentence in text and ".yaml" not in text and "不符合" not in text


def test_what_last_year_left_is_no_change_of_the_budget(draft: Make) -> None:
    facts = "财政下达预算数: 105, 支出预算数: 100, 年度支出决算数: 90, 年初财政拨款结转和结余: 5"
    text = said(draft(f"facts: {{{facts}}}\n"))
    assert "多出的是上年结转5万元" in text
    assert "执行中调整过年初预算" not in text and "批复文件" not in text


CUTS = "projects:\n" + "".join(
    f"  - {{name: 第{n}号项目, budget: 100, adjusted: 50, spent: 50}}\n" for n in range(1, 31)
)


def test_many_problems_of_one_kind_are_one_paragraph(draft: Make) -> None:
    text = section(draft(CUTS), "存在问题")
    assert "30个项目的预算调减达到年初预算的20%：第1号项目（50%）、" in text and "第30号项目（50%）。" in text
    assert text.count("调减") == 1 and "项目项目" not in text


@pytest.mark.parametrize(
    ("facts", "suggestion"),
    [
        ("政府采购实际金额: 3, 政府采购计划金额: 0", "完整编制政府采购预算"),
        ("日常公用经费预算数: 120, 日常公用经费决算数: 122.4", "从严控制“三公”经费"),
        ("财政下达预算数: 80, 支出预算数: 100, 年度支出决算数: 70", "严格控制预算调整"),
        ("满意度得分: 50", "提高服务对象的满意度"),
        ("在职人数: 16, 编制人数: 15", "超编人员提出消化计划"),
        ("财政下达预算数: 100, 支出预算数: 100, 年度支出决算数: 50", "加快预算执行进度"),
    ],
)
def test_a_problem_gets_the_suggestion_that_fits_it(draft: Make, facts: str, suggestion: str) -> None:
    assert suggestion in section(draft(f"facts: {{{facts}}}\n"), "相关建议")


def test_what_no_suggestion_fits_is_quoted(draft: Make) -> None:
    rows = """
main_table:
  indicators:
    - {group: 社会效益指标, name: 招商成效, target: 明显, done: 较明显, points: 30, achieved: 达成年度指标, share: 90%, reason: 签约落地受要素制约}
"""
    text = said(draft(rows, "自评", "changli-2023"))
    assert "对“招商成效”（签约落地受要素制约）逐项查明原因" in text and "信访" not in text


def test_of_scoring_points_only_those_that_lost_are_told(book: Path) -> None:
    opened = open_scoring_book(book)
    rule = next(item.rule for item in opened.rubric.indicators() if item.key == "项目实施程序")
    first, second, third = rule.leaves()
    put(
        book,
        {
            "项目实施程序.核定分": None,
            "项目实施程序.核定理由": None,
            f"{first.key}.判定": "符合",
            f"{second.key}.判定": "不符合",
            f"{third.key}.判定": "部分符合",
            f"{third.key}.给分": 1,
            f"{third.key}.理由": "缺一项",
        },
    )
    pipeline.score(book)
    text = section(drafted(book, "核查", draft=True), "存在问题")
    failed = f"{second.title}（不符合）；{third.title}（部分符合，得1分）（缺一项）"
    assert f"项目实施程序扣3分：{failed}。" in text and first.title not in text


def test_of_a_sum_only_the_part_that_lost_is_told(draft: Make) -> None:
    text = section(
        draft(
            "facts: {收入预算数: 100, 收入决算数: 80, 支出预算数: 100, 财政下达预算数: 80, 非统一政策预算调整事项数: 0}\n"
            + NONE
        ),
        "存在问题",
    )
    assert "预算编制准确性扣2分：收入决算数80万元，收入预算数100万元，财政拨款收入预决算差异率20%。" in text


def test_a_file_that_people_type_is_no_document(draft: Make) -> None:
    text = section(draft("facts: {在职人数: 16, 编制人数: 15}\n"), "存在问题")
    assert "facts.yaml" not in text


NONE = "projects:\n  - {name: 甲, budget: 1, adjusted: 1, spent: 1}\n"
SLOW = "projects:\n" + "".join(
    f"""  - name: 甲{n}项目
    budget: 100
    adjusted: 100
    spent: 90
    indicators: [{{group: 数量指标, name: 走访, target: ≥5次, done: 5次, points: 90}}]
"""
    for n in range(1, 6)
)


def test_slow_spending_of_many_projects_is_one_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "簿.xlsx"
    pipeline.new("changli-2023", path, unit="某局", year="2022", projects=5)
    (tmp_path / "facts.yaml").write_text(SLOW, "utf-8")
    pipeline.fill(path, [], facts_file=tmp_path / "facts.yaml")
    text = said(drafted(path, "自评", draft=True))
    assert "5张自评表的预算执行率有扣分，共扣5分：甲1项目90%（扣1分）、" in text
    assert text.count("预算执行率有扣分") == 1 and "项目项目" not in text


def test_a_made_up_reason_is_marked_once_and_not_in_sentences(changli: Path) -> None:
    report = drafted(changli, "自评")
    assert "（示例）" not in report.text().replace("【示例】", "")
    assert said(report).count("的偏差原因是示例，不是单位填报的内容。") == 1
    assert "“客商和企业满意度”扣1分：服务能力有待提升。" in said(report)


def test_lines_of_people_lose_their_own_numbers(draft: Make) -> None:
    lines = "1、甲\\n（二）乙；\\n3.丙。\\n（4）丁：\\n五、戊！\\n2.5万元未用\\n。\\n2022年己"
    text = said(draft(f'texts: {{问题补充: "{lines}"}}\n')).splitlines()
    start = (
        text.index("五、存在问题")
        if "五、存在问题" in text
        else next(n for n, t in enumerate(text) if t.endswith("、存在问题"))
    )
    assert text[start + 1 : start + 8] == [
        "1.甲。",
        "2.乙。",
        "3.丙。",
        "4.丁。",
        "5.戊！",
        "6.2.5万元未用。",
        "7.2022年己。",
    ]


def test_rates_of_a_table_are_alike(suixi: Path) -> None:
    grid = next(block for block in drafted(suixi, "核查").blocks if isinstance(block, Grid))
    assert all(re.fullmatch(r"\d+\.\d\d%|—", row[-1].text) for row in grid.body)


def test_a_lone_subsection_has_no_number(suixi: Path) -> None:
    headings = [
        block.text
        for block in drafted(suixi, "核查").blocks
        if isinstance(block, Heading) and block.level == 2
    ]
    numbers = [text[:3] for text in headings]
    assert all(after == "（一）" or before != after for before, after in pairwise(numbers))


def test_an_unfinished_annex_has_no_total(draft: Make) -> None:
    lines = draft("facts: {}\n").text().splitlines()
    assert next(line for line in lines if line.startswith("合计\t100")).endswith("\t待核定")


def test_the_annex_says_that_its_criteria_are_a_paraphrase(suixi: Path, draft: Make) -> None:
    note = "指标说明、评分标准为本软件的转述"
    assert note in drafted(suixi, "核查").text()


def test_reasons_carry_no_notes_of_the_case(suixi: Path) -> None:
    text = drafted(suixi, "核查").text()
    assert "倒推" not in text and "核查报告：" not in text


def test_nothing_waits_beside_awarded_points(suixi: Path) -> None:
    annex = drafted(suixi, "核查").annexes[0]
    text = "\n".join(
        cell.text for block in annex.blocks if isinstance(block, Grid) for row in block.body for cell in row
    )
    assert "待核定" not in text and "由评价人核定" in text
