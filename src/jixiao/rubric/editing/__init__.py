"""A rubric as an editable workbook and back: ``export_rubric`` writes it, ``import_edited`` reads it to the same definition."""

from __future__ import annotations

from jixiao.rubric.editing.read import import_edited
from jixiao.rubric.editing.write import export_rubric

__all__ = ["export_rubric", "import_edited"]
