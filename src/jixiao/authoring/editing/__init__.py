"""A rubric as an editable workbook and back.

``export_rubric`` writes it, ``import_edited`` reads it to the same definition, ``read_edited`` to a rubric with
its cells, ``is_edited`` tells such a workbook.
The writer library is imported only where a workbook is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.authoring.editing.read import import_edited, is_edited, read_edited

if TYPE_CHECKING:
    from jixiao.rubric import Rubric

__all__ = ["export_rubric", "import_edited", "is_edited", "read_edited"]


def export_rubric(rubric: Rubric) -> bytes:
    """The rubric as a workbook, in bytes."""
    from jixiao.authoring.editing.write import export_rubric as write

    return write(rubric)
