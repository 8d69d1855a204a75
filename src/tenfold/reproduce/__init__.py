"""The reference figures, computed again."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.reproduce.figure import Computed, Job, Reference

__all__ = ["Computed", "Job", "Reference", "compute", "jobs"]


def jobs(quick: bool) -> tuple[Job, ...]:
    """Return the jobs of the classic arc, in its order; with `quick` those of a minute or two."""
    from tenfold.reproduce import denoiser, detector, duels, grown_neighbours, ten_classes, two_labels

    every = (*detector.JOBS, *duels.JOBS, *two_labels.JOBS, *ten_classes.JOBS, *grown_neighbours.JOBS, *denoiser.JOBS)
    return tuple(job for job in every if job.quick or not quick)


def compute(job: Job) -> Iterator[Computed]:
    """Compute a job's figures and put each beside what is expected."""
    for reference, value in zip(job.references, job.compute(), strict=True):
        yield Computed(reference, value)
