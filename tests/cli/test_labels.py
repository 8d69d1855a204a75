"""Several labels through the whole line, from the shell."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, hamming_loss, multilabel_confusion_matrix
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

import tenfold as tf
from tenfold.cli.app import main

LABELS = "large = digit >= 7, odd = digit % 2 == 1"
TRUE, CALLED, SCORES = ([f"{kind}:{name}" for name in ("large", "odd")] for kind in ("true", "predicted", "score"))


@pytest.fixture(scope="session")
def digit_run(tmp_path_factory):
    """A finished run of two labels, not to be changed."""
    home, path = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("runs") / "digits"
    words = ["run", "digits", "--labels", LABELS, "--models", "logistic,knn,chain:logistic", "--cv", "3"]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main([*words, "--out", str(path), "--quiet"])
    assert ended.value.code == 0
    return path


@pytest.fixture
def copied(digit_run, tmp_path):
    import shutil

    return shutil.copytree(digit_run, tmp_path / "copy")


def metrics_of(path):
    return json.loads((path / "metrics.json").read_text())


def test_the_files_are_as_the_contract_says(digit_run):
    lines = pd.read_parquet(digit_run / "out_of_fold.parquet")
    assert list(lines) == ["row", "id", "fold", "candidate", *TRUE, *CALLED, *SCORES]
    assert set(lines.dtypes[TRUE + CALLED].astype(str)) == {"bool"}
    assert set(lines.dtypes[SCORES].astype(str)) == {"float64"}
    assert list(pd.read_parquet(digit_run / "test.parquet")) == list(lines)
    metrics = metrics_of(digit_run)
    assert metrics["task"] == "multilabel"
    assert metrics["classes"] == ["large", "odd"]
    assert metrics["metric"] == "f1_macro"
    assert np.shape(metrics["test_confusion_matrix"]) == (2, 2, 2)


def test_every_figure_is_that_of_the_predictions_file(digit_run):
    metrics, lines = metrics_of(digit_run), pd.read_parquet(digit_run / "out_of_fold.parquet")
    for name, entry in metrics["candidates"].items():
        of = lines[lines["candidate"] == name]
        y, called = of[TRUE].to_numpy(), of[CALLED].to_numpy()
        found = entry["out_of_fold"]
        for average in ("macro", "weighted", "micro"):
            assert found[f"f1_{average}"]["value"] == pytest.approx(f1_score(y, called, average=average), abs=1e-12)
        assert found["hamming_loss"]["value"] == pytest.approx(hamming_loss(y, called), abs=1e-12)
        assert found["exact_match"]["value"] == pytest.approx((y == called).all(axis=1).mean(), abs=1e-12)
        assert entry["confusion_matrix"] == multilabel_confusion_matrix(y, called).tolist()
        folds = [f1_score(y[of["fold"] == f], called[of["fold"] == f], average="macro") for f in range(3)]
        assert found["f1_macro"]["folds"] == pytest.approx(folds)


def test_neighbours_answer_as_scikit_learns_do_on_the_same_folds(digit_run):
    lines = pd.read_parquet(digit_run / "out_of_fold.parquet").query("candidate == 'knn'")
    X = tf.load("digits").X[lines["row"]].reshape(len(lines), -1)
    folds = [(np.flatnonzero(lines["fold"] != f), np.flatnonzero(lines["fold"] == f)) for f in range(3)]
    theirs = cross_val_predict(KNeighborsClassifier(), X, lines[TRUE].to_numpy(), cv=folds)
    assert np.array_equal(theirs, lines[CALLED].to_numpy())


def test_the_config_repeats_the_run(digit_run, tenfold, tmp_path):
    code, _, err = tenfold("run", digit_run / "config.toml", "--out", tmp_path / "again", "--quiet")
    assert code == 0, err
    for name in ("out_of_fold.parquet", "test.parquet", "config.toml"):
        assert (digit_run / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_other_labels_are_another_run(copied, refused):
    line = refused("run", "digits", "--labels", LABELS.replace("7", "8"), "--out", copied, code=2)
    assert "finished run of another request" in line


def test_decide_gives_each_label_a_threshold_that_predict_applies(copied, tenfold, tmp_path):
    code, _, err = tenfold("decide", copied, "recall>=0.9")
    assert code == 0, err
    metrics = metrics_of(copied)
    decision = metrics["candidates"][metrics["chosen"]]["decision"]
    lines = pd.read_parquet(copied / "out_of_fold.parquet").query(f"candidate == '{metrics['chosen']}'")
    assert np.array_equal(lines[CALLED].to_numpy(), lines[SCORES].to_numpy() >= decision["thresholds"])
    for name in ("large", "odd"):
        assert decision["out_of_fold"][f"recall:{name}"]["value"] >= 0.9
    code, _, err = tenfold("predict", copied, "digits", "--out", tmp_path / "answers.parquet")
    assert code == 0, err
    answers = pd.read_parquet(tmp_path / "answers.parquet")
    assert np.array_equal(answers[CALLED].to_numpy(), answers[SCORES].to_numpy() >= decision["thresholds"])
    assert answers["threshold:odd"].eq(decision["thresholds"][1]).all()
    code, _, err = tenfold("decide", copied, "argmax")
    assert code == 0, err
    lines = pd.read_parquet(copied / "out_of_fold.parquet").query("candidate == 'knn'")
    assert np.array_equal(lines[CALLED].to_numpy(), lines[SCORES].to_numpy() > 0.5)


def test_a_rule_that_a_label_cannot_meet_is_refused(copied, refused):
    before = metrics_of(copied)
    line = refused("decide", copied, "precision>=0.999999 @ 99.9%", code=1)
    assert "for label 'large'" in line
    assert metrics_of(copied) == before


def test_the_model_is_judged_on_the_labels_it_was_trained_on(copied, tenfold, refused):
    code, out, err = tenfold("evaluate", copied, "digits", "--json")
    assert code == 0, err
    assert json.loads(out)["figures"]["exact_match"]["n"] == 360
    line = refused("evaluate", copied, "digits", "--labels", LABELS.replace("odd", "uneven"), code=3)
    assert "predicts the labels large, odd" in line


def test_runs_and_verify_and_report_know_it(copied, tenfold):
    for words in (("runs", copied.parent), ("verify", copied), ("report", copied)):
        code, out, err = tenfold(*words)
        assert code == 0, err
        assert "damaged" not in out


def test_a_table_with_several_targets(tmp_path, tenfold):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, (150, 3))
    table = pd.DataFrame(rng.normal(codes, 0.5).round(3), columns=list("abc"))
    names = ["warm", "<script>alert(1)</script>", "{{ 7 * 7 }}"]
    table[names] = codes
    table.to_csv(tmp_path / "t.csv", index=False)
    words = ("run", tmp_path / "t.csv", "--target", ",".join(names), "--models", "logistic", "--out", tmp_path / "run")
    code, out, err = tenfold(*words, "--decide", "f1", "--quiet")
    assert code == 0, err
    assert "both" not in out
    assert metrics_of(tmp_path / "run")["classes"] == names
    page = (tmp_path / "run" / "report.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "{{ 7 * 7 }}" in page
    code, _, err = tenfold("evaluate", tmp_path / "run", tmp_path / "t.csv")
    assert code == 0, err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--labels", "large = digit >= 7"), 2, "one label only ('large')"),
        (("--labels", "a = digit > 3, b = digit >= 0"), 3, "label 'b' is true in every row"),
        (("--labels", "a = digit > 3, b = digit > 10"), 3, "label 'b' is false in every row"),
        (("--labels", "a = digit > 3, a = digit > 4"), 2, "defined twice, at character 16"),
        (("--labels", "a = digit > 3, b = digt > 4"), 2, "two names, 'digit' and 'digt'"),
        (("--labels", LABELS, "--positive", "odd"), 2, "--positive odd is for one label a row"),
        (("--labels", LABELS, "--task", "multiclass"), 2, "--task multiclass is for one label a row"),
        (("--labels", LABELS, "--metric", "f1_makro"), 2, "Did you mean 'f1_macro'?"),
        (("--labels", LABELS, "--target", "x"), 2, "this is no table"),
        (("--labels", "missing.txt"), 2, "neither a definition nor a file"),
        (("--task", "multilabel"), 2, "define labels with --labels"),
        (("--models", "chain:logistic"), 2, "one label a row"),
        (("--labels", LABELS, "--models", "chain:logstic"), 2, "Did you mean 'logistic'?"),
    ],
)
def test_what_cannot_work_is_one_line_and_leaves_nothing(words, code, told, refused, tmp_path):
    assert told in refused("run", "digits", *words, "--out", tmp_path / "run", code=code)
    assert not (tmp_path / "run").exists()


def test_rows_without_a_label_are_left_out_where_that_is_asked(tmp_path, tenfold, refused):
    rng = np.random.default_rng(0)
    size = rng.integers(0, 6, 90)
    table = pd.DataFrame({"x": size + rng.normal(0, 0.3, 90), "size": size.astype(str)})
    table.loc[[4, 60], "size"] = ""
    table.to_csv(tmp_path / "t.csv", index=False)
    words = ("run", tmp_path / "t.csv", "--target", "size", "--labels", "big = size > 3, even = size % 2 == 0")
    words = (*words, "--models", "knn", "--cv", "3", "--out", tmp_path / "run")
    assert "2 rows have no label" in refused(*words, code=3)
    code, _, err = tenfold(*words, "--drop-unlabelled", "--quiet")
    assert code == 0, err
    code, _, err = tenfold("report", tmp_path / "run")
    assert code == 0, err


@pytest.mark.slow
def test_the_reference_figures_of_mnist(real_data, tenfold, tmp_path, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    words = ("run", "mnist", "--labels", LABELS, "--models", "knn", "--cv", "3", "--out", tmp_path / "run", "--quiet")
    code, _, err = tenfold(*words)
    assert code == 0, err
    found = metrics_of(tmp_path / "run")["candidates"]["knn"]["out_of_fold"]
    assert found["f1_macro"]["value"] == pytest.approx(0.976410265560605, abs=1e-9)
    assert found["f1_weighted"]["value"] == pytest.approx(0.9778357403921755, abs=1e-9)
    first = tf.load_model(tmp_path / "run").predict(tf.load("mnist").X[:1])
    assert first.tolist() == [[False, True]]
