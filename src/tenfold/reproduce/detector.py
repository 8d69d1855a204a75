"""The 5-detector: SGD and a forest against never answering 5."""

from __future__ import annotations

import numpy as np

from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.reproduce.digits_of_mnist import FOLDS, judged, mnist_training_part, pixel_rows
from tenfold.reproduce.figure import Job, Reference
from tenfold.tasks import ClassTask

__all__ = ["JOBS"]

_TASK = ClassTask(("not 5", "5"), "5", "5")
_PRINTED = "printed in the classic text, measured with scikit-learn 1.9.1"
_MEASURED = "measured with scikit-learn 1.9.1"


def _first_score() -> tuple[float, ...]:
    """Fit on all 60,000 raw images, score the first."""
    from sklearn.linear_model import SGDClassifier

    training = mnist_training_part()
    pixels = pixel_rows(training)
    model = SGDClassifier(random_state=42).fit(pixels, training.labels == "5")
    return tuple(model.decision_function(pixels[:1]).tolist())


def _never_five() -> tuple[float, ...]:
    """Folds in plain thirds, as scikit-learn cuts them for something that is no classifier."""
    from sklearn.model_selection import KFold

    fives = mnist_training_part().labels == "5"
    return tuple(float((~fives[held]).mean()) for _, held in KFold(FOLDS).split(fives))


def _sgd() -> tuple[float, ...]:
    codes, result = judged("sgd:raw", positive="5")
    found = _TASK.evaluate(codes, result.predicted, result.scores, probabilities=result.probabilities, fold=result.fold)
    figures = (found.metrics[name].value for name in ("precision", "recall", "f1", "roc_auc"))
    folds = found.metrics["accuracy"].folds
    return _numbers(*folds, *found.confusion_matrix.ravel().tolist(), *figures)


def _sgd_threshold() -> tuple[float, ...]:
    codes, result = judged("sgd:raw", positive="5")
    rule = parse_rule("precision>=0.9")
    decision = choose_decision(rule, codes, result.scores, probabilities=result.probabilities, classes=_TASK.classes)
    predicted = decision.apply(result.scores, result.predicted)
    found = _TASK.evaluate(codes, predicted, result.scores, probabilities=result.probabilities)
    return _numbers(decision.threshold, found.metrics["precision"].value, found.metrics["recall"].value)


def _forest() -> tuple[float, ...]:
    codes, result = judged("forest", positive="5")
    if result.scores is None:
        raise ValueError("the forest gives probabilities")
    own = _TASK.evaluate(codes, result.predicted, result.scores, probabilities=True)
    at_half = _TASK.evaluate(codes, (result.scores >= 0.5).astype(np.int64), result.scores, probabilities=True)
    return _numbers(
        result.scores[0],
        result.scores[1],
        own.metrics["roc_auc"].value,
        at_half.metrics["f1"].value,
        own.metrics["precision"].value,
        own.metrics["recall"].value,
    )


def _numbers(*values: float | None) -> tuple[float, ...]:
    return tuple(float("nan") if value is None else float(value) for value in values)


JOBS = (
    Job(
        "Always 'not 5'",
        (
            Reference("accuracy, fold 1", 0.91125, 1e-9, "printed in the classic text"),
            Reference("accuracy, fold 2", 0.90855, 1e-9, "printed in the classic text"),
            Reference("accuracy, fold 3", 0.90915, 1e-9, "printed in the classic text"),
        ),
        _never_five,
        quick=True,
        seconds=1,
    ),
    Job(
        "5-detector, SGD on raw pixels, 3 folds",
        (
            Reference("accuracy, fold 1", 0.95035, 1e-9, _PRINTED),
            Reference("accuracy, fold 2", 0.96035, 1e-9, _PRINTED),
            Reference("accuracy, fold 3", 0.9604, 1e-9, _PRINTED),
            Reference("true negatives", 53892, 0, _PRINTED),
            Reference("false positives", 687, 0, _PRINTED),
            Reference("false negatives", 1891, 0, _PRINTED),
            Reference("true positives", 3530, 0, _PRINTED),
            Reference("precision", 0.8370879772350012, 1e-12, _PRINTED),
            Reference("recall", 0.6511713705958311, 1e-12, _PRINTED),
            Reference("F1", 0.7325171197343846, 1e-12, _PRINTED),
            Reference("area under the ROC curve", 0.9604938554008616, 1e-9, _PRINTED),
        ),
        _sgd,
        quick=True,
        seconds=20,
    ),
    Job(
        "The same at precision >= 0.9",
        (
            Reference("lowest threshold", 3370.0194991439557, 1e-6, "printed in the classic text"),
            Reference("precision there", 0.9000345901072293, 1e-12, "printed in the classic text"),
            Reference("recall there", 0.4799852425751706, 1e-12, "printed in the classic text"),
        ),
        _sgd_threshold,
        quick=True,
        seconds=1,
    ),
    Job(
        "5-detector, random forest, 3 folds",
        (
            Reference("probability of image 0", 0.89, 1e-9, _PRINTED),
            Reference("probability of image 1", 0.01, 1e-9, _PRINTED),
            Reference("area under the ROC curve", 0.9983436731328145, 1e-6, _PRINTED),
            Reference("F1 at probability >= 0.5", 0.9274509803921569, 1e-12, _PRINTED),
            Reference("precision as predict does", 0.9905083315756169, 1e-12, _PRINTED),
            Reference("recall as predict does", 0.8662608374838591, 1e-12, _PRINTED),
        ),
        _forest,
        quick=True,
        seconds=35,
    ),
    Job(
        "5-detector fitted on all 60,000",
        (Reference("score of image 0", 2164.22030239, 1e-6, _PRINTED),),
        _first_score,
        quick=False,
        seconds=20,
    ),
)
