"""Studies read back from a run folder: what does not fit counts as not made, and is made again."""

import copy
import json

import pytest

from tenfold.record.analysis import IMPORTANCE, LEARNING, MAP, made_for, read_study, write_study

TRAINING = {
    "unit": "round", "measure": "rmse", "stages": [1, 2, 5], "training": [3.0, 2.0, 1.0], "held_out": [3.0, 2.5, 2.0],
    "rows": 90, "held_out_rows": 10, "own": False, "best": 5, "reason": "most", "patience": None, "late": None,
    "past": [0.0, 0.1],
}  # fmt: skip
CONTENT = {
    IMPORTANCE: {
        "n": 10, "folds": 1, "repeats": 2, "image_shape": [8, 8],
        "parts": [{"part": "a", "patch": [0, 0, 4, 4], "drop": 0.5, "low": 0.1, "high": None}],
        "path": {"names": ["a", "b"], "alphas": [0.1, 1.0], "weights": [[1.0, 2.0], [0.5, 0.1]], "own": 1.0},
        "dependence": [{"column": "a", "kind": "number", "places": [1.0, 2.0], "mean": [1.0, 2.0], "low": [0.0, 1.0],
                        "high": [2.0, 3.0], "rows": 9}],
        "training": TRAINING,
    },
    LEARNING: {
        "points": [
            {"rows": 20, "value": 1.0, "low": 0.5, "high": None, "n": 9, "interval": "t", "gain": None},
            {"rows": 40, "value": 1.0, "low": 0.5, "high": 1.5, "n": 9, "interval": "t",
             "gain": {"value": -0.1, "low": -0.2, "high": 0.0, "interval": "paired"}},
        ],
        "failed": {},
    },
    MAP: {"method": "t-SNE", "rows": [3, 4], "places": [[0.0, 1.0], [2.0, 3.0]]},
}  # fmt: skip


def _read(folder, name, content):
    rests_on = made_for(name, "ridge", "rmse", None)
    path = write_study(folder, name, rests_on, {})
    path.write_text(json.dumps(json.loads(path.read_text()) | content))
    return read_study(folder, name, rests_on)


@pytest.mark.parametrize("name", CONTENT)
def test_a_sound_study_is_read(tmp_path, name):
    assert _read(tmp_path, name, CONTENT[name]).items() >= CONTENT[name].items()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (IMPORTANCE, lambda study: study["training"].pop("stages")),
        (IMPORTANCE, lambda study: study.update(training=[1, 2])),
        (IMPORTANCE, lambda study: study["training"].update(stages=[], training=[], held_out=[])),
        (IMPORTANCE, lambda study: study["training"].update(held_out=[1.0])),
        (IMPORTANCE, lambda study: study["training"].update(held_out=[1.0, float("nan"), 2.0])),
        (IMPORTANCE, lambda study: study["training"].update(held_out=[1.0, -1.0, 2.0])),
        (IMPORTANCE, lambda study: study["training"].update(stages=[5, 2, 1])),
        (IMPORTANCE, lambda study: study["training"].update(unit="<script>")),
        (IMPORTANCE, lambda study: study["training"].update(best=6)),
        (IMPORTANCE, lambda study: study["training"].update(late=[1.0])),
        (IMPORTANCE, lambda study: study.update(parts=5)),
        (IMPORTANCE, lambda study: study.update(image_shape=[8])),
        (IMPORTANCE, lambda study: study["parts"][0].update(patch=[1])),
        (IMPORTANCE, lambda study: study["path"].update(own=2.0)),
        (IMPORTANCE, lambda study: study["path"].update(weights=[[1.0], [2.0]])),
        (IMPORTANCE, lambda study: study["path"].update(alphas=[0.0, 1.0])),
        (IMPORTANCE, lambda study: study["dependence"][0].update(mean=[1.0])),
        (IMPORTANCE, lambda study: study["dependence"][0].update(places=["x", "y"])),
        (LEARNING, lambda study: study.update(points=[])),
        (LEARNING, lambda study: study["points"][0].update(rows=50)),
        (LEARNING, lambda study: study["points"][1].update(gain="more")),
        (MAP, lambda study: study.update(places=[[0.0, 1.0]])),
        (MAP, lambda study: study.update(places=[[0.0], [1.0]])),
    ],
)
def test_a_study_that_does_not_fit_counts_as_not_made(tmp_path, name, change):
    content = copy.deepcopy(CONTENT[name])
    change(content)
    assert _read(tmp_path, name, content) is None
