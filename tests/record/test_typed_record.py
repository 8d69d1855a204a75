"""``metrics.json`` and ``manifest.json`` as types: the same file back, and a damaged one refused by its entry."""

import copy
import json
import os
from pathlib import Path

import pytest

from tenfold.errors import DataError
from tenfold.record.entries.manifest import Manifest, read_manifest
from tenfold.record.entries.metrics import Metrics, read_metrics
from tenfold.record.run import open_run

TASKS = ("detector", "tuned", "labels", "streamed", "denoised")
BEFORE = Path(os.environ.get("TENFOLD_FORMER_RUNS", Path(__file__).parents[3] / "shared" / "accept" / "before"))
OTHERS = (None, True, 7, -0.5, "text", [], {}, float("nan"))
READERS = {"metrics.json": Metrics, "manifest.json": Manifest}


def content(run, name):
    return json.loads((run.path / name).read_text())


def places(value, path=()):
    """Every entry of some JSON, the innermost too, but of a list the first alone."""
    items = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, (*path, name))


def inside(whole, path):
    for name in path:
        whole = whole[name]
    return whole


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", READERS)
def test_a_fresh_file_is_written_as_it_was_read(runs, task, name):
    plain = content(runs[task], name)
    assert json.dumps(READERS[name].from_dict(plain).as_dict()) == json.dumps(plain)


@pytest.mark.parametrize("path", sorted(BEFORE.glob("*/m*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_of_an_earlier_version_is_written_as_it_was_read(path):
    read = read_metrics if path.name == "metrics.json" else read_manifest
    assert json.dumps(read(path).as_dict()) == json.dumps(json.loads(path.read_text()))


def test_what_each_task_has_is_typed(runs):
    records = {name: run.record for name, run in runs.items()}
    assert records["detector"].metrics.chosen_record.decision.threshold is not None
    tuning = records["tuned"].metrics.chosen_record.tuning
    assert tuning.trials[tuning.chosen].setting == tuning.setting
    assert records["tuned"].metrics.augment.model.grown == 5 * records["tuned"].metrics.augment.model.rows
    assert records["labels"].metrics.test_confusion_matrix.shape == (2, 2, 2)
    assert records["streamed"].manifest.streamed.final_model.rows == records["streamed"].manifest.training_rows
    assert records["streamed"].metrics.chosen_record.learnt_from.passes
    assert records["denoised"].metrics.restoration.image_shape == (6, 6)
    assert records["denoised"].manifest.noise.text == records["denoised"].metrics.restoration.noise


def test_what_other_programs_read_stays_plain(runs):
    run = runs["detector"]
    assert run.metrics == content(run, "metrics.json")
    assert run.manifest["test"]["rows"] == run.record.manifest.test.rows


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", READERS)
def test_every_entry_that_is_missing_or_of_another_type_is_named_or_makes_no_difference(runs, task, name):
    """Of every entry the innermost: the message names the one changed, or the file can be read and written."""
    plain, reader = content(runs[task], name), READERS[name]
    refused = 0
    for path in list(places(plain))[:: 1 if name == "manifest.json" else 7]:
        for other in (..., *OTHERS):
            damaged = copy.deepcopy(plain)
            if other is ...:
                del inside(damaged, path[:-1])[path[-1]]
            else:
                inside(damaged, path[:-1])[path[-1]] = other
            message = refusal(reader, damaged, name)
            refused += message != ""
            assert not message or message.startswith(f"{name}: damaged: ")
            assert not message or any(str(part) in message for part in (*path, "chosen")), (path, other, message)
    assert refused > 100


def refusal(reader, plain, name):
    """Why a file is not read; empty where it is, and is written and read again."""
    try:
        reader.from_dict(reader.from_dict(plain, name).as_dict(), name)
    except DataError as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("candidates", "logistic", "fit_seconds"), "1", "'candidates.logistic.fit_seconds' is not a number but text"),
        (("candidates", "logistic", "decision"), ..., "no entry 'candidates.logistic.decision'"),
        (("candidates", "logistic", "confusion_matrix"), [[1]], "is not of shape 2 x 2"),
        (("candidates", "logistic", "confusion_matrix"), [[1, 2], [3, -4]], "a count below 0"),
        (("candidates", "logistic", "decision", "threshold"), None, "does not go with kind threshold"),
        (("test", "accuracy", "low"), 1e999, "'test.accuracy.low' is not a finite number"),
        (("test", "accuracy"), ..., "no entry 'test.accuracy'"),
        (("test_openings",), 1.5, "'test_openings' is not a whole number"),
        (("task",), "ordering", "'task', 'classes' and 'positive' are of no task"),
        (("positive",), "ghost", "'task', 'classes' and 'positive' are of no task"),
        (("chosen",), "ghost", "the chosen candidate is not there"),
        (("choice", "reason"), "luck", "'choice.reason' is none of alone, ahead"),
        (("warnings",), "none", "'warnings' is not a list but text"),
    ],
)
def test_a_damaged_entry_is_told_in_one_line(runs, path, value, words):
    damaged = content(runs["detector"], "metrics.json")
    if value is ...:
        del inside(damaged, path[:-1])[path[-1]]
    else:
        inside(damaged, path[:-1])[path[-1]] = value
    with pytest.raises(DataError, match=r"^runs/five/metrics\.json: damaged: .* Do: repeat the run\.$") as refusal:
        Metrics.from_dict(damaged, "runs/five/metrics.json")
    assert words in str(refusal.value)


def test_an_entry_of_a_later_version_is_kept(runs):
    plain = content(runs["detector"], "metrics.json")
    plain["later"] = {"a": [1]}
    plain["candidates"]["logistic"]["later"] = 2
    assert Metrics.from_dict(plain).as_dict() == plain


def test_a_run_with_a_damaged_entry_is_not_opened(runs, tmp_path):
    import shutil

    folder = shutil.copytree(runs["detector"].path, tmp_path / "run")
    plain = content(runs["detector"], "metrics.json")
    plain["test"] = []
    (folder / "metrics.json").write_text(json.dumps(plain))
    with pytest.raises(DataError, match=r"metrics\.json: damaged: entry 'test' is not an object but a list"):
        open_run(folder)
