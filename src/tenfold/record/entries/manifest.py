"""``manifest.json``: where the figures of a run come from; one type, one reader, one writer."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tenfold.data.checks import Finding
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import OpenedTest, SealedTest
from tenfold.data.roles.role import ColumnRole
from tenfold.record.entries.typed_json import REST, plain_record, read_record
from tenfold.record.reading import SCHEMA, read_run_json
from tenfold.storage import write_json
from tenfold.version import library_versions

__all__ = [
    "DataRecord",
    "EarlierDecision",
    "FinalModelRows",
    "FindingRecord",
    "Machine",
    "Manifest",
    "NoiseRecord",
    "StreamedRecord",
    "TestPart",
    "manifest_of",
    "read_manifest",
    "this_machine",
    "write_manifest",
]


@dataclass(frozen=True, kw_only=True)
class DataRecord:
    """
    The data of a run.

    Parameters
    ----------
    name, kind, source : str
    rows : int
    fingerprint : str
        SHA-256 of everything that decides the figures.
    image_shape : tuple of int or None
        Of images.
    columns, target : tuple of str
        Feature and label columns; a streamed run may name no target.
    notes : tuple of str
        What the reader of the source has told.
    """

    name: str
    kind: str
    source: str
    rows: int
    fingerprint: str
    image_shape: tuple[int, ...] | None
    columns: tuple[str, ...]
    target: tuple[str | None, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, data: Dataset, source: str) -> DataRecord:
        """Return the record of a dataset in memory, read from a source."""
        return cls(
            name=data.name,
            kind=data.kind,
            source=source,
            rows=len(data),
            fingerprint=data.fingerprint,
            image_shape=data.image_shape,
            columns=tuple(data.feature_names),
            target=tuple(data.target_names),
            notes=tuple(data.notes),
        )


@dataclass(frozen=True)
class NoiseRecord:
    """The noise that was put on images: as it was asked for, and in words."""

    text: str
    words: str


@dataclass(frozen=True)
class FinalModelRows:
    """How many rows the saved model of a streamed run was fitted on, of how many, and how often it met each."""

    rows: int
    of: int
    passes: int


@dataclass(frozen=True)
class StreamedRecord:
    """What a streamed run read: files, bytes, and the rows of the saved model."""

    parts: int
    bytes: int
    final_model: FinalModelRows


@dataclass(frozen=True)
class TestPart:
    """
    The test part.

    Parameters
    ----------
    rows : int
    how : str
        How it was drawn, in words.
    key, instances : str
        Digests of the draw and of the instances.
    openings : int
    """

    __test__ = False

    rows: int
    how: str
    key: str
    instances: str
    openings: int


@dataclass(frozen=True)
class FindingRecord:
    """A finding of a check of the data, as `Finding`, and as a sentence."""

    level: Literal["fatal", "warning", "note"]
    code: str
    what: str
    rows: tuple[int, ...]
    count: int
    column: str | None
    do: str
    sentence: str

    @classmethod
    def of(cls, finding: Finding) -> FindingRecord:
        """Return the record of a finding."""
        return cls(
            finding.level,
            finding.code,
            finding.what,
            finding.rows,
            finding.count,
            finding.column,
            finding.do,
            finding.sentence,
        )


@dataclass(frozen=True)
class Machine:
    """The machine that a run was made on."""

    system: str
    processor: str
    cores: int | None


@dataclass(frozen=True)
class EarlierDecision:
    """A decision that was in force before ``tenfold decide``, and how often the test part had been opened by then."""

    rule: str
    threshold: float | None
    openings: int
    thresholds: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """
    Content of ``manifest.json``, schema 1, in the order of its entries.

    Parameters
    ----------
    schema : int
    run : str
        Name of the folder.
    finished : str
        Moment, UTC, ISO 8601.
    asked, config : mapping of str to object
        The config as it was asked for, and with everything that Tenfold chose.
    data : DataRecord
    noise : NoiseRecord or None
        Of a run that restored images.
    streamed : StreamedRecord or None
        Of a streamed run.
    training_rows : int
    judged_rows : int or None
        Where fewer than the training rows were judged, of images.
    test : TestPart
    columns_unused : tuple of str
    roles : tuple of ColumnRole
        What each column of a table is, and why; empty of other kinds, and of runs made before columns had roles.
    findings : tuple of FindingRecord
    own_sources : mapping of str to str
        Of each classifier of the user's own, the digest of its source.
    versions : mapping of str to str
        Of the libraries.
    machine : Machine
    engine : str or None
        ``local`` or ``dask``; None where images were restored.
    seconds : mapping of str to float
        Of each stage.
    previous_decisions : tuple of EarlierDecision
        The oldest first.
    more : mapping of str to object
        Entries that this version does not know.
    """

    schema: int = SCHEMA
    run: str
    finished: str
    asked: Mapping[str, Any]
    config: Mapping[str, Any]
    data: DataRecord
    noise: NoiseRecord | None = None
    streamed: StreamedRecord | None = None
    training_rows: int
    judged_rows: int | None = None
    test: TestPart
    columns_unused: tuple[str, ...]
    roles: tuple[ColumnRole, ...] = ()
    findings: tuple[FindingRecord, ...]
    own_sources: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str]
    machine: Machine
    engine: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)
    seconds: Mapping[str, float]
    previous_decisions: tuple[EarlierDecision, ...] = ()

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], where: str | Path | None = None) -> Manifest:
        """
        Read what `as_dict` gave.

        Raises
        ------
        DataError
            An entry is missing or of another type; the message names it.
        """
        return read_record(cls, content, where)

    def as_dict(self) -> dict[str, Any]:
        """Return the content of the file as plain values."""
        return plain_record(self)


def read_manifest(path: Path) -> Manifest:
    """
    Read ``manifest.json``.

    Raises
    ------
    DataError
        The file is damaged, or of a newer version; the message names the entry.
    """
    return Manifest.from_dict(read_run_json(path), path)


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write ``manifest.json`` whole or not at all."""
    write_json(path, manifest.as_dict())


