"""The lists of account titles that published forms print without their codes (forms/codes.yaml)."""

from __future__ import annotations

import functools
from importlib import resources

from jixiao.model import read_yaml


@functools.cache
def shipped_codes() -> dict[str, dict[str, str]]:
    """Title -> code for every list; a title may be printed in several ways."""
    text = resources.files("jixiao.intake").joinpath("forms", "codes.yaml").read_text("utf-8")
    return {
        name: {str(title): str(code) for code, titles in body.items() for title in titles}
        for name, body in read_yaml(text, "codes.yaml").items()
    }
