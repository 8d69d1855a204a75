"""``tenfold run``: the whole line in one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.progress import RunProgress
from tenfold.cli.sources import names_in, refuse_beside_config, source_options, worker_options
from tenfold.cli.terminal import print_list, print_paragraph, print_record, print_table, progress_line
from tenfold.output import echo
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.record.config import RunConfig
    from tenfold.record.run import Run

__all__ = ["command", "show_run"]

_FAILED_PARTS = 7
_BESIDE_CONFIG = frozenset({"source", "own", "out", "jobs", "engine", "learning_curve", "quiet", "as_json"})


@click.command("run", short_help="Judge candidates on SOURCE, choose, fit, test once.")
@click.argument("source", default="digits")
@source_options
@click.option("--drop-unlabelled", is_flag=True, help="Leave out rows without a label.")
@click.option(
    "--task", help="binary, multiclass, multilabel, quantities, or classes of numbers, where it is not inferred."
)
@click.option("--positive", metavar="CLASS", help="The class to detect; of several, against all the rest.")
@click.option("--models", metavar="A,B", help="Candidates, such as sgd:raw,forest,my_module:my_model.")
@click.option("--own", metavar="MODULE:OBJECT",
              help="Code that a config.toml names and that may run: no file alone has code run.")  # fmt: skip
@click.option("--cv", type=int, metavar="K", help="Folds (5; above 20,000 rows 3).")
@click.option("--tune", metavar="HOW", help="Try the settings of each candidate's search space: grid.")
@click.option("--augment", metavar="HOW", help="Grow the images that are learnt from: shift, by one pixel each way.")
@click.option("--shuffle/--no-shuffle", default=None,
              help="Draw the folds at random, as is usual, or in order of the rows (as of digits, mnist).")  # fmt: skip
@click.option("--order", metavar="COL",
              help="Column that tells when a row was: learn from the past, be judged on what came after.")  # fmt: skip
@click.option("--metric", help="What orders the candidates (accuracy; average_precision if rare; f1_macro of labels).")
@click.option("--decide", default="argmax", metavar="RULE", show_default=True,
              help="Operating point: argmax, 'precision>=0.9', 'recall>=0.95', f1, 'cost fp=1 fn=5', "
                   "or guaranteed: 'precision>=0.9 @ 95%'; 'prior=0.2' behind it, or alone, where that share will be "
                   "positive. Of several labels each gets its own threshold. Of quantities 'coverage>=0.9' (as is "
                   "usual), or 'cost under=3 over=1'.")  # fmt: skip
@click.option(
    "--bins", metavar="HOW", help="Classes of a quantity: 5 bins of one width, quantile:5, or edges 0,100,500."
)
@click.option("--target-transform", metavar="HOW", help="Judge models of the log or sqrt of a quantity too.")
@click.option("--test-size", type=float, default=0.2, show_default=True, help="Share set apart for the one test.")
@click.option("--seed", type=int, default=42, show_default=True, help="Of everything random.")
@click.option("--no-group-duplicates", is_flag=True, help="Let equal instances stand on both sides of a split.")
@click.option("--stream", is_flag=True,
              help="Read a table in batches, as is done unasked where it does not fit in memory.")  # fmt: skip
@click.option("--learning-curve", is_flag=True, help="Then find out whether more data would help (takes fits).")
@click.option("--out", type=click.Path(path_type=Path), help="The run folder (default: runs/NAME).")
@click.option("--private", is_flag=True, help="Write the name of the source only, not the path as it was given.")
@click.option("--columns", metavar="FILE", help="Roles of columns, as tenfold data roles SOURCE writes them.")
@worker_options
@click.option("--quiet", is_flag=True, help="Print the result only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, nothing else.")
def command(
    source: str,
    learning_curve: bool,
    out: Path | None,
    jobs: int | None,
    engine: str,
    own: str | None,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """
    Judge candidates on SOURCE out of fold, choose, fit, test once, and leave a run folder.

    SOURCE is a name (digits, mnist, fashion_mnist), a path (IDX files, .npz, .csv, .parquet, a folder of
    .parquet files or of class folders of images), or the config.toml of an earlier run, which is then repeated.
    A table that does not fit in memory is streamed.

    --models takes your own classifiers too, as module:object: a scikit-learn classifier, its class, or a function of
    that module that gives one; the module is looked for among the installed ones, then in the working folder. A
    config.toml that names one is repeated with --own module:object beside it.
    """
    from tenfold.cluster.address import LOCAL
    from tenfold.folds.start import spare_workers, worker_count
    from tenfold.memory import loading_libraries
    from tenfold.storage import refuse_if_held

    if out is not None:
        refuse_if_held(out)
    config = _config(source, options)
    cores = 0 if config.stream or engine != LOCAL else worker_count(jobs)
    # They are ended with the command.
    click.get_current_context().with_resource(spare_workers(cores))
    # Only here: scikit-learn is loaded while spare workers load theirs.
    with loading_libraries():
        from tenfold.analysis.studies.study import study
        from tenfold.data.streamed.memory_budget import to_stream
        from tenfold.errors import TenfoldError, UsageError
        from tenfold.line.entry import execute
        from tenfold.record.analysis import LEARNING
        from tenfold.record.folder import default_folder
        from tenfold.record.source import load_source
        from tenfold.show import write_report

    trusted = _trusted(source, config, names_in(own))
    if learning_curve and to_stream(config.source, requested=config.stream) is not None:
        what = "--learning-curve needs all rows in memory at once"
        raise UsageError(what, where=config.source, do="leave it out, or give a part of the table")
    folder = out or default_folder(config, Path(config.source).name.split(".")[0] or "run")
    with RunProgress(silent=quiet or as_json) as progress:
        run = execute(
            config,
            folder,
            load_source,
            write_report,
            listener=progress.listener,
            trusted=trusted,
            cores=jobs,
            engine=engine,
        )
    fault: TenfoldError | None = None
    if learning_curve:
        tell = (lambda line: None) if quiet or as_json else progress_line
        try:
            write_report(run.path, study(run, [LEARNING], tell, trusted))
        except TenfoldError as refused:  # the run is finished all the same, and says so first
            fault = refused
    if as_json:
        from tenfold.cli.outputs import RunOutput

        print_record(RunOutput(str(folder), run.record.metrics))
    else:
        show_run(run)
    if fault is not None:
        raise fault
    return _FAILED_PARTS if run.record.metrics.failed else 0


def _config(source: str, options: dict[str, Any]) -> RunConfig:
    """The request in words of a config; of a config.toml, that file's (options beside it are refused)."""
    from tenfold.record.config import RunConfig, read_config
    from tenfold.record.source import at_hand

    if source.endswith(".toml"):
        refuse_beside_config(source, _BESIDE_CONFIG)
        return at_hand(read_config(Path(source)), Path(source))
    if options["labels"] is not None:
        from tenfold.data.label_definitions.definitions import definitions_text

        options["labels"] = definitions_text(options["labels"])
    if options["columns"] is not None:
        from tenfold.data.roles.file import read_columns

        options["columns"] = read_columns(Path(options["columns"]))
    models, group = options.pop("models"), not options.pop("no_group_duplicates")
    return RunConfig(source=source, models=names_in(models) or None, group_duplicates=group, **options)


