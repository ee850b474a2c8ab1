"""A folder of workbooks with planted faults, and the summary of it, made once."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jixiao
from tests.app.serve.conftest import chromium as chromium  # noqa: PLC0414 - a fixture handed on
from tests.batch import books

if TYPE_CHECKING:
    from jixiao.batch import Batch

# the lock installs both; without them (jixiao[batch]) there is nothing to test
collect_ignore_glob = [] if find_spec("duckdb") and find_spec("pyarrow") else ["test_*.py"]
SOUND = 8


@dataclass(frozen=True)
class Province:
    """The folder, what each file of it holds (its fault by name, or none), and the summary."""

    folder: Path
    files: dict[str, str]
    made: Batch


def planted(folder: Path) -> dict[str, str]:
    """Fill a folder; file -> its fault, empty for a sound workbook."""
    (folder / "一科").mkdir(parents=True)
    base = books.filled(folder.parent / "底稿.xlsx")
    files: dict[str, str] = {}

    def put(name: str, data: bytes, fault: str = "") -> Path:
        path = folder / name
        path.write_bytes(data)
        files[name] = fault
        return path

    for number in range(SOUND):
        put(f"一科/单位{number}.xlsx", books.sound(base, f"某县单位{number}局", number))
    for number, (fault, change) in enumerate(books.DOUBTFUL.items()):
        path = put(f"{fault}.xlsx", books.sound(base, f"某县可疑{number}局", 100 + number), fault)
        path.write_bytes(books.edited(path, change))
    path = put("缺理由.xlsx", books.sound(base, "某县缺理由局", 150), "缺理由")
    path.write_bytes(books.edited(path, books.award_unreasoned))
    path = put("无名.xlsx", books.sound(base, "某县无名局", 151), "缺单位")
    path.write_bytes(books.edited(path, books.unnamed))
    put("单位0另存.xlsx", (folder / "一科/单位0.xlsx").read_bytes(), "副本")
    put("重复甲.xlsx", books.sound(base, "某县重复局", 200), "重复")
    put("重复乙.xlsx", books.sound(base, "某县 重复局", 201), "重复")
    put("另一年度.xlsx", books.sound(base, "某县单位0局", 202, "2021"), "另一年度")
    put("另一张表.xlsx", books.another_rubric(folder.parent / "昌黎.xlsx"), "另一张表")
    for fault, data in books.unreadable().items():
        put(f"{fault}.xlsx", data, fault)
    (folder / "名单.csv").write_text(
        "单位,主管部门,地区,类型\n"
        + "".join(f"某县单位{n}局,{'甲' if n % 2 else '乙'}主管局,某县,机关\n" for n in range(SOUND))
        + "某县未报局,甲主管局,某县,事业\n",
        "utf-8",
    )
    return files


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    """A folder with faults, summarised in this process."""
    folder = tmp_path_factory.mktemp("province") / "评分簿"
    files = planted(folder)
    made = jixiao.batch(folder, folder.parent / "汇总", workers=1, prove="sample", units=folder / "名单.csv")
    return Province(folder, files, made)
