"""
Save and load a classifier as a folder of files that execute no code.

The folder holds ``manifest.json``, and one file a role named by its content: ``pipeline-<hash>.skops``,
``golden-<hash>.json``. A save writes new members beside the old ones and then puts the new manifest in place of
the old one: at any instant the manifest names a complete set. Members that it no longer names are removed last.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.pipeline import Pipeline

from tenfold.candidates.scores import Predictions
from tenfold.decision.decision import Decision
from tenfold.errors import ModelError
from tenfold.record.bundle.bounded_json import read_json
from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.former_names import with_names_of_today
from tenfold.record.bundle.golden import Golden, ask, compare, few_rows, golden_from_dict
from tenfold.record.bundle.known import is_known, remember
from tenfold.record.bundle.limits import JSON_BYTES, UNPACKED_BYTES
from tenfold.record.bundle.manifest import (
    MANIFEST,
    Manifest,
    Member,
    find_bundle,
    now,
    open_model_file,
    read_manifest,
    versions_now,
)
from tenfold.record.bundle.packed import unpacked
from tenfold.record.bundle.probe import probe
from tenfold.record.bundle.refusal import Refused, demand, not_a_model, refusing
from tenfold.record.bundle.savable import pipeline_bytes
from tenfold.record.bundle.schema import Instances
from tenfold.record.bundle.vetting.allow import TRUSTED
from tenfold.record.bundle.vetting.vet import Vetted, vet
from tenfold.storage import make_folder, remove_leftovers, storage_faults, write_whole
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["Loaded", "load", "load_checked", "replace_decision", "save"]

GOLDEN_ROWS = 8
_FILES = re.compile(r"(pipeline-[0-9a-f]{16}\.skops|golden-[0-9a-f]{16}\.json)")
_SUFFIX = {"pipeline": "skops", "golden": "json"}


@dataclass(frozen=True, eq=False)
class Loaded:
    """A classifier with what its loading found out."""

    classifier: Classifier
    manifest: Manifest
    vetted: Vetted
    bit_equal: bool


def save(classifier: Classifier, folder: Path, *, golden: Instances, rows: int = GOLDEN_ROWS) -> None:
    """
    Write a classifier into a folder, whole or not at all; an older one there is replaced.

    Parameters
    ----------
    classifier : Classifier
    folder : Path
        The bundle folder, such as ``runs/x/model``; made if missing.
    golden : ndarray of uint8 or DataFrame
        Instances of which a few are kept with their answers, to be asked again at every load.
    rows : int
        How many are kept.

    Raises
    ------
    ModelError
        The pipeline holds a type that is not on Tenfold's list, or the folder holds something else.
    StorageError
        It cannot be written.
    """
    _refuse_unencodable(classifier.task)
    _refuse_other_content(folder)
    pipeline = pipeline_bytes(classifier.pipeline)
    answered = ask(classifier, few_rows(golden, rows))
    contents = {"pipeline": pipeline, "golden": _json_bytes(answered.as_dict())}
    manifest = Manifest(
        created=now(),
        versions=versions_now(),
        task=classifier.task,
        decision=classifier.decision.as_dict(),
        probabilities=classifier.probabilities,
        schema=classifier.schema,
        provenance=classifier.provenance,
        previous_decisions=(),
        members={role: _member(role, content) for role, content in contents.items()},
    )
    _write(make_folder(folder), manifest, contents)


def load(path: Path) -> Classifier:
    """
    Load a classifier from a run folder or a bundle folder, or refuse it; no code in it is ever executed.

    Every load vets the pipeline, compares the SHA-256 of each file, and asks the golden rows again; those of a model
    that was not written here, and not loaded here before, in a child process first, which takes two seconds.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ModelError
        It is no Tenfold model, was changed, is unsafe, or answers otherwise than when it was written.
    """
    return load_checked(path).classifier


def load_checked(path: Path, *, alone: bool = False) -> Loaded:
    """
    Load as `load` does, and tell what was found on the way.

    Parameters
    ----------
    path : Path
    alone : bool
        This process has nothing to lose: build the model here at once, wherever it comes from.
    """
    path = Path(path)
    with storage_faults(path):
        folder = find_bundle(path)
        for attempt in range(3):
            manifest = read_manifest(folder)
            try:
                return _load(folder, manifest, alone)
            except FileNotFoundError as fault:
                # another process may have replaced the model between our two looks at the folder
                if attempt == 2 or read_manifest(folder).members == manifest.members:
                    raise not_a_model(folder, f"its file {Path(fault.filename).name} is missing") from fault
    raise AssertionError("unreachable")


def replace_decision(path: Path, decision: Decision) -> None:
    """
    Put another decision in force; the old one is kept in the manifest with the time until which it was.

    Parameters
    ----------
    path : Path
        A run folder or a bundle folder.
    decision : DecisionRule

    Raises
    ------
    ModelError
        The model is refused, as `load` would.
    """
    found = load_checked(path)
    folder, old = find_bundle(Path(path)), found.manifest
    classifier = replace(found.classifier, decision=decision)
    with storage_faults(folder), refusing(folder):
        rows = golden_from_dict(_read_golden(folder, old), old.schema).X
    content = _json_bytes(ask(classifier, rows).as_dict())
    entry = {"until": now(), "decision": dict(old.decision)}
    manifest = replace(
        old,
        decision=decision.as_dict(),
        previous_decisions=(*old.previous_decisions, entry),
        members={**old.members, "golden": _member("golden", content)},
    )
    _write(folder, manifest, {"golden": content})


def _write(folder: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    with storage_faults(folder):
        for role, content in contents.items():
            write_whole(folder / manifest.members[role].file, content)
        write_whole(folder / MANIFEST, manifest.encode())
        remember(manifest)
        _remove_unnamed(folder, manifest)


def _remove_unnamed(folder: Path, manifest: Manifest) -> None:
    remove_leftovers(folder)
    named = {member.file for member in manifest.members.values()}
    for file in folder.iterdir():
        if _FILES.fullmatch(file.name) and file.name not in named:
            file.unlink(missing_ok=True)


def _load(folder: Path, manifest: Manifest, alone: bool) -> Loaded:
    with refusing(folder):
        _check_decision(manifest)
        golden = golden_from_dict(_read_golden(folder, manifest), manifest.schema)
        with open_model_file(folder / manifest.members["pipeline"].file, most=UNPACKED_BYTES) as stored:
            _same_bytes(stored, manifest.members["pipeline"])
            file = with_names_of_today(stored)
            vetted = vet(file)
            _same_versions(manifest, vetted)
            if not alone and not is_known(manifest):
                probe(folder, manifest.digest)
                remember(manifest)
            with _naming_versions(manifest):
                pipeline = _built(file, manifest)
        classifier = Classifier(
            pipeline,
            manifest.task,
            Decision.from_dict(manifest.decision),
            manifest.probabilities,
            manifest.schema,
            manifest.provenance,
        )
        with _naming_versions(manifest):
            return Loaded(classifier, manifest, vetted, _answers_as_before(classifier, golden))


def _check_decision(manifest: Manifest) -> None:
    """A threshold is for one score a row, several are for as many labels; else a row more or less would decide."""
    decision, task = Decision.from_dict(manifest.decision), manifest.task
    several = None if decision.thresholds is None else len(decision.thresholds)
    demand(several in {None, len(task.classes)} and (several is None or task.several), "odd thresholds")
    demand(decision.threshold is None or task.positive is not None or task.several, "a threshold, but several classes")


def _answers_as_before(classifier: Classifier, golden: Golden) -> bool:
    said = classifier.answers(golden.X)
    demand(said.probabilities == classifier.probabilities, "its scores are of another kind than it says")
    decided = np.asarray(classifier.decision.apply(said.scores, said.predicted), np.int64)
    demand(_answers_all(classifier.task, said), "its pipeline has other labels than its manifest")
    answers = 2 if classifier.task.several else len(classifier.task.classes)
    return compare(golden, said, decided, answers)


def _answers_all(task: Task, said: Predictions) -> bool:
    """Of several labels: one answer and one score for each."""
    if not task.several:
        return True
    several = [said.predicted, *([] if said.scores is None else [said.scores])]
    return all(part.ndim == 2 and part.shape[1] == len(task.classes) for part in several)


def _built(file: BinaryIO, manifest: Manifest) -> Pipeline:
    """Let skops build the vetted pipeline; silent, and on one thread, so that sums are added in one order."""
    import skops.io

    file.seek(0)
    with warnings.catch_warnings():
        # the golden rows, not the version number, decide whether another version still answers the same
        warnings.simplefilter("ignore", InconsistentVersionWarning)
        pipeline = unpacked(skops.io.load(file, trusted=list(TRUSTED)))
    quiet = {"n_jobs": None, "verbose": 0}
    names = [name for name in pipeline.get_params() if name.split("__")[-1] in quiet]
    pipeline.set_params(**{name: quiet[name.split("__")[-1]] for name in names})
    if manifest.task.several:
        return pipeline
    codes = np.asarray(pipeline.classes_)
    known = (
        codes.ndim == 1 and codes.dtype.kind in "iu" and set(codes.tolist()) <= set(range(len(manifest.task.classes)))
    )
    demand(known and len(set(codes.tolist())) == len(codes), "its pipeline has other classes than its manifest")
    return pipeline


def _same_versions(manifest: Manifest, vetted: Vetted) -> None:
    """The versions that the manifest claims are those that the pipeline itself was written with."""
    claims = {"skops": {vetted.skops_version}, "scikit-learn": set(vetted.sklearn_versions)}
    for library, written in claims.items():
        claimed = manifest.versions.get(library)
        other = sorted(written - {str(claimed)})
        demand(not other, f"its manifest says {library} {claimed}, its pipeline {', '.join(other)}")


@contextmanager
def _naming_versions(manifest: Manifest) -> Iterator[None]:
    """Add to a refusal the versions that wrote the model and those that read it."""
    try:
        yield
    except Exception as fault:
        here = versions_now()
        differing = [name for name, number in manifest.versions.items() if here.get(name) != number]
        names = differing or ["scikit-learn"]
        then = ", ".join(f"{name} {manifest.versions.get(name)}" for name in names)
        today = ", ".join(f"{name} {here.get(name)}" for name in names)
        raise Refused(f"{fault}; written with {then}, loaded with {today}"[:300]) from fault


def _read_golden(folder: Path, manifest: Manifest) -> Any:
    member = manifest.members["golden"]
    with open_model_file(folder / member.file, most=JSON_BYTES) as file:
        demand(member.bytes <= JSON_BYTES, "its golden rows are over the limit")
        _same_bytes(file, member)
        return read_json(file.read(), member.file)


def _same_bytes(file: io.BufferedReader, member: Member) -> None:
    """Compare size and SHA-256 of an open file with the manifest; leaves it at its start."""
    size = file.seek(0, os.SEEK_END)
    demand(size == member.bytes, f"{member.file} has {size:,} bytes, its manifest says {member.bytes:,}")
    demand(size <= UNPACKED_BYTES, f"{member.file} has {size:,} bytes, over the limit of {UNPACKED_BYTES:,}")
    file.seek(0)
    real = hashlib.file_digest(file, "sha256").hexdigest()
    same = real == member.sha256
    demand(same, f"{member.file} was changed: SHA-256 {real[:12]}, its manifest says {str(member.sha256)[:12]}")
    file.seek(0)


def _member(role: str, content: bytes) -> Member:
    digest = hashlib.sha256(content).hexdigest()
    return Member(f"{role}-{digest[:16]}.{_SUFFIX[role]}", len(content), digest)


def _json_bytes(plain: dict[str, Any]) -> bytes:
    """ASCII alone, since JSON has escapes for what UTF-8 has no bytes for: half a character."""
    return json.dumps(plain, allow_nan=False).encode("ascii")


def _refuse_unencodable(task: Task) -> None:
    for name in task.classes:
        if "\0" in name or any(0xD800 <= ord(character) < 0xE000 for character in name):
            raise ModelError(f"the class name '{shown(name)}' holds a character that no file can keep")


def _refuse_other_content(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ModelError("a file stands where the model folder should be", where=folder, do="choose another name")
    if (folder / MANIFEST).exists() and find_bundle(folder) != folder:
        raise not_a_model(folder, "the manifest there is of something else")
