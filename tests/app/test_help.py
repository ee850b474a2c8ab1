"""Help: Chinese, with an example for every verb, and nothing offered that does not exist."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest

from jixiao.app import commands, terminal, toolverbs

VERBS = [[name] for name in commands.JIXIAO.commands] + [
    [group.name or "", name] for group in (toolverbs.RUBRIC, toolverbs.ADDIN) for name in group.commands
]


def test_the_verbs_are_those_of_the_plan() -> None:
    assert set(commands.JIXIAO.commands) == {
        "demo",
        "new",
        "fill",
        "show",
        "score",
        "check",
        "verify",
        "seal",
        "review",
        "report",
        "audit",
        "compare",
        "batch",
        "rubric",
        "addin",
        "serve",
        "bundle",
    }
    assert set(toolverbs.ADDIN.commands) == {"install", "status", "uninstall"}
    assert set(toolverbs.RUBRIC.commands) == {
        "list",
        "show",
        "lint",
        "parse",
        "import",
        "export",
        "diff",
        "finish",
    }


@pytest.mark.parametrize("words", [[], *VERBS], ids=lambda words: " ".join(words) or "jixiao")
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_chinese_with_examples(run: Any, words: list[str], flag: str) -> None:
    ran = run(*words, flag, columns=80)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("用法：" + " ".join(["jixiao", *words])) and "示例：" in ran.out
    assert max(terminal.width(line) for line in ran.out.splitlines()) <= 80
    for english in ("Usage", "Options", "Show this", "Commands", "Arguments", "default"):
        assert english not in ran.out
    command: click.Command = commands.JIXIAO
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    for param in command.params:
        shown = param.metavar if isinstance(param, click.Argument) else param.opts[-1]
        assert shown and shown in ran.out


def test_exit_codes_are_told(run: Any) -> None:
    told = re.sub(r"\s", "", run("--help").out)
    for code, meaning in {
        "0": "正常",
        "2": "用法有误",
        "3": "文件被拒绝",
        "6": "无法写入",
        "70": "内部错误",
    }.items():
        assert f"{code}{meaning}" in told


def test_version(run: Any) -> None:
    assert re.fullmatch(r"jixiao \S+\n", run("--version").out)


def test_stars_are_files_on_windows(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).touch()
    assert commands.expanded(["verify", "*.xlsx", "c*.xls"], "nt") == ["verify", "a.xlsx", "b.xlsx", "c*.xls"]
    assert commands.expanded(["verify", "*.xlsx"], "posix") == ["verify", "*.xlsx"]
