"""Options and arguments that several verbs share, and what a verb group says without a verb."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jixiao.app.chinese import argument, folders
from jixiao.model import UsageStop

DEFINITIONS: dict[str, Any] = {
    "metavar": "文件夹",
    "callback": folders,
    "multiple": True,
    "help": "另外使用此文件夹中的定义（rubrics、forms、identities），可写多次",
}
definitions_option = click.option("--definitions", **DEFINITIONS)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取；出错时也输出 JSON"
)
book_argument = argument("book", "评分簿", "评分簿文件（.xlsx 或 .xlsm）")


def all_definitions(own: tuple[Path, ...]) -> tuple[Path, ...]:
    """The folders given before the verb and after it."""
    shared: tuple[Path, ...] = click.get_current_context().find_root().params["definitions"]
    return tuple(dict.fromkeys((*shared, *own)))


def lead(**_: object) -> int:
    """Without a verb there is nothing to do: the help, and the exit code of wrong usage."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.command.get_help(ctx), err=True)
        raise UsageStop("J818", help=f"{ctx.command_path} --help")
    return 0
