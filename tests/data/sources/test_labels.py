"""Definitions of several labels: what they mean, and how a mistake in one is told."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data.dataset import Dataset
from tenfold.data.label_definitions.definitions import definitions_text, labelled_by
from tenfold.data.label_definitions.grammar import parse_definitions
from tenfold.data.label_definitions.truth import holds_for
from tenfold.data.sources import load
from tenfold.errors import DataError, LimitError, UsageError


def of_classes(*names):
    X = pd.DataFrame({"x": np.arange(float(len(names)))})
    return Dataset("d", "table", X, np.array(names, object), source="d.csv")


def true_for(condition, name):
    return holds_for(parse_definitions(f"label = {condition}")[0].condition, name)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("digit >= 7", "789"),
        ("digit % 2 == 1", "13579"),
        ("7 <= digit", "789"),
        ("3 <= digit < 6", "345"),
        ("not digit < 8", "89"),
        ("not (digit < 2 or digit > 7)", "234567"),
        ("digit in (3, 8,)", "38"),
        ("digit not in (3, 8) and digit > 5", "679"),
        ("digit == 1 or digit == 2 and digit == 3", "1"),
        ("(digit == 1 or digit == 2) and digit != 1", "2"),
        ("digit // 3 == 2", "678"),
        ("digit * 2 - 1 > 14", "89"),
        ("digit / 2 == 1.5", "3"),
        ("-digit + 9 == 2", "7"),
        ("digit == 2 + 3 * 2", "8"),
        ("digit > 7.5e0 AND digit != 8", "9"),
        ('digit == "3"', "3"),
        ("digit in ('1', '10')", "1"),
    ],
)
def test_conditions_mean_what_they_say(condition, names):
    assert "".join(name for name in "0123456789" if true_for(condition, name)) == names


@given(st.integers(-50, 50), st.integers(0, 50), st.integers(1, 9))
def test_arithmetic_is_pythons(a, b, c):
    texts = {f"x + {b} * {c}": a + b * c, f"x - {b} - {c}": a - b - c, f"x // {c} + x % {c}": a // c + a % c}
    for text, expected in texts.items():
        assert true_for(f"{text} == {expected}", str(a))
        assert not true_for(f"{text} == {expected} + 1", str(a))


def test_names_that_are_words_are_compared_as_text():
    data = labelled_by(of_classes("cat", "dog", "3"), "pet = kind in ('cat', 'dog'), cat = kind == 'cat'")
    assert data.y.tolist() == [[True, True], [True, False], [False, False]]


def test_the_labels_take_the_place_of_the_class():
    data = labelled_by(load("digits"), 'large = digit >= 7, "odd, too" = digit % 2 == 1')
    digit = load("digits").y.astype(int)
    assert data.target_names == ("large", "odd, too")
    assert data.y.dtype == bool
    assert np.array_equal(data.y, np.column_stack([digit >= 7, digit % 2 == 1]))
    assert data.fingerprint != load("digits").fingerprint


def test_a_file_says_the_same(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_text("# what is asked\nlarge = digit >= 7,   # with a comma\n\nodd = digit % 2 == 1\r\n")
    assert definitions_text(str(path)) == "large = digit >= 7, odd = digit % 2 == 1"


@pytest.mark.parametrize(
    ("text", "told", "at"),
    [
        ("large", "neither a definition nor a file", None),
        ("large =", "expected a number", 8),
        ("large = digit", "needs a comparison", 9),
        ("large = digit = 7", "'=='", 15),
        ("large = digit => 7", "'=='", 15),
        ("a = x > 1, a = x > 2", "defined twice", 12),
        ("a = x > 1 b = x > 2", "',' before the next label", 11),
        ("a = (x > 1", "')'", 11),
        ("a = open(x) > 1", "no function", 5),
        ("a = x > y", "two names", 9),
        ("a = x @ 1", "no part of a definition", 7),
        ("a = x == 'y", "quote that is not closed", 10),
        ("a = x.y > 1", "no part of a definition", 6),
        ("a = __import__('os')", "no function", 5),
        ("a = x and x > 1", "join comparisons", 5),
        ("a = (x > 1) + 1 > 2", "comparison stands", 8),
        ("a = x in 3", "'('", 10),
        ("a = x not 3", "'in' after 'not'", 11),
        ("in = x > 3", "name of a label", 1),
        ("'' = x > 3", "is empty", 1),
        ("a = " + "(" * 100 + "x", "deeper than 40", 45),
        ("a = " + "not " * 100 + "x > 1", "40 times 'not'", None),
        ("a = x > " + "-" * 100 + "1", "40 signs", None),
    ],
)
def test_a_mistake_points_at_its_character(text, told, at):
    with pytest.raises(UsageError, match=re.escape(told)) as refused:
        definitions_text(text)
    assert at is None or f"at character {at} " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_mistake_in_a_file_names_file_and_line(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_text("large = digit >= 7\nodd = digit % 2 = 1\n")
    with pytest.raises(UsageError, match=r"labels.txt: expected '==' to compare, at line 2, character 17"):
        definitions_text(str(path))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a = x > 1\n" * 120_000])
def test_a_file_that_is_no_list_of_definitions_is_refused(tmp_path, content):
    path = tmp_path / "labels.txt"
    path.write_bytes(content)
    with pytest.raises((UsageError, DataError, LimitError), match=r"labels\.txt"):
        definitions_text(str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = x > 1, b = x > 2", "class 'cat' is no number"),
        ("a = x == 'cat', b = x < 'dog'", "no order"),
        ("a = x == 'cat', b = 3 == 'dog'", "a number is compared with quoted text"),
        ("a = x == 'cat', b = 1 / 0 > 1", "no number results"),
        ("a = x == 'cat', b = 'y' + 1 > 1", "cannot be computed with"),
        ("a = x == 'cat'", "one label only"),
    ],
)
def test_a_definition_that_does_not_fit_the_classes_is_refused(text, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        labelled_by(of_classes("cat", "dog"), text)


def test_rows_without_a_class_or_with_several_labels_are_refused():
    with pytest.raises(DataError, match="1 rows have no label"):
        labelled_by(of_classes("1", ""), "a = x > 1, b = x > 2")
    several = labelled_by(of_classes("1", "2"), "a = x > 1, b = x > 2")
    with pytest.raises(UsageError, match="2 labels a row already"):
        labelled_by(several, "a = x > 1, b = x > 2")


@given(st.text(alphabet="ax=<>!%()'\" ,1not\n", max_size=40))
def test_no_text_makes_anything_but_definitions_or_one_line(text):
    try:
        parse_definitions(text)
    except UsageError as fault:
        assert "\n" not in str(fault)  # noqa: PT017
