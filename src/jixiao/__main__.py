"""``python -m jixiao``: the same as the console script."""

from jixiao.app.cli import console

console()
