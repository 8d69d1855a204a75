"""``tenfold verify``: whether a model is what was saved, and still answers the same."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.cli.terminal import print_list
from tenfold.output import echo

__all__ = ["command"]


@click.command("verify", short_help="Check that MODEL is what was saved and answers the same.")
@click.argument("model", type=click.Path(path_type=Path))
def command(model: Path) -> None:
    """Check every file of MODEL against its hash and compute its golden rows again."""
    from tenfold.record.bundle import verify
    from tenfold.record.bundle.denoiser_files import is_denoiser, verify_denoiser

    if is_denoiser(model):
        saved = verify_denoiser(model).model
        echo(f"{model}: whole and unchanged; {saved.candidate} restores its golden images as when it was saved.")
        return
    verification = verify(model)
    echo(f"{model}: whole and unchanged; it answers as it did when it was saved.")
    print_list(verification.checked)
