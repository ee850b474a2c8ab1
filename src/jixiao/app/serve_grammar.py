"""The words of ``jixiao serve``."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.app.chinese import Verbs, verb
from jixiao.app.options import all_definitions, definitions_option
from jixiao.model import UsageStop


def _port(ctx: click.Context, param: click.Parameter, value: str | None) -> int:
    from jixiao.app.service import PORT

    if value is None:
        return PORT
    if not (value.isascii() and value.isdecimal() and int(value) < 65_536):
        raise UsageStop("J814", name="--port", value=value, wanted="0 到 65535 的整数（0 表示任选）")
    return int(value)


def add_serve(group: Verbs) -> None:
    """Add the verb to a group."""

    @verb(
        group,
        "serve",
        "启动绩效评分服务：打开评分网页，并应答 Excel、WPS、LibreOffice 里的按钮。只在本机应答，不联网；每个用户一个。"
        "已经启动的，再次执行只打开网页。按 Ctrl+C 结束。",
        ("jixiao serve", "jixiao serve --no-browser", "jixiao serve --port 18200"),
    )
    @click.option("--port", metavar="端口", callback=_port, default=None, help="网页的端口，默认 18190")
    @click.option("--no-browser", is_flag=True, help="不打开浏览器（登录时自动启动用）")
    @definitions_option
    def _serve(port: int, no_browser: bool, definitions: tuple[Path, ...]) -> int:
        from jixiao.app.service import serve

        return serve(port, all_definitions(definitions), browser=not no_browser)
