"""``tenfold convert``: a model of an earlier version as a program of arrays."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.output import echo

__all__ = ["command"]


@click.command("convert", short_help="Write a MODEL of scikit-learn objects as a program of arrays.")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The model folder to write (default: the model's own).")
def command(model: Path, out: Path | None) -> None:
    """
    Write MODEL (a run folder or a bundle), kept as scikit-learn objects, as a program of arrays.

    It then starts at once and needs no scikit-learn. It is written only if it predicts the same.
    """
    from tenfold.record.bundle.conversion import convert

    done = convert(model, out)
    echo(f"{done.folder}: a program of {len(done.operations)} operations ({', '.join(done.operations)}).")
    echo(
        f"It predicts the same as before for {done.rows:,} rows, and has {done.bytes_after:,} bytes "
        f"where there were {done.bytes_before:,}."
    )
