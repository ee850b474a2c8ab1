"""One expression, four readings: exact number, Excel formula, Chinese sentence, script of a page."""

from pathlib import Path


def script_functions() -> str:
    """The functions that the script reading calls, as JavaScript."""
    return Path(__file__).with_name("script.js").read_text("utf-8")
