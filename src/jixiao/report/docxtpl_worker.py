"""The docxtpl side of a report in a place's own Word template: a process of its own, since a template is a hostile input.

Started by ``template_file.py`` as ``python -P docxtpl_worker.py``; JSON comes in on stdin and goes out on stdout:

    {"template": base64, "values": {name: value}} -> {"docx": base64, "lacking": [names]}
    -> or {"failed": ["unknown", [name, known names there], ...]}, ["wording", where], ["refused", what] or ["damaged"]

A value is ``[text, number]`` (null where there is none), a mapping of values, or rows: a list of mappings. Of the template
language only names, their parts, ``if``, ``for``, comparisons and two filters are left: what else stands in a template is
refused before anything runs, and neither attributes nor calls of Python can be reached.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS, MEMORY, STEPS = 10, 1 << 30, 50_000
"""Of one template: seconds of work, bytes, rows gone through in all its loops."""
LOOP = ("index", "index0", "first", "last", "length", "revindex")
ALLOWED = frozenset(
    ("Template", "Output", "TemplateData", "Name", "Const", "Getattr", "For", "If", "Compare", "Operand", "And", "Or", "Not",
     "Filter", "Test", "CondExpr")
)  # fmt: skip
KINDS = {
    "Assign": "set",
    "Call": "调用",
    "Include": "include",
    "Import": "import",
    "Macro": "macro",
    "Getitem": "[ ]",
}
FILTERS, TESTS = ("数值", "length"), ("defined",)


class Failed(Exception):  # noqa: N818 - a word of the protocol
    """Why a template gives nothing, in the words of the protocol."""

    def __init__(self, *words: object) -> None:
        super().__init__(*words)
        self.words = list(words)


class Said:
    """A value as a template writes and compares it."""

    def __init__(self, name: str, said: Sequence[str | None], lacking: list[str]) -> None:
        (self.text, self.number), self.name, self.lacking = said, name, lacking

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        if self.text is None:
            self.lacking.append(self.name)
            return f"〔缺少：{self.name}〕"
        return self.text.replace("\n", "\a")  # a paragraph of its own

    def _pair(self, other: object) -> tuple[Any, Any]:
        mine: object = self.text or ""
        if isinstance(other, Said):
            other = other.number if self.number and other.number else other.text or ""
            mine = self.number or mine
        if self.number is not None and not isinstance(other, bool):
            with contextlib.suppress(InvalidOperation):
                return Decimal(self.number), Decimal(str(other))
        return mine, str(other)

    def __eq__(self, other: object) -> bool:
        mine, yours = self._pair(other)
        return bool(mine == yours)

    def __lt__(self, other: object) -> bool:
        mine, yours = self._pair(other)
        return bool(mine < yours)

    def __gt__(self, other: object) -> bool:
        mine, yours = self._pair(other)
        return bool(mine > yours)

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return not self < other

    __hash__ = object.__hash__


class Rows(list[dict[str, Any]]):
    """Rows of a table; all loops together go through so many."""

    steps = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in super().__iter__():
            Rows.steps += 1
            if Rows.steps > STEPS:
                raise Failed("refused", f"循环超过{STEPS}次")
            yield row


def number_of(value: object) -> object:
    """The filter 数值: a value without its unit."""
    return value.number if isinstance(value, Said) and value.number is not None else value


class Reading:
    """A template's tree gone through before it runs: what is no part of the language is refused, unknown names are noted."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.unknown: list[object] = []

    def of(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        """What a node gives, as far as it is known."""
        kind = type(node).__name__
        if kind not in ALLOWED:
            raise Failed("refused", KINDS.get(kind, "运算"))
        ways: dict[str, Any] = {
            "Name": self.name, "Getattr": self.part, "Filter": self.ours, "Test": self.ours, "For": self.loop,
        }  # fmt: skip
        if kind in ways:
            return ways[kind](node, scope)
        for child in node.iter_child_nodes():
            self.of(child, scope)
        return None

    def name(self, node: nodes.Name, scope: dict[str, Any]) -> Any:
        """A name of the workbook, or of a loop around it."""
        known = scope if node.name in scope else self.values
        if node.name not in known:
            self.unknown.append([node.name, [*scope, *self.values]])
        return known.get(node.name)

    def part(self, node: nodes.Getattr, scope: dict[str, Any]) -> Any:
        """A part of a mapping, of a row, or of ``loop``."""
        if not isinstance(node.node, (nodes.Name, nodes.Getattr)):
            raise Failed("refused", node.attr)
        whole = self.of(node.node, scope)
        known = list(whole) if isinstance(whole, dict) else LOOP if whole == "loop" else ()
        if whole is not None and node.attr not in known:
            self.unknown.append([node.attr, list(known)])
        return whole.get(node.attr) if isinstance(whole, dict) else None

    def ours(self, node: nodes.Filter | nodes.Test, scope: dict[str, Any]) -> None:
        """A filter or test of ours."""
        if node.name not in (*FILTERS, *TESTS) or node.args or node.node is None:
            raise Failed("refused", f"“{node.name}”")
        self.of(node.node, scope)

    def loop(self, node: nodes.For, scope: dict[str, Any]) -> None:
        """A loop over rows."""
        rows = self.of(node.iter, scope)
        plain = isinstance(node.target, nodes.Name) and node.test is None and not node.recursive
        if not plain or (rows is not None and not isinstance(rows, Rows)):
            raise Failed("refused", "for：只能逐行写出一张表")
        assert isinstance(node.target, nodes.Name)
        inside = scope | {node.target.name: rows[0] if rows else None, "loop": "loop"}
        for child in (*node.body, *node.else_):
            self.of(child, inside)


class Names(ImmutableSandboxedEnvironment):
    """The language of templates: names of ours and nothing of Python."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(autoescape=True)
        self.values = values
        self.globals.clear()
        self.filters = {"数值": number_of, "length": len}
        self.tests = {name: self.tests[name] for name in TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree, reading = super()._parse(source, name, filename), Reading(self.values)
        reading.of(tree, {})
        if reading.unknown:
            raise Failed("unknown", *reading.unknown)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a mapping of ours or of a loop; nothing else has parts."""
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        known = obj if isinstance(obj, dict) else {}
        return known[attribute] if attribute in known else Undefined(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As its part of that name."""
        return self.getattr(obj, str(argument))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """The filled template, and the names that it writes and that have no value."""
    from docxtpl import DocxTemplate  # whoever starts this has made sure that it is there

    lacking: list[str] = []

    def made(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: made(f"{name}.{key}", one) for key, one in value.items()}
        if isinstance(value, list) and (not value or isinstance(value[0], dict)):
            return Rows(made(name, row) for row in value)
        return Said(name, value, lacking)

    values = {name: made(name, value) for name, value in asked["values"].items()}
    document = DocxTemplate(io.BytesIO(base64.b64decode(asked["template"])))
    out = io.BytesIO()
    try:
        document.render(values, Names(values), autoescape=True)
        document.save(out)
    except TemplateSyntaxError as error:
        near = "".join(getattr(error, "docx_context", [])).split()
        raise Failed("wording", " ".join(near)[:80]) from None
    except TemplateError as error:
        raise Failed("wording", str(error)[:80]) from None
    return {"docx": base64.b64encode(out.getvalue()).decode(), "lacking": list(dict.fromkeys(lacking))}


def bound() -> None:
    """No more time and memory than any sound template needs."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Answer what stands on stdin."""
    argparse.ArgumentParser(description="套用报告模板：标准输入和输出都是 JSON").parse_args()
    bound()
    try:
        made = answer(json.load(sys.stdin))
    except Failed as why:
        made = {"failed": why.words}
    except Exception:  # noqa: BLE001 - a damaged template may break any of the libraries anywhere
        made = {"failed": ["damaged"]}
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
