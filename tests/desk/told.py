"""A workbook file as a program tells its cells: what ``jixiao.app.hosts.Told`` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl


def told(path: Path, active: str, **more: Any) -> dict[str, Any]:
    """Names and used cells of a workbook, values and formulas apart."""
    values, formulas = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    sheets = []
    for sheet in values.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        written = {
            f"{cell.row - 1},{cell.column - 1}": cell.value
            for row in formulas[sheet.title].iter_rows()
            for cell in row
            if cell.data_type == "f" and isinstance(cell.value, str)
        }
        plain = [[v if isinstance(v, (bool, int, float, str)) else v and str(v) for v in row] for row in rows]
        sheets.append({"name": sheet.title, "row": 1, "column": 1, "values": plain, "formulas": written})
    names = {name: f"={made.attr_text}" for name, made in values.defined_names.items()}
    return {"name": path.name, "active": active, "names": names, "sheets": sheets, **more}
