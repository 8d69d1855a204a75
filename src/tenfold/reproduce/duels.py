"""Support vector machines on the first 2,000 images: one-vs-one duels, and one-vs-rest."""

from __future__ import annotations

from tenfold.reproduce.digits_of_mnist import mnist_training_part, pixel_rows
from tenfold.reproduce.figure import Job, Reference

__all__ = ["JOBS"]

_ROWS = 2000
_PRINTED = "printed in the classic text, measured with scikit-learn 1.9.1"
_SCORES = (3.79, 0.73, 6.06, 8.3, -0.29, 9.3, 1.75, 2.77, 7.21, 4.82)


def _one_vs_one() -> tuple[float, ...]:
    """Scores of image 0 for the ten classes, its answer, and the number of duels."""
    from sklearn.svm import SVC

    part = mnist_training_part().take(slice(0, _ROWS))
    pixels = pixel_rows(part)
    model = SVC(random_state=42).fit(pixels, part.labels.astype(int))
    scores = model.decision_function(pixels[:1])[0]
    duels = model.set_params(decision_function_shape="ovo").decision_function(pixels[:1]).shape[1]
    return (*scores.tolist(), float(model.predict(pixels[:1])[0]), float(duels))


def _one_vs_rest() -> tuple[float, ...]:
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import SVC

    part = mnist_training_part().take(slice(0, _ROWS))
    pixels = pixel_rows(part)
    model = OneVsRestClassifier(SVC(random_state=42)).fit(pixels, part.labels.astype(int))
    return float(len(model.estimators_)), float(model.predict(pixels[:1])[0])


JOBS = (
    Job(
        "SVC, one-vs-one, first 2,000",
        (
            *(Reference(f"score of {digit}", score, 0.005, _PRINTED) for digit, score in enumerate(_SCORES)),
            Reference("answer for image 0", 5, 0, _PRINTED),
            Reference("duels", 45, 0, _PRINTED),
        ),
        _one_vs_one,
        quick=True,
        seconds=3,
    ),
    Job(
        "SVC, one-vs-rest, first 2,000",
        (Reference("detectors", 10, 0, _PRINTED), Reference("answer for image 0", 5, 0, _PRINTED)),
        _one_vs_rest,
        quick=True,
        seconds=8,
    ),
)
