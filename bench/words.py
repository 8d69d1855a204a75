"""Numbers as people read them."""

from __future__ import annotations

__all__ = ["megabytes", "seconds", "times"]


def seconds(value: float) -> str:
    """
    Give seconds with three significant figures, small ones as milliseconds.

    Examples
    --------
    >>> seconds(0.01234), seconds(1.2345), seconds(613.7)
    ('12.3 ms', '1.23 s', '614 s')
    """
    return f"{_three(1000 * value)} ms" if value < 0.1 else f"{_three(value)} s"


def times(ratio: float) -> str:
    """
    Give a ratio of speeds.

    Examples
    --------
    >>> times(12.345), times(0.5)
    ('12.3 x', '0.500 x')
    """
    return f"{_three(ratio)} x"


def megabytes(count: int | None) -> str:
    """
    Give bytes as whole megabytes.

    Examples
    --------
    >>> megabytes(1_234_567_890), megabytes(None)
    ('1,235 MB', 'not known')
    """
    return "not known" if count is None else f"{count / 1e6:,.0f} MB"


def _three(value: float) -> str:
    digits = next((digits for digits, least in ((0, 99.95), (1, 9.995), (2, 0.9995)) if value >= least), 3)
    return f"{value:,.{digits}f}"
