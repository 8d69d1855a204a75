import errno
import json
import os
import subprocess
import sys
import textwrap
import time

import pytest

from tenfold.errors import BusyError, StorageError
from tenfold.storage import holding, storage_faults, write_json, write_whole, writing


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.txt"
    write_whole(path, "old")
    with pytest.raises(ValueError, match="midway"), writing(path) as draft:
        draft.write_text("half")
        raise ValueError("midway")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_nan_is_refused_in_json(tmp_path):
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "a.json", {"value": float("nan")})
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("code", "word"), [(errno.ENOSPC, "full"), (errno.EROFS, "permission"), (errno.EIO, "error")])
def test_faults_of_the_system_become_a_line_with_the_path(tmp_path, code, word):
    with pytest.raises(StorageError, match=word) as caught, storage_faults(tmp_path / "x"):
        raise OSError(code, os.strerror(code))
    assert str(tmp_path / "x") in str(caught.value)
    assert caught.value.exit_code == 5


def test_a_full_disk_is_exit_5_and_leaves_no_draft(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full on this system")
    with pytest.raises(StorageError, match="full"), writing(tmp_path / "a.txt"), open("/dev/full", "w") as full:
        full.write("x")
    assert os.listdir(tmp_path) == []


CRASHING = """
import os, sys
from pathlib import Path
calls, fatal = [0], int(sys.argv[2])
def dying(real):
    def call(*words, **more):
        calls[0] += 1
        if calls[0] == fatal:
            os._exit(9)
        return real(*words, **more)
    return call
for name in ("open", "fsync", "replace", "rename", "unlink", "close", "chmod"):
    setattr(os, name, dying(getattr(os, name)))
from tenfold.storage import write_whole
write_whole(Path(sys.argv[1]), "new" * 1000)
print(calls[0])
"""


def test_after_a_crash_at_any_system_call_the_file_is_old_or_new(tmp_path):
    script = tmp_path / "crash.py"
    script.write_text(CRASHING)
    outcomes = set()
    for fatal in range(1, 40):
        folder = tmp_path / str(fatal)
        folder.mkdir()
        path = folder / "a.txt"
        path.write_text("old")
        done = subprocess.run([sys.executable, script, path, str(fatal)], capture_output=True, text=True)
        assert path.read_text() in {"old", "new" * 1000}
        outcomes.add(path.read_text()[:3])
        if done.returncode == 0:
            break
    else:
        pytest.fail("the write never ended")
    assert outcomes == {"old", "new"}


def test_a_second_process_is_told_who_holds_the_folder(tmp_path):
    script = textwrap.dedent(
        f"""
        import os, time
        from pathlib import Path
        from tenfold.storage import holding
        with holding(Path({str(tmp_path)!r}), lambda: {{"pid": os.getpid(), "host": "here", "since": "now"}}):
            print("held", flush=True)
            time.sleep(60)
        """
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline().strip() == "held"
        start = time.perf_counter()
        with pytest.raises(BusyError, match=f"process {holder.pid} on here"), holding(tmp_path, dict):
            pass
        assert time.perf_counter() - start < 2
    finally:
        holder.kill()
        holder.wait()
    with holding(tmp_path, lambda: {"pid": 1}):
        assert json.loads((tmp_path / ".holder.json").read_text()) == {"pid": 1}


def test_drafts_of_a_killed_process_are_removed_at_the_next_start(tmp_path):
    (tmp_path / ".part-abc.json").write_text("half")
    with holding(tmp_path, dict):
        assert not (tmp_path / ".part-abc.json").exists()
