"""``tenfold denoise`` from the shell: a run and what it prints, images cleaned with it, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from tenfold.cli.app import main


@pytest.fixture(scope="module")
def cleaner(tmp_path_factory):
    """A finished denoising run on the small digits, not to be changed."""
    home = tmp_path_factory.mktemp("home")
    path = tmp_path_factory.mktemp("runs") / "clean"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main(["denoise", "digits", "--models", "knn,ridge", "--out", str(path), "--quiet"])
    assert ended.value.code == 0
    return path


def _image(path, shape=(8, 8), seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.usefixtures("workers")
def test_a_run_says_verdict_candidates_report_and_next_step(tenfold, tmp_path):
    code, out, err = tenfold("denoise", "digits", "--models", "ridge", "--noise", "salt:0.2", "--out", tmp_path / "r")
    assert code == 0
    assert out.startswith("No denoiser is better than doing nothing. ridge brings the mean error down from ")
    assert "on 360 test images, opened once." in out
    assert "baseline" in out
    assert f"Next:    tenfold denoise {tmp_path / 'r'} IN.png --out CLEAN.png" in out
    assert "Noise: 20 % of the pixels set to black or white (--noise salt:0.2)." in err
    assert "[10/10] ridge, fold 5" in err


def test_json_is_one_object_with_the_figures(tenfold, tmp_path):
    code, out, err = tenfold("denoise", "digits", "--models", "ridge", "--cv", "2", "--out", tmp_path / "r", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["test"]["mae"]["n"] == 360
    assert found["test"]["mae"]["value"] < found["test_baseline"]["mae"]["value"]


def test_the_written_config_repeats_the_run(tenfold, tmp_path, cleaner):
    tenfold("denoise", cleaner / "config.toml", "--out", tmp_path / "again", "--quiet")
    kept, again = (json.loads((path / "metrics.json").read_text()) for path in (cleaner, tmp_path / "again"))
    assert kept["test"] == again["test"]


def test_an_image_is_cleaned_to_a_png(tenfold, tmp_path, cleaner):
    code, out, err = tenfold("denoise", cleaner, _image(tmp_path / "in.png"), "--out", tmp_path / "clean.png")
    assert (code, out.strip()) == (0, str(tmp_path / "clean.png"))
    with Image.open(tmp_path / "clean.png") as image:
        assert (image.size, image.mode, image.format) == ((8, 8), "L", "PNG")
    assert "0 to 16" in err


def test_a_digit_is_cleaned_towards_itself(tenfold, tmp_path, cleaner):
    from sklearn.datasets import load_digits

    clean = load_digits().images[7]
    noisy = np.clip(clean + np.random.default_rng(0).integers(0, 6, (8, 8)), 0, 16)
    Image.fromarray(np.rint(noisy * 255 / 16).astype(np.uint8)).save(tmp_path / "seven.png")
    tenfold("denoise", cleaner / "model", tmp_path / "seven.png")
    with Image.open(tmp_path / "seven-clean.png") as image:
        restored = np.asarray(image, float) * 16 / 255
    assert np.abs(restored - clean).mean() < np.abs(noisy - clean).mean() / 2


def test_a_folder_of_images_becomes_a_folder(tenfold, tmp_path, cleaner):
    (tmp_path / "noisy").mkdir()
    for name in "ab":
        _image(tmp_path / "noisy" / f"{name}.png")
    (tmp_path / "noisy" / "notes.txt").write_text("no image")
    code, out, _ = tenfold("denoise", cleaner, tmp_path / "noisy", "--out", tmp_path / "clean")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "clean").iterdir()) == ["a.png", "b.png"]
    assert len(out.splitlines()) == 2


def test_bad_images_are_passed_over_and_named_where_that_is_asked(tenfold, tmp_path, cleaner):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    words = ("denoise", cleaner, _image(tmp_path / "a.png"), tmp_path / "broken.png", "--out", tmp_path / "out")
    code, _, err = tenfold(*words, "--skip-bad")
    assert code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]
    assert "Passed over" in err
    assert "broken.png" in err


REFUSED = {
    "unknown noise": (("digits", "--noise", "foo"), 2, "unknown noise 'foo'"),
    "negative sigma": (("digits", "--noise", "gaussian:-3"), 2, "not above 0"),
    "no probability": (("digits", "--noise", "salt:1.5"), 2, "no probability"),
    "unknown denoiser": (("digits", "--models", "knm"), 2, "Did you mean 'knn'?"),
    "one fold": (("digits", "--cv", "1"), 2, "--cv"),
    "absent source": (("nowhere",), 3, "no such file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_work_is_refused_in_a_line(refused, tmp_path, name):
    words, code, told = REFUSED[name]
    assert told in refused("denoise", *words, "--out", tmp_path / "r", code=code)
    assert not (tmp_path / "r").exists()


def test_a_table_is_refused(refused, flowers, tmp_path):
    assert "this is a table" in refused("denoise", flowers, "--out", tmp_path / "r", code=2)


def test_a_folder_of_different_sizes_is_refused_with_the_remedy(refused, tmp_path):
    (tmp_path / "images" / "a").mkdir(parents=True)
    for i, side in enumerate((8, 8, 9)):
        _image(tmp_path / "images" / "a" / f"{i}.png", (side, side), i)
    assert "--resize 8x8" in refused("denoise", tmp_path / "images", "--out", tmp_path / "r", code=3)


def test_an_empty_folder_is_refused(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "is empty" in refused("denoise", tmp_path / "empty", "--out", tmp_path / "r", code=3)


def test_a_folder_of_images_without_classes_will_do(tenfold, tmp_path):
    (tmp_path / "images").mkdir()
    for i in range(12):
        _image(tmp_path / "images" / f"{i}.png", (5, 5), i)
    code, out, _ = tenfold("denoise", tmp_path / "images", "--models", "median", "--out", tmp_path / "r", "--quiet")
    assert code == 0
    assert "on 3 test images" in out


def test_images_that_do_not_fit_the_model_are_refused_and_nothing_is_written(refused, tmp_path, cleaner):
    good, odd = _image(tmp_path / "a.png"), _image(tmp_path / "odd.png", (9, 8))
    assert "8 x 9 pixels; this model cleans images of 8 x 8" in refused(
        "denoise", cleaner, good, odd, "--out", tmp_path / "out", code=3
    )
    assert not (tmp_path / "out").exists()
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    assert "cannot be read as an image" in refused("denoise", cleaner, tmp_path / "bad.png", code=3)
    assert "no such file" in refused("denoise", cleaner, tmp_path / "absent.png", code=3)


def test_an_output_that_does_not_fit_is_refused(refused, tmp_path, cleaner):
    a, b = _image(tmp_path / "a.png"), _image(tmp_path / "b.png")
    assert "do not fit into one file" in refused("denoise", cleaner, a, b, "--out", tmp_path / "x.png", code=2)
    assert "written as .png" in refused("denoise", cleaner, a, "--out", tmp_path / "x.jpg", code=2)
    assert "take the place" in refused("denoise", cleaner, a, "--out", a, code=2)
    assert "--noise is for training" in refused("denoise", cleaner, a, "--noise", "salt:0.1", code=2)


def test_a_classifier_cleans_no_images_and_a_denoiser_tells_no_classes(refused, tmp_path, cleaner, flower_run, flowers):
    image = _image(tmp_path / "a.png")
    assert "this model is a classifier" in refused("denoise", flower_run, image, code=8)
    assert "there is no denoiser here" in refused("denoise", tmp_path, image, code=8)
    assert "this model is a denoiser" in refused("predict", cleaner, flowers, code=8)
    assert "this model is a denoiser" in refused("evaluate", cleaner, "digits", code=8)
    assert "about classes" in refused("decide", cleaner, "f1", code=2)
    assert "it needs images to clean" in refused("denoise", cleaner, code=2)
    assert "give it to tenfold denoise" in refused("run", cleaner / "config.toml", code=2)
    assert "give it to tenfold run" in refused("denoise", flower_run / "config.toml", code=2)


def test_a_denoising_run_is_listed_verified_and_drawn_again(tenfold, cleaner):
    _, out, _ = tenfold("runs", cleaner.parent)
    assert "off by 0." in out
    assert json.loads(tenfold("runs", cleaner.parent, "--json")[1])["runs"][0]["test_error"] < 1
    assert "restores its golden images" in tenfold("verify", cleaner)[1]
    before = (cleaner / "report.html").read_text()
    (cleaner / "report.html").unlink()
    assert tenfold("report", cleaner)[0] == 0
    assert (cleaner / "report.html").read_text() == before


def test_a_run_without_its_pictures_says_which_file_is_missing(refused, tmp_path, cleaner):
    import shutil

    shutil.copytree(cleaner, tmp_path / "copy")
    (tmp_path / "copy" / "pictures.npz").write_bytes(b"PK damaged")
    assert "pictures.npz: damaged" in refused("report", tmp_path / "copy", code=3)
    (tmp_path / "copy" / "pictures.npz").unlink()
    assert "pictures.npz: this file of the run is missing" in refused("report", tmp_path / "copy", code=3)


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal")
@pytest.mark.usefixtures("workers")
def test_a_terminated_run_is_resumed(tmp_path):
    """A real process, a real signal, in the middle of the units."""
    X = np.random.default_rng(0).integers(0, 256, (3_000, 12, 12)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", X=X, y=np.arange(3_000) % 3)
    words = ["denoise", str(tmp_path / "images.npz"), "--models", "knn,knn:mean", "--out", str(tmp_path / "r")]
    command = [sys.executable, "-m", "tenfold", *words]
    units = tmp_path / "r" / "work" / "units"
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and len(list(units.glob("*.npz"))) < 6:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert "What was finished is kept" in process.communicate()[1]
    assert process.returncode == 143
    done = len(list(units.glob("[!.]*.npz")))
    resumed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert resumed.returncode == 0
    assert f"Resumed: {done} of 15 units were finished before." in resumed.stderr
