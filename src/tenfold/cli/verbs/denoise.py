"""``tenfold denoise``: noise taken off images; judged like any classifier, or done with a saved model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.progress import RunProgress
from tenfold.cli.sources import names_in, options_beside, refuse_beside_config, worker_options
from tenfold.cli.terminal import print_json, print_record, progress_line
from tenfold.cli.verbs.run import show_run
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.line.restoration.config import DenoiseConfig

__all__ = ["command"]

_FAILED_PARTS = 7
_OF_CLEANING = frozenset({"source", "images", "out", "skip_bad", "quiet", "as_json"})
_BESIDE_CONFIG = frozenset({"source", "out", "jobs", "engine", "quiet", "as_json"})


@click.command("denoise", short_help="Learn to take noise off images, or clean some with a model.")
@click.argument("source", metavar="SOURCE|MODEL", default="digits")
@click.argument("images", nargs=-1, type=click.Path(path_type=Path))
@click.option("--noise", metavar="NOISE",
              help="uniform:LOW:HIGH, gaussian:S, salt:P or blur:S (default: uniform:0:100 of 255).")  # fmt: skip
@click.option("--models", metavar="A,B", help="Candidates: median, ridge, knn, knn:mean, knn:median.")
@click.option("--cv", type=int, metavar="K", help="Folds (5; above 20,000 images 3).")
@click.option("--size", type=int, metavar="N", help="Learn from N training images only.")
@click.option("--data-dir", type=click.Path(), help="Folder with the files of a named source.")
@click.option("--resize", metavar="HxW", help="Bring the images of a folder to one size.")
@click.option("--colour", is_flag=True, help="Keep the colour of images.")
@click.option("--skip-bad", is_flag=True, help="Pass over unreadable images; they are named.")
@click.option("--test-size", type=float, default=0.2, show_default=True, help="Share set apart for the one test.")
@click.option("--seed", type=int, default=42, show_default=True, help="Of everything random.")
@click.option("--out", type=click.Path(path_type=Path),
              help="The run folder (default: runs/denoise-NAME); with MODEL the cleaned PNG, or a folder.")  # fmt: skip
@click.option("--private", is_flag=True, help="Write the name of the source only, not the path as it was given.")
@worker_options
@click.option("--quiet", is_flag=True, help="Print the result only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, nothing else.")
def command(
    source: str,
    images: tuple[Path, ...],
    out: Path | None,
    jobs: int | None,
    engine: str,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """
    Learn to take noise off the images of SOURCE, judge it, test it once, and leave a run folder.

    SOURCE is a name (digits, mnist), a path to images, or the config.toml of an earlier denoising run. Noise is put
    on its clean images; candidates learn to restore them, against doing nothing.

    With a MODEL (the run folder or its model folder) and IMAGES (files or folders), clean those instead:

        tenfold denoise runs/denoise-mnist in.png --out clean.png
    """
    if images:
        _refuse_training_options()
        return _clean(Path(source), images, out, skip_bad=options["skip_bad"], quiet=quiet, as_json=as_json)
    from tenfold.storage import refuse_if_held

    if out is not None:
        refuse_if_held(out)
    from tenfold.line.restoration.steps import default_folder, execute, load_images
    from tenfold.show import write_report

    config = _config(source, options)
    _refuse_model_alone(config.source)
    folder = out or default_folder(config, Path(config.source).name.split(".")[0] or "images")
    with RunProgress(silent=quiet or as_json) as progress:
        run = execute(config, folder, load_images, write_report, listener=progress.listener, cores=jobs, engine=engine)
    if as_json:
        from tenfold.cli.outputs import RunOutput

        print_record(RunOutput(str(folder), run.record.metrics))
    else:
        show_run(run)
    return _FAILED_PARTS if run.record.metrics.failed else 0


def _refuse_training_options() -> None:
    """What is asked of training means nothing to a model that is trained."""
    from tenfold.errors import UsageError

    for option in options_beside(_OF_CLEANING):
        raise UsageError(f"{option} is for training, here a trained model cleans images", do="leave it out")


def _refuse_model_alone(source: str) -> None:
    from tenfold.data.sources.catalogue import NAMES
    from tenfold.errors import UsageError
    from tenfold.record.bundle.manifest import is_denoiser

    if source not in NAMES and Path(source).is_dir() and is_denoiser(Path(source)):
        raise UsageError("this is a denoiser: it needs images to clean", where=source, do="name one or more after it")


def _config(source: str, options: dict[str, Any]) -> DenoiseConfig:
    """The request in words of a config; of a config.toml, that file's (options beside it are refused)."""
    from tenfold.line.restoration.config import DenoiseConfig, read_denoise_config
    from tenfold.record.source import at_hand

    if source.endswith(".toml"):
        refuse_beside_config(source, _BESIDE_CONFIG)
        return at_hand(read_denoise_config(Path(source)), Path(source))
    return DenoiseConfig(source=source, models=names_in(options.pop("models")) or None, **options)


def _clean(
    model: Path, images: tuple[Path, ...], out: Path | None, *, skip_bad: bool, quiet: bool, as_json: bool
) -> int:
    from tenfold.ask.restore import clean_files

    done = clean_files(model, images, out, skip_bad=skip_bad)
    if as_json:
        print_json({"cleaned": [{"image": str(one.image), "out": str(one.out)} for one in done.cleaned]})
    elif not quiet:
        for note in done.notes:
            progress_line(note)
        for one in done.cleaned:
            echo(one.out)
    return 0
