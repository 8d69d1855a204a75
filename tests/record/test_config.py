import os
import re
from dataclasses import fields

import numpy as np
import pytest
import tomli_w
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.cli.app import command as cli
from tenfold.errors import UsageError
from tenfold.folds.start import usable_cores, worker_count
from tenfold.line.restoration.config import DenoiseConfig, read_denoise_config
from tenfold.record.config import RunConfig, read_config
from tenfold.record.folder import RunFolder, default_folder, held_folder
from tenfold.record.source import at_hand, is_same_request

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(
    config=st.builds(
        RunConfig,
        source=TEXT,
        target=st.none() | TEXT,
        positive=st.none() | TEXT,
        models=st.none() | st.lists(TEXT, max_size=3).map(tuple),
        cv=st.none() | st.integers(2, 20),
        shuffle=st.booleans(),
        decide=TEXT,
        test_size=st.floats(0.01, 0.99),
        seed=st.integers(0, 2**31),
    )
)
def test_a_config_survives_its_file(config, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_bytes(config.as_toml().encode())
    assert read_config(path) == config


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('modles = ["knn"]', "Did you mean 'models'"),
        ('cv = "five"', "cv"),
        ("cv = true", "cv"),
        ("models = [1]", "models"),
        ("shuffle = 1", "shuffle"),
        ("seed = true", "seed = True is not of type int"),
        ('group = "a\\u0000b"', "group"),
        ("models = " + 5000 * "[" + 5000 * "]", "not TOML"),
        ("seed = " + 5000 * "9", "not TOML"),
    ],
)
def test_a_wrong_key_or_type_is_named(line, word, tmp_path):
    (tmp_path / "config.toml").write_text(f'format = 1\n[run]\nsource = "digits"\n{line}\n')
    with pytest.raises(UsageError, match=word):
        read_config(tmp_path / "config.toml")


OUT_OF_RANGE = [
    ("seed", -1, "no whole number from 0 to 4,294,967,295"),
    ("seed", 2**32, "no whole number from 0"),
    ("seed", 10**23, "no whole number from 0"),
    ("cv", 1, "no whole number from 2 to 100"),
    ("cv", 101, "no whole number from 2 to 100"),
    ("test_size", 0.0, "not a share between 0 and 1"),
    ("test_size", 1, "not a share between 0 and 1"),
    ("test_size", float("nan"), "not a share between 0 and 1"),
    ("source", "x" * 300, "no path"),
    ("data_dir", "/x/" + "y" * 300, "no path"),
]


@pytest.mark.parametrize(("kind", "command"), [(RunConfig, "run"), (DenoiseConfig, "denoise")])
@pytest.mark.parametrize(("key", "value", "word"), OUT_OF_RANGE)
def test_a_value_out_of_its_range_is_refused_in_files_commands_and_python_alike(
    kind, command, key, value, word, tmp_path
):
    given = {"source": "digits", key: value}
    with pytest.raises(UsageError, match=f"--{key.replace('_', '-')} .* {word}"):
        kind(**given)
    path = tmp_path / "config.toml"
    path.write_text(tomli_w.dumps({"format": 1, command: given}))
    with pytest.raises(UsageError, match=f"config.toml: {key} = .* {word}"):
        {"run": read_config, "denoise": read_denoise_config}[command](path)
    words = [value] if key == "source" else ["digits", f"--{key.replace('_', '-')}={value}"]
    done = CliRunner().invoke(cli, [command, *words, "--out", str(tmp_path / "never")])
    assert isinstance(done.exception, UsageError), done
    assert re.search(word, str(done.exception))
    assert not (tmp_path / "never").exists()


def test_the_size_of_a_denoising_run_is_two_or_more():
    with pytest.raises(UsageError, match="--size 1 is no whole number from 2"):
        DenoiseConfig("digits", size=1)


def test_numbers_of_numpy_become_plain_ones_that_a_file_can_hold():
    config = RunConfig("digits", cv=np.int64(3), seed=np.uint8(7), test_size=np.float32(0.25), models=["knn"])
    assert config == RunConfig("digits", cv=3, seed=7, test_size=0.25, models=("knn",))
    assert config.as_toml() == RunConfig("digits", cv=3, seed=7, test_size=0.25, models=("knn",)).as_toml()


