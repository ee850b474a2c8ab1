"""A county's own table onto a shipped rubric: its words are printed, the rules stay, and what does not agree is named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from jixiao.authoring import import_onto
from jixiao.model import Findings
from jixiao.rubric import Rubric, load, read_text

CITED = {"title": "关于自评的通知", "number": "甲财〔2023〕5号"}
SAME = "支出完成率=年度实际支出÷财政下达预算数×100%。结果=100%，得4分；90%≤结果<100%，得3分；80%≤结果<90%，得2分；70%≤结果<80%，得1分；低于70%的不得分。"
OTHER = SAME.replace("结果=100%，得4分；90%≤结果<100%", "结果≥95%，得4分；90%≤结果<95%")


def attached(
    folder: Path, said: str = SAME, title: str = "支出完成率", weight: str = "4"
) -> tuple[Rubric, Findings]:
    """suixi-2022 in the words of a table that says ``said`` of one indicator and its own words of the others."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["甲县部门整体支出自评评分表"])
    book.active.append(["一级指标", "二级指标", "三级指标", "权重", "指标说明", "评分标准"])
    for first in load("suixi-2022").firsts:
        for second in first.seconds:
            for item in second.indicators:
                own = item.key == "支出完成率"
                told = (
                    (title, Decimal(weight), "本县说明", said)
                    if own
                    else (item.key, item.weight, "本县说明", item.criteria)
                )
                book.active.append([first.title, second.title, told[0], float(told[1]), *told[2:]])
    book.save(folder / "甲县.xlsx")
    text, findings = import_onto(folder / "甲县.xlsx", load("suixi-2022"), "jia-2023", "甲县", 2023, CITED)
    return read_text(text, "甲县"), findings


def test_the_words_are_the_tables_and_the_rules_stay(tmp_path: Path) -> None:
    made, findings = attached(tmp_path)
    old = {item.key: item for item in load("suixi-2022").indicators()}
    assert (made.id, made.jurisdiction, made.year, made.reference.number) == (
        "jia-2023",
        "甲县",
        2023,
        "甲财〔2023〕5号",
    )
    for item in made.indicators():
        assert item.rule.criteria == old[item.key].rule.criteria
        assert item.description == ("本县说明" if item.weight else old[item.key].description)
    assert next(item.criteria for item in made.indicators() if item.key == "支出完成率") == SAME
    assert [finding.code for finding in findings] == [
        "J380"
    ]  # the bonus items, which this table does not have


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"said": OTHER}, {"J329"}),
        ({"title": "支出进度"}, {"J380", "J382"}),
        ({"said": SAME, "weight": "5"}, {"J381"}),
    ],
)
def test_what_does_not_agree_is_named_at_its_cell(
    tmp_path: Path, change: dict[str, str], codes: set[str]
) -> None:
    _, findings = attached(tmp_path, **change)
    found = [finding for finding in findings if "加减分" not in finding.message]
    assert codes <= {finding.code for finding in found}
    assert all(finding.sources[0].file == "甲县.xlsx" for finding in found)
