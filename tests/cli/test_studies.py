"""``tenfold report --importance --learning-curve --map --weak-spots``."""

import json
import shutil

import pytest


@pytest.fixture
def run(flower_run, tmp_path):
    """A run that may be changed."""
    path = tmp_path / "flowers"
    shutil.copytree(flower_run, path)
    return path


def test_studies_are_kept_and_shown_and_no_figure_changes(tenfold, run):
    before = (run / "metrics.json").read_bytes()
    code, out, _ = tenfold("report", run, "--importance", "--learning-curve", "--map", "--weak-spots")
    assert code == 0
    assert "report.html" in out.splitlines()[-1]
    page = (run / "report.html").read_text()
    assert "Not looked into" not in page
    assert "t-SNE map" in page
    importance = json.loads((run / "analysis" / "importance.json").read_text())
    assert {one["part"] for one in importance["parts"]} == {"size", "colour"}
    assert "The answers rest most on size" in out
    assert (run / "metrics.json").read_bytes() == before


def test_the_last_point_of_the_curve_is_the_run_itself(tenfold, run):
    tenfold("report", run, "--learning-curve")
    curve = json.loads((run / "analysis" / "learning_curve.json").read_text())
    metrics = json.loads((run / "metrics.json").read_text())
    judged = metrics["candidates"][metrics["chosen"]]["out_of_fold"][metrics["metric"]]
    assert {key: curve["points"][-1][key] for key in ("value", "low", "high", "n")} == {
        key: judged[key] for key in ("value", "low", "high", "n")
    }
    assert sorted(path.name for path in (run / "analysis").iterdir() if path.name.startswith("learning")) == [
        "learning_curve.json"
    ]


def test_a_study_is_made_once(tenfold, run):
    tenfold("report", run, "--learning-curve")
    path = run / "analysis" / "learning_curve.json"
    first, made = path.read_bytes(), path.stat().st_mtime_ns
    _, _, err = tenfold("report", run, "--learning-curve")
    assert "left" not in err
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, made)


def test_an_interrupted_curve_goes_on_where_it_stopped(tenfold, run, monkeypatch):
    from tenfold.analysis.studies import learning as study_learning

    real, done = study_learning.fit_and_predict, []

    def broken(*words, **more):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(words)
        return real(*words, **more)

    monkeypatch.setattr(study_learning, "fit_and_predict", broken)
    code, _, _ = tenfold("report", run, "--learning-curve")
    assert code == 130
    kept = len(done)
    monkeypatch.setattr(study_learning, "fit_and_predict", lambda *words, **more: (done.append(words), real(*words))[1])
    assert tenfold("report", run, "--learning-curve")[0] == 0
    sizes = len(json.loads((run / "analysis" / "learning_curve.json").read_text())["points"]) - 1
    assert kept == 3
    assert len(done) == 5 * sizes


def test_a_damaged_or_foreign_study_is_made_again(tenfold, run):
    path = run / "analysis" / "importance.json"
    tenfold("report", run, "--importance")
    good = path.read_bytes()
    for bad in ('{"schema": 1', "[]", json.dumps({**json.loads(good), "made_for": {"candidate": "another"}})):
        path.write_text(bad)
        tenfold("report", run)
        assert "--importance" in (run / "report.html").read_text()
        tenfold("report", run, "--importance")
        assert path.read_bytes() == good


def test_a_run_whose_data_have_gone_says_so(refused, tenfold, run):
    config = run / "config.toml"
    config.write_text(config.read_text().replace("flowers.csv", "gone.csv"))
    assert "gone.csv" in refused("report", run, "--map", code=3)
    assert tenfold("report", run)[0] == 0
    assert "needs the training rows" in (run / "report.html").read_text()


def test_a_run_in_another_process_is_not_studied(refused, run):
    from tenfold.record.folder import held_folder

    with held_folder(run):
        refused("report", run, "--map", code=6)


def test_a_run_can_end_with_its_learning_curve(tenfold, flowers, tmp_path):
    out = tmp_path / "run"
    code, _, err = tenfold("run", flowers, "--target", "kind", "--models", "knn", "--learning-curve", "--out", out)
    assert code == 0
    assert "left" in err
    assert "twice as many" in (out / "report.html").read_text()


def test_a_live_classifier_can_be_judged_but_not_studied_later(refused, flowers, tmp_path):
    from sklearn.naive_bayes import GaussianNB

    import tenfold as package

    found = package.run(str(flowers), target="kind", models=[GaussianNB()], out=tmp_path / "live", jobs=1)
    assert (found.path / "analysis" / "importance.json").exists()
    assert "from Python" in refused("report", found.path, "--learning-curve", code=2)


def test_a_run_without_a_learning_curve_says_its_result_first(tenfold, tmp_path):
    rows = [f"{size},{2 * size + size % 3}" for size in range(30)]
    (tmp_path / "few.csv").write_text("\n".join(["size,price", *rows]) + "\n")
    words = ("--target", "price", "--task", "quantities", "--models", "linear", "--cv", "3", "--learning-curve")
    code, out, err = tenfold("run", tmp_path / "few.csv", *words, "--out", tmp_path / "run", "--quiet")
    assert code == 7
    assert "linear is off by" in out
    assert err.rstrip().endswith("no learning curve: there are too few rows to leave any out.")


def test_a_run_keeps_how_the_error_fell_while_its_candidate_was_fitted(tenfold, tmp_path):
    rows = [f"{size},{2 * size + size % 3}" for size in range(60)]
    (tmp_path / "some.csv").write_text("\n".join(["size,price", *rows]) + "\n")
    words = ("--target", "price", "--task", "quantities", "--models", "boosting", "--cv", "2", "--quiet")
    assert tenfold("run", tmp_path / "some.csv", *words, "--out", tmp_path / "run")[0] == 0
    study = json.loads((tmp_path / "run" / "analysis" / "importance.json").read_text())
    assert (study["training"]["stages"][-1], study["training"]["reason"]) == (200, "most")
    assert study["training"]["held_out_rows"] == 24
    assert 'id="training"' in (tmp_path / "run" / "report.html").read_text()
    code, out, _ = tenfold("report", tmp_path / "run", "--format", "md")
    assert code == 0
    assert "It made 200 rounds, as many as it may." in out
    code, out, _ = tenfold("report", tmp_path / "run", "--importance")
    assert code == 0
    assert "rounds  RMSE, its own  RMSE, held-out" in out
