"""The reference figures, computed again."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.reproduce.figure import Computed, Job, Reference

__all__ = ["Computed", "Job", "Reference", "compute", "jobs"]


def jobs(quick: bool) -> tuple[Job, ...]:
    """Return the jobs of the classic arc, chapters 1 to 4 in order; with `quick` those of a minute or two."""
    from tenfold.reproduce import (
        denoiser,
        detector,
        duels,
        grown_neighbours,
        housing,
        life_satisfaction,
        ten_classes,
        textbook_lines,
        two_labels,
    )

    digits = (detector, duels, two_labels, ten_classes, grown_neighbours, denoiser)
    third = (job for chapter in digits for job in chapter.JOBS)
    every = (*life_satisfaction.JOBS, *housing.jobs(), *third, *textbook_lines.JOBS)
    return tuple(job for job in every if job.quick or not quick)


def compute(job: Job) -> Iterator[Computed]:
    """Compute a job's figures and put each beside what is expected."""
    for reference, value in zip(job.references, job.compute(), strict=True):
        yield Computed(reference, value)