def _trusted(source: str, config: RunConfig, own: tuple[str, ...]) -> frozenset[str]:
    """The code that may run: what --models names, or of a config.toml what --own names too."""
    import shlex

    from tenfold.candidates.catalogue import own_names
    from tenfold.errors import UsageError

    named = own_names(config.models or ())
    if not source.endswith(".toml"):
        if own:
            raise UsageError("--own goes with a config.toml", do=f"give --models {shown(','.join(own))}")
        return named
    for name in sorted(named - set(own)):
        command = shlex.join(["tenfold", "run", source, "--own", ",".join(sorted(named))])
        raise UsageError(f"its candidate '{name}' is code, and no file has code run here", where=source,
                         do=f"if it is yours: {command}")  # fmt: skip
    for name in sorted(set(own) - named):
        raise UsageError(f"it names no candidate '{shown(name)}'", where=source, do="leave out --own")
    return named


def show_run(run: Run) -> None:
    """Print a finished run: verdict, leader board, choice, warnings, where the report is, the next command."""
    from tenfold.record.augmentation import augmentation_sentence
    from tenfold.record.words.caveats import caveats, further_warnings, verdict
    from tenfold.record.words.choice import choice_words
    from tenfold.record.words.filtering import FILTER_HEAD, filter_rows
    from tenfold.record.words.prior import prior_sentence
    from tenfold.record.words.proposal import PROPOSED_COST, PROPOSED_RULE, proposal_sentence
    from tenfold.record.words.shuffled import shuffled_sentence
    from tenfold.record.words.tuning import tuning_sentences
    from tenfold.record.words.verdict import board_rows
    from tenfold.text import shown

    metrics = run.record.metrics
    print_paragraph(verdict(metrics), strong=True)
    if beside := shuffled_sentence(metrics):
        print_paragraph(beside)
    if shifted := prior_sentence(metrics):
        print_paragraph(shifted)
    echo()
    print_table(board_rows(metrics), right=(1, 2, 3))
    if filtering := filter_rows(metrics, run.record.manifest.data.kind):
        echo()
        print_table([FILTER_HEAD, *filtering], right=(1, 2, 3, 4))
    if why := choice_words(metrics):
        echo()
        print_paragraph(f"{shown(run.chosen, 40)} was chosen: {why}.")
    if proposed := proposal_sentence(metrics):
        echo()
        print_paragraph(proposed)
        echo(f"Decide so, or by what a miss costs:\n  tenfold decide {run.path} {PROPOSED_RULE}")
        echo(f'  tenfold decide {run.path} "{PROPOSED_COST}"')
    for sentence in tuning_sentences(metrics):
        echo(f"\n{sentence}")
    if augmented := augmentation_sentence(metrics):
        echo()
        print_paragraph(augmented)
    warnings = further_warnings(metrics)
    if warnings:
        echo(f"\n{len(warnings)} thing{'s' if len(warnings) > 1 else ''} to know:")
        print_list(warnings)
    echo(f"\nReport:  {run.folder.report}")
    more = [one.more for one in caveats(metrics) if one.more]
    for paragraph in more:
        print_paragraph(paragraph)
    if more:
        return
    next_step = "denoise {} IN.png --out CLEAN.png" if metrics.restoration is not None else "predict {} INPUT"
    echo(f"Next:    tenfold {next_step.format(run.path)}")
