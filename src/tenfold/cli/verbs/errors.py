"""``tenfold errors``: where a run errs, down to the single instance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.instances import show_cell, show_first, show_row
from tenfold.cli.messages import show_words
from tenfold.cli.quantities import show_quantity_errors
from tenfold.cli.terminal import print_list, print_paragraph, print_record, print_table
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.ask.errors.errors import Errors
    from tenfold.record.run import Run

__all__ = ["command"]

_CLASSES_SHOWN = 12
# Named here too: the words of the table live beside libraries that a usage error must not wait for.
_OF_QUANTITIES = ("worst", "outside", "suspects")
_LISTS = ("surest-wrong", "hardest-right", "everyone-wrong", *_OF_QUANTITIES)
_READINGS = ("counts", "actual", "predicted", "all", "errors-actual", "errors-predicted")


@click.command("errors", short_help="Show where RUN errs, down to single instances.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--candidate", metavar="NAME", help="Whose errors (default: the chosen candidate's).")
@click.option("--label", metavar="LABEL", help="Of rows with several labels: errors on this one.")
@click.option("--actual", metavar="CLASS", help="Instances of this class …")
@click.option("--predicted", metavar="CLASS", help="… that were called this class.")
@click.option("--against", is_flag=True, help="Also the other way round.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Draw the images of both classes as a PNG.")
@click.option("--alone", is_flag=True, help="The sheet shows the one cell, not all four of the two classes.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the instances as a table.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Instances printed.")
@click.option("--neighbours", type=click.IntRange(0, 20), default=0,
              help="Also the nearest training rows of each instance, outside its fold.")  # fmt: skip
@click.option("--by", type=click.Choice(_READINGS),
              help="Reading of the matrix (default: errors-actual; of two classes actual).")  # fmt: skip
@click.option("--sort", type=click.Choice(("class", "confusion")), default="class", show_default=True,
              help="Order of classes; 'confusion' puts those taken for each other side by side.")  # fmt: skip
@click.option("--list", "first", type=click.Choice(_LISTS),
              help="Instead of a cell: wrong answers that were surest, right ones that were least so, "
                   "or rows that every candidate gets wrong. Of quantities: rows furthest off, outside their "
                   "intervals, or with doubtful true values.")  # fmt: skip
@click.option("--row", type=click.IntRange(0), help="Instead of a cell: this row of the source; of mail, every word "
                                                     "with what it weighs.")  # fmt: skip
@click.option("--words", is_flag=True, help="Of mail: the words that weigh most for each class.")
@click.option(
    "--refit", is_flag=True, help="Of mail: weigh words by the models that judged the messages, fitted again."
)
@click.option("--no-color", "no_color", is_flag=True, help="Mark words with + and - instead of colouring them.")
@click.option("--threshold", type=float, help="Of a detector: what it would answer from this score on.")
@click.option("--test", is_flag=True, help="Of the test part instead of the training rows judged out of fold.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    run: Path,
    candidate: str | None,
    label: str | None,
    actual: str | None,
    predicted: str | None,
    test: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """
    Show where RUN errs: the matrix and the worst confusions, or the instances of one cell of it.

    \b
    tenfold errors runs/mnist
    tenfold errors runs/mnist --actual 3 --predicted 5 --sheet threes.png
    tenfold errors runs/mnist --list surest-wrong --sheet doubtful.png
    tenfold errors runs/spam --actual "not spam" --predicted spam
    tenfold errors runs/spam --row 4711
    tenfold errors runs/labels --label odd --actual odd --predicted "not odd"
    """  # noqa: D301
    from tenfold.ask.errors.errors import errors_of
    from tenfold.errors import UsageError
    from tenfold.record.run import open_run

    _refuse_odd_options(actual, predicted, candidate, options, test=test)
    opened = open_run(run)
    no_choice = actual is None and options["first"] is None and not opened.task.numeric
    if no_choice and any(options[name] for name in ("sheet", "neighbours")):
        raise UsageError("which cell is meant?", do="give --actual and --predicted, or --list")
    if opened.task.numeric:
        _refuse_classes(actual, options)
        show_quantity_errors(opened, candidate, label, options, test=test, as_json=as_json)
        return
    if options["first"] in _OF_QUANTITIES:
        raise UsageError(f"--list {options['first']} is of quantities, classes are predicted here", where=run)
    if options["words"]:
        show_words(opened, options["limit"], as_json)
        return
    no_cell = actual is None and all(options[name] is None for name in ("first", "row", "threshold"))
    if label is None and no_cell and opened.task.several:
        _show_labels(opened, candidate, options["by"], test=test, as_json=as_json)
        return
    errors = errors_of(opened, candidate, label=label, test=test, threshold=options["threshold"])
    if options["row"] is not None:
        show_row(errors, options["row"], options, as_json)
        return
    if options["first"] is not None:
        show_first(errors, options, as_json)
        return
    if actual is None or predicted is None:
        if options["table"]:
            raise UsageError("which cell is meant?", do="give --actual and --predicted, or --list")
        (_print_overview_json if as_json else _show_overview)(errors, options)
        return
    show_cell(errors, actual, predicted, options, as_json)


def _refuse_odd_options(
    actual: str | None, predicted: str | None, candidate: str | None, options: dict[str, Any], *, test: bool
) -> None:
    """Refuse options that do not go together."""
    from tenfold.errors import UsageError

    if (actual is None) != (predicted is None):
        raise UsageError("a cell has two classes", do="give both --actual and --predicted")
    if options["first"] is not None and actual is not None:
        raise UsageError("--list is about all cells", do="leave out --list, or --actual and --predicted")
    if actual is None and (options["against"] or options["alone"]):
        raise UsageError("which cell is meant?", do="give --actual and --predicted")
    if options["refit"] and (test or candidate is not None):
        raise UsageError(
            "--refit fits the chosen candidate without folds again", do="leave out --test and --candidate, or --refit"
        )
    if options["row"] is not None and (actual is not None or options["first"] is not None):
        raise UsageError("--row is about one row", do="leave out --list, or --actual and --predicted")


def _refuse_classes(actual: str | None, options: dict[str, Any]) -> None:
    """Refuse what is about classes where a quantity is predicted."""
    from tenfold.errors import UsageError

    words = {"threshold": "--threshold", "by": "--by"}
    odd = next((word for name, word in words.items() if options[name] is not None), None)
    odd = "--actual and --predicted" if actual is not None else "--words" if options["words"] else odd
    if odd is not None:
        raise UsageError(f"{odd}: classes are meant, a quantity is predicted here", do="give --list worst, or --row N")


def _show_labels(run: Run, candidate: str | None, by: str | None, *, test: bool, as_json: bool) -> None:
    import shlex

    from tenfold.ask.errors.labels import errors_by_label, hardest_label, label_rows, label_sentence
    from tenfold.ask.errors.summary import label_overview

    errors = errors_by_label(run, candidate, test=test)
    if as_json:
        print_record(label_overview(errors, by or "actual"))
        return
    print_paragraph(label_sentence(errors), strong=True)
    echo()
    print_table(label_rows(errors), right=(1, 2, 3, 4, 5, 6, 7))
    print_paragraph("Found: of the rows where it is true. Right: of those called so; the others are false.")
    words = [*_about(errors[0]), "--label", hardest_label(errors)]
    echo(f"\nNext:  {shlex.join(words)}")


def _show_overview(errors: Errors, options: dict[str, Any]) -> None:
    import shlex

    from tenfold.ask.errors.sentences import class_rows, error_sentences, matrix_rows
    from tenfold.data.kinds.kind import has_texts
    from tenfold.figures.curves.readings import most_confused

    verdict, *rest = error_sentences(errors.counts)
    print_paragraph(verdict, strong=True)
    print_list(rest)
    if len(errors.task.classes) <= _CLASSES_SHOWN:
        by = options["by"] or ("actual" if len(errors.task.classes) == 2 else "errors-actual")
        words, rows = matrix_rows(errors.counts, by, options["sort"])
        echo(f"\n{words}")
        print_table(rows, right=range(1, len(rows[0])))
        echo()
        print_table(class_rows(errors.counts), right=(1, 2, 3, 4, 5))
    else:
        echo(f"\nThe matrix of {len(errors.task.classes):,} classes is wider than a terminal: --json gives it whole.")
    if has_texts(errors.run.record.manifest.data.kind):
        slices = shlex.join(["tenfold", "report", str(errors.run.path), "--weak-spots"])
        words = shlex.join(["tenfold", "errors", str(errors.run.path), "--words"])
        echo(f"\nBy source folder:  {slices}\nWords of classes:  {words}")
    everyone = errors.everyone_wrong()
    if len(everyone) and len(errors.run.record.metrics.candidates) > 2:
        print_paragraph(f"\n{len(everyone):,} rows are called wrongly by every candidate but the baseline.")
    worst = most_confused(errors.matrix, 1)
    if worst:
        names = [errors.task.classes[code] for code in (worst[0].actual, worst[0].predicted)]
        echo(f"\nNext:  {_command(errors, *names)}")


def _command(errors: Errors, actual: str, predicted: str) -> str:
    """The command that shows a cell of the same candidate, part and threshold."""
    import shlex

    from tenfold.ask.errors.one_label import LabelRun

    words = _about(errors)
    words += ["--label", errors.run.label] if isinstance(errors.run, LabelRun) else []
    words += ["--threshold", f"{errors.threshold:g}"] if errors.threshold is not None else []
    return shlex.join([*words, "--actual", actual, "--predicted", predicted])


def _about(errors: Errors) -> list[str]:
    """The command about the same candidate and part."""
    words = ["tenfold", "errors", str(errors.run.path)]
    words += ["--candidate", errors.candidate] if errors.candidate != errors.run.chosen else []
    return [*words, "--test"] if errors.part == "test" else words


def _print_overview_json(errors: Errors, options: dict[str, Any]) -> None:
    from tenfold.ask.errors.summary import overview

    print_record(overview(errors, options["by"] or "errors-actual"))
