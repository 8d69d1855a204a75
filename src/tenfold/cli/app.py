"""The command ``tenfold``: its verbs, and how whatever is refused becomes one line and an exit code."""

from __future__ import annotations

import signal
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

import click

from tenfold.child import leave_working_folder
from tenfold.cli.signals import EndedBySignal, Ending, ending_by_signals
from tenfold.cli.verbs import (
    compare,
    convert,
    data,
    decide,
    denoise,
    errors,
    evaluate,
    models,
    predict,
    report,
    reproduce,
    run,
    runs,
    verify,
)
from tenfold.errors import TenfoldError
from tenfold.output import echo, guarded
from tenfold.text import near, shown
from tenfold.version import __version__

__all__ = ["command", "main"]


class _Verbs(click.Group):
    """A group that lists its verbs in the order they are needed in, and suggests the nearest one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(f"no command '{shown(args[0])}'.{near(args[0], self.commands)} See tenfold --help")
        return super().resolve_command(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="tenfold")
@click.option("--debug", is_flag=True, help="Show the traceback of whatever goes wrong.")
def command(debug: bool) -> None:
    """
    Turn labelled data into a classifier you can trust.

    Start with:  tenfold run digits

    Exit codes: 0 ok, 1 a check failed, 2 usage, 3 data refused, 4 over a limit, 5 storage, 6 busy,
    7 finished with failed parts or engine lost, 8 model refused, 129/130/143 ended by a signal.
    """


_VERBS = (
    *(run, denoise, report, runs, errors, compare, decide, predict, evaluate),
    *(verify, convert, data, models, reproduce),
)

for _module in _VERBS:
    command.add_command(_module.command)


def main(words: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with the code of what happened."""
    program = words is None
    if program:
        leave_working_folder()
    words = list(sys.argv[1:] if words is None else words)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    with guarded(), ending_by_signals(for_good=program) as ending:
        code = _code(words, debug, ending)
    sys.exit(code)


def _code(words: list[str], debug: bool, ending: Ending) -> int:
    try:
        return _code_unless_ended(words, debug, ending)
    except EndedBySignal:
        return _ended(ending)


def _code_unless_ended(words: list[str], debug: bool, ending: Ending) -> int:
    try:
        returned = command.main(words, prog_name="tenfold", standalone_mode=False)
        return returned if isinstance(returned, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as fault:
        verb = f" See {fault.ctx.command_path} --help." if fault.ctx else ""
        return _refused(f"{fault.format_message().rstrip('.')}.{verb}", 2)
    except click.Abort:  # what click makes of a KeyboardInterrupt that anything but a signal raised
        return _ended(ending)
    except BrokenPipeError:
        sys.stderr.close()
        return 0 if ending.number is None else ending.exit_code
    except Exception as fault:  # noqa: BLE001 (whatever goes wrong becomes one line and an exit code)
        if ending.number is not None:  # what a terminal that is gone makes of the last lines, for one
            return _ended(ending)
        if debug:
            return _traceback(fault)
        if isinstance(fault, TenfoldError):
            return _refused(str(fault), fault.exit_code)
        return _refused(f"Unexpected {type(fault).__name__}: {shown(fault, 200)}. Do: run again with --debug.", 1)


def _ended(ending: Ending) -> int:
    word = "Interrupted" if ending.exit_code == 128 + signal.SIGINT else "Terminated"
    with suppress(OSError):  # a terminal that has hung up reads nothing
        _refused(f"{word}. What was finished is kept: give the same command again to go on.", ending.exit_code)
    return ending.exit_code


def _refused(line: str, code: int) -> int:
    echo(f"tenfold: {line}", err=True)
    return code


def _traceback(fault: Exception) -> int:
    echo("".join(traceback.format_exception(fault)), err=True, nl=False)
    return fault.exit_code if isinstance(fault, TenfoldError) else 1
