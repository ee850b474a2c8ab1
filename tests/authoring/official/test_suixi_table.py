"""The 遂溪 table issued as a plain county table and read back: the same rules, or a person with a stated reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jixiao.authoring import OfficialTable, imported, read_table
from jixiao.model import concepts
from jixiao.rubric import load, read_rubric
from jixiao.scoring import build_net
from tests.authoring.official.compare import compare, small_net
from tests.authoring.official.issue import save_docx, save_xlsx
from tests.properties.nets import tables

CASES = int(os.environ.get("JIXIAO_CASES", "60"))
LEAST = 25
CITED = {"title": "例", "number": "例〔2022〕1号"}


@pytest.fixture(scope="module")
def suixi() -> Any:
    return load("suixi-2022").data["rubric"]


def issued(folder: Path, data: Any, form: str, seed: int) -> OfficialTable:
    file = folder / f"评分表.{form}"
    return read_table(save_xlsx(file, data, seed) if form == "xlsx" else save_docx(file, data, seed))


@pytest.mark.parametrize(("form", "seed"), [("xlsx", 0), ("docx", 1), ("xlsx", 2), ("docx", 3)])
def test_at_least_25_indicators_come_back_with_the_same_points(
    tmp_path: Path, suixi: Any, form: str, seed: int
) -> None:
    made = imported(issued(tmp_path, suixi, form, seed), "read-2022", "例", 2022, CITED)
    own = build_net(read_rubric(suixi, concepts(), tables()))
    compared = compare(own, small_net(made.text), CASES, seed + 1)
    assert compared.differing == {}, "a rule that is different and says nothing"
    extras = {item["title"] for item in suixi["extras"]["indicators"]}
    assert len(set(compared.same) - extras) >= LEAST
    assert all(compared.human.values())
    told = {f.args for f in made.findings if f.code == "J354"}
    assert all(any(("title", title) in args for args in told) for title in compared.human)


@pytest.mark.parametrize("page", [0, 4, 5, 7, 12])
def test_pages_and_merges_do_not_change_what_is_read(tmp_path: Path, suixi: Any, page: int) -> None:
    whole = read_table(save_xlsx(tmp_path / "甲.xlsx", suixi))
    paged = read_table(save_xlsx(tmp_path / "乙.xlsx", suixi, page=page))
    assert [_shape(row) for row in paged.rows] == [_shape(row) for row in whole.rows]
    assert [f.code for f in paged.findings] == []
    assert (paged.title, paged.footnote) == (suixi["title"], suixi["footnote"])
    assert paged.total == 100


@pytest.mark.parametrize("count", [1, 2, 4])
def test_word_tables_on_several_pages_are_one_table(tmp_path: Path, suixi: Any, count: int) -> None:
    whole = read_table(save_xlsx(tmp_path / "甲.xlsx", suixi))
    word = read_table(save_docx(tmp_path / "乙.docx", suixi, tables=count))
    assert [_shape(row) for row in word.rows] == [_shape(row) for row in whole.rows]
    assert (word.title, word.footnote) == (suixi["title"], suixi["footnote"])


def _shape(row: Any) -> tuple[Any, ...]:
    levels = () if row.bonus else (row.level1, row.w1, row.level2, row.w2)
    return (*levels, row.level3, row.w3, row.description, row.criteria, row.bonus)


def test_every_row_has_the_weights_of_its_levels(tmp_path: Path, suixi: Any) -> None:
    rows = [row for row in issued(tmp_path, suixi, "xlsx", 0).rows if not row.bonus]
    told = [
        (first["title"], first["weight"], second["title"], second["weight"], item["title"], item["weight"])
        for first in suixi["levels"]
        for second in first["levels"]
        for item in second["indicators"]
    ]
    assert [(r.level1, r.w1, r.level2, r.w2, r.level3, r.w3) for r in rows] == told


def test_the_wording_of_the_table_is_kept(tmp_path: Path, suixi: Any) -> None:
    table = issued(tmp_path, suixi, "xlsx", 0)
    made = imported(table, "read-2022", "例", 2022, CITED)
    texts = {row.level3: row.criteria for row in table.rows}
    for first in made.data["levels"]:
        for second in first["levels"]:
            for body in second["indicators"]:
                assert body["criteria"] == texts[body["title"]]
