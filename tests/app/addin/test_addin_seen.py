"""The extension as an officer meets it: on a screen, with the real service behind it, pressed on the toolbar."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import jixiao
from jixiao.app import addin
from jixiao.app import inbox as mailbox
from tests.app.addin.calc_office import Calc, why_not
from tests.desk import foreign_book

NO_SCREEN = why_not() or (None if shutil.which("Xvfb") else "没有 Xvfb（apt-get install xvfb）")
pytestmark = pytest.mark.skipif(
    NO_SCREEN is not None, reason=f"菜单和工具栏需要 LibreOffice 和屏幕：{NO_SCREEN}"
)
SCREEN = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x820x24", "-nolisten", "tcp"]
FILLED = f"K{foreign_book.row_of('支出完成率')}"
TYPED = "单元格 {} 正在输入，没有改动任何单元格。请先按回车（Enter），再点一次。"
SPENT = ("F03 机构运行信息表(财决附03表)", "E7")  # “三公”经费, spent
SERVE = [sys.executable, "-m", "jixiao", "serve", "--no-browser", "--port", "0"]


@contextmanager
def running(words: list[str], first: str, **more: Any) -> Iterator[str]:
    """A program that has said its first line, which is given; ended behind the test."""
    program = subprocess.Popen(words, stdout=subprocess.PIPE, encoding="utf-8", **more)
    try:
        assert program.stdout is not None
        line = program.stdout.readline()
        assert first in line
        yield line.strip()
    finally:
        program.terminate()
        program.communicate(timeout=20)


@pytest.fixture(scope="module")
def calc(
    own_table: Path, tmp_path_factory: pytest.TempPathFactory, start_worker: Callable[..., Any]
) -> Iterator[Calc]:
    """Calc on a screen of its own, with an officer's own workbook open."""
    book = shutil.copy(own_table, tmp_path_factory.mktemp("屏 幕") / "自 评表.xlsx")
    with running(SCREEN, "", stderr=subprocess.DEVNULL) as number:
        made = Calc(Path(book), start_worker, f":{number}")
        yield made
        made.close()


def test_menu_and_toolbar_show_and_without_a_service_a_button_says_how_to_start_it(calc: Calc) -> None:
    assert calc.installed.returncode == 0, calc.installed.stderr
    machine = addin.Machine("linux", {"XDG_CONFIG_HOME": str(calc.home / "config")}, calc.home)
    addin.office_profile(machine).parent.mkdir(parents=True)
    addin.office_profile(machine).symlink_to(calc.home / "profile" / "user")
    assert addin.extension_version(machine) == jixiao.__version__, (
        "jixiao addin status sees what LibreOffice has taken in"
    )
    labels = [verb.label for verb in mailbox.buttons().values()]
    seen = calc("seen")
    assert [name for name in seen["menu"] if name] == labels
    assert [name for name in seen["toolbar"] if name] == labels
    assert seen["showing"] == [True, True]
    assert seen["alone"], "it lies over no other toolbar and takes no room from one"
    said = calc("click", "评分当前表")
    assert "jixiao serve" in said
    assert "没有任何改动" in said
    assert calc("steps") == []


def test_a_press_on_the_toolbar_scores_and_is_taken_back(calc: Calc) -> None:
    home = {**os.environ, "XDG_DATA_HOME": str(calc.data)}
    with running(SERVE, "服务已启动", env=home):
        said = calc("click", "评分当前表", "转到单元格")
        assert calc("get", "绩效评分", FILLED) == 4
        assert "填写 5 项" in said.split("\n")[0]
        assert said.endswith("共 5 条，第 1/1 页")
        assert calc("at") == ["F02 基本数字表(财决附02表)", 8, 13], "where the first finding with a cell is"
        assert calc("steps") == ["评分当前表"]
        calc("show", "绩效评分")
        calc("set", "绩效评分", "Z1", "别的")
        assert calc("click", "撤销本次评分").startswith("已恢复 10 个单元格")
        assert (calc("get", "绩效评分", FILLED), calc("get", "绩效评分", "Z1")) == ("", "别的")
        calc("protect", "绩效评分", True)
        said = calc("click", "评分当前表")
        assert said.startswith("工作表“绩效评分”受保护，没有改动任何单元格")
        assert calc("get", "绩效评分", FILLED) == ""
        calc("protect", "绩效评分", False)


def test_what_is_being_typed_is_said_and_counts_after_enter(calc: Calc) -> None:
    spending = f"K{foreign_book.row_of('公用经费控制率')}"
    with running(SERVE, "服务已启动", env={**os.environ, "XDG_DATA_HOME": str(calc.data)}):
        calc("show", SPENT[0])
        calc("type", SPENT[1], "99000")
        steps = calc("steps")
        for label in ("评分当前表", "撤销本次评分", "核验"):
            assert calc("click", label) == TYPED.format(SPENT[1])
        assert (calc("get", *SPENT), calc("get", "绩效评分", spending), calc("steps")) == (22400, "", steps)
        calc("keys", "\n")
        assert calc("get", *SPENT) == 99000, "the keyboard is still with the cell"
        calc("show", "绩效评分")
        assert "填写 5 项" in calc("click", "评分当前表")
        assert calc("get", "绩效评分", spending) == 2, "4 by what stood there before"


def test_a_frozen_window_and_the_input_line_are_looked_into(calc: Calc) -> None:
    calc("freeze", 2, 9)
    for place in ("A1", "C3", "Z40"):
        calc("type", place, "=B2+")
        assert calc("click", "勾稽检查") == TYPED.format(place)
        calc("keys", "1\n")
        calc("into line", place)
        assert calc("click", "勾稽检查") == TYPED.format(place)
        calc("keys", "\n")
    assert "jixiao serve" in calc("click", "勾稽检查"), "nothing is typed any more"
