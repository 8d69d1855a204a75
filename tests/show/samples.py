"""The runs that the report is tried on."""

from __future__ import annotations

import numpy as np
from run_folders import Answers, Made
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from tenfold.tasks import ClassTask

HOSTILE = ("<script>alert(1)</script>", "{{7*7}} \"quoted\" 'both' & <b>", "\u202eevil\u200b " + "x" * 300)


def _models():
    return {
        "knn": KNeighborsClassifier(3),
        "forest": RandomForestClassifier(40, random_state=0),
        "bayes": GaussianNB(),
        "sgd:raw": SGDClassifier(random_state=0),
    }


def _scores(model, X, k):
    if hasattr(model, "predict_proba"):
        found = model.predict_proba(X)
        return (found[:, 1] if k == 2 else found), True
    return model.decision_function(X), False


def _judged(X, y, fold, k):
    said = {
        "baseline": Answers(
            np.full(len(y), np.bincount(y).argmax()),
            np.zeros(len(y)) if k == 2 else np.eye(k)[np.full(len(y), np.bincount(y).argmax())],
        )
    }
    for name, model in _models().items():
        scores, predicted = np.zeros(len(y) if k == 2 else (len(y), k)), np.zeros(len(y), int)
        for one in range(fold.max() + 1):
            model.fit(X[fold != one], y[fold != one])
            predicted[fold == one] = model.predict(X[fold == one])
            scores[fold == one], probabilities = _scores(model, X[fold == one], k)
        said[name] = Answers(predicted, scores, probabilities)
    return said


def _folds(y, k=3):
    fold = np.zeros(len(y), int)
    for number, (_, held) in enumerate(StratifiedKFold(k).split(y, y)):
        fold[held] = number
    return fold


def digits(positive: str | None = None, **changes) -> Made:
    X, y = load_digits(return_X_y=True)
    task = ClassTask(tuple("0123456789"))
    if positive is not None:
        task, y = ClassTask((f"not {positive}", positive), positive=positive), (y == int(positive)).astype(int)
    train, test = slice(0, 1400), slice(1400, None)
    k, fold = len(task.classes), _folds(y[train])
    said = _judged(X[train], y[train], fold, k)
    model = _models()["forest"].fit(X[train], y[train])
    scores, _ = _scores(model, X[test], k)
    tested = Answers(model.predict(X[test]), scores)
    warnings = [
        "The folds differ more than chance allows (p = 4e-05): the order of the rows matters. Compare with --shuffle.",
        "2 rows stand twice in the data, with the same label.",
    ]
    made = {"task": task, "y": y[train], "answers": said, "fold": fold, "chosen": "forest", "test_y": y[test],
            "test": tested, "warnings": warnings, "failed": {"svm": "ran out of memory (limit 2.0 GiB)"}}  # fmt: skip
    return Made(**{**made, **changes})


def detector(threshold: float = 0.35, rule: str = "precision>=0.9", **changes) -> Made:
    from dataclasses import replace

    made = digits("8")
    said = {name: one if name == "baseline" else replace(one, threshold=threshold if one.probabilities else 5.0)
            for name, one in made.answers.items()}  # fmt: skip
    said["baseline"] = replace(said["baseline"], unmet="precision 0.9 is not reachable; the best is 0.0971 at recall 1")
    test = replace(made.test, threshold=threshold)
    return replace(made, answers=said, test=test, rule=rule, **changes)


def invented(
    k: int = 3, classes=HOSTILE, rows: int = 400, skill: float = 2.0, with_scores=True, seed=0, **changes
) -> Made:
    rng = np.random.default_rng(seed)
    task = ClassTask(tuple(classes[:k])) if k > 2 else ClassTask(tuple(classes[:2]), positive=classes[1])
    y, test_y = rng.integers(0, k, rows), rng.integers(0, k, rows // 4)

    def answer(y, skill):
        raw = rng.normal(size=(len(y), k)) + skill * np.eye(k)[y]
        scores = np.exp(raw) / np.exp(raw).sum(1, keepdims=True)
        given = (scores[:, 1] if k == 2 else scores) if with_scores else None
        return Answers(scores.argmax(1), given, with_scores)

    said = {
        "baseline": Answers(np.full(rows, np.bincount(y).argmax()), None, False),
        "forest": answer(y, skill),
        "knn": answer(y, 0.8 * skill),
    }
    made = {"task": task, "y": y, "answers": said, "fold": np.arange(rows) % 3, "chosen": "forest", "test_y": test_y,
            "test": answer(test_y, skill), "name": "invented", "kind": "table"}  # fmt: skip
    return Made(**{**made, **changes})
