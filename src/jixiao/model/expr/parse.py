"""Text -> expression: ``abs(收入决算数 - 收入预算数) / 收入预算数``. Names are the vocabulary's 中文 names.

The text is Python expression syntax, read by the standard library's parser and walked node by node; only the
operators and the few functions below exist, nothing is ever run.
"""

from __future__ import annotations

import ast
import re
import warnings
from decimal import Decimal

from jixiao.model.expr.base import Expr
from jixiao.model.expr.conditions import CONDITION, NUMBER, Compare, If, Is, IsNumber, Logic, sort
from jixiao.model.expr.nodes import PLACES, Arith, Call, Const, Count, Ratio, Ref, Round, Total

LONGEST = 600
DEEPEST = 50  # nested operations; a spreadsheet takes 64 brackets
_FIGURE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")
_OPERATORS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_COMPARISONS: dict[type, str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class ParseError(ValueError):
    """The text is not an expression of ours; the message is Chinese and quotes the place."""


def parse(text: str, *, zero: Expr | None = None) -> Expr:
    """Read an expression; ``zero`` is the declared outcome of a zero denominator (a division without it is an error)."""
    return _Reader(text, zero).read(syntax(text))


def syntax(text: str) -> ast.expr:
    """The syntax tree of an expression, nothing in it looked at yet; ParseError where it is none."""
    if len(text) > LONGEST:
        raise ParseError(f"表达式超过{LONGEST}个字符")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd backslash is refused or kept as text, never printed
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ParseError(f"“{text}”不是有效的表达式") from error


class _Reader:
    def __init__(self, text: str, zero: Expr | None) -> None:
        self.text, self.zero = text.strip(), zero
        self.depth = 0

    def fail(self, node: ast.AST, why: str) -> ParseError:
        segment = ast.get_source_segment(self.text, node) or self.text
        return ParseError(f"“{segment}”{why}")

    def read(self, node: ast.expr) -> Expr:
        """The expression of a node of the syntax tree."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ParseError(f"“{self.text[:20]}…”的运算超过{DEEPEST}层，请分成几个有名称的算式")
        made = self.one(node)
        self.depth -= 1
        return made

    def figure(self, node: ast.expr) -> Expr:
        """An expression that is calculated with: always a number, never an outcome or a condition."""
        made = self.read(node)
        if sort(made) != NUMBER:
            raise self.fail(node, f"是{sort(made)}，不能参与运算；请先给它起名，再用这个名称")
        return made

    def condition(self, node: ast.expr) -> Expr:
        """An expression that is true or false."""
        made = self.read(node)
        if sort(made) != CONDITION:
            raise self.fail(node, "不是条件（应为比较，如 a >= b）")
        return made

    def value(self, node: ast.expr) -> Expr:
        """An expression that is a number or a text."""
        made = self.read(node)
        if sort(made) == CONDITION:
            raise self.fail(node, "是条件，不是数值；可写成 when(条件, 1, 0)")
        return made

    def one(self, node: ast.expr) -> Expr:
        """The expression of one kind of node."""
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return Ref(self.key(node))
        if isinstance(node, ast.BinOp):
            return self.binary(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BoolOp):
            name = "AND" if isinstance(node.op, ast.And) else "OR"
            return Logic(name, *(self.condition(value) for value in node.values))
        if isinstance(node, ast.Compare):
            return self.compare(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        raise self.fail(node, "不能用在表达式中")

    def constant(self, node: ast.Constant) -> Expr:
        if isinstance(node.value, str):
            return Const(node.value)
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise self.fail(node, "不是数字或文字")
        figure = ast.get_source_segment(self.text, node) or ""
        if not _FIGURE.fullmatch(figure):
            raise self.fail(node, "应写成普通十进制数字（整数最多15位，小数最多12位）")
        return Const(Decimal(figure))

    def key(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return f"{node.value.id}.{node.attr}"
        raise self.fail(node, "不是名称")

    def binary(self, node: ast.BinOp) -> Expr:
        if type(node.op) not in (*_OPERATORS, ast.Div):
            raise self.fail(node, "的运算符不支持")
        left, right = self.figure(node.left), self.figure(node.right)
        if isinstance(node.op, ast.Div):
            if isinstance(right, Const) and right.value == 0:
                raise self.fail(node, "的分母是0")
            if isinstance(right, Const):
                return Ratio(left, right, Const(0))
            if self.zero is None:
                raise self.fail(node, "有除法，须用 zero 写明分母为0时的结果")
            return Ratio(left, right, self.zero)
        return Arith(_OPERATORS[type(node.op)], left, right)

    def unary(self, node: ast.UnaryOp) -> Expr:
        if isinstance(node.op, ast.USub):
            inner = self.figure(node.operand)
            if isinstance(inner, Const) and isinstance(inner.value, Decimal):
                return Const(-inner.value)
            return Arith("-", Const(0), inner)
        if isinstance(node.op, ast.Not):
            return Logic("NOT", self.condition(node.operand))
        raise self.fail(node, "的运算符不支持")

    def compare(self, node: ast.Compare) -> Expr:
        sides = [node.left, *node.comparators]
        tests: list[Expr] = []
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            name = _COMPARISONS.get(type(op))
            if name is None:
                raise self.fail(node, "的比较方式不支持")
            if isinstance(right, ast.Constant) and isinstance(right.value, str):
                if name not in ("=", "<>"):
                    raise self.fail(node, "：文字只能用 == 或 != 比较")
                test: Expr = Is(self.key(left), right.value)
                tests.append(test if name == "=" else Logic("NOT", test))
            else:
                tests.append(Compare(name, self.figure(left), self.figure(right)))
        return tests[0] if len(tests) == 1 else Logic("AND", *tests)

    def call(self, node: ast.Call) -> Expr:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "不是可用的函数")
        name = node.func.id
        if name in ("sum", "count", "mean") and node.args:
            return self.aggregate(name, node)
        if name == "filled" and len(node.args) == 1:
            return IsNumber(self.key(node.args[0]))
        if name == "when" and len(node.args) == 3:
            return If(self.condition(node.args[0]), self.value(node.args[1]), self.value(node.args[2]))
        if name == "abs" and len(node.args) == 1:
            return Call("ABS", self.figure(node.args[0]))
        if name in ("min", "max") and node.args:
            return Call(name.upper(), *(self.figure(arg) for arg in node.args))
        if name == "round" and len(node.args) == 2:
            return Round(self.figure(node.args[0]), self.places(node.args[1]))
        raise self.fail(node, "不是可用的函数（可用：abs min max sum count mean round when filled）")

    def aggregate(self, name: str, node: ast.Call) -> Expr:
        """``sum``, ``count`` or ``mean`` over names."""
        keys = [self.key(arg) for arg in node.args]
        if name != "mean":
            return (Total if name == "sum" else Count)(keys)
        if self.zero is None:
            raise self.fail(node, "须用 zero 写明没有数值时的结果")
        return Ratio(Total(keys), Count(keys), self.zero)

    def places(self, node: ast.expr) -> int:
        """How many decimals to round to."""
        made = self.read(node)
        if isinstance(made, Const) and made.value in range(PLACES + 1):
            return int(made.value)
        raise self.fail(node, f"：小数位数应为0至{PLACES}的整数")
