"""A streamed run from end to end, by the commands that people give."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, log_loss, roc_auc_score

from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import TenfoldError
from tenfold.figures import evaluate, paired_difference
from tenfold.figures.rows import checked_rows
from tenfold.line.streamed.prepared import streamed_columns
from tenfold.record.predictions import predictions_in
from tenfold.record.run import open_run, out_of_fold_of
from tests.cli.conftest import refused, tenfold
from tests.data.streamed.tables import parts, table

__all__ = ["refused", "tenfold"]


@pytest.fixture(scope="module", params=[2, 3], ids=["binary", "three classes"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    source = parts(table(4000, request.param), folder / "table")
    words = [
        sys.executable,
        "-m",
        "tenfold",
        "run",
        str(source),
        "--target",
        "y",
        "--stream",
        "--cv",
        "3",
        "--out",
        str(folder / "r"),
    ]
    home = {**os.environ, "XDG_STATE_HOME": str(folder / "home")}
    done = subprocess.run([*words, "--jobs", "1"], capture_output=True, text=True, env=home)
    assert done.returncode == 0, done.stderr
    return open_run(folder / "r")


def test_figures_are_those_of_the_predictions_in_the_folder(run):
    task = run.task
    assert list(run.out_of_fold["candidate"].unique()) == ["baseline", "sgd", "bayes", "boosting"]
    for name, entry in run.metrics["candidates"].items():
        result, lines = out_of_fold_of(run, name), run.out_of_fold.query("candidate == @name")
        known = evaluate(
            task,
            predictions_in(lines, task).y,
            result.predicted,
            result.scores,
            probabilities=result.probabilities,
            fold=result.fold,
        )
        assert entry["confusion_matrix"] == known.confusion_matrix.tolist()
        for key, estimate in known.metrics.items():
            told = entry["out_of_fold"][key]
            assert told["n"] == estimate.n
            for end in ("value", "low", "high"):
                assert told[end] == pytest.approx(getattr(estimate, end), abs=1e-12), (name, key)


def test_figures_are_scikit_learns(run):
    lines = run.out_of_fold.query("candidate == 'boosting'")
    figures = run.metrics["candidates"]["boosting"]["out_of_fold"]
    assert figures["accuracy"]["value"] == pytest.approx(accuracy_score(lines["true"], lines["predicted"]), abs=1e-12)
    scores = lines[[name for name in lines if name.startswith("score:")]].to_numpy()
    if run.metrics["positive"] is None:
        wanted = f1_score(lines["true"], lines["predicted"], average="macro")
        assert figures["f1_macro"]["value"] == pytest.approx(wanted, abs=1e-12)
        area = roc_auc_score(lines["true"], scores, multi_class="ovr", average="macro")
        assert figures["roc_auc_macro"]["value"] == pytest.approx(area, abs=1e-12)
    else:
        true = (lines["true"] == "yes").astype(int)
        assert figures["roc_auc"]["value"] == pytest.approx(roc_auc_score(true, scores[:, 0]), abs=1e-12)
        area = average_precision_score(true, scores[:, 0])
        assert figures["average_precision"]["value"] == pytest.approx(area, abs=1e-12)
        assert figures["log_loss"]["value"] == pytest.approx(log_loss(true, scores[:, 0]), abs=1e-12)


def test_the_folder_is_that_of_any_run(run):
    names = {entry.name for entry in run.path.iterdir()}
    assert names >= {
        "config.toml",
        "manifest.json",
        "metrics.json",
        "out_of_fold.parquet",
        "test.parquet",
        "report.html",
    }
    assert "work" not in names
    schema = pq.read_schema(run.folder.out_of_fold)
    assert [str(schema.field(name).type) for name in ("row", "id", "fold", "candidate", "true", "predicted")] == [
        "int64",
        "string",
        "int16",
        "string",
        "string",
        "string",
    ]
    own = run.out_of_fold.query("candidate == 'sgd'")
    assert own["row"].is_monotonic_increasing
    assert len(own) + len(run.test) == 4000
    assert not set(own["row"]) & set(run.test["row"])


def test_the_model_learns_the_test_part_is_told_once_and_the_baseline_is_beaten(run):
    figures = {name: entry["out_of_fold"]["accuracy"]["value"] for name, entry in run.metrics["candidates"].items()}
    assert figures.pop("baseline") + 0.1 < min(figures.values())
    test = run.metrics["test"]["accuracy"]
    assert run.metrics["test_openings"] == 1
    assert test["low"] <= figures[run.chosen] <= test["high"] or abs(test["value"] - figures[run.chosen]) < 0.03
    assert "folds" not in test
    assert run.metrics["test_baseline"]["accuracy"]["value"] < test["value"]


def test_verify_and_the_page_and_other_verbs_work(run, tenfold, refused, tmp_path):
    assert tenfold("verify", run.path)[0] == 0
    page = run.folder.report.read_text()
    assert "streamed from 3 files" in page
    assert "drawn by what a row holds" in page
    assert tenfold("report", run.path)[0] == 0
    assert tenfold("report", run.path, "--figures", tmp_path / "figures")[0] == 0
    assert tenfold("report", run.path, "--format", "md")[0] == 0
    assert "is wrong on" in tenfold("errors", run.path)[1]
    assert "no studies" in refused("report", run.path, "--importance", code=2)


def test_the_same_command_answers_from_the_finished_run(run, tenfold):
    source = run.manifest["asked"]["source"]
    words = ("run", source, "--target", "y", "--stream", "--cv", 3, "--out", run.path, "--quiet")
    code, out, _ = tenfold(*words)
    assert code == 0
    assert out.startswith(f"{run.chosen} ")


def test_a_config_repeats_the_run_to_the_byte_with_two_workers(run, tenfold, tmp_path):
    code, _, err = tenfold("run", run.folder.config, "--out", tmp_path / "again", "--jobs", 2, "--quiet")
    assert code == 0, err
    assert (tmp_path / "again/out_of_fold.parquet").read_bytes() == run.folder.out_of_fold.read_bytes()
    assert open_run(tmp_path / "again").metrics["test"] == run.metrics["test"]


def test_answers_to_a_large_file_are_those_to_a_small_one(run, tenfold, tmp_path):
    source = run.manifest["config"]["source"]
    for out in ("a.parquet", "a.csv"):
        assert tenfold("predict", run.path, source, "--stream", "--out", tmp_path / f"streamed-{out}")[0] == 0
        assert tenfold("predict", run.path, source, "--out", tmp_path / out)[0] == 0
    # A table in batches is not flagged: whether there is such a column would be known at its end alone.
    one, streamed = pd.read_parquet(tmp_path / "a.parquet"), pd.read_parquet(tmp_path / "streamed-a.parquet")
    pd.testing.assert_frame_equal(one.drop(columns="flags"), streamed)
    one, streamed = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "streamed-a.csv")
    pd.testing.assert_frame_equal(one.drop(columns="flags"), streamed)


def test_answers_agree_with_those_of_the_test_part(run, tenfold, tmp_path):
    assert tenfold("predict", run.path, run.manifest["config"]["source"], "--out", tmp_path / "a.parquet")[0] == 0
    said = pd.read_parquet(tmp_path / "a.parquet").iloc[run.test["row"].to_numpy()]
    assert said["predicted"].tolist() == run.test["predicted"].tolist()


def test_deciding_again_is_that_in_memory(run, tenfold, refused, tmp_path):
    if run.metrics["positive"] is None:
        assert "needs one class to detect" in refused("decide", run.path, "recall>=0.9", code=2)
        return
    source = run.manifest["config"]["source"]
    words = ("run", source, "--target", "y", "--stream", "--models", "sgd,bayes", "--out", tmp_path / "r", "--quiet")
    assert tenfold(*words)[0] == 0
    assert tenfold("decide", tmp_path / "r", "precision>=0.8")[0] == 0
    again = open_run(tmp_path / "r")
    task, lines = again.task, again.out_of_fold.query("candidate == 'sgd'")
    known = choose_decision(
        parse_rule("precision>=0.8"),
        predictions_in(lines, task).y,
        predictions_in(lines, task).scores,
        probabilities=False,
        classes=task.classes,
    )
    told = again.metrics["candidates"]["sgd"]["decision"]
    assert told["threshold"] == known.threshold
    assert told["out_of_fold"]["precision"]["value"] >= 0.8
    called = lines["score:yes"] >= known.threshold
    assert (lines["predicted"] == np.where(called, "yes", "no")).all()
    test = again.test
    decision = again.metrics["candidates"][again.chosen]["decision"]
    assert (test["predicted"] == np.where(test["score:yes"] >= decision["threshold"], "yes", "no")).all()
    assert again.metrics["test"]["accuracy"]["value"] == pytest.approx((test["predicted"] == test["true"]).mean())
    assert again.metrics["test_openings"] >= 2


@pytest.mark.parametrize("run", [2], indirect=True, ids=["binary"])
@pytest.mark.parametrize("units", [1, pytest.param(7, marks=pytest.mark.slow)])
def test_killed_at_any_time_and_resumed_gives_the_same_bytes(run, units, tmp_path):
    source = run.manifest["config"]["source"]
    words = [sys.executable, "-m", "tenfold", "run", source, "--target", "y", "--stream", "--cv", "3"]
    out, pipes = tmp_path / "killed", {"stdout": -3, "stderr": subprocess.PIPE, "text": True}
    killed = subprocess.Popen([*words, "--out", str(out)], **pipes, start_new_session=True)
    for line in killed.stderr:
        if line.startswith(f"[{units}/"):
            break
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (out / "work").exists()
    done = subprocess.run([*words, "--out", str(out)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (out / "out_of_fold.parquet").read_bytes() == run.folder.out_of_fold.read_bytes()
    assert not (out / "work").exists()


def test_an_interrupt_is_one_line_and_exit_130(run, tmp_path):
    source = run.manifest["config"]["source"]
    words = [sys.executable, "-m", "tenfold", "run", source, "--target", "y", "--stream", "--out", str(tmp_path / "r")]
    begun = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in begun.stderr:
        if line.startswith("[1/"):
            break
    begun.send_signal(signal.SIGINT)
    _, err = begun.communicate(timeout=20)
    assert begun.returncode == 130
    assert "Traceback" not in err
    assert list((tmp_path / "r/work/units").glob("*.json"))


def test_changed_data_are_not_resumed(tmp_path, tenfold, refused):
    found = table(900)
    found.to_parquet(tmp_path / "t.parquet", index=False)
    words = ("run", tmp_path / "t.parquet", "--target", "y", "--stream", "--models", "bayes", "--out", tmp_path / "r")
    refused(*words, "--decide", "precision>=0.999 @ 99%", code=1)
    found.iloc[1:].to_parquet(tmp_path / "t.parquet", index=False)
    assert "has changed: the data" in refused(*words, "--decide", "precision>=0.999 @ 99%", code=3)


def test_another_target_in_the_same_folder_is_not_resumed(tmp_path, refused):
    found = table(900).assign(z=lambda t: np.where(t["x0"] > 0, "up", "down"))
    found.to_parquet(tmp_path / "t.parquet", index=False)
    words = ("run", tmp_path / "t.parquet", "--stream", "--models", "bayes", "--out", tmp_path / "r")
    refused(*words, "--target", "y", "--decide", "precision>=0.999 @ 99%", code=1)
    assert "has changed: --target (y, now z); the data" in refused(*words, "--target", "z", code=3)


def test_the_same_command_without_a_folder_goes_on_where_it_was(tmp_path, monkeypatch, tenfold, refused):
    table(900).to_parquet(tmp_path / "t.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    words = ("run", "t.parquet", "--target", "y", "--stream", "--models", "bayes", "--decide", "precision>=0.999 @ 99%")
    for _ in range(2):
        refused(*words, code=1)
    assert [entry.name for entry in (tmp_path / "runs").iterdir()] == ["t"]


def test_candidates_that_need_all_rows_are_refused_with_how_many_fit(run, refused, tmp_path):
    source = run.manifest["config"]["source"]
    for name in ("knn", "svm:pca", "forest"):
        words = ("run", source, "--target", "y", "--stream", "--models", name, "--out", tmp_path / "r")
        line = refused(*words, code=2)
        assert f"'{name}' needs all rows in memory at once: about " in line
        assert "there are 4,000" in line
    assert "no model 'bayess'" in refused(
        "run", source, "--target", "y", "--stream", "--models", "bayess", "--out", tmp_path / "r", code=2
    )
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--target", "z"), "no column 'z'"),
        ((), "which column is the label?"),
        (("--target", "y,x0"), "has one label a row"),
        (("--target", "y", "--tune", "grid"), "--tune does not go with a streamed table"),
        (("--target", "y", "--learning-curve"), "--learning-curve needs all rows in memory at once"),
        (("--target", "y", "--augment", "shift"), "--augment does not go with a streamed table"),
        (("--target", "y", "--engine", "dask://127.0.0.1:1"), "does not go with a streamed table"),
        (("--target", "y", "--decide", "precision>=0.9"), ""),
    ],
)
def test_what_cannot_be_streamed_is_refused_in_one_line(words, told, run, refused, tmp_path):
    if not told and run.metrics["positive"] is not None:
        return
    told = told or "needs one class to detect"
    line = refused("run", run.manifest["config"]["source"], "--stream", *words, "--out", tmp_path / "r",
                   code=3 if "no column" in told else 2)  # fmt: skip
    assert told in line


@pytest.mark.parametrize(
    ("asked", "told"), [("text: c", "'text' is no role that a streamed table"), ("unused: d", "no column 'd'")]
)
def test_a_role_that_a_streamed_table_does_not_have_is_refused(asked, told):
    columns = TableColumns(("a", "b"), ("c",), ("n",))
    assert streamed_columns(columns, ["unused: c", "number: a"], Path("t.csv")).unused == ("n", "c")
    with pytest.raises(TenfoldError, match=told):
        streamed_columns(columns, [asked], Path("t.csv"))


def test_what_is_no_table_is_not_streamed(refused, tmp_path):
    assert "--stream is for a table" in refused("run", "digits", "--stream", "--out", tmp_path / "r", code=2)


def test_no_space_for_the_spool_is_told_before_anything_is_read(tmp_path, refused):
    part = tmp_path / "part.parquet"
    rows = 1_000_000
    pd.DataFrame(
        {"a": np.zeros(rows, np.int8), "y": pd.Categorical.from_codes(np.arange(rows) % 2, ["n", "p"])}
    ).to_parquet(part, index=False)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(4000):
        (folder / f"{number}.parquet").symlink_to(part)
    line = refused("run", folder, "--target", "y", "--stream", "--out", tmp_path / "r", code=5)
    assert "about 4,000,000,000 rows need" in line
    assert "GB are free" in line


def test_a_folder_of_parts_that_fits_is_loaded_in_memory(run, tenfold, tmp_path):
    words = ("run", run.manifest["config"]["source"], "--target", "y", "--models", "logistic", "--out", tmp_path / "r")
    code, _, err = tenfold(*words)
    assert code == 0
    assert "Streamed" not in err
    known = open_run(tmp_path / "r")
    assert not known.streamed
    assert known.manifest["data"]["fingerprint"] == run.manifest["data"]["fingerprint"]


def test_one_class_is_detected_among_several(tmp_path, tenfold):
    table(3000, 3).to_csv(tmp_path / "t.csv.gz", index=False)
    words = ("run", tmp_path / "t.csv.gz", "--target", "y", "--positive", "maybe", "--stream", "--models", "bayes")
    code, _, err = tenfold(*words, "--out", tmp_path / "r", "--decide", "recall>=0.9")
    assert code == 0, err
    found = open_run(tmp_path / "r")
    assert found.metrics["classes"] == ["not maybe", "maybe"]
    assert found.metrics["candidates"]["bayes"]["decision"]["out_of_fold"]["recall"]["value"] >= 0.9


def test_a_streamed_candidate_is_compared_with_the_baseline_as_in_memory(run):
    task, lines = run.task, run.out_of_fold
    y = predictions_in(lines.query("candidate == 'baseline'"), task).y
    assert set(run.metrics["choice"]) == {"reason", "over", "times"}
    for name, entry in run.metrics["candidates"].items():
        if name == "baseline":
            assert entry["beats_baseline"] is None
            continue
        mine, nothing = (out_of_fold_of(run, one) for one in (name, "baseline"))
        rows = [
            checked_rows(task, y, one.predicted, one.scores, probabilities=one.probabilities) for one in (mine, nothing)
        ]
        known = paired_difference(task, *rows, run.metrics["metric"])
        for end in ("value", "low", "high"):
            assert entry["difference_to_baseline"][end] == pytest.approx(getattr(known, end), abs=1e-12)
        assert entry["beats_baseline"] is (known.low > 0)


def test_a_streamed_rare_class_is_named_first_and_proposed_another_decision(tenfold, tmp_path):
    rng = np.random.default_rng(0)
    rare = np.arange(3000) % 50 == 0
    frame = pd.DataFrame(
        {"p": rng.normal(1.8 * rare), "q": rng.normal(size=3000), "fraud": np.where(rare, "yes", "no")}
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    words = ("--target", "fraud", "--models", "sgd", "--stream", "--cv", 2, "--jobs", 1, "--quiet")
    code, out, err = tenfold("run", tmp_path / "t.csv", *words, "--out", tmp_path / "r")
    assert code == 0, err
    found = open_run(tmp_path / "r").metrics
    recall = found["candidates"]["sgd"]["out_of_fold"]["recall"]["value"]
    assert recall < found["proposal"]["out_of_fold"]["recall"]["value"]
    assert out.startswith("sgd never answers “fraud = yes”.") is (recall == 0)
    assert f"tenfold decide {tmp_path / 'r'} f1" in out
    assert tenfold("decide", tmp_path / "r", "f1")[0] == 0
    decided = open_run(tmp_path / "r").metrics["candidates"]["sgd"]["decision"]["out_of_fold"]
    assert {key: decided[key]["value"] for key in ("precision", "recall", "f1")} == {
        key: figure["value"] for key, figure in found["proposal"]["out_of_fold"].items()
    }
