import numpy as np
import pandas as pd
import pytest

from tenfold.data.sources import from_arrays
from tenfold.errors import DataError


def test_images_in_their_usual_shapes():
    assert from_arrays(np.zeros((2, 4, 5), np.uint8)).image_shape == (4, 5)
    assert from_arrays(np.zeros((2, 4, 5, 1), np.uint8)).image_shape == (4, 5)
    assert from_arrays(np.zeros((2, 4, 5, 3))).image_shape == (4, 5, 3)


def test_a_data_frame_keeps_numbers_and_turns_the_rest_to_text():
    frame = pd.DataFrame(
        {
            "i": pd.array([1, None], "Int64"),
            "f": [0.5, np.nan],
            "b": [True, False],
            "c": pd.Categorical(["u", None]),
            "s": ["x", None],
        },
        index=[7, 9],
    )
    X = from_arrays(frame, ["a", "b"]).X
    assert X.dtypes.astype(str).tolist() == ["float64", "float64", "object", "object", "object"]
    assert X["b"].tolist() == ["True", "False"]
    assert X["c"].tolist() == ["u", None]
    assert X["s"].tolist() == ["x", None]


@pytest.mark.parametrize(
    ("y", "text"),
    [
        ([1, 2], ["1", "2"]),
        (np.array([1.0, np.nan]), ["1.0", ""]),
        ([True, False], ["True", "False"]),
        (["01", None], ["01", ""]),
        (pd.Series(["a", pd.NA]), ["a", ""]),
        ([1, "b"], ["1", "b"]),
        (pd.Series([1, 2], dtype="category"), ["1", "2"]),
        (np.array([b"a", b"b"]), ["a", "b"]),
    ],
)
def test_labels_become_text(y, text):
    assert from_arrays(np.ones((2, 2)), y).y.tolist() == text


def test_two_dimensions_are_several_targets():
    assert from_arrays(np.ones((2, 2)), [[0, 1], [1, 0]]).y.dtype == bool
    data = from_arrays(np.ones((2, 2)), np.array([[0.5, 1], [2, 0]]))
    assert data.y.dtype == np.float64
    assert data.target_names == ("y0", "y1")


@pytest.mark.parametrize(
    ("X", "y"),
    [
        (np.ones((2, 2)), [1, 2, 3]),
        (np.ones((0, 2)), []),
        (np.ones((2, 0)), [1, 2]),
        (np.ones(3), [1, 2, 3]),
        (np.array([["a", "b"]]), [1]),
        (np.array([[{}, []]], dtype=object), [1]),
        (np.full((2, 3, 3), -1), [1, 2]),
        (np.full((2, 3, 3), np.nan), [1, 2]),
        (np.zeros((2, 3, 3, 4), np.uint8), [1, 2]),
        (np.ones((2, 2)), [[1, np.nan], [0, 1]]),
        (np.ones((2, 2)), np.zeros((2, 2, 2))),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), [1]),
    ],
)
def test_what_does_not_fit_is_refused(X, y):
    with pytest.raises(DataError, match=r"^arrays: "):
        from_arrays(X, y)


def test_feature_names_must_fit():
    with pytest.raises(DataError, match="feature_names"):
        from_arrays(np.ones((2, 2)), feature_names=["a"])
