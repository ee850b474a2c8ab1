"""Strict YAML: text -> plain data that remembers its lines; refuses what it does not know.

The only importer of the YAML library. A doubled key, an alias bomb, a float or an unknown tag is a
``DefinitionError`` with file and line. Numbers arrive as exact ``Decimal``, never as binary floats.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from jixiao.model.files import read_regular, reason

MAX_DEFINITION = 4_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
TOO_DEEP = "嵌套过深或内容过多"
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class DefinitionError(ValueError):
    """A definition file is wrong; ``str()`` is one Chinese line with file and line number."""

    def __init__(self, where: str, line: int, problem: str) -> None:
        self.where, self.line, self.problem = where, line, problem
        super().__init__(f"{where} 第{line}行：{problem}" if line else f"{where}：{problem}")


class Body(dict[str, Any]):
    """A mapping that knows the file it came from and the line of each key."""

    where: str = ""
    line: int = 0
    lines: dict[str, int]

    def fail(self, problem: str, key: str = "") -> DefinitionError:
        """An error pointing at a key of this mapping, to be raised by the caller."""
        return DefinitionError(self.where, self.lines.get(key, self.line), problem)

    def only(self, required: Iterable[str], optional: Iterable[str] = ()) -> Body:
        """Check the keys: every required one present, none unknown."""
        needed, allowed = list(required), set(required) | set(optional)
        for key in self:
            if key not in allowed:
                raise self.fail(
                    f"未知的键“{key}”{_meant(key, allowed)}，可用的键：{'、'.join(sorted(allowed))}", key
                )
        for key in needed:
            if key not in self:
                raise self.fail(f"缺少键“{key}”", key)
        return self

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; a number is taken as it is written, anything else is an error."""
        value = self._get(key, default)
        if isinstance(value, Decimal):
            return format(value, "f")
        if not isinstance(value, str):
            raise self.fail(f"“{key}”应为文字", key)
        return value

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """The number under a key."""
        value = self._get(key, default)
        if not isinstance(value, Decimal):
            raise self.fail(f"“{key}”应为数字", key)
        return value

    def whole(self, key: str) -> int:
        """The whole number under a key."""
        value = self.number(key)
        if value != value.to_integral_value():
            raise self.fail(f"“{key}”应为整数", key)
        return int(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false under a key."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.fail(f"“{key}”应为 true 或 false", key)
        return value

    def part(self, key: str) -> Body:
        """The mapping under a key."""
        value = self._get(key, None)
        if not isinstance(value, Body):
            raise self.fail(f"“{key}”应为“键: 值”", key)
        return value

    def parts(self, key: str, default: list[Body] | None = None) -> list[Body]:
        """The list of mappings under a key."""
        value = self._get(key, default)
        if not isinstance(value, list) or not all(isinstance(item, Body) for item in value):
            raise self.fail(f"“{key}”应为若干项“键: 值”的列表", key)
        return value

    def texts(self, key: str, default: list[str] | None = None) -> list[str]:
        """The list of texts under a key."""
        value = self._get(key, default)
        if not isinstance(value, list) or not all(isinstance(item, (str, Decimal)) for item in value):
            raise self.fail(f"“{key}”应为文字的列表", key)
        return [format(item, "f") if isinstance(item, Decimal) else item for item in value]

    def _get(self, key: str, default: Any) -> Any:
        if key in self:
            return self[key]
        if default is None:
            raise self.fail(f"缺少键“{key}”", key)
        return default


def _meant(key: str, allowed: Iterable[str]) -> str:
    """The allowed key that a misspelt one is closest to, as a question; empty where none is close."""
    import difflib  # only where a key is misspelt

    close = difflib.get_close_matches(key, sorted(allowed), n=1)
    return f"，是否指“{close[0]}”" if close else ""


def load_yaml(path: Path) -> Body:
    """Read a definition file (UTF-8 YAML, at most 4 MB) whose top is a mapping."""
    try:
        data, _ = read_regular(path, MAX_DEFINITION)
    except OSError as error:
        raise DefinitionError(path.name, 0, f"无法读取（{reason(error)}）") from error
    if len(data) > MAX_DEFINITION:
        raise DefinitionError(path.name, 0, f"文件超过 {MAX_DEFINITION // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(path.name, 0, "不是 UTF-8 编码的文本") from error
    return read_yaml(text, path.name)


def read_yaml(text: str, where: str) -> Body:
    """Read YAML text whose top is a mapping; ``where`` names it in errors."""
    import yaml  # not on the path of a self-contained workbook

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _not_too_deep(yaml, text, loader, where)
        node: Any = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            # The scanner runs ahead of the events we count, and newer ones refuse deep text on their own, in other words:
            # what stands before the place of the failure is counted once more, so that the answer is ours in both cases.
            with contextlib.suppress(yaml.YAMLError):
                _not_too_deep(yaml, text[: mark.index], loader, where)
        raise DefinitionError(where, mark.line + 1 if mark else 0, "不是有效的 YAML") from error
    if node is None or node.id != "mapping":
        raise DefinitionError(where, 1, "最外层应为“键: 值”")
    body: Body = _Builder(where).build(node, 0)
    return body


def _not_too_deep(yaml: Any, text: str, loader: Any, where: str) -> None:
    """Count the levels before the tree is made: making it goes as deep as the text, and takes the program along."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        name = type(event).__name__
        depth += name in ("MappingStartEvent", "SequenceStartEvent")
        depth -= name in ("MappingEndEvent", "SequenceEndEvent")
        if depth > MAX_DEPTH:
            raise DefinitionError(where, event.start_mark.line + 1, TOO_DEEP)


def read_json(text: str, where: str) -> Body:
    """Read JSON text whose top is an object, numbers as exact decimals; without lines."""
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except RecursionError as error:  # how deep Python's own reader goes differs from release to release
        raise DefinitionError(where, 0, TOO_DEEP) from error
    except ValueError as error:
        raise DefinitionError(where, 0, "不是有效的 JSON") from error
    if not isinstance(data, dict):
        raise DefinitionError(where, 0, "最外层应为“键: 值”")
    return body_of(data, where)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def body_of(data: dict[str, Any], where: str) -> Body:
    """Plain data (from JSON) as the same records, without lines."""
    made: Body = _recorded(data, where, 0)
    return made


def _recorded(value: Any, where: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise DefinitionError(where, 0, TOO_DEEP)
    if isinstance(value, list):
        return [_recorded(item, where, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    made = Body()
    made.where, made.line, made.lines = where, 0, {}
    for key, child in value.items():
        made[key] = _recorded(child, where, depth + 1)
    return made


class _Builder:
    """Nodes -> data; counts what it makes, because an alias may stand for a large tree many times."""

    def __init__(self, where: str) -> None:
        self.where, self.made = where, 0

    def build(self, node: Any, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.made += 1
        if depth > MAX_DEPTH or self.made > MAX_NODES:
            raise DefinitionError(self.where, line, TOO_DEEP)
        if node.id == "mapping":
            return self.mapping(node, depth)
        if node.id == "sequence":
            return [self.build(child, depth + 1) for child in node.value]
        return self.scalar(node, line)

    def mapping(self, node: Any, depth: int) -> Body:
        made = Body()
        made.where, made.line, made.lines = self.where, node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.id != "scalar":
                raise DefinitionError(self.where, line, "键应为文字")
            key = str(key_node.value)
            if key in made:
                raise DefinitionError(self.where, line, f"键“{key}”重复")
            made[key] = self.build(value_node, depth + 1)
            made.lines[key] = line
        return made

    def scalar(self, node: Any, line: int) -> Any:
        tag, text = node.tag.removeprefix("tag:yaml.org,2002:"), str(node.value)
        if tag in ("int", "float"):
            if not _NUMBER.fullmatch(text):
                raise DefinitionError(self.where, line, f"数字“{text}”应写成普通十进制")
            return Decimal(text)
        if tag == "bool":
            return text.lower() in ("true", "yes", "on")
        if tag == "null":
            return None
        if tag in ("str", "timestamp", "value"):
            return text
        raise DefinitionError(self.where, line, f"不支持的类型 {node.tag}")


def read_plain(text: str) -> dict[str, dict[str, str]] | None:
    """``NAME:`` lines, each followed by ``  key: text`` lines, as data; None where the text is anything else.

    What the catalogue of findings is written in, read without the YAML library: importing that costs a cold start more than
    scoring a workbook. The caller falls back on ``read_yaml``; a test holds the two readings against each other.
    """
    made: dict[str, dict[str, str]] = {}
    body: dict[str, str] | None = None
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        key, _, raw = line.partition(":")
        if key in made or not key.strip().isidentifier():
            return None
        if not line.startswith(" "):
            if raw:
                return None
            body = made[key] = {}
            continue
        value = _plain_value(raw)
        name = key[2:]
        if body is None or value is None or not key.startswith("  ") or name.startswith(" ") or name in body:
            return None
        body[name] = value
    return made


def _plain_value(raw: str) -> str | None:
    if not raw.startswith(" "):
        return None
    text = raw.strip()
    if text.startswith('"'):
        inner = text[1:-1]
        if len(text) < 2 or not text.endswith('"') or '"' in inner or "\\" in inner.replace("\\\\", ""):
            return None
        return inner.replace("\\\\", "\\")
    special = (
        not text or text[0] in "'|>&*!%@`[]{},?-#~0123456789+." or text.lower() in ("null", "true", "false")
    )
    if special or ": " in text or " #" in text or text.endswith(":"):
        return None
    return text
