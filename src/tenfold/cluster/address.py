"""The names of engines: this machine, or a running Dask cluster."""

from __future__ import annotations

import importlib.util
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["LOCAL", "cluster_address", "is_loopback", "kind_of"]

LOCAL = "local"
_PLAIN, _TLS = "dask", "dask+tls"


def cluster_address(engine: str, option: str = "--engine") -> str | None:
    """
    Return the address of an engine's scheduler as Dask writes it, or None for this machine.

    A plain connection is neither encrypted nor authenticated, and a Dask worker runs the code it receives: it is
    accepted on the loopback interface only.

    Parameters
    ----------
    engine : str
        ``local``, ``dask://host:port`` or ``dask+tls://host:port``.
    option : str
        Name of the option, for messages.

    Raises
    ------
    UsageError
        Not an address, a plain address that others can reach, or Dask is not installed.

    Examples
    --------
    >>> cluster_address("local") is None, cluster_address("dask://127.0.0.1:8786")
    (True, 'tcp://127.0.0.1:8786')
    >>> cluster_address("dask://10.0.0.7:8786")
    Traceback (most recent call last):
    tenfold.errors.UsageError: --engine dask://10.0.0.7:8786: a plain connection to another machine ...
    """
    if engine == LOCAL:
        return None
    place = f"{option} {shown(engine, 80)}"
    parts, port = _parse_engine(engine)
    is_complete = parts is not None and parts.scheme in {_PLAIN, _TLS} and parts.hostname and port
    if not is_complete or parts is None or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise UsageError(
            "not the address of an engine", where=place, do="give local, dask://host:port or dask+tls://host:port"
        )
    if parts.scheme == _PLAIN and not is_loopback(parts.hostname or ""):
        raise UsageError(
            "a plain connection to another machine is neither encrypted nor authenticated, and whoever reaches a "
            "worker can run code on it",
            where=place,
            do="start the cluster with TLS and give dask+tls://host:port, or tunnel to 127.0.0.1",
        )
    _refuse_missing_dask(option)
    return f"{'tcp' if parts.scheme == _PLAIN else 'tls'}://{parts.netloc}"


def kind_of(engine: str) -> str:
    """
    Return the kind of an engine without its address, for files that leave this machine.

    Examples
    --------
    >>> kind_of("local"), kind_of("dask+tls://host:8786")
    ('local', 'dask')
    """
    return LOCAL if engine == LOCAL else _PLAIN


def _parse_engine(engine: str) -> tuple[SplitResult | None, int | None]:
    try:
        return (parts := urlsplit(engine)), parts.port
    except ValueError:
        return None, None


def is_loopback(host: str) -> bool:
    """
    Return whether only processes of this machine reach a host.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "10.0.0.7", "node7")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_missing_dask(option: str) -> None:
    if importlib.util.find_spec("distributed") is None:
        raise UsageError("Dask is not installed", where=option, do="pip install 'tenfold[dask]'")
