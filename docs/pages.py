"""The pages that the package writes about itself: a hook of mkdocs, and ``python docs/pages.py OUT`` for the files alone.

Rule kinds, forms, findings, verbs and the reference of definitions are made from the tables that the program reads, so
none of them can say something else than it does.
"""

from __future__ import annotations

import argparse
import inspect
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import click
import yaml
from docs.build import CHAPTERS
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from tests.properties import casebook
from tests.properties.nets import OneSheet

import jixiao
from jixiao.app.commands import EXIT_CODES, JIXIAO
from jixiao.app.parser import Positional, Verbs, usage
from jixiao.intake import Form, load
from jixiao.model import LEVEL_TITLES, Body, Value, catalogue, concepts, load_yaml, plain
from jixiao.rubric import KINDS, PARAMETERS, Kind, shipped
from jixiao.rubric import load as load_rubric

HERE = Path(__file__).resolve().parent
Pages = dict[str, str]
CASES = HERE.parent / "tests" / "rubric" / "cases"
EVERY = HERE.parent / "tests" / "rubric" / "every_kind.yaml"
SORTS = {
    "number": "数", "flag": "true 或 false", "word": "词", "text": "文字", "names": "名称的列表", "figure": "名称",
    "condition": "条件", "bands": "区间：分值", "pieces": "区间：分值或算法", "options": "情形：分值", "ranges": "等次：区间",
    "named": "数值：分值", "places": "名次：分值", "items": "列表", "cases": "例外的列表", "parts": "要点的列表", "two": "两个数",
}  # fmt: skip
BY = {"figures": "由数据计算", "person": "由人判定", "parts": "合并其他规则", "form": "由自评表的行计算"}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown; a bar or a line break in a cell does not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "&#124;").replace("<", "&lt;").replace("\n", "<br>")


def _fenced(text: str, kind: str = "text") -> str:
    return f"```{kind}\n{text}\n```\n"


# ------------------------------------------------------------------------------------------------ rule kinds
def kinds() -> Pages:
    """A page a kind: its parameters, and rules of it in three readings with the points on their edges."""
    rows = [(f"[{kind.title}]({name}.md)", f"`{name}`", BY[kind.by]) for name, kind in KINDS.items()]
    made = {
        "kinds/index.md": f"# 规则种类\n\n一条规则只写一次，数、公式、句子三种读法由它得出。\n\n{table(('种类', 'kind', '谁定分'), rows)}"
    }
    return made | {f"kinds/{name}.md": _kind(kind) for name, kind in KINDS.items()}


def _kind(kind: Kind) -> str:
    takes = [
        (
            f"`{key}`",
            PARAMETERS[key].label,
            _holds(key),
            "必需" if key in kind.needs else _default(kind.may[key]),
        )
        for key in (*kind.needs, *kind.may)
    ]
    parts = [f"# {kind.title}\n", f"`kind: {kind.name}`，{BY[kind.by]}。\n", "## 参数\n"]
    parts += [table(("键", "名称", "写什么", "不写时"), takes)]
    file = CASES / f"{kind.name}.yaml"
    if file.is_file():
        nets, cases = casebook.kinds(file)
        source = load_yaml(file).part("rules")
        for rule, net in nets.items():
            own = [case for name, case in cases if name == rule]
            parts += [f"## 例：{rule}\n", _fenced(_written(source[rule]), "yaml"), *_readings(net, own)]
    return "\n".join(parts)


def _holds(key: str) -> str:
    param = PARAMETERS[key]
    words = "、".join(f"`{word}`（{title}）" for word, title in param.words.items())
    bounds = [f"大于{plain(param.above)}"] if param.above is not None else []
    bounds += [f"不大于{plain(param.most)}"] if param.most is not None else []
    return words or "，".join([SORTS[param.sort], *bounds])


