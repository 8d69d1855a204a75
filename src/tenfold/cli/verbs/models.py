"""``tenfold models``: the named classifiers and regressors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tenfold.cli.terminal import print_json
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.candidates.entry import Entry

__all__ = ["command"]


@click.command("models", short_help="List the models that --models knows.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """List the models that --models knows: what each is good for and what it costs."""
    from tenfold.candidates.catalogue import CATALOGUE, LIBRARY_BOOSTERS
    from tenfold.candidates.regressors.catalogue import REGRESSORS, TRANSFORMS
    from tenfold.candidates.streamed.catalogue import STREAMED_CANDIDATES, STREAMED_REGRESSORS
    from tenfold.tasks.images.catalogue import CATALOGUE as DENOISERS

    if as_json:
        words = ("name", "summary", "good_for", "cost", "modifiers")
        denoisers = [{"name": entry.name, "summary": entry.summary} for entry in DENOISERS.values()]
        models = [{word: getattr(entry, word) for word in words} for entry in (CATALOGUE | LIBRARY_BOOSTERS).values()]
        streamed, streamed_regressors = (
            [{"name": one.name, "summary": one.summary} for one in of_task.values()]
            for of_task in (STREAMED_CANDIDATES, STREAMED_REGRESSORS)
        )
        regressors = [{word: getattr(entry, word) for word in words} for entry in REGRESSORS.values()]
        plain = {"models": models, "regressors": regressors, "denoisers": denoisers, "streamed": streamed}
        print_json({**plain, "streamed_regressors": streamed_regressors})
        return
    for entry in (CATALOGUE | LIBRARY_BOOSTERS).values():
        _show(entry)
    echo("\nSeveral labels:  any of them, by one detector a label where it cannot answer all at once;")
    echo("    chain:NAME  one label after the other, each told the answers before it: chain:logistic")
    streamed_names = f"{', '.join(STREAMED_CANDIDATES)}; of quantities {', '.join(STREAMED_REGRESSORS)}"
    echo(f"\nFor a table larger than memory:  {streamed_names}")
    echo("\nOf quantities:")
    for entry in REGRESSORS.values():
        _show(entry)
    for word, (_, _, meaning) in TRANSFORMS.items():
        echo(f"    NAME:{word:<7}{meaning}")
    echo("\nYour own:  --models module:object  (a scikit-learn classifier, found from the current folder)")
    echo("\nFor tenfold denoise, to take noise off images:")
    for denoiser in DENOISERS.values():
        echo(denoiser.summary, lead=f"{denoiser.name:<12}")


def _show(entry: Entry) -> None:
    echo(f"  {entry.summary}", lead=entry.name)
    details = [("good for", entry.good_for), ("cost", entry.cost)]
    details += [(f"{entry.name}:{word}", meaning) for word, meaning in entry.modifiers.items()]
    for word, meaning in details:
        echo(f"    {word:<20}{meaning}")
