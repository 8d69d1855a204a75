"""What ``--json`` prints, command by command, as types, and the JSON Schemas that are shipped of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenfold.ask.comparison.quantities import QuantityComparison
from tenfold.ask.errors.quantities import FarRow, QuantityOverview
from tenfold.ask.errors.summary import LabelOverview, Overview
from tenfold.ask.evaluate import EvaluateOutput
from tenfold.ask.words.records import RowEvidence, WordsOfClasses
from tenfold.data.checks import Description, Finding
from tenfold.figures import Difference, Estimate
from tenfold.record.entries.json_schema import json_schema
from tenfold.record.entries.manifest import Manifest
from tenfold.record.entries.metrics import Metrics
from tenfold.record.entries.typed_json import FLAT
from tenfold.record.listing import ListedRun

__all__ = [
    "OUTPUTS",
    "CellEntry",
    "CellsOutput",
    "CheckOutput",
    "CompareOutput",
    "ComparisonEntry",
    "DenoisedOutput",
    "EvaluateOutput",
    "FirstOutput",
    "ModelsOutput",
    "ReportOutput",
    "ReproduceOutput",
    "RunOutput",
    "RunsOutput",
    "SourcesOutput",
    "generated_schemas",
    "write_schemas",
]

Instances = tuple[Mapping[str, Any], ...]
"""Rows of a table: the columns of the file of predictions, ``sureness``, and of a table ``column:<name>``."""


@dataclass(frozen=True)
class RunOutput:
    """``tenfold run --json`` and ``tenfold denoise SOURCE --json``: the run folder, and its figures."""

    run: str
    metrics: Metrics = field(metadata=FLAT)


@dataclass(frozen=True)
class ReportOutput:
    """``tenfold report --format json``: what the page says, and the figures."""

    schema: int
    report: Mapping[str, Any]
    metrics: Metrics


@dataclass(frozen=True)
class CleanedImage:
    """An image, and the file of its restored form."""

    image: str
    out: str


@dataclass(frozen=True)
class DenoisedOutput:
    """``tenfold denoise MODEL IMAGES --json``: what was restored."""

    cleaned: tuple[CleanedImage, ...]


@dataclass(frozen=True)
class ComparisonEntry:
    """A second candidate against a first one, on the rows that both predicted."""

    first: str
    second: str
    n: int
    left_out: tuple[int, ...]
    fixed: int
    broken: int
    both_wrong: int
    accuracy: Difference
    metric: str
    difference: Difference | None
    test: str
    p_value: float
    p_adjusted: float


@dataclass(frozen=True)
class CompareOutput:
    """``tenfold compare --json``: every run against every one before it."""

    comparisons: tuple[ComparisonEntry, ...]


@dataclass(frozen=True)
class QuantityComparisonEntry:
    """A second regressor against a first one, on the rows that both predicted."""

    first: str
    second: str
    n: int
    left_out: tuple[int, ...]
    metric: str
    of_first: Estimate
    of_second: Estimate
    difference: Difference | None
    closer: Estimate

    @staticmethod
    def of(one: QuantityComparison) -> QuantityComparisonEntry:
        """Return the figures of a comparison, without its rows."""
        return QuantityComparisonEntry(
            one.first,
            one.second,
            one.n,
            one.left_out,
            one.metric,
            one.of_first,
            one.of_second,
            one.difference,
            one.closer,
        )


@dataclass(frozen=True)
class CompareQuantitiesOutput:
    """``tenfold compare --json`` of runs that predict quantities."""

    comparisons: tuple[QuantityComparisonEntry, ...]


@dataclass(frozen=True)
class CellEntry:
    """The instances of one cell of the confusion matrix, the surest first."""

    actual: str
    predicted: str
    count: int
    instances: Instances


@dataclass(frozen=True)
class CellsOutput:
    """``tenfold errors --actual A --predicted B --json``."""

    cells: tuple[CellEntry, ...]


@dataclass(frozen=True)
class FirstOutput:
    """``tenfold errors --list KIND --json``."""

    list: str
    instances: Instances


@dataclass(frozen=True)
class RunsOutput:
    """``tenfold runs --json``."""

    runs: tuple[ListedRun, ...]


@dataclass(frozen=True)
class SourceEntry:
    """A named source, and where it is."""

    name: str
    summary: str
    where: str


@dataclass(frozen=True)
class SourcesOutput:
    """``tenfold data list --json``."""

    sources: tuple[SourceEntry, ...]


@dataclass(frozen=True)
class CheckOutput:
    """``tenfold data check --json``."""

    source: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ModelEntry:
    """A classifier of the catalogue; modifiers as in ``NAME:MODIFIER``."""

    name: str
    summary: str
    good_for: str
    cost: str
    modifiers: Mapping[str, str]


@dataclass(frozen=True)
class NamedEntry:
    """A denoiser, or a classifier for tables larger than memory."""

    name: str
    summary: str


@dataclass(frozen=True)
class ModelsOutput:
    """``tenfold models --json``."""

    models: tuple[ModelEntry, ...]
    regressors: tuple[ModelEntry, ...]
    denoisers: tuple[NamedEntry, ...]
    streamed: tuple[NamedEntry, ...]
    streamed_regressors: tuple[NamedEntry, ...]


@dataclass(frozen=True)
class ReferenceEntry:
    """A reference figure, and the one computed here."""

    name: str
    expected: float
    computed: float
    difference: float
    tolerance: float
    source: str
    passed: bool


@dataclass(frozen=True)
class ReproduceOutput:
    """``tenfold reproduce --json``."""

    figures: tuple[ReferenceEntry, ...]
    passed: bool


OUTPUTS: Mapping[str, Any] = {
    "run": RunOutput,
    "denoise": DenoisedOutput,
    "report": ReportOutput,
    "errors": Overview,
    "errors_labels": LabelOverview,
    "errors_cells": CellsOutput,
    "errors_list": FirstOutput,
    "errors_quantities": QuantityOverview,
    "errors_quantity_row": FarRow,
    "errors_row": RowEvidence,
    "errors_words": WordsOfClasses,
    "compare": CompareOutput,
    "compare_quantities": CompareQuantitiesOutput,
    "evaluate": EvaluateOutput,
    "runs": RunsOutput,
    "data_list": SourcesOutput,
    "data_show": Description,
    "data_check": CheckOutput,
    "models": ModelsOutput,
    "reproduce": ReproduceOutput,
}
"""Name of the schema -> type."""

_RECORD = Path(__file__).parents[1] / "record" / "entries" / "schemas"
_OUTPUT = Path(__file__).parent / "schemas"
_PROGRAM = Path(__file__).parents[1] / "program" / "schemas" / "program.json"


def generated_schemas() -> dict[Path, dict[str, Any]]:
    """Return every schema by the file that it is shipped in."""
    # Only here: it imports every operation.
    from tenfold.program.description_schema import program_schema
    from tenfold.program.files import VERSION

    files = {"metrics": Metrics, "manifest": Manifest}
    return {
        **{_RECORD / f"{name}.json": json_schema(kind, f"{name}.json") for name, kind in files.items()},
        **{_OUTPUT / f"{name}.json": json_schema(kind, _title(name)) for name, kind in OUTPUTS.items()},
        _PROGRAM: program_schema(VERSION),
    }


def write_schemas() -> None:
    """Write the schemas anew, after a type has changed: ``python -m tenfold.cli.outputs``."""
    for path, schema in generated_schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _title(name: str) -> str:
    return f"tenfold {name.replace('_', ' ')} --json"


if __name__ == "__main__":
    write_schemas()
