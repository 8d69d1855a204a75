import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score, roc_auc_score

from tenfold import open_run


def metrics_of(path):
    return json.loads((path / "metrics.json").read_text())


def test_the_folder_holds_what_the_contract_says(flower_run):
    names = {p.name for p in flower_run.iterdir() if not p.name.startswith(".")} - {"analysis"}
    assert names == {
        "config.toml", "manifest.json", "out_of_fold.parquet", "test.parquet", "metrics.json", "report.html", "model",
        "neighbours.npz",
    }  # fmt: skip
    lines = pd.read_parquet(flower_run / "out_of_fold.parquet")
    assert list(lines) == ["row", "id", "fold", "candidate", "true", "predicted", "score:rose"]
    assert lines.dtypes["row"] == np.int64
    assert lines.dtypes["fold"] == np.int16
    assert set(lines["candidate"]) == {"baseline", "logistic", "knn"}
    test = pd.read_parquet(flower_run / "test.parquet")
    assert list(test) == list(lines)
    assert not set(test["row"]) & set(lines["row"])
    assert len(test) + len(lines) // 3 == 120


def test_every_figure_is_that_of_the_predictions_file(flower_run):
    metrics, lines = metrics_of(flower_run), pd.read_parquet(flower_run / "out_of_fold.parquet")
    for name, entry in metrics["candidates"].items():
        of = lines.query("candidate == @name")
        true, predicted = of["true"] == "rose", of["predicted"] == "rose"
        figures = entry["decision"]["out_of_fold"]
        assert figures["accuracy"]["value"] == pytest.approx(accuracy_score(true, predicted), abs=1e-12)
        assert entry["decision"]["confusion_matrix"] == confusion_matrix(true, predicted).tolist()
        if name != "baseline":
            assert figures["precision"]["value"] == pytest.approx(precision_score(true, predicted), abs=1e-12)
            assert figures["recall"]["value"] == pytest.approx(recall_score(true, predicted), abs=1e-12)
            auc = roc_auc_score(true, of["score:rose"])
            assert figures["roc_auc"]["value"] == pytest.approx(auc, abs=1e-12)
        folds = [accuracy_score(true[of["fold"] == f], predicted[of["fold"] == f]) for f in range(5)]
        assert figures["accuracy"]["folds"] == pytest.approx(folds)
    test = pd.read_parquet(flower_run / "test.parquet")
    assert metrics["test"]["accuracy"]["value"] == pytest.approx(accuracy_score(test["true"], test["predicted"]))
    assert metrics["test"]["accuracy"]["n"] == len(test) == 24


def test_undefined_is_null_with_a_reason(flower_run):
    precision = metrics_of(flower_run)["candidates"]["baseline"]["out_of_fold"]["precision"]
    if precision["value"] is None:
        assert precision["reason"]
        assert precision["low"] is None
    assert "NaN" not in (flower_run / "metrics.json").read_text()


