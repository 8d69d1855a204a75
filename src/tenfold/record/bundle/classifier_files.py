"""A classifier as files: the entries of its manifest, its pipeline by a codec, its golden rows as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from tenfold.data.kinds.kind import Schema, find_kind
from tenfold.data.kinds.rows import spread_rows
from tenfold.decision.decision import Decision
from tenfold.program.limits import JSON_BYTES, read_json
from tenfold.program.program import Program
from tenfold.program.refusal import demand
from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.codecs.registry import codec_endings, codec_named, codec_of_file
from tenfold.record.bundle.golden import GOLDEN_ROWS, Golden, compare, golden_from_dict, golden_rows
from tenfold.record.bundle.manifest import (
    CLASSIFIER,
    LIBRARIES,
    MANIFEST,
    Member,
    find_bundle,
    format_of,
    now,
    read_manifest,
)
from tenfold.record.bundle.store import (
    Contents,
    File,
    LoadedModel,
    Verification,
    load_checked,
    rewrite,
    save_model,
    verify_model,
)
from tenfold.record.bundle.task_rules import (
    check_classes,
    check_decision,
    check_difficulty,
    check_target_range,
    read_task,
    refuse_unencodable,
)
from tenfold.storage import storage_faults
from tenfold.task import Task

__all__ = [
    "FORMAT",
    "PROOF_ROWS",
    "ClassifierEntries",
    "ClassifierFormat",
    "load",
    "load_classifier",
    "load_program",
    "replace_decision",
    "save",
    "verify",
]


PROOF_ROWS = 1_000
"""Rows on which a program and the pipeline that it was made of have to agree before it is kept."""


@dataclass(frozen=True, eq=False)
class ClassifierEntries:
    """
    What the manifest of a classifier says of it.

    Parameters
    ----------
    task : Task
    decision : Decision
        In force.
    probabilities : bool
        Its scores are probabilities.
    schema : Schema
    provenance : mapping
    """

    task: Task
    decision: Decision
    probabilities: bool
    schema: Schema
    provenance: Mapping[str, Any]


class ClassifierFormat:
    """
    The format ``tenfold-bundle``; see `ModelFormat`.

    Parameters
    ----------
    codec : str
        That a pipeline is written with; one is read by whatever codec its file's ending names.
    """

    name = CLASSIFIER
    keys = frozenset({"task", "decision", "scores", "input", "previous_decisions"})

    def __init__(self, codec: str = "program") -> None:
        self._codec = codec_named(codec)

    @property
    def libraries(self) -> Collection[str]:
        """A program depends on NumPy alone."""
        return ("numpy",) if self._codec.name == "program" else LIBRARIES

    @property
    def roles(self) -> Mapping[str, tuple[str, ...]]:
        """The pipeline, by any codec, and the golden rows."""
        return {"pipeline": codec_endings(), "golden": ("json",)}

    def encode(self, model: Classifier, golden: Any) -> tuple[dict[str, Any], dict[str, File]]:
        """Return the entries of the manifest, and the two files."""
        refuse_unencodable(model.task)
        pipeline = File(self._codec.ending, self._codec.encode(model.model))
        entries = {
            "task": model.task.as_dict(),
            "decision": model.decision.as_dict(),
            "scores": {"probabilities": model.probabilities, "names": list(model.task.score_names)},
            "input": model.schema.as_dict(),
            "provenance": dict(model.provenance),
            "previous_decisions": [],
        }
        return entries, {"pipeline": pipeline, "golden": golden_file(golden_rows(model, golden), model.schema)}

    def read(self, content: Mapping[str, Any]) -> ClassifierEntries:
        """Return task, decision and schema of a manifest, or refuse what contradicts itself."""
        task, scores, past = read_task(content.get("task")), content["scores"], content["previous_decisions"]
        names = scores["names"]
        demand(
            names == list(task.score_names), f"score names {names} do not fit the classes {list(task.classes)}"[:300]
        )
        demand(type(scores["probabilities"]) is bool, "it does not say whether its scores are probabilities")
        demand(isinstance(content["decision"], dict), "it has no decision")
        demand(isinstance(past, list) and all(isinstance(one, dict) for one in past), "its past decisions are none")
        decision = Decision.from_dict(content["decision"])
        check_decision(decision, task)
        check_target_range(content["provenance"], task)
        schema = find_kind(content["input"]["kind"]).read_schema(content["input"])
        return ClassifierEntries(task, decision, scores["probabilities"], schema, content["provenance"])

    def check(
        self, entries: ClassifierEntries, members: Mapping[str, Member], files: Mapping[str, BinaryIO]
    ) -> Contents:
        """Read the golden rows, and judge the pipeline by the codec that its ending names."""
        demand(members["golden"].bytes <= JSON_BYTES, "its golden rows are over the limit")
        plain = read_json(files["golden"].read(), members["golden"].file)
        golden = golden_from_dict(plain, entries.schema)
        codec = codec_of_file(members["pipeline"].file)
        return Contents(codec.check(files["pipeline"]), codec, golden)

    def build(self, entries: ClassifierEntries, contents: Contents) -> Classifier:
        """Build the pipeline, and with it the classifier."""
        model = contents.codec.build(contents.model)
        check_classes(model, entries.task)
        check_difficulty(model, entries.decision)
        return Classifier(
            model, entries.task, entries.decision, entries.probabilities, entries.schema, entries.provenance
        )

    def compare(self, model: Classifier, contents: Contents) -> bool:
        """Refuse a classifier that predicts its golden rows otherwise than it did."""
        return compare(contents.golden, model, contents.tolerance)

    def summary(self, contents: Contents, *, bit_equal: bool) -> tuple[str, str]:
        """Return the words of a verification."""
        most = f"{contents.tolerance.relative:.0e}".replace("e-0", "e-")
        return "task, schema", f"same classes, scores equal {'bit for bit' if bit_equal else f'within {most}'}"


FORMAT = ClassifierFormat()


def golden_file(golden: Golden, schema: Schema) -> File:
    """Return golden rows as a file: ASCII alone, since JSON has escapes for what UTF-8 has no bytes for."""
    return File("json", json.dumps(golden.as_dict(schema), allow_nan=False).encode("ascii"))


def save(
    classifier: Classifier, folder: Path, *, golden: Any, rows: int = GOLDEN_ROWS, codec: str | None = None
) -> None:
    """
    Write a classifier into a folder, whole or not at all; an older one there is replaced.

    A fitted pipeline is written as a program of arrays wherever one can be made of it and predicts the same for up to
    1,000 of the instances; else as scikit-learn objects, by skops.

    Parameters
    ----------
    classifier : Classifier
    folder : Path
        The model folder, such as ``runs/x/model``; made if missing.
    golden : instances of its kind of data, such as ndarray of uint8 or DataFrame
        Instances of which a few are kept with their predictions, to be predicted again at every load.
    rows : int
        How many are kept.
    codec : str, optional
        Name of a registered codec that its pipeline is written with as it is.

    Raises
    ------
    ModelError
        A program predicts otherwise than the pipeline it was made of, the pipeline holds a type that is not on
        Tenfold's list, or the folder holds something else.
    StorageError
        It cannot be written.
    """
    if codec is None:
        classifier, codec = _as_kept(classifier, _some_rows(classifier, golden))
    save_model(classifier, folder, ClassifierFormat(codec), classifier.schema.few_rows(golden, rows))


def _some_rows(classifier: Classifier, X: Any) -> Any:
    """Up to 1,000 of some instances, evenly spread."""
    kind = find_kind(classifier.schema.as_dict()["kind"])
    return kind.take(X, spread_rows(int(X.shape[0]), PROOF_ROWS))


def _as_kept(classifier: Classifier, rows: Any) -> tuple[Classifier, str]:
    """Return a classifier in the form in which it is kept, and the codec of that form."""
    if isinstance(classifier.model, Program):
        return classifier, "program"
    # Only here: whoever loads models need not load what makes programs of them.
    from tenfold.program.builder import NotLoweredError
    from tenfold.record.bundle.lowering import lower_classifier

    try:
        return lower_classifier(classifier, rows), "program"
    except NotLoweredError as fault:
        return replace(classifier, provenance={**classifier.provenance, "no_program": str(fault)}), "skops"


def load(path: Path) -> Classifier:
    """
    Load a classifier from a run folder or a model folder, or refuse it; no code in it is ever executed.

    Every load vets the pipeline, compares the SHA-256 of each file, and predicts the golden rows again; those of a
    model that was not written here, and not loaded here before, in a child process first, which takes two seconds.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ModelError
        It is no Tenfold model, was changed, is unsafe, or predicts otherwise than when it was written.
    """
    classifier: Classifier = load_classifier(path).model
    return classifier


def load_classifier(path: Path, *, alone: bool = False) -> LoadedModel:
    """Load as `load` does, with what its loading has shown; `alone` as of `load_checked`."""
    return load_checked(_folder(path), FORMAT, alone=alone)


def load_program(folder: Path) -> Classifier | None:
    """Load the classifier of a model folder where it is kept as a program; None where it is not, or there is none."""
    with storage_faults(folder):
        if format_of(folder / MANIFEST, folder) != CLASSIFIER:
            return None
        member = read_manifest(folder, FORMAT).members["pipeline"]
    return load(folder) if codec_of_file(member.file).name == "program" else None


def _folder(path: Path) -> Path:
    with storage_faults(Path(path)):
        return find_bundle(Path(path))


def verify(path: Path) -> Verification:
    """
    Check a stored classifier as `load` does, after it has predicted its golden rows in a process of its own.

    Raises
    ------
    ModelError
        Any check fails, or the process dies.
    """
    return verify_model(_folder(path), FORMAT)


def replace_decision(path: Path, decision: Decision) -> None:
    """
    Put another decision in force; the old one is kept in the manifest with the time until which it was.

    Parameters
    ----------
    path : Path
        A run folder or a model folder.
    decision : Decision

    Raises
    ------
    ModelError
        The model is refused, as `load` would.
    """
    loaded = load_classifier(path)
    old = loaded.manifest.content
    golden = golden_rows(replace(loaded.model, decision=decision), loaded.contents.golden.X)
    entry = {"until": now(), "decision": old["decision"]}
    changes = {"decision": decision.as_dict(), "previous_decisions": [*old["previous_decisions"], entry]}
    rewrite(_folder(path), FORMAT, loaded.manifest, changes, {"golden": golden_file(golden, loaded.model.schema)})
