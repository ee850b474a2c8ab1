"""jixiao rubric parse: how a criteria text is understood, as text and as JSON; wrong --full is wrong usage."""

from __future__ import annotations

import json

import pytest

from jixiao.app import main

BANDS = "结果=100%，得4分；100%>结果≥90%，得3分；90%>结果≥80%，得2分；80%>结果≥70%得1分，结果<70%，得0分。"


def test_bands_give_points_at_values(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        ["rubric", "parse", BANDS, "--full", "4", "--at", "92.8%", "--at", "-15%", "--at", "100%", "--json"]
    )
    data = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (data["understood"], data["kind"], data["points"]) == (True, "bands", [3, 0, 4])


def test_what_is_not_understood_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rubric", "parse", "视情况酌情扣分", "--full", "3", "--at", "2"]) == 0
    shown = capsys.readouterr().out
    assert "没有读懂" in shown
    assert "疑问：" in shown


@pytest.mark.parametrize("full", ["很多", "0", "-3", "NaN", "1e9"])
def test_a_wrong_full_is_wrong_usage(full: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rubric", "parse", BANDS, f"--full={full}"]) == 2
    assert "--full" in capsys.readouterr().err
