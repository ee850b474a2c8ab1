"""A worksheet part written from nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.office import CellValue, Worksheet, sheet_xml


def test_a_fresh_sheet() -> None:
    places: dict[tuple[int, int], tuple[CellValue, int | None]]
    places = {(2, 3): ("=x", 4), (1, 1): (Decimal("1.10"), None), (2, 1): (None, 2), (2, 2): (True, None)}
    data = sheet_xml(places, merged=["A5:B6"], widths={2: 12.5}, styles={1: 9})
    made = Worksheet(data, "表")
    assert [(c.ref, c.value, c.style) for c in made.cells()] == [
        ("A1", Decimal("1.1"), 9),
        ("A2", None, 2),
        ("B2", True, 0),
        ("C2", "=x", 4),
    ]
    assert made.merged == ["A5:B6"]
    with pytest.raises(ValueError, match="overlap"):
        sheet_xml({}, merged=["A1:B2", "B2:C3"])
    with pytest.raises(ValueError, match="outside the grid"):
        sheet_xml({(0, 1): (1, None)})
