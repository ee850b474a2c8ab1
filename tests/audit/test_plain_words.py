"""True sentences are never called wrong; plain false ones are found. The sentences are data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from jixiao.audit import Audit, KnownValues, Outcome
from tests.audit.mutations import DATA, audited

SENTENCES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(DATA / "plain-words.yaml").read_text("utf-8")
)
WRONG = ("J752", "J753", "J754", "J755", "J759", "J766", "J767")
TITLES = {
    "suixi": "2022年遂溪县招商局部门整体支出绩效核查报告",
    "changli": "昌黎县招商中心2023年度整体绩效自评工作报告",
}


def cases(kind: str) -> list[tuple[str, str]]:
    """(case, sentence) of a kind."""
    return [(case, text) for case, kinds in SENTENCES.items() for text in kinds[kind]]


def audit_of(case: str, text: str, request: Any) -> Audit:
    """The audit of one sentence below the title of its report."""
    known: KnownValues = request.getfixturevalue(f"{case}_known")
    return audited(f"{TITLES[case]}\n\n一、情况\n\n{text}", known)


def wrong(made: Audit) -> list[str]:
    """What is said to be wrong."""
    said = [f"{item.figure.shown}: {item.subject} {item.value}" for item in made.of(Outcome.DISAGREES)]
    return said + [finding.line() for finding in made.findings if finding.code in WRONG]


@pytest.mark.parametrize(("case", "text"), cases("true"))
def test_a_true_sentence_is_not_called_wrong(case: str, text: str, request: pytest.FixtureRequest) -> None:
    assert wrong(audit_of(case, text, request)) == []


@pytest.mark.parametrize(("case", "text"), cases("false"))
def test_a_false_sentence_is_found(case: str, text: str, request: pytest.FixtureRequest) -> None:
    assert wrong(audit_of(case, text, request))


@pytest.mark.parametrize("case", ["suixi", "changli"])
def test_true_sentences_together_do_not_contradict_each_other(
    case: str, request: pytest.FixtureRequest
) -> None:
    assert wrong(audit_of(case, "\n\n".join(SENTENCES[case]["true"]), request)) == []
