"""hosts: what holds the workbook when a button is pressed, each able to hand over a copy and to write cells.

``program`` is a running spreadsheet program, reached into over xlwings; ``handover`` is a file that a browser
gave us; ``told`` are the cells of a workbook that a program tells us, and writes itself.
"""

from jixiao.app.hosts.areas import (
    box_of,
    boxes,
    raw_content,
    typed_value,
)
from jixiao.app.hosts.handover import Handover
from jixiao.app.hosts.program import (
    ProgramHost,
    Screen,
    Silent,
    StatusBar,
    bare_name,
    file_of,
    find_book,
    is_busy,
    press_in_program,
    running_program,
)
from jixiao.app.hosts.told import Told, plain_writes

__all__ = [
    "Handover", "ProgramHost", "Screen", "Silent", "StatusBar", "Told", "bare_name", "box_of", "boxes", "file_of",
    "find_book", "is_busy", "plain_writes", "press_in_program", "raw_content", "running_program", "typed_value",
]  # fmt: skip
