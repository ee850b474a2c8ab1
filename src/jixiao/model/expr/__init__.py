"""One expression, four readings: exact number, Excel formula, Chinese sentence, script of a page."""

from importlib import resources


def script_functions() -> str:
    """The functions that the script reading calls, as JavaScript."""
    return resources.files(__name__).joinpath("script.js").read_text("utf-8")
