"""Every figure of a denoising run in one place: its value, its interval and how that was computed, its folds, its n."""

from __future__ import annotations

from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.sections.verdict.figures import FigureTable, figure_table
from tenfold.text import shown

__all__ = ["figures_view"]


def figures_view(content: DenoiseContent) -> tuple[FigureTable, ...]:
    """Lay out all figures: the chosen candidate beside the test part, then the others without single classes."""
    tables = [figure_table(shown(content.chosen, 40), content.judged, content.metrics["test"], content.metrics)]
    for name, entry in content.metrics["candidates"].items():
        if name != content.chosen:
            pooled = {key: one for key, one in entry["out_of_fold"].items() if ":" not in key}
            test = content.metrics["test_baseline"] if name == "baseline" else None
            tables.append(figure_table(shown(name, 40), pooled, test, content.metrics))
    return tuple(tables)