@pytest.mark.usefixtures("workers")
def test_config_repeats_the_run(flower_run, tenfold, tmp_path):
    code, _, err = tenfold("run", flower_run / "config.toml", "--out", tmp_path / "again", "--quiet")
    assert code == 0, err
    for name in ("out_of_fold.parquet", "test.parquet", "config.toml"):
        assert (flower_run / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_the_second_run_on_the_same_test_rows_counts_two(flowers, tenfold, tmp_path):
    words = ("run", flowers, "--target", "kind", "--models", "knn", "--json")
    openings = []
    for seed, name in ((1, "a"), (1, "b"), (2, "c")):
        code, out, err = tenfold(*words, "--seed", seed, "--out", tmp_path / name)
        assert code == 0, err
        openings.append(json.loads(out)["test_openings"])
    assert openings == [1, 2, 1]
    assert "opened 2 times" in " ".join(metrics_of(tmp_path / "b")["warnings"])


def test_a_finished_run_answers_the_same_request_and_refuses_another(flower_run, flowers, tenfold, refused):
    before = (flower_run / "metrics.json").stat().st_mtime_ns
    words = ("run", flowers, "--target", "kind", "--out", flower_run)
    code, out, _ = tenfold(*words, "--models", "logistic,knn")
    assert code == 0
    assert "judged out of fold" in out
    assert "another request" in refused(*words, "--models", "forest", code=2)
    assert (flower_run / "metrics.json").stat().st_mtime_ns == before


def test_json_is_one_object_and_nothing_else(flowers, tenfold, tmp_path):
    code, out, err = tenfold("run", flowers, "--target", "kind", "--models", "knn", "--json", "--out", tmp_path / "r")
    assert code == 0
    assert json.loads(out)["chosen"] == "knn"
    assert err == ""


@pytest.mark.usefixtures("workers")
def test_a_candidate_that_fails_is_exit_7_and_the_rest_is_there(flowers, tenfold, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n"
        "class Broken(LogisticRegression):\n"
        "    def fit(self, X, y, sample_weight=None):\n"
        "        raise RuntimeError('out of luck')\n"
    )
    monkeypatch.chdir(tmp_path)
    code, out, _ = tenfold("run", flowers, "--target", "kind", "--models", "mine:Broken,knn", "--out", tmp_path / "r")
    assert code == 7
    assert "out of luck" in out
    assert metrics_of(tmp_path / "r")["failed"] == {"mine:Broken": "fold 1: RuntimeError: out of luck"}
    assert open_run(tmp_path / "r").chosen == "knn"


def test_all_failing_is_exit_7_with_the_reasons_and_no_choice(flowers, refused, tmp_path, monkeypatch):
    (tmp_path / "mine2.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n"
        "class Broken(LogisticRegression):\n"
        "    def fit(self, X, y, sample_weight=None):\n"
        "        raise RuntimeError('out of luck')\n"
    )
    monkeypatch.chdir(tmp_path)
    words = ("run", flowers, "--target", "kind", "--models", "mine2:Broken", "--out", tmp_path / "r")
    assert "out of luck" in refused(*words, code=7)
    assert not (tmp_path / "r" / "metrics.json").exists()


def test_a_threshold_rule_holds_out_of_fold_and_is_saved(flowers, tenfold, tmp_path):
    code, out, err = tenfold(
        "run",
        flowers,
        "--target",
        "kind",
        "--models",
        "logistic",
        "--decide",
        "recall>=0.95",
        "--json",
        "--out",
        tmp_path,
    )
    assert code == 0, err
    decision = json.loads(out)["candidates"]["logistic"]["decision"]
    assert decision["out_of_fold"]["recall"]["value"] >= 0.95
    test = pd.read_parquet(tmp_path / "test.parquet")
    assert ((test["score:rose"] >= decision["threshold"]) == (test["predicted"] == "rose")).all()


def test_an_unreachable_rule_names_the_best_reachable(refused, tmp_path):
    noise = pd.DataFrame({"a": np.arange(100) * 37 % 101 / 7, "y": np.array(["n", "p"])[np.arange(100) // 2 % 2]})
    noise.to_csv(tmp_path / "noise.csv", index=False)
    words = ("run", tmp_path / "noise.csv", "--target", "y", "--models", "logistic", "--out", tmp_path / "r")
    line = refused(*words, "--decide", "precision>=0.999 @ 99%", code=1)
    assert "best precision" in line


@pytest.mark.usefixtures("workers")
def test_killed_at_any_time_and_resumed_gives_the_same_bytes(flowers, tmp_path):
    words = [
        sys.executable,
        "-m",
        "tenfold",
        "run",
        str(flowers),
        "--target",
        "kind",
        "--models",
        "knn,logistic",
    ]
    start = time.perf_counter()
    subprocess.run([*words, "--out", str(tmp_path / "whole")], check=True, capture_output=True)
    whole = time.perf_counter() - start
    expected = (tmp_path / "whole" / "out_of_fold.parquet").read_bytes()
    rng = random.Random(5)
    for number in range(2):
        out = tmp_path / f"killed{number}"
        run = subprocess.Popen([*words, "--out", str(out)], stdout=-3, stderr=-3, start_new_session=True)
        time.sleep(whole * rng.uniform(0.3, 0.95))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        done = subprocess.run([*words, "--out", str(out)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert (out / "out_of_fold.parquet").read_bytes() == expected
        assert not list(out.rglob(".part-*"))


def heed_interrupts():
    """A shell that starts the tests in the background lets them, and their children, ignore interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.usefixtures("workers")
def test_an_interrupt_is_exit_130_and_keeps_what_is_finished(tmp_path):
    words = [sys.executable, "-m", "tenfold", "run", "digits", "--models", "boosting", "--out", str(tmp_path / "r")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    run = subprocess.Popen(words, **pipes, start_new_session=True, preexec_fn=heed_interrupts)
    for line in run.stderr:
        if line.startswith("[1/"):
            break
    os.kill(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=10)
    assert run.returncode == 130
    assert "Traceback" not in err
    assert list((tmp_path / "r" / "work" / "units").iterdir())


def test_changed_data_are_not_resumed(flowers, refused, tmp_path):
    words = ["--target", "kind", "--models", "knn", "--out", str(tmp_path / "r"), "--decide", "precision>=0.999 @ 99%"]
    copy = tmp_path / "copy.csv"
    copy.write_bytes(flowers.read_bytes())
    refused("run", copy, *words, code=1)
    copy.write_text(flowers.read_text() + "9.5,red,rose\n")
    assert "has changed: the data" in refused("run", copy, *words, code=3)


KILLED_WHILE_CLEARING = """
import os, sys

def hook(event, arguments, seen=[]):
    if event == "shutil.rmtree" or (seen and event == "os.remove"):
        seen.append(event)
    if len(seen) > int(sys.argv[1]):
        os._exit(9)

from tenfold.cli.app import main

sys.addaudithook(hook)
main(sys.argv[2:])
"""


@pytest.mark.parametrize("removals", [1, 5, 9, 12])
def test_a_run_killed_while_it_clears_up_is_whole(flowers, tmp_path, removals):
    words = ("run", str(flowers), "--target", "kind", "--models", "knn", "--out", str(tmp_path / "r"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_CLEARING, str(removals), *words], capture_output=True, text=True
    )
    assert killed.returncode == 9, killed.stderr
    before = (tmp_path / "r" / "metrics.json").read_bytes()
    again = subprocess.run([sys.executable, "-m", "tenfold", *words], capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "r" / "metrics.json").read_bytes() == before
    assert not list((tmp_path / "r").rglob(".part-*"))
    assert not (tmp_path / "r" / "work").exists()


def test_a_model_that_cannot_be_saved_is_told_before_the_start_and_in_the_last_lines(
    tenfold, flowers, tmp_path, monkeypatch
):
    """To predict with it is not proposed, and is refused with the reason."""
    monkeypatch.chdir(tmp_path)
    source = "from sklearn.neighbors import NearestCentroid as model\n"
    (tmp_path / "model_of_mine.py").write_text(source)
    words = ("--target", "kind", "--models", "model_of_mine:model", "--cv", 2, "--out", "run", "--jobs", 1)
    code, out, err = tenfold("run", flowers, *words)
    assert code == 7
    assert err.index("model_of_mine:model cannot be saved as a model") < err.index("evaluate")
    assert out.startswith("The model is not saved. ")
    last = out.strip().splitlines()[-1]
    assert last.startswith("Not saved: it holds 'sklearn.neighbors._nearest_centroid.NearestCentroid'")
    assert "Choose another candidate" in last
    assert "Next:" not in out
    code, _, err = tenfold("predict", "run", flowers)
    assert code == 8
    assert "the model of this run was not saved" in err


def test_the_reason_of_the_choice_is_told_in_words(tenfold, flowers, tmp_path):
    words = (
        "--target",
        "kind",
        "--models",
        "logistic,svm",
        "--cv",
        2,
        "--quiet",
        "--out",
        tmp_path / "run",
        "--jobs",
        1,
    )
    code, out, _ = tenfold("run", flowers, *words)
    assert code == 0
    assert re.search(r"^(logistic|svm) was chosen: .+\.$", out, re.MULTILINE)
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["choice"]["reason"] in {"highest", "ahead", "calibrated"}
