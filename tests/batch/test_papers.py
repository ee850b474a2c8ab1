"""汇总报告 and 整改通知: read back from Word, every figure is that of the workbooks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import docx
import pytest

import jixiao
from jixiao.batch import Standing
from jixiao.model import plain
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
    assert f"失分指标{len(lost[0])}项，本年已改正{len(lost[0] - lost[1])}项" in text
    for one in now.indicators:
        assert (one.explanation in text) == (one.title in lost[1])
    for finding in now.findings:
        assert (finding.message in text) == (finding.level != "note")
