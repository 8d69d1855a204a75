"""The command ``python -m bench.models``."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.machine import processors, this_machine
from bench.models.cases import cases
from bench.models.measures import Line, measure
from bench.occupied import Clock, others_since
from tenfold.storage import make_folder, write_json, write_whole

__all__ = ["command"]

_PUBLISHED, _ASIDE = Path("docs"), Path("runs/bench")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--quick", is_flag=True, help="1,000 training images of MNIST, one start of each: a few minutes.")
@click.option("--only", multiple=True, metavar="DATA", help="Of these data alone: digits, mnist, titanic, …")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for saved-models.md and .json.")
def command(quick: bool, only: tuple[str, ...], out: Path | None) -> None:
    """Measure every saved model beside the estimator that it was made of, and write a table of it."""
    folder = out or (_ASIDE if quick or only else _PUBLISHED)
    before, begin, lines = Clock.now(), time.perf_counter(), list[Line]()
    chosen = [case for case in cases(quick=quick) if not only or case.data in only]
    warnings.simplefilter("ignore")
    for number, case in enumerate(chosen, 1):
        with tempfile.TemporaryDirectory() as scratch:
            line = measure(case, Path(scratch), starts=1 if quick else 2)
        lines.append(line)
        seconds = time.perf_counter() - begin
        click.echo(f"{seconds:4.0f} s  {number}/{len(chosen)}  {' | '.join(_cells(line))}", err=True)
    machine, others = this_machine(), others_since(before, Clock.now(), processors())
    words = _page(lines, quick, f"{machine.processor}, {machine.processors} processors", others)
    make_folder(folder)
    write_json(folder / "saved-models.json", [asdict(line) for line in lines])
    write_whole(folder / "saved-models.md", words)
    click.echo(f"Written: {folder / 'saved-models.md'}")


def _page(lines: Sequence[Line], quick: bool, machine: str, others: float | None) -> str:
    return "\n".join(_page_lines(lines, quick, machine, others)) + "\n"


def _page_lines(lines: Sequence[Line], quick: bool, machine: str, others: float | None) -> Iterator[str]:
    yield "# Saved models beside the estimators that they were made of\n"
    yield (
        f"By `python -m bench.models{' --quick' if quick else ''}` on {datetime.now(UTC).date()}; {machine}"
        + ("" if others is None else f", of which others used {100 * others:.0f} %")
        + ".\n"
    )
    yield (
        "**start**: seconds of a new process that loads the model and predicts one row (of a table: `tenfold predict` "
        "of a file of one row); in brackets the same model as scikit-learn objects, where it can be kept so. "
        "**one row**: milliseconds of a loaded model, decision and checks included; in brackets the fitted "
        "pipeline, without. "
        "**10,000 rows**: milliseconds in one thread, and how many times faster than the pipeline. **apart**: the "
        "largest difference of scores, relative to the largest (of a denoiser in parts of white), and rows (pixels) "
        "predicted otherwise. **bytes**: of the model folder; in brackets as scikit-learn objects.\n"
    )
    yield "| data | candidate | trained on | start, s | one row, ms | 10,000 rows, ms | times faster | apart | bytes |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for line in lines:
        yield f"| {' | '.join(_cells(line))} |"


def _cells(line: Line) -> tuple[str, ...]:
    start = f"{line.start_seconds:.2f}" + ("" if line.start_before is None else f" ({line.start_before:.2f})")
    size = f"{line.bytes:,}" + ("" if line.bytes_before is None else f" ({line.bytes_before:,})")
    return (
        line.data,
        f"`{line.candidate}`",
        f"{line.rows:,}",
        start,
        f"{line.row_ms:.3f} ({line.row_ms_before:.3f})",
        f"{1e3 * line.many_seconds:,.1f}",
        f"{line.many_before / line.many_seconds:.1f}",
        f"{line.difference:.0e}, {line.disagreements:,}" if line.difference or line.disagreements else "0",
        size,
    )


if __name__ == "__main__":
    command()
