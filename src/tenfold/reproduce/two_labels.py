"""Two labels for each digit, large and odd: k nearest neighbours, 3 folds in order of the rows."""

from __future__ import annotations

from tenfold.data.label_definitions.definitions import labelled_by
from tenfold.reproduce.digits_of_mnist import judged_on, mnist_training_part, pixel_rows
from tenfold.reproduce.figure import Job, Reference
from tenfold.task import infer_task

__all__ = ["JOBS"]

_LABELS = "large = digit >= 7, odd = digit % 2 == 1"
_PRINTED = "printed in the classic text, measured with scikit-learn 1.9.1"


def _mean_f1() -> tuple[float, ...]:
    training = labelled_by(mnist_training_part(), _LABELS)
    task = infer_task(training.labels, target_names=training.target_names)
    codes, result = judged_on(training, task, "knn", None)
    evaluation = task.evaluate(codes, result.predicted, result.scores, probabilities=result.probabilities)
    figures = (evaluation.metrics[name].value for name in ("f1_macro", "f1_weighted"))
    return tuple(float("nan") if value is None else value for value in figures)


def _first_answer() -> tuple[float, ...]:
    """What neighbours among all 60,000 say of image 0, a five: not large, odd."""
    from sklearn.neighbors import KNeighborsClassifier

    training = labelled_by(mnist_training_part(), _LABELS)
    pixels = pixel_rows(training)
    model = KNeighborsClassifier().fit(pixels, training.labels)
    return tuple(map(float, model.predict(pixels[:1])[0]))


JOBS = (
    Job(
        "Two labels (large, odd), k nearest neighbours, 3 folds",
        (
            Reference("F1, mean over labels", 0.976410265560605, 1e-9, _PRINTED),
            Reference("F1, mean by the labels' rows", 0.9778357403921755, 1e-9, _PRINTED),
        ),
        _mean_f1,
        quick=False,
        seconds=75,
    ),
    Job(
        "The same fitted on all 60,000",
        (
            Reference("image 0 is large", 0, 0, "printed in the classic text"),
            Reference("image 0 is odd", 1, 0, "printed in the classic text"),
        ),
        _first_answer,
        quick=False,
        seconds=5,
    ),
)
