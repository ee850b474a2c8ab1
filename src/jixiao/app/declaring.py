"""What every verb of the command line is declared with: options, shared ones among them, and the function that carries it out."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import click

from jixiao.app.parser import Positional, Verb, Verbs, file, folders, four_digits, lead


def option(*names: str, about: str = "", **attrs: Any) -> click.Option:
    """An option with its Chinese help."""
    return click.Option(names, help=about, **attrs)


def flag(*names: str, about: str) -> click.Option:
    """One without a value."""
    return option(*names, is_flag=True, about=about)


def own_definitions() -> click.Option:
    """Folders of definitions of the user's own."""
    about = "另外使用此文件夹中的定义（rubrics、forms、identities），可写多次"
    return option("--definitions", metavar="文件夹", multiple=True, callback=folders, about=about)


def output(metavar: str, about: str) -> click.Option:
    """The file that is written."""
    return option("-o", "--output", "target", metavar=metavar, required=True, callback=file, about=about)


DEFINITIONS = own_definitions()
JSON = flag("--json", "as_json", about="以 JSON 输出，供程序读取；出错时也输出 JSON")
BOOK = Positional("book", "评分簿", "评分簿文件（.xlsx 或 .xlsm）", callback=file)
YEAR = option("--year", metavar="年度", callback=four_digits, about="年度，默认为评分表的年度")


def verb(name: str, body: str, about: str, examples: Sequence[str], *params: click.Parameter) -> Verb:
    """A verb whose ``body`` is ``module.function`` of this room."""

    def carry_out(**values: Any) -> int:
        if "definitions" in values:
            shared = click.get_current_context().find_root().params["definitions"]
            values["definitions"] = tuple(dict.fromkeys((*shared, *values["definitions"])))
        module, _, function = body.rpartition(".")
        return int(getattr(importlib.import_module(f"jixiao.app.{module}"), function)(**values))

    return Verb(name, callback=carry_out, params=list(params), about=about, examples=examples)


def group(name: str, about: str, examples: Sequence[str], *verbs: click.Command, **attrs: Any) -> Verbs:
    """A verb that only leads to others."""
    commands = {verb.name or "": verb for verb in verbs}
    return Verbs(
        name,
        callback=lead,
        invoke_without_command=True,
        about=about,
        examples=examples,
        commands=commands,
        **attrs,
    )
