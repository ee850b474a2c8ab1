"""click in Chinese: help with examples, and every usage error as one line with the nearest known word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from jixiao.app.terminal import hanging, padded, terminal_width, width, wrap
from jixiao.model import UsageStop, nearest

INDENT = "  "


class Positional(click.Argument):
    """An argument with a Chinese name and a line of help."""

    def __init__(self, name: str, metavar: str, about: str, **attrs: Any) -> None:
        super().__init__([name], metavar=metavar, **attrs)
        self.shown, self.about = metavar, about


class Verb(click.Command):
    """A command with Chinese help. ``about`` says what it does, ``examples`` are lines to copy."""

    def __init__(self, *words: Any, about: str = "", examples: Sequence[str] = (), **attrs: Any) -> None:
        attrs["add_help_option"] = False
        attrs.setdefault("context_settings", {})["allow_extra_args"] = True  # refused by us, in Chinese
        super().__init__(*words, **attrs)
        self.params.append(_help_option())
        self.about, self.examples = about, tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command; UsageStop where there are too many."""
        try:
            rest = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx  # the parser does not say whose option it is
            raise
        if rest and not isinstance(self, click.Group):
            raise UsageStop("J813", words=" ".join(rest), usage=usage(ctx))
        return rest

    def get_help(self, ctx: click.Context) -> str:
        """The whole help text."""
        columns = terminal_width()
        blocks = [f"用法：{usage(ctx)}", "\n".join(wrap(self.about, columns))]
        arguments = [(p.shown, p.about) for p in self.params if isinstance(p, Positional)]
        options = [
            (_spelled(p), p.help or "") for p in self.params if isinstance(p, click.Option) and not p.hidden
        ]
        commands: list[tuple[str, str]] = []
        if isinstance(self, click.Group):
            commands = [(name, first_sentence(command)) for name, command in self.commands.items()]
        for title, pairs in (("参数", arguments), ("命令", commands), ("选项", options)):
            if pairs:
                blocks.append(f"{title}：\n{_pairs(pairs, columns)}")
        if self.examples:
            blocks.append(
                "示例：\n" + "\n".join(hanging(INDENT + line, columns, INDENT * 3) for line in self.examples)
            )
        if ctx.parent is None and self.epilog:
            blocks.append("\n".join(wrap(self.epilog, columns)))
        return "\n\n".join(block for block in blocks if block)


class Verbs(Verb, click.Group):
    """A command that only leads to others."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a word; UsageStop with the nearest where there is none."""
        if self.get_command(ctx, args[0]) is None:
            near = nearest(args[0], self.commands)
            raise UsageStop("J812", name=args[0], near=_meant(near), help=f"{ctx.command_path} --help")
        return super().resolve_command(ctx, args)


def usage(ctx: click.Context) -> str:
    """``jixiao fill 评分簿 来源... [选项]``."""
    words = [ctx.command_path]
    for param in ctx.command.params:
        if isinstance(param, Positional):
            word = param.shown + ("..." if param.nargs == -1 else "")
            words.append(word if param.required else f"[{word}]")
        elif isinstance(param, click.Option) and param.required:
            words.append(f"{param.opts[0]} {param.metavar}")
    if isinstance(ctx.command, click.Group):
        words.append("命令")
    return " ".join([*words, "[选项]"])


def first_sentence(command: click.Command) -> str:
    """What a command does, for the list of commands."""
    return str(getattr(command, "about", "")).partition("。")[0]


def explained(error: click.ClickException) -> UsageStop:
    """A usage error of click as ours."""
    ctx = getattr(error, "ctx", None)
    how = usage(ctx) if ctx is not None else "jixiao --help"
    if isinstance(error, click.MissingParameter):
        return UsageStop("J810", what=_called(error.param), usage=how)
    if isinstance(error, click.NoSuchOption):
        known = [
            o for p in (ctx.command.params if ctx else ()) for o in p.opts if isinstance(p, click.Option)
        ]
        near = nearest(error.option_name, known)
        path = ctx.command_path if ctx else "jixiao"
        return UsageStop("J811", name=error.option_name, near=_meant(near), help=f"{path} --help")
    if isinstance(error, click.BadOptionUsage):
        option = next((p for p in (ctx.command.params if ctx else ()) if error.option_name in p.opts), None)
        takes_none = isinstance(option, click.Option) and option.is_flag
        return UsageStop("J816" if takes_none else "J815", name=error.option_name, usage=how)
    return UsageStop("J817", why=error.format_message(), usage=how)


