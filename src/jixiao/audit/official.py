"""Figures of the official criteria texts, in their order: an annex that quotes them has to have the same."""

from __future__ import annotations

from pathlib import Path


def official_figures(rubric: str) -> dict[str, tuple[str, ...]]:
    """Indicator id -> figures as written in its description and criteria; empty where none are kept."""
    from jixiao.model import load_yaml

    file = Path(__file__).parent / "official" / f"{rubric}.yaml"
    if not rubric.replace("-", "").isalnum() or not file.is_file():
        return {}
    return {str(ident): tuple(str(text) for text in texts) for ident, texts in load_yaml(file).items()}
