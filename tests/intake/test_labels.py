"""Labels, headings and titles as keys; units in captions."""

from __future__ import annotations

import pytest

from jixiao.intake import Titles, labels, load


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("一、一般公共预算财政拨款", "一般公共预算财政拨款"),
        ("　其中：一、一般公共预算财政拨款", "一般公共预算财政拨款"),
        ("二十六、抗疫特别国债安排的支出", "抗疫特别国债安排的支出"),
        ("（一）支出合计", "支出合计"),
        ("　　1．因公出国（境）费", "因公出国(境)费"),
        ("⑴公务用车购置费", "公务用车购置费"),
        ("①公务接待费", "公务接待费"),
        ("4．公务用车保有量（辆）", "公务用车保有量"),
        ("一、“三公”经费支出", "三公经费支出"),
        ("减：结余分配", "结余分配"),
        ("本 年 收 入\n合　计", "本年收入合计"),
        ("资本性支出（基本建设）", "资本性支出(基本建设)"),
        ("2020-2021年签约项目开工数", "2020-2021年签约项目开工数"),
        ("合计", "合计"),
        ("一、", "一、"),
    ],
)
def test_row_labels(printed: str, key: str) -> None:
    assert labels.row(printed) == key


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("2022年度决算数", "决算数"),
        ("决算数（万元）", "决算数"),
        ("决算数\n(元)", "决算数"),
        ("上年决算数", "上年决算数"),
        ("本年收入合计", "本年收入合计"),
        ("一、基本支出", "一、基本支出"),
    ],
)
def test_headings_keep_their_numbering(printed: str, key: str) -> None:
    assert labels.heading(printed) == key


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("收入支出决算总表", "收入支出决算总表"),
        ("财 政 拨 款 收 入 支 出 决 算 总 表", "财政拨款收入支出决算总表"),
        ("2022年度遂溪县招商局财政拨款收入支出决算总表（财决01-1表）", "财政拨款收入支出决算总表"),
        ("公开04表 财政拨款收入支出决算总表", "财政拨款收入支出决算总表"),
        ("收入支出决算总表（续表）", "收入支出决算总表"),
        ("支出决算表 单位：万元", "支出决算表"),
        ("财政拨款“三公”经费支出决算表", "三公经费支出决算表"),
        ("项目支出决算表", "项目支出决算表"),
        ("收入支出决算总表说明", ""),
        ("根据收入支出决算总表", ""),
        ("五、关于2022年度收入决算表情况说明", ""),
        ("本表为收入支出决算总表，反映收支", ""),
    ],
)
def test_titles(text: str, form: str) -> None:
    found = Titles(load(())).of_text(text)
    assert {item.title for item in found} == ({form} if form else set())


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Z01_1 财政拨款收入支出决算总表(财决01-1表)", "财政拨款收入支出决算总表"),
        ("10-财政拨款收入支出决算总表", "财政拨款收入支出决算总表"),
        ("Sheet1", ""),
    ],
)
def test_a_sheet_name_may_be_cut(name: str, form: str) -> None:
    found = Titles(load(())).of_sheet(name)
    assert {item.title for item in found if not item.decoy} == ({form} if form else set())


def test_a_sheet_name_cut_before_the_titles_part_names_all_of_them() -> None:
    found = Titles(load(())).of_sheet("公开06 某某某某某局2024年度一般公共预算财政拨款基本支出")
    title = "一般公共预算财政拨款基本支出决算"
    assert {item.title for item in found if not item.decoy} >= {f"{title}表", f"{title}明细表"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额单位：元", "元"),
        ("单位: 万元", "万元"),
        ("编制单位：元氏县财政局", ""),
        ("编制单位：某局 2022年度 金额单位：千元", "千元"),
        ("某某表（万元）", "万元"),
        ("单位：个、人", ""),
        ("单位：人民币元", "元"),
    ],
)
def test_units_stated(text: str, unit: str) -> None:
    assert labels.stated_unit(text) == unit
