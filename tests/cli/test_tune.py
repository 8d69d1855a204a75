"""`tenfold run --tune grid`: the settings tried, the one saved, and where they are shown."""

import json
import tomllib

import pandas as pd
import pytest

from tenfold.analysis.studies.study_input import subject_of
from tenfold.cli.app import main
from tenfold.record.bundle import load
from tenfold.record.run import open_run

WORDS = ("run", "digits", "--models", "knn,logistic", "--tune", "grid")


@pytest.fixture(scope="module")
def tuned_run(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("tuned") / "r", tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main([*WORDS, "--out", str(folder), "--quiet"])
    assert ended.value.code == 0
    return folder


def test_the_saved_model_has_the_best_setting(tuned_run):
    tuning = json.loads((tuned_run / "metrics.json").read_text())["candidates"]["knn"]["tuning"]
    means = [trial["mean"] for trial in tuning["trials"]]
    assert tuning["chosen"] == means.index(max(means))
    steps = {step.operation: step.parameters for step in load(tuned_run / "model").model.steps}
    parameters = {
        "model__n_neighbors": steps["neighbours"]["count"],
        "model__weights": steps["neighbour_votes"]["weights"],
    }
    assert parameters == tuning["setting"]
    assert tomllib.loads((tuned_run / "config.toml").read_text())["run"]["tune"] == "grid"


def test_settings_are_told_and_shown(tuned_run, tenfold):
    _, out, _ = tenfold(*WORDS, "--out", tuned_run)
    assert "knn: best of 6 settings is n_neighbors = " in out
    page = (tuned_run / "report.html").read_text()
    assert "Which settings are best?" in page
    _, told, _ = tenfold("report", tuned_run, "--format", "md")
    assert "| n\\_neighbors | weights | mean |" in told


def test_a_run_repeated_from_its_config_is_the_same(tuned_run, tenfold, tmp_path):
    assert tenfold("run", tuned_run / "config.toml", "--out", tmp_path / "again")[0] == 0
    first, second = (pd.read_parquet(f / "out_of_fold.parquet") for f in (tuned_run, tmp_path / "again"))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_studies_fit_the_setting_that_was_chosen(tuned_run):
    run = open_run(tuned_run)
    setting = run.metrics["candidates"][run.chosen]["tuning"]["setting"]
    subject = subject_of(run).candidate
    parameters = subject.pipeline.get_params()
    assert {key: parameters[key] for key in setting} == setting
    assert not subject.settings


def test_nothing_to_tune_is_said(tenfold, tmp_path):
    status, _, err = tenfold("run", "digits", "--models", "baseline", "--tune", "grid", "--out", tmp_path / "r")
    assert status == 0
    assert "None of these candidates has settings to try" in err


def test_what_was_begun_without_tuning_is_not_gone_on_with_it(refused, tmp_path, monkeypatch):
    words = ("run", "digits", "--models", "knn", "--cv", "3", "--out", tmp_path / "r")
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("tenfold.line.memory.steps.judgement", _interrupted)
        main([*map(str, words)])
    line = refused(*words, "--tune", "grid", code=3)
    assert "what a run was started with here has changed: --tune (None, now grid)" in line


def _interrupted(*_):
    raise KeyboardInterrupt


def test_another_way_is_refused_before_any_work(tenfold, tmp_path):
    status, _, err = tenfold("run", "digits", "--models", "knn", "--tune", "random", "--out", tmp_path / "r")
    assert status == 2
    assert "no way of tuning 'random'" in err
    assert not (tmp_path / "r" / "metrics.json").exists()
