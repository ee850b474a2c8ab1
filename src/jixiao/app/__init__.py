"""app: the doors. They parse, call the pipeline and print or hand back; no rule of scoring is here.

``cli`` is the command line. ``exchange`` is what a button does with the workbook that is open somewhere, ``hosts`` are
the programs and files that hold it, ``inbox`` is how a button reaches us, ``service`` is who answers, with the page on
loopback; ``addin`` puts the buttons on a machine.
"""

from jixiao.app.cli import main

__all__ = ["main"]