def _default(value: object) -> str:
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False, default=str)}`"


def _readings(net: OneSheet, cases: Sequence[casebook.Case]) -> Iterator[str]:
    """The sentence, the formula with the names of its figures, and the number at every case."""
    indicator = next(one for one in net.net.rubric.indicators() if one.key == "甲")
    yield "句子（印在评分标准一栏）：\n"
    yield _fenced(indicator.criteria)
    yield "公式（写在得分一格，名称处是取数的单元格）：\n"
    yield _fenced("=" + net.net.items["甲.规则分"].formula(lambda key: key))
    rows = []
    for case in cases:
        values = net.numbers(case.entries)
        known = [
            f"{name} {_shown(value, net.net.entries[name].unit)}" for name, value in case.entries.items()
        ]
        given = "，".join(known) or "（都没有填）"
        rows.append((case.name, given, _shown(values["甲.规则分"]), values["甲.说明"]))
    yield "界限上的得分：\n"
    yield table(("情形", "已知", "得分", "评分说明"), rows)


def _shown(value: Value, unit: str = "") -> str:
    if value is None:
        return "待核定"
    if isinstance(value, Decimal):
        return f"{plain(value * 100)}%" if unit == "%" else plain(value)
    return str(value)


def _written(body: Body) -> str:
    return yaml.safe_dump(
        _plain(body), allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
    ).strip()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


# ------------------------------------------------------------------------------------------------ forms
def forms() -> Pages:
    """A page a form: how it is recognised, and which figure stands in which row and column."""
    known = sorted((form for form in load(()) if not form.decoy), key=lambda form: form.id)
    rows = [(f"[{form.title}]({form.id}.md)", form.id, form.document) for form in known]
    told = "按标题和表头认表，不看表号、工作表名和行列位置。没有的表可以[自己加](../own.md#加一张表样)。"
    names = [(name, concept.unit, concept.about) for name, concept in concepts().items()]
    made = {
        "forms/index.md": f"# 认得的表\n\n{told}\n\n{table(('表', '编号', '文件'), rows)}",
        "forms/keys.md": (Path(jixiao.__file__).parent / "intake" / "forms" / "README.md").read_text("utf-8"),
        "forms/names.md": f"# 数的名称\n\n表样、补充数据和评分表都用这些名称。\n\n{table(('名称', '单位', '说明'), names)}",
    }
    return made | {f"forms/{form.id}.md": _form(form) for form in known}


def _form(form: Form) -> str:
    about = concepts()
    parts = [f"# {form.title}\n", f"编号 `{form.id}`，{form.document}。\n"]
    for block in form.blocks:
        rows = [
            (line.label, column, name, about[name].unit, about[name].about)
            for line in block.lines
            for column, name in line.facts
        ]
        if rows:
            parts += [f"## {block.name}\n", table(("行", "列", "取作", "单位", "说明"), rows)]
    return "\n".join(parts)


# ------------------------------------------------------------------------------------------------ findings
def findings() -> Pages:
    """A page a room, every finding under its code."""
    made: Pages = {}
    links = []
    entries = sorted(catalogue().values(), key=lambda entry: entry.code)
    for hundred, group in groupby(entries, key=lambda entry: entry.code[:2]):
        parts = [f"# {CHAPTERS[hundred]}\n"]
        for entry in group:
            parts += [f"## {entry.code}\n", f"{LEVEL_TITLES[entry.level]}：{_cell(entry.message)}\n"]
            parts += [f"怎么办：{_cell(entry.advice)}\n"] if entry.advice else []
            parts += [f"什么时候：{_cell(entry.about)}\n"]
        made[f"findings/{hundred}.md"] = "\n".join(parts)
        links.append(f"- [{hundred}xx {CHAPTERS[hundred]}]({hundred}.md)")
    text = "每条提示有固定的编号。级别为“错误”的使 `check`、`verify` 以 1 退出。花括号里的内容换成具体的文件、单元格和数。\n"
    made["findings/index.md"] = "\n".join(["# 提示一览\n", text, *links, ""])
    return made


# ------------------------------------------------------------------------------------------------ verbs
def verbs() -> Pages:
    """A page a verb, from the declarations that the command line reads."""
    made: Pages = {}
    rows = []
    top = click.Context(JIXIAO, info_name="jixiao")
    for context, command in _commands(JIXIAO, top):
        name = context.command_path.removeprefix("jixiao ").replace(" ", "-")
        made[f"verbs/{name}.md"] = _verb(context, command)
        rows.append((f"[`{context.command_path}`]({name}.md)", str(command.about).partition("。")[0]))
    made["verbs/index.md"] = "\n".join(["# 命令\n", table(("命令", "做什么"), rows), EXIT_CODES, ""])
    return made


def _commands(group: Verbs, context: click.Context) -> Iterator[tuple[click.Context, Any]]:
    for name, command in group.commands.items():
        own = click.Context(command, info_name=name, parent=context)
        if isinstance(command, Verbs):
            yield from _commands(command, own)
        else:
            yield own, command


def _verb(context: click.Context, command: Any) -> str:
    rows = [(f"`{one.shown}`", one.about) for one in command.params if isinstance(one, Positional)]
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            spelled = "、".join(f"`{word}`" for word in option.opts)
            rows.append((f"{spelled} {option.metavar or ''}".strip(), option.help or ""))
    parts = [f"# {context.command_path}\n", f"{command.about}\n", _fenced(usage(context))]
    parts += [table(("参数", "说明"), rows), "例：\n", _fenced("\n".join(command.examples))]
    return "\n".join(parts)


# ------------------------------------------------------------------------------------------------ definitions
Shape = dict[str, Any]
_ONLY = Body.only


class _Watch:
    """Remembers every mapping of a definition with the keys that its reader takes, while a rubric is read."""

    def __init__(self) -> None:
        self.read: dict[int, tuple[Body, set[str], set[str]]] = {}

    def __enter__(self) -> Self:
        def only(body: Body, required: Iterable[str], optional: Iterable[str] = ()) -> Body:
            needs, may = set(required), set(optional)
            _, _, known = self.read.get(id(body), (body, set(), set()))
            self.read[id(body)] = body, needs, known | needs | may
            return _ONLY(body, needs, may)

        Body.only = only  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        Body.only = _ONLY  # type: ignore[method-assign]

    @property
    def roots(self) -> list[Body]:
        """The whole definitions."""
        return [body for body, needs, _ in self.read.values() if {"levels", "grades"} <= needs]


def shape() -> Shape:
    """What a definition may hold: the keys that its reader takes, with the sorts of values that our rubrics have there."""
    root: Shape = {}
    with _Watch() as watch:
        for place in (*shipped(()).values(), EVERY):
            load_rubric(str(place))
        for body in watch.roots:
            _seen(root, body, watch)
    return root


def _seen(here: Shape, value: Any, watch: _Watch) -> None:
    """Take one value into the shape of its place."""
    if isinstance(value, dict):
        _, needs, may = watch.read.get(id(value), (None, set(), set()))
        if "kind" in value:
            here = here.setdefault("kinds", {}).setdefault(value["kind"], {})
        here.setdefault("types", set()).add("object")
        for key, item in value.items():
            _seen(here.setdefault("keys", {}).setdefault(key if may else "*", {}), item, watch)
        if may:
            here["needs"] = here.get("needs", needs) & needs
            here.setdefault("may", set()).update(may)
    elif isinstance(value, list):
        here.setdefault("types", set()).add("array")
        for item in value:
            _seen(here.setdefault("items", {}), item, watch)
    else:
        known = {bool: "boolean", Decimal: "number", str: "string"}
        here.setdefault("types", set()).add(known.get(type(value), "null"))


def schema() -> Shape:
    """The same as a JSON Schema, for editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "jixiao 评分表定义", **_schema_of(shape())}


def _schema_of(here: Shape, key: str = "", *, rule: bool = False) -> Shape:
    if "kinds" in here:
        each = {name: _schema_of(one, rule=True) for name, one in here["kinds"].items()}
        for name, one in each.items():
            one |= {"title": KINDS[name].title}
            one["properties"]["kind"] = {"const": name}
        return {"oneOf": list(each.values())}
    made: Shape = {}
    param = PARAMETERS.get(key) if rule else None
    if param is not None:
        made["description"] = param.label
        if param.words:
            return made | {"enum": list(param.words)}
    types = set(here.get("types", ()))
    if "number" in types:
        types.add("string")  # 95% is a text of YAML
    if types:
        made["type"] = sorted(types)
    if "items" in here:
        made["items"] = _schema_of(here["items"], rule=rule)
    if "may" in here:
        keys = {name: _schema_of(here["keys"].get(name, {}), name, rule=rule) for name in sorted(here["may"])}
        made |= {"properties": keys, "required": sorted(here["needs"]), "additionalProperties": False}
    elif "keys" in here:
        made["additionalProperties"] = _schema_of(here["keys"]["*"], rule=rule)
    return made


def reference() -> Pages:
    """The keys of a definition, place by place, and the schema as a file."""
    head = """\
# 评分表定义的键

定义是 YAML。编辑器里可以用 [rubric.schema.json](rubric.schema.json) 边写边查：文件首行写
`# yaml-language-server: $schema=rubric.schema.json`。写错的键、缺少的键，`jixiao rubric lint` 指出文件和行。
规则的写法见[规则种类](kinds/index.md)，整份的例子见 `jixiao rubric export` 或随软件发布的各份定义。
"""
    return {
        "rubric-yaml.md": "\n".join([head, *_levels(shape(), "定义")]),
        "rubric.schema.json": json.dumps(schema(), ensure_ascii=False, indent=1) + "\n",
    }


def _levels(here: Shape, place: str) -> Iterator[str]:
    titles = {
        "object": "键: 值",
        "array": "列表",
        "string": "文字",
        "number": "数",
        "boolean": "true 或 false",
        "null": "空",
    }
    if "may" in here:
        rows = []
        for key in sorted(here["may"], key=lambda name: (name not in here["needs"], name)):
            below = here["keys"].get(key, {})
            sorts = "、".join(sorted(titles[one] for one in below.get("types", ()))) or "规则" * (
                "kinds" in below
            )
            rows.append((f"`{key}`", "必需" if key in here["needs"] else "", sorts))
        yield f"## {place}\n"
        yield table(("键", "", "写什么"), rows)
    for key, below in here.get("keys", {}).items():
        yield from _levels(below, f"{place} › {key}" if key != "*" else place)
    if "items" in here:
        yield from _levels(here["items"], f"{place} 的一项")


# ------------------------------------------------------------------------------------------------ Python
def functions() -> Pages:
    """The functions of the gate. Made here: four of them have the name of a room, which a reader of files takes for it."""
    parts = ["# Python 函数\n", "`Place` 是路径，文字或 `Path` 都可以。结果见 [Python](python.md)。\n"]
    for name in jixiao.__all__:
        if inspect.isfunction(value := getattr(jixiao, name)):
            spelled = str(inspect.signature(value)).replace("'", "")
            wrapped = spelled.replace(", *, ", ",\n    *, ").replace("definitions: ", "\n    definitions: ")
            parts += [
                f"## {name}\n",
                _fenced(f"jixiao.{name}{wrapped}", "python"),
                f"{inspect.getdoc(value)}\n",
            ]
    return {"functions.md": "\n".join(parts)}


def notebook() -> Pages:
    """The notebook as a page, for those who only read it."""
    cells = json.loads((HERE / "notebook.ipynb").read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    sorts = [cell["cell_type"] for cell in cells]
    parts = [
        _fenced(text, "python") if sort == "code" else f"{text}\n"
        for text, sort in zip(texts, sorts, strict=True)
    ]
    return {
        "notebook.md": "\n".join([*parts, "[这本笔记本](notebook.ipynb)可以在 Jupyter 里打开、逐格运行。\n"])
    }


# ------------------------------------------------------------------------------------------------ all of them
def security() -> Pages:
    """What is promised, as the checkout says it."""
    return {"security.md": (HERE.parent / "SECURITY.md").read_text("utf-8")}


SECTIONS = {
    "规则种类": kinds,
    "认得的表": forms,
    "命令": verbs,
    "提示一览": findings,
    "定义的键": reference,
    "Python 函数": functions,
    "Python 笔记本": notebook,
    "安全": security,
}


def pages() -> Pages:
    """Every page by its place among the pages."""
    made: Pages = {}
    for maker in SECTIONS.values():
        made |= maker()
    return made


def on_config(config: Any) -> Any:
    """Make the pages and give them their places in the menu."""
    made = {title: maker() for title, maker in SECTIONS.items()}
    config["jixiao_pages"] = {name: text for each in made.values() for name, text in each.items()}
    menu = [
        {title: names if len(names := [name for name in each if name.endswith(".md")]) > 1 else names[0]}
        for title, each in made.items()
    ]
    config.nav.append({"查阅": menu})
    return config


def on_files(files: Any, *, config: Any) -> Any:
    """Hand them to mkdocs as if they stood in docs/."""
    from mkdocs.structure.files import File

    for name, text in config["jixiao_pages"].items():
        files.append(File.generated(config, name, content=text))
    return files


class _Examples(Preprocessor):  # type: ignore[misc]
    """The examples of a docstring are code, whatever stands around them."""

    def run(self, lines: list[str]) -> list[str]:
        made, inside = list[str](), False
        for line in lines:
            inside = bool(line.strip()) and (inside or line.startswith(">>> "))
            made.append(f"    {line}" if inside else line)
        return made


class _Extension(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.register(_Examples(md), "examples", 35)


def makeExtension(**_: object) -> Extension:  # noqa: N802 - the library's name
    """What mkdocs.yml names as ``docs.pages``."""
    return _Extension()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="写出由程序自身生成的页面")
    parser.add_argument("out", type=Path, help="写入的文件夹")
    given = parser.parse_args()
    for name, text in pages().items():
        place = given.out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
