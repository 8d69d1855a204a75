"""The manifest of a saved model: what it is, and the SHA-256 of every other file in its folder."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from tenfold.errors import DataError, LimitError, ModelError
from tenfold.program.limits import JSON_BYTES, read_json
from tenfold.program.refusal import demand, not_a_model, refusing
from tenfold.regular_files import FIGURES_BYTES, open_regular
from tenfold.storage import storage_faults
from tenfold.version import __version__

__all__ = [
    "LIBRARIES",
    "CLASSIFIER",
    "DENOISER",
    "MANIFEST",
    "VERSION",
    "Manifest",
    "ManifestForm",
    "Member",
    "changed_manifest",
    "find_bundle",
    "find_model",
    "has_one_member",
    "format_of",
    "is_denoiser",
    "new_manifest",
    "now",
    "open_model_file",
    "read_manifest",
    "sign",
    "versions_now",
]

MANIFEST = "manifest.json"
VERSION = 1
CLASSIFIER = "tenfold-bundle"
DENOISER = "tenfold-denoiser"
_FIGURES = "metrics.json"
LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "skops")
"""Those that a model of scikit-learn objects depends on."""
_HEADER = frozenset({"format", "version", "created", "versions", "provenance"})
_OTHERS = {
    CLASSIFIER: ("this model is a classifier: it cleans no images", "give it to tenfold predict"),
    DENOISER: (
        "this model is a denoiser: it gives images, no classes",
        "give it to tenfold denoise, with images to clean",
    ),
}
"""Format -> what to say, and to do, where a model of another one was needed."""


class ManifestForm(Protocol):
    """What a manifest of one format holds beside what all have."""

    @property
    def name(self) -> str:
        """The format, as its files name it."""
        ...

    @property
    def keys(self) -> frozenset[str]:
        """Its own entries."""
        ...

    @property
    def libraries(self) -> Collection[str]:
        """Libraries that its models depend on, whose versions are written down."""
        ...

    @property
    def roles(self) -> Mapping[str, tuple[str, ...]]:
        """Role of each file of the model -> the endings that its name may have."""
        ...


@dataclass(frozen=True)
class Member:
    """A file of a model: its name, which carries the start of its hash, its size in bytes and its SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Manifest:
    """
    Everything that a saved model says of itself.

    Parameters
    ----------
    content : mapping
        All entries of the file in their order but its own SHA-256; plain values for JSON.
    members : mapping of str to Member
        Role -> file.
    """

    content: Mapping[str, Any]
    members: Mapping[str, Member]

    @property
    def versions(self) -> Mapping[str, str]:
        """Library -> version that wrote the model."""
        return {str(name): str(number) for name, number in self.content["versions"].items()}

    @property
    def digest(self) -> str:
        """SHA-256 of the file, which names the SHA-256 of every other file: of the whole model."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """Return the content of the file."""
        return sign(self.content)


def new_manifest(form: ManifestForm, entries: Mapping[str, Any], members: Mapping[str, Member]) -> Manifest:
    """
    Return the manifest of a model that is written now.

    Parameters
    ----------
    form : ManifestForm
    entries : mapping
        Its own entries and ``provenance``, in the order of the file; plain values for JSON.
    members : mapping of str to Member
    """
    header = {"format": form.name, "version": VERSION, "created": now(), "versions": versions_now(form.libraries)}
    return Manifest({**header, **entries, **_members_entry(form, members)}, members)


def changed_manifest(
    form: ManifestForm, old: Manifest, entries: Mapping[str, Any], members: Mapping[str, Member]
) -> Manifest:
    """Return a manifest with some of its entries, and its members, replaced."""
    return Manifest({**old.content, **entries, **_members_entry(form, members)}, members)


def _members_entry(form: ManifestForm, members: Mapping[str, Member]) -> dict[str, Any]:
    """A model of one file names it alone, without its role."""
    plain = {role: vars(member) for role, member in members.items()}
    return {"members": plain} if len(form.roles) > 1 else {"member": plain[next(iter(form.roles))]}


def sign(content: Mapping[str, Any]) -> bytes:
    """Return the JSON of a manifest in the one form it has, its own SHA-256 in it."""
    return _encode({**content, "sha256": hashlib.sha256(_encode(content)).hexdigest()})


def _encode(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def now() -> str:
    """Return the time as the manifest writes it: ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions_now(libraries: Collection[str] = LIBRARIES) -> dict[str, str]:
    """Return the versions of Tenfold, of Python and of some libraries, as they are in this process."""
    # Only here: whoever loads a program of arrays compares no versions.
    from importlib.metadata import version

    own = {"tenfold": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES if name in libraries}


