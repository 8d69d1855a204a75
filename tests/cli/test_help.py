"""What the command line says about itself."""

import click
import pytest

from tenfold.cli.app import command


def commands(group, names=("tenfold",)):
    yield names, group
    if isinstance(group, click.Group):
        for name, one in group.commands.items():
            yield from commands(one, (*names, name))


def help_of(names, one):
    context = None
    for name in names:
        context = click.Context(
            one if name == names[-1] else command, parent=context, info_name=name, terminal_width=80
        )
    return one.get_help(context)


@pytest.mark.parametrize(("names", "one"), list(commands(command)), ids=lambda value: str(value))
def test_help_fits_a_terminal_and_no_line_of_it_is_cut(names, one):
    told = help_of(names, one)
    assert max(map(len, told.splitlines())) <= 80
    assert "…" not in told.partition("Commands:")[2]
    assert "..." not in told.partition("\n")[2]


def test_verbs_are_listed_in_the_order_they_are_needed_in():
    listed = [line.split()[0] for line in help_of(("tenfold",), command).partition("Commands:\n")[2].splitlines()]
    assert listed[0] == "run"
    assert sorted(listed) == sorted(command.commands)
