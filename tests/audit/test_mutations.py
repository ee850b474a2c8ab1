"""Twenty figures of a report changed at random: at least 18 are found, with at most one false alarm."""

from __future__ import annotations

import pytest

from jixiao.audit import KnownValues
from tests.audit.mutations import audited, judge

SEEDS = range(5)


@pytest.mark.parametrize("pool", ["all", "measured"])
@pytest.mark.parametrize("seed", SEEDS)
def test_changed_figures_of_the_suixi_report(
    suixi_text: str, suixi_known: KnownValues, pool: str, seed: int
) -> None:
    missed, false = judge(suixi_text, suixi_known, audited(suixi_text, suixi_known), seed, pool)
    assert len(missed) <= 2, missed
    assert len(false) <= 1, [item.data() for item in false]


@pytest.mark.parametrize("pool", ["all", "measured"])
@pytest.mark.parametrize("seed", SEEDS)
def test_changed_figures_of_the_changli_report(
    changli_text: str, changli_known: KnownValues, pool: str, seed: int
) -> None:
    missed, false = judge(changli_text, changli_known, audited(changli_text, changli_known), seed, pool)
    assert len(missed) <= 2, missed
    assert len(false) <= 1, [item.data() for item in false]
