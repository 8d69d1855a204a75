"""Why a worker may not take part: others could reach it, or its versions are not ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tenfold.cluster.address import is_loopback
from tenfold.text import shown

__all__ = ["open_address", "other_versions"]


def open_address(worker: str) -> str | None:
    """
    Say that a worker listens where others reach it unencrypted; None where it does not.

    Examples
    --------
    >>> open_address("tcp://127.0.0.1:4000") is None, open_address("tls://10.0.0.7:4000") is None
    (True, True)
    >>> open_address("tcp://10.0.0.7:4000")
    'it listens on a plain address that other machines reach; start the cluster with TLS'
    """
    parts = urlsplit(worker)
    if parts.scheme in {"tls", "wss", "inproc"} or is_loopback(parts.hostname or ""):
        return None
    return "it listens on a plain address that other machines reach; start the cluster with TLS"


def other_versions(told: Any, here: Mapping[str, str]) -> str | None:
    """
    Say why a worker cannot give the same figures: no tenfold, or other versions; None where it can.

    Examples
    --------
    >>> other_versions({"numpy": "1.0"}, {"numpy": "2.0"})
    'it has numpy 1.0 (here 2.0); install the same versions'
    """
    if not isinstance(told, dict):
        return f"it cannot run this tenfold ({shown(f'{type(told).__name__}: {told}', 120)}); install it there"
    names = [name for name in {**here, **told} if told.get(name) != here.get(name)]
    other = [f"{shown(name, 40)} {shown(told.get(name), 40)} (here {here.get(name)})" for name in names]
    return f"it has {', '.join(other)}; install the same versions" if other else None
