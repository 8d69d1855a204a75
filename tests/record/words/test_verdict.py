import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.ask.predict import harmless
from tenfold.decimals import percent
from tenfold.line.memory.plan import duration
from tenfold.tasks import ClassTask


@given(st.floats(0, 1))
def test_only_all_is_told_as_all_and_only_nothing_as_nothing(share):
    text = percent(share)
    assert (text == "100 %") == (share == 1)
    if 1e-7 < share < 1 - 1e-7:
        assert float(text.removesuffix(" %")) not in {0.0, 100.0}
        assert float(text.removesuffix(" %")) == pytest.approx(100 * share, abs=0.06)


@given(st.floats(0.1, 1e6))
def test_a_duration_is_never_nothing(seconds):
    assert duration(seconds) not in {"0 s", "0 minutes"}


def test_a_rare_class_is_not_judged_by_accuracy():
    task = ClassTask(("a", "b"), "b")
    rare, common = (np.arange(100) < rows for rows in (9, 40))
    assert task.default_metric(rare) == "average_precision"
    assert task.default_metric(common) == "accuracy"
    assert task.default_metric(np.arange(2), np.array([91, 9])) == "average_precision"
    assert ClassTask(("a", "b", "c")).default_metric(common) == "accuracy"


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_no_exported_cell_starts_a_formula_and_the_text_is_still_there(cells):
    import pandas as pd

    safe = harmless(pd.DataFrame({"=name": cells, "x": range(len(cells))}))
    assert list(safe) == ["'=name", "x"]
    for before, after in zip(cells, safe["'=name"], strict=True):
        assert after in {before, f"'{before}"}
        assert not after.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
