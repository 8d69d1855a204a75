"""Arrays changed by someone who redoes the hashes: refused, or the answers stay finite and valid; never a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tenfold.record.bundle import save
from tests.record.bundle.conftest import offered
from tests.record.bundle.mutants import HARM, run, saved_models
from tests.record.bundle.tampering import Members, array_of, forge, members_of, nodes, npy, packed

MODELS = [
    *("forest", "table:boosting", "svm", "sgd"),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("extra-trees", "boosting", "table:target", "own-svm")),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("knn", "knn-distance")),
]
_BAD = (-1, 0, 10**9, -(2**31))

_CHILD = """
import json, sys, warnings
import numpy as np
sys.path.insert(0, sys.argv[1])
warnings.simplefilter("ignore")
from conftest import digit_table, mixed_table
from pathlib import Path
from tenfold.record.bundle.classifier_files import load_classifier
from tenfold.errors import ModelError
X = mixed_table() if sys.argv[2].startswith("table:") else digit_table()[0]
for folder in sys.stdin.read().split():
    print(folder, end=" ", flush=True)
    try:
        model = load_classifier(Path(folder), alone=True).model
    except ModelError as refused:
        print("refused", refused, flush=True)
        continue
    codes, scores = model.predict_codes(X), model.scores(X)
    valid = codes.min() >= 0 and codes.max() < len(model.task.classes)
    print("valid" if valid and np.isfinite(scores).all() else "WRONG", flush=True)
"""


def _mutated_values(values: np.ndarray) -> Iterator[np.ndarray]:
    """One place at a time: out of range, not a number, exchanged with the last."""
    bad = [value for value in (*_BAD, values.size) if _fits(value, values.dtype)]
    bad += [np.nan, np.inf] if values.dtype.kind == "f" else []
    for number, value in enumerate(bad):
        changed = values.copy()
        changed.flat[number * 7 % values.size] = value
        yield changed
    yield values[..., ::-1].copy()


def _fits(value: int, dtype: np.dtype) -> bool:
    return dtype.kind == "f" or (dtype.kind in "iu" and np.iinfo(dtype).min <= value <= np.iinfo(dtype).max)


def _mutated_array(array: np.ndarray) -> Iterator[np.ndarray]:
    if not array.size:
        return
    if array.dtype.names:
        for field in array.dtype.names:
            for values in _mutated_values(array[field]):
                changed = array.copy()
                changed[field] = values
                yield changed
    elif array.dtype.kind in "iuf" and array.ndim:
        yield from _mutated_values(array)
    if array.ndim:
        yield array[:-1]
        yield np.concatenate([array, array[-1:]])
        yield array.astype(np.float32) if array.dtype.kind in "iuf" else array[::-1]


def _numbers(members: Members) -> Iterator[bytes]:
    """Each whole number of the description, where it sizes or indexes something."""
    count = sum(_is_number(node) for node in nodes(json.loads(members["schema.json"])))
    for position in range(0, count, max(1, count // 40)):
        for value in ("-1", "1000000000"):
            description = json.loads(members["schema.json"])
            found = [node for node in nodes(description) if _is_number(node)]
            found[position]["content"] = value
            for other in found:  # the same object elsewhere, or the change is refused for that alone
                if other["__id__"] == found[position]["__id__"]:
                    other["__id__"] += 1 if other is found[position] else 0
            yield json.dumps(description).encode()


def _is_number(node: dict) -> bool:
    return node["__loader__"] == "JsonNode" and node["content"].lstrip("-").isdigit()


def _mutants(members: Members) -> Iterator[Members]:
    arrays = [name for name in members if name.endswith(".npy")]
    for name in arrays[:: max(1, len(arrays) // 8)]:
        for array in _mutated_array(array_of(members[name])):
            yield {**members, name: npy(array)}
    for description in _numbers(members):
        yield {**members, "schema.json": description}


@pytest.mark.parametrize("name", MODELS)
def test_no_changed_array_crashes_or_answers_nonsense(name: str, tmp_path: Path) -> None:
    classifier, X = offered(name)
    save(classifier, tmp_path / "model", golden=X, codec="skops")
    members = members_of(tmp_path / "model")
    folders = [
        forge(tmp_path / "model", tmp_path / str(number), "pipeline", packed(mutant))
        for number, mutant in enumerate(_mutants(members))
    ]
    command = [sys.executable, "-c", _CHILD, str(Path(__file__).parent), name]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}  # threads of boosting wait for each other where cores are busy
    done = subprocess.run(
        command, input="\n".join(map(str, folders)), capture_output=True, text=True, check=False, env=one_thread
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, (done.returncode, lines[-1:], done.stderr[-2000:])
    assert len(lines) == len(folders) >= 40
    assert not [line for line in lines if line.endswith("WRONG")]
    assert sum(" refused " in line for line in lines) >= len(lines) / 4


@pytest.mark.parametrize(
    ("field", "value"), [("left_child", 10**6), ("right_child", -5), ("feature", 64), ("feature", -3)]
)
def test_a_changed_tree_index_is_refused_by_the_array_check_itself(field: str, value: int, tmp_path: Path) -> None:
    classifier, X = offered("forest")
    save(classifier, tmp_path / "model", golden=X, codec="skops")
    members = members_of(tmp_path / "model")
    trees = [name for name in members if name.endswith(".npy") and array_of(members[name]).dtype.names]
    changed = array_of(members[trees[0]]).copy()
    changed[field][0] = value
    folder = forge(tmp_path / "model", tmp_path / "forged", "pipeline", packed({**members, trees[0]: npy(changed)}))
    from tenfold.errors import ModelError
    from tenfold.record.bundle import load

    with pytest.raises(ModelError, match=r"a tree (has|splits)"):
        load(folder)


SAMPLED = (
    *("digits-knn", "detector-sgd", "labels-forest", "labels-chain:logistic", "table-logistic", "table-boosting"),
    *("streamed-bayes", "denoiser-knn"),
)


def _outcomes(folder: Path, names: tuple[str, ...] | None, count: int, seed: int) -> None:
    results = run(saved_models(folder, names), count, seed)
    counts = Counter(result["outcome"] for result in results)
    assert not [result for result in results if result["outcome"] in HARM]
    assert sum(counts.values()) >= 0.9 * count
    assert counts["refused"] >= count / 3
    assert counts["harmless"] >= count / 30  # some changes mean nothing, or the sample would test nothing but refusals


def test_a_sample_of_mutants_does_no_harm(tmp_path: Path) -> None:
    _outcomes(tmp_path, SAMPLED, 40, 5)


@pytest.mark.slow
def test_a_thousand_mutants_of_every_model_do_no_harm(tmp_path: Path) -> None:
    _outcomes(tmp_path, None, 1_000, 2026)
