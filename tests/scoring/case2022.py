"""The published case as entries of the net."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from jixiao.model import Value, load_yaml
from jixiao.scoring import Net
from tests.properties.nets import whole

ROOT = Path(__file__).parents[2]
CASE = load_yaml(ROOT / "workbooks" / "specimens" / "suixi-2022" / "case.yaml")
SYSTEM: Net = whole("suixi-2022")
AWARDED: dict[str, Decimal] = dict(CASE.part("awarded"))


def facts() -> dict[str, Value]:
    """Figures and what does not apply, without any award."""
    entries: dict[str, Value] = {"封面.单位": CASE.text("unit"), "封面.年度": CASE.number("year")}
    known = SYSTEM.rubric.facts
    entries |= {name: body["value"] for name, body in CASE.part("facts").items() if name in known}
    for row, body in enumerate(CASE.parts("projects"), 1):
        entries |= {f"项目[{row}].名称": body["name"], f"项目[{row}].年初预算": body["budget"]}
        entries[f"项目[{row}].年度支出"] = body["spent"]
    for row, body in enumerate(CASE.parts("targets"), 1):
        entries |= {f"目标[{row}].名称": body["name"], f"目标[{row}].计划值": body["planned"]}
        entries[f"目标[{row}].完成值"] = body["done"]
    for title in CASE.part("not_applicable"):
        entries |= {
            key: "不适用" for key in SYSTEM.entries if key.startswith(title) and key.endswith(".适用")
        }
    return entries


def awarded(**changed: str) -> dict[str, Value]:
    """Figures and awards; ``changed`` are other awards, "" for none."""
    awards = {**AWARDED, **{title: Decimal(v) if v else None for title, v in changed.items()}}
    entries = facts()
    for title, points in awards.items():
        if points is not None and title not in CASE.part("not_applicable"):
            entries |= {f"{title}.核定分": points, f"{title}.核定理由": "核查报告"}
    return entries
