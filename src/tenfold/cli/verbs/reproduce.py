"""``tenfold reproduce``: the reference figures computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tenfold.cli.terminal import print_json, print_table, progress_line
from tenfold.errors import CheckFailedError
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.reproduce import Computed

__all__ = ["command"]


@click.command("reproduce", short_help="Compute the reference figures of the classic arc again and compare.")
@click.option("--quick", is_flag=True, help="Only what takes a minute or two.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(quick: bool, as_json: bool) -> None:
    """Compute the reference figures of the classic arc again and compare; exit 1 when one differs."""
    from tenfold.reproduce import compute, jobs

    figures: list[Computed] = []
    for job in jobs(quick):
        progress_line(f"{job.title}: roughly {job.seconds:.0f} s …")
        part = list(compute(job))
        figures += part
        if not as_json:
            _show(job.title, part)
    failed = [entry for entry in figures if not entry.passed]
    if as_json:
        print_json({"figures": [_plain(entry) for entry in figures], "passed": not failed})
    else:
        echo(f"\n{len(figures) - len(failed)} of {len(figures)} figures as expected.")
    if failed:
        names = "; ".join(entry.reference.name for entry in failed[:5])
        raise CheckFailedError(f"{len(failed)} figure{'s' if len(failed) > 1 else ''} not as expected: {names}")


def _show(title: str, part: list[Computed]) -> None:
    echo(f"\n{title}", bold=True)
    rows = [("", "expected", "computed", "difference", "")]
    for entry in part:
        verdict = "pass" if entry.passed else "FAIL"
        expected, computed = f"{entry.reference.expected:.10g}", f"{entry.value:.10g}"
        rows.append((entry.reference.name, expected, computed, f"{entry.difference:.1g}", verdict))
    print_table(rows, right=(1, 2, 3))


def _plain(entry: Computed) -> dict[str, object]:
    reference = entry.reference
    return {
        "name": reference.name,
        "expected": reference.expected,
        "computed": entry.value,
        "difference": entry.difference,
        "tolerance": reference.tolerance,
        "source": reference.source,
        "passed": entry.passed,
    }
