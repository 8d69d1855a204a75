"""Which clusters are used and which are refused: addresses, certificates, silence."""

import asyncio
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="pip install 'tenfold[dask]'")

from tenfold.cluster import connection
from tenfold.cluster.address import cluster_address
from tenfold.cluster.connection import connected
from tenfold.errors import EngineError, UsageError
from tenfold.folds.dask.executor import DaskExecutor
from tenfold.folds.engine import opened_executor
from tenfold.folds.executor import InlineExecutor
from tenfold.folds.loop import judge_out_of_fold
from tenfold.version import library_versions
from tests.dask_clusters import DaskCluster, dask_cluster
from tests.folds.test_loop import assert_same, job_for

_TLS = "DASK_DISTRIBUTED__COMM__TLS__"


def connect(address):
    with connected(address, print):
        pass


@pytest.mark.parametrize(
    ("engine", "address"),
    [
        ("local", None),
        ("dask://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("dask://localhost:1", "tcp://localhost:1"),
        ("dask://[::1]:8786", "tcp://[::1]:8786"),
        ("dask+tls://node7.example:8786", "tls://node7.example:8786"),
    ],
)
def test_addresses_are_read(engine, address):
    assert cluster_address(engine) == address


@pytest.mark.parametrize(
    "engine",
    ["", "dask", "dask://", "dask://127.0.0.1", "dask://:8786", "dask://127.0.0.1:x", "dask://127.0.0.1:99999",
     "tcp://127.0.0.1:1", "http://127.0.0.1:1", "dask://127.0.0.1:1/x", "dask://a@127.0.0.1:1", "ray://127.0.0.1:1",
     "dask://[::1", "Local"],
)  # fmt: skip
def test_what_is_no_address_is_refused(engine):
    with pytest.raises(UsageError, match="not the address of an engine"):
        cluster_address(engine)


@pytest.mark.parametrize("host", ["10.0.0.7", "node7", "0.0.0.0", "192.168.1.4", "[fe80::1]", "127.0.0.1.example.com"])
def test_a_plain_address_that_others_reach_is_refused(host):
    with pytest.raises(UsageError, match="neither encrypted nor authenticated") as refused:
        cluster_address(f"dask://{host}:8786")
    assert "dask+tls://host:port" in str(refused.value)


def test_nobody_at_the_address_is_told_soon(monkeypatch):
    monkeypatch.setattr(connection, "_CONNECT", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match="no Dask scheduler answers") as refused:
        connect(f"tcp://127.0.0.1:{port}")
    assert refused.value.exit_code == 7


def test_somebody_else_at_the_address_is_told_soon(monkeypatch):
    monkeypatch.setattr(connection, "_CONNECT", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(EngineError, match="no Dask scheduler answers"):
            connect(f"tcp://127.0.0.1:{silent.getsockname()[1]}")


def test_a_worker_that_others_reach_unencrypted_is_refused(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        host = probe.getsockname()[0]
    message = f"worker tcp://{host}:[0-9]+: it listens on a plain address that other machines reach"
    scheduler = ("--host", "0.0.0.0")
    with dask_cluster(tmp_path / "c", 0, scheduler=scheduler) as cluster:
        port = cluster.address.rsplit(":", 1)[1]
        cluster.add_worker("--host", host)
        with pytest.raises(EngineError, match=message):
            connect(f"tcp://127.0.0.1:{port}")


def test_live_classifiers_stay_here():
    from sklearn.dummy import DummyClassifier

    with (
        pytest.raises(UsageError, match=r"live classifiers \(DummyClassifier\) exist in this process only"),
        opened_executor("dask://127.0.0.1:1", 1, {"DummyClassifier": DummyClassifier()}),
    ):
        pass


def test_without_dask_the_extra_is_named(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['distributed'] = None\n")
    done = subprocess.run(
        [sys.executable, "-m", "tenfold", "run", "digits", "--engine", "dask://127.0.0.1:1", "--out", tmp_path / "r"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "tenfold: --engine: Dask is not installed. Do: pip install 'tenfold[dask]'.\n"
    assert not (tmp_path / "r").exists()


def certificates(folder):
    """An authority, and a certificate that it signed for whoever takes part; Dask's settings that name them."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not there to make certificates")
    folder.mkdir()

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", "2")
    openssl("req", *new, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=member")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2")
    openssl("x509", "-req", "-in", "request.pem", *signing, "-out", "cert.pem")
    settings = {f"{_TLS}CA_FILE": str(folder / "ca.pem")}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        settings |= {f"{_TLS}{role}__{what}": str(folder / f"{what.lower()}.pem") for what in ("CERT", "KEY")}
    return settings


def with_settings(settings):
    """Dask's configuration as these environment variables give it, and as managers give it: the text of each file."""
    import dask

    names = {name: name.removeprefix("DASK_").replace("__", ".").replace("_", "-").lower() for name in settings}
    return dask.config.set({names[name]: Path(value).read_text() for name, value in settings.items()})


def test_tls_is_asked_of_both_sides(images, tmp_path):
    settings = certificates(tmp_path / "ours")
    cluster = DaskCluster(tmp_path, ("--host", "127.0.0.1", "--protocol", "tls"), **settings)
    try:
        cluster.add_worker()
        assert cluster.engine.startswith("dask+tls://127.0.0.1:")
        address = cluster_address(cluster.engine)
        with pytest.raises(UsageError, match="TLS needs certificates"):
            connect(address)
        with with_settings(certificates(tmp_path / "theirs")), pytest.raises(EngineError, match="no Dask scheduler"):
            connect(address)
        with pytest.raises(EngineError, match="no Dask scheduler"):
            connect(address.replace("tls://", "tcp://"))
        with with_settings(settings), connected(address, print) as there:
            judged = judge_out_of_fold(job_for(images, tmp_path / "there"), ["knn"], DaskExecutor(there))
    finally:
        cluster.stop()
    here = judge_out_of_fold(job_for(images, tmp_path / "here"), ["knn"], InlineExecutor())
    assert_same(here, judged)


def test_questions_are_given_up_in_time():
    from tenfold.cluster.timeout import call_with_timeout

    with pytest.raises(TimeoutError, match="no answer in 0 s"):
        call_with_timeout(0.05, lambda: time.sleep(5))
    with pytest.raises(ZeroDivisionError):
        call_with_timeout(5, lambda: 1 // 0)


def test_an_answer_is_let_go_of_when_it_is_fetched(tmp_path):
    with dask_cluster(tmp_path, 1) as one, connected(one.address, print) as there:
        future = there.start(min(there.admitted), library_versions)
        while future.status == "pending":
            there.rest(0.1)
        assert there.result(future) == library_versions()
        end = time.monotonic() + 5
        while future.key in there._client.refcount and time.monotonic() < end:
            time.sleep(0.02)
        assert future.key not in there._client.refcount


def test_what_dask_logs_while_its_event_loop_ends_is_not_shown(tmp_path, caplog):
    async def ends_late():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            time.sleep(0.3)
            logging.getLogger("distributed.client").exception("a word after the end")

    with dask_cluster(tmp_path, 1) as one, connected(one.address, print) as there:
        there._client.loop.add_callback(ends_late)
    time.sleep(0.5)
    assert caplog.messages == []
    logging.getLogger("distributed.client").error("heard again")
    assert caplog.messages == ["heard again"]
