"""Processes that are started: what they import, and when they end."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tenfold
from tenfold import child
from tenfold.child import start_child

linux = pytest.mark.skipif(sys.platform != "linux", reason="the system kills children with their parent on Linux alone")


def answer(module, **more):
    """What a module prints as JSON when a child runs it."""
    with start_child(module, ["a", "b"], stderr=None, **more) as started:
        return json.loads(started.stdout.read())


@pytest.fixture
def telling(tmp_path_factory, monkeypatch):
    """A folder on PYTHONPATH, named in full, with a module that tells how it was started."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "telling.py").write_text(
        "import json, os, sys, tenfold\n"
        "def main(arguments):\n"
        "    print(json.dumps([arguments, sys.path, dict(os.environ), tenfold.__file__]))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_of_pythonpath_only_folders_named_in_full_are_searched(telling, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lib").mkdir()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(telling), "lib", "."]))
    arguments, path, environment, _ = answer("telling", environment={"EXTRA": "1"})
    assert arguments == ["a", "b"]
    assert str(telling) in path
    assert not {"", ".", "lib", str(tmp_path), str(tmp_path / "lib"), str(Path(child.__file__).parent)} & set(path)
    assert environment["EXTRA"] == "1"
    assert environment["PYTHONSAFEPATH"] == "1", "what it starts in turn would search the working folder"


def test_the_child_runs_the_package_of_its_parent_wherever_that_lies(telling, tmp_path):
    shutil.copytree(
        Path(tenfold.__file__).parent, tmp_path / "other" / "tenfold", ignore=shutil.ignore_patterns("__pycache__")
    )
    script = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from tenfold.child import start_child\n"
        "print(start_child('telling', [], stderr=None).stdout.read())\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "other")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[3] == str(tmp_path / "other" / "tenfold" / "__init__.py")


def test_relative_entries_of_pythonpath_are_left_by_the_command_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", "/full", "lib"]))
    monkeypatch.setattr(sys, "path", [str(tmp_path), "/full", str(tmp_path / "lib"), "/usr/lib", str(tmp_path)])
    child.leave_working_folder()
    assert sys.path == ["/full", "/usr/lib", str(tmp_path)]


def gone(pid):
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@linux
def test_a_child_is_gone_with_its_parent_even_while_it_computes(tmp_path, monkeypatch):
    (tmp_path / "busy.py").write_text(
        "import os, re\n"
        "def main(arguments):\n"
        "    os.write(1, b'ready\\n')\n"
        "    re.match('(a+)+b', 'a' * 60)  # years in one call, which lets no other thread run\n"
    )
    script = (
        "from tenfold.child import start_child\n"
        "busy = start_child('busy', [], stderr=None)\n"
        "busy.stdout.readline()\n"
        "print(busy.pid, flush=True)\n"
        "busy.wait()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        assert not gone(pid)
        parent.kill()
    deadline = time.monotonic() + 1
    while not gone(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    if not gone(pid):
        os.kill(pid, 9)
        pytest.fail("the child outlived its parent by a second")


@linux
def test_a_child_whose_parent_died_while_it_started_does_nothing(telling):
    reading, writing = os.pipe()
    os.close(writing)
    words = [sys.executable, "-P", child.__file__, "telling"]
    done = subprocess.run(words, stdin=reading, capture_output=True, text=True)
    os.close(reading)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
