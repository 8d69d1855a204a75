import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import DataError, LimitError, UsageError
from tenfold.task import infer_task


def text(*labels):
    return np.array(labels, dtype=object)


def test_numbers_are_ordered_as_numbers():
    assert infer_task(text("10", "2", "1")).classes == ("1", "2", "10")


def test_labels_that_differ_as_text_are_different_classes():
    assert infer_task(text("1", "01", "1.0")).classes == ("01", "1", "1.0")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=2, unique=True))
def test_encoding_and_decoding_give_the_labels_back(labels):
    y = text(*labels)
    task = infer_task(y, name="multiclass") if len(labels) > 20 else infer_task(y)
    assert task.decode(task.encode(y)).tolist() == labels


def test_fractions_are_quantities():
    assert infer_task(text(*(f"{i / 7:.3f}" for i in range(500)))).numeric


def test_too_many_whole_numbers_are_quantities_too():
    assert infer_task(text(*(str(i % 1500) for i in range(9000)))).numeric


def test_insisting_makes_numbers_classes():
    assert infer_task(text(*map(str, range(30))), name="multiclass").type == "multiclass"


def test_one_class_is_refused():
    with pytest.raises(DataError, match="one class only"):
        infer_task(text("x", "x"))


def test_too_many_classes_look_like_an_id():
    with pytest.raises(LimitError, match="looks like an id"):
        infer_task(text(*(f"id{i}" for i in range(1001))))


def test_one_class_against_the_rest():
    task = infer_task(text("0", "5", "7"), positive="5")
    assert task.classes == ("not 5", "5")
    assert task.encode(text("7", "5")).tolist() == [0, 1]


def test_positive_of_two_classes_only_changes_the_order():
    task = infer_task(text("ham", "spam"), positive="ham")
    assert task.classes == ("spam", "ham")
    assert task.one_vs_rest is None


def test_an_unknown_positive_suggests_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'setosa'"):
        infer_task(text("setosa", "virginica", "versicolor"), positive="setos")


def test_indicators_are_multilabel_and_columns_of_numbers_are_not_asked_for_as_such():
    assert infer_task(np.array([[True, False], [False, False]]), target_names=("a", "b")).type == "multilabel"
    with pytest.raises(UsageError, match=r"2 target columns of numbers.*--task quantities"):
        infer_task(np.array([[3.0, 250.0]]), name="multioutput", target_names=("p", "q"))


def test_an_unknown_label_is_named():
    with pytest.raises(DataError, match="label 'c'"):
        infer_task(text("a", "b")).encode(text("c"))
