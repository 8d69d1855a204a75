"""``tenfold decide``: another operating point for a finished run."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.cli.verbs.run import show_run

__all__ = ["command"]


@click.command("decide", short_help="Choose the decision of RUN again, without training.")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("rule")
def command(run: Path, rule: str) -> None:
    """
    Choose the decision of RUN again by RULE, from its out-of-fold scores, without training.

    RULE is argmax, 'precision>=0.9', 'recall>=0.95', f1, 'cost fp=1 fn=5', or 'precision>=0.9 @ 95%';
    'prior=0.2' behind it, or alone, where another share than of the training rows will be positive.
    """
    from tenfold.ask.streamed.decide import decide
    from tenfold.show import write_report

    show_run(decide(run, rule, write_report))
