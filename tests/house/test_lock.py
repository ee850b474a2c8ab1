"""requirements.lock fits pyproject.toml: what is declared is pinned within its bounds, wherever it may be installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT, project

# a backslash at the end of a line goes on to the next: a pin and its hashes are one
PINS = [
    " ".join(line.split())
    for line in re.sub(r"\\\n", " ", (ROOT / "requirements.lock").read_text("utf-8")).splitlines()
    if line and not line.lstrip().startswith("#")
]
PINNED = [Requirement(pin.partition(" --hash=")[0]) for pin in PINS]
MACHINES = [
    {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.0",
        "sys_platform": platform,
        "platform_system": system,
        "os_name": "nt" if platform == "win32" else "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for minor, (platform, system) in product(
        (11, 12, 13, 14), (("linux", "Linux"), ("win32", "Windows"), ("darwin", "Darwin"))
    )
]


def _declared() -> Iterator[Requirement]:
    """What the package itself, the extras that the Makefile installs and the build ask for."""
    about = project()
    found = re.search(r"^EXTRAS := (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found
    extras = (about["project"]["optional-dependencies"][extra] for extra in found[1].split(","))
    for lines in (about["project"]["dependencies"], about["build-system"]["requires"], *extras):
        yield from map(Requirement, lines)


@pytest.mark.parametrize("wanted", [*_declared()], ids=str)
def test_what_is_declared_is_locked_within_its_bounds(wanted: Requirement) -> None:
    for machine in MACHINES:
        if wanted.marker is None or wanted.marker.evaluate(machine):
            pins = [
                pin
                for pin in PINNED
                if canonicalize_name(pin.name) == canonicalize_name(wanted.name)
                and (pin.marker is None or pin.marker.evaluate(machine))
            ]
            where = f"Python {machine['python_version']}, {machine['sys_platform']}; run: make lock"
            assert len(pins) == 1, where
            (exact,) = pins[0].specifier
            assert exact.operator == "=="
            assert wanted.specifier.contains(exact.version), where


def test_what_is_no_longer_declared_is_no_longer_locked_for_it() -> None:
    asked, name = set(), ""
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        name = line.partition("==")[0] if "==" in line else name
        if line.endswith("jixiao (pyproject.toml)"):
            asked.add(canonicalize_name(name))
    names = {canonicalize_name(wanted.name) for wanted in _declared()}
    assert asked <= names, "run: make lock"


def test_each_pin_has_its_hashes_and_no_address() -> None:
    form = r"[\w.-]+==[\w.+!-]+( ; [^\\]+?)?( --hash=sha256:[0-9a-f]{64})+"
    assert [pin for pin in PINS if not re.fullmatch(form, pin) or "://" in pin] == []
