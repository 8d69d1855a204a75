"""A denoising run from images to files: what is judged, chosen, tested, kept; resumed, repeated and refused."""

import json
import re
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger
from tenfold.errors import BusyError, DataError, PartsFailedError, UsageError
from tenfold.figures.images.quality import image_quality
from tenfold.folds.executor import InlineExecutor
from tenfold.folds.job import Job
from tenfold.line.restoration.config import DenoiseConfig, read_denoise_config
from tenfold.line.restoration.pictures import read_pictures
from tenfold.line.restoration.prepared import SAMPLE, prepare
from tenfold.line.restoration.steps import Restoration, execute
from tenfold.models.denoising import KNeighborsDenoiser
from tenfold.tasks.images.catalogue import CATALOGUE
from tests.line.restoration.conftest import shapes


def test_a_run_leaves_its_whole_folder(go, bars):
    run = go(bars, models=("knn", "ridge"))
    names = {path.name for path in run.path.iterdir()} - {".lock"}
    assert names == {
        "config.toml", "manifest.json", "metrics.json", "out_of_fold.parquet", "test.parquet", "pictures.npz",
        "report.html", "model",
    }  # fmt: skip
    metrics = run.metrics
    assert (metrics["task"], metrics["metric"], metrics["classes"]) == ("multioutput", "mae", ["a", "b"])
    assert list(metrics["candidates"]) == sorted(
        metrics["candidates"], key=lambda name: metrics["candidates"][name]["out_of_fold"]["mae"]["value"]
    )
    for part in ("test", "test_baseline"):
        assert set(metrics[part]) >= {"mae", "psnr", "ssim", "pixels_right", "pixels_exact", "mae:a", "ssim:b"}
        assert metrics[part]["mae"]["n"] == 12
    assert metrics["test"]["mae"]["value"] < metrics["test_baseline"]["mae"]["value"]
    assert metrics["test_openings"] == 1


def test_every_training_image_is_judged_once_by_each_candidate(go, bars):
    run = go(bars, models=("knn",), cv=3)
    lines = run.out_of_fold
    assert lines.groupby("candidate").size().to_dict() == {"baseline": 48, "knn": 48}
    assert not lines.duplicated(["candidate", "row"]).any()
    assert set(lines["fold"]) == {0, 1, 2}
    assert not set(lines["row"]) & set(run.test["row"])
    found = run.metrics["candidates"]["knn"]["out_of_fold"]["mae"]["value"]
    assert lines.query("candidate == 'knn'")["mae"].mean() == pytest.approx(found)
    assert run.test["fold"].eq(-1).all()
    assert run.test["mae"].mean() == pytest.approx(run.metrics["test"]["mae"]["value"])


def test_an_image_is_never_restored_by_a_model_that_saw_it(bars, monkeypatch, go):
    """With one neighbour a seen image would come back exactly; every image here is unlike all others."""
    rng = np.random.default_rng(0)
    images = Dataset("noise", "image", rng.integers(0, 256, (40, 5, 5)).astype(np.uint8), None, source="memory")
    monkeypatch.setitem(CATALOGUE, "knn", replace(CATALOGUE["knn"], estimator=lambda: KNeighborsDenoiser(1)))
    run = go(images, models=("knn",), noise="gaussian:1", draw=lambda folder: None)
    assert run.out_of_fold.query("candidate == 'knn'")["mae"].min() > 20


def test_the_noise_depends_on_the_seed_alone(bars):
    first = prepare(DenoiseConfig("memory", cv=2, models=("knn",)), bars)
    other = prepare(DenoiseConfig("memory", cv=4, models=("ridge",)), bars)
    np.testing.assert_array_equal(first.training.noisy, other.training.noisy)
    assert (prepare(DenoiseConfig("memory", seed=1), bars).training.noisy != first.training.noisy).any()


def test_the_baseline_is_the_noisy_image_itself(go, bars):
    run = go(bars, models=("knn",), draw=lambda folder: None)
    prepared = prepare(DenoiseConfig("memory", models=("knn",)), bars)
    expected = image_quality(prepared.training.clean, prepared.training.noisy, 255).mae.mean()
    assert run.metrics["candidates"]["baseline"]["out_of_fold"]["mae"]["value"] == pytest.approx(expected)


