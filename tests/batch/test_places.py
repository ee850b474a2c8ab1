"""Wherever workbooks lie, and whoever reads them, they are scored as those of a folder are."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao.batch.listing import at_hand, items_of
from jixiao.model import UsageStop
from tests.batch.conftest import Province

fsspec = pytest.importorskip("fsspec")
KEPT = ("unit", "total", "grade", "code", "sha256", "doubt")


@pytest.fixture(scope="module")
def folder(province: Province, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some sound workbooks, one that was changed and one that is none."""
    place = tmp_path_factory.mktemp("places") / "评分簿"
    place.mkdir()
    for name in ("一科/单位1.xlsx", "一科/单位2.xlsx", "公式改动.xlsx", "文本.xlsx"):
        (place / Path(name).name).write_bytes((province.folder / name).read_bytes())
    return place


def rows(made: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(str(unit[column]) for column in KEPT) for unit in made.summary.units)


@pytest.fixture(scope="module")
def wanted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    return rows(jixiao.batch(folder, tmp_path_factory.mktemp("out"), workers=1))


def packed(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(folder.iterdir()):
            target.write(file, f"二〇二二/{file.name}")
        target.writestr("__MACOSX/._单位1.xlsx", b"x")
        target.writestr("说明.txt", b"x")
    return path


def test_a_zip_is_read_as_a_folder_is(folder: Path, tmp_path: Path, wanted: list[tuple[Any, ...]]) -> None:
    path = packed(folder, tmp_path / "全部.zip")
    made = jixiao.batch(path, tmp_path / "汇总", workers=2)
    assert rows(made) == wanted
    assert {unit["file"].split("/")[0] for unit in made.summary.units} == {"二〇二二"}


def test_a_zip_in_a_folder_a_broken_one_and_one_with_a_password(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "收到"
    place.mkdir()
    whole = packed(folder, place / "甲县.zip").read_bytes()
    (place / "乙县.zip").write_bytes(whole[:-30])
    locked = bytearray(whole)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag that says that a password is needed
        start = locked.index(sign)
        locked[start + at] |= 1
    (place / "丙县.zip").write_bytes(bytes(locked))
    made = jixiao.batch(place, tmp_path / "汇总", workers=1)
    closed = [unit["file"].split("/")[0] for unit in made.summary.units if unit["code"] == "J903"]
    assert sorted(closed) == ["丙县.zip", "乙县.zip"]
    assert len(made.summary.units) == 9


def test_names_in_a_zip_of_windows_are_read(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("XXXX.xlsx", next(iter(folder.iterdir())).read_bytes())
    name = "县局".encode("gb18030")
    path.write_bytes(path.read_bytes().replace(b"XXXX", name))
    (item,) = items_of(path)
    assert item.name == "县局.xlsx"
    with at_hand(item) as there:
        assert (there.name, there.stat().st_size) == ("县局.xlsx", item.size)


def test_an_object_store_is_read_as_a_folder_is(
    folder: Path, tmp_path: Path, wanted: list[tuple[Any, ...]]
) -> None:
    store = fsspec.filesystem("memory")
    for file in folder.iterdir():
        store.pipe(f"/省/2022/{file.name}", file.read_bytes())
    made = jixiao.batch("memory://省/2022", tmp_path / "汇总", workers=1)
    assert rows(made) == wanted
    assert items_of("memory://省/2022") == items_of("memory://省/2022")
    again = jixiao.batch("memory://省/2022", tmp_path / "汇总", workers=1, resume=True)
    assert (rows(again), again.done.kept) == (wanted, 4)


def test_a_list_names_files_here_and_elsewhere(folder: Path, tmp_path: Path) -> None:
    fsspec.filesystem("memory").pipe("/县/丁.xlsx", (folder / "单位1.xlsx").read_bytes())
    path = tmp_path / "清单.txt"
    path.write_text(f"{folder / '单位2.xlsx'}\nmemory://县/丁.xlsx\nmemory://县/没有.xlsx\n", "utf-8")
    made = jixiao.batch(path, tmp_path / "汇总", workers=1)
    assert sorted(str(unit["code"]) for unit in made.summary.units) == ["J903", "None", "None"]


@pytest.mark.parametrize(
    ("address", "code"), [("memory://没有", "J902"), ("nosuch://x", "J901"), ("s3://桶/x", "J923")]
)
def test_an_address_that_cannot_be_read_is_said(address: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(UsageStop) as stop:
        jixiao.batch(address, tmp_path, workers=1)
    assert stop.value.finding.code == code


def test_a_cluster_leaves_what_one_process_does(
    folder: Path, tmp_path: Path, wanted: list[tuple[Any, ...]]
) -> None:
    pytest.importorskip("distributed")
    made = jixiao.batch(folder, tmp_path / "汇总", scheduler="local", workers=1)
    assert rows(made) == wanted
    with pytest.raises(UsageStop) as stop:
        jixiao.batch(folder, tmp_path / "汇总", scheduler="nosuch://127.0.0.1:1")
    assert stop.value.finding.code == "J925"
