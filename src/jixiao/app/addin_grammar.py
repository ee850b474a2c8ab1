"""The words of ``jixiao addin``: verbs, arguments, options and their Chinese help."""

from __future__ import annotations

from jixiao.app.chinese import Verbs, verb
from jixiao.app.options import json_option, lead

addin = Verbs(
    "addin",
    callback=lead,
    invoke_without_command=True,
    about="加载项：安装、检查、卸载表格软件里的“绩效评分”按钮。",
    examples=("jixiao addin install", "jixiao addin status"),
)


@verb(
    addin,
    "install",
    "为当前用户安装：加载项放到 Excel 启动时会读取的文件夹，并写入启动服务的条目。不改动别人的文件。",
    ("jixiao addin install",),
)
def _install() -> int:
    from jixiao.app import addin as door

    return door.run_install()


@verb(
    addin,
    "status",
    "检查按钮需要的每一样：Excel、加载项及其版本、启动条目、收件文件夹、服务是否应答；缺少的写明怎么办。",
    ("jixiao addin status", "jixiao addin status --json"),
)
@json_option
def _status(as_json: bool) -> int:
    from jixiao.app import addin as door

    return door.run_status(as_json)


@verb(
    addin,
    "uninstall",
    "删除安装时写入的文件；其他文件不动。",
    ("jixiao addin uninstall",),
)
def _uninstall() -> int:
    from jixiao.app import addin as door

    return door.run_uninstall()
