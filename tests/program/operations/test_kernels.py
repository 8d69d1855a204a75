"""Kernel machines: the program predicts as the pipeline, ties and margins that cancel to 0 included."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tenfold import models
from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Matrix
from tests.program.operations.test_linear import fit, rows
from tests.program.proof import SINGLE, assert_same_classes, assert_same_labels

OWN = models.GaussianSVC
MACHINES = {
    "own": OWN(),
    "own-narrow": OWN(C=100.0, gamma=0.5, class_weight="balanced"),
    "own-votes": OWN(break_ties=False),
    "rbf": SVC(),
    "rbf-ties": SVC(break_ties=True),
    "poly": SVC(kernel="poly"),
    "poly-2": SVC(kernel="poly", degree=2, coef0=1.0, gamma="auto", break_ties=True),
    "linear": SVC(kernel="linear"),
    "sigmoid": SVC(kernel="sigmoid", coef0=0.1),
    "rest-own": OneVsRestClassifier(OWN()),
    "rest": OneVsRestClassifier(SVC()),
}


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_predicts_as_its_pipeline(name: str, classes: int) -> None:
    for seed in range(3):
        X, y = rows(seed, classes)
        assert_same_classes(fit(make_pipeline(StandardScaler(), MACHINES[name]), X[:-30], y[:-30]), X, classes)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 2, 3)])
def test_classes_that_were_absent(name: str, present: tuple[int, ...]) -> None:
    X, y = rows(6, 4)
    some = np.isin(y, present)
    assert_same_classes(fit(make_pipeline(StandardScaler(), MACHINES[name]), X[some], y[some]), X, 4)


@pytest.mark.parametrize("name", MACHINES)
def test_single_precision(name: str) -> None:
    X, y = rows(7, 3, np.float32)
    assert_same_classes(fit(make_pipeline(StandardScaler(), MACHINES[name]), X, y), X, 3, SINGLE)


@pytest.mark.parametrize("name", ["own", "own-votes", "rbf", "rbf-ties", "poly", "linear"])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_margins_that_cancel_are_decided_as_before(name: str, classes: int) -> None:
    """Classes at the corners of a square, and rows on its lines of symmetry."""
    corners = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])[:classes]
    axis = np.linspace(-3, 3, 13)
    X = np.concatenate([corners, *(np.column_stack(pair) for pair in ((axis, axis), (axis, -axis), (axis, axis * 0)))])
    assert_same_classes(fit(make_pipeline(MACHINES[name]), corners, np.arange(classes)), X, classes)


def test_rows_far_from_all_vectors() -> None:
    X, y = rows(8, 3)
    pipeline = fit(make_pipeline(OWN(gamma=0.1)), X, y)
    far = np.concatenate([X, X * 1e3, X + 1e6, X * 1e150])
    assert_same_classes(pipeline, far, 3)


def test_several_labels_have_a_machine_each() -> None:
    X, y = rows(8, 3)
    Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0]).astype(np.int64)
    assert_same_labels(fit(make_pipeline(StandardScaler(), OneVsRestClassifier(OWN())), X, Y), X, 3)
    assert_same_labels(fit(make_pipeline(StandardScaler(), OneVsRestClassifier(SVC())), X, Y), X, 3)


@pytest.mark.parametrize("classes", [10, 2])
def test_digits_as_pixels_are_multiplied_as_bytes(classes: int) -> None:
    images, y = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8).astype(np.uint8)
    y = y if classes == 10 else (y == 5).astype(np.int64)
    larger = np.repeat(np.repeat(images, 3, axis=1), 3, axis=2)
    for X in (larger, larger * 15, images):
        for unit, dtype in ((False, "float64"), (False, "uint8"), (True, "float64"), (True, "float32")):
            pipeline = fit(make_pipeline(FlattenPixels(unit=unit, dtype=dtype), OWN()), X[:500], y[:500])
            program = assert_same_classes(pipeline, X, classes, SINGLE if dtype == "float32" else 1e-12)
            machine = next(step for step in program.steps if step.operation == "kernel_machine")
            assert machine.arrays["vectors"].dtype == np.uint8
    assert_same_classes(fit(make_pipeline(FlattenPixels(), PCA(20), SVC()), images[:900], y[:900]), images, classes)


@pytest.mark.parametrize("kernel", ["rbf", "poly", "linear", "sigmoid"])
@pytest.mark.parametrize("classes", [2, 4])
def test_a_sample_of_rows_stands_for_all(kernel: str, classes: int) -> None:
    for seed in range(3):
        X, y = rows(seed, classes)
        sample = Nystroem(kernel=kernel, n_components=20, random_state=seed)
        assert_same_classes(fit(make_pipeline(StandardScaler(), sample, LogisticRegression()), X, y), X, classes)


def test_a_sample_of_rows_with_parameters_of_its_kernel() -> None:
    X, y = rows(4, 3)
    sample = Nystroem(kernel="poly", gamma=0.2, coef0=2, degree=2, n_components=9, random_state=0)
    assert_same_classes(fit(make_pipeline(StandardScaler(), sample, SGDClassifier(random_state=1)), X, y), X, 3)


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (SVC(probability=True), "probability=True"),
        (SVC(kernel=lambda a, b: a @ b.T), "a kernel of a user's own"),
        (SVC(decision_function_shape="ovo"), "a score for each pair"),
        (OWN(decision_function_shape="ovo"), "a score for each pair"),
    ],
)
def test_what_is_not_lowered_is_said(model: object, what: str) -> None:
    X, y = rows(6, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = make_pipeline(model).fit(X, y)
    with pytest.raises(NotLoweredError, match=what):
        lower_classes(pipeline, Matrix("float64", 6), 3)


def arrays(classes: int = 3) -> dict[str, np.ndarray]:
    return {
        "vectors": np.ones((classes, 2)),
        "coefficients": np.ones((classes - 1, classes)),
        "counts": np.ones(classes, np.int64),
        "intercept": np.zeros(classes * (classes - 1) // 2),
    }


PARAMETERS = {"kernel": "gaussian", "gamma": 1.0, "coef0": 0.0, "degree": 3, "divisor": 1.0}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"counts": np.array([1, 1, 2])}, "support vectors .* of other classes"),
        ({"counts": np.array([3])}, "coefficients .* of other classes"),
        ({"counts": np.array([4, -1, 0])}, "holds -1, under 0"),
        ({"intercept": np.zeros(4)}, "of other pairs"),
        ({"coefficients": np.ones((3, 3))}, "of other classes"),
        ({"coefficients": np.full((2, 3), np.inf)}, "no number"),
        ({"vectors": np.ones((4, 2))}, "a size is"),
        ({"vectors": np.zeros((0, 2)), "coefficients": np.zeros((2, 0)), "counts": np.zeros(3, np.int64)}, "of other"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, np.ndarray], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        find_operation("kernel_machine").check((Matrix("float64", 2),), PARAMETERS, arrays() | change)


@pytest.mark.parametrize("kernel", ["gaussian", "polynomial", "linear", "sigmoid"])
def test_scores_stay_finite_whatever_overflows(kernel: str) -> None:
    big = arrays() | {
        "vectors": np.array([[1e200, 1e200], [-1e200, 1e200], [0, 1e308]]),
        "coefficients": 1e308 * np.ones((2, 3)),
    }
    parameters = PARAMETERS | {"kernel": kernel, "gamma": 1e100, "coef0": 1e308, "degree": 999}
    operation = find_operation("kernel_machine")
    part, _ = operation.check((Matrix("float64", 2),), parameters, big)
    margins = operation.bind(part)(np.array([[1e308, -1e308], [np.inf, 1.0], [np.nan, 0.0], [0.0, 0.0]]))
    assert np.isfinite(margins).all()
    scores = find_operation("pair_scores")
    part, _ = scores.check((Matrix("float64", 3), find_operation("above").result(PART)), {}, {})
    assert np.isfinite(scores.bind(part)(margins, (margins > 0).astype(np.int64))).all()


class PART:
    inputs = (Matrix("float64", 3),)


def test_a_machine_is_run_without_scikit_learn() -> None:
    code = (
        "import sys, numpy as np\n"
        "from tenfold.program.operations import find_operation\n"
        "from tenfold.program.values import Matrix\n"
        "op = find_operation('kernel_machine')\n"
        "arrays = {'vectors': np.eye(2), 'coefficients': np.ones((1, 2)), 'counts': np.array([1, 1]),"
        " 'intercept': np.zeros(1)}\n"
        "parameters = {'kernel': 'gaussian', 'gamma': 1.0, 'coef0': 0.0, 'degree': 0, 'divisor': 1.0}\n"
        "part, _ = op.check((Matrix('float64', 2),), parameters, arrays)\n"
        "op.bind(part)(np.array([[1e9, 0.0], [0.0, 0.0]]))\n"
        "print([name for name in ('numba', 'sklearn', 'scipy', 'pandas', 'joblib') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
