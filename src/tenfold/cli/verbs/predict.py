"""``tenfold predict``: a saved model asked about new instances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tenfold.cli.sources import source_arguments, source_options, trained_target
from tenfold.cli.terminal import progress_line
from tenfold.output import write_data
from tenfold.text import shown

__all__ = ["command"]


@click.command("predict", short_help="Let MODEL answer every instance of INPUT.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("source", metavar="INPUT")
@source_options
@click.option("--stream", is_flag=True, help="Read a table in batches, as is done unasked where memory is short.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A .csv or .parquet file (default: CSV on standard output)."
)
def command(model: Path, source: str, stream: bool, out: Path | None, **options: Any) -> None:
    """
    Let MODEL (a run folder or a bundle) answer every instance of INPUT.

    The answer is the class at the model's decision, with the scores and the threshold in force.
    """
    from tenfold.ask.predict import answer_table, harmless, write_answers
    from tenfold.ask.streamed.predict import write_streamed_answers
    from tenfold.data.sources import load
    from tenfold.line.entry import to_stream
    from tenfold.record.bundle import load as load_model

    classifier = load_model(model)
    target = options.pop("target") or trained_target(classifier, source)
    table_on_disk = to_stream(source, requested=stream)
    if table_on_disk is not None:
        result = write_streamed_answers(classifier, table_on_disk, target, out, progress_line)
        _tell(result.rows, result.counts, out)
        return
    data = load(**source_arguments(source, target=target, **options), labelled=False)
    table, notes = answer_table(classifier, data)
    for note in notes:
        progress_line(note)
    if out is None:
        write_data(harmless(table).to_csv(index=False))
        return
    write_answers(table, out)
    if classifier.task.several:
        shares = ", ".join(
            f"{table[f'predicted:{name}'].sum():,} {shown(name, 30)}" for name in classifier.task.classes
        )
    else:
        counts = table["predicted"].value_counts()
        shares = ", ".join(f"{counts[name]:,} {shown(name, 30)}" for name in counts.index[:10])
    progress_line(f"{len(table):,} answers in {out}: {shares}")


def _tell(rows: int, counts: dict[str, int], out: Path | None) -> None:
    most = sorted(counts, key=lambda name: -counts[name])[:10]
    if out is not None:
        progress_line(f"{rows:,} answers in {out}: {', '.join(f'{counts[name]:,} {shown(name, 30)}' for name in most)}")
