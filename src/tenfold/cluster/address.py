"""The words that say where work is done: this machine, or a Dask cluster that is there already."""

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
    Read the words that name an engine: None for this machine, else the address of a scheduler as Dask writes it.

    A plain connection is neither encrypted nor asks who is there, and a Dask worker runs what it is sent: it is
    taken on the loopback interface only.

    Parameters
    ----------
    engine : str
        ``local``, ``dask://host:port`` or ``dask+tls://host:port``.
    option : str
        How the one who asked calls it.

    Raises
    ------
    UsageError
        Something else, a plain address that others can reach, or Dask is not installed.

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
    found, port = _split(engine)
    whole = found is not None and found.scheme in {_PLAIN, _TLS} and found.hostname and port
    if not whole or found is None or found.path or found.query or found.fragment or "@" in found.netloc:
        raise UsageError(
            "not the address of an engine", where=place, do="give local, dask://host:port or dask+tls://host:port"
        )
    if found.scheme == _PLAIN and not is_loopback(found.hostname or ""):
        raise UsageError(
            "a plain connection to another machine is neither encrypted nor authenticated, and whoever reaches a "
            "worker can run code on it",
            where=place,
            do="start the cluster with TLS and give dask+tls://host:port, or tunnel to 127.0.0.1",
        )
    _refuse_missing_dask(option)
    return f"{'tcp' if found.scheme == _PLAIN else 'tls'}://{found.netloc}"


def kind_of(engine: str) -> str:
    """
    Name the kind of an engine without its address, for files that leave this machine.

    Examples
    --------
    >>> kind_of("local"), kind_of("dask+tls://host:8786")
    ('local', 'dask')
    """
    return LOCAL if engine == LOCAL else _PLAIN


def _split(engine: str) -> tuple[SplitResult | None, int | None]:
    try:
        return (found := urlsplit(engine)), found.port
    except ValueError:
        return None, None


def is_loopback(host: str) -> bool:
    """
    Whether only processes of this machine reach this host.

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
