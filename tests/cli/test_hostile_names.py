"""Every verb asked about data whose class, column, file and run names a terminal would obey."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tenfold.cli.app import command, main
from tenfold.text import printable

HOSTILE = "\x1b]0;pwn\x07\u202e\x9b2Jx"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a hostile table, images in a hostile folder, and runs on both."""
    folder = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(0)
    x = rng.normal(size=80)
    kinds = rng.choice([f"{HOSTILE}a", "b"], 80)
    table = pd.DataFrame({f"{HOSTILE}n": x, "kind": kinds, f"{HOSTILE}y": np.where(x > 0, HOSTILE, "plain")})
    table.to_csv(folder / f"{HOSTILE}.csv", index=False)
    for name, level in ((HOSTILE, 60), ("light", 180)):
        (folder / "images" / name).mkdir(parents=True)
        for i in range(12):
            pixels = np.clip(rng.normal(level, 40, (9, 9)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / "images" / name / f"{HOSTILE}{i}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.chdir(folder)
        for words in (
            [
                f"{HOSTILE}.csv",
                "--target",
                f"{HOSTILE}y",
                "--models",
                "logistic,sgd",
                "--cv",
                "2",
                "--out",
                f"runs/{HOSTILE}",
            ],
            ["images", "--models", "logistic", "--cv", "2", "--out", "runs/images"],
        ):
            with pytest.raises(SystemExit) as ended:
                main(["run", *words, "--quiet"])
            assert ended.value.code == 0
        with pytest.raises(SystemExit) as ended:
            main(["denoise", "images", "--models", "median", "--cv", "2", "--out", "runs/clean", "--quiet"])
        assert ended.value.code == 0
    return folder


TABLE, RUN = f"{HOSTILE}.csv", f"runs/{HOSTILE}"
CASES = {
    "run": [
        [TABLE, "--target", f"{HOSTILE}y", "--models", "logistic", "--out", f"{HOSTILE}run"],
        [TABLE, "--target", HOSTILE],
        [TABLE, "--target", f"{HOSTILE}y", "--positive", f"{HOSTILE}z"],
        [TABLE, "--target", f"{HOSTILE}y", "--models", HOSTILE],
    ],
    "denoise": [["images", "--models", "median", "--cv", "2", "--out", f"{HOSTILE}clean"], [HOSTILE],
                ["runs/clean", f"images/{HOSTILE}/{HOSTILE}1.png", "--out", f"{HOSTILE}.png"]],
    "report": [[RUN], [RUN, "--format", "md"], [RUN, "--format", "json"], [RUN, "--weak-spots"],
               [RUN, "--figures", f"{HOSTILE}figures"]],
    "runs": [["runs"], ["runs", "--json"]],
    "errors": [[RUN], [RUN, "--json"], [RUN, "--list", "surest-wrong"], ["runs/images"],
               [RUN, "--actual", HOSTILE, "--predicted", "plain", "--csv", f"{HOSTILE}cell.csv"],
               [RUN, "--actual", f"{HOSTILE}q", "--predicted", "plain"]],
    "compare": [[RUN, RUN, "--candidate", "sgd", "--candidate", "logistic"], [RUN, HOSTILE]],
    "decide": [[RUN, "recall>=0.9"], [RUN, HOSTILE]],
    "predict": [[RUN, TABLE], [RUN, TABLE, "--out", f"{HOSTILE}out.csv"], ["runs/images", "images"],
                [RUN, TABLE, "--stream", "--out", f"{HOSTILE}streamed.csv"], [RUN, HOSTILE]],
    "evaluate": [[RUN, TABLE], [RUN, TABLE, "--json"], ["runs/images", "images"]],
    "verify": [[RUN], [HOSTILE]],
    "convert": [[RUN], [HOSTILE]],
    "data": [["show", TABLE, "--target", f"{HOSTILE}y"], ["show", "images"],
             ["check", TABLE, "--target", f"{HOSTILE}y"], ["check", "images", "--json"],
             ["show", HOSTILE], ["list"], [HOSTILE]],
    "models": [[]],
    "reproduce": [["--help"]],
}  # fmt: skip


def test_every_verb_is_asked():
    assert set(CASES) == set(command.commands)


@pytest.mark.parametrize(("verb", "words"), [(verb, words) for verb, cases in CASES.items() for words in cases])
def test_no_verb_sends_a_name_to_the_terminal(home, capsys, monkeypatch, verb, words):
    monkeypatch.chdir(home)
    with pytest.raises(SystemExit) as ended:
        main([verb, *words])
    said = capsys.readouterr()
    assert ended.value.code in {0, 1, 2, 3, 5, 8}, said.err
    assert "Unexpected" not in said.err
    data = verb == "predict" and "--out" not in words
    for text in (said.err, "" if data else said.out):
        assert printable(text) == text
    if "--json" in words:
        json.loads(said.out)


def on_terminal(words, **streams):
    """What a command writes on a terminal."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, **dict.fromkeys(streams, theirs)) as asked:
        os.close(theirs)
        told = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return asked.returncode, told.decode().replace("\r\n", "\n")


def _read(handle):
    try:
        return os.read(handle, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_pipe_gets_the_answers_as_they_are_and_a_terminal_shows_them(home, monkeypatch):
    words = [sys.executable, "-m", "tenfold", "predict", RUN, TABLE]
    monkeypatch.chdir(home)
    piped = subprocess.run(words, capture_output=True, check=True)
    assert f"{HOSTILE}," in piped.stdout.decode()
    code, told = on_terminal(words, stdout=True)
    assert code == 0
    assert "\\x1b]0;pwn" in told
    assert printable(told) == told


def test_a_line_above_the_progress_bar_is_escaped(home, monkeypatch):
    """The bar itself moves by escape sequences; what a classifier of the user's says in failing does not."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("PYTHONPATH", str(home))
    (home / "failing.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n"
        "class Model(LogisticRegression):\n"
        f"    def fit(self, X, y):\n        raise ValueError({HOSTILE!r})\n"
    )
    words = [sys.executable, "-m", "tenfold", "run", TABLE, "--target", f"{HOSTILE}y", "--models", "failing:Model",
             "--cv", "2", "--out", "runs/failed"]  # fmt: skip
    code, told = on_terminal(words, stderr=True, stdout=True)
    assert code in {0, 7}
    assert "failed" in told
    assert "\\x1b]0;pwn" in told
    assert "\x1b]0;pwn" not in told
    assert "\x9b" not in told
