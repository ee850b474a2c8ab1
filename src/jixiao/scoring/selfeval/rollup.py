"""The roll-up of a department's project tables: how many, how much by fund and level, grades, 评优率."""

from __future__ import annotations

from jixiao.model import (
    NOT_APPLICABLE,
    PENDING,
    Arith,
    Compare,
    Const,
    Expr,
    Given,
    If,
    Is,
    IsNumber,
    Logic,
    Ratio,
    Ref,
    Round,
    Total,
    Where,
)
from jixiao.rubric import FIGURES, FUNDS, PROJECT, TRANSFER_LEVELS, SelfTables

LIST, SUM = "项目汇总", "汇总"
UNNAMED_FUND = "未注明资金性质"
OWN = "本级项目"
TRANSFERS = "转移支付"
COLUMNS = (
    "名称", "资金性质", "项目类别", *FIGURES, "执行率", "年初执行率", "调整率", "得分", "等级", "计数", "计优",
    *(f"计{figure}" for figure in FIGURES),
)  # fmt: skip


def columns(tables: SelfTables) -> dict[str, tuple[str, ...]]:
    """The whole columns of the list, each with its keys."""
    return {
        f"{LIST}.{column}": tuple(f"{LIST}[{row}].{column}" for row in range(1, tables.count + 1))
        for column in COLUMNS
    }


def grades_of(tables: SelfTables) -> list[str]:
    """The grades of the project form, best first."""
    assert tables.projects is not None  # a roll-up stands only beside project tables
    return [grade for _, grade in tables.projects.grades]


def items(tables: SelfTables) -> dict[str, Expr]:
    """All computed cells of the roll-up: the list, then its sums."""
    made: dict[str, Expr] = {}
    for number in range(1, tables.count + 1):
        made |= _row(number, grades_of(tables)[0])
    made |= _sums()
    for fund in (*FUNDS, UNNAMED_FUND):
        made |= _group(f"{SUM}.{fund}", "资金性质", fund)
    for level in (OWN, *TRANSFER_LEVELS):
        made |= _group(f"{SUM}.{level}", "项目类别", level)
    grades = grades_of(tables)
    for grade in (*grades, PENDING):
        made[f"{SUM}.{grade}.个数"] = Where(f"{LIST}.计数", f"{LIST}.等级", grade)
    made |= _best(grades[0])
    return made


def _row(number: int, best: str) -> dict[str, Expr]:
    row, table, source = f"{LIST}[{number}].", f"{PROJECT}{number}", f"项目[{number}]."
    used = Is(f"{row}名称", "")
    made: dict[str, Expr] = {f"{row}名称": Ref(f"{table}.名称")}
    made[f"{row}资金性质"] = If(used, Const(""), _one_of(f"{source}资金性质", FUNDS, UNNAMED_FUND))
    made[f"{row}项目类别"] = If(used, Const(""), _one_of(f"{source}项目类别", TRANSFER_LEVELS, OWN))
    for figure in FIGURES:
        made[f"{row}{figure}"] = Ref(f"{table}.{figure}")
        made[f"{row}计{figure}"] = If(IsNumber(f"{row}{figure}"), Ref(f"{row}{figure}"), Const(0))
    start, planned, spent = (f"{row}{figure}" for figure in FIGURES)
    made[f"{row}执行率"] = _given(spent, planned)
    made[f"{row}年初执行率"] = _given(spent, start)
    change = Ratio(Arith("-", Ref(planned), Ref(start)), Ref(start), Const(NOT_APPLICABLE))
    made[f"{row}调整率"] = Given([start, planned], change, Const(""))
    made[f"{row}得分"] = Ref(f"{table}.总分")
    made[f"{row}等级"] = Ref(f"{table}.等级")
    made[f"{row}计优"] = If(Is(f"{row}等级", best), Const(1), Const(0))
    made[f"{row}计数"] = If(used, Const(0), Const(1))
    return made


def _one_of(key: str, known: tuple[str, ...], other: str) -> Expr:
    """A known word as it is, anything else under ``other``: the groups always add up to the whole."""
    return If(Logic("OR", *(Is(key, word) for word in known)), Ref(key), Const(other))


def _given(above: str, below: str) -> Expr:
    return Given([above, below], Ratio(Ref(above), Ref(below), Const(NOT_APPLICABLE)), Const(""))


def _sums() -> dict[str, Expr]:
    made: dict[str, Expr] = {f"{SUM}.项目个数": Total([f"{LIST}.计数"])}
    for figure in FIGURES:
        made[f"{SUM}.{figure}"] = Round(Total([f"{LIST}.计{figure}"]))
    start, planned, spent = (f"{SUM}.{figure}" for figure in FIGURES)
    made[f"{SUM}.执行率"] = Ratio(Ref(spent), Ref(planned), Const(NOT_APPLICABLE))
    made[f"{SUM}.年初执行率"] = Ratio(Ref(spent), Ref(start), Const(NOT_APPLICABLE))
    change = Arith("-", Ref(planned), Ref(start))
    made[f"{SUM}.调整率"] = Ratio(change, Ref(start), Const(NOT_APPLICABLE))
    return made


def _group(start: str, column: str, text: str) -> dict[str, Expr]:
    made: dict[str, Expr] = {f"{start}.个数": Where(f"{LIST}.计数", f"{LIST}.{column}", text)}
    for figure in FIGURES:
        made[f"{start}.{figure}"] = Round(Where(f"{LIST}.计{figure}", f"{LIST}.{column}", text))
    share = Ratio(Ref(f"{start}.全年执行数"), Ref(f"{SUM}.全年执行数"), Const(NOT_APPLICABLE))
    made[f"{start}.占比"] = share
    return made


def _best(grade: str) -> dict[str, Expr]:
    """Shares of the best grade, of all projects and of transfers; none at all is 不适用, an open one 待核定."""
    count, transfers = f"{SUM}.项目个数", f"{SUM}.转移支付"
    made: dict[str, Expr] = {f"{SUM}.评优率": _decided(count, Ref(f"{SUM}.{grade}.个数"))}
    made[f"{SUM}.平均得分"] = _decided(count, Total([f"{LIST}.得分"]), places=2)
    for name in ("个数", *FIGURES):
        made[f"{transfers}.{name}"] = Round(Total([f"{SUM}.{level}.{name}" for level in TRANSFER_LEVELS]))
    best: Expr = Where(f"{LIST}.计优", f"{LIST}.项目类别", TRANSFER_LEVELS[0])
    for level in TRANSFER_LEVELS[1:]:
        best = Arith("+", best, Where(f"{LIST}.计优", f"{LIST}.项目类别", level))
    made[f"{transfers}.优个数"] = best
    made[f"{transfers}.评优率"] = _decided(f"{transfers}.个数", Ref(f"{transfers}.优个数"))
    return made


def _decided(count: str, above: Expr, places: int = 6) -> Expr:
    """``above`` a project, once no project is open; nothing where there is no project."""
    shared = Round(Ratio(above, Ref(count), Const(0)), places)
    settled = If(Compare(">", Ref(f"{SUM}.{PENDING}.个数"), Const(0)), Const(PENDING), shared)
    return If(Compare("=", Ref(count), Const(0)), Const(NOT_APPLICABLE), settled)
