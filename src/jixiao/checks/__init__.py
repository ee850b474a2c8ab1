"""Checks (勾稽). In: facts; out: every cross-check with both sides and their sources, and a finding for each that fails."""
