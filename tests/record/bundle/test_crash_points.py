"""A process that dies at any step of a save leaves the old model or the new one, whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SWEEP = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import numpy as np
from conftest import at, offered
from tenfold.record.bundle import load, replace_decision, save

folder, action = Path(sys.argv[2]), sys.argv[3]
(old, X), (new, _) = offered("sgd"), offered("logistic")
known = [old.scores(X), new.scores(X)]
EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.chmod", "tempfile.mkstemp"}

def die_at(fatal):
    calls = 0
    def count():
        nonlocal calls
        calls += 1
        if calls == fatal:
            os._exit(9)
    def audit(event, args):
        if event in EVENTS or (event == "open" and str(folder) in str(args[0])):
            count()
    real = os.fsync
    def fsync(handle):
        count()
        real(handle)
    os.fsync = fsync
    sys.addaudithook(audit)

def act():
    if action == "save":
        save(new, folder, golden=X)
    else:
        replace_decision(folder, at(None))

fatal, status = 0, 9
while status == 9:
    fatal += 1
    save(old, folder, golden=X)
    child = os.fork()
    if child == 0:
        die_at(fatal)
        act()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = load(folder).scores(X)
    assert any(np.array_equal(found, answer) for answer in known), fatal
assert status == 0, status
save(old, folder, golden=X)
assert len(list(folder.iterdir())) == 3, list(folder.iterdir())
print(fatal)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs fork")
@pytest.mark.parametrize("action", ["save", "replace_decision"])
def test_death_at_every_file_operation_leaves_old_or_new(action: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SWEEP, str(Path(__file__).parent), str(tmp_path / "model"), action]
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 10
