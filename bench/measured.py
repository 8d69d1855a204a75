"""What was measured: plain values with their summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Self

__all__ = ["DISTURBING", "ContenderResult", "JobResult", "Sums", "summed"]

DISTURBING = 0.1
"""Share of the processors that others may use before seconds are said to be longer than they need be."""


@dataclass(frozen=True)
class ContenderResult:
    """
    How one contender did.

    Parameters
    ----------
    name : str
    seconds : tuple of float
        Of each run, in order.
    first_call_seconds : float
        A first small piece of work, in which compiled code is compiled or read from its cache.
    extra_bytes : int or None
        Most memory of any run beyond what the process held before it.
    answers, note : str
        How its answers compare with those of the first contender.

    Examples
    --------
    >>> ContenderResult("a", (3.0, 1.0, 2.0), 0.1, None, "equal").median
    2.0
    """

    name: str
    seconds: tuple[float, ...]
    first_call_seconds: float
    extra_bytes: int | None
    answers: str
    note: str = ""

    @property
    def median(self) -> float:
        """The median of its seconds."""
        return median(self.seconds)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "name": self.name,
            "seconds": list(self.seconds),
            "median": self.median,
            "min": min(self.seconds),
            "max": max(self.seconds),
            "first_call_seconds": self.first_call_seconds,
            "peak_extra_bytes": self.extra_bytes,
            "answers": self.answers,
            "note": self.note,
        }

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        return cls(
            found["name"],
            tuple(map(float, found["seconds"])),
            float(found["first_call_seconds"]),
            found["peak_extra_bytes"],
            found["answers"],
            found["note"],
        )


@dataclass(frozen=True)
class JobResult:
    """
    How all contenders did one job.

    Parameters
    ----------
    name, title, detail : str
    rows : int
    contenders : tuple of ContenderResult
        The first is the one that ratios are taken to.
    left_out : tuple of str
        A sentence for each contender that is not installed.
    date : str
        When it was measured.
    others : float or None
        Share of the processors' time that others used meanwhile.
    """

    name: str
    title: str
    detail: str
    rows: int
    contenders: tuple[ContenderResult, ...]
    left_out: tuple[str, ...] = ()
    date: str = ""
    others: float | None = None

    @property
    def disturbed(self) -> bool:
        """Whether others used so much of the machine that seconds are longer than they need be."""
        return self.others is not None and self.others > DISTURBING

    def ratio(self, one: ContenderResult) -> float:
        """Give how many times as fast as the first contender one is."""
        return self.contenders[0].median / one.median

    def of(self, name: str) -> ContenderResult | None:
        """Give the contender of this name; None where it takes no part."""
        return next((one for one in self.contenders if one.name == name), None)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        contenders = [{**one.as_dict(), "times_as_fast": self.ratio(one)} for one in self.contenders]
        return {
            "name": self.name,
            "title": self.title,
            "detail": self.detail,
            "rows": self.rows,
            "contenders": contenders,
            "left_out": list(self.left_out),
            "date": self.date,
            "others": self.others,
        }

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        return cls(
            found["name"],
            found["title"],
            found["detail"],
            int(found["rows"]),
            tuple(map(ContenderResult.from_dict, found["contenders"])),
            tuple(found["left_out"]),
            found["date"],
            found["others"],
        )


@dataclass(frozen=True)
class Sums:
    """
    Medians summed over the jobs that a contender takes part in.

    Parameters
    ----------
    jobs : int
    own, first, fastest_other : float
        Seconds of the contender, of the first contender of each job, and of the fastest of all others.
    elsewhere : float
        Seconds of the first contender of each job that it takes no part in.
    """

    jobs: int
    own: float
    first: float
    fastest_other: float
    elsewhere: float = 0.0


def summed(results: Sequence[JobResult], name: str) -> Sums | None:
    """
    Sum up how a contender did beside the others; None where it takes part in no job, or never beside another.

    Examples
    --------
    >>> pair = (ContenderResult("b", (8.0,), 0, None, ""), ContenderResult("a", (2.0,), 0, None, "equal"))
    >>> summed([JobResult("j", "J", "", 10, pair)], "a")
    Sums(jobs=1, own=2.0, first=8.0, fastest_other=8.0, elsewhere=0.0)
    """
    parts, elsewhere = [], 0.0
    for job in results:
        own, others = job.of(name), [one.median for one in job.contenders if one.name != name]
        if own is not None and others:
            parts.append((own.median, job.contenders[0].median, min(others)))
        elif own is None:
            elsewhere += job.contenders[0].median
    if not parts:
        return None
    own_sum, first, fastest_other = (sum(column) for column in zip(*parts, strict=True))
    return Sums(len(parts), own_sum, first, fastest_other, elsewhere)
