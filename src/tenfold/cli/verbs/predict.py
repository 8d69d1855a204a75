"""``tenfold predict``: a saved model asked about new instances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.messages import print_reasons
from tenfold.cli.sources import source_arguments, source_options, trained_target, trained_texts
from tenfold.cli.terminal import progress_line
from tenfold.output import shows_colour, write_data
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.record.bundle import Classifier

__all__ = ["command"]

_MOST_FLAGS = 8


@click.command("predict", short_help="Let MODEL answer every instance of INPUT.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("source", metavar="INPUT")
@source_options
@click.option("--stream", is_flag=True, help="Read a table in batches, as is done unasked where memory is short.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A .csv or .parquet file (default: CSV on standard output)."
)
@click.option("--id", "identifier", metavar="COL", help="Write this column of INPUT and the predictions, nothing else.")
@click.option("--label", metavar="NAME", help="What the column of predictions is called (default: predicted).")
@click.option("--strict", is_flag=True,
              help="Refuse values unlike all training rows, and missing columns, instead of a flag.")  # fmt: skip
@click.option("--why", is_flag=True, help="Of mail: print each message with what its words weigh, instead of a table.")
def command(
    model: Path,
    source: str,
    stream: bool,
    out: Path | None,
    identifier: str | None,
    label: str | None,
    strict: bool,
    why: bool,
    **options: Any,
) -> None:
    """
    Let MODEL (a run folder or a bundle) answer every instance of INPUT.

    The answer is the class at the model's decision, with the scores and the threshold in force. Rows of a table with a
    category that no training row had, a number beyond all of theirs, or a missing column are flagged, and counted.
    """
    from tenfold.data.sources import load
    from tenfold.data.streamed.memory_budget import to_stream
    from tenfold.record.bundle import load as load_model

    classifier = load_model(model)
    if why:
        print_reasons(classifier, load(**source_arguments(source, **options), labelled=False), colour=shows_colour())
        return
    target = options.pop("target") or trained_target(classifier, source)
    table_on_disk = to_stream(source, requested=stream)
    if table_on_disk is not None:
        _refuse_streamed(source, identifier, label, strict)
        # Only here, since few tables are: it takes pandas and pyarrow.
        from tenfold.ask.streamed.predict import write_streamed_answers

        result = write_streamed_answers(classifier, table_on_disk, target, out, progress_line)
        if out is not None:
            progress_line(_summary(result.rows, _most_common(result.counts), out))
        return
    if _of_mail(classifier) and _predict_mail(classifier, source, target, options, out, identifier, label):
        return
    from tenfold.ask.predict import answer_table, csv_text, two_columns, write_answers

    texts = trained_texts(classifier, identifier)
    data = load(**source_arguments(source, target=target, **options), labelled=False, texts=texts)
    answers, notes, flags = answer_table(classifier, data, strict=strict)
    table = answers if identifier is None and label is None else two_columns(answers, identifier, label)
    for note in notes:
        progress_line(note)
    if out is None:
        if flags:
            progress_line(_flagged(flags))
        write_data(csv_text(table))
        return
    write_answers(table, out)
    if classifier.task.several:
        counts = {name: int(answers[f"predicted:{name}"].sum()) for name in classifier.task.classes}
    else:
        counts = _most_common(answers["predicted"].tolist())
    progress_line(_summary(len(data), counts, out))
    if flags:
        progress_line(_flagged(flags))


def _of_mail(classifier: Classifier) -> bool:
    """Whether a model predicts one class of each message."""
    return classifier.schema.as_dict().get("kind") == "mail" and not classifier.task.several


def _predict_mail(
    classifier: Classifier,
    source: str,
    target: str | None,
    options: Mapping[str, Any],
    out: Path | None,
    identifier: str | None,
    label: str | None,
) -> bool:
    """Predict messages block by block; False where the source holds none, which is then refused by name."""
    from tenfold.ask.streamed.mail import BLOCK_MESSAGES, write_mail_answers
    from tenfold.data.sources.load import mail_blocks

    blocks = mail_blocks(size=BLOCK_MESSAGES, **source_arguments(source, target=target, **options))
    if blocks is None:
        return False
    counts = write_mail_answers(classifier, blocks, out, identifier, label, progress_line)
    if out is not None:
        progress_line(_summary(counts.total(), _most_common(counts), out))
    return True


def _refuse_streamed(source: str, identifier: str | None, label: str | None, strict: bool) -> None:
    from tenfold.errors import UsageError

    if identifier is not None or label is not None or strict:
        raise UsageError(
            "--id, --label and --strict do not go with a streamed table", where=source, do="leave them out"
        )


def _flagged(flags: Mapping[str, int]) -> str:
    listed = ", ".join(f"{shown(flag, 60)} ({count:,})" for flag, count in list(flags.items())[:_MOST_FLAGS])
    more = f" and {len(flags) - _MOST_FLAGS} more" if len(flags) > _MOST_FLAGS else ""
    return f"Unlike the training rows, flagged: {listed}{more}"


def _most_common(predicted: Iterable[str] | Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(predicted).most_common(10))


def _summary(rows: int, counts: Mapping[str, int], out: Path) -> str:
    shares = ", ".join(f"{count:,} {shown(name, 30)}" for name, count in counts.items())
    return f"{rows:,} answers in {out}: {shares}"
