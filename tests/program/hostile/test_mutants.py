"""A sample of changed programs; all of them are tried by ``python -m tests.program.hostile.mutants --count 5000``."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.program.hostile.mutants import HARM, missing, run
from tests.program.hostile.programs import programs

SAMPLED = (
    *(
        "digits-sgd-own-averaged",
        "two-forest",
        "absent-logistic",
        "single-linear-svm",
        "images-sgd-ovr",
        "two-sgd-huber",
    ),
    *("labels-logistic", "digits-own-knn-distance", "digits-own-svm", "digits-nystroem", "only-linear-svm"),
    *("table-one-hot", "table-target", "noisy-knn", "noisy-median"),
)


def test_a_sample_of_mutants_is_refused_or_predicts_finite_scores_of_known_classes() -> None:
    results = run(programs(SAMPLED), 200, 7)
    counts = Counter(result["outcome"] for result in results)
    assert not [result for result in results if result["outcome"] in (*HARM, "unforeseen")]
    assert counts["refused"] >= 60
    assert counts["harmless"] >= 10  # or the sample would test nothing but refusals


@pytest.mark.slow
def test_no_mutant_of_any_operation_does_harm() -> None:
    lowered = programs()
    assert not missing(lowered)
    results = run(lowered, 5_000, 2026)
    assert not [result for result in results if result["outcome"] in (*HARM, "unforeseen")]
