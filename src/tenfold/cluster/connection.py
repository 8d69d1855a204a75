"""Connections to a Dask cluster: certificates, admission of workers, and a close that does not wait."""

from __future__ import annotations

import asyncio
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from distributed import Client, Security
from distributed.versions import VersionMismatchWarning

from tenfold.cluster.members import AGAIN, Cluster
from tenfold.cluster.timeout import call_with_timeout
from tenfold.errors import EngineError, UsageError
from tenfold.text import shown

__all__ = ["connected"]

_CONNECT = 10.0
_GOODBYE = 3.0
_LOGGERS = tuple(logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.core"))
_LEVELS: dict[logging.Logger, int] = {}
_QUIETED: list[None] = []
_QUIETING = threading.Lock()


@contextmanager
def connected(address: str, note: Callable[[str], None], again: str = AGAIN) -> Iterator[Cluster]:
    """
    Connect to a scheduler, admit its workers, and disconnect at the end.

    Parameters
    ----------
    address : str
        ``tcp://host:port`` or ``tls://host:port``; certificates come from Dask's own configuration.
    note : callable
        Receives a line about a worker that is passed over, and why.
    again : str
        What to do when the cluster is gone, as an imperative sentence.

    Raises
    ------
    UsageError
        TLS without certificates.
    EngineError
        No scheduler answers, no worker comes, or a worker has other versions.
    """
    _refuse_missing_certificates(address)
    with ExitStack() as quiet:
        quiet.enter_context(_quiet_logs())
        try:
            client = call_with_timeout(2 * _CONNECT, partial(_client, address))
        except Exception as fault:
            reason = shown(f"{type(fault).__name__}: {fault}".splitlines()[0], 120)
            raise EngineError(
                f"no Dask scheduler answers ({reason})",
                where=address,
                do="check the address; start dask scheduler",
            ) from fault
        try:
            cluster = Cluster(client, address, note, again)
            cluster.admit_first()
            yield cluster
        finally:
            _leave(client, quiet.pop_all())


def _client(address: str) -> Client:
    """Connect without Dask's own warning of other versions, which are refused by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VersionMismatchWarning)
        return Client(address, timeout=_CONNECT, set_as_default=False)


def _leave(client: Client, quiet: ExitStack) -> None:
    """Disconnect and wait a few seconds for the event loop to end, without its log lines."""

    def goodbye() -> None:
        with quiet, suppress(OSError, asyncio.TimeoutError):
            client.close(timeout=2)

    leaving = threading.Thread(target=goodbye, daemon=True)
    leaving.start()
    leaving.join(_GOODBYE)


def _refuse_missing_certificates(address: str) -> None:
    if address.startswith("tls://") and Security().get_connection_args("client").get("ssl_context") is None:
        raise UsageError(
            "TLS needs certificates and Dask's configuration names none",
            where=address,
            do="set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY (docs/scaling.md)",
        )


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Silence Dask's log lines while a cluster is in use; our errors say what they mean."""
    with _QUIETING:
        if not _QUIETED:
            _LEVELS.update({logger: logger.level for logger in _LOGGERS})
        _QUIETED.append(None)
        for logger in _LOGGERS:
            logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        with _QUIETING:
            _QUIETED.pop()
            for logger in _LOGGERS if not _QUIETED else ():
                logger.setLevel(_LEVELS[logger])
