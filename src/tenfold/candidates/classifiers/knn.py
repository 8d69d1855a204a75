"""The five nearest training instances vote."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import Scaling, pipeline_for, with_components
from tenfold.candidates.setting import Setting

_MOST_SPLIT = 60
"""Values from which a tree rules nothing out, however many rows there are; more of them would only overflow."""


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return exact search: raw pixels, or a scaled table; ``pca`` on 50 principal components."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import KNeighborsClassifier

    scaling: Scaling = "none" if setting.traits.one_scale else "standard"
    reduced = _on_components(setting, modifiers)
    # Pixels as they are stay bytes, which are compared without rounding and fastest.
    dtype = "float32" if reduced else "uint8"
    # Threads find the same neighbours: the last fold takes the idle cores.
    model = KNeighborsClassifier(n_jobs=-1)
    return pipeline_for(setting, model, scaling=scaling, dtype=dtype, components=reduced)


def _on_components(setting: Setting, modifiers: Modifiers) -> bool:
    """Sparse rows are compared by their components: one by one they are slow, and no saved model may hold them."""
    return "pca" in modifiers or setting.traits.sparse


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """
    Return 4.5 s for 20,000 queries against 40,000 images of 784 bytes, three times that for other numbers.

    Of few values a tree rules most rows out: a query takes microseconds, half as many again for each value more.
    """
    reduced = _on_components(setting, modifiers)
    values = with_components(setting).values if reduced else setting.values
    through_all = (6e-12 if setting.traits.one_scale and not reduced else 2e-11) * rows * (values + 150)
    return queries * min(through_all, 6e-7 * 1.6 ** min(values, _MOST_SPLIT))


ENTRY = Entry(
    name="knn",
    summary="k nearest neighbours (k = 5, exact)",
    good_for="images of one size; explains itself by its neighbours",
    cost="nothing to fit, much to answer: rows x queries",
    build=build,
    seconds=seconds,
    modifiers={"pca": "on the first 50 principal components: faster, and often better on images"},
    search_space={"model__n_neighbors": (3, 4, 5), "model__weights": ("uniform", "distance")},
)
