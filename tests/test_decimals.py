"""One rule of digits: figures that stand together have the same number of decimals, and more only where they must."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tenfold.decimals import POINTS, RATE, SCORE, column_texts, figure_texts, percent

SHARES = st.floats(0, 1)
ROWS = st.lists(st.tuples(SHARES, SHARES, SHARES).map(lambda ends: (sorted(ends)[1], min(ends), max(ends))), min_size=1)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def decimals(text):
    return {len(number.partition(".")[2]) for number in NUMBER.findall(text)}


@given(ROWS)
def test_a_value_and_both_its_ends_have_the_decimals_of_the_column(rows):
    texts = [part for text in column_texts(RATE, rows) for part in (text.value, text.interval)]
    assert len(set().union(*map(decimals, texts))) == 1


@given(ROWS, st.sampled_from([RATE, SCORE]))
def test_ends_that_differ_in_six_decimals_read_differently(rows, unit):
    for text, (_, low, high) in zip(column_texts(unit, rows), rows, strict=True):
        ends = text.interval.split(" to ")
        assert ends == ["no width"] or len(set(ends)) == 2
        if ends == ["no width"]:
            assert unit.scale * (high - low) < 1.001e-6 or len(rows) > 1


@given(ROWS, st.sampled_from([RATE, SCORE]))
def test_nothing_else_reads_as_nothing_or_as_all(rows, unit):
    for text, (value, _, _) in zip(column_texts(unit, rows), rows, strict=True):
        number = NUMBER.search(text.value)[0]
        if value not in {0.0, 1.0} and text.value[0] not in "<>":
            assert float(number) not in {0.0, unit.scale}


@given(ROWS)
def test_there_are_no_more_decimals_than_one_figure_needs(rows):
    longest = decimals(column_texts(RATE, rows)[0].value).pop()
    alone = [decimals(column_texts(RATE, [row])[0].value).pop() for row in rows]
    assert longest >= max(alone) if longest < 6 else True
    assert longest > 1 or max(alone) == 1


def test_units_that_stand_in_one_table_keep_their_own_decimals():
    found = figure_texts([("accuracy", {"value": 0.9651}), ("roc_auc", {"value": 0.98765}), ("f1", {"value": 0.9996})])
    assert [one.value for one in found] == ["96.51 %", "0.988", "99.96 %"]


def test_what_the_strangers_saw_is_not_ragged():
    tied = {"value": 0.981, "low": 0.968, "high": 0.9963}
    constant = {"value": 0.15101, "low": 0.1510100001, "high": 0.1510100002}
    found = figure_texts([("accuracy", tied), ("log_loss", constant), ("recall:a", {"value": 0.99961})])
    assert [(one.value, one.interval) for one in found] == [
        ("98.10 %", "96.80 to 99.63"),
        ("0.151", "no width"),
        ("99.96 %", ""),
    ]


def test_differences_have_their_sign_and_none_where_they_round_to_nothing():
    rows = [(-0.001234, -0.002, 0.0), (1e-6, None, None)]
    assert [(one.value, one.interval) for one in column_texts(POINTS, rows)] == [
        ("-0.12", "-0.20 to 0.00"),
        ("0.00", ""),
    ]


def test_a_share_in_a_sentence_is_all_or_nothing_only_where_it_is():
    assert [percent(value) for value in (1.0, 0.0, 1 - 1e-9, 1e-9)] == ["100 %", "0 %", "> 99.9 %", "< 0.1 %"]
