"""汇总.xlsx: every figure of it is what the workbooks themselves give, counted here once more and by other means."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import openpyxl
import pytest

import jixiao
from jixiao.batch import Standing
from jixiao.office import open_workbook
from jixiao.scoring import Scorecard
from jixiao.verify import loaded, same
from tests.batch import books
from tests.batch.conftest import Province

Table = list[dict[str, Any]]


@pytest.fixture(scope="module")
def book(province: Province) -> Any:
    return openpyxl.load_workbook(province.made.folder / "汇总.xlsx", data_only=True)


@pytest.fixture(scope="module")
def cards(province: Province) -> dict[str, Scorecard]:
    """The ranked workbooks of 2022, each scored by itself."""
    ranked = [unit["file"] for unit in province.made.summary.units if unit.standing is Standing.RANKED]
    made = {file: jixiao.score(province.folder / file) for file in ranked}
    return {file: card for file, card in made.items() if card.year == "2022"}


def table(sheet: Any, head: int = 3) -> Table:
    """The rows below the head of a list, by their titles."""
    rows = sheet.iter_rows(min_row=head, values_only=True)
    titles = next(rows)
    return [dict(zip(titles, row, strict=True)) for row in rows if row[0] or row[1] or row[-1]]


def near(value: object, wanted: Decimal | float) -> bool:
    return isinstance(value, (int, float)) and abs(float(value) - float(wanted)) < 1e-9


def test_the_sheets_are_those_of_the_plan(book: Any) -> None:
    assert book.sheetnames == ["总表", "分布", "失分", "热力", "分组", "趋势", "整改", "问题", "异常", "未收"]


def test_every_file_is_a_row_and_every_figure_its_own(
    book: Any, province: Province, cards: dict[str, Scorecard]
) -> None:
    rows = {row["文件"]: row for row in table(book["总表"])}
    assert rows.keys() == province.files.keys()
    totals = sorted((card.total for card in cards.values()), reverse=True)
    for file, card in cards.items():
        row = rows[file]
        assert row["名次"] == 1 + sum(total > card.total for total in totals)
        assert (row["单位"], row["等级"], row["年度"]) == (card.unit, card.grade, card.year)
        assert near(row["得分"], card.total)
        assert near(row["规则分"], card.rule_total)
        assert near(row["核定减规则"], card.total - card.rule_total)
        own = sum((one.full for one in card.indicators), Decimal(0))
        assert near(row["自评分"], own)
        assert near(row["自评减核查"], own - card.total)
        assert row["人工核定项数"] == sum(one.awarded for one in card.indicators)


def test_the_year_before_stands_beside(book: Any, province: Province) -> None:
    row = next(row for row in table(book["总表"]) if row["文件"] == "一科/单位0.xlsx")
    before = jixiao.score(province.folder / "另一年度.xlsx").total
    assert near(row["上年得分"], before)
    assert near(row["比上年"], jixiao.score(province.folder / "一科/单位0.xlsx").total - before)


def test_what_is_pending_has_no_points(book: Any) -> None:
    pending = [row for row in table(book["总表"]) if row["情况"] == "有待核定"]
    assert pending
    assert all(row["得分"] is None and row["核定减规则"] is None for row in pending)


def test_the_distribution_is_that_of_the_ranked(book: Any, cards: dict[str, Scorecard]) -> None:
    rows = list(book["分布"].iter_rows(min_row=4, max_row=40, values_only=True))
    said = {
        row[0]: row[1] for row in reversed(rows) if row[0] and row[1] is not None
    }  # the first group counts
    totals = sorted(card.total for card in cards.values())
    low, _, high = quantiles(totals, n=4, method="inclusive")
    wanted = {
        "平均分": sum(totals, Decimal(0)) / len(totals), "最高分": totals[-1], "最低分": totals[0],
        "中位数": median(totals), "下四分位": low, "上四分位": high,
    }  # fmt: skip
    first = {name: said[name] for name in wanted}
    assert {n: round(float(v), 2) for n, v in first.items()} == {
        n: round(float(v) + 1e-9, 2) for n, v in wanted.items()
    }
    bars = {row[3]: row[4] for row in reversed(rows) if row[3] and row[4] is not None and "—" in str(row[3])}
    known = Counter(f"{int(total // 5) * 5}—{int(total // 5) * 5 + 5}" for total in totals)
    assert known.items() <= bars.items()


def test_lost_points_are_those_of_each_card(book: Any, cards: dict[str, Scorecard]) -> None:
    rows = [row for row in table(book["失分"]) if row["年度"] == "2022"]
    by_title = {row["指标"]: row for row in rows}
    for title in {one.title for card in cards.values() for one in card.indicators if one.full > 0}:
        scored = [card[title] for card in cards.values()]
        lost = [one.full - one.points for one in scored if one.points is not None]
        row = by_title[title]
        assert row["单位数"] == len(lost)
        assert row["失分单位"] == sum(value > 0 for value in lost)
        assert near(row["失分合计"], sum(lost, Decimal(0)))
        won, full = (
            sum((o.points or 0 for o in scored), Decimal(0)),
            sum((o.full for o in scored), Decimal(0)),
        )
        assert abs(float(row["平均得分率"]) - float(won / full)) <= 0.00005 + 1e-9
        assert row["区分"] == ("有差距" if any(lost) else "全部满分")
    assert [row["失分合计"] for row in rows] == sorted((row["失分合计"] for row in rows), reverse=True)


def test_the_heat_map_holds_each_unit_and_indicator(book: Any, cards: dict[str, Scorecard]) -> None:
    by_unit = {card.unit: card for card in cards.values()}
    rows = table(book["热力"])
    assert {row["单位"] for row in rows} == by_unit.keys()
    for row in rows:
        for one in by_unit[row["单位"]].indicators:
            if one.full > 0 and one.points is not None:
                assert abs(row[one.title] - float(one.points / one.full)) <= 0.00005 + 1e-9


def test_a_problem_is_counted_in_the_units_that_have_it(book: Any, province: Province) -> None:
    found: Counter[str] = Counter()
    for unit in province.made.summary.units:
        if unit.counts:
            path = province.folder / unit["file"]
            found.update({finding.code for finding in jixiao.score(path).findings})
    said = {row["编号"]: row["单位数"] for row in table(book["问题"])}
    assert {code: said[code] for code in found} == dict(found)


def test_what_is_odd_and_who_is_missing_is_listed(book: Any, province: Province) -> None:
    odd = {(row["编号"], row["文件"]) for row in table(book["异常"])}
    units = province.made.summary.units
    assert odd == {(f.code, u["file"]) for u in units for f in ([u.why] if u.why else []) + u.oddities}
    assert [row["单位"] for row in table(book["未收"])] == ["某县未报局"]


def test_the_state_of_each_review_is_shown_and_a_final_one_that_changed_is_named(tmp_path: Path) -> None:
    base, folder = books.filled(tmp_path / "底稿.xlsx"), tmp_path / "评分簿"
    folder.mkdir()
    for number, name in enumerate(("草稿", "已复核", "定稿", "定稿后有改动")):
        path = folder / f"{name}.xlsx"
        path.write_bytes(books.sound(base, f"某县单位{number}局", number))
        for who, state in (("张三", "已复核"), ("李四", "定稿"))[: min(number, 2)]:
            jixiao.review(path, state, who=who)
    path.write_bytes(books.edited(path, books.number_changed))
    made = jixiao.batch(folder, tmp_path / "汇总", workers=1)
    rows = {row["文件"]: row for row in table(openpyxl.load_workbook(made.folder / "汇总.xlsx")["总表"])}
    for unit in made.summary.units:
        row, name = rows[unit["file"]], Path(unit["file"]).stem
        assert (row["复核状态"], bool(row["名次"])) == (name, name != "定稿后有改动")
        assert (row["签署"] or "").partition(" ")[0] == {"草稿": "", "已复核": "张三"}.get(name, "李四")
        assert bool(unit["seal"]) == (name != "草稿")
    (why,) = [unit.why for unit in made.summary.units if unit.why is not None]
    assert why.code == "J914" and "定稿以后被改动" in why.message and "年度支出决算数" in why.message


def test_each_row_leads_to_its_file(province: Province) -> None:
    sheet = openpyxl.load_workbook(province.made.folder / "汇总.xlsx")["总表"]
    cells = [row[-1] for row in sheet.iter_rows(min_row=4)]
    links = {str(cell.value): str(cell.hyperlink.target) for cell in cells if cell.hyperlink}
    assert links.keys() == province.files.keys()
    for file, target in links.items():
        place = Path(target.removeprefix("file:///").replace("\\", "/").partition("#")[0])
        assert (province.made.folder / place).resolve() == (province.folder / file).resolve()


@pytest.mark.parametrize("engine", ["formualizer", "cellrune"])
def test_what_is_live_calculates_to_what_is_shown(province: Province, engine: str) -> None:
    book = open_workbook((province.made.folder / "汇总.xlsx").read_bytes())
    results = loaded(engine, book).results
    compared = Counter[str]()
    for name in book.worksheets:
        for cell in book.sheet(name).cells():
            if cell.formula is not None:
                assert same(cell.number, results[name, cell.ref]), (name, cell.ref, cell.formula)
                compared[name] += 1
    assert compared["总表"] >= 30
    assert compared["分布"] >= 5


def test_kinds_of_units_are_compared(book: Any, province: Province, cards: dict[str, Scorecard]) -> None:
    rows = {(row["按"], row["名称"]): row for row in table(book["分组"]) if row["年度"] == "2022"}
    every = sum((card.total for card in cards.values()), Decimal(0)) / len(cards)
    for name, odd in (("甲主管局", 1), ("乙主管局", 0)):
        own = {c.unit: c.total for c in cards.values() if c.unit[4:5].isdigit() and int(c.unit[4]) % 2 == odd}
        row, mean = rows["主管部门", name], sum(own.values(), Decimal(0)) / len(own)
        assert row["单位数"] == len(own)
        assert abs(row["平均分"] - float(mean)) <= 0.005
        assert abs(row["比全部"] - float(mean - every)) <= 0.0101
        assert (row["最高的单位"], row["最高分"]) == (
            max(own, key=lambda u: own[u]),
            float(max(own.values())),
        )
        assert near(row["最低分"], min(own.values()))
    assert rows["类型", "机关"]["单位数"] == len(cards)


def test_years_are_compared(book: Any, province: Province, cards: dict[str, Scorecard]) -> None:
    before = jixiao.score(province.folder / "另一年度.xlsx")
    rows = [row[:4] for row in book["趋势"].iter_rows(min_row=3, values_only=True) if row[0]]
    assert rows[0][0] == before.rubric_name
    heads = [number for number, row in enumerate(rows) if row[1] == "2021年度"]
    assert [rows[number] for number in heads] == [
        ("得分率", "2021年度", "2022年度", "变化"), ("单位得分", "2021年度", "2022年度", "变化"),
    ]  # fmt: skip
    rates = {row[0]: row[1:] for row in rows[heads[0] + 1 : heads[1]]}
    for one in before.indicators:
        counted = [
            c[one.title] for c in cards.values() if c[one.title].points is not None and c[one.title].full
        ]
        if not counted or one.points is None or not one.full:
            continue
        last = one.points / one.full
        now = sum((i.points or Decimal(0) for i in counted), Decimal(0)) / sum(i.full for i in counted)
        assert abs(rates[one.title][0] - float(last)) <= 5e-5
        assert abs(rates[one.title][1] - float(now)) <= 5e-5
        assert abs(rates[one.title][2] - float(now - last)) <= 1e-4
    units = {row[0]: row[1:] for row in rows[heads[1] + 1 :]}
    assert units.keys() == {card.unit for card in cards.values()}
    for card in cards.values():
        was = before.total if card.unit == before.unit else None
        change = card.total - was if was is not None else None
        assert near(units[card.unit][1], card.total)
        assert near(units[card.unit][0], was) if was is not None else units[card.unit][0] is None
        assert near(units[card.unit][2], change) if change is not None else not units[card.unit][2]
