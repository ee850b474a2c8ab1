"""What the workbook's formulas may be made of: what every engine computes alike."""

from __future__ import annotations

import re
from functools import lru_cache

from jixiao.office import split_area

ALLOWED: dict[str, str] = {
    "IF": "the only branch; nested rather than IFS, which old Excel and WPS lack",
    "AND": "conditions together; its arguments are comparisons, never bare text cells",
    "OR": "conditions apart; likewise",
    "NOT": "a condition turned round",
    "ISNUMBER": "tells a figure from 不适用, 待核定 and a blank, where COUNT of one cell reads worse",
    "COUNT": "how many of several facts are figures; passes over text, blanks and errors in every engine",
    "COUNTA": "how many cells of a list are filled in",
    "SUM": "adds cells and passes over text ones (不适用), where + would give #VALUE!",
    "MIN": "caps points",
    "MAX": "floors points at 0",
    "ABS": "deviations whose sign does not matter",
    "ROUND": "the only rounding, half away from zero; every ratio has one",
    "INT": "whole steps, always around ROUND",
    "TEXT": "figures in sentences, always around ROUND",
    "COUNTIF": "counts verdicts in a list",
    "SUMPRODUCT": "counts or adds by a condition on a bounded range",
    "INDEX": "a level's points out of a bounded list",
    "YEAR": "a date in a sentence, from its serial number",
    "MONTH": "likewise, a date in a sentence",
    "DAY": "likewise, a date in a sentence",
    "MATCH": "exact position in a bounded list (last argument 0)",
}
"""Function -> why it is needed. No IFERROR (it hides what an engine cannot compute), nothing volatile."""

MAX_CELLS = 20_000
MAX_LITERAL = 255
MAX_LENGTH = 8192
MAX_DEPTH = 64

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(!])"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<quoted>'(?:[^']|'')*'!)
  | (?P<error>\#[A-Za-z0-9/]+[!?]?)
  | (?P<box>{_CELL}(?::{_CELL})?)
  | (?P<whole>\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.(!])|\$?\d+:\$?\d+)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?P<power>[Ee][+-]?\d+)?(?![\w.]))
  | (?P<word>[^\W\d][\w.]*)
  | (?P<sign><>|>=|<=|[-+*/^&=<>%(),])
  | (?P<space>[ ]+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OTHERS = {
    "[": "引用了其他工作簿或表格列（方括号）",
    "]": "引用了其他工作簿或表格列（方括号）",
    "{": "用了数组常量（花括号）",
    "}": "用了数组常量（花括号）",
    "\n": "公式中有换行",
    "\r": "公式中有换行",
    "\t": "公式中有制表符",
    '"': "文字的引号没有配对",
    "'": "工作表名的引号没有配对",
    ":": "区域不是“单元格:单元格”的写法",
    "!": "跨表引用不完整",
    "@": "用了“@”",
    "#": "用了溢出引用“#”",
    ";": "参数之间用了分号",
}
_UNBOUNDED = "引用了整列、整行或过大的区域"


def offences(formula: str) -> list[str]:
    """What a formula (with its ``=``) must not contain, each a short Chinese phrase; empty when clean."""
    return list(_scan(formula))


def bounded(area: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of ``A1`` or ``A1:B9``; None for anything else or too large."""
    try:
        top, left, bottom, right = split_area(area.strip())
    except ValueError:
        return None
    too_large = (
        area.endswith(":") or (bottom - top + 1) * (right - left + 1) > MAX_CELLS
    )  # B1: is up to the last cell
    return None if too_large else (top, left, bottom, right)


@lru_cache(8192)
def _scan(formula: str) -> tuple[str, ...]:
    if not formula.startswith("="):
        return ("公式不以“=”开头",)
    scan = _Scan(formula)
    scan.walk()
    return tuple(dict.fromkeys(scan.found))


class _Scan:
    """One pass over a formula's tokens."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.found: list[str] = []
        self.calls: list[bool] = []  # open parentheses: whether a function's
        self.called = self.joined = self.gap = False

    def walk(self) -> None:
        """Collect ``found``."""
        if len(self.formula) > MAX_LENGTH:
            self.found.append(f"公式超过 {MAX_LENGTH} 个字符")
            return
        operand = False  # whether the token before was an operand
        for match in _TOKEN.finditer(self.formula, 1):
            kind, text = match.lastgroup or "other", match[0]
            if kind == "power":
                kind = "number"
            if kind == "space":
                self.gap = True
                continue
            starts = kind in ("text", "quoted", "error", "box", "whole", "number", "word")
            if operand and starts and self.gap:
                self.found.append("用空格求交集")
            self.gap = False
            getattr(self, f"_{kind}")(text, match)
            operand = (starts and kind != "quoted" and not self.joined) or text in ")%"
        if self.calls:
            self.found.append("括号没有配对")

    def _text(self, text: str, match: re.Match[str]) -> None:
        if len(text) - 2 - text.count('""', 1, -1) > MAX_LITERAL:
            self.found.append(f"一段文字超过 {MAX_LITERAL} 个字，应分成几段用 & 连接")
        if "\n" in text or "\r" in text:
            self.found.append("公式中有换行")

    def _quoted(self, text: str, match: re.Match[str]) -> None:
        name = text[1:-2]
        if "[" in name or "]" in name or "\\" in name or "/" in name:
            self.found.append("引用了其他工作簿")
        elif ":" in name:
            self.found.append("跨多张工作表求值（三维引用）")
        elif "'" in name:
            self.found.append("工作表名含单引号")

    def _error(self, text: str, match: re.Match[str]) -> None:
        self.found.append(f"公式中有错误值 {text}")

    def _box(self, text: str, match: re.Match[str]) -> None:
        if bounded(text) is None:
            self.found.append(_UNBOUNDED)

    def _whole(self, text: str, match: re.Match[str]) -> None:
        self.found.append(_UNBOUNDED)

    def _number(self, text: str, match: re.Match[str]) -> None:
        if match["power"]:
            self.found.append(f"数字 {text} 应写成普通十进制")

    def _word(self, text: str, match: re.Match[str]) -> None:
        after = self.formula[match.end() : match.end() + 1]
        self.joined = after == "!"
        if after == "(":
            self.called = True
            if text.upper() not in ALLOWED:
                self.found.append(f"函数 {text} 不在允许的范围内")
        elif after == ":" and not self.joined:
            self.found.append("跨多张工作表求值（三维引用）" if "!" in self.formula else _OTHERS[":"])
        if any("\uff00" <= letter <= "\uffef" for letter in text):
            self.found.append("文字以外用了全角字符")

    def _sign(self, text: str, match: re.Match[str]) -> None:
        self.joined = False
        if text == "(":
            self.calls.append(self.called)
            if len(self.calls) > MAX_DEPTH:
                self.found.append(f"括号嵌套超过 {MAX_DEPTH} 层")
        elif text == ")":
            if not self.calls:
                self.found.append("括号没有配对")
            else:
                self.calls.pop()
        elif text == "," and not (self.calls and self.calls[-1]):
            self.found.append("用逗号合并区域")
        self.called = False

    def _other(self, text: str, match: re.Match[str]) -> None:
        if text == "!" and self.joined:
            return
        self.joined = False
        full = ord(text) > 0x2000
        self.found.append(
            _OTHERS.get(text) or (f"文字以外用了全角符号“{text}”" if full else f"不认识的符号“{text}”")
        )
