"""科目余额表.csv: the trial balance before year-end closing, GB18030, in 元 with thousands separators."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tables.case import Case

FILE = "科目余额表.csv"
HEADS = ("科目编码", "科目名称", "方向", "期初余额", "本期借方发生额", "本期贷方发生额", "方向", "期末余额")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """One account; ``closing`` is on the account's normal side, so an overdrawn account is negative."""

    code: str
    name: str
    side: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """期末余额, signed by the normal side."""
        change = self.debit - self.credit
        return self.opening + (change if self.side == "借" else -change)


def build(case: Case, folder: Path) -> None:
    """Write the file into ``folder``; ValueError when it does not balance or misses a published figure."""
    rows = accounts(case.extra["accounts"])
    _prove(rows, case)
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["科目余额表"])
    out.writerow(
        [f"核算单位：{case.unit}", "", "", f"会计期间：{case.year}年1月至{case.year}年12月（年终结转前）"]
    )
    out.writerow(["", "", "", "", "", "", "", "金额单位：元"])
    out.writerow(HEADS)
    for row in rows:
        depth = (len(row.code) - 4) // 2
        out.writerow([row.code, "　" * depth + row.name, *_cells(row)])
    top = [row for row in rows if len(row.code) == 4]
    turnover = [money(sum((getattr(row, side) for row in top), ZERO)) for side in ("debit", "credit")]
    out.writerow(["合计", "", "", "", *turnover, "", ""])
    (folder / FILE).write_bytes(text.getvalue().encode("gb18030"))


def accounts(entries: list[dict[str, Any]]) -> list[Account]:
    """The accounts in order of code, each upper account the sum of its last-level accounts."""
    codes = [str(entry["code"]) for entry in entries]
    leaves = [e for e in entries if not any(c != e["code"] and c.startswith(e["code"]) for c in codes)]

    def total(code: str, column: str) -> Decimal:
        return sum((e.get(column, ZERO) for e in leaves if e["code"].startswith(code)), ZERO)

    return [
        Account(
            e["code"], e["name"], e["side"], *(total(e["code"], c) for c in ("opening", "debit", "credit"))
        )
        for e in sorted(entries, key=lambda e: str(e["code"]))
    ]


def money(amount: Decimal) -> str:
    """Thousands separators and two decimals; zero is blank."""
    return f"{amount:,.2f}" if amount else ""


def _cells(row: Account) -> list[str]:
    opening = row.side if row.opening else "平"
    closing = row.side if row.closing else "平"
    return [opening, money(row.opening), money(row.debit), money(row.credit), closing, money(row.closing)]


def _prove(rows: list[Account], case: Case) -> None:
    top = [row for row in rows if len(row.code) == 4]
    signed = {"借": Decimal(1), "贷": Decimal(-1)}
    for column in ("opening", "closing"):
        if sum((getattr(row, column) * signed[row.side] for row in top), ZERO):
            raise ValueError(f"the ledger does not balance: {column}")
    by_code = {row.code: row for row in rows}
    if by_code["6001"].credit != case.second("收入决算数", "科目余额表") * 10000:
        raise ValueError("6001 is not the published figure")
    for entry in case.data["ledger"]:
        if by_code[entry["code"]].closing != entry["closing"] or by_code[entry["code"]].name != entry["name"]:
            raise ValueError(f"{entry['code']} is not the published figure")
