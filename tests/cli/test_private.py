"""Where the data lie on a machine stays on it."""

import pytest

from tenfold.cli.app import main
from tests.cli.conftest import ended_well


@pytest.fixture(scope="module")
def home(flowers, tmp_path_factory):
    """A folder with a table below it, and a run made there for each way in which the table can be named."""
    folder = tmp_path_factory.mktemp("ann-and-her-patients")
    (folder / "data").mkdir()
    (folder / "data" / "t.csv").write_bytes(flowers.read_bytes())
    words = ["--target", "kind", "--models", "logistic", "--cv", "2", "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.chdir(folder)
        for name, source in (
            ("typed", ["data/t.csv"]),
            ("absolute", [str(folder / "data" / "t.csv")]),
            ("private", ["data/t.csv", "--private"]),
        ):
            ended_well(main, "run", *source, *words, "--out", str(folder / "runs" / name))
    return folder


def texts(folder):
    """Every file, undone where it is packed."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["typed", "absolute", "private"])
def test_no_absolute_path_is_on_the_page_or_in_the_bundle(home, name):
    run = home / "runs" / name
    files = {**texts(run / "model"), "report.html": (run / "report.html").read_bytes()}
    assert len(files) >= 3
    assert [one for one, content in files.items() if home.name.encode() in content] == []


def test_a_source_is_written_as_it_was_typed(home):
    files = texts(home / "runs" / "typed")
    assert [name for name, content in files.items() if home.name.encode() in content] == []
    assert b'source = "data/t.csv"' in files["config.toml"]
    assert b"tenfold run data/t.csv --target kind" in files["report.html"]
    assert b"tenfold predict runs/typed INPUT" in files["report.html"]


def test_of_a_private_source_only_its_name_is_written(home):
    files = texts(home / "runs" / "private")
    assert [name for name, content in files.items() if b"data/t.csv" in content or home.name.encode() in content] == []
    assert b'source = "t.csv"' in files["config.toml"]


def test_a_run_finds_its_source_from_another_folder(home, monkeypatch, capsys):
    monkeypatch.chdir(home / "data")
    ended_well(main, "errors", "../runs/typed", "--list", "surest-wrong", "--csv", str(home / "wrong.csv"))
    assert "colour" in (home / "wrong.csv").read_text().splitlines()[0]
    ended_well(main, "run", "../runs/typed/config.toml", "--quiet", "--out", str(home / "runs" / "again"))
    metrics = [(home / "runs" / name / "out_of_fold.parquet").read_bytes() for name in ("typed", "again")]
    assert metrics[0] == metrics[1]


def test_the_same_request_is_answered_by_the_finished_run_however_the_path_is_typed(home, monkeypatch, capsys):
    monkeypatch.chdir(home / "data")
    before = (home / "runs" / "typed" / "manifest.json").read_bytes()
    words = ["--target", "kind", "--models", "logistic", "--cv", "2", "--quiet"]
    ended_well(main, "run", "t.csv", *words, "--out", str(home / "runs" / "absolute"))
    assert (home / "runs" / "typed" / "manifest.json").read_bytes() == before
