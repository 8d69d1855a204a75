"""Naive Bayes on numbers and categories."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import encoded_pipeline
from tenfold.candidates.setting import Setting
from tenfold.models import MixedNaiveBayes


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return normal distributions of numbers and frequencies of categories; what is missing counts for nothing."""
    return encoded_pipeline(setting, MixedNaiveBayes(categorical=list(setting.traits.coded(setting.layout)) or None))


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return the time of one pass over the rows, and of a sum a class for each query."""
    return 0.05 + 1e-8 * setting.values * (rows + setting.classes * queries)


ENTRY = Entry(
    name="bayes",
    summary="naive Bayes: a normal distribution a number, a frequency a category",
    good_for="few rows, many gaps, a quick first look",
    cost="a moment; the saved model is tiny",
    build=build,
    seconds=seconds,
    search_space={"model__var_smoothing": (1e-9, 1e-3, 1e-1), "model__alpha": (0.1, 1.0, 10.0)},
)
