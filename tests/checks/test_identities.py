"""Every shipped identity, as data in cases/: holds, a tail at its tolerance, fails beyond it, not checked."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from jixiao.checks import Checked, Outcome, check, load
from jixiao.model import load_yaml
from tests.checks.written_tables import Written, short_names

CASES: dict[str, Any] = {}
for _path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
    CASES.update(load_yaml(_path))
FORMS = short_names()
FILLER = "群众信访件数"
QUIET = {one.id for one in load().identities if one.quiet}


def _build(ident: str, case: dict[str, Any], change: dict[str, Any]) -> Written:
    """The case's tables with some figures changed; None takes a figure away, the table stays."""
    facts, rows = copy.deepcopy(dict(case.get("facts", {}))), copy.deepcopy(dict(case.get("rows", {})))
    for key, value in change.items():
        table, _, rest = key.partition(".")
        if key in facts:
            facts[key] = value
            continue
        kind, code, field = rest.split(".")
        found = [row for row in rows[f"{table}.{kind}"] if row["code"] == code]
        assert found, key
        found[0][field] = value
    made = Written()
    for key, value in facts.items():
        table, _, name = key.rpartition(".")
        if value is not None:
            made.fact(FORMS[ident][table] if table else "", name, value)
    for key, listed in rows.items():
        table, _, kind = key.partition(".")
        for row in listed:
            made.row(FORMS[ident][table], kind, row)
    for form in FORMS[ident].values():
        made.fact(form, FILLER, 1)
    return made


def _run(ident: str, change: dict[str, Any]) -> list[Checked]:
    made = _build(ident, CASES[ident], change)
    return [
        one
        for one in check(made.facts, made.records)
        if one.id == ident and one.title.startswith(CASES[ident]["title"])
    ]


def _only(ident: str, change: dict[str, Any]) -> Outcome:
    found = _run(ident, change)
    assert len(found) == 1, [(one.title, one.outcome, one.missing) for one in found]
    return found[0].outcome


def _changes(kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(ident, change) for ident, case in CASES.items() for change in case.get(kind, [])]


def test_every_identity_has_its_case() -> None:
    assert set(CASES) == {one.id for one in load().identities}


@pytest.mark.parametrize(("ident", "change"), [*((ident, {}) for ident in CASES), *_changes("holds")])
def test_holds(ident: str, change: dict[str, Any]) -> None:
    # a row of nothing but zeros says nothing and is not listed; what everybody expects is listed only where it fails
    if _all_zero(change) or ident in QUIET:
        assert not _run(ident, change)
    else:
        assert _only(ident, change) is Outcome.HOLDS


def _all_zero(change: dict[str, Any]) -> bool:
    return bool(change) and all(value == 0 for value in change.values())


@pytest.mark.parametrize(("ident", "change"), _changes("tail"))
def test_difference_of_exactly_the_tolerance_is_a_tail(ident: str, change: dict[str, Any]) -> None:
    assert _only(ident, change) is Outcome.TAIL if ident not in QUIET else not _run(ident, change)


@pytest.mark.parametrize(("ident", "change"), _changes("fails"))
def test_difference_beyond_the_tolerance_fails(ident: str, change: dict[str, Any]) -> None:
    assert _only(ident, change) is Outcome.FAILS


@pytest.mark.parametrize("ident", [ident for ident, case in CASES.items() if case["missing"]])
def test_figure_not_located_is_not_checked(ident: str) -> None:
    found = _run(ident, {CASES[ident]["missing"]: None})
    assert [one.outcome for one in found] == [Outcome.UNCHECKED]
    assert found[0].missing and not found[0].absent
    assert found[0].difference is None


@pytest.mark.parametrize("ident", [ident for ident, case in CASES.items() if not case["missing"]])
def test_figures_that_a_table_need_not_print_leave_nothing_to_check(ident: str) -> None:
    case = CASES[ident]
    identity = next(one for one in load().identities if one.id == ident)
    assert identity.optional | identity.together
    linked = {key: None for key in case.get("facts", {}) if key in identity.optional | identity.together}
    for key, rows in case.get("rows", {}).items():
        linked |= {
            f"{key}.{row['code']}.{name}": None
            for row in rows
            for name in row
            if name not in ("code", "name")
        }
    found = _run(ident, linked)
    assert all(one.outcome is Outcome.UNCHECKED for one in found)