def test_a_killed_run_resumes_with_the_same_figures(go, bars, monkeypatch):
    whole = go(bars, out="whole", models=("median", "ridge"))
    done, real = [], Job.commit

    def killed(job, unit, results):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(unit)
        real(job, unit, results)

    monkeypatch.setattr(Restoration, "executor", lambda steps, note: nullcontext((InlineExecutor(), 1)))
    monkeypatch.setattr(Job, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        go(bars, out="killed", models=("median", "ridge"))
    again = []

    def counted(job, unit, results):
        again.append(unit)
        real(job, unit, results)

    monkeypatch.setattr(Job, "commit", counted)
    resumed = go(bars, out="killed", models=("median", "ridge"))
    assert len(again) == 15 - 4
    assert not set(again) & set(done)
    assert resumed.metrics["test"] == whole.metrics["test"]
    assert _figures(resumed) == _figures(whole)
    assert resumed.metrics["test_openings"] == 2  # two runs looked at these images, and it is said


def _figures(run):
    return {name: entry["out_of_fold"] for name, entry in run.metrics["candidates"].items()}


def test_a_run_started_with_other_noise_is_not_resumed(go, bars, monkeypatch):
    monkeypatch.setattr("tenfold.line.restoration.steps.judgement", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(bars, models=("median",))
    with pytest.raises(DataError, match=r"has changed: --noise \(uniform:0:100, now salt:0.1\)"):
        go(bars, models=("median",), noise="salt:0.1")


def _interrupted(*given):
    raise KeyboardInterrupt


def test_a_finished_run_answers_its_own_request_and_refuses_another(go, bars):
    first = go(bars, models=("median",))
    written = first.folder.metrics.stat().st_mtime_ns
    assert go(bars, models=("median",)).folder.metrics.stat().st_mtime_ns == written
    with pytest.raises(UsageError, match="finished run of another request"):
        go(bars, models=("ridge",))


def test_two_processes_do_not_write_one_run(go, bars, tmp_path):
    def meanwhile(folder):
        with pytest.raises(BusyError, match="held by process"):
            execute(DenoiseConfig("memory"), tmp_path / "run", lambda c: bars, print, ledger=Ledger(tmp_path))

    go(bars, models=("median",), draw=meanwhile)


def test_the_written_config_repeats_the_run(go, bars):
    run = go(bars, models=("knn",), draw=lambda folder: None)
    kept = read_denoise_config(run.folder.config)
    assert kept == DenoiseConfig("memory", models=("baseline", "knn"), cv=5, noise="uniform:0:100")


def test_a_candidate_that_fails_costs_itself_alone(go, monkeypatch):
    large = Dataset("large", "image", shapes(20, 65).X, None, source="memory")
    run = go(large, models=("ridge", "median"))
    assert "4,225 values an image" in run.metrics["failed"]["ridge"]
    assert run.chosen == "median"
    assert any("ridge failed" in line for line in run.metrics["warnings"])
    assert "Failed:" in run.folder.report.read_text()
    with pytest.raises(PartsFailedError, match="every candidate failed: ridge"):
        go(large, out="other", models=("ridge",))


def test_a_large_training_part_is_judged_on_a_sample(monkeypatch, go):
    monkeypatch.setattr("tenfold.line.restoration.prepared.MANY_ROWS", 30)
    monkeypatch.setattr("tenfold.line.restoration.prepared.SAMPLE", 20)
    run = go(shapes(), models=("knn",))
    assert run.metrics["candidates"]["knn"]["out_of_fold"]["mae"]["n"] == 20
    assert (run.manifest["judged_rows"], run.manifest["training_rows"]) == (20, 48)
    assert any("20 training images drawn from 48" in line for line in run.metrics["warnings"])
    assert SAMPLE == 10_000


def test_size_learns_from_a_part_and_says_so(go, bars):
    run = go(bars, models=("knn",), size=20)
    assert run.manifest["training_rows"] == 20
    assert run.metrics["test"]["mae"]["n"] == 12
    assert any("20 training images only" in line for line in run.metrics["warnings"])


def test_the_source_own_test_part_is_used(go, bars):
    own = replace(bars, official_test=np.arange(60) >= 50)
    run = go(own, models=("median",))
    assert sorted(run.test["row"]) == list(range(50, 60))


def test_pictures_run_from_the_worst_to_the_best(go, bars):
    run = go(bars, models=("knn",))
    kept = read_pictures(run.path)
    lines = run.out_of_fold.query("candidate == @run.chosen").set_index("row")["mae"]
    for group, expected in (("worst", lines.nlargest(12)), ("best", lines.nsmallest(12))):
        np.testing.assert_allclose(np.sort(kept.mae[kept.group == group]), np.sort(expected))
    np.testing.assert_allclose(kept.mae, lines[kept.row])
    assert kept.after.mean() == pytest.approx(lines.mean())
    np.testing.assert_array_equal(kept.clean, bars.X[kept.row])


def test_images_without_classes_have_no_figures_by_class(go, bars):
    run = go(replace(bars, y=None), models=("median",))
    assert run.metrics["classes"] == []
    assert run.out_of_fold["true"].isna().all()
    assert 'id="classes"' not in run.folder.report.read_text()


def test_a_name_for_each_image_is_no_class(go, bars):
    named = replace(bars, y=np.array([f"scan {i}" for i in range(60)], object))
    run = go(named, models=("median",))
    assert run.metrics["classes"] == []
    assert run.metrics["test"]["mae"]["n"] == 12


def test_images_without_a_class_among_others_stay_in(go, bars):
    some = np.array(bars.y)
    some[::3] = ""
    run = go(replace(bars, y=some), models=("median",))
    assert run.metrics["classes"] == ["a", "b"]
    assert run.metrics["candidates"]["median"]["out_of_fold"]["mae"]["n"] == 48
    assert "mae:" not in run.metrics["test"]


def test_one_pixel_images_are_denoised(go):
    X = np.random.default_rng(0).integers(0, 256, (40, 1, 1)).astype(np.uint8)
    run = go(Dataset("dots", "image", X, None, source="memory"), models=("knn", "ridge", "median"))
    assert run.metrics["test"]["mae"]["n"] == 8
    assert run.metrics["ssim_window"] == 1


def test_a_black_image_among_others_has_figures(go, bars):
    X = np.array(bars.X)
    X[3] = 0
    run = go(replace(bars, X=X), models=("median",))
    line = pd.concat([run.out_of_fold.query("candidate == 'median'"), run.test]).set_index("row").loc[3]
    assert np.isfinite(line[["mae", "ssim"]].astype(float)).all()


@pytest.mark.parametrize(("level", "told"), [(0, r"\(0\)"), (77, r"\(77\)")])
def test_constant_images_are_refused(go, tmp_path, level, told):
    same = Dataset("flat", "image", np.full((10, 3, 3), level, np.uint8), None, source="flat.npz")
    with pytest.raises(DataError, match=f"flat.npz: every pixel of every image has the same value {told}"):
        go(same)
    assert not (tmp_path / "run").exists()


def test_too_few_images_are_refused(go, bars):
    with pytest.raises(DataError, match="3 images: too few"):
        go(bars.take(slice(0, 3)))


def test_a_table_is_refused(go, table):
    with pytest.raises(UsageError, match="noise is taken off images, this is a table"):
        go(table)


def test_python_denoises_arrays_and_names(tmp_path, bars):
    run = tenfold.denoise(bars.X, noise="gaussian:40", models=["ridge"], out=tmp_path / "run")
    assert run.metrics["noise"] == "gaussian:40"
    assert "ridge brings the mean error down" in repr(run)
    assert "grey levels" in run._repr_html_()
    words = json.loads(run.folder.manifest.read_text())["noise"]["words"]
    assert words == "normal noise of 40 grey levels (standard deviation) added to every pixel"


def test_a_denoiser_that_does_harm_is_called_so(go, bars):
    """A median filter wipes out lines of one pixel."""
    run = go(bars, models=("median",), noise="salt:0.2")
    assert "No denoiser is better than doing nothing. median does not help: the mean error goes from" in repr(run)
    assert run.metrics["warnings"][0] == "No candidate is better than doing nothing (by mean absolute error)."
    page = run.folder.report.read_text()
    assert "does not help" in page
    assert re.search(r"<h1[^>]*>No denoiser is better than doing nothing\.</h1>", page)
    assert run.metrics["candidates"]["median"]["beats_baseline"] is False
    assert run.metrics["choice"] == {"reason": "alone", "over": None, "times": None}
