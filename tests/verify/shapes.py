"""The shapes of our formulas: each function and operator with the kinds of its arguments; what a real Excel answered of them.

``python -m tests.verify.shapes`` rewrites src/jixiao/verify/open_shapes.xlsx: every shape that we emit and no answer
covers, as a question to Excel, with the value that we hold to be right beside it. An answer is a line of
excel_answers.yaml, or a workbook in ``answered/`` that came back (``jixiao verify --answers`` said that it agrees).

An argument is of a kind: ``number``, ``text``, ``empty`` (a text of no letters), ``digits`` (a text that looks like a
number), ``true``, ``false``, ``error`` or ``blank``; ``@`` before it where the function treats a reference otherwise than
its value; ``[number text]`` is a range that holds those. A cell may hold anything, so every kind is asked of a cell,
one argument at a time.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import xlsxwriter
import yaml
from openpyxl.formula import Tokenizer

from jixiao import pipeline
from jixiao.authoring import export_rubric
from jixiao.model import (
    Arith,
    Call,
    Compare,
    Const,
    Count,
    Expr,
    ExprError,
    If,
    Is,
    IsNumber,
    Logic,
    Ratio,
    Ref,
    Round,
    Say,
    Total,
    Value,
    Where,
    Whole,
)  # fmt: skip
from jixiao.office import column_letter, join_ref, open_workbook, split_area
from jixiao.rubric import forms, load, shipped
from jixiao.verify import ASKED, FIRST, GROUPS, NOT_YET, ErrorValue, Witnesses, read_answers
from tests.properties import casebook
from tests.properties.casebook import RULES
from tests.verify.conftest import SOURCES

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src" / "jixiao" / "verify" / "open_shapes.xlsx"
CELLS: dict[str, tuple[str, str, Any]] = {
    "甲": ("A1", "number", Decimal("12.345")),
    "乙": ("A2", "number", Decimal("2.5")),
    "文": ("A3", "text", "待核定"),
    "空": ("A4", "blank", None),
    "空文": ("A5", "empty", '=""'),
    "数字": ("A6", "digits", "12"),
    "真": ("A7", "true", True),
    "错": ("A8", "error", "=1/0"),
    "日": ("A9", "number", Decimal(44926)),
}
"""Name -> cell, kind and content of the operands that are cells."""
OTHERS = ("text", "blank", "empty", "digits", "true", "error")
COLUMNS = {
    "数列": (Decimal(1), Decimal("2.5"), Decimal(-3)),
    **{
        f"{name}列": (Decimal(1), CELLS[name][2], Decimal(3))
        for name in ("文", "空", "空文", "数字", "真", "错")
    },
    "全空列": (None, None, None),
    "判列": ("是", "否", "是"),
    **{f"判{name}列": ("是", CELLS[name][2], "是") for name in ("空", "空文", "甲", "真", "错")},
}
"""Name -> the cells of the operands that are ranges, in columns from B on."""
FOLDS = frozenset({"AND", "COUNT", "MAX", "MIN", "OR", "SUM"})
"""Functions to which a reference is not the same as the value that stands there."""
TRUTH = frozenset({"AND", "ISNUMBER", "NOT", "OR", "=", "<>", "<", "<=", ">", ">="})
BINDS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}


@dataclass(frozen=True)
class Node:
    """A function, an operator (``neg`` and ``%`` included) or a leaf: its kind as ``op`` and how it is written."""

    op: str
    args: tuple[Node, ...] = ()
    text: str = ""

    @functools.cached_property
    def written(self) -> str:
        """The formula, bracketed wherever it might be needed."""
        if self.text:
            return self.text
        inner = [arg.written for arg in self.args]
        if self.op in BINDS:
            return self.op.join(
                f"({text})" if arg.op in BINDS else text for text, arg in zip(inner, self.args, strict=True)
            )
        return (
            f"-{inner[0]}"
            if self.op == "neg"
            else f"{inner[0]}%"
            if self.op == "%"
            else f"{self.op}({','.join(inner)})"
        )


@functools.cache
def read(formula: str) -> Node:
    """A formula (with its ``=``) as a tree."""
    tokens = [token for token in Tokenizer(formula).items if token.type != "WHITE-SPACE"][::-1]

    def operand() -> Node:
        token = tokens.pop()
        if token.type == "OPERATOR-PREFIX":
            return Node("neg", (operation(5),)) if token.value == "-" else operation(5)
        if token.type == "PAREN":
            return (operation(0), tokens.pop())[0]
        if token.type != "FUNC":
            return Node(token.subtype.lower(), text=token.value)
        args = []
        while tokens[-1].subtype != "CLOSE":
            if tokens[-1].type == "SEP":
                tokens.pop()
            args.append(operation(0))
        tokens.pop()
        return Node(token.value[:-1].upper(), tuple(args))

    def operation(above: int) -> Node:
        left = operand()
        while tokens and (tokens[-1].type == "OPERATOR-POSTFIX" or BINDS.get(tokens[-1].value, 0) > above):
            op = tokens.pop().value
            left = Node(op, (left,) if op == "%" else (left, operation(BINDS[op])))
        return left

    return operation(0)


class _Kinds(dict[int, tuple[str, ...]]):
    """What the nodes of one formula may be, by identity: asked again at every level, reckoned once. ``wide``: names of ranges."""

    def __init__(self, wide: Mapping[str, bool]) -> None:
        self.wide = wide

    def of(self, node: Node) -> tuple[str, ...]:
        """Kinds of literals and results, ``cell``, ``range`` or ``array``."""
        if (found := self.get(id(node))) is None:
            found = self[id(node)] = self._reckoned(node)
        return found

    def _reckoned(self, node: Node) -> tuple[str, ...]:
        if node.op == "range":
            return ("range" if ":" in node.text or self.wide.get(node.text.casefold()) else "cell",)
        if not node.args:
            return ("empty" if node.text == '""' else "truth" if node.op == "logical" else node.op,)
        inner = [self.of(arg) for arg in node.args]
        if node.op in BINDS and any({"range", "array"} & {*kinds} for kinds in inner):
            return ("array",)
        if node.op == "IF":
            return tuple(sorted({kind for kinds in inner[1:] for kind in kinds}))
        return ("truth" if node.op in TRUTH else "text" if node.op in ("TEXT", "&") else "number",)


Shape = tuple[str, tuple[Any, ...]]
"""An operation and what each argument may be; in place of kinds a format as written, or the shape of an array."""


def shapes(formula: str, wide: Mapping[str, bool]) -> Iterator[Shape]:
    """Every operation of a formula, as far as its text tells."""
    yield from _shapes(read(formula), _Kinds(wide))


def _shapes(node: Node, kinds: _Kinds) -> Iterator[Shape]:
    if not node.args:
        if kinds.of(node) == ("cell",):  # a range by itself is the source of a list to choose from
            yield "", (("cell",),)
    elif kinds.of(node) != ("array",):
        yield _shape(node, kinds)
    for arg in node.args:
        if arg.args:
            yield from _shapes(arg, kinds)


def _shape(node: Node, kinds: _Kinds) -> Shape:
    parts: list[Any] = [
        _shape(arg, kinds) if kinds.of(arg) == ("array",) else kinds.of(arg) for arg in node.args
    ]
    if node.op == "TEXT":
        parts[1] = node.args[1].text
    if node.op == "COUNTIFS":
        parts = [_criterion(part, arg) for part, arg in zip(parts, node.args, strict=True)]
    return node.op, tuple(parts)


def _criterion(part: Any, node: Node) -> Any:
    """A criterion by its comparison, and whether it is a number or a word."""
    found = re.fullmatch(r'"([<>=]*)(-?[\d.]*)(.*)"', node.text)
    return part if found is None else f'"{found[1]}{"是" if found[3] else "2" if "<" in found[1] else "1"}"'


def questions(found: Iterable[Shape]) -> dict[str, str]:
    """Key -> formula over the names of CELLS and COLUMNS, of every shape with every kind of content."""
    made: dict[str, str] = {}
    for op, parts in sorted(found, key=repr):
        for node in _asked(op, parts):
            made.setdefault(key("=" + node.written, content), "=" + node.written)
    return dict(sorted(made.items(), key=lambda item: (item[1].count(","), item[0])))


def _asked(op: str, parts: tuple[Any, ...], *, array: bool = False) -> Iterator[Node]:
    """The shape with figures, and with one argument after the other of every other kind that it may have."""
    words = [op == "COUNTIFS" and "是" in after for after in (*parts[1:], "")]
    options = [_options(part, at, verdicts=array or words[at]) for at, part in enumerate(parts)]
    if op in ("YEAR", "MONTH", "DAY"):
        options = [[_name("日")]]
    first = [option[0] for option in options]
    if op == "IF":
        first[1:] = [Node("number", text=text) for text in ("1", "2")][: len(first) - 1]
    for at, others in enumerate(options):
        for other in others:
            args = [*first[:at], other, *first[at + 1 :]]
            if op == "IF" and at:
                args[0] = read("=甲>乙" if at == 1 else "=甲<乙")
            yield Node(op, tuple(args)) if op else other
        if op in FOLDS and len(parts) > 2:  # it takes one argument like the other
            break


def _name(text: str) -> Node:
    return Node("range", text=text)


def _options(part: Any, at: int, *, verdicts: bool) -> list[Node]:
    """What may stand as an argument, ordinary figures first; where words are counted, verdicts."""
    if isinstance(part, str):
        return [Node("text", text=part)]
    if part and isinstance(part[0], str) and part[0] in BINDS:
        return list(_asked(*part, array=True))
    made: list[Node] = []
    if "cell" in part:
        made += [
            _name("乙" if at % 2 else "甲"),
            *(_name(name) for name, cell in CELLS.items() if cell[1] in OTHERS),
        ]
    if "number" in part:
        made.append(Node("number", text="1" if verdicts else "2"))
    if "range" in part:
        made += [
            _name(name) for name in sorted(COLUMNS, key=lambda name: verdicts and not name.startswith("判"))
        ]
    if "truth" in part:
        made += [read(text) for text in ("=甲>乙", "=甲<乙", "=错>乙")]
    return made + [
        Node(kind, text=text) for kind, text in (("text", '"是"'), ("empty", '""')) if kind in part
    ]


Content = Any  # a number, text, truth, None or ErrorValue; of a range a sequence of them


def content(name: str) -> Content:
    values = COLUMNS[name] if name in COLUMNS else (CELLS[name][2],)
    plain = tuple(
        {"=1/0": ErrorValue("#DIV/0!"), '=""': ""}.get(v, v) if isinstance(v, str) else v for v in values
    )
    return plain if name in COLUMNS else plain[0]


def kind_of(value: Content) -> str:
    """The kind of what a cell holds; of a range those of its cells."""
    if isinstance(value, (tuple, list)):
        return f"[{' '.join(sorted({kind_of(one) for one in value}))}]"
    if value is None or isinstance(value, ErrorValue):
        return "blank" if value is None else "error"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "empty" if not value else "digits" if re.fullmatch(r"[-+]?[\d.]+%?", value) else "text"
    return "number"


def key(formula: str, of: Any) -> str:
    """The name of a shape with its kinds; ``of``: what a reference holds, as it is written. KeyError, ExprError: none."""
    return _key(read(formula), of)


def _key(node: Node, of: Any, *, array: bool = False) -> str:
    if not node.args:
        return _part("", node, of)
    parts = [_part(node.op, arg, of, array=array or node.op == "SUMPRODUCT") for arg in node.args]
    if node.op in ("TEXT", "COUNTIFS"):
        parts[1::2] = [arg.text for arg in node.args[1::2]]
    if node.op == "IF" and len(parts) > 1:  # what is not taken has no say
        parts[1 + (parts[0] == "true")] = "any" if len(parts) == 3 else ""
    return f"{node.op}({','.join(parts)})"


def _part(op: str, node: Node, of: Any, *, array: bool = False) -> str:
    if array and node.op in BINDS:
        return _key(node, of, array=True)
    if node.op == "range":
        kind = kind_of(of(node.text))
        return "@" + kind if op in FOLDS and not kind.startswith("[") else kind
    if node.op == "text":
        return kind_of(node.text[1:-1])
    if not node.args:
        return node.text.lower() if node.op == "logical" else node.op
    if any(_part(node.op, arg, of) == "error" for arg in node.args):
        return "error"
    try:
        return kind_of(number(node, of))
    except DividedError:
        return "error"
    except ExprError:  # a rule does not write it like this
        pass
    return "text" if node.op in ("TEXT", "&") else "truth" if node.op in TRUTH else "number"


def number(node: Node, of: Any) -> Value:
    """The number reading of a question; ExprError where no rule of ours would ask it."""

    def held(name: str) -> Any:
        if not name:
            raise DividedError
        value = of(name)
        if any(
            isinstance(one, bool | ErrorValue)
            for one in (value if isinstance(value, tuple | list) else (value,))
        ):
            raise ExprError(name)  # no figure, text or blank: no rule takes it
        return value

    return _reading(node).number(held)


class DividedError(ExprError):
    """A division by zero, whose declared outcome belongs to a rule; by itself it has none."""


def _reading(node: Node) -> Expr:
    """The node of a rule that is written like this."""
    op, args = node.op, node.args
    if not args:
        return _leaf(node)
    texts = [arg.text for arg in args]
    if op in _OF_REFERENCES and all(arg.op == "range" for arg in args):
        return _OF_REFERENCES[op](texts)
    if op == "=" and args[0].op == "range" and args[1].op == "text":
        return Is(texts[0], texts[1][1:-1])
    if op == "SUMPRODUCT" and len(args) == 2:
        test, text = (arg.text for arg in args[0].args[0].args)
        return Where(texts[1], test, text[1:-1])
    if op == "ROUND" and args[1].op == "number":
        return Round(_reading(args[0]), int(texts[1]))
    if op not in _OF_VALUES or len(args) not in _OF_VALUES[op][0]:
        raise ExprError(op)
    return _OF_VALUES[op][1](*map(_reading, args))


def _leaf(node: Node) -> Expr:
    if node.op == "range":
        return Ref(node.text)
    if node.op not in ("number", "text"):
        raise ExprError(node.op)
    return Const(Decimal(node.text) if node.op == "number" else node.text[1:-1])


_OF_REFERENCES: dict[str, Callable[[list[str]], Expr]] = {
    "COUNT": Count,
    "SUM": Total,
    "ISNUMBER": lambda keys: IsNumber(keys[0]),
}
_OF_VALUES: dict[str, tuple[range, Callable[..., Expr]]] = {
    **{name: (range(1, 99), functools.partial(Call, name)) for name in ("ABS", "MAX", "MIN")},
    **{name: (range(1, 99), functools.partial(Logic, name)) for name in ("AND", "NOT", "OR")},
    **{op: (range(2, 3), functools.partial(Arith, op)) for op in "+-*"},
    **{op: (range(2, 3), functools.partial(Compare, op)) for op in TRUTH if op in BINDS},
    "/": (range(2, 3), functools.partial(Ratio, zero=Ref(""))),
    "&": (range(2, 3), Say),
    "IF": (range(3, 4), If),
    "INT": (range(1, 2), Whole),
}
"""How many arguments a node takes, and what makes it."""


def emitted(books: Iterable[Path], nets: Iterable[Iterable[str]] = ()) -> set[Shape]:
    """The shapes of every formula of workbooks, of conditions and of limits of what may be typed; and of plain formulas."""
    found: set[Shape] = set()
    for path in books:
        with zipfile.ZipFile(path) as package:
            book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - our own file
            names = book.iter(f"{MAIN}definedName")
            wide = {str(name.get("name")).casefold(): ":" in str(name.text) for name in names}
            for part in package.namelist():
                if part.startswith("xl/worksheets/sheet"):
                    texts = {one for tag in FORMULAS for one in _texts(package.read(part), tag)}
                    found.update(*(shapes("=" + text, wide) for text in texts))
    return found.union(*(shapes(text, {}) for net in nets for text in net))


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ("f", "formula", "formula1", "formula2")


def _texts(part: bytes, tag: str) -> Iterator[str]:
    for element in ElementTree.fromstring(part).iter(MAIN + tag):  # noqa: S314 - our own file
        if element.text and not element.text.startswith('"'):  # a list of choices
            yield element.text


def all_emitted(folder: Path) -> set[Shape]:
    """The shapes of everything that we write: masters, forms of projects, filled workbooks, the summary of many,
    editable rubrics, rule kinds."""
    specimens = HERE.parents[1] / "workbooks" / "specimens"
    for name in shipped():
        (folder / f"{name}.xlsx").write_bytes(export_rubric(load(name)))
    for form in forms():
        pipeline.new("changli-2023", folder / f"项目 {form}.xlsx", projects=2, form=form)
    for name, sources, given in (
        ("suixi-2022", SOURCES, "judgements.yaml"),
        ("changli-2023", (), "facts.yaml"),
    ):
        book, case = folder / f"评分簿 {name}.xlsx", specimens / name
        pipeline.new(name, book)
        pipeline.fill(book, [case / source for source in sources], facts_file=case / given)
    with tempfile.TemporaryDirectory() as out:
        pipeline.batch(folder, Path(out), workers=1)
        shutil.copy(Path(out) / "汇总.xlsx", folder / "汇总.xlsx")
    books = [*(HERE.parents[1] / "workbooks" / "masters").glob("*.xlsx"), *folder.glob("*.xlsx")]
    kinds = [net for file in (RULES / "cases").glob("*.yaml") for net in casebook.kinds(file)[0].values()]
    return emitted(books, [net.formulas.values() for net in kinds])


@dataclass(frozen=True)
class Fact:
    """What Excel answered: a formula, the cells it reads, and the answer."""

    formula: str
    cells: dict[str, Any]
    answer: Any
    differs: dict[str, Any]

    @property
    def key(self) -> str:
        """The shape that it answers."""
        return key("=" + self.formula, self.held)

    def held(self, text: str) -> Content:
        """What a reference holds."""
        text = text.replace("$", "")
        if ":" not in text:
            return self.cells.get(text)
        top, left, bottom, right = split_area(text)
        area = [join_ref(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return [self.cells.get(ref) for ref in area]


def facts() -> list[Fact]:
    """The lines of excel_answers.yaml."""
    data = yaml.safe_load((HERE / "excel_answers.yaml").read_text("utf-8"))
    made = []
    for formula, cells, answer, *rest in data["answers"]:
        made.append(
            Fact(
                formula, {ref: _typed(value) for ref, value in cells.items()}, answer, rest[0] if rest else {}
            )
        )
    return made


def _typed(value: Any) -> Content:
    if isinstance(value, str):
        return ErrorValue(value) if value.startswith("#") else value
    return value if value is None or isinstance(value, bool) else Decimal(str(value))


def returned(folder: Path = HERE / "answered") -> set[str]:
    """Keys of the questions that workbooks which came back settled."""
    done: set[str] = set()
    for path in sorted(folder.glob("*.xlsx")):
        done |= {key(formula, content) for formula in read_answers(path).closed}
    return done


def unanswered(found: Iterable[Shape]) -> dict[str, str]:
    """The questions (key -> formula) that no answer of Excel settles."""
    asked = questions(found)
    for fact in facts():
        asked.pop(fact.key, None)
    for done in returned():
        asked.pop(done, None)
    return asked


HOW = (
    "请用 Excel 打开本文件，等它算完，保存后发回。不必填写，也不要用其他软件保存。",
    "本软件的公式用到的每一种函数和参数，Excel 给出什么结果，这里逐一询问；“本软件”一列是应有的结果。",
    "收到后核对：jixiao verify --answers 文件名.xlsx",
)


def write(path: Path, asked: Iterable[str]) -> Path:
    """The workbook that asks Excel: what our number reading, or where there is none every engine, gives stands beside.

    Where the engines differ and no rule decides, nothing does.
    """
    rows = list(asked)
    _write(path, rows, dict.fromkeys(rows))
    engines = [
        Witnesses().recompute(name, open_workbook(path.read_bytes()), path.name) for name in GROUPS["fast"]
    ]
    held = {
        text: _held(text, [got[ASKED, f"C{row}"] for got in engines]) for row, text in enumerate(rows, FIRST)
    }
    return _write(path, rows, held)


def _held(formula: str, engines: list[Any]) -> Any:
    """None where nobody says: the reading of a blank is a blank, a cell that shows it has 0."""
    value: Any = None
    with suppress(ExprError):
        value = number(read(formula), content)
    return engines[0] if value is None and engines[0] == engines[1] else value


def _write(path: Path, rows: list[str], held: Mapping[str, Any]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": "请 Excel 回答", "created": datetime.datetime(2026, 1, 1)})  # noqa: DTZ001
        page, values = book.add_worksheet(ASKED), book.add_worksheet("值")
        for name, (ref, _, value) in CELLS.items():
            _put(values, ref, value)
            book.define_name(name, f"=值!${ref[0]}${ref[1:]}")
        for column, (name, cells) in enumerate(COLUMNS.items(), 2):
            letter = column_letter(column)
            for row, value in enumerate(cells, 1):
                _put(values, f"{letter}{row}", value)
            book.define_name(name, f"=值!${letter}$1:${letter}${len(cells)}")
        page.set_column(0, 0, 6)
        page.set_column(1, 1, 48)
        page.set_column(2, 3, 20)
        for row, text in enumerate(HOW):
            page.write_string(row, 0, text)
        for column, title in enumerate(("序号", "公式", "Excel", "本软件")):
            page.write_string(FIRST - 2, column, title)
        for number_, text in enumerate(rows, 1):
            row = FIRST + number_ - 2
            page.write_number(row, 0, number_)
            page.write_string(row, 1, text)
            page.write_formula(row, 2, text, None, NOT_YET)
            _put(page, f"D{row + 1}", held[text])
    return path


def _put(page: Any, ref: str, value: Any) -> None:
    """A value of any kind; an error that is held to be right is its name."""
    if isinstance(value, str) and value.startswith("="):
        page.write_formula(ref, value)
    elif isinstance(value, bool):
        page.write_boolean(ref, value)
    elif isinstance(value, str | ErrorValue):
        page.write_string(ref, str(value))
    elif value is not None:
        page.write_number(ref, float(value))


def build(path: Path) -> Path:
    """The workbook of the open shapes, made anew."""
    with tempfile.TemporaryDirectory() as folder:
        return write(path, unanswered(all_emitted(Path(folder))).values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="重新生成请 Excel 回答的工作簿")
    parser.add_argument("out", nargs="?", type=Path, default=TARGET, help="写入的文件（默认 %(default)s）")
    build(parser.parse_args().out)
