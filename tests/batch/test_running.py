"""Whatever ends a run, the next one goes on: the store is then byte for byte that of a run nobody disturbed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import jixiao
from jixiao.batch import Standing, listing, running
from jixiao.batch.listing import Item, blocks_of, items_of
from jixiao.batch.scoring import Options
from jixiao.batch.store import Query, Store
from jixiao.model import CannotWrite
from tests.batch import books
from tests.batch.deadly import Deadly

KILLS = int(os.environ.get("JIXIAO_KILLS", "3"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many workbooks that they are several blocks."""
    place = tmp_path_factory.mktemp("many") / "评分簿"
    place.mkdir()
    base = books.filled(place.parent / "底稿.xlsx")
    kinds = [books.sound(base, f"某县单位{number}局", number) for number in range(4)]
    for number in range(24):
        (place / f"{number * 37 % 1009:04}.xlsx").write_bytes(kinds[number % 4])
    return place


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 5)
    monkeypatch.setattr(listing, "OFTEN", 4)


def parts(out: Path) -> dict[str, bytes]:
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted((out / "store").rglob("*"))
        if p.is_file()
    }


SCRIPT = """
import sys
from pathlib import Path
from jixiao.batch import listing
listing.MOST, listing.OFTEN = 5, 4
import jixiao
if __name__ == "__main__":
    print("ready", flush=True)
    jixiao.batch(sys.argv[1], sys.argv[2], workers=int(sys.argv[3]), resume="resume" in sys.argv)
"""


@POSIX
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, "utf-8")
    command = [sys.executable, str(script), str(folder)]
    began = time.monotonic()
    subprocess.run([*command, str(tmp_path / "whole"), "1"], check=True, capture_output=True)
    whole, seconds = parts(tmp_path / "whole"), time.monotonic() - began
    assert len([name for name in whole if "/units/" in name]) >= 4
    chance = random.Random(7)
    for number in range(KILLS):
        out = tmp_path / f"out{number}"
        child = subprocess.Popen(
            [*command, str(out), str(1 + number % 2)], stdout=subprocess.PIPE, start_new_session=True
        )
        assert child.stdout is not None and child.stdout.readline() == b"ready\n"
        time.sleep(chance.random() * seconds)
        child.kill()
        child.wait()
        child.stdout.close()
        subprocess.run([*command, str(out), "1", "resume"], check=True, capture_output=True)
        assert parts(out) == whole
        shutil.rmtree(out)


def test_a_part_that_is_done_is_not_done_again(folder: Path, tmp_path: Path, small: None) -> None:
    first = jixiao.batch(folder, tmp_path / "out", workers=1)
    before = parts(tmp_path / "out")
    (folder / "0000新.xlsx").write_bytes((folder / "0000.xlsx").read_bytes())
    try:
        second = jixiao.batch(folder, tmp_path / "out", workers=1, resume=True)
    finally:
        (folder / "0000新.xlsx").unlink()
    assert (first.done.kept, len(second.summary.units)) == (0, 25)
    assert 0 < second.done.kept < 24
    assert before.items() & parts(tmp_path / "out").items()


def test_a_file_replaced_or_gone_is_not_taken_for_what_it_was(
    folder: Path, tmp_path: Path, small: None
) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "评分簿"))
    jixiao.batch(place, tmp_path / "out", workers=1)
    first, second = sorted(place.iterdir())[:2]
    first.unlink()
    second.write_bytes("不再是工作簿".encode())
    made = jixiao.batch(place, tmp_path / "out", workers=1, resume=True)
    known = {unit["file"]: unit.standing for unit in made.summary.units}
    assert first.name not in known
    assert known[second.name] is Standing.REFUSED


def test_a_file_gone_between_listing_and_reading_is_a_row(folder: Path, tmp_path: Path) -> None:
    items = items_of(folder)
    gone = Item(str(folder / "不在.xlsx"), "不在.xlsx", 5, 5)
    store = Store(tmp_path, "那里")
    running.run([*items[:1], gone], store, Options(), 1, lambda _: None)
    rows = Query(store).rows("SELECT file, code FROM units ORDER BY file")
    assert rows == [(items[0].name, None), ("不在.xlsx", "J559")]


def test_a_file_that_ends_its_process_is_found_and_the_others_are_scored(
    folder: Path, tmp_path: Path, small: None
) -> None:
    items = items_of(folder)
    items[7] = items[7]._replace(path=Deadly(items[7].path))
    store = Store(tmp_path, "那里")
    done = running.run(items, store, Options(), 2, lambda _: None)
    rows = Query(store).rows("SELECT file, code FROM units WHERE code IS NOT NULL")
    assert rows == [(items[7].name, "J906")]
    assert (done.scored, done.refused) == (23, 1)


def test_a_file_that_ends_workers_of_a_cluster_is_found_and_the_others_are_scored(
    folder: Path, tmp_path: Path, small: None
) -> None:
    """Its block ends one worker after another until the cluster gives it up; it is then halved here."""
    pytest.importorskip("distributed")
    items = items_of(folder)
    items[7] = items[7]._replace(path=Deadly(items[7].path))
    store = Store(tmp_path, "那里")
    done = running.run(items, store, Options(), 2, lambda _: None, scheduler=running.LOCAL)
    rows = Query(store).rows("SELECT file, code FROM units WHERE code IS NOT NULL")
    assert rows == [(items[7].name, "J906")]
    assert (done.scored, done.refused) == (23, 1)


def test_two_processes_leave_the_parts_of_one(folder: Path, tmp_path: Path, small: None) -> None:
    jixiao.batch(folder, tmp_path / "one", workers=1)
    jixiao.batch(folder, tmp_path / "two", workers=2)
    assert parts(tmp_path / "one") == parts(tmp_path / "two")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_part_that_cannot_be_written_is_said_in_one_line(
    folder: Path, tmp_path: Path, small: None, workers: int
) -> None:
    items, store = items_of(folder), Store(tmp_path, "那里")
    blocks = list(blocks_of(items))
    (tmp_path / "store" / "units" / f"{store.name(blocks[1], Options())}.parquet").mkdir(parents=True)
    with pytest.raises(CannotWrite) as stop:
        running.run(items, store, Options(), workers, lambda _: None)
    assert stop.value.finding.code == "J908"
    assert not list((tmp_path / "store").rglob("*.parquet/*"))


def test_blocks_hold_every_item_once_and_one_more_moves_few() -> None:
    items = [Item(f"/x/{n:05}.xlsx", f"{n:05}.xlsx") for n in range(3000)]
    blocks = list(blocks_of(items))
    assert [item for block in blocks for item in block] == items
    more = [*items[:1500], Item("/x/01499甲.xlsx", "01499甲.xlsx"), *items[1500:]]
    changed = [block for block in blocks_of(more) if block not in blocks]
    assert len(changed) <= 3 < len(blocks)


def test_what_was_there_before_from_elsewhere_stays(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "去年"
    other.mkdir()
    base = min(folder.iterdir())
    for year in ("2021", "2022"):
        place = tmp_path / year
        place.mkdir()
        (place / "甲.xlsx").write_bytes(books.sound(base, "某县甲局", int(year), year))
        made = jixiao.batch(place, tmp_path / "out", workers=1)
    assert sorted(unit["year"] for unit in made.summary.units) == ["2021", "2022"]
    last, now = sorted(made.summary.units, key=lambda unit: str(unit["year"]))
    assert (last.before, now.before) == (None, last["total"])
