"""汇总报告 and 整改通知: read back from Word, every figure is that of the workbooks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pyarrow.parquet as pq
import pytest

import jixiao
from jixiao.batch import Standing
from jixiao.model import plain
from jixiao.scoring import Scorecard
from tests.batch import books
from tests.batch.conftest import Province


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_leader_reads_what_the_workbooks_give(province: Province) -> None:
    text = text_of(province.made.folder / "汇总报告.docx")
    units = province.made.summary.units
    cards = [
        jixiao.score(province.folder / u["file"])
        for u in units
        if u.standing is Standing.RANKED and u["year"] == "2022"
    ]
    totals = sorted(card.total for card in cards)
    mean = (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert f"共收到评分簿{len(province.files)}本" in text
    assert f"参加排名的{len(totals)}个单位平均{plain(mean)}分" in text
    assert f"最高{plain(totals[-1])}分，最低{plain(totals[0])}分" in text
    most = max(
        (i.title for i in cards[0].indicators),
        key=lambda t: sum((c[t].full - (c[t].points or 0) for c in cards), Decimal(0)),
    )
    lost = [card[most].full - (card[most].points or 0) for card in cards]
    assert (
        f"失分最多的指标是“{most}”（{sum(v > 0 for v in lost)}个单位失{plain(sum(lost, Decimal(0)))}分）"
        in text
    )
    assert "某县未报局没有报送，请催报" in text
    for unit in units:
        if unit.standing in (Standing.REFUSED, Standing.DOUBLE, Standing.UNTRUSTED, Standing.PENDING):
            assert (unit["unit"] or unit["file"]) in text


@pytest.fixture
def two_years(tmp_path: Path) -> Path:
    """A unit with a workbook of each year; the second is better in one indicator, and its name is hostile."""
    base = books.filled(tmp_path / "底稿.xlsx")
    for seed, year in ((1, "2021"), (2, "2022")):
        place = tmp_path / year
        place.mkdir()
        (place / "甲.xlsx").write_bytes(books.sound(base, "=某县/甲局..\\", seed, year))
        jixiao.batch(place, tmp_path / "汇总", workers=1, letters=True)
    return tmp_path


def expected(last: Scorecard, now: Scorecard) -> list[str]:
    """What became of each matter of the year before, counted by other means."""
    made = []
    for one in last.indicators:
        if one.full > 0 and one.points is not None and one.points < one.full:
            this, was = now[one.title], 1 - one.points / one.full
            if this.status == "not_applicable" or not this.full:
                made.append("本年不考核")
            elif this.points is None:
                made.append("待核定")
            else:
                share = 1 - this.points / this.full
                made.append(
                    "已整改"
                    if share <= 0
                    else "仍存在"
                    if share == was
                    else "加重"
                    if share > was
                    else "有改进"
                )
    counts = []
    for card in (last, now):
        counts.append(Counter[tuple[str, str]]())
        for finding in card.findings:
            if finding.level != "note":
                source = finding.sources[0]
                counts[-1][finding.code, source.label or source.sheet] += int(
                    str(dict(finding.args).get("count", 1))
                )
    for key, times in counts[0].items():
        this_year = counts[1][key]
        same = "仍存在" if this_year == times else "加重" if this_year > times else "有改进"
        made.append(same if this_year else "已整改")
    return made


def test_last_year_is_held_against_this_year_unit_by_unit(two_years: Path) -> None:
    last, now = (jixiao.score(two_years / year / "甲.xlsx") for year in ("2021", "2022"))
    rows: list[Any] = list(
        openpyxl.load_workbook(two_years / "汇总" / "汇总.xlsx")["整改"].iter_rows(
            min_row=4, values_only=True
        )
    )
    wanted = expected(last, now)
    assert Counter(row[7] for row in rows) == Counter(wanted)
    assert len(set(wanted)) >= 3, "the two years differ in more than one way"
    for row in rows:
        if row[3] == "失分指标":
            one, this = last[row[4]], now[row[4]]
            assert abs(row[5] - float(one.full - (one.points or 0))) < 1e-9
            assert (
                this.points is None or row[6] is None or abs(row[6] - float(this.full - this.points)) < 1e-9
            )
    text = text_of(two_years / "汇总" / "汇总报告.docx")
    counts = "，".join(
        f"{name}{n}项" for name in ("已整改", "有改进", "仍存在", "加重") if (n := wanted.count(name))
    )
    assert f"上年整改：1个单位上年失分的指标和提示的事项共{len(wanted)}项，{counts}。" in text


def test_a_store_of_an_earlier_version_is_read_and_what_it_does_not_say_is_not_mended(
    two_years: Path,
) -> None:
    store = two_years / "汇总" / "store"
    dropped = {"units": ["state", "signer", "signed", "seal", "altered"], "findings": ["subject", "count"]}
    source = next(
        path.name for path in (store / "units").iterdir() if pq.read_table(path)["year"][0].as_py() == "2021"
    )
    for table, columns in dropped.items():
        pq.write_table(pq.read_table(store / table / source).drop_columns(columns), store / table / source)
    made = jixiao.batch(two_years / "2022", two_years / "汇总", workers=1)
    assert made.summary.count(Standing.RANKED) == 2
    assert {one.kind for one in made.summary.mended} == {"失分指标"}


def test_a_unit_is_told_what_it_lost_and_what_became_of_last_year(two_years: Path) -> None:
    letters = {path.name: path for path in (two_years / "汇总" / "整改通知").iterdir()}
    assert set(letters) == {"某县甲局2021.docx", "某县甲局2022.docx"}
    text = text_of(letters["某县甲局2022.docx"])
    last, now = (jixiao.score(two_years / year / "甲.xlsx") for year in ("2021", "2022"))
    assert f"得{plain(now.total)}分，等级为“{now.grade}”，在参加排名的1个单位中列第1名" in text
    lost = [
        {i.title for i in card.indicators if i.full > 0 and i.points is not None and i.points < i.full}
        for card in (last, now)
    ]
    matters = expected(last, now)
    assert f"失分的指标和提示的事项{len(matters)}项，已整改{matters.count('已整改')}项" in text
    assert f"本年没有整改到位的（{len(matters) - matters.count('已整改')}项）" in text
    for one in now.indicators:
        assert (one.explanation in text) == (one.title in lost[1])
    for finding in now.findings:
        assert (finding.message in text) == (finding.level != "note")
