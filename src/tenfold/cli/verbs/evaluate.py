"""``tenfold evaluate``: a saved model judged on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.sources import source_arguments, source_options, trained_target, trained_texts
from tenfold.cli.terminal import print_list, print_paragraph, print_record, print_table
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.ask.evaluate import ModelEvaluation

__all__ = ["command"]


@click.command("evaluate", short_help="Judge MODEL on the labelled data of SOURCE.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("source")
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(model: Path, source: str, as_json: bool, **options: Any) -> None:
    """
    Judge MODEL (a run folder or a bundle) on the labelled data of SOURCE.

    Judging the test part counts as an opening.
    """
    from tenfold.ask.evaluate import EvaluateOutput, evaluate_model
    from tenfold.data.sources import load
    from tenfold.record.bundle import load as load_model

    classifier = load_model(model)
    target = options.pop("target") or trained_target(classifier, source)
    options["labels"] = options["labels"] or classifier.provenance.get("labels")
    data = load(**source_arguments(source, target=target, **options), texts=trained_texts(classifier))
    result = evaluate_model(classifier, model, data)
    if as_json:
        output = EvaluateOutput(result.evaluation.metrics, result.openings, result.notes)
        print_record(output)
        return
    _show(model, result)


def _sentence(model: Path, result: ModelEvaluation) -> str:
    from tenfold.decimals import figure_text
    from tenfold.record.words.quantities import judged_sentence
    from tenfold.record.words.verdict import all_labels

    task, figures = result.classifier.task, result.evaluation.metrics
    rows = f"{len(result.data):,} row{'' if len(result.data) == 1 else 's'} of {result.data.name}"
    if task.numeric:
        interval = result.classifier.decision.interval
        asked = None if interval is None else interval.coverage
        return judged_sentence(str(model), rows, figures, asked, len(task.classes))
    accuracy = figure_text(task.headline, figures[task.headline])
    right = "right" if task.headline == "accuracy" else f"right in {all_labels(len(task.classes))}"
    return f"{model} is {right} on {accuracy.value} of {rows} (95 % interval {accuracy.interval})."


def _show(model: Path, result: ModelEvaluation) -> None:
    from tenfold.decimals import figure_texts
    from tenfold.record.words.verdict import metric_words_of

    task = result.classifier.task
    entries = {name: one.as_dict() for name, one in result.evaluation.metrics.items()}
    print_paragraph(_sentence(model, result), strong=True)
    if result.openings is not None:
        times = "once" if result.openings == 1 else f"{result.openings} times"
        echo(f"These are its test rows, now opened {times}.")
    print_list(result.notes)
    rows = [("figure", "value", "95 % interval", "n")]
    for (name, entry), text in zip(entries.items(), figure_texts(entries.items()), strict=True):
        rows.append((metric_words_of(task, name), text.value, text.interval, f"{entry['n']:,}"))
    echo()
    print_table(rows, right=(1, 2, 3))
