"""Forty faults among hundreds of workbooks: each is named, and the ranking is that of the sound ones alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import jixiao
from jixiao.batch import Batch, Standing
from jixiao.batch.measures import Unit
from tests.batch import books

SOUND, KINDS, NAME = 200, 4, "某省某县单位{:04}局"
TWICE = 4


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Standing]]:
    """A folder, and how each of its files has to stand."""
    place = tmp_path_factory.mktemp("many") / "评分簿"
    place.mkdir()
    base = books.filled(place.parent / "底稿.xlsx")
    kinds = [books.sound(base, NAME.format(0), seed) for seed in range(KINDS)]
    wanted: dict[str, Standing] = {}

    def put(number: int, data: bytes, standing: Standing, what: str = "", name: str = "") -> Path:
        path = place / f"{number * 7919 % 10007:05}{what}.xlsx"
        path.write_bytes(
            books.renamed(data, NAME.format(0), name or NAME.format(number))
            if data[:2] == b"PK" and what not in UNREAD
            else data
        )
        wanted[path.name] = standing
        return path

    for number in range(1, SOUND + 1):
        put(number, kinds[number % KINDS], Standing.RANKED)
    number = SOUND
    for fault, change in books.DOUBTFUL.items():
        for _ in range(TWICE):
            number += 1
            path = put(number, kinds[number % KINDS], Standing.UNTRUSTED, fault)
            path.write_bytes(books.edited(path, change))
    for fault, data in books.unreadable().items():
        put(number := number + 1, data, Standing.REFUSED, fault)
    for n in (3, 4):
        put(number := number + 1, kinds[n % KINDS], Standing.COPY, "副本", NAME.format(n))
    for n in (1, 2):
        put(number := number + 1, kinds[n], Standing.DOUBLE, "两本", "某县重复局")
    put(number := number + 1, books.another_rubric(place.parent / "昌黎.xlsx"), Standing.PENDING, "另一张表")
    put(number := number + 1, books.sound(base, NAME.format(7), 7, "2021"), Standing.RANKED, "另一年度")
    assert len(wanted) == SOUND + 40
    return place, wanted


UNREAD = tuple(books.unreadable())


@pytest.fixture(scope="module")
def made(planted: tuple[Path, dict[str, Standing]]) -> Batch:
    return jixiao.batch(planted[0], planted[0].parent / "汇总", workers=2)


def test_each_fault_is_named(planted: tuple[Path, dict[str, Standing]], made: Batch) -> None:
    stands = {unit["file"]: unit.standing for unit in made.summary.units}
    copies = {file for file, standing in stands.items() if standing is Standing.COPY}
    assert len(copies) == 2  # which of two alike is the copy, their names decide
    differing = {file for file in stands if stands[file] is not planted[1][file]}
    assert not differing - copies - {file for file, one in planted[1].items() if one is Standing.COPY}
    silent = [u["file"] for u in made.summary.units if u.standing is not Standing.RANKED and not _said(u)]
    assert silent == []


def _said(unit: Unit) -> bool:
    return bool(unit["message"] or (unit.why and unit.why.message))


def test_the_ranking_is_that_of_the_sound_ones(
    planted: tuple[Path, dict[str, Standing]], made: Batch
) -> None:
    group = made.summary.groups[0]
    assert (group.year, len(group.units)) == ("2022", SOUND)
    totals = [
        jixiao.score(planted[0] / unit["file"]).total
        for unit in (group.units[0], group.units[SOUND // 2], group.units[-1])
    ]
    assert totals == [group.totals[0], group.totals[SOUND // 2], group.totals[-1]]
    assert group.totals == sorted(group.totals, reverse=True)
    assert [unit.rank for unit in group.units] == [
        1 + sum(other > total for other in group.totals) for total in group.totals
    ]
