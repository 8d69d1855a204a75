"""Commands given in a folder of someone else's files."""

import subprocess
import sys
from pathlib import Path

import pytest

TRAPS = ("joblib", "numpy", "sklearn", "json", "pandas", "queue", "tenfold")


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """A working folder with modules that leave a mark where they are imported, and settings for Numba."""
    folder, mark = tmp_path / "trap", tmp_path / "mark"
    folder.mkdir()
    for name in TRAPS:
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'a').write('{name} ')\nraise ImportError('trap')\n")
    (folder / ".numba_config.yaml").write_text(f"cache_dir: {mark}\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", "")
    return mark


def command(*words):
    script = Path(sys.executable).parent / "tenfold"
    return subprocess.run([str(script), *map(str, words)], capture_output=True, text=True)


@pytest.mark.usefixtures("workers")
def test_no_module_of_the_working_folder_is_run(trap, flowers, flower_run, tmp_path):
    run = ("run", flowers, "--target", "kind", "--models", "knn,sgd", "--cv", "2")
    for words in (
        ("verify", flower_run),
        ("predict", flower_run, flowers, "--out", tmp_path / "p.csv"),
        (*run, "--out", tmp_path / "r"),
        (*run[:-4], "--models", "bayes", "--cv", "2", "--stream", "--out", tmp_path / "s"),
    ):
        done = command(*words)
        assert not trap.exists(), f"tenfold {words[0]}: {trap.read_text() if trap.is_file() else trap}"
        assert done.returncode == 0, done.stderr


def test_python_m_tenfold_leaves_the_working_folder_once_it_runs(trap, flower_run):
    (Path.cwd() / "tenfold.py").unlink()
    (Path.cwd() / "json.py").unlink()
    (Path.cwd() / "queue.py").unlink()
    done = subprocess.run([sys.executable, "-m", "tenfold", "verify", str(flower_run)], capture_output=True, text=True)
    assert not trap.exists(), trap.read_text()
    assert done.returncode == 0, done.stderr
