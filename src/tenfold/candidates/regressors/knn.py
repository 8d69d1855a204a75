"""The mean of the nearest training instances."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from tenfold.candidates.classifiers import knn
from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import Scaling, pipeline_for
from tenfold.candidates.setting import Setting

_NEIGHBOURS = 10


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return exact search on values of one scale: the nearest count alike, or by one over their distance."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import KNeighborsRegressor

    weights = "distance" if "distance" in modifiers else "uniform"
    scaling: Scaling = "none" if setting.traits.one_scale else "standard"
    model = KNeighborsRegressor(n_neighbors=min(_NEIGHBOURS, max(setting.rows // 4, 1)), weights=weights, n_jobs=-1)
    reduced = "pca" in modifiers or setting.traits.sparse
    return pipeline_for(setting, model, scaling=scaling, dtype="float64", components=reduced)


ENTRY = Entry(
    name="knn",
    summary=f"mean of the k nearest neighbours (k = {_NEIGHBOURS}, exact)",
    good_for="few columns; explains itself by its neighbours",
    cost="nothing to fit, much to predict: rows x queries",
    build=build,
    seconds=knn.seconds,
    modifiers={
        "distance": "each neighbour counts by one over its distance",
        "pca": "on the first 50 principal components",
    },
    search_space={"model__n_neighbors": (3, 5, 10, 20), "model__weights": ("uniform", "distance")},
)
"""Nearest neighbours."""
