"""The command ``python -m bench.mail``."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bench.larger.watch import Watched, watched
from bench.mail.messages import write_mailboxes

_MEGA = 1e6


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.option("--messages", type=click.IntRange(1000), default=100_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=Path("runs/mail"), show_default=True,
              help="Where the mailboxes and the run are written.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Worker processes.")
@click.option("--models", help="Candidates (default: the usual ones).")
@click.option("--model", type=click.Path(exists=True, path_type=Path),
              help="Predict by this run instead of learning from the messages.")  # fmt: skip
def command(corpus: Path, messages: int, folder: Path, jobs: int, models: str | None, model: Path | None) -> None:
    """Make mailboxes of so many messages of CORPUS, learn from them, predict them, and say what that took."""
    boxes, out = write_mailboxes(corpus, folder / f"boxes-{messages}", messages), folder / f"run-{messages}-{jobs}"
    took: dict[str, Watched] = {}
    if model is None:
        if out.exists():
            shutil.rmtree(out)
        words = ["run", str(boxes), "--task", "binary", "--positive", "spam", "--out", str(out), "--jobs", str(jobs)]
        took["run"] = _watched([*words, "--quiet", *(["--models", models] if models else [])])
    took["predict"] = _watched(["predict", str(model or out), str(boxes), "--out", str(folder / "answers.csv")])
    size = sum(box.stat().st_size for box in boxes.glob("*.mbox"))
    told = {"messages": messages, "bytes": size, "jobs": jobs, **{verb: asdict(one) for verb, one in took.items()}}
    (folder / f"took-{messages}-{jobs}.json").write_text(json.dumps(told, indent=1) + "\n")
    for verb, one in took.items():
        click.echo(
            f"{verb}: {messages:,} messages ({size / _MEGA:,.0f} MB) in {one.seconds:,.0f} s, "
            f"{messages / one.seconds:,.0f} a second; the largest process held {one.largest / _MEGA:,.0f} MB, all "
            f"{one.processes} together {one.together / _MEGA:,.0f} MB ({one.apart / _MEGA:,.0f} MB with shared pages "
            "counted once)"
        )


def _watched(words: list[str]) -> Watched:
    one = watched([sys.executable, "-m", "tenfold", *words])
    if one.exit_code:
        sys.exit(one.exit_code)
    return one


if __name__ == "__main__":
    command()
