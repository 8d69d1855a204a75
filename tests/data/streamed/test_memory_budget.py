"""What is streamed unasked, and how much memory a streamed run takes."""

import sys

import numpy as np
import pandas as pd
import pytest

from bench.larger.table import QUANTITY, TARGET, write_table
from bench.larger.watch import watched
from tenfold.data.sources import load
from tenfold.data.streamed.memory_budget import rows_that_fit, to_stream
from tenfold.data.streamed.source import table_source
from tenfold.errors import LimitError, UsageError
from tenfold.line.entry import execute
from tenfold.record.config import RunConfig
from tests.data.streamed.tables import parts, table

MEGA = 1e6


def test_a_table_that_fits_is_not_streamed_unless_that_is_asked(tmp_path):
    folder = parts(table(300), tmp_path / "folder")
    assert to_stream(str(folder), requested=False) is None
    assert to_stream(str(folder), requested=True) is not None
    assert to_stream("digits", requested=False) is None


def test_a_table_that_does_not_fit_is_streamed_unasked(tmp_path):
    rows = 1_000_000
    part = tmp_path / "part.parquet"
    pd.DataFrame({"a": np.zeros(rows, np.int8), "y": np.zeros(rows, np.int8)}).to_parquet(part, index=False)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(2000):
        (folder / f"{number}.parquet").symlink_to(part)
    found = to_stream(str(folder), requested=False)
    assert found is not None
    assert found.rows == 2000 * rows


def test_a_file_over_the_limit_is_streamed_and_other_verbs_say_which_do(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"a,y\n" + b"1,2\n" * 300_000)
        file.truncate(2 * 1024**3 + 1)
    assert to_stream(str(path), requested=False) is not None
    with pytest.raises(LimitError, match="tenfold run and tenfold predict stream a table of any size"):
        load(path, target="y")


def test_more_columns_let_fewer_rows_fit(tmp_path):
    table(50).to_parquet(tmp_path / "narrow.parquet")
    pd.concat([table(50).add_prefix(str(n)) for n in range(5)], axis=1).to_parquet(tmp_path / "wide.parquet")
    narrow, wide = (rows_that_fit(table_source(tmp_path / f"{name}.parquet"), 10**9) for name in ("narrow", "wide"))
    assert 0 < wide < narrow


def test_data_in_memory_are_not_streamed(tmp_path):
    config = RunConfig("t.parquet", target="y", stream=True)
    with pytest.raises(UsageError, match="data in memory are not streamed"):
        execute(config, tmp_path / "r", None, None, loaded=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize(("target", "model"), [(TARGET, "bayes"), (QUANTITY, "linear")])
def test_memory_does_not_grow_with_the_rows(target, model, tmp_path):
    """Reading, learning, evaluating and writing ten times the rows, in all processes together."""
    peaks = []
    for rows in (100_000, 1_000_000):
        folder, out = write_table(tmp_path / str(rows), rows, target=target), tmp_path / f"run{rows}"
        words = [
            sys.executable,
            "-m",
            "tenfold",
            "run",
            str(folder),
            "--target",
            target,
            "--stream",
            "--models",
            model,
        ]
        found = watched([*words, "--jobs", "1", "--quiet", "--out", str(out)])
        assert found.exit_code == 0
        peaks.append(found.together / MEGA)
    assert peaks[1] < 650
    assert peaks[1] - peaks[0] < 60
