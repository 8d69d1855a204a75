"""Content ids and fingerprints stand in run folders and ledgers that exist: they never change."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.dataset import Dataset

GREY = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
COLOUR = (np.arange(48, dtype=np.uint8) * 5).reshape(2, 2, 4, 3)
ODD = pd.DataFrame({
    "age": [22.0, np.nan, -0.0, 1e300], "self": [1, 2, 3, -(2**62)],
    "Namé ☃": pd.Series(["a", None, "", "naïve\n"], dtype=object),
    "": pd.Series([None, "x", "<b>", "NA"], dtype=object),
})  # fmt: skip


@pytest.mark.parametrize(
    ("data", "ids", "fingerprint"),
    [
        (
            Dataset("odd", "table", ODD, np.array(["01", "1", "", "yes"], object), source="memory"),
            [
                "4e51b105c90078cbb37879469eb0ce1c",
                "798491657339973cb0344eaf365bbeb4",
                "aa1b1c9081413f9fe8e01c448ffc60bd",
                "16a927a1feb38a13c217aa4a8d69b75b",
            ],
            "cd64e28097bb31f1c7aa365cfce3e072fe742c16522dd802509dfacd5df53378",
        ),
        (
            Dataset("grey", "image", GREY, np.array(["a", "b"], object), source="memory"),
            ["8afe4b29c4b81126697602f01ab96cd9", "c03c52d5279f63a30712fbccbf81b8b8"],
            "d5663a9a558575ddb284ba7627a25638952681fb3102384b6076aedfa8846239",
        ),
        (
            Dataset(
                "colour",
                "image",
                COLOUR,
                np.array([[True, False], [False, False]]),
                source="memory",
                target_names=("one", "two"),
            ),
            ["2468171dd8987ca17bac4e02d862cfe6", "f315cc431d555794c543fbea086cbbb0"],
            "d08296d782376ec3f8d98fd7523d5fed2387b3da0ad15328bc145cc24740cfe2",
        ),
        (
            Dataset("bare", "image", GREY[::-1], None, source="memory"),
            ["c03c52d5279f63a30712fbccbf81b8b8", "8afe4b29c4b81126697602f01ab96cd9"],
            "f681508b5a053ea90906037535b72488b1a6e3f511eb76fd563aaa11ee3acf21",
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_ids_and_fingerprint_are_those_of_the_first_version(data, ids, fingerprint):
    assert data.ids.tolist() == ids
    assert data.fingerprint == fingerprint
