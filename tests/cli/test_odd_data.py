"""Data that people really bring: odd names, noise, copies, many classes, no signal."""

import json

import numpy as np
import pandas as pd
import pytest

from tenfold import load_model

NAMES = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    '"quoted", and a comma',
    "line\nbreak",
    "=HYPERLINK(1)",
    "\u202eright to left",
    "e\u0301",
    "\u00e9",
    "🙂",
    "  padded ",
    "x" * 300,
    "NA",
]


def test_any_name_goes_through_the_whole_line_unchanged(tenfold, tmp_path):
    rng = np.random.default_rng(0)
    code = np.arange(480) % len(NAMES)
    table = pd.DataFrame({"<img src=x onerror=alert(1)>": code + rng.normal(0, 0.2, 480), "y": np.array(NAMES)[code]})
    table.to_csv(tmp_path / "odd.csv", index=False)
    words = ("run", tmp_path / "odd.csv", "--target", "y", "--models", "knn", "--out", tmp_path / "r")
    status, out, err = tenfold(*words)
    assert status == 0, err
    assert "\u202e" not in out + err
    metrics = json.loads((tmp_path / "r" / "metrics.json").read_text())
    assert set(metrics["classes"]) == set(NAMES)
    assert set(pd.read_parquet(tmp_path / "r" / "test.parquet")["true"]) <= set(NAMES)
    assert load_model(tmp_path / "r").task.classes == tuple(metrics["classes"])
    page = (tmp_path / "r" / "report.html").read_text()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    status, *_ = tenfold("predict", tmp_path / "r", tmp_path / "odd.csv", "--out", tmp_path / "p.csv")
    assert status == 0
    answers = pd.read_csv(tmp_path / "p.csv", keep_default_na=False)
    assert set(answers["predicted"]) == {f"'{n}" if n.startswith("=") else n for n in NAMES}


COLUMNS = ["self", "row", "id", "fold", "candidate", "true", "predicted", "score:a", "index", "cls", "level_0", "@x"]


def test_a_column_of_any_name_goes_through_the_whole_line(tenfold, tmp_path):
    rng = np.random.default_rng(0)
    words = {name: rng.choice(["no", "yes"], 120) for name in COLUMNS}
    table = pd.DataFrame({**words, "x": rng.normal(size=120)}).assign(y=np.where(words["self"] == "no", "a", "b"))
    table.to_csv(tmp_path / "names.csv", index=False)
    run = tmp_path / "r"
    asked = ("run", tmp_path / "names.csv", "--target", "y", "--models", "logistic", "--cv", "2", "--out", run)
    status, _, err = tenfold(*asked)
    assert status == 0, err
    assert not json.loads((run / "metrics.json").read_text())["failed"]
    for verb in (("verify", run), ("report", run, "--importance"), ("errors", run)):
        status, _, err = tenfold(*verb)
        assert status == 0, err
    status, _, err = tenfold("predict", run, tmp_path / "names.csv", "--out", tmp_path / "p.csv")
    assert status == 0, err
    assert len(pd.read_csv(tmp_path / "p.csv")) == 120


def test_look_alike_classes_are_reported(tenfold, tmp_path):
    table = pd.DataFrame({"a": np.arange(90) % 3 + 0.5, "y": np.array(["yes", "Yes", "no"])[np.arange(90) % 3]})
    table.to_csv(tmp_path / "like.csv", index=False)
    _, out, _ = tenfold("data", "check", tmp_path / "like.csv", "--target", "y")
    assert "look-alike" in out


def test_copies_of_noise_do_not_look_like_knowledge(tenfold, tmp_path):
    rng = np.random.default_rng(1)
    X = np.repeat(rng.normal(size=(150, 5)), 4, axis=0)
    table = pd.DataFrame(X).add_prefix("x").assign(y=np.repeat(rng.integers(0, 2, 150), 4))
    table = table.sample(frac=1, random_state=0)
    table.to_csv(tmp_path / "copies.csv", index=False)
    words = ("run", tmp_path / "copies.csv", "--target", "y", "--models", "forest", "--json")
    _, kept, _ = tenfold(*words, "--out", tmp_path / "a")
    _, torn, _ = tenfold(*words, "--no-group-duplicates", "--out", tmp_path / "b")
    runs = [json.loads(text)["candidates"]["forest"]["out_of_fold"] for text in (kept, torn)]
    honest, flattered = (run["accuracy"]["value"] for run in runs)
    assert abs(honest - 0.5) < 0.12
    assert flattered > 0.8
    assert any("450 of 600 rows repeat" in line for line in json.loads(kept)["warnings"])
    assert any("No candidate is better" in line for line in json.loads(kept)["warnings"])


def test_a_column_that_gives_the_label_away_is_named(tenfold, tmp_path):
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 200)
    table = pd.DataFrame({"noise": rng.normal(size=200), "boat": np.where(y == 1, "lifeboat", "none"), "y": y})
    table.to_csv(tmp_path / "leak.csv", index=False)
    code, out, err = tenfold(
        "run", tmp_path / "leak.csv", "--target", "y", "--models", "logistic", "--out", tmp_path / "r"
    )
    assert code == 0, err
    assert "'boat'" in out


@pytest.mark.parametrize("classes", [120])
def test_many_classes_make_a_whole_report(classes, tenfold, tmp_path):
    rng = np.random.default_rng(3)
    code = np.arange(classes * 8) % classes
    table = pd.DataFrame({"a": code + rng.normal(0, 0.4, len(code)), "b": rng.normal(size=len(code))})
    table.assign(y=[f"class {c}" for c in code]).to_csv(tmp_path / "many.csv", index=False)
    words = ("run", tmp_path / "many.csv", "--target", "y", "--models", "knn", "--cv", "3", "--out", tmp_path / "r")
    code, _, err = tenfold(*words, "--quiet")
    assert code == 0, err
    assert (tmp_path / "r" / "report.html").stat().st_size < 2_000_000


def test_a_column_that_is_not_used_is_named_once(tenfold, tmp_path):
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, 120)
    codes = [f"p-{number}" for number in rng.permutation(120)]
    table = pd.DataFrame({"name": codes, "a": label + rng.normal(0, 0.3, 120), "y": label})
    table.to_csv(tmp_path / "named.csv", index=False)
    words = ("run", tmp_path / "named.csv", "--target", "y", "--models", "knn", "--out", tmp_path / "r")
    assert tenfold(*words)[0] == 0
    warnings = json.loads((tmp_path / "r" / "metrics.json").read_text())["warnings"]
    about = [warning for warning in warnings if "'name'" in warning]
    assert len(about) == 1
    assert about[0].startswith("Column 'name' is not used: id")
