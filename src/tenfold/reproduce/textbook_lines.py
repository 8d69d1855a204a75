"""Chapter 4: gradient descent, polynomials, penalties, and boundaries between irises."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.reproduce.figure import Job, Reference

__all__ = ["JOBS"]

Floats = NDArray[np.float64]

_PRINTED = "printed in the classic text's notebook, measured with scikit-learn 1.9.1"
_SEEDED = f"{_PRINTED}; the text itself prints those of a draw without a seed"
_NORMAL = "what the normal equation gives"
_DESCENT: dict[str, Any] = {"batch_size": "all", "learning_rate": "constant", "tol": None, "random_state": 42}


def _line() -> tuple[Floats, Floats]:
    """A hundred points about 4 + 3 x."""
    random = np.random.RandomState(42)
    X = 2 * random.rand(100, 1)
    return X, (4 + 3 * X + random.randn(100, 1))[:, 0]


def _curve() -> tuple[Floats, Floats]:
    """A hundred points about x² / 2 + x + 2, with x² as a second column."""
    random = np.random.RandomState(42)
    X = 6 * random.rand(100, 1) - 3
    return np.hstack([X, X**2]), (0.5 * X**2 + X + 2 + random.randn(100, 1))[:, 0]


def _few_points() -> tuple[Floats, Floats]:
    """Twenty points about 1 + x / 2."""
    random = np.random.RandomState(42)
    X = 3 * random.rand(20, 1)
    return X, (1 + 0.5 * X + random.randn(20, 1) / 1.5)[:, 0]


def _normal_equation() -> tuple[float, ...]:
    from tenfold.models import MomentsRegression

    return _weights(MomentsRegression().fit(*_line()))


def _descents() -> tuple[float, ...]:
    """All rows a step, 20, and one; steps of 20 and of one get shorter."""
    from tenfold.models import SGDRegressor

    shorter: dict[str, Any] = {
        "penalty": None,
        "tol": None,
        "random_state": 42,
        "learning_rate": "invscaling",
        "power_t": 0.6,
    }
    models = (
        SGDRegressor(penalty=None, eta0=0.2, max_iter=1000, **_DESCENT),
        SGDRegressor(batch_size=20, eta0=0.5, max_iter=1000, **shorter),
        SGDRegressor(eta0=0.2, max_iter=1000, **shorter),
    )
    return tuple(figure for model in models for figure in _weights(model.fit(*_line())))


def _divergence() -> tuple[float, ...]:
    """A step of half a slope, in the text's terms; ours is of half the squares, so that the same step is twice that."""
    from sklearn.exceptions import ConvergenceWarning

    from tenfold.models import SGDRegressor

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        SGDRegressor(penalty=None, eta0=1.0, max_iter=30, **_DESCENT).fit(*_line())
    return (float(any("the learning rate 1 diverges" in str(one.message) for one in caught)),)


def _polynomial() -> tuple[float, ...]:
    from tenfold.models import MomentsRegression

    return _weights(MomentsRegression().fit(*_curve()))


def _penalties() -> tuple[float, ...]:
    """Ridge from moments, and lasso and elastic net by steps that pull weights to 0; each at 1.5."""
    from tenfold.models import MomentsRegression, SGDRegressor

    options: dict[str, Any] = {"alpha": 0.1, "eta0": 0.3, "max_iter": 2000, **_DESCENT}
    models = (
        MomentsRegression(1.0),
        SGDRegressor(penalty="l1", **options),
        SGDRegressor(penalty="elasticnet", l1_ratio=0.5, **options),
    )
    return tuple(float(model.fit(*_few_points()).predict([[1.5]])[0]) for model in models)


def _irises() -> tuple[float, ...]:
    """Where one species is likelier than not by the width of a petal, and the three by length and width."""
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    irises = load_iris()
    one = LogisticRegression(tol=1e-10).fit(irises.data[:, 3:], irises.target == 2)
    three = LogisticRegression(C=10, tol=1e-12, max_iter=10_000).fit(irises.data[:, 2:], irises.target)
    flower = np.array([[5.0, 2.0]])
    boundary = -float(one.intercept_[0]) / float(one.coef_[0, 0])
    return boundary, float(three.predict(flower)[0]), *three.predict_proba(flower)[0].tolist()


def _weights(model: Any) -> tuple[float, ...]:
    return (float(np.ravel(model.intercept_)[0]), *map(float, model.coef_))


def _both(name: str, tolerance: float) -> tuple[Reference, Reference]:
    return (
        Reference(f"{name}: offset", 4.215096157546747, tolerance, _NORMAL),
        Reference(f"{name}: slope", 2.770113386438484, tolerance, _NORMAL),
    )


JOBS = (
    Job(
        "Chapter 4, a hundred points about 4 + 3 x: the normal equation",
        (
            Reference("offset", 4.21509616, 1e-8, _SEEDED),
            Reference("slope", 2.77011339, 1e-8, _SEEDED),
        ),
        _normal_equation,
        quick=True,
        seconds=1,
    ),
    Job(
        "Chapter 4, the same by gradient descent",
        (*_both("all rows a step", 1e-9), *_both("20 rows a step", 0.02), *_both("one row a step", 0.02)),
        _descents,
        quick=True,
        seconds=1,
    ),
    Job(
        "Chapter 4, steps that are too long",
        (Reference("told that the learning rate diverges", 1, 0, "the classic text: it diverges"),),
        _divergence,
        quick=True,
        seconds=1,
    ),
    Job(
        "Chapter 4, a hundred points about x² / 2 + x + 2: polynomial regression",
        (
            Reference("offset", 1.78134581, 1e-8, _SEEDED),
            Reference("weight of x", 0.93366893, 1e-8, _SEEDED),
            Reference("weight of x²", 0.56456263, 1e-8, _SEEDED),
        ),
        _polynomial,
        quick=True,
        seconds=1,
    ),
    Job(
        "Chapter 4, twenty points about 1 + x / 2: penalties, predictions at 1.5",
        (
            Reference("ridge, alpha 1", 1.5507146455432228, 1e-9, _SEEDED),
            Reference("lasso, alpha 0.1", 1.5378817442675206, 1e-9, _SEEDED),
            Reference("elastic net, alpha 0.1, half of it L1", 1.5433323205813605, 1e-9, _SEEDED),
        ),
        _penalties,
        quick=True,
        seconds=1,
    ),
    Job(
        "Chapter 4, irises: logistic regression by the width of a petal; softmax by length and width, C = 10",
        (
            Reference("Virginica from this width on, cm", 1.6, 0.1, "about 1.6 in the classic text"),
            Reference("class of a petal of 5 x 2 cm", 2, 0, _PRINTED),
            Reference("probability of class 0", 6.38014896e-07, 1e-11, _PRINTED),
            Reference("probability of class 1", 5.74929995e-02, 1e-6, _PRINTED),
            Reference("probability of class 2", 9.42506362e-01, 1e-6, _PRINTED),
        ),
        _irises,
        quick=True,
        seconds=1,
    ),
)
