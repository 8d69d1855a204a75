"""The manifest of a bundle: what the model is, and the SHA-256 of every other file in its folder."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tenfold.errors import DataError, LimitError, ModelError
from tenfold.record.bundle.bounded_json import read_json
from tenfold.record.bundle.limits import JSON_BYTES
from tenfold.record.bundle.refusal import Refused, demand, not_a_model, refusing
from tenfold.record.bundle.schema import InputSchema
from tenfold.regular_files import FIGURES_BYTES, open_regular
from tenfold.task import Task, task_from_dict
from tenfold.version import __version__

__all__ = [
    "DENOISER",
    "FORMAT",
    "MANIFEST",
    "VERSION",
    "Manifest",
    "Member",
    "find_bundle",
    "names_format",
    "now",
    "open_model_file",
    "read_manifest",
    "versions_now",
]

MANIFEST = "manifest.json"
_FIGURES = "metrics.json"
FORMAT = "tenfold-bundle"
DENOISER = "tenfold-denoiser"
VERSION = 1
ROLES = ("pipeline", "golden")
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "skops")
_KEYS = frozenset(
    {"format", "version", "created", "versions", "task", "decision", "scores", "input", "provenance"}
    | {"previous_decisions", "members", "sha256"}
)


@dataclass(frozen=True)
class Member:
    """A file of the bundle: its name, which carries the start of its hash, its size in bytes and its SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Manifest:
    """
    Everything a bundle says of itself.

    Parameters
    ----------
    created : str
        Time of writing, ISO 8601 in UTC.
    versions : mapping of str to str
        Library -> version that wrote it.
    task : Task
    decision : mapping
        Of the decision in force, as its ``as_dict`` gives it.
    probabilities : bool
    schema : InputSchema
    provenance : mapping
    previous_decisions : tuple of mapping
        Oldest first: ``{"until": time, "decision": {..}}``.
    members : mapping of str to Member
        Role (pipeline, golden) -> file.
    """

    created: str
    versions: Mapping[str, str]
    task: Task
    decision: Mapping[str, Any]
    probabilities: bool
    schema: InputSchema
    provenance: Mapping[str, Any]
    previous_decisions: tuple[Mapping[str, Any], ...]
    members: Mapping[str, Member]

    @property
    def digest(self) -> str:
        """SHA-256 of the file, which names the SHA-256 of every other file: of the whole model."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """Give the file: JSON in one fixed form that carries its own SHA-256."""
        task = self.task
        content = {
            "format": FORMAT,
            "version": VERSION,
            "created": self.created,
            "versions": dict(self.versions),
            "task": task.as_dict(),
            "decision": dict(self.decision),
            "scores": {"probabilities": self.probabilities, "names": list(task.score_names)},
            "input": self.schema.as_dict(),
            "provenance": dict(self.provenance),
            "previous_decisions": [dict(one) for one in self.previous_decisions],
            "members": {role: vars(member) for role, member in self.members.items()},
        }
        return _encoded({**content, "sha256": hashlib.sha256(_encoded(content)).hexdigest()})


def now() -> str:
    """Give the time as the manifest writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions_now() -> dict[str, str]:
    """Give the versions of Python and of the libraries a model depends on, as they are in this process."""
    return {
        "tenfold": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def find_bundle(path: Path) -> Path:
    """
    Give the bundle folder of a run folder or of a bundle folder.

    Raises
    ------
    ModelError
        It is neither.
    """
    for folder in (path / "model", path):
        if (folder / MANIFEST).is_file() and names_format(folder / MANIFEST, within=path):
            return folder
    _refuse_denoiser(path)
    if not path.exists():
        raise ModelError("there is no such file or folder", where=path, do="give a run folder, or its model folder")
    if (path / _FIGURES).is_file() and not os.path.lexists(path / "model"):
        do = "see its report for the reason, and choose another candidate with tenfold run --models"
        raise ModelError("the model of this run was not saved", where=path, do=do)
    why = "a model is a folder with a manifest" if path.is_file() else "it has no manifest of one"
    raise not_a_model(path, why)


def open_model_file(path: Path, *, most: int, within: Path | None = None) -> io.BufferedReader:
    """
    Open a file of a bundle.

    Parameters
    ----------
    path : Path
    most : int
        Bytes it may have.
    within : Path, optional
        The folder that was given; that of the file by default.

    Raises
    ------
    ModelError
        No regular file, too large, or a link that leads out of the folder.
    OSError
        As `open` does.
    """
    try:
        return open_regular(path, most=most, within=within or path.parent)
    except (DataError, LimitError) as fault:
        raise ModelError(str(fault)) from fault


def names_format(path: Path, name: str = FORMAT, within: Path | None = None) -> bool:
    """Tell by its first lines whether a manifest is of this format; a run folder has a ``manifest.json`` as well."""
    with open_model_file(path, most=FIGURES_BYTES, within=within) as file:
        return f'"format": "{name}"'.encode() in file.read(200)


def _refuse_denoiser(path: Path) -> None:
    """A denoiser has no classes to answer with."""
    manifests = [folder / MANIFEST for folder in (path / "model", path) if (folder / MANIFEST).is_file()]
    if any(names_format(manifest, DENOISER, path) for manifest in manifests):
        do = "give it to tenfold denoise, with images to clean"
        raise ModelError("this model is a denoiser: it gives images, no classes", where=path, do=do)


def read_manifest(folder: Path) -> Manifest:
    """
    Read and check the manifest of a bundle folder.

    Raises
    ------
    ModelError
        It was changed after it was written, is of another version of the format, or contradicts itself.
    """
    path = folder / MANIFEST
    with open_model_file(path, most=JSON_BYTES) as file:
        raw = file.read()
    with refusing(path):
        plain = read_json(raw, MANIFEST)
        demand(isinstance(plain, dict) and plain.get("format") == FORMAT, "it is not the manifest of a Tenfold model")
        found = plain.get("version")
        demand(found == VERSION, f"format version {found}, but this Tenfold reads version {VERSION}")
        demand(set(plain) == _KEYS, "its entries are not those of a manifest")
        _check_hash(raw, plain)
        return _decoded(plain)


def _check_hash(raw: bytes, plain: dict[str, Any]) -> None:
    said = plain["sha256"]
    real = hashlib.sha256(_encoded({key: value for key, value in plain.items() if key != "sha256"})).hexdigest()
    demand(said == real and raw == _encoded(plain), f"it was changed after it was written (SHA-256 {real[:12]})")


def _decoded(plain: dict[str, Any]) -> Manifest:
    task = _task(plain["task"])
    names = plain["scores"]["names"]
    demand(names == list(task.score_names), f"score names {names} do not fit the classes {list(task.classes)}"[:300])
    demand(type(plain["scores"]["probabilities"]) is bool, "it does not say whether its scores are probabilities")
    members = {role: _read_member(role, member) for role, member in plain["members"].items()}
    demand(sorted(members) == sorted(ROLES), "its members are not those of a model")
    demand(isinstance(plain["decision"], dict) and isinstance(plain["provenance"], dict), "it has no decision")
    past = plain["previous_decisions"]
    demand(isinstance(past, list) and all(isinstance(one, dict) for one in past), "its past decisions are none")
    return Manifest(
        created=str(plain["created"]),
        versions={str(name): str(number) for name, number in plain["versions"].items()},
        task=task,
        decision=plain["decision"],
        probabilities=plain["scores"]["probabilities"],
        schema=InputSchema.from_dict(plain["input"]),
        provenance=plain["provenance"],
        previous_decisions=tuple(plain["previous_decisions"]),
        members=members,
    )


def _read_member(role: str, plain: dict[str, Any]) -> Member:
    """The file name is rebuilt by pattern: a manifest cannot point outside its folder."""
    member = Member(**plain)
    named = re.fullmatch(role + r"-[0-9a-f]{16}\.(skops|json)", member.file)
    demand(named and type(member.bytes) is int and member.bytes >= 0, f"its {role} has an odd name or size")
    return member


def _task(plain: dict[str, Any]) -> Task:
    classes, rest = tuple(plain["classes"]), plain["one_vs_rest"]
    demand(all(isinstance(name, str) for name in classes), "a class name is no text")
    demand(1 < len(set(classes)) == len(classes), "its class names are not distinct")
    demand(rest is None or isinstance(rest, str), "the class set against all the rest is no text")
    try:
        return task_from_dict(plain)
    except ValueError as fault:
        raise Refused(str(fault)) from fault


def _encoded(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
