from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import UsageError
from tenfold.runs.config import RunConfig, read_config
from tenfold.runs.folder import RunFolder, default_folder, held_folder

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
    ],
)
def test_a_wrong_key_or_type_is_named(line, word, tmp_path):
    (tmp_path / "config.toml").write_text(f'format = 1\n[run]\nsource = "digits"\n{line}\n')
    with pytest.raises(UsageError, match=word):
        read_config(tmp_path / "config.toml")


def test_every_option_of_the_command_is_a_field_of_the_config():
    from tenfold.cli.run import command

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
    from tenfold.runs.source import settled_source

    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits").mkdir()
    assert settled_source("digits") == "digits"
    assert settled_source("./digits") == str(tmp_path / "digits")
    assert settled_source("nothing-there") == "nothing-there"
