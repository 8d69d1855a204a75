"""``tenfold data``: which sources there are, what is in one, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tenfold.cli.terminal import print_json, print_table

if TYPE_CHECKING:
    pass

__all__ = ["command"]


@click.group("data")
def command() -> None:
    """List the known sources, show one, or check it for what is wrong."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_sources(as_json: bool) -> None:
    """List the sources that have a name, and the forms of files that can be read."""
    from tenfold.sources.catalogue import known_sources

    found = known_sources()
    if as_json:
        print_json({"sources": [source.as_dict() for source in found]})
        return
    print_table([("name", "what it is", "where it is"), *(source.cells() for source in found)])
