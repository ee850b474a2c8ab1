"""What the 自评表 and 项目汇总 sheets of a workbook say, as known values: projects, outputs, sums by fund and level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from jixiao.audit.document import plain
from jixiao.audit.truth import Known, Truth
from jixiao.master.book.scoringbook import ScoringBook
from jixiao.model import Record, Source, Value
from jixiao.scoring.selfeval.rollup import BUDGETS

_PROJECT = {
    "名称": "name", "资金性质": "fund", "年初预算数": "budget", "全年预算数": "adjusted", "全年执行数": "spent",
    "得分": "score", "等级": "grade",
}  # fmt: skip
_ROWS = {"指标值": ("planned", ""), "完成值": ("done", ""), "分值": ("full", "分"), "得分": ("points", "分")}
_LEVELS = ("中央", "省级", "市级")
_NAMES = {"社会保险基金预算": "社保基金预算"}  # as reports say it
_ROW = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>\d+)\]\.(?P<field>.+)")


def add_tables(book: ScoringBook, values: Mapping[str, Value], truth: Truth) -> bool:
    """Add them to the truth; True where the workbook has such sheets and its projects come from them."""
    both: dict[str, Value] = {**book.entries, **values}
    _outputs(book, both, truth)
    if "汇总.项目个数" not in both:
        return False
    truth.add_records(_projects(book, both))
    _funds(book, both, truth)
    _transfers(book, both, truth)
    return True


def _source(book: ScoringBook, key: str) -> Source:
    place = book.plan.places.get(key)
    return (
        book.source(place.sheet, place.ref, key) if place is not None else Source(book.path.name, label=key)
    )


def _projects(book: ScoringBook, values: Mapping[str, Value]) -> list[Record]:
    rows: dict[str, Record] = {}
    for key, value in values.items():
        found = _ROW.fullmatch(key)
        if (
            found is None
            or found["table"] != "项目汇总"
            or found["field"] not in _PROJECT
            or value in (None, "")
        ):
            continue
        record = rows.setdefault(found["row"], Record("projects", {}, {}))
        name = _PROJECT[found["field"]]
        if isinstance(value, (Decimal, str)):
            record.values[name], record.sources[name] = value, _source(book, key)
    return [record for record in rows.values() if record["name"]]


def _outputs(book: ScoringBook, values: Mapping[str, Value], truth: Truth) -> None:
    """Done values of the indicators in 自评表, and the figures of its texts."""
    for key, value in values.items():
        found = _ROW.fullmatch(key)
        if (
            found is not None
            and "自评" in found["table"]
            and found["field"] == "完成值"
            and isinstance(value, Decimal)
        ):
            head = key.removesuffix("完成值")
            owner, unit = (
                plain(str(values.get(f"{head}三级指标") or "")),
                str(values.get(f"{head}单位") or ""),
            )
            if owner:
                truth.known.append(Known("产出", value, unit, _source(book, key), owner, "done"))
        if (
            found is not None
            and "自评" in found["table"]
            and found["field"] in _ROWS
            and isinstance(value, Decimal)
        ):
            owner = plain(str(values.get(f"{key.removesuffix(found['field'])}三级指标") or ""))
            if owner:
                field, unit = _ROWS[found["field"]]
                truth.known.append(Known("自评项", value, unit, _source(book, key), owner, field))
        elif key.endswith(".实际完成情况") and isinstance(value, str):
            truth.texts.append((plain(value), _source(book, key)))


def _funds(book: ScoringBook, values: Mapping[str, Value], truth: Truth) -> None:
    for fund in BUDGETS:
        head, name = f"汇总.{fund}", _NAMES.get(fund, fund)
        count = _add(book, values, truth, f"{head}.个数", f"{name}项目个数", "个")
        _add(book, values, truth, f"{head}.全年预算数", f"{name}项目资金", "万元")
        truth.undefined.pop(f"{name}项目占比", None)
        truth.known[:] = [item for item in truth.known if item.name != f"{name}项目占比"]
        if count:
            truth.add(f"{name}项目占比", Decimal(100), "%", _source(book, f"{head}.占比"))
        else:
            truth.undefined[f"{name}项目占比"] = f"没有{name}项目，分母为0"


def _transfers(book: ScoringBook, values: Mapping[str, Value], truth: Truth) -> None:
    for level in _LEVELS:
        _add(book, values, truth, f"汇总.{level}转移支付.全年预算数", f"{level}转移支付资金", "万元")
    _add(book, values, truth, "汇总.转移支付.全年预算数", "转移支付资金合计", "万元")
    count = _add(book, values, truth, "汇总.转移支付.个数", "转移支付项目个数", "个")
    good = _add(book, values, truth, "汇总.转移支付.优个数", "转移支付优项目个数", "个")
    if count == 0:
        truth.undefined["转移支付评优率"] = "没有转移支付项目，分母为0"
    elif count is not None and good is not None:
        truth.add("转移支付评优率", good / count * 100, "%", _source(book, "汇总.转移支付.评优率"))


def _add(
    book: ScoringBook, values: Mapping[str, Value], truth: Truth, key: str, name: str, unit: str
) -> Decimal | None:
    value = values.get(key)
    if not isinstance(value, Decimal):
        return None
    truth.known[:] = [item for item in truth.known if item.name != name]
    truth.add(name, value, unit, _source(book, key), chosen=True)
    return value