@pytest.mark.parametrize(("jobs", "variable"), [(-1, ""), (None, "two"), (None, "-1")])
def test_a_number_of_processes_that_is_none_is_refused(jobs, variable, tmp_path, monkeypatch):
    monkeypatch.setenv("TENFOLD_JOBS", variable)
    with pytest.raises(UsageError, match="give a number of worker processes, 0 or more"):
        tenfold.run("digits", jobs=jobs, out=tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_what_is_asked_comes_before_the_variable_and_that_before_the_cores(monkeypatch):
    monkeypatch.setenv("TENFOLD_JOBS", "3")
    assert (worker_count(None), worker_count(1), worker_count(0)) == (3, 1, 0)
    monkeypatch.delenv("TENFOLD_JOBS")
    assert worker_count(None) == usable_cores()


def test_single_steps_take_the_same_values_as_runs():
    for more in ({"cv": 1}, {"seed": -1}, {"seed": 1.5}):
        with pytest.raises(UsageError, match=f"--{next(iter(more))}"):
            tenfold.out_of_fold("knn", np.eye(8), [0, 1] * 4, **more)


def test_every_option_of_the_command_is_a_field_of_the_config():
    from tenfold.cli.verbs.run import command

    not_of_the_run = {"out", "jobs", "engine", "quiet", "as_json", "no_group_duplicates", "learning_curve", "own"}
    options = {option.name for option in command.params} - not_of_the_run
    assert options == {field.name for field in fields(RunConfig)} - {"group_duplicates"}


def test_the_default_folder_resumes_what_was_asked_the_same_and_else_takes_the_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = RunConfig("digits", cv=3)
    assert str(default_folder(asked, "digits")) == "runs/digits"
    (tmp_path / "runs/digits/work").mkdir(parents=True)
    (tmp_path / "runs/digits/work/asked.toml").write_text(asked.as_toml())
    assert str(default_folder(asked, "digits")) == "runs/digits"
    assert str(default_folder(RunConfig("digits", cv=4), "digits")) == "runs/digits-2"


def test_a_folder_that_stays_empty_is_removed_and_its_parents_stay(tmp_path):
    with pytest.raises(ValueError, match="nothing"), held_folder(tmp_path / "runs" / "a"):
        raise ValueError("nothing to keep")
    assert not (tmp_path / "runs" / "a").exists()


def test_the_run_keeps_its_name_when_it_is_resumed(tmp_path):
    (tmp_path / "work").mkdir()
    folder = RunFolder(tmp_path)
    assert folder.run_id() == RunFolder(tmp_path).run_id()


def test_a_known_name_means_the_source_even_beside_a_folder_of_that_name(tmp_path, monkeypatch):
    (tmp_path / "digits").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run = tmp_path / "runs" / "digits"
    assert at_hand(RunConfig("digits"), run).source == "digits"
    assert at_hand(RunConfig("./digits"), run).source == os.path.join("..", "digits")
    assert at_hand(RunConfig("nothing-there"), run).source == "nothing-there"


def test_a_source_is_kept_as_it_was_typed_and_the_same_request_however_it_is_typed(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("a")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path)
    asked = RunConfig("t.csv").as_dict()
    assert asked["source"] == "t.csv"
    assert is_same_request({**asked, "source": str(tmp_path / "t.csv")}, RunConfig("./t.csv"))
    assert not is_same_request(asked, RunConfig("below"))
    assert not is_same_request(asked, RunConfig("t.csv", seed=1))


def test_of_a_private_source_only_the_name_is_written():
    config = RunConfig("/home/ann/patients/all.csv", data_dir="/home/ann", private=True)
    assert "ann" not in config.as_dict()["source"]
    assert config.as_dict()["data_dir"] == "ann"
    assert "/home" not in config.as_toml()
    assert config.as_dict()["source"] == "all.csv"
    assert "private" not in RunConfig("t.csv").as_dict()
