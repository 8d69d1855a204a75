"""How the run was made, and how it can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tenfold.record.entries.manifest import FindingRecord
from tenfold.record.source import spoken_source
from tenfold.show.content import Content
from tenfold.show.words import amount
from tenfold.text import shown

__all__ = [
    "INTERVAL",
    "OUT_OF_FOLD",
    "Finding",
    "Note",
    "Provenance",
    "ProvenanceWords",
    "Step",
    "data_step",
    "fingerprint_step",
    "finished_step",
    "provenance_view",
    "test_note",
    "test_step",
    "version_steps",
]

OUT_OF_FOLD, INTERVAL = "note-out-of-fold", "note-interval"
"""Ids of the notes that the top of the page refers to."""


@dataclass(frozen=True)
class Step:
    """One fact about the making; `plain` is False where it is best read in monospace."""

    name: str
    text: str
    plain: bool = True


@dataclass(frozen=True)
class Finding:
    """What the check of the data found: how grave it is, and a sentence."""

    level: str
    sentence: str


@dataclass(frozen=True)
class Note:
    """A word used on the page and what it means; `id` is what marks in the text lead to."""

    term: str
    text: str
    id: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from; `findings` is None where the data were not checked."""

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] | None
    seconds: tuple[tuple[str, str], ...]
    repeat: str
    commands: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class ProvenanceWords:
    """
    How a task says how a run was made.

    Parameters
    ----------
    steps, commands, notes : callable
    checked : bool
        Whether the data were checked.
    verb : str
        Of the command that makes the run again.
    """

    steps: Callable[[Content], Iterator[Step]]
    commands: Callable[[Content], tuple[tuple[str, str], ...]]
    notes: Callable[[Content], tuple[Note, ...]]
    checked: bool = True
    verb: str = "run"


def provenance_view(content: Content, words: ProvenanceWords) -> Provenance:
    """Return where the figures come from."""
    manifest = content.manifest
    return Provenance(
        steps=tuple(words.steps(content)),
        findings=tuple(map(_finding, manifest.findings)) if words.checked else None,
        seconds=tuple((shown(stage, 40), amount(seconds, "s")) for stage, seconds in manifest.seconds.items()),
        repeat=content.repeat(words.verb),
        commands=words.commands(content),
        notes=words.notes(content),
    )


def _finding(finding: FindingRecord) -> Finding:
    return Finding(shown(finding.level, 20), shown(finding.sentence or finding.what, 400))


def data_step(content: Content, size: str = "") -> Step:
    """Return what the data are and where they come from; `size` stands behind the number of instances."""
    data = content.data
    source = shown(spoken_source(data.source), 120)
    rows = f"{data.rows:,} {content.noun(data.rows)}{size}"
    return Step("Data", f"{shown(data.name, 60)}: {rows} from {source}")


def fingerprint_step(content: Content) -> Step:
    """Return the fingerprint of the data."""
    return Step("Fingerprint", f"SHA-256 {shown(content.data.fingerprint, 80)}", plain=False)


def test_step(content: Content) -> Step:
    """Return how many instances were set apart, how, and how often they were looked at."""
    test = content.manifest.test
    opened = "opened once" if test.openings == 1 else f"opened {test.openings} times"
    rows = f"{test.rows:,} {content.noun(test.rows)}"
    return Step("Set apart", f"{rows} for the test ({shown(test.how, 120)}), {opened}")


def version_steps(content: Content) -> Iterator[Step]:
    """Yield the versions of what computed the figures, and the machine."""
    versions = content.manifest.versions.items()
    yield Step("Versions", ", ".join(f"{shown(name, 30)} {shown(one, 20)}" for name, one in versions))
    machine = content.manifest.machine
    cores = f"{machine.cores} cores, {shown(machine.processor, 20)}"
    yield Step("Machine", f"{shown(machine.system, 80)}, {cores}")


def finished_step(content: Content) -> Step:
    """Return when the run was finished."""
    return Step("Finished", shown(content.manifest.finished, 40).replace("T", " "))


def test_note(content: Content) -> Note:
    """Return what a test set is."""
    return Note(
        "Test set",
        f"{content.noun()} set apart before anything was trained and looked at only at the end. Each look is counted, "
        "for a test set that is looked at often becomes a training set.",
    )
