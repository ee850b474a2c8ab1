"""Problems and suggestions: said of what failed, each answered by what fits it, many of one kind in one paragraph."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.checks import GENERAL
from jixiao.checks import load as identities
from jixiao.model import Found, Source
from jixiao.report.blocks import Grid, Heading, Paragraph
from jixiao.report.chapters import Chapter, numbered_blocks
from jixiao.report.contradictions import Problem, basis
from jixiao.report.outline import advice
from jixiao.report.problems import _explained, _fitting, _runs, named_project
from jixiao.report.wording import column_rates, items
from tests.report.report_reading import Draft, drafted, said

Make = Callable[..., Draft]


def section(report: Draft, title: str) -> str:
    text = said(report)
    start = text.index(f"、{title}")
    return text[start : text.index("\n六、" if title == "存在问题" else "\n七、", start)]


def test_what_a_check_says_quotes_no_title() -> None:
    assert set(GENERAL) == {"=", ">=", ">"}
    for identity in identities().identities:
        for text in (identity.says, identity.group):
            assert "“" not in text.replace("“三公”", "") and "不符合" not in text, identity.id
        if identity.relation == ">" or identity.basis:
            assert identity.says, identity.id  # the general sentences do not read well for these


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
    assert _runs([1, 2, 3, 4, 7, 9, 10]) == "1至4、7、9、10"
    assert [named_project(name) for name in ("招商", "招商项目")] == ["招商项目", "招商项目"]


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("限额2", "J205"), "政府采购"),
        (("文件13", "J201"), "逐个申报绩效目标"),
        (("限额1", "J205"), "从严控制"),
        (("预算调整率", "预算执行"), "控制预算调整"),
        (("调整1", "J208"), "控制预算调整"),
        (("客商和企业满意度", "服务对象满意度指标", "满意度指标"), "改进服务"),
        (("未取得满意度得分", "公众或服务对象满意度"), "外部评价结果"),
        (("限额3", "J205"), "编制"),
        (("同数", "J202"), "核对机制"),
        (("执行3", "J205"), "执行进度"),
    ],
)
def test_a_problem_gets_the_suggestion_that_fits_it(names: tuple[str, ...], word: str) -> None:
    shelf, _ = advice()
    assert word in shelf[_fitting(Problem("", "", names), shelf)].text


def test_what_no_suggestion_fits_is_quoted(draft: Make) -> None:
    rows = """
main_table:
  indicators:
    - {group: 社会效益指标, name: 招商成效, target: 明显, done: 较明显, points: 30, achieved: 达成年度指标, share: 90%, reason: 签约落地受要素制约}
"""
    text = said(draft(rows, "自评", "changli-2023"))
    assert "对“招商成效”（签约落地受要素制约）逐项查明原因" in text and "信访" not in text


def test_of_a_list_of_points_only_those_not_met_are_told() -> None:
    told = "1.符合，得0.75分；2.不符合，得0分；3.部分符合，得0.5分（缺一项）"
    asked = "1.目标分解为任务，得0.75分；2.指标值清晰、可衡量，得0.75分；3.与资金匹配，得0.75分。"
    assert (
        _explained(told, asked) == "指标值清晰、可衡量（不符合）；与资金匹配（部分符合，得0.5分）（缺一项）"
    )
    assert _explained("支出率90%，得3分", asked) == "支出率90%"


def test_a_file_that_people_type_is_no_document() -> None:
    typed = Source("facts.yaml", label="固定资产原值", found=Found.NAMED)
    book = Source("决算.xlsx", "表一", "C3", label="原值")
    assert basis([typed]) == ""
    assert basis([typed, book]) == "《决算.xlsx》“表一”表C3（原值）"
    assert basis([Source("facts.yaml", document="资产报表", found=Found.NAMED)]) == "《资产报表》"


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


def test_lines_of_people_lose_their_own_numbers() -> None:
    lines = "1、甲\n（二）乙；\n3.丙。\n（4）丁：\n五、戊！\n2.5万元未用\n。\n2022年己"
    assert items(lines) == ["甲。", "乙。", "丙。", "丁。", "戊！", "2.5万元未用。", "2022年己。"]


def test_rates_of_a_table_are_alike() -> None:
    assert column_rates([Decimal(1), Decimal("0.5"), None]) == ["100%", "50%", "不适用"]
    assert column_rates([Decimal(1), Decimal("0.825"), None]) == ["100.00%", "82.50%", "不适用"]


def test_a_lone_subsection_has_no_number() -> None:
    body = [Paragraph("文")]
    alone = numbered_blocks([Chapter("甲", below=[Chapter("乙", list(body))])])
    assert alone == [Heading(1, "一、甲"), *body]
    two = numbered_blocks([Chapter("甲", below=[Chapter("乙", list(body)), Chapter("丙", list(body))])])
    assert [getattr(block, "text", "") for block in two] == ["一、甲", "（一）乙", "文", "（二）丙", "文"]


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
    (annex,) = drafted(suixi, "核查").annexes
    text = "\n".join(
        cell.text for block in annex.blocks if isinstance(block, Grid) for row in block.body for cell in row
    )
    assert "待核定" not in text and "由评价人核定" in text