def this_machine() -> Machine:
    """Return the machine of this process."""
    return Machine(platform.platform(), platform.machine(), os.cpu_count())


def manifest_of(
    run: str,
    *,
    asked: Mapping[str, Any],
    config: Mapping[str, Any],
    data: DataRecord,
    training_rows: int,
    test: SealedTest[Any],
    opened: OpenedTest[Any],
    seconds: Mapping[str, float],
    columns_unused: Sequence[str] = (),
    roles: Sequence[ColumnRole] = (),
    findings: Sequence[Finding] = (),
    own_sources: Mapping[str, str] | None = None,
    engine: str | None = None,
    noise: NoiseRecord | None = None,
    streamed: StreamedRecord | None = None,
    judged_rows: int | None = None,
) -> Manifest:
    """
    Return the manifest of a run that ends now, on this machine, with the libraries of this process.

    Parameters
    ----------
    run : str
        Name of the folder.
    asked, config, data, training_rows, columns_unused, roles, own_sources, engine, noise, streamed, judged_rows
        As in `Manifest`.
    test : SealedTest
    opened : OpenedTest
        The same test part after it was opened.
    seconds : mapping of str to float
        Of each stage; written to the millisecond.
    findings : sequence of Finding
    """
    return Manifest(
        run=run,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        asked=dict(asked),
        config=dict(config),
        data=data,
        noise=noise,
        streamed=streamed,
        training_rows=training_rows,
        judged_rows=judged_rows,
        test=TestPart(len(test), test.how, test.key, test.ids_digest, opened.openings.count),
        columns_unused=tuple(columns_unused),
        roles=tuple(roles),
        findings=tuple(FindingRecord.of(finding) for finding in findings),
        own_sources=dict(own_sources or {}),
        versions=library_versions(),
        machine=this_machine(),
        engine=engine,
        seconds={stage: round(taken, 3) for stage, taken in seconds.items()},
    )
