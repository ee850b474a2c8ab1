"""Text -> expression: ``abs(收入决算数 - 收入预算数) / 收入预算数``. Names are the vocabulary's 中文 names.

The text is Python expression syntax, read by the standard library's parser and walked node by node; only the
operators and the few functions below exist, nothing is ever run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal

from jixiao.model.expr.base import Expr
from jixiao.model.expr.conditions import Compare, If, Is, IsNumber, Logic
from jixiao.model.expr.nodes import Arith, Call, Const, Count, OrZero, Ratio, Ref, Round, Total

LONGEST = 600
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


def parse(text: str, *, zero: Expr | None = None, blank_is_zero: Callable[[str], bool] = lambda _: False) -> Expr:
    """Read an expression.

    ``zero`` is the declared outcome of a zero denominator (a division without it is an error);
    ``blank_is_zero`` tells the names whose blank cell counts as none.
    """
    if len(text) > LONGEST:
        raise ParseError(f"表达式超过{LONGEST}个字符")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ParseError(f"“{text}”不是有效的表达式") from error
    return _Reader(text, zero, blank_is_zero).read(tree.body)


class _Reader:
    def __init__(self, text: str, zero: Expr | None, blank_is_zero: Callable[[str], bool]) -> None:
        self.text, self.zero, self.blank_is_zero = text.strip(), zero, blank_is_zero

    def fail(self, node: ast.AST, why: str) -> ParseError:
        segment = ast.get_source_segment(self.text, node) or self.text  # type: ignore[arg-type]
        return ParseError(f"“{segment}”{why}")

    def read(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            key = self.key(node)
            return OrZero(key) if self.blank_is_zero(key) else Ref(key)
        if isinstance(node, ast.BinOp):
            return self.binary(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BoolOp):
            name = "AND" if isinstance(node.op, ast.And) else "OR"
            return Logic(name, *(self.read(value) for value in node.values))
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
        try:
            return Const(Decimal(ast.get_source_segment(self.text, node) or ""))
        except ArithmeticError as error:
            raise self.fail(node, "不是十进制数字") from error

    def key(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return f"{node.value.id}.{node.attr}"
        raise self.fail(node, "不是名称")

    def binary(self, node: ast.BinOp) -> Expr:
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.Div):
            if isinstance(right, Const) and isinstance(right.value, Decimal) and right.value != 0:
                return Ratio(left, right, Const(0))
            if self.zero is None:
                raise self.fail(node, "有除法，须用 zero 写明分母为0时的结果")
            return Ratio(left, right, self.zero)
        operator = _OPERATORS.get(type(node.op))
        if operator is None:
            raise self.fail(node, "的运算符不支持")
        return Arith(operator, left, right)

    def unary(self, node: ast.UnaryOp) -> Expr:
        if isinstance(node.op, ast.USub):
            inner = self.read(node.operand)
            if isinstance(inner, Const) and isinstance(inner.value, Decimal):
                return Const(-inner.value)
            return Arith("-", Const(0), inner)
        if isinstance(node.op, ast.Not):
            return Logic("NOT", self.read(node.operand))
        raise self.fail(node, "的运算符不支持")

    def compare(self, node: ast.Compare) -> Expr:
        sides = [node.left, *node.comparators]
        tests: list[Expr] = []
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            a, b = self.read(left), self.read(right)
            name = _COMPARISONS.get(type(op))
            if name is None:
                raise self.fail(node, "的比较方式不支持")
            text = b.value if isinstance(b, Const) and isinstance(b.value, str) else None
            if text is not None and isinstance(a, Ref):
                test: Expr = Is(a.key, text)
                tests.append(test if name == "=" else Logic("NOT", test))
            else:
                tests.append(Compare(name, a, b))
        return tests[0] if len(tests) == 1 else Logic("AND", *tests)

    def call(self, node: ast.Call) -> Expr:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "不是可用的函数")
        name = node.func.id
        if name in ("sum", "count") and node.args:
            keys = [self.key(arg) for arg in node.args]
            return Total(keys) if name == "sum" else Count(keys)
        if name == "filled" and len(node.args) == 1:
            return IsNumber(self.key(node.args[0]))
        args = [self.read(arg) for arg in node.args]
        if name == "when" and len(args) == 3:
            return If(args[0], args[1], args[2])
        if name == "abs" and len(args) == 1:
            return Call("ABS", args[0])
        if name in ("min", "max") and args:
            return Call(name.upper(), *args)
        if name == "round" and len(args) == 2 and isinstance(args[1], Const):
            return Round(args[0], int(Decimal(args[1].value)))
        if name == "mean" and node.args:
            keys = [self.key(arg) for arg in node.args]
            if self.zero is None:
                raise self.fail(node, "须用 zero 写明没有数值时的结果")
            return Ratio(Total(keys), Count(keys), self.zero)
        raise self.fail(node, "不是可用的函数（可用：abs min max sum count mean round when filled）")
