"""What may not stand in the project: paths and hosts of one machine, and notes to finish something later."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT, text_files

# written in pieces, so that this file does not find itself
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.}~-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Users)/\w",
    "a registry host": r"\b(?:py" + r"pi|npmjs|crates|rubygems|mirrors?)\.[\w-]+(?:\.[a-z]{2,})?/",
    "an address with a password": r"https?://[^\s/@:]+:[^\s/@]+@",
    "something left for later": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
    "code that is not there": r"raise NotImpl" + r"emented",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_words(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{file.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:80]}"
        for file in text_files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []
