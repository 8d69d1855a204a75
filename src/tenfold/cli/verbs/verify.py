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
    from tenfold.record.bundle.manifest import is_denoiser

    if is_denoiser(model):
        # Only here: whoever verifies a classifier need not load what restores images.
        from tenfold.record.bundle.denoiser_files import verify_denoiser

        saved = verify_denoiser(model).model
        echo(f"{model}: whole and unchanged; {saved.candidate} restores its golden images as when it was saved.")
        return
    from tenfold.record.bundle import verify

    verification = verify(model)
    echo(f"{model}: whole and unchanged; it answers as it did when it was saved.")
    print_list(verification.checked)