def lead(**_: object) -> int:
    """Without a verb there is nothing to do: the help, and the exit code of wrong usage."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.command.get_help(ctx), err=True)
        raise UsageStop("J818", help=f"{ctx.command_path} --help")
    return 0


def version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Say the version where it is asked for, and end."""
    if value:
        from jixiao import __version__

        click.echo(f"jixiao {__version__}")
        ctx.exit()


def file(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    """A path, None where none is given."""
    return None if value is None else Path(value)


def address(ctx: click.Context, param: click.Parameter, value: str) -> Path | str:
    """A path, or an address of an object store as it is."""
    return value if "://" in value else Path(value)


def files(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Path, ...]:
    """Paths; whether there is something is asked by whoever reads them."""
    return tuple(map(Path, value))


def several(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Names, each by itself or several with 、 between them."""
    return tuple(name.strip() for text in value for name in re.split("[、，,]", text) if name.strip())


DEFINITIONS = ("rubrics/*/*.yaml", "selftables/*.yaml", "forms/**/*.yaml", "identities/**/*.yaml")
"""Where the rooms look for definitions in a user's folder."""


def folders(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Path, ...]:
    """Folders with definitions, as paths; UsageStop where one is none, or a file lies where nobody reads it."""
    for name in value:
        folder = Path(name)
        if not folder.is_dir():
            raise UsageStop("J819" if folder.exists() else "J820", name=name)
        read = {file for places in DEFINITIONS for file in folder.glob(places)}
        rooms = {folder / places.split("/")[0] for places in DEFINITIONS}
        lost = sorted({file for room in rooms for file in room.rglob("*.y*ml")} - read)
        if lost or not read:
            stray = lost[0].relative_to(folder).as_posix() if lost else ""
            raise UsageStop("J859", name=name, what=f"没有读取其中的 {stray}" if stray else "其中没有定义")
    return tuple(Path(name) for name in value)


def one_of(*choices: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """Hold an option to some words."""

    def checked(ctx: click.Context, param: click.Parameter, value: str) -> str:
        if value not in choices:
            raise UsageStop("J814", name=param.opts[-1], value=value, wanted="、".join(filter(None, choices)))
        return value

    return checked


def four_digits(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """A year as text, empty where none is given; UsageStop where it is no year."""
    if value is None or (len(value) == 4 and value.isascii() and value.isdigit() and "1949" < value < "2100"):
        return value or ""
    raise UsageStop("J814", name=param.opts[-1], value=value, wanted="四位数的年度，如 2022")


def how_many(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of project tables, None where none is given; UsageStop where it is no such number."""
    if value is None:
        return None
    from jixiao.rubric import MOST_PROJECTS

    if value.isascii() and value.isdigit() and len(value) <= 3 and int(value) <= MOST_PROJECTS:
        return int(value)
    raise UsageStop("J814", name=param.opts[-1], value=value, wanted=f"0至{MOST_PROJECTS}的整数")


def a_few(ctx: click.Context, param: click.Parameter, value: str | None) -> int:
    """A number of processes, 0 where none is given; UsageStop where it is no such number."""
    if value is None or (value.isascii() and value.isdecimal() and 1 <= int(value) <= 256):
        return int(value or 0)
    raise UsageStop("J814", name="--workers", value=value, wanted="1至256的整数")


def a_port(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of a port, None where none is given; UsageStop where it is no such number."""
    if value is None or (value.isascii() and value.isdecimal() and int(value) < 65_536):
        return None if value is None else int(value)
    raise UsageStop("J814", name="--port", value=value, wanted="0 到 65535 的整数（0 表示任选）")


def _help_option() -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(ctx.command.get_help(ctx))
            ctx.exit()

    return click.Option(
        ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=show, help="显示本帮助"
    )


def _called(param: click.Parameter | None) -> str:
    if isinstance(param, Positional):
        return f"参数“{param.shown}”"
    return f"选项“{'/'.join(param.opts)}”" if param is not None else "参数"


def _spelled(option: click.Option) -> str:
    return ", ".join(option.opts) + (f" {option.metavar}" if option.metavar else "")


def _meant(near: str) -> str:
    return f"，是否指“{near}”" if near else ""


def _pairs(pairs: Sequence[tuple[str, str]], columns: int) -> str:
    left = max(width(name) for name, _ in pairs)
    lines = []
    for name, about in pairs:
        first, *others = wrap(about, columns - left - 2 * len(INDENT)) or [""]
        lines.append(f"{INDENT}{padded(name, left)}{INDENT}{first}".rstrip())
        lines += [INDENT * 2 + " " * left + line for line in others]
    return "\n".join(lines)
