"""Commands that are asked to end: how they end, and what they leave behind."""

import os
import pty
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tenfold.cli.signals import EndedBySignal, ending_by_signals

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def folder(tmp_path):
    """A working folder with a classifier that computes without end, once it has said so, and lets no thread run."""
    (tmp_path / "endless_of_tests.py").write_text(
        textwrap.dedent(
            """
            import re
            from pathlib import Path
            from sklearn.naive_bayes import GaussianNB

            class Endless(GaussianNB):
                def fit(self, X, y, sample_weight=None):
                    Path("computing").write_text("")
                    re.match("(a+)+b", "a" * 60)
            """
        )
    )
    os.mkfifo(tmp_path / "computing")
    return tmp_path


def heed_signals():
    """A shell that starts the tests in the background has them, and their children, ignore interrupts."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def started(folder, **pipes):
    """A run in a session of its own, whose worker computes."""
    words = ["run", "digits", "--models", "endless_of_tests:Endless", "--cv", "2", "--jobs", "1", "--out", "r"]
    command = [sys.executable, "-m", "tenfold", *words]
    run = subprocess.Popen(command, cwd=folder, **pipes, start_new_session=True, preexec_fn=heed_signals)
    with (folder / "computing").open() as waiting:  # opened when the worker opens it to write
        waiting.read()
    return run


def left_of(session):
    """Processes of a session that are still alive."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # it has ended meanwhile
        if int(of) == session and state != "Z":
            alive.append(stat.parent.name)
    return alive


@posix
@pytest.mark.parametrize(("name", "whole_group"), [("SIGINT", True), ("SIGTERM", False), ("SIGHUP", True)])
def test_a_signal_ends_the_run_in_one_line_and_leaves_nothing_but_what_is_finished(folder, name, whole_group):
    run = started(folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    (os.killpg if whole_group else os.kill)(run.pid, getattr(signal, name))
    out, err = run.communicate(timeout=20)
    assert run.returncode == 128 + getattr(signal, name), err
    assert left_of(run.pid) == []
    assert not (folder / "r" / ".holder.json").exists()
    assert out == ""
    said = [line for line in err.splitlines() if line.startswith("tenfold:")]
    assert len(said) == 1
    assert err.splitlines()[-1] == said[0]
    assert "What was finished is kept" in said[0]
    assert (folder / "r" / "work" / "workers.log").read_text() == ""


@posix
def test_a_terminal_that_hangs_up_ends_the_run_in_it(folder):
    ours, theirs = pty.openpty()
    run = started(folder, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.close(ours)  # the system sends a hang-up to whom the terminal controls; what is written to it then fails
    os.killpg(run.pid, signal.SIGHUP)
    assert run.wait(20) == 129
    assert left_of(run.pid) == []
    assert not (folder / "r" / ".holder.json").exists()


@posix
def test_a_run_that_is_killed_takes_its_workers_along(folder):
    run = started(folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (worker,) = set(left_of(run.pid)) - {str(run.pid)}
    run.kill()
    run.wait()
    handle = os.pidfd_open(int(worker)) if worker in left_of(run.pid) else None
    if handle is not None:
        ended = select.select([handle], [], [], 1)[0]
        os.close(handle)
        assert ended, "a worker lived on for a second"


@posix
def test_signals_that_follow_the_first_do_not_disturb_the_end():
    with ending_by_signals(for_good=False) as ending:
        with pytest.raises(EndedBySignal):
            os.kill(os.getpid(), signal.SIGHUP)
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
    assert ending.exit_code == 129


@posix
def test_who_is_told_to_ignore_a_hang_up_ignores_it():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_by_signals(for_good=False) as ending:
            os.kill(os.getpid(), signal.SIGHUP)
            assert ending.number is None
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@posix
def test_the_handlers_of_a_program_that_calls_the_command_line_come_back(tenfold):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert tenfold("models")[0] == 0
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


COMPUTING = """
import ctypes, sys
from pathlib import Path
from tenfold.cli import signals
from tenfold.storage import holding

signals._TIME_TO_CLOSE = 0.2
lock, take = ctypes.create_string_buffer(64), ctypes.CDLL(None).pthread_mutex_lock
take(lock)
with signals.ending_by_signals(for_good=True), holding(Path(sys.argv[1]), dict):
    try:
        print("ready", flush=True)
        take(lock)  # compiled code that waits for ever, and that no signal interrupts
    except signals.EndedBySignal:  # the signal came before the compiled code was entered
        take(lock)
"""


@posix
def test_compiled_code_that_lets_no_signal_through_is_ended_too(tmp_path):
    words = [sys.executable, "-c", COMPUTING, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as computing:
        assert computing.stdout.readline() == "ready\n"
        assert (tmp_path / ".holder.json").exists()
        computing.send_signal(signal.SIGTERM)
        _, err = computing.communicate(timeout=10)
    assert computing.returncode == 143
    assert err == "tenfold: Ended in the middle of a computation. What was finished is kept.\n"
    assert not (tmp_path / ".holder.json").exists()