def find_bundle(path: Path) -> Path:
    """
    Return the model folder of a run folder or of a model folder that holds a classifier.

    Raises
    ------
    ModelError
        It holds none; the message says what it holds.
    """
    folder = find_model(path, CLASSIFIER)
    if folder is not None:
        return folder
    if not path.exists():
        raise ModelError("there is no such file or folder", where=path, do="give a run folder, or its model folder")
    if (path / _FIGURES).is_file() and not os.path.lexists(path / "model"):
        do = "see its report for the reason, and choose another candidate with tenfold run --models"
        raise ModelError("the model of this run was not saved", where=path, do=do)
    why = "a model is a folder with a manifest" if path.is_file() else "it has no manifest of one"
    raise not_a_model(path, why)


def find_model(path: Path, name: str) -> Path | None:
    """
    Return the model folder of a run folder or of a model folder, None where there is none.

    Parameters
    ----------
    path : Path
    name : str
        Of its format.

    Raises
    ------
    ModelError
        There is a model of another format.
    """
    others = []
    for folder in (path / "model", path):
        other = format_of(folder / MANIFEST, path)
        if other == name:
            return folder
        others += [other] if other is not None else []
    if others:
        what, do = _OTHERS[others[0]]
        raise ModelError(what, where=path, do=do)
    return None


def is_denoiser(path: Path) -> bool:
    """Whether a run folder or a model folder holds a denoiser."""
    with storage_faults(path):
        return any(format_of(folder / MANIFEST, path) == DENOISER for folder in (path / "model", path))


def has_one_member(folder: Path) -> bool:
    """Whether the manifest of a model folder names a single file; what else it holds is checked when it is read."""
    path = folder / MANIFEST
    with open_model_file(path, most=JSON_BYTES) as file, refusing(path):
        plain = read_json(file.read(), MANIFEST)
    return isinstance(plain, dict) and "member" in plain


def format_of(path: Path, within: Path) -> str | None:
    """The format that the first lines of a manifest name; a run folder has a ``manifest.json`` as well."""
    if not path.is_file():
        return None
    with open_model_file(path, most=FIGURES_BYTES, within=within) as file:
        start = file.read(200)
    return next((name for name in _OTHERS if f'"format": "{name}"'.encode() in start), None)


def open_model_file(path: Path, *, most: int, within: Path | None = None) -> io.BufferedReader:
    """
    Open a file of a model.

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


def read_manifest(folder: Path, form: ManifestForm) -> Manifest:
    """
    Read and check the manifest of a model folder.

    Raises
    ------
    ModelError
        It was changed after it was written, is of another format or version, or has other entries.
    """
    path = folder / MANIFEST
    with open_model_file(path, most=JSON_BYTES) as file:
        raw = file.read()
    with refusing(path):
        plain = read_json(raw, MANIFEST)
        demand(isinstance(plain, dict) and plain.get("format") == form.name, "it is not the manifest of such a model")
        number = plain.get("version")
        demand(number == VERSION, f"format version {number}, but this Tenfold reads version {VERSION}")
        key = "members" if len(form.roles) > 1 else "member"
        demand(set(plain) == {*_HEADER, *form.keys, key, "sha256"}, "its entries are not those of a manifest")
        _check_hash(raw, plain)
        texts = isinstance(plain["versions"], dict) and isinstance(plain["provenance"], dict)
        demand(texts, "it does not say what wrote it, or where it came from")
        members = plain[key] if len(form.roles) > 1 else dict.fromkeys(form.roles, plain[key])
        demand(set(members) == set(form.roles), "its members are not those of a model")
        read = {role: _read_member(role, member, form.roles[role]) for role, member in members.items()}
        return Manifest({name: value for name, value in plain.items() if name != "sha256"}, read)


def _check_hash(raw: bytes, plain: dict[str, Any]) -> None:
    content = {key: value for key, value in plain.items() if key != "sha256"}
    real = hashlib.sha256(_encode(content)).hexdigest()
    demand(
        plain["sha256"] == real and raw == _encode(plain), f"it was changed after it was written (SHA-256 {real[:12]})"
    )


def _read_member(role: str, plain: dict[str, Any], endings: tuple[str, ...]) -> Member:
    """The file name is rebuilt by pattern: a manifest cannot point outside its folder."""
    member = Member(**plain)
    named = re.fullmatch(role + r"-[0-9a-f]{16}\.(" + "|".join(endings) + ")", member.file)
    demand(named and type(member.bytes) is int and member.bytes >= 0, f"its {role} has an odd name or size")
    return member
